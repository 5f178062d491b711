package device_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
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

// A code is its portal's: people of another portal on the same server can neither
// approve it nor tell it from one that never was (phishing across portals), and its
// own people get to their own sign-in, also when they type it.
func TestCodeOfAnotherPortal(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	const instance, subdomain = "ssoins-fedcba9876543210", "second"
	own, _ := w.StartDevice("cli", "203.0.113.5")
	var theirs token.DeviceAuthorization
	w.Update(func(tx store.Tx) error {
		hanako := directory.User{ID: "00000000-0000-4000-8000-0000000000ff", Directory: "d-fedcba9876", UserName: "hanako", DisplayName: "Hanako"}
		known, err1 := tx.Password(people.OwnerOf(w.Users[signintest.Jane]))
		err2 := tx.PutInstance(access.Instance{ID: instance, DirectoryID: hanako.Directory, Region: signintest.Region, Subdomain: subdomain,
			SessionDuration: access.DefaultPortalSession, MFA: access.DefaultMFA(), Owner: "444455556666", CreatedAt: signintest.Start.Add(time.Second)})
		err3 := tx.PutUser(hanako)
		err4 := credential.SetPassword(tx, people.OwnerOf(hanako), known.Hash, false, signintest.Start)
		var err5 error
		theirs, _, err5 = token.BeginDevice(tx, token.Client{ID: "c", Name: "cli"}, instance, "203.0.113.5", "aws-cli/2", w.Clock.Now())
		return errors.Join(err1, err2, err3, err4, err5)
	})
	confirm := func(b *signintest.Browser, address string) *signintest.Page {
		return b.Submit(b.Get(address), url.Values{"decision": {"confirm"}})
	}
	signIn := func(b *signintest.Browser, p *signintest.Page, name string) *signintest.Page {
		return b.Submit(b.Submit(p, url.Values{"username": {name}}), url.Values{"password": {signintest.JanePassword}})
	}
	jane, hanako := w.Browser(t), w.Browser(t)
	if p := signIn(jane, confirm(jane, w.Map.Verification("", theirs.UserCode)), signintest.Jane); p.Status != http.StatusNotFound {
		t.Errorf("Jane looks at another portal's code: %s (%d)", p.URL, p.Status)
	}
	typed := hanako.Submit(hanako.Get(w.Map.Verification(subdomain, "")), url.Values{"user_code": {theirs.UserCode}})
	consent := signIn(hanako, hanako.Submit(typed, url.Values{"decision": {"confirm"}}), "hanako")
	if consent.URL.Path != "/platform/consent" || consent.Status != http.StatusOK {
		t.Fatalf("Hanako's own code leads to %s (%d)", consent.URL, consent.Status)
	}
	if p := confirm(hanako, w.Map.Verification(subdomain, own.UserCode)); p.Status != http.StatusNotFound {
		t.Errorf("Hanako looks at another portal's code: %s (%d)", p.URL, p.Status)
	}
	hanako.Submit(consent, url.Values{"decision": {"allow"}})
	if w.DeviceStatus(theirs) != token.Approved || w.DeviceStatus(own) != token.Pending {
		t.Errorf("their code is %s, the other %s", w.DeviceStatus(theirs), w.DeviceStatus(own))
	}
	// The name is no way to send somebody elsewhere.
	for _, name := range []string{"evil.example/", "nobody", "<b>", strings.Repeat("x", 5000)} {
		if p := confirm(jane, w.Map.Device()+"/?"+url.Values{"portal": {name}, "user_code": {own.UserCode}}.Encode()); !strings.HasPrefix(p.URL.Host, "signin.") {
			t.Errorf("%.20q leads to %s (%d)", name, p.URL, p.Status)
		}
	}
}
