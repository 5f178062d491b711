package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/notify"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// perishable are all kinds of rows that expire: each is written so that it was
// last of use at now, and must be kept for a time after that.
var perishable = []struct {
	name string
	kept time.Duration
	put  func(tx store.Tx, id string) error
	find func(tx store.Tx, id string) error
}{
	{"expired session", session.Afterlife,
		func(tx store.Tx, id string) error {
			return tx.PutSession(session.Session{ID: id, User: "u", ExpiresAt: now})
		},
		func(tx store.Tx, id string) error { _, err := tx.Session(id); return err }},
	{"ended session", session.Afterlife,
		func(tx store.Tx, id string) error {
			return do(tx.PutSession(session.Session{ID: "ended-" + id, User: "u", ExpiresAt: now.Add(24 * time.Hour)}), tx.EndSession("ended-"+id, now, session.SignedOut))
		},
		func(tx store.Tx, id string) error { _, err := tx.Session("ended-" + id); return err }},
	{"grant of a session", session.Afterlife,
		func(tx store.Tx, id string) error {
			return do(tx.PutSession(session.Session{ID: "of-" + id, ExpiresAt: now}), tx.PutGrant(token.Grant{ID: id, Session: "of-" + id}))
		},
		func(tx store.Tx, id string) error { _, err := tx.Grant(id); return err }},
	{"cookie", 0,
		func(tx store.Tx, id string) error { return tx.PutCookie(session.Cookie{Hash: id, ExpiresAt: now}) },
		func(tx store.Tx, id string) error { _, err := tx.Cookie(id); return err }},
	{"handoff", 0,
		func(tx store.Tx, id string) error { return tx.PutHandoff(session.Handoff{Hash: id, ExpiresAt: now}) },
		func(tx store.Tx, id string) error { // looked at by taking it, and giving that up
			if _, err := tx.TakeHandoff(id); err != nil {
				return err
			}
			return errGiveUp
		}},
	{"device authorization", time.Hour,
		func(tx store.Tx, id string) error {
			return tx.PutDeviceAuthorization(token.DeviceAuthorization{Hash: id, UserCode: id, ExpiresAt: now})
		},
		func(tx store.Tx, id string) error { _, err := tx.DeviceAuthorization(id); return err }},
	{"unused authorization code", 10 * time.Minute,
		func(tx store.Tx, id string) error {
			return tx.PutAuthorizationCode(token.AuthorizationCode{Hash: id, ExpiresAt: now})
		},
		func(tx store.Tx, id string) error { _, err := tx.AuthorizationCode(id); return err }},
	{"used authorization code", 10 * time.Minute,
		func(tx store.Tx, id string) error {
			return tx.PutAuthorizationCode(token.AuthorizationCode{Hash: "used-" + id, ExpiresAt: now, UsedAt: now.Add(-time.Minute)})
		},
		func(tx store.Tx, id string) error { _, err := tx.AuthorizationCode("used-" + id); return err }},
	{"access token", 0,
		func(tx store.Tx, id string) error {
			return tx.PutAccessToken(token.AccessToken{Hash: id, ExpiresAt: now})
		},
		func(tx store.Tx, id string) error { _, err := tx.AccessToken(id); return err }},
	{"used refresh token", 0,
		func(tx store.Tx, id string) error {
			return tx.PutRefreshToken(token.RefreshToken{Hash: id, Grant: "none", ExpiresAt: now, UsedAt: now.Add(-24 * time.Hour)})
		},
		func(tx store.Tx, id string) error { _, err := tx.RefreshToken(id); return err }},
	{"reset link", 24 * time.Hour,
		func(tx store.Tx, id string) error {
			return tx.PutResetLink(credential.ResetLink{Hash: id, ExpiresAt: now})
		},
		func(tx store.Tx, id string) error { _, err := tx.ResetLink(id); return err }},
	{"attempts", credential.QuietPeriod,
		func(tx store.Tx, id string) error {
			return tx.PutAttempts(credential.Attempts{Key: id, Failures: 1, LastFailure: now})
		},
		findAttempts},
	{"attempts in all", credential.TotalMemory,
		func(tx store.Tx, id string) error {
			return tx.PutAttempts(credential.Attempts{Key: "total-name/" + id, Failures: 1, LastFailure: now})
		},
		func(tx store.Tx, id string) error { return findAttempts(tx, "total-name/"+id) }},
	{"one-time value", 0,
		func(tx store.Tx, id string) error { return tx.SpendOnce(id, now) },
		func(tx store.Tx, id string) error { // looked at by spending it, and giving that up
			if err := tx.SpendOnce(id, now); err == nil {
				return fault.New(fault.NotFound, "not-spent", "It can be used again.")
			}
			return errGiveUp
		}},
	{"delivered message", 7 * 24 * time.Hour,
		func(tx store.Tx, id string) error { return tx.PutMessage(notify.Message{ID: id, DeliveredAt: now}) },
		findMessage},
	{"undeliverable message", 30 * 24 * time.Hour,
		func(tx store.Tx, id string) error {
			return tx.PutMessage(notify.Message{ID: "never-" + id, CreatedAt: now})
		},
		func(tx store.Tx, id string) error { return findMessage(tx, "never-"+id) }},
}

func findAttempts(tx store.Tx, key string) error {
	a, err := tx.Attempts(key)
	if err == nil && a.Failures == 0 {
		return fault.New(fault.NotFound, "no-attempts", "There are none.")
	}
	return err
}

func findMessage(tx store.Tx, id string) error {
	all, err := tx.Messages(1000)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.ID == id {
			return nil
		}
	}
	return fault.New(fault.NotFound, "no-message", "It is gone.")
}

func expire(t *testing.T, db store.DB, at time.Time, limit int) (n int) {
	t.Helper()
	update(t, db, func(tx store.Tx) (err error) {
		n, err = tx.Expire(at, limit)
		return err
	})
	return n
}

// testExpire: rows go when they can never matter again, and not before.
func testExpire(t *testing.T, db store.DB) {
	for _, c := range perishable {
		update(t, db, func(tx store.Tx) error { return c.put(tx, "x") })
		gone := func() bool {
			return fault.Is(db.Update(t.Context(), nil, func(tx store.Tx) error { return c.find(tx, "x") }), fault.NotFound)
		}
		expire(t, db, now.Add(c.kept), 100)
		if gone() {
			t.Errorf("%s: gone within %v", c.name, c.kept)
		}
		expire(t, db, now.Add(c.kept+time.Microsecond), 100)
		if !gone() {
			t.Errorf("%s: still there after %v", c.name, c.kept)
		}
	}
	// What people made stays, and who made it.
	change := testEvent("A", "")
	change.ReadOnly, change.ErrorCode, change.ErrorReason = false, "", ""
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutUser(testUser("u1")), tx.PutAccount(testAccount("111122223333")),
			tx.PutPassword(credential.Password{Owner: credential.Owner{Kind: credential.DirectoryUser, ID: "u1"}, Hash: "h"}), tx.AppendEvent(change))
	})
	expire(t, db, now.AddDate(100, 0, 0), 1000)
	view(t, db, func(tx store.Tx) error {
		_, err1 := tx.User("u1")
		_, err2 := tx.Password(credential.Owner{Kind: credential.DirectoryUser, ID: "u1"})
		events, err3 := tx.Events(store.EventFilter{})
		if len(events) != 1 {
			t.Errorf("%d audit events, want 1", len(events))
		}
		return do(err1, err2, err3)
	})
}

// testExpireEvents: events of reads and of what was refused are kept for 90 days,
// those of changes for ever.
func testExpireEvents(t *testing.T, db store.DB) {
	const kept = 90 * 24 * time.Hour
	var all []string
	update(t, db, func(tx store.Tx) error {
		all = nil
		for _, at := range []time.Time{now, now.Add(time.Hour)} {
			for _, c := range []struct {
				name     string
				readOnly bool
				code     string
			}{
				{"change", false, ""}, {"read", true, ""}, {"refused change", false, "AccessDenied"}, {"refused read", true, "AccessDenied"},
			} {
				e := testEvent(c.name, "")
				e.At, e.ReadOnly, e.ErrorCode = at, c.readOnly, c.code
				if err := tx.AppendEvent(e); err != nil {
					return err
				}
				all = append(all, c.name+" "+at.Format(time.TimeOnly))
			}
		}
		return nil
	})
	names := func() []string {
		var names []string
		for _, e := range get(t, db, func(tx store.Tx) ([]audit.Event, error) { return tx.Events(store.EventFilter{}) }) {
			names = append(names, e.Name+" "+e.At.Format(time.TimeOnly))
		}
		slices.Sort(names)
		return names
	}
	of := func(at time.Time, kinds ...string) (want []string) {
		for _, k := range kinds {
			want = append(want, k+" "+at.Format(time.TimeOnly))
		}
		return want
	}
	slices.Sort(all)
	changes := slices.Concat(of(now, "change"), of(now.Add(time.Hour), "change"))
	for _, c := range []struct {
		after time.Duration
		want  []string
	}{
		{kept, all},
		{kept + time.Second, slices.Concat(changes, of(now.Add(time.Hour), "read", "refused change", "refused read"))},
		{kept + time.Hour + time.Second, changes},
		{100 * kept, changes},
	} {
		for range 3 { // in batches of two
			expire(t, db, now.Add(c.after), 2)
		}
		slices.Sort(c.want)
		equal(t, "events after "+c.after.String(), names(), c.want)
	}
}

// testExpireBatches: one call removes at most limit rows of each kind.
func testExpireBatches(t *testing.T, db store.DB) {
	const rows, limit = 7, 3
	update(t, db, func(tx store.Tx) error {
		for _, c := range perishable {
			for i := range rows {
				if err := c.put(tx, fmt.Sprint("x", i)); err != nil {
					return err
				}
			}
		}
		for i := range 6 * rows { // more grants of one session than a call removes
			if err := tx.PutGrant(token.Grant{ID: fmt.Sprint("many", i), Session: "of-x0"}); err != nil {
				return err
			}
		}
		return nil
	})
	total, calls := 0, 0
	for {
		n := expire(t, db, now.AddDate(2, 0, 0), limit)
		if n == 0 {
			break
		}
		if n > limit*(len(perishable)+1) {
			t.Errorf("%d rows in one call", n)
		}
		total += n
		calls++
	}
	// The grants' sessions are rows too, and the many grants of one.
	if want := rows * (len(perishable) + 1 + 6); total != want || calls < rows/limit {
		t.Errorf("%d rows in %d calls, want %d", total, calls, want)
	}
}

// testClear: everything but the data keys goes, and everybody is told.
func testClear(t *testing.T, open func() store.DB) {
	here, there := open(), open()
	for _, r := range rows() {
		update(t, here, r.put)
	}
	update(t, here, func(tx store.Tx) error {
		return do(tx.AppendEvent(testEvent("A", "")), tx.PutHandoff(session.Handoff{Hash: "h"}), tx.SpendOnce("h", now), tx.AddMember("g1", "u1"),
			tx.PutAssignment(assign("111122223333", "ps-1", access.ToGroup, "g1")))
	})
	before := get(t, here, store.Tx.DataKeys)
	atHere, atThere := watch(t.Context(), here), watch(t.Context(), there)
	update(t, here, store.Tx.Clear)
	if _, lost := atHere.seen(); lost == 0 {
		t.Error("not reported in the same process")
	}
	atThere.wait(t, "Clear", func(_ []string, lost int) bool { return lost > 0 })
	equal(t, "data keys", get(t, here, store.Tx.DataKeys), before)
	testMissing(t, here)
	// What was secret before can be written and read again.
	k := iam.AccessKey{ID: "AKIA1", Account: "111122223333"}
	update(t, here, func(tx store.Tx) error { return do(tx.PutAccount(testAccount("111122223333")), tx.PutAccessKey(k)) })
	equal(t, "access key", get(t, here, func(tx store.Tx) (iam.AccessKey, error) { return tx.AccessKey("AKIA1") }), k)
}
