// Package pagehttp is what the browser surfaces have in common: the headers
// under which pages are shown, the bounds of what browsers may send, cookies,
// the language, the checks against forged requests, and the one place where an
// error becomes a page.
//
// It decides nothing about people: flows are signin's, portal's and device's,
// and what pages look like is package web's.
package pagehttp

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"sekisho/internal/clock"
	"sekisho/internal/surface"
	"sekisho/web"
)

// Bounds of requests. Longer ones are refused, not cut.
const (
	MaxBody  = 64 << 10 // bytes of a form
	MaxQuery = 32 << 10 // bytes of a query
)

// Site shows pages. Its fields are set once, before use.
type Site struct {
	Pages *web.Pages
	Map   surface.Map
	Clock clock.Clock
	Log   *slog.Logger
	// ClientIP is the address a request came from, without port.
	ClientIP func(*http.Request) string
	// RequestID is the id under which the request is logged.
	RequestID func(*http.Request) string
	// MailboxURL is the developer's mailbox; empty outside development.
	MailboxURL string
}

// Func answers a request, or returns an error that becomes a page: a *Problem,
// a fault, or anything else, which is logged and shown as an internal error.
type Func func(w http.ResponseWriter, r *http.Request) error

// Methods are the answers of one path. GET answers HEAD too, and has to leave
// the state alone when it does.
type Methods map[string]Func

// Route adds a path whose other methods are answered 405.
func (s *Site) Route(mux *http.ServeMux, path string, methods Methods) {
	var allow []string
	for m := range methods {
		allow = append(allow, m)
		if m == http.MethodGet {
			allow = append(allow, http.MethodHead)
		}
	}
	slices.Sort(allow)
	mux.Handle(path, s.Handler(func(w http.ResponseWriter, r *http.Request) error {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		if fn, ok := methods[method]; ok {
			return fn(w, r)
		}
		w.Header().Set("Allow", strings.Join(allow, ", "))
		return &Problem{Status: http.StatusMethodNotAllowed, Kind: web.MethodNotAllowed}
	}))
}

// Handler puts fn behind the common headers and bounds, and shows its errors.
func (s *Site) Handler(fn Func) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secureHeaders(w.Header())
		r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
		if len(r.URL.RawQuery) > MaxQuery {
			s.fail(w, r, &Problem{Status: http.StatusRequestURITooLong, Kind: web.BadRequest})
			return
		}
		s.keepLanguage(w, r)
		if err := fn(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// secureHeaders are the headers of everything that a browser surface answers.
// The Content-Security-Policy is the strictest until a page states its own.
func secureHeaders(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	// Addresses carry codes, so none is told to another origin. To this one it
	// is: with no-referrer browsers would send forms with "Origin: null", which
	// is also what a hostile sandboxed frame sends.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
}

// NotFound answers every path that there is not.
func (s *Site) NotFound(http.ResponseWriter, *http.Request) error {
	return &Problem{Status: http.StatusNotFound, Kind: web.NotFound}
}

// Show answers with a page. formTargets are the origins other than this one to
// which a redirect that follows one of its forms may lead.
func (s *Site) Show(w http.ResponseWriter, r *http.Request, status int, page web.Page, formTargets ...string) error {
	var b bytes.Buffer
	if err := s.Pages.Render(&b, page); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", web.ContentSecurityPolicy(formTargets...))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes()) // a browser that is gone needs no answer
	}
	return nil
}

// See sends the browser on with GET, whatever the method was.
func See(w http.ResponseWriter, location string) error {
	w.Header().Set("Location", location)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// Frame is the frame of a page that answers r.
func (s *Site) Frame(r *http.Request) web.Frame {
	return web.Frame{Locale: s.Locale(r), Path: r.URL.RequestURI(), RequestID: s.RequestID(r), MailboxURL: s.MailboxURL}
}

// Locale is the language to answer in: what the address asks for, what was
// chosen before, or what the browser prefers.
func (s *Site) Locale(r *http.Request) web.Locale {
	if loc, ok := web.ParseLocale(r.URL.Query().Get(web.ParamLanguage)); ok {
		return loc
	}
	chosen := ""
	if c, err := r.Cookie(web.CookieLanguage); err == nil {
		chosen = c.Value
	}
	return web.Negotiate(chosen, r.Header.Get("Accept-Language"))
}

// WithLanguage adds the language that a person chose on this host to an address
// of another surface, whose own cookie it becomes there. The address has a query.
func (s *Site) WithLanguage(r *http.Request, address string) string {
	c, err := r.Cookie(web.CookieLanguage)
	if err != nil {
		return address
	}
	loc, ok := web.ParseLocale(c.Value)
	if !ok {
		return address
	}
	return address + "&" + web.ParamLanguage + "=" + string(loc)
}

// keepLanguage remembers the language that a link of the page asked for.
// Unlike the other cookies the portal's script reads and writes it too.
func (s *Site) keepLanguage(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || !r.URL.Query().Has(web.ParamLanguage) {
		return
	}
	if loc, ok := web.ParseLocale(r.URL.Query().Get(web.ParamLanguage)); ok {
		//nolint:gosec // HttpOnly would hide it from the portal's script; Secure where browsers come by HTTPS
		http.SetCookie(w, &http.Cookie{Name: web.CookieLanguage, Value: string(loc), Path: "/", MaxAge: int(year / time.Second),
			Secure: s.Map.Secure(), SameSite: http.SameSiteLaxMode})
	}
}

const year = 365 * 24 * time.Hour

// cookieName gives a cookie the prefix that binds it to this host, where
// browsers allow it.
func (s *Site) cookieName(name string) string {
	if s.Map.Secure() {
		return "__Host-" + name
	}
	return name
}

// maxCookie is the longest value of a cookie that browsers keep, in bytes.
const maxCookie = 4096

// Cookie is the value of a cookie that SetCookie set, or "".
func (s *Site) Cookie(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil || len(c.Value) > maxCookie {
		return ""
	}
	return c.Value
}

// SetCookie sets a cookie of this host alone, out of script's reach. life 0
// keeps it until the browser closes; a negative life removes it.
func (s *Site) SetCookie(w http.ResponseWriter, name, value string, life time.Duration) {
	//nolint:gosec // Secure where browsers come by HTTPS
	http.SetCookie(w, &http.Cookie{Name: s.cookieName(name), Value: value, Path: "/", MaxAge: int(life / time.Second),
		HttpOnly: true, Secure: s.Map.Secure(), SameSite: http.SameSiteLaxMode})
}

// Form reads a posted form, after making sure that a page of origin (this
// surface's) sent it. Values are what was posted, without the query.
func (s *Site) Form(r *http.Request, origin string) (url.Values, error) {
	if !fromOrigin(r, origin) {
		return nil, &Problem{Status: http.StatusForbidden, Kind: web.StaleForm}
	}
	if ct, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); !strings.EqualFold(strings.TrimSpace(ct), "application/x-www-form-urlencoded") {
		return nil, &Problem{Status: http.StatusUnsupportedMediaType, Kind: web.BadRequest}
	}
	if err := r.ParseForm(); err != nil {
		if tooLarge(err) {
			return nil, &Problem{Status: http.StatusRequestEntityTooLarge, Kind: web.BadRequest}
		}
		return nil, &Problem{Status: http.StatusBadRequest, Kind: web.BadRequest}
	}
	return r.PostForm, nil
}

// fromOrigin reports whether the browser says that one of origin's own pages
// made the request. What it does not say, older browsers and plain HTTP, is not
// held against it: the forms' sealed values and SameSite cookies stand behind.
func fromOrigin(r *http.Request, origin string) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	if site != "" && site != "same-origin" && site != "none" {
		return false
	}
	switch r.Header.Get("Origin") {
	case "", origin:
		return true
	case "null":
		return site == "same-origin"
	}
	return false
}

// FromScript reports whether origin's own script made the request: it carries
// the header that no form and no other site can set, and nothing that the
// browser says speaks against it.
func FromScript(r *http.Request, origin string) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	o := r.Header.Get("Origin")
	return r.Header.Get("X-Sekisho-Csrf") == "1" && (site == "" || site == "same-origin") && (o == "" || o == origin)
}

// UserAgent is what the browser calls itself, at most 512 bytes.
func UserAgent(r *http.Request) string {
	ua := r.UserAgent()
	return strings.ToValidUTF8(ua[:min(len(ua), 512)], "")
}

// Host is the host that the browser asked for, in lower case, with its port.
func Host(r *http.Request) string { return strings.ToLower(r.Host) }

// HostOf is the host, with its port, of one of surface.Map's addresses.
func HostOf(address string) string {
	_, host, _ := strings.Cut(address, "://")
	return host
}

// At serves a surface at its own address only: a browser that came by another of
// its names (AWS's, by a resolver that points it here, or a region's) is sent
// to the one under which cookies and password managers know it.
func (s *Site) At(address string, surface http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if Host(r) == HostOf(address) || r.Method != http.MethodGet && r.Method != http.MethodHead {
			surface.ServeHTTP(w, r)
			return
		}
		secureHeaders(w.Header())
		w.Header().Set("Location", address+"/"+strings.TrimPrefix((&url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}).RequestURI(), "/"))
		w.WriteHeader(http.StatusFound)
	})
}
