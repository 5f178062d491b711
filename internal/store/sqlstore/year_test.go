package sqlstore_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/notify"
	"sekisho/internal/session"
	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store"
	"sekisho/internal/store/sqlstore"
	"sekisho/internal/store/storetest"
	"sekisho/internal/token"
)

// people sign in every day of the simulated year.
const people = 4

// day writes what a day of traffic leaves behind.
func day(tx store.Tx, now time.Time, number int) error {
	for p := range people {
		user := fmt.Sprint("u", p)
		id := func(kind string, n int) string { return fmt.Sprintf("%s-%d-%d-%d", kind, number, p, n) }
		life := 8 * time.Hour
		if p == 0 {
			life = 90 * 24 * time.Hour // the longest portal session
		}
		owner := credential.Owner{Kind: credential.DirectoryUser, ID: user}
		s := session.Session{ID: id("s", 0), User: user, CreatedAt: now, ExpiresAt: now.Add(life)}
		code := token.AuthorizationCode{Hash: id("code", 0), Session: s.ID, ExpiresAt: now.Add(token.CodeLife), UsedAt: now, Grant: id("g", 0)}
		writes := []error{
			tx.PutAttempts(credential.Attempts{Key: "name/" + id("guess", 0), Failures: 1, LastFailure: now}),
			tx.PutAttempts(credential.Attempts{Key: "total-name/" + user, Failures: 1, LastFailure: now}),
			tx.PutSession(s),
			tx.PutCookie(session.Cookie{Hash: id("k", 0), Session: s.ID, Surface: session.SignIn, ExpiresAt: s.ExpiresAt}),
			tx.PutCookie(session.Cookie{Hash: id("k", 1), Session: s.ID, Surface: session.Portal, ExpiresAt: s.ExpiresAt}),
			tx.PutHandoff(session.Handoff{Hash: id("h", 0), Session: s.ID, ExpiresAt: now.Add(session.HandoffLife)}),
			tx.PutDeviceAuthorization(token.DeviceAuthorization{Hash: id("d", 0), UserCode: id("d", 0), CreatedAt: now, ExpiresAt: now.Add(token.DeviceCodeLife)}),
			tx.PutAuthorizationCode(code),
			tx.PutGrant(token.Grant{ID: id("g", 0), Session: s.ID, User: user, Refreshable: true, CreatedAt: now}),
			tx.PutResetLink(credential.ResetLink{Hash: id("r", 0), Owner: owner, ExpiresAt: now.Add(time.Hour)}),
			tx.PutMessage(notify.Message{ID: id("m", 0), CreatedAt: now, DeliveredAt: now}),
			tx.SpendOnce(id("once", 0), now.Add(time.Hour)),
		}
		for i := range 8 { // a working day of hourly refreshes
			at := now.Add(time.Duration(i) * time.Hour)
			writes = append(writes,
				tx.PutAccessToken(token.AccessToken{Hash: id("a", i), Grant: id("g", 0), ExpiresAt: at.Add(token.AccessTokenLife)}),
				tx.PutRefreshToken(token.RefreshToken{Hash: id("f", i), Grant: id("g", 0), ExpiresAt: s.ExpiresAt, UsedAt: at}))
		}
		if p == 1 {
			writes = append(writes, tx.EndSession(s.ID, now.Add(time.Hour), session.SignedOut))
		}
		for _, err := range writes {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// TestYear: after a year of traffic no table holds more than a quarter's, and
// the longest that anything but the trail may live is a sign-in of 90 days.
func TestYear(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)
	var offset atomic.Int64 // the machine's clock, turned
	wall := func() time.Time { return start.Add(time.Duration(offset.Load())) }
	ring := storetest.NewRing(t)
	db, err := sqlstore.OpenAtTime(t.Context(), sqldbtest.SQLite(t), ring, wall)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	write := func(fn func(store.Tx) error) {
		t.Helper()
		if err := db.Update(t.Context(), nil, fn); err != nil {
			t.Fatal(err)
		}
	}
	write(func(tx store.Tx) error { return ring.Load(tx, start) })
	write(func(tx store.Tx) error {
		for p := range people {
			if err := tx.PutUser(directory.User{ID: fmt.Sprint("u", p), UserName: fmt.Sprint("u", p)}); err != nil {
				return err
			}
		}
		return nil
	})

	var atQuarter, atEnd map[string]int
	for number := range 365 {
		now := wall()
		write(func(tx store.Tx) error { return day(tx, now, number) })
		// Next morning the janitor comes, in batches, as often as there is work.
		offset.Store(int64(time.Duration(number+1) * 24 * time.Hour))
		for n := 1; n > 0; {
			write(func(tx store.Tx) (err error) {
				n, err = tx.Expire(wall(), 50)
				return err
			})
		}
		switch number {
		case 95:
			atQuarter = counts(t, db)
		case 364:
			atEnd = counts(t, db)
		}
	}
	for table, n := range atEnd {
		if n > atQuarter[table] {
			t.Errorf("%s: %d rows after a quarter, %d after a year", table, atQuarter[table], n)
		}
	}
	if atEnd["sessions"] < 90 || atEnd["refresh_tokens"] < 90*8 {
		t.Errorf("long sessions lost what they need: %v", atEnd)
	}
	t.Logf("rows after a year: %v", atEnd)
}

// counts returns how many rows each table has.
func counts(t *testing.T, db *sqlstore.DB) map[string]int {
	t.Helper()
	out := make(map[string]int)
	err := db.SQL().View(t.Context(), func(tx sqldb.Tx) error {
		tables, err := sqldb.All(t.Context(), tx, sqldb.Value[string], "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
		if err != nil {
			return err
		}
		if len(tables) < 25 {
			return fmt.Errorf("found only the tables %v", tables)
		}
		for _, table := range tables {
			if out[table], err = sqldb.One(t.Context(), tx, sqldb.Value[int], "SELECT count(*) FROM "+table); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
