package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"sekisho/internal/fault"
)

// postgres is the engine of PostgreSQL and of what speaks its protocol.
type postgres struct {
	db      *sql.DB
	timeout time.Duration
	cache   rewriteCache
	// contended lets, of the transactions that lost to another once, only one
	// at a time try again: under heavy contention the rest would only make it
	// lose again.
	contended chan struct{}
	hooks     sync.Mutex
}

func openPostgres(ctx context.Context, c Config) (*postgres, error) {
	config, err := pgx.ParseConfig(c.URL)
	if err != nil { // the error's text may quote the URL, password and all
		return nil, fault.New(fault.Invalid, "database", "the database URL cannot be understood")
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(c.MaxConns)
	db.SetMaxIdleConns(c.MaxConns)
	db.SetConnMaxIdleTime(5 * time.Minute)
	db.SetConnMaxLifetime(time.Hour) // so that connections spread again after a failover
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, translate("", err)
	}
	return &postgres{db: db, timeout: c.UpdateTimeout, contended: make(chan struct{}, 1)}, nil
}

// Attempts at one transaction, and the pause before the second; each further
// pause may be twice as long, up to the maximum.
const (
	maxAttempts = 20
	firstPause  = time.Millisecond
	maxPause    = 64 * time.Millisecond
)

var (
	viewOptions   = sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	updateOptions = sql.TxOptions{Isolation: sql.LevelSerializable}
)

func (p *postgres) view(ctx context.Context, fn func(Tx) error) error {
	return p.repeat(ctx, func() error { return p.once(ctx, &viewOptions, fn) })
}

func (p *postgres) update(ctx context.Context, fn func(Tx) error) error {
	return p.repeat(ctx, func() error {
		ctx, cancel := context.WithTimeout(ctx, timeoutOf(ctx, p.timeout))
		defer cancel()
		return p.once(ctx, &updateOptions, fn)
	})
}

// repeat calls try until it succeeds or fails for good.
func (p *postgres) repeat(ctx context.Context, try func() error) error {
	err := try()
	if !again(err) {
		return give(err)
	}
	select {
	case p.contended <- struct{}{}:
		defer func() { <-p.contended }()
	case <-ctx.Done():
		return fromContext(ctx.Err())
	}
	pause := firstPause
	for range maxAttempts - 1 {
		select {
		case <-time.After(rand.N(pause)): //nolint:gosec // a pause is no secret
		case <-ctx.Done():
			return fromContext(ctx.Err())
		}
		pause = min(2*pause, maxPause)
		if err = try(); !again(err) {
			break
		}
	}
	return give(err)
}

// repeatable marks the failure of a transaction that certainly did not commit
// and may succeed when it is run again.
type repeatable struct{ error }

func again(err error) bool {
	_, ok := errors.AsType[repeatable](err)
	return ok
}

func give(err error) error {
	if r, ok := errors.AsType[repeatable](err); ok {
		return r.error
	}
	return err
}

// once runs fn in one transaction.
func (p *postgres) once(ctx context.Context, options *sql.TxOptions, fn func(Tx) error) error {
	conn, err := p.db.BeginTx(ctx, options)
	if err != nil {
		return translate("BEGIN", err)
	}
	t := &tx{conn: pgStatements{p, conn}, ctx: ctx, stmtCtx: ctx}
	defer func() {
		_ = t.end(errTxOver)
		_ = conn.Rollback() // does nothing after a commit
	}()
	err = fn(t)
	if failed := t.end(errTxOver); failed != nil {
		if mayRepeat(failed) {
			return repeatable{failed}
		}
		if err == nil {
			err = failed
		}
	}
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil { // known not to be committed
		return fromContext(err)
	}
	if err := conn.Commit(); err != nil {
		switch err = translate("COMMIT", err); {
		case contention(err):
			return repeatable{err}
		case options.ReadOnly, refused(err):
			return err
		}
		return fault.New(fault.Unavailable, "commit-unknown", "").Wrap(err)
	}
	if len(t.hooks) > 0 {
		p.hooks.Lock()
		defer p.hooks.Unlock()
		for _, f := range t.hooks {
			f()
		}
	}
	return nil
}

// contention reports that the server chose another transaction over this one.
func contention(err error) bool {
	pe, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pe.Code == "40001" || pe.Code == "40P01")
}

// refused reports that the server answered COMMIT with an error, which means
// that it rolled back; 40003 says that the server itself does not know.
func refused(err error) bool {
	pe, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pe.Code != "40003" && pe.Code[:2] != "08" && pe.Code[:2] != "57"
}

// mayRepeat reports whether a statement's failure may be gone when the
// transaction is run again: contention, or a connection that broke.
func mayRepeat(err error) bool {
	return contention(err) || fault.ReasonOf(err) == "connection"
}

func (p *postgres) migrate(ctx context.Context, files fs.FS) error {
	// The lock is looked at again every second, for five minutes.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	return migrate(ctx, goose.DialectPostgres, p.db, typedFS{files}, goose.WithSessionLocker(locker))
}

func (p *postgres) close() error { return p.db.Close() }

// pgStatements runs statements in a transaction. pgx prepares and caches them.
type pgStatements struct {
	p  *postgres
	tx *sql.Tx
}

func (s pgStatements) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	return s.tx.ExecContext(ctx, s.p.cache.get(query), args...)
}

func (s pgStatements) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	return s.tx.QueryContext(ctx, s.p.cache.get(query), args...)
}

func (pgStatements) postgreSQL() bool { return true }
