package account

import (
	"strings"
	"time"
	"unicode/utf8"

	"sekisho/internal/fault"
)

// ReopenPeriod is how long a closed account can be reopened. After it what the
// account has is deleted, and its e-mail address stays taken for good.
const ReopenPeriod = 90 * 24 * time.Hour

// Standing is how an account came to its state. Accounts that were never
// suspended nor closed have none.
type Standing struct {
	Account string
	Status  Status    // that it came to
	Since   time.Time // when
	// Before is the state to which it goes back.
	Before Status
	// Reason is the operator's, at most 500 characters; "" for none, or if the
	// owner did it.
	Reason  string
	ByOwner bool
	// ClosedAt is when it was closed, zero for one that is not. EmptiedAt is when
	// all that it had was deleted, ReopenPeriod later.
	ClosedAt  time.Time
	EmptiedAt time.Time
}

// ReopenUntil is the end of the time in which a closed account can be reopened.
func (s Standing) ReopenUntil() time.Time { return s.ClosedAt.Add(ReopenPeriod) }

// StandingStore keeps them.
type StandingStore interface {
	// Standing returns the account's, or NotFound.
	Standing(account string) (Standing, error)
	// PutStanding creates or replaces it. An account that does not exist is NotFound.
	PutStanding(s Standing) error
	// ToEmpty returns closed accounts that still have what they had, of those that
	// were closed before a time, the longest closed first.
	ToEmpty(closedBefore time.Time, limit int) ([]Standing, error)
}

const maxReason = 500

// Suspend takes an account out of use. One that is suspended or closed is a
// Conflict.
func Suspend(tx Store, id, reason string, now time.Time) (Account, error) {
	a, err := tx.Account(id)
	if err != nil {
		return a, err
	}
	if a.Status != Active && a.Status != PendingActivation {
		return a, notFrom(a)
	}
	return move(tx, a, Standing{Status: Suspended, Reason: reason}, now)
}

// Reactivate brings a suspended account back. activated says that its
// sign-up was completed, meanwhile or before. One that is not suspended is a Conflict.
func Reactivate(tx Store, id string, activated bool, now time.Time) (Account, error) {
	a, err := tx.Account(id)
	if err != nil {
		return a, err
	}
	if a.Status != Suspended {
		return a, notFrom(a)
	}
	return back(tx, a, activated, now)
}

// Close closes an account. The owner's way is only for one that is in use
// or not activated yet; an operator, byOwner false, may close a suspended one too.
// The management account of an organization that has members is a Conflict.
func Close(tx Store, id string, byOwner bool, reason string, now time.Time) (Account, error) {
	a, err := tx.Account(id)
	if err != nil {
		return a, err
	}
	if a.Status == Closed || byOwner && a.Status == Suspended {
		return a, notFrom(a)
	}
	if manages, err := managesMembers(tx, a); manages || err != nil {
		if err == nil {
			err = fault.New(fault.Conflict, "account-manages", "The account manages an organization. Close its member accounts first.")
		}
		return a, err
	}
	return move(tx, a, Standing{Status: Closed, Reason: reason, ByOwner: byOwner, ClosedAt: now}, now)
}

// Reopen brings a closed account back within ReopenPeriod; after that it is
// Expired. One that is not closed is a Conflict.
func Reopen(tx Store, id string, activated bool, now time.Time) (Account, error) {
	a, err := tx.Account(id)
	if err != nil {
		return a, err
	}
	if a.Status != Closed {
		return a, notFrom(a)
	}
	gone, err := Gone(tx, a, now)
	if err != nil {
		return a, err
	}
	if gone {
		return a, fault.New(fault.Expired, "account-gone", "The account was closed %d days ago or earlier and can no longer be reopened.", int(ReopenPeriod.Hours()/24))
	}
	return back(tx, a, activated, now)
}

// Gone reports whether the account was closed so long ago that nobody signs in to
// it any more, its root user included.
func Gone(tx StandingStore, a Account, now time.Time) (bool, error) {
	if a.Status != Closed {
		return false, nil
	}
	s, err := tx.Standing(a.ID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil && !now.Before(s.ReopenUntil()), err
}

// Emptied notes that all that a closed account had was deleted.
func Emptied(tx StandingStore, id string, now time.Time) error {
	s, err := tx.Standing(id)
	if err != nil {
		return err
	}
	s.EmptiedAt = now
	return tx.PutStanding(s)
}

// move puts the account into the state of s.
func move(tx Store, a Account, s Standing, now time.Time) (Account, error) {
	if s.Reason = strings.TrimSpace(s.Reason); utf8.RuneCountInString(s.Reason) > maxReason || !utf8.ValidString(s.Reason) {
		return a, invalid("standing-reason", "The reason must have at most %d characters.", maxReason)
	}
	s.Account, s.Since, s.Before = a.ID, now, a.Status
	if a.Status == Suspended { // and closed now: reopening does not end the suspension
		s.Before = Suspended
	}
	a.Status = s.Status
	if err := tx.PutAccount(a); err != nil {
		return a, err
	}
	return a, tx.PutStanding(s)
}

// back puts the account into the state that it had before.
func back(tx Store, a Account, activated bool, now time.Time) (Account, error) {
	s, err := tx.Standing(a.ID)
	if fault.Is(err, fault.NotFound) {
		s, err = Standing{Account: a.ID, Before: Active}, nil // put there by other means
	}
	if err != nil {
		return a, err
	}
	if s.Before == a.Status || s.Before == PendingActivation && activated {
		s.Before = Active
	}
	a.Status = s.Before
	if err := tx.PutAccount(a); err != nil {
		return a, err
	}
	return a, tx.PutStanding(Standing{Account: a.ID, Status: a.Status, Since: now, Before: a.Status})
}

func managesMembers(tx Store, a Account) (bool, error) {
	organization, err := tx.Manages(a.ID)
	if organization == "" || err != nil {
		return false, err
	}
	n, err := tx.AccountCount(organization)
	if a.Status != Closed {
		n-- // the management account itself
	}
	return n > 0, err
}

// notFrom says that the account is in a state from which the change cannot be made.
func notFrom(a Account) error {
	return fault.New(fault.Conflict, "account-state", "The account is %s.", a.Status)
}
