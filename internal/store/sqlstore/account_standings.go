package sqlstore

import (
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoStanding = fault.New(fault.NotFound, "no-standing", "The account was never suspended nor closed.")

	putStanding = upsert("account_standings", "account", standingColumns+", empty_due")
)

const standingColumns = "account, status, since, former, reason, by_owner, closed_at, emptied_at"

func scanStanding(r sqldb.Row) (s account.Standing, err error) {
	return s, r.Scan(&s.Account, &s.Status, sqldb.AsTime(&s.Since), &s.Before, &s.Reason, &s.ByOwner, sqldb.AsTime(&s.ClosedAt), sqldb.AsTime(&s.EmptiedAt))
}

func (t *tx) Standing(accountID string) (account.Standing, error) {
	s, err := one(t, scanStanding, "SELECT "+standingColumns+" FROM account_standings WHERE account = ?", accountID)
	return orNone(s, err, errNoStanding)
}

func (t *tx) PutStanding(s account.Standing) error {
	var due any
	if !s.ClosedAt.IsZero() && s.EmptiedAt.IsZero() {
		due = sqldb.Micros(s.ClosedAt)
	}
	_, err := t.exec(putStanding, s.Account, string(s.Status), sqldb.Micros(s.Since), string(s.Before), s.Reason, s.ByOwner,
		sqldb.Micros(s.ClosedAt), sqldb.Micros(s.EmptiedAt), due)
	t.note(store.KeyAccount(s.Account))
	return noAccount(err)
}

func (t *tx) ToEmpty(closedBefore time.Time, limit int) ([]account.Standing, error) {
	return all(t, scanStanding, "SELECT "+standingColumns+" FROM account_standings WHERE empty_due < ? ORDER BY empty_due LIMIT ?",
		sqldb.Micros(closedBefore), limit)
}
