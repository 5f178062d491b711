package consoleweb

import (
	"net/url"
	"strings"
	"testing"
)

// Whatever stands in an address to come back to, the browser stays at the console
// (open redirect), and what it is given is stable.
func FuzzSafeReturn(f *testing.F) {
	for _, s := range []string{"/", "/iam/home?region=eu-west-1#/users", "//evil.example", "/..//evil.example", "/\\evil.example", "https:/x", "/a?\r\nx", "/%2f%2fevil.example", "/a#x", "/handoff?code=x", "javascript:alert(1)", "/iam/%2e%2e/api"} {
		f.Add(s)
	}
	base := &url.URL{Scheme: "https", Host: "console.localhost", Path: pathHandoff}
	f.Fuzz(func(t *testing.T, to string) {
		got := safeReturn(to)
		u, err := base.Parse(got)
		if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || strings.HasPrefix(u.Path, "/api/") || u.Path == pathHandoff {
			t.Errorf("%q leads to %q", to, got)
		}
		if strings.ContainsFunc(got, func(c rune) bool { return c < ' ' || c == 0x7f || c == '\\' && !strings.Contains(to, "?") }) {
			t.Errorf("%q leads to %q, which breaks the header", to, got)
		}
		if again := safeReturn(got); again != got {
			t.Errorf("%q leads to %q, and that to %q", to, got, again)
		}
	})
}
