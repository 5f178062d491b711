package sqlstore

import (
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoRole = fault.New(fault.NotFound, "no-role", "The role does not exist.")

	rolesUnderPath = underPath("roles", roleColumns)
)

const (
	roleColumns = "id, account, path, name, description, trust_policy, max_session_seconds, permission_set, boundary, tags, " +
		"created_at, from_file"

	roleByName = "SELECT " + roleColumns + " FROM roles WHERE account = ? AND name_key = ?"
	insertRole = "INSERT INTO roles (" + roleColumns + ", name_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
	// An id stands for one account: a role never changes it.
	updateRole = "UPDATE roles SET path = ?, name = ?, description = ?, trust_policy = ?, max_session_seconds = ?, " +
		"permission_set = ?, boundary = ?, tags = ?, created_at = ?, from_file = ?, name_key = ? WHERE id = ? AND account = ?"
)

func scanRole(r sqldb.Row) (v iam.Role, err error) {
	var set *string
	err = r.Scan(&v.ID, &v.Account, &v.Path, &v.Name, &v.Description, &v.TrustPolicy, &v.MaxSessionSeconds, &set, &v.Boundary, asTags(&v.Tags),
		sqldb.AsTime(&v.CreatedAt), &v.FromFile)
	if set != nil {
		v.PermissionSet = *set
	}
	return v, err
}

func (t *tx) Role(id string) (iam.Role, error) {
	r, err := one(t, scanRole, "SELECT "+roleColumns+" FROM roles WHERE id = ?", id)
	return orNone(r, err, errNoRole)
}

func (t *tx) RoleByName(account, name string) (iam.Role, error) {
	r, err := one(t, scanRole, roleByName, account, nameKey(name))
	return orNone(r, err, errNoRole)
}

func (t *tx) Roles(account, pathPrefix string, p page.Request) (page.Page[iam.Role], error) {
	return pathPage(t, scanRole, rolesUnderPath, account, pathPrefix, p, func(r iam.Role) (string, string) { return r.Path, r.Name })
}

func (t *tx) RoleOfPermissionSet(account, permissionSet string) (iam.Role, error) {
	r, err := one(t, scanRole, "SELECT "+roleColumns+" FROM roles WHERE permission_set = ? AND account = ?", permissionSet, account)
	return orNone(r, err, errNoRole)
}

func (t *tx) PutRole(r iam.Role) error {
	values := roleValues(r)
	inserted, err := t.exec(insertRole, append([]any{r.ID, r.Account}, values...)...)
	switch {
	case err != nil:
	case inserted > 0:
		err = t.count(r.Account, iam.Roles, 1)
	default:
		var n int64
		n, err = t.exec(updateRole, append(values, r.ID, r.Account)...)
		err = mustChange(n, err, errNoRole)
	}
	if err != nil {
		return roleFault(err, r.Name)
	}
	t.noteRole(r)
	return nil
}

// roleValues are those of the columns after id and account, with the name's key.
func roleValues(r iam.Role) []any {
	return []any{
		r.Path, r.Name, r.Description, r.TrustPolicy, r.MaxSessionSeconds, orNull(r.PermissionSet), r.Boundary, tagList(r.Tags),
		sqldb.Micros(r.CreatedAt), r.FromFile, nameKey(r.Name),
	}
}

// roleFault puts words on why roles of that name could not be written.
func roleFault(err error, name string) error {
	switch violated(err) {
	case "roles(account,name_key)", "roles(account,path,name_key)":
		return fault.New(fault.AlreadyExists, "role-name-taken", "Role with name %s already exists.", name).Wrap(err)
	case "roles(permission_set,account)":
		return fault.New(fault.AlreadyExists, "permission-set-provisioned", "The permission set is already provisioned in the account.").Wrap(err)
	}
	return noAccount(err)
}

func (t *tx) noteRole(r iam.Role) {
	t.note(store.KeyRole(r.ID))
	t.note(store.KeyRoles(r.Account))
}

// DeleteRole is a Conflict while an instance profile holds the role.
func (t *tx) DeleteRole(id string) error {
	account, err := one(t, sqldb.Value[string], "DELETE FROM roles WHERE id = ? RETURNING account", id)
	if unreferenced(err) {
		return fault.New(fault.Conflict, "role-in-use", "Cannot delete entity, must remove roles from instance profile first.").Wrap(err)
	}
	if account, err = orNone(account, err, errNoRole); err != nil {
		return err
	}
	t.note(store.KeyRole(id))
	t.note(store.KeyRoles(account))
	return t.count(account, iam.Roles, -1)
}

// noAccount puts words on the error of a row whose account does not exist.
func noAccount(err error) error {
	if unreferenced(err) {
		return errNoAccount.Wrap(err)
	}
	return err
}
