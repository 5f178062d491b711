package audit

import (
	"context"
	"errors"
	"fmt"
	"reflect"
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
		{"account that shares it", func(e *Event) { e.Shared = "x" }, 2},
		{"refusal by policy", func(e *Event) { e.DecisionID = "x" }, 2},
		{"issued key", func(e *Event) { e.ReadOnly = true; e.Set(IssuedKey, "x") }, 2},
		{"issued key of another session", func(e *Event) { e.ReadOnly = true; e.Set(IssuedKey, "x"); e.Set("roleSessionName", e.RequestID) }, 2},
		{"what was asked", func(e *Event) { e.Set("policyArn", "x") }, 2},
		{"what was read", func(e *Event) { e.ReadOnly = true; e.Set("policyArn", "x") }, 1},
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

// Every key that equal calls issued within a second leads back to an event, and
// there are few of those.
func TestCounterKeepsEveryIssuedKey(t *testing.T) {
	t.Parallel()
	var tr trail
	counter := tr.counter()
	const calls = 1000
	for i := range calls {
		e := &Event{Source: "sts.amazonaws.com", Name: "AssumeRole", ReadOnly: true}
		e.Set(IssuedKey, fmt.Sprintf("ASIA%016d", i))
		e.Set("roleSessionName", "s")
		counter.Add(e)
	}
	counter.flush(t.Context())
	found := make(map[string]bool)
	for _, e := range tr.events {
		keys := strings.Fields(e.Detail[IssuedKey])
		if len(keys) != e.Count || len(e.Detail[IssuedKey]) > maxDetail {
			t.Errorf("%d keys in an event of %d calls", len(keys), e.Count)
		}
		for _, k := range keys {
			found[k] = true
		}
	}
	if len(found) != calls || tr.total() != calls || len(tr.events) > calls/40 {
		t.Errorf("%d keys in %d events for %d calls", len(found), len(tr.events), tr.total())
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

// refusals counts n refusals a second of each of the principals, for as many
// seconds, of actions by turns, each of another resource.
func refusals(c *Counter, from time.Time, seconds, n, actions int, principals ...string) {
	for second := range seconds {
		at := from.Add(time.Duration(second) * time.Second)
		for i := range n {
			for _, p := range principals {
				id := fmt.Sprint(p, second, i)
				c.Add(&Event{
					At: at, Source: "iam.amazonaws.com", Name: fmt.Sprint("Delete", i%actions), Account: "1", PrincipalID: p, AccessKeyID: "k" + p, ErrorCode: "AccessDenied",
					ErrorReason: "nothing allows it to " + id, ReasonKind: "nothing allows it", Resource: id, DecisionID: id, Decision: "{}", Detail: map[string]string{"userName": id},
				})
			}
		}
		c.flush(context.Background())
	}
}

// Who may do nothing cannot fill the database by that: explanations and events of
// their own are for the first refusals of a principal in a minute, of the others
// there is one event a second, action and reason, and after many one a second.
func TestRefusalsAreBounded(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name                      string
		from                      time.Time
		seconds, each, actions    int
		principals                []string
		wantEvents, wantExplained int
	}{
		{"few", start, 1, explained, 1, []string{"p"}, explained, explained},
		{"a flood within a second", start, 1, 10_000, 1, []string{"p"}, explained + 1, explained},
		{"a flood for ten seconds", start, 10, 1000, 1, []string{"p"}, explained + 10, explained},
		{"a flood of every action", start, 30, 1000, 100, []string{"p"}, told + 29, explained},
		{"a flood by two", start, 10, 1000, 1, []string{"p", "q"}, 2 * (explained + 10), 2 * explained},
		{"a flood over the end of a minute", start.Add(55 * time.Second), 10, 1000, 1, []string{"p"}, 2 * (explained + 5), 2 * explained},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var tr trail
			counter := tr.counter()
			refusals(counter, c.from, c.seconds, c.each, c.actions, c.principals...)
			kept := 0
			for _, e := range tr.events {
				if e.Decision != "" {
					kept++
				}
				if e.Resource == "" || e.Name == "" || e.DecisionID == "" || e.ErrorReason == "" || e.PrincipalID == "" || e.Account != "1" {
					t.Errorf("%+v", e)
				}
			}
			if len(tr.events) != c.wantEvents || kept != c.wantExplained || tr.total() != c.seconds*c.each*len(c.principals) {
				t.Errorf("%d events, %d explained, for %d; want %d, %d", len(tr.events), kept, tr.total(), c.wantEvents, c.wantExplained)
			}
			if len(counter.refused) > len(c.principals) {
				t.Errorf("remembers %d", len(counter.refused))
			}
		})
	}
}

// The caller whose refusal is counted with others is told the id of the one that
// stands for them; what was not refused by policy never has one, and what is
// different in kind stays apart.
func TestCrowdsOfRefusals(t *testing.T) {
	t.Parallel()
	var tr trail
	counter := tr.counter()
	add := func(change func(*Event)) string {
		e := &Event{Source: "iam.amazonaws.com", Name: "DeleteUser", Account: "1", PrincipalID: "p", SourceIP: "192.0.2.1", ErrorCode: "AccessDenied"}
		change(e)
		return counter.Add(e)
	}
	denied := func(id, reason string) func(*Event) {
		return func(e *Event) {
			e.DecisionID, e.Decision, e.Resource, e.ErrorReason, e.ReasonKind = id, "{}", id, reason+id, reason
		}
	}
	for i := range explained {
		if id := fmt.Sprint("own", i); add(denied(id, "a")) != id {
			t.Error("an id of another event")
		}
	}
	for _, c := range []struct {
		name   string
		change func(*Event)
		want   string
	}{
		{"first of the crowd", denied("crowd", "a"), "crowd"},
		{"second of the crowd", denied("lost", "a"), "crowd"},
		{"equal to one that has its own", denied("own3", "a"), "own3"},
		{"another reason", denied("other", "b"), "other"},
		{"shared with an account", func(e *Event) { denied("shared", "a")(e); e.Shared = "2" }, "shared"},
		{"refused for another cause", func(e *Event) { e.ErrorReason = "there is none x" }, ""},
		{"refused for a like cause", func(e *Event) { e.ErrorReason = "there is none y" }, ""},
		{"another principal", func(e *Event) { denied("q", "a")(e); e.PrincipalID = "q" }, "q"},
		{"nobody", func(e *Event) { e.PrincipalID = "" }, ""},
		{"in the next minute", func(e *Event) { denied("next", "a")(e); e.At = e.At.Add(time.Minute) }, "next"},
	} {
		if got := add(c.change); got != c.want {
			t.Errorf("%s: told %q, want %q", c.name, got, c.want)
		}
	}
	if e, ok := counter.Decision("crowd"); !ok || e.Count != 2 || e.Decision != "" || e.Resource != "crowd" {
		t.Errorf("the crowd is %+v", e)
	}
	if e, ok := counter.Decision("next"); !ok || e.Decision == "" {
		t.Errorf("in the next minute: %+v", e)
	}
	counter.flush(t.Context())
	// The crowd, another reason, shared, two causes in one, another principal, nobody, the next minute.
	if want := explained + 7; len(tr.events) != want {
		t.Errorf("%d events, want %d", len(tr.events), want)
	}
}

// Callers who are nobody are told apart by address, and a flood of these from all
// over takes bounded memory.
func TestRefusalsOfNobody(t *testing.T) {
	t.Parallel()
	var tr trail
	counter := tr.counter()
	for i := range mostKinds {
		counter.Add(&Event{Name: "a", SourceIP: fmt.Sprint(i), ErrorCode: "x"})
	}
	counter.flush(t.Context())
	for i := range 1000 {
		counter.Add(&Event{Name: "a", SourceIP: fmt.Sprint("late", i), ErrorCode: "x", ErrorReason: fmt.Sprint(i)})
		counter.Add(&Event{Name: "a", SourceIP: "0", ErrorCode: "x", ErrorReason: fmt.Sprint(i)})
	}
	if len(counter.refused) > mostKinds+1 {
		t.Errorf("remembers %d", len(counter.refused))
	}
	counter.flush(t.Context())
	if of := len(tr.events) - mostKinds; of > 2*(explained+1) || tr.total() != mostKinds+2000 {
		t.Errorf("%d events more for %d", of, tr.total())
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

// An explanation is made for the first of equal refusals of a second, and for no
// more than 20 of a principal within a minute.
func TestCounterExplains(t *testing.T) {
	t.Parallel()
	var tr trail
	counter := tr.counter()
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	refusal := func(resource string, at time.Time) *Event {
		return &Event{At: at, Name: "DeleteUser", PrincipalID: "mallory", ErrorCode: "AccessDenied", DecisionID: "d" + resource, Resource: resource}
	}
	wanted := 0
	for i := range 100 {
		for range 2 {
			e := refusal(fmt.Sprint(i), at)
			if counter.Explains(e) {
				wanted++
				e.Decision = "why"
			}
			counter.Add(e)
		}
	}
	if wanted != explained {
		t.Errorf("%d explanations", wanted)
	}
	if !counter.Explains(refusal("later", at.Add(time.Minute))) || !counter.Explains(&Event{At: at, Name: "DeleteUser", PrincipalID: "jane", ErrorCode: "AccessDenied"}) {
		t.Error("a minute later, or for somebody else, there is none")
	}
	counter.flush(t.Context())
	kept := 0
	for _, e := range tr.events {
		if e.Decision != "" {
			kept++
		}
	}
	if kept != explained {
		t.Errorf("%d explanations are kept", kept)
	}
}

// A batch that cannot be stored is tried again with the next (promise 23); what
// there is no room for, or no time, is reported as lost.
func TestCounterReportsFailure(t *testing.T) {
	t.Parallel()
	tr := trail{fail: errors.New("disk full")}
	counter := tr.counter()
	for range 3 {
		counter.Add(&Event{Name: "a"})
		counter.Add(&Event{Name: "b"})
	}
	counter.flush(t.Context())
	if tr.lost != 0 {
		t.Errorf("%d are said to be lost", tr.lost)
	}
	counter.Add(&Event{Name: "a"})
	tr.fail = nil
	counter.flush(t.Context())
	if tr.total() != 7 || len(tr.events) != 2 || tr.lost != 0 {
		t.Errorf("%d stored in %d events after, %d lost", tr.total(), len(tr.events), tr.lost)
	}

	tr.fail = errors.New("disk full")
	counter.Add(&Event{Name: "c"})
	over, stop := context.WithCancel(t.Context())
	stop()
	counter.flush(over)
	if tr.lost != 1 {
		t.Errorf("at the end %d are said to be lost", tr.lost)
	}
	counter.Add(&Event{Name: "d"})
	batch := counter.counts
	counter.counts = make(map[countKey]*Event)
	for i := range mostKinds {
		counter.Add(&Event{Name: "e", SourceIP: fmt.Sprint(i)})
	}
	counter.keep(batch, tr.fail, false)
	if tr.lost != 2 || len(counter.counts) != mostKinds {
		t.Errorf("without room %d are said to be lost, %d kept", tr.lost, len(counter.counts))
	}
}

// The account whose role was asked for learns who came from where, under the same
// request id, but nothing about the caller's policies and keys.
func TestEventForShared(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	done := Event{
		ID: "1", At: at, Account: "1", Source: "s", Name: "AssumeRole", Region: "r", PrincipalID: "p", UserName: "jane", AccessKeyID: "AKIA", SourceIP: "i",
		UserAgent: "u", RequestID: "q", ReadOnly: true, Resource: "role", Detail: map[string]string{IssuedKey: "ASIA"}, Shared: "2", Count: 3,
	}
	done.MarkRecorded()
	told := Event{
		At: at, Account: "2", Source: "s", Name: "AssumeRole", Region: "r", PrincipalID: "p", SourceIP: "i", UserAgent: "u", RequestID: "q", ReadOnly: true,
		Resource: "role", Detail: map[string]string{IssuedKey: "ASIA"}, Count: 3,
	}
	refused, toldOfRefusal := done, told
	refused.ErrorCode, refused.ErrorReason, refused.ReasonKind, refused.DecisionID, refused.Decision = "AccessDenied", "policy x", "x", "d", "{}"
	toldOfRefusal.ErrorCode, toldOfRefusal.Detail = "AccessDenied", nil
	own, unshared := done, done
	own.Shared, unshared.Shared = "1", ""
	for name, c := range map[string]struct {
		event Event
		want  *Event
	}{
		"a success": {done, &told}, "a refusal": {refused, &toldOfRefusal}, "of the same account": {own, nil}, "not shared": {unshared, nil},
	} {
		if got := c.event.ForShared(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v\nwant %+v", name, got, c.want)
		}
	}
}

func TestEvent(t *testing.T) {
	t.Parallel()
	var none *Event
	none.ShareWith("a")
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
