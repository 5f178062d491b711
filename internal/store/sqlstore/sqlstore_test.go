package sqlstore_test

import (
	"testing"

	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// TestContract holds both engines to package store's contract.
func TestContract(t *testing.T) {
	for engine, fresh := range map[sqldb.Engine]func(testing.TB) sqldb.Config{
		sqldb.SQLite:     sqldbtest.SQLite,
		sqldb.PostgreSQL: sqldbtest.PostgreSQL,
	} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T) func() store.DB {
				config, ring := fresh(t), storetest.NewRing(t)
				return func() store.DB { return storetest.OpenAt(t, config, ring) }
			})
		})
	}
}
