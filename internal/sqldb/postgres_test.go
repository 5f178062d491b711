package sqldb_test

import (
	"context"
	"testing"

	"sekisho/internal/fault"
	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
)

// A connection that breaks before the commit costs the caller nothing.
func TestPostgreSQLConnectionLossIsRepeated(t *testing.T) {
	db := sqldbtest.Open(t, sqldbtest.PostgreSQL(t))
	migrate(t, db, counter)
	runs := 0
	err := db.Update(t.Context(), func(tx sqldb.Tx) error {
		runs++
		if _, err := tx.Exec(t.Context(), "UPDATE counters SET n = n + 1 WHERE name = 'a'"); err != nil {
			return err
		}
		if runs == 1 {
			_, err := tx.Exec(t.Context(), "SELECT pg_terminate_backend(pg_backend_pid())")
			return err
		}
		return nil
	})
	if err != nil || runs != 2 {
		t.Errorf("%d runs, error %v", runs, err)
	}
	if n := number(t, db, "SELECT n FROM counters WHERE name = 'a'"); n != 1 {
		t.Errorf("the counter is %d", n)
	}
}

// When the server answers COMMIT with a refusal, its reason is passed on.
func TestPostgreSQLRefusedCommit(t *testing.T) {
	db := sqldbtest.Open(t, sqldbtest.PostgreSQL(t))
	migrate(t, db, `CREATE TABLE parents (id BIGINT PRIMARY KEY);
CREATE TABLE children (parent BIGINT REFERENCES parents(id) DEFERRABLE INITIALLY DEFERRED);`)
	if err := execute(db, "INSERT INTO children(parent) VALUES (1)"); fault.ReasonOf(err) != "foreign-key" {
		t.Errorf("got %v", err)
	}
}

// A caller that is gone by the time of the commit gets a certain answer.
func TestPostgreSQLCancelledBeforeCommit(t *testing.T) {
	db := sqldbtest.Open(t, sqldbtest.PostgreSQL(t))
	migrate(t, db, counter)
	ctx, cancel := context.WithCancel(t.Context())
	err := db.Update(ctx, func(tx sqldb.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE counters SET n = 5")
		cancel()
		return err
	})
	if fault.ReasonOf(err) != "cancelled" {
		t.Errorf("got %v", err)
	}
	if n := number(t, db, "SELECT n FROM counters WHERE name = 'a'"); n != 0 {
		t.Errorf("the counter is %d", n)
	}
}
