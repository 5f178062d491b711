package sqlstore

import (
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/sqldb"
)

var (
	errNoQuota = fault.New(fault.NotFound, "no-quota", "The account has no quota of its own.")

	putQuota = upsert("iam_quotas", "account, noun", "account, noun, quota")
)

const addToCount = `
INSERT INTO iam_counts (account, noun, n) VALUES (?, ?, ?)
ON CONFLICT (account, noun) DO UPDATE SET n = iam_counts.n + excluded.n`

// count adds by, which may be negative, to how many of the noun the account has.
// Every insert and delete of a counted noun calls it.
func (t *tx) count(account string, n iam.Noun, by int) error {
	_, err := t.exec(addToCount, account, string(n), by)
	return noAccount(err)
}

// IAMCount is 0 for an account that never had any.
func (t *tx) IAMCount(account string, n iam.Noun) (int, error) {
	v, err := one(t, sqldb.Value[int], "SELECT n FROM iam_counts WHERE account = ? AND noun = ?", account, string(n))
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	return v, err
}

func (t *tx) IAMQuota(account string, n iam.Noun) (int, error) {
	v, err := one(t, sqldb.Value[int], "SELECT quota FROM iam_quotas WHERE account = ? AND noun = ?", account, string(n))
	return orNone(v, err, errNoQuota)
}

func (t *tx) PutIAMQuota(account string, n iam.Noun, quota int) error {
	_, err := t.exec(putQuota, account, string(n), quota)
	return noAccount(err)
}
