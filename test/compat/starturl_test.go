package compat

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sekisho/test/compat/harness"
)

// TestStartURLCheck: what CLI 2.35.13 and later asks of a start URL that is not
// AWS's, before anything else: one redirect to a name of AWS's, from which it
// reads the region, and which it never fetches (D-03, D-04; api-surface.md 5.2).
func TestStartURLCheck(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.Browser(t)
	var resolved string
	for _, name := range []string{portalName, "d-1234567890"} {
		for _, path := range []string{"/start", "/start/"} {
			r, err := http.NewRequest(http.MethodHead, s.Portal(name)+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("User-Agent", "Python-urllib/3.14")
			a := b.Do(r)
			to, err := url.Parse(a.Header.Get("Location"))
			if err != nil {
				t.Fatal(err)
			}
			if a.Status < 301 || a.Status > 308 || to.Scheme != "https" || !regexp.MustCompile(`^ssoins-[0-9a-f]{16}\.us-east-1\.portal\.amazonaws\.com$`).MatchString(to.Host) {
				t.Errorf("HEAD %s%s: %d, Location %q", name, path, a.Status, to)
			}
			resolved = strings.TrimSuffix(to.String(), "/")
		}
	}
	// What it found out is what it goes on with.
	for _, spelling := range []string{
		resolved, resolved + "/", startURL, startURL + "/", startURL + "#", startURL + "#/", "https://d-1234567890.awsapps.com/start",
		s.Portal(portalName) + "/start", s.Portal("d-1234567890") + "/start/",
		"https://identitycenter.amazonaws.com/" + strings.TrimPrefix(strings.Split(resolved, ".")[0], "https://"),
	} {
		a, c := post(t, s, "/client/register", `{"clientName":"x","clientType":"public","scopes":["sso:account:access"],"grantTypes":["authorization_code","refresh_token"],`+
			`"redirectUris":["`+registeredRedirect+`"],"issuerUrl":"`+spelling+`"}`)
		if a.Status != http.StatusOK {
			t.Errorf("RegisterClient with the issuer %s: %d %v", spelling, a.Status, c["error_description"])
			continue
		}
		// A registration for the code grant may come with a device request: CLIs of
		// different versions share the file (api-surface.md 5.6).
		a, d := post(t, s, "/device_authorization", `{"clientId":"`+c["clientId"].(string)+`","clientSecret":"`+c["clientSecret"].(string)+`","startUrl":"`+spelling+`"}`)
		if a.Status != http.StatusOK {
			t.Errorf("StartDeviceAuthorization with the start URL %s: %d %v", spelling, a.Status, d["error_description"])
		}
	}
}

// TestRegistrationOutlivesRestart: clients keep a registration for 90 days and
// have no way to notice that the server forgot it (api-surface.md 0.7); tokens
// and credentials survive too.
func TestRegistrationOutlivesRestart(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := newCurrentCLI(t, s)
	b := s.Browser(t)
	got := c.login(b, jane)
	held := roleCredentials(t, s, got.Access, production, "ReadOnly")
	before := caller(t, callerIdentity(t, s, held))
	s.Restart(t)
	if after := caller(t, callerIdentity(t, s, held)); after != before {
		t.Errorf("after a restart the caller is %s, before it was %s", after, before)
	}
	if status := listAccounts(t, s, got.Access); status != http.StatusOK {
		t.Errorf("after a restart the access token gets status %d", status)
	}
	c.tokens(c.refresh(got.Refresh))
	c.login(b, harness.Person{}) // the browser's session stands as well
}
