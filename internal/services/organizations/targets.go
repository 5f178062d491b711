package organizations

import (
	"context"
	"reflect"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

// Names finds what calls act on. It is not the Service itself, all methods of
// which are operations.
type Names struct{ Store store.DB }

// Target is the root, unit, account, policy or handshake that the input names, in
// the caller's organization, with the condition keys that other members of the
// input stand for. What the organization's resource policy lets a member do, it
// decides here (lend): every operation has to come by.
func (n Names) Target(ctx context.Context, c *call.Call, rule call.Rule, in any) (t call.Target, err error) {
	t.Keys = make(map[string][]string)
	v := reflect.ValueOf(in).Elem()
	err = n.Store.View(ctx, func(tx store.Tx) error {
		o, err := org.Of(tx, c.Principal.Account)
		if fault.Is(err, fault.NotFound) {
			requestKeys(v, t.Keys)
			return nil // what is there to name comes with an organization
		}
		if err != nil {
			return err
		}
		if err := control(tx, o, rule, v, &t); err != nil {
			return err
		}
		return lend(tx, o, c, rule, &t)
	})
	return t, err
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
