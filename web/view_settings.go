package web

import "time"

// Names of the form fields of the root user's own pages.
const (
	FieldAccountID = "account_id" // typed to confirm that this account is meant
	FieldNewEmail  = "new_email"  // address that the root user is to have
	FieldMethod    = "method"     // id of a payment method
)

// SettingsError is why a form of these pages is shown again.
type SettingsError string

// The reasons.
const (
	SettingsPasswordRequired  SettingsError = "password-required"
	SettingsPasswordWrong     SettingsError = "password-wrong"
	SettingsPasswordSame      SettingsError = "password-same" // as the present one
	SettingsThrottled         SettingsError = "throttled"     // with RetryAfter
	SettingsEmailRequired     SettingsError = "email-required"
	SettingsEmailInvalid      SettingsError = "email-invalid"
	SettingsEmailSame         SettingsError = "email-same"
	SettingsEmailOften        SettingsError = "email-often" // too many changes were begun
	SettingsCodeRequired      SettingsError = "code-required"
	SettingsCodeWrong         SettingsError = "code-wrong"
	SettingsCodeSpent         SettingsError = "code-spent" // too old, or tried too often
	SettingsAccountIDRequired SettingsError = "account-id-required"
	SettingsAccountIDWrong    SettingsError = "account-id-wrong"
	SettingsManages           SettingsError = "manages"         // an organization with members
	SettingsNoMFA             SettingsError = "mfa"             // this session began without the second factor
	SettingsPolicyDenies      SettingsError = "policy-denies"   // by a policy of the organization
	SettingsCardUnanswered    SettingsError = "card-unanswered" // the gateway does not answer
	SettingsCardMany          SettingsError = "card-many"
	SettingsCardOften         SettingsError = "card-often" // with RetryAfter
	SettingsCardCodeSpent     SettingsError = "card-code-spent"
	SettingsMethodDefault     SettingsError = "method-default"
	SettingsMethodDeclined    SettingsError = "method-declined"
)

// settingsFields is the field that each reason belongs to.
var settingsFields = map[SettingsError]string{
	SettingsPasswordRequired: FieldPassword, SettingsPasswordWrong: FieldPassword, SettingsThrottled: FieldPassword,
	SettingsPasswordSame:  FieldNewPassword,
	SettingsEmailRequired: FieldNewEmail, SettingsEmailInvalid: FieldNewEmail, SettingsEmailSame: FieldNewEmail, SettingsEmailOften: FieldNewEmail,
	SettingsCodeRequired: FieldCode, SettingsCodeWrong: FieldCode, SettingsCodeSpent: FieldCode, SettingsCardCodeSpent: FieldCode,
	SettingsAccountIDRequired: FieldAccountID, SettingsAccountIDWrong: FieldAccountID, SettingsManages: FieldAccountID, SettingsNoMFA: FieldAccountID,
	SettingsPolicyDenies:   FieldAccountID,
	SettingsCardUnanswered: FieldCardNumber, SettingsCardMany: FieldCardNumber, SettingsCardOften: FieldCardNumber,
	SettingsMethodDefault: FieldMethod, SettingsMethodDeclined: FieldMethod,
}

func settingsFaults(retry time.Duration, errors ...SettingsError) []fault {
	var faults []fault
	for _, e := range errors {
		if e != "" {
			faults = append(faults, fault{settingsFields[e], "settings.error." + string(e), []any{"minutes", minutes(retry)}})
		}
	}
	return faults
}

// SettingsNotice is what was just done.
type SettingsNotice string

// The notices.
const (
	SettingsPasswordChanged SettingsNotice = "password"
	SettingsEmailChanged    SettingsNotice = "email"
	SettingsClosed          SettingsNotice = "closed"
	SettingsReopened        SettingsNotice = "reopened"
)

// ParseSettingsNotice reads one from an address; "" for anything else.
func ParseSettingsNotice(s string) SettingsNotice {
	switch n := SettingsNotice(s); n {
	case SettingsPasswordChanged, SettingsEmailChanged, SettingsClosed, SettingsReopened:
		return n
	}
	return ""
}

// SettingsState is how the account stands, for the page that leads on from there.
type SettingsState string

// The states.
const (
	SettingsActive    SettingsState = "active"
	SettingsPending   SettingsState = "pending" // sign-up is not complete
	SettingsSuspended SettingsState = "suspended"
	SettingsShut      SettingsState = "closed"
)

// SettingsHome is where the root user finds what only they may change (A-41,
// A-44, M-24, Q-07).
type SettingsHome struct {
	Frame
	AccountID, Name, Email string
	State                  SettingsState
	Until                  time.Time // of SettingsShut: when it can no longer be reopened
	Notice                 SettingsNotice
	ConsoleURL             string
	AccountURL             string // the console's page for name and contacts
	PasswordURL            string
	EmailURL               string
	PaymentURL             string
	CloseURL               string
	ReopenURL              string
	SignUpURL              string // of SettingsPending: to complete it
	SupportURL             string // to have the account reactivated
	FraudURL               string // to report fraudulent activity
}

// SettingsDenied tells somebody who is not the root user who may.
type SettingsDenied struct {
	Frame
	UserName   string
	AccountID  string
	ConsoleURL string
	SwitchURL  string // to sign in as the root user
}

// SettingsPassword changes the root user's password.
type SettingsPassword struct {
	Frame
	Action     string // posts flow, username (hidden), password, new_password and confirm
	Email      string
	Rules      PasswordRules
	CancelURL  string
	ForgotURL  string
	Error      SettingsError // of the current password
	RetryAfter time.Duration // shown in minutes, rounded up
	Errors     []NewPasswordError
}

// SettingsEmail begins to change the root user's e-mail address.
type SettingsEmail struct {
	Frame
	Action    string // posts flow and new_email
	Email     string // as it is
	NewEmail  string // typed before
	Pending   string // address that has a code which can still be used; optional
	CodeURL   string // where to enter that
	CancelURL string
	Error     SettingsError
}

// SettingsEmailCode takes the code that was mailed to the new address, and the
// password. It looks the same whether or not the address was free.
type SettingsEmailCode struct {
	Frame
	Action     string // posts flow, code and password
	Email      string // as it is, for password managers
	NewEmail   string
	Hours      int    // that the code is good for
	AgainURL   string // another address
	Errors     []SettingsError
	RetryAfter time.Duration
}

// SettingsClose closes the account.
type SettingsClose struct {
	Frame
	Action    string // posts flow and account_id
	AccountID string
	Name      string
	Email     string
	Days      int // in which it can be reopened
	CancelURL string
	AgainURL  string // of SettingsNoMFA: sign in again
	Error     SettingsError
}

// SettingsReopen reopens a closed account.
type SettingsReopen struct {
	Frame
	Action    string // posts flow
	AccountID string
	Name      string
	Until     time.Time
	CancelURL string
}

// SettingsMethod is a payment method as its owner sees it.
type SettingsMethod struct {
	ID, Brand, LastFour string
	Month, Year         int
	Default, Expired    bool
	Status              string        // valid, pending or declined
	Declined            SignUpDecline // why
}

// SettingsPayment lists the payment methods.
type SettingsPayment struct {
	Frame
	DefaultAction string // posts flow and method
	RemoveAction  string // the same
	Methods       []SettingsMethod
	AddURL        string
	BackURL       string
	Error         SettingsError
}

// SettingsCard adds a card. The form's part is that of sign-up, without Action.
type SettingsCard struct {
	SignUpPayment
	CancelURL  string
	Error      SettingsError
	RetryAfter time.Duration
}

// SettingsCardCode takes the one-time password of the card's institution.
type SettingsCardCode struct {
	Frame
	Action   string // posts flow and code
	LastFour string
	AgainURL string // another card
	Error    SettingsError
}

func (SettingsHome) template() string      { return "settings-home" }
func (SettingsDenied) template() string    { return "settings-denied" }
func (SettingsPassword) template() string  { return "settings-password" }
func (SettingsEmail) template() string     { return "settings-email" }
func (SettingsEmailCode) template() string { return "settings-email-code" }
func (SettingsClose) template() string     { return "settings-close" }
func (SettingsReopen) template() string    { return "settings-reopen" }
func (SettingsPayment) template() string   { return "settings-payment" }
func (SettingsCard) template() string      { return "settings-card" }
func (SettingsCardCode) template() string  { return "settings-card-code" }

func (p SettingsPassword) faults() []fault {
	return append(settingsFaults(p.RetryAfter, p.Error), NewPassword{Rules: p.Rules, Errors: p.Errors}.faults()...)
}

func (p SettingsEmail) faults() []fault     { return settingsFaults(0, p.Error) }
func (p SettingsEmailCode) faults() []fault { return settingsFaults(p.RetryAfter, p.Errors...) }
func (p SettingsClose) faults() []fault     { return settingsFaults(0, p.Error) }
func (p SettingsPayment) faults() []fault   { return settingsFaults(0, p.Error) }
func (p SettingsCardCode) faults() []fault  { return settingsFaults(0, p.Error) }

func (p SettingsCard) faults() []fault {
	return append(settingsFaults(p.RetryAfter, p.Error), p.SignUpPayment.faults()...)
}

// Declined is why an institution declined a card, in words.
func (p *Pages) Declined(d SignUpDecline, loc Locale) (string, error) {
	_, c := p.language(loc)
	return c.text("signup.declined." + string(d))
}

// NewPasswordFirst reports whether typing begins with the new password: where the
// present one is asked for too, that comes first.
func (r *rendering) NewPasswordFirst() bool {
	_, both := r.P.(SettingsPassword)
	return !both
}
