package app

import (
	"context"
	"log/slog"
	"net/url"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/clock"
	"sekisho/internal/fault"
	"sekisho/internal/membership"
	"sekisho/internal/notify"
	"sekisho/internal/org"
	"sekisho/internal/orgverify"
	"sekisho/internal/services/organizations"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

const (
	organizerEvery = time.Second // by the machine's clock
	organizerBatch = 20
)

// organizer creates and closes the accounts that organizations asked for, in the
// background (F-08, behaviours.md 9.6). What is left to do is in the database only:
// a program that is stopped goes on where it was. Several nodes may run one: each
// request is done in one transaction, by one of them.
type organizer struct {
	db      store.DB
	senders notify.Senders
	clock   clock.Clock
	log     *slog.Logger
	region  string
}

// run tries every second until ctx ends.
func (o *organizer) run(ctx context.Context) {
	tick := time.NewTicker(organizerEvery)
	defer tick.Stop()
	for {
		if err := o.step(ctx); err != nil && ctx.Err() == nil {
			o.log.Error("accounts of organizations could not be created or closed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// step does what is asked for, a batch of each.
func (o *organizer) step(ctx context.Context) error {
	var creations []org.Creation
	var closures []org.Closure
	err := o.db.View(ctx, func(tx store.Tx) (err error) {
		if creations, err = tx.PendingCreations("", organizerBatch); err == nil {
			closures, err = tx.PendingClosures("", organizerBatch)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range creations {
		if err := o.create(ctx, c.ID); err != nil {
			return err
		}
	}
	for _, c := range closures {
		if err := o.close(ctx, c.Account); err != nil {
			return err
		}
	}
	return nil
}

// create does one request. One that fails for a reason that is not its own stands in
// nobody's way: it is tried again with the next step, and given up in the end.
func (o *organizer) create(ctx context.Context, id string) error {
	now := o.clock.Now()
	failure := o.db.Update(ctx, nil, func(tx store.Tx) error {
		c, done, err := membership.Create(tx, id, now)
		if err != nil || !done {
			return err
		}
		return o.created(tx, c, now)
	})
	if failure == nil || ctx.Err() != nil || fault.Is(failure, fault.Unavailable) {
		return failure
	}
	o.log.Error("an account could not be created", "request", id, "error", failure)
	return o.db.Update(ctx, nil, func(tx store.Tx) error {
		c, done, err := membership.GiveUp(tx, id, now)
		if err != nil || !done {
			return err
		}
		return o.created(tx, c, now)
	})
}

// created tells the management account what became of a request.
func (o *organizer) created(tx store.Tx, c org.Creation, now time.Time) error {
	of, err := tx.Organization(c.Organization)
	if err != nil {
		return err
	}
	if err := organizations.RecordCreation(tx, of, c, o.region, now); err != nil || c.Account == "" {
		return err
	}
	return organizations.RecordJoined(tx, of, c.Account, account.Created, o.region, now)
}

// close closes one account and tells its owner.
func (o *organizer) close(ctx context.Context, id string) error {
	now := o.clock.Now()
	return o.db.Update(ctx, nil, func(tx store.Tx) error {
		a, done, err := membership.Close(tx, id, now)
		if err != nil || !done {
			return err
		}
		if err := tx.EndSessionsOf(id, now, session.AccountClosed); err != nil {
			return err
		}
		if err := account.Tell(tx, o.senders, a, account.WasClosed, now); err != nil {
			return err
		}
		of, err := tx.Organization(a.Organization)
		if err != nil {
			return err
		}
		return organizations.RecordClosure(tx, of, a, o.region, now)
	})
}

// cleaned takes an account of which nothing is left out of its organization.
func (s *Server) cleaned(tx store.Tx, id string, now time.Time) error {
	o, ok, err := membership.Clean(tx, id, now)
	if err != nil || !ok {
		return err
	}
	return organizations.RecordDeparted(tx, o, id, organizations.DepartureCleaned, s.Map.Region(), now)
}

// membershipMail is how organizations write to the owners of accounts.
func (s *Server) membershipMail() (membership.Mail, error) {
	verify, err := url.JoinPath(s.Map.SignIn(), orgverify.Path)
	if err != nil {
		return membership.Mail{}, err
	}
	invited, err := url.JoinPath(s.Map.Console(), "organizations/v2/home/invitations")
	return membership.Mail{Senders: s.senders, VerifyURL: verify, InviteURL: invited}, err
}
