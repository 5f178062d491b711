package audit

import (
	"context"
	"maps"
	"slices"
	"strings"
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
	// Failed is told of batches that could not be stored, and how many events,
	// counting equal ones each, are lost by that: those of a batch are tried again
	// with the next, unless there are too many or the program ends.
	Failed func(err error, lost int)

	mu     sync.Mutex
	counts map[countKey]*Event
	full   chan struct{}
	// refused counts the events of refusals that each principal made in the minute.
	refused map[string]int
	minute  time.Time
}

// countKey is what makes two events equal.
type countKey struct {
	source, name, account, shared, principal, accessKey, sourceIP, errorCode, errorReason, resource, detail string

	decided bool // refused by policy
	issued  bool // gave credentials
}

const (
	flushEvery  = time.Second
	flushWithin = 5 * time.Second
	// lastWithin is what a program that ends gives to the events it still has: there
	// is no next second for them.
	lastWithin = 30 * time.Second
	mostKinds  = 10_000
	// explained is how many refusals of a principal have events and explanations of
	// their own within a minute, told is how many have events at all that tell which
	// action was refused. What is beyond is one event a second.
	explained = 20
	told      = 200
)

// NewCounter makes a counter. Nothing is stored before Run.
func NewCounter(record func(context.Context, []*Event) error, failed func(error, int)) *Counter {
	return &Counter{
		Record: record, Failed: failed, counts: make(map[countKey]*Event), full: make(chan struct{}, 1), refused: make(map[string]int),
	}
}

// Add counts e, which the caller must not change any more, and returns the
// decision id of the event under which it is counted. Under a flood of different
// events within one second the rest is counted by name and error only.
//
// Whoever may do nothing must not be able to fill the database by that. So after
// 20 events of calls that failed within a minute of the clock, those of a principal
// (or of an address, of callers who are nobody) are counted by action, error and
// reason, whatever they were about; the first of a second stands for them, without
// an explanation. After 200, they are counted by error.
func (c *Counter) Add(e *Event) (decisionID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := keyOf(e)
	have := c.counts[k]
	if have == nil && e.ErrorCode != "" {
		k, have = c.refusal(k, e)
	}
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
	if have != nil && have.takeKey(e) {
		have.Count++
		return have.DecisionID
	}
	if have != nil { // no more keys fit into it
		full := k
		full.detail += "\x00" + have.Detail[IssuedKey]
		c.counts[full] = have
	}
	e.Count = 1
	c.counts[k] = e
	return e.DecisionID
}

// Explains reports whether an explanation of the refusal e would be kept: not if
// it is like one of this second, or one of very many.
func (c *Counter) Explains(e *Event) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts[keyOf(e)] != nil {
		return false
	}
	return !e.At.Truncate(time.Minute).Equal(c.minute) || c.refused[who(e)] < explained
}

// who is on whose account a call that failed is counted: the principal's, or the
// address's of callers who are nobody.
func who(e *Event) string {
	if e.PrincipalID == "" {
		return "from " + e.SourceIP
	}
	return e.PrincipalID
}

func keyOf(e *Event) countKey {
	k := countKey{
		source: e.Source, name: e.Name, account: e.Account, shared: e.Shared, principal: e.PrincipalID, accessKey: e.AccessKeyID, sourceIP: e.SourceIP,
		errorCode: e.ErrorCode, errorReason: e.ErrorReason, resource: e.Resource, decided: e.DecisionID != "",
		issued: e.Detail[IssuedKey] != "",
	}
	// Who was refused two changes tried two, and sessions of two names are two.
	if !e.ReadOnly && len(e.Detail) > 0 || k.issued {
		var b strings.Builder
		for _, name := range slices.Sorted(maps.Keys(e.Detail)) {
			if name != IssuedKey {
				b.WriteString(name + "\x00" + e.Detail[name] + "\x00")
			}
		}
		k.detail = b.String()
	}
	return k
}

// takeKey adds the key that other issued to those of e, so that each leads back
// to the event: an application that asks for credentials a thousand times a
// second makes some twenty events of it. It is false when e is full.
func (e *Event) takeKey(other *Event) bool {
	issued := other.Detail[IssuedKey]
	if issued == "" {
		return true
	}
	keys := e.Detail[IssuedKey] + " " + issued
	if len(keys) > maxDetail {
		return false
	}
	e.Detail[IssuedKey] = keys
	return true
}

// refusal finds under what a call that failed is counted, of which there is no
// equal one yet.
func (c *Counter) refusal(k countKey, e *Event) (countKey, *Event) {
	if m := e.At.Truncate(time.Minute); !m.Equal(c.minute) {
		c.minute = m
		clear(c.refused)
	}
	who := who(e)
	if _, ok := c.refused[who]; !ok && len(c.refused) >= mostKinds {
		who = ""
	}
	if c.refused[who] >= explained {
		crowd := countKey{
			source: k.source, name: k.name, account: k.account, shared: k.shared, principal: k.principal, errorCode: k.errorCode,
			errorReason: e.ReasonKind, decided: k.decided,
		}
		if k.principal == "" && who != "" {
			crowd.sourceIP = k.sourceIP
		}
		if c.refused[who] >= told {
			crowd.name, crowd.errorReason = "", ""
		}
		if have := c.counts[crowd]; have != nil {
			return crowd, have
		}
		k, e.Decision = crowd, ""
	}
	c.refused[who]++
	return k, nil
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
	last, within := ctx.Err() != nil, flushWithin
	if last {
		within = lastWithin
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), within)
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
	for _, e := range counts {
		batch = append(batch, e)
	}
	if err := c.Record(ctx, batch); err != nil {
		c.keep(counts, err, last)
	}
}

// keep takes a batch that could not be stored back for the next second, as much
// of it as there is room for; at the end there is no next second.
func (c *Counter) keep(counts map[countKey]*Event, err error, last bool) {
	lost := 0
	c.mu.Lock()
	for k, e := range counts {
		switch have := c.counts[k]; {
		case last || have == nil && len(c.counts) >= mostKinds:
			lost += e.Count
		case have == nil:
			c.counts[k] = e
		case have.takeKey(e):
			have.Count += e.Count
		default:
			k.detail += "\x00" + e.Detail[IssuedKey]
			c.counts[k] = e
		}
	}
	c.mu.Unlock()
	c.Failed(err, lost)
}
