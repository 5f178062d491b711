package live

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"sekisho/internal/audit"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/store"
)

// fakeDB keeps nothing but users' names, which are version numbers. Its View is
// a snapshot, as the real one's is, and lets the test in before and after it is
// read.
type fakeDB struct {
	mu       sync.Mutex
	users    map[string]int
	watchers []func([]store.Change, bool)

	before, after func() // called by View around the reading of the snapshot, if set
	views         atomic.Int64
}

type fakeTx struct {
	store.Tx // no other method is called
	users    map[string]int
}

func (t fakeTx) User(id string) (directory.User, error) {
	v, ok := t.users[id]
	if !ok {
		return directory.User{}, fault.New(fault.NotFound, "no-user", "")
	}
	return directory.User{ID: id, UserName: strconv.Itoa(v)}, nil
}

func (f *fakeDB) View(_ context.Context, fn func(store.Tx) error) error {
	f.views.Add(1)
	if f.before != nil {
		f.before()
	}
	f.mu.Lock()
	snapshot := make(map[string]int, len(f.users))
	for k, v := range f.users {
		snapshot[k] = v
	}
	f.mu.Unlock()
	err := fn(fakeTx{users: snapshot})
	if f.after != nil {
		f.after()
	}
	return err
}

func (f *fakeDB) Update(context.Context, *audit.Event, func(store.Tx) error) error {
	return errors.New("not used")
}
func (f *fakeDB) Close() error { return nil }

func (f *fakeDB) Watch(_ context.Context, fn func([]store.Change, bool)) {
	f.watchers = append(f.watchers, fn)
}

// put commits and, as the contract has it, tells the watchers before it returns.
func (f *fakeDB) put(id string, v int) {
	f.mu.Lock()
	f.users[id] = v
	f.mu.Unlock()
	f.tell(false, store.KeyUser(id))
}

func (f *fakeDB) tell(lost bool, keys ...string) {
	changes := make([]store.Change, 0, len(keys))
	for _, k := range keys {
		changes = append(changes, store.Change{Key: k})
	}
	for _, fn := range f.watchers {
		fn(changes, lost)
	}
}

func newFake(tb testing.TB) (*fakeDB, *Cache) {
	tb.Helper()
	db := &fakeDB{users: map[string]int{"jane": 1, "taro": 1}}
	c := New(db)
	c.Follow(tb.Context())
	return db, c
}

func version(tb testing.TB, c *Cache, id string) int {
	tb.Helper()
	u, err := c.User(context.Background(), id)
	if err != nil {
		tb.Error(err)
		return -1
	}
	v, err := strconv.Atoi(u.UserName)
	if err != nil {
		tb.Error(err)
	}
	return v
}

// A fact that was read before a change and comes to be kept after it is not
// kept; one that the change does not concern is.
func TestChangeWhileReading(t *testing.T) {
	t.Parallel()
	many := make([]string, maxInvalidated+1)
	for i := range many {
		many[i] = store.KeyUser(strconv.Itoa(i))
	}
	for _, c := range []struct {
		name   string
		during func(*fakeDB)
		kept   bool
	}{
		{"nothing", func(*fakeDB) {}, true},
		{"its change", func(db *fakeDB) { db.put("jane", 2) }, false},
		{"its change among others", func(db *fakeDB) { db.users["jane"] = 2; db.tell(false, "a", store.KeyUser("jane"), "b") }, false},
		{"its change, then others", func(db *fakeDB) { db.put("jane", 2); db.put("taro", 2) }, false},
		{"another's change", func(db *fakeDB) { db.put("taro", 2) }, true},
		{"changes lost", func(db *fakeDB) { db.users["jane"] = 2; db.tell(true) }, false},
		{"too many changes to list", func(db *fakeDB) { db.put("jane", 2); db.tell(false, many...) }, false},
		{"many changes one by one", func(db *fakeDB) {
			db.put("jane", 2)
			for _, k := range many {
				db.tell(false, k)
			}
		}, false},
	} {
		db, cache := newFake(t)
		db.after = func() { db.after = nil; c.during(db) }
		if v := version(t, cache, "jane"); v != 1 {
			t.Errorf("%s: the reading that came first gave %d", c.name, v)
		}
		if v, want := version(t, cache, "jane"), db.users["jane"]; v != want {
			t.Errorf("%s: stale: %d, want %d", c.name, v, want)
		}
		if kept := db.views.Load() == 1; kept != c.kept {
			t.Errorf("%s: kept %v, want %v", c.name, kept, c.kept)
		}
		// Whatever happened, what is read afterwards is remembered.
		before := db.views.Load()
		version(t, cache, "jane")
		version(t, cache, "taro")
		version(t, cache, "taro")
		if n := db.views.Load() - before; n > 1 {
			t.Errorf("%s: %d readings of what should be remembered", c.name, n)
		}
	}
}

// A change that comes between the question and the snapshot is in the snapshot.
func TestChangeBeforeReading(t *testing.T) {
	t.Parallel()
	db, cache := newFake(t)
	db.before = func() { db.before = nil; db.put("jane", 2) }
	for range 2 {
		if v := version(t, cache, "jane"); v != 2 {
			t.Errorf("%d", v)
		}
	}
}

// Of two readings at once the older one must not displace the newer.
func TestOldReadingDoesNotDisplaceNew(t *testing.T) {
	t.Parallel()
	db, cache := newFake(t)
	db.after = func() {
		db.after = nil
		db.put("jane", 2)
		if v := version(t, cache, "jane"); v != 2 { // kept, while the outer one is still on its way
			t.Errorf("inner: %d", v)
		}
	}
	version(t, cache, "jane")
	if v := version(t, cache, "jane"); v != 2 {
		t.Errorf("afterwards: %d", v)
	}
}

// What does not exist is not remembered: it may come to exist.
func TestAbsenceIsNotRemembered(t *testing.T) {
	t.Parallel()
	db, cache := newFake(t)
	if _, err := cache.User(t.Context(), "erika"); !Gone(err) {
		t.Errorf("%v", err)
	}
	db.users["erika"] = 7 // nobody is told
	if v := version(t, cache, "erika"); v != 7 {
		t.Errorf("%d", v)
	}
}

// With lost set everything must be taken as changed.
func TestLostForgetsEverything(t *testing.T) {
	t.Parallel()
	db, cache := newFake(t)
	version(t, cache, "jane")
	version(t, cache, "taro")
	db.users["jane"], db.users["taro"] = 2, 2
	db.tell(true)
	if len(cache.entries) != 0 || len(cache.byDep) != 0 {
		t.Errorf("%d entries, %d dependencies", len(cache.entries), len(cache.byDep))
	}
	if version(t, cache, "jane") != 2 || version(t, cache, "taro") != 2 {
		t.Error("stale")
	}
}

// However many facts are asked for, a bounded number is remembered, and what
// they lean on is forgotten with them.
func TestBound(t *testing.T) {
	t.Parallel()
	_, cache := newFake(t)
	for i := range maxEntries + maxEntries/5 {
		id := strconv.Itoa(i)
		cache.keep(key{kind: kindUser, a: id}, entry{directory.User{}, []string{store.KeyUser(id), "shared"}}, 0)
		if len(cache.entries) > maxEntries {
			t.Fatalf("%d entries", len(cache.entries))
		}
	}
	if n, shared := len(cache.entries), len(cache.byDep["shared"]); len(cache.byDep) != n+1 || shared != n {
		t.Errorf("%d entries, %d dependencies, %d that share one", n, len(cache.byDep), shared)
	}
	changes := make([]store.Change, 0, 3*maxInvalidated)
	for i := range cap(changes) {
		changes = append(changes, store.Change{Key: fmt.Sprint("x/", i)})
		cache.apply(changes[i:], false)
	}
	if n := len(cache.invalidated); n > maxInvalidated {
		t.Errorf("%d changes listed", n)
	}
	cache.apply([]store.Change{{Key: "shared"}}, false)
	if len(cache.entries) != 0 || len(cache.byDep) != 0 {
		t.Errorf("after the shared change: %d entries, %d dependencies", len(cache.entries), len(cache.byDep))
	}
}

// Many at once: no answer is older than what had been acknowledged before the
// question (promise 12). Run with -race.
func TestNeverStaleUnderConcurrency(t *testing.T) {
	t.Parallel()
	const users, writes = 5, 2000
	db, cache := newFake(t)
	db.after = runtime.Gosched
	db.before = runtime.Gosched
	var acknowledged [users]atomic.Int64
	id := func(i int) string { return "user" + strconv.Itoa(i) }
	for i := range users {
		db.users[id(i)] = 0
	}
	var (
		writers, readers sync.WaitGroup
		done             = make(chan struct{})
		answers          atomic.Int64
	)
	for i := range users {
		writers.Go(func() {
			for v := 1; v <= writes; v++ {
				db.put(id(i), v)
				acknowledged[i].Store(int64(v))
				if rand.IntN(200) == 0 {
					db.tell(true)
				}
				if rand.IntN(4) == 0 {
					runtime.Gosched()
				}
			}
		})
	}
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				i := rand.IntN(users)
				atLeast := acknowledged[i].Load()
				if v := version(t, cache, id(i)); int64(v) < atLeast {
					t.Errorf("user %d: %d after %d was acknowledged", i, v, atLeast)
					return
				}
				answers.Add(1)
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
	for i := range users {
		if v := version(t, cache, id(i)); v != writes {
			t.Errorf("user %d ends at %d", i, v)
		}
	}
	if a, v := answers.Load(), db.views.Load(); v >= a+users {
		t.Errorf("%d readings for %d answers: nothing was remembered", v, a)
	}
}
