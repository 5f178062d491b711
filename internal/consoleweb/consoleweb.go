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

	"sekisho/internal/accountsignin"
	"sekisho/internal/call"
	"sekisho/internal/keys"
	"sekisho/internal/pagehttp"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

// Deps is what the console is made from.
type Deps struct {
	Site *pagehttp.Site
	DB   store.DB
	Ring *keys.Ring
	// Begin makes the address at which a person signs in and comes back.
	Begin func(accountsignin.Request) string
	// App is the built browser app; nil if the program was built without it.
	App fs.FS
	// Principal is who acts by the session; Owner is who signed in, whatever role
	// they switched to. Both are an error for a session that does not stand.
	Principal, Owner func(ctx context.Context, session string) (call.Principal, error)
	// API answers /api/<service>/, without that prefix, for the principal.
	API func(w http.ResponseWriter, r *http.Request, service, region string, p call.Principal)
	// Assume asks STS for the role in the name of p for life seconds and returns it
	// with the sealed session token. What STS refused is a *call.Error.
	Assume func(w http.ResponseWriter, r *http.Request, p call.Principal, role session.Switched, life int32) (session.Switched, error)
}

// Handler answers the console's host.
type Handler struct {
	Deps
	mux *http.ServeMux
}

// New makes the handler.
func New(d Deps) (*Handler, error) {
	h := &Handler{Deps: d, mux: http.NewServeMux()}
	h.mux.Handle("/", d.Site.Handler(d.Site.NotFound))
	return h, nil
}

// ServeHTTP answers a request to the console's host.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.Site.At(h.Site.Map.Console(), h.mux).ServeHTTP(w, r)
}
