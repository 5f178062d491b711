package accountsignin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/secret"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
)

var sealedText = regexp.MustCompile(`[A-Za-z0-9_-]{60,}|%2F[A-Za-z0-9_-]+`)

func withoutSealed(body, typed string) string {
	return sealedText.ReplaceAllString(strings.ReplaceAll(body, typed, "…"), "…")
}

// at is a new browser at an address of its own, n.
func at(t *testing.T, w *signintest.World, n int) *signintest.Browser {
	b := w.Browser(t)
	b.Address = fmt.Sprintf("203.0.113.%d", n)
	return b
}

// rootPage is the page for the password of the root user with that address, past
// the security check if it is asked for.
func rootPage(t *testing.T, b *signintest.Browser, email string) *signintest.Page {
	t.Helper()
	p := b.Root(email)
	if p.Title(t) == "Security check" {
		p = b.Submit(p, answer(t, b.W, p, ".png"))
	}
	return p
}

// iamTries are an account and a user name of whoever cannot sign in, and why.
var iamTries = []struct{ account, user, reason string }{
	{owner, signintest.Alice, "password-incorrect"}, // the reference
	{signintest.Alias, signintest.Alice, "password-incorrect"},
	{owner, "zoltan", "no-such-user"},
	{owner, signintest.Bob, "no-password"},
	{signintest.Member, signintest.Alice, "no-such-user"},
	{"999999999999", signintest.Alice, "no-such-account"},
	{"no-such-alias", signintest.Alice, "no-such-account"},
	{owner, strings.Repeat("x", 5000), "no-such-user"},
}

// rootTries are the same of root users.
var rootTries = []struct{ email, reason string }{
	{rootEmail, "password-incorrect"}, // the reference
	{"nobody@example.com", "no-such-account"},
	{signintest.MemberEmail, "no-password"},
}

// Enumeration by text and status: all that is wrong with account, name and password
// is told in the same words, under the same headers, for the same number of
// transactions; the trail knows better, and keeps what may be a password.
func TestEnumerationByTextAndStatus(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	var body string
	var header http.Header
	var writes int64
	check := func(i int, name, typed string, p *signintest.Page, wrote int64) {
		t.Helper()
		got := withoutSealed(p.Body, typed)
		if i == 0 {
			body, header, writes = got, p.Header, wrote
		}
		if !refused(p) || got != body || fmt.Sprint(p.Header) != fmt.Sprint(header) || wrote != writes {
			t.Errorf("%s: answered %d after %d transactions, not %d\n%s", name, p.Status, wrote, writes, p.Body)
		}
	}
	for i, c := range iamTries {
		b := at(t, w, i)
		page := b.Get(w.Map.SignIn() + "/signin/iam")
		before := w.Writes()
		p := b.Submit(page, url.Values{"account": {c.account}, "username": {c.user}, "password": {"Wrong-Guess-1"}, "remember": nil})
		typed := c.user[:min(len(c.user), 65)]
		p.Body = strings.ReplaceAll(p.Body, `value="`+c.account+`"`, `value="…"`)
		check(i, c.account+" "+c.reason, typed, p, w.Writes()-before)
		e := w.Events(audit.ConsoleLogin)[0]
		if e.ErrorReason != c.reason || e.PrincipalID != "" || strings.Contains(c.reason, "no-such") && (e.UserName != "HIDDEN_DUE_TO_SECURITY_REASONS" || e.ErrorMessage != "No username found in supplied account") {
			t.Errorf("%s %s: the trail says %+v", c.account, c.user, e)
		}
	}
	for i, c := range rootTries {
		b := at(t, w, 100+i)
		page := b.Root(c.email)
		if page.Title(t) != "Root user sign in" {
			t.Fatalf("%s: the address leads to %q", c.email, page.Title(t))
		}
		before := w.Writes()
		p := b.Submit(page, password("Wrong-Guess-1"))
		check(i, c.email, c.email, p, w.Writes()-before)
		if e := w.Events(audit.ConsoleLogin)[0]; e.ErrorReason != c.reason || e.Identity.Type != audit.TypeRoot {
			t.Errorf("%s: the trail says %+v", c.email, e)
		}
	}
}

// Enumeration by timing: a hash is computed for every name, so that a full password
// queue is told to everybody, whoever they say they are; and it costs no try.
func TestEnumerationByTiming(t *testing.T) {
	t.Parallel()
	hasher := signintest.NarrowHasher()
	w := signintest.New(t, signintest.WithHasher(hasher))
	signintest.Occupy(t, hasher)
	check := func(name string, b *signintest.Browser, page func() *signintest.Page, fill url.Values) {
		t.Helper()
		busy := func() bool { // one try may get the worker in the instant between
			for range 3 {
				p := b.Submit(page(), fill)
				if p.Status == http.StatusTooManyRequests && p.Header.Get("Retry-After") == "5" && !strings.Contains(p.Body, "incorrect") {
					return true
				}
			}
			return false
		}
		if !busy() {
			t.Errorf("%s: a full queue is answered like an empty one", name)
			return
		}
		for range 2 * credential.FreeFailures {
			b.Submit(page(), fill)
		}
		if !busy() {
			t.Errorf("%s: tries that were not looked at count", name)
		}
	}
	for i, c := range iamTries {
		b := at(t, w, i)
		form := b.Get(w.Map.SignIn() + "/signin/iam")
		check(c.account+" "+c.reason, b, func() *signintest.Page { return form }, url.Values{"account": {c.account}, "username": {c.user}, "password": {"Wrong-Guess-1"}})
	}
	for i, c := range rootTries {
		b := at(t, w, 100+i)
		check(c.email, b, func() *signintest.Page { return rootPage(t, b, c.email) }, password("Wrong-Guess-1"))
	}
}

// Guessing at a password: after a failure a CAPTCHA is asked for, of every name
// (B-08); after some, nothing is looked at for a while, by name and by address; and
// none of it keeps the owner out of a browser that was used before.
func TestPasswordGuessing(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	home := at(t, w, 1)
	home.MustRoot(rootEmail, rootPassword)
	out := func() {
		for host, name := range map[string]string{w.Map.Console(): "test-console", w.Map.SignIn(): "sekisho-account"} {
			home.Jar.SetCookies(mustParse(t, host), []*http.Cookie{{Name: name, Value: "x", Path: "/"}})
		}
	}
	out()
	guess := func(b *signintest.Browser, email string) *signintest.Page {
		return b.Submit(rootPage(t, b, email), password("Wrong-Guess-1"))
	}
	for i, email := range []string{rootEmail, "nobody@example.com"} {
		b := at(t, w, 10+i)
		p := guess(b, email)
		if p.Title(t) != "Security check" || !refused(p) {
			t.Fatalf("%s: after a failure there is %q (%d)", email, p.Title(t), p.Status)
		}
		// From another address too: it is the name that is guessed at.
		if p := at(t, w, 20+i).Root(email); p.Title(t) != "Security check" {
			t.Errorf("%s: elsewhere there is %q", email, p.Title(t))
		}
		for range credential.FreeFailures - 1 {
			guess(b, email)
		}
		for _, from := range []*signintest.Browser{b, at(t, w, 30+i)} {
			if p := guess(from, email); p.Status != http.StatusTooManyRequests || p.Header.Get("Retry-After") == "" || !strings.Contains(p.Body, "Too many attempts") {
				t.Errorf("%s: guess %d is answered %d", email, credential.FreeFailures+1, p.Status)
			}
		}
		if e := w.Events(audit.ConsoleLogin)[0]; e.ErrorReason != "too-many-attempts" {
			t.Errorf("%s: the trail says %+v", email, e)
		}
	}
	p := home.RootSignIn(rootEmail, rootPassword)
	home.MustConsole(p)

	// IAM users the same; one network of IPv6 is one address.
	b := w.Browser(t)
	for i := range credential.AddressFailures {
		b.Address = fmt.Sprintf("2001:db8::%x", i+1)
		if p := b.IAMSignIn(owner, fmt.Sprintf("user%d", i), "Wrong-Guess-1"); !refused(p) {
			t.Fatalf("try %d is answered %d", i, p.Status)
		}
	}
	b.Address = "2001:db8:0:0:ffff::1"
	if p := b.IAMSignIn(owner, "another", "Wrong-Guess-1"); p.Status != http.StatusTooManyRequests {
		t.Errorf("one more from the network is answered %d", p.Status)
	}
	b.Address = "2001:db8:0:1::1"
	if p := b.IAMSignIn(owner, "another", "Wrong-Guess-1"); !refused(p) {
		t.Errorf("the next network is answered %d", p.Status)
	}
}

// CAPTCHA reuse: an answer is good once, whether read or heard, and so is the way
// on that it opens; a wrong answer opens none (B-09, B-10, M-12).
func TestCaptchaReuse(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	b.RootSignIn(rootEmail, "Wrong-Guess-1")
	check := b.Root(rootEmail)
	if check.Title(t) != "Security check" {
		t.Fatalf("after a failure there is %q", check.Title(t))
	}
	refresh := b.Get(check.Link(t, `/signin/check`))
	if refresh.Link(t, `\.png$`) == check.Link(t, `\.png$`) {
		t.Error("refreshing shows the same picture")
	}
	for _, file := range []string{".png", ".wav"} {
		if p := b.Get(check.Link(t, `\`+file+`$`)); p.Status != http.StatusOK {
			t.Errorf("%s is answered %d", file, p.Status)
		}
	}
	right := answer(t, w, check, ".png")
	open := b.Submit(check, right)
	if open.Title(t) != "Root user sign in" {
		t.Fatalf("the answer leads to %q", open.Title(t))
	}
	if p := b.Submit(check, right); p.Title(t) != "Security check" || p.Status != http.StatusUnprocessableEntity {
		t.Errorf("the answer works twice: %q", p.Title(t))
	}
	// The page that it opened is good for one password.
	b.Submit(open, password("Wrong-Guess-2"))
	before := len(w.Events(audit.ConsoleLogin))
	if p := b.Submit(open, password(rootPassword)); p.Title(t) != "Security check" {
		t.Errorf("a second password without an answer leads to %q", p.Title(t))
	}
	if got := len(w.Events(audit.ConsoleLogin)); got != before {
		t.Error("a password without an answer was looked at")
	}
	// Heard instead of read.
	heard := b.Root(rootEmail)
	if p := b.Submit(heard, answer(t, w, heard, ".wav")); p.Title(t) != "Root user sign in" {
		t.Errorf("what was heard leads to %q", p.Title(t))
	}
	wrong := b.Root(rootEmail)
	for _, typed := range []string{"", "wrong1", right.Get("captcha")} {
		if p := b.Submit(wrong, url.Values{"captcha": {typed}}); p.Title(t) != "Security check" || p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%q leads to %q", typed, p.Title(t))
		}
	}
}

// Guessing at the mailed code: five tries after one password, however many codes
// are asked for, and asking is slowed down. A code is good for ten minutes, once, in
// the browser in which the password was given.
func TestCodeGuessing(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	code := func(c string) url.Values { return url.Values{"code": {c}} }
	b := w.Browser(t)
	p := b.RootSignIn(rootEmail, rootPassword)
	right := w.Code(rootEmail)
	other := "000000"
	if right == other {
		other = "000001"
	}
	for i := range 5 {
		if i == 2 { // another code gives no more tries
			w.Clock.Advance(time.Second)
			p = b.Submit(p, url.Values{"decision": {"resend"}})
			if next := w.Code(rootEmail); next != right {
				right = next
			}
			if !strings.Contains(p.Body, "Another code was sent") {
				t.Errorf("asking again is answered\n%s", p.Body)
			}
		}
		if got := b.Submit(p, code(other)); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "The code is not right") {
			t.Fatalf("guess %d is answered %d", i, got.Status)
		}
	}
	if got := b.Submit(p, code(right)); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "cannot be used any more") {
		t.Errorf("the right code after five wrong ones is answered %d", got.Status)
	}
	if b.Cookie(w.Map.SignIn(), "sekisho-account") != "" {
		t.Error("somebody was signed in")
	}
	if e := w.Events(audit.ConsoleLogin)[0]; e.ErrorReason != "code-incorrect" || e.Account != owner {
		t.Errorf("the trail says %+v", e)
	}
	// Another code would be as useless, and is not sent.
	mails := len(w.Messages())
	if got := b.Submit(p, url.Values{"decision": {"resend"}}); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "Sign in again") || len(w.Messages()) != mails {
		t.Errorf("asking for another after five wrong ones is answered %d, with %d mails", got.Status, len(w.Messages())-mails)
	}
	// Asking for code after code is slowed down, with the page kept.
	b = w.Browser(t)
	p = b.RootSignIn(rootEmail, rootPassword)
	for range credential.FreeFailures {
		p = b.Submit(p, url.Values{"decision": {"resend"}})
	}
	if p.Status != http.StatusTooManyRequests || p.Title(t) != "Verification code needed" || p.Header.Get("Retry-After") == "" {
		t.Errorf("asking for one more is answered %d %q", p.Status, p.Title(t))
	}

	w = signintest.New(t)
	b = w.Browser(t)
	p = b.RootSignIn(rootEmail, rootPassword)
	right = w.Code(rootEmail)
	// Somebody else who knows the password gets another code.
	thief := w.Browser(t)
	stolen := thief.RootSignIn(rootEmail, rootPassword)
	if got := thief.Submit(stolen, code(right)); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("a code of another sign-in is answered %d", got.Status)
	}
	if got := thief.Submit(p, code(right)); got.Status != http.StatusBadRequest {
		t.Errorf("the form in another browser is answered %d", got.Status)
	}
	w.Clock.Advance(10 * time.Minute)
	if got := b.Submit(p, code(right)); !strings.Contains(got.Body, "cannot be used any more") {
		t.Errorf("after ten minutes the code is answered %d", got.Status)
	}
	// Once: the same form again signs nobody in.
	w.Clock.Advance(time.Second)
	b = w.Browser(t)
	p = b.RootSignIn(rootEmail, rootPassword)
	right = w.Code(rootEmail)
	b.MustConsole(b.Submit(p, code(" "+strings.Join(strings.Split(right, ""), " ")+" ")))
	if got := b.Submit(p, code(right)); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("the code works twice: %d", got.Status)
	}
}

// Session fixation: a cookie that somebody put into the browser, or took from it,
// leads nowhere after sign-in, whoever's it was.
func TestSessionFixation(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	attacker := w.Browser(t)
	attacker.MustConsole(attacker.IAMSignIn(owner, signintest.Alice, signintest.AlicePassword))
	planted := attacker.Cookie(w.Map.SignIn(), "sekisho-account")
	for _, value := range []string{planted, "made-up"} {
		w.Clock.Advance(time.Second)
		b := at(t, w, 1)
		b.SetCookie(w.Map.SignIn(), "sekisho-account", value)
		p := b.Get(w.Accounts.Begin(request{Again: true, Return: "/iam/users?page=2"}))
		if strings.HasPrefix(p.URL.Path, "/signin/iam") {
			p = b.Get(p.Link(t, `user=root`))
		}
		p = b.Submit(b.Submit(p, url.Values{"user_type": {"root"}, "email": {rootEmail}}), password(rootPassword))
		p = b.Submit(p, url.Values{"code": {w.Code(rootEmail)}})
		if got := b.Cookie(w.Map.SignIn(), "sekisho-account"); got == value || got == "" {
			t.Fatalf("after sign-in the cookie is %q (%s)", got, p.URL)
		}
		if !strings.Contains(b.Get(w.ConsoleURL()).Body, "root-user") {
			t.Error("the browser is not the root user's")
		}
	}
	if p := attacker.Get(w.ConsoleURL()); p.Title(t) == "Console" {
		t.Errorf("the planted session goes on: %s", p.Body)
	}
}

// Forged requests (CSRF), login CSRF and lifted forms: a form works only from a page
// of this host, in the browser to which it was shown.
func TestForgedForms(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	victim, attacker := w.Browser(t), w.Browser(t)
	pages := func(b *signintest.Browser) map[string]*signintest.Page {
		b.RootSignIn(rootEmail, "Wrong-Guess-1")
		check := b.Root(rootEmail)
		carol := b.Submit(b.Get(w.Map.SignIn()+"/signin/iam"), url.Values{"account": {owner}, "username": {signintest.Carol}, "password": {signintest.CarolPassword}})
		return map[string]*signintest.Page{
			"main": b.Get(w.Map.SignIn() + "/?user=root"), "check": check, "root": b.Submit(check, answer(t, w, check, ".png")),
			"iam": b.Get(w.Map.SignIn() + "/signin/iam"), "forgot": b.Get(w.Map.SignIn() + "/signin/forgot"), "new password": carol,
		}
	}
	attack := pages(attacker)
	victim.Get(w.ConsoleURL())
	for name, p := range attack {
		// The attacker's form in the victim's browser would sign the victim in as
		// the attacker.
		if got := victim.Submit(p, password(rootPassword)); got.Status != http.StatusBadRequest {
			t.Errorf("%s: the attacker's form is answered %d", name, got.Status)
		}
	}
	for name, p := range pages(victim) {
		action, form := p.Form(t)
		for what, change := range map[string]func(*http.Request){
			"cross-site": func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
			"another origin": func(r *http.Request) {
				r.Header.Del("Sec-Fetch-Site")
				r.Header.Set("Origin", "https://evil.example")
			},
			"the console":       func(r *http.Request) { r.Header.Set("Origin", w.Map.Console()) },
			"a sandboxed frame": func(r *http.Request) { r.Header.Set("Origin", "null") },
		} {
			if got := victim.Once(http.MethodPost, w.Map.SignIn()+action, form, change); got.Status != http.StatusForbidden {
				t.Errorf("%s from %s: answered %d", name, what, got.Status)
			}
		}
		without := url.Values{"password": {rootPassword}, "email": {rootEmail}, "flow": {form.Get("flow") + "x"}}
		if got := victim.Once(http.MethodPost, w.Map.SignIn()+action, without, nil); got.Status != http.StatusBadRequest {
			t.Errorf("%s with a changed flow: answered %d", name, got.Status)
		}
	}
	// A page's flow is no good at another page.
	for name, p := range attack {
		_, form := p.Form(t)
		for _, at := range []string{"/", "/signin/check", "/signin/root", "/signin/iam", "/signin/code", "/signin/new-password", "/signin/forgot", "/signin/signout"} {
			if action, _ := p.Form(t); action == at {
				continue
			}
			if got := attacker.Once(http.MethodPost, w.Map.SignIn()+at, url.Values{"flow": form["flow"], "password": {rootPassword}}, nil); got.Status != http.StatusBadRequest {
				t.Errorf("%s at %s: answered %d", name, at, got.Status)
			}
		}
	}
}

// Clickjacking: no page may be framed, kept in a cache, or run what is not its own.
func TestClickjacking(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	root := b.Root(rootEmail)
	for _, p := range []*signintest.Page{
		b.Get(w.Map.SignIn() + "/"), b.Get(w.Map.SignIn() + "/signin/iam"), root, b.Submit(root, password("Wrong-Guess-1")),
		b.Submit(w.Browser(t).RootSignIn(rootEmail, rootPassword), nil), b.Get(w.Map.SignIn() + "/signin/forgot"), b.Get(w.Map.SignIn() + "/signin/nothing"),
	} {
		csp := p.Header.Get("Content-Security-Policy")
		for _, want := range []string{"frame-ancestors 'none'", "base-uri 'none'", "default-src 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: the policy is %q", p.URL, csp)
			}
		}
		if p.Header.Get("X-Frame-Options") != "DENY" || p.Header.Get("Cache-Control") != "no-store" || p.Header.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: the headers are %v", p.URL, p.Header)
		}
	}
}

// Open redirect: whatever is asked for, sign-in leads to this server's own hosts.
func TestOpenRedirect(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	b.MustConsole(b.IAMSignIn(owner, signintest.Alice, signintest.AlicePassword))
	own := []string{w.Map.SignIn(), w.Map.Console()}
	for _, to := range []string{"https://evil.example/", "//evil.example/", `/\evil.example/`, `\\evil.example`, "/\t/evil.example", "javascript:alert(1)", "@evil.example",
		".evil.example", ":80@evil.example/", "///evil.example", "/%0d%0aLocation:https://evil.example", "evil", "/ok?x=https://evil.example"} {
		for _, req := range []request{{Return: to}, {Here: to}, {Return: to, State: secret.NewString("x").Hash()}} {
			p := b.Once(http.MethodGet, w.Accounts.Begin(req), nil, nil)
			u, err := url.Parse(p.Header.Get("Location"))
			if err != nil || !slices.Contains(own, u.Scheme+"://"+u.Host) || strings.ContainsAny(u.Path, `\`) {
				t.Errorf("%+v leads to %q", req, p.Header.Get("Location"))
			}
			if back := u.Query().Get("to"); back != "" && (!strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.ContainsAny(back, "\\\t")) {
				t.Errorf("%+v comes back to %q", req, back)
			}
		}
	}
	// And nobody but this server's surfaces can ask.
	for _, q := range []string{"request=https://evil.example", "request=eyJ9", "redirect_uri=https://evil.example", "Return=//evil.example", "account=evil.example"} {
		p := w.Browser(t).Get(w.Map.SignIn() + "/?" + q)
		if p.Title(t) != "Sign in" || regexp.MustCompile(`(href|action|src)="(https?:)?//`).MatchString(strings.ReplaceAll(p.Body, `"`+w.Map.SignIn()+"/", `"/`)) {
			t.Errorf("%s leads to %q:\n%s", q, p.Title(t), p.Body)
		}
	}
}

// Budgets apart: who types the name of another budget for an account's fills neither
// the root user's nor that of the portal's users.
func TestBudgetsAreApart(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := at(t, w, 1)
	for range credential.FreeFailures {
		b.IAMSignIn("root-user", rootEmail, "Wrong-Guess-1")
		b.IAMSignIn(signintest.DirectoryID, signintest.Jane, "Wrong-Guess-1")
	}
	if p := at(t, w, 2).Root(rootEmail); p.Title(t) != "Root user sign in" {
		t.Errorf("the root user is asked for %q", p.Title(t))
	}
	at(t, w, 3).MustSignIn(signintest.Jane, signintest.JanePassword)
}

// Who cannot sign in here any more is told what helps, and no program that waiting
// does; the browser that they used before is none of it (promise 3).
func TestLockedName(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	known := w.Browser(t)
	known.MustConsole(known.IAMSignIn(owner, signintest.Alice, signintest.AlicePassword))
	w.Update(func(tx store.Tx) error {
		for i := range credential.MaxFailures {
			at := w.Clock.Now().Add(time.Duration(i-credential.MaxFailures) * credential.LongestWait)
			if err := credential.Reserve(tx, []credential.Key{credential.NameKey(owner, signintest.Alice)}, at); err != nil {
				return err
			}
		}
		return nil
	})
	p := w.Browser(t).IAMSignIn(owner, signintest.Alice, signintest.AlicePassword)
	if p.Status != http.StatusTooManyRequests || !strings.Contains(p.Body, "ask their administrator") || p.Header.Get("Retry-After") != "" {
		t.Errorf("elsewhere: %d, Retry-After %q", p.Status, p.Header.Get("Retry-After"))
	}
	again := known.Get(w.Map.SignIn() + "/signin/iam?account=" + owner)
	if p := known.Submit(again, url.Values{"username": {signintest.Alice}, "password": {signintest.AlicePassword}}); p.Title(t) != "Console" {
		t.Errorf("in the browser used before: %d at %s", p.Status, p.URL)
	}
}
