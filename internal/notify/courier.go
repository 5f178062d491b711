package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"sekisho/internal/clock"
)

// How messages are tried again. After a failure the next try waits FirstRetry,
// then twice as long each time up to LongestRetry; after Patience since it was
// written a message is given up. Lease is for how long a message belongs to the
// process that fetched it.
const (
	FirstRetry   = time.Minute
	LongestRetry = time.Hour
	Patience     = 24 * time.Hour
	Lease        = 5 * time.Minute

	never = 100 * 365 * 24 * time.Hour
	batch = 20
	poll  = 15 * time.Second
)

// Outbox is where the courier fetches messages and notes what became of them.
type Outbox interface {
	// Due returns up to limit messages to send now, and leases them, as Claim does.
	Due(ctx context.Context, now time.Time, limit int) ([]Message, error)
	// Record replaces a message.
	Record(ctx context.Context, m Message) error
}

// Claim returns the messages that are due and moves them out of the way for the
// time of Lease: another node does not send them too, and if this one dies they
// are due again. It is Outbox.Due for one transaction.
func Claim(tx Store, now time.Time, limit int) ([]Message, error) {
	due, err := tx.DueMessages(now, limit)
	if err != nil {
		return nil, err
	}
	for i := range due {
		due[i].NextAttempt = now.Add(Lease)
		if err := tx.PutMessage(due[i]); err != nil {
			return nil, err
		}
	}
	return due, nil
}

// Sender delivers one message. An error that is an ErrRefused means that trying
// again is no use. What it returns is logged: it tells nothing of the content.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// ErrRefused is in the chain of errors that trying again does not mend.
var ErrRefused = errors.New("refused for good")

// Mailbox is the sender of developers: messages stay in the outbox, where the
// developer's mailbox shows them, and count as delivered.
type Mailbox struct{}

// Send does nothing.
func (Mailbox) Send(context.Context, Message) error { return nil }

// ByChannel sends each message by the sender of its channel. A message whose channel
// has none waits in the outbox as for a server that does not answer.
type ByChannel map[Channel]Sender

// Send hands m to its channel's sender.
func (b ByChannel) Send(ctx context.Context, m Message) error {
	if s := b[m.Channel]; s != nil {
		return s.Send(ctx, m)
	}
	return fmt.Errorf("nothing is configured that sends %s messages", m.Channel)
}

// Courier takes messages out of the outbox to a sender. Messages are sent at
// least once: a crash between sending and recording sends again.
type Courier struct {
	Outbox Outbox
	Sender Sender
	Clock  clock.Clock
	Log    *slog.Logger
	// Keep leaves the content of delivered messages in the outbox, for the
	// developer's mailbox. Without it text, links and codes are removed as soon
	// as they have served: they let people in.
	Keep bool

	kick chan struct{}
}

// NewCourier makes a courier. Run must be called for it to do anything.
func NewCourier(o Outbox, s Sender, c clock.Clock, log *slog.Logger, keep bool) *Courier {
	return &Courier{Outbox: o, Sender: s, Clock: c, Log: log, Keep: keep, kick: make(chan struct{}, 1)}
}

// Kick says that there is a new message. It never blocks.
func (c *Courier) Kick() {
	select {
	case c.kick <- struct{}{}:
	default:
	}
}

// Run delivers until ctx ends, at every kick and every 15 seconds.
func (c *Courier) Run(ctx context.Context) {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		if _, err := c.Deliver(ctx); err != nil && ctx.Err() == nil {
			c.Log.Error("outbox failed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-c.kick:
		case <-tick.C:
		}
	}
}

// Deliver sends what is due until nothing is, and returns how many were sent.
// Its error is the outbox's; that of a message is recorded with it and logged.
func (c *Courier) Deliver(ctx context.Context) (int, error) {
	sent := 0
	for {
		due, err := c.Outbox.Due(ctx, c.Clock.Now(), batch)
		if err != nil || len(due) == 0 {
			return sent, err
		}
		for _, m := range due {
			if ctx.Err() != nil {
				return sent, ctx.Err() // the leases of the rest run out
			}
			failure := c.Sender.Send(ctx, m)
			if failure != nil && ctx.Err() != nil {
				return sent, ctx.Err()
			}
			if failure == nil {
				sent++
			}
			// What was sent is to be noted even if ctx ends meanwhile.
			if err := c.Outbox.Record(context.WithoutCancel(ctx), c.after(m, failure)); err != nil {
				return sent, err
			}
		}
	}
}

// after is what becomes of m, and logs it.
func (c *Courier) after(m Message, failure error) Message {
	now := c.Clock.Now()
	log := c.Log.With("message", m.ID)
	if failure == nil {
		m.DeliveredAt = now
		log.Info("message delivered", "attempts", m.Attempts+1)
		return c.strip(m)
	}
	m.Attempts++
	m.NextAttempt = now.Add(retryAfter(m.Attempts))
	if errors.Is(failure, ErrRefused) || !m.NextAttempt.Before(m.CreatedAt.Add(Patience)) {
		m.NextAttempt = m.CreatedAt.Add(never)
		log.Error("message given up", "attempts", m.Attempts, "error", failure)
		return c.strip(m)
	}
	log.Warn("message not delivered", "attempts", m.Attempts, "next", m.NextAttempt, "error", failure)
	return m
}

func (c *Courier) strip(m Message) Message {
	if !c.Keep {
		m.Text, m.HTML, m.Links, m.Codes = "", "", nil, nil
	}
	return m
}

func retryAfter(failures int) time.Duration {
	if doublings := failures - 1; doublings < 6 {
		return FirstRetry << doublings
	}
	return LongestRetry
}
