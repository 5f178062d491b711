package oidc_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"sekisho/internal/oidc"
	"sekisho/internal/oidc/oidctest"
)

func TestFetchingIsBounded(t *testing.T) {
	t.Parallel()
	respond := func(body string) func(*oidctest.Server, http.ResponseWriter, *http.Request) {
		return func(_ *oidctest.Server, w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
	}
	for name, c := range map[string]struct {
		answer  func(s *oidctest.Server, w http.ResponseWriter, r *http.Request)
		code    string
		message string
		cause   string
	}{
		"not found":    {func(_ *oidctest.Server, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }, oidc.CodeInvalidIdentityToken, noKey, "status 404"},
		"server error": {func(_ *oidctest.Server, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, oidc.CodeCommunication, "", "status 502"},
		"too many requests": {func(_ *oidctest.Server, w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusTooManyRequests)
		}, oidc.CodeCommunication, "", "status 429"},
		"not JSON":       {respond("<html>"), oidc.CodeInvalidIdentityToken, noKey, "not JSON"},
		"another issuer": {respond(`{"issuer":"https://evil.example","jwks_uri":"https://evil.example/keys"}`), oidc.CodeInvalidIdentityToken, noKey, "another issuer"},
		"too large":      {respond(strings.Repeat(" ", 1<<20) + "{}"), oidc.CodeInvalidIdentityToken, noKey, "more than 1 MiB"},
		"keys without TLS": {func(s *oidctest.Server, w http.ResponseWriter, _ *http.Request) {
			_ = json.NewEncoder(w).Encode(map[string]string{"issuer": s.URL, "jwks_uri": strings.Replace(s.URL, "https", "http", 1) + "/keys"})
		}, oidc.CodeInvalidIdentityToken, noKey, "jwks_uri"},
		"redirect to another host": {func(_ *oidctest.Server, w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://localhost/", http.StatusFound)
		}, oidc.CodeInvalidIdentityToken, noKey, "redirected"},
		"redirect without end": {func(_ *oidctest.Server, w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		}, oidc.CodeInvalidIdentityToken, noKey, "redirected"},
		"link-local keys": {func(s *oidctest.Server, w http.ResponseWriter, _ *http.Request) {
			_ = json.NewEncoder(w).Encode(map[string]string{"issuer": s.URL, "jwks_uri": "https://169.254.169.254/latest"})
		}, oidc.CodeCommunication, "", "may not be connected to"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p, v := start(t)
			s.Configure(func(s *oidctest.Server) {
				s.Handler = func(w http.ResponseWriter, r *http.Request) bool { c.answer(s, w, r); return true }
			})
			_, err := v.Verify(t.Context(), p, s.Token(client, now, nil), now)
			refused(t, err, c.code, c.message)
			if !strings.Contains(err.Error(), c.cause) {
				t.Errorf("refused as %v, want %q", err, c.cause)
			}
		})
	}
}

func TestRedirectWithinTheHostIsFollowed(t *testing.T) {
	t.Parallel()
	s, p, v := start(t)
	s.Configure(func(s *oidctest.Server) {
		s.Handler = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/keys" && r.URL.RawQuery == "" {
				http.Redirect(w, r, "/keys?v=2", http.StatusFound)
				return true
			}
			return false
		}
	})
	if _, err := v.Verify(t.Context(), p, s.Token(client, now, nil), now); err != nil {
		t.Error(err)
	}
}

func TestWhoseCertificateIsTrusted(t *testing.T) {
	t.Parallel()
	s, p, _ := start(t)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	token := s.Token(client, now, nil)
	wrong := []string{strings.Repeat("0", 40)}
	for name, c := range map[string]struct {
		v           *oidc.Verifier
		thumbprints []string
		at          time.Time
		trusted     bool
	}{
		"by thumbprint":              {&oidc.Verifier{}, p.Thumbprints, now, true},
		"by thumbprint in capitals":  {&oidc.Verifier{}, []string{wrong[0], strings.ToUpper(s.Thumbprint())}, now, true},
		"by authority":               {&oidc.Verifier{Roots: roots}, wrong, now, true},
		"by the client's own":        {&oidc.Verifier{HTTPClient: s.Client()}, nil, now, true},
		"not at all":                 {&oidc.Verifier{}, nil, now, false},
		"not by another thumbprint":  {&oidc.Verifier{}, wrong, now, false},
		"not by a client without it": {&oidc.Verifier{HTTPClient: http.DefaultClient}, p.Thumbprints, now, false},
		"not after the certificate":  {&oidc.Verifier{}, p.Thumbprints, s.Certificate().NotAfter.Add(time.Hour), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			token := token
			if c.at != now {
				token = s.Token(client, c.at, nil)
			}
			q := p
			q.Thumbprints = c.thumbprints
			_, err := c.v.Verify(t.Context(), q, token, c.at)
			if c.trusted {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			refused(t, err, oidc.CodeInvalidIdentityToken, badChain)
		})
	}
}

// A certificate vouches for the names in it only, however it is trusted.
func TestCertificateOfAnotherName(t *testing.T) {
	t.Parallel()
	s, p, _ := start(t)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	p.URL = strings.Replace(p.URL, "127.0.0.1", "localhost", 1)
	_, err := (&oidc.Verifier{Roots: roots}).Verify(t.Context(), p, s.Token(client, now, map[string]any{"iss": p.URL}), now)
	refused(t, err, oidc.CodeInvalidIdentityToken, badChain)
}

func TestWhichKeyIsMeant(t *testing.T) {
	t.Parallel()
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	type header = map[jose.HeaderKey]any
	for name, c := range map[string]struct {
		publish  *jose.JSONWebKey // beside key-1
		sign     func(key jose.JSONWebKey, claims any) string
		believed bool
	}{
		"no id, one key": {nil, func(key jose.JSONWebKey, claims any) string {
			return oidctest.Sign(key.Key, jose.RS256, header{}, claims)
		}, true},
		"no id, two keys": {&jose.JSONWebKey{Key: stranger.Public(), KeyID: "other", Use: "sig"}, func(key jose.JSONWebKey, claims any) string {
			return oidctest.Sign(key.Key, jose.RS256, header{}, claims)
		}, false},
		"two keys of one id": {&jose.JSONWebKey{Key: stranger.Public(), KeyID: "key-1", Use: "sig"}, func(key jose.JSONWebKey, claims any) string {
			return oidctest.Sign(key.Key, jose.RS256, header{"kid": "key-1"}, claims)
		}, true},
		"a key for encryption": {&jose.JSONWebKey{Key: stranger.Public(), KeyID: "enc", Use: "enc"}, func(_ jose.JSONWebKey, claims any) string {
			return oidctest.Sign(stranger, jose.RS256, header{"kid": "enc"}, claims)
		}, false},
		"a key of 1,024 bits": {&jose.JSONWebKey{Key: short.Public(), KeyID: "short", Use: "sig"}, func(_ jose.JSONWebKey, claims any) string {
			return oidctest.Sign(short, jose.RS256, header{"kid": "short"}, claims)
		}, false},
		"a key of another curve": {&jose.JSONWebKey{Key: curve.Public(), KeyID: "p384", Use: "sig"}, func(_ jose.JSONWebKey, claims any) string {
			return strings.Replace(oidctest.Sign(curve, jose.ES384, header{"kid": "p384"}, claims), base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES384",`)), base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256",`)), 1)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p, v := start(t)
			key := s.Key()
			if c.publish != nil {
				s.Publish(*c.publish)
			}
			_, err := v.Verify(t.Context(), p, c.sign(key, s.Claims(client, now, nil)), now)
			if c.believed {
				if err != nil {
					t.Error(err)
				}
				return
			}
			refused(t, err, oidc.CodeInvalidIdentityToken, noKey)
		})
	}
}

// What one account trusts to fetch keys with does not serve another's provider
// of the same URL.
func TestTrustIsNotShared(t *testing.T) {
	t.Parallel()
	s, p, v := start(t)
	token := s.Token(client, now, nil)
	if _, err := v.Verify(t.Context(), p, token, now); err != nil {
		t.Fatal(err)
	}
	p.Thumbprints = nil
	_, err := v.Verify(t.Context(), p, token, now)
	refused(t, err, oidc.CodeInvalidIdentityToken, badChain)
}

func TestThumbprint(t *testing.T) {
	t.Parallel()
	s, _, v := start(t)
	got, err := v.Thumbprint(t.Context(), s.URL)
	if err != nil || got != s.Thumbprint() {
		t.Errorf("%q, %v, want %q", got, err, s.Thumbprint())
	}
	_, err = v.Thumbprint(t.Context(), "http://example.com")
	refused(t, err, oidc.CodeInvalidInput, "")
	gone, _, _ := start(t)
	gone.Close()
	_, err = v.Thumbprint(t.Context(), gone.URL)
	refused(t, err, oidc.CodeProviderUnreachable, "")
}
