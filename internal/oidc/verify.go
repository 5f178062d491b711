package oidc

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/sync/singleflight"
)

const (
	maxSubject = 255
	// maxSkew is how far a provider's clock may be ahead of ours. Nothing is
	// forgiven at the other end: a token expires to the second.
	maxSkew = time.Minute
)

// Claims that AWS defines for session tags and source identity.
const (
	ClaimTags           = "https://aws.amazon.com/tags"
	ClaimSourceIdentity = "https://aws.amazon.com/source_identity"

	// The flattened form of the same, for providers that cannot issue objects.
	claimTagPrefix     = ClaimTags + "/principal_tags/"
	claimTransitiveTag = ClaimTags + "/transitive_tag_keys"
)

// Verifier verifies ID tokens and keeps the keys of their issuers in memory. The
// zero value works; one Verifier serves any number of callers at once.
type Verifier struct {
	// HTTPClient fetches discovery documents and keys. Nil means one of our own,
	// which knows thumbprints and does not connect to link-local addresses;
	// either way a fetch takes at most 5 seconds and 1 MiB and follows redirects
	// within a host only. Set it before the first use.
	HTTPClient *http.Client
	// Roots are the certificate authorities trusted for fetching; nil means the
	// system's. It has no effect on HTTPClient.
	Roots *x509.CertPool

	mu     sync.Mutex
	sets   map[string]*keySet
	flight singleflight.Group
}

// Verify returns what a token of provider p says, if at time now it may be
// believed: signed by a key that the provider publishes, issued by it, for one
// of its client ids, and not expired. The error is an *Error (behaviours.md 4.4).
func (v *Verifier) Verify(ctx context.Context, p Provider, token string, now time.Time) (*Claims, error) {
	t, err := parse(token)
	if err != nil {
		return nil, err
	}
	unverified, err := decode(t.jws.UnsafePayloadWithoutVerification())
	if err != nil {
		return nil, err
	}
	iss, err := unverified.required("iss", maxURL)
	if err != nil {
		return nil, err
	}
	if iss != p.URL {
		return nil, &Error{CodeInvalidIdentityToken, "No OpenIDConnect provider found in your account for " + iss, nil}
	}
	keys, err := v.keys(ctx, p, t, now)
	if err != nil {
		return nil, err
	}
	var payload []byte
	err = errors.New("no key of that kind")
	for _, k := range keys {
		if payload, err = t.jws.Verify(k.Key); err == nil {
			break
		}
	}
	if err != nil {
		return nil, &Error{CodeInvalidIdentityToken, "Provided Token signature is invalid", err}
	}
	c, err := decode(payload)
	if err != nil {
		return nil, err
	}
	return read(c, p, now)
}

// read checks verified claims and takes what AWS reads out of them.
func read(c claims, p Provider, now time.Time) (*Claims, error) {
	out := &Claims{Issuer: p.URL, Raw: c}
	if err := times(c, now, out); err != nil {
		return nil, err
	}
	var err error
	if out.Subject, err = c.required("sub", maxSubject); err != nil {
		return nil, err
	}
	if out.AuthorizedParty, err = c.optional("azp"); err != nil {
		return nil, err
	}
	if out.Audience, err = c.list("aud"); err != nil {
		return nil, err
	}
	if out.AMR, err = c.list("amr"); err != nil {
		return nil, err
	}
	for _, id := range append([]string{out.AuthorizedParty}, out.Audience...) {
		if id != "" && slices.Contains(p.ClientIDs, id) {
			out.ClientID = id
			break
		}
	}
	if len(out.Audience) == 0 && out.AuthorizedParty == "" {
		return nil, &Error{CodeInvalidIdentityToken, "Missing a required claim: aud", nil}
	}
	if out.ClientID == "" {
		return nil, &Error{CodeInvalidIdentityToken, "Incorrect token audience", nil}
	}
	if out.SourceIdentity, err = c.optional(ClaimSourceIdentity); err != nil {
		return nil, err
	}
	if err := tags(c, out); err != nil {
		return nil, err
	}
	return out, nil
}

// times checks exp, which has to be there, iat and nbf.
func times(c claims, now time.Time, out *Claims) error {
	var at [3]int64
	for i, name := range []string{"exp", "iat", "nbf"} {
		var err error
		if at[i], err = c.seconds(name); err != nil {
			return err
		}
	}
	for i, name := range []string{"exp", "iat"} {
		if at[i] == 0 {
			return &Error{CodeInvalidIdentityToken, "Missing a required claim: " + name, nil}
		}
	}
	out.Expiry, out.IssuedAt = time.Unix(at[0], 0).UTC(), time.Unix(at[1], 0).UTC()
	if !now.Before(out.Expiry) {
		return &Error{CodeExpired, fmt.Sprintf("Token expired: current date/time %d must be before the expiration date/time %d", now.Unix(), at[0]), nil}
	}
	if latest := now.Add(maxSkew); time.Unix(at[1], 0).After(latest) || time.Unix(at[2], 0).After(latest) {
		return &Error{CodeInvalidIdentityToken, fmt.Sprintf("Token is not valid yet: current date/time %d", now.Unix()), nil}
	}
	return nil
}

// tags reads session tags in either form: an object, or claims that have the
// tag's key in their name.
func tags(c claims, out *Claims) error {
	bad := func(what string) error { return notJWT(fmt.Errorf("%s of %s", what, ClaimTags)) }
	out.PrincipalTags = map[string]string{}
	add := func(key string, v any) bool {
		values, ok := texts(v)
		if _, twice := out.PrincipalTags[key]; !ok || twice || key == "" || len(values) != 1 {
			return false
		}
		out.PrincipalTags[key] = values[0]
		return true
	}
	if v, there := c[ClaimTags]; there {
		o, ok := v.(map[string]any)
		if !ok {
			return bad("form")
		}
		if v, there := o["principal_tags"]; there {
			byKey, ok := v.(map[string]any)
			if !ok {
				return bad("principal_tags")
			}
			for k, v := range byKey {
				if !add(k, v) {
					return bad("principal_tags")
				}
			}
		}
		if v, there := o["transitive_tag_keys"]; there {
			if out.TransitiveTagKeys, ok = texts(v); !ok {
				return bad("transitive_tag_keys")
			}
		}
	}
	for name, v := range c {
		if key, ok := strings.CutPrefix(name, claimTagPrefix); ok && !add(key, v) {
			return bad("principal_tags")
		}
	}
	if v, there := c[claimTransitiveTag]; there {
		keys, ok := texts(v)
		if !ok {
			return bad("transitive_tag_keys")
		}
		out.TransitiveTagKeys = append(out.TransitiveTagKeys, keys...)
	}
	return nil
}

// keySet is what a provider publishes, or why it could not be had.
type keySet struct {
	keys    []jose.JSONWebKey
	err     error
	fetched time.Time
	expires time.Time
}
