package web

import (
	"fmt"
	"time"
)

// Names of the fields of the pages of second factors.
const (
	FieldMFACode      = "mfacode"    // six digits that an authenticator shows
	FieldMFACode2     = "mfacode2"   // and those that it shows next
	FieldCredential   = "credential" // hidden; JSON of what a passkey answered
	FieldFailure      = "failure"    // hidden; name of the exception instead, such as NotAllowedError
	FieldDeviceName   = "devicename" // what a new passkey or security key is to be called
	FieldRecoveryCode = "recoverycode"
	FieldPhoneChannel = "channel" // which button: one of the values below

	ChannelSMS   = "sms"
	ChannelVoice = "voice"
)

// FactorCodeError is what was wrong with a code of an authenticator app. Which of
// several devices it was not of, it does not tell.
type FactorCodeError string

// The errors.
const (
	FactorCodeRequired  FactorCodeError = "required"
	FactorCodeIncorrect FactorCodeError = "incorrect" // wrong, or used before
	FactorCodeThrottled FactorCodeError = "throttled" // with RetryAfter
	FactorCodeLocked    FactorCodeError = "locked"    // waiting does not help, two codes do
)

// ResyncError is what was wrong with two codes.
type ResyncError string

// The errors.
const (
	ResyncRequired  ResyncError = "required"
	ResyncIncorrect ResyncError = "incorrect"
	ResyncThrottled ResyncError = "throttled" // with RetryAfter
)

// PasskeyError is what was wrong with a passkey or security key, or, when one is
// registered, with its name.
type PasskeyError string

// The errors.
const (
	PasskeyCancelled    PasskeyError = "cancelled"   // by the person, or it took too long
	PasskeyUnsupported  PasskeyError = "unsupported" // the browser cannot, or runs no script
	PasskeyFailed       PasskeyError = "failed"      // anything else, and what did not verify
	PasskeyThrottled    PasskeyError = "throttled"   // with RetryAfter
	PasskeyTaken        PasskeyError = "taken"       // registered already
	PasskeyNameRequired PasskeyError = "name-required"
	PasskeyNameInvalid  PasskeyError = "name-invalid"
	PasskeyNameTaken    PasskeyError = "name-taken"
	PasskeyFull         PasskeyError = "full" // eight devices of any kinds
)

// RegistrationFailure says what the name of a browser's exception means to a person
// who registers a passkey. No name at all is a form that no script sent.
func RegistrationFailure(exception string) PasskeyError {
	switch exception {
	case "NotAllowedError", "AbortError", "TimeoutError":
		return PasskeyCancelled
	case "InvalidStateError":
		return PasskeyTaken
	case "", "NotSupportedError", "SecurityError", "TypeError":
		return PasskeyUnsupported
	}
	return PasskeyFailed
}

// SignInFailure is the same for a person who signs in by a passkey: nothing can be
// registered already then.
func SignInFailure(exception string) PasskeyError {
	if e := RegistrationFailure(exception); e != PasskeyTaken {
		return e
	}
	return PasskeyFailed
}

// RecoveryError is what was wrong on the way around a lost device.
type RecoveryError string

// The errors.
const (
	RecoveryRequired  RecoveryError = "required"
	RecoveryIncorrect RecoveryError = "incorrect"
	RecoveryExpired   RecoveryError = "expired"   // or tried too often: another code is needed
	RecoveryThrottled RecoveryError = "throttled" // with RetryAfter
	RecoveryLocked    RecoveryError = "locked"    // for today
)

// Factor is what the pages that ask for a factor have in common.
type Factor struct {
	Frame
	Action     string        // posts flow and the page's fields
	Name       string        // who signs in: e-mail address or user name
	OtherURL   string        // to FactorChoice; empty if there is one kind only
	TroubleURL string        // to FactorTrouble
	Trust      bool          // offers to trust this browser; people of a directory only
	RetryAfter time.Duration // of errors that say so: shown in minutes, rounded up
}

// FactorChoice asks by which kind of device the person wants to go on (behaviours.md 9.1).
type FactorChoice struct {
	Frame
	Name       string
	CodeURL    string // to FactorCode
	PasskeyURL string // to FactorPasskey
	TroubleURL string
}

// FactorCode asks for the code that an authenticator app shows (B-12, C-10).
type FactorCode struct {
	Factor
	Error     FactorCodeError
	ResyncURL string // to FactorResync, after several failures; else empty
}

// FactorResync asks for two codes one after the other, of an authenticator whose
// clock is off (behaviours.md 5.5).
type FactorResync struct {
	Factor
	Error   ResyncError
	CodeURL string // back
}

// FactorPasskey asks for a passkey or security key. Its form is sent by passkey.js.
type FactorPasskey struct {
	Factor
	Error   PasskeyError
	Options string // JSON for navigator.credentials.get
}

// FactorTrouble tells what to do about a lost or broken device: a root user proves
// itself by mail and telephone (B-22), an IAM user asks the administrator (C-16).
type FactorTrouble struct {
	Frame
	Action     string // posts flow: go on by mail; root users only
	Name       string
	Root       bool
	ResyncURL  string // to FactorResync, for who has an authenticator app
	BackURL    string
	ContactURL string // to AWS Support (B-24); root users only
	Error      RecoveryError
	RetryAfter time.Duration
}

// FactorMail asks for the code that was mailed to a root user who lost a device.
type FactorMail struct {
	Frame
	Action     string // posts flow and recoverycode
	Email      string
	AgainURL   string // back to FactorTrouble, for another mail
	ContactURL string
	Error      RecoveryError
	RetryAfter time.Duration
}

// FactorPhone asks by which way to send a PIN to the account's telephone. Without a
// number there is no way but AWS Support (B-24).
type FactorPhone struct {
	Frame
	Action     string // posts flow and channel
	Number     string // masked; empty if the account has none
	ContactURL string
	Error      RecoveryError
	RetryAfter time.Duration
}

// FactorPIN asks for the PIN that was sent to the telephone.
type FactorPIN struct {
	Frame
	Action     string // posts flow and recoverycode
	Number     string // masked
	Voice      bool   // called, not texted
	AgainURL   string // back to FactorPhone
	ContactURL string
	Error      RecoveryError
	RetryAfter time.Duration
}

// FactorRecovered ends the way around a lost device: it is to be removed now.
type FactorRecovered struct {
	Frame
	Action string // posts flow: go on to the console
	Name   string
}

// PasskeyRegister registers a passkey or security key (behaviours.md 5.5, Q-22, Q-34).
type PasskeyRegister struct {
	Frame
	Action     string // posts flow, devicename and credential or failure
	Name       string // whose it will be
	Other      bool   // that of somebody else: an administrator registers it
	Root       bool   // the root user's own
	DeviceName string // typed before
	Options    string // JSON for navigator.credentials.create
	CancelURL  string
	Error      PasskeyError
}

// PasskeyRegistered confirms a registration.
type PasskeyRegistered struct {
	Frame
	Name        string
	DeviceName  string
	Serial      string // ARN
	Devices     int    // that the person has now, of at most eight
	ContinueURL string // back to the console
	AnotherURL  string // to PasskeyRegister; empty if there are eight
}

func (FactorChoice) template() string      { return "factor-choice" }
func (FactorCode) template() string        { return "factor-code" }
func (FactorResync) template() string      { return "factor-resync" }
func (FactorPasskey) template() string     { return "factor-passkey" }
func (FactorTrouble) template() string     { return "factor-trouble" }
func (FactorMail) template() string        { return "factor-mail" }
func (FactorPhone) template() string       { return "factor-phone" }
func (FactorPIN) template() string         { return "factor-pin" }
func (FactorRecovered) template() string   { return "factor-recovered" }
func (PasskeyRegister) template() string   { return "passkey-register" }
func (PasskeyRegistered) template() string { return "passkey-registered" }

func (p FactorCode) faults() []fault {
	return factorFault(FieldMFACode, "factor.code.error.", string(p.Error), p.RetryAfter)
}

func (p FactorResync) faults() []fault {
	return factorFault(FieldMFACode, "factor.resync.error.", string(p.Error), p.RetryAfter)
}

func (p FactorPasskey) faults() []fault {
	return factorFault(FieldCredential, "factor.passkey.error.", string(p.Error), p.RetryAfter)
}

func (p FactorTrouble) faults() []fault {
	return factorFault("recover", "factor.recovery.error.", string(p.Error), p.RetryAfter)
}

func (p FactorMail) faults() []fault {
	return factorFault(FieldRecoveryCode, "factor.recovery.error.", string(p.Error), p.RetryAfter)
}

func (p FactorPhone) faults() []fault {
	return factorFault(FieldPhoneChannel, "factor.recovery.error.", string(p.Error), p.RetryAfter)
}

func (p FactorPIN) faults() []fault {
	return factorFault(FieldRecoveryCode, "factor.recovery.error.", string(p.Error), p.RetryAfter)
}

func (p PasskeyRegister) faults() []fault {
	field := FieldCredential
	switch p.Error {
	case PasskeyNameRequired, PasskeyNameInvalid, PasskeyNameTaken:
		field = FieldDeviceName
	}
	return factorFault(field, "factor.passkey.error.", string(p.Error), 0)
}

func factorFault(field, prefix, e string, retry time.Duration) []fault {
	if e == "" {
		return nil
	}
	return []fault{{field, prefix + e, []any{"minutes", minutes(retry)}}}
}

// FactorRecoveryMail carries the code by which a root user who lost a second factor
// proves to read the account's mail (B-22).
type FactorRecoveryMail struct {
	Email string
	Code  string        `json:"-"` // secret
	Valid time.Duration // shown in minutes, rounded up
}

// FactorNoticeKind is what changed about second factors.
type FactorNoticeKind string

// The kinds of notice (N-25).
const (
	FactorAdded   FactorNoticeKind = "added"     // a passkey or security key was registered
	FactorWithout FactorNoticeKind = "recovered" // somebody signed in without one (B-22)
	FactorCloned  FactorNoticeKind = "cloned"    // a passkey was refused: there may be two of it
)

// FactorNoticeMail tells the owner of an account what happened about the root user's
// second factors (N-25).
type FactorNoticeMail struct {
	Kind       FactorNoticeKind
	Email      string
	Account    string // 12 digits
	DeviceName string // optional
	At         time.Time
	Address    string // network address from which it was done
}

// Format prints whom the mail is for, and no secret.
func (m FactorRecoveryMail) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "factor recovery mail for %q", m.Email)
}

func (m FactorRecoveryMail) write(w *writer) {
	w.beginFactor("factor-recovery", m.Email)
	w.fact("mail.factor.code", m.Code, true)
	w.after("mail.factor-recovery.valid", "minutes", minutes(m.Valid))
	w.after("mail.factor-recovery.not-you")
}

func (m FactorNoticeMail) write(w *writer) {
	at, err := inWords(w.messages, m.At)
	w.fail(err)
	w.beginFactor("factor-"+string(m.Kind), m.Email)
	w.fact("mail.factor.account", w.line(m.Account), false)
	if m.DeviceName != "" {
		w.fact("mail.factor.device", w.line(m.DeviceName), false)
	}
	w.fact("mail.factor.time", at, false)
	w.fact("mail.factor.address", w.line(m.Address), false)
	w.after("mail.factor-" + string(m.Kind) + ".after")
}

// beginFactor is begin for mail to a root user, who belongs to no organisation.
func (w *writer) beginFactor(kind, email string) {
	w.Subject = w.t("mail." + kind + ".subject")
	w.Greeting = w.t("mail.greeting", "user", w.line(email))
	w.Text = w.t("mail." + kind + ".text")
	w.Footer = w.t("mail.factor.footer")
}

// FactorText is what a telephone is sent with a PIN, to be read or heard.
func (p *Pages) FactorText(pin string, voice bool, valid time.Duration, loc Locale) (string, error) {
	_, c := p.language(loc)
	key, said := "text.factor-recovery.sms", pin
	if voice {
		key, said = "text.factor-recovery.voice", spelled(pin)
	}
	return c.text(key, "pin", said, "minutes", minutes(valid))
}

// spelled is a code as a voice should read it, digit by digit.
func spelled(pin string) string {
	out := ""
	for i, r := range pin {
		if i > 0 {
			out += ", "
		}
		out += string(r)
	}
	return out
}
