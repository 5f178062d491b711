package credential

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"

	"sekisho/internal/credential/leaked"
	"sekisho/internal/secret"
)

// The length of passwords in Unicode code points (behaviours.md 6.6, K-19).
const (
	MinLength = 8
	MaxLength = 64
	// Remembered is how many of the last passwords cannot be used again, the
	// present one included (K-21).
	Remembered = 3
)

// symbols are the characters of the fourth class (K-20).
const symbols = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/"

// Violation is a rule that a new password breaks. Pages translate it.
type Violation string

// The rules of the Identity Center directory, which are Builder ID's too
// (behaviours.md 6.6, K-18 to K-22).
const (
	TooShort     Violation = "too-short"
	TooLong      Violation = "too-long"
	NoUpper      Violation = "no-upper"
	NoLower      Violation = "no-lower"
	NoDigit      Violation = "no-digit"
	NoSymbol     Violation = "no-symbol"
	BadCharacter Violation = "bad-character" // control characters, invalid UTF-8
	Common       Violation = "common"        // known from leaks, or one of them dressed up
	ContainsName Violation = "contains-name"
	Reused       Violation = "reused" // not found by Check, but by Hasher.NewPassword
)

// Subject is the person a password is for.
type Subject struct {
	UserName string
	Email    string
	Names    []string // given, family and display name
}

// Check returns every rule that p breaks, in the order above; none if it is a
// good password.
//
// Letters, digits and symbols are ASCII's, as AWS says it; other characters,
// spaces among them, are welcome and count towards the length. Passwords are
// compared and hashed as RFC 8265 prepares them (OpaqueString: Unicode
// normalization form C, every space a plain space), the profile made for what
// NIST SP 800-63B-4, 3.1.1.2 asks.
func Check(p secret.String, about Subject) []Violation {
	prepared, ok := prepare(p)
	if !ok {
		if p.Empty() {
			return []Violation{TooShort}
		}
		if len(p.Reveal()) > maxBytes {
			return []Violation{TooLong}
		}
		return []Violation{BadCharacter}
	}
	text := string(prepared)
	var out []Violation
	add := func(broken bool, v Violation) {
		if broken {
			out = append(out, v)
		}
	}
	n := utf8.RuneCountInString(text)
	add(n < MinLength, TooShort)
	add(n > MaxLength, TooLong)
	add(!strings.ContainsAny(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), NoUpper)
	add(!strings.ContainsAny(text, "abcdefghijklmnopqrstuvwxyz"), NoLower)
	add(!strings.ContainsAny(text, "0123456789"), NoDigit)
	add(!strings.ContainsAny(text, symbols), NoSymbol)
	add(leaked.Has(text), Common)
	add(containsName(text, about), ContainsName)
	return out
}

// minName is the shortest name that a password must not contain: anything
// shorter is contained by chance.
const minName = 4

// containsName reports whether text, in any case, has the person's user name,
// the local part of the address, or one of the names in it.
func containsName(text string, about Subject) bool {
	local, _, _ := strings.Cut(about.Email, "@")
	text = strings.ToLower(text)
	for _, name := range append([]string{about.UserName, about.Email, local}, about.Names...) {
		name = strings.ToLower(strings.TrimSpace(name))
		if utf8.RuneCountInString(name) >= minName && strings.Contains(text, name) {
			return true
		}
	}
	return false
}

// maxBytes bounds what is prepared at all: no password of MaxLength is longer.
const maxBytes = 4 * 4 * MaxLength

// prepare is the form in which passwords are hashed and compared. It is false
// for what cannot be a password: nothing, too much, invalid UTF-8, control
// characters.
func prepare(p secret.String) ([]byte, bool) {
	if len(p.Reveal()) > maxBytes || !utf8.ValidString(p.Reveal()) {
		return nil, false
	}
	b, err := precis.OpaqueString.Bytes([]byte(p.Reveal()))
	return b, err == nil
}
