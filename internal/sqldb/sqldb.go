package sqldb

import (
	"cmp"
	"context"
	"io/fs"
	"time"

	"sekisho/internal/fault"
)

// Engine names the kind of database.
type Engine string

// The engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgresql"
)

// Config says which database to open. Zero values mean the defaults.
type Config struct {
	// Path is the SQLite file. It is created with mode 0600, its directory
	// with mode 0700.
	Path string
	// URL is a PostgreSQL connection URL, postgres://user:password@host/name?….
	// When it is set, Path is ignored.
	URL string
	// MaxReaders bounds concurrent View calls on SQLite; 8 by default.
	MaxReaders int
	// MaxConns bounds connections to PostgreSQL; 16 by default.
	MaxConns int
	// MaxQueued bounds Update calls that wait for the SQLite writer; 1024 by
	// default. Further calls wait for a place as long as their context lasts.
	MaxQueued int
	// UpdateTimeout bounds one run of an Update function, so that none holds
	// the others for ever; 10 seconds by default.
	UpdateTimeout time.Duration
}

type updateTimeout struct{}

// WithUpdateTimeout lets Update calls with the context take so long instead of
// [Config.UpdateTimeout]: for what is large and rare and must be one transaction.
// Meanwhile others who write on SQLite wait, or are told that it is busy.
func WithUpdateTimeout(ctx context.Context, d time.Duration) context.Context {
	return context.WithValue(ctx, updateTimeout{}, d)
}

// timeoutOf is how long an Update call with the context may take.
func timeoutOf(ctx context.Context, usual time.Duration) time.Duration {
	if d, ok := ctx.Value(updateTimeout{}).(time.Duration); ok {
		return d
	}
	return usual
}

func (c Config) withDefaults() Config {
	c.MaxReaders = cmp.Or(c.MaxReaders, 8)
	c.MaxConns = cmp.Or(c.MaxConns, 16)
	c.MaxQueued = cmp.Or(c.MaxQueued, 1024)
	c.UpdateTimeout = cmp.Or(c.UpdateTimeout, 10*time.Second)
	return c
}

// engine is what each kind of database does in its own way.
type engine interface {
	view(ctx context.Context, fn func(Tx) error) error
	update(ctx context.Context, fn func(Tx) error) error
	migrate(ctx context.Context, files fs.FS) error
	close() error
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	kind   Engine
	engine engine
}

// Open opens the database that c names and checks that it answers. The caller
// closes it.
func Open(ctx context.Context, c Config) (*DB, error) {
	c = c.withDefaults()
	switch {
	case c.URL != "":
		e, err := openPostgres(ctx, c)
		if err != nil {
			return nil, err
		}
		return &DB{PostgreSQL, e}, nil
	case c.Path != "":
		e, err := openSQLite(ctx, c)
		if err != nil {
			return nil, err
		}
		return &DB{SQLite, e}, nil
	}
	return nil, fault.New(fault.Invalid, "database", "a database file or URL is needed")
}

// Engine says which kind of database this is. Statements must not depend on it.
func (db *DB) Engine() Engine { return db.kind }

// View runs fn on a snapshot of the database which it can only read. Views run
// concurrently, also with Update. On a PostgreSQL-wire engine that finds a
// conflict, fn runs again, so it must not keep what an earlier run gathered.
func (db *DB) View(ctx context.Context, fn func(Tx) error) error {
	return db.engine.view(ctx, fn)
}

// Update runs fn in a serializable transaction. When it returns nil, what fn
// wrote is on disk; when it returns an error, none of it is, except for the
// Reason "commit-unknown": the connection broke while committing, and the
// caller must look. fn's own error is returned as it is.
//
// fn may run more than once (contention, a lost connection), so it must not
// have effects outside the transaction, other than by [Tx.OnCommit]. It must
// not call Update itself, and should do nothing slow: on SQLite all writers
// share one connection. The run is ended by ctx or Config.UpdateTimeout at the
// latest, from which time its statements fail.
//
// On SQLite, concurrent calls share one commit, each in its own savepoint: a
// call that fails or panics undoes only itself. A failing call, too, returns
// only after that commit, because what it saw may come from a neighbour whose
// writes were not yet on disk. A panic in fn passes through to the caller.
func (db *DB) Update(ctx context.Context, fn func(Tx) error) error {
	return db.engine.update(ctx, fn)
}

// Migrate brings the schema to the newest version in files: numbered goose SQL
// files (00001_name.sql) in the root of the file system, the same for both
// engines. For PostgreSQL the types TEXT and BLOB are read as TEXT COLLATE "C"
// and BYTEA, outside quotes and comments; so a migration must not cast to
// TEXT. Each file is one transaction. Processes that migrate at the same time
// wait for each other.
func (db *DB) Migrate(ctx context.Context, files fs.FS) error {
	return db.engine.migrate(ctx, files)
}

// Backup writes a consistent copy of an SQLite database to a new file, with
// mode 0600, while others read and write. PostgreSQL has its own tools.
func (db *DB) Backup(ctx context.Context, path string) error {
	e, ok := db.engine.(*sqliteEngine)
	if !ok {
		return fault.New(fault.Invalid, "engine", "back up PostgreSQL with its own tools, such as pg_dump")
	}
	return e.backup(ctx, path)
}

// Close waits for running transactions and closes the connections. Later calls
// fail with the Reason "closed".
func (db *DB) Close() error { return db.engine.close() }
