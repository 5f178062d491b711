package app

import (
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/clock"
	"sekisho/internal/fault"
	"sekisho/internal/membership"
	"sekisho/internal/org"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

const organizerManagement = "111122223333"

// organized is a database with an organization, and nodes that work for it.
type organized struct {
	*testing.T
	db    store.DB
	clock *clock.Fixed
	org   org.Organization
}

func newOrganized(t *testing.T) *organized {
	t.Helper()
	o := &organized{T: t, db: storetest.Open(t), clock: clock.NewFixed(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))}
	o.update(func(tx store.Tx) (err error) {
		a := account.Account{ID: organizerManagement, Name: "Example", Email: "root@example.com", Status: account.Active, CreatedAt: o.clock.Now()}
		if err := tx.PutAccount(a); err != nil {
			return err
		}
		o.org, err = membership.Found(tx, a.ID, org.AllFeatures, o.clock.Now())
		return err
	})
	return o
}

func (o *organized) node() *organizer {
	return &organizer{db: o.db, clock: o.clock, log: slog.New(slog.NewTextHandler(o.Output(), nil)), region: "us-east-1"}
}

func (o *organized) update(fn func(store.Tx) error) {
	o.Helper()
	if err := o.db.Update(o.Context(), nil, fn); err != nil {
		o.Fatal(err)
	}
}

func (o *organized) request(email string) (id string) {
	o.Helper()
	o.update(func(tx store.Tx) error {
		c, err := org.RequestAccount(tx, o.org, org.Creation{Name: "A", Email: email}, o.clock.Now())
		id = c.ID
		return err
	})
	return id
}

func (o *organized) creation(id string) (c org.Creation) {
	o.Helper()
	o.update(func(tx store.Tx) (err error) {
		c, err = tx.Creation(id)
		return err
	})
	return c
}

// events counts those of a name in the management account's history.
func (o *organized) events(name string) (n int) {
	o.Helper()
	o.update(func(tx store.Tx) error {
		all, err := tx.Events(store.EventFilter{Account: organizerManagement, Name: name, Limit: 100})
		n = len(all)
		return err
	})
	return n
}

// Of two nodes at the same time, one creates each account, and tells of it once; a
// node that starts later finds what was left to do.
func TestOrganizerCreatesOnce(t *testing.T) {
	t.Parallel()
	o := newOrganized(t)
	ids := []string{o.request("a@example.com"), o.request("b@example.com"), o.request("root@example.com")}
	var nodes sync.WaitGroup
	for range 2 {
		nodes.Go(func() {
			if err := o.node().step(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	nodes.Wait()
	for i, want := range []org.CreationState{org.CreationSucceeded, org.CreationSucceeded, org.CreationFailed} {
		if c := o.creation(ids[i]); c.State != want {
			t.Errorf("%+v", c)
		}
	}
	members := 0
	o.update(func(tx store.Tx) (err error) {
		members, err = tx.MemberCount(o.org.ID)
		return err
	})
	if members != 3 || o.events("CreateAccountResult") != 3 || o.events("AccountJoinedOrganization") != 2 {
		t.Errorf("%d members, %d results, %d joined", members, o.events("CreateAccountResult"), o.events("AccountJoinedOrganization"))
	}
}

// A request that cannot be done for no reason of its own leaves nothing behind, is
// tried again, stands in nobody's way, and is given up in the end.
func TestOrganizerGivesUp(t *testing.T) {
	t.Parallel()
	o := newOrganized(t)
	broken, fine := o.request("a@example.com"), o.request("b@example.com")
	// A role of this name cannot be made: IAM's own rule, which requests are checked
	// against when they are made, came later than the request.
	o.update(func(tx store.Tx) error {
		c, err := tx.Creation(broken)
		if err != nil {
			return err
		}
		c.RoleName = strings.Repeat("x", 65)
		return tx.PutCreation(c)
	})
	for range 5 {
		if err := o.node().step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if c := o.creation(fine); c.State != org.CreationSucceeded {
		t.Errorf("%+v", c)
	}
	if c := o.creation(broken); c.State != org.CreationFailed || c.Failure != org.InternalFailure || c.Account != "" {
		t.Errorf("%+v", c)
	}
	o.update(func(tx store.Tx) error {
		if _, err := tx.AccountByEmail("a@example.com"); !fault.Is(err, fault.NotFound) {
			t.Errorf("an account was left behind: %v", err)
		}
		return nil
	})
	if n := o.events("CreateAccountResult"); n != 2 {
		t.Errorf("%d results", n)
	}
}

// A closed account's sessions end and its owner is told; 90 days later it leaves
// the organization with all that it had.
func TestOrganizerCloses(t *testing.T) {
	t.Parallel()
	o := newOrganized(t)
	id := o.request("a@example.com")
	if err := o.node().step(t.Context()); err != nil {
		t.Fatal(err)
	}
	member := o.creation(id).Account
	o.update(func(tx store.Tx) error {
		now := o.clock.Now()
		held := session.Session{ID: "s-1", Kind: session.RootUser, User: member, Account: member, CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
		_, err := org.RequestClosure(tx, o.org, member, now)
		return errors.Join(err, tx.PutSession(held))
	})
	for range 2 { // twice is once
		if err := o.node().step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	o.update(func(tx store.Tx) error {
		a, err := tx.Account(member)
		held, sessionErr := tx.Session("s-1")
		mails, mailErr := tx.Messages(10)
		if a.Status != account.Closed || held.EndedAt.IsZero() || len(mails) != 1 || mails[0].To != "a@example.com" {
			t.Errorf("%+v, session %+v, %d mails", a, held, len(mails))
		}
		return errors.Join(err, sessionErr, mailErr)
	})
	if n := o.events("CloseAccountResult"); n != 1 {
		t.Errorf("%d results", n)
	}
	o.clock.Advance(account.ReopenPeriod)
	o.update(func(tx store.Tx) error {
		of, ok, err := membership.Clean(tx, member, o.clock.Now())
		if err != nil || !ok || of.ID != o.org.ID {
			t.Errorf("%+v, %t, %v", of, ok, err)
		}
		a, err := tx.Account(member)
		if !a.Standalone() || a.Status != account.Closed {
			t.Errorf("%+v", a)
		}
		return err
	})
}
