package audit

import (
	"context"
	"sync"
	"time"
)

// Counter gathers events of which there can be very many (reads, refusals) and
// hands them on once a second, equal ones as one event with a count. A crash
// can lose the last second of them; changes are never counted here, they are
// recorded with what they change.
type Counter struct {
	// Record stores a batch. It is called from one goroutine.
	Record func(ctx context.Context, batch []*Event) error
	// Failed is told of batches that could not be stored: how many events, counting
	// equal ones each, are lost.
	Failed func(err error, lost int)

	mu     sync.Mutex
	counts map[countKey]*Event
	full   chan struct{}
}

// countKey is what makes two events equal.
type countKey struct {
	source, name, account, principal, accessKey, sourceIP, errorCode, errorReason, resource string
}

const (
	flushEvery  = time.Second
	flushWithin = 5 * time.Second
	mostKinds   = 10_000
)

// NewCounter makes a counter. Nothing is stored before Run.
func NewCounter(record func(context.Context, []*Event) error, failed func(error, int)) *Counter {
	return &Counter{Record: record, Failed: failed, counts: make(map[countKey]*Event), full: make(chan struct{}, 1)}
}

// Add counts e, which the caller must not change any more, and returns the
// decision id of the event under which it is counted. Under a flood of different
// events within one second the rest is counted by name and error only.
func (c *Counter) Add(e *Event) (decisionID string) {
	k := countKey{e.Source, e.Name, e.Account, e.PrincipalID, e.AccessKeyID, e.SourceIP, e.ErrorCode, e.ErrorReason, e.Resource}
	c.mu.Lock()
	defer c.mu.Unlock()
	have := c.counts[k]
	if have == nil && len(c.counts) >= mostKinds {
		select {
		case c.full <- struct{}{}:
		default:
		}
		k = countKey{source: e.Source, name: e.Name, errorCode: e.ErrorCode}
		if have = c.counts[k]; have == nil {
			e = &Event{At: e.At, Source: e.Source, Name: e.Name, ErrorCode: e.ErrorCode, ReadOnly: e.ReadOnly}
		}
	}
	if have != nil {
		have.Count++
		return have.DecisionID
	}
	e.Count = 1
	c.counts[k] = e
	return e.DecisionID
}

// Decision returns the event of a refusal that is counted but not stored yet.
func (c *Counter) Decision(id string) (Event, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.counts {
		if e.DecisionID == id && id != "" {
			return *e, true
		}
	}
	return Event{}, false
}

// Run stores what is counted until ctx ends, and once more after.
func (c *Counter) Run(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			c.flush(ctx)
			return
		case <-tick.C:
		case <-c.full:
		}
		c.flush(ctx)
	}
}

// flush stores what is counted. Once begun it does not end with ctx, which would
// lose the batch.
func (c *Counter) flush(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushWithin)
	defer cancel()
	c.mu.Lock()
	counts := c.counts
	if len(counts) == 0 {
		c.mu.Unlock()
		return // the map stays Add's
	}
	c.counts = make(map[countKey]*Event)
	c.mu.Unlock()
	batch := make([]*Event, 0, len(counts))
	total := 0
	for _, e := range counts {
		batch = append(batch, e)
		total += e.Count
	}
	if err := c.Record(ctx, batch); err != nil {
		c.Failed(err, total)
	}
}
