package sqlstore

import (
	"strings"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/secret"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoEmailUpdate = fault.New(fault.NotFound, "no-email-update", "The primary e-mail address was not to be updated.")

	putEmailUpdate = upsert("account_email_updates", "account", emailUpdateColumns)
)

const emailUpdateColumns = "account, email, sealed_code, completed, tries, started_at, updated_at, expires_at, begun, begun_since"

func (t *tx) AccountByEmail(email string) (account.Account, error) {
	a, err := one(t, scanAccount, "SELECT "+accountColumns+" FROM accounts WHERE email_key = ?", strings.ToLower(email))
	return orNone(a, err, errNoAccount)
}

func (t *tx) EmailUpdate(accountID string) (account.EmailUpdate, error) {
	u, err := one(t, t.scanEmailUpdate, "SELECT "+emailUpdateColumns+" FROM account_email_updates WHERE account = ?", accountID)
	return orNone(u, err, errNoEmailUpdate)
}

func (t *tx) scanEmailUpdate(r sqldb.Row) (u account.EmailUpdate, err error) {
	var sealed []byte
	if err := r.Scan(&u.Account, &u.Email, &sealed, &u.Completed, &u.Tries, sqldb.AsTime(&u.StartedAt), sqldb.AsTime(&u.UpdatedAt),
		sqldb.AsTime(&u.ExpiresAt), &u.Begun, sqldb.AsTime(&u.BegunSince)); err != nil || len(sealed) == 0 {
		return u, err
	}
	code, err := t.unseal(emailCodeID(u.Account), sealed)
	u.Code = secret.NewString(string(code))
	return u, err
}

func (t *tx) PutEmailUpdate(u account.EmailUpdate) error {
	var sealed any
	if !u.Code.Empty() {
		sealed = t.seal(emailCodeID(u.Account), []byte(u.Code.Reveal()))
	}
	_, err := t.exec(putEmailUpdate, u.Account, u.Email, sealed, u.Completed, u.Tries, sqldb.Micros(u.StartedAt), sqldb.Micros(u.UpdatedAt),
		sqldb.Micros(u.ExpiresAt), u.Begun, sqldb.Micros(u.BegunSince))
	t.note(store.KeyAccount(u.Account))
	return noAccount(err)
}

// emailCodeID is what a sealed code belongs to.
func emailCodeID(accountID string) string { return "email-update/" + accountID }
