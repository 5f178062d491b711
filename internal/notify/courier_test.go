package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sekisho/internal/clock"
	"sekisho/internal/fault"
)

// outbox is a Store, and an Outbox with one transaction at a time.
type outbox struct {
	mu sync.Mutex
	m  map[string]Message
}

func newOutbox(messages ...Message) *outbox {
	o := &outbox{m: map[string]Message{}}
	for _, m := range messages {
		o.m[m.ID] = m
	}
	return o
}

func (o *outbox) PutMessage(m Message) error { o.m[m.ID] = m; return nil }
func (o *outbox) DueMessages(now time.Time, limit int) ([]Message, error) {
	var out []Message
	for _, m := range o.m {
		if m.DeliveredAt.IsZero() && !m.NextAttempt.After(now) {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b Message) int { return strings.Compare(a.ID, b.ID) })
	return out[:min(limit, len(out))], nil
}
func (o *outbox) Messages(int) ([]Message, error) { return nil, nil }
func (o *outbox) DeleteMessages() error           { return nil }

func (o *outbox) Due(_ context.Context, now time.Time, limit int) ([]Message, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return Claim(o, now, limit)
}

func (o *outbox) Record(ctx context.Context, m Message) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	return o.PutMessage(m)
}

func (o *outbox) get(id string) Message {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.m[id]
}

type senderFunc func(context.Context, Message) error

func (f senderFunc) Send(ctx context.Context, m Message) error { return f(ctx, m) }

func newCourier(o Outbox, f senderFunc, c clock.Clock) (*Courier, *bytes.Buffer) {
	var log bytes.Buffer
	return NewCourier(o, f, c, slog.New(slog.NewTextHandler(&log, nil)), false), &log
}

func deliver(t *testing.T, c *Courier) int {
	t.Helper()
	n, err := c.Deliver(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A message that cannot be sent is tried after 1, 2, 4 … 60 minutes and then
// every hour, for a day; then it is given up, and its secrets are gone. Nothing
// of its content is logged.
func TestRetries(t *testing.T) {
	t.Parallel()
	now := clock.NewFixed(noon)
	m := reset(t)
	o := newOutbox(m)
	var tries []time.Duration
	c, log := newCourier(o, func(context.Context, Message) error {
		tries = append(tries, now.Now().Sub(noon))
		return errors.New("no connection")
	}, now)
	for range 48 * 60 {
		deliver(t, c)
		now.Advance(time.Minute)
	}
	want := []time.Duration{0, 1, 3, 7, 15, 31, 63}
	for i := range want {
		want[i] *= time.Minute
	}
	for last := want[len(want)-1]; last+LongestRetry < Patience; {
		last += LongestRetry
		want = append(want, last)
	}
	if !slices.Equal(tries, want) {
		t.Errorf("tried at\n%v, want\n%v", tries, want)
	}
	if got := o.get(m.ID); !got.GivenUp() || got.Text+got.HTML != "" || got.Links != nil || got.Attempts != len(want) {
		t.Errorf("in the end: %+v", got)
	}
	if text := log.String(); strings.Contains(text, "canary") || strings.Contains(text, "jane") || !strings.Contains(text, "given up") {
		t.Errorf("log: %s", text)
	}
}

func TestDelivered(t *testing.T) {
	t.Parallel()
	now := clock.NewFixed(noon)
	fails := 2
	m := reset(t)
	o := newOutbox(m)
	c, log := newCourier(o, func(_ context.Context, got Message) error {
		if got.Text != m.Text {
			t.Errorf("sent %q", got.Text)
		}
		if fails--; fails >= 0 {
			return errors.New("no connection")
		}
		return nil
	}, now)
	for _, want := range []int{0, 0, 1, 0} {
		if n := deliver(t, c); n != want {
			t.Errorf("%d delivered, want %d", n, want)
		}
		now.Advance(2 * time.Minute)
	}
	if got := o.get(m.ID); got.DeliveredAt.IsZero() || got.GivenUp() || got.Text+got.HTML != "" || got.Links != nil {
		t.Errorf("delivered: %+v", got)
	}
	if strings.Contains(log.String(), "canary") {
		t.Error(log)
	}
}

// What the recipient's server refuses for good is not tried again.
func TestRefused(t *testing.T) {
	t.Parallel()
	now, m := clock.NewFixed(noon), reset(t)
	o, tries := newOutbox(m), 0
	c, _ := newCourier(o, func(context.Context, Message) error { tries++; return fmt.Errorf("550: %w", ErrRefused) }, now)
	for range 100 {
		deliver(t, c)
		now.Advance(time.Hour)
	}
	if tries != 1 || !o.get(m.ID).GivenUp() {
		t.Errorf("%d tries, %+v", tries, o.get(m.ID))
	}
}

// Developers read their mail where it is kept.
func TestMailbox(t *testing.T) {
	t.Parallel()
	m := reset(t)
	o := newOutbox(m)
	c := NewCourier(o, Mailbox{}, clock.NewFixed(noon), slog.New(slog.DiscardHandler), true)
	if n := deliver(t, c); n != 1 {
		t.Fatal(n)
	}
	if got := o.get(m.ID); !got.DeliveredAt.Equal(noon) || got.Text != m.Text || len(got.Links) != 1 {
		t.Errorf("%+v", got)
	}
}

// Two nodes share the outbox: each message goes out once. If one dies with a
// message in hand, the other sends it when the lease is over.
func TestTwoNodes(t *testing.T) {
	t.Parallel()
	now, o := clock.NewFixed(noon), newOutbox()
	for range 100 {
		m := reset(t)
		o.m[m.ID] = m
	}
	var mu sync.Mutex
	sent := map[string]int{}
	send := func(_ context.Context, m Message) error {
		mu.Lock()
		defer mu.Unlock()
		sent[m.ID]++
		return nil
	}
	var both sync.WaitGroup
	for range 2 {
		c, _ := newCourier(o, send, now)
		both.Go(func() { deliver(t, c) })
	}
	both.Wait()
	if len(sent) != 100 || slices.Max(mapValues(sent)) != 1 {
		t.Errorf("%d messages, at most %d times", len(sent), slices.Max(mapValues(sent)))
	}

	m := reset(t)
	o = newOutbox(m)
	ctx, kill := context.WithCancel(t.Context())
	dying, _ := newCourier(o, func(ctx context.Context, _ Message) error { kill(); return ctx.Err() }, now)
	if _, err := dying.Deliver(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	other, _ := newCourier(o, send, now)
	for _, want := range []int{0, 1} {
		if n := deliver(t, other); n != want {
			t.Errorf("%d delivered, want %d", n, want)
		}
		now.Advance(Lease)
	}
	if got := o.get(m.ID); got.Attempts != 0 {
		t.Errorf("our own end counts as a failure: %+v", got)
	}
}

func mapValues[K comparable, V any](m map[K]V) []V {
	var out []V
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

// A kick delivers at once, and is not lost while a delivery runs.
func TestRun(t *testing.T) {
	t.Parallel()
	now, o := clock.NewFixed(noon), newOutbox()
	sent := make(chan string)
	c, _ := newCourier(o, func(_ context.Context, m Message) error { sent <- m.ID; return nil }, now)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { c.Run(ctx) })
	for range 20 {
		m := reset(t)
		if err := o.Record(ctx, m); err != nil {
			t.Fatal(err)
		}
		c.Kick()
		c.Kick()
		select {
		case id := <-sent:
			if id != m.ID {
				t.Errorf("sent %s, want %s", id, m.ID)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("the kick was lost")
		}
	}
	stop()
	running.Wait()
}

func TestNewEmail(t *testing.T) {
	t.Parallel()
	set := Senders{OneTimePassword: "AWS <no-reply@signin.aws>"} // N-09
	good := Content{Subject: "Hello", Text: "text"}
	for _, c := range []struct {
		kind Kind
		to   string
		c    Content
		from string // "" if it is refused
	}{
		{PasswordReset, "jane@example.com", good, FromIdentityCenter},
		{OneTimePassword, "jane@example.com", good, "AWS <no-reply@signin.aws>"},
		{Kind("other"), "jane@example.com", good, ""},
		{PasswordReset, "", good, ""},
		{PasswordReset, "jane", good, ""},
		{PasswordReset, "Jane <jane@example.com>", good, ""},
		{PasswordReset, "jane@example.com, eve@example.com", good, ""},
		{PasswordReset, "jane@example.com\r\nBcc: eve@example.com", good, ""},
		{PasswordReset, strings.Repeat("j", maxAddress) + "@example.com", good, ""},
		{PasswordReset, "jane@example.com", Content{Subject: "Hello\nBcc: eve@example.com", Text: "text"}, ""},
		{PasswordReset, "jane@example.com", Content{Subject: "Hello\x00", Text: "text"}, ""},
		{PasswordReset, "jane@example.com", Content{Subject: strings.Repeat("門", maxSubject), Text: "text"}, FromIdentityCenter},
		{PasswordReset, "jane@example.com", Content{Subject: strings.Repeat("門", maxSubject+1), Text: "text"}, ""},
		{PasswordReset, "jane@example.com", Content{Subject: "Hello"}, ""},
		{PasswordReset, "jane@example.com", Content{Text: strings.Repeat("x", maxBody+1)}, ""},
	} {
		m, err := set.NewEmail(c.kind, c.to, c.c, noon)
		if c.from == "" && !fault.Is(err, fault.Invalid) || c.from != "" && (err != nil || m.From != c.from || m.NextAttempt != noon || m.GivenUp()) {
			t.Errorf("%s to %q: %+v, %v", c.kind, c.to, m, err)
		}
	}
	first, _ := set.NewEmail(PasswordReset, "jane@example.com", good, noon)
	second, _ := set.NewEmail(PasswordReset, "jane@example.com", good, noon.Add(1))
	if first.ID >= second.ID {
		t.Errorf("%s is not before %s", first.ID, second.ID)
	}
	for _, bad := range []Senders{{Kind("other"): "a@b.example"}, {PasswordReset: "nobody"}, {PasswordReset: "a@b\r\nBcc: c@d"}} {
		if err := bad.Validate(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	if err := set.Validate(); err != nil {
		t.Error(err)
	}
}
