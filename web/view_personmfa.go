package web

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"time"
)

// FieldTrust is the check box by which a browser is to be trusted; "yes" if ticked.
const FieldTrust = "trust"

// PersonMFAMailError is what was wrong with a mailed code.
type PersonMFAMailError string

// The errors.
const (
	PersonMailRequired  PersonMFAMailError = "required"
	PersonMailIncorrect PersonMFAMailError = "incorrect"
	PersonMailExpired   PersonMFAMailError = "expired"   // or tried too often: another code is needed
	PersonMailThrottled PersonMFAMailError = "throttled" // no code was sent; with RetryAfter
	PersonMailLocked    PersonMFAMailError = "locked"    // for today
)

// PersonMFADeviceError is what was wrong with a device that is registered or renamed.
type PersonMFADeviceError string

// The errors.
const (
	PersonDeviceNameRequired PersonMFADeviceError = "name-required"
	PersonDeviceNameInvalid  PersonMFADeviceError = "name-invalid"
	PersonDeviceNameTaken    PersonMFADeviceError = "name-taken"
	PersonDeviceCode         PersonMFADeviceError = "code" // missing or wrong
	PersonDeviceFull         PersonMFADeviceError = "full"
	PersonDeviceApps         PersonMFADeviceError = "apps"  // too many authenticator apps (M-46)
	PersonDeviceType         PersonMFADeviceError = "types" // no longer allowed by the administrator
	PersonDeviceTaken        PersonMFADeviceError = "taken" // somebody has the passkey already
	PersonDeviceCancelled    PersonMFADeviceError = "cancelled"
	PersonDeviceUnsupported  PersonMFADeviceError = "unsupported"
	PersonDeviceFailed       PersonMFADeviceError = "failed"
)

// PersonMFA is what the pages about devices of people of a directory have in common.
type PersonMFA struct {
	Frame
	Organisation string
	UserName     string
}

// PersonMFARegister asks which kind of device to register (behaviours.md 6.7). A kind
// that may not be registered has no address.
type PersonMFARegister struct {
	PersonMFA
	Required   bool // to sign in; else the person adds one
	AppURL     string
	PasskeyURL string
	CancelURL  string // empty if Required
}

// PersonMFAApp registers an authenticator app.
type PersonMFAApp struct {
	PersonMFA
	Required   bool
	Action     string // posts flow, mfacode and devicename
	QR         []byte `json:"-"` // PNG; secret
	Seed       string `json:"-"` // secret
	Number     int    // which app of theirs it is, for its name
	DeviceName string // typed before
	OtherURL   string // to another kind; optional
	CancelURL  string
	Error      PersonMFADeviceError
}

// PersonMFAPasskey registers a security key or built-in authenticator (G-55, Q-22).
type PersonMFAPasskey struct {
	PersonMFA
	Required   bool
	Action     string // posts flow, devicename and credential or failure
	Options    string // JSON for navigator.credentials.create
	Number     int    // which of theirs it is, for its name
	DeviceName string // typed before
	OtherURL   string // to another kind; optional
	CancelURL  string
	Error      PersonMFADeviceError
}

// PersonMFAMail asks for the code that was mailed to a person without a device (N-17).
type PersonMFAMail struct {
	PersonMFA
	Action      string // posts flow, recoverycode and trust
	AgainAction string // posts flow: another code
	Email       string // masked
	Trust       bool   // offers to trust the browser
	Valid       time.Duration
	Error       PersonMFAMailError
	RetryAfter  time.Duration
}

// PersonMFABlocked says that there is no way in without a device, and whom to ask.
type PersonMFABlocked struct {
	PersonMFA
	BackURL string
}

// PersonMFATrouble says what to do about a device that is lost or does not work.
type PersonMFATrouble struct {
	PersonMFA
	ResyncURL string // to FactorResync, for who has an authenticator app
	BackURL   string
}

// PersonDevice is a device as a person sees it.
type PersonDevice struct {
	Name       string
	App        bool // an authenticator app; else a security key or built-in authenticator
	CreatedAt  time.Time
	LastUsedAt time.Time // zero for never
	EditURL    string    // to PersonMFADevice; empty if the administrator manages devices
}

// PersonMFANotice is what was just done to a device.
type PersonMFANotice string

// The notices.
const (
	PersonDeviceAdded   PersonMFANotice = "added"
	PersonDeviceRenamed PersonMFANotice = "renamed"
	PersonDeviceRemoved PersonMFANotice = "removed"
)

// PersonMFADevices lists a person's devices.
type PersonMFADevices struct {
	PersonMFA
	Devices   []PersonDevice
	Max       int
	Managed   bool   // by the administrator only
	AddURL    string // empty if there are too many, or if Managed
	PortalURL string // back
	Notice    PersonMFANotice
}

// PersonMFADevice renames or removes one.
type PersonMFADevice struct {
	PersonMFA
	Device       PersonDevice
	Last         bool // it is the only one
	Required     bool // without one the person cannot sign in, or has to register another
	RenameAction string
	RemoveAction string // each posts flow; renaming also devicename
	DeviceName   string // typed before
	BackURL      string
	Error        PersonMFADeviceError
}

func (PersonMFARegister) template() string { return "person-mfa-register" }
func (PersonMFAApp) template() string      { return "person-mfa-app" }
func (PersonMFAPasskey) template() string  { return "person-mfa-passkey" }
func (PersonMFAMail) template() string     { return "person-mfa-mail" }
func (PersonMFABlocked) template() string  { return "person-mfa-blocked" }
func (PersonMFATrouble) template() string  { return "person-mfa-trouble" }
func (PersonMFADevices) template() string  { return "person-mfa-devices" }
func (PersonMFADevice) template() string   { return "person-mfa-device" }

// Format prints whose page it is, and no secret.
func (p PersonMFAApp) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "registration of an authenticator app of %q", p.UserName)
}

// QRURL is the QR code in an address of its own.
func (p PersonMFAApp) QRURL() template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(p.QR)) //nolint:gosec // our own picture
}

// Groups is the seed in groups of four, to be copied by eye.
func (p PersonMFAApp) Groups() []string {
	var groups []string
	for rest := p.Seed; rest != ""; {
		n := min(4, len(rest))
		groups, rest = append(groups, rest[:n]), rest[n:]
	}
	return groups
}

func (p PersonMFAApp) faults() []fault     { return personDeviceFault(FieldMFACode, p.Error) }
func (p PersonMFAPasskey) faults() []fault { return personDeviceFault(FieldCredential, p.Error) }
func (p PersonMFADevice) faults() []fault  { return personDeviceFault(FieldDeviceName, p.Error) }

func (p PersonMFAMail) faults() []fault {
	return factorFault(FieldRecoveryCode, "personmfa.mail.error.", string(p.Error), p.RetryAfter)
}

// personDeviceFault is at the name if the name is wrong, else at the page's field.
func personDeviceFault(field string, e PersonMFADeviceError) []fault {
	switch e {
	case PersonDeviceNameRequired, PersonDeviceNameInvalid, PersonDeviceNameTaken:
		field = FieldDeviceName
	}
	return factorFault(field, "personmfa.error.", string(e), 0)
}

// PersonMFACodeMail carries the code that stands for a device (N-17).
type PersonMFACodeMail struct {
	Organisation string
	UserName     string
	Code         string        `json:"-"` // secret
	Valid        time.Duration // shown in minutes, rounded up
}

// PersonMFANoticeMail tells a person that a device was added or removed.
type PersonMFANoticeMail struct {
	Kind         PersonMFANotice // added or removed
	Organisation string
	UserName     string
	DeviceName   string
	At           time.Time
	Address      string // network address from which the person did it
	PortalURL    string
	// ByAdministrator says that it was not the person.
	ByAdministrator bool
}

// Format prints whom the mail is for, and no secret.
func (m PersonMFACodeMail) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "MFA code mail for %q", m.UserName)
}

func (m PersonMFACodeMail) write(w *writer) {
	w.begin("personmfa-code", m.Organisation, m.UserName)
	w.fact("mail.username", w.line(m.UserName), false)
	w.fact("mail.personmfa.code", m.Code, true)
	w.after("mail.personmfa-code.valid", "minutes", minutes(m.Valid))
	w.after("mail.personmfa-code.not-you")
}

func (m PersonMFANoticeMail) write(w *writer) {
	at, err := inWords(w.messages, m.At)
	w.fail(err)
	w.begin("personmfa-"+string(m.Kind), m.Organisation, m.UserName)
	w.fact("mail.username", w.line(m.UserName), false)
	w.fact("mail.personmfa.device", w.line(m.DeviceName), false)
	w.fact("mail.personmfa.time", at, false)
	if m.ByAdministrator {
		w.fact("mail.portal", w.line(m.PortalURL), false)
		w.after("mail.personmfa.administrator")
		return
	}
	w.fact("mail.personmfa.address", w.line(m.Address), false)
	w.fact("mail.portal", w.line(m.PortalURL), false)
	w.after("mail.personmfa." + string(m.Kind) + ".not-you")
}
