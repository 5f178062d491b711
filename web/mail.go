package web

import (
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// Mail is one of this package's e-mails.
type Mail interface {
	// write fills in the letter in the words of c.
	write(w *writer)
}

// Message is a written e-mail. It may carry a secret (a reset link, a
// one-time password): it goes to its recipient and nowhere else, and prints as
// its subject only.
type Message struct {
	Subject string // one line
	Text    string // lines end with "\n"; a link stands on a line of its own
	HTML    string
}

// Format prints the subject only.
func (m Message) Format(s fmt.State, _ rune) { fmt.Fprintf(s, "mail %q", m.Subject) }

// LogValue is the subject only.
func (m Message) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(m)) }

// PasswordResetMail carries the link by which a forgotten password is
// replaced (N-19, H-26).
type PasswordResetMail struct {
	Organisation string
	UserName     string
	ResetURL     string        `json:"-"` // secret
	Valid        time.Duration // shown in minutes, rounded up
	PortalURL    string
}

// OneTimePasswordMail hands over a one-time password with the portal's address (N-15, H-08).
type OneTimePasswordMail struct {
	Organisation string
	UserName     string
	Password     string        `json:"-"` // secret
	Valid        time.Duration // shown in days
	PortalURL    string
}

// PasswordChangedMail tells the owner of a password that it was changed.
type PasswordChangedMail struct {
	Organisation string
	UserName     string
	At           time.Time // shown in UTC
	PortalURL    string
}

// PasswordReplacedMail tells who had chosen a password that an administrator replaced
// it by a one-time password.
type PasswordReplacedMail struct {
	Organisation string
	UserName     string
	At           time.Time     // shown in UTC
	Valid        time.Duration // of the one-time password; shown in days
	PortalURL    string
}

// Format prints whom the mail is for, and no secret.
func (m PasswordResetMail) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "password reset mail for %q", m.UserName)
}

// Format prints whom the mail is for, and no secret.
func (m OneTimePasswordMail) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "one-time password mail for %q", m.UserName)
}

func (m PasswordResetMail) write(w *writer) {
	w.begin("password-reset", m.Organisation, m.UserName)
	w.fact("mail.username", w.line(m.UserName), false)
	w.fact("mail.portal", w.line(m.PortalURL), false)
	w.URL = m.ResetURL
	w.after("mail.password-reset.valid", "minutes", minutes(m.Valid))
	w.after("mail.password-reset.not-you")
}

func (m OneTimePasswordMail) write(w *writer) {
	w.begin("one-time-password", m.Organisation, m.UserName)
	w.fact("mail.username", w.line(m.UserName), false)
	w.fact("mail.one-time-password.password", m.Password, true)
	w.URL = m.PortalURL
	w.after("mail.one-time-password.valid", "days", days(m.Valid))
	w.after("mail.one-time-password.bookmark")
	w.after("mail.one-time-password.not-you")
}

func (m PasswordChangedMail) write(w *writer) {
	at, err := inWords(w.messages, m.At)
	w.fail(err)
	w.begin("password-changed", m.Organisation, m.UserName, "time", at)
	w.fact("mail.username", w.line(m.UserName), false)
	w.URL = m.PortalURL
	w.after("mail.password-changed.not-you")
}

func (m PasswordReplacedMail) write(w *writer) {
	at, err := inWords(w.messages, m.At)
	w.fail(err)
	w.begin("password-replaced", m.Organisation, m.UserName, "time", at)
	w.fact("mail.username", w.line(m.UserName), false)
	w.URL = m.PortalURL
	w.after("mail.password-replaced.ask", "days", days(m.Valid))
	w.after("mail.password-replaced.not-you")
}

// Mail writes an e-mail in the language loc (English when it is not one of [Locales]).
func (p *Pages) Mail(m Mail, loc Locale) (Message, error) {
	w := &writer{}
	w.Locale, w.messages = p.language(loc)
	m.write(w)
	var html strings.Builder
	w.fail(p.letter.ExecuteTemplate(&html, "letter", &w.letter))
	if w.err != nil {
		return Message{}, fmt.Errorf("web: mail: %w", w.err)
	}
	return Message{Subject: w.Subject, Text: w.plain(), HTML: html.String()}, nil
}

// letter is the form that all mails share; its HTML is templates/letter.html.
type letter struct {
	Locale         Locale
	Subject        string
	Greeting, Text string
	Facts          []fact
	Action, URL    string
	After          []string
	Footer         string
}

// fact is one line of what the reader needs at hand.
type fact struct {
	Label, Value string
	Secret       bool
}

// plain is the letter as text.
func (l *letter) plain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n\n", l.Greeting, l.Text)
	for _, f := range l.Facts {
		fmt.Fprintf(&b, "%s: %s\n", f.Label, f.Value)
	}
	b.WriteString("\n")
	if l.URL != "" {
		fmt.Fprintf(&b, "%s\n\n", l.URL)
	}
	for _, s := range l.After {
		fmt.Fprintf(&b, "%s\n\n", s)
	}
	fmt.Fprintf(&b, "-- \n%s\n", l.Footer)
	return b.String()
}

// writer fills in a letter and keeps the first error.
type writer struct {
	letter
	messages catalogue
	err      error
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *writer) t(key string, args ...any) string {
	s, err := w.messages.text(key, args...)
	w.fail(err)
	return s
}

func (w *writer) line(s string) string { return clean(s, maxLine, false) }

// begin writes what every letter has, from the messages mail.<kind>.subject and
// .text, and .action if it has a link.
func (w *writer) begin(kind, organisation, user string, args ...any) {
	if organisation = w.line(organisation); organisation == "" {
		organisation = w.t("organisation.unnamed")
	}
	args = append(args, "organisation", organisation)
	w.Subject = w.t("mail." + kind + ".subject")
	w.Greeting = w.t("mail.greeting", "user", w.line(user))
	w.Text = w.t("mail."+kind+".text", args...)
	if action := "mail." + kind + ".action"; w.messages[action] != nil { // else there is no link
		w.Action = w.t(action)
	}
	w.Footer = w.t("mail.footer", "organisation", organisation)
}

func (w *writer) fact(key, value string, secret bool) {
	w.Facts = append(w.Facts, fact{w.t(key), value, secret})
}

func (w *writer) after(key string, args ...any) { w.After = append(w.After, w.t(key, args...)) }
