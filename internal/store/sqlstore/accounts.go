package sqlstore

import (
	"strings"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoAccount = fault.New(fault.NotFound, "no-account", "The account does not exist.")

	putOrganization = upsert("organization", "only_row", "only_row, id, management_account, created_at")
	putAccount      = upsert("accounts", "id", accountColumns+", email_key")
)

const accountColumns = "id, name, email, alias, status, ou_path, created_at, from_file, standalone"

func (t *tx) Organization() (org.Organization, error) {
	o, err := one(t, func(r sqldb.Row) (o org.Organization, err error) {
		return o, r.Scan(&o.ID, &o.ManagementAccount, sqldb.AsTime(&o.CreatedAt))
	}, "SELECT id, management_account, created_at FROM organization")
	return orNone(o, err, org.ErrNone)
}

func (t *tx) PutOrganization(o org.Organization) error {
	_, err := t.exec(putOrganization, 1, o.ID, o.ManagementAccount, sqldb.Micros(o.CreatedAt))
	t.note(store.KeyOrgPolicies())
	return err
}

func scanAccount(r sqldb.Row) (a account.Account, err error) {
	var alias *string
	err = r.Scan(&a.ID, &a.Name, &a.Email, &alias, &a.Status, &a.OUPath, sqldb.AsTime(&a.CreatedAt), &a.FromFile, &a.Standalone)
	if alias != nil {
		a.Alias = *alias
	}
	return a, err
}

func (t *tx) Account(id string) (account.Account, error) {
	a, err := one(t, scanAccount, "SELECT "+accountColumns+" FROM accounts WHERE id = ?", id)
	return orNone(a, err, errNoAccount)
}

func (t *tx) AccountByAlias(alias string) (account.Account, error) {
	a, err := one(t, scanAccount, "SELECT "+accountColumns+" FROM accounts WHERE alias = ?", alias)
	return orNone(a, err, errNoAccount)
}

func (t *tx) Accounts() ([]account.Account, error) {
	return all(t, scanAccount, "SELECT "+accountColumns+" FROM accounts ORDER BY id")
}

func (t *tx) PutAccount(a account.Account) error {
	_, err := t.exec(putAccount, a.ID, a.Name, a.Email, orNull(a.Alias), string(a.Status), a.OUPath,
		sqldb.Micros(a.CreatedAt), a.FromFile, a.Standalone, orNull(strings.ToLower(a.Email)))
	switch violated(err) {
	case "accounts(email_key)":
		return fault.New(fault.AlreadyExists, "email-taken", "The e-mail address %q belongs to another account.", a.Email).Wrap(err)
	case "accounts(alias)":
		return fault.New(fault.AlreadyExists, "alias-taken", "The account alias %q is taken.", a.Alias).Wrap(err)
	}
	if err != nil {
		return err
	}
	t.note(store.KeyAccount(a.ID))
	return nil
}
