// Package consoleweb is the console's host: the browser app, the cookie by which
// it knows who is signed in, the way to sign-in and back, sign-out, switching
// roles, and the door through which the app's script reaches the APIs (D-01,
// E-01 to E-12, L-02, L-03; behaviours.md 8.3, 8.4).
//
// It sees no password and decides nothing about access: what a page may do is
// what the signed-in principal may do at the API.
package consoleweb

import (
	"context"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/accountsignin"
	"sekisho/internal/appshell"
	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/pagehttp"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

// Deps is what the console is made from.
type Deps struct {
	Site *pagehttp.Site
	DB   store.DB
	Ring *keys.Ring
	// Count takes events of which anybody who is signed in can cause any number; equal
	// ones are counted together (audit.Counter).
	Count func(*audit.Event)
	// Begin makes the address at which a person signs in and comes back.
	Begin func(accountsignin.Request) string
	// App is the built browser app; nil if the program was built without it.
	App fs.FS
	// Principal is who acts by the session; Owner is who signed in, whatever role
	// they switched to. Both are an Unauthenticated fault if that does not stand.
	Principal, Owner func(ctx context.Context, session string) (call.Principal, error)
	// API answers /api/<service>/, without that prefix, for the principal.
	API func(w http.ResponseWriter, r *http.Request, service, region string, p call.Principal)
	// Billing answers /api/_billing/, without that prefix, for the principal; nil
	// leaves the page without data.
	Billing func(w http.ResponseWriter, r *http.Request, p call.Principal)
	// Assume asks STS for the role in the name of p for life seconds and returns it
	// with the sealed session token. What STS refused is a *call.Error.
	Assume func(w http.ResponseWriter, r *http.Request, p call.Principal, role session.Switched, life int32) (session.Switched, error)
}

// Handler answers the console's host.
type Handler struct {
	Deps
	mux   *http.ServeMux
	shell *appshell.Shell
}

const (
	pathHome    = "/"
	pathHandoff = "/handoff"
	pathOpen    = "/open"
	pathSignOut = "/signout"

	// PathLogin goes to sign-in and back to ?to= whoever is signed in here: where a
	// sign-in ends that did not begin at the console, and whose session is to replace
	// the one that the console has (behaviours.md 8.3).
	PathLogin = accountsignin.PathConsole

	pathSwitchBack = "/switchback"
	pathAssets     = "/console-assets/assets/"
	pathAPI        = "/api/"

	// PathSwitchRole is the page on which a role is chosen (behaviours.md 8.4).
	PathSwitchRole = "/switchrole"

	cookieSession = "sekisho-console"

	// stateLife is how long a person may take to sign in.
	stateLife = time.Hour
)

// New makes the handler. It fails if the app's files cannot be read or are not
// the console's.
func New(d Deps) (*Handler, error) {
	h := &Handler{Deps: d, mux: http.NewServeMux()}
	var err error
	h.shell, err = appshell.New(appshell.Config{
		Site: d.Site, DB: d.DB, App: d.App, Title: "the console",
		Surface: session.Console, Cookie: cookieSession, StateLife: stateLife,
	})
	if err != nil {
		return nil, err
	}
	s := d.Site
	for path, methods := range map[string]pagehttp.Methods{
		"/":                   {http.MethodGet: h.show}, // the app knows its addresses
		PathLogin:             {http.MethodGet: h.login},
		pathHandoff:           {http.MethodGet: h.handoff},
		pathOpen:              {http.MethodGet: h.open},
		pathSignOut:           {http.MethodPost: h.signOut},
		pathSwitchBack:        {http.MethodPost: h.switchBack},
		PathSwitchRole:        {http.MethodGet: h.showSwitch, http.MethodPost: h.switchRole},
		pathAssets + "{name}": {http.MethodGet: h.shell.Asset},
	} {
		s.Route(h.mux, path, methods)
	}
	s.RouteAssets(h.mux)
	// Bodies of the APIs are bounded by the APIs.
	h.mux.HandleFunc(pathAPI+"{service}/", h.api)
	return h, nil
}

// ServeHTTP answers a request to the console's host. A region's console is the
// same one, opened in that region (E-09).
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if region := h.Site.Map.Find(r.Host).Region; region != "" && !r.URL.Query().Has("region") && r.Method == http.MethodGet {
		at := *r.URL
		q := at.Query()
		q.Set("region", region)
		at.RawQuery = q.Encode()
		r = r.Clone(r.Context())
		r.URL = &at
	}
	h.Site.At(h.Site.Map.Console(), h.mux).ServeHTTP(w, r)
}

// signedIn returns the live console session of this browser, in the words of
// [accountsignin.FindSession].
func (h *Handler) signedIn(r *http.Request) (s session.Session, err error) {
	value := h.shell.Value(r)
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		s, err = accountsignin.FindSession(tx, value, session.Console, pagehttp.Host(r), h.Site.Clock.Now())
		return err
	})
	return s, err
}

// who is who acts in this browser's console: an Unauthenticated fault if nobody,
// or nobody who still exists. owner stands where whom they switched to does not.
func (h *Handler) who(r *http.Request) (s session.Session, owner, p call.Principal, err error) {
	if s, err = h.signedIn(r); err != nil {
		return s, owner, p, err
	}
	if owner, err = h.Owner(r.Context(), s.ID); err != nil {
		return s, owner, p, err
	}
	p = owner
	if !s.Switched.None() {
		p, err = h.Principal(r.Context(), s.ID)
	}
	return s, owner, p, err
}

// show shows the app to who is signed in, and sends everybody else to sign in.
func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	s, owner, p, err := h.who(r)
	if fault.Is(err, fault.Unauthenticated) && owner.Kind != call.Anonymous && !s.Switched.None() {
		// The role's time is over, or the role is gone: what is left is who signed in.
		if s, err = h.leaveRole(r, s, owner); err == nil {
			p = owner
		}
	}
	switch {
	case err == nil:
		return h.showApp(w, r, s, owner, p)
	case !fault.Is(err, fault.Unauthenticated):
		return err
	case s.Kind == session.Role:
		return h.backToPortal(w, r, s.User)
	}
	return h.signIn(w, r, r.URL.RequestURI(), h.shell.Notice(w, r))
}

// login lets the sign-in host say who is signed in.
func (h *Handler) login(w http.ResponseWriter, r *http.Request) error {
	return h.signIn(w, r, r.URL.Query().Get("to"), "")
}

// signIn sends the browser to sign in and to come back to an address of the app.
func (h *Handler) signIn(w http.ResponseWriter, r *http.Request, to string, notice web.Notice) error {
	return pagehttp.See(w, h.Begin(accountsignin.Request{State: h.shell.State(w, r), Return: safeReturn(to), Notice: notice}))
}

// backToPortal is the way on for whose role the portal gave: they have no
// password for the sign-in page.
func (h *Handler) backToPortal(w http.ResponseWriter, r *http.Request, user string) error {
	h.shell.Forget(w)
	to, err := h.portal(r, user)
	if err != nil {
		return err
	}
	return pagehttp.See(w, to)
}

// portal is the address of the person's portal; that of the oldest one if the
// person is gone.
func (h *Handler) portal(r *http.Request, user string) (address string, err error) {
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		u, err := tx.User(user)
		var inst access.Instance
		if err == nil {
			inst, err = tx.InstanceByName(u.Directory)
		} else if fault.Is(err, fault.NotFound) {
			inst, err = access.Home(tx)
		}
		address = h.Site.Map.StartURL(inst.PortalName())
		return err
	})
	return address, err
}

// maxReturn bounds the part of an address that is come back to.
const maxReturn = 2048

// safeReturn is to if it is an address of the app, as path, query and fragment;
// else the console's home. What is to be come back to can be made by anybody.
func safeReturn(to string) string {
	u, err := url.Parse(to)
	if err != nil || len(to) > maxReturn || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || !strings.HasPrefix(u.Path, "/") {
		return pathHome
	}
	clean := path.Clean(u.Path)
	switch first, _, _ := strings.Cut(clean[1:], "/"); "/" + first {
	case PathLogin, pathHandoff, pathOpen, pathSignOut, pathSwitchBack, "/api", "/console-assets":
		return pathHome // no pages
	}
	return (&url.URL{Path: clean, RawQuery: u.RawQuery, Fragment: u.Fragment}).String()
}

// handoff takes the code that sign-in sent the browser back with, and gives the
// console's own cookie for it. The code is good once, on this host, and in the
// browser that left from here.
func (h *Handler) handoff(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodHead {
		return nil // would spend the code
	}
	to := safeReturn(r.URL.Query().Get("to"))
	refused := h.shell.Redeem(w, r)
	if refused == nil {
		return pagehttp.See(w, to)
	}
	if !fault.Is(refused, fault.Unauthenticated) {
		return refused
	}
	// Another tab may have been faster. Whoever is signed in here is shown their
	// own console, never the one that the code would have opened.
	if _, err := h.signedIn(r); err == nil {
		return pagehttp.See(w, to)
	}
	return &pagehttp.Problem{Status: http.StatusBadRequest, Kind: web.StaleForm, NextURL: h.Site.Map.Console(), Cause: refused}
}

// signOut ends this browser's session, on the sign-in host as well, and no other
// session of the same person (L-02, L-03). Only the console's own script can ask
// for it.
func (h *Handler) signOut(w http.ResponseWriter, r *http.Request) error {
	if !h.fromScript(w, r) {
		return nil
	}
	s, err := h.signedIn(r)
	if fault.Is(err, fault.Unauthenticated) {
		h.shell.Forget(w)
		return answer(w, map[string]string{"location": pathHome})
	}
	if err != nil {
		return err
	}
	next := pathHome
	if s.Kind == session.Role {
		if next, err = h.portal(r, s.User); err != nil {
			return err
		}
	}
	e := h.event(r, "Logout", s.Account)
	if owner, err := h.Owner(r.Context(), s.ID); err == nil {
		by(e, owner)
	}
	err = h.DB.Update(r.Context(), e, func(tx store.Tx) error {
		return tx.EndSession(s.ID, e.At, session.SignedOut)
	})
	if err != nil {
		return err
	}
	h.shell.SignedOut(w)
	return answer(w, map[string]string{"location": next})
}

// event begins the event of something that was done on the console's host.
func (h *Handler) event(r *http.Request, name, account string) *audit.Event {
	return &audit.Event{
		At: h.Site.Clock.Now(), Account: account, Source: audit.SignInSource, Name: name, Region: h.Site.Map.Region(), Count: 1,
		SourceIP: h.Site.ClientIP(r), UserAgent: pagehttp.UserAgent(r), RequestID: h.Site.RequestID(r),
	}
}

// by tells whose event it is.
func by(e *audit.Event, p call.Principal) {
	e.PrincipalID, e.UserName, e.AccessKeyID, e.Identity = p.ARN, p.UserName, p.AccessKeyID, p.Identity()
}
