package sqldb_test

import (
	"context"
	"sync/atomic"
	"testing"

	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
)

const benchTable = "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL);"

type user struct {
	id          int64
	name, email string
}

func scanUser(row sqldb.Row) (u user, err error) {
	err = row.Scan(&u.id, &u.name, &u.email)
	return u, err
}

// BenchmarkPointRead is one row by key in a View of its own. "cancellable" has
// a context that can end, as every request does.
func BenchmarkPointRead(b *testing.B) {
	sqldbtest.EachBench(b, func(b *testing.B, open func() sqldb.Config) {
		db := sqldbtest.Open(b, open())
		migrate(b, db, benchTable)
		for id := range 1000 {
			mustExec(b, db, "INSERT INTO users(id, name, email) VALUES (?, ?, ?)", id, "jane", "jane@example.com")
		}
		for name, ctx := range map[string]context.Context{"background": context.Background(), "cancellable": b.Context()} {
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				id := 0
				for b.Loop() {
					id = (id + 1) % 1000
					err := db.View(ctx, func(tx sqldb.Tx) error {
						_, err := sqldb.One(ctx, tx, scanUser, "SELECT id, name, email FROM users WHERE id = ?", id)
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}

func insertUser(ctx context.Context, db *sqldb.DB, id int64) error {
	return db.Update(ctx, func(tx sqldb.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO users(id, name, email) VALUES (?, ?, ?)", id, "jane", "jane@example.com")
		return err
	})
}

// BenchmarkInsert is one durable insert after another. For PostgreSQL set
// SEKISHO_TEST_POSTGRES_FSYNC=on.
func BenchmarkInsert(b *testing.B) {
	sqldbtest.EachBench(b, func(b *testing.B, open func() sqldb.Config) {
		db := sqldbtest.Open(b, open())
		migrate(b, db, benchTable)
		var id int64
		for b.Loop() {
			id++
			if err := insertUser(b.Context(), db, id); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkParallelInsert is durable inserts by 64 callers at once.
func BenchmarkParallelInsert(b *testing.B) {
	sqldbtest.EachBench(b, func(b *testing.B, open func() sqldb.Config) {
		db := sqldbtest.Open(b, open())
		migrate(b, db, benchTable)
		var id atomic.Int64
		work := make(chan struct{})
		done := make(chan error, 64)
		b.ResetTimer()
		for range 64 {
			go func() {
				for range work {
					if err := insertUser(b.Context(), db, id.Add(1)); err != nil {
						done <- err
						for range work { // so that nobody waits for us
						}
						return
					}
				}
				done <- nil
			}()
		}
		for range b.N {
			work <- struct{}{}
		}
		close(work)
		for range 64 {
			if err := <-done; err != nil {
				b.Error(err)
			}
		}
		b.StopTimer()
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}
