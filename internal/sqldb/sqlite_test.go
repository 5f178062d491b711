package sqldb_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
)

func TestSQLiteFilesArePrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "deep", "data #1%3F?")
	path := filepath.Join(dir, "x.db")
	db := sqldbtest.Open(t, sqldb.Config{Path: path})
	migrate(t, db, counter)
	mustExec(t, db, "UPDATE counters SET n = 1")
	for name, want := range map[string]fs.FileMode{dir: 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o", filepath.Base(name), got)
		}
	}
}

func TestSQLiteSettings(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite(t))
	settings := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000"}
	check := func(tx sqldb.Tx) error {
		for name, want := range settings {
			got, err := sqldb.One(t.Context(), tx, sqldb.Value[string], "PRAGMA "+name)
			if err != nil || got != want {
				t.Errorf("%s is %q, error %v", name, got, err)
			}
		}
		return nil
	}
	if err := errors.Join(db.View(t.Context(), check), db.Update(t.Context(), check)); err != nil {
		t.Fatal(err)
	}
}

// A second process, here a second DB, writes the same file.
func TestSQLiteWritersOfTwoProcesses(t *testing.T) {
	t.Parallel()
	c := sqldbtest.SQLite(t)
	one, two := sqldbtest.Open(t, c), sqldbtest.Open(t, c)
	migrate(t, one, counter)
	var wg sync.WaitGroup
	for _, db := range []*sqldb.DB{one, two} {
		for range 4 {
			wg.Go(func() {
				for range 25 {
					if err := execute(db, "UPDATE counters SET n = n + 1 WHERE name = 'a'"); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Wait()
	if n := number(t, two, "SELECT n FROM counters WHERE name = 'a'"); n != 200 {
		t.Errorf("the counter is %d", n)
	}
}

// While another process holds the lock, a caller gives up with its context.
func TestSQLiteLockedByAnother(t *testing.T) {
	t.Parallel()
	c := sqldbtest.SQLite(t)
	one, two := sqldbtest.Open(t, c), sqldbtest.Open(t, c)
	migrate(t, one, counter)
	err := one.Update(t.Context(), func(sqldb.Tx) error {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		err := two.Update(ctx, func(sqldb.Tx) error { t.Error("ran"); return nil })
		if !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A deferred constraint fails at COMMIT, which a batch shares: only the one
// that broke it may fail.
func TestSQLiteCommitFailureHitsOnlyItsCause(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite(t))
	migrate(t, db, `CREATE TABLE parents (id BIGINT PRIMARY KEY);
CREATE TABLE children (id BIGINT PRIMARY KEY, parent BIGINT REFERENCES parents(id) DEFERRABLE INITIALLY DEFERRED);
INSERT INTO parents(id) VALUES (1);`)
	var wg sync.WaitGroup
	var hooks sync.Map
	for i := range 100 {
		wg.Go(func() {
			parent := 1
			if i%10 == 0 {
				parent = 2
			}
			err := db.Update(t.Context(), func(tx sqldb.Tx) error {
				tx.OnCommit(func() {
					if _, twice := hooks.LoadOrStore(i, true); twice || parent == 2 {
						t.Errorf("%d: a hook ran twice or without commit", i)
					}
				})
				_, err := tx.Exec(t.Context(), "INSERT INTO children(id, parent) VALUES (?, ?)", i, parent)
				return err
			})
			if parent == 1 && err != nil || parent == 2 && fault.ReasonOf(err) != "foreign-key" {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if n := number(t, db, "SELECT COUNT(*) FROM children"); n != 90 {
		t.Errorf("%d rows", n)
	}
}

// A caller that gives up while it waits is not run afterwards.
func TestSQLiteWithdrawnUpdateDoesNotRun(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite(t))
	ctx, cancel := context.WithCancel(t.Context())
	err := db.Update(t.Context(), func(sqldb.Tx) error {
		waits := make(chan error)
		go func() { waits <- db.Update(ctx, func(sqldb.Tx) error { t.Error("ran"); return nil }) }()
		cancel()
		if err := <-waits; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Promise 24: a backup taken under writes answers like the original.
func TestSQLiteBackup(t *testing.T) {
	t.Parallel()
	db := sqldbtest.Open(t, sqldbtest.SQLite(t))
	migrate(t, db, "CREATE TABLE lefts (id BIGINT PRIMARY KEY); CREATE TABLE rights (id BIGINT PRIMARY KEY);")
	ctx, cancel := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	some := make(chan struct{}, 1)
	for worker := range 4 {
		writers.Go(func() {
			for i := worker; ctx.Err() == nil; i += 4 {
				db.Update(ctx, func(tx sqldb.Tx) error {
					if _, err := tx.Exec(ctx, "INSERT INTO lefts(id) VALUES (?)", i); err != nil {
						return err
					}
					_, err := tx.Exec(ctx, "INSERT INTO rights(id) VALUES (?)", i)
					return err
				})
				select {
				case some <- struct{}{}:
				default:
				}
			}
		})
	}
	<-some
	path := filepath.Join(t.TempDir(), "copy.db")
	err := db.Backup(t.Context(), path)
	cancel()
	writers.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
	lefts, rights := bothTables(t, sqldbtest.Open(t, sqldb.Config{Path: path}))
	if len(lefts) == 0 || fmt.Sprint(lefts) != fmt.Sprint(rights) {
		t.Errorf("%d and %d rows in the copy", len(lefts), len(rights))
	}
	if err := db.Backup(t.Context(), path); err == nil {
		t.Error("a backup overwrote a file")
	}
}
