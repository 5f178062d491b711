package app

import (
	"context"
	"log/slog"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/audit"
	"sekisho/internal/clock"
	"sekisho/internal/fault"
	"sekisho/internal/notify"
	"sekisho/internal/payment"
	"sekisho/internal/registration"
	"sekisho/internal/secret"
	"sekisho/internal/signup"
	"sekisho/internal/store"
	"sekisho/internal/support"
	"sekisho/web"
)

const (
	activationEvery = time.Second // by the machine's clock; what is due goes by the program's
	activationBatch = 50
	// lookEvery is how often a gateway is asked what became of a held payment.
	lookEvery = time.Minute
)

// activator activates the accounts that people signed up for, in the background
// . Several nodes may run one: each account is activated in
// one transaction, by one of them.
type activator struct {
	db       store.DB
	payments payment.Provider
	mail     signup.Mailer
	clock    clock.Clock
	log      *slog.Logger
	region   string
}

// run tries every second until ctx ends.
func (a *activator) run(ctx context.Context) {
	tick := time.NewTicker(activationEvery)
	defer tick.Stop()
	for {
		if err := a.step(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("accounts could not be activated", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// step looks after what waits and is due now, a batch of each.
func (a *activator) step(ctx context.Context) error {
	now := a.clock.Now()
	var pending []payment.Method
	err := a.db.View(ctx, func(tx store.Tx) (err error) {
		pending, err = tx.PendingPaymentMethods(now.Add(-lookEvery), activationBatch)
		return err
	})
	if err != nil {
		return err
	}
	for _, m := range pending {
		if err := a.look(ctx, m, now); err != nil {
			return err
		}
	}
	var due []registration.Registration
	err = a.db.View(ctx, func(tx store.Tx) (err error) {
		due, err = tx.DueRegistrations(now, activationBatch)
		return err
	})
	if err != nil {
		return err
	}
	for _, r := range due {
		if err := a.activate(ctx, r.Account, now); err != nil {
			return err
		}
	}
	return nil
}

// look asks the gateway what became of a held payment. One that does not answer
// is asked again later, and stands in nobody's way.
func (a *activator) look(ctx context.Context, m payment.Method, now time.Time) error {
	seen := m.CheckedAt
	m, failure := payment.Look(ctx, a.payments, m, now)
	if failure != nil {
		a.log.Warn("the payment gateway does not answer", "method", m.ID, "error", failure)
		m.CheckedAt = now
	}
	return a.db.Update(ctx, nil, func(tx store.Tx) error {
		at, err := tx.PaymentMethod(m.ID)
		if fault.Is(err, fault.NotFound) || err == nil && (at.Status != payment.Pending || !at.CheckedAt.Equal(seen)) {
			return nil // removed, approved by somebody, or looked after by another node
		}
		if err != nil {
			return err
		}
		m.Default = at.Default
		if err := payment.Add(tx, m); err != nil || m.Status == payment.Pending {
			return err
		}
		r, err := tx.Registration(m.Account)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return registration.Retry(tx, &r, now)
	})
}

func (a *activator) activate(ctx context.Context, id string, now time.Time) error {
	return a.db.Update(ctx, nil, func(tx store.Tx) error {
		r, done, err := registration.Activate(tx, id, now)
		if err != nil || !done {
			return err
		}
		owner, err := tx.Account(id)
		if err != nil {
			return err
		}
		if owner.Status != account.Active {
			return nil // suspended or closed meanwhile: there is nothing to tell
		}
		e := &audit.Event{
			At: now, Account: id, Source: audit.SignInSource, Name: "AccountActivated", Region: a.region, Resource: id,
			PrincipalID: audit.SignInSource, Identity: audit.Identity{Type: audit.TypeService},
		}
		if err := tx.AppendEvent(e); err != nil {
			return err
		}
		return a.mail.Activated(tx, owner, r, now)
	})
}

// testGateway is the payment gateway of servers that take no money; its banks send
// their one-time passwords by text message.
func (s *Server) testGateway(pages *web.Pages) payment.Provider {
	return &payment.TestGateway{Ring: s.Ring, Text: func(ctx context.Context, phone string, code secret.String, now time.Time) error {
		text, err := pages.BankText(code.Reveal(), web.English)
		if err != nil {
			return err
		}
		m, err := s.senders.NewText(notify.AccountVerification, notify.SMS, phone, text, []string{code.Reveal()}, now)
		if err != nil {
			return err
		}
		return s.Store.Update(ctx, nil, func(tx store.Tx) error { return tx.PutMessage(m) })
	}}
}

// supportPlan is the plan that an account's owner chose at sign-up.
func supportPlan(tx store.Tx, accountID string) (support.Plan, error) {
	return registration.Plan(tx, accountID)
}
