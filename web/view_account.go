package web

import (
	"fmt"
	"time"
)

// Names of the form fields of root users' and IAM users' sign-in, and values of
// FieldUserType and FieldDecision.
const (
	FieldUserType = "user_type" // one of the values below
	FieldEmail    = "email"     // root user's e-mail address
	FieldRemember = "remember"  // check box: keep account and user name in this browser
	FieldCode     = "code"      // one-time code from a mail
	FieldEndAll   = "end_all"   // check box: sign out everywhere

	UserTypeRoot = "root"
	UserTypeIAM  = "iam"

	DecisionResend = "resend" // AccountCode: send another code
)

// AccountError is why a page of account sign-in is shown again.
type AccountError string

// The reasons. AuthenticationFailed never tells what of it was wrong, or whether
// the account or the user exists.
const (
	EmailRequired           AccountError = "email-required"
	EmailInvalid            AccountError = "email-invalid" // no address can look like that
	AccountRequired         AccountError = "account-required"
	AccountInvalid          AccountError = "account-invalid" // no id or alias can look like that
	IAMUserRequired         AccountError = "user-required"
	AccountPasswordRequired AccountError = "password-required"
	AuthenticationFailed    AccountError = "incorrect"
	SignInThrottled         AccountError = "throttled" // with RetryAfter
	SignInLocked            AccountError = "locked"    // waiting does not help
	SignInCodeRequired      AccountError = "code-required"
	SignInCodeWrong         AccountError = "code-wrong"
	SignInCodeSpent         AccountError = "code-spent"  // too old, or tried too often
	SignInCodeResent        AccountError = "code-resent" // too many were asked for; with RetryAfter
)

// accountFields is the field that each reason belongs to.
var accountFields = map[AccountError]string{
	EmailRequired: FieldEmail, EmailInvalid: FieldEmail,
	AccountRequired: FieldAccount, AccountInvalid: FieldAccount,
	IAMUserRequired: FieldUserName, AccountPasswordRequired: FieldPassword,
	AuthenticationFailed: FieldPassword, SignInThrottled: FieldPassword, SignInLocked: FieldPassword,
	SignInCodeRequired: FieldCode, SignInCodeWrong: FieldCode, SignInCodeSpent: FieldCode, SignInCodeResent: FieldCode,
}

func accountFaults(retry time.Duration, errors ...AccountError) []fault {
	var faults []fault
	for _, e := range errors {
		if e != "" {
			faults = append(faults, fault{accountFields[e], "account.error." + string(e), []any{"minutes", minutes(retry)}})
		}
	}
	return faults
}

// AccountMain is the main sign-in page: root user or IAM user (B-06).
type AccountMain struct {
	Frame
	Action    string // posts flow, user_type, email and account
	UserType  string // which is chosen
	Email     string // remembered (B-16) or typed before
	Account   string // typed before
	SignUpURL string // "" where visitors open no accounts
	IAMURL    string // to IAMSignIn
	ForgotURL string
	SignInURL string // what addresses of sign-in pages contain (C-25)
	Notice    Notice
	Error     AccountError
}

// SecurityCheck comes between the e-mail address and the password (B-08).
type SecurityCheck struct {
	Frame
	Action     string // posts flow and captcha
	ImageURL   string
	AudioURL   string
	RefreshURL string
	CancelURL  string
	IAMURL     string
	ForgotURL  string
	SignInURL  string
	Refused    bool // the password before was wrong
	Error      CaptchaError
}

// RootPassword asks the root user for the password (B-11).
type RootPassword struct {
	Frame
	Action     string // posts flow, username (hidden) and password
	Email      string
	ForgotURL  string
	OtherURL   string // to sign in to a different account
	SignUpURL  string // as in AccountMain
	IAMURL     string
	SignInURL  string
	Error      AccountError
	RetryAfter time.Duration // shown in minutes, rounded up
}

// IAMSignIn asks an IAM user for account, name and password (C-09).
type IAMSignIn struct {
	Frame
	Action   string // posts flow, account, username, password and remember
	Account  string // prefilled (C-07), or typed before
	UserName string
	Remember bool
	// Specific says that the page is one account's own: its address names the
	// account (B-28).
	Specific   bool
	RootURL    string // to AccountMain
	IAMURL     string
	ForgotURL  string
	SignInURL  string
	Notice     Notice
	Errors     []AccountError
	RetryAfter time.Duration // shown in minutes, rounded up
}

// AccountCode asks for the code that was mailed to a root user without a second
// factor (B-13, B-14, M-15).
type AccountCode struct {
	Frame
	Action     string // posts flow, code and decision resend
	Email      string
	Valid      time.Duration // shown in minutes, rounded up
	Resent     bool
	OtherURL   string
	Error      AccountError
	RetryAfter time.Duration // shown in minutes, rounded up
}

// AccountPasswordReason is why a new password is wanted.
type AccountPasswordReason string

// The reasons.
const (
	AccountMustChange   AccountPasswordReason = "must-change" // C-12: an administrator set it
	AccountExpired      AccountPasswordReason = "expired"     // behaviours.md 5.3
	AccountForgotten    AccountPasswordReason = "forgotten"   // B-31
	AccountPasswordOver AccountPasswordReason = "hard-expiry" // only an administrator can set another
)

// AccountPassword asks for a new password, twice (B-31, C-12); for
// [AccountPasswordOver] it says who can help.
type AccountPassword struct {
	Frame
	Action   string // posts flow, username (hidden, for password managers), new_password, confirm and, for AccountForgotten, end_all
	Reason   AccountPasswordReason
	Account  string // of an IAM user
	UserName string // or the root user's e-mail address
	Rules    PasswordRules
	EndAll   bool // the state of the check box
	Errors   []NewPasswordError
	OtherURL string
}

// AccountRecovery begins the recovery of a root user's password (B-29).
type AccountRecovery struct {
	Frame
	Action     string // posts flow, email and captcha
	Email      string
	ImageURL   string
	AudioURL   string
	RefreshURL string
	CancelURL  string
	EmailError AccountError
	Error      CaptchaError
}

// AccountRecoverySent says what was done without saying whether there is such an
// account (B-30, N-08).
type AccountRecoverySent struct {
	Frame
	Email       string
	Valid       time.Duration // of the link; shown in minutes, rounded up
	ContinueURL string
}

// AccountPasswordDone confirms that the password was reset (B-32).
type AccountPasswordDone struct {
	Frame
	ContinueURL string
}

// AccountSignOut asks somebody to sign out: an IAM user before the root user's
// password can be recovered in the same browser (B-27), or anybody.
type AccountSignOut struct {
	Frame
	Action      string // posts flow
	UserName    string // who is signed in; "" is the root user
	Account     string
	ForRecovery bool
	CancelURL   string
}

func (AccountMain) template() string         { return "account-main" }
func (SecurityCheck) template() string       { return "account-check" }
func (RootPassword) template() string        { return "account-root" }
func (IAMSignIn) template() string           { return "account-iam" }
func (AccountCode) template() string         { return "account-code" }
func (AccountPassword) template() string     { return "account-password" }
func (AccountRecovery) template() string     { return "account-recovery" }
func (AccountRecoverySent) template() string { return "account-recovery-sent" }
func (AccountPasswordDone) template() string { return "account-password-done" }
func (AccountSignOut) template() string      { return "account-sign-out" }

func (p AccountMain) faults() []fault     { return accountFaults(0, p.Error) }
func (p RootPassword) faults() []fault    { return accountFaults(p.RetryAfter, p.Error) }
func (p IAMSignIn) faults() []fault       { return accountFaults(p.RetryAfter, p.Errors...) }
func (p AccountCode) faults() []fault     { return accountFaults(p.RetryAfter, p.Error) }
func (p AccountPassword) faults() []fault { return newPasswordFaults(p.Errors, p.Rules) }

func (p SecurityCheck) faults() []fault {
	var faults []fault
	if p.Refused {
		// Of no field: it is the password before that was wrong.
		faults = append(faults, fault{field: "main", key: "account.error." + string(AuthenticationFailed)})
	}
	return append(faults, captchaFaults(p.Error)...)
}

func (p AccountRecovery) faults() []fault {
	return append(accountFaults(0, p.EmailError), captchaFaults(p.Error)...)
}

// Failed says that the credentials were refused, which the fault summary then has
// for its title (behaviours.md 9.1).
func (p RootPassword) Failed() bool { return p.Error == AuthenticationFailed }

// Failed is described with [RootPassword.Failed].
func (p IAMSignIn) Failed() bool { return len(p.Errors) == 1 && p.Errors[0] == AuthenticationFailed }

// Failed is described with [RootPassword.Failed].
func (p SecurityCheck) Failed() bool { return p.Refused }

// SignInCodeMail brings the one-time code that a root user is asked for after the
// password (N-16, M-15).
type SignInCodeMail struct {
	Account string // its name
	Code    string `json:"-"` // secret
	Valid   time.Duration
	At      time.Time // shown in UTC
	Address string    // from where the sign-in comes
}

// RootResetMail carries the link by which a root user's forgotten password is
// replaced (N-18).
type RootResetMail struct {
	Account  string
	ResetURL string `json:"-"` // secret
	Valid    time.Duration
}

// RootPasswordMail tells the owner of an account that the root user's password
// was changed (N-25).
type RootPasswordMail struct {
	Account   string
	At        time.Time // shown in UTC
	Address   string    // from where
	SignInURL string
}

// Format prints whom the mail is for, and no secret.
func (m SignInCodeMail) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "sign-in code mail for %q", m.Account)
}

// Format prints whom the mail is for, and no secret.
func (m RootResetMail) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "password reset mail for the root user of %q", m.Account)
}

func (m SignInCodeMail) write(w *writer) {
	at, err := inWords(w.messages, m.At)
	w.fail(err)
	w.begin("account-code", w.t("mail.account.sender"), m.Account, "time", at, "address", w.line(m.Address))
	w.fact("mail.account-code.code", m.Code, true)
	w.after("mail.account-code.valid", "minutes", minutes(m.Valid))
	w.after("mail.account-code.not-you")
}

func (m RootResetMail) write(w *writer) {
	w.begin("account-reset", w.t("mail.account.sender"), m.Account)
	w.URL = m.ResetURL
	w.after("mail.account-reset.valid", "minutes", minutes(m.Valid))
	w.after("mail.account-reset.not-you")
}

func (m RootPasswordMail) write(w *writer) {
	at, err := inWords(w.messages, m.At)
	w.fail(err)
	w.begin("account-password", w.t("mail.account.sender"), m.Account, "time", at, "address", w.line(m.Address))
	w.URL = m.SignInURL
	w.after("mail.account-password.not-you")
}
