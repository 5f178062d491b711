package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"time"

	"sekisho/internal/fault"
)

// Tx is a transaction within View or Update. It ends with the function that
// received it. Its methods may be called from one goroutine at a time, and rows
// must be closed (All and One do) before the next statement.
//
// Each method's ctx is looked at before the statement starts, and the context
// of the transaction before each statement and row. On PostgreSQL that context
// also interrupts a running statement. On SQLite nothing does: an interrupted
// write would take its neighbours' writes along, and watching a read would cost
// more than the read. So write statements that touch a bounded number of rows.
type Tx interface {
	// Exec runs a statement and returns how many rows it changed.
	Exec(ctx context.Context, query string, args ...any) (int64, error)
	// Query runs a statement that returns rows. The caller closes them.
	Query(ctx context.Context, query string, args ...any) (*Rows, error)
	// QueryRow runs a statement of which only the first row matters. Its
	// errors, NotFound among them, come from Scan, which must be called.
	QueryRow(ctx context.Context, query string, args ...any) Row
	// Loaded is to be called after a transaction has written very many rows, last. On
	// PostgreSQL, whose plans lean on statistics, it has them gathered: until the
	// server would do so by itself, a minute later, it takes the tables for almost
	// empty. On SQLite it does nothing.
	Loaded(ctx context.Context) error
	// PostgreSQL reports whether this is that, for the rare statement that the two
	// planners need in two forms.
	PostgreSQL() bool
	// OnCommit has f called once, after the transaction is committed and
	// before Update returns; never if it is rolled back. On SQLite the
	// functions of all transactions run one after another in the order of
	// their commits; on PostgreSQL one after another, nearly in that order.
	// f must be quick and must not call Update. A panic in f appears in Update.
	OnCommit(f func())
}

// Row is one row of a result. Destinations are pointers as for database/sql,
// except *sql.RawBytes; for times see [AsTime].
type Row interface {
	Scan(dest ...any) error
}

// One returns what scan makes of the first row; NotFound if there is none.
func One[T any](ctx context.Context, tx Tx, scan func(Row) (T, error), query string, args ...any) (T, error) {
	row := tx.QueryRow(ctx, query, args...)
	v, err := scan(row)
	if err != nil {
		var zero T
		return zero, err
	}
	return v, nil
}

// All returns what scan makes of each row; an empty result is nil.
func All[T any](ctx context.Context, tx Tx, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// Value scans a row of one column, as the scan function of One and All.
func Value[T any](row Row) (T, error) {
	var v T
	err := row.Scan(&v)
	return v, err
}

// ExecOne runs a statement that must change something: NotFound if it changed
// no row.
func ExecOne(ctx context.Context, tx Tx, query string, args ...any) error {
	n, err := tx.Exec(ctx, query, args...)
	if err == nil && n == 0 {
		return errNoRows
	}
	return err
}

var (
	errNoRows    = fault.New(fault.NotFound, "no-rows", "")
	errTxOver    = errors.New("sqldb: the transaction is over")
	errRowsOpen  = errors.New("sqldb: rows of an earlier statement are still open")
	errNotMicros = errors.New("sqldb: not a column of microseconds")
)

// statements runs SQL on the connection of a transaction.
type statements interface {
	exec(ctx context.Context, query string, args []any) (sql.Result, error)
	query(ctx context.Context, query string, args []any) (*sql.Rows, error)
	postgreSQL() bool
}

// tx implements Tx. Its mutex is there for end: the SQLite writer ends a
// transaction whose time is up while its function still runs.
type tx struct {
	conn statements
	// ctx decides whether another statement or row may start, stmtCtx what
	// interrupts a running one.
	ctx, stmtCtx context.Context //nolint:containedctx // a tx lives within the call that these came with

	mu    sync.Mutex
	err   error // why no statement can run any more
	rows  []*Rows
	hooks []func()
}

// start locks the transaction if a statement may start.
func (t *tx) start(ctx context.Context) error {
	if err := t.begin(ctx); err != nil {
		return err
	}
	if len(t.rows) > 0 {
		t.mu.Unlock()
		return errRowsOpen
	}
	return nil
}

// begin locks the transaction if there can be another statement or row.
func (t *tx) begin(ctx context.Context) error {
	t.mu.Lock()
	err := t.err
	if err == nil {
		if err = ctx.Err(); err == nil {
			err = t.ctx.Err()
		}
		if err != nil {
			err = fromContext(err)
			t.err = err
		}
	}
	if err != nil {
		t.mu.Unlock()
	}
	return err
}

// fail translates err and ends the transaction with it. The lock is held.
func (t *tx) fail(query string, err error) error {
	err = translate(query, err)
	if t.err == nil {
		t.err = err
	}
	return err
}

// end makes further statements fail, closes rows left open, and returns what
// ended the transaction before, if anything did.
func (t *tx) end(why error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range t.rows {
		r.rows.Close()
	}
	t.rows = nil
	before := t.err
	t.err = why
	return before
}

func (t *tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := plain(args); err != nil {
		return 0, err
	}
	if err := t.start(ctx); err != nil {
		return 0, err
	}
	defer t.mu.Unlock()
	res, err := t.conn.exec(t.stmtCtx, query, args)
	if err != nil {
		return 0, t.fail(query, err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, t.fail(query, err)
	}
	return n, nil
}

func (t *tx) Query(ctx context.Context, query string, args ...any) (*Rows, error) {
	if err := plain(args); err != nil {
		return nil, err
	}
	if err := t.start(ctx); err != nil {
		return nil, err
	}
	defer t.mu.Unlock()
	rows, err := t.conn.query(t.stmtCtx, query, args) //nolint:rowserrcheck // Rows.Next looks at it
	if err != nil {
		return nil, t.fail(query, err)
	}
	r := &Rows{tx: t, rows: rows, query: query}
	t.rows = append(t.rows, r)
	return r, nil
}

func (t *tx) QueryRow(ctx context.Context, query string, args ...any) Row {
	rows, err := t.Query(ctx, query, args...)
	return firstRow{rows, err}
}

func (t *tx) Loaded(ctx context.Context) error {
	if !t.PostgreSQL() {
		return nil
	}
	_, err := t.Exec(ctx, "ANALYZE")
	return err
}

func (t *tx) PostgreSQL() bool { return t.conn.postgreSQL() }

func (t *tx) OnCommit(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hooks = append(t.hooks, f)
}

// plain turns args into what both drivers store alike: nil, int64, float64,
// string and []byte. The slice is the variadic one of the caller's call.
func plain(args []any) error {
	for i, a := range args {
		switch v := a.(type) {
		case nil, int64, string, []byte:
			continue
		case int:
			args[i] = int64(v)
			continue
		case bool:
			args[i] = bit(v)
			continue
		}
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return fmt.Errorf("sqldb: argument %d of type %T cannot be stored", i+1, a)
		}
		switch v := v.(type) {
		case bool:
			args[i] = bit(v)
		case time.Time:
			return fmt.Errorf("sqldb: argument %d is a time; store Micros of it", i+1)
		default:
			args[i] = v
		}
	}
	return nil
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Rows is a result being read.
type Rows struct {
	tx    *tx
	rows  *sql.Rows
	query string
	err   error
}

// Next moves to the next row, the first one at first. It returns false at the
// end and on failure, of which Err tells.
func (r *Rows) Next() bool {
	if r.err = r.tx.begin(r.tx.ctx); r.err != nil {
		return false
	}
	defer r.tx.mu.Unlock()
	if r.rows.Next() {
		return true
	}
	if err := r.rows.Err(); err != nil {
		r.err = r.tx.fail(r.query, err)
	}
	return false
}

// Scan copies the current row's columns.
func (r *Rows) Scan(dest ...any) error {
	r.tx.mu.Lock()
	defer r.tx.mu.Unlock()
	if err := r.rows.Scan(dest...); err != nil {
		return translate(r.query, err)
	}
	return nil
}

// Err returns what ended the iteration, nil at the end of the rows.
func (r *Rows) Err() error { return r.err }

// Close ends the reading. It may be called more than once.
func (r *Rows) Close() {
	r.tx.mu.Lock()
	defer r.tx.mu.Unlock()
	for i, open := range r.tx.rows {
		if open == r {
			r.tx.rows = append(r.tx.rows[:i], r.tx.rows[i+1:]...)
			break
		}
	}
	r.rows.Close()
}

// firstRow is the Row of QueryRow.
type firstRow struct {
	rows *Rows
	err  error
}

func (f firstRow) Scan(dest ...any) error {
	if f.err != nil {
		return f.err
	}
	defer f.rows.Close()
	if !f.rows.Next() {
		if err := f.rows.Err(); err != nil {
			return err
		}
		return errNoRows
	}
	return f.rows.Scan(dest...)
}
