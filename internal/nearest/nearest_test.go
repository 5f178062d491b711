package nearest_test

import (
	"testing"

	"sekisho/internal/nearest"
)

func TestHint(t *testing.T) {
	t.Parallel()
	known := []string{"listen", "domain", "public-url", "data", "dev"}
	for _, c := range []struct {
		wrong string
		known []string
		want  string
	}{
		{"lisen", known, "listen"},
		{"listne", known, "listen"},
		{"domian", known, "domain"},
		{"public_url", known, "public-url"},
		{"dta", known, "data"},
		{"SEKISHO_LISTN", []string{"SEKISHO_DATA", "SEKISHO_LISTEN"}, "SEKISHO_LISTEN"},
		{"entirely-different-thing", known, ""},
		{"xyzzy", known, ""},
		{"", nil, ""},
		{"x", nil, ""},
		{"ab", []string{"ac", "aa"}, "aa"}, // among equals the first by name, whatever the order
		{"日本", []string{"日木"}, "日木"},
	} {
		want := ""
		if c.want != "" {
			want = `; did you mean "` + c.want + `"?`
		}
		if got := nearest.Hint(c.wrong, c.known); got != want {
			t.Errorf("%q: %q, want %q", c.wrong, got, want)
		}
	}
}
