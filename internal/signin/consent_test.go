package signin_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sekisho/internal/secret"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// approveDevice goes from the device's link to the page that asks for consent.
func consentPage(t *testing.T, b *signintest.Browser, userCode string) *signintest.Page {
	t.Helper()
	p := b.Submit(b.Get(b.W.Map.Device()+"/?user_code="+userCode), url.Values{"decision": {"confirm"}})
	if p.URL.Path == "/platform/login" {
		p = b.Submit(p, url.Values{"username": {signintest.Jane}})
		p = b.Submit(p, password(signintest.JanePassword))
	}
	return p
}

// Device approval, informed (I-08, promise 11): client, code, place, time and
// what is given are shown, and only the click approves.
func TestDeviceIsApprovedByAnInformedClick(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	d, _ := w.StartDevice("botocore-client-dev", "203.0.113.5")
	w.Clock.Advance(3 * time.Minute)
	b := w.Browser(t)
	p := consentPage(t, b, d.UserCode)
	if p.URL.Path != "/platform/consent" || p.Status != http.StatusOK {
		t.Fatalf("the code leads to %s (%d):\n%s", p.URL, p.Status, p.Body)
	}
	for _, want := range []string{"botocore-client-dev", d.UserCode, "203.0.113.5", "198.51.100.7", "3 minutes", "aws-cli/2.9.19", signintest.Jane, "Example Corp"} {
		if !strings.Contains(p.Body, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	if s := w.DeviceStatus(d); s != token.Pending {
		t.Fatalf("looking at the page made it %s", s)
	}
	done := b.Submit(p, url.Values{"decision": {"allow"}})
	if done.Status != http.StatusOK || done.URL.Path != "/platform/done" || w.DeviceStatus(d) != token.Approved {
		t.Fatalf("allowing leads to %s (%d), the code is %s", done.URL, done.Status, w.DeviceStatus(d))
	}
	// Posted again, it changes nothing.
	if p := b.Submit(p, url.Values{"decision": {"deny"}}); p.Status != http.StatusNotFound || w.DeviceStatus(d) != token.Approved {
		t.Errorf("replayed, it is answered %d and the code is %s", p.Status, w.DeviceStatus(d))
	}
	e := w.Events("DeviceAuthorization")
	if len(e) != 2 || e[1].ErrorCode != "" || e[1].Detail["ClientName"] != "botocore-client-dev" || e[1].UserName != signintest.Jane || e[0].ErrorReason != "no-such-user-code" {
		t.Errorf("the trail says %+v", e)
	}
}

func TestDeviceIsDenied(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	d, _ := w.StartDevice("cli", "203.0.113.5")
	b := w.Browser(t)
	p := b.Submit(consentPage(t, b, d.UserCode), url.Values{"decision": {"deny"}})
	if p.Status != http.StatusOK || w.DeviceStatus(d) != token.Refused {
		t.Errorf("denying is answered %d, the code is %s", p.Status, w.DeviceStatus(d))
	}
	if p := b.Submit(b.Get(b.W.Map.Device()+"/?user_code="+d.UserCode), url.Values{"decision": {"confirm"}}); p.Status != http.StatusNotFound {
		t.Errorf("the denied code is answered %d", p.Status)
	}
}

// Device-code phishing: no link approves, no form without a choice, nobody who
// is signed out, and no one else's form.
func TestNothingButTheClickApproves(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	d, _ := w.StartDevice("cli", "203.0.113.5")
	b := w.Browser(t)
	p := consentPage(t, b, d.UserCode)
	action, form := p.Form(t)

	for _, decision := range []string{"allow", "confirm", ""} {
		b.Get(p.URL.String() + "&decision=" + decision)
		b.Get(w.Map.Device() + "/?user_code=" + d.UserCode + "&decision=" + decision)
		b.Submit(p, url.Values{"decision": {""}})
	}
	// Another person's browser with this page's form.
	other := w.Browser(t)
	other.MustSignIn(signintest.Taro, signintest.TaroPassword)
	form.Set("decision", "allow")
	if q := other.Once(http.MethodPost, w.Map.SignIn()+action, form, nil); q.Status != http.StatusBadRequest {
		t.Errorf("in another browser it is answered %d", q.Status)
	}
	// The same browser, signed in as somebody else meanwhile.
	flow := b.Cookie(w.Map.SignIn(), "sekisho-flow")
	other.SetCookie(w.Map.SignIn(), "sekisho-flow", flow)
	if q := other.Once(http.MethodPost, w.Map.SignIn()+action, form, nil); q.Status != http.StatusBadRequest {
		t.Errorf("as another person it is answered %d", q.Status)
	}
	// Signed out, in another tab.
	b.Get(w.StartURL())
	if q := b.Fetch(http.MethodPost, w.Map.Portal(signintest.Subdomain)+"/start/signout"); q.Status != http.StatusNoContent {
		t.Fatalf("sign-out is answered %d", q.Status)
	}
	if q := b.Submit(p, url.Values{"decision": {"allow"}}); q.Status != http.StatusBadRequest {
		t.Errorf("signed out, it is answered %d", q.Status)
	}
	if s := w.DeviceStatus(d); s != token.Pending {
		t.Errorf("the code is %s", s)
	}
}

// Wrong codes are counted for the person and stay counted when a right one of
// their own comes between (promise 11).
func TestWrongDeviceCodesHaveABudget(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	b.MustSignIn(signintest.Jane, signintest.JanePassword)
	guess := func(code string) *signintest.Page {
		return b.Submit(b.Get(w.Map.Device()+"/?user_code="+code), url.Values{"decision": {"confirm"}})
	}
	for i, code := range []string{"BCDF-GHJK", "BCDF-GHJL", "own", "BCDF-GHJM", "BCDF-GHJN", "own", "BCDF-GHJP"} {
		want := http.StatusNotFound
		if code == "own" {
			d, _ := w.StartDevice("mine", "203.0.113.5")
			code, want = d.UserCode, http.StatusOK
		}
		b.Address = fmt.Sprintf("203.0.113.%d", i+1)
		if p := guess(code); p.Status != want {
			t.Fatalf("guess %d is answered %d, want %d", i, p.Status, want)
		}
	}
	victim, _ := w.StartDevice("victim", "203.0.113.5")
	if p := guess(victim.UserCode); p.Status != http.StatusTooManyRequests || strings.Contains(p.Body, "victim") {
		t.Errorf("over the budget a right code is answered %d", p.Status)
	}
	// Nor does skipping the look at the page help: the decision looks again.
	if s := w.DeviceStatus(victim); s != token.Pending {
		t.Errorf("the code is %s", s)
	}
	w.Clock.Advance(time.Minute)
	if p := guess(victim.UserCode); p.Status != http.StatusOK {
		t.Errorf("after the wait it is answered %d", p.Status)
	}
}

// A code that has expired is like one that never was.
func TestExpiredDeviceCode(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	d, _ := w.StartDevice("cli", "203.0.113.5")
	b := w.Browser(t)
	page := consentPage(t, b, d.UserCode)
	w.Clock.Advance(token.DeviceCodeLife)
	p := b.Submit(page, url.Values{"decision": {"allow"}})
	if p.Status != http.StatusNotFound || w.DeviceStatus(d) != token.Pending {
		t.Errorf("answered %d, the code is %s", p.Status, w.DeviceStatus(d))
	}
}

// cli is an AWS CLI with an sso-session (api-surface.md 5.5).
type cli struct {
	w        *signintest.World
	client   token.Client
	verifier string
	redirect string
}

func newCLI(t *testing.T, w *signintest.World, change func(*token.Client)) cli {
	t.Helper()
	c := token.Client{
		Name:         "botocore-client-corp",
		Scopes:       []string{token.ScopeAccountAccess},
		RedirectURIs: []string{"http://127.0.0.1/oauth/callback"},
		GrantTypes:   []string{token.GrantAuthorizationCode, token.GrantRefreshToken},
		Issuer:       "https://example.awsapps.com/start",
	}
	if change != nil {
		change(&c)
	}
	c, _, err := w.Clients.Register(c, w.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return cli{w, c, strings.Repeat("v", 64), "http://127.0.0.1:49152/oauth/callback"}
}

// address is what the CLI opens, with changes.
func (c cli) address(changes ...string) string {
	sum := sha256.Sum256([]byte(c.verifier))
	q := url.Values{
		"response_type": {"code"}, "client_id": {c.client.ID}, "redirect_uri": {c.redirect}, "state": {"0c9f-state"},
		"code_challenge_method": {"S256"}, "scopes": {"sso:account:access"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])},
	}
	for i := 0; i < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			q.Del(changes[i])
		}
	}
	return strings.Replace(c.w.Map.Base(), "://", "://oidc."+signintest.Region+".", 1) + "/authorize?" + q.Encode()
}

// Authorization code with PKCE, as the CLI does it (I-07 to I-09).
func TestCLIGetsACode(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	c := newCLI(t, w, nil)
	b := w.Browser(t)
	p := b.Get(c.address())
	p = b.Submit(p, url.Values{"username": {signintest.Jane}})
	p = b.Submit(p, password(signintest.JanePassword))
	if p.URL.Path != "/platform/consent" || !strings.Contains(p.Body, "botocore-client-corp") || !strings.Contains(p.Body, "127.0.0.1:49152") {
		t.Fatalf("sign-in leads to %s (%d)", p.URL, p.Status)
	}
	if csp := p.Header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "form-action 'self' http://127.0.0.1:49152") {
		t.Errorf("the policy is %q", csp)
	}
	left := b.Submit(p, url.Values{"decision": {"allow"}}).Left
	u, err := url.Parse(left)
	if err != nil || !strings.HasPrefix(left, c.redirect+"?") || u.Query().Get("state") != "0c9f-state" {
		t.Fatalf("allowing leads to %q", left)
	}
	w.Update(func(tx store.Tx) error {
		out, err := token.RedeemCode(tx, c.client, secret.NewString(u.Query().Get("code")), c.redirect, c.verifier, "00000000-0000-4000-8000-0000000000aa", w.Clock.Now())
		if err == nil && (out.Refused != nil || out.AccessToken.Empty() || out.Grant.User != w.Users[signintest.Jane].ID) {
			t.Errorf("the code gives %+v", out)
		}
		return err
	})
	// The form that was posted gives no second code, and neither does its denial.
	for _, decision := range []string{"allow", "deny"} {
		if again := b.Submit(p, url.Values{"decision": {decision}}); again.Status != http.StatusBadRequest {
			t.Errorf("%s again is answered %d, leaving to %q", decision, again.Status, again.Left)
		}
	}
	// Asked again by the CLI, the person is not asked for a password, but asked.
	p = b.Get(c.address())
	if p.URL.Path != "/platform/consent" {
		t.Fatalf("the second time leads to %s", p.URL)
	}
	left = b.Submit(p, url.Values{"decision": {"deny"}}).Left
	if u, _ = url.Parse(left); u.Query().Get("error") != "access_denied" || u.Query().Get("state") != "0c9f-state" || u.Query().Has("code") {
		t.Errorf("denying leads to %q", left)
	}
}

// What is wrong with a request of a known client is told to the client.
func TestAuthorizeErrorsGoToTheClient(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	good := newCLI(t, w, nil)
	for name, c := range map[string]struct{ address, want string }{
		"response type":     {good.address("response_type", "token"), "unsupported_response_type"},
		"no response type":  {good.address("response_type", ""), "unsupported_response_type"},
		"plain PKCE":        {good.address("code_challenge_method", "plain"), "invalid_request"},
		"no PKCE":           {good.address("code_challenge", "", "code_challenge_method", ""), "invalid_request"},
		"short challenge":   {good.address("code_challenge", "abc"), "invalid_request"},
		"no state":          {good.address("state", ""), "invalid_request"},
		"unknown scope":     {good.address("scopes", "openid"), "invalid_scope"},
		"scope":             {good.address("scopes", "", "scope", "openid"), "invalid_scope"},
		"scope twice":       {good.address() + "&scopes=sso:account:access", "invalid_request"},
		"foreign issuer":    {newCLI(t, w, func(c *token.Client) { c.Issuer = "https://other.awsapps.com/start" }).address(), "invalid_request"},
		"no issuer at all":  {newCLI(t, w, func(c *token.Client) { c.Issuer = "https://example.com/" }).address(), "invalid_request"},
		"not for this flow": {newCLI(t, w, func(c *token.Client) { c.GrantTypes = nil }).address(), "unauthorized_client"},
	} {
		p := b.Get(c.address)
		u, err := url.Parse(p.Left)
		if err != nil || !strings.HasPrefix(p.Left, good.redirect+"?") || u.Query().Get("error") != c.want || u.Query().Get("error_description") == "" {
			t.Errorf("%s: leads to %q (%d), want %s", name, p.Left, p.Status, c.want)
		}
		if state := u.Query().Get("state"); name != "no state" && state != "0c9f-state" {
			t.Errorf("%s: state %q", name, state)
		}
	}
	// Every spelling of the start URL is this server's (api-surface.md 5.2).
	for _, issuer := range []string{
		"", "https://" + signintest.DirectoryID + ".awsapps.com/start", w.StartURL() + "/", w.StartURL() + "#/",
		"https://identitycenter.amazonaws.com/" + signintest.InstanceID, "https://" + signintest.InstanceID + ".eu-central-1.portal.amazonaws.com",
	} {
		if p := b.Get(newCLI(t, w, func(c *token.Client) { c.Issuer = issuer }).address()); p.Status != http.StatusOK || p.Left != "" {
			t.Errorf("issuer %q leads to %q (%d)", issuer, p.Left, p.Status)
		}
	}
}

// An IPv6 loopback listener is reached too, though policies cannot name it.
func TestIPv6Loopback(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	c := newCLI(t, w, func(c *token.Client) { c.RedirectURIs = []string{"http://[::1]/cb"} })
	c.redirect = "http://[::1]:5000/cb"
	b := w.Browser(t)
	b.MustSignIn(signintest.Jane, signintest.JanePassword)
	p := b.Get(c.address())
	if csp := p.Header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "form-action 'self' http:") {
		t.Errorf("the policy is %q", csp)
	}
}

// However many tabs and fingers say yes at once, one code is given (promise 6).
func TestConsentIsRacedOnce(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	b.MustSignIn(signintest.Jane, signintest.JanePassword)
	p := b.Get(newCLI(t, w, nil).address())
	action, form := p.Form(t)
	form.Set("decision", "allow")
	const racers = 30
	statuses := make(chan int, racers)
	for range racers {
		go func() { statuses <- b.Once(http.MethodPost, w.Map.SignIn()+action, form, nil).Status }()
	}
	won := 0
	for range racers {
		switch s := <-statuses; s {
		case http.StatusSeeOther:
			won++
		case http.StatusBadRequest:
		default:
			t.Errorf("a loser is answered %d", s)
		}
	}
	if won != 1 {
		t.Errorf("%d codes are given", won)
	}
}
