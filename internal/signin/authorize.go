package signin

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"sekisho/internal/fault"
	"sekisho/internal/pagehttp"
	"sekisho/internal/store"
	"sekisho/internal/token"
	"sekisho/web"
)

// Authorize serves GET /authorize of the OIDC host (api-surface.md 5.5): it
// checks the request and sends the browser to sign in. It stores nothing.
//
// Only a request whose client is known and whose redirect URI is the client's
// is ever answered by a redirect; every other one gets a page (promise 9). So
// does an error that would be sent to a site: only programs on the browser's own
// machine are told at once.
func (h *Handler) Authorize(w http.ResponseWriter, r *http.Request) {
	h.Site.Handler(h.authorize).ServeHTTP(w, r)
}

func (h *Handler) authorize(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		return &pagehttp.Problem{Status: http.StatusMethodNotAllowed, Kind: web.MethodNotAllowed, NextURL: h.Site.Map.SignIn() + PathHome}
	}
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return badClient("The query cannot be read.")
	}
	for _, name := range []string{"client_id", "redirect_uri", "state"} {
		if len(q[name]) > 1 {
			return badClient(name + " is given more than once.")
		}
	}
	c, err := h.Clients.Find(q.Get("client_id"), h.Site.Clock.Now())
	if err != nil {
		return badClient("The client is unknown or its registration has expired.")
	}
	redirectURI := q.Get("redirect_uri")
	if !c.AllowsRedirect(redirectURI) {
		return badClient("The redirect URI is not one that the client registered.")
	}
	req, err := h.clientRequest(r, c, q)
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		if !token.LoopbackRedirect(redirectURI) {
			// Anybody can register a site as a client: without a person's consent
			// this must not be a way to send browsers there (RFC 9700 4.11.2).
			return badClient(f.Public)
		}
		answer := url.Values{"error": {f.Reason}, "error_description": {f.Public}}
		if state := q.Get("state"); state != "" && len(state) <= 1024 {
			answer.Set("state", state)
		}
		w.Header().Set("Referrer-Policy", "no-referrer")
		return pagehttp.See(w, redirectURI+"?"+answer.Encode())
	}
	if err != nil {
		return err
	}
	return pagehttp.See(w, h.Begin(req))
}

func badClient(detail string) error {
	return &pagehttp.Problem{Status: http.StatusBadRequest, Kind: web.BadRequest, Detail: detail}
}

// clientRequest checks what may be complained of to the client: its faults are
// Invalid and their reasons OAuth error codes.
func (h *Handler) clientRequest(r *http.Request, c token.Client, q url.Values) (Request, error) {
	for name, values := range q {
		if len(values) > 1 {
			return Request{}, fault.New(fault.Invalid, token.InvalidRequest, "%.32q is given more than once.", name)
		}
	}
	if !slices.Contains(c.GrantTypes, token.GrantAuthorizationCode) {
		return Request{}, fault.New(fault.Invalid, token.UnauthorizedClient, "The client is not registered for authorization codes.")
	}
	// The AWS CLI says scopes, OAuth says scope.
	scopes := strings.Fields(q.Get("scopes") + " " + q.Get("scope"))
	if err := token.CheckAuthorize(c, q.Get("response_type"), q.Get("code_challenge_method"), q.Get("code_challenge"), q.Get("state"), scopes); err != nil {
		return Request{}, err
	}
	if len(scopes) == 0 {
		scopes = c.Scopes
	}
	slices.Sort(scopes)
	// The registration says whose portal it is for.
	name := ""
	if c.Issuer != "" {
		if name = h.Site.Map.PortalName(c.Issuer); name == "" {
			return Request{}, fault.New(fault.Invalid, token.InvalidRequest, "The issuer URL of the registration is no start URL.")
		}
	}
	err := h.DB.View(r.Context(), func(tx store.Tx) error {
		_, err := FindInstance(tx, name)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return Request{}, fault.New(fault.Invalid, token.InvalidRequest, "The issuer URL of the registration is not this server's.").Wrap(err)
	}
	return Request{
		Purpose:     ForClient,
		Portal:      name,
		ClientID:    c.ID,
		RedirectURI: q.Get("redirect_uri"),
		ClientState: q.Get("state"),
		Challenge:   q.Get("code_challenge"),
		Scopes:      slices.Compact(scopes),
	}, err
}
