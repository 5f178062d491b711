// Package secret has the types in which secrets travel: they do not print, do
// not marshal, and compare in constant time. Whoever needs the value itself
// says so by calling Reveal, which makes every such place easy to find.
package secret

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
)

const redacted = "[secret]"

// String is a secret text. The zero value is "no secret". Compare with Equal:
// two Strings of the same text are not == to each other.
type String struct {
	// A pointer, because fmt cannot call methods of unexported fields and goes
	// past methods for wrong verbs: it then prints what it finds, an address.
	v *string
}

// NewString wraps v.
func NewString(v string) String {
	if v == "" {
		return String{}
	}
	return String{&v}
}

// Reveal returns the secret itself.
func (s String) Reveal() string {
	if s.v == nil {
		return ""
	}
	return *s.v
}

// Empty reports whether there is no secret.
func (s String) Empty() bool { return s.v == nil }

// Equal compares in time that depends on lengths only.
func (s String) Equal(t String) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(t.Reveal())) == 1
}

// Hash is the SHA-256 of the secret in lower-case hex: what is stored for
// tokens of 128 random bits and more, which need no slow hash.
func (s String) Hash() string {
	h := sha256.Sum256([]byte(s.Reveal()))
	return hex.EncodeToString(h[:])
}

// String, GoString, Format, LogValue, MarshalText and MarshalJSON keep the
// value out of logs, errors and encodings.
func (s String) String() string { return redacted }

// GoString hides the value from %#v.
func (s String) GoString() string { return redacted }

// Format hides the value from every verb.
func (s String) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// LogValue hides the value from slog.
func (s String) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText hides the value from text encodings.
func (s String) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// UnmarshalText takes a secret from configuration.
func (s *String) UnmarshalText(b []byte) error { *s = NewString(string(b)); return nil }

// Token returns a new random secret of n bytes in unpadded base64url, with prefix.
// n is at least 16 (128 bits).
func Token(prefix string, n int) String {
	if n < 16 {
		panic("secret: a token needs 128 bits")
	}
	return NewString(prefix + base64.RawURLEncoding.EncodeToString(Random(n)))
}

// Random returns n random bytes.
func Random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand.Read crashes the program instead
	return b
}

// Pick returns n characters drawn evenly from alphabet, which has at most 256 one-byte characters.
func Pick(alphabet string, n int) string {
	out := make([]byte, 0, n)
	limit := 256 - 256%len(alphabet) // drop the tail that would favour the first characters
	for len(out) < n {
		for _, b := range Random(2 * n) {
			if int(b) < limit && len(out) < n {
				out = append(out, alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return string(out)
}
