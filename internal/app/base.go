package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"sekisho/internal/clock"
	"sekisho/internal/config"
	"sekisho/internal/keys"
	"sekisho/internal/store"
	"sekisho/internal/store/sqlstore"
)

// Base is what every command that touches the data needs: the database, opened
// and migrated, and the key ring.
type Base struct {
	Store *sqlstore.DB
	Ring  *keys.Ring
}

// Open opens the database that c names and loads the keys. With fresh set, the
// data need not be there yet.
func Open(ctx context.Context, c config.Database, clk clock.Clock, fresh bool) (*Base, error) {
	sql, err := c.SQL()
	if err != nil {
		return nil, err
	}
	if !fresh && sql.URL == "" {
		if _, err := os.Stat(sql.Path); err != nil {
			return nil, fmt.Errorf("there is no database at %s: is --data right?", sql.Path)
		}
	}
	master, err := masterKey(c.KeyFile())
	if err != nil {
		return nil, err
	}
	ring, err := keys.NewRing(master)
	if err != nil {
		return nil, err
	}
	db, err := sqlstore.Open(ctx, sql, ring)
	if err != nil {
		return nil, err
	}
	b := &Base{Store: db, Ring: ring}
	ring.Refresh = b.reloadKeys
	err = db.Update(ctx, nil, func(tx store.Tx) error { return ring.Load(tx, clk.Now()) })
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return b, nil
}

// reloadKeys reads the keys that other nodes may have added.
func (b *Base) reloadKeys() error {
	ctx, cancel := context.WithTimeout(context.Background(), keysTimeout)
	defer cancel()
	return b.Store.View(ctx, func(tx store.Tx) error { return b.Ring.Reload(tx) })
}

const keysTimeout = 5 * time.Second

// Close releases the database.
func (b *Base) Close() error { return b.Store.Close() }
