package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver named "sqlite"

	"sekisho/internal/fault"
)

// sqliteEngine has a pool of connections that read and one that writes.
type sqliteEngine struct {
	write, read *sql.DB
	// readers holds a place for each connection that may read; a place is nil
	// until a View first needs its connection.
	readers chan *sqliteConn
	writer  *writer
	closing chan struct{}
	once    sync.Once
}

func openSQLite(ctx context.Context, c Config) (*sqliteEngine, error) {
	path, err := filepath.Abs(c.Path)
	if err == nil {
		err = createPrivate(path)
	}
	if err != nil {
		return nil, fault.New(fault.Unavailable, "file", "").Wrap(err)
	}
	e := &sqliteEngine{readers: make(chan *sqliteConn, c.MaxReaders), closing: make(chan struct{})}
	for range c.MaxReaders {
		e.readers <- nil
	}
	if e.write, err = sql.Open("sqlite", sqliteURI(path, "_txlock=immediate")); err != nil {
		return nil, translate("", err)
	}
	if e.read, err = sql.Open("sqlite", sqliteURI(path, "_pragma=query_only(1)")); err != nil {
		return nil, errors.Join(translate("", err), e.write.Close())
	}
	conn, err := newSQLiteConn(ctx, e.write)
	if err != nil {
		return nil, errors.Join(err, e.write.Close(), e.read.Close())
	}
	e.writer = newWriter(e.write, conn, c)
	return e, nil
}

// createPrivate makes the file, which SQLite would make readable for everybody.
// Its companions -wal and -shm take over its mode.
func createPrivate(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

// sqliteURI says how each connection is set up. busy_timeout comes first, so
// that it holds while the others wait for a lock.
func sqliteURI(path, more string) string {
	query := "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_pragma=case_sensitive_like(1)&_dqs=0&" + more
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: query}).String()
}

func (e *sqliteEngine) view(ctx context.Context, fn func(Tx) error) error {
	var conn *sqliteConn
	select {
	case <-e.closing:
		return errClosed
	default:
	}
	select {
	case conn = <-e.readers:
	case <-ctx.Done():
		return fromContext(ctx.Err())
	case <-e.closing:
		return errClosed
	}
	defer func() { e.readers <- conn }()
	if conn == nil {
		c, err := newSQLiteConn(ctx, e.read)
		if err != nil {
			return err
		}
		conn = c
	}
	if err := conn.do("BEGIN"); err != nil {
		conn.discard()
		conn = nil
		return err
	}
	// A context that can end would cost two goroutines per statement, several
	// times the price of a point read.
	t := &tx{conn: conn, ctx: ctx, stmtCtx: context.Background()}
	defer func() {
		_ = t.end(errTxOver)
		if err := conn.do("ROLLBACK"); err != nil {
			conn.discard()
			conn = nil
		}
	}()
	err := fn(t)
	if failed := t.end(errTxOver); err == nil {
		err = failed
	}
	return err
}

func (e *sqliteEngine) update(ctx context.Context, fn func(Tx) error) error {
	return e.writer.update(ctx, fn)
}

// migrate tries again when it failed, because another process may have run the
// same migration between our looking and our locking; then it finds it done.
func (e *sqliteEngine) migrate(ctx context.Context, files fs.FS) error {
	var err error
	for range 3 {
		if err = migrate(ctx, goose.DialectSQLite3, e.write, files); err == nil {
			break
		}
	}
	return err
}

// backup writes a consistent copy, which needs no companions, to a new file.
func (e *sqliteEngine) backup(ctx context.Context, path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fault.New(fault.Unavailable, "file", "").Wrap(err)
	}
	defer f.Close()
	if _, err := e.write.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return errors.Join(translate("VACUUM INTO", err), os.Remove(path))
	}
	if err := f.Sync(); err != nil {
		return fault.New(fault.Unavailable, "file", "").Wrap(err)
	}
	return nil
}

func (e *sqliteEngine) close() error {
	var err error
	e.once.Do(func() {
		close(e.closing)
		for range cap(e.readers) {
			if conn := <-e.readers; conn != nil {
				conn.discard()
			}
		}
		e.writer.close()
		err = errors.Join(e.read.Close(), e.write.Close())
	})
	return err
}

var errClosed = fault.New(fault.Unavailable, "closed", "")

// sqliteConn is a connection with its prepared statements. It is used by one
// transaction at a time.
type sqliteConn struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
}

func newSQLiteConn(ctx context.Context, db *sql.DB) (*sqliteConn, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, translate("", err)
	}
	return &sqliteConn{conn, make(map[string]*sql.Stmt)}, nil
}

// discard closes the connection in earnest, so that nothing of a failed
// transaction returns to a pool.
func (c *sqliteConn) discard() {
	c.forget()
	_ = c.conn.Raw(func(any) error { return driver.ErrBadConn })
	c.conn.Close()
}

func (c *sqliteConn) forget() {
	for _, s := range c.prepared {
		s.Close()
	}
	clear(c.prepared)
}

func (c *sqliteConn) stmt(query string) (*sql.Stmt, error) {
	if s, ok := c.prepared[query]; ok {
		return s, nil
	}
	s, err := c.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	if len(c.prepared) >= maxCached {
		c.forget()
	}
	c.prepared[query] = s
	return s, nil
}

func (c *sqliteConn) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	s, err := c.stmt(query) //nolint:sqlclosecheck // kept for the next time; forget closes it
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (*sqliteConn) postgreSQL() bool { return false }

func (c *sqliteConn) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	s, err := c.stmt(query) //nolint:sqlclosecheck // kept for the next time; forget closes it
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// do runs a statement of transaction control. It is not interrupted: half a
// COMMIT helps nobody.
func (c *sqliteConn) do(query string) error {
	if _, err := c.exec(context.Background(), query, nil); err != nil {
		return translate(query, err)
	}
	return nil
}
