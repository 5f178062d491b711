package account_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/awsproto"
	"sekisho/internal/call"
	"sekisho/internal/clock"
	"sekisho/internal/notify"
	"sekisho/internal/org"
	service "sekisho/internal/services/account"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// The accounts of the world.
const (
	management = "111122223333"
	member     = "444455556666"
	sibling    = "777788889999"
	nobody     = "999999999999" // there is no such account
	orgID      = "o-exampleorg1"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 123456000, time.UTC)

// world is the service over a real database with an organization of three accounts.
type world struct {
	testing.TB
	db      store.DB
	clock   *clock.Fixed
	service *service.Service
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{TB: tb, db: storetest.Open(tb), clock: clock.NewFixed(start)}
	w.update(func(tx store.Tx) error {
		for id, name := range map[string]string{management: "Example Corp", member: "Production", sibling: "Sandbox"} {
			a := account.Account{ID: id, Name: name, Email: "root+" + id + "@example.com", Status: account.Active, CreatedAt: start}
			if err := tx.PutAccount(a); err != nil {
				return err
			}
		}
		o, err := storetest.NewOrganization(tx, start, management, member, sibling)
		return errors.Join(err, org.EnableTrust(tx, o, org.AccountManagement, start))
	})
	w.service = &service.Service{Store: w.db, Senders: notify.Senders{notify.AccountVerification: "verify@example.com"}}
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
	p := call.Principal{Kind: call.Root, Account: accountID, ARN: arn.Root(accountID), UserID: accountID}
	now := w.clock.Now()
	return &call.Call{
		RequestID: "request", Service: "account", Operation: operation, Region: "us-east-1", Now: now, Principal: p,
		Event: &audit.Event{At: now, Account: accountID, Source: "account.amazonaws.com", Name: operation, PrincipalID: p.ARN, Count: 1},
	}
}

// events are the names of the events in an account's history, newest first.
func (w *world) events(accountID string) (names []string) {
	w.Helper()
	err := w.db.View(w.Context(), func(tx store.Tx) error {
		all, err := tx.Events(store.EventFilter{Account: accountID, Limit: 100})
		for _, e := range all {
			names = append(names, e.Name)
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return names
}

// outbox are the messages that were queued, newest first.
func (w *world) outbox() (messages []notify.Message) {
	w.Helper()
	err := w.db.View(w.Context(), func(tx store.Tx) (err error) {
		messages, err = tx.Messages(100)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return messages
}

// expect holds err to its code and message; "" is success.
func (w *world) expect(what string, err error, code, message string) {
	w.Helper()
	var gotCode, gotMessage string
	if e, ok := awsproto.Service("account").ErrorOf(err); ok {
		gotCode, gotMessage = e.Code, e.Message
	} else if err != nil {
		gotCode = err.Error()
	}
	if gotCode != code || gotMessage != message {
		w.Errorf("%s:\n got %s %q\nwant %s %q", what, gotCode, gotMessage, code, message)
	}
}

// of is the AccountId of an input: nil for the caller's own account.
func of(id string) *string {
	if id == "" {
		return nil
	}
	return aws.String(id)
}
