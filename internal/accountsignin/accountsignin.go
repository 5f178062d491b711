// Package accountsignin is how the root user and the IAM users of an account sign
// in: the main page with its choice of user type, the pages for the password and
// for what else is asked, the account's own address, and the way back to the
// surface that the person came from (B-05 to B-34, C-03 to C-14, D-01, D-02).
//
// It owns the steps up to the password and what begins a session. Second factors
// are secondfactor's, the session and its cookies session's, the rules of
// passwords credential's.
package accountsignin

import (
	"net/http"
	"net/url"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/captcha"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/sealed"
	"sekisho/internal/secondfactor"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
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
	// Factors asks for second factors and comes back by Handler.FactorPassed.
	Factors *secondfactor.Handler
}

// PathIAM is the sign-in page of IAM users; ?account= names the account (C-25).
const PathIAM = "/signin/iam"

// Paths are the patterns of the sign-in host that are this package's.
var Paths = []string{"/{$}", "/signin/"}

// Handler answers the pages of the sign-in host for root users and IAM users.
type Handler struct {
	Deps
	mux *http.ServeMux
}

// New makes the handler.
func New(d Deps) *Handler {
	h := &Handler{Deps: d, mux: http.NewServeMux()}
	d.Factors.Passed = h.FactorPassed
	h.mux.Handle("/", d.Site.Handler(d.Site.NotFound))
	return h
}

// ServeHTTP answers a request to one of Paths on the sign-in host.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// Request is why a browser was sent to sign in. It travels sealed in the address:
// only this server's surfaces can make one.
type Request struct {
	// Account is the alias or id whose page is to be shown; "" lets the person choose.
	Account string `cbor:"1,keyasint,omitempty"`
	// State is the hash of the value that the console put into this browser, and
	// Return what of the console's address to come back to, such as "/iam/users".
	State  string `cbor:"2,keyasint,omitempty"`
	Return string `cbor:"3,keyasint,omitempty"`
	// Here is a path of the sign-in host to go on to instead of the console, such
	// as "/signup/continue"; "" for the console.
	Here   string     `cbor:"4,keyasint,omitempty"`
	Notice web.Notice `cbor:"5,keyasint,omitempty"`
	// Again asks for the password also of who is signed in.
	Again    bool      `cbor:"6,keyasint,omitempty"`
	IssuedAt time.Time `cbor:"7,keyasint"` // set by Begin
}

// Begin returns the address to send the browser to. It stores nothing.
func (h *Handler) Begin(req Request) string {
	req.IssuedAt = h.Site.Clock.Now()
	q := url.Values{"request": {sealed.Seal(h.Ring, keys.SignInRequest, req)}}
	if req.Account != "" {
		q.Set("account", req.Account)
	}
	return h.Site.Map.SignIn() + "/?" + q.Encode()
}

// cookieSession keeps the root user or IAM user of this browser on the sign-in host.
const cookieSession = "sekisho-account"

// SignedIn returns the live session of the root user or IAM user of this browser
// on the sign-in host; without one it is an Unauthenticated fault.
func (h *Handler) SignedIn(r *http.Request) (s session.Session, err error) {
	value := h.Site.Cookie(r, cookieSession)
	if value == "" {
		return s, errNobody
	}
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		s, err = FindSession(tx, value, session.AccountSignIn, pagehttp.Host(r), h.Site.Clock.Now())
		return err
	})
	return s, err
}

var errNobody = fault.New(fault.Unauthenticated, "no-session", "You are not signed in.")

// FindSession returns the live console session behind a surface's cookie on a
// host. In every other case it is an Unauthenticated fault; its reason is
// "session-ended" if there was a session. Whether whose it is still exists is
// authn's to ask.
func FindSession(tx session.Store, cookie string, on session.Surface, host string, now time.Time) (s session.Session, err error) {
	c, err := tx.Cookie(secret.NewString(cookie).Hash())
	if fault.Is(err, fault.NotFound) || err == nil && (c.Surface != on || c.Host != host) {
		return s, errNobody
	}
	if err == nil {
		s, err = tx.Session(c.Session)
	}
	switch {
	case fault.Is(err, fault.NotFound):
		return s, errNobody
	case err != nil:
		return s, err
	case !s.Live(now) || !now.Before(c.ExpiresAt):
		return s, session.ErrEnded
	}
	return s, nil
}

// FactorPassed goes on with a sign-in whose second factor was given; on is what
// the challenge carried.
func (h *Handler) FactorPassed(w http.ResponseWriter, r *http.Request, on []byte, p secondfactor.Passed) error {
	return h.Site.NotFound(w, r)
}

// SignIn begins a session of the account's root user in this browser, without a
// page: for who just chose the password in signing up.
func (h *Handler) SignIn(w http.ResponseWriter, r *http.Request, account string) (session.Session, error) {
	return session.Session{}, errNobody
}
