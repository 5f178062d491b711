// Package help is the pages that everybody can read without signing in: what the
// words mean, which page is whose, what to do when sign-in fails, what a firewall
// must let through, and the form for who cannot sign in (D-20, M-01 to M-27,
// O-06 to O-08, P-01 to P-08, Q-42).
//
// It knows nobody and looks nobody up.
package help

import (
	"net/http"

	"sekisho/internal/audit"
	"sekisho/internal/captcha"
	"sekisho/internal/keys"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/store"
)

// Deps is what the handler is made from.
type Deps struct {
	Site    *pagehttp.Site
	DB      store.DB
	Ring    *keys.Ring
	Captcha *captcha.Service
	Count   func(*audit.Event)
	Senders notify.Senders
}

// Handler answers the pages under /help and /contact-us on the sign-in host.
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

// ServeHTTP answers a request to a path below /help or /contact-us.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }
