package sqlstore

import (
	"time"

	"sekisho/internal/access"
	"sekisho/internal/fault"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoInstance      = fault.New(fault.NotFound, "no-instance", "IAM Identity Center is not enabled.")
	errNoPermissionSet = fault.New(fault.NotFound, "no-permission-set", "The permission set does not exist.")

	putInstance      = upsert("instance", "only_row", "only_row, "+instanceColumns)
	putPermissionSet = upsert("permission_sets", "id", permissionSetColumns)
)

const (
	instanceColumns      = "id, directory_id, region, subdomain, session_seconds, owner, created_at"
	permissionSetColumns = "id, name, description, session_seconds, relay_state, managed_policies, customer_policies, " +
		"inline_policy, boundary, created_at, from_file"
)

func (t *tx) Instance() (access.Instance, error) {
	i, err := one(t, func(r sqldb.Row) (i access.Instance, err error) {
		var seconds int64
		err = r.Scan(&i.ID, &i.DirectoryID, &i.Region, &i.Subdomain, &seconds, &i.Owner, sqldb.AsTime(&i.CreatedAt))
		i.SessionDuration = time.Duration(seconds) * time.Second
		return i, err
	}, "SELECT "+instanceColumns+" FROM instance")
	return orNone(i, err, errNoInstance)
}

func (t *tx) PutInstance(i access.Instance) error {
	_, err := t.exec(putInstance, 1, i.ID, i.DirectoryID, i.Region, i.Subdomain, int64(i.SessionDuration/time.Second),
		i.Owner, sqldb.Micros(i.CreatedAt))
	t.note(store.KeyInstance())
	return err
}

func scanPermissionSet(r sqldb.Row) (p access.PermissionSet, err error) {
	var seconds int64
	err = r.Scan(&p.ID, &p.Name, &p.Description, &seconds, &p.RelayState, asList(&p.ManagedPolicies), asList(&p.CustomerPolicies),
		&p.InlinePolicy, &p.Boundary, sqldb.AsTime(&p.CreatedAt), &p.FromFile)
	p.SessionDuration = time.Duration(seconds) * time.Second
	return p, err
}

func (t *tx) PermissionSet(id string) (access.PermissionSet, error) {
	p, err := one(t, scanPermissionSet, "SELECT "+permissionSetColumns+" FROM permission_sets WHERE id = ?", id)
	return orNone(p, err, errNoPermissionSet)
}

func (t *tx) PermissionSetByName(name string) (access.PermissionSet, error) {
	p, err := one(t, scanPermissionSet, "SELECT "+permissionSetColumns+" FROM permission_sets WHERE name = ?", name)
	return orNone(p, err, errNoPermissionSet)
}

// PermissionSets returns all of them in order of name.
func (t *tx) PermissionSets() ([]access.PermissionSet, error) {
	return all(t, scanPermissionSet, "SELECT "+permissionSetColumns+" FROM permission_sets ORDER BY name")
}

func (t *tx) PutPermissionSet(p access.PermissionSet) error {
	_, err := t.exec(putPermissionSet, p.ID, p.Name, p.Description, int64(p.SessionDuration/time.Second), p.RelayState,
		list(p.ManagedPolicies), list(p.CustomerPolicies), p.InlinePolicy, p.Boundary, sqldb.Micros(p.CreatedAt), p.FromFile)
	if violated(err) == "permission_sets(name)" {
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
