package signup

import (
	"time"

	"sekisho/internal/account"
	"sekisho/internal/notify"
	"sekisho/internal/registration"
	"sekisho/internal/store"
	"sekisho/internal/surface"
	"sekisho/web"
)

// Mailer writes the mails and text messages of sign-up into the outbox. Its methods
// are called in the transaction of what they tell.
type Mailer struct {
	Pages   *web.Pages
	Senders notify.Senders
	Map     surface.Map
}

// Activated tells the owner that everything can be used (N-11).
func (m Mailer) Activated(tx store.Tx, a account.Account, r registration.Registration, now time.Time) error {
	url := m.Map.Console() + consoleHome
	return m.queue(tx, notify.AccountNotice, a.Email, languageOf(r), web.AccountActivatedMail{Email: a.Email, Name: a.Name, AccountID: a.ID, ConsoleURL: url}, now, nil, url)
}

// Asked asks the owner for the information that r is held for (N-12).
func (m Mailer) Asked(tx store.Tx, a account.Account, r registration.Registration, now time.Time) error {
	url := m.Map.Console() + consoleCases
	mail := web.AccountInformationMail{Email: a.Email, Name: a.Name, AccountID: a.ID, Asked: r.Hold.Asked, SupportURL: url}
	return m.queue(tx, notify.AccountNotice, a.Email, languageOf(r), mail, now, nil, url)
}

// created tells the owner that the account can be signed in to (N-10).
func (m Mailer) created(tx store.Tx, a account.Account, loc web.Locale, now time.Time) error {
	url := m.Map.SignIn() + PathContinue
	return m.queue(tx, notify.AccountNotice, a.Email, loc, web.AccountCreatedMail{Email: a.Email, Name: a.Name, AccountID: a.ID, ContinueURL: url}, now, nil, url)
}

func (m Mailer) code(tx store.Tx, to, code string, loc web.Locale, now time.Time) error {
	return m.queue(tx, notify.AccountVerification, to, loc, web.SignUpCodeMail{Email: to, Code: code, Valid: codeLife}, now, []string{code})
}

// taken tells the owner of an address that somebody wants to open an account with
// it, and how one gets another one (M-23).
func (m Mailer) taken(tx store.Tx, to string, loc web.Locale, now time.Time) error {
	url := m.Map.SignIn() + pathMain
	return m.queue(tx, notify.AccountVerification, to, loc, web.SignUpTakenMail{Email: to, SignInURL: url}, now, nil, url)
}

// pin tells a PIN by telephone (N-24).
func (m Mailer) pin(tx store.Tx, by notify.Channel, number, pin string, loc web.Locale, now time.Time) error {
	text, err := m.Pages.PINText(pin, loc)
	if by == notify.Voice {
		text, err = m.Pages.PINSpoken(pin, loc)
	}
	if err != nil {
		return err
	}
	message, err := m.Senders.NewText(notify.AccountVerification, by, number, text, []string{pin}, now)
	if err != nil {
		return err
	}
	return tx.PutMessage(message)
}

func (m Mailer) queue(tx store.Tx, k notify.Kind, to string, loc web.Locale, mail web.Mail, now time.Time, codes []string, links ...string) error {
	written, err := m.Pages.Mail(mail, loc)
	if err != nil {
		return err
	}
	message, err := m.Senders.NewEmail(k, to, notify.Content{Subject: written.Subject, Text: written.Text, HTML: written.HTML, Links: links, Codes: codes}, now)
	if err != nil {
		return err
	}
	return tx.PutMessage(message)
}

// languageOf is the one in which the owner signed up.
func languageOf(r registration.Registration) web.Locale {
	if loc, ok := web.ParseLocale(r.Language); ok {
		return loc
	}
	return web.English
}
