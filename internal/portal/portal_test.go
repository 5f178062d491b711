package portal_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// login opens the portal signed out, which gives the browser its state.
func login(b *signintest.Browser) *signintest.Page { return b.Get(b.W.StartURL()) }

// handoffOf signs in but stops where the code is handed to the portal.
func handoffOf(t *testing.T, b *signintest.Browser) string {
	t.Helper()
	action, form := b.Identify(signintest.Jane).Form(t)
	form.Set("password", signintest.JanePassword)
	p := b.Once(http.MethodPost, b.W.Map.SignIn()+action, form, nil)
	location := p.Header.Get("Location")
	if !strings.Contains(location, "/start/handoff?") {
		t.Fatalf("sign-in leads to %q (%d)", location, p.Status)
	}
	return location
}

// A handoff's code is good once, on its host, in its browser, for a minute.
func TestHandoffIsBoundToItsBrowserHostAndMinute(t *testing.T) {
	t.Parallel()
	signedIn := func(p *signintest.Page) bool { return strings.Contains(p.Body, `id="sekisho-session"`) }
	for name, c := range map[string]struct {
		try  func(w *signintest.World, victim *signintest.Browser, handoff string) *signintest.Page
		good bool
	}{
		"as it should be": {func(_ *signintest.World, b *signintest.Browser, at string) *signintest.Page { return b.Get(at) }, true},
		"replayed by another browser": {func(w *signintest.World, b *signintest.Browser, at string) *signintest.Page {
			b.Get(at)
			return w.Browser(t).Get(at)
		}, false},
		"stolen before use (no state)": {func(w *signintest.World, _ *signintest.Browser, at string) *signintest.Page {
			return w.Browser(t).Get(at)
		}, false},
		"login CSRF (state of another sign-in)": {func(w *signintest.World, _ *signintest.Browser, at string) *signintest.Page {
			victim := w.Browser(t)
			login(victim)
			return victim.Get(at)
		}, false},
		"on another host": {func(w *signintest.World, b *signintest.Browser, at string) *signintest.Page {
			b.SetCookie(w.Map.Portal(signintest.DirectoryID), "sekisho-state", b.Cookie(w.StartURL(), "sekisho-state"))
			return b.Get(strings.Replace(at, "//"+signintest.Subdomain+".", "//"+signintest.DirectoryID+".", 1))
		}, false},
		"on another port": {func(w *signintest.World, b *signintest.Browser, at string) *signintest.Page {
			return b.Get(strings.Replace(at, ":8420", ":9999", 1))
		}, false},
		"too late": {func(w *signintest.World, b *signintest.Browser, at string) *signintest.Page {
			w.Clock.Advance(session.HandoffLife)
			return b.Get(at)
		}, false},
		"after the session ended": {func(w *signintest.World, b *signintest.Browser, at string) *signintest.Page {
			w.Update(func(tx store.Tx) error {
				return tx.EndSessionsOf(w.Users[signintest.Jane].ID, w.Clock.Now(), session.EndedByAdmin)
			})
			return b.Get(at)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := signintest.New(t)
			b := w.Browser(t)
			p := c.try(w, b, handoffOf(t, b))
			if signedIn(p) != c.good {
				t.Fatalf("it leads to %s (%d)", p.URL, p.Status)
			}
			if !c.good && (p.Status != http.StatusBadRequest || len(p.Header["Set-Cookie"]) != 0) {
				t.Errorf("it is answered %d with %q", p.Status, p.Header["Set-Cookie"])
			}
		})
	}
}

// A failed try spends the code, so that nobody gets a second one.
func TestFailedHandoffSpendsTheCode(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	at := handoffOf(t, b)
	w.Browser(t).Get(at)
	if p := b.Get(at); p.Status != http.StatusBadRequest {
		t.Errorf("the code is answered %d", p.Status)
	}
}

// Two tabs that were opened signed out both end at the portal.
func TestTabsSignInIndependently(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	one, two := login(b), login(b)
	for _, tab := range []*signintest.Page{one, two} {
		p := b.Submit(tab, url.Values{"username": {signintest.Jane}})
		p = b.Submit(p, url.Values{"password": {signintest.JanePassword}})
		if p.Status != http.StatusOK || p.URL.Path != "/start" {
			t.Fatalf("a tab ends at %s (%d)", p.URL, p.Status)
		}
	}
}

// Open redirect: what to come back to is a part of the start page, or nothing.
func TestReturnNeverLeavesThePortal(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	b.MustSignIn(signintest.Jane, signintest.JanePassword)
	for _, to := range []string{
		"https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "/start/../../evil", "/startevil", "javascript:alert(1)",
		"/start@evil.example", "http:/start", "/start/signout", "/%2f%2fevil.example", "/start\r\nSet-Cookie: a=b", "https:evil.example", "", "start",
		"/start?" + strings.Repeat("x", 4000),
	} {
		p := b.Once(http.MethodGet, w.StartURL()+"/handoff?"+url.Values{"code": {"x"}, "to": {to}}.Encode(), nil, nil)
		if got := p.Header.Get("Location"); p.Status != http.StatusSeeOther || got != "/start" {
			t.Errorf("%q leads to %q (%d)", to, got, p.Status)
		}
	}
	// A query of the start page survives sign-in.
	fresh := w.Browser(t)
	p := fresh.Submit(fresh.Get(w.StartURL()+"?tab=accounts&x=%2f"), url.Values{"username": {signintest.Jane}})
	p = fresh.Submit(p, url.Values{"password": {signintest.JanePassword}})
	if p.URL.String() != w.StartURL()+"?tab=accounts&x=%2f" {
		t.Errorf("sign-in comes back to %s", p.URL)
	}
}

// The address to come back to is made of the portal's name, not of Host.
func TestHostHeaderNeverBecomesATarget(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	for host, want := range map[string]string{
		"example.awsapps.localhost:9999": w.StartURL(), // another server on this machine
		"example.awsapps.com":            w.StartURL(), // AWS's name, by a resolver
		"EXAMPLE.awsapps.localhost:1":    w.StartURL(),
		"d-1234567890.awsapps.localhost": w.Map.StartURL(signintest.DirectoryID),
	} {
		p := b.Once(http.MethodGet, w.StartURL(), nil, func(r *http.Request) { r.Host = host })
		if got := p.Header.Get("Location"); p.Status != http.StatusSeeOther || got != want {
			t.Errorf("%s leads to %q (%d)", host, got, p.Status)
		}
	}
	for _, host := range []string{"other.awsapps.localhost:8420", "d-0000000000.awsapps.localhost:8420", "awsapps.com.awsapps.com"} {
		p := b.Once(http.MethodGet, w.StartURL(), nil, func(r *http.Request) { r.Host = host })
		if p.Status != http.StatusNotFound {
			t.Errorf("%s is answered %d", host, p.Status)
		}
	}
}

// HEAD tells the AWS CLI the region, under every name of the portal (api-surface.md 5.2).
func TestHeadTellsTheRegion(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	for _, address := range []string{w.StartURL(), w.StartURL() + "/", w.Map.StartURL(signintest.DirectoryID), w.Map.StartURL(signintest.InstanceID)} {
		p := b.Once(http.MethodHead, address, nil, nil)
		if want := "https://" + signintest.InstanceID + ".eu-central-1.portal.amazonaws.com/"; p.Status != http.StatusFound || p.Header.Get("Location") != want {
			t.Errorf("%s: %d to %q, want %q", address, p.Status, p.Header.Get("Location"), want)
		}
		if len(p.Header["Set-Cookie"]) != 0 {
			t.Errorf("%s: HEAD sets %q", address, p.Header["Set-Cookie"])
		}
	}
	if p := b.Once(http.MethodHead, w.Map.StartURL("other"), nil, nil); p.Status != http.StatusNotFound {
		t.Errorf("another portal: %d", p.Status)
	}
	// D-05, and the host by itself.
	for _, path := range []string{"/login", "/"} {
		if p := b.Once(http.MethodGet, w.Map.Portal(signintest.Subdomain)+path, nil, nil); p.Status != http.StatusSeeOther || p.Header.Get("Location") != "/start" {
			t.Errorf("%s: %d to %q", path, p.Status, p.Header.Get("Location"))
		}
	}
}

// Sign-out is real (L-04, L-05, promise 12): portal, API, sign-in host, other
// tabs and the CLI's grant are all over with it.
func TestSignOutEndsEverything(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	portal := w.Map.Portal(signintest.Subdomain)
	b.MustSignIn(signintest.Jane, signintest.JanePassword)
	b.Get(w.Map.StartURL(signintest.DirectoryID)) // another host's cookie of the session
	approve := func() signintest.Asker {
		d, asker := w.StartDevice("cli", "203.0.113.5")
		p := b.Submit(b.Get(w.Map.Device()+"/?user_code="+d.UserCode), url.Values{"decision": {"confirm"}})
		b.Submit(p, url.Values{"decision": {"allow"}})
		return asker
	}
	granted, late := w.Poll(approve()), approve()
	if granted.Refused != nil {
		t.Fatal(granted.Refused)
	}
	if p := b.Fetch(http.MethodGet, portal+"/api/sso/assignment/accounts"); p.Status != http.StatusOK {
		t.Fatalf("signed in, the API answers %d", p.Status)
	}

	if p := b.Fetch(http.MethodPost, portal+"/start/signout"); p.Status != http.StatusNoContent {
		t.Fatalf("sign-out is answered %d: %s", p.Status, p.Body)
	}
	for _, address := range []string{portal, w.Map.Portal(signintest.DirectoryID)} {
		p := b.Fetch(http.MethodGet, address+"/api/sso/assignment/accounts")
		if p.Status != http.StatusUnauthorized || p.Header.Get("X-Amzn-Errortype") != "UnauthorizedException" ||
			strings.TrimSpace(p.Body) != `{"message":"Session token not found or invalid"}` {
			t.Errorf("%s: the API answers %d: %s", address, p.Status, p.Body)
		}
	}
	p := b.Get(w.StartURL())
	if p.URL.Path != "/platform/login" || !strings.Contains(p.Body, "You have signed out") {
		t.Errorf("the start page is %s (%d)", p.URL, p.Status)
	}
	if p = b.Get(w.StartURL()); strings.Contains(p.Body, "You have signed out") {
		t.Error("the notice is given twice")
	}
	if out := w.Poll(late); fault.ReasonOf(out.Refused) != token.AccessDenied {
		t.Errorf("the approved device still gets %+v", out)
	}
	w.View(func(tx store.Tx) error {
		g, err := tx.Grant(granted.Grant.ID)
		if err != nil {
			return err
		}
		s, err := tx.Session(g.Session)
		if err == nil && s.Live(w.Clock.Now()) {
			t.Error("the grant's session lives on")
		}
		return err
	})
	if e := w.Events("Logout"); len(e) != 1 || e[0].UserName != signintest.Jane {
		t.Errorf("the trail says %+v", e)
	}
	if p := b.Fetch(http.MethodPost, portal+"/start/signout"); p.Status != http.StatusUnauthorized {
		t.Errorf("a second sign-out is answered %d", p.Status)
	}
}

// Only the portal's own script reaches the API, and signs out (CSRF).
func TestOnlyTheOwnScriptIsAnswered(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	b.MustSignIn(signintest.Jane, signintest.JanePassword)
	portal := w.Map.Portal(signintest.Subdomain)
	for name, headers := range map[string]map[string]string{
		"no header":           {"Sec-Fetch-Site": "same-origin"},
		"another value":       {"Sec-Fetch-Site": "same-origin", "X-Sekisho-Csrf": "0"},
		"cross-site":          {"Sec-Fetch-Site": "cross-site", "X-Sekisho-Csrf": "1"},
		"sister host":         {"Sec-Fetch-Site": "same-site", "X-Sekisho-Csrf": "1"},
		"address bar":         {"Sec-Fetch-Site": "none", "X-Sekisho-Csrf": "1"},
		"another origin":      {"Origin": "http://console.localhost:8420", "X-Sekisho-Csrf": "1"},
		"the sign-in origin":  {"Origin": w.Map.SignIn(), "Sec-Fetch-Site": "same-origin", "X-Sekisho-Csrf": "1"},
		"an opaque origin":    {"Origin": "null", "X-Sekisho-Csrf": "1"},
		"another portal name": {"Origin": w.Map.Portal(signintest.DirectoryID), "X-Sekisho-Csrf": "1"},
	} {
		for _, call := range []struct{ method, path string }{
			{http.MethodGet, "/api/sso/federation/credentials?role_name=a&account_id=1"}, {http.MethodPost, "/api/sso/logout"}, {http.MethodPost, "/start/signout"},
		} {
			p := b.Once(call.method, portal+call.path, nil, func(r *http.Request) {
				r.Header.Del("Sec-Fetch-Site")
				for k, v := range headers {
					r.Header.Set(k, v)
				}
			})
			if p.Status != http.StatusForbidden || p.Header.Get("X-Amzn-Errortype") != "ForbiddenException" || p.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s: %s is answered %d", name, call.path, p.Status)
			}
		}
	}
	if len(w.APICalls) != 0 {
		t.Errorf("calls came through: %+v", w.APICalls)
	}
	if p := b.Fetch(http.MethodGet, portal+"/api/sso/assignment/accounts?max_result=10"); p.Status != http.StatusOK {
		t.Fatalf("the script is answered %d", p.Status)
	}
	got := w.APICalls[0]
	if got.Path != "/assignment/accounts" || got.Principal.DirectoryUser != w.Users[signintest.Jane].ID || got.Principal.Session == "" ||
		got.Principal.UserName != signintest.Jane || !got.Principal.SessionExpires.Equal(w.Clock.Now().Add(8*time.Hour)) {
		t.Errorf("the API sees %+v", got)
	}
}

// The API sees nobody whose session or account is over, from the next call on.
func TestAPIRefusesWhoIsNoLongerSignedIn(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*signintest.World, *signintest.Browser){
		"session deleted": func(w *signintest.World, _ *signintest.Browser) {
			w.Update(func(tx store.Tx) error {
				return tx.EndSessionsOf(w.Users[signintest.Jane].ID, w.Clock.Now(), session.EndedByAdmin)
			})
		},
		"session expired": func(w *signintest.World, _ *signintest.Browser) { w.Clock.Advance(8 * time.Hour) },
		"user disabled": func(w *signintest.World, _ *signintest.Browser) {
			w.Update(func(tx store.Tx) error {
				u := w.Users[signintest.Jane]
				u.Disabled = true
				return tx.PutUser(u)
			})
		},
		"user deleted": func(w *signintest.World, _ *signintest.Browser) {
			w.Update(func(tx store.Tx) error { return tx.DeleteUser(w.Users[signintest.Jane].ID) })
		},
		"cookie changed": func(w *signintest.World, b *signintest.Browser) {
			b.SetCookie(w.StartURL(), "sekisho-portal", secret.Token("", 32).Reveal())
		},
		"the sign-in host's cookie": func(w *signintest.World, b *signintest.Browser) {
			b.SetCookie(w.StartURL(), "sekisho-portal", b.Cookie(w.Map.SignIn(), "sekisho-session"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := signintest.New(t)
			b := w.Browser(t)
			b.MustSignIn(signintest.Jane, signintest.JanePassword)
			end(w, b)
			p := b.Fetch(http.MethodGet, w.Map.Portal(signintest.Subdomain)+"/api/sso/assignment/accounts")
			if p.Status != http.StatusUnauthorized || len(w.APICalls) != 0 {
				t.Errorf("answered %d", p.Status)
			}
		})
	}
	// A cookie is worthless on another host of the same portal.
	w := signintest.New(t)
	b := w.Browser(t)
	b.MustSignIn(signintest.Jane, signintest.JanePassword)
	b.SetCookie(w.Map.Portal(signintest.DirectoryID), "sekisho-portal", b.Cookie(w.StartURL(), "sekisho-portal"))
	if p := b.Fetch(http.MethodGet, w.Map.Portal(signintest.DirectoryID)+"/api/sso/assignment/accounts"); p.Status != http.StatusUnauthorized {
		t.Errorf("on another host it is answered %d", p.Status)
	}
}

// The facts in the page cannot break out of it, and no secret is among them.
func TestFactsAreInertAndHoldNoSecret(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	p := b.MustSignIn(signintest.Jane, signintest.JanePassword)
	if strings.Count(p.Body, "</script>") != 2 || !strings.Contains(p.Body, `\u003c/script\u003e`) {
		t.Errorf("the display name breaks out:\n%s", p.Body)
	}
	for _, at := range []string{w.StartURL(), w.Map.SignIn()} {
		for _, name := range []string{"sekisho-portal", "sekisho-session", "sekisho-device", "sekisho-flow"} {
			if v := b.Cookie(at, name); v != "" && strings.Contains(p.Body, v) {
				t.Errorf("the page holds %s", name)
			}
		}
	}
}

// The app's files may be kept for ever; the page that names them, never.
func TestAssets(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	plain := b.Once(http.MethodGet, w.StartURL()+"/assets/app-1.js", nil, nil)
	if plain.Status != http.StatusOK || !strings.HasPrefix(plain.Header.Get("Content-Type"), "text/javascript") ||
		!strings.Contains(plain.Header.Get("Cache-Control"), "immutable") || plain.Header.Get("Content-Encoding") != "" {
		t.Errorf("a file is answered %d %v", plain.Status, plain.Header)
	}
	b.Header.Set("Accept-Encoding", "br, gzip, deflate")
	packed := b.Once(http.MethodGet, w.StartURL()+"/assets/app-1.js", nil, nil)
	z, err := gzip.NewReader(strings.NewReader(packed.Body))
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(z); err != nil || string(body) != plain.Body || packed.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("packed, it is %q (%v)", body, err)
	}
	if p := b.Once(http.MethodGet, w.StartURL()+"/assets/font.woff2", nil, nil); p.Body != "font" || p.Header.Get("Content-Type") != "font/woff2" {
		t.Errorf("the font is answered %v", p.Header)
	}
	for _, path := range []string{"/assets/", "/assets/unknown.js", "/assets/..%2findex.html", "/assets/%2e%2e/index.html"} {
		if p := b.Once(http.MethodGet, w.StartURL()+path, nil, nil); p.Status == http.StatusOK {
			t.Errorf("%s is answered %d", path, p.Status)
		}
	}
}

// A program without the app says so, to who is signed in.
func TestAppNotBuilt(t *testing.T) {
	t.Parallel()
	w := signintest.New(t, signintest.WithApp(nil))
	p := w.Browser(t).SignIn(signintest.Jane, signintest.JanePassword)
	if p.Status != http.StatusServiceUnavailable || !strings.Contains(p.Body, "make build") {
		t.Errorf("answered %d", p.Status)
	}
}
