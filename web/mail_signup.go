package web

import (
	"fmt"
	"strings"
	"time"
)

// signUpLetter names a mail about a sign-up that has a link.
type signUpLetter string

const (
	letterTaken       signUpLetter = "signup-taken"
	letterCreated     signUpLetter = "account-created"
	letterActivated   signUpLetter = "account-activated"
	letterInformation signUpLetter = "account-information"
)

// SignUpCodeMail has the code that proves that a mailbox is read.
type SignUpCodeMail struct {
	Email string
	Code  string        `json:"-"` // secret
	Valid time.Duration // shown in minutes, rounded up
}

// SignUpTakenMail goes to the owner of an address with which somebody wants to
// open another account (A-14, A-16, M-23): the page does not tell.
type SignUpTakenMail struct {
	Email     string
	SignInURL string
}

// AccountCreatedMail says that the account can be signed in to (N-10).
type AccountCreatedMail struct {
	Email, Name, AccountID string
	ContinueURL            string
}

// AccountActivatedMail says that everything can be used (N-11).
type AccountActivatedMail struct {
	Email, Name, AccountID string
	ConsoleURL             string
}

// AccountInformationMail asks for additional information (N-12).
type AccountInformationMail struct {
	Email, Name, AccountID string
	Asked                  string // at most 1,000 characters
	SupportURL             string
}

// Format prints whom the mail is for, and no secret.
func (m SignUpCodeMail) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "sign-up code mail for %q", m.Email)
}

func (m SignUpCodeMail) write(w *writer) {
	w.begin("signup-code", senderAWS, m.Email)
	w.fact("mail.signup-code.code", m.Code, true)
	w.after("mail.signup-code.valid", "minutes", minutes(m.Valid))
	w.after("mail.signup-code.not-you")
}

func (m SignUpTakenMail) write(w *writer) {
	w.begin(string(letterTaken), senderAWS, m.Email)
	w.URL = m.SignInURL
	w.after("mail.signup-taken.closed")
	w.after("mail.signup-taken.plus")
	w.after("mail.signup-taken.not-you")
}

func (m AccountCreatedMail) write(w *writer) {
	w.begin(string(letterCreated), senderAWS, m.Email, "name", w.line(m.Name))
	w.fact("mail.account-created.id", m.AccountID, false)
	w.URL = m.ContinueURL
	w.after("mail.account-created.later")
}

func (m AccountActivatedMail) write(w *writer) {
	w.begin(string(letterActivated), senderAWS, m.Email, "name", w.line(m.Name))
	w.fact("mail.account-created.id", m.AccountID, false)
	w.URL = m.ConsoleURL
	w.after("mail.account-activated.mfa")
}

func (m AccountInformationMail) write(w *writer) {
	w.begin(string(letterInformation), senderAWS, m.Email, "name", w.line(m.Name))
	w.fact("mail.account-created.id", m.AccountID, false)
	w.fact("mail.account-information.asked", clean(m.Asked, 1000, false), false)
	w.URL = m.SupportURL
	w.after("mail.account-information.answer")
}

// senderAWS is on whose behalf account mail speaks, in every language.
const senderAWS = "AWS"

// PINText is the text message with the PIN of sign-up (N-24), in a language.
func (p *Pages) PINText(pin string, loc Locale) (string, error) {
	_, c := p.language(loc)
	return c.text("signup.pin.text", "pin", pin)
}

// PINSpoken is what the call with the PIN says: digit by digit, twice.
func (p *Pages) PINSpoken(pin string, loc Locale) (string, error) {
	loc, c := p.language(loc)
	pause := ", "
	if loc == Japanese {
		pause = "、"
	}
	return c.text("signup.pin.spoken", "spoken", strings.Join(strings.Split(pin, ""), pause))
}

// BankText is the text message of a bank with its one-time password, which the
// test gateway sends in its place.
func (p *Pages) BankText(code string, loc Locale) (string, error) {
	_, c := p.language(loc)
	return c.text("signup.bank.text", "code", code)
}
