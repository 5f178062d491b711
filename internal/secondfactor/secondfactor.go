// Package secondfactor is the pages on which root users and IAM users give a
// second factor at sign-in, get around a lost one, and register passkeys and
// security keys (B-12, B-20 to B-24, C-10, C-16, C-17; behaviours.md 5.5).
//
// It owns these pages and their ceremonies. The devices are iam's, what a passkey
// proves is credential's; what comes after is up to who asked.
package secondfactor

import (
	"net/http"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/captcha"
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
	Captcha *captcha.Service
	Count   func(*audit.Event)
	Senders notify.Senders
	// SignedIn returns the session of the root user or IAM user of this browser on
	// the sign-in host, or an Unauthenticated fault.
	SignedIn func(r *http.Request) (session.Session, error)
	// SignInFor is the address at which a person signs in and comes back to a path
	// of this host.
	SignInFor func(path string) string
	// May asks whether the session's principal may do action to the resource; it
	// returns an error with a text for people unless it may.
	May func(r *http.Request, s session.Session, action, resource string) error
}

// Handler answers the pages of second factors on the sign-in host, under /mfa.
type Handler struct {
	Deps
	// Passed goes on after a factor was given; it is set before the first request.
	Passed func(w http.ResponseWriter, r *http.Request, on []byte, p Passed) error
	mux    *http.ServeMux
}

// New makes the handler.
func New(d Deps) *Handler {
	h := &Handler{Deps: d, mux: http.NewServeMux()}
	h.mux.Handle("/", d.Site.Handler(d.Site.NotFound))
	return h
}

// ServeHTTP answers a request to a path below /mfa.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// Challenge asks for a second factor of somebody whose first was right.
type Challenge struct {
	Account string
	User    string // AIDA…; "" is the root user
	Name    string // e-mail address or user name, to be shown
	On      []byte // given back to Passed; not secret from the browser's owner, sealed by us
}

// Passed is a second factor that was given.
type Passed struct {
	Account, User string
	Serial        string // ARN of the device; "" for a recovery
	Kind          string // "Virtual MFA", "U2F MFA" as CloudTrail says; "" for a recovery
	At            time.Time
	// Recovered says that no factor was given but that a root user proved to hold
	// the account's mail and telephone (B-22).
	Recovered bool
}

// Begin sends the browser to the page that asks for the factor.
func (h *Handler) Begin(w http.ResponseWriter, r *http.Request, c Challenge) error {
	return h.Site.NotFound(w, r)
}
