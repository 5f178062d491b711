package policy

import "strings"

// actionPattern is a value of an Action or NotAction element in lower case,
// compiled. Actions are matched without regard to case.
type actionPattern struct {
	written string
	text    string // in lower case; without the star if it is a prefix
	shape   shape
	chars   int // that are not stars
}

func newActionPattern(written string) actionPattern {
	a := actionPattern{written: written, text: lower(written)}
	wild := strings.IndexAny(a.text, "*?")
	switch {
	case strings.Trim(a.text, "*") == "" && a.text != "":
		a.shape = anyShape
	case wild < 0:
		a.shape = exactShape
	case a.text[wild] == '*' && wild == len(a.text)-1:
		a.shape, a.text = prefixShape, a.text[:wild]
	}
	a.chars = len(a.text) - strings.Count(a.text, "*")
	return a
}

// match tells whether an action matches, whatever its case.
func (a *actionPattern) match(action string) bool {
	switch a.shape {
	case anyShape:
		return true
	case exactShape:
		return len(action) == len(a.text) && hasPrefixFold(action, a.text)
	case prefixShape:
		return hasPrefixFold(action, a.text)
	}
	return a.chars <= len(action) && matchFold(a.text, action)
}

// service is the part before the colon, in lower case; it may hold wildcards.
func (a *actionPattern) service() string {
	if a.shape == anyShape {
		return "*"
	}
	service, _, found := strings.Cut(a.text, ":")
	if !found && a.shape == prefixShape {
		return service + "*"
	}
	return service
}

// matchFold matches an action with a pattern in lower case. It returns to the
// last star only, which for texts as short as actions is quick enough.
func matchFold(pattern, s string) bool {
	star, mark, i, j := -1, 0, 0, 0
	for j < len(s) {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, mark = i, j
			i++
		case i < len(pattern) && (pattern[i] == '?' || pattern[i] == folded[s[j]]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	for i < len(pattern) && pattern[i] == '*' {
		i++
	}
	return i == len(pattern)
}

// hasPrefixFold tells whether s begins with prefix, which is in lower case.
func hasPrefixFold(s, prefix string) bool {
	if len(s) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		if folded[s[i]] != prefix[i] {
			return false
		}
	}
	return true
}

// folded maps ASCII letters to lower case and leaves other bytes alone.
var folded = func() (t [256]byte) {
	for i := range t {
		t[i] = byte(i)
		if i >= 'A' && i <= 'Z' {
			t[i] += 'a' - 'A'
		}
	}
	return t
}()

// Fold is a condition key in the form in which a Context is asked for it: s with
// its ASCII letters in lower case. Tag keys are part of condition keys, so
// whoever compares or keeps them has to fold them by this and nothing else: of
// two foldings, one lets through what the other stops.
func Fold(s string) string { return lower(s) }

// SameKey reports whether two condition keys, or two tag keys, are one.
func SameKey(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if folded[a[i]] != folded[b[i]] {
			return false
		}
	}
	return true
}

// lower is s with its ASCII letters in lower case: names of actions and keys have
// no others, and the special cases of Unicode must not make two of them equal.
func lower(s string) string {
	for i := range len(s) {
		if s[i] != folded[s[i]] {
			b := []byte(s)
			for j := i; j < len(b); j++ {
				b[j] = folded[b[j]]
			}
			return string(b)
		}
	}
	return s
}
