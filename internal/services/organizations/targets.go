package organizations

import (
	"context"
	"reflect"
	"strings"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

// Names finds what calls act on. It is not the Service itself, all methods of
// which are operations.
type Names struct{ Store store.DB }

// members of inputs name what is of each kind (Service Authorization Reference).
var members = map[string]string{"unit": "OrganizationalUnitId", "parent": "ParentId", "child": "ChildId", "transfer": "Id"}

// none stands for the organization of an account that is in none. There are only
// handshakes there; the rest gets a name to be compared with, and the operation says
// that the account is in none.
const none = "*"

// Target is what the input names by its ARN in the caller's organization, with tags
// and condition keys. Whether there is such a thing, and whether the caller may ask
// for it at all, the operation says: a denial tells nothing of either.
func (n Names) Target(ctx context.Context, c *call.Call, rule call.Rule, in any) (t call.Target, err error) {
	err = n.Store.View(ctx, func(tx store.Tx) error {
		t = call.Target{Keys: make(map[string][]string)}
		o, err := org.Of(tx, c.Principal.Account)
		if fault.Is(err, fault.NotFound) {
			o, err = org.Organization{ID: none, ManagementAccount: c.Principal.Account}, nil
		}
		if err != nil {
			return err
		}
		return target(tx, o, c, rule, reflect.ValueOf(in).Elem(), &t)
	})
	return t, err
}

func target(tx store.Tx, o org.Organization, c *call.Call, rule call.Rule, in reflect.Value, t *call.Target) error {
	transferKeys(c.Operation, in, t.Keys)
	if err := control(tx, o, rule, in, t); err != nil {
		return err
	}
	switch rule.Resource {
	case "handshake":
		return handshakeTarget(tx, o, c, text(in, "HandshakeId"), t)
	case "invited":
		if id := invitedAccount(in); id != "" {
			t.ARN = accountARN(o, id)
		}
	case "unit", "parent", "child", "transfer":
		if err := named(tx, o, text(in, members[rule.Resource]), t); err != nil {
			return err
		}
	}
	if o.ID == none {
		return nil
	}
	return lend(tx, o, c, rule, t)
}

// invitedAccount is the account that an invitation names by its id.
func invitedAccount(in reflect.Value) string {
	party := in.FieldByName("Target")
	if !party.IsValid() || party.IsNil() {
		return ""
	}
	if id := text(party.Elem(), "Id"); arn.ValidAccount(id) {
		return id
	}
	return ""
}

// handshakeTarget names a handshake by the organization that sent it.
func handshakeTarget(tx store.Tx, o org.Organization, c *call.Call, id string, t *call.Target) error {
	h, err := org.FindHandshake(tx, c.Principal.Account, id, c.Now)
	if fault.Is(err, fault.NotFound) {
		t.ARN = strings.Join([]string{"arn:aws:organizations::" + o.ManagementAccount + ":handshake", o.ID, "*", id}, "/")
		return nil
	}
	if err != nil {
		return err
	}
	sender, err := tx.Organization(h.Organization)
	t.ARN = handshakeARN(sender, h)
	return err
}
