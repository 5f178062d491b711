package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"sekisho/internal/clock"
	"sekisho/internal/config"
	"sekisho/internal/keys"
	"sekisho/internal/sqldb"
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
	if errors.Is(err, fs.ErrNotExist) {
		if err := mayMakeKey(ctx, sql, c.KeyFile()); err != nil {
			return nil, err
		}
		master, err = newMasterKey(c.KeyFile())
	}
	if err != nil {
		return nil, err
	}
	ring, err := keys.NewRing(master)
	if err != nil {
		return nil, err
	}
	db, err := openStore(ctx, sql, ring)
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

// openStore names the file in what goes wrong; a URL may hold a password.
func openStore(ctx context.Context, sql sqldb.Config, ring *keys.Ring) (*sqlstore.DB, error) {
	db, err := sqlstore.Open(ctx, sql, ring)
	if err != nil && sql.URL == "" {
		return nil, fmt.Errorf("%s: %w", sql.Path, err)
	}
	return db, err
}

// mayMakeKey refuses to make a master key for a database that has one already:
// the key is lost or elsewhere, and another one would only hide that.
func mayMakeKey(ctx context.Context, sql sqldb.Config, path string) error {
	if sql.URL == "" {
		if _, err := os.Stat(sql.Path); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	db, err := openStore(ctx, sql, nil)
	if err != nil {
		return err
	}
	err = db.View(ctx, func(tx store.Tx) error {
		stored, err := tx.DataKeys()
		if err == nil && len(stored) > 0 {
			err = fmt.Errorf("the master key %s is missing, and the database cannot be read without it: put it back (sekisho backup keeps a copy)", path)
		}
		return err
	})
	return errors.Join(err, db.Close())
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
