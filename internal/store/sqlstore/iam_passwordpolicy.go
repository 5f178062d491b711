package sqlstore

import (
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoPasswordPolicy = fault.New(fault.NotFound, "no-password-policy", "The account has set no password policy.")

	putPasswordPolicy = upsert("password_policies", "account", passwordPolicyColumns)
)

const passwordPolicyColumns = "account, min_length, upper, lower, digit, symbol, may_change, max_age_days, remembered, hard_expiry"

func (t *tx) PasswordPolicy(account string) (iam.PasswordPolicy, error) {
	p, err := one(t, func(r sqldb.Row) (p iam.PasswordPolicy, err error) {
		return p, r.Scan(&p.Account, &p.MinLength, &p.Upper, &p.Lower, &p.Digit, &p.Symbol, &p.UsersMayChange, &p.MaxAgeDays, &p.Remembered,
			&p.HardExpiry)
	}, "SELECT "+passwordPolicyColumns+" FROM password_policies WHERE account = ?", account)
	return orNone(p, err, errNoPasswordPolicy)
}

func (t *tx) PutPasswordPolicy(p iam.PasswordPolicy) error {
	_, err := t.exec(putPasswordPolicy, p.Account, p.MinLength, p.Upper, p.Lower, p.Digit, p.Symbol, p.UsersMayChange, p.MaxAgeDays,
		p.Remembered, p.HardExpiry)
	if err != nil {
		return noAccount(err)
	}
	t.note(store.KeyIAMSettings(p.Account))
	return nil
}

func (t *tx) DeletePasswordPolicy(account string) error {
	n, err := t.exec("DELETE FROM password_policies WHERE account = ?", account)
	t.note(store.KeyIAMSettings(account))
	return mustChange(n, err, errNoPasswordPolicy)
}
