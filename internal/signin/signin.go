// Package signin is the sign-in host, the only surface that ever sees a
// password: who is it, prove it, and then back to where the person came from.
//
// The steps (identify, password, new password, consent) return to one
// dispatcher, Handler.proceed, which alone decides what comes next. Nothing is
// stored for a visitor who has proved nothing: what a flow knows travels in the
// pages, sealed and bound to the browser by a cookie. Other surfaces come here
// with a sealed Request and get a one-time code back (package session).
//
// It owns the browser's way through sign-in. The rules of passwords are
// credential's, of sessions session's, of grants token's; how pages look is
// package web's.
package signin

import (
	"context"
	"net/http"
	"strings"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/audit"
	"sekisho/internal/captcha"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/token"
	"sekisho/web"
)

// Deps is what the sign-in host is made from.
type Deps struct {
	Site    *pagehttp.Site
	DB      store.DB
	Ring    *keys.Ring
	Clients token.Clients
	Hasher  *credential.Hasher
	Captcha *captcha.Service
	// Count takes events of which a stranger can cause any number; equal ones are
	// counted together (audit.Counter).
	Count func(*audit.Event)
	// Senders are the From addresses that the operator set (N-09).
	Senders notify.Senders
}

// Handler answers the sign-in host.
type Handler struct {
	Deps
	mux        *http.ServeMux
	background pagehttp.Background
	// party checks passkeys; nil where there can be none, because the sign-in host has
	// no name.
	party *credential.RelyingParty
}

// PathHome is the page of the sign-in host that sends people to the sign-in page
// which is theirs.
const PathHome = "/sign-in-pages"

// The paths of the sign-in host (D-06).
const (
	pathLogin       = "/platform/login"
	pathPassword    = "/platform/password"
	pathNewPassword = "/platform/new-password"
	pathForgot      = "/platform/forgot"
	pathReset       = "/platform/reset"
	pathInvitation  = "/platform/invitation"
	pathFirst       = "/platform/first"
	pathFirstCode   = "/platform/first/code"
	pathVerify      = "/platform/verify-email"
	pathConfirm     = "/platform/confirm-email"
	pathConsent     = "/platform/consent"
	pathDone        = "/platform/done"
	pathCaptcha     = "/captcha/"
)

// New makes the handler. Close must be called before the database is closed.
func New(d Deps) *Handler {
	h := &Handler{Deps: d, mux: http.NewServeMux()}
	s := d.Site
	s.Route(h.mux, PathHome, pagehttp.Methods{http.MethodGet: h.home})
	s.Route(h.mux, pathLogin, pagehttp.Methods{http.MethodGet: h.login, http.MethodPost: h.identify})
	s.Route(h.mux, pathPassword, pagehttp.Methods{http.MethodGet: h.askPassword, http.MethodPost: h.checkPassword})
	s.Route(h.mux, pathNewPassword, pagehttp.Methods{http.MethodGet: h.askNewPassword, http.MethodPost: h.setNewPassword})
	s.Route(h.mux, pathForgot, pagehttp.Methods{http.MethodGet: h.askForgot, http.MethodPost: h.forgot})
	s.Route(h.mux, pathReset, pagehttp.Methods{http.MethodGet: h.openReset})
	s.Route(h.mux, pathInvitation, pagehttp.Methods{http.MethodGet: h.openInvitation})
	s.Route(h.mux, pathFirst, pagehttp.Methods{http.MethodGet: h.askFirst, http.MethodPost: h.sendFirst})
	s.Route(h.mux, pathFirstCode, pagehttp.Methods{http.MethodGet: h.askFirstCode, http.MethodPost: h.checkFirstCode})
	s.Route(h.mux, pathVerify, pagehttp.Methods{http.MethodGet: h.openVerification})
	s.Route(h.mux, pathConfirm, pagehttp.Methods{http.MethodGet: h.askConfirm, http.MethodPost: h.confirmEmail})
	s.Route(h.mux, pathConsent, pagehttp.Methods{http.MethodGet: h.askConsent, http.MethodPost: h.decide})
	h.routeFactors()
	s.Route(h.mux, pathDone, pagehttp.Methods{http.MethodGet: h.done})
	s.Route(h.mux, pathCaptcha+"{file}", pagehttp.Methods{http.MethodGet: h.captchaFile})
	s.RouteAssets(h.mux)
	h.mux.Handle("/", s.Handler(s.NotFound))
	return h
}

// ServeHTTP answers a request to the sign-in host that is nobody else's there.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.Site.At(h.Site.Map.SignIn(), h.mux).ServeHTTP(w, r)
}

// Close waits for what goes on beside the requests: mail that is being written.
func (h *Handler) Close() { h.background.Wait() }

// home routes visitors who came without a request to the page that is theirs
// (D-19, M-30).
func (h *Handler) home(w http.ResponseWriter, r *http.Request) error {
	return h.Site.Show(w, r, http.StatusOK, web.SigninHome{
		Frame:         h.Site.Frame(r),
		PortalPattern: strings.TrimPrefix(pagehttp.HostOf(h.Site.Map.StartURL("x")), "x."),
		RootURL:       "/",
		IAMUserURL:    "/signin/iam",
	})
}

// FindInstance returns the instance that a portal's name means: its directory
// id, subdomain or instance id, or "" for the oldest one. Any other name
// is NotFound.
func FindInstance(tx access.Store, name string) (access.Instance, error) {
	if name == "" {
		return access.Home(tx)
	}
	inst, err := tx.InstanceByName(name)
	if fault.Is(err, fault.NotFound) {
		return inst, fault.New(fault.NotFound, "portal-name", "There is no portal of this name.").Wrap(err)
	}
	return inst, err
}

// OrganizationName is what pages call the organisation that an instance belongs
// to: the name of its management account.
func OrganizationName(tx access.Store, inst access.Instance) (string, error) {
	a, err := tx.Account(inst.Owner)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return a.Name, err
}

// place is where a person signs in.
type place struct {
	access.Instance
	organization string
}

func findPlace(tx store.Tx, portal string) (p place, err error) {
	if p.Instance, err = FindInstance(tx, portal); err != nil {
		if fault.Is(err, fault.NotFound) {
			return p, &pagehttp.Problem{Status: http.StatusNotFound, Kind: web.UnknownPortal, NextURL: PathHome, Cause: err}
		}
		return p, err
	}
	p.organization, err = OrganizationName(tx, p.Instance)
	return p, err
}

func (h *Handler) place(ctx context.Context, portal string) (p place, err error) {
	err = h.DB.View(ctx, func(tx store.Tx) error {
		p, err = findPlace(tx, portal)
		return err
	})
	return p, err
}

// portalName is the name by which to send a person back to their portal.
func (p place) portalName(wanted string) string {
	if wanted != "" {
		return wanted
	}
	return p.PortalName()
}

const cookieSession = "sekisho-session"

// signedIn returns the session that this browser has on this host, and whose it
// is; ok is false if there is none that is live.
func (h *Handler) signedIn(r *http.Request) (s session.Session, u directory.User, ok bool, err error) {
	value := h.Site.Cookie(r, cookieSession)
	if value == "" {
		return s, u, false, nil
	}
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		s, u, err = FindSignedIn(tx, value, session.SignIn, pagehttp.Host(r), h.Site.Clock.Now())
		return err
	})
	if fault.Is(err, fault.Unauthenticated) {
		return s, u, false, nil
	}
	return s, u, err == nil, err
}

// FindSignedIn returns the live session behind a surface's cookie on a host, and
// its person, who is enabled. In every other case it fails with an
// Unauthenticated fault; its reason is "session-ended" if there was a session.
func FindSignedIn(tx store.Tx, cookie string, on session.Surface, host string, now time.Time) (s session.Session, u directory.User, err error) {
	none := fault.New(fault.Unauthenticated, "no-session", "You are not signed in.")
	c, err := tx.Cookie(secret.NewString(cookie).Hash())
	if err == nil && (c.Surface != on || c.Host != host) {
		return s, u, none
	}
	if err == nil {
		s, err = tx.Session(c.Session)
	}
	if err == nil {
		u, err = tx.User(s.User)
	}
	switch {
	case fault.Is(err, fault.NotFound):
		return s, u, none.Wrap(err)
	case err != nil:
		return s, u, err
	case !s.Live(now) || !now.Before(c.ExpiresAt) || u.Disabled:
		return s, u, session.ErrEnded
	}
	return s, u, nil
}
