package app

import (
	"net/http"
	"strings"

	"sekisho/internal/dev"
	"sekisho/internal/gateway"
	"sekisho/internal/pagehttp"
	"sekisho/internal/signin"
	"sekisho/internal/store"
	"sekisho/internal/surface"
	"sekisho/internal/version"
	"sekisho/web"
)

// base answers at the base domain, where every API is on one address, beside
// operations, the developer's surface and a landing page for people.
type base struct {
	server *Server
	gate   *gateway.Gateway
	site   *pagehttp.Site
	signin *signin.Handler
	dev    http.Handler // nil without --dev
	pages  *http.ServeMux
}

const operationsPrefix = "/_sekisho/"

func (b *base) serveBase(w http.ResponseWriter, r *http.Request, place surface.Place) {
	path := r.URL.Path
	switch {
	case strings.HasPrefix(path, operationsPrefix):
		b.operations(w, r)
	case b.wantsLanding(r):
		showPage(w, r, b.pages.ServeHTTP)
	default:
		b.serveAPI(w, r, place)
	}
}

// serveAPI answers API requests and, where the OIDC API is, the one page of it
// that browsers open (api-surface.md 5.5).
func (b *base) serveAPI(w http.ResponseWriter, r *http.Request, place surface.Place) {
	if place.Service == "" || place.Service == "sso-oidc" {
		if r.URL.Path == "/authorize" {
			showPage(w, r, b.signin.Authorize)
			return
		}
		if strings.HasPrefix(r.URL.Path, web.AssetPrefix) {
			showPage(w, r, b.pages.ServeHTTP)
			return
		}
	}
	b.gate.ServeHTTP(w, r, place)
}

// wantsLanding tells a person's browser from an API client at the root.
func (b *base) wantsLanding(r *http.Request) bool {
	return r.URL.Path == "/" && (r.Method == http.MethodGet || r.Method == http.MethodHead) &&
		!strings.Contains(r.URL.RawQuery, "Action=") && r.Header.Get("Authorization") == "" &&
		strings.Contains(r.Header.Get("Accept"), "text/html")
}

// mountPages prepares the landing page.
func (b *base) mountPages() *base {
	b.pages = http.NewServeMux()
	b.site.RouteAssets(b.pages)
	b.site.Route(b.pages, "/{$}", pagehttp.Methods{http.MethodGet: b.showLanding})
	return b
}

// showLanding names the portal only in development: who may know an
// organisation's portal has been told its address (M-29).
func (b *base) showLanding(w http.ResponseWriter, r *http.Request) error {
	view := web.Landing{
		Frame: b.site.Frame(r), Version: version.Version,
		ConsoleURL: b.site.Map.Console() + "/", SigninURL: b.site.Map.SignIn() + signin.PathHome, APIEndpoint: b.site.Map.Base(),
	}
	if !b.server.config.SignUpClosed() {
		view.SignUpURL = b.site.Map.SignUp()
	}
	if b.dev != nil {
		err := b.server.Store.View(r.Context(), func(tx store.Tx) error {
			inst, err := signin.FindInstance(tx, "")
			if err != nil {
				return nil //nolint:nilerr // a landing page without portals is right before there is one
			}
			name, err := signin.OrganizationName(tx, inst)
			view.Portals = []web.Portal{{Organisation: name, URL: b.site.Map.StartURL(inst.PortalName())}}
			return err
		})
		if err != nil {
			return err
		}
	}
	return b.site.Show(w, r, http.StatusOK, view)
}

func (b *base) operations(w http.ResponseWriter, r *http.Request) {
	if b.dev != nil && strings.HasPrefix(r.URL.Path, dev.Prefix) {
		showPage(w, r, b.dev.ServeHTTP)
		return
	}
	if strings.HasPrefix(r.URL.Path, issuerPrefix) {
		b.server.serveIssuer(w, r)
		return
	}
	switch r.URL.Path {
	case "/_sekisho/health/live":
		_, _ = w.Write([]byte("ok\n"))
	case "/_sekisho/health/ready":
		if err := b.server.Store.View(r.Context(), func(tx store.Tx) error { _, err := tx.DataKeys(); return err }); err != nil {
			b.server.log.Error("not ready", "error", err)
			http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ok\n"))
	case "/_sekisho/metrics":
		b.server.metrics.ServeHTTP(w, r)
	default:
		http.NotFound(w, r)
	}
}
