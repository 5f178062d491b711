// Package oidctest is an OpenID Connect identity provider for tests: a TLS
// server with a discovery document and a key set, whose keys can be rotated and
// which can be told to misbehave.
package oidctest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Server is an identity provider. Verify its tokens with its Client, with its
// Thumbprint, or with its certificate among the roots.
type Server struct {
	*httptest.Server
	// Requests counts what was asked of it.
	Requests atomic.Int64

	mu      sync.Mutex
	keys    []jose.JSONWebKey // newest last; private
	serial  int
	Handler func(w http.ResponseWriter, r *http.Request) bool // may answer instead; set under Configure
	header  http.Header
}

// New starts a provider with one RSA key. Close it.
func New() *Server {
	s := &Server{header: http.Header{"Content-Type": {"application/json"}}}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes that clients refuse are what tests are about
	s.StartTLS()
	s.Rotate(jose.RS256, false)
	return s
}

// Issuer is its URL.
func (s *Server) Issuer() string { return s.URL }

// Thumbprint is the SHA-1 of its certificate, in hex.
func (s *Server) Thumbprint() string {
	h := sha1.Sum(s.Certificate().Raw)
	return hex.EncodeToString(h[:])
}

// Configure changes how it answers, while no request is served.
func (s *Server) Configure(f func(s *Server)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s)
}

// CacheControl sets the header of the answers.
func (s *Server) CacheControl(v string) {
	s.Configure(func(s *Server) { s.header.Set("Cache-Control", v) })
}

// Rotate makes a new key, with which tokens are signed from now on, and returns
// its id. The old ones stay published if keep is set.
func (s *Server) Rotate(alg jose.SignatureAlgorithm, keep bool) string {
	var key crypto.Signer
	var err error
	switch alg {
	case jose.ES256:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case jose.ES384:
		key, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case jose.ES512:
		key, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	default:
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	must(err)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	k := jose.JSONWebKey{Key: key, KeyID: fmt.Sprintf("key-%d", s.serial), Algorithm: string(alg), Use: "sig"}
	if !keep {
		s.keys = nil
	}
	s.keys = append(s.keys, k)
	return k.KeyID
}

// Publish adds a key to the key set without signing with it.
func (s *Server) Publish(k jose.JSONWebKey) {
	s.Configure(func(s *Server) { s.keys = append([]jose.JSONWebKey{k}, s.keys...) })
}

// Key is the key that signs.
func (s *Server) Key() jose.JSONWebKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keys[len(s.keys)-1]
}

// Claims are those of a good token for client at time now, for an hour, with
// more on top; a nil in more takes a claim away.
func (s *Server) Claims(client string, now time.Time, more map[string]any) map[string]any {
	c := map[string]any{"iss": s.URL, "sub": "repo:octo/hello:ref:refs/heads/main", "aud": client, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()}
	maps.Copy(c, more)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

// Token signs the claims of Claims.
func (s *Server) Token(client string, now time.Time, more map[string]any) string {
	k := s.Key()
	return Sign(k.Key, jose.SignatureAlgorithm(k.Algorithm), map[jose.HeaderKey]any{"kid": k.KeyID, "typ": "JWT"}, s.Claims(client, now, more))
}

// Sign signs claims with whatever key, algorithm and header.
func Sign(key any, alg jose.SignatureAlgorithm, header map[jose.HeaderKey]any, claims any) string {
	payload, err := json.Marshal(claims)
	must(err)
	return SignPayload(key, alg, header, payload)
}

// SignPayload signs any bytes.
func SignPayload(key any, alg jose.SignatureAlgorithm, header map[jose.HeaderKey]any, payload []byte) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, &jose.SignerOptions{ExtraHeaders: header})
	must(err)
	jws, err := signer.Sign(payload)
	must(err)
	token, err := jws.CompactSerialize()
	must(err)
	return token
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.Requests.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(w.Header(), s.header)
	if s.Handler != nil && s.Handler(w, r) {
		return
	}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": s.URL, "jwks_uri": s.URL + "/keys"})
	case "/keys":
		set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
		for _, k := range s.keys {
			set.Keys = append(set.Keys, k.Public())
		}
		_ = json.NewEncoder(w).Encode(set)
	default:
		http.NotFound(w, r)
	}
}

// must stops a test whose own tools are broken.
func must(err error) {
	if err != nil {
		panic("oidctest: " + err.Error())
	}
}
