package app

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/account"
	"sekisho/internal/config"
	"sekisho/internal/iam"
	"sekisho/internal/oidc"
	"sekisho/internal/store"
)

// past is a relying party's way to a server, without a socket.
type past struct{ server *Server }

// RoundTrip implements http.RoundTripper.
func (p past) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	in := httptest.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), http.NoBody)
	p.server.http.ServeHTTP(w, in)
	return w.Result(), nil
}

// A relying party that knows nothing but the token and its issuer verifies a web
// identity token by what the issuer publishes (behaviours.md 4.8).
func TestWebIdentityTokenIsVerified(t *testing.T) {
	t.Parallel()
	s := newServer(t, serverConfig(t, t.TempDir(), func(c *config.Server) { c.Domain, c.PublicURL = "sekisho.example.com", "https://sekisho.example.com" }))
	run(t, s)
	var key iam.AccessKey
	update(t, s, func(tx store.Tx) (err error) {
		if err := tx.PutAccount(account.Account{ID: member, Name: "Member", Email: "b@example.com", Status: account.Active, CreatedAt: time.Now()}); err != nil {
			return err
		}
		key, err = iam.CreateAccessKey(tx, time.Now(), iam.Holder{Account: member})
		return err
	})
	root := aws.Credentials{AccessKeyID: key.ID, SecretAccessKey: key.Secret.Reveal()}
	get := func(algorithm string) (code, body string) {
		return signedTo(t, s, "https://sekisho.example.com/", root, "sts", url.Values{"Action": {"GetWebIdentityToken"}, "Audience.member.1": {"api"}, "SigningAlgorithm": {algorithm}})
	}
	if code, body := get("ES384"); code != "OutboundWebIdentityFederationDisabledException" {
		t.Fatalf("disabled: %s", body)
	}
	code, body := signedTo(t, s, "https://sekisho.example.com/", root, "iam", url.Values{"Action": {"EnableOutboundWebIdentityFederation"}})
	if code != "" {
		t.Fatal(body)
	}
	issuer := elementOf(t, body, "IssuerIdentifier")
	verifier := &oidc.Verifier{HTTPClient: &http.Client{Transport: past{s}}}
	provider := oidc.Provider{URL: issuer, ClientIDs: []string{"api"}}
	for _, algorithm := range []string{"ES384", "RS256"} {
		code, body := get(algorithm)
		if code != "" {
			t.Fatal(body)
		}
		claims, err := verifier.Verify(context.Background(), provider, elementOf(t, body, "WebIdentityToken"), time.Now().Add(time.Minute))
		if err != nil || claims.Subject != "arn:aws:iam::"+member+":root" || claims.Issuer != issuer {
			t.Errorf("%s: %+v, %v", algorithm, claims, err)
		}
	}

	base := strings.TrimPrefix(issuer, "https://sekisho.example.com")
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, base + oidc.DiscoveryPath, 200}, {http.MethodHead, base + oidc.JWKSPath, 200}, {http.MethodPost, base + oidc.JWKSPath, 405},
		{http.MethodGet, base, 404}, {http.MethodGet, base + "/", 404}, {http.MethodGet, base + oidc.JWKSPath + "/", 404},
		{http.MethodGet, base[:len(base)-1] + oidc.JWKSPath, 404}, {http.MethodGet, issuerPrefix + oidc.JWKSPath[1:], 404},
	} {
		w := request(s, c.method, "https://sekisho.example.com"+c.path, "")
		if w.Code != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, w.Code, c.status)
		}
		if all, _ := io.ReadAll(w.Body); c.status == 200 && (w.Header().Get("Content-Type") != "application/json" || strings.Contains(string(all), `"d":`)) {
			t.Errorf("%s: %s %s", c.path, w.Header(), all)
		}
	}
}
