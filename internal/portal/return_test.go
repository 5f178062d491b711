package portal

import (
	"net/url"
	"testing"
)

// Whatever stands in a handoff's address, the browser stays at the start page.
func FuzzSafeReturn(f *testing.F) {
	for _, s := range []string{"/start", "/start?tab=accounts", "//evil.example", "/start/..//evil.example", "/\\evil.example", "https:/start", "/start?\r\nx", "/%73tart", "/start#x", "/start?a#b"} {
		f.Add(s)
	}
	base := &url.URL{Scheme: "https", Host: "example.awsapps.localhost", Path: "/start/handoff"}
	f.Fuzz(func(t *testing.T, path string) {
		got := safeReturn(path)
		u, err := base.Parse(got)
		if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || u.Path != pathStart {
			t.Errorf("%q leads to %q", path, got)
		}
		for i := range len(got) {
			if got[i] < ' ' || got[i] == 0x7f {
				t.Errorf("%q leads to %q, which breaks the header", path, got)
			}
		}
	})
}
