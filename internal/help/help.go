// Package help is the pages that everybody can read without signing in: what the
// words mean, which page is whose, what to do when sign-in fails, what a firewall
// must let through, and the form for who cannot sign in (D-20, M-01 to M-27,
// O-06 to O-08, P-01 to P-08, Q-42).
//
// It knows nobody and looks nobody up. What the pages say is package web's; here
// are the addresses that only the server knows, and the form.
package help

import (
	"net/http"

	"sekisho/internal/access"
	"sekisho/internal/captcha"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/pagehttp"
	"sekisho/internal/store"
	"sekisho/web"
)

// Deps is what the handler is made from.
type Deps struct {
	Site    *pagehttp.Site
	DB      store.DB
	Ring    *keys.Ring
	Captcha *captcha.Service
}

// Handler answers the pages under /help and /contact-us on the sign-in host.
type Handler struct {
	Deps
	mux *http.ServeMux
}

const (
	pathHelp    = "/help"
	pathContact = "/contact-us"
	pathDone    = "/contact-us/done"
	// pathJapan is where AWS has the form for people in Japan (D-14).
	pathJapan = "/jp/contact-us"

	// pathCaptcha is where the sign-in host shows challenges.
	pathCaptcha = "/captcha/"
)

// Paths are the patterns of the sign-in host that are this package's.
var Paths = []string{pathHelp, pathHelp + "/", pathContact, pathContact + "/", pathJapan, pathJapan + "/"}

// New makes the handler.
func New(d Deps) *Handler {
	h := &Handler{Deps: d, mux: http.NewServeMux()}
	s := d.Site
	s.Route(h.mux, pathHelp, pagehttp.Methods{http.MethodGet: h.page(web.HelpIndex)})
	for _, name := range web.HelpPages() {
		s.Route(h.mux, pathHelp+"/"+string(name), pagehttp.Methods{http.MethodGet: h.page(name)})
	}
	s.Route(h.mux, pathContact, pagehttp.Methods{http.MethodGet: h.askContact, http.MethodPost: h.contact})
	s.Route(h.mux, pathDone, pagehttp.Methods{http.MethodGet: h.contactDone})
	for from, to := range map[string]string{
		pathHelp + "/{$}": pathHelp, pathContact + "/{$}": pathContact,
		pathJapan: pathContact + "?" + web.ParamLanguage + "=ja", pathJapan + "/{$}": pathContact + "?" + web.ParamLanguage + "=ja",
	} {
		s.Route(h.mux, from, pagehttp.Methods{http.MethodGet: func(w http.ResponseWriter, _ *http.Request) error { return pagehttp.See(w, to) }})
	}
	h.mux.Handle("/", s.Handler(s.NotFound))
	return h
}

// ServeHTTP answers a request to one of Paths.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// page shows what there is to read under that name.
func (h *Handler) page(name web.HelpPage) pagehttp.Func {
	return func(w http.ResponseWriter, r *http.Request) error {
		lines, err := h.lines(r)
		if err != nil {
			return err
		}
		return h.Site.Show(w, r, http.StatusOK, web.Help{Frame: h.Site.Frame(r), Page: name, Lines: lines, ConsoleURL: h.Site.Map.Console()})
	}
}

// Examples stand in addresses for what differs: they are AWS's own.
const (
	exampleAccount = "111122223333"
	exampleAlias   = "your-alias"
	exampleDir     = "d-1234567890"
	exampleSub     = "your-subdomain"
)

// lines are this server's addresses, for people and for firewalls (P-03 to P-08).
// None of them tells of anything that exists.
func (h *Handler) lines(r *http.Request) (map[string][]string, error) {
	m := h.Site.Map
	region := m.Region()
	err := h.DB.View(r.Context(), func(tx store.Tx) error {
		inst, err := access.Home(tx)
		if err == nil {
			region = inst.Region
		}
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		return err
	})
	domain := pagehttp.HostOf(m.Base())
	host := func(name string) string { return name + "." + domain }
	return map[string][]string{
		web.HelpPortal:   {m.StartURL(exampleDir), m.StartURL(exampleSub)},
		web.HelpAccount:  {m.AccountSignIn(exampleAccount), m.AccountSignIn(exampleAlias)},
		web.HelpAll:      {domain, "*." + domain},
		web.HelpAccounts: {host("signin"), host("*.signin"), host("console")},
		web.HelpPortals: {host("*.awsapps"), host("signin"), m.StartURL("[yourdirectory]"), m.Portal("[yourdirectory]") + "/login",
			m.SignIn() + "/platform/login"},
		web.HelpBuilder: {host("view.awsapps") + "/start", host("profile"), host("signin")},
		web.HelpAPI: {domain, host("api"), host("oidc.REGION"), host("portal.sso.REGION"), host("device.sso"), host("device.sso.REGION"),
			host("sso.REGION"), host("sts.REGION"), host("sts"), host("iam")},
		web.HelpRegion: {region},
	}, err
}
