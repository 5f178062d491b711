package web

import (
	"fmt"
	"time"
)

// FirstSignIn offers who never had a password a code by mail (behaviours.md 6.6,
// H-09), against a CAPTCHA, as Forgot does: each mails somebody whom a stranger can
// name. It is the same for everybody, whoever the user name is.
type FirstSignIn struct {
	Frame
	Action       string // posts flow, username (hidden) and captcha
	Organisation string
	UserName     string
	ImageURL     string // the picture, on this origin
	AudioURL     string // the same characters spoken, on this origin; optional
	RefreshURL   string // GET: this page with other characters
	BackURL      string // to the password page
	Error        CaptchaError
}

// FirstSignInCode asks for that code (N-17). It does not tell whether one was sent.
type FirstSignInCode struct {
	Frame
	Action       string // posts flow, username (hidden) and code
	Organisation string
	UserName     string
	Valid        time.Duration // shown in minutes, rounded up
	AgainURL     string        // back to FirstSignIn, for another code
	BackURL      string        // to the password page
	Error        FirstCodeError
}

// FirstCodeError is why the code is asked for again.
type FirstCodeError string

// The reasons.
const (
	FirstCodeRequired FirstCodeError = "required"
	FirstCodeWrong    FirstCodeError = "wrong" // or spent, or never sent
)

// VerifyEmail asks a person who followed a mailed link to confirm the address.
type VerifyEmail struct {
	Frame
	Action       string // posts flow
	Organisation string
	UserName     string
	Email        string
}

// EmailVerified confirms that it is verified (N-26).
type EmailVerified struct {
	Frame
	Email       string
	PortalURL   string // to bookmark
	ContinueURL string
}

func (FirstSignIn) template() string     { return "first-sign-in" }
func (FirstSignInCode) template() string { return "first-sign-in-code" }
func (VerifyEmail) template() string     { return "verify-email" }
func (EmailVerified) template() string   { return "email-verified" }

func (p FirstSignIn) faults() []fault { return captchaFaults(p.Error) }

func (p FirstSignInCode) faults() []fault {
	if p.Error == "" {
		return nil
	}
	return []fault{{field: FieldCode, key: "people.code.error." + string(p.Error)}}
}

// InvitationMail brings a person to the first password (N-14, G-28).
type InvitationMail struct {
	Organisation string
	UserName     string
	AcceptURL    string        `json:"-"` // secret
	Valid        time.Duration // shown in days
	PortalURL    string
}

// EmailVerificationMail has the link that verifies an address.
type EmailVerificationMail struct {
	Organisation string
	UserName     string
	VerifyURL    string        `json:"-"` // secret
	Valid        time.Duration // shown in days
}

// FirstSignInCodeMail has the code that stands for a first password (N-17).
type FirstSignInCodeMail struct {
	Organisation string
	UserName     string
	Code         string        `json:"-"` // secret
	Valid        time.Duration // shown in minutes, rounded up
}

// Format prints whom the mail is for, and no secret.
func (m InvitationMail) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "invitation mail for %q", m.UserName)
}

// Format prints whom the mail is for, and no secret.
func (m EmailVerificationMail) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "address verification mail for %q", m.UserName)
}

// Format prints whom the mail is for, and no secret.
func (m FirstSignInCodeMail) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "sign-in code mail for %q", m.UserName)
}

func (m InvitationMail) write(w *writer) {
	w.begin("invitation", m.Organisation, m.UserName)
	w.fact("mail.username", w.line(m.UserName), false)
	w.fact("mail.portal", w.line(m.PortalURL), false)
	w.URL = m.AcceptURL
	w.after("mail.invitation.valid", "days", days(m.Valid))
	w.after("mail.invitation.bookmark")
	w.after("mail.invitation.not-you")
}

func (m EmailVerificationMail) write(w *writer) {
	w.begin("email-verification", m.Organisation, m.UserName)
	w.fact("mail.username", w.line(m.UserName), false)
	w.URL = m.VerifyURL
	w.after("mail.email-verification.valid", "days", days(m.Valid))
	w.after("mail.email-verification.not-you")
}

func (m FirstSignInCodeMail) write(w *writer) {
	w.begin("sign-in-code", m.Organisation, m.UserName)
	w.fact("mail.username", w.line(m.UserName), false)
	w.fact("mail.sign-in-code.code", m.Code, true)
	w.after("mail.sign-in-code.valid", "minutes", minutes(m.Valid))
	w.after("mail.sign-in-code.not-you")
}

// days is a length of time in whole days, rounded up.
func days(d time.Duration) int { return int((d + 24*time.Hour - 1) / (24 * time.Hour)) }
