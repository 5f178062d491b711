package registration_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/payment"
	"sekisho/internal/registration"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/support"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func opening() registration.Opening {
	return registration.Opening{
		Name: "paulo-santos-testaccount", Email: "paulo@example.com", PasswordHash: "hash", Type: registration.Personal, Language: "ja",
		Contact: account.Contact{FullName: "Paulo Santos", AddressLine1: "1", City: "Any Town", StateOrRegion: "WA", PostalCode: "98101", CountryCode: "US", Phone: "+12065550100"},
	}
}

type world struct {
	store.DB
	t *testing.T
}

func newWorld(t *testing.T) world { return world{storetest.Open(t), t} }

func (w world) do(fn func(store.Tx) error) {
	w.t.Helper()
	if err := w.try(fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w world) try(fn func(store.Tx) error) error { return w.Update(w.t.Context(), nil, fn) }

func (w world) open() (id string) {
	w.t.Helper()
	w.do(func(tx store.Tx) error {
		a, err := registration.Open(tx, opening(), now)
		id = a.ID
		return err
	})
	return id
}

func (w world) pay(id string, s payment.Status) {
	w.t.Helper()
	w.do(func(tx store.Tx) error {
		return payment.Add(tx, payment.Method{ID: "pm-" + string(s), Account: id, Brand: payment.Visa, LastFour: "4242", ExpiryMonth: 12, ExpiryYear: 2030, Status: s})
	})
}

func (w world) left(id string) (r registration.Registration, s registration.Step) {
	w.t.Helper()
	w.do(func(tx store.Tx) (err error) {
		r, s, err = registration.Left(tx, id, now)
		return err
	})
	return r, s
}

// complete does all steps.
func (w world) complete(id string) {
	w.t.Helper()
	w.pay(id, payment.Valid)
	w.do(func(tx store.Tx) error { return registration.PhoneVerified(tx, id, "+12065550100", now) })
	w.do(func(tx store.Tx) error { return registration.ChoosePlan(tx, id, support.Business, now) })
}

// activate tries at a time.
func (w world) activate(id string, at time.Time) (done bool) {
	w.t.Helper()
	w.do(func(tx store.Tx) (err error) {
		_, done, err = registration.Activate(tx, id, at)
		return err
	})
	return done
}

// what opens an account, and what does not.
func TestOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.open()
	w.do(func(tx store.Tx) error {
		a, err := tx.Account(id)
		if err != nil || a.Status != account.PendingActivation || !a.Standalone() || a.ID == "" || len(strings.Trim(a.ID, "0123456789")) != 0 {
			t.Errorf("%+v, %v", a, err)
		}
		return err
	})
	for _, c := range []struct {
		name   string
		change func(*registration.Opening)
		kind   fault.Kind
		reason string
	}{
		{"the same address", func(*registration.Opening) {}, fault.AlreadyExists, registration.EmailTaken},
		{"in other letters", func(o *registration.Opening) { o.Email = "Paulo@Example.com" }, fault.AlreadyExists, registration.EmailTaken},
		{"no type", func(o *registration.Opening) { o.Email, o.Type = "a@example.com", "" }, fault.Invalid, "account-type"},
		{"a company without its name", func(o *registration.Opening) { o.Email, o.Type = "a@example.com", registration.Professional }, fault.Invalid, "company-name"},
		{"no name", func(o *registration.Opening) { o.Email, o.Name = "a@example.com", "" }, fault.Invalid, "account-name"},
		{"no city", func(o *registration.Opening) { o.Email, o.Contact.City = "a@example.com", "" }, fault.Invalid, "city"},
	} {
		o := opening()
		c.change(&o)
		err := w.try(func(tx store.Tx) error { _, err := registration.Open(tx, o, now); return err })
		if !fault.Is(err, c.kind) || fault.ReasonOf(err) != c.reason {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	o := opening()
	o.Email, o.Contact.CountryCode = "paulo+1@example.com", "IN"
	w.do(func(tx store.Tx) error {
		a, err := registration.Open(tx, o, now)
		if err != nil {
			return err
		}
		if r, err := tx.Registration(a.ID); err != nil || r.Agreement.Seller != registration.AISPL || r.Agreement.At != now {
			t.Errorf("%+v, %v", r, err)
		}
		// what was closed keeps its address.
		a.Status = account.Closed
		if err := tx.PutAccount(a); err != nil {
			return err
		}
		if err := registration.Free(tx, o.Email); !fault.Is(err, fault.AlreadyExists) {
			t.Errorf("a closed account's address: %v", err)
		}
		return nil
	})
}

// what is left, and why an account is not active.
func TestStepsAndReasons(t *testing.T) {
	t.Parallel()
	verified := registration.Phone{VerifiedAt: now}
	for _, c := range []struct {
		name    string
		r       registration.Registration
		methods payment.Status
		step    registration.Step
		reason  registration.Reason
	}{
		{"nothing", registration.Registration{}, "", registration.PaymentStep, registration.Incomplete},
		{"declined", registration.Registration{}, payment.Declined, registration.PaymentStep, registration.PaymentDeclined},
		{"declined later", registration.Registration{Phone: verified, Plan: support.Basic}, payment.Declined, registration.PaymentStep, registration.PaymentDeclined},
		{"paid", registration.Registration{}, payment.Valid, registration.PhoneStep, registration.Incomplete},
		{"held", registration.Registration{}, payment.Pending, registration.PhoneStep, registration.Incomplete},
		{"reached", registration.Registration{Phone: verified}, payment.Valid, registration.PlanStep, registration.Incomplete},
		{"all", registration.Registration{Phone: verified, Plan: support.Basic}, payment.Valid, registration.Done, registration.UnderWay},
		{"all but held", registration.Registration{Phone: verified, Plan: support.Basic}, payment.Pending, registration.Done, registration.PaymentPending},
		{"asked", registration.Registration{Phone: verified, Plan: support.Basic, Hold: registration.Hold{Asked: "x", At: now}}, payment.Pending, registration.Done, registration.Information},
		{"active", registration.Registration{ActivatedAt: now}, payment.Declined, registration.Done, ""},
		{"active, declined", registration.Registration{ActivatedAt: now}, "", registration.Done, ""},
	} {
		if s, why := c.r.Next(c.methods), c.r.Waits(c.methods); s != c.step || why != c.reason {
			t.Errorf("%s: %q, %q; want %q, %q", c.name, s, why, c.step, c.reason)
		}
	}
}

// an account is activated when all was given, after its time, once, also by
// many nodes at the same time.
func TestActivation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.open()
	due := now.Add(registration.ActivationTakes)
	if w.activate(id, due) {
		t.Error("activated without its steps")
	}
	w.complete(id)
	if w.activate(id, due.Add(-time.Microsecond)) {
		t.Error("activated before its time")
	}
	var won atomic.Int32
	var nodes sync.WaitGroup
	for range 8 {
		nodes.Go(func() {
			err := w.try(func(tx store.Tx) error {
				_, done, err := registration.Activate(tx, id, due)
				if err == nil && !done {
					err = errNotMe
				}
				return err
			})
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, errNotMe) {
				t.Error(err)
			}
		})
	}
	if nodes.Wait(); won.Load() != 1 {
		t.Errorf("%d nodes activated it", won.Load())
	}
	w.do(func(tx store.Tx) error {
		a, err := tx.Account(id)
		if a.Status != account.Active {
			t.Errorf("%+v", a)
		}
		if plan, err := registration.Plan(tx, id); plan != support.Business || err != nil {
			t.Errorf("plan %q, %v", plan, err)
		}
		if plan, err := registration.Plan(tx, "000000000000"); plan != support.Basic || err != nil {
			t.Errorf("plan of nobody %q, %v", plan, err)
		}
		left, err2 := tx.DueRegistrations(due.AddDate(10, 0, 0), 10)
		if len(left) != 0 {
			t.Errorf("due still: %+v", left)
		}
		return errors.Join(err, err2)
	})
}

var errNotMe = errors.New("another node did it")

// what holds an activation is looked at again, less and less often, and
// at once when it ended.
func TestHeldActivation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.open()
	w.complete(id)
	w.do(func(tx store.Tx) error { _, err := registration.AskFor(tx, id, "A passport.", now); return err })
	at := now.Add(registration.ActivationTakes)
	for _, wait := range []time.Duration{time.Minute, time.Minute, 24 * time.Hour / 10} {
		if w.activate(id, at) {
			t.Fatal("activated though information was asked for")
		}
		r, _ := w.left(id)
		if r.DueAt != at.Add(min(wait, time.Hour)) {
			t.Errorf("looked at again after %v, want %v", r.DueAt.Sub(at), wait)
		}
		if at = r.DueAt; wait == time.Minute && at.Sub(now) > 2*time.Minute {
			at = now.Add(24 * time.Hour)
		}
	}
	w.do(func(tx store.Tx) error { _, err := registration.Lift(tx, id, at); return err })
	if !w.activate(id, at) {
		t.Error("not activated when nothing held it")
	}
	for what, try := range map[string]func(store.Tx) error{
		"asking when active":  func(tx store.Tx) error { _, err := registration.AskFor(tx, id, "x", now); return err },
		"lifting nothing":     func(tx store.Tx) error { _, err := registration.Lift(tx, id, now); return err },
		"by hand when active": func(tx store.Tx) error { _, err := registration.ActivateByHand(tx, id, now); return err },
	} {
		if err := w.try(try); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", what, err)
		}
	}
	other := newWorld(t)
	id = other.open()
	for _, asked := range []string{"", " ", strings.Repeat("x", 1001), "\xff"} {
		if err := other.try(func(tx store.Tx) error { _, err := registration.AskFor(tx, id, asked, now); return err }); !fault.Is(err, fault.Invalid) {
			t.Errorf("asking for %.5q: %v", asked, err)
		}
	}
}

// after the maximum of wrong PINs nothing but support staff helps.
func TestPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.open()
	count := func(tx store.Tx) error { _, err := registration.CountPIN(tx, id, "+12065550100"); return err }
	for range registration.MaxPhoneFailures {
		w.do(count)
	}
	if err := w.try(count); fault.ReasonOf(err) != registration.PhoneBlocked {
		t.Errorf("one more: %v", err)
	}
	if r, _ := w.left(id); !r.Phone.Blocked() {
		t.Errorf("%+v", r.Phone)
	}
	w.do(func(tx store.Tx) error { _, err := registration.ActivateByHand(tx, id, now); return err })
	if r, s := w.left(id); s != registration.Done || !r.ByHand || r.ActivatedAt != now {
		t.Errorf("%+v, %s", r, s)
	}

	other := newWorld(t)
	id = other.open()
	other.do(count)
	other.do(count)
	other.do(func(tx store.Tx) error { return registration.PhoneVerified(tx, id, "+12065550100", now) })
	if r, _ := other.left(id); r.Phone.Failures != 1 || r.Phone.VerifiedAt != now {
		t.Errorf("%+v", r.Phone)
	}
	if err := other.try(func(tx store.Tx) error { return registration.ChoosePlan(tx, id, "gold", now) }); !fault.Is(err, fault.Invalid) {
		t.Errorf("a plan that is none: %v", err)
	}
}

// An account that was suspended before its activation stays so.
func TestActivationOfSuspended(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.open()
	w.complete(id)
	w.do(func(tx store.Tx) error {
		a, err := tx.Account(id)
		a.Status = account.Suspended
		if err == nil {
			err = tx.PutAccount(a)
		}
		return err
	})
	w.activate(id, now.Add(registration.ActivationTakes))
	w.do(func(tx store.Tx) error {
		a, err := tx.Account(id)
		if a.Status != account.Suspended {
			t.Errorf("%+v", a)
		}
		return err
	})
}
