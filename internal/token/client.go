package token

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/fxamacker/cbor/v2"

	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/secret"
)

// ScopeAccountAccess lets a client list the person's accounts and roles and get
// temporary credentials for them. It is the only scope there is so far.
const ScopeAccountAccess = "sso:account:access"

// Grant types as registrations and token requests name them.
const (
	GrantDeviceCode        = "urn:ietf:params:oauth:grant-type:device_code"
	GrantAuthorizationCode = "authorization_code"
	GrantRefreshToken      = "refresh_token"
)

// OAuth error codes: the reasons of the faults that this package returns
// (RFC 6749 5.2, RFC 8628 3.5).
const (
	AuthorizationPending   = "authorization_pending"
	AccessDenied           = "access_denied"
	ExpiredToken           = "expired_token"
	InvalidClient          = "invalid_client"
	InvalidGrant           = "invalid_grant"
	InvalidRedirectURI     = "invalid_redirect_uri"
	InvalidRequest         = "invalid_request"
	InvalidScope           = "invalid_scope"
	SlowDown               = "slow_down"
	UnauthorizedClient     = "unauthorized_client"
	UnsupportedGrantType   = "unsupported_grant_type"
	InvalidClientMetadata  = "invalid_client_metadata"
	maxRegistrationStrings = 10
)

// Client is a registered OAuth client. The registration is not stored: the
// client id is the registration, sealed, so that no server can forget it
// (clients keep theirs for 90 days and have no way to notice that it is gone).
type Client struct {
	ID           string    `cbor:"-"`
	Name         string    `cbor:"1,keyasint"` // at most 256 bytes, chosen by the client: never trust it
	Scopes       []string  `cbor:"2,keyasint,omitempty"`
	RedirectURIs []string  `cbor:"3,keyasint,omitempty"`
	GrantTypes   []string  `cbor:"4,keyasint,omitempty"` // empty: device code and, with scopes, refresh
	Issuer       string    `cbor:"5,keyasint,omitempty"` // the start URL, in any of its spellings
	IssuedAt     time.Time `cbor:"6,keyasint"`
	ExpiresAt    time.Time `cbor:"7,keyasint"`
	Nonce        []byte    `cbor:"8,keyasint"`
}

// Key is what rows know the client by.
func (c Client) Key() string { return secret.NewString(c.ID).Hash() }

// Refreshable reports whether grants of this client come with refresh tokens:
// AWS gives them to registrations with scopes (behaviours.md 7.4).
func (c Client) Refreshable() bool {
	return len(c.Scopes) > 0 || slices.Contains(c.GrantTypes, GrantRefreshToken)
}

// Clients makes and reads registrations.
type Clients struct{ Ring *keys.Ring }

// Register fills in id and times and returns the client with its secret. The
// faults' reasons are OAuth error codes.
func (cs Clients) Register(c Client, now time.Time) (Client, secret.String, error) {
	switch {
	case !validClientName(c.Name):
		return c, secret.String{}, fault.New(fault.Invalid, InvalidClientMetadata,
			"The client name must be 1 to 256 bytes long, have a letter or digit, and no control or invisible characters.")
	case len(c.RedirectURIs) > maxRegistrationStrings || len(c.GrantTypes) > maxRegistrationStrings || len(c.Scopes) > maxRegistrationStrings:
		return c, secret.String{}, fault.New(fault.Invalid, InvalidClientMetadata, "A registration has at most %d scopes, grant types and redirect URIs each.", maxRegistrationStrings)
	case len(c.Issuer) > 512:
		return c, secret.String{}, fault.New(fault.Invalid, InvalidRequest, "The issuer URL is too long.")
	}
	if err := CheckScopes(c.Scopes); err != nil {
		return c, secret.String{}, err
	}
	for _, g := range c.GrantTypes {
		if g != GrantDeviceCode && g != GrantAuthorizationCode && g != GrantRefreshToken {
			return c, secret.String{}, fault.New(fault.Invalid, UnsupportedGrantType, "The grant types are %s, %s and %s.", GrantAuthorizationCode, GrantDeviceCode, GrantRefreshToken)
		}
	}
	for _, u := range c.RedirectURIs {
		if !validRedirectURI(u) {
			return c, secret.String{}, fault.New(fault.Invalid, InvalidRedirectURI, "A redirect URI must be https, or http on the loopback address, without user, query or fragment.")
		}
	}
	c.IssuedAt, c.ExpiresAt = now.Truncate(time.Second), now.Truncate(time.Second).Add(RegistrationLife)
	c.Nonce = secret.Random(8)
	raw, err := cbor.Marshal(c)
	if err != nil {
		return c, secret.String{}, err
	}
	c.ID = base64.RawURLEncoding.EncodeToString(cs.Ring.Seal(keys.ClientID, raw))
	return c, cs.secretOf(c), nil
}

// CheckScopes refuses scopes that there are not.
func CheckScopes(scopes []string) error {
	for _, s := range scopes {
		if s != ScopeAccountAccess {
			return fault.New(fault.Invalid, InvalidScope, "The only scope is %s.", ScopeAccountAccess)
		}
	}
	return nil
}

// validClientName keeps names that would mislead who is asked for consent: empty
// to the eye, or with characters that reorder or hide what stands around them.
func validClientName(s string) bool {
	hidden := func(r rune) bool { return unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) }
	visible := func(r rune) bool { return unicode.In(r, unicode.L, unicode.N) }
	return len(s) <= 256 && utf8.ValidString(s) && !strings.ContainsFunc(s, hidden) && strings.ContainsFunc(s, visible)
}

var errUnknownClient = fault.New(fault.Unauthenticated, InvalidClient, "The client is unknown, or its secret is wrong or expired. Register again.")

// maxClientID is above what the largest registration comes to.
const maxClientID = 10_240

// decode reads base64 as enc writes it and in no other spelling: line breaks and
// stray bits would make several texts of one seal.
func decode(enc *base64.Encoding, text string) ([]byte, bool) {
	raw, err := enc.Strict().DecodeString(text)
	return raw, err == nil && !strings.ContainsAny(text, "\r\n")
}

// Find reads the registration out of a client id. It proves nothing about who sent it.
func (cs Clients) Find(id string, now time.Time) (Client, error) {
	var c Client
	if len(id) > maxClientID {
		return c, errUnknownClient
	}
	sealed, ok := decode(base64.RawURLEncoding, id)
	if !ok {
		return c, errUnknownClient
	}
	raw, err := cs.Ring.Open(keys.ClientID, sealed)
	if err != nil {
		return c, errUnknownClient
	}
	if err := cbor.Unmarshal(raw, &c); err != nil {
		return c, errUnknownClient
	}
	c.ID = id
	if !now.Before(c.ExpiresAt) {
		return c, errUnknownClient
	}
	return c, nil
}

// Authenticate is Find for a client that also shows its secret.
func (cs Clients) Authenticate(id string, s secret.String, now time.Time) (Client, error) {
	c, err := cs.Find(id, now)
	if err != nil {
		return c, err
	}
	if len(s.Reveal()) > maxClientID {
		return c, errUnknownClient
	}
	sealed, ok := decode(base64.RawURLEncoding, s.Reveal())
	if !ok {
		return c, errUnknownClient
	}
	raw, err := cs.Ring.Open(keys.ClientSecret, sealed)
	if err != nil || !secret.NewString(string(raw)).Equal(secret.NewString(string(secretBody(c)))) {
		return c, errUnknownClient
	}
	return c, nil
}

func (cs Clients) secretOf(c Client) secret.String {
	return secret.NewString(base64.RawURLEncoding.EncodeToString(cs.Ring.Seal(keys.ClientSecret, secretBody(c))))
}

func secretBody(c Client) []byte {
	h := sha256.Sum256([]byte(c.ID))
	return binary.BigEndian.AppendUint64(h[:], uint64(c.ExpiresAt.Unix()))
}

// AllowsRedirect reports whether uri is one of the registered redirect URIs:
// the very same string, but for the port of a loopback address, which native
// clients choose late (RFC 8252 7.3, api-surface.md 0.6).
func (c Client) AllowsRedirect(uri string) bool {
	if !validRedirectURI(uri) {
		return false
	}
	return slices.ContainsFunc(c.RedirectURIs, func(registered string) bool {
		if uri == registered {
			return true
		}
		r, err := url.Parse(registered)
		if err != nil || !isLoopback(r) {
			return false
		}
		u, err := url.Parse(uri)
		// Comparing what is left after the port as text refuses every other spelling.
		return err == nil && isLoopback(u) && "http://"+u.Host+trimOrigin(registered, r) == uri && u.Hostname() == r.Hostname() && validPort(u)
	})
}

// validPort reports whether u has no port, or one that a client can listen on,
// written as one writes it.
func validPort(u *url.URL) bool {
	p := u.Port()
	n, err := strconv.ParseUint(p, 10, 16)
	return err == nil && n > 0 && p == strconv.FormatUint(n, 10) || p == "" && !strings.HasSuffix(u.Host, ":")
}

func trimOrigin(raw string, u *url.URL) string { return raw[len(u.Scheme+"://"+u.Host):] }

// LoopbackRedirect reports whether a redirect URI leads to the browser's own
// machine, and so to no site that somebody else runs.
func LoopbackRedirect(uri string) bool {
	u, err := url.Parse(uri)
	return err == nil && validRedirectURI(uri) && isLoopback(u)
}

func isLoopback(u *url.URL) bool {
	a, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "http" && err == nil && a.IsLoopback()
}

func validRedirectURI(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil || len(raw) > 512 || u.User != nil || u.Fragment != "" || u.RawQuery != "" || u.ForceQuery || u.Opaque != "" || u.Host == "" {
		return false
	}
	for i := range len(raw) {
		if raw[i] <= ' ' || raw[i] >= 0x7f || raw[i] == '#' || raw[i] == '\\' || raw[i] == '*' {
			return false
		}
	}
	return u.Scheme == "https" || isLoopback(u) || u.Scheme == "http" && u.Hostname() == "localhost"
}
