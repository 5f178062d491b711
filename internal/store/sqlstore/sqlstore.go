package sqlstore

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

//go:embed migrations/*.sql
var embedded embed.FS

// Migrations is the root of the migration files.
func Migrations() fs.FS {
	files, err := fs.Sub(embedded, "migrations")
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return files
}

// Sealer encrypts what must be readable again; keys.Ring is one. It is first
// used by a statement that keeps or reads a secret, so a ring may be loaded
// from this very database after Open.
type Sealer interface {
	Seal(purpose keys.Purpose, plaintext []byte) []byte
	Open(purpose keys.Purpose, sealed []byte) ([]byte, error)
}

// DB implements store.DB.
type DB struct {
	sql      *sqldb.DB
	sealer   Sealer
	feed     *feed
	eventIDs ids
}

var _ store.DB = (*DB)(nil)

// Open opens the database, brings its schema to the newest version, and begins
// to follow what other processes change in it. Secrets at rest are encrypted
// by sealer. The caller closes it.
func Open(ctx context.Context, c sqldb.Config, sealer Sealer) (*DB, error) {
	return open(ctx, c, sealer, time.Now)
}

// open is Open with the machine's clock, for tests that turn it. The clock of
// the application does not come in here: what runs between processes runs on
// real time, even where a developer has turned the application's.
func open(ctx context.Context, c sqldb.Config, sealer Sealer, wall func() time.Time) (*DB, error) {
	sql, err := sqldb.Open(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := sql.Migrate(ctx, Migrations()); err != nil {
		return nil, closeAfter(sql, err)
	}
	feed, err := newFeed(ctx, sql, wall)
	if err != nil {
		return nil, closeAfter(sql, err)
	}
	return &DB{sql: sql, sealer: sealer, feed: feed}, nil
}

func closeAfter(sql *sqldb.DB, err error) error {
	_ = sql.Close() // err is why we are here
	return err
}

// View runs fn on a snapshot. On PostgreSQL fn may run more than once.
func (d *DB) View(ctx context.Context, fn func(store.Tx) error) error {
	return d.sql.View(ctx, func(s sqldb.Tx) error {
		return fn(&tx{ctx: ctx, sql: s, db: d})
	})
}

// Update runs fn and commits its writes, ev and the change feed's rows
// together; see store.DB. An error whose Reason is "commit-unknown" says that
// the connection broke while committing; watchers are then told that changes
// were lost.
func (d *DB) Update(ctx context.Context, ev *audit.Event, fn func(store.Tx) error) (err error) {
	d.identify(ev)
	var turn ticket
	defer func() { d.feed.finish(turn, fault.ReasonOf(err) == "commit-unknown") }() // also if a watcher panics
	return d.sql.Update(ctx, func(s sqldb.Tx) error {
		t := &tx{ctx: ctx, sql: s, db: d}
		if err := fn(t); err != nil {
			return err
		}
		if ev != nil {
			if err := t.AppendEvent(ev); err != nil {
				return err
			}
		}
		if err := d.feed.publish(t, &turn); err != nil || !t.loaded {
			return err
		}
		return s.Loaded(ctx)
	})
}

// identify gives ev its id, once, so that a repeated transaction records it
// once.
func (d *DB) identify(ev *audit.Event) {
	if ev == nil {
		return
	}
	if ev.At.IsZero() {
		ev.At = d.feed.wall().UTC()
	}
	if ev.ID == "" {
		ev.ID = d.eventIDs.next(ev.At)
	}
}

// Watch registers fn and returns; fn is called until ctx ends, by one goroutine
// at a time. It must be quick and must not use the database. While the database
// cannot be polled, lost is reported again with every attempt, so that what a
// cache holds is never older than a second.
func (d *DB) Watch(ctx context.Context, fn func(changes []store.Change, lost bool)) {
	d.feed.watch(ctx, fn)
}

// Close ends the following of changes and releases the database after running
// transactions have ended.
func (d *DB) Close() error {
	d.feed.close()
	return d.sql.Close()
}
