// Package registration is how an account comes to be: what its owner has to give,
// how far they have come, and its activation.
//
// It owns the steps and the states between the first form and an active account.
// The account itself is account's, the payment method payment's. Pages and mails
// are signup's, and when activation is tried is the program's.
package registration

import (
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/payment"
	"sekisho/internal/support"
)

// Type is what the owner says the account is for. It changes nothing but what the
// owner is asked.
type Type string

// The types.
const (
	Personal     Type = "personal"
	Professional Type = "professional"
)

// Seller is with whom the agreement is made.
type Seller string

// The sellers.
const (
	AWS   Seller = "AWS"
	AISPL Seller = "AISPL" // India
)

// SellerIn is the seller for owners with an address in a country.
func SellerIn(country string) Seller {
	if country == payment.India {
		return AISPL
	}
	return AWS
}

// Step is a part of sign-up that comes after the account was created.
type Step string

// The steps in their order.
const (
	PaymentStep Step = "payment"
	PhoneStep   Step = "phone"
	PlanStep    Step = "plan"
	Done        Step = "done"    // nothing is left to be given
)

const (
	// MaxPhoneFailures is how many wrong PINs an account's owner can enter. After
	// them only AWS Support can go on.
	MaxPhoneFailures = 5
	// ActivationTakes is how long after the last step an account is activated that
	// nothing holds. At AWS it is minutes, up to 24 hours.
	ActivationTakes = 5 * time.Second

	// What holds an activation is looked at again after a tenth of the time that it
	// has been waiting, within these bounds.
	minRetry = time.Minute
	maxRetry = time.Hour
	retryAge = 10
)

// Registration is how far the sign-up of an account has come. Accounts that nobody
// signed up for have none.
type Registration struct {
	Account   string // 12 digits
	Type      Type
	Agreement Agreement
	Phone     Phone
	Plan      support.Plan // "" until one is chosen
	// Language is that of the mails to the owner: "en" or "ja".
	Language  string
	StartedAt time.Time
	// SubmittedAt is when the last step was done.
	SubmittedAt time.Time
	Hold        Hold
	ActivatedAt time.Time
	ByHand      bool // it was support staff who activated the account
	// DueAt is when activation is tried next; zero is never.
	DueAt time.Time
}

// Agreement is what the owner agreed to.
type Agreement struct {
	Seller Seller
	At     time.Time
}

// Phone is the number at which the owner is reached, and its verification.
type Phone struct {
	Number     string // E.164, of the last verification begun or done
	VerifiedAt time.Time
	Failures   int // wrong PINs
}

// Blocked reports whether the owner has used up all tries.
func (p Phone) Blocked() bool { return p.VerifiedAt.IsZero() && p.Failures >= MaxPhoneFailures }

// Hold is a request for additional information; its zero value is none.
type Hold struct {
	Asked string // what is needed, in the words of who asks; at most 1,000 characters
	At    time.Time
}

// Store keeps registrations.
type Store interface {
	// Registration returns the account's registration, or NotFound.
	Registration(account string) (Registration, error)
	// PutRegistration creates or replaces. An account that does not exist is NotFound.
	PutRegistration(r Registration) error
	// DueRegistrations returns registrations whose DueAt has come, the earliest first.
	DueRegistrations(now time.Time, limit int) ([]Registration, error)
}

// Tx is what it takes to open and to activate an account.
type Tx interface {
	Store
	account.Store
	credential.Store
	payment.Store
}

// Opening is what an account is opened with.
type Opening struct {
	Name         string
	Email        string // whose mail the owner was seen to read
	PasswordHash string // of the root user
	Type         Type
	Contact      account.Contact
	Language     string
}

// Open opens an account, with its root user, who is its only identity. It
// can be signed in to, and nothing else before it is active. An address that
// a root user has or had is AlreadyExists; what is wrong with the rest
// is Invalid, and the fault's reason says what.
func Open(tx Tx, o Opening, now time.Time) (account.Account, error) {
	if err := Free(tx, o.Email); err != nil {
		return account.Account{}, err
	}
	if o.Type != Personal && o.Type != Professional {
		return account.Account{}, fault.New(fault.Invalid, "account-type", "Choose an account type.")
	}
	if o.Type == Professional && o.Contact.CompanyName == "" {
		return account.Account{}, fault.New(fault.Invalid, "company-name", "The company name must not be blank.")
	}
	id, err := NewID(tx)
	if err != nil {
		return account.Account{}, err
	}
	a := account.Account{ID: id, Name: o.Name, Email: o.Email, Status: account.PendingActivation, CreatedAt: now}
	if err := a.Validate(); err != nil {
		return a, err
	}
	if err := tx.PutAccount(a); err != nil {
		return a, err
	}
	if err := account.SetContact(tx, id, o.Contact); err != nil {
		return a, err
	}
	if err := credential.SetPassword(tx, credential.Owner{Kind: credential.RootUser, ID: id}, o.PasswordHash, false, now); err != nil {
		return a, err
	}
	return a, tx.PutRegistration(Registration{
		Account: id, Type: o.Type, Agreement: Agreement{SellerIn(o.Contact.CountryCode), now}, Language: o.Language, StartedAt: now,
	})
}

// Free is AlreadyExists when a root user has or had the address: closed accounts
// keep theirs. Plus-suffixed addresses are addresses of their own.
func Free(tx account.Store, email string) error {
	_, err := tx.AccountByEmail(email)
	if err == nil {
		return fault.New(fault.AlreadyExists, EmailTaken, "The e-mail address is already in use by an account.")
	}
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// EmailTaken is the reason of the fault when a root user has the address.
const EmailTaken = "email-taken"

// NewID is an id that no account has.
func NewID(tx account.Store) (string, error) {
	for {
		id := arn.NewAccountID()
		_, err := tx.Account(id)
		if fault.Is(err, fault.NotFound) {
			return id, nil
		}
		if err != nil {
			return "", err
		}
	}
}

// Next is the first step that is not done, by what can be said of the account's
// payment methods.
func (r Registration) Next(methods payment.Status) Step {
	switch {
	case !r.ActivatedAt.IsZero():
		return Done
	case methods != payment.Valid && methods != payment.Pending:
		return PaymentStep
	case r.Phone.VerifiedAt.IsZero():
		return PhoneStep
	case r.Plan == "":
		return PlanStep
	}
	return Done
}

// Left are the account's registration and the first step that is not done, at now.
// An account that nobody signed up for is NotFound.
func Left(tx Tx, accountID string, now time.Time) (Registration, Step, error) {
	r, err := tx.Registration(accountID)
	if err != nil {
		return r, "", err
	}
	methods, err := payment.Standing(tx, accountID, now)
	return r, r.Next(methods), err
}

// CountPIN counts a PIN that the owner enters, as wrong. It must be committed
// before the PIN is compared, so that tries at the same time cannot share one; a
// right one is followed by [PhoneVerified]. After MaxPhoneFailures it is Throttled
// with the reason PhoneBlocked.
func CountPIN(tx Store, accountID, number string) (Registration, error) {
	r, err := tx.Registration(accountID)
	if err != nil {
		return r, err
	}
	if r.Phone.Blocked() {
		return r, fault.New(fault.Throttled, PhoneBlocked, "The maximum number of failed attempts to verify a phone number was reached.")
	}
	r.Phone.Number = number
	r.Phone.Failures++
	return r, tx.PutRegistration(r)
}

// PhoneBlocked is the reason of the fault when all tries are used up.
const PhoneBlocked = "phone-blocked"

// PhoneVerified notes that the owner can be reached at number, and takes back what
// CountPIN counted last.
func PhoneVerified(tx Store, accountID, number string, now time.Time) error {
	r, err := tx.Registration(accountID)
	if err != nil {
		return err
	}
	if r.Phone.VerifiedAt.IsZero() {
		r.Phone = Phone{Number: number, VerifiedAt: now, Failures: max(0, r.Phone.Failures-1)}
	}
	return tx.PutRegistration(r)
}

// ChoosePlan chooses the support plan. With it, sign-up is submitted and
// activation begins in the background.
func ChoosePlan(tx Store, accountID string, plan support.Plan, now time.Time) error {
	if plan != support.Basic && plan != support.Developer && plan != support.Business {
		return fault.New(fault.Invalid, "support-plan", "Choose a support plan.")
	}
	r, err := tx.Registration(accountID)
	if err != nil {
		return err
	}
	r.Plan = plan
	if r.SubmittedAt.IsZero() {
		r.SubmittedAt, r.DueAt = now, now.Add(ActivationTakes)
	}
	return tx.PutRegistration(r)
}

// Plan is the support plan of an account: Basic where nobody chose one.
func Plan(tx Store, accountID string) (support.Plan, error) {
	r, err := tx.Registration(accountID)
	if fault.Is(err, fault.NotFound) || err == nil && r.Plan == "" {
		return support.Basic, nil
	}
	return r.Plan, err
}
