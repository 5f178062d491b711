package sigv4

import (
	"crypto/sha256"
	"encoding/base64"
)

// Code names the kind of failure, in the spelling of the Query protocol. The
// gateway maps it to each protocol's own spelling and status
// (reference/behaviours.md 2.5).
type Code string

const (
	// MissingAuthenticationToken is for a request that carries no Signature Version 4.
	MissingAuthenticationToken Code = "MissingAuthenticationToken"
	// IncompleteSignature is for a signature that is there but malformed.
	IncompleteSignature Code = "IncompleteSignature"
	// SignatureDoesNotMatch is for what is well formed, and wrong in signature, scope
	// or time.
	SignatureDoesNotMatch Code = "SignatureDoesNotMatch"
	// MalformedInput is for a request target that is not a valid URL (control
	// characters, a broken percent triplet, beyond the size limits). AWS answers
	// such a request with a bare HTTP 400.
	MalformedInput Code = "MalformedInput"
)

// Error is the only kind of error that this package returns. Its message is
// meant for the caller: it names nothing secret, and what it repeats from the
// request is bounded.
type Error struct {
	Code    Code
	Message string
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

func incomplete(message string) *Error { return &Error{IncompleteSignature, message} }

func malformed(message string) *Error { return &Error{MalformedInput, message} }

func mismatch(message string) *Error { return &Error{SignatureDoesNotMatch, message} }

// Messages that AWS is known to send; the remaining texts stand where they are used.
const (
	msgMissing  = "Request is missing Authentication Token"
	msgBoth     = "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."
	msgHost     = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
	msgMismatch = "The request signature we calculated does not match the signature you provided. " +
		"Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
	msgPayload = "The provided 'x-amz-content-sha256' header does not match what was computed."
)

// fingerprint stands for an Authorization header in a message. AWS once echoed
// the header itself, which put bearer tokens meant for other servers into logs;
// it now shows this hash, enough to recognise the header one has sent.
func fingerprint(header string) string {
	sum := sha256.Sum256([]byte(header))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// clip bounds what a message repeats from the request.
func clip(s string) string {
	const limit = 256
	if len(s) > limit {
		return s[:limit] + "…"
	}
	return s
}
