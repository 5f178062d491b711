package sqlstore_test

import (
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sekisho/internal/directory"
	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// cable carries connections to a PostgreSQL server until it is cut.
type cable struct {
	network, address string
	listener         net.Listener

	mu    sync.Mutex
	cut   bool
	lines []net.Conn
}

// through returns c with its address replaced by that of a new cable to it.
func through(t *testing.T, c sqldb.Config) (sqldb.Config, *cable) {
	t.Helper()
	u, err := url.Parse(c.URL)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	w := &cable{network: "tcp", address: u.Host}
	if dir := q.Get("host"); dir != "" {
		w.network, w.address = "unix", filepath.Join(dir, ".s.PGSQL.5432")
		if port := q.Get("port"); port != "" {
			w.address = filepath.Join(dir, ".s.PGSQL."+port)
		}
	}
	if w.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		w.listener.Close()
		w.set(true)
	})
	go w.serve()
	q.Del("host")
	q.Del("port")
	u.Host, u.RawQuery = w.listener.Addr().String(), q.Encode()
	c.URL = u.String()
	return c, w
}

func (w *cable) serve() {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial(w.network, w.address)
		if err != nil {
			near.Close()
			continue
		}
		w.mu.Lock()
		if w.cut {
			near.Close()
			far.Close()
		}
		w.lines = append(w.lines, near, far)
		w.mu.Unlock()
		for _, pair := range [][2]net.Conn{{near, far}, {far, near}} {
			go func() {
				io.Copy(pair[0], pair[1])
				near.Close()
				far.Close()
			}()
		}
	}
}

// set cuts the cable, or mends it.
func (w *cable) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	if cut {
		for _, l := range w.lines {
			l.Close()
		}
		w.lines = nil
	}
}

// TestLost: while the database cannot be reached, watchers are told, again and
// again, that everything may have changed, and once more when it is back.
func TestLost(t *testing.T) {
	t.Parallel()
	config := sqldbtest.PostgreSQL(t)
	ring := storetest.NewRing(t)
	elsewhere := storetest.OpenAt(t, config, ring)
	cutOff, cable := through(t, config)
	here := storetest.OpenAt(t, cutOff, ring)

	var lost, told atomic.Int32
	news := make(chan struct{}, 1)
	here.Watch(t.Context(), func(changes []store.Change, l bool) {
		if l {
			lost.Add(1)
		}
		told.Add(int32(len(changes)))
		select {
		case news <- struct{}{}:
		default:
		}
	})
	wait := func(what string, enough func() bool) {
		t.Helper()
		deadline := time.After(30 * time.Second)
		for !enough() {
			select {
			case <-news:
			case <-deadline:
				t.Fatalf("%s: not reported", what)
			}
		}
	}
	cable.set(true)
	start := time.Now()
	wait("the outage", func() bool { return lost.Load() >= 1 })
	if took := time.Since(start); took < 500*time.Millisecond {
		t.Errorf("reported after %v: a single failed poll is no outage", took)
	}
	wait("that it lasts", func() bool { return lost.Load() >= 3 })
	if err := elsewhere.Update(t.Context(), nil, func(tx store.Tx) error {
		return tx.PutUser(directory.User{ID: "u1", UserName: "u1"})
	}); err != nil {
		t.Fatal(err)
	}
	during := lost.Load()
	if n := told.Load(); n != 0 {
		t.Errorf("%d changes reported during the outage", n)
	}
	cable.set(false)
	wait("the end", func() bool { return lost.Load() > during })
	if err := elsewhere.Update(t.Context(), nil, func(tx store.Tx) error {
		return tx.PutUser(directory.User{ID: "u2", UserName: "u2"})
	}); err != nil {
		t.Fatal(err)
	}
	wait("a change after it", func() bool { return told.Load() > 0 })
}
