package oidc_test

import (
	"net/http"
	"testing"

	"sekisho/internal/oidc"
	"sekisho/internal/oidc/oidctest"
)

// What we sign is what we and everybody else can verify.
func TestSignedTokensVerify(t *testing.T) {
	t.Parallel()
	for _, alg := range []string{oidc.RS256, oidc.ES384} {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			key, err := oidc.NewKey(alg)
			if err != nil {
				t.Fatal(err)
			}
			id, err := oidc.KeyID(key.Public())
			if err != nil || len(id) != 43 {
				t.Fatalf("%q, %v", id, err)
			}
			set, err := oidc.JWKS([]oidc.PublicKey{{id, alg, key.Public()}})
			if err != nil {
				t.Fatal(err)
			}
			s, p, v := start(t)
			discovery, err := oidc.Discovery(s.URL)
			if err != nil {
				t.Fatal(err)
			}
			s.Configure(func(s *oidctest.Server) {
				s.Handler = func(w http.ResponseWriter, r *http.Request) bool {
					switch r.URL.Path {
					case oidc.DiscoveryPath:
						_, _ = w.Write(discovery)
					case oidc.JWKSPath:
						_, _ = w.Write(set)
					default:
						return false
					}
					return true
				}
			})
			token, err := oidc.Sign(s.Claims(client, now, map[string]any{"sub": "arn:aws:iam::111122223333:role/Reader"}), key, id, alg)
			if err != nil {
				t.Fatal(err)
			}
			if c, err := v.Verify(t.Context(), p, token, now); err != nil || c.Subject != "arn:aws:iam::111122223333:role/Reader" {
				t.Errorf("%+v, %v", c, err)
			}
		})
	}
}

func TestSignRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	key, err := oidc.NewKey(oidc.ES384)
	if err != nil {
		t.Fatal(err)
	}
	for _, alg := range []string{"RS256", "ES256", "none", ""} {
		if token, err := oidc.Sign(map[string]any{}, key, "k", alg); err == nil {
			t.Errorf("%s: %s", alg, token)
		}
	}
	if _, err := oidc.NewKey("HS256"); err == nil {
		t.Error("made a key for HS256")
	}
	// A private key in a key set would be published.
	if set, err := oidc.JWKS([]oidc.PublicKey{{"k", oidc.ES384, key}}); err == nil {
		t.Errorf("published %s", set)
	}
	if set, err := oidc.JWKS([]oidc.PublicKey{{"k", "HS256", []byte("secret")}}); err == nil {
		t.Errorf("published %s", set)
	}
}
