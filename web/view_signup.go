package web

import (
	"strings"
	"time"
)

// Names of the fields of the sign-up forms.
const (
	FieldAccountName    = "account_name"
	FieldAccountType    = "account_type" // personal or professional
	FieldFullName       = "full_name"
	FieldCompany        = "company"
	FieldPhone          = "phone"
	FieldCountry        = "country" // ISO 3166; of the telephone's number, in the telephone form
	FieldAddressLine1   = "address_line1"
	FieldAddressLine2   = "address_line2"
	FieldCity           = "city"
	FieldStateOrRegion  = "state"
	FieldPostalCode     = "postal_code"
	FieldAgree          = "agree"
	FieldCardNumber     = "card_number"
	FieldCardHolder     = "card_holder"
	FieldCardExpiry     = "card_month" // the month; the faults of both
	FieldCardYear       = "card_year"
	FieldCardCVV        = "card_cvv"
	FieldBillingAddress = "billing_address" // same or new
	FieldByVoice        = "channel"         // sms or voice
	FieldSupportPlan    = "plan"            // basic, developer or business

	DecisionAgain = "again" // from the form before
)

// SignUpError is one thing to correct in a form of sign-up: the key of its message,
// signup.error.<field>.<what>.
type SignUpError string

// The things to correct.
const (
	FaultEmailRequired          SignUpError = "signup.error.email.required"
	FaultEmailInvalid           SignUpError = "signup.error.email.invalid"
	FaultEmailTaken             SignUpError = "signup.error.email.taken"
	FaultAccountNameRequired    SignUpError = "signup.error.account_name.required"
	FaultAccountNameInvalid     SignUpError = "signup.error.account_name.invalid"
	FaultCodeRequired           SignUpError = "signup.error.code.required"
	FaultCodeWrong              SignUpError = "signup.error.code.wrong"
	FaultCodeOver               SignUpError = "signup.error.code.over"
	FaultCodeWait               SignUpError = "signup.error.code.wait"
	FaultCodeBank               SignUpError = "signup.error.code.bank"
	FaultCodePin                SignUpError = "signup.error.code.pin"
	FaultAccountTypeRequired    SignUpError = "signup.error.account_type.required"
	FaultFullNameRequired       SignUpError = "signup.error.full_name.required"
	FaultFullNameInvalid        SignUpError = "signup.error.full_name.invalid"
	FaultCompanyRequired        SignUpError = "signup.error.company.required"
	FaultCompanyInvalid         SignUpError = "signup.error.company.invalid"
	FaultPhoneRequired          SignUpError = "signup.error.phone.required"
	FaultPhoneInvalid           SignUpError = "signup.error.phone.invalid"
	FaultCountryRequired        SignUpError = "signup.error.country.required"
	FaultCountryInvalid         SignUpError = "signup.error.country.invalid"
	FaultAddressLine1Required   SignUpError = "signup.error.address_line1.required"
	FaultAddressLine1Invalid    SignUpError = "signup.error.address_line1.invalid"
	FaultAddressLine2Invalid    SignUpError = "signup.error.address_line2.invalid"
	FaultCityRequired           SignUpError = "signup.error.city.required"
	FaultCityInvalid            SignUpError = "signup.error.city.invalid"
	FaultStateRequired          SignUpError = "signup.error.state.required"
	FaultStateInvalid           SignUpError = "signup.error.state.invalid"
	FaultPostalCodeRequired     SignUpError = "signup.error.postal_code.required"
	FaultPostalCodeInvalid      SignUpError = "signup.error.postal_code.invalid"
	FaultAgreeRequired          SignUpError = "signup.error.agree.required"
	FaultCardNumberInvalid      SignUpError = "signup.error.card_number.invalid"
	FaultCardMonthInvalid       SignUpError = "signup.error.card_month.invalid"
	FaultCardCvvInvalid         SignUpError = "signup.error.card_cvv.invalid"
	FaultCardHolderInvalid      SignUpError = "signup.error.card_holder.invalid"
	FaultBillingAddressRequired SignUpError = "signup.error.billing_address.required"
	FaultChannelRequired        SignUpError = "signup.error.channel.required"
	FaultPlanRequired           SignUpError = "signup.error.plan.required"

	FaultCaptchaRequired SignUpError = "captcha.error.required"
	FaultCaptchaWrong    SignUpError = "captcha.error.wrong"
)

// SignUpDecline is why an institution declined a card, in the words of signup.declined.<reason>.
type SignUpDecline string

// The reasons.
const (
	DeclineNotHonored           SignUpDecline = "not-honored"
	DeclineInsufficientFunds    SignUpDecline = "insufficient-funds"
	DeclineExpiredCard          SignUpDecline = "expired-card"
	DeclineWrongCvv             SignUpDecline = "wrong-cvv"
	DeclineWrongOneTimePassword SignUpDecline = "wrong-one-time-password"
	DeclineCodeOver             SignUpDecline = "code-over"
)

// SignUpState is how far a sign-up has come.
type SignUpState string

// The states: the account is active, or why it is not.
const (
	SignUpActive          SignUpState = "active"
	SignUpIncomplete      SignUpState = "incomplete"
	SignUpInformation     SignUpState = "information"
	SignUpPaymentDeclined SignUpState = "payment-declined"
	SignUpPaymentPending  SignUpState = "payment-pending"
	SignUpUnderWay        SignUpState = "under-way"
)

// field is where the fault is shown.
func (e SignUpError) field() string {
	if e == FaultCaptchaRequired || e == FaultCaptchaWrong {
		return FieldCaptcha
	}
	field, _, _ := strings.Cut(strings.TrimPrefix(string(e), "signup.error."), ".")
	return field
}

func signUpFaults(list []SignUpError, args ...any) []fault {
	faults := make([]fault, 0, len(list))
	for _, e := range list {
		faults = append(faults, fault{e.field(), string(e), args})
	}
	return faults
}

// SignUpStart is what a browser that is signed in finds at the sign-up page.
type SignUpStart struct {
	Frame
	AccountName string
	ConsoleURL  string
	SignInURL   string // of somebody else
	CreateURL   string
}

// SignUpAccount asks for the root user's address and the account's name.
type SignUpAccount struct {
	Frame
	Action      string // posts flow, email and account_name
	Email, Name string // typed before
	ContinueURL string // to go on with a sign-up
	Errors      []SignUpError
}

// SignUpCode asks for the code that was mailed. It looks the same whether or not a
// code was.
type SignUpCode struct {
	Frame
	Action    string // posts flow, and code or decision
	Email     string
	Minutes   int // for which the code is good
	ChangeURL string
	Resent    bool
	Errors    []SignUpError
}

// SignUpPassword asks for the root user's password.
type SignUpPassword struct {
	Frame
	Action string // posts flow, username (hidden), new_password and confirm
	Email  string
	Rules  PasswordRules
	Errors []NewPasswordError
}

// SignUpAddress is an address as typed.
type SignUpAddress struct {
	FullName, Company, Phone, Country, Line1, Line2, City, State, PostalCode string
}

// SignUpContact asks for account type, contact information and agreement.
type SignUpContact struct {
	Frame
	Action       string // posts flow and the fields of the address
	Professional bool
	Address      SignUpAddress
	Agreed       bool
	AgreementURL string
	Errors       []SignUpError
}

// SignUpAgreement is the agreement's text. Of both sellers it names the one
// with whom the reader makes it.
type SignUpAgreement struct{ Frame }

// SignUpPayment asks for a card.
type SignUpPayment struct {
	Frame
	Action     string // posts flow and the fields of the card
	Contact    string // the address given before, on one line
	India      bool   // the seller is AISPL
	Year       int    // the first that can be chosen
	NewAddress bool
	Holder     string // typed before; number and code never come back
	Month      string
	ChosenYear string
	Address    SignUpAddress
	Declined   SignUpDecline // "" if the institution did not decline
	Errors     []SignUpError
}

// SignUpPaymentCode asks for the one-time password of the card's institution.
type SignUpPaymentCode struct {
	Frame
	Action   string // posts flow and code
	LastFour string
	AgainURL string // another card
	Errors   []SignUpError
}

// SignUpPhone asks for a telephone number and a CAPTCHA.
type SignUpPhone struct {
	Frame
	Action         string // posts flow, channel, country, phone and captcha
	Voice          bool
	Country, Phone string // typed before
	ImageURL       string
	AudioURL       string
	RefreshURL     string
	SupportURL     string
	Errors         []SignUpError
}

// SignUpPIN asks for the PIN that was told by telephone.
type SignUpPIN struct {
	Frame
	Action     string // posts flow, and code or decision
	Number     string
	Voice      bool
	Left       int // tries
	AgainURL   string
	SupportURL string
	Errors     []SignUpError
}

// SignUpBlocked says that the maximum of failures is reached, and the way out.
type SignUpBlocked struct {
	Frame
	Email      string
	SupportURL string
	ConsoleURL string
}

// SignUpPlan asks for a support plan.
type SignUpPlan struct {
	Frame
	Action     string // posts flow and plan
	Plan       string
	CompareURL string
	Errors     []SignUpError
}

// SignUpStatus says how far the sign-up has come: the confirmation after the last
// step, and later the reasons for a delay with the six things to check
// (A-36, A-37, M-04).
type SignUpStatus struct {
	Frame
	State       SignUpState
	Just        bool // the last step was done just now
	AccountID   string
	AccountName string
	Email       string
	Asked       string // additional information
	AskedAt     time.Time
	NextURL     string // the step that is left
	ConsoleURL  string
	PaymentURL  string
	SupportURL  string
}

func (SignUpStart) template() string       { return "signup-start" }
func (SignUpAccount) template() string     { return "signup-account" }
func (SignUpCode) template() string        { return "signup-code" }
func (SignUpPassword) template() string    { return "signup-password" }
func (SignUpContact) template() string     { return "signup-contact" }
func (SignUpAgreement) template() string   { return "signup-agreement" }
func (SignUpPayment) template() string     { return "signup-payment" }
func (SignUpPaymentCode) template() string { return "signup-payment-code" }
func (SignUpPhone) template() string       { return "signup-phone" }
func (SignUpPIN) template() string         { return "signup-pin" }
func (SignUpBlocked) template() string     { return "signup-blocked" }
func (SignUpPlan) template() string        { return "signup-plan" }
func (SignUpStatus) template() string      { return "signup-status" }

func (p SignUpAccount) faults() []fault     { return signUpFaults(p.Errors) }
func (p SignUpCode) faults() []fault        { return signUpFaults(p.Errors) }
func (p SignUpContact) faults() []fault     { return signUpFaults(p.Errors) }
func (p SignUpPaymentCode) faults() []fault { return signUpFaults(p.Errors) }
func (p SignUpPhone) faults() []fault       { return signUpFaults(p.Errors) }
func (p SignUpPIN) faults() []fault         { return signUpFaults(p.Errors, "left", p.Left) }
func (p SignUpPlan) faults() []fault        { return signUpFaults(p.Errors) }

func (p SignUpPassword) faults() []fault {
	return NewPassword{Rules: p.Rules, Errors: p.Errors}.faults()
}

func (p SignUpPayment) faults() []fault {
	faults := signUpFaults(p.Errors)
	if p.Declined != "" {
		faults = append(faults, fault{field: FieldCardNumber, key: "signup.declined." + string(p.Declined)})
	}
	return faults
}

// Years are the years in which a card that is good in the first can expire.
func (SignUpPayment) Years(first int) []int {
	years := make([]int, 16)
	for i := range years {
		years[i] = first + i
	}
	return years
}

// Months are those of a year, as cards have them.
func (SignUpPayment) Months() []string {
	return []string{"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"}
}

// Year is a year as a form has it.
func (r *rendering) Year(y int) string {
	return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006")
}

// fieldLabels are the messages of the fields for a line of text.
var fieldLabels = map[string]string{
	FieldAccountName:   "signup.field.account_name",
	FieldFullName:      "signup.field.full_name",
	FieldCompany:       "signup.field.company",
	FieldAddressLine1:  "signup.field.address_line1",
	FieldAddressLine2:  "signup.field.address_line2",
	FieldCity:          "signup.field.city",
	FieldStateOrRegion: "signup.field.state",
	FieldPostalCode:    "signup.field.postal_code",
	FieldCardHolder:    "signup.field.card_holder",
}

// fieldHints are those of their hints.
var fieldHints = map[string]string{FieldAccountName: "signup.hint.account_name"}

// TextField is a field for a line of text.
type TextField struct {
	FieldState
	Label, Value string
	Hint         string
	Autocomplete string
	Required     bool
}

// Text is a field that has to be filled in.
func (r *rendering) Text(name, value, autocomplete string, first bool) (TextField, error) {
	return r.textField(name, value, autocomplete, first, true)
}

// MayText is a field that can be left empty, or that is not always shown.
func (r *rendering) MayText(name, value, autocomplete string) (TextField, error) {
	return r.textField(name, value, autocomplete, false, false)
}

func (r *rendering) textField(name, value, autocomplete string, first, required bool) (f TextField, err error) {
	f = TextField{Value: clean(value, maxLine, false), Autocomplete: autocomplete, Required: required}
	var hints []string
	if hint, ok := fieldHints[name]; ok {
		hints = []string{name + "-hint"}
		if f.Hint, err = r.T(hint); err != nil {
			return f, err
		}
	}
	f.FieldState = r.Field(name, first, hints...)
	f.Label, err = r.T(fieldLabels[name])
	return f, err
}

// CountryField is a list of countries, with their calling codes for telephones.
type CountryField struct {
	FieldState
	Label     string
	Countries []Country
	Chosen    string
	Dial      bool
}

// Country is the list of countries of an address.
func (r *rendering) Country(chosen string) (CountryField, error) {
	label, err := r.T("signup.field.country")
	return CountryField{FieldState: r.Field(FieldCountry, false), Label: label, Countries: Countries(r.F.Locale), Chosen: chosen}, err
}

// Dial is the list of countries and regions of a telephone's number.
func (r *rendering) Dial(chosen string, first bool) (CountryField, error) {
	label, err := r.T("signup.field.dial")
	return CountryField{FieldState: r.Field(FieldCountry, first), Label: label, Countries: Countries(r.F.Locale), Chosen: chosen, Dial: true}, err
}

// Asked is a text of several lines from support staff, bounded.
func (r *rendering) Asked(s string) string { return clean(s, 1000, true) }
