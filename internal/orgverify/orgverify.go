// Package orgverify is the page to which the mail leads that Organizations sends to
// the owner of a management account: it shows whose address is to be verified, and
// verifies it when asked to (F-06, N-13, N-26).
//
// Programs that look into mail follow links, so that opening one does nothing. The
// rules are org's; who writes the mail is membership's.
package orgverify

import (
	"net/http"
	"net/url"

	"sekisho/internal/audit"
	"sekisho/internal/fault"
	"sekisho/internal/membership"
	"sekisho/internal/org"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/web"
)

// Path is the page's, on the sign-in host.
const Path = "/organizations/verify"

// maxToken is longer than what any link of ours carries.
const maxToken = 128

// Deps is what the handler is made from.
type Deps struct {
	Site *pagehttp.Site
	DB   store.DB
}

// Handler answers Path.
type Handler struct {
	Deps
	mux *http.ServeMux
}

// New makes the handler.
func New(d Deps) *Handler {
	h := &Handler{Deps: d, mux: http.NewServeMux()}
	d.Site.Route(h.mux, Path, pagehttp.Methods{http.MethodGet: h.ask, http.MethodPost: h.verify})
	return h
}

// ServeHTTP answers a request to Path.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

func here(token secret.String) string {
	return Path + "?" + url.Values{membership.TokenParam: {token.Reveal()}}.Encode()
}

// ask shows what the link is about: the question, or that it has been answered.
func (h *Handler) ask(w http.ResponseWriter, r *http.Request) error {
	token, err := tokenOf(r.URL.Query().Get(membership.TokenParam))
	if err != nil {
		return err
	}
	var p web.OrgVerify
	err = h.DB.View(r.Context(), func(tx store.Tx) error {
		v, a, err := membership.ByLink(tx, token, h.Site.Clock.Now())
		p = web.OrgVerify{Email: v.Email, AccountID: a.ID, AccountName: a.Name, Verified: !v.VerifiedAt.IsZero()}
		return err
	})
	if err != nil {
		return problem(err)
	}
	p.Frame, p.Action, p.ConsoleURL = h.Site.Frame(r), Path, h.Site.Map.Console()+"/organizations/v2/home"
	p.Path, p.Flow = here(token), token.Reveal()
	return h.Site.Show(w, r, http.StatusOK, p)
}

// verify verifies the address, and leads back to the page, which says so. The link
// alone is the proof: a form that somebody else has this browser send could verify
// only what its sender could.
func (h *Handler) verify(w http.ResponseWriter, r *http.Request) error {
	form, err := h.Site.Form(r, h.Site.Map.SignIn())
	if err != nil {
		return err
	}
	token, err := tokenOf(form.Get(web.FieldFlow))
	if err != nil {
		return err
	}
	now := h.Site.Clock.Now()
	e := &audit.Event{
		At: now, Source: membership.Principal, Name: "VerifyManagementAccountEmail", Region: h.Site.Map.Region(), SourceIP: h.Site.ClientIP(r),
		UserAgent: pagehttp.UserAgent(r), RequestID: h.Site.RequestID(r), Count: 1,
	}
	err = h.DB.Update(r.Context(), e, func(tx store.Tx) error {
		v, err := org.Verify(tx, token, now)
		e.Account, e.Resource = v.Account, v.Email
		return err
	})
	if err != nil {
		return problem(err)
	}
	return pagehttp.See(w, here(token))
}

func tokenOf(s string) (secret.String, error) {
	if s == "" || len(s) > maxToken {
		return secret.String{}, &pagehttp.Problem{Status: http.StatusGone, Kind: web.LinkUsed}
	}
	return secret.NewString(s), nil
}

// problem is the page for a link that is no good; other errors pass.
func problem(err error) error {
	if fault.Is(err, fault.Expired) {
		return &pagehttp.Problem{Status: http.StatusGone, Kind: web.LinkExpired, Cause: err}
	}
	return err
}
