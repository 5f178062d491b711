package consoleweb_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

// D-01, E-01, E-02: nobody is sent to sign in, and comes back to where they wanted to go.
func TestSignInAndBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	p := b.get("/iam/home?region=eu-west-1")
	if p.Code != http.StatusSeeOther || p.to() != w.addr.SignIn()+signInPage || w.asked.Return != "/iam/home?region=eu-west-1" || w.asked.State == "" || w.asked.Notice != "" {
		t.Fatalf("%d to %s, %+v", p.Code, p.to(), w.asked)
	}
	p = b.get("/handoff?" + url.Values{"code": {b.code(b.begin(session.IAMUser))}, "to": {w.asked.Return}}.Encode())
	if p.Code != http.StatusSeeOther || p.to() != "/iam/home?region=eu-west-1" {
		t.Fatalf("%d to %s", p.Code, p.to())
	}
	f := b.get(p.to()).facts()
	for name, want := range map[string]any{
		"kind": "iam-user", "accountId": management, "accountName": "Example Corp", "alias": "example", "userName": "taro", "email": "",
		"arn": "arn:aws:iam::" + management + ":user/taro", "switched": false, "accountStatus": "ACTIVE", "region": "eu-central-1",
		"signInUrl": "http://example.signin.localhost:8420/console", "expiresAt": "2026-11-22T21:00:00Z", "mfa": false,
	} {
		if f[name] != want {
			t.Errorf("%s is %v, want %v", name, f[name], want)
		}
	}
	links, _ := f["links"].(map[string]any)
	if links["password"] != "" || links["switchRole"] != "/switchrole" || links["signOut"] != "/signout" || links["switchBack"] != "" {
		t.Errorf("links %v", links)
	}
	// What is under no page of the app is not the app.
	if p := b.do(http.MethodPost, b.at("/iam/home"), ""); p.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST of a page is answered %d", p.Code)
	}
	if p := b.get("/console-assets/assets/app-1.js"); p.Code != http.StatusOK || !strings.Contains(p.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("a file of the app is answered %d", p.Code)
	}
}

// E-05: the root user's session tells the address, which nobody else's does, and
// leads to the pages that are the root user's.
func TestRootUsersFacts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.signIn(session.RootUser)
	f := b.get("/").facts()
	links, _ := f["links"].(map[string]any)
	if f["kind"] != "root" || f["email"] != "root@example.com" || f["userName"] != "" || links["close"] == "" || links["switchRole"] != "" {
		t.Errorf("%v", f)
	}
}

// A handoff's code is good once, on the console's host, in the browser that left
// from there, for a minute (login CSRF, replay, theft).
func TestHandoffIsBoundToItsBrowserHostAndMinute(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		try  func(w *world, b *browser, s session.Session, code string) *page
		good bool
	}{
		"as it should be": {func(_ *world, b *browser, _ session.Session, code string) *page {
			return b.get("/handoff?code=" + code)
		}, true},
		"replay in another browser": {func(w *world, b *browser, _ session.Session, code string) *page {
			b.get("/handoff?code=" + code)
			return w.browser().get("/handoff?code=" + code)
		}, false},
		"stolen before use": {func(w *world, _ *browser, _ session.Session, code string) *page {
			return w.browser().get("/handoff?code=" + code)
		}, false},
		"login CSRF": {func(w *world, _ *browser, _ session.Session, code string) *page {
			victim := w.browser()
			victim.get("/")
			return victim.get("/handoff?code=" + code)
		}, false},
		"on another port": {func(w *world, b *browser, _ session.Session, code string) *page {
			return b.do(http.MethodPost, "http://console.localhost:9999/handoff?code="+code, "")
		}, false},
		"too late": {func(w *world, b *browser, _ session.Session, code string) *page {
			w.clock.Advance(session.HandoffLife)
			return b.get("/handoff?code=" + code)
		}, false},
		"after the session ended": {func(w *world, b *browser, s session.Session, code string) *page {
			w.update(func(tx store.Tx) error { return tx.EndSession(s.ID, w.clock.Now(), session.SignedOut) })
			return b.get("/handoff?code=" + code)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.browser()
			b.get("/")
			s := b.begin(session.IAMUser)
			p := c.try(w, b, s, b.code(s))
			gave := strings.Contains(strings.Join(p.Header()["Set-Cookie"], " "), "sekisho-console=")
			if gave != c.good || (p.Code == http.StatusSeeOther) != c.good {
				t.Errorf("it is answered %d with %q", p.Code, p.Header()["Set-Cookie"])
			}
		})
	}
}

// Open redirect: what to come back to is an address of the console, or its home.
func TestReturnNeverLeavesTheConsole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.signIn(session.IAMUser)
	for to, want := range map[string]string{
		"https://evil.example/": "/", "//evil.example": "/", "/\\evil.example": "/%5Cevil.example", "javascript:alert(1)": "/", "": "/", "iam": "/",
		"///evil.example": "/evil.example", "/iam/../../..//evil.example": "/evil.example", "/api/iam/": "/", "/handoff?code=x": "/", "/signout": "/",
		"/iam/home?a=b#/users": "/iam/home?a=b#/users", "/%2fevil.example": "/evil.example", "/iam\r\nSet-Cookie: a=b": "/",
		"/" + strings.Repeat("x", 4000): "/",
	} {
		if p := b.get("/handoff?" + url.Values{"code": {"x"}, "to": {to}}.Encode()); p.Code != http.StatusSeeOther || p.to() != want {
			t.Errorf("%q leads to %q (%d), want %q", to, p.to(), p.Code, want)
		}
	}
}

// Host-header poisoning: a browser that came by another name of the console is
// sent to the one address that has cookies, with its region (E-09).
func TestOtherNamesLeadToTheConsole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	for address, want := range map[string]string{
		"https://console.aws.amazon.com/iam/home?x=1":           "http://console.localhost:8420/iam/home?x=1",
		"https://eu-west-1.console.aws.amazon.com/console/home": "http://console.localhost:8420/console/home?region=eu-west-1",
		"http://console.localhost:9999/iam":                     "http://console.localhost:8420/iam",
	} {
		if p := b.do(http.MethodGet, address, ""); p.Code != http.StatusFound || p.to() != want {
			t.Errorf("%s leads to %s (%d), want %s", address, p.to(), p.Code, want)
		}
	}
}

// Clickjacking: no page may be framed, and the app loads nothing of strangers.
func TestPagesCannotBeFramed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.signIn(session.IAMUser)
	for _, path := range []string{"/", "/switchrole", "/handoff"} {
		h := b.get(path).Header()
		if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") || h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: %q, %q", path, csp, h.Get("X-Frame-Options"))
		}
	}
}

// behaviours.md 8.3: a sign-in that began elsewhere replaces the console's session.
func TestLoginReplacesTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.signIn(session.IAMUser)
	old := b.cookie()
	p := b.get("/login?to=" + url.QueryEscape("https://evil.example/"))
	if p.to() != w.addr.SignIn()+signInPage || w.asked.Return != "/" || w.asked.Notice != "" || b.get("/").facts()["kind"] != "iam-user" {
		t.Fatalf("%s, %+v", p.to(), w.asked)
	}
	b.get("/handoff?code=" + b.code(b.begin(session.RootUser)))
	if f := b.get("/").facts(); f["kind"] != "root" {
		t.Errorf("the console is %v", f)
	}
	w.update(func(tx store.Tx) error {
		if _, err := tx.Cookie(secret.NewString(old).Hash()); !fault.Is(err, fault.NotFound) {
			t.Error("the old cookie still opens the old session")
		}
		return nil
	})
}

// Session fixation: a planted cookie is replaced, and its session is not taken over.
func TestPlantedCookieIsReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	attacker, victim := w.browser(), w.browser()
	attacker.signIn(session.RootUser)
	planted := attacker.cookie()
	u, _ := url.Parse(w.addr.Console())
	victim.jar.SetCookies(u, []*http.Cookie{{Name: "sekisho-console", Value: planted, Path: "/"}})
	victim.get("/switchrole") // has a session: no state yet
	victim.jar.SetCookies(u, []*http.Cookie{{Name: "sekisho-console", Value: "", Path: "/", MaxAge: -1}})
	victim.signIn(session.IAMUser)
	if got := victim.cookie(); got == planted || got == "" {
		t.Errorf("the cookie is %q", got)
	}
	if f := victim.get("/").facts(); f["userName"] != "taro" {
		t.Errorf("the victim is %v", f)
	}
}

// A cookie of another surface, also of the sign-in host's, opens nothing here.
func TestCookiesOfOtherSurfacesAreWorthless(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]session.Cookie{
		"the sign-in host's": {Surface: session.AccountSignIn, Host: "console.localhost:8420"},
		"the portal's":       {Surface: session.Portal, Host: "console.localhost:8420"},
		"another host's":     {Surface: session.Console, Host: "console.localhost:9999"},
	} {
		s := w.begin(session.RootUser)
		b := w.browser()
		w.update(func(tx store.Tx) error {
			v, err := session.GiveCookie(tx, s, c.Surface, c.Host)
			u, _ := url.Parse(w.addr.Console())
			b.jar.SetCookies(u, []*http.Cookie{{Name: "sekisho-console", Value: v.Reveal(), Path: "/"}})
			return err
		})
		if p := b.get("/"); p.facts() != nil || p.Code != http.StatusSeeOther {
			t.Errorf("%s cookie is answered %d", name, p.Code)
		}
		if p := b.identity(); p.Code != http.StatusUnauthorized {
			t.Errorf("%s cookie is answered %d by the API", name, p.Code)
		}
	}
}

// CSRF: only the console's own script gets through the door to the APIs, and may
// end the session or leave a role.
func TestOnlyTheConsolesScriptMayAsk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	s := b.signIn(session.IAMUser)
	for _, path := range []string{"/api/sts/?Action=GetCallerIdentity&Version=2011-06-15", "/signout", "/switchback"} {
		for name, header := range map[string][]string{
			"a form":            {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
			"a form of ours":    {"Sec-Fetch-Site", "same-origin", "Origin", "http://console.localhost:8420"},
			"another surface":   {"X-Sekisho-Csrf", "1", "Sec-Fetch-Site", "same-site", "Origin", "http://signin.localhost:8420"},
			"another origin":    {"X-Sekisho-Csrf", "1", "Origin", "https://evil.example"},
			"a sandboxed frame": {"X-Sekisho-Csrf", "1", "Sec-Fetch-Site", "same-origin", "Origin", "null"},
		} {
			if p := b.do(http.MethodPost, b.at(path), "", header...); p.Code != http.StatusForbidden {
				t.Errorf("%s of %s is answered %d", path, name, p.Code)
			}
		}
	}
	if w.session(s.ID).EndReason != "" {
		t.Error("the session was ended")
	}
}

// What the console calls is called as whom the session says, until it ends.
func TestAPIActsAsTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	s := b.signIn(session.IAMUser)
	if p := b.identity(); p.Code != http.StatusOK || !strings.Contains(p.Body.String(), ":user/taro") || p.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", p.Code, p.Body)
	}
	if p := b.script(http.MethodPost, "/api/sts/", "Action=GetCallerIdentity&Version=2011-06-15", "X-Sekisho-Region", "evil\tregion"); p.Code != http.StatusBadRequest {
		t.Errorf("an odd region is answered %d", p.Code)
	}
	if p := b.script(http.MethodPost, "/api/nothing/", "Action=GetCallerIdentity&Version=2011-06-15"); p.Code < 400 || p.Code > 499 {
		t.Errorf("an unknown service is answered %d", p.Code)
	}
	if p := b.script(http.MethodGet, "/api/_billing/payment-methods", ""); p.Code != http.StatusNotFound {
		t.Errorf("billing without a server is answered %d", p.Code)
	}
	for name, c := range map[string]struct {
		path, contentType, want string
	}{
		"Query":     {"/api/iam/", "text/xml", "<Code>ExpiredToken</Code>"},
		"REST-JSON": {"/api/account/getContactInformation", "application/json", "ExpiredTokenException"},
	} {
		t.Run(name, func(t *testing.T) {
			w.update(func(tx store.Tx) error { return tx.EndSession(s.ID, w.clock.Now(), session.EndedByAdmin) })
			p := b.script(http.MethodPost, c.path, "")
			if p.Code != http.StatusUnauthorized || p.Header().Get("Content-Type") != c.contentType || !strings.Contains(p.Body.String(), c.want) {
				t.Errorf("%d %s", p.Code, p.Body)
			}
		})
	}
	// The page says so at sign-in.
	if p := b.get("/"); p.Code != http.StatusSeeOther || w.asked.Notice != "session-ended" {
		t.Errorf("%d, notice %q", p.Code, w.asked.Notice)
	}
}

// A page that was made for somebody else is refused: in another tab of the browser
// its person switched roles, or somebody else signed in, and "delete" would hit what
// the page does not show.
func TestPageOfSomebodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.signIn(session.IAMUser)
	mine := regexp.MustCompile(`<Arn>([^<]+)</Arn>`).FindStringSubmatch(b.identity().Body.String())[1]
	for made, want := range map[string]int{mine: http.StatusOK, "": http.StatusOK, "arn:aws:sts::444455556666:assumed-role/Admin/taro": http.StatusUnauthorized, mine + "x": http.StatusUnauthorized} {
		p := b.script(http.MethodPost, "/api/sts/", "Action=GetCallerIdentity&Version=2011-06-15", "X-Sekisho-Principal", made)
		if p.Code != want {
			t.Errorf("a page made for %q: %d %s", made, p.Code, p.Body)
		}
	}
}

// Who was deleted is out at once; so is everybody whose twelve hours are over.
func TestSessionsThatDoNotStand(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *world){
		"deleted user": func(w *world) { w.update(func(tx store.Tx) error { return tx.DeleteIAMUser(w.taro) }) },
		"twelve hours": func(w *world) { w.clock.Advance(12 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.browser()
			b.signIn(session.IAMUser)
			end(w)
			if p := b.identity(); p.Code != http.StatusUnauthorized {
				t.Errorf("the API answers %d", p.Code)
			}
			if p := b.get("/"); p.Code != http.StatusSeeOther || p.to() != w.addr.SignIn()+signInPage {
				t.Errorf("the page answers %d, %s", p.Code, p.to())
			}
		})
	}
}

// L-01 to L-03: signing out ends this browser's session and leaves the same person's
// others alone.
func TestSignOutEndsThisBrowsersSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	here, elsewhere := w.browser(), w.browser()
	s := here.signIn(session.IAMUser)
	elsewhere.signIn(session.IAMUser)
	p := here.script(http.MethodPost, "/signout", "")
	if p.Code != http.StatusOK || p.Body.String() != `{"location":"/"}`+"\n" {
		t.Fatalf("%d %s", p.Code, p.Body)
	}
	if got := w.session(s.ID); got.EndReason != session.SignedOut {
		t.Errorf("%+v", got)
	}
	if p := here.get("/"); p.Code != http.StatusSeeOther || w.asked.Notice != "signed-out" {
		t.Errorf("%d, notice %q", p.Code, w.asked.Notice)
	}
	if f := elsewhere.get("/").facts(); f["userName"] != "taro" {
		t.Errorf("the other browser: %v", f)
	}
	if p := here.script(http.MethodPost, "/signout", ""); p.Code != http.StatusOK {
		t.Errorf("again: %d", p.Code)
	}
}
