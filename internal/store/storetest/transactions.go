package storetest

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// testSessions: an ended session stays as it was first ended.
func testSessions(t *testing.T, db store.DB) {
	update(t, db, func(tx store.Tx) error {
		for _, id := range []string{"s1", "s2", "s3"} {
			s := session.Session{ID: id, User: "u1", CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
			if id == "s3" {
				s.User = "u2"
			}
			if err := tx.PutSession(s); err != nil {
				return err
			}
		}
		return tx.EndSession("s1", now.Add(time.Minute), session.SignedOut)
	})
	update(t, db, func(tx store.Tx) error { return tx.EndSession("s1", now.Add(2*time.Minute), session.EndedByAdmin) })
	update(t, db, func(tx store.Tx) error {
		return tx.EndSessionsOf("u1", now.Add(3*time.Minute), session.PasswordChanged)
	})
	for id, want := range map[string]struct {
		at     time.Time
		reason string
	}{"s1": {now.Add(time.Minute), session.SignedOut}, "s2": {now.Add(3 * time.Minute), session.PasswordChanged}, "s3": {}} {
		s := get(t, db, func(tx store.Tx) (session.Session, error) { return tx.Session(id) })
		if !s.EndedAt.Equal(want.at) || s.EndReason != want.reason {
			t.Errorf("%s ended at %v by %q", id, s.EndedAt, s.EndReason)
		}
	}
}

// oneTime are the values that work once: how to make one and how to use it.
var oneTime = []struct {
	name string
	put  func(tx store.Tx, hash string) error
	take func(tx store.Tx, hash string) error
	// again is what the second taker gets.
	again fault.Kind
}{
	{"handoff",
		func(tx store.Tx, hash string) error {
			return tx.PutHandoff(session.Handoff{Hash: hash, Session: "s", Surface: session.Portal, Host: "h", State: "x", ExpiresAt: now})
		},
		func(tx store.Tx, hash string) error {
			h, err := tx.TakeHandoff(hash)
			if want := (session.Handoff{Hash: hash, Session: "s", Surface: session.Portal, Host: "h", State: "x", ExpiresAt: now}); err == nil && h != want {
				return fmt.Errorf("took %+v", h)
			}
			return err
		}, fault.NotFound},
	{"reset link",
		func(tx store.Tx, hash string) error {
			return tx.PutResetLink(credential.ResetLink{Hash: hash, Owner: credential.Owner{Kind: credential.RootUser, ID: "o"}, ExpiresAt: now})
		},
		func(tx store.Tx, hash string) error {
			l, err := tx.TakeResetLink(hash)
			if want := (credential.ResetLink{Hash: hash, Owner: credential.Owner{Kind: credential.RootUser, ID: "o"}, ExpiresAt: now}); err == nil && l != want {
				return fmt.Errorf("took %+v", l)
			}
			return err
		}, fault.NotFound},
	{"one-time value",
		func(store.Tx, string) error { return nil },
		func(tx store.Tx, hash string) error { return tx.SpendOnce(hash, now) }, fault.Conflict},
}

func testOneTime(t *testing.T, db store.DB) {
	for _, c := range oneTime {
		update(t, db, func(tx store.Tx) error { return do(c.put(tx, "h1"), c.put(tx, "h2")) })
		err := db.Update(t.Context(), nil, func(tx store.Tx) error { return do(c.take(tx, "h1"), errGiveUp) })
		equal(t, c.name+": rolled back", err, errGiveUp)
		update(t, db, func(tx store.Tx) error { return c.take(tx, "h1") })
		refused(t, c.name, db.Update(t.Context(), nil, func(tx store.Tx) error { return c.take(tx, "h1") }), c.again, "")
		update(t, db, func(tx store.Tx) error { return c.take(tx, "h2") }) // another one is not touched
	}
	owner := credential.Owner{Kind: credential.RootUser, ID: "o"}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutResetLink(credential.ResetLink{Hash: "h3", Owner: owner}), tx.PutResetLink(credential.ResetLink{Hash: "h4", Owner: owner}), tx.DropResetLinks(owner))
	})
	refused(t, "dropped link", db.View(t.Context(), func(tx store.Tx) error { _, err := tx.ResetLink("h4"); return err }), fault.NotFound, "")
}

// testOneTimeRaced: of fifty takers in two processes, exactly one succeeds
// (promise 6).
func testOneTimeRaced(t *testing.T, open func() store.DB) {
	dbs := []store.DB{open(), open()}
	for _, c := range oneTime {
		update(t, dbs[0], func(tx store.Tx) error { return c.put(tx, "raced") })
		var won atomic.Int32
		var wg sync.WaitGroup
		start := make(chan struct{})
		for i := range 50 {
			wg.Go(func() {
				<-start
				err := dbs[i%2].Update(t.Context(), nil, func(tx store.Tx) error { return c.take(tx, "raced") })
				if err == nil {
					won.Add(1)
					return
				}
				refused(t, c.name, err, c.again, "")
			})
		}
		close(start)
		wg.Wait()
		if n := won.Load(); n != 1 {
			t.Errorf("%s: %d of 50 succeeded", c.name, n)
		}
	}
}

// testTransactions: Update is all or nothing, View is a snapshot that cannot
// write, and a function's own error comes back as it is.
func testTransactions(t *testing.T, db store.DB) {
	err := db.Update(t.Context(), nil, func(tx store.Tx) error {
		return do(tx.PutUser(testUser("u1")), tx.PutAccount(testAccount("111122223333")), errGiveUp)
	})
	equal(t, "error", err, errGiveUp)
	if users := get(t, db, allUsers); users != nil {
		t.Errorf("rolled back, and yet there are %v", users)
	}
	if err := db.View(t.Context(), func(tx store.Tx) error { return tx.PutUser(testUser("u1")) }); err == nil {
		t.Error("View could write")
	}
	view(t, db, func(tx store.Tx) error {
		before, err := allUsers(tx)
		if err != nil {
			return err
		}
		update(t, db, func(tx store.Tx) error { return tx.PutUser(testUser("u2")) })
		after, err := allUsers(tx)
		equal(t, "a snapshot, later", after, before)
		return err
	})
	if users := get(t, db, allUsers); len(users) != 1 {
		t.Errorf("after the snapshot: %v", users)
	}
}

// testSerializable: transactions of two processes that read and then write do
// not lose each other's writes, and do not both do what only one may.
func testSerializable(t *testing.T, open func() store.DB) {
	dbs := []store.DB{open(), open()}
	const writers, each = 8, 10
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			for range each {
				if err := dbs[i%2].Update(t.Context(), nil, func(tx store.Tx) error {
					a, err := tx.Attempts("counter")
					if err != nil {
						return err
					}
					a.Failures++
					return tx.PutAttempts(a)
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := get(t, dbs[0], func(tx store.Tx) (credential.Attempts, error) { return tx.Attempts("counter") }).Failures; n != writers*each {
		t.Errorf("%d of %d increments", n, writers*each)
	}
	// Write skew: whoever finds neither row writes its own.
	for round := range 5 {
		var wrote atomic.Int32
		for i, db := range dbs {
			wg.Go(func() {
				wroteIt := false
				err := db.Update(t.Context(), nil, func(tx store.Tx) error {
					wroteIt = false
					for j := range dbs {
						a, err := tx.Attempts(fmt.Sprint(round, "/", j))
						if err != nil || a.Failures > 0 {
							return err
						}
					}
					wroteIt = true
					return tx.PutAttempts(credential.Attempts{Key: fmt.Sprint(round, "/", i), Failures: 1})
				})
				if err != nil {
					t.Error(err)
				} else if wroteIt {
					wrote.Add(1)
				}
			})
		}
		wg.Wait()
		if n := wrote.Load(); n != 1 {
			t.Errorf("%d of 2 found that they may write", n)
		}
	}
}

func testEvent(name, account string) *audit.Event {
	return &audit.Event{
		At: now, Account: account, Source: "sso.amazonaws.com", Name: name, Region: "us-east-1", PrincipalID: "p", UserName: "jane",
		AccessKeyID: "ASIA1", SourceIP: "192.0.2.1", UserAgent: "aws-cli", RequestID: "r", ReadOnly: true, ErrorCode: "AccessDenied",
		ErrorReason: "no-statement", Resource: "arn:aws:iam::111122223333:role/r", Detail: map[string]string{"a": "1", "b": "日本"}, Count: 3,
	}
}

// testAudit: the event commits with the change, or not at all (promise 23).
func testAudit(t *testing.T, db store.DB) {
	all := func() []audit.Event {
		return get(t, db, func(tx store.Tx) ([]audit.Event, error) { return tx.Events(store.EventFilter{}) })
	}
	ev := testEvent("CreateUser", "111122223333")
	err := db.Update(t.Context(), ev, func(tx store.Tx) error { return do(tx.PutUser(testUser("u1")), errGiveUp) })
	equal(t, "error", err, errGiveUp)
	if got := all(); got != nil || ev.Recorded() {
		t.Errorf("rolled back, and yet recorded %v, events %v", ev.Recorded(), got)
	}
	// The same event now tells of the failure, and its function adds to it.
	if err := db.Update(t.Context(), ev, func(tx store.Tx) error {
		ev.Set("c", "3")
		return tx.PutUser(testUser("u1"))
	}); err != nil {
		t.Fatal(err)
	}
	if !ev.Recorded() || ev.ID == "" {
		t.Errorf("recorded %v, id %q", ev.Recorded(), ev.ID)
	}
	equal(t, "events", all(), []audit.Event{*ev})
	// An event appended by a domain is recorded the same way, and none twice.
	second := &audit.Event{Name: "SignIn"}
	update(t, db, func(tx store.Tx) error { return do(tx.AppendEvent(second), tx.AppendEvent(ev)) })
	got := all()
	if len(got) != 2 || got[0].ID != second.ID || got[0].Count != 1 || got[0].At.IsZero() || !second.Recorded() {
		t.Errorf("after another event: %+v", got)
	}
}

// testSharedEvents: an event that is shared is in both accounts' histories, once in
// each, and in no history of an account that there is not.
func testSharedEvents(t *testing.T, db store.DB) {
	ev := testEvent("AssumeRole", "111122223333")
	ev.ErrorCode, ev.ErrorReason, ev.Shared = "", "", "444455556666"
	nowhere := testEvent("AssumeRoot", "111122223333")
	nowhere.Shared = "999999999999"
	update(t, db, func(tx store.Tx) error { return do(tx.PutAccount(testAccount("444455556666"))) })
	for range 2 { // as if the outcome of the first commit had been unknown
		update(t, db, func(tx store.Tx) error { return do(tx.AppendEvent(ev), tx.AppendEvent(nowhere)) })
	}
	of := func(account string) []audit.Event {
		return get(t, db, func(tx store.Tx) ([]audit.Event, error) { return tx.Events(store.EventFilter{Account: account}) })
	}
	if got := of("999999999999"); len(got) != 0 {
		t.Errorf("an account that there is not has %+v", got)
	}
	if got := of("111122223333"); len(got) != 2 || got[1].Name != "AssumeRole" || got[1].AccessKeyID != "ASIA1" {
		t.Errorf("the caller's account has %+v", got)
	}
	got := of("444455556666")
	if len(got) != 1 {
		t.Fatalf("the role's account has %+v", got)
	}
	want := *ev.ForShared()
	want.ID = got[0].ID
	want.MarkRecorded()
	equal(t, "shared event", got[0], want)
	if got[0].ID == ev.ID || got[0].ID[:16] != ev.ID[:16] || len(got[0].ID) != len(ev.ID) {
		t.Errorf("ids %s and %s", got[0].ID, ev.ID)
	}
}

func testEventFilters(t *testing.T, db store.DB) {
	var all []string // ids, oldest first
	for i := range 6 {
		ev := testEvent([]string{"A", "B"}[i%2], []string{"111122223333", "444455556666", ""}[i%3])
		if err := db.Update(t.Context(), ev, func(store.Tx) error { return nil }); err != nil {
			t.Fatal(err)
		}
		all = append(all, ev.ID)
	}
	if !slices.IsSorted(all) {
		t.Errorf("ids are not in order: %v", all)
	}
	for _, c := range []struct {
		filter store.EventFilter
		want   []int
	}{
		{store.EventFilter{}, []int{5, 4, 3, 2, 1, 0}},
		{store.EventFilter{Limit: 2}, []int{5, 4}},
		{store.EventFilter{Name: "A"}, []int{4, 2, 0}},
		{store.EventFilter{Account: "111122223333"}, []int{3, 0}},
		{store.EventFilter{Name: "A", Account: "111122223333"}, []int{0}},
		{store.EventFilter{Before: all[3], Limit: 2}, []int{2, 1}},
		{store.EventFilter{Name: "B", Before: all[3]}, []int{1}},
		{store.EventFilter{Name: "C"}, nil},
	} {
		var want []string
		for _, i := range c.want {
			want = append(want, all[i])
		}
		got := get(t, db, func(tx store.Tx) ([]audit.Event, error) { return tx.Events(c.filter) })
		equal(t, fmt.Sprintf("%+v", c.filter), ids(got, func(e audit.Event) string { return e.ID }), want)
	}
}

// testRefreshTokensBounded: used tokens of a grant are remembered, the current
// one always, but not without end.
func testRefreshTokensBounded(t *testing.T, db store.DB) {
	const rotations = 700
	name := func(i int) string { return fmt.Sprintf("t%04d", i) }
	put := func(tx store.Tx, i int, used time.Time) error {
		return tx.PutRefreshToken(token.RefreshToken{Hash: name(i), Grant: "g", ExpiresAt: now.Add(time.Hour), UsedAt: used})
	}
	for from := 0; from < rotations; from += 100 {
		update(t, db, func(tx store.Tx) error {
			for i := from; i < from+100; i++ {
				if err := do(put(tx, i, time.Time{}), put(tx, i, now.Add(time.Duration(i)*time.Second))); err != nil {
					return err
				}
			}
			return put(tx, from+100, time.Time{})
		})
	}
	known := func(i int) bool {
		err := db.View(t.Context(), func(tx store.Tx) error { _, err := tx.RefreshToken(name(i)); return err })
		return !fault.Is(err, fault.NotFound)
	}
	if !known(rotations) || !known(rotations-1) || !known(rotations-500) {
		t.Error("the current or a recently used token is forgotten")
	}
	if known(0) || known(rotations-501) {
		t.Error("used tokens are kept without end")
	}
}
