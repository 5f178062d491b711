package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"sekisho/internal/fault"
)

// Bounds of a batch, that is, of the updates that share one commit. A batch
// also ends when nobody waits any more.
const (
	maxBatch     = 64
	maxBatchTime = 20 * time.Millisecond
)

// writer owns the one SQLite connection that writes. Its goroutine opens a
// transaction, gives each waiting update its turn in a savepoint of its own,
// commits, which costs one fsync for all of them, and only then answers.
//
// An update's function runs in its caller's goroutine, so that panics and
// runtime.Goexit happen where they belong; the writer hands it the connection,
// in the form of a tx, and takes it back when the function is done or its time
// is up.
type writer struct {
	db      *sql.DB
	conn    *sqliteConn
	timeout time.Duration
	timer   *time.Timer

	queue   chan *update
	held    *update // taken from the queue, to be run next
	closing chan struct{}
	stopped chan struct{}
}

// update is a call of Update that waits for its turn or has it.
type update struct {
	ctx     context.Context //nolint:containedctx // the caller's, who waits in Update for as long as this is used
	alone   bool            // must not share its commit
	state   atomic.Int32
	granted chan *tx     // the turn begins
	result  chan error   // the function is done
	verdict chan verdict // the turn's outcome is settled
	tx      *tx          // set by the writer
	err     error        // why the turn failed; set by the writer
}

// States of an update. Only the caller withdraws, only the writer grants.
const (
	waiting int32 = iota
	granted
	withdrawn
)

// verdict is what the writer tells a caller in the end.
type verdict struct {
	err error
	// retryAlone: the batch was lost without being this update's fault, or
	// without knowing whose, and certainly not committed.
	retryAlone bool
	// panicked is a hook's panic.
	panicked any
}

// errLeft is the result of a function that panicked or called runtime.Goexit.
var errLeft = errors.New("sqldb: the function did not return")

func newWriter(db *sql.DB, conn *sqliteConn, c Config) *writer {
	w := &writer{
		db: db, conn: conn, timeout: c.UpdateTimeout, timer: time.NewTimer(time.Hour),
		queue:   make(chan *update, c.MaxQueued),
		closing: make(chan struct{}), stopped: make(chan struct{}),
	}
	go w.run()
	return w
}

// update waits for a turn, runs fn in it and returns its outcome.
func (w *writer) update(ctx context.Context, fn func(Tx) error) error {
	for alone := false; ; alone = true {
		v, err := w.turn(ctx, fn, alone)
		switch {
		case err != nil:
			return err
		case v.panicked != nil:
			panic(v.panicked)
		case v.retryAlone && !alone:
			continue
		}
		return v.err
	}
}

func (w *writer) turn(ctx context.Context, fn func(Tx) error, alone bool) (verdict, error) {
	u := &update{
		ctx: ctx, alone: alone,
		granted: make(chan *tx, 1), result: make(chan error, 1), verdict: make(chan verdict, 1),
	}
	select {
	case <-w.closing:
		return verdict{}, errClosed
	case <-ctx.Done():
		return verdict{}, fromContext(ctx.Err())
	default:
	}
	select {
	case w.queue <- u:
	case <-ctx.Done():
		return verdict{}, fromContext(ctx.Err())
	case <-w.closing:
		return verdict{}, errClosed
	}
	select {
	case t := <-u.granted:
		u.call(fn, t)
	case v := <-u.verdict: // no transaction could be opened
		return v, nil
	case <-ctx.Done():
		if u.state.CompareAndSwap(waiting, withdrawn) {
			return verdict{}, fromContext(ctx.Err())
		}
		select { // the turn came at the same moment
		case t := <-u.granted:
			u.call(fn, t)
		case v := <-u.verdict:
			return v, nil
		}
	case <-w.stopped:
		return verdict{}, errClosed
	}
	return <-u.verdict, nil
}

// call runs fn and says so to the writer, however fn ends.
func (u *update) call(fn func(Tx) error, t *tx) {
	err := errLeft
	defer func() { u.result <- err }()
	err = fn(t)
}

func (w *writer) close() {
	close(w.closing)
	<-w.stopped
}

func (w *writer) run() {
	defer close(w.stopped)
	defer func() { w.conn.discard() }()
	for {
		if u := w.held; u != nil {
			w.held = nil
			w.batch(u)
			continue
		}
		select {
		case u := <-w.queue:
			w.batch(u)
		case <-w.closing:
			return
		}
	}
}

// batch opens a transaction for first and whoever comes meanwhile.
func (w *writer) batch(first *update) {
	start := time.Now()
	if err := w.begin(first); err != nil {
		if first.state.CompareAndSwap(waiting, granted) {
			first.verdict <- verdict{err: err}
		}
		return
	}
	var members []*update
	var lost error
	for u := first; u != nil && lost == nil; u = w.next(members, start) {
		if u.state.CompareAndSwap(waiting, granted) {
			members = append(members, u)
			lost = w.grant(u)
		}
	}
	if lost != nil {
		w.reconnect()
		w.settleLost(members, lost, true)
		return
	}
	if err := w.conn.do("COMMIT"); err != nil {
		w.reconnect()
		if uncertain(err) {
			err = fault.New(fault.Unavailable, "commit-unknown", "").Wrap(err)
			w.settleLost(members, err, false)
			return
		}
		w.settleLost(members, err, true)
		return
	}
	for _, u := range members {
		v := verdict{err: u.err}
		if u.err == nil {
			v.panicked = runHooks(u.tx.hooks)
		}
		u.verdict <- v
	}
}

// begin takes the file's write lock, for which it waits as long as an update
// may take if another process has it.
func (w *writer) begin(first *update) error {
	for start := time.Now(); ; {
		err := w.conn.do("BEGIN IMMEDIATE")
		if err == nil {
			return nil
		}
		if fault.ReasonOf(err) != "busy" {
			w.reconnect()
			return err
		}
		if time.Since(start) > w.timeout || first.state.Load() != waiting {
			return err
		}
	}
}

// next returns who else may join the batch, nil if it should be committed.
func (w *writer) next(members []*update, start time.Time) *update {
	if len(members) >= maxBatch || len(members) > 0 && members[0].alone || time.Since(start) > maxBatchTime {
		return nil
	}
	select {
	case u := <-w.queue:
		if u.alone && len(members) > 0 {
			w.held = u
			return nil
		}
		return u
	default:
		return nil
	}
}

// grant gives u its turn. It returns an error if the whole batch is lost.
func (w *writer) grant(u *update) (lost error) {
	if err := w.conn.do("SAVEPOINT turn"); err != nil {
		u.err = err
		return err
	}
	// Statements are not interrupted: SQLite rolls back the whole transaction,
	// that is the neighbours' writes, when it interrupts a write.
	u.tx = &tx{conn: w.conn, ctx: u.ctx, stmtCtx: context.Background()}
	u.granted <- u.tx
	w.timer.Reset(timeoutOf(u.ctx, w.timeout))
	why := errTxOver
	select {
	case u.err = <-u.result:
	case <-u.ctx.Done():
		why = fromContext(u.ctx.Err())
		u.err = why
	case <-w.timer.C:
		why = fault.New(fault.Unavailable, "timeout", "")
		u.err = why
	}
	if failed := u.tx.end(why); u.err == nil {
		u.err = failed
	}
	if u.err != nil {
		if err := w.conn.do("ROLLBACK TO turn"); err != nil {
			return u.err
		}
	}
	return w.conn.do("RELEASE turn")
}

// settleLost answers the members of a batch that was not committed. Unless its
// fate is uncertain, those who shared it may try again alone.
func (w *writer) settleLost(members []*update, err error, certain bool) {
	for _, u := range members {
		if certain && len(members) > 1 {
			u.verdict <- verdict{err: err, retryAlone: true}
			continue
		}
		u.verdict <- verdict{err: err}
	}
}

// uncertain reports that a failed COMMIT may yet be found on disk.
func uncertain(err error) bool {
	se, ok := errors.AsType[*sqlite.Error](err)
	return !ok || se.Code()&0xff == sqlite3.SQLITE_IOERR
}

// reconnect replaces the connection after a failure of transaction control. If
// no new one can be had, the old one stays, and the next BEGIN tells.
func (w *writer) reconnect() {
	conn, err := newSQLiteConn(context.Background(), w.db)
	if err != nil {
		_ = w.conn.do("ROLLBACK")
		return
	}
	w.conn.discard()
	w.conn = conn
}

// runHooks calls what OnCommit collected and returns a panic with its stack.
func runHooks(hooks []func()) (panicked any) {
	defer func() {
		if p := recover(); p != nil {
			panicked = fmt.Sprintf("%v\n\nin a function given to OnCommit:\n%s", p, debug.Stack())
		}
	}()
	for _, f := range hooks {
		f()
	}
	return nil
}
