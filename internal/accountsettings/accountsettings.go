// Package accountsettings is the pages of the sign-in host on which a root user
// changes what only they may: the password, the e-mail address, how to pay, and
// whether the account goes on.
//
// It owns these pages. The rules are account's, registration's and payment's; the
// contacts and regions of an account have an API and are the console's.
package accountsettings

import (
	"net/http"

	"sekisho/internal/audit"
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
	Count   func(*audit.Event)
	Senders notify.Senders
	// SignedIn returns the session of the root user or IAM user of this browser on
	// the sign-in host, or an Unauthenticated fault.
	SignedIn func(r *http.Request) (session.Session, error)
	// SignInFor is the address at which a person signs in and comes back to a path
	// of this host.
	SignInFor func(path string) string
}

// Handler answers the pages under /account on the sign-in host.
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

// ServeHTTP answers a request to a path below /account.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }
