// Package oidc reads OpenID Connect ID tokens for AssumeRoleWithWebIdentity and
// signs the web identity tokens that we issue ourselves.
//
// It owns the question whether a token may be believed: how an identity
// provider's keys are found, fetched within bounds, kept and renewed; which
// algorithms and headers a token may have; its times, issuer and audience.
//
// It leaves to others: which providers an account has registered, whether a
// role trusts the token, and where our own signing keys are kept.
package oidc

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The error codes (behaviours.md 4.4, 4.9); all are HTTP 400.
const (
	CodeInvalidIdentityToken = "InvalidIdentityToken"
	CodeExpired              = "ExpiredTokenException"
	CodeCommunication        = "IDPCommunicationError" // may work when tried again
	CodeInvalidInput         = "InvalidInput"          // of CheckURL, an IAM code
	CodeProviderUnreachable  = "OpenIdIdpCommunicationError"
)

// Error says why a token was refused, in AWS's code and words.
type Error struct {
	Code    string
	Message string // may be shown to whoever sent the token
	cause   error  // for the operator's log only
}

// Error is the text for logs: the public words and the private cause.
func (e *Error) Error() string {
	s := e.Code + ": " + e.Message
	if e.cause != nil {
		s += " (" + e.cause.Error() + ")"
	}
	return s
}

// Unwrap returns the private cause.
func (e *Error) Unwrap() error { return e.cause }

// Provider is an identity provider as an account has registered it.
type Provider struct {
	// URL is the issuer: https, and letter for letter what tokens have as iss.
	URL string
	// ClientIDs are the audiences that tokens may be for.
	ClientIDs []string
	// Thumbprints are SHA-1 hashes, 40 hex digits, of certificates in the chains
	// of the provider's servers. They count only where the system's certificate
	// authorities do not vouch for a server.
	Thumbprints []string
}

const maxURL = 255 // characters (behaviours.md 1.4)

// CheckURL refuses a URL that cannot be an issuer: https, at most 255
// characters, a host, no user, query or fragment. AWS allows no port; we do,
// because who runs their own identity systems runs them on ports
// (behaviours.md 5.10).
func CheckURL(issuer string) error {
	u, err := url.Parse(issuer)
	if err != nil || len(issuer) > maxURL || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Opaque != "" ||
		strings.ContainsAny(issuer, "?#") {
		return &Error{CodeInvalidInput, "Invalid Open ID Connect Provider URL", err}
	}
	return nil
}

// Name is the provider's host and path, as ARNs and condition keys have it.
func (p Provider) Name() string { return strings.TrimPrefix(p.URL, "https://") }

// Claims is what a verified token says.
type Claims struct {
	Issuer  string
	Subject string // 1-255 characters
	// ClientID is the registered client id that the token is for: AWS's
	// "Audience" and condition key aud. It is azp if that is registered, else
	// the first of Audience that is.
	ClientID        string
	AuthorizedParty string   // azp
	Audience        []string // aud as it stands in the token
	AMR             []string // how the person was authenticated
	Expiry          time.Time
	IssuedAt        time.Time
	// PrincipalTags and TransitiveTagKeys are the session tags of the claim
	// https://aws.amazon.com/tags.
	PrincipalTags     map[string]string
	TransitiveTagKeys []string
	SourceIdentity    string
	// Raw is every claim; numbers are float64.
	Raw map[string]any
}

// ConditionKeys returns what a trust policy can ask of the token: <host/path>:
// aud, sub, azp, amr and oaud, the token's own aud (behaviours.md 3.5).
func (c *Claims) ConditionKeys() map[string][]string {
	name := Provider{URL: c.Issuer}.Name()
	keys := map[string][]string{
		"aud":  {c.ClientID},
		"sub":  {c.Subject},
		"oaud": c.Audience,
		"amr":  c.AMR,
	}
	if c.AuthorizedParty != "" {
		keys["azp"] = []string{c.AuthorizedParty}
	}
	out := make(map[string][]string, len(keys))
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		if len(keys[k]) > 0 {
			out[name+":"+k] = keys[k]
		}
	}
	return out
}
