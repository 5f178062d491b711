package signin

import (
	"strings"
	"time"

	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/notify"
	"sekisho/web"
)

// Mailer puts mails to people of the directory into the outbox.
type Mailer struct {
	Pages   *web.Pages
	Senders notify.Senders
}

// Ask is what a mail asks the person to follow or to type.
type Ask struct{ Links, Codes []string }

// Tell writes a notice, which asks nothing of u. Who has no address, or one to which
// no mail can be sent (account.ValidEmail lets "a..b@example.com" pass), is passed over:
// what the notice is about must not depend on it.
func (m Mailer) Tell(tx notify.Store, u directory.User, k notify.Kind, fallback web.Locale, mail web.Mail, now time.Time) error {
	if u.Email == "" {
		return nil
	}
	err := m.Queue(tx, u, k, fallback, mail, Ask{}, now)
	if fault.Is(err, fault.Invalid) {
		return nil
	}
	return err
}

// Queue writes mail to u in u's language if that is known, else in fallback.
func (m Mailer) Queue(tx notify.Store, u directory.User, k notify.Kind, fallback web.Locale, mail web.Mail, ask Ask, now time.Time) error {
	language, _, _ := strings.Cut(u.Language(), "-") // a tag such as ja-JP
	loc, ok := web.ParseLocale(strings.ToLower(language))
	if !ok {
		loc = fallback
	}
	written, err := m.Pages.Mail(mail, loc)
	if err != nil {
		return err
	}
	message, err := m.Senders.NewEmail(k, u.Email, notify.Content{
		Subject: written.Subject, Text: written.Text, HTML: written.HTML, Links: ask.Links, Codes: ask.Codes,
	}, now)
	if err != nil {
		return err
	}
	return tx.PutMessage(message)
}
