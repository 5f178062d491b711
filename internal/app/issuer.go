package app

import (
	"net/http"
	"strings"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/oidc"
	"sekisho/internal/store"
)

// issuerPrefix is where accounts publish the keys of the web identity tokens that
// they issue (behaviours.md 4.8). AWS gives each issuer a host of its own; a path
// needs no name below the domain to resolve and no further certificate.
const issuerPrefix = operationsPrefix + "oidc/"

// issuerMaxAge is how long relying parties may keep what they read. They look
// again anyway when they meet a key that they do not know.
const issuerMaxAge = "public, max-age=300"

// issuer is the URL of an account that issues web identity tokens.
func (s *Server) issuer(_, id string) string {
	return strings.TrimSuffix(s.Map.Base(), "/") + issuerPrefix + id
}

// serveIssuer answers what is below issuerPrefix: <id>/.well-known/…. An issuer
// that was disabled stays published, because tokens of before are good until they
// expire.
func (s *Server) serveIssuer(w http.ResponseWriter, r *http.Request) {
	id, document, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, issuerPrefix), "/")
	document = "/" + document
	if id == "" || document != oidc.DiscoveryPath && document != oidc.JWKSPath {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	var settings iam.Settings
	err := s.Store.View(r.Context(), func(tx store.Tx) (err error) {
		settings, err = tx.IssuerSettings(id)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		http.NotFound(w, r)
		return
	}
	var b []byte
	if err == nil && document == oidc.DiscoveryPath {
		b, err = oidc.Discovery(s.issuer(settings.Account, id))
	} else if err == nil {
		b, err = s.keysOf(r, settings.Account)
	}
	if err != nil {
		s.log.Error("an issuer's document could not be made", "document", document, "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", issuerMaxAge)
	_, _ = w.Write(b) //nolint:gosec // JSON, and said to be: no browser shows it
}

func (s *Server) keysOf(r *http.Request, account string) ([]byte, error) {
	issuer, err := s.live.Issuer(r.Context(), account)
	if err != nil {
		return nil, err
	}
	var published []oidc.PublicKey
	for _, algorithm := range []string{oidc.ES384, oidc.RS256} {
		if k, ok := issuer.Keys[algorithm]; ok {
			published = append(published, oidc.PublicKey{ID: k.ID, Algorithm: algorithm, Key: k.Signer.Public()})
		}
	}
	return oidc.JWKS(published)
}
