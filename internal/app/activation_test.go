package app

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/clock"
	"sekisho/internal/payment"
	"sekisho/internal/registration"
	"sekisho/internal/secret"
	"sekisho/internal/signup"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/support"
	"sekisho/internal/surface"
	"sekisho/web"
)

// deadGateway does not answer.
type deadGateway struct{ payment.Provider }

func (deadGateway) Look(context.Context, string, time.Time) (payment.Outcome, error) {
	return payment.Outcome{}, errors.New("no route")
}

// N-11: an account whose institution holds the payment is activated
// when the institution approved, by one of two nodes, and its owner is told once.
// A gateway that does not answer delays, and stops nothing.
func TestActivatorWaitsForInstitution(t *testing.T) {
	t.Parallel()
	db, ring := storetest.OpenWithRing(t)
	clk := clock.NewFixed(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	pages, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	public := &url.URL{Scheme: "http", Host: "localhost:8420"}
	gateway := &payment.TestGateway{Ring: ring}
	node := func(p payment.Provider) *activator {
		return &activator{db: db, payments: p, mail: signup.Mailer{Pages: pages, Map: surface.New(public, "us-east-1")}, clock: clk,
			log: slog.New(slog.NewTextHandler(t.Output(), nil)), region: "us-east-1"}
	}
	update := func(fn func(store.Tx) error) {
		t.Helper()
		if err := db.Update(t.Context(), nil, fn); err != nil {
			t.Fatal(err)
		}
	}
	var a account.Account
	update(func(tx store.Tx) (err error) {
		a, err = registration.Open(tx, registration.Opening{
			Name: "held", Email: "held@example.com", PasswordHash: "hash", Type: registration.Personal, Language: "ja",
			Contact: account.Contact{FullName: "Jane", AddressLine1: "1", City: "City", StateOrRegion: "WA", PostalCode: "98101", CountryCode: "US", Phone: "+12065550100"},
		}, clk.Now())
		return err
	})
	m, err := payment.New(t.Context(), gateway, a.ID, payment.Card{
		Number: secret.NewString(payment.TestHeld), Holder: "JANE", ExpiryMonth: 12, ExpiryYear: 2030,
	}, payment.Address{FullName: "Jane", Line1: "1", City: "City", PostalCode: "98101", CountryCode: "US"}, "", clk.Now())
	if err != nil {
		t.Fatal(err)
	}
	update(func(tx store.Tx) error {
		return errors.Join(payment.Add(tx, m), registration.PhoneVerified(tx, a.ID, "+12065550100", clk.Now()), registration.ChoosePlan(tx, a.ID, support.Basic, clk.Now()))
	})
	status := func() (s account.Status, mails int) {
		t.Helper()
		err := db.View(t.Context(), func(tx store.Tx) error {
			now, err := tx.Account(a.ID)
			if err != nil {
				return err
			}
			all, err := tx.Messages(10)
			for _, m := range all {
				if strings.Contains(m.Subject, "有効化されました") {
					mails++
				}
			}
			s = now.Status
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return s, mails
	}
	step := func(a *activator) {
		t.Helper()
		if err := a.step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	clk.Set(clk.Now().Add(time.Hour))
	if step(node(gateway)); first(status()) != account.PendingActivation {
		t.Fatal("activated although the institution holds the payment")
	}
	clk.Set(clk.Now().Add(payment.TestHeldFor))
	if step(node(deadGateway{gateway})); first(status()) != account.PendingActivation {
		t.Fatal("activated although the gateway does not answer")
	}
	clk.Set(clk.Now().Add(2 * lookEvery))
	var nodes sync.WaitGroup
	for range 2 {
		nodes.Go(func() {
			if err := node(gateway).step(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	nodes.Wait()
	step(node(gateway))
	if s, mails := status(); s != account.Active || mails != 1 {
		t.Errorf("the account is %s, and its owner was told %d times", s, mails)
	}
	err = db.View(t.Context(), func(tx store.Tx) error {
		events, err := tx.Events(store.EventFilter{Name: "AccountActivated", Account: a.ID, Limit: 10})
		if len(events) != 1 {
			t.Errorf("%d events", len(events))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func first[A, B any](a A, _ B) A { return a }
