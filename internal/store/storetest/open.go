// Package storetest proves the contract of package store: Run holds any
// implementation to it, on a fresh database for each test.
//
// Open gives other packages' tests a database to work with.
package storetest

import (
	"path/filepath"
	"testing"
	"time"

	"sekisho/internal/keys"
	"sekisho/internal/secret"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
	"sekisho/internal/store/sqlstore"
)

// Open returns an empty SQLite database in a directory of its own, closed when
// the test ends. Its key ring is loaded.
func Open(tb testing.TB) store.DB {
	tb.Helper()
	db, _ := OpenWithRing(tb)
	return db
}

// OpenWithRing is Open with the key ring that the database encrypts with.
func OpenWithRing(tb testing.TB) (store.DB, *keys.Ring) {
	tb.Helper()
	ring := NewRing(tb)
	return OpenAt(tb, sqldb.Config{Path: filepath.Join(tb.TempDir(), "sekisho.db")}, ring), ring
}

// OpenAt opens a handle on the database that c names and loads the ring from it.
func OpenAt(tb testing.TB, c sqldb.Config, ring *keys.Ring) store.DB {
	tb.Helper()
	db, err := sqlstore.Open(tb.Context(), c, ring)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	if err := db.Update(tb.Context(), nil, func(tx store.Tx) error { return ring.Load(tx, time.Now()) }); err != nil {
		tb.Fatal(err)
	}
	return db
}

// NewRing returns a ring under a random master key, not yet loaded.
func NewRing(tb testing.TB) *keys.Ring {
	tb.Helper()
	ring, err := keys.NewRing(secret.Random(keys.Size))
	if err != nil {
		tb.Fatal(err)
	}
	return ring
}
