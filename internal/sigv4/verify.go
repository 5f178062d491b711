package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
)

const unsignedPayload = "UNSIGNED-PAYLOAD"

// emptySHA256 is the hash of no bytes.
var emptySHA256 = sha256.Sum256(nil)

// Payload is what Verify needs to know about the body.
type Payload struct {
	// SHA256 of the body that was received, whole.
	SHA256 [sha256.Size]byte
	// AllowUnsigned accepts UNSIGNED-PAYLOAD for a body that is not empty. The
	// body is then not covered: whoever sees the request can put another in its
	// place. No operation of IAM, STS or Identity Center asks for it.
	AllowUnsigned bool
}

// HashPayload returns the Payload of a body, nil for none.
func HashPayload(body []byte) Payload { return Payload{SHA256: sha256.Sum256(body)} }

// Verify tells whether key signed the request with that body. Any doubt is
// refused with SignatureDoesNotMatch. The signature is compared in constant time.
//
// The body's hash is the one given here. x-amz-content-sha256, when sent, must
// equal it; or be UNSIGNED-PAYLOAD, which is accepted when the body is empty or
// Payload.AllowUnsigned is set. A presigned request without that header may
// have either, under the same condition, because signers differ.
func (s *Signature) Verify(key SigningKey, body Payload) error {
	var hash [2 * sha256.Size]byte
	hex.Encode(hash[:], body.SHA256[:])
	mayBeUnsigned := body.AllowUnsigned || body.SHA256 == emptySHA256

	trySigned, tryUnsigned := true, false
	switch {
	case s.contentSHA256 == unsignedPayload:
		if !mayBeUnsigned {
			return mismatch("x-amz-content-sha256 UNSIGNED-PAYLOAD is not accepted for a request with a body.")
		}
		trySigned, tryUnsigned = false, true
	case s.contentSHA256 != "":
		if s.contentSHA256 != string(hash[:]) {
			return mismatch(msgPayload)
		}
	case s.Presigned:
		tryUnsigned = mayBeUnsigned
	}

	if trySigned && s.matchesAny(key, hash[:]) {
		return nil
	}
	if tryUnsigned && s.matchesAny(key, []byte(unsignedPayload)) {
		return nil
	}
	return mismatch(msgMismatch)
}

// matchesAny tries the documented form first and then, only where they would
// differ from it, the other forms that the package comment lists.
func (s *Signature) matchesAny(key SigningKey, payloadHash []byte) bool {
	if s.matches(key, form{}, payloadHash) {
		return true
	}
	differsAsSent := s.differsAsSent()
	if differsAsSent && s.matches(key, form{asSent: true}, payloadHash) {
		return true
	}
	if !s.Presigned || s.SecurityToken == "" {
		return false
	}
	return s.matches(key, form{withoutToken: true}, payloadHash) ||
		differsAsSent && s.matches(key, form{asSent: true, withoutToken: true}, payloadHash)
}

// differsAsSent tells whether form.asSent makes a difference to this request.
func (s *Signature) differsAsSent() bool {
	if !isNormalPath(s.req.Path) {
		return true
	}
	for _, name := range s.SignedHeaders {
		for _, value := range s.values(name) {
			if strings.IndexByte(value, '\t') >= 0 {
				return true
			}
		}
	}
	return false
}

func (s *Signature) matches(key SigningKey, f form, payloadHash []byte) bool {
	var room [2048]byte // most requests; append goes to the heap for the rest
	canonical := sha256.Sum256(s.appendCanonical(room[:0], f, payloadHash))

	// One buffer for what the hash.Hash interface makes escape: key, text, sum.
	b := append(make([]byte, 0, 256), key.key[:]...)
	h := hmac.New(sha256.New, b)
	b = s.appendStringToSign(b[:0], canonical)
	h.Write(b)
	var want, got [2 * sha256.Size]byte
	hex.Encode(want[:], h.Sum(b[:0]))
	// Compared as text, so that upper-case digits are a different signature.
	n := copy(got[:], s.signature)
	return n == len(s.signature) && subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

func (s *Signature) appendStringToSign(b []byte, canonical [sha256.Size]byte) []byte {
	b = append(b, algorithm...)
	b = append(b, '\n')
	b = append(b, s.timestamp...)
	b = append(b, '\n')
	b = append(b, s.scope...)
	b = append(b, '\n')
	return hex.AppendEncode(b, canonical[:])
}
