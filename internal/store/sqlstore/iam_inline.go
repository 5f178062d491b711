package sqlstore

import (
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoInlinePolicy = fault.New(fault.NotFound, "no-inline-policy", "The inline policy does not exist.")

	putInlinePolicy = upsert("iam_inline_policies", "owner, name_key", inlineColumns+", name_key")
)

const (
	inlineColumns = "owner, name, document"

	inlinePolicies = "SELECT " + inlineColumns + " FROM iam_inline_policies WHERE owner = ? ORDER BY name_key"
)

func scanInline(r sqldb.Row) (p iam.InlinePolicy, err error) {
	return p, r.Scan(&p.Owner, &p.Name, &p.Document)
}

// InlinePolicy finds ignoring case.
func (t *tx) InlinePolicy(owner, name string) (iam.InlinePolicy, error) {
	p, err := one(t, scanInline, "SELECT "+inlineColumns+" FROM iam_inline_policies WHERE owner = ? AND name_key = ?", owner, nameKey(name))
	return orNone(p, err, errNoInlinePolicy)
}

func (t *tx) InlinePolicies(owner string) ([]iam.InlinePolicy, error) {
	return all(t, scanInline, inlinePolicies, owner)
}

func (t *tx) PutInlinePolicy(p iam.InlinePolicy) error {
	_, err := t.exec(putInlinePolicy, p.Owner, p.Name, p.Document, nameKey(p.Name))
	t.note(store.KeyPolicies(p.Owner))
	return err
}

func (t *tx) DeleteInlinePolicy(owner, name string) error {
	n, err := t.exec("DELETE FROM iam_inline_policies WHERE owner = ? AND name_key = ?", owner, nameKey(name))
	t.note(store.KeyPolicies(owner))
	return mustChange(n, err, errNoInlinePolicy)
}
