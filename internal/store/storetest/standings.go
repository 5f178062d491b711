package storetest

import (
	"reflect"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/store"
)

// testStandings: each account has one, as it was put; those to be emptied come in
// the order in which they were closed.
func testStandings(t *testing.T, db store.DB) {
	ids := []string{"111122223333", "444455556666", "777788889999"}
	update(t, db, func(tx store.Tx) error {
		for _, id := range ids {
			if err := tx.PutAccount(account.Account{ID: id, Name: id, Email: id + "@example.com", Status: account.Closed, CreatedAt: now}); err != nil {
				return err
			}
		}
		return nil
	})
	update(t, db, func(tx store.Tx) error {
		if _, err := tx.Standing(ids[0]); !fault.Is(err, fault.NotFound) {
			t.Errorf("before there is one: %v", err)
		}
		return nil
	})
	closed := func(i int, ago time.Duration) account.Standing {
		return account.Standing{Account: ids[i], Status: account.Closed, Since: now, Before: account.Active, Reason: "fraud", ByOwner: i == 0, ClosedAt: now.Add(-ago)}
	}
	standings := []account.Standing{closed(0, time.Hour), closed(1, 3*time.Hour), closed(2, 2*time.Hour)}
	for _, s := range standings {
		update(t, db, func(tx store.Tx) error { return tx.PutStanding(s) })
		if got := get(t, db, func(tx store.Tx) (account.Standing, error) { return tx.Standing(s.Account) }); got != s {
			t.Errorf("%+v of %+v", got, s)
		}
	}
	due := func(before time.Time, limit int) []account.Standing {
		return get(t, db, func(tx store.Tx) ([]account.Standing, error) { return tx.ToEmpty(before, limit) })
	}
	for _, c := range []struct {
		before time.Time
		limit  int
		want   []account.Standing
	}{
		{now, 10, []account.Standing{standings[1], standings[2], standings[0]}},
		{now, 1, standings[1:2]},
		{now.Add(-2 * time.Hour), 10, standings[1:2]},
	} {
		if got := due(c.before, c.limit); !reflect.DeepEqual(got, c.want) {
			t.Errorf("closed before %v: %+v", c.before, got)
		}
	}
	update(t, db, func(tx store.Tx) error { return account.Emptied(tx, ids[1], now) })
	update(t, db, func(tx store.Tx) error {
		return tx.PutStanding(account.Standing{Account: ids[2], Status: account.Active, Since: now, Before: account.Active})
	})
	if got := due(now, 10); !reflect.DeepEqual(got, standings[:1]) {
		t.Errorf("after one was emptied and one reopened: %+v", got)
	}
	err := db.Update(t.Context(), nil, func(tx store.Tx) error {
		return tx.PutStanding(account.Standing{Account: "999999999999", Status: account.Closed})
	})
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("of no account: %v", err)
	}
}
