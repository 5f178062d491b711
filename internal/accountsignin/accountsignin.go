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
	// Count takes events of which a stranger can cause any number; equal ones are
	// counted together (audit.Counter).
	Count func(*audit.Event)
	// Senders are the From addresses that the operator set (N-09).
	Senders notify.Senders
	// Factors asks for second factors and comes back by Handler.FactorPassed.
	Factors *secondfactor.Handler
	// NoMail says that mail has nowhere to go: then no codes are mailed, which
	// nobody could read.
	NoMail bool
	// NoSignUp says that visitors can open no accounts: then no page leads there.
	NoSignUp bool
}

// PathIAM is the sign-in page of IAM users; ?account= names the account (C-25).
const PathIAM = "/signin/iam"

// PathConsole is where the console, on its own host, asks for whoever is signed in
// here, whose session then replaces the one that it has; ?to= is where in the
// console to go on.
const PathConsole = "/login"

// The other paths.
const (
	pathMain        = "/"
	pathCheck       = "/signin/check"
	pathRoot        = "/signin/root"
	pathCode        = "/signin/code"
	pathNewPassword = "/signin/new-password"
	pathForgot      = "/signin/forgot"
	pathReset       = "/signin/reset"
	pathDone        = "/signin/done"
	pathSignOut     = "/signin/signout"
	pathCaptcha     = "/captcha/" // which portal sign-in serves
)

// Paths are the patterns of the sign-in host that are this package's.
var Paths = []string{"/{$}", "/signin/"}

// Handler answers the pages of the sign-in host for root users and IAM users.
type Handler struct {
	Deps
	mux        *http.ServeMux
	background pagehttp.Background
}

// New makes the handler. Close must be called before the database is closed.
func New(d Deps) *Handler {
	h := &Handler{Deps: d, mux: http.NewServeMux()}
	d.Factors.Passed = h.FactorPassed
	for path, page := range map[string]struct{ get, post pagehttp.Func }{
		"/{$}":          {h.main, h.choose},
		PathIAM:         {h.askIAM, h.checkIAM},
		pathCheck:       {h.askCheck, h.check},
		pathRoot:        {h.askRoot, h.checkRoot},
		pathCode:        {h.askCode, h.checkCode},
		pathNewPassword: {h.askNewPassword, h.setNewPassword},
		pathForgot:      {h.askForgot, h.forgot},
		pathSignOut:     {h.askSignOut, h.signOut},
	} {
		d.Site.Route(h.mux, path, pagehttp.Methods{http.MethodGet: page.get, http.MethodPost: page.post})
	}
	d.Site.Route(h.mux, pathReset, pagehttp.Methods{http.MethodGet: h.openReset})
	d.Site.Route(h.mux, pathDone, pagehttp.Methods{http.MethodGet: h.done})
	h.mux.Handle("/", d.Site.Handler(d.Site.NotFound))
	return h
}

// ServeHTTP answers a request to one of Paths on the sign-in host.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// Close waits for what goes on beside the requests: mail that is being written.
func (h *Handler) Close() { h.background.Wait() }

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

// RequestLife is how long a person has from the first page to the last.
const RequestLife = time.Hour

func (req Request) fresh(now time.Time) bool { return now.Before(req.IssuedAt.Add(RequestLife)) }

// Begin returns the address to send the browser to. It stores nothing.
func (h *Handler) Begin(req Request) string {
	req.IssuedAt = h.Site.Clock.Now()
	return h.Site.Map.SignIn() + h.mainPath(req, "")
}

// mainPath is the main page for req, or the account's page if it names one. With
// userType it is the main page in any case, with that type chosen.
func (h *Handler) mainPath(req Request, userType string) string {
	q := url.Values{"request": {sealed.Seal(h.Ring, keys.AccountRequest, req)}}
	switch {
	case userType != "":
		q.Set("user", userType)
	case req.Account != "":
		q.Set("account", req.Account)
	}
	return pathMain + "?" + q.Encode()
}

// iamPath is the IAM users' page for req, of the account named so; "" leaves it open.
func (h *Handler) iamPath(req Request, account string) string {
	q := url.Values{"request": {sealed.Seal(h.Ring, keys.AccountRequest, req)}}
	if account != "" {
		q.Set("account", account)
	}
	return PathIAM + "?" + q.Encode()
}

// request is what the browser was sent here for. Without a request, or with one
// that is none, it is to sign in to the console; one that is too old leads back to
// the same place, by way of the console's own start.
func (h *Handler) request(r *http.Request) (req Request, asked bool) {
	now := h.Site.Clock.Now()
	req, err := sealed.Open[Request](h.Ring, keys.AccountRequest, r.URL.Query().Get("request"))
	if err != nil {
		return Request{IssuedAt: now}, false
	}
	if !req.fresh(now) {
		return Request{Account: req.Account, Return: req.Return, Here: req.Here, Again: req.Again, IssuedAt: now}, true
	}
	return req, true
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
		now := h.Site.Clock.Now()
		if s, err = FindSession(tx, value, session.AccountSignIn, pagehttp.Host(r), now); err != nil {
			return err
		}
		return ownerStands(tx, s, now)
	})
	return s, err
}

// ownerStands is session.ErrEnded unless whose session it is may still be signed in:
// else this host would send to the console whom the console sends back.
func ownerStands(tx store.Tx, s session.Session, now time.Time) error {
	a, err := tx.Account(s.Account)
	if err == nil && s.Kind == session.IAMUser {
		_, err = tx.IAMUser(s.User)
	}
	if fault.Is(err, fault.NotFound) {
		return session.ErrEnded.Wrap(err)
	}
	if err != nil {
		return err
	}
	in, err := mayEnter(tx, a, s.Kind == session.RootUser, now)
	if err == nil && !in {
		err = session.ErrEnded
	}
	return err
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
