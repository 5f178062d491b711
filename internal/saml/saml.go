// Package saml reads what a SAML 2.0 identity provider says: its metadata, and
// the signed responses with which people come to assume a role.
//
// It owns the question whether a response may be believed: its signature, its
// form, its times, for whom it is meant; and it reads AWS's attributes out of
// it. Every value that it hands out is read from the bytes that a signature
// covered, never from the document that arrived, and a document that two
// readers could take for two different things is refused before anything is
// read from it.
//
// It leaves to others: which provider belongs to an account, whether a role
// trusts it, and that an assertion is used once (by Assertion.ID, which is to
// be remembered until Assertion.NotOnOrAfter).
package saml

import (
	"crypto/x509"
	"time"
)

// The error codes of AssumeRoleWithSAML (behaviours.md 4.3, 4.9). All are HTTP
// 400 but IDPRejectedClaim and AccessDenied, which are 403.
const (
	CodeInvalidIdentityToken = "InvalidIdentityToken"
	CodeInvalidResponse      = "AuthSamlInvalidSamlResponseException"
	CodeExpired              = "ExpiredTokenException"
	CodeRejected             = "IDPRejectedClaim"
	CodeAccessDenied         = "AccessDenied"
	CodeInvalidInput         = "InvalidInput" // of metadata, an IAM code
)

// Error says why a response or a metadata document was refused, in AWS's code
// and words.
type Error struct {
	Code    string
	Message string // may be shown to whoever sent the document
	cause   string // for the operator's log only: which check failed
}

// Error is the text for logs: the public words and the private cause.
func (e *Error) Error() string {
	s := e.Code + ": " + e.Message
	if e.cause != "" {
		s += " (" + e.cause + ")"
	}
	return s
}

// Cause says which check failed, without any value of the document; "" when
// the message says it already.
func (e *Error) Cause() string { return e.cause }

// Metadata is what an identity provider's metadata document says of it.
type Metadata struct {
	// EntityID is the name under which the provider issues responses.
	EntityID string
	// Certificates hold the keys that may sign: 1-10, each RSA of 1024 bits or
	// more. Their dates are not looked at, as AWS does not.
	Certificates []*x509.Certificate
	// ValidUntil ends the document's validity; zero when it does not say.
	ValidUntil time.Time
	// SingleSignOn are the places where a sign-in begins, in the document's order.
	SingleSignOn []Endpoint
	// NameIDFormats are the subject formats that the provider says it issues.
	NameIDFormats []string
}

// Endpoint is a place that takes SAML messages.
type Endpoint struct{ Binding, Location string }

// Assertion is what a verified response says. All of it was signed.
type Assertion struct {
	// ID names the assertion uniquely at its issuer; whoever accepts it
	// remembers the pair until NotOnOrAfter, and refuses it a second time.
	ID     string
	Issuer string
	// InResponseTo is the id of the request that this answers; "" when the
	// provider began.
	InResponseTo string

	Subject         string // the NameID
	SubjectFormat   string // its format URI; "" when it has none
	NameQualifier   string // as the provider gave it; the one of AWS is made by NameQualifier
	SPNameQualifier string

	Audience  string // the audience that matched
	Recipient string // where the response was to be sent: AWS's "Audience" and saml:aud

	// Attributes are the values by attribute name, in document order. A value
	// that is not plain text is left out.
	Attributes map[string][]string

	IssuedAt time.Time
	// NotOnOrAfter is when the assertion can no longer be used.
	NotOnOrAfter time.Time
	// SessionNotOnOrAfter bounds a session begun with it; zero when not said.
	SessionNotOnOrAfter time.Time
	// Encrypted says that the assertion came encrypted.
	Encrypted bool
}
