package storetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/iam"
	"sekisho/internal/keys"
	"sekisho/internal/notify"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// watcher collects what Watch reports.
type watcher struct {
	mu   sync.Mutex
	keys []string
	lost int
	news chan struct{}
}

func watch(ctx context.Context, db store.DB) *watcher {
	w := &watcher{news: make(chan struct{}, 1)}
	db.Watch(ctx, func(changes []store.Change, lost bool) {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, c := range changes {
			w.keys = append(w.keys, c.Key)
		}
		if lost {
			w.lost++
		}
		select {
		case w.news <- struct{}{}:
		default:
		}
	})
	return w
}

// seen returns the keys reported so far in order of the alphabet, and how often
// everything was reported as changed.
func (w *watcher) seen() ([]string, int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return sortedKeys(w.keys...), w.lost
}

// wait returns how long it took until enough was true, which is asked after each
// report; it fails after a time that a loaded machine needs.
func (w *watcher) wait(t *testing.T, what string, enough func(keys []string, lost int) bool) time.Duration {
	t.Helper()
	start, deadline := time.Now(), time.After(20*time.Second)
	for {
		if enough(w.seen()) {
			return time.Since(start)
		}
		select {
		case <-w.news:
		case <-deadline:
			keys, lost := w.seen()
			t.Fatalf("%s: not reported; reported are %v, lost %d times", what, keys, lost)
		}
	}
}

func sortedKeys(keys ...string) []string {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	return keys
}

// noted returns the keys that an Update reported before it returned.
func noted(t *testing.T, db store.DB, fn func(store.Tx) error) []string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	w := watch(ctx, db)
	update(t, db, fn)
	keys, _ := w.seen()
	return keys
}

// testChangeKeys: each write notes what it changed, and watchers of this process
// know it when Update returns.
func testChangeKeys(t *testing.T, db store.DB) {
	const acct = "111122223333"
	a := assign(acct, "ps-1", access.ToUser, "u1")
	role := iam.Role{ID: "AROA1", Account: acct, Name: "r", PermissionSet: "ps-1"}
	s := session.Session{ID: "s1", User: "u1", CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
	s2 := s
	s2.ID = "s2"
	for _, c := range []struct {
		name  string
		write func(store.Tx) error
		want  []string
	}{
		{"PutAccount", func(tx store.Tx) error { return tx.PutAccount(testAccount(acct)) }, []string{store.KeyAccount(acct)}},
		{"PutUser", func(tx store.Tx) error { return tx.PutUser(testUser("u1")) }, []string{store.KeyUser("u1")}},
		{"PutGroup", func(tx store.Tx) error { return tx.PutGroup(testGroup("g1")) }, nil},
		{"AddMember", func(tx store.Tx) error { return tx.AddMember("g1", "u1") }, []string{store.KeyMemberships("u1")}},
		{"AddMember again", func(tx store.Tx) error { return tx.AddMember("g1", "u1") }, nil},
		{"RemoveMember", func(tx store.Tx) error { return tx.RemoveMember("g1", "u1") }, []string{store.KeyMemberships("u1")}},
		{"PutInstance", func(tx store.Tx) error { return tx.PutInstance(access.Instance{ID: "i"}) }, []string{store.KeyInstance()}},
		{"PutPermissionSet", func(tx store.Tx) error { return tx.PutPermissionSet(testSet("ps-1")) }, []string{store.KeyPermissionSets()}},
		{"PutAssignment", func(tx store.Tx) error { return tx.PutAssignment(a) }, []string{store.KeyAssigned("u1"), store.KeyAssignments(acct)}},
		{"DeleteAssignment", func(tx store.Tx) error { return tx.DeleteAssignment(a) }, []string{store.KeyAssigned("u1"), store.KeyAssignments(acct)}},
		{"PutRole", func(tx store.Tx) error { return tx.PutRole(role) }, sortedKeys(store.KeyRole(role.ID), store.KeyRoles(acct))},
		{"DeleteRole", func(tx store.Tx) error { return tx.DeleteRole(role.ID) }, sortedKeys(store.KeyRole(role.ID), store.KeyRoles(acct))},
		{"DeletePermissionSet", func(tx store.Tx) error { return tx.DeletePermissionSet("ps-1") }, []string{store.KeyPermissionSets()}},
		{"PutAccessKey", func(tx store.Tx) error { return tx.PutAccessKey(iam.AccessKey{ID: "AKIA1", Account: acct}) }, []string{store.KeyAccessKey("AKIA1")}},
		{"DeleteAccessKey", func(tx store.Tx) error { return tx.DeleteAccessKey("AKIA1") }, []string{store.KeyAccessKey("AKIA1")}},
		{"PutSession", func(tx store.Tx) error { return do(tx.PutSession(s), tx.PutSession(s2)) }, []string{store.KeySession("s1"), store.KeySession("s2")}},
		{"EndSession", func(tx store.Tx) error { return tx.EndSession("s1", now, session.SignedOut) }, []string{store.KeySession("s1")}},
		{"EndSession again", func(tx store.Tx) error { return tx.EndSession("s1", now, session.SignedOut) }, nil},
		{"EndSessionsOf", func(tx store.Tx) error {
			return do(tx.PutSession(session.Session{ID: "s3", User: "u1"}), tx.EndSessionsOf("u1", now, session.UserDisabled))
		}, []string{store.KeySession("s2"), store.KeySession("s3")}},
		{"PutCookie", func(tx store.Tx) error { return tx.PutCookie(session.Cookie{Hash: "k", Session: "s1"}) }, nil},
		{"DeleteCookie", func(tx store.Tx) error { return tx.DeleteCookie("k") }, []string{store.KeyCookie("k")}},
		{"PutGrant", func(tx store.Tx) error { return tx.PutGrant(token.Grant{ID: "gr"}) }, []string{store.KeyGrant("gr")}},
		{"PutDataKey", func(tx store.Tx) error { return tx.PutDataKey(keys.Wrapped{ID: 9, Sealed: []byte("x")}) }, []string{store.KeyDataKeys()}},
		{"PutMessage", func(tx store.Tx) error { return tx.PutMessage(notify.Message{ID: "m"}) }, []string{store.KeyOutbox()}},
		{"DeleteMessages", store.Tx.DeleteMessages, []string{store.KeyOutbox()}},
		{"a key once", func(tx store.Tx) error { return do(tx.PutUser(testUser("u1")), tx.PutUser(testUser("u1"))) }, []string{store.KeyUser("u1")}},
		{"nothing", func(store.Tx) error { return nil }, nil},
	} {
		equal(t, c.name, noted(t, db, c.write), c.want)
	}
}

// testChangesRolledBack: what did not happen is not reported, and a watcher is
// told nothing after its context ended.
func testChangesRolledBack(t *testing.T, db store.DB) {
	ctx, stop := context.WithCancel(t.Context())
	w := watch(ctx, db)
	err := db.Update(t.Context(), nil, func(tx store.Tx) error { return do(tx.PutUser(testUser("u1")), errGiveUp) })
	equal(t, "error", err, errGiveUp)
	update(t, db, func(tx store.Tx) error { return tx.PutUser(testUser("u2")) })
	stop()
	update(t, db, func(tx store.Tx) error { return tx.PutUser(testUser("u3")) })
	got, _ := w.seen()
	equal(t, "reported", got, []string{store.KeyUser("u2")})
}

// testChangesAcross: another process is told within a second, each change once,
// and not of its own changes a second time.
func testChangesAcross(t *testing.T, open func() store.DB) {
	here, there := open(), open()
	atHere, atThere := watch(t.Context(), here), watch(t.Context(), there)
	for i := range 5 {
		id := fmt.Sprint("u", i)
		update(t, here, func(tx store.Tx) error { return tx.PutUser(testUser(id)) })
		took := atThere.wait(t, "a change of another process", func(keys []string, _ int) bool {
			return slices.Contains(keys, store.KeyUser(id))
		})
		// The promise is a second; a machine that tests many things at once gets more.
		if took > 5*time.Second {
			t.Errorf("reported after %v", took)
		}
	}
	update(t, there, func(tx store.Tx) error { return tx.PutInstance(access.Instance{ID: "i"}) })
	atHere.wait(t, "a change in the other direction", func(keys []string, _ int) bool { return slices.Contains(keys, store.KeyInstance()) })
	want := []string{store.KeyInstance(), store.KeyUser("u0"), store.KeyUser("u1"), store.KeyUser("u2"), store.KeyUser("u3"), store.KeyUser("u4")}
	for _, w := range []*watcher{atHere, atThere} {
		got, _ := w.seen()
		equal(t, "reported", got, want)
	}
}

// testChangesOutOfOrder: many transactions of several processes at once, which
// commit in another order than they began, are all reported everywhere once.
func testChangesOutOfOrder(t *testing.T, open func() store.DB) {
	dbs := []store.DB{open(), open(), open()}
	var watchers []*watcher
	for _, db := range dbs {
		watchers = append(watchers, watch(t.Context(), db))
	}
	const each = 40
	var want []string
	var wg sync.WaitGroup
	for n, db := range dbs {
		for i := range each {
			id := fmt.Sprintf("%d-%d", n, i)
			want = append(want, store.KeyUser(id))
			wg.Go(func() {
				if err := db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.PutUser(testUser(id)) }); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	want = sortedKeys(want...)
	for _, w := range watchers {
		w.wait(t, "all changes", func(keys []string, _ int) bool { return len(keys) >= len(want) })
		got, _ := w.seen()
		equal(t, "reported", got, want)
	}
}

// testMassChange: what changes more than is worth listing is reported as a
// change of everything, here and elsewhere.
func testMassChange(t *testing.T, open func() store.DB) {
	here, there := open(), open()
	atHere, atThere := watch(t.Context(), here), watch(t.Context(), there)
	update(t, here, func(tx store.Tx) error {
		for i := range 1500 {
			if err := tx.PutUser(testUser(fmt.Sprint("u", i))); err != nil {
				return err
			}
		}
		return nil
	})
	if _, lost := atHere.seen(); lost == 0 {
		t.Error("not reported in the same process")
	}
	atThere.wait(t, "a mass change", func(_ []string, lost int) bool { return lost > 0 })
}
