package sqlstore

import (
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
)

var (
	errNoServiceCredential = fault.New(fault.NotFound, "no-service-credential", "The service-specific credential does not exist.")

	putServiceCredential = upsert("service_credentials", "id", serviceCredentialColumns)
)

const (
	serviceCredentialColumns = "id, account, user_id, service, user_name, hash, active, created_at, expires_at"

	fromServiceCredentials = "SELECT " + serviceCredentialColumns + " FROM service_credentials WHERE "
	serviceCredentialNamed = fromServiceCredentials + "account = ? AND service = ? AND user_name = ?"
	serviceCredentialsOf   = fromServiceCredentials + "user_id = ? ORDER BY created_at, id"
	serviceCredentialsIn   = fromServiceCredentials + "account = ? AND id > ? ORDER BY id LIMIT ?"
	serviceCredentialsFor  = fromServiceCredentials + "account = ? AND service = ? AND id > ? ORDER BY id LIMIT ?"
)

func scanServiceCredential(r sqldb.Row) (c iam.ServiceCredential, err error) {
	return c, r.Scan(&c.ID, &c.Account, &c.User, &c.Service, &c.UserName, &c.Hash, &c.Active, sqldb.AsTime(&c.CreatedAt), sqldb.AsTime(&c.ExpiresAt))
}

func (t *tx) ServiceCredential(id string) (iam.ServiceCredential, error) {
	c, err := one(t, scanServiceCredential, fromServiceCredentials+"id = ?", id)
	return orNone(c, err, errNoServiceCredential)
}

func (t *tx) ServiceCredentialNamed(account, service, userName string) (iam.ServiceCredential, error) {
	c, err := one(t, scanServiceCredential, serviceCredentialNamed, account, service, userName)
	return orNone(c, err, errNoServiceCredential)
}

func (t *tx) ServiceCredentialsOf(user string) ([]iam.ServiceCredential, error) {
	return all(t, scanServiceCredential, serviceCredentialsOf, user)
}

func (t *tx) ServiceCredentials(account, service string, p page.Request) (page.Page[iam.ServiceCredential], error) {
	limit := limitOf(p)
	query, args := serviceCredentialsIn, []any{account, p.After, limit + 1}
	if service != "" {
		query, args = serviceCredentialsFor, []any{account, service, p.After, limit + 1}
	}
	items, err := all(t, scanServiceCredential, query, args...)
	return page.Cut(items, limit, func(c iam.ServiceCredential) string { return c.ID }), err
}

// PutServiceCredential is NotFound if there is no such account or user, and
// AlreadyExists if the service knows another by the name.
func (t *tx) PutServiceCredential(c iam.ServiceCredential) error {
	_, err := t.exec(putServiceCredential, c.ID, c.Account, c.User, c.Service, c.UserName, c.Hash, c.Active,
		sqldb.Micros(c.CreatedAt), sqldb.Micros(c.ExpiresAt))
	if violated(err) == "service_credentials(account,service,user_name)" {
		return fault.New(fault.AlreadyExists, "service-user-name-taken", "The service user name %s is taken.", c.UserName).Wrap(err)
	}
	return noAccount(err)
}

func (t *tx) DeleteServiceCredential(id string) error {
	n, err := t.exec("DELETE FROM service_credentials WHERE id = ?", id)
	return mustChange(n, err, errNoServiceCredential)
}
