package signin_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sekisho/internal/signin/signintest"
)

// From the portal's address to the portal (H-04, H-05, D-06).
func TestPersonSignsInAtThePortal(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)

	p := b.Get(w.StartURL())
	if p.URL.Host != "signin.localhost:8420" || p.URL.Path != "/platform/login" || !strings.Contains(p.Body, "Example Corp") {
		t.Fatalf("the portal led to %s:\n%s", p.URL, p.Body)
	}
	p = b.Submit(p, url.Values{"username": {"Jane"}}) // names ignore case
	if p.URL.Path != "/platform/password" || p.Status != http.StatusOK {
		t.Fatalf("the user name led to %s (%d)", p.URL, p.Status)
	}
	p = b.Submit(p, url.Values{"password": {signintest.JanePassword}})
	if p.URL.String() != w.StartURL() || p.Status != http.StatusOK {
		t.Fatalf("the password led to %s (%d):\n%s", p.URL, p.Status, p.Body)
	}
	_, rest, _ := strings.Cut(p.Body, `<script type="application/json" id="sekisho-session">`)
	block, _, ok := strings.Cut(rest, "</script>")
	var facts struct {
		User      struct{ UserName, DisplayName string }
		StartURL  string
		Endpoints map[string]string
	}
	if err := json.Unmarshal([]byte(block), &facts); !ok || err != nil {
		t.Fatalf("%v in %s", err, block)
	}
	if facts.User.UserName != signintest.Jane || facts.StartURL != w.StartURL() || facts.Endpoints["sso_oidc"] == "" ||
		facts.User.DisplayName != w.Users[signintest.Jane].DisplayName {
		t.Fatalf("the page says %+v", facts)
	}
	// And again without a question: the portal's own cookie.
	if p = b.Get(w.StartURL() + "/"); len(p.Hops) != 1 || p.Status != http.StatusOK {
		t.Fatalf("the second visit went by %q", p.Hops)
	}
}
