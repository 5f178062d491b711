package sqlstore

import (
	"strings"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoAccount = fault.New(fault.NotFound, "no-account", "The account does not exist.")

	putAccount = upsert("accounts", "id", accountColumns+", email_key")
)

const accountColumns = "id, name, email, alias, status, organization, org_path, joined_method, joined_at, created_at, from_file"

func scanAccount(r sqldb.Row) (a account.Account, err error) {
	var alias *string
	err = r.Scan(&a.ID, &a.Name, &a.Email, &alias, &a.Status, &a.Organization, &a.OrgPath, &a.JoinedMethod, sqldb.AsTime(&a.JoinedAt),
		sqldb.AsTime(&a.CreatedAt), &a.FromFile)
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

func (t *tx) AccountsOfOrganization(organization string, p page.Request) (page.Page[account.Account], error) {
	limit := limitOf(p)
	items, err := all(t, scanAccount, "SELECT "+accountColumns+" FROM accounts WHERE organization = ? AND id > ? ORDER BY id LIMIT ?", organization, p.After, limit+1)
	return page.Cut(items, limit, accountID), err
}

func (t *tx) AccountsUnder(orgPath string, p page.Request) (page.Page[account.Account], error) {
	limit := limitOf(p)
	items, err := all(t, scanAccount, "SELECT "+accountColumns+" FROM accounts WHERE org_path = ? AND id > ? ORDER BY id LIMIT ?", orgPath, p.After, limit+1)
	return page.Cut(items, limit, accountID), err
}

func accountID(a account.Account) string { return a.ID }

func (t *tx) AccountCount(organization string) (int, error) {
	return one(t, sqldb.Value[int], "SELECT count(*) FROM accounts WHERE organization = ? AND status <> ?", organization, string(account.Closed))
}

func (t *tx) MemberCount(organization string) (int, error) {
	return one(t, sqldb.Value[int], "SELECT count(*) FROM accounts WHERE organization = ?", organization)
}

func (t *tx) PutAccount(a account.Account) error {
	_, err := t.exec(putAccount, a.ID, a.Name, a.Email, orNull(a.Alias), string(a.Status), a.Organization, a.OrgPath, string(a.JoinedMethod),
		sqldb.Micros(a.JoinedAt), sqldb.Micros(a.CreatedAt), a.FromFile, orNull(strings.ToLower(a.Email)))
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
