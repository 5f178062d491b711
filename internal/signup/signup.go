// Package signup is the pages on which a person opens an AWS account, from the
// e-mail address to the confirmation that it is being activated.
//
// It owns the order of the steps. What an account needs to become active is
// registration's, money payment's.
package signup

import (
	"net/http"

	"sekisho/internal/audit"
	"sekisho/internal/captcha"
	"sekisho/internal/credential"
	"sekisho/internal/keys"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

// Deps is what the handler is made from.
type Deps struct {
	Site    *pagehttp.Site
	DB      store.DB
	Ring    *keys.Ring
	Hasher  *credential.Hasher
	Captcha *captcha.Service
	Count   func(*audit.Event)
	Senders notify.Senders
	// SignIn begins a session of the account's root user in this browser.
	SignIn func(w http.ResponseWriter, r *http.Request, account string) (session.Session, error)
	// SignedIn returns the session of the root user or IAM user of this browser on
	// the sign-in host, or an Unauthenticated fault.
	SignedIn func(r *http.Request) (session.Session, error)
	// SignInFor is the address at which a person signs in and comes back to a path
	// of this host.
	SignInFor func(path string) string
}

// Handler answers the pages under /signup on the sign-in host.
type Handler struct {
	Deps
	mux *http.ServeMux
}

// New makes the handler.
func New(d Deps) *Handler {
	h := &Handler{Deps: d, mux: http.NewServeMux()}
	h.mux.Handle("/", d.Site.Handler(d.Site.NotFound))
	return h
}

// ServeHTTP answers a request to a path below /signup.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }
