// Package portal is the access portal's host: the start page with the browser
// app, the cookie by which it knows who is signed in, the way to sign-in and
// back, sign-out, and the door through which the app's script reaches the
// portal API (D-03 to D-05, H-01 to H-21, L-04, L-05).
//
// It sees no password and decides nothing about access: signin proves who it
// is, the API behind the door decides what they may see.
package portal

import (
	"io/fs"
	"net/http"
	"net/url"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/appshell"
	"sekisho/internal/call"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/signin"
	"sekisho/internal/store"
	"sekisho/internal/surface"
	"sekisho/web"
)

// Deps is what the portal is made from.
type Deps struct {
	Site *pagehttp.Site
	DB   store.DB
	// Begin makes the address at which a person signs in and comes back.
	Begin func(signin.Request) string
	// App is the built browser app; nil if the program was built without it.
	App fs.FS
	// API answers /api/sso/, without that prefix, for the person signed in.
	API func(w http.ResponseWriter, r *http.Request, p call.Principal)
	// Ring seals what travels to the console and back.
	Ring *keys.Ring
	// Role gives the session token of a role that p, a person, holds in the account
	// by the permission set of that name, and when it expires. What was refused is a
	// *call.Error.
	Role func(w http.ResponseWriter, r *http.Request, p call.Principal, account, permissionSet string) (secret.String, time.Time, error)
	// Endpoints are the addresses of the APIs, by service as an AWS config file
	// spells it ("sso_oidc"), which the portal shows to people.
	Endpoints map[string]string
}

// Handler answers the hosts of portals.
type Handler struct {
	Deps
	mux   *http.ServeMux
	shell *appshell.Shell
}

const (
	pathStart   = "/start"
	pathHandoff = "/start/handoff"
	pathSignOut = "/start/signout"
	pathConsole = "/start/console"
	pathAssets  = "/start/assets/"
	pathAPI     = "/api/sso"

	cookieSession = "sekisho-portal"
)

// New makes the handler. It fails if the app's files cannot be read or are not
// the portal's.
func New(d Deps) (*Handler, error) {
	h := &Handler{Deps: d, mux: http.NewServeMux()}
	var err error
	h.shell, err = appshell.New(appshell.Config{
		Site: d.Site, DB: d.DB, App: d.App, Title: "the access portal",
		Surface: session.Portal, Cookie: cookieSession, StateLife: signin.RequestLife,
	})
	if err != nil {
		return nil, err
	}
	s := d.Site
	for _, path := range []string{pathStart, pathStart + "/{$}"} {
		s.Route(h.mux, path, pagehttp.Methods{http.MethodGet: h.start})
	}
	toStart := func(w http.ResponseWriter, r *http.Request) error { return pagehttp.See(w, pathStart) }
	s.Route(h.mux, "/{$}", pagehttp.Methods{http.MethodGet: toStart})
	s.Route(h.mux, "/{instance}", pagehttp.Methods{http.MethodGet: h.issuer})
	s.Route(h.mux, "/login", pagehttp.Methods{http.MethodGet: toStart}) // D-05
	s.Route(h.mux, pathHandoff, pagehttp.Methods{http.MethodGet: h.handoff})
	s.Route(h.mux, pathSignOut, pagehttp.Methods{http.MethodPost: h.signOut})
	s.Route(h.mux, pathConsole, pagehttp.Methods{http.MethodGet: h.handOver, http.MethodPost: h.openConsole})
	s.Route(h.mux, pathAssets+"{name}", pagehttp.Methods{http.MethodGet: h.shell.Asset})
	s.RouteAssets(h.mux)
	// Bodies of the API are bounded by the API; the doors read none.
	h.mux.HandleFunc(pathAPI+"/", h.api)
	for pattern, fn := range h.doors() {
		h.mux.HandleFunc(pattern, h.door(fn))
	}
	h.mux.Handle("/", s.Handler(s.NotFound))
	return h, nil
}

// ServeHTTP answers a request to a portal host.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// here is the portal that a request is for.
type here struct {
	access.Instance
	organization string
	name         string // by which it was asked for
	address      string // without path; the only one under which cookies are given
}

// find returns the portal of the request's host. Its address is made from the
// name alone: what else the Host header says, a port or another domain, never
// becomes part of an address that a code is sent to.
func (h *Handler) find(r *http.Request) (p here, err error) {
	p.name = h.Site.Map.Find(r.Host).Name
	p.address = h.Site.Map.Portal(p.name)
	err = h.DB.View(r.Context(), func(tx store.Tx) (err error) {
		if p.name == "" {
			return h.unknownPortal(nil)
		}
		if p.Instance, err = signin.FindInstance(tx, p.name); fault.Is(err, fault.NotFound) {
			return h.unknownPortal(err)
		}
		if err == nil {
			p.organization, err = signin.OrganizationName(tx, p.Instance)
		}
		return err
	})
	return p, err
}

func (h *Handler) unknownPortal(cause error) error {
	return &pagehttp.Problem{Status: http.StatusNotFound, Kind: web.UnknownPortal, NextURL: h.Site.Map.SignIn() + signin.PathHome, Cause: cause}
}

// issuer leads from the address that an instance has as an issuer, which names it in
// the path, to its start page (behaviours.md 6.2).
func (h *Handler) issuer(w http.ResponseWriter, r *http.Request) error {
	if h.Site.Map.Find(r.Host).Name != "" {
		return h.Site.NotFound(w, r)
	}
	var inst access.Instance
	err := h.DB.View(r.Context(), func(tx store.Tx) (err error) {
		inst, err = tx.InstanceByName(r.PathValue("instance"))
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return h.unknownPortal(err)
	}
	if err != nil {
		return err
	}
	if r.Method == http.MethodHead {
		return h.tellRegion(w, inst)
	}
	return pagehttp.See(w, h.Site.Map.StartURL(inst.ID))
}

// tellRegion is how the AWS CLI finds out the region; it never follows (api-surface.md 5.2).
func (h *Handler) tellRegion(w http.ResponseWriter, inst access.Instance) error {
	w.Header().Set("Location", surface.InstanceURL(inst.ID, inst.Region))
	w.WriteHeader(http.StatusFound)
	return nil
}

// start shows the app to who is signed in, and sends everybody else to sign in.
func (h *Handler) start(w http.ResponseWriter, r *http.Request) error {
	p, err := h.find(r)
	if err != nil {
		return err
	}
	if r.Method == http.MethodHead {
		return h.tellRegion(w, p.Instance)
	}
	if pagehttp.Host(r) != pagehttp.HostOf(p.address) {
		return pagehttp.See(w, p.address+returnPath(r))
	}
	s, u, err := h.signedIn(r)
	if err == nil {
		return h.showApp(w, r, p, s, u)
	}
	if !fault.Is(err, fault.Unauthenticated) {
		return err
	}
	return pagehttp.See(w, h.Begin(signin.Request{
		Purpose: signin.ForPortal,
		Portal:  p.name,
		State:   h.shell.State(w, r),
		Return:  returnPath(r),
		Notice:  h.shell.Notice(w, r),
	}))
}

// maxReturn bounds the part of an address that is come back to.
const maxReturn = 1024

// returnPath is what to come back to after sign-in: the start page with the
// query it was asked for with.
func returnPath(r *http.Request) string {
	if q := r.URL.RawQuery; q != "" && len(q) < maxReturn {
		return pathStart + "?" + q
	}
	return pathStart
}

// safeReturn is path if it is one that returnPath makes, else the start page:
// a handoff's address can be made by anybody.
func safeReturn(path string) string {
	u, err := url.Parse(path)
	if err != nil || len(path) > maxReturn+len(pathStart) || u.Scheme != "" || u.Host != "" || u.Opaque != "" || u.Path != pathStart {
		return pathStart
	}
	return (&url.URL{Path: pathStart, RawQuery: u.RawQuery}).String()
}

func (h *Handler) signedIn(r *http.Request) (s session.Session, u directory.User, err error) {
	value := h.shell.Value(r)
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		if s, u, err = signin.FindSignedIn(tx, value, session.Portal, pagehttp.Host(r), h.Site.Clock.Now()); err != nil {
			return err
		}
		inst, err := signin.FindInstance(tx, h.Site.Map.Find(r.Host).Name)
		if err == nil && u.Directory != inst.DirectoryID {
			err = session.ErrEnded // somebody of another portal is nobody here
		}
		return err
	})
	return s, u, err
}

// handoff takes the code that sign-in sent the browser back with, and gives the
// portal's own cookie for it. The code is good once, on this host, and in the
// browser that left from here.
func (h *Handler) handoff(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodHead {
		return nil // would spend the code
	}
	p, err := h.find(r)
	if err != nil {
		return err
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
	// own portal, never the one that the code would have opened.
	if _, _, err := h.signedIn(r); err == nil {
		return pagehttp.See(w, to)
	}
	return &pagehttp.Problem{Status: http.StatusBadRequest, Kind: web.StaleForm, NextURL: h.Site.Map.StartURL(p.name), Cause: refused}
}

// signOut ends the session, and with it everything that hangs on it (L-04,
// promise 12). Only the portal's own script can ask for it.
func (h *Handler) signOut(w http.ResponseWriter, r *http.Request) error {
	v, ok := h.enter(w, r)
	if !ok {
		return nil
	}
	err := h.DB.Update(r.Context(), nil, func(tx store.Tx) error { return h.end(tx, r, v, v.session) })
	if err != nil {
		return err
	}
	h.shell.SignedOut(w)
	w.WriteHeader(http.StatusNoContent)
	return nil
}
