package signin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sekisho/internal/signin/signintest"
)

// Login CSRF and forged forms: a form counts only in the browser it was made
// for, posted by a page of this host, at its own step, within its time.
func TestForgedFormsAreRefused(t *testing.T) {
	t.Parallel()
	attempt := func(change func(w *signintest.World, form url.Values, r *http.Request)) (*signintest.World, *signintest.Page) {
		w := signintest.New(t)
		b := w.Browser(t)
		action, form := b.Identify(signintest.Jane).Form(t)
		form.Set("password", signintest.JanePassword)
		p := b.Once(http.MethodPost, w.Map.SignIn()+action, form, func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			r.Header.Set("Origin", w.Map.SignIn())
			change(w, form, r)
		})
		return w, p
	}
	foreign := func(w *signintest.World) url.Values {
		_, form := w.Browser(t).Identify(signintest.Jane).Form(t)
		return form
	}
	for name, c := range map[string]struct {
		change func(w *signintest.World, form url.Values, r *http.Request)
		status int // 0: accepted
	}{
		"as it should be":    {func(*signintest.World, url.Values, *http.Request) {}, 0},
		"without the cookie": {func(_ *signintest.World, _ url.Values, r *http.Request) { r.Header.Del("Cookie") }, http.StatusBadRequest},
		"with another's cookie": {func(_ *signintest.World, _ url.Values, r *http.Request) {
			r.Header.Set("Cookie", "sekisho-flow="+strings.Repeat("A", 43))
		}, http.StatusBadRequest},
		"with another browser's flow": {func(w *signintest.World, form url.Values, r *http.Request) {
			f := foreign(w)
			f.Set("password", signintest.JanePassword)
			setBody(r, f)
		}, http.StatusBadRequest},
		"with a flow of another step": {func(w *signintest.World, form url.Values, r *http.Request) {
			r.URL.Path = "/platform/new-password"
		}, http.StatusBadRequest},
		"with a changed flow": {func(_ *signintest.World, form url.Values, r *http.Request) {
			form.Set("flow", form.Get("flow")[:len(form.Get("flow"))-2]+"AA")
			setBody(r, form)
		}, http.StatusBadRequest},
		"from another site":  {func(_ *signintest.World, _ url.Values, r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, http.StatusForbidden},
		"from a sister host": {func(_ *signintest.World, _ url.Values, r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") }, http.StatusForbidden},
		"from another origin": {func(_ *signintest.World, _ url.Values, r *http.Request) {
			r.Header.Set("Origin", "https://evil.example")
		}, http.StatusForbidden},
		"from a sandboxed frame": {func(_ *signintest.World, _ url.Values, r *http.Request) {
			r.Header.Set("Origin", "null")
			r.Header.Set("Sec-Fetch-Site", "cross-site")
		}, http.StatusForbidden},
		"from a sandboxed frame of an old browser": {func(_ *signintest.World, _ url.Values, r *http.Request) {
			r.Header.Set("Origin", "null")
			r.Header.Del("Sec-Fetch-Site")
		}, http.StatusForbidden},
		"by an old browser": {func(_ *signintest.World, _ url.Values, r *http.Request) {
			r.Header.Del("Origin")
			r.Header.Del("Sec-Fetch-Site")
		}, 0},
		"too late": {func(w *signintest.World, _ url.Values, _ *http.Request) { w.Clock.Advance(time.Hour) }, http.StatusBadRequest},
		"as JSON": {func(_ *signintest.World, _ url.Values, r *http.Request) {
			r.Header.Set("Content-Type", "application/json")
		}, http.StatusUnsupportedMediaType},
	} {
		t.Run(name, func(t *testing.T) {
			w, p := attempt(c.change)
			if c.status == 0 {
				if p.Status != http.StatusSeeOther {
					t.Errorf("answered %d", p.Status)
				}
				return
			}
			if p.Status != c.status || strings.Contains(strings.Join(p.Header["Set-Cookie"], " "), "sekisho-session") {
				t.Errorf("answered %d with %q", p.Status, p.Header["Set-Cookie"])
			}
			if c.status == http.StatusBadRequest && !strings.Contains(name, "changed") {
				if next := p.Link(t, `awsapps`); next != w.StartURL() {
					t.Errorf("to start again it leads to %s", next)
				}
			}
		})
	}
}

func setBody(r *http.Request, form url.Values) {
	fresh, err := http.NewRequest(r.Method, r.URL.String(), strings.NewReader(form.Encode()))
	if err != nil {
		panic(err)
	}
	r.Body, r.ContentLength = fresh.Body, fresh.ContentLength
}

// Nothing is stored for who has proved nothing, and HEAD changes nothing at all.
func TestVisitsWithoutProofStoreNothing(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	before := w.Writes()
	login := b.Get(w.StartURL())
	page := b.Submit(login, url.Values{"username": {signintest.Jane}})
	forgot := b.Get(page.Link(t, "/platform/forgot"))
	b.Get(forgot.Link(t, `\.png$`))
	b.Get(w.Map.Device() + "/?user_code=BCDF-GHJK")
	b.Get(w.Map.SignIn() + "/platform/reset?token=unknown")
	if n := w.Writes() - before; n != 0 {
		t.Errorf("%d writing transactions", n)
	}

	b.MustSignIn(signintest.Jane, signintest.JanePassword)
	before = w.Writes()
	for _, address := range []string{
		login.URL.String(), page.URL.String(), w.StartURL(), w.Map.Portal(signintest.Subdomain) + "/start/handoff?code=x",
	} {
		b.Once(http.MethodHead, address, nil, nil)
	}
	if n := w.Writes() - before; n != 0 {
		t.Errorf("HEAD: %d writing transactions", n)
	}
}

// Every answer is one that no frame shows, no cache keeps and no sniffing
// changes (clickjacking, ASVS 3.4).
func TestEveryAnswerHasTheHeaders(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	login := b.Get(w.StartURL())
	word := b.Submit(login, url.Values{"username": {signintest.Jane}})
	forgot := b.Get(word.Link(t, "/platform/forgot"))
	portal := w.Map.Portal(signintest.Subdomain)
	pages := map[string]*signintest.Page{
		"identify":        login,
		"password":        word,
		"wrong password":  b.Submit(word, password("wrong")),
		"forgot":          forgot,
		"home":            b.Get(w.Map.SignIn() + "/"),
		"not found":       b.Get(w.Map.SignIn() + "/nothing"),
		"no method":       b.Once(http.MethodPut, w.Map.SignIn()+"/platform/login", nil, nil),
		"stale":           b.Get(w.Map.SignIn() + "/platform/password?flow=x"),
		"redirect":        b.Once(http.MethodGet, w.StartURL(), nil, nil),
		"device":          b.Get(w.Map.Device() + "/"),
		"device confirm":  b.Get(w.Map.Device() + "/?user_code=BCDF-GHJK"),
		"unknown portal":  b.Get(w.Map.StartURL("unknown")),
		"portal":          b.MustSignIn(signintest.Jane, signintest.JanePassword),
		"portal no page":  b.Get(portal + "/nothing"),
		"bad handoff":     w.Browser(t).Get(portal + "/start/handoff?code=x"),
		"authorize":       b.Get(strings.Replace(w.Map.Base(), "://", "://oidc.eu-central-1.", 1) + "/authorize?client_id=x"),
		"other host name": b.Once(http.MethodGet, "http://signin.aws.amazon.com/", nil, nil),
	}
	for name, p := range pages {
		for header, want := range map[string]string{
			"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := p.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
		csp := p.Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action "} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: no %s in %q", name, want, csp)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
			t.Errorf("%s: the policy is loose: %q", name, csp)
		}
		if got := p.Header.Get("Referrer-Policy"); got != "same-origin" && got != "no-referrer" {
			t.Errorf("%s: Referrer-Policy %q", name, got)
		}
	}
	if got := pages["no method"]; got.Status != http.StatusMethodNotAllowed || got.Header.Get("Allow") != "GET, HEAD, POST" {
		t.Errorf("PUT is answered %d, Allow %q", got.Status, got.Header.Get("Allow"))
	}
	if got := pages["unknown portal"]; got.Status != http.StatusNotFound {
		t.Errorf("an unknown portal is answered %d", got.Status)
	}
}

// A page may send its form to itself and to where the flow leads, nowhere else.
func TestPolicyNamesExactlyTheFormsTargets(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	login := b.Get(w.StartURL())
	if csp := login.Header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "form-action 'self'") {
		t.Errorf("identify: %q", csp)
	}
	p := b.Submit(login, url.Values{"username": {signintest.Jane}})
	if csp := p.Header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "form-action 'self' http://example.awsapps.localhost:8420") {
		t.Errorf("password: %q", csp)
	}
}

// Cookies are this host's, out of script's reach, and by https prefixed so that
// no other host can set them.
func TestCookiesAreHostOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ at, prefix string }{{"http://localhost:8420", ""}, {"https://sekisho.example", "__Host-"}} {
		w := signintest.New(t, signintest.At(c.at))
		b := w.Browser(t)
		p := b.Once(http.MethodGet, w.StartURL(), nil, nil)
		login := b.Once(http.MethodGet, p.Header.Get("Location"), nil, nil)
		cookies := append(p.Header["Set-Cookie"], login.Header["Set-Cookie"]...)
		if len(cookies) != 2 {
			t.Fatalf("%s: %q", c.at, cookies)
		}
		for _, cookie := range cookies {
			if !strings.HasPrefix(cookie, c.prefix+"sekisho-") || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") ||
				!strings.Contains(cookie, "Path=/;") || strings.Contains(cookie, "Domain") || strings.Contains(cookie, "Secure") != (c.prefix != "") {
				t.Errorf("%s: %q", c.at, cookie)
			}
		}
	}
}

// 10 MB are not read, whatever they are.
func TestHugeBodiesAreRefused(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	huge := url.Values{"password": {strings.Repeat("x", 10<<20)}}
	for _, address := range []string{w.Map.SignIn() + "/platform/login", w.Map.SignIn() + "/platform/password", w.Map.SignIn() + "/platform/forgot", w.Map.Device() + "/"} {
		if p := b.Once(http.MethodPost, address, huge, nil); p.Status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: answered %d", address, p.Status)
		}
	}
	if p := b.Once(http.MethodGet, w.Map.SignIn()+"/platform/login?request="+strings.Repeat("x", 64<<10), nil, nil); p.Status != http.StatusRequestURITooLong {
		t.Errorf("a huge query is answered %d", p.Status)
	}
}

// Every user name that cannot be one is said to be so, without a look-up.
func TestImpossibleUserNames(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	login := b.Get(w.StartURL())
	for _, name := range []string{"", "   ", "with space", "tab\tbed", strings.Repeat("x", 129), "\xff"} {
		if p := b.Submit(login, url.Values{"username": {name}}); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%q: answered %d", name, p.Status)
		}
	}
}

// The language is the browser's until the person chooses one, which is kept.
func TestLanguageIsKept(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	b.Header.Set("Accept-Language", "ja,en;q=0.5")
	login := b.Get(w.StartURL())
	if !strings.Contains(login.Body, `lang="ja"`) {
		t.Error("Japanese is not spoken to a browser that prefers it")
	}
	b.Get(login.Link(t, "lang=en"))
	p := b.Submit(login, url.Values{"username": {signintest.Jane}})
	if !strings.Contains(p.Body, `<html lang="en"`) {
		t.Error("the choice is forgotten at the next page")
	}
	// The links of an answered form lead back to it.
	p = b.Get(b.Submit(p, password("wrong")).Link(t, "lang=ja"))
	if p.URL.Path != "/platform/password" || p.Status != http.StatusOK || !strings.Contains(p.Body, `<html lang="ja"`) {
		t.Errorf("the language link leads to %s (%d)", p.URL, p.Status)
	}
}

// Every surface serves what its pages refer to, to be kept for ever.
func TestPagesFindTheirAssets(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	for _, address := range []string{w.Map.SignIn() + "/", w.Map.Device() + "/", w.Map.Portal(signintest.Subdomain) + "/nothing"} {
		css := b.Get(b.Get(address).Link(t, `\.css$`))
		if css.Status != http.StatusOK || !strings.HasPrefix(css.Header.Get("Content-Type"), "text/css") || !strings.Contains(css.Header.Get("Cache-Control"), "immutable") || css.Body == "" {
			t.Errorf("%s: the style sheet is answered %d %v", address, css.Status, css.Header)
		}
	}
}
