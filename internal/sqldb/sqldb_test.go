package sqldb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
)

// migrate gives db the tables of one test.
func migrate(tb testing.TB, db *sqldb.DB, up string) {
	tb.Helper()
	if err := db.Migrate(tb.Context(), files(up)); err != nil {
		tb.Fatal(err)
	}
}

func files(ups ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i, up := range ups {
		m[fmt.Sprintf("%05d_test.sql", i+1)] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + up + "\n")}
	}
	return m
}

// eachDB runs f on an empty database with the given tables, on each engine.
func eachDB(t *testing.T, up string, f func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	sqldbtest.Each(t, func(t *testing.T, open func() sqldb.Config) {
		db := sqldbtest.Open(t, open())
		migrate(t, db, up)
		f(t, db)
	})
}

func execute(db *sqldb.DB, query string, args ...any) error {
	ctx := context.Background()
	return db.Update(ctx, func(tx sqldb.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
}

func mustExec(tb testing.TB, db *sqldb.DB, query string, args ...any) {
	tb.Helper()
	if err := execute(db, query, args...); err != nil {
		tb.Fatal(err)
	}
}

// number returns the one integer that a query gives.
func number(tb testing.TB, db *sqldb.DB, query string, args ...any) int64 {
	tb.Helper()
	var n int64
	err := db.View(tb.Context(), func(tx sqldb.Tx) (err error) {
		n, err = sqldb.One(tb.Context(), tx, sqldb.Value[int64], query, args...)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

const counter = `CREATE TABLE counters (name TEXT PRIMARY KEY, n BIGINT NOT NULL);
INSERT INTO counters(name, n) VALUES ('a', 0), ('b', 0);`

func TestConcurrentUpdatesLoseNothing(t *testing.T) {
	const updates = 1000
	eachDB(t, counter, func(t *testing.T, db *sqldb.DB) {
		var wg sync.WaitGroup
		var hooks atomic.Int64
		errs := make(chan error, updates)
		for range updates {
			wg.Go(func() {
				errs <- db.Update(t.Context(), func(tx sqldb.Tx) error {
					n, err := sqldb.One(t.Context(), tx, sqldb.Value[int64], "SELECT n FROM counters WHERE name = ?", "a")
					if err != nil {
						return err
					}
					tx.OnCommit(func() { hooks.Add(1) })
					return sqldb.ExecOne(t.Context(), tx, "UPDATE counters SET n = ? WHERE name = ?", n+1, "a")
				})
			})
		}
		wg.Wait()
		close(errs)
		for err := range errs {
			if err != nil {
				t.Fatal(err)
			}
		}
		if n := number(t, db, "SELECT n FROM counters WHERE name = ?", "a"); n != updates {
			t.Errorf("the counter is %d after %d updates", n, updates)
		}
		if n := hooks.Load(); n != updates {
			t.Errorf("%d hooks ran for %d updates", n, updates)
		}
	})
}

// Two transactions that each read what the other writes: one must see the
// other's write, or both would empty the shared account.
func TestUpdateAllowsNoWriteSkew(t *testing.T) {
	eachDB(t, counter, func(t *testing.T, db *sqldb.DB) {
		for round := range 20 {
			mustExec(t, db, "UPDATE counters SET n = 1")
			var wg sync.WaitGroup
			var taken atomic.Int64
			for _, name := range []string{"a", "b"} {
				wg.Go(func() {
					took := false
					err := db.Update(t.Context(), func(tx sqldb.Tx) error {
						took = false
						sum, err := sqldb.One(t.Context(), tx, sqldb.Value[int64], "SELECT CAST(SUM(n) AS BIGINT) FROM counters")
						if err != nil || sum < 2 {
							return err
						}
						runtime.Gosched()
						took = true
						_, err = tx.Exec(t.Context(), "UPDATE counters SET n = 0 WHERE name = ?", name)
						return err
					})
					if err != nil {
						t.Error(err)
					}
					if took {
						taken.Add(1)
					}
				})
			}
			wg.Wait()
			if taken.Load() != 1 {
				t.Fatalf("round %d: %d of two took the last one", round, taken.Load())
			}
		}
	})
}

func TestViewIsASnapshotThatCannotWrite(t *testing.T) {
	eachDB(t, counter, func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		read := func(tx sqldb.Tx) int64 {
			n, err := sqldb.One(ctx, tx, sqldb.Value[int64], "SELECT n FROM counters WHERE name = 'a'")
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		err := db.View(ctx, func(tx sqldb.Tx) error {
			before := read(tx)
			mustExec(t, db, "UPDATE counters SET n = n + 1")
			if after := read(tx); after != before {
				t.Errorf("the view saw %d, then %d", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.View(ctx, func(tx sqldb.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE counters SET n = 100")
			return err
		})
		if fault.ReasonOf(err) != "read-only" {
			t.Errorf("writing in a view: %v", err)
		}
		if n := number(t, db, "SELECT n FROM counters WHERE name = 'a'"); n != 1 {
			t.Errorf("the view wrote: %d", n)
		}
	})
}

func TestErrorKinds(t *testing.T) {
	const secret = "hunter2-value"
	tables := `CREATE TABLE accounts (id TEXT PRIMARY KEY);
CREATE TABLE users (account TEXT NOT NULL REFERENCES accounts(id), name TEXT NOT NULL, email TEXT NOT NULL, n BIGINT, UNIQUE (account, name));
CREATE UNIQUE INDEX users_email ON users (email);
CREATE UNIQUE INDEX users_lower_name ON users (lower(name), n);
INSERT INTO accounts(id) VALUES ('1'), ('` + secret + `');
INSERT INTO users(account, name, email, n) VALUES ('1', '` + secret + `', '` + secret + `', 1);`
	insert := "INSERT INTO users(account, name, email, n) VALUES (?, ?, ?, ?)"
	tests := []struct {
		name   string
		query  string
		args   []any
		kind   fault.Kind
		reason string
	}{
		{"primary key", "INSERT INTO accounts(id) VALUES (?)", []any{secret}, fault.AlreadyExists, "accounts(id)"},
		{"unique constraint", insert, []any{"1", secret, "x", 2}, fault.AlreadyExists, "users(account,name)"},
		{"unique index", insert, []any{"1", "x", secret, 2}, fault.AlreadyExists, "users(email)"},
		{"unique expression", insert, []any{"1", strings.ToUpper(secret), "x", 1}, fault.AlreadyExists, "users_lower_name"},
		{"no parent", insert, []any{secret + "2", "x", "y", 2}, fault.Conflict, "foreign-key"},
		{"has children", "DELETE FROM accounts WHERE id = ?", []any{"1"}, fault.Conflict, "foreign-key"},
		{"not null", insert, []any{"1", nil, secret, 3}, fault.Internal, ""},
		{"no such table", "SELECT 1 FROM nowhere WHERE x = ?", []any{secret}, fault.Internal, ""},
		{"too few arguments", "UPDATE users SET n = ? WHERE name = ?", []any{secret}, fault.Internal, ""},
		{"a time", "UPDATE users SET n = ?", []any{time.Unix(1, 0)}, fault.Internal, ""},
		{"a struct", "UPDATE users SET n = ?", []any{struct{ s string }{secret}}, fault.Internal, ""},
	}
	eachDB(t, tables, func(t *testing.T, db *sqldb.DB) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				err := execute(db, test.query, test.args...)
				if err == nil {
					t.Fatal("no error")
				}
				if fault.KindOf(err) != test.kind || fault.ReasonOf(err) != test.reason {
					t.Errorf("got kind %v and reason %q: %v", fault.KindOf(err), fault.ReasonOf(err), err)
				}
				if strings.Contains(strings.ToLower(err.Error()), secret) {
					t.Errorf("the text holds a value: %v", err)
				}
			})
		}
		t.Run("no rows", func(t *testing.T) {
			err := db.Update(t.Context(), func(tx sqldb.Tx) error {
				_, err := sqldb.One(t.Context(), tx, sqldb.Value[int64], "SELECT n FROM users WHERE name = ?", "nobody")
				if !fault.Is(err, fault.NotFound) {
					t.Errorf("One: %v", err)
				}
				if err := sqldb.ExecOne(t.Context(), tx, "DELETE FROM users WHERE name = ?", "nobody"); !fault.Is(err, fault.NotFound) {
					t.Errorf("ExecOne: %v", err)
				}
				return nil
			})
			if err != nil {
				t.Errorf("finding nothing ended the transaction: %v", err)
			}
		})
		t.Run("a column of another type", func(t *testing.T) {
			err := db.View(t.Context(), func(tx sqldb.Tx) error {
				_, err := sqldb.One(t.Context(), tx, sqldb.Value[int64], "SELECT name FROM users")
				return err
			})
			if err == nil || strings.Contains(err.Error(), secret) {
				t.Errorf("got %v", err)
			}
		})
		t.Run("wrong type for the column", func(t *testing.T) {
			if err := execute(db, "UPDATE users SET n = ?", secret); err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("the text holds a value: %v", err)
			}
		})
		t.Run("a cancelled context", func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			nothing := func(sqldb.Tx) error { return nil }
			for _, err := range []error{db.Update(ctx, nothing), db.View(ctx, nothing)} {
				if !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			}
		})
	})
}

func TestOpenFailures(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		config sqldb.Config
		kind   fault.Kind
	}{
		"nothing":           {sqldb.Config{}, fault.Invalid},
		"no URL":            {sqldb.Config{URL: "postgres://u:secret@h:port/x"}, fault.Invalid},
		"nobody listens":    {sqldb.Config{URL: "postgres://u:secret@127.0.0.1:1/x"}, fault.Unavailable},
		"path is no place":  {sqldb.Config{Path: "/dev/null/x"}, fault.Unavailable},
		"path is no SQLite": {sqldb.Config{Path: garbage(t)}, fault.Internal},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := sqldb.Open(t.Context(), test.config)
			if err == nil || fault.KindOf(err) != test.kind || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func garbage(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "garbage")
	if err := os.WriteFile(path, bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A failed statement ends the transaction on both engines, even if the
// function ignores it.
func TestFailedStatementEndsTheTransaction(t *testing.T) {
	eachDB(t, counter, func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		err := db.Update(ctx, func(tx sqldb.Tx) error {
			if _, err := tx.Exec(ctx, "UPDATE counters SET n = 7"); err != nil {
				return err
			}
			tx.OnCommit(func() { t.Error("the hook of a failed transaction ran") })
			tx.Exec(ctx, "INSERT INTO counters(name, n) VALUES ('a', 0)")
			if _, err := tx.Exec(ctx, "UPDATE counters SET n = 8"); !fault.Is(err, fault.AlreadyExists) {
				t.Errorf("a later statement: %v", err)
			}
			return nil
		})
		if !fault.Is(err, fault.AlreadyExists) {
			t.Errorf("Update: %v", err)
		}
		if n := number(t, db, "SELECT n FROM counters WHERE name = 'a'"); n != 0 {
			t.Errorf("%d was written", n)
		}
	})
}

func TestTxEndsWithItsFunction(t *testing.T) {
	eachDB(t, counter, func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		var kept sqldb.Tx
		var rows *sqldb.Rows
		err := db.Update(ctx, func(tx sqldb.Tx) (err error) {
			kept = tx
			rows, err = tx.Query(ctx, "SELECT n FROM counters")
			if err != nil {
				return err
			}
			if _, err := tx.Query(ctx, "SELECT n FROM counters"); err == nil {
				t.Error("a second statement ran while rows are open")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := kept.Exec(ctx, "UPDATE counters SET n = 1"); err == nil {
			t.Error("the transaction outlived its function")
		}
		if rows.Next() || rows.Err() == nil {
			t.Error("the rows outlived their transaction")
		}
		rows.Close()
	})
}

// Neighbours in one batch: a failure, a panic and a Goexit undo only themselves.
func TestFailuresUndoOnlyThemselves(t *testing.T) {
	eachDB(t, "CREATE TABLE things (id BIGINT PRIMARY KEY);", func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		mine := errors.New("mine")
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				defer func() {
					if p := recover(); (p != nil) != (i%4 == 2) || p != nil && p != "mine" {
						t.Errorf("%d: panic %v", i, p)
					}
				}()
				err := db.Update(ctx, func(tx sqldb.Tx) error {
					if _, err := tx.Exec(ctx, "INSERT INTO things(id) VALUES (?)", i); err != nil {
						return err
					}
					switch i % 4 {
					case 1:
						return mine
					case 2:
						panic("mine")
					case 3:
						runtime.Goexit()
					}
					return nil
				})
				if i%4 == 0 && err != nil || i%4 == 1 && err != mine { //nolint:errorlint // the very error that the function returned
					t.Errorf("%d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if all, good := number(t, db, "SELECT COUNT(*) FROM things"), number(t, db, "SELECT COUNT(*) FROM things WHERE id % 4 = 0"); all != 50 || good != 50 {
			t.Errorf("%d rows, %d of them right", all, good)
		}
	})
}

func TestHooksRunInOrderBeforeUpdateReturns(t *testing.T) {
	eachDB(t, "CREATE TABLE things (id BIGINT PRIMARY KEY);", func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		var order []int
		err := db.Update(ctx, func(tx sqldb.Tx) error {
			for i := range 3 {
				tx.OnCommit(func() { order = append(order, i) })
			}
			if _, err := tx.Exec(ctx, "INSERT INTO things(id) VALUES (1)"); err != nil {
				return err
			}
			if len(order) > 0 {
				t.Error("a hook ran before the commit")
			}
			return nil
		})
		if err != nil || !slices.Equal(order, []int{0, 1, 2}) {
			t.Errorf("order %v, error %v", order, err)
		}
		func() {
			defer func() {
				if p := recover(); p == nil || !strings.Contains(fmt.Sprint(p), "loud") {
					t.Errorf("panic %v", p)
				}
			}()
			db.Update(ctx, func(tx sqldb.Tx) error {
				tx.OnCommit(func() { panic("loud") })
				_, err := tx.Exec(ctx, "INSERT INTO things(id) VALUES (2)")
				return err
			})
		}()
		if n := number(t, db, "SELECT COUNT(*) FROM things"); n != 2 {
			t.Errorf("%d rows", n)
		}
		mustExec(t, db, "INSERT INTO things(id) VALUES (3)") // the writer lives
	})
}

func TestValuesComeBackAsTheyWere(t *testing.T) {
	type name string
	at := time.Date(2026, 1, 2, 3, 4, 5, 6789000, time.UTC)
	eachDB(t, "CREATE TABLE v (s TEXT, n BIGINT, b BLOB, yes BIGINT, at BIGINT, never BIGINT, missing TEXT);", func(t *testing.T, db *sqldb.DB) {
		mustExec(t, db, "INSERT INTO v(s, n, b, yes, at, never, missing) VALUES (?, ?, ?, ?, ?, ?, ?)",
			name("関所 '?'"), uint32(7), []byte{0, 1, 255}, true, sqldb.Micros(at), sqldb.Micros(time.Time{}), nil)
		err := db.View(t.Context(), func(tx sqldb.Tx) error {
			var s name
			var n int
			var b []byte
			var yes bool
			var when, never time.Time
			var missing *string
			row := tx.QueryRow(t.Context(), "SELECT s, n, b, yes, at, never, missing FROM v WHERE s = ? AND s <> '?'", name("関所 '?'"))
			if err := row.Scan(&s, &n, &b, &yes, sqldb.AsTime(&when), sqldb.AsTime(&never), &missing); err != nil {
				return err
			}
			if s != "関所 '?'" || n != 7 || !bytes.Equal(b, []byte{0, 1, 255}) || !yes || !when.Equal(at) || !never.IsZero() || missing != nil {
				t.Errorf("got %q %d %v %v %v %v %v", s, n, b, yes, when, never, missing)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// The package documentation promises one order and one LIKE.
func TestTextComparesByBytes(t *testing.T) {
	eachDB(t, "CREATE TABLE w (s TEXT PRIMARY KEY);", func(t *testing.T, db *sqldb.DB) {
		for _, s := range []string{"a", "B", "_", "é", "Z", "ab", "a-b", "A"} {
			mustExec(t, db, "INSERT INTO w(s) VALUES (?)", s)
		}
		err := db.View(t.Context(), func(tx sqldb.Tx) error {
			all, err := sqldb.All(t.Context(), tx, sqldb.Value[string], "SELECT s FROM w ORDER BY s")
			if err == nil && !slices.IsSorted(all) {
				t.Errorf("order %q", all)
			}
			if err != nil {
				return err
			}
			like, err := sqldb.All(t.Context(), tx, sqldb.Value[string], "SELECT s FROM w WHERE s LIKE 'a%' ORDER BY s")
			if !slices.Equal(like, []string{"a", "a-b", "ab"}) {
				t.Errorf("LIKE gave %q", like)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestMigrate(t *testing.T) {
	first := "CREATE TABLE one (id BIGINT PRIMARY KEY, note TEXT DEFAULT 'TEXT; BLOB', data BLOB);"
	second := "CREATE TABLE two (id BIGINT PRIMARY KEY); -- a TEXT'less table"
	sqldbtest.Each(t, func(t *testing.T, open func() sqldb.Config) {
		c := open()
		db := sqldbtest.Open(t, c)
		if err := db.Migrate(t.Context(), files(first)); err != nil {
			t.Fatal(err)
		}
		err := db.Migrate(t.Context(), files(first, "CREATE TABLE half (id BIGINT); CREATE TABLE one (id BIGINT);"))
		if err == nil || !strings.Contains(err.Error(), "00002_test.sql") {
			t.Errorf("a wrong migration: %v", err)
		}
		// Several processes start at once.
		var wg sync.WaitGroup
		for range 4 {
			other := sqldbtest.Open(t, c)
			wg.Go(func() {
				if err := other.Migrate(t.Context(), files(first, second, counter)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := number(t, db, "SELECT COUNT(*) FROM two"); n != 0 {
			t.Error(n)
		}
		mustExec(t, db, "INSERT INTO one(id) VALUES (1)")
		if n := number(t, db, "SELECT COUNT(*) FROM one WHERE note = 'TEXT; BLOB'"); n != 1 {
			t.Error("a literal was rewritten")
		}
		if err := execute(db, "SELECT * FROM half"); err == nil {
			t.Error("half a migration was applied")
		}
	})
}

// An update whose time is up leaves its turn to the others, and fails.
func TestSlowUpdateIsCutOff(t *testing.T) {
	sqldbtest.Each(t, func(t *testing.T, open func() sqldb.Config) {
		c := open()
		c.UpdateTimeout = 50 * time.Millisecond
		db := sqldbtest.Open(t, c)
		migrate(t, db, counter)
		ctx := t.Context()
		inside, leave := make(chan struct{}), make(chan struct{})
		slow := make(chan error, 1)
		go func() {
			slow <- db.Update(ctx, func(tx sqldb.Tx) error {
				if _, err := tx.Exec(ctx, "UPDATE counters SET n = 100 WHERE name = 'a'"); err != nil {
					return err
				}
				close(inside)
				<-leave
				_, err := tx.Exec(ctx, "UPDATE counters SET n = 200 WHERE name = 'a'")
				if err == nil {
					t.Error("a statement ran after the time was up")
				}
				return nil
			})
		}()
		<-inside
		mustExec(t, db, "UPDATE counters SET n = n + 1 WHERE name = 'b'")
		time.AfterFunc(2*c.UpdateTimeout, func() { close(leave) })
		if err := <-slow; fault.ReasonOf(err) != "timeout" {
			t.Errorf("the slow update: %v", err)
		}
		if n := number(t, db, "SELECT n FROM counters WHERE name = 'a'"); n != 0 {
			t.Errorf("the slow update wrote %d", n)
		}
	})
}

func TestClosedDatabase(t *testing.T) {
	eachDB(t, counter, func(t *testing.T, db *sqldb.DB) {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		nothing := func(sqldb.Tx) error { t.Error("ran"); return nil }
		for _, err := range []error{db.Update(t.Context(), nothing), db.View(t.Context(), nothing)} {
			if !fault.Is(err, fault.Unavailable) || fault.ReasonOf(err) != "closed" {
				t.Errorf("got %v", err)
			}
		}
	})
}
