package web

import (
	"net/netip"
	"time"
)

// Names of the form fields, the values of FieldDecision, and the query
// parameter that changes the language.
const (
	FieldFlow        = "flow"         // hidden; [Frame.Flow]
	FieldUserName    = "username"     // user name as typed
	FieldPassword    = "password"     // current or one-time password
	FieldNewPassword = "new_password" // the new password
	FieldConfirm     = "confirm"      // the new password again
	FieldCaptcha     = "captcha"      // characters read or heard
	FieldUserCode    = "user_code"    // device code as typed, in any case, with or without the hyphen
	FieldDecision    = "decision"     // which button: one of the values below

	DecisionConfirm = "confirm" // DeviceConfirm: the codes are the same
	DecisionAllow   = "allow"   // Consent: give access
	DecisionDeny    = "deny"    // Consent and DeviceConfirm: give nothing

	ParamLanguage  = "lang"         // query parameter of the language links
	CookieLanguage = "sekisho-lang" // where the flows keep the choice
)

// Frame is what every page has around its content.
type Frame struct {
	Locale Locale
	// Path is the path and query of a GET that shows this page, or, on a page
	// that answers a POST, of the form it answers. The language links lead
	// there. Anything that is not a path on this host is replaced by "/".
	Path string
	// RequestID is shown to be quoted to an administrator; optional.
	RequestID string
	// Flow is the hidden value that ties a form to the browser that was given
	// it (against forged requests); required where there is a form.
	Flow string
	// MailboxURL is the developer's mailbox; empty outside development.
	MailboxURL string
}

func (f Frame) frame() Frame { return f }

// Page is one of this package's views.
type Page interface {
	frame() Frame
	template() string
}

// Notice is the news with which the sign-in page may greet its visitor.
type Notice string

// The notices.
const (
	NoticeSignedOut       Notice = "signed-out"       // they signed out
	NoticeSessionEnded    Notice = "session-ended"    // H-19: the session came to its end
	NoticePasswordChanged Notice = "password-changed" // H-26
)

// IdentifyError is what was wrong with the user name.
type IdentifyError string

// UserNameRequired says that no user name was typed; UserNameInvalid, that no
// user name can look like that. Neither depends on which users exist.
const (
	UserNameRequired IdentifyError = "required"
	UserNameInvalid  IdentifyError = "invalid"
)

// Identify asks for the user name: the first page of portal sign-in (H-05, D-19).
type Identify struct {
	Frame
	Action       string // posts flow and username
	Organisation string // whose portal this is
	UserName     string // typed before; optional
	PortalURL    string // the address to bookmark and compare (Q-26, M-31); optional
	SigninURL    string // where other kinds of user find their page (D-19); optional
	Notice       Notice
	Error        IdentifyError
}

// PasswordError is why the password page is shown again.
type PasswordError string

// The reasons. PasswordIncorrect never tells whether the user exists.
const (
	PasswordRequired  PasswordError = "required"
	PasswordIncorrect PasswordError = "incorrect"
	PasswordThrottled PasswordError = "throttled" // with RetryAfter
	PasswordLocked    PasswordError = "locked"    // waiting does not help, a new password does
	PasswordExpired   PasswordError = "expired"   // it was right, but a one-time password of long ago
)

// Password asks for the password of the user just named (H-05).
type Password struct {
	Frame
	Action       string // posts flow, username (hidden) and password
	Organisation string
	UserName     string
	ChangeURL    string // back to Identify
	ForgotURL    string // to Forgot (H-23)
	FirstURL     string // to FirstSignIn; optional
	Error        PasswordError
	RetryAfter   time.Duration // shown in minutes, rounded up
}

// NewPasswordReason is why a new password is wanted.
type NewPasswordReason string

// The reasons.
const (
	AfterOneTimePassword NewPasswordReason = "one-time"   // H-08
	AfterReset           NewPasswordReason = "reset"      // H-26
	AfterCode            NewPasswordReason = "code"       // H-09
	AfterInvitation      NewPasswordReason = "invitation" // N-14
)

// PasswordRules is the policy that the NewPassword page states, whole, before
// anybody types. Lengths are in characters; zero or false leaves a rule out.
type PasswordRules struct {
	MinLength, MaxLength        int
	Upper, Lower, Digit, Symbol bool
	Classes                     int  // how many of these four there must be at least, whichever
	Remember                    int  // how many former passwords may not come back
	NotCommon                   bool // commonly used ones and breached ones are refused
	NotName                     bool // those with the person's name or address in them are refused
	NotAccount                  bool // the account's name and address are refused
}

// NewPasswordError is one rule that the password broke.
type NewPasswordError string

// The rules that can be broken.
const (
	NewPasswordRequired     NewPasswordError = "required"
	NewPasswordTooShort     NewPasswordError = "too-short"
	NewPasswordTooLong      NewPasswordError = "too-long"
	NewPasswordNoUpper      NewPasswordError = "no-upper"
	NewPasswordNoLower      NewPasswordError = "no-lower"
	NewPasswordNoDigit      NewPasswordError = "no-digit"
	NewPasswordNoSymbol     NewPasswordError = "no-symbol"
	NewPasswordReused       NewPasswordError = "reused"
	NewPasswordCommon       NewPasswordError = "common"
	NewPasswordContainsName NewPasswordError = "contains-name"
	NewPasswordBadCharacter NewPasswordError = "bad-character"
	NewPasswordMismatch     NewPasswordError = "mismatch" // belongs to the confirmation field
	NewPasswordClasses      NewPasswordError = "classes"  // fewer than [PasswordRules.Classes]
	NewPasswordAccount      NewPasswordError = "account"  // the account's name or address
	NewPasswordUnchanged    NewPasswordError = "unchanged"
)

// NewPassword asks for a new password, twice (H-08, H-26).
type NewPassword struct {
	Frame
	Action       string // posts flow, username (hidden, for password managers), new_password and confirm
	Organisation string
	UserName     string
	Reason       NewPasswordReason
	Rules        PasswordRules
	Errors       []NewPasswordError
}

// CaptchaError is why the Forgot page is shown again.
type CaptchaError string

// The reasons.
const (
	CaptchaRequired CaptchaError = "required"
	CaptchaWrong    CaptchaError = "wrong"
)

// Forgot begins a password reset: user name and CAPTCHA (H-24).
type Forgot struct {
	Frame
	Action       string // posts flow, username and captcha
	Organisation string
	UserName     string
	ImageURL     string // the picture, on this origin
	AudioURL     string // the same characters spoken, on this origin; optional
	RefreshURL   string // GET: this page with other characters
	CancelURL    string // back to sign-in
	Error        CaptchaError
	NameError    IdentifyError
}

// ForgotSent says what was done without saying whether the user exists (H-25, N-08).
type ForgotSent struct {
	Frame
	ContinueURL string
}

// PasswordDone confirms that the password was changed (H-26, N-26, Q-26, Q-27).
type PasswordDone struct {
	Frame
	UserName    string
	First       bool   // it is the person's first password (G-28)
	PortalURL   string // to bookmark; optional
	ContinueURL string // to sign in
}

// UserCodeError is what was wrong with a typed device code.
type UserCodeError string

// UserCodeRequired says that nothing was typed; UserCodeInvalid, that there is
// no such code waiting: mistyped, expired or used already.
const (
	UserCodeRequired UserCodeError = "required"
	UserCodeInvalid  UserCodeError = "invalid"
)

// DeviceEntry asks for the code that a terminal or an application shows.
type DeviceEntry struct {
	Frame
	Action   string // posts flow and user_code
	UserCode string // typed before; optional
	Error    UserCodeError
}

// DeviceConfirm asks whether the code in the link is the one that the
// terminal shows, before anybody signs in for it.
type DeviceConfirm struct {
	Frame
	Action   string // posts flow, user_code (hidden) and decision confirm or deny
	UserCode string // as XXXX-XXXX
}

// ConsentKind is how the application asked.
type ConsentKind string

// The two ways: with a code shown on some device, or by sending this browser here.
const (
	ConsentDevice ConsentKind = "device"
	ConsentCode   ConsentKind = "code"
)

// Consent shows who asks for what, from where and when, and takes the
// decision (I-08; security promise: device approval is informed).
type Consent struct {
	Frame
	Action       string // posts flow and decision allow or deny
	Kind         ConsentKind
	ClientName   string // what the application calls itself; unverified
	UserCode     string // device only
	RedirectURI  string // code only: where the answer will go
	Scopes       []string
	Organisation string
	UserName     string    // who is signed in, and whose access is given
	RequestedAt  time.Time // shown in UTC, and as minutes before Now
	Now          time.Time
	FromAddress  netip.Addr // where the request came from; device only
	FromAgent    string     // summary of the user agent that asked; optional
	HereAddress  netip.Addr // where this browser is; a difference from FromAddress is warned of
}

// DeviceDone ends a device approval: the window can be closed.
type DeviceDone struct {
	Frame
	Approved   bool   // else denied or cancelled, and nothing was granted
	ClientName string // optional
}

// ProblemKind is what went wrong, as a person understands it.
type ProblemKind string

// The problems.
const (
	NotFound         ProblemKind = "not-found"          // no page here
	MethodNotAllowed ProblemKind = "method-not-allowed" // a page exists, but is not used this way
	LinkExpired      ProblemKind = "link-expired"       // mail link, too old
	LinkUsed         ProblemKind = "link-used"          // mail link, used or replaced
	CodeInvalid      ProblemKind = "code-invalid"       // device code unknown, expired or used
	TooManyAttempts  ProblemKind = "too-many-attempts"  // with RetryAfter
	Busy             ProblemKind = "busy"               // more sign-ins at once than are served
	StaleForm        ProblemKind = "stale-form"         // form too old, or of another browser
	UnknownPortal    ProblemKind = "unknown-portal"     // no portal at this address (M-29)
	BadRequest       ProblemKind = "bad-request"        // an application sent the browser here with an invalid request
	AccessDenied     ProblemKind = "access-denied"      // signed in, but not allowed
	SignUpClosed     ProblemKind = "sign-up-closed"     // visitors open no accounts here
	SetupProblem     ProblemKind = "setup"              // M-33, M-34
	Internal         ProblemKind = "internal"           // our fault; it is logged under the request id
)

// Problem tells what happened, what to do next, and where to go on.
type Problem struct {
	Frame
	Kind       ProblemKind
	RetryAfter time.Duration // TooManyAttempts and Busy: shown in minutes, rounded up; optional
	NextURL    string        // where its link leads; empty for none
	Detail     string        // for whoever maintains the application that sent the request; optional
}

// SigninHome routes each kind of visitor to the right page (D-19, M-30, R-01… ).
// A kind whose URL is empty is described, and said not to be served here.
type SigninHome struct {
	Frame
	PortalPattern string // what portal addresses of this server contain, e.g. "awsapps.example.com/start" (M-28)
	RootURL       string
	IAMUserURL    string
	BuilderIDURL  string
	FederationURL string
}

// Portal is one organisation's access portal.
type Portal struct {
	Organisation string
	URL          string
}

// Landing is what a browser finds at the base domain.
type Landing struct {
	Frame
	Version     string   // of this server; optional
	ConsoleURL  string   // where root users and IAM users sign in
	SignUpURL   string   // "" where accounts are not opened for visitors
	Portals     []Portal // those that may be told to anybody
	SigninURL   string   // to SigninHome
	APIEndpoint string   // for AWS_ENDPOINT_URL
}

// MailboxMessage is one message that the server sent while in development.
type MailboxMessage struct {
	ID        string
	Channel   string // email, sms or voice
	From, To  string
	Subject   string // optional
	Text      string
	Links     []string // those found in Text
	Codes     []string // those found in Text
	CreatedAt time.Time
}

// Mailbox is the developer's mailbox, newest message first.
type Mailbox struct {
	Frame
	Messages []MailboxMessage
	Older    int // how many more there are than are shown
}

func (Identify) template() string      { return "identify" }
func (Password) template() string      { return "password" }
func (NewPassword) template() string   { return "new-password" }
func (Forgot) template() string        { return "forgot" }
func (ForgotSent) template() string    { return "forgot-sent" }
func (PasswordDone) template() string  { return "password-done" }
func (DeviceEntry) template() string   { return "device-entry" }
func (DeviceConfirm) template() string { return "device-confirm" }
func (Consent) template() string       { return "consent" }
func (DeviceDone) template() string    { return "device-done" }
func (Problem) template() string       { return "problem" }
func (SigninHome) template() string    { return "signin-home" }
func (Landing) template() string       { return "landing" }
func (Mailbox) template() string       { return "mailbox" }
