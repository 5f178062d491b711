// Package device is the host where a person types the code that a terminal or
// an application shows (RFC 8628, behaviours.md 7.2, I-08).
//
// It only takes the code down and has the person look at it; it looks nothing
// up, so that a visitor learns nothing about codes, and approves nothing: that
// is asked on the sign-in host, of who signed in there.
package device

import (
	"net/http"
	"strings"

	"sekisho/internal/pagehttp"
	"sekisho/internal/signin"
	"sekisho/internal/surface"
	"sekisho/internal/token"
	"sekisho/web"
)

// Deps is what the handler is made from.
type Deps struct {
	Site *pagehttp.Site
	// Begin makes the address at which a person signs in for the code.
	Begin func(signin.Request) string
}

// Handler answers the device host.
type Handler struct {
	Deps
	mux *http.ServeMux
}

// New makes the handler.
func New(d Deps) *Handler {
	h := &Handler{Deps: d, mux: http.NewServeMux()}
	d.Site.Route(h.mux, "/{$}", pagehttp.Methods{http.MethodGet: h.show, http.MethodPost: h.answer})
	d.Site.RouteAssets(h.mux)
	h.mux.Handle("/", d.Site.Handler(d.Site.NotFound))
	return h
}

// ServeHTTP answers a request to the device host.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.Site.At(h.Site.Map.Device(), h.mux).ServeHTTP(w, r)
}

// show asks for the code, or if the address has one, whether it is the one that
// the device shows.
func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	if !r.URL.Query().Has(web.FieldUserCode) {
		return h.entry(w, r, http.StatusOK, "", "")
	}
	return h.confirm(w, r, r.URL.Query().Get(web.FieldUserCode))
}

// maxShown bounds what is shown again of a code that cannot be one.
const maxShown = 32

func (h *Handler) entry(w http.ResponseWriter, r *http.Request, status int, typed string, problem web.UserCodeError) error {
	if len(typed) > maxShown {
		typed = ""
	}
	frame := h.Site.Frame(r)
	frame.Path = h.here(r, "")
	return h.Site.Show(w, r, status, web.DeviceEntry{Frame: frame, Action: frame.Path, UserCode: typed, Error: problem})
}

func (h *Handler) confirm(w http.ResponseWriter, r *http.Request, typed string) error {
	if typed == "" {
		return h.entry(w, r, http.StatusUnprocessableEntity, "", web.UserCodeRequired)
	}
	code := token.NormalizeUserCode(typed)
	if code == "" {
		return h.entry(w, r, http.StatusUnprocessableEntity, typed, web.UserCodeInvalid)
	}
	frame := h.Site.Frame(r)
	frame.Path = h.here(r, code)
	return h.Site.Show(w, r, http.StatusOK, web.DeviceConfirm{Frame: frame, Action: h.here(r, ""), UserCode: code}, h.Site.Map.SignIn())
}

// here is this host's page for a code, of the portal that the page was asked for.
func (h *Handler) here(r *http.Request, code string) string {
	return strings.TrimPrefix(h.Site.Map.Verification(portalOf(r), code), h.Site.Map.Device())
}

// portalOf is the name of the portal whose people the code waits for: "" for the
// oldest one's. Whether there is one of that name is sign-in's to say.
func portalOf(r *http.Request) string {
	name := r.URL.Query().Get(surface.PortalParam)
	if len(name) > maxPortal {
		return ""
	}
	return name
}

// maxPortal is how long a label of a host name can be.
const maxPortal = 63

// answer takes the typed code, or the decision about a shown one. It needs no
// proof of where the form came from, because whatever is posted here is asked
// about again, of who signed in, before anything is approved; other sites are
// refused all the same.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request) error {
	form, err := h.Site.Form(r, h.Site.Map.Device())
	if err != nil {
		return err
	}
	typed := form.Get(web.FieldUserCode)
	switch form.Get(web.FieldDecision) {
	case web.DecisionConfirm:
		code := token.NormalizeUserCode(typed)
		if code == "" {
			return h.entry(w, r, http.StatusUnprocessableEntity, typed, web.UserCodeInvalid)
		}
		return pagehttp.See(w, h.Site.WithLanguage(r, h.Begin(signin.Request{Purpose: signin.ForDevice, Portal: portalOf(r), UserCode: code})))
	case web.DecisionDeny:
		return h.Site.Show(w, r, http.StatusOK, web.DeviceDone{Frame: h.Site.Frame(r)})
	}
	return h.confirm(w, r, typed)
}
