package credential

import (
	"strings"
	"unicode/utf8"

	"sekisho/internal/secret"
)

// The bounds of what an account may ask of its IAM users' passwords
// (behaviours.md 5.3).
const (
	MaxIAMLength  = 128
	MaxRemembered = 24
)

// More rules of passwords, which only IAM users' have.
const (
	TooFewClasses Violation = "too-few-classes" // fewer than three of the four
	IsAccountName Violation = "is-account-name" // or the account's e-mail address
	Unchanged     Violation = "unchanged"       // the present password, where another one is wanted
)

// iamSymbols are the characters that IAM counts as symbols.
const iamSymbols = "!@#$%^&*()_+-=[]{}|'"

// Policy is what an account asks of its IAM users' passwords.
type Policy struct {
	MinLength                   int // 6 to 128 Unicode code points
	Upper, Lower, Digit, Symbol bool
	// Classes is how many of the four classes there must be at least.
	Classes int
	// NotAccount refuses the account's name and e-mail address.
	NotAccount bool
}

// DefaultPolicy holds where an account has no policy of its own.
var DefaultPolicy = Policy{MinLength: 8, Classes: 3, NotAccount: true}

// Check returns every rule of the policy that p breaks. account are the account's
// name and e-mail address.
func (r Policy) Check(p secret.String, account ...string) []Violation {
	prepared, ok := prepare(p)
	if !ok {
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
	add(n < r.MinLength, TooShort)
	add(n > MaxIAMLength, TooLong)
	classes := 0
	for _, c := range []struct {
		characters string
		asked      bool
		missing    Violation
	}{
		{"ABCDEFGHIJKLMNOPQRSTUVWXYZ", r.Upper, NoUpper},
		{"abcdefghijklmnopqrstuvwxyz", r.Lower, NoLower},
		{"0123456789", r.Digit, NoDigit},
		{iamSymbols, r.Symbol, NoSymbol},
	} {
		if strings.ContainsAny(text, c.characters) {
			classes++
		} else {
			add(c.asked, c.missing)
		}
	}
	add(classes < r.Classes, TooFewClasses)
	if r.NotAccount {
		for _, name := range account {
			if strings.EqualFold(text, name) {
				return append(out, IsAccountName)
			}
		}
	}
	return out
}
