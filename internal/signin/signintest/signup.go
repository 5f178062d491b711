package signintest

import (
	"context"
	"net/http"
	"time"

	"sekisho/internal/accountsignin"
	"sekisho/internal/credential"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/payment"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/signup"
	"sekisho/internal/store"
)

// withSignUp adds the pages of sign-up, with the test gateway, to the sign-in host.
func (w *World) withSignUp(site *pagehttp.Site, hasher *credential.Hasher, host *http.ServeMux) {
	w.Payments = &payment.TestGateway{Ring: w.Ring, Text: func(ctx context.Context, phone string, code secret.String, now time.Time) error {
		m, err := notify.Senders(nil).NewText(notify.AccountVerification, notify.SMS, phone, "Your bank: "+code.Reveal(), []string{code.Reveal()}, now)
		if err != nil {
			return err
		}
		return w.DB.Update(ctx, nil, func(tx store.Tx) error { return tx.PutMessage(m) })
	}}
	w.SignUps = signup.New(signup.Deps{
		Site: site, DB: w.DB, Ring: w.Ring, Hasher: hasher, Captcha: w.Captcha, Count: w.count, Payments: w.Payments, SignIn: w.Accounts.SignIn,
		SignedIn:  func(r *http.Request) (session.Session, error) { return w.Accounts.SignedIn(r) },
		SignInFor: func(path string) string { return w.Accounts.Begin(accountsignin.Request{Here: path}) },
	})
	w.T.Cleanup(w.SignUps.Close)
	pages := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.SignUps.ServeHTTP(rw, r) })
	host.Handle("/signup", pages)
	host.Handle("/signup/", pages)
}

// CloseSignUp starts the pages of accounts anew, by which visitors open no accounts now.
func (w *World) CloseSignUp() {
	d := w.SignUps.Deps
	d.Closed = true
	w.SignUps = signup.New(d)
	w.T.Cleanup(w.SignUps.Close)
	w.Accounts.NoSignUp = true
}
