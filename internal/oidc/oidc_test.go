package oidc_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"sekisho/internal/oidc"
	"sekisho/internal/oidc/oidctest"
)

var now = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

const client = "sts.amazonaws.com"

// Keys of nobody.
var (
	stranger = generate(rsa.GenerateKey(rand.Reader, 2048))
	curve    = generate(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
)

func generate[K any](key K, err error) K {
	if err != nil {
		panic(err)
	}
	return key
}

// start returns a provider, how an account has registered it, and a verifier
// that trusts its certificate by thumbprint only.
func start(tb testing.TB) (*oidctest.Server, oidc.Provider, *oidc.Verifier) {
	tb.Helper()
	s := oidctest.New()
	tb.Cleanup(s.Close)
	return s, oidc.Provider{URL: s.Issuer(), ClientIDs: []string{"other", client}, Thumbprints: []string{s.Thumbprint()}}, &oidc.Verifier{}
}

func refused(t *testing.T, err error, code, message string) {
	t.Helper()
	var e *oidc.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want %s", err, code)
	}
	if e.Code != code || !strings.HasPrefix(e.Message, message) {
		t.Fatalf("got %v, want %s: %s", e, code, message)
	}
}

const (
	notJWT   = "The ID Token provided is not a valid JWT."
	noKey    = "Couldn't retrieve verification key from your identity provider"
	badChain = "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint"
)

func TestVerifyReadsClaims(t *testing.T) {
	t.Parallel()
	s, p, v := start(t)
	token := s.Token(client, now, map[string]any{
		"amr": []string{"mfa", "pwd"}, "azp": "unregistered", "nbf": now.Unix(), "aud": []string{"x", client},
		oidc.ClaimTags:           map[string]any{"principal_tags": map[string]any{"Project": []string{"A"}}, "transitive_tag_keys": []string{"Project"}},
		oidc.ClaimSourceIdentity: "alice",
	})
	if iss, err := oidc.UnverifiedIssuer(token); err != nil || iss != p.URL {
		t.Errorf("UnverifiedIssuer: %q, %v", iss, err)
	}
	got, err := v.Verify(t.Context(), p, token, now)
	if err != nil {
		t.Fatal(err)
	}
	if got.Raw["sub"] != got.Subject {
		t.Errorf("Raw: %v", got.Raw)
	}
	got.Raw = nil
	want := &oidc.Claims{
		Issuer: p.URL, Subject: "repo:octo/hello:ref:refs/heads/main", ClientID: client, AuthorizedParty: "unregistered",
		Audience: []string{"x", client}, AMR: []string{"mfa", "pwd"}, Expiry: now.Add(time.Hour), IssuedAt: now,
		PrincipalTags: map[string]string{"Project": "A"}, TransitiveTagKeys: []string{"Project"}, SourceIdentity: "alice",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	name := strings.TrimPrefix(p.URL, "https://")
	if d := cmp.Diff(map[string][]string{
		name + ":aud": {client}, name + ":sub": {want.Subject}, name + ":azp": {"unregistered"},
		name + ":amr": {"mfa", "pwd"}, name + ":oaud": {"x", client},
	}, got.ConditionKeys()); d != "" {
		t.Error(d)
	}
}

func TestEveryAlgorithm(t *testing.T) {
	t.Parallel()
	s, p, v := start(t)
	at := now
	for _, alg := range []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.ES256, jose.ES384, jose.ES512} {
		s.Rotate(alg, true)
		at = at.Add(2 * time.Minute) // past the limit on asking again
		if _, err := v.Verify(t.Context(), p, s.Token(client, at, nil), at); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
	}
}

func TestClaimsAreChecked(t *testing.T) {
	t.Parallel()
	s, p, v := start(t)
	tag := func(v any) map[string]any { return map[string]any{oidc.ClaimTags: v} }
	for name, c := range map[string]struct {
		claims        map[string]any
		at            time.Duration
		code, message string // "" for a token that is believed
	}{
		"audience is another":        {map[string]any{"aud": "nobody"}, 0, oidc.CodeInvalidIdentityToken, "Incorrect token audience"},
		"audience is missing":        {map[string]any{"aud": nil}, 0, oidc.CodeInvalidIdentityToken, "Missing a required claim: aud"},
		"audience is a number":       {map[string]any{"aud": 7}, 0, oidc.CodeInvalidIdentityToken, notJWT},
		"authorized party":           {map[string]any{"aud": "nobody", "azp": client}, 0, "", ""},
		"issuer of somebody else":    {map[string]any{"iss": "https://evil.example"}, 0, oidc.CodeInvalidIdentityToken, "No OpenIDConnect provider found in your account for https://evil.example"},
		"issuer with a slash":        {map[string]any{"iss": p.URL + "/"}, 0, oidc.CodeInvalidIdentityToken, "No OpenIDConnect provider found"},
		"issuer is missing":          {map[string]any{"iss": nil}, 0, oidc.CodeInvalidIdentityToken, "Missing a required claim: iss"},
		"a second before its end":    {nil, time.Hour - time.Second, "", ""},
		"at its end":                 {nil, time.Hour, oidc.CodeExpired, "Token expired: current date/time 1785589200 must be before the expiration date/time 1785589200"},
		"no expiry":                  {map[string]any{"exp": nil}, 0, oidc.CodeInvalidIdentityToken, "Missing a required claim: exp"},
		"expiry is a text":           {map[string]any{"exp": "1785589200"}, 0, oidc.CodeInvalidIdentityToken, notJWT},
		"expiry is not whole":        {map[string]any{"exp": 1785589200.5}, 0, oidc.CodeInvalidIdentityToken, notJWT},
		"expiry beyond all calendar": {map[string]any{"exp": 1e300}, 0, oidc.CodeInvalidIdentityToken, notJWT},
		"no time of issue":           {map[string]any{"iat": nil}, 0, oidc.CodeInvalidIdentityToken, "Missing a required claim: iat"},
		"issued in our future":       {nil, -2 * time.Minute, oidc.CodeInvalidIdentityToken, "Token is not valid yet"},
		"issued by a fast clock":     {nil, -30 * time.Second, "", ""},
		"not yet valid":              {map[string]any{"nbf": now.Add(2 * time.Minute).Unix()}, 0, oidc.CodeInvalidIdentityToken, "Token is not valid yet"},
		"no subject":                 {map[string]any{"sub": nil}, 0, oidc.CodeInvalidIdentityToken, "Missing a required claim: sub"},
		"subject is empty":           {map[string]any{"sub": ""}, 0, oidc.CodeInvalidIdentityToken, notJWT},
		"subject of 255":             {map[string]any{"sub": strings.Repeat("s", 255)}, 0, "", ""},
		"subject of 256":             {map[string]any{"sub": strings.Repeat("s", 256)}, 0, oidc.CodeInvalidIdentityToken, notJWT},
		"tags are a text":            {tag("x"), 0, oidc.CodeInvalidIdentityToken, notJWT},
		"tag of two values":          {tag(map[string]any{"principal_tags": map[string]any{"a": []string{"1", "2"}}}), 0, oidc.CodeInvalidIdentityToken, notJWT},
		"tag twice": {map[string]any{oidc.ClaimTags: map[string]any{"principal_tags": map[string]any{"a": "1"}},
			oidc.ClaimTags + "/principal_tags/a": []string{"2"}}, 0, oidc.CodeInvalidIdentityToken, notJWT},
		"tags in names": {map[string]any{oidc.ClaimTags + "/principal_tags/a": []string{"2"}}, 0, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := v.Verify(t.Context(), p, s.Token(client, now, c.claims), now.Add(c.at))
			if c.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			refused(t, err, c.code, c.message)
		})
	}
}

// Promise 19: tokens cannot be confused.
func TestTokensCannotBeConfused(t *testing.T) {
	t.Parallel()
	s, p, v := start(t)
	other, _, _ := start(t)
	k, theirs := s.Key(), other.Key()
	claims := s.Claims(client, now, nil)
	header := func(more map[jose.HeaderKey]any) map[jose.HeaderKey]any {
		h := map[jose.HeaderKey]any{"kid": k.KeyID, "typ": "JWT"}
		for n, v := range more {
			h[n] = v
		}
		return h
	}
	good := oidctest.Sign(k.Key, jose.RS256, header(nil), claims)
	if _, err := v.Verify(t.Context(), p, good, now); err != nil {
		t.Fatal(err)
	}
	part := strings.Split(good, ".")
	b64 := base64.RawURLEncoding.EncodeToString
	unsigned := func(h string) string { return b64([]byte(h)) + "." + part[1] + "." }
	public, err := x509.MarshalPKIXPublicKey(k.Public().Key)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	jwk, err := theirs.Public().MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	twice := strings.Replace(string(payload), `{`, `{"sub":"admin",`, 1)
	for name, c := range map[string]struct{ token, message string }{
		"none":                      {unsigned(`{"alg":"none","kid":"key-1"}`), notJWT},
		"None with a signature":     {unsigned(`{"alg":"None","kid":"key-1"}`) + part[2], notJWT},
		"no algorithm":              {unsigned(`{"kid":"key-1"}`) + part[2], notJWT},
		"HMAC with the public key":  {oidctest.Sign(public, jose.HS256, header(nil), claims), notJWT},
		"PSS":                       {oidctest.Sign(k.Key, jose.PS256, header(nil), claims), notJWT},
		"algorithm swapped":         {b64([]byte(`{"alg":"RS512","kid":"key-1"}`)) + "." + part[1] + "." + part[2], noKey},
		"algorithm of another kind": {b64([]byte(`{"alg":"ES256","kid":"key-1"}`)) + "." + part[1] + "." + part[2], noKey},
		"key of another provider":   {oidctest.Sign(theirs.Key, jose.RS256, header(nil), claims), "Provided Token signature is invalid"},
		"unknown key id":            {oidctest.Sign(k.Key, jose.RS256, header(map[jose.HeaderKey]any{"kid": "key-9"}), claims), noKey},
		"embedded key":              {oidctest.Sign(theirs.Key, jose.RS256, header(map[jose.HeaderKey]any{"jwk": json.RawMessage(jwk)}), claims), notJWT},
		"embedded certificate":      {oidctest.Sign(theirs.Key, jose.RS256, header(map[jose.HeaderKey]any{"x5c": []string{"AA=="}}), claims), notJWT},
		"key elsewhere":             {oidctest.Sign(k.Key, jose.RS256, header(map[jose.HeaderKey]any{"jku": other.URL + "/keys"}), claims), notJWT},
		"critical extension":        {oidctest.Sign(k.Key, jose.RS256, header(map[jose.HeaderKey]any{"crit": []string{"exp"}}), claims), notJWT},
		"access token":              {oidctest.Sign(k.Key, jose.RS256, header(map[jose.HeaderKey]any{"typ": "at+jwt"}), claims), notJWT},
		"logout token":              {oidctest.Sign(k.Key, jose.RS256, header(map[jose.HeaderKey]any{"typ": "logout+jwt"}), claims), notJWT},
		"claim twice":               {oidctest.SignPayload(k.Key, jose.RS256, header(nil), []byte(twice)), notJWT},
		"claims are a list":         {oidctest.SignPayload(k.Key, jose.RS256, header(nil), []byte(`[]`)), notJWT},
		"claims are null":           {oidctest.SignPayload(k.Key, jose.RS256, header(nil), []byte(`null`)), notJWT},
		"payload swapped":           {part[0] + "." + b64([]byte(strings.Replace(string(payload), "octo", "evil", 1))) + "." + part[2], "Provided Token signature is invalid"},
		"signature cut":             {part[0] + "." + part[1] + "." + part[2][:20], "Provided Token signature is invalid"},
		"line break":                {part[0] + "." + part[1] + "." + part[2] + "\n", notJWT},
		"stray last bits":           {good[:len(good)-1] + string(good[len(good)-1]+1), notJWT},
		"padding":                   {good + "==", notJWT},
		"JSON serialization":        {`{"payload":"` + part[1] + `","protected":"` + part[0] + `","signature":"` + part[2] + `"}`, notJWT},
		"five parts":                {good + ".a.b", notJWT},
		"too long":                  {good + strings.Repeat("A", 20_000), notJWT},
		"empty":                     {"", notJWT},
		"opaque":                    {"ya29.a0AfH6SMB", notJWT},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := v.Verify(t.Context(), p, c.token, now.Add(10*time.Minute))
			refused(t, err, oidc.CodeInvalidIdentityToken, c.message)
		})
	}
}

// A key that is published under an id of a provider serves that provider only.
func TestKeysOfProvidersAreApart(t *testing.T) {
	t.Parallel()
	a, pa, v := start(t)
	b, pb, _ := start(t)
	for _, x := range []struct {
		s *oidctest.Server
		p oidc.Provider
	}{{a, pa}, {b, pb}} {
		if _, err := v.Verify(t.Context(), x.p, x.s.Token(client, now, nil), now); err != nil {
			t.Fatal(err)
		}
	}
	forged := b.Token(client, now, map[string]any{"iss": pa.URL}) // both keys are called key-1
	_, err := v.Verify(t.Context(), pa, forged, now)
	refused(t, err, oidc.CodeInvalidIdentityToken, "Provided Token signature is invalid")
}

func TestKeysAreKeptAndRenewed(t *testing.T) {
	t.Parallel()
	s, p, v := start(t)
	verify := func(token string, at time.Time) error {
		_, err := v.Verify(t.Context(), p, token, at)
		return err
	}
	asked := func(want int64) {
		t.Helper()
		if got := s.Requests.Load(); got != want {
			t.Errorf("asked the provider %d times, want %d", got, want)
		}
	}
	s.CacheControl("public, max-age=600")
	old := s.Token(client, now, nil)
	for range 5 {
		if err := verify(old, now); err != nil {
			t.Fatal(err)
		}
	}
	asked(2) // discovery and keys

	s.Rotate(jose.RS256, true)
	renewed := s.Token(client, now, nil)
	refused(t, verify(renewed, now.Add(59*time.Second)), oidc.CodeInvalidIdentityToken, noKey)
	asked(2)
	if err := verify(renewed, now.Add(time.Minute)); err != nil {
		t.Error(err)
	}
	asked(4)
	if err := verify(old, now.Add(time.Minute)); err != nil {
		t.Error(err)
	}

	// A key that is taken away is believed until what was kept is over.
	s.Rotate(jose.RS256, false)
	if err := verify(old, now.Add(10*time.Minute)); err != nil {
		t.Error(err)
	}
	refused(t, verify(old, now.Add(11*time.Minute)), oidc.CodeInvalidIdentityToken, noKey)
	asked(6)

	// An invented key id and a provider in trouble do not shut the others out.
	s.Configure(func(s *oidctest.Server) {
		s.Handler = func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		}
	})
	at := now.Add(13 * time.Minute)
	refused(t, verify(renewed, at), oidc.CodeInvalidIdentityToken, noKey)
	asked(7)
	if err := verify(s.Token(client, at, nil), at); err != nil {
		t.Error(err)
	}
	// Once the keys are too old, the trouble shows, and is not asked for again at once.
	at = now.Add(time.Hour)
	for range 3 {
		refused(t, verify(s.Token(client, at, nil), at), oidc.CodeCommunication, "")
	}
	asked(8)
	s.Configure(func(s *oidctest.Server) { s.Handler = nil })
	at = at.Add(5 * time.Second)
	if err := verify(s.Token(client, at, nil), at); err != nil {
		t.Error(err)
	}
}

func TestManyAskOnce(t *testing.T) {
	t.Parallel()
	s, p, v := start(t)
	token := s.Token(client, now, nil)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, err := v.Verify(t.Context(), p, token, now); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := s.Requests.Load(); got != 2 {
		t.Errorf("asked the provider %d times", got)
	}
}

func TestCallerMayGiveUp(t *testing.T) {
	t.Parallel()
	s, p, v := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	token := s.Token(client, now, nil)
	s.Configure(func(s *oidctest.Server) {
		s.Handler = func(http.ResponseWriter, *http.Request) bool { cancel(); <-release; return false }
	})
	_, err := v.Verify(ctx, p, token, now)
	close(release)
	refused(t, err, oidc.CodeCommunication, "")
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestCheckURL(t *testing.T) {
	t.Parallel()
	for url, ok := range map[string]bool{
		"https://token.actions.githubusercontent.com":         true,
		"https://tenant.auth0.com/":                           true,
		"https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE": true,
		"https://keycloak.internal:8443/realms/main":          true,
		"http://example.com":                                  false,
		"example.com":                                         false,
		"https://":                                            false,
		"https://user@example.com":                            false,
		"https://example.com/?a=b":                            false,
		"https://example.com/#":                               false,
		"https://example.com/" + strings.Repeat("a", 236):     false,
		"https://example.com\x00":                             false,
	} {
		if err := oidc.CheckURL(url); (err == nil) != ok {
			t.Errorf("%q: %v", url, err)
		}
	}
}

// published answers for a provider without a server: a fuzzer's worker
// processes must agree on its address and on its key.
type published map[string][]byte

func (p published) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(p[r.URL.Path])), Request: r}, nil
}

func FuzzToken(f *testing.F) {
	text, err := os.ReadFile("testdata/provider.pem")
	if err != nil {
		f.Fatal(err)
	}
	block, _ := pem.Decode(text)
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		f.Fatal(err)
	}
	key := parsed.(*rsa.PrivateKey)
	p := oidc.Provider{URL: "https://idp.example.com", ClientIDs: []string{client}}
	discovery, err := oidc.Discovery(p.URL)
	if err != nil {
		f.Fatal(err)
	}
	set, err := oidc.JWKS([]oidc.PublicKey{{ID: "k", Algorithm: oidc.RS256, Key: key.Public()}})
	if err != nil {
		f.Fatal(err)
	}
	v := &oidc.Verifier{HTTPClient: &http.Client{Transport: published{oidc.DiscoveryPath: discovery, oidc.JWKSPath: set}}}
	claims := map[string]any{"iss": p.URL, "sub": "alice", "aud": client, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()}
	good, err := oidc.Sign(claims, key, "k", oidc.RS256)
	if err != nil {
		f.Fatal(err)
	}
	if _, err := v.Verify(f.Context(), p, good, now); err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(oidctest.Sign([]byte("01234567890123456789012345678901"), jose.HS256, nil, claims))
	f.Add(oidctest.SignPayload(key, jose.RS256, map[jose.HeaderKey]any{"kid": "k"}, []byte(`{"iss":"`+p.URL+`","exp":1e400}`)))
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Fuzz(func(t *testing.T, token string) {
		_, _ = oidc.UnverifiedIssuer(token)
		// RSA as JWTs have it signs one claim set in one way.
		if _, err := v.Verify(t.Context(), p, token, now); err == nil && token != good {
			t.Errorf("believed %q", token)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	for _, alg := range []jose.SignatureAlgorithm{jose.RS256, jose.ES256} {
		b.Run(string(alg), func(b *testing.B) {
			s, p, v := start(b)
			s.Rotate(alg, false)
			token := s.Token(client, now, nil)
			for b.Loop() {
				if _, err := v.Verify(b.Context(), p, token, now); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
