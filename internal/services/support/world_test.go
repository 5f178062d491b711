package support_test

import (
	"context"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/awsproto"
	"sekisho/internal/call"
	"sekisho/internal/clock"
	service "sekisho/internal/services/support"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/support"
)

// The accounts of the world.
const (
	mine   = "111122223333" // not active yet
	theirs = "444455556666"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 123000000, time.UTC)

// world is the service over a real database.
type world struct {
	testing.TB
	db      store.DB
	clock   *clock.Fixed
	service *service.Service
	plan    support.Plan
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{TB: tb, db: storetest.Open(tb), clock: clock.NewFixed(start), plan: support.Basic}
	w.update(func(tx store.Tx) error {
		for _, a := range []account.Account{
			{ID: mine, Name: "Mine", Email: "mine@example.com", Status: account.PendingActivation, CreatedAt: start},
			{ID: theirs, Name: "Theirs", Email: "theirs@example.com", Status: account.Active, CreatedAt: start},
		} {
			if err := tx.PutAccount(a); err != nil {
				return err
			}
		}
		return nil
	})
	w.service = &service.Service{Store: w.db, Plan: func(store.Tx, string) (support.Plan, error) { return w.plan, nil }}
	return w
}

func (w *world) update(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.Update(context.Background(), nil, fn); err != nil {
		w.Fatal(err)
	}
}

// by is a call of an account's root user.
func (w *world) by(accountID, operation string) *call.Call {
	return w.as(call.Principal{Kind: call.Root, Account: accountID, ARN: arn.Root(accountID), UserID: accountID}, operation)
}

func (w *world) as(p call.Principal, operation string) *call.Call {
	now := w.clock.Now()
	return &call.Call{
		RequestID: "request", Service: "support", Operation: operation, Region: "us-east-1", Now: now, Principal: p,
		Event: &audit.Event{At: now, Account: p.Account, Source: "support.amazonaws.com", Name: operation, PrincipalID: p.ARN, Count: 1},
	}
}

// expect holds err to its code and message; "" is success.
func (w *world) expect(what string, err error, code, message string) {
	w.Helper()
	var gotCode, gotMessage string
	if e, ok := awsproto.Service("support").ErrorOf(err); ok {
		gotCode, gotMessage = e.Code, e.Message
	} else if refused, ok := err.(*call.Error); ok { //nolint:errorlint // returned as it is
		gotCode, gotMessage = refused.Code, refused.Message
	} else if err != nil {
		gotCode = err.Error()
	}
	if gotCode != code || gotMessage != message {
		w.Errorf("%s:\n got %s %q\nwant %s %q", what, gotCode, gotMessage, code, message)
	}
}
