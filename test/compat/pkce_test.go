package compat

import (
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sekisho/test/compat/harness"
)

// currentCLI does what `aws sso login` of CLI 2.22 and later does with an
// sso-session, request by request and byte by byte (api-surface.md 5.3, 5.5 to
// 5.7). That CLI is in no package registry, so it is written down here.
type currentCLI struct {
	t      testing.TB
	server *harness.Server

	clientID, clientSecret string
	registrationExpires    time.Time

	callback net.Listener
	arrived  chan url.Values
	verifier string
	state    string
}

const (
	sessionName        = "work"
	registeredRedirect = "http://127.0.0.1/oauth/callback"
)

// newCurrentCLI registers and opens the listener for the browser's return.
func newCurrentCLI(t testing.TB, s *harness.Server) *currentCLI {
	t.Helper()
	c := &currentCLI{t: t, server: s, arrived: make(chan url.Values, 1)}
	a, m := post(t, s, "/client/register", `{"clientName": "botocore-client-`+sessionName+`", "clientType": "public", "scopes": ["sso:account:access"], `+
		`"grantTypes": ["authorization_code", "refresh_token"], "redirectUris": ["`+registeredRedirect+`"], "issuerUrl": "`+startURL+`"}`)
	if a.Status != http.StatusOK {
		t.Fatalf("RegisterClient: %d %s", a.Status, a.Body)
	}
	c.clientID, c.clientSecret = m["clientId"].(string), s.Secret("the client secret", m["clientSecret"].(string))
	c.registrationExpires = time.Unix(int64(m["clientSecretExpiresAt"].(float64)), 0)
	if life := time.Until(c.registrationExpires); life < 89*24*time.Hour || life > 91*24*time.Hour {
		t.Errorf("the registration lasts %v, want 90 days", life)
	}

	l, err := net.Listen("tcp", ":0") // all interfaces, as the CLI does
	if err != nil {
		t.Fatal(err)
	}
	c.callback = l
	srv := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte("You can close this window and start using the AWS CLI."))
		q := r.URL.Query()
		if q.Has("error") || q.Has("code") && q.Has("state") {
			c.arrived <- q
		}
	})}
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	return c
}

func (c *currentCLI) redirectURI() string {
	return fmt.Sprintf("http://127.0.0.1:%d/oauth/callback", c.callback.Addr().(*net.TCPAddr).Port)
}

// authorizeURL is the address that the CLI opens in the browser, its parameters
// in the CLI's order. Each call is for a new login.
func (c *currentCLI) authorizeURL() string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	raw := make([]byte, 64)
	_, _ = rand.Read(raw)
	for i := range raw {
		raw[i] = alphabet[int(raw[i])%len(alphabet)]
	}
	c.verifier, c.state = c.server.Secret("the code verifier", string(raw)), uuid.NewString()
	challenge := sha256.Sum256(raw)
	return c.server.Base + "/authorize?response_type=code" +
		"&client_id=" + url.QueryEscape(c.clientID) +
		"&redirect_uri=" + url.QueryEscape(c.redirectURI()) +
		"&state=" + c.state +
		"&code_challenge_method=S256" +
		"&scopes=" + url.QueryEscape("sso:account:access") +
		"&code_challenge=" + base64.RawURLEncoding.EncodeToString(challenge[:])
}

// code waits for the browser's return and does the CLI's checks of it.
func (c *currentCLI) code() (string, error) {
	select {
	case q := <-c.arrived:
		if q.Has("error") {
			return "", fmt.Errorf("failed to retrieve an authorization code: %s", q.Get("error"))
		}
		if q.Get("state") != c.state {
			return "", fmt.Errorf("state parameter does not match expected value")
		}
		return q.Get("code"), nil
	case <-time.After(10 * time.Second):
		return "", fmt.Errorf("the pending authorization to retrieve an SSO token has expired")
	}
}

// tokens is CreateToken's answer.
type tokens struct {
	Access, Refresh string
	ExpiresIn       time.Duration
}

func (c *currentCLI) redeem(code, redirectURI, verifier string) (answer, map[string]any) {
	c.t.Helper()
	return post(c.t, c.server, "/token", `{"grantType": "authorization_code", "clientId": "`+c.clientID+`", "clientSecret": "`+c.clientSecret+
		`", "redirectUri": "`+redirectURI+`", "codeVerifier": "`+verifier+`", "code": "`+code+`"}`)
}

func (c *currentCLI) refresh(token string) (answer, map[string]any) {
	c.t.Helper()
	return post(c.t, c.server, "/token", `{"grantType": "refresh_token", "clientId": "`+c.clientID+`", "clientSecret": "`+c.clientSecret+
		`", "refreshToken": "`+token+`"}`)
}

// tokens reads what CreateToken must have answered.
func (c *currentCLI) tokens(a answer, m map[string]any) tokens {
	c.t.Helper()
	if a.Status != http.StatusOK || m["tokenType"] != "Bearer" {
		c.t.Fatalf("CreateToken: %d %v", a.Status, m["error"])
	}
	return tokens{
		Access:    c.server.Secret("an access token", m["accessToken"].(string)),
		Refresh:   c.server.Secret("a refresh token", m["refreshToken"].(string)),
		ExpiresIn: time.Duration(m["expiresIn"].(float64)) * time.Second,
	}
}

// login goes through the whole flow.
func (c *currentCLI) login(b *harness.Browser, who harness.Person) tokens {
	c.t.Helper()
	page := b.Walk(c.authorizeURL(), who, "allow")
	if page.Status != http.StatusOK || page.URL.Hostname() != "127.0.0.1" {
		c.t.Fatalf("the browser ended at %s (%d): %s", page.URL.Host, page.Status, page.Text())
	}
	code, err := c.code()
	if err != nil {
		c.t.Fatal(err)
	}
	return c.tokens(c.redeem(c.server.Secret("an authorization code", code), c.redirectURI(), c.verifier))
}

// save writes the token file that the CLI leaves for every SDK. The token is
// said to last for life, whatever it really does.
func (c *currentCLI) save(h *harness.Home, got tokens, life time.Duration) {
	c.t.Helper()
	stamp := func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
	raw, err := json.Marshal(map[string]string{
		"startUrl": startURL, "region": region, "accessToken": got.Access, "expiresAt": stamp(time.Now().Add(life)),
		"clientId": c.clientID, "clientSecret": c.clientSecret, "registrationExpiresAt": stamp(c.registrationExpires),
		"refreshToken": got.Refresh,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	h.Write(tokenPath, string(raw))
}

// tokenPath is where the session's token lies.
var tokenPath = func() string {
	sum := sha1.Sum([]byte(sessionName))
	return ".aws/sso/cache/" + hex.EncodeToString(sum[:]) + ".json"
}()

// TestPKCELogin goes through the flow of CLI 2.22 and later, twice with one
// registration and one browser: the second time nobody asks for a password
// (I-04, I-06, I-08, I-10).
func TestPKCELogin(t *testing.T) {
	t.Parallel()
	s := start(t)
	c, b := newCurrentCLI(t, s), s.Browser(t)
	first := c.login(b, jane)
	if first.ExpiresIn < 59*time.Minute || first.ExpiresIn > time.Hour {
		t.Errorf("the access token lasts %v, want an hour", first.ExpiresIn)
	}
	if status := listAccounts(t, s, first.Access); status != http.StatusOK {
		t.Errorf("the access token gets status %d", status)
	}
	second := c.login(b, harness.Person{}) // no name, no password: the session stands
	if second.Access == first.Access || second.Refresh == first.Refresh {
		t.Error("the second login got the first one's tokens")
	}
	third := c.tokens(c.refresh(second.Refresh))
	if status := listAccounts(t, s, third.Access); status != http.StatusOK {
		t.Errorf("the refreshed access token gets status %d", status)
	}
}

// TestPKCEDenied: "Deny" comes back to the CLI as access_denied, with its state.
func TestPKCEDenied(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := newCurrentCLI(t, s)
	s.Browser(t).Walk(c.authorizeURL(), jane, "deny")
	q := <-c.arrived
	if q.Get("error") != "access_denied" || q.Get("state") != c.state || q.Has("code") {
		t.Errorf("the CLI was told %v", q)
	}
}

// TestPKCEState: what the CLI gets back is the very state it sent, so that it
// notices an answer to somebody else's login.
func TestPKCEState(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := newCurrentCLI(t, s)
	for _, state := range []string{c.state + "x", `ä /?&=%41"<script>`, strings.Repeat("s", 1024)} {
		address := c.authorizeURL()
		address = strings.Replace(address, "state="+c.state, "state="+url.QueryEscape(state), 1)
		s.Browser(t).Walk(address, jane, "allow")
		q := <-c.arrived
		if got := q.Get("state"); got != state {
			t.Errorf("state %q came back as %q", state, got)
		}
		c.arrived <- q
		if _, err := c.code(); err == nil {
			t.Errorf("the CLI took the answer to a login that it did not begin")
		}
	}
}

// TestPKCEExchange is what CreateToken answers to a code that something is wrong
// with (RFC 6749 4.1.2, RFC 7636; behaviours.md 7.5).
func TestPKCEExchange(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.Browser(t)
	port := func(uri string, change func(*url.URL)) string {
		u, _ := url.Parse(uri)
		change(u)
		return u.String()
	}
	for name, test := range map[string]struct {
		redirect func(string) string
		verifier func(string) string
		code     func(string) string
		client   func(*currentCLI) *currentCLI
		error    string
		status   int
	}{
		"wrong verifier":       {verifier: func(string) string { return strings.Repeat("v", 64) }, error: "invalid_grant", status: 400},
		"verifier cut":         {verifier: func(v string) string { return v[:63] }, error: "invalid_grant", status: 400},
		"empty verifier":       {verifier: func(string) string { return "" }, error: "invalid_request", status: 400},
		"other port":           {redirect: func(r string) string { return port(r, func(u *url.URL) { u.Host = "127.0.0.1:1" }) }, error: "invalid_grant", status: 400},
		"other host":           {redirect: func(r string) string { return port(r, func(u *url.URL) { u.Host = "localhost:" + u.Port() }) }, error: "invalid_grant", status: 400},
		"registered, portless": {redirect: func(string) string { return registeredRedirect }, error: "invalid_grant", status: 400},
		"other code":           {code: func(c string) string { return c[:len(c)-1] + "?" }, error: "invalid_grant", status: 400},
		"another client": {client: func(c *currentCLI) *currentCLI {
			other := newCurrentCLI(t, s)
			other.verifier = c.verifier
			return other
		}, error: "invalid_grant", status: 400},
		"wrong secret": {client: func(c *currentCLI) *currentCLI {
			other := *c
			other.clientSecret = newCurrentCLI(t, s).clientSecret
			return &other
		}, error: "invalid_client", status: 401},
	} {
		c := newCurrentCLI(t, s)
		b.Walk(c.authorizeURL(), jane, "allow")
		code, err := c.code()
		if err != nil {
			t.Fatal(err)
		}
		by, redirect, verifier, sent := c, c.redirectURI(), c.verifier, code
		if test.client != nil {
			by = test.client(c)
		}
		if test.redirect != nil {
			redirect = test.redirect(redirect)
		}
		if test.verifier != nil {
			verifier = test.verifier(verifier)
		}
		if test.code != nil {
			sent = test.code(sent)
		}
		a, m := by.redeem(sent, redirect, verifier)
		if a.Status != test.status || m["error"] != test.error || m["accessToken"] != nil {
			t.Errorf("%s: %d %s, want %d %s", name, a.Status, m["error"], test.status, test.error)
		}
		// Who glimpsed the code could not spoil it.
		if a, m := c.redeem(code, c.redirectURI(), c.verifier); a.Status != http.StatusOK {
			t.Errorf("%s: afterwards the rightful client gets %d %v", name, a.Status, m["error"])
		}
	}
}

// TestPKCEReplay: a code that comes twice has been stolen by somebody; what the
// first exchange gave ends (RFC 6749 4.1.2, promise 10).
func TestPKCEReplay(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := newCurrentCLI(t, s)
	s.Browser(t).Walk(c.authorizeURL(), jane, "allow")
	code, err := c.code()
	if err != nil {
		t.Fatal(err)
	}
	got := c.tokens(c.redeem(code, c.redirectURI(), c.verifier))
	if status := listAccounts(t, s, got.Access); status != http.StatusOK {
		t.Fatalf("the access token gets status %d", status)
	}
	if a, m := c.redeem(code, c.redirectURI(), c.verifier); a.Status != 400 || m["error"] != "invalid_grant" {
		t.Errorf("the replayed code gets %d %v, want 400 invalid_grant", a.Status, m["error"])
	}
	if status := listAccounts(t, s, got.Access); status != http.StatusUnauthorized {
		t.Errorf("after the replay the access token gets status %d, want 401", status)
	}
	if a, m := c.refresh(got.Refresh); a.Status != 400 || m["error"] != "invalid_grant" {
		t.Errorf("after the replay the refresh token gets %d %v, want 400 invalid_grant", a.Status, m["error"])
	}
}

// TestPKCECodeExpires: a code is good for minutes only.
func TestPKCECodeExpires(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := newCurrentCLI(t, s)
	s.Browser(t).Walk(c.authorizeURL(), jane, "allow")
	code, err := c.code()
	if err != nil {
		t.Fatal(err)
	}
	s.Advance(t, 10*time.Minute)
	if a, m := c.redeem(code, c.redirectURI(), c.verifier); a.Status != 400 || m["error"] != "invalid_grant" {
		t.Errorf("after ten minutes: %d %v, want 400 invalid_grant", a.Status, m["error"])
	}
}

// TestPKCERefreshReuse: several processes may use one refresh token within the
// grace; later use ends the grant (api-surface.md 0.8, RFC 9700 4.14.2).
func TestPKCERefreshReuse(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := newCurrentCLI(t, s)
	got := c.login(s.Browser(t), jane)
	one := c.tokens(c.refresh(got.Refresh))
	two := c.tokens(c.refresh(got.Refresh))
	if one.Refresh == got.Refresh || one.Refresh == two.Refresh {
		t.Error("the refresh token does not rotate")
	}
	s.Advance(t, 3*time.Minute)
	if a, m := c.refresh(got.Refresh); a.Status != 400 || m["error"] != "invalid_grant" {
		t.Errorf("past the grace: %d %v, want 400 invalid_grant", a.Status, m["error"])
	}
	for _, token := range []string{one.Access, two.Access} {
		if status := listAccounts(t, s, token); status != http.StatusUnauthorized {
			t.Errorf("after the theft an access token gets status %d, want 401", status)
		}
	}
}

// TestAuthorizeRefusals: /authorize redirects to nobody but a known client's own
// redirect URI; what is wrong beyond that is told to the client (RFC 6749
// 4.1.2.1, RFC 9700 4.1, promise 9).
func TestAuthorizeRefusals(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := newCurrentCLI(t, s)
	set := func(name, value string) func(url.Values) {
		return func(q url.Values) { q.Set(name, value) }
	}
	drop := func(name string) func(url.Values) { return func(q url.Values) { q.Del(name) } }
	for name, test := range map[string]struct {
		change func(url.Values)
		error  string // told to the client; "" for a page that leads nowhere
	}{
		"unknown client":       {set("client_id", "x"), ""},
		"no client":            {drop("client_id"), ""},
		"two clients":          {func(q url.Values) { q["client_id"] = append(q["client_id"], q.Get("client_id")) }, ""},
		"no redirect URI":      {drop("redirect_uri"), ""},
		"foreign redirect URI": {set("redirect_uri", "https://evil.example/oauth/callback"), ""},
		"other path":           {set("redirect_uri", "http://127.0.0.1:1/other"), ""},
		"other loopback name":  {set("redirect_uri", "http://localhost:1/oauth/callback"), ""},
		"user in the host":     {set("redirect_uri", "http://127.0.0.1:1@evil.example/oauth/callback"), ""},
		"https":                {set("redirect_uri", "https://127.0.0.1:1/oauth/callback"), ""},
		"added query":          {set("redirect_uri", "http://127.0.0.1:1/oauth/callback?a=b"), ""},
		"fragment":             {set("redirect_uri", "http://127.0.0.1:1/oauth/callback#a"), ""},
		"backslash":            {set("redirect_uri", `http://127.0.0.1:1\@evil.example/oauth/callback`), ""},
		"script":               {set("redirect_uri", "javascript:alert(1)"), ""},
		"no challenge":         {drop("code_challenge"), "invalid_request"},
		"plain challenge":      {set("code_challenge_method", "plain"), "invalid_request"},
		"padded challenge":     {set("code_challenge", base64.URLEncoding.EncodeToString(make([]byte, 32))), "invalid_request"},
		"no state":             {drop("state"), "invalid_request"},
		"token":                {set("response_type", "token"), "unsupported_response_type"},
		"unknown scope":        {set("scopes", "sso:account:access admin"), "invalid_scope"},
		"two challenges":       {func(q url.Values) { q["code_challenge"] = append(q["code_challenge"], "x") }, "invalid_request"},
	} {
		u, err := url.Parse(c.authorizeURL())
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		test.change(q)
		u.RawQuery = q.Encode()
		r, err := http.NewRequest(http.MethodGet, u.String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		a := send(t, r)
		location := a.Header.Get("Location")
		if test.error == "" {
			if a.Status != http.StatusBadRequest || location != "" {
				t.Errorf("%s: %d, Location %q; want a page with status 400", name, a.Status, location)
			}
			continue
		}
		to, err := url.Parse(location)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(location, c.redirectURI()+"?") || to.Query().Get("error") != test.error || to.Query().Get("state") != q.Get("state") {
			t.Errorf("%s: %d, Location %q; want %s told to %s", name, a.Status, location, test.error, c.redirectURI())
		}
	}
}
