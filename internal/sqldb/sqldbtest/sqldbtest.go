// Package sqldbtest gives tests empty databases on every engine that sqldb
// knows. For PostgreSQL it starts a private server, once per test binary and
// only when one is asked for, or uses the one named by SEKISHO_TEST_POSTGRES.
// If there is neither, tests fail; they are never skipped.
package sqldbtest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"sekisho/internal/sqldb"
)

// Each runs f as one subtest per engine. Each call of open names a new, empty
// database, which goes away when the subtest ends.
func Each(t *testing.T, f func(t *testing.T, open func() sqldb.Config)) {
	t.Helper()
	for name, fresh := range map[string]func(testing.TB) sqldb.Config{"sqlite": SQLite, "postgresql": PostgreSQL} {
		t.Run(name, func(t *testing.T) { f(t, func() sqldb.Config { return fresh(t) }) })
	}
}

// EachBench is Each for benchmarks.
func EachBench(b *testing.B, f func(b *testing.B, open func() sqldb.Config)) {
	b.Helper()
	b.Run("sqlite", func(b *testing.B) { f(b, func() sqldb.Config { return SQLite(b) }) })
	b.Run("postgresql", func(b *testing.B) { f(b, func() sqldb.Config { return PostgreSQL(b) }) })
}

// KillRounds is how many times a test that kills a writer does so: 20, or what
// SEKISHO_TEST_KILL_ROUNDS says.
func KillRounds(tb testing.TB) int {
	tb.Helper()
	s := os.Getenv(envRounds)
	if s == "" {
		return 20
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

// Open opens a database and closes it when the test ends.
func Open(tb testing.TB, c sqldb.Config) *sqldb.DB {
	tb.Helper()
	db, err := sqldb.Open(tb.Context(), c)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return db
}

// SQLite names a new file.
func SQLite(tb testing.TB) sqldb.Config {
	tb.Helper()
	return sqldb.Config{Path: filepath.Join(tb.TempDir(), "test.db")}
}

// PostgreSQL creates an empty database on the test server.
func PostgreSQL(tb testing.TB) sqldb.Config {
	tb.Helper()
	server, err := serverURL()
	if err != nil {
		tb.Fatal(err)
	}
	name := "t" + strings.ToLower(rand.Text()[:16])
	if err := administer(server, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		tb.Fatalf("creating a database on the test server: %v", err)
	}
	tb.Cleanup(func() {
		if err := administer(server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			tb.Errorf("dropping a database of the test server: %v", err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		tb.Fatal("the address of the test server is no URL")
	}
	u.Path = "/" + name
	return sqldb.Config{URL: u.String()}
}

// administer runs one statement on a connection of its own; the test's context
// may be over already.
func administer(server, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}
