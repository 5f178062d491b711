package registration

import (
	"strings"
	"time"
	"unicode/utf8"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/payment"
)

// Reason is why an account is not active yet.
type Reason string

// The reasons, in the order in which they are looked at.
const (
	Incomplete      Reason = "incomplete"       // steps are left
	Information     Reason = "information"      // additional information was asked for
	PaymentDeclined Reason = "payment-declined"
	PaymentPending  Reason = "payment-pending"  // the institution has to approve
	UnderWay        Reason = "under-way"        // nothing holds it
)

// Waits is why the account is not active; "" when it is.
func (r Registration) Waits(methods payment.Status) Reason {
	switch {
	case !r.ActivatedAt.IsZero():
		return ""
	case methods == payment.Declined:
		return PaymentDeclined
	case r.Next(methods) != Done:
		return Incomplete
	case !r.Hold.At.IsZero():
		return Information
	case methods == payment.Pending:
		return PaymentPending
	}
	return UnderWay
}

// Activate activates the account if all was given and nothing holds it, and reports
// whether it did: of several nodes that try, one does. Otherwise it notes when to
// try again. The caller tells the owner in the same transaction (N-11).
func Activate(tx Tx, accountID string, now time.Time) (Registration, bool, error) {
	r, err := tx.Registration(accountID)
	if err != nil {
		return r, false, err
	}
	if r.DueAt.IsZero() || now.Before(r.DueAt) {
		return r, false, nil
	}
	methods, err := payment.Standing(tx, accountID, now)
	if err != nil {
		return r, false, err
	}
	if r.Waits(methods) != UnderWay {
		r.DueAt = now.Add(min(max(now.Sub(r.SubmittedAt)/retryAge, minRetry), maxRetry))
		return r, false, tx.PutRegistration(r)
	}
	r, err = activate(tx, r, now)
	return r, err == nil, err
}

// ActivateByHand activates an account that is not active yet, whatever is left or
// holds it, as support staff do after they talked to its owner. One that is
// in another state is a Conflict; one that nobody signed up for has no registration,
// and the one returned is new. The caller tells the owner.
func ActivateByHand(tx Tx, accountID string, now time.Time) (Registration, error) {
	a, err := tx.Account(accountID)
	if err != nil {
		return Registration{}, err
	}
	if a.Status != account.PendingActivation {
		return Registration{}, fault.New(fault.Conflict, "account-not-pending", "The account is %s and does not wait for its activation.", a.Status)
	}
	r, err := tx.Registration(accountID)
	if fault.Is(err, fault.NotFound) {
		r, err = Registration{Account: accountID, Type: Personal, StartedAt: now}, nil
	}
	if err != nil {
		return r, err
	}
	r.ByHand = true
	return activate(tx, r, now)
}

func activate(tx Tx, r Registration, now time.Time) (Registration, error) {
	a, err := tx.Account(r.Account)
	if err != nil {
		return r, err
	}
	r.ActivatedAt, r.DueAt, r.Hold = now, time.Time{}, Hold{}
	if r.SubmittedAt.IsZero() {
		r.SubmittedAt = now
	}
	if a.Status == account.PendingActivation { // somebody may have suspended it meanwhile
		a.Status = account.Active
		if err := tx.PutAccount(a); err != nil {
			return r, err
		}
	}
	return r, tx.PutRegistration(r)
}

const maxAsked = 1000 // characters

// AskFor holds the activation until somebody lifts it: asked is what information is
// needed. The caller asks the owner by mail (N-12). An account that is active
// is a Conflict.
func AskFor(tx Store, accountID, asked string, now time.Time) (Registration, error) {
	r, err := tx.Registration(accountID)
	if err != nil {
		return r, err
	}
	if !r.ActivatedAt.IsZero() {
		return r, fault.New(fault.Conflict, "account-activated", "The account was activated already.")
	}
	if asked = strings.TrimSpace(asked); asked == "" || utf8.RuneCountInString(asked) > maxAsked || !utf8.ValidString(asked) {
		return r, fault.New(fault.Invalid, "hold-asked", "Say in 1 to %d characters what is needed.", maxAsked)
	}
	r.Hold = Hold{Asked: asked, At: now}
	return r, tx.PutRegistration(r)
}

// Lift ends what AskFor began. Activation is tried at once, if all steps are done.
func Lift(tx Store, accountID string, now time.Time) (Registration, error) {
	r, err := tx.Registration(accountID)
	if err != nil {
		return r, err
	}
	if r.Hold.At.IsZero() {
		return r, fault.New(fault.Conflict, "registration-not-held", "Nothing was asked of the account's owner.")
	}
	r.Hold = Hold{}
	return r, Retry(tx, &r, now)
}

// Retry lets activation be tried at now, because something changed that may have
// held it, and keeps r.
func Retry(tx Store, r *Registration, now time.Time) error {
	if r.ActivatedAt.IsZero() && !r.SubmittedAt.IsZero() {
		r.DueAt = now
	}
	return tx.PutRegistration(*r)
}
