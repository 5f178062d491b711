package device_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sekisho/internal/signin/signintest"
	"sekisho/internal/token"
)

// From the terminal's code to the sign-in page, with the code shown to be
// compared on the way (behaviours.md 7.2).
func TestCodeIsTypedThenConfirmed(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	p := b.Submit(b.Get(w.Map.Device()+"/"), url.Values{"user_code": {" bcdf ghjk"}})
	if p.Status != http.StatusOK || !strings.Contains(p.Body, "BCDF-GHJK") {
		t.Fatalf("the typed code is answered %d:\n%s", p.Status, p.Body)
	}
	if csp := p.Header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "form-action 'self' "+w.Map.SignIn()) {
		t.Errorf("the policy is %q", csp)
	}
	p = b.Submit(p, url.Values{"decision": {"confirm"}})
	if p.URL.Host != "signin.localhost:8420" || p.URL.Path != "/platform/login" || p.Status != http.StatusOK {
		t.Errorf("confirming leads to %s (%d)", p.URL, p.Status)
	}
}

func TestCancelling(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	d, _ := w.StartDevice("cli", "203.0.113.5")
	b := w.Browser(t)
	p := b.Submit(b.Get(w.Map.Device()+"/?user_code="+d.UserCode), url.Values{"decision": {"deny"}})
	if p.Status != http.StatusOK || len(p.Hops) != 1 {
		t.Errorf("cancelling leads to %s (%d)", p.URL, p.Status)
	}
	if s := w.DeviceStatus(d); s != token.Pending {
		t.Errorf("a visitor who proved nothing made the code %s", s)
	}
}

// A visitor learns nothing about codes: one that waits is shown as one that
// never was.
func TestVisitorLearnsNothing(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	d, _ := w.StartDevice("cli", "203.0.113.5")
	b := w.Browser(t)
	before := w.Writes()
	waiting := b.Get(w.Map.Device() + "/?user_code=" + d.UserCode)
	unknown := b.Get(w.Map.Device() + "/?user_code=BCDF-GHJK")
	if waiting.Status != unknown.Status || strings.ReplaceAll(waiting.Body, d.UserCode, "BCDF-GHJK") != unknown.Body {
		t.Error("the pages differ")
	}
	if w.Writes() != before || len(unknown.Header["Set-Cookie"]) != 0 {
		t.Error("a visit leaves something behind")
	}
}

func TestMalformedCodes(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	for _, code := range []string{"", "BCDF", "AAAA-AAAA", "BCDF-GHJKL", "BCDF-GHJ1", "<script>alert(1)</script>", strings.Repeat("B", 5000), "\x00"} {
		address := w.Map.Device() + "/?" + url.Values{"user_code": {code}}.Encode()
		p := b.Get(address)
		if p.Status != http.StatusUnprocessableEntity || strings.Contains(p.Body, "<script>alert") {
			t.Errorf("%.20q: the link is answered %d", code, p.Status)
		}
		p = b.Once(http.MethodPost, w.Map.Device()+"/", url.Values{"user_code": {code}, "decision": {"confirm"}}, nil)
		if p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%.20q: confirmed, it is answered %d", code, p.Status)
		}
	}
}

// Another site's form is refused, and the page is at one address only.
func TestOtherSitesAndNames(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	p := b.Once(http.MethodPost, w.Map.Device()+"/", url.Values{"user_code": {"BCDF-GHJK"}, "decision": {"confirm"}}, func(r *http.Request) {
		r.Header.Set("Sec-Fetch-Site", "cross-site")
	})
	if p.Status != http.StatusForbidden {
		t.Errorf("another site's form is answered %d", p.Status)
	}
	for _, host := range []string{"device.sso.eu-central-1.amazonaws.com", "device.sso.eu-central-1.localhost:8420"} {
		p := b.Once(http.MethodGet, "http://"+host+"/?user_code=BCDF-GHJK", nil, nil)
		if got := p.Header.Get("Location"); p.Status != http.StatusFound || got != w.Map.Device()+"/?user_code=BCDF-GHJK" {
			t.Errorf("%s leads to %q (%d)", host, got, p.Status)
		}
	}
}
