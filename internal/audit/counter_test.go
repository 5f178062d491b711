package audit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// trail is where a counter's batches go.
type trail struct {
	mu     sync.Mutex
	events []*Event
	fail   error
	lost   int
}

func (tr *trail) counter() *Counter {
	return NewCounter(func(ctx context.Context, batch []*Event) error {
		tr.mu.Lock()
		defer tr.mu.Unlock()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if tr.fail != nil {
			return tr.fail
		}
		tr.events = append(tr.events, batch...)
		return nil
	}, func(_ error, lost int) {
		tr.mu.Lock()
		defer tr.mu.Unlock()
		tr.lost += lost
	})
}

func (tr *trail) total() (n int) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	for _, e := range tr.events {
		n += e.Count
	}
	return n
}

// Equal events become one with a count; whatever makes a difference to a reader
// keeps them apart.
func TestCounterAggregates(t *testing.T) {
	t.Parallel()
	base := Event{Source: "sts.amazonaws.com", Name: "GetCallerIdentity", Account: "1", PrincipalID: "p", AccessKeyID: "k", SourceIP: "i", Resource: "r"}
	for _, c := range []struct {
		name   string
		change func(*Event)
		kinds  int
	}{
		{"nothing", func(*Event) {}, 1},
		{"time, request and client program", func(e *Event) { e.At, e.RequestID, e.UserAgent = time.Now(), "x", "y" }, 1},
		{"source", func(e *Event) { e.Source = "x" }, 2},
		{"name", func(e *Event) { e.Name = "x" }, 2},
		{"account", func(e *Event) { e.Account = "x" }, 2},
		{"principal", func(e *Event) { e.PrincipalID = "x" }, 2},
		{"key", func(e *Event) { e.AccessKeyID = "x" }, 2},
		{"address", func(e *Event) { e.SourceIP = "x" }, 2},
		{"error", func(e *Event) { e.ErrorCode = "x" }, 2},
		{"reason", func(e *Event) { e.ErrorReason = "x" }, 2},
		{"resource", func(e *Event) { e.Resource = "x" }, 2},
	} {
		var tr trail
		counter := tr.counter()
		for range 3 {
			a, b := base, base
			c.change(&b)
			counter.Add(&a)
			counter.Add(&b)
		}
		counter.flush(t.Context())
		if len(tr.events) != c.kinds || tr.total() != 6 {
			t.Errorf("%s: %d events for %d", c.name, len(tr.events), tr.total())
		}
		counter.flush(t.Context())
		if tr.total() != 6 {
			t.Errorf("%s: stored twice", c.name)
		}
	}
}

// A flood of different events within one second takes bounded memory and loses
// no count.
func TestCounterOverflow(t *testing.T) {
	t.Parallel()
	var tr trail
	counter := tr.counter()
	const n = mostKinds + 5000
	var all sync.WaitGroup
	for part := range 5 {
		all.Go(func() {
			for i := part; i < n; i += 5 {
				counter.Add(&Event{Source: "sts.amazonaws.com", Name: "GetCallerIdentity", SourceIP: fmt.Sprint(i), UserName: "jane"})
			}
		})
	}
	all.Wait()
	select {
	case <-counter.full:
	default:
		t.Error("nobody is told that it is full")
	}
	counter.flush(t.Context())
	if len(tr.events) != mostKinds+1 || tr.total() != n {
		t.Errorf("%d events for %d", len(tr.events), tr.total())
	}
	for _, e := range tr.events {
		if e.SourceIP == "" && (e.Count != n-mostKinds || e.UserName != "" || e.Name != "GetCallerIdentity") {
			t.Errorf("the rest is %+v", e)
		}
	}
}

// What is counted while a batch is taken is in this one or in the next, and never
// in both. Its other half is the race detector's.
func TestCounterWhileCounting(t *testing.T) {
	t.Parallel()
	var tr trail
	counter := tr.counter()
	const each, parts = 2000, 4
	var all sync.WaitGroup
	for part := range parts {
		all.Go(func() {
			for i := range each {
				counter.Add(&Event{Name: "a", SourceIP: fmt.Sprint(part, i)})
			}
		})
	}
	for tr.total() < each*parts {
		counter.flush(t.Context())
	}
	all.Wait()
	counter.flush(t.Context())
	if len(tr.events) != each*parts || tr.total() != each*parts {
		t.Errorf("%d events for %d, want %d", len(tr.events), tr.total(), each*parts)
	}
}

// Events are stored once a second, at once when there are too many, and when
// the program stops (promise 23).
func TestCounterRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var tr trail
		counter := tr.counter()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { counter.Run(ctx); close(done) }()
		counter.Add(&Event{Name: "a"})
		time.Sleep(flushEvery - time.Millisecond)
		synctest.Wait()
		if tr.total() != 0 {
			t.Error("stored too soon")
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if tr.total() != 1 {
			t.Error("not stored after a second")
		}
		for i := range mostKinds + 1 {
			counter.Add(&Event{Name: "b", SourceIP: fmt.Sprint(i)})
		}
		synctest.Wait()
		if got := tr.total(); got != mostKinds+2 {
			t.Errorf("after a flood: %d", got)
		}
		counter.Add(&Event{Name: "c"})
		stop()
		<-done
		if got := tr.total(); got != mostKinds+3 {
			t.Errorf("after the stop: %d", got)
		}
	})
}

func TestCounterReportsFailure(t *testing.T) {
	t.Parallel()
	tr := trail{fail: errors.New("disk full")}
	counter := tr.counter()
	for range 3 {
		counter.Add(&Event{Name: "a"})
		counter.Add(&Event{Name: "b"})
	}
	counter.flush(t.Context())
	if tr.lost != 6 {
		t.Errorf("%d are said to be lost", tr.lost)
	}
	tr.fail = nil
	counter.Add(&Event{Name: "c"})
	counter.flush(t.Context())
	if tr.total() != 1 || tr.lost != 6 {
		t.Errorf("%d stored after, %d lost", tr.total(), tr.lost)
	}
}

func TestEvent(t *testing.T) {
	t.Parallel()
	var none *Event
	none.Set("a", "b") // calls without an event need not know
	if none.Recorded() {
		t.Error("no event is recorded")
	}
	e := &Event{}
	e.Set("short", "x")
	e.Set("long", strings.Repeat("太", 1000))
	if e.Detail["short"] != "x" || len(e.Detail["long"]) > 1024 || strings.Trim(e.Detail["long"], "太") != "" {
		t.Errorf("%d bytes", len(e.Detail["long"]))
	}
	if e.Recorded() {
		t.Error("recorded too soon")
	}
	if e.MarkRecorded(); !e.Recorded() {
		t.Error("not recorded")
	}
}
