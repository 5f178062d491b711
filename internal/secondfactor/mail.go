package secondfactor

import (
	"net/http"

	"sekisho/internal/account"
	"sekisho/internal/notify"
	"sekisho/internal/store"
	"sekisho/web"
)

// mail writes to the root user's address of the account.
func (h *Handler) mail(tx store.Tx, r *http.Request, id string, k notify.Kind, write func(account.Account) (web.Mail, []string)) error {
	a, err := tx.Account(id)
	if err != nil {
		return err
	}
	mail, codes := write(a)
	written, err := h.Site.Pages.Mail(mail, h.Site.Locale(r))
	if err != nil {
		return err
	}
	m, err := h.Senders.NewEmail(k, a.Email, notify.Content{Subject: written.Subject, Text: written.Text, HTML: written.HTML, Codes: codes}, h.Site.Clock.Now())
	if err != nil {
		return err
	}
	return tx.PutMessage(m)
}

// notice tells the account's owner what happened about the root user's factors (N-25).
func (h *Handler) notice(tx store.Tx, r *http.Request, id string, k web.FactorNoticeKind, device string) error {
	return h.mail(tx, r, id, notify.AccountNotice, func(a account.Account) (web.Mail, []string) {
		return web.FactorNoticeMail{
			Kind: k, Email: a.Email, Account: id, DeviceName: device, At: h.Site.Clock.Now(), Address: h.Site.ClientIP(r),
		}, nil
	})
}
