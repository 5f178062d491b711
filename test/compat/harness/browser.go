package harness

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// Browser is one browser profile: it keeps cookies, follows redirects, says
// where its requests come from, and keeps a page's form-action policy. It runs
// no script, which none of the pages that it is for needs.
type Browser struct {
	t    testing.TB
	http *http.Client
}

// Browser makes a fresh browser profile. Like every browser it resolves the
// names under localhost by itself.
func (s *Server) Browser(t testing.TB) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			host, port, err := net.SplitHostPort(address)
			if err == nil && strings.HasSuffix("."+host, ".localhost") {
				address = net.JoinHostPort("127.0.0.1", port)
			}
			return dialer.DialContext(ctx, network, address)
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &Browser{t: t, http: &http.Client{
		Jar: jar, Transport: transport, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Page is what a browser shows.
type Page struct {
	URL    *url.URL
	Status int
	Header http.Header
	Body   string

	browser *Browser
	doc     *html.Node
}

const maxHops = 12

// Open visits an address as a person does who follows a link or types it.
func (b *Browser) Open(address string) *Page {
	b.t.Helper()
	return b.visit(http.MethodGet, address, nil, nil)
}

// Do sends one request as given and follows nothing.
func (b *Browser) Do(r *http.Request) *Page {
	b.t.Helper()
	res, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	if err != nil {
		b.t.Fatal(err)
	}
	doc, err := html.Parse(strings.NewReader(string(body)))
	if err != nil {
		b.t.Fatal(err)
	}
	return &Page{URL: r.URL, Status: res.StatusCode, Header: res.Header, Body: string(body), browser: b, doc: doc}
}

// visit sends a request from a page, or from nowhere, and follows redirects.
func (b *Browser) visit(method, address string, form url.Values, from *Page) *Page {
	b.t.Helper()
	for range maxHops {
		u, err := url.Parse(address)
		if err != nil {
			b.t.Fatal(err)
		}
		if form != nil || from != nil {
			from.mustAllow(u)
		}
		r, err := http.NewRequest(method, address, strings.NewReader(form.Encode()))
		if err != nil {
			b.t.Fatal(err)
		}
		r.Header.Set("Accept", "text/html,application/xhtml+xml")
		r.Header.Set("Accept-Language", "en")
		r.Header.Set("Sec-Fetch-Mode", "navigate")
		r.Header.Set("Sec-Fetch-Site", "none")
		if from != nil {
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			if from.URL.Host == u.Host {
				r.Header.Set("Sec-Fetch-Site", "same-origin")
			}
		}
		if method == http.MethodPost {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Origin", from.URL.Scheme+"://"+from.URL.Host)
		}
		p := b.Do(r)
		if p.Status < 300 || p.Status > 399 {
			return p
		}
		next, err := u.Parse(p.Header.Get("Location"))
		if err != nil {
			b.t.Fatal(err)
		}
		method, form, address = http.MethodGet, nil, next.String()
	}
	b.t.Fatalf("redirected in a circle, last to %s", address)
	return nil
}

// mustAllow fails unless the page's policy lets its form lead to u, itself or
// by a redirect.
func (p *Page) mustAllow(u *url.URL) {
	p.browser.t.Helper()
	_, after, found := strings.Cut(p.Header.Get("Content-Security-Policy"), "form-action")
	sources, _, _ := strings.Cut(after, ";")
	allowed := strings.Fields(sources)
	origin := u.Scheme + "://" + u.Host
	own := slices.Contains(allowed, "'self'") && u.Host == p.URL.Host
	if found && !own && !slices.Contains(allowed, origin) {
		p.browser.t.Fatalf("the form-action %q of %s does not let its form lead to %s", allowed, p.URL.Path, origin)
	}
}

// Title is the page's heading.
func (p *Page) Title() string {
	for n := range p.doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "h1" {
			return strings.TrimSpace(text(n))
		}
	}
	return ""
}

// Text is what the page says, in one line.
func (p *Page) Text() string { return strings.Join(strings.Fields(text(p.doc)), " ") }

// Has reports whether the page's form has a field or button of that name (and,
// of a button, that value) that a person can use.
func (p *Page) Has(name, value string) bool {
	for n := range p.doc.Descendants() {
		if n.Type != html.ElementNode || attr(n, "name") != name || attr(n, "type") == "hidden" || hasAttr(n, "readonly") {
			continue
		}
		if n.Data == "input" || n.Data == "button" && attr(n, "value") == value {
			return true
		}
	}
	return false
}

// Submit fills in the page's form and sends it with its hidden fields.
func (p *Page) Submit(fill url.Values) *Page {
	t := p.browser.t
	t.Helper()
	form := url.Values{}
	action, found := "", false
	for n := range p.doc.Descendants() {
		switch {
		case n.Type == html.ElementNode && n.Data == "form" && strings.EqualFold(attr(n, "method"), "post"):
			action, found = attr(n, "action"), true
		case n.Type == html.ElementNode && n.Data == "input" && attr(n, "name") != "":
			form.Set(attr(n, "name"), attr(n, "value"))
		}
	}
	if !found {
		t.Fatalf("%q (%d, %s) has no form", p.Title(), p.Status, p.URL)
	}
	for name, values := range fill {
		form[name] = values
	}
	target, err := p.URL.Parse(action)
	if err != nil {
		t.Fatal(err)
	}
	return p.browser.visit(http.MethodPost, target.String(), form, p)
}

// Person is somebody who can sign in.
type Person struct{ UserName, Password string }

// Walk opens an address and goes through the pages as the person would who wants
// what they ask for: gives name and password when asked, and at the end presses
// the button "allow" or "deny". It returns the page after the last one that it
// knows what to do with.
func (b *Browser) Walk(address string, who Person, decision string) *Page {
	b.t.Helper()
	return b.Open(address).Walk(who, decision)
}

// Walk goes on from this page; see [Browser.Walk].
func (p *Page) Walk(who Person, decision string) *Page {
	t := p.browser.t
	t.Helper()
	for range maxHops {
		switch {
		case p.Has("password", ""):
			if p.Status != http.StatusOK {
				t.Fatalf("the password of %s was refused: %s", who.UserName, p.Text())
			}
			p = p.Submit(url.Values{"password": {who.Password}})
		case p.Has("username", ""):
			p = p.Submit(url.Values{"username": {who.UserName}})
		case p.Has("decision", "confirm"):
			p = p.Submit(url.Values{"decision": {"confirm"}})
		case p.Has("decision", decision):
			p = p.Submit(url.Values{"decision": {decision}})
		default:
			return p
		}
	}
	t.Fatalf("still at %q after %d pages", p.Title(), maxHops)
	return nil
}

// SignOut presses the portal's "Sign out", whose script sends this request.
func (b *Browser) SignOut(portal string) {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, portal+"/start/signout", nil)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("X-Sekisho-Csrf", "1")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Origin", portal)
	if p := b.Do(r); p.Status != http.StatusNoContent {
		b.t.Fatalf("signing out of the portal: %d\n%s", p.Status, p.Body)
	}
}

func text(n *html.Node) string {
	var s strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.Data != "style" && d.Parent.Data != "script" {
			s.WriteString(d.Data)
			s.WriteByte(' ')
		}
	}
	return s.String()
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}
