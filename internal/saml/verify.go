package saml

import (
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/beevik/etree"
)

const (
	minResponse   = 4
	maxResponse   = 100_000 // characters of base64 (behaviours.md 1.4)
	defaultWindow = 5 * time.Minute
	// maxSkew is how far a provider's clock may be ahead of ours. Nothing is
	// forgiven at the other end: an assertion expires to the second.
	maxSkew = time.Minute
)

const (
	statusSuccess = "urn:oasis:names:tc:SAML:2.0:status:Success"
	methodBearer  = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
	formatEntity  = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
)

// Verifier believes responses that are meant for one service provider.
type Verifier struct {
	// Recipients are our endpoints, one of which the response must be for.
	Recipients []string
	// Audiences are our names, one of which each audience restriction must have.
	Audiences []string
	// Window is how long after it was issued an assertion may be used; zero
	// means 5 minutes, as AWS has it.
	Window time.Duration
}

// Issuer returns who a response says it is from, to find the metadata with
// which to verify it. Nothing of it is verified yet.
func (v *Verifier) Issuer(responseBase64 string) (string, error) {
	root, err := response(responseBase64)
	if err != nil {
		return "", err
	}
	for _, e := range append([]*etree.Element{root}, children(root, nsAssertion, "Assertion")...) {
		if c := children(e, nsAssertion, "Issuer"); len(c) > 0 {
			if s, err := text(c[0]); err == nil && s != "" {
				return s, nil
			}
		}
	}
	return "", &Error{CodeInvalidIdentityToken, "Issuer is required in AuthnResponse", ""}
}

// Verify returns what a response (base64, 4-100,000 characters) of the provider
// that md describes says, if at time now it may be believed: the response or
// its assertion is signed by the provider, it holds exactly one assertion, with
// exactly one bearer confirmation, meant for us and not yet expired. An
// encrypted assertion is opened with one of the keys in decrypt, of which there
// are at most two.
//
// The error is an *Error (behaviours.md 4.3). It is the caller's part to use an
// assertion only once.
func (v *Verifier) Verify(md Metadata, responseBase64 string, now time.Time, decrypt ...*rsa.PrivateKey) (*Assertion, error) {
	root, err := response(responseBase64)
	if err != nil {
		return nil, err
	}
	if !md.ValidUntil.IsZero() && !now.Before(md.ValidUntil) {
		return nil, invalid("Response signature invalid", errors.New("metadata is past its validity"))
	}
	if err := status(root); err != nil {
		return nil, err
	}
	resp, err := signed(root, md.Certificates)
	if err != nil {
		return nil, invalid("Response signature invalid", err)
	}
	trusted := resp != nil
	if !trusted {
		resp = root // only to find the assertion in, which then has to be signed itself
	}
	a, err := assertionOf(resp, decrypt)
	if err != nil {
		return nil, invalid("Response signature invalid", err)
	}
	own, err := signed(a, md.Certificates)
	switch {
	case err != nil:
		return nil, invalid("Response signature invalid", err)
	case own != nil:
		a = own
	case !trusted:
		return nil, invalid("Response signature invalid", errors.New("neither response nor assertion is signed"))
	}
	if err := v.envelope(resp, md); err != nil {
		return nil, err
	}
	said, err := v.read(a, md, now)
	if err == nil {
		said.Encrypted = len(children(root, nsAssertion, "EncryptedAssertion")) > 0
	}
	return said, err
}

// response decodes a response and refuses what is not the plain form of one:
// one assertion, which is a child of the response, and signatures nowhere but
// on those two. With that, the element that a signature covers and the element
// that is read cannot be two (signature wrapping).
func response(encoded string) (*etree.Element, error) {
	if len(encoded) < minResponse || len(encoded) > maxResponse {
		return nil, invalid("Invalid base64 SAMLResponse", errors.New("length"))
	}
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, invalid("Invalid base64 SAMLResponse", nil)
	}
	root, err := tree(raw)
	if err == nil && (!is(root, nsProtocol, "Response") || attr(root, "Version") != "2.0" || attr(root, "ID") == "") {
		err = errors.New("not a SAML 2.0 response")
	}
	if err == nil {
		err = plain(root)
	}
	if err != nil {
		return nil, invalid("Invalid SAML response", err)
	}
	return root, nil
}

// plain checks where assertions and signatures stand in a response or in an
// assertion that was encrypted.
func plain(root *etree.Element) error {
	assertions := 0
	var walk func(e *etree.Element) error
	walk = func(e *etree.Element) error {
		for _, c := range e.ChildElements() {
			switch {
			case is(c, nsProtocol, "Response"):
				return errors.New("response inside of the response")
			case is(c, nsAssertion, "Assertion"), is(c, nsAssertion, "EncryptedAssertion"):
				if assertions++; e != root || assertions > 1 || !is(root, nsProtocol, "Response") {
					return errors.New("not exactly one assertion")
				}
			case is(c, nsSignature, "Signature"):
				if e != root && (e.Parent() != root || !is(e, nsAssertion, "Assertion")) {
					return errors.New("signature out of place")
				}
			}
			if err := walk(c); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(root)
}

// status reads whether the provider signed the person in. It may be unsigned:
// then it can only refuse.
func status(root *etree.Element) error {
	st, err := one(root, nsProtocol, "Status")
	if err == nil {
		st, err = one(st, nsProtocol, "StatusCode")
	}
	if err != nil {
		return invalid("Invalid SAML response", err)
	}
	if attr(st, "Value") != statusSuccess {
		return &Error{CodeRejected, "The identity provider rejected the authentication request", "status"}
	}
	return nil
}

// assertionOf returns the one assertion of a response, opened if it was encrypted.
func assertionOf(resp *etree.Element, keys []*rsa.PrivateKey) (*etree.Element, error) {
	if sealed := children(resp, nsAssertion, "EncryptedAssertion"); len(sealed) == 1 {
		raw, err := open(sealed[0], keys)
		if err != nil {
			return nil, err
		}
		a, err := tree(raw)
		if err != nil {
			return nil, err
		}
		if !is(a, nsAssertion, "Assertion") {
			return nil, errors.New("what was encrypted is not an assertion")
		}
		return a, plain(a)
	}
	return one(resp, nsAssertion, "Assertion")
}

// envelope checks what the response says beside its assertion. Where it is not
// signed this can refuse and nothing else.
func (v *Verifier) envelope(resp *etree.Element, md Metadata) error {
	if is := children(resp, nsAssertion, "Issuer"); len(is) > 0 {
		if err := issuer(resp, md); err != nil {
			return err
		}
	}
	if d := attr(resp, "Destination"); d != "" && !slices.Contains(v.Recipients, d) {
		return invalid("Response is not for this recipient", errors.New("Destination"))
	}
	return nil
}

// issuer checks that the one Issuer of e is the provider.
func issuer(e *etree.Element, md Metadata) error {
	other := &Error{CodeInvalidResponse, "Issuer not present in specified provider", e.Tag}
	is, err := one(e, nsAssertion, "Issuer")
	if err != nil {
		return other
	}
	name, err := text(is)
	if f := attr(is, "Format"); err != nil || name == "" || name != md.EntityID || f != "" && f != formatEntity {
		return other
	}
	return nil
}

// invalid makes the error that most failures are.
func invalid(message string, cause error) *Error {
	e := &Error{Code: CodeInvalidIdentityToken, Message: message}
	if cause != nil {
		e.cause = cause.Error()
	}
	return e
}

// expired makes the error of an assertion that is past its time.
func expired(format string, args ...any) *Error {
	return &Error{Code: CodeExpired, Message: fmt.Sprintf(format, args...)}
}
