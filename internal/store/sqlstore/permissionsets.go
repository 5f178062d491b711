package sqlstore

import (
	"time"

	"sekisho/internal/access"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoPermissionSet = fault.New(fault.NotFound, "no-permission-set", "The permission set does not exist.")

	putPermissionSet = upsert("permission_sets", "id", permissionSetColumns)
)

const permissionSetColumns = "id, instance, name, description, session_seconds, relay_state, managed_policies, customer_policies, " +
	"inline_policy, boundary, tags, created_at, from_file"

func scanPermissionSet(r sqldb.Row) (p access.PermissionSet, err error) {
	var seconds int64
	err = r.Scan(&p.ID, &p.Instance, &p.Name, &p.Description, &seconds, &p.RelayState, asList(&p.ManagedPolicies), asList(&p.CustomerPolicies),
		&p.InlinePolicy, &p.Boundary, asTags(&p.Tags), sqldb.AsTime(&p.CreatedAt), &p.FromFile)
	p.SessionDuration = time.Duration(seconds) * time.Second
	return p, err
}

func (t *tx) PermissionSet(id string) (access.PermissionSet, error) {
	p, err := one(t, scanPermissionSet, "SELECT "+permissionSetColumns+" FROM permission_sets WHERE id = ?", id)
	return orNone(p, err, errNoPermissionSet)
}

func (t *tx) PermissionSetByName(instance, name string) (access.PermissionSet, error) {
	p, err := one(t, scanPermissionSet, "SELECT "+permissionSetColumns+" FROM permission_sets WHERE instance = ? AND name = ?", instance, name)
	return orNone(p, err, errNoPermissionSet)
}

func (t *tx) PermissionSets(instance string, p page.Request) (page.Page[access.PermissionSet], error) {
	limit := limitOf(p)
	items, err := all(t, scanPermissionSet, "SELECT "+permissionSetColumns+" FROM permission_sets WHERE instance = ? AND name > ? ORDER BY name LIMIT ?",
		instance, p.After, limit+1)
	return page.Cut(items, limit, func(p access.PermissionSet) string { return p.Name }), err
}

func (t *tx) PermissionSetCount(instance string) (int, error) {
	return one(t, sqldb.Value[int], "SELECT count(*) FROM permission_sets WHERE instance = ?", instance)
}

func (t *tx) PutPermissionSet(p access.PermissionSet) error {
	_, err := t.exec(putPermissionSet, p.ID, p.Instance, p.Name, p.Description, int64(p.SessionDuration/time.Second), p.RelayState,
		list(p.ManagedPolicies), list(p.CustomerPolicies), p.InlinePolicy, p.Boundary, tagList(p.Tags), sqldb.Micros(p.CreatedAt), p.FromFile)
	if violated(err) == "permission_sets(instance,name)" {
		return fault.New(fault.AlreadyExists, "permission-set-name-taken", "The permission set name %q is taken.", p.Name).Wrap(err)
	}
	t.note(store.KeyPermissionSets())
	return err
}

// DeletePermissionSet is a Conflict while the set is assigned somewhere.
func (t *tx) DeletePermissionSet(id string) error {
	n, err := t.exec("DELETE FROM permission_sets WHERE id = ?", id)
	if unreferenced(err) {
		return fault.New(fault.Conflict, "permission-set-in-use", "The permission set is still assigned.").Wrap(err)
	}
	t.note(store.KeyPermissionSets())
	return mustChange(n, err, errNoPermissionSet)
}
