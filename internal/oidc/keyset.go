package oidc

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	minKeep     = 5 * time.Minute // for which keys are kept at least
	defaultKeep = time.Hour       // when the provider does not say
	maxKeep     = 24 * time.Hour
	// renewEvery is how often a token with an unknown key id may make us ask
	// again: providers rotate keys, and anybody can invent a key id.
	renewEvery = time.Minute
	// failFor is how long a failure stands, so that a flood of tokens does not
	// become a flood of requests to a provider in trouble.
	failFor      = 5 * time.Second
	maxProviders = 1000 // key sets kept
	maxKeys      = 100  // of one provider
	minRSABits   = 2048
	maxRSABits   = 8192 // checking a signature takes time that grows with the key
)

// keys returns the provider's keys that may have signed t.
func (v *Verifier) keys(ctx context.Context, p Provider, t *token, now time.Time) ([]jose.JSONWebKey, error) {
	set, err := v.keySet(ctx, p, now, func(s *keySet) bool { return now.Before(s.expires) })
	if err != nil {
		return nil, err
	}
	found := set.candidates(t)
	if len(found) == 0 && !now.Before(set.fetched.Add(renewEvery)) {
		if set, err = v.keySet(ctx, p, now, func(s *keySet) bool { return now.Before(s.fetched.Add(renewEvery)) }); err != nil {
			return nil, err
		}
		found = set.candidates(t)
	}
	if len(found) == 0 {
		return nil, unavailable(errors.New("no key with that id and algorithm"))
	}
	return found, nil
}

// keySet returns the provider's keys, from memory if good says so.
func (v *Verifier) keySet(ctx context.Context, p Provider, now time.Time, good func(*keySet) bool) (*keySet, error) {
	// Thumbprints are part of the name: what one account trusts to fetch keys
	// with must not serve another.
	name := p.URL + " " + strings.ToLower(strings.Join(p.Thumbprints, " "))
	if s := v.cached(name, good); s != nil {
		return s, s.err
	}
	done := v.flight.DoChan(name, func() (any, error) {
		if s := v.cached(name, good); s != nil {
			return s, nil // another flight has just landed
		}
		// Others wait for the same answer: it does not end with our caller.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*fetchTimeout)
		defer cancel()
		return v.keep(name, v.fetch(ctx, p, now)), nil
	})
	select {
	case r := <-done:
		s := r.Val.(*keySet)
		return s, s.err
	case <-ctx.Done():
		return nil, &Error{CodeCommunication, "An error occurred while communicating with the identity provider", ctx.Err()}
	}
}

func (v *Verifier) cached(name string, good func(*keySet) bool) *keySet {
	v.mu.Lock()
	defer v.mu.Unlock()
	if s := v.sets[name]; s != nil && good(s) {
		return s
	}
	return nil
}

// keep remembers a set, in place of the oldest if there are too many, and
// returns what is kept: a failure does not displace keys that are still good,
// or an invented key id and a provider in trouble would shut everybody out.
func (v *Verifier) keep(name string, s *keySet) *keySet {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.sets == nil {
		v.sets = map[string]*keySet{}
	}
	if _, there := v.sets[name]; !there && len(v.sets) >= maxProviders {
		oldest := ""
		for n, s := range v.sets {
			if oldest == "" || s.fetched.Before(v.sets[oldest].fetched) {
				oldest = n
			}
		}
		delete(v.sets, oldest)
	}
	if old := v.sets[name]; s.err != nil && old != nil && old.err == nil && s.fetched.Before(old.expires) {
		s = &keySet{keys: old.keys, fetched: s.fetched, expires: old.expires}
	}
	v.sets[name] = s
	return s
}

// fetch asks the provider for its keys: the discovery document, then the key set.
func (v *Verifier) fetch(ctx context.Context, p Provider, now time.Time) *keySet {
	keys, header, err := v.fetchKeys(ctx, p, now)
	if err != nil {
		return &keySet{err: err, fetched: now, expires: now.Add(failFor)}
	}
	return &keySet{keys: keys, fetched: now, expires: now.Add(maxAge(header))}
}

func (v *Verifier) fetchKeys(ctx context.Context, p Provider, now time.Time) ([]jose.JSONWebKey, http.Header, error) {
	if err := CheckURL(p.URL); err != nil {
		return nil, nil, unavailable(err)
	}
	// OpenID Connect Discovery 4: a final slash is taken off first.
	raw, _, err := v.get(ctx, p, strings.TrimSuffix(p.URL, "/")+DiscoveryPath, now)
	if err != nil {
		return nil, nil, err
	}
	var d struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, nil, unavailable(errors.New("discovery document is not JSON"))
	}
	if d.Issuer != p.URL {
		return nil, nil, unavailable(errors.New("discovery document is of another issuer"))
	}
	if u, err := url.Parse(d.JWKSURI); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, nil, unavailable(errors.New("jwks_uri"))
	}
	raw, header, err := v.get(ctx, p, d.JWKSURI, now)
	if err != nil {
		return nil, nil, err
	}
	keys, err := parseKeys(raw)
	if err != nil {
		return nil, nil, unavailable(err)
	}
	return keys, header, nil
}

// parseKeys reads a JWK set. Keys of kinds that sign no ID tokens are left out.
func parseKeys(raw []byte) ([]jose.JSONWebKey, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(raw, &set); err != nil {
		return nil, errors.New("key set is not JSON")
	}
	if len(set.Keys) > maxKeys {
		return nil, errors.New("too many keys")
	}
	var keys []jose.JSONWebKey
	for _, raw := range set.Keys {
		var k jose.JSONWebKey
		if k.UnmarshalJSON(raw) != nil || !k.IsPublic() || k.Use != "" && k.Use != "sig" || len(suits(k.Key)) == 0 {
			continue
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// suits returns the algorithms that a public key may be used with: none if it
// is of another kind, too weak, or so long that checking with it is an attack.
func suits(key any) []string {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if n := k.N.BitLen(); n < minRSABits || n > maxRSABits {
			return nil
		}
		return []string{"RS256", "RS384", "RS512"}
	case *ecdsa.PublicKey:
		switch k.Curve {
		case elliptic.P256():
			return []string{"ES256"}
		case elliptic.P384():
			return []string{"ES384"}
		case elliptic.P521():
			return []string{"ES512"}
		}
	}
	return nil
}

// candidates returns the keys that may have signed t: by id, kind and, where
// the key has one, algorithm. A token without a key id is good only while there
// is one key that it can mean.
func (s *keySet) candidates(t *token) []jose.JSONWebKey {
	var out []jose.JSONWebKey
	for _, k := range s.keys {
		if (t.keyID == "" || k.KeyID == t.keyID) && (k.Algorithm == "" || k.Algorithm == t.alg) && slices.Contains(suits(k.Key), t.alg) {
			out = append(out, k)
		}
	}
	if t.keyID == "" && len(out) > 1 {
		return nil
	}
	return out
}

// maxAge is how long a key set may be kept: what the provider says, within
// 5 minutes and 24 hours.
func maxAge(h http.Header) time.Duration {
	for directive := range strings.SplitSeq(strings.ToLower(h.Get("Cache-Control")), ",") {
		directive = strings.TrimSpace(directive)
		if directive == "no-store" || directive == "no-cache" {
			return minKeep
		}
		if s, ok := strings.CutPrefix(directive, "max-age="); ok {
			n, err := strconv.ParseInt(strings.Trim(s, `"`), 10, 32)
			if err != nil {
				return minKeep
			}
			return min(max(time.Duration(n)*time.Second, minKeep), maxKeep)
		}
	}
	return defaultKeep
}

// unavailable is the error of a provider that does not have what we need.
func unavailable(cause error) *Error {
	return &Error{CodeInvalidIdentityToken, "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements", cause}
}
