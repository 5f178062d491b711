package iam

import (
	"regexp"
	"strings"
	"testing"
)

// Names of excluded policies match as the same pattern does as a regular
// expression.
func FuzzMatches(f *testing.F) {
	for _, seed := range [][2]string{{"", ""}, {"*", ""}, {"a*", "a"}, {"a*a", "a"}, {"?*?", "ab"}, {"Admin*Access", "AdministratorAccess"}, {"te?m", "team"}, {"*é?", "aéb"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if strings.Count(pattern, "*") > 1 {
			t.Skip("refused before")
		}
		for _, s := range []string{pattern, name} {
			if strings.ContainsFunc(s, func(r rune) bool { return r > 0x7e || r == '\n' }) {
				t.Skip("no name of a policy")
			}
		}
		quoted := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
		if got, want := matches(pattern, name), regexp.MustCompile("^"+quoted+"$").MatchString(name); got != want {
			t.Errorf("%q and %q: %v, want %v", pattern, name, got, want)
		}
	})
}

// A place in the authorization details is in one of the lists, whatever a caller
// sends.
func FuzzPlaceIn(f *testing.F) {
	for _, seed := range []string{"", "0/", "4/key/with/slashes", "5/", "-1/", "x", "/", "00000000000000000000/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, place string) {
		section, after, err := placeIn(place)
		if err == nil && (section < 0 || section >= len(authorizationSections) || !strings.HasSuffix(place, after)) {
			t.Errorf("%q: section %d, after %q", place, section, after)
		}
	})
}

// The values that each type of context key has, and others.
func TestContextValues(t *testing.T) {
	t.Parallel()
	for kind, values := range map[string]struct{ good, bad []string }{
		"string":  {[]string{"", "é"}, nil},
		"numeric": {[]string{"1", "-2.5", "1e3"}, []string{"", "1,5", "x"}},
		"boolean": {[]string{"true", "FALSE"}, []string{"", "1", "yes"}},
		"ip":      {[]string{"192.0.2.1", "2001:db8::1", "192.0.2.0/24"}, []string{"", "192.0.2", "192.0.2.0/33"}},
		"binary":  {[]string{"", "QUJD"}, []string{"QUJ", "?"}},
		"date":    {[]string{"2026-01-02T03:04:05Z", "2026-01-02T03:04:05+09:00", "2026-01-02", "1767323045"}, []string{"", "tomorrow", "2026-13-01"}},
	} {
		for _, v := range values.good {
			if !contextValues[kind](v) {
				t.Errorf("%q is no %s", v, kind)
			}
		}
		for _, v := range values.bad {
			if contextValues[kind](v) {
				t.Errorf("%q is a %s", v, kind)
			}
		}
	}
}
