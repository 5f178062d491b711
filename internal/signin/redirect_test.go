package signin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sekisho/internal/signin/signintest"
	"sekisho/internal/token"
)

// nearMisses are redirect URIs that look like one of those registered below and
// are not (RFC 9700 4.1, RFC 8252 7.3).
func nearMisses() []string {
	misses := []string{"", " ", "null", "about:blank", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//127.0.0.1/oauth/callback", "/oauth/callback", "oauth/callback"}
	add := func(format string, values ...string) {
		for _, v := range values {
			misses = append(misses, fmt.Sprintf(format, v))
		}
	}
	// Of http://127.0.0.1/oauth/callback, whose port is free and nothing else.
	add("%s://127.0.0.1:5000/oauth/callback", "https", "HTTP", "Http", "ftp", "ws", "http ", "httpx", "h", "app", "http+unix")
	add("http://%s/oauth/callback",
		"localhost", "localhost:5000", "127.0.0.2", "127.0.0.2:5000", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001",
		"127.0.0.01", "127.00.0.1", "127.0.0.1.", "127.0.0.1.:5000", "[::1]", "[::1]:5000", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "[::]", "0",
		"127.0.0.1.evil.example", "127.0.0.1.nip.io", "evil.example", "evil.example:5000", "127.0.0.1@evil.example", "127.0.0.1:5000@evil.example",
		"evil.example@127.0.0.1", "user@127.0.0.1", "user:pass@127.0.0.1:5000", ":@127.0.0.1", "@127.0.0.1", "127.0.0.1:5000:5000", "127.0.0.1:port", "127.0.0.1:-1",
		"127.0.0.1:5000 ", " 127.0.0.1", "127.0.0.1%2eevil.example", "127.0.0.1%00.evil.example", "127.0.0.1%5000", "%31%32%37.0.0.1", "127。0。0。1", "①②⑦.0.0.1",
		"127.0.0.1#@evil.example", "127.0.0.1?@evil.example", "127.0.0.1\\@evil.example", "127.0.0.1\\.evil.example", "127.0.0.1,evil.example", "127.0.0.1;evil.example",
		"*", "*.0.0.1", "127.0.0.*", "127.0.0.1:*", "169.254.169.254", "10.0.0.1", "[fe80::1]", "[::1%25lo]", "[127.0.0.1]", "1.0.0.127", "0127.0.0.1", "127.0.0.1\t", "127.0.0.1\n")
	add("http://127.0.0.1:5000%s",
		"", "/", "/oauth", "/oauth/", "/oauth/callback/", "/oauth/callback//", "//oauth/callback", "/oauth//callback", "/oauth/./callback", "/oauth/../oauth/callback",
		"/./oauth/callback", "/../oauth/callback", "/oauth/callback/.", "/oauth/callback/..", "/oauth/callback/../callback", "/oauth/x/../callback", "/OAuth/callback",
		"/oauth/Callback", "/OAUTH/CALLBACK", "/oauth/callback1", "/oauth/callbac", "/xoauth/callback", "/oauth/callback;x", "/oauth/callback;x=1", "/oauth;/callback",
		"/oauth/callback?", "/oauth/callback?x", "/oauth/callback?x=1", "/oauth/callback?code=x", "/oauth/callback#", "/oauth/callback#x", "/oauth/callback?#", "/oauth/callback&x=1",
		"/oauth/callback%%20", "/oauth/callback%%00", "/oauth/callback%%0a", "/oauth/callback%%0d%%0aLocation:%%20evil", "/oauth%%2fcallback", "/oauth%%2Fcallback", "/%%6fauth/callback",
		"/oauth/callbac%%6b", "/oauth/callbac%%6B", "/oauth/%%2e/callback", "/oauth/%%2e%%2e/oauth/callback", "/oauth/..%%2foauth/callback", "/oauth\\callback", "\\oauth\\callback",
		"/oauth/callback\\", "/oauth/callback ", " /oauth/callback", "/oauth/callback\t", "/oauth/callback\r\n", "/oauth/callback\x00", "/oauth/*", "/*", "*", "/oauth/callback*",
		"/oauth/callback,", "/oauth/callback.", "/oauth/callback..", "/oauth/callback~", "/oauth/callback+", "/oauth/cаllback", "/oauth/callbacḱ", "/oauth/callback\u200b", "/oauth/callback\u202e",
		"/ｏauth/callback", "/oauth/callback%%e2%%80%%8b", "/oauth/callback@evil.example", "@evil.example/oauth/callback", "/oauth/callback//evil.example", "/oauth/callback/https://evil.example")
	// Of https://app.example.com/cb, where nothing is free.
	add("%s", "https://app.example.com/cb/", "https://app.example.com/cb?", "https://app.example.com/cb#", "https://app.example.com/cb?x=1", "https://app.example.com/CB",
		"https://app.example.com/cb/..", "https://app.example.com/./cb", "https://app.example.com//cb", "https://app.example.com/x/../cb", "https://app.example.com/%63b",
		"https://APP.example.com/cb", "https://app.Example.com/cb", "HTTPS://app.example.com/cb", "http://app.example.com/cb", "https://app.example.com:443/cb", "https://app.example.com:8443/cb",
		"https://app.example.com:/cb", "https://app.example.com./cb", "https://app.example.com.evil.example/cb", "https://evil.example/app.example.com/cb", "https://app.example.comx/cb",
		"https://xapp.example.com/cb", "https://x.app.example.com/cb", "https://example.com/cb", "https://app-example.com/cb", "https://app.example.org/cb", "https://app.example.com@evil.example/cb",
		"https://user@app.example.com/cb", "https://app.example.com%2eevil.example/cb", "https://app.example.com\\@evil.example/cb", "https:///app.example.com/cb", "https:/app.example.com/cb",
		"https:app.example.com/cb", "https://app.example.com", "https://app.example.com/", "https://app.example.com/c", "https://app.example.com/cbb", "https://аpp.example.com/cb",
		"https://app.example.com/cb\u00a0", "https://app.example.com/cb%20", "https://app.example.com/cb/*", "https://*.example.com/cb", "https://app.example.com\t/cb", "\thttps://app.example.com/cb",
		"https://app.example.com/cb;jsessionid=1", "https://app.example.com/cb\\", "wss://app.example.com/cb", "https://[app.example.com]/cb", "https://app。example。com/cb",
		"https://xn--pp-7lc.example.com/cb", "https://app.example.com/cb,https://evil.example", "https://app.example.com/cb https://evil.example")
	for i, m := range misses {
		misses[i] = strings.ReplaceAll(m, "%%", "%")
	}
	return misses
}

// Redirect URIs match exactly, and a refusal never redirects (promise 9).
func TestNearMissRedirectsAreRefused(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	c := newCLI(t, w, func(c *token.Client) {
		c.RedirectURIs = []string{"http://127.0.0.1/oauth/callback", "https://app.example.com/cb"}
	})
	b := w.Browser(t)
	misses := nearMisses()
	if len(misses) < 200 {
		t.Fatalf("only %d near misses", len(misses))
	}
	for _, uri := range misses {
		if c.client.AllowsRedirect(uri) {
			t.Errorf("%q is allowed", uri)
		}
		c.redirect = uri
		// With an error to report, too: that is when servers redirect too soon.
		for _, address := range []string{c.address(), c.address("response_type", "token")} {
			if p := b.Once(http.MethodGet, address, nil, nil); p.Status != http.StatusBadRequest || p.Header.Get("Location") != "" || p.Header.Get("Refresh") != "" {
				t.Errorf("%q is answered %d, to %q", uri, p.Status, p.Header.Get("Location"))
			}
		}
	}
	// Not everything is refused.
	for _, uri := range []string{"http://127.0.0.1/oauth/callback", "http://127.0.0.1:1/oauth/callback", "http://127.0.0.1:65535/oauth/callback", "https://app.example.com/cb"} {
		if c.redirect = uri; b.Once(http.MethodGet, c.address(), nil, nil).Status != http.StatusSeeOther {
			t.Errorf("%q is refused", uri)
		}
	}
}

// A client that is unknown, expired or ambiguous is told nothing by redirect.
func TestUnknownClientsAreNotRedirected(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	c := newCLI(t, w, nil)
	b := w.Browser(t)
	good := c.address()
	for name, address := range map[string]string{
		"no client":          c.address("client_id", ""),
		"unknown":            c.address("client_id", "unknown"),
		"changed":            c.address("client_id", c.client.ID[:len(c.client.ID)-3]+"AAA"),
		"huge":               c.address("client_id", strings.Repeat("A", 20_000)),
		"two clients":        good + "&client_id=" + url.QueryEscape(c.client.ID),
		"two redirect URIs":  good + "&redirect_uri=https://evil.example",
		"two states":         good + "&state=x",
		"unreadable query":   good + "&%zz",
		"semicolons":         good + ";redirect_uri=https://evil.example",
		"no redirect URI":    c.address("redirect_uri", ""),
		"another's redirect": c.address("redirect_uri", "http://localhost:5000/oauth/callback"),
	} {
		if p := b.Once(http.MethodGet, address, nil, nil); p.Status != http.StatusBadRequest || p.Header.Get("Location") != "" {
			t.Errorf("%s: answered %d, to %q", name, p.Status, p.Header.Get("Location"))
		}
	}
	if p := b.Once(http.MethodPost, good, url.Values{}, nil); p.Status != http.StatusMethodNotAllowed {
		t.Errorf("POST is answered %d", p.Status)
	}
	w.Clock.Advance(token.RegistrationLife)
	if p := b.Once(http.MethodGet, good, nil, nil); p.Status != http.StatusBadRequest || p.Header.Get("Location") != "" {
		t.Errorf("expired: answered %d", p.Status)
	}
}

// Anybody can register a site of theirs as a client. Without a person's consent
// an authorization request is no way to send browsers there (open redirect, RFC
// 9700 4.11.2); programs on the browser's own machine are told their errors.
func TestErrorsAreNotRedirectedToSites(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	c := newCLI(t, w, func(c *token.Client) {
		c.RedirectURIs = []string{"http://127.0.0.1/oauth/callback", "https://evil.example/cb", "http://localhost:5000/cb"}
	})
	b := w.Browser(t)
	for uri, status := range map[string]int{
		"http://127.0.0.1:5000/oauth/callback": http.StatusSeeOther,
		"https://evil.example/cb":              http.StatusBadRequest,
		"http://localhost:5000/cb":             http.StatusBadRequest,
	} {
		c.redirect = uri
		p := b.Once(http.MethodGet, c.address("response_type", "token"), nil, nil)
		if p.Status != status || (p.Header.Get("Location") != "") != (status == http.StatusSeeOther) {
			t.Errorf("%s: answered %d, to %q", uri, p.Status, p.Header.Get("Location"))
		}
	}
}
