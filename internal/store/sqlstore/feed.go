package sqlstore

import (
	"context"
	"strings"
	"sync"
	"time"

	"sekisho/internal/secret"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

const (
	// pollEvery is how often other processes' changes are looked for, on the
	// machine's clock.
	pollEvery = 250 * time.Millisecond
	// pollTimeout bounds one look.
	pollTimeout = 500 * time.Millisecond
	// lostAfter is how old the newest good look may be before watchers are told
	// that they may have missed something.
	lostAfter = time.Second
	// unknownFor is how long a commit of unknown outcome may still happen.
	unknownFor = time.Minute
	// feedKept is how long rows stay. Nobody who followed needs them for longer
	// than lostAfter; the rest is for clocks that differ and for looking at.
	feedKept = 2 * time.Minute
)

// feed tells watchers what is committed: this process's changes right after
// the commit, other processes' by polling table changes.
//
// Commits do not happen in the order of ids. So each row carries the id below
// which its node had nothing left to commit ("settled"), and a poll reads a
// node's rows from the greatest such id on and drops those it has seen: nothing
// is missed however long a commit takes, and only what is new is read, as there
// is no window of time to read again.
type feed struct {
	sql  *sqldb.DB
	node string
	wall func() time.Time
	ids  ids

	mu       sync.Mutex
	inFlight map[string]struct{} // the tickets of transactions that may yet commit

	delivering sync.Mutex
	watchers   map[*watcher]struct{}

	others map[string]position // of each other node; the poller's own
	stop   context.CancelFunc
	done   chan struct{}
}

type watcher struct {
	ctx context.Context //nolint:containedctx // how long to watch, not what a call runs under
	fn  func([]store.Change, bool)
}

// position is how far a node's rows are read.
type position struct {
	from string              // everything below is read
	seen map[string]struct{} // ids read from there on
}

// ticket is the first id that a transaction took; "" if it changed nothing.
type ticket string

func newFeed(ctx context.Context, sql *sqldb.DB, wall func() time.Time) (*feed, error) {
	f := &feed{
		sql: sql, node: secret.Pick("0123456789abcdef", 12), wall: wall,
		inFlight: make(map[string]struct{}), watchers: make(map[*watcher]struct{}),
		done: make(chan struct{}),
	}
	if err := f.begin(ctx); err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	f.stop = stop
	go f.run(running)
	return f, nil
}

func (f *feed) close() {
	f.stop()
	<-f.done
}

func (f *feed) watch(ctx context.Context, fn func([]store.Change, bool)) {
	w := &watcher{ctx, fn}
	f.delivering.Lock()
	f.watchers[w] = struct{}{}
	f.delivering.Unlock()
	context.AfterFunc(ctx, func() {
		f.delivering.Lock()
		defer f.delivering.Unlock()
		delete(f.watchers, w)
	})
}

func (f *feed) deliver(changes []store.Change, lost bool) {
	f.delivering.Lock()
	defer f.delivering.Unlock()
	for w := range f.watchers {
		if w.ctx.Err() == nil {
			w.fn(changes, lost)
		}
	}
}

// publish writes the rows of what t changed, and has it delivered when t is
// committed. A transaction that runs again keeps its ticket.
func (f *feed) publish(t *tx, turn *ticket) error {
	keys := t.changed
	if t.anything {
		keys = []string{""}
	}
	if len(keys) == 0 {
		return nil
	}
	ids, settled := f.take(len(keys), turn)
	for chunk := range chunks(len(keys), 200) {
		args := make([]any, 0, 4*200)
		for i := chunk.from; i < chunk.to; i++ {
			args = append(args, f.node, ids[i], settled, keys[i])
		}
		n := chunk.to - chunk.from
		if _, err := t.exec("INSERT INTO changes (node, id, settled, change_key) VALUES (?, ?, ?, ?)"+
			strings.Repeat(", (?, ?, ?, ?)", n-1), args...); err != nil {
			return err
		}
	}
	t.sql.OnCommit(func() {
		if t.anything {
			f.deliver(nil, true)
			return
		}
		changes := make([]store.Change, len(keys))
		for i, k := range keys {
			changes[i].Key = k
		}
		f.deliver(changes, false)
	})
	return nil
}

type span struct{ from, to int }

// chunks cuts n items into spans of at most size.
func chunks(n, size int) func(func(span) bool) {
	return func(yield func(span) bool) {
		for from := 0; from < n; from += size {
			if !yield(span{from, min(n, from+size)}) {
				return
			}
		}
	}
}

// take makes n ids, and the id below which this node has nothing left to commit.
func (f *feed) take(n int, turn *ticket) (ids []string, settled string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.wall()
	for range n {
		ids = append(ids, f.ids.next(now))
	}
	if *turn == "" {
		*turn = ticket(ids[0])
		f.inFlight[ids[0]] = struct{}{}
	}
	settled = ids[0]
	for id := range f.inFlight {
		settled = min(settled, id)
	}
	return ids, settled
}

// finish notes that the transaction is over. If nobody knows how, its rows may
// still appear, and its changes may have happened unnoticed.
func (f *feed) finish(turn ticket, unknown bool) {
	if turn == "" {
		return
	}
	settle := func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.inFlight, string(turn))
	}
	if !unknown {
		settle()
		return
	}
	time.AfterFunc(unknownFor, settle)
	f.deliver(nil, true)
}

// run polls until ctx ends.
func (f *feed) run(ctx context.Context) {
	defer close(f.done)
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	last := f.wall()
	lost := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		start := f.wall()
		changes, anything, err := f.poll(ctx)
		if ctx.Err() != nil {
			return
		}
		// Round: a machine that slept has its monotonic clock stopped.
		late := f.wall().Round(0).Sub(last.Round(0)) > lostAfter
		if err != nil {
			lost = lost || late
			if lost {
				f.deliver(nil, true)
			}
			continue
		}
		if lost || late || anything {
			f.deliver(nil, true)
		} else if len(changes) > 0 {
			f.deliver(changes, false)
		}
		last, lost = start, false
	}
}

// otherNodes jumps through the primary key from node to node.
const otherNodes = `
WITH RECURSIVE nodes (node) AS (
  SELECT (SELECT min(node) FROM changes)
  UNION ALL
  SELECT (SELECT min(c.node) FROM changes c WHERE c.node > nodes.node) FROM nodes WHERE nodes.node IS NOT NULL
)
SELECT node FROM nodes WHERE node IS NOT NULL AND node <> ?`

// begin takes the present as the point to follow from: what is already
// committed does not concern watchers that are yet to come.
func (f *feed) begin(ctx context.Context) error {
	return f.sql.View(ctx, func(s sqldb.Tx) error {
		f.others = make(map[string]position)
		nodes, err := sqldb.All(ctx, s, sqldb.Value[string], otherNodes, f.node)
		if err != nil {
			return err
		}
		for _, node := range nodes {
			var p position
			if p.from, err = sqldb.One(ctx, s, sqldb.Value[string],
				"SELECT max(settled) FROM changes WHERE node = ?", node); err != nil {
				return err
			}
			if _, err := p.read(ctx, s, node); err != nil {
				return err
			}
			f.others[node] = p
		}
		return nil
	})
}

// poll returns what other nodes committed since the last good poll.
func (f *feed) poll(ctx context.Context) (changes []store.Change, anything bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, pollTimeout)
	defer cancel()
	var next map[string]position
	err = f.sql.View(ctx, func(s sqldb.Tx) error {
		next, changes, anything = make(map[string]position), nil, false
		nodes, err := sqldb.All(ctx, s, sqldb.Value[string], otherNodes, f.node)
		if err != nil {
			return err
		}
		for _, node := range nodes {
			p := f.others[node]
			keys, err := p.read(ctx, s, node)
			if err != nil {
				return err
			}
			for _, k := range keys {
				changes = append(changes, store.Change{Key: k})
				anything = anything || k == ""
			}
			next[node] = p
		}
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	f.others = next
	return changes, anything, nil
}

// read returns the keys that are new since the position, and moves it. The old
// position's map is left as it is, as the transaction may run again.
func (p *position) read(ctx context.Context, s sqldb.Tx, node string) (keys []string, err error) {
	type row struct{ id, settled, key string }
	rows, err := sqldb.All(ctx, s, func(r sqldb.Row) (v row, err error) {
		return v, r.Scan(&v.id, &v.settled, &v.key)
	}, "SELECT id, settled, change_key FROM changes WHERE node = ? AND id >= ? ORDER BY id", node, p.from)
	if err != nil {
		return nil, err
	}
	from := p.from
	for _, r := range rows {
		from = max(from, r.settled)
		if _, ok := p.seen[r.id]; !ok {
			keys = append(keys, r.key)
		}
	}
	seen := make(map[string]struct{})
	for _, r := range rows {
		if r.id >= from {
			seen[r.id] = struct{}{}
		}
	}
	p.from, p.seen = from, seen
	return keys, nil
}

// expire removes rows that nobody needs any more, at most limit of each node.
func (f *feed) expire(t *tx, limit int) (int, error) {
	before := firstID(f.wall().Add(-feedKept))
	nodes, err := strs(t, otherNodes, "")
	if err != nil {
		return 0, err
	}
	total := 0
	for _, node := range nodes {
		n, err := t.exec("DELETE FROM changes WHERE node = ? AND id IN (SELECT id FROM changes WHERE node = ? AND id < ? ORDER BY id LIMIT ?)",
			node, node, before, limit)
		if err != nil {
			return total, err
		}
		total += int(n)
	}
	return total, nil
}
