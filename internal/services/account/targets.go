package account

import (
	"context"
	"reflect"
	"strings"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

// Names finds what calls act on. It is not the Service itself, all methods of
// which are operations.
type Names struct{ Store store.DB }

// Target is the account that the input names, or the caller's, with the condition
// keys that other members of the input stand for.
//
// An account that is named is one of the organization, in whose management account
// it is a resource; whether the caller manages it, the operation asks.
func (n Names) Target(ctx context.Context, c *call.Call, _ call.Rule, in any) (t call.Target, err error) {
	v := reflect.ValueOf(in).Elem()
	t.Keys = make(map[string][]string)
	for member, key := range map[string]string{"RegionName": "account:targetregion", "AlternateContactType": "account:alternatecontacttypes"} {
		if s := text(v, member); s != "" {
			t.Keys[key] = []string{s}
		}
	}
	if _, domain, ok := strings.Cut(text(v, "PrimaryEmail"), "@"); ok {
		t.Keys["account:emailtargetdomain"] = []string{domain}
	}
	id := text(v, "AccountId") + text(v, "StandardAccountId") // an input has one of them
	if id == "" {
		t.ARN = ownARN(c.Principal.Account)
		return t, nil
	}
	var o org.Organization
	err = n.Store.View(ctx, func(tx store.Tx) error {
		o, err = org.Of(tx, c.Principal.Account)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		t.ARN = ownARN(id)
		return t, nil
	}
	t.ARN = memberARN(o, id)
	return t, err
}

func ownARN(id string) string { return "arn:aws:account::" + id + ":account" }

func memberARN(o org.Organization, id string) string {
	return "arn:aws:account::" + o.ManagementAccount + ":account/" + o.ID + "/" + id
}

// text is a member of an input; what is not there is "".
func text(in reflect.Value, name string) string {
	m := in.FieldByName(name)
	if m.IsValid() && m.Kind() == reflect.Pointer && !m.IsNil() {
		m = m.Elem()
	}
	if !m.IsValid() || m.Kind() != reflect.String {
		return ""
	}
	return m.String()
}
