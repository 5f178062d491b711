package signintest

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Browser is one browser profile.
type Browser struct {
	W   *World
	T   testing.TB
	Jar http.CookieJar
	// Address is where it comes from.
	Address string
	// Header is sent with every request.
	Header http.Header
	// Quiet is an old browser, which says nothing of where requests come from.
	Quiet bool
}

// Browser makes a fresh browser at an address of its own.
func (w *World) Browser(t testing.TB) *Browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Browser{W: w, T: t, Jar: jar, Address: "198.51.100.7", Header: http.Header{"Accept-Language": {"en"}}}
}

// Page is what a browser shows.
type Page struct {
	Status int
	URL    *url.URL
	Header http.Header
	Body   string
	// Hops are the addresses that led here, this one last.
	Hops []string
	// Left is where the last redirect leads when that is not this server; then
	// nothing else of the page is set but Hops.
	Left string
}

const maxHops = 12

// Get visits an address.
func (b *Browser) Get(address string) *Page {
	b.T.Helper()
	return b.visit(http.MethodGet, address, nil, nil, nil)
}

// Once sends one request and follows nothing. change may be nil.
func (b *Browser) Once(method, address string, form url.Values, change func(*http.Request)) *Page {
	b.T.Helper()
	return b.send(method, address, form, nil, change)
}

// Submit fills in the page's form and posts it with its hidden fields. Values
// of fill take their fields' place.
func (b *Browser) Submit(p *Page, fill url.Values) *Page {
	b.T.Helper()
	action, _ := p.Form(b.T)
	return b.SubmitTo(p, action, fill)
}

// SubmitTo is Submit for a page with several forms, of which one goes to action.
func (b *Browser) SubmitTo(p *Page, action string, fill url.Values) *Page {
	b.T.Helper()
	_, form := p.Form(b.T)
	for name, values := range fill {
		form[name] = values
	}
	target, err := p.URL.Parse(action)
	if err != nil {
		b.T.Fatal(err)
	}
	return b.visit(http.MethodPost, target.String(), form, p.URL, formTargets(p))
}

// formTargets are the origins where the page's policy lets a form lead.
func formTargets(p *Page) []string {
	_, after, _ := strings.Cut(p.Header.Get("Content-Security-Policy"), "form-action")
	sources, _, _ := strings.Cut(after, ";")
	targets := strings.Fields(sources)
	if slices.Contains(targets, "'self'") {
		targets = append(targets, p.URL.Scheme+"://"+p.URL.Host)
	}
	return targets
}

func (b *Browser) visit(method, address string, form url.Values, from *url.URL, targets []string) *Page {
	b.T.Helper()
	var hops []string
	for range maxHops {
		u, err := url.Parse(address)
		if err != nil {
			b.T.Fatal(err)
		}
		if targets != nil && !slices.Contains(targets, u.Scheme+"://"+u.Host) {
			b.T.Fatalf("the page's form-action %q does not let its form lead to %s", targets, address)
		}
		hops = append(hops, address)
		if !strings.HasSuffix(u.Hostname(), b.domain()) {
			return &Page{Left: address, Hops: hops}
		}
		p := b.send(method, address, form, from, nil)
		p.Hops = hops
		if p.Status < 300 || p.Status > 399 {
			return p
		}
		next, err := u.Parse(p.Header.Get("Location"))
		if err != nil {
			b.T.Fatal(err)
		}
		method, form, address = http.MethodGet, nil, next.String()
	}
	b.T.Fatalf("redirected in a circle: %q", hops)
	return nil
}

func (b *Browser) domain() string {
	u, _ := url.Parse(b.W.Map.Base())
	return u.Hostname()
}

func (b *Browser) send(method, address string, form url.Values, from *url.URL, change func(*http.Request)) *Page {
	b.T.Helper()
	u, err := url.Parse(address)
	if err != nil {
		b.T.Fatal(err)
	}
	r := httptest.NewRequestWithContext(b.T.Context(), method, u.RequestURI(), strings.NewReader(form.Encode()))
	r.Host = u.Host
	for name, values := range b.Header {
		r.Header[name] = values
	}
	r.Header.Set("Test-Client-Ip", b.Address)
	for _, c := range b.Jar.Cookies(u) {
		r.AddCookie(c)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if !b.Quiet && method != http.MethodHead {
		r.Header.Set("Sec-Fetch-Site", "none")
		if from != nil {
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			if from.Host == u.Host {
				r.Header.Set("Sec-Fetch-Site", "same-origin")
			}
			r.Header.Set("Origin", from.Scheme+"://"+from.Host)
		}
	}
	if change != nil {
		change(r)
	}
	rec := httptest.NewRecorder()
	b.W.ServeHTTP(rec, r)
	res := rec.Result()
	defer func() { _ = res.Body.Close() }()
	b.Jar.SetCookies(u, res.Cookies())
	return &Page{Status: res.StatusCode, URL: u, Header: res.Header, Body: rec.Body.String(), Hops: []string{address}}
}

// Form returns where the page's form goes and the values it has.
func (p *Page) Form(t testing.TB) (action string, values url.Values) {
	t.Helper()
	values = url.Values{}
	found := false
	for n := range parse(t, p.Body).Descendants() {
		switch {
		case n.Type == html.ElementNode && n.Data == "form":
			found, action = true, attr(n, "action")
		case n.Type == html.ElementNode && n.Data == "input" && attr(n, "name") != "":
			if kind := attr(n, "type"); (kind == "radio" || kind == "checkbox") && !has(n, "checked") {
				continue
			}
			values.Set(attr(n, "name"), attr(n, "value"))
		}
	}
	if !found {
		t.Fatalf("%s (%d) has no form:\n%s", p.URL, p.Status, p.Body)
	}
	return action, values
}

// Link returns the address of the first link or picture whose address matches.
func (p *Page) Link(t testing.TB, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	for n := range parse(t, p.Body).Descendants() {
		for _, name := range []string{"href", "src"} {
			if v := attr(n, name); v != "" && re.MatchString(v) {
				u, err := p.URL.Parse(v)
				if err != nil {
					t.Fatal(err)
				}
				return u.String()
			}
		}
	}
	t.Fatalf("%s (%d) has no link that matches %s:\n%s", p.URL, p.Status, pattern, p.Body)
	return ""
}

// Title is the page's heading.
func (p *Page) Title(t testing.TB) string {
	t.Helper()
	for n := range parse(t, p.Body).Descendants() {
		if n.Type == html.ElementNode && n.Data == "h1" && n.FirstChild != nil {
			return n.FirstChild.Data
		}
	}
	return ""
}

func parse(t testing.TB, body string) *html.Node {
	t.Helper()
	n, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// Fetch is what the portal's script does: a request with its header.
func (b *Browser) Fetch(method, address string) *Page {
	b.T.Helper()
	return b.Once(method, address, nil, func(r *http.Request) {
		r.Header.Set("X-Sekisho-Csrf", "1")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		if method == http.MethodPost {
			r.Header.Set("Origin", "http://"+r.Host)
		}
	})
}

// Identify opens the portal and gives the user name; it returns the page that
// asks for the password.
func (b *Browser) Identify(name string) *Page {
	b.T.Helper()
	return b.Submit(b.Get(b.W.StartURL()), url.Values{"username": {name}})
}

// SignIn signs in at the portal and returns what that leads to.
func (b *Browser) SignIn(name, password string) *Page {
	b.T.Helper()
	return b.Submit(b.Identify(name), url.Values{"password": {password}})
}

// MustSignIn is SignIn that has to end at the portal's app.
func (b *Browser) MustSignIn(name, password string) *Page {
	b.T.Helper()
	p := b.SignIn(name, password)
	if p.Status != http.StatusOK || !strings.Contains(p.Body, `id="sekisho-session"`) {
		b.T.Fatalf("signing in led to %s (%d):\n%s", p.URL, p.Status, p.Body)
	}
	return p
}

// Cookie is the value of the browser's cookie at an address, or "".
func (b *Browser) Cookie(address, name string) string {
	u, _ := url.Parse(address)
	for _, c := range b.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// SetCookie puts a cookie there, as whoever planted it would.
func (b *Browser) SetCookie(address, name, value string) {
	u, _ := url.Parse(address)
	b.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}
