package policy

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// naive is what wildcards mean, by the definition: pattern and text in runes, `*`
// any run, `?` one, with a table so that it ends.
func naive(pattern, s string) bool {
	t := []rune(s)
	row := make([]bool, len(t)+1)
	row[0] = true
	for _, c := range pattern {
		next := make([]bool, len(t)+1)
		next[0] = c == '*' && row[0]
		for j := range t {
			switch c {
			case '*':
				next[j+1] = row[j+1] || next[j]
			case '?':
				next[j+1] = row[j]
			default:
				next[j+1] = row[j] && c == t[j]
			}
		}
		row = next
	}
	return row[len(t)]
}

func mustPattern(t testing.TB, text string) pattern {
	t.Helper()
	p, err := parsePattern(text, dialect{wildcards: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWildcards(t *testing.T) {
	t.Parallel()
	patterns := []string{
		"", "*", "**", "?", "??", "a", "a*", "*a", "*a*", "a*b", "a?b", "a*?b", "?*", "*?", "*?*", "ab*ba", "*ab*", "*ab*ab*", "*a?b*", "*a?b*c?*",
		"*?a*", "*a?*", "a*a?a*a", "*aab?a*b", "é?*", "*é?", "*?é*", "*b?é", "?é*é?",
	}
	texts := []string{
		"", "a", "b", "ab", "ba", "aa", "aab", "abb", "aba", "abab", "aabaab", "abba", "axb", "axbc", "axbcx", "aaaa", "aabxa", "aaabaab", "é", "éa", "aé", "éé", "aéb", "bxé", "aéaéb", "☃é☃",
	}
	for _, p := range patterns {
		compiled := mustPattern(t, p)
		action := newActionPattern(p)
		for _, s := range texts {
			want := naive(p, s)
			if got := compiled.match(s, noContext{}); got != want {
				t.Errorf("%q matches %q: %v", p, s, got)
			}
			if isASCII(p+s) && action.match(strings.ToUpper(s)) != want {
				t.Errorf("action %q matches %q: %v", p, s, !want)
			}
		}
	}
}

// TestWildcardCost wants the worst patterns that fit into a policy to cost
// next to nothing: no backtracking explodes.
func TestWildcardCost(t *testing.T) {
	t.Parallel()
	text := "arn:aws:s3:::" + strings.Repeat("a", 2000)
	for _, p := range []string{
		strings.Repeat("*a", 3000) + "b",
		strings.Repeat("*a?", 2000) + "b",
		"*" + strings.Repeat("a?", 1000) + "b*",
		"*" + strings.Repeat("a", 1500) + "?b*" + strings.Repeat("a", 400) + "?b*",
		strings.Repeat("*", 6144),
		strings.Repeat("?*", 3000),
	} {
		compiled := mustPattern(t, p)
		best := time.Hour
		for range 5 {
			start := time.Now()
			compiled.match(text, noContext{})
			best = min(best, time.Since(start))
		}
		if best > 5*time.Millisecond {
			t.Errorf("%.20s… took %v", p, best)
		}
	}
}

// FuzzWildcard compares the matchers with the definition.
func FuzzWildcard(f *testing.F) {
	for _, seed := range [][2]string{
		{"*", "x"}, {"a*b?c", "axxbxc"}, {"*a?b*", "xxaxbxx"}, {"arn:aws:s3:::b/*", "arn:aws:s3:::b/k"}, {"*?é*", "aéb"}, {"**a**", "a"},
		{"*" + strings.Repeat("a?", 40) + "*", strings.Repeat("a", 90)},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, p, s string) {
		if !utf8.ValidString(p) || !utf8.ValidString(s) || len(p) > 300 || len(s) > 300 {
			return
		}
		want := naive(p, s)
		compiled := mustPattern(t, p)
		if got := compiled.match(s, noContext{}); got != want {
			t.Errorf("%q matches %q: %v", p, s, got)
		}
		if isASCII(p + s) {
			a := newActionPattern(p)
			if got, want := a.match(s), naive(lower(p), lower(s)); got != want {
				t.Errorf("action %q matches %q: %v", p, s, got)
			}
		}
	})
}
