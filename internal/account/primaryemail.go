package account

import (
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

// EmailUpdateStatus is how far the change of an account's e-mail address has come.
type EmailUpdateStatus string

// The statuses. A change that is accepted is completed with that.
const (
	EmailPending   EmailUpdateStatus = "PENDING"
	EmailAccepted  EmailUpdateStatus = "ACCEPTED"
	EmailCompleted EmailUpdateStatus = "COMPLETED"
	EmailFailed    EmailUpdateStatus = "FAILED"
)

const (
	// EmailCodeLifetime is how long the code by mail is good.
	EmailCodeLifetime = 24 * time.Hour

	emailCodeLetters  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	emailCodeLength   = 6
	maxEmailCodeTries = 5 // of one code

	// maxEmailUpdates is how many changes an account can begin in emailUpdatesEvery:
	// each sends mail to an address that may be a stranger's.
	maxEmailUpdates   = 5
	emailUpdatesEvery = time.Hour
)

// EmailUpdate is the change of an account's e-mail address, which is the root
// user's; of each account the last that was begun.
type EmailUpdate struct {
	Account string
	Email   string        // the new address
	Code    secret.String // proves that its mail is read; empty once it was used
	// Completed says that the account has the address.
	Completed bool
	Tries     int // of the code, right ones included
	StartedAt time.Time
	UpdatedAt time.Time
	ExpiresAt time.Time // of the code
	// Begun counts changes since BegunSince.
	Begun      int
	BegunSince time.Time
}

// StatusAt is the status at now.
func (u EmailUpdate) StatusAt(now time.Time) EmailUpdateStatus {
	switch {
	case u.Completed:
		return EmailCompleted
	case u.Code.Empty() || u.Tries >= maxEmailCodeTries || !now.Before(u.ExpiresAt):
		return EmailFailed
	}
	return EmailPending
}

// EmailUpdateStore keeps changes of addresses.
type EmailUpdateStore interface {
	// AccountByEmail returns the account with that address, in any case, or NotFound.
	AccountByEmail(email string) (Account, error)
	// EmailUpdate returns the account's last change, or NotFound.
	EmailUpdate(account string) (EmailUpdate, error)
	// PutEmailUpdate creates or replaces it. An account that does not exist is NotFound.
	PutEmailUpdate(u EmailUpdate) error
}

// StartEmailUpdate begins to change the account's address and returns the change
// with the code that has to be sent to the new address. A change that was begun
// before is forgotten. An address that cannot be is Invalid, one that an account
// has AlreadyExists; too many changes are Throttled.
func StartEmailUpdate(tx EmailUpdateStore, account, email string, now time.Time) (EmailUpdate, error) {
	if ValidEmail(email) {
		if err := notTaken(tx, email); err != nil {
			return EmailUpdate{}, err
		}
	}
	return begin(tx, account, email, now)
}

// StartEmailUpdateQuietly is StartEmailUpdate for a page that does not tell which
// addresses have an account: of one that has, the change is begun all the same,
// with a code that nobody must be sent.
func StartEmailUpdateQuietly(tx EmailUpdateStore, account, email string, now time.Time) (u EmailUpdate, taken bool, err error) {
	if u, err = begin(tx, account, email, now); err != nil {
		return u, false, err
	}
	err = notTaken(tx, email)
	if fault.Is(err, fault.AlreadyExists) {
		return u, true, nil
	}
	return u, false, err
}

func begin(tx EmailUpdateStore, account, email string, now time.Time) (EmailUpdate, error) {
	if !ValidEmail(email) {
		return EmailUpdate{}, invalid("primary-email", "The e-mail address is not valid.")
	}
	last, err := tx.EmailUpdate(account)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return EmailUpdate{}, err
	}
	u := EmailUpdate{
		Account: account, Email: email, Code: secret.NewString(secret.Pick(emailCodeLetters, emailCodeLength)),
		StartedAt: now, UpdatedAt: now, ExpiresAt: now.Add(EmailCodeLifetime),
		Begun: last.Begun + 1, BegunSince: last.BegunSince,
	}
	if !now.Before(last.BegunSince.Add(emailUpdatesEvery)) {
		u.Begun, u.BegunSince = 1, now
	}
	if u.Begun > maxEmailUpdates {
		return EmailUpdate{}, fault.New(fault.Throttled, "email-updates", "The e-mail address was to be changed too often. Try again later.")
	}
	return u, tx.PutEmailUpdate(u)
}

func notTaken(tx EmailUpdateStore, email string) error {
	_, err := tx.AccountByEmail(email)
	if err == nil {
		return fault.New(fault.AlreadyExists, "email-taken", "The e-mail address is already in use by an account.")
	}
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// TryEmailCode counts a try of the pending change's code. It must be committed
// before [AcceptEmailUpdate] looks at the code, so that tries at the same time
// cannot share one. Without a pending change of that address it is NotFound, after
// too many tries Throttled.
func TryEmailCode(tx EmailUpdateStore, account, email string, now time.Time) error {
	u, err := tx.EmailUpdate(account)
	if fault.Is(err, fault.NotFound) || err == nil && (u.Email != email || u.Code.Empty() || !now.Before(u.ExpiresAt)) {
		return errNoEmailUpdate
	}
	if err != nil {
		return err
	}
	if u.Tries >= maxEmailCodeTries {
		return fault.New(fault.Throttled, "email-code-tries", "There were too many attempts with wrong codes. Start the update anew.")
	}
	u.Tries++
	u.UpdatedAt = now
	return tx.PutEmailUpdate(u)
}

// AcceptEmailUpdate gives the account its new address if code is the one that was
// sent there, which is good once, and returns the address before. Links for a new
// password may have gone there, so it is called by iam.AcceptRootEmail only, which
// drops them. [TryEmailCode] goes before. A wrong code is Invalid, an address that somebody else got meanwhile
// AlreadyExists.
func AcceptEmailUpdate(tx Store, account, email, code string, now time.Time) (before string, err error) {
	u, err := tx.EmailUpdate(account)
	if fault.Is(err, fault.NotFound) || err == nil && (u.Email != email || u.Code.Empty() || !now.Before(u.ExpiresAt)) {
		return "", errNoEmailUpdate
	}
	if err != nil {
		return "", err
	}
	if !u.Code.Equal(secret.NewString(code)) {
		return "", invalid("otp", "The one-time password is not valid.")
	}
	if err := notTaken(tx, email); err != nil {
		return "", err
	}
	a, err := tx.Account(account)
	if err != nil {
		return "", err
	}
	before, a.Email = a.Email, email
	if err := tx.PutAccount(a); err != nil {
		return "", err
	}
	u.Code, u.Completed, u.UpdatedAt = secret.String{}, true, now
	return before, tx.PutEmailUpdate(u)
}

var errNoEmailUpdate = fault.New(fault.NotFound, "no-email-update", "There is no pending update of the primary e-mail address to that address.")
