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
