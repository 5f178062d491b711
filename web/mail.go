package web

import (
	"time"
)

// Mail is one of this package's e-mails.
type Mail interface {
	mail() string // name of its template and prefix of its messages
}

// Message is a written e-mail. It may carry a secret (a reset link, a
// one-time password): it goes to its recipient and nowhere else.
type Message struct {
	Subject string // one line
	Text    string // lines end with "\n"
	HTML    string
}

// PasswordResetMail carries the link by which a forgotten password is
// replaced (N-19, H-26).
type PasswordResetMail struct {
	Organisation string
	UserName     string
	ResetURL     string        // secret
	Valid        time.Duration // shown in minutes, rounded up
	PortalURL    string
}

// OneTimePasswordMail hands over a one-time password with the portal's address (N-15, H-08).
type OneTimePasswordMail struct {
	Organisation string
	UserName     string
	Password     string // secret
	PortalURL    string
}

// PasswordChangedMail tells the owner of a password that it was changed.
type PasswordChangedMail struct {
	Organisation string
	UserName     string
	At           time.Time // shown in UTC
	PortalURL    string
}

func (PasswordResetMail) mail() string   { return "password-reset" }
func (OneTimePasswordMail) mail() string { return "one-time-password" }
func (PasswordChangedMail) mail() string { return "password-changed" }
