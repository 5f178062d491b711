package accountsignin_test

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/iam"
	"sekisho/internal/session"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
)

const (
	rootEmail, rootPassword = signintest.RootEmail, signintest.RootPassword
	owner                   = signintest.Owner
)

// answer reads the characters of the page's picture as a person would.
func answer(t *testing.T, w *signintest.World, p *signintest.Page, ext string) url.Values {
	t.Helper()
	id := strings.TrimSuffix(path.Base(p.Link(t, `/captcha/.*\`+ext+`$`)), ext)
	a, err := w.Captcha.Answer(id)
	if err != nil {
		t.Fatal(err)
	}
	return url.Values{"captcha": {a}}
}

func password(p string) url.Values { return url.Values{"password": {p}} }

func refused(p *signintest.Page) bool {
	return p.Status == http.StatusUnprocessableEntity && strings.Contains(p.Body, "<strong>Authentication failed</strong>") &&
		strings.Contains(p.Body, "Your authentication information is incorrect. Please try again.")
}

// From the console to the main page, by e-mail address, password and the mailed
// code back to where the root user wanted to be (B-05, B-07, B-11, B-13 to B-15,
// B-18, D-01, M-15, N-07, N-16).
func TestRootUserSignsIn(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	first := b.Get(w.ConsoleURL())
	if first.URL.Path != "/" || first.Title(t) != "Sign in" || first.Status != http.StatusOK {
		t.Fatalf("the console leads to %s: %q", first.URL, first.Title(t))
	}
	p := b.Submit(first, url.Values{"user_type": {"root"}, "email": {" Root@Example.com "}})
	if p.Title(t) != "Root user sign in" || !strings.Contains(p.Body, "<b>Root@Example.com</b>") {
		t.Fatalf("the e-mail address leads to %q:\n%s", p.Title(t), p.Body)
	}
	p = b.Submit(p, password(rootPassword))
	if p.Title(t) != "Verification code needed" || b.Cookie(w.Map.SignIn(), "sekisho-account") != "" {
		t.Fatalf("the password leads to %q", p.Title(t))
	}
	m := w.Messages()[0]
	if m.To != rootEmail || m.From != `"Amazon Web Services" <no-reply@verify.signin.aws>` || len(m.Codes) != 1 || len(m.Codes[0]) != 6 || !strings.Contains(m.Text, m.Codes[0]) {
		t.Fatalf("the mail is %+v", m)
	}
	p = b.MustConsole(b.Submit(p, url.Values{"code": {m.Codes[0]}}))
	if !strings.Contains(p.Body, "root-user "+owner+" "+owner+" mfa=false") {
		t.Errorf("the console says %s", p.Body)
	}
	e := w.Events(audit.ConsoleLogin)[0]
	want := map[string]string{"LoginTo": w.Map.Console() + "/iam/users", "MobileVersion": "No", "MFAUsed": "No"}
	if e.Account != owner || e.ErrorCode != "" || e.PrincipalID != "arn:aws:iam::"+owner+":root" || e.Identity.Type != audit.TypeRoot || e.Region != "us-east-1" || !equal(e.Detail, want) {
		t.Errorf("the trail says %+v", e)
	}
	w.View(func(tx store.Tx) error {
		at, err := iam.PasswordLastUsed(tx, owner)
		if !at.Equal(w.Clock.Now()) {
			t.Errorf("the password was last used at %v", at)
		}
		return err
	})

	// This browser is known from now on, and its owner's address with it (B-16).
	b.Jar.SetCookies(mustParse(t, w.Map.Console()), []*http.Cookie{{Name: "test-console", Value: "", Path: "/"}})
	b.Jar.SetCookies(mustParse(t, w.Map.SignIn()), []*http.Cookie{{Name: "sekisho-account", Value: "", Path: "/"}})
	again := b.Get(w.ConsoleURL())
	if !strings.Contains(again.Body, `value="Root@Example.com"`) {
		t.Errorf("the address is not remembered:\n%s", again.Body)
	}
	p = b.Submit(b.Submit(again, nil), password(rootPassword))
	b.MustConsole(p)
}

func mustParse(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func equal(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}

// An IAM user signs in by the main page, by id or alias, and by the account's own
// address (C-03, C-05 to C-07, C-11, C-23, C-25, D-02).
func TestIAMUserSignsIn(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	for name, begin := range map[string]func(b *signintest.Browser) *signintest.Page{
		"main page, id": func(b *signintest.Browser) *signintest.Page {
			return b.Submit(b.Get(w.ConsoleURL()), url.Values{"user_type": {"iam"}, "account": {owner}})
		},
		"main page, alias": func(b *signintest.Browser) *signintest.Page {
			return b.Submit(b.Get(w.ConsoleURL()), url.Values{"user_type": {"iam"}, "account": {" Example-Corp "}})
		},
		"the account's page": func(b *signintest.Browser) *signintest.Page {
			b.Get(w.ConsoleURL())
			return b.Get(w.Map.SignIn() + "/signin/iam?account=" + signintest.Alias)
		},
	} {
		b := w.Browser(t)
		p := begin(b)
		if p.Title(t) != "Sign in as IAM user" || !strings.Contains(p.URL.RawQuery, "account=") { // C-25
			t.Fatalf("%s: %s is %q", name, p.URL, p.Title(t))
		}
		if _, form := p.Form(t); form.Get("account") == "" { // C-07
			t.Errorf("%s: the account has to be typed again", name)
		}
		p = b.Submit(p, url.Values{"username": {"Alice"}, "password": {signintest.AlicePassword}})
		id := w.IAMUsers[signintest.Alice].ID
		if p.Status != http.StatusOK || !strings.Contains(p.Body, "iam-user "+owner+" "+id+" mfa=false") {
			t.Errorf("%s: the console is %s (%d): %s", name, p.URL, p.Status, p.Body)
		}
		e := w.Events(audit.ConsoleLogin)[0]
		if e.Account != owner || e.UserName != signintest.Alice || e.PrincipalID != w.IAMUsers[signintest.Alice].ARN() || e.Identity.ID != id || e.Detail["MFAUsed"] != "No" {
			t.Errorf("%s: the trail says %+v", name, e)
		}
	}
}

// What the sign-in page shows depends on earlier sign-ins in this browser, and
// every state leads to every other (B-16 to B-18, C-07, C-08, M-11).
func TestBrowserRemembers(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	forget := func() {
		b.Jar.SetCookies(mustParse(t, w.Map.Console()), []*http.Cookie{{Name: "test-console", Value: "x", Path: "/"}})
		b.Jar.SetCookies(mustParse(t, w.Map.SignIn()), []*http.Cookie{{Name: "sekisho-account", Value: "x", Path: "/"}})
	}
	b.MustConsole(b.IAMSignIn(signintest.Alias, signintest.Alice, signintest.AlicePassword))
	forget()
	p := b.Get(w.ConsoleURL())
	_, form := p.Form(t)
	if p.Title(t) != "Sign in as IAM user" || form.Get("account") != signintest.Alias || form.Get("username") != signintest.Alice || form.Get("remember") == "" {
		t.Fatalf("the page is %q with %v", p.Title(t), form)
	}
	main := b.Get(p.Link(t, `user=root`)) // B-17, C-08
	if main.Title(t) != "Sign in" {
		t.Fatalf("back leads to %q", main.Title(t))
	}
	// The way back to the console is not lost on it.
	other := b.Submit(main, url.Values{"user_type": {"iam"}, "account": {owner}})
	if _, form := other.Form(t); form.Get("account") != owner || form.Get("username") != "" {
		t.Errorf("another account's page has %v", form)
	}
	// Without the tick nothing of the account stays but that it was an IAM user's.
	p = b.Submit(other, url.Values{"username": {signintest.Alice}, "password": {signintest.AlicePassword}, "remember": nil})
	b.MustConsole(p)
	forget()
	p = b.Get(w.ConsoleURL())
	if _, form := p.Form(t); p.Title(t) != "Sign in as IAM user" || form.Get("account") != "" || form.Get("username") != "" {
		t.Errorf("the page is %q with %v", p.Title(t), form)
	}
	// The forgotten password of a root user, from both pages (M-11).
	for _, from := range []*signintest.Page{p, b.Get(p.Link(t, `user=root`))} {
		if got := b.Get(from.Link(t, `/signin/forgot`)).Title(t); got != "Password recovery" {
			t.Errorf("%s leads to %q", from.URL, got)
		}
	}
}

// A password can be given only where the type of user matches (B-19): on neither
// page is the other's password any good.
func TestPasswordsFitTheirPage(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	if p := w.Browser(t).RootSignIn(rootEmail, signintest.AlicePassword); !refused(p) {
		t.Errorf("an IAM user's password at the root user's page: %d", p.Status)
	}
	if p := w.Browser(t).IAMSignIn(owner, "root", rootPassword); !refused(p) {
		t.Errorf("the root user's password at the IAM users' page: %d", p.Status)
	}
	if p := w.Browser(t).IAMSignIn(owner, rootEmail, rootPassword); !refused(p) {
		t.Errorf("the root user's address at the IAM users' page: %d", p.Status)
	}
	// And a user of the directory has no business here (D-16).
	if p := w.Browser(t).IAMSignIn(owner, signintest.Taro, signintest.TaroPassword); !refused(p) {
		t.Errorf("a portal user at the IAM users' page: %d", p.Status)
	}
}

// What was typed wrong is told at its field, before anything is looked up.
func TestFormsSayWhatIsMissing(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	main := func() *signintest.Page { return b.Get(w.Map.SignIn() + "/") }
	for name, c := range map[string]struct {
		fill url.Values
		says string
	}{
		"no e-mail":  {url.Values{"user_type": {"root"}, "email": {" "}}, "Enter the email address of the root user."},
		"no address": {url.Values{"user_type": {"root"}, "email": {"jane"}}, "This is not an email address."},
		"too long":   {url.Values{"user_type": {"root"}, "email": {strings.Repeat("x", 20_000) + "@example.com"}}, "This is not an email address."},
		"no account": {url.Values{"user_type": {"iam"}, "account": {""}}, "Enter the account ID or account alias."},
		"no such id": {url.Values{"user_type": {"iam"}, "account": {"a b"}}, "An account ID has 12 digits"},
	} {
		before := w.Writes()
		p := b.Submit(main(), c.fill)
		if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, c.says) || w.Writes() != before || len(p.Body) > 12_000 {
			t.Errorf("%s: %d\n%s", name, p.Status, p.Body)
		}
		// The page is there in the other language too, with what was typed.
		if ja := b.Get(p.Link(t, `lang=ja`)); ja.Status != http.StatusOK || !strings.Contains(ja.Body, "サインイン") {
			t.Errorf("%s in Japanese: %d", name, ja.Status)
		}
		b.Get(p.Link(t, `lang=en`))
	}
	p := b.Submit(b.Get(w.Map.SignIn()+"/signin/iam"), url.Values{"account": {strings.Repeat("x", 9000)}, "username": {""}, "password": {""}})
	for _, says := range []string{"An account ID has 12 digits", "Enter the IAM user name.", "Enter the password."} {
		if !strings.Contains(p.Body, says) {
			t.Errorf("the page lacks %q", says)
		}
	}
}

// Forced changes and expiry (C-12, C-14; behaviours.md 5.3).
func TestIAMUserMustChoosePassword(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	p := b.IAMSignIn(owner, signintest.Carol, signintest.CarolPassword)
	if p.Title(t) != "Change your password" || b.Cookie(w.Map.SignIn(), "sekisho-account") != "" {
		t.Fatalf("signing in leads to %q (%d)", p.Title(t), p.Status)
	}
	choose := func(pw string) *signintest.Page {
		return b.Submit(p, url.Values{"new_password": {pw}, "confirm": {pw}})
	}
	for pw, says := range map[string]string{
		"short 1":                "too short",
		"onlyletters":            "needs at least 3 kinds",
		"Root@Example.com":       "is the name or email address of the account",
		signintest.CarolPassword: "This is your present password",
	} {
		if p := choose(pw); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, says) {
			t.Errorf("%q: %d\n%s", pw, p.Status, p.Body)
		}
	}
	b.MustConsole(choose("Fresh Password 99"))
	if e := w.Events("ChangePassword"); len(e) != 1 || e[0].Account != owner || e[0].UserName != signintest.Carol || e[0].Source != "iam.amazonaws.com" {
		t.Errorf("the trail says %+v", e)
	}
	if p := choose("Fresh Password 98"); p.Status != http.StatusBadRequest {
		t.Errorf("the page works twice: %d", p.Status)
	}
	if p := w.Browser(t).IAMSignIn(owner, signintest.Carol, signintest.CarolPassword); !refused(p) {
		t.Errorf("the one-time password works still: %d", p.Status)
	}
	b = w.Browser(t)
	b.MustConsole(b.IAMSignIn(owner, signintest.Carol, "Fresh Password 99"))

	policy := iam.PasswordPolicy{Account: owner, Policy: credential.Policy{MinLength: 6}, MaxAgeDays: 30, Remembered: 2}
	w.Update(func(tx store.Tx) error { return tx.PutPasswordPolicy(policy) })
	w.Clock.Advance(31 * 24 * time.Hour)
	b = w.Browser(t)
	p = b.IAMSignIn(owner, signintest.Carol, "Fresh Password 99")
	if p.Title(t) != "Change your password" || !strings.Contains(p.Body, "has expired") {
		t.Fatalf("an expired password leads to %q", p.Title(t))
	}
	if p := choose("Fresh Password 99"); !strings.Contains(p.Body, "You have used this password before") {
		t.Errorf("the same password is answered %d\n%s", p.Status, p.Body)
	}
	policy.HardExpiry = true
	w.Update(func(tx store.Tx) error { return tx.PutPasswordPolicy(policy) })
	if p := choose("harbor"); p.Status != http.StatusBadRequest {
		t.Errorf("after the rule became hard the form is answered %d", p.Status)
	}
	p = w.Browser(t).IAMSignIn(owner, signintest.Carol, "Fresh Password 99")
	if p.Status != http.StatusForbidden || p.Title(t) != "Your password has expired" || !strings.Contains(p.Body, "administrator") {
		t.Errorf("a hard expiry is answered %d %q", p.Status, p.Title(t))
	}
	if e := w.Events(audit.ConsoleLogin)[0]; e.ErrorReason != "password-expired" {
		t.Errorf("the trail says %+v", e)
	}
}

// Whose account is not in use: root users get in while there is something for them
// to do there, IAM users do not, and are told nothing.
func TestAccountsNotInUse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		status    account.Status
		closed    time.Duration // ago
		root, iam bool
	}{
		{"pending", account.PendingActivation, 0, true, true},
		{"suspended", account.Suspended, 0, true, false},
		{"closed lately", account.Closed, 89 * 24 * time.Hour, true, false},
		{"closed for good", account.Closed, 91 * 24 * time.Hour, false, false},
	} {
		w := signintest.New(t)
		w.Update(func(tx store.Tx) error {
			a, err := tx.Account(owner)
			if err != nil {
				return err
			}
			a.Status = c.status
			if err := tx.PutAccount(a); err != nil || c.closed == 0 {
				return err
			}
			return tx.PutStanding(account.Standing{Account: owner, Status: c.status, ClosedAt: w.Clock.Now().Add(-c.closed)})
		})
		root := w.Browser(t).RootSignIn(rootEmail, rootPassword)
		if in := root.Title(t) == "Verification code needed"; in != c.root || !in && !refused(root) {
			t.Errorf("%s: the root user is answered %d %q", c.name, root.Status, root.Title(t))
		}
		user := w.Browser(t).IAMSignIn(owner, signintest.Alice, signintest.AlicePassword)
		if in := user.Status == http.StatusOK; in != c.iam || !in && !refused(user) {
			t.Errorf("%s: the IAM user is answered %d %q", c.name, user.Status, user.Title(t))
		}
	}
}

// Who is signed in goes straight on, unless the password is asked for again, or
// another account is wanted, or what was signed in is gone.
func TestSignedInGoesStraightOn(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	b.MustConsole(b.IAMSignIn(signintest.Alias, signintest.Alice, signintest.AlicePassword))
	lose := func() {
		b.Jar.SetCookies(mustParse(t, w.Map.Console()), []*http.Cookie{{Name: "test-console", Value: "x", Path: "/"}})
	}
	lose()
	b.MustConsole(b.Get(w.ConsoleURL()))
	begin := func(req request) *signintest.Page { return b.Get(w.Accounts.Begin(req)) }
	if p := begin(request{Account: owner, Return: "/x"}); p.URL.String() != w.Map.Console()+"/x" {
		t.Errorf("the same account leads to %s", p.URL)
	}
	if p := begin(request{Account: signintest.Member}); p.Title(t) != "Sign in as IAM user" {
		t.Errorf("another account leads to %s", p.URL)
	}
	if p := begin(request{Again: true}); p.Title(t) != "Sign in as IAM user" {
		t.Errorf("asking again leads to %s", p.URL)
	}
	if p := begin(request{Here: "/sign-in-pages"}); p.URL.Path != "/sign-in-pages" {
		t.Errorf("a page of this host is %s", p.URL)
	}
	// A deleted user's browser must not be sent to and fro between the hosts.
	lose()
	w.Update(func(tx store.Tx) error { return iam.RemoveUser(tx, w.IAMUsers[signintest.Alice]) })
	if p := b.Get(w.ConsoleURL()); p.Title(t) != "Sign in as IAM user" {
		t.Errorf("a deleted user is at %s", p.URL)
	}
}

// A sign-in that begins at the sign-in host itself ends as whoever signed in, also
// where the console still has another user's session: nobody may go on, unaware, as
// who was there before (session confusion).
func TestNewSignInReplacesTheConsolesSession(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	if p := b.MustConsole(b.IAMSignIn(signintest.Alias, signintest.Alice, signintest.AlicePassword)); !strings.Contains(p.Body, "iam-user "+owner) {
		t.Fatalf("the console is of %s", p.Body)
	}
	p := b.Submit(b.Get(w.Map.SignIn()+"/?user=root"), url.Values{"user_type": {"root"}, "email": {signintest.RootEmail}})
	p = b.Submit(p, url.Values{"password": {signintest.RootPassword}})
	p = b.Submit(p, url.Values{"code": {w.Code(signintest.RootEmail)}})
	if p.URL.String() != w.Map.Console()+"/console/home" || !strings.Contains(p.Body, "root-user "+owner) {
		t.Errorf("the root user is at %s: %s", p.URL, p.Body)
	}
	if p := b.Get(w.ConsoleURL()); !strings.Contains(p.Body, "root-user "+owner) {
		t.Errorf("and the console is of %s", p.Body)
	}
	// What the request came with is a path of the console's, whatever it reads like.
	if p := b.Get(w.Accounts.Begin(request{Return: "/iam/users?a=b&to=//evil.example#x"})); p.URL.Host != mustParse(t, w.Map.Console()).Host || p.URL.Query().Get("to") != "//evil.example" {
		t.Errorf("a page of the console is %s", p.URL)
	}
}

// Sign-up signs its new root user in without a page.
func TestSignInForSignUp(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	rec, r := recorder(t, w)
	s, err := w.Accounts.SignIn(rec, r, signintest.Lone)
	if err != nil || s.Kind != session.RootUser || s.User != signintest.Lone || s.Account != signintest.Lone {
		t.Fatalf("the session is %+v, %v", s, err)
	}
	b.Jar.SetCookies(mustParse(t, w.Map.SignIn()), rec.Result().Cookies())
	if p := b.Get(w.ConsoleURL()); !strings.Contains(p.Body, "root-user "+signintest.Lone) {
		t.Errorf("the console is %s: %s", p.URL, p.Body)
	}
	if _, err := w.Accounts.SignIn(rec, r, "999999999999"); err == nil {
		t.Error("an account that does not exist is signed in")
	}
}
