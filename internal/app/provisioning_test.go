package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/audit"
	"sekisho/internal/clock"
	"sekisho/internal/directory"
	"sekisho/internal/org"
	paging "sekisho/internal/page"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

const provisioned = 7 // accounts

// workplace is an organization with a set that is assigned in some accounts, and has
// changed since.
type workplace struct {
	testing.TB
	db   store.DB
	clk  *clock.Fixed
	inst access.Instance
	set  access.PermissionSet
}

func newWorkplace(tb testing.TB) *workplace {
	tb.Helper()
	w := &workplace{TB: tb, db: storetest.Open(tb), clk: clock.NewFixed(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))}
	now := w.clk.Now()
	w.inst = access.NewInstance(memberID(0), "o-abcdefghij", "us-east-1", now)
	w.update(func(tx store.Tx) (err error) {
		errs := []error{
			tx.PutOrganization(org.Organization{ID: "o-abcdefghij", ManagementAccount: memberID(0), Root: "r-abcd", Features: org.AllFeatures, CreatedAt: now}),
			tx.PutInstance(w.inst),
			tx.PutUser(directory.User{ID: "jane", Directory: w.inst.DirectoryID, UserName: "jane", Email: "jane@example.com", CreatedAt: now}),
		}
		for i := range provisioned {
			errs = append(errs, tx.PutAccount(account.Account{ID: memberID(i), Name: "a", Email: memberID(i) + "@example.com", Status: account.Active,
				Organization: "o-abcdefghij", OrgPath: "o-abcdefghij/r-abcd/", CreatedAt: now}))
		}
		if err := errors.Join(errs...); err != nil {
			return err
		}
		if w.set, err = access.CreatePermissionSet(tx, w.inst, access.NewPermissionSet{Name: "Admin"}, now); err != nil {
			return err
		}
		for i := range provisioned {
			if err := access.Assign(tx, now, w.assignment(i)); err != nil {
				return err
			}
		}
		w.set.Description = "changed"
		return tx.PutPermissionSet(w.set)
	})
	return w
}

func memberID(i int) string { return fmt.Sprintf("1111222233%02d", i) }

func (w *workplace) assignment(i int) access.Assignment {
	return access.Assignment{Account: memberID(i), PermissionSet: w.set.ID, PrincipalType: access.ToUser, PrincipalID: "jane"}
}

func (w *workplace) update(fn func(store.Tx) error) {
	w.Helper()
	if err := w.db.Update(w.Context(), nil, fn); err != nil {
		w.Fatal(err)
	}
}

func (w *workplace) node(db store.DB) *provisioner {
	p := newProvisioner(db, w.clk, slog.New(slog.NewTextHandler(w.Output(), nil)), "us-east-1")
	p.machine = w.clk
	return p
}

// all asks to provision the set everywhere.
func (w *workplace) all() (r access.Request) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) {
		r, err = access.RequestProvisioning(tx, w.inst, w.set, "", w.clk.Now())
		return err
	})
	return r
}

func (w *workplace) request(id string) (r access.Request) {
	w.Helper()
	w.update(func(tx store.Tx) (err error) { r, err = tx.AccessRequest(id); return err })
	return r
}

// behind is how many accounts do not have the set as it is now.
func (w *workplace) behind() (n int) {
	w.Helper()
	w.update(func(tx store.Tx) error {
		got, err := tx.ProvisionedAccounts(w.set.ID, w.set.Digest(), false, paging.Request{})
		n = len(got.Items)
		return err
	})
	return n
}

// finish lets a node work until it has nothing left.
func (w *workplace) finish(p *provisioner) {
	w.Helper()
	for more := true; more; {
		var err error
		if more, err = p.round(w.Context()); err != nil {
			w.Fatal(err)
		}
	}
}

// crashing is a database whose process dies at the given update: before it, or
// after it was made durable and before anybody knows.
type crashing struct {
	store.DB
	after int
	done  bool // what was asked for last is done
}

var errCrash = errors.New("crash")

func (c *crashing) Update(ctx context.Context, e *audit.Event, fn func(store.Tx) error) error {
	if c.after--; c.after < 0 {
		if c.done {
			_ = c.DB.Update(ctx, e, fn)
		}
		return errCrash
	}
	return c.DB.Update(ctx, e, fn)
}

// A node that dies at any point leaves what it was at to the next one, which goes on
// where it was: no account is left out or half-done (G-44).
func TestProvisioningSurvivesCrash(t *testing.T) {
	t.Parallel()
	for _, done := range []bool{false, true} {
		for after := range provisioned {
			t.Run(fmt.Sprintf("%v after %d", done, after), func(t *testing.T) {
				t.Parallel()
				w := newWorkplace(t)
				r := w.all()
				dying := w.node(&crashing{DB: w.db, after: after, done: done})
				var err error
				for more := true; more && err == nil; {
					more, err = dying.round(t.Context())
				}
				if !errors.Is(err, errCrash) {
					t.Fatalf("it did not die: %v", err)
				}
				last := done && after == provisioned-1 // it had done all of it, and nobody knew
				if half := w.request(r.ID); (half.Status == access.Succeeded) != last {
					t.Fatalf("after the crash %+v", half)
				}
				left := w.behind()
				next := w.node(w.db)
				if after > 0 { // the dead node's hold keeps others away, and only for a while
					if more, err := next.round(t.Context()); more || err != nil || w.behind() != left {
						t.Errorf("taken from a node that may be alive: %v", err)
					}
				}
				w.clk.Advance(holdFor + retryAfter)
				w.finish(next)
				if got := w.request(r.ID); got.Status != access.Succeeded || w.behind() != 0 {
					t.Errorf("%+v, %d behind", got, w.behind())
				}
			})
		}
	}
}

// Two nodes at once do every account once.
func TestProvisioningByTwoNodes(t *testing.T) {
	t.Parallel()
	w := newWorkplace(t)
	r := w.all()
	var nodes sync.WaitGroup
	for range 2 {
		p := w.node(w.db)
		nodes.Go(func() {
			for more := true; more; {
				var err error
				if more, err = p.round(t.Context()); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	nodes.Wait()
	if got := w.request(r.ID); got.Status != access.Succeeded || w.behind() != 0 {
		t.Errorf("%+v, %d behind", got, w.behind())
	}
	err := w.db.View(t.Context(), func(tx store.Tx) error {
		for i := range provisioned {
			events, err := tx.Events(store.EventFilter{Name: "ProvisionPermissionSet", Account: memberID(i), Limit: 10})
			if err != nil {
				return err
			}
			if len(events) != 1 || events[0].Detail["requestId"] != r.ID {
				t.Errorf("account %d: %d events", i, len(events))
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// A long request holds nobody up: an assignment that comes later is done in the next
// round, with one step of the long one.
func TestProvisioningIsFair(t *testing.T) {
	t.Parallel()
	w := newWorkplace(t)
	long := w.all()
	p := w.node(w.db)
	if _, err := p.round(t.Context()); err != nil {
		t.Fatal(err)
	}
	var short access.Request
	w.update(func(tx store.Tx) (err error) {
		short, err = access.RequestAssignment(tx, w.inst, w.assignment(1), w.clk.Now())
		return err
	})
	if _, err := p.round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s, l := w.request(short.ID), w.request(long.ID); s.Status != access.Succeeded || l.Status != access.InProgress || w.behind() != provisioned-2 {
		t.Errorf("the short one is %s, the long one %s, %d behind", s.Status, l.Status, w.behind())
	}
}

// broken fails every update that is asked for while it is.
type broken struct {
	store.DB
	steps int // that fail yet
}

func (b *broken) Update(ctx context.Context, e *audit.Event, fn func(store.Tx) error) error {
	return b.DB.Update(ctx, e, func(tx store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		if b.steps--; b.steps >= 0 {
			return errors.New("disk on fire")
		}
		return nil
	})
}

// What nobody expected is tried again later, and given up in the end: told in
// general words, with nothing done.
func TestProvisioningGivesUp(t *testing.T) {
	t.Parallel()
	w := newWorkplace(t)
	r := w.all()
	b := &broken{DB: w.db}
	p := w.node(b)
	for i := range maxRetries {
		if got := w.request(r.ID); got.Status != access.InProgress || got.Attempts != i {
			t.Fatalf("before attempt %d: %+v", i, got)
		}
		b.steps = 1
		if _, err := p.round(t.Context()); err != nil {
			t.Fatal(err)
		}
		if more, err := p.round(t.Context()); more || err != nil {
			t.Errorf("tried again at once: %v", err)
		}
		w.clk.Advance(retryAfter)
	}
	if got := w.request(r.ID); got.Status != access.Failed || got.FailureReason != "An internal error occurred. Try again." || w.behind() != provisioned {
		t.Errorf("%+v, %d behind", got, w.behind())
	}
}

// The roles of a user who is deleted go with the last assignment, and those that
// somebody else needs stay.
func TestProvisioningTidies(t *testing.T) {
	t.Parallel()
	w := newWorkplace(t)
	w.update(func(tx store.Tx) error {
		if err := tx.PutUser(directory.User{ID: "erika", Directory: w.inst.DirectoryID, UserName: "erika", Email: "erika@example.com"}); err != nil {
			return err
		}
		a := w.assignment(3)
		a.PrincipalID = "erika"
		return errors.Join(access.Assign(tx, w.clk.Now(), a), tx.DeleteUser("jane"))
	})
	w.finish(w.node(w.db))
	w.update(func(tx store.Tx) error {
		left, err := tx.ProvisionedAccounts(w.set.ID, "", false, paging.Request{})
		if len(left.Items) != 1 || left.Items[0] != memberID(3) {
			t.Errorf("roles are left in %v", left.Items)
		}
		return err
	})
}

// An instance is deleted with everything in it, whatever it takes (behaviours.md 6.1),
// and its portal closes at once.
func TestProvisioningDeletesInstance(t *testing.T) {
	t.Parallel()
	w := newWorkplace(t)
	w.update(func(tx store.Tx) error {
		return errors.Join(tx.PutGroup(directory.Group{ID: "g", Directory: w.inst.DirectoryID, DisplayName: "G"}),
			access.AddRegion(tx, w.inst, "eu-west-1", w.clk.Now()),
			access.SetAttributes(tx, w.inst, []access.Attribute{{Key: "Team", Source: "${path:userName}"}}),
			access.RequestDeletion(tx, w.inst, w.clk.Now()), access.RequestDeletion(tx, w.inst, w.clk.Now()))
	})
	w.update(func(tx store.Tx) error {
		if _, err := tx.InstanceByName(w.inst.DirectoryID); err == nil {
			t.Error("the portal is still open")
		}
		i, err := tx.Instance(w.inst.ID)
		if i.Status != access.InstanceDeleting {
			t.Errorf("it is %s", i.Status)
		}
		return err
	})
	w.finish(w.node(w.db))
	w.update(func(tx store.Tx) error {
		_, instance := tx.Instance(w.inst.ID)
		_, person := tx.User("jane")
		_, group := tx.Group("g")
		_, set := tx.PermissionSet(w.set.ID)
		_, role := tx.RoleOfPermissionSet(memberID(2), w.set.ID)
		for what, err := range map[string]error{"instance": instance, "person": person, "group": group, "set": set, "role": role} {
			if err == nil {
				t.Errorf("the %s is still there", what)
			}
		}
		left, err := paging.All(tx.Assignments)
		if len(left) > 0 {
			t.Errorf("left %v", left)
		}
		return err
	})
}

// behaviours.md 6.1: every account of the organization is linked when the instance is
// made; the woken worker does it without waiting for its clock.
func TestProvisioningLinksAccounts(t *testing.T) {
	t.Parallel()
	w := newWorkplace(t)
	ctx, stop := context.WithCancel(t.Context())
	p := w.node(w.db)
	done := make(chan struct{}, 100)
	w.db.Watch(ctx, func(changes []store.Change, _ bool) {
		for _, c := range changes {
			if c.Key == store.KeyAccessRequests() {
				p.kick()
			}
		}
		done <- struct{}{}
	})
	var running sync.WaitGroup
	running.Go(func() { p.run(ctx) })
	w.update(func(tx store.Tx) error { return access.Enabled(tx, w.inst, w.clk.Now()) })
	deadline, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	linked := 0
	for linked < provisioned {
		select {
		case <-done:
		case <-deadline.Done():
			t.Fatalf("%d accounts are linked", linked)
		}
		linked = 0
		w.update(func(tx store.Tx) error {
			for i := range provisioned {
				if r, err := tx.RoleByName(memberID(i), "AWSServiceRoleForSSO"); err == nil && r.Path == "/aws-service-role/sso.amazonaws.com/" {
					linked++
				}
			}
			return nil
		})
	}
	stop()
	running.Wait()
}
