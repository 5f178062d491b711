// Package payment is how an account pays: its payment methods, of which only the
// brand and the last four digits are kept, and the gateway that verifies a card
//
//
// It owns what a card is, what is kept of one, and the order in which a gateway is
// asked: outside of any transaction, because it may take seconds, and before
// anything is stored. Which page shows what is the browser packages' business, and
// whether an account may become active without a valid method registration's.
package payment

import (
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

// Status is what became of the last verification of a method.
type Status string

// The statuses. The console shows all but Unconfirmed.
const (
	Valid    Status = "valid"
	Pending  Status = "pending"  // the institution has yet to approve
	Declined Status = "declined" // Method.Error says why
	// Unconfirmed methods wait for the one-time password of the institution.
	// Nothing is paid with them.
	Unconfirmed Status = "unconfirmed"
)

// Method is one way in which an account pays. Of the card's number only the last
// four digits are kept, and of its security code nothing.
type Method struct {
	ID       string // "pm-" and 26 letters and digits
	Account  string // 12 digits
	Brand    Brand
	LastFour string
	// ExpiryMonth is 1 to 12, ExpiryYear has four digits. The card is good until
	// that month ends.
	ExpiryMonth int
	ExpiryYear  int
	Holder      string // as on the card
	Address     Address
	Default     bool
	Status      Status
	// Error is why the method is Declined, else "".
	Error Reason
	// Reference is the gateway's name for the last authorization; it means nothing
	// to anybody else.
	Reference string
	Tries     int // of the institution's one-time password
	CreatedAt time.Time
	// CheckedAt is when the gateway last answered; Pending methods are looked after
	// by it.
	CheckedAt time.Time
}

// Expired reports whether the card is no longer good at now.
func (m Method) Expired(now time.Time) bool {
	return !now.Before(endOf(m.ExpiryMonth, m.ExpiryYear))
}

const (
	// MaxMethods is how many methods an account can have.
	MaxMethods = 10
	// MaxTries is how often the institution's one-time password can be tried.
	MaxTries = 3
	// CodeLife is how long it can be.
	CodeLife = 10 * time.Minute
)

// Store keeps payment methods.
type Store interface {
	// PaymentMethod returns the method, or NotFound.
	PaymentMethod(id string) (Method, error)
	// PaymentMethods returns all of an account's methods, the default first, then in
	// the order in which they came.
	PaymentMethods(account string) ([]Method, error)
	// PendingPaymentMethods returns methods that wait for their institution and were
	// last looked after before a time, those that wait longest first.
	PendingPaymentMethods(before time.Time, limit int) ([]Method, error)
	// PutPaymentMethod creates or replaces. An account that does not exist is NotFound.
	PutPaymentMethod(m Method) error
	// DeletePaymentMethod removes it, or is NotFound.
	DeletePaymentMethod(id string) error
}

// Methods are the account's methods as people see them: the default first,
// without those that were never confirmed.
func Methods(tx Store, account string) ([]Method, error) {
	all, err := tx.PaymentMethods(account)
	if err != nil {
		return nil, err
	}
	shown := make([]Method, 0, len(all))
	for _, m := range all {
		if m.Status != Unconfirmed {
			shown = append(shown, m)
		}
	}
	return shown, nil
}

// Of returns the account's method of that id. Anybody else's is NotFound, like one
// that there is not.
func Of(tx Store, account, id string) (Method, error) {
	m, err := tx.PaymentMethod(id)
	if err == nil && m.Account != account {
		return Method{}, errNoMethod
	}
	return m, err
}

// Add keeps a method that New made, or that changed since. The account's first
// good one becomes its default, and takes the place of the same card's refused
// tries. One method too many is a Limit fault.
func Add(tx Store, m Method) error {
	all, err := tx.PaymentMethods(m.Account)
	if err != nil {
		return err
	}
	var kept []Method
	hasDefault := false
	for _, other := range all {
		switch {
		case other.ID == m.ID:
		case other.Status == Unconfirmed, other.Status == Declined && sameCard(other, m):
			// A try that failed, and one that was left in the middle, make room for the next.
			if err := tx.DeletePaymentMethod(other.ID); err != nil {
				return err
			}
		default:
			kept = append(kept, other)
			hasDefault = hasDefault || other.Default && usable(other)
		}
	}
	if len(kept) >= MaxMethods {
		return fault.New(fault.Limit, "payment-methods", "An account can have at most %d payment methods.", MaxMethods)
	}
	if !hasDefault && usable(m) {
		return makeDefault(tx, kept, m)
	}
	return tx.PutPaymentMethod(m)
}

// SetDefault makes the method the one that the account pays with. One that is
// declined is a Conflict.
func SetDefault(tx Store, account, id string) error {
	m, err := Of(tx, account, id)
	if err != nil {
		return err
	}
	if !usable(m) {
		return fault.New(fault.Conflict, "payment-method-declined", "This payment method was not approved. Choose another one.")
	}
	all, err := tx.PaymentMethods(account)
	if err != nil {
		return err
	}
	return makeDefault(tx, all, m)
}

func makeDefault(tx Store, all []Method, m Method) error {
	for _, other := range all {
		if other.Default && other.ID != m.ID {
			other.Default = false
			if err := tx.PutPaymentMethod(other); err != nil {
				return err
			}
		}
	}
	m.Default = true
	return tx.PutPaymentMethod(m)
}

// Remove takes a method away. The default one, with which the account pays, is a
// Conflict: another one has to become it first.
func Remove(tx Store, account, id string) error {
	m, err := Of(tx, account, id)
	if err != nil {
		return err
	}
	if m.Default {
		return fault.New(fault.Conflict, "payment-method-default", "The default payment method cannot be removed. Make another one the default first.")
	}
	return tx.DeletePaymentMethod(id)
}

// Standing is the best that can be said of the account's methods at now: Valid if
// one is, else Pending if one waits, else Declined; "" if there is none.
func Standing(tx Store, account string, now time.Time) (Status, error) {
	all, err := tx.PaymentMethods(account)
	if err != nil {
		return "", err
	}
	var best Status
	for _, m := range all {
		switch {
		case m.Status == Unconfirmed:
		case m.Status == Valid && !m.Expired(now):
			return Valid, nil
		case m.Status == Pending:
			best = Pending
		case best == "":
			best = Declined
		}
	}
	return best, nil
}

// usable reports whether the account may pay with m, now or when it is approved.
func usable(m Method) bool { return m.Status == Valid || m.Status == Pending }

func sameCard(a, b Method) bool {
	return a.Brand == b.Brand && a.LastFour == b.LastFour && a.ExpiryMonth == b.ExpiryMonth && a.ExpiryYear == b.ExpiryYear
}

var errNoMethod = fault.New(fault.NotFound, "no-payment-method", "There is no such payment method.")

const idLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

// newID has 130 random bits.
func newID() string { return "pm-" + secret.Pick(idLetters, 26) }
