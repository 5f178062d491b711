package sqlstore

import (
	"strings"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoRole         = fault.New(fault.NotFound, "no-role", "The role does not exist.")
	errNoSAMLProvider = fault.New(fault.NotFound, "no-saml-provider", "The SAML provider does not exist.")

	putRole         = upsert("roles", "id", roleColumns+", name_key")
	putSAMLProvider = upsert("saml_providers", "account, name", samlProviderColumns)
)

const (
	roleColumns         = "id, account, path, name, description, trust_policy, max_session_seconds, permission_set, created_at"
	samlProviderColumns = "account, name, created_at, expires_at"
)

func scanRole(r sqldb.Row) (v iam.Role, err error) {
	var set *string
	err = r.Scan(&v.ID, &v.Account, &v.Path, &v.Name, &v.Description, &v.TrustPolicy, &v.MaxSessionSeconds, &set, sqldb.AsTime(&v.CreatedAt))
	if set != nil {
		v.PermissionSet = *set
	}
	return v, err
}

func (t *tx) Role(id string) (iam.Role, error) {
	r, err := one(t, scanRole, "SELECT "+roleColumns+" FROM roles WHERE id = ?", id)
	return orNone(r, err, errNoRole)
}

func (t *tx) RoleOfPermissionSet(account, permissionSet string) (iam.Role, error) {
	r, err := one(t, scanRole, "SELECT "+roleColumns+" FROM roles WHERE permission_set = ? AND account = ?", permissionSet, account)
	return orNone(r, err, errNoRole)
}

// RolesOfPermissionSet returns them in order of account.
func (t *tx) RolesOfPermissionSet(permissionSet string) ([]iam.Role, error) {
	return all(t, scanRole, "SELECT "+roleColumns+" FROM roles WHERE permission_set = ? ORDER BY account", permissionSet)
}

func (t *tx) PutRole(r iam.Role) error {
	_, err := t.exec(putRole, r.ID, r.Account, r.Path, r.Name, r.Description, r.TrustPolicy, r.MaxSessionSeconds,
		orNull(r.PermissionSet), sqldb.Micros(r.CreatedAt), strings.ToLower(r.Name))
	switch violated(err) {
	case "roles(account,name_key)":
		return fault.New(fault.AlreadyExists, "role-name-taken", "The role name %q is taken in the account.", r.Name).Wrap(err)
	case "roles(permission_set,account)":
		return fault.New(fault.AlreadyExists, "permission-set-provisioned", "The permission set is already provisioned in the account.").Wrap(err)
	}
	if err != nil {
		return noAccount(err)
	}
	t.note(store.KeyRole(r.ID))
	t.note(store.KeyRoles(r.Account))
	return nil
}

func (t *tx) DeleteRole(id string) error {
	account, err := one(t, sqldb.Value[string], "DELETE FROM roles WHERE id = ? RETURNING account", id)
	if err == nil {
		t.note(store.KeyRole(id))
		t.note(store.KeyRoles(account))
	}
	_, err = orNone(account, err, errNoRole)
	return err
}

func (t *tx) SAMLProviders(account string) ([]iam.SAMLProvider, error) {
	return all(t, func(r sqldb.Row) (p iam.SAMLProvider, err error) {
		return p, r.Scan(&p.Account, &p.Name, sqldb.AsTime(&p.CreatedAt), sqldb.AsTime(&p.ExpiresAt))
	}, "SELECT "+samlProviderColumns+" FROM saml_providers WHERE account = ? ORDER BY name", account)
}

func (t *tx) PutSAMLProvider(p iam.SAMLProvider) error {
	_, err := t.exec(putSAMLProvider, p.Account, p.Name, sqldb.Micros(p.CreatedAt), sqldb.Micros(p.ExpiresAt))
	return noAccount(err)
}

func (t *tx) DeleteSAMLProvider(account, name string) error {
	n, err := t.exec("DELETE FROM saml_providers WHERE account = ? AND name = ?", account, name)
	return mustChange(n, err, errNoSAMLProvider)
}

// noAccount puts words on the error of a row whose account does not exist.
func noAccount(err error) error {
	if unreferenced(err) {
		return errNoAccount.Wrap(err)
	}
	return err
}
