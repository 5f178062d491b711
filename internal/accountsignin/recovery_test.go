package accountsignin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/iam"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
)

const freshPassword = "Cedar Window 58"

func fresh(p string) url.Values { return url.Values{"new_password": {p}, "confirm": {p}} }

// ask asks for a reset mail, beginning with a root user's sign-in (B-26).
func ask(t *testing.T, b *signintest.Browser, email string) *signintest.Page {
	t.Helper()
	b.W.Clock.Advance(time.Second) // mails are in order of time
	p := b.Get(rootPage(t, b, email).Link(t, `/signin/forgot`))
	return b.Submit(p, answer(t, b.W, p, ".png"))
}

func resetLink(t *testing.T, w *signintest.World, to string) string {
	t.Helper()
	for _, m := range w.Messages() {
		if m.To == to && len(m.Links) == 1 {
			return m.Links[0]
		}
	}
	t.Fatal("no link was mailed")
	return ""
}

// A forgotten root password, from the link on the password page to signing in with
// the new one (B-25, B-26, B-29 to B-33, N-07, N-08, N-18), and promise 12: a root
// session that began with the old password is over.
func TestRootPasswordRecovery(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	elsewhere := at(t, w, 1)
	elsewhere.MustRoot(rootEmail, rootPassword)

	b := at(t, w, 2)
	page := b.Get(b.Root(rootEmail).Link(t, `/signin/forgot`))
	if _, form := page.Form(t); page.Title(t) != "Password recovery" || form.Get("email") != rootEmail {
		t.Fatalf("the page is %q with %v", page.Title(t), form)
	}
	if p := b.Submit(page, url.Values{"captcha": {"wrong1"}}); p.Status != http.StatusUnprocessableEntity || p.Title(t) != "Password recovery" {
		t.Errorf("wrong characters are answered %d %q", p.Status, p.Title(t))
	}
	sent := ask(t, b, rootEmail)
	if sent.Title(t) != "Instructions sent" || !strings.Contains(sent.Body, "spam") {
		t.Fatalf("asking leads to %q (%d)", sent.Title(t), sent.Status)
	}
	m := w.Messages()[0]
	if m.To != rootEmail || m.From != `"Amazon Web Services" <no-reply@signin.aws>` || !strings.HasPrefix(m.Links[0], w.Map.SignIn()+"/signin/reset?token=") || !strings.Contains(m.Text, m.Links[0]) {
		t.Fatalf("the mail is %+v", m)
	}
	link := m.Links[0]
	if e := w.Events(audit.PasswordRecoveryRequested)[0]; e.Account != owner || e.ErrorCode != "" || e.Identity.Type != audit.TypeRoot || e.Source != audit.SignInSource {
		t.Errorf("the trail says %+v", e)
	}

	// A mail scanner follows it first; nothing is spent.
	scanner := w.Browser(t)
	scanner.Once(http.MethodHead, link, nil, nil)
	scanner.Get(link)
	// Another browser than the one that asked.
	reader := at(t, w, 3)
	page = reader.Get(link)
	if page.Title(t) != "Reset password" || strings.Contains(page.URL.RawQuery, "token") {
		t.Fatalf("the link leads to %q at %s", page.Title(t), page.URL)
	}
	if _, form := page.Form(t); form.Get("end_all") == "" || form.Get("username") != rootEmail {
		t.Errorf("the form has %v", form)
	}
	for typed, says := range map[string]string{
		"Ab1!":                             "too short",
		"onlyletters":                      "needs at least 3 kinds",
		strings.Repeat("aB3", 43):          "too long",
		"Root@Example.com":                 "name or email address of the account",
		"P@ssw0rd":                         "commonly used",
		rootPassword:                       "This is your present password",
		"":                                 "Enter a new password.",
		"with a \u0007 bell in it, Mr 007": "cannot be used",
	} {
		if p := reader.Submit(page, fresh(typed)); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, says) {
			t.Errorf("%q is answered %d\n%s", typed, p.Status, p.Body)
		}
	}
	if p := reader.Submit(page, url.Values{"new_password": {freshPassword}, "confirm": {freshPassword + "x"}}); !strings.Contains(p.Body, "The two passwords differ") {
		t.Errorf("two passwords are answered %d", p.Status)
	}
	w.Clock.Advance(time.Second)
	done := reader.Submit(page, fresh(freshPassword))
	if done.Title(t) != "Password reset successful" || reader.Cookie(w.Map.SignIn(), "sekisho-account") != "" {
		t.Fatalf("the new password leads to %q (%d)", done.Title(t), done.Status)
	}
	if e := w.Events(audit.PasswordRecoveryCompleted)[0]; e.Account != owner || e.PrincipalID != "arn:aws:iam::"+owner+":root" || e.ErrorCode != "" {
		t.Errorf("the trail says %+v", e)
	}
	if m := w.Messages()[0]; m.To != rootEmail || m.Subject != "Your AWS password was changed" {
		t.Errorf("the notice is %+v", m)
	}
	// Reset token replay: the link is spent, here and everywhere.
	if p := reader.Submit(page, fresh("Cedar Window 59")); p.Status != http.StatusGone {
		t.Errorf("the page works twice: %d", p.Status)
	}
	if p := w.Browser(t).Get(link); p.Status != http.StatusGone {
		t.Errorf("the link works twice: %d", p.Status)
	}
	// Root session after password change.
	if p := elsewhere.Get(w.ConsoleURL()); p.Title(t) == "Console" {
		t.Errorf("the old session is at %s", p.URL)
	}
	// Who changed the password does not trust the browsers of before.
	if p := elsewhere.RootSignIn(rootEmail, rootPassword); !refused(p) {
		t.Errorf("the old password is answered %d", p.Status)
	}
	if p := elsewhere.RootSignIn(rootEmail, freshPassword); p.Title(t) != "Verification code needed" {
		t.Errorf("the new password leads to %q in a browser of before", p.Title(t))
	}
	// Who has just read the mail is not mailed a code.
	reader.MustConsole(reader.RootSignIn(rootEmail, freshPassword))
}

// The other sessions stay if that is wanted (B-31).
func TestRecoveryLeavesSessionsIfAsked(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	elsewhere := at(t, w, 1)
	elsewhere.MustRoot(rootEmail, rootPassword)
	b := at(t, w, 2)
	ask(t, b, rootEmail)
	fill := fresh(freshPassword)
	fill["end_all"] = nil
	if p := b.Submit(b.Get(resetLink(t, w, rootEmail)), fill); p.Title(t) != "Password reset successful" {
		t.Fatalf("the new password leads to %q", p.Title(t))
	}
	elsewhere.MustConsole(elsewhere.Get(w.ConsoleURL()))
}

// Who may recover: asking is answered the same and as fast for everybody, and mail
// goes to who may (B-30, B-34; behaviours.md 9.4).
func TestWhoMayRecover(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	reference := ask(t, at(t, w, 1), rootEmail)
	body := withoutSealed(reference.Body, rootEmail)
	w.Messages()
	for i, c := range []struct {
		email, reason string
		prepare       func(store.Tx) error
	}{
		{email: "nobody@example.com", reason: "no-such-account"},
		{email: signintest.MemberEmail, reason: "no-password"},
		{email: signintest.LoneEmail},
		{email: signintest.LoneEmail, reason: "account-not-in-use", prepare: func(tx store.Tx) error {
			a, err := tx.Account(signintest.Lone)
			if err != nil {
				return err
			}
			a.Status = account.Closed
			if err := tx.PutAccount(a); err != nil {
				return err
			}
			return tx.PutStanding(account.Standing{Account: a.ID, Status: a.Status, ClosedAt: w.Clock.Now().Add(-91 * 24 * time.Hour)})
		}},
		// The management account lets the member's root user set one.
		{email: signintest.MemberEmail, prepare: func(tx store.Tx) error {
			_, err := iam.AllowRootPassword(tx, w.Clock.Now(), signintest.Member)
			return err
		}},
	} {
		if c.prepare != nil {
			w.Update(c.prepare)
		}
		before := len(w.Messages())
		p := ask(t, at(t, w, 10+i), c.email)
		if p.Status != reference.Status || withoutSealed(p.Body, c.email) != body {
			t.Errorf("%s %s: the page differs (%d):\n%s", c.email, c.reason, p.Status, p.Body)
		}
		mailed := len(w.Messages()) - before
		if want := map[bool]int{true: 1, false: 0}[c.reason == ""]; mailed != want {
			t.Errorf("%s %s: %d mails", c.email, c.reason, mailed)
		}
		if e := w.Events(audit.PasswordRecoveryRequested)[0]; e.ErrorReason != c.reason {
			t.Errorf("%s: the trail says %+v", c.email, e)
		}
	}
	// That one works, and its owner gets in; before, no password did.
	if p := at(t, w, 50).RootSignIn(signintest.MemberEmail, ""); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("an empty password is answered %d", p.Status)
	}
	b := at(t, w, 51)
	if p := b.Submit(b.Get(resetLink(t, w, signintest.MemberEmail)), fresh(freshPassword)); p.Title(t) != "Password reset successful" {
		t.Fatalf("a first password leads to %q", p.Title(t))
	}
	b.MustConsole(b.RootSignIn(signintest.MemberEmail, freshPassword))
}

// An IAM user's browser has to be signed out first, at every step (B-27).
func TestRecoveryAsksIAMUsersToSignOut(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := at(t, w, 1)
	ask(t, b, rootEmail)
	link := resetLink(t, w, rootEmail)
	forgot := b.Get(w.Map.SignIn() + "/signin/forgot")
	b.MustConsole(b.IAMSignIn(owner, signintest.Alice, signintest.AlicePassword))
	for name, p := range map[string]*signintest.Page{
		"the page": b.Get(w.Map.SignIn() + "/signin/forgot"), "its form": b.Submit(forgot, answer(t, w, forgot, ".png")), "the link": b.Get(link),
	} {
		if p.Title(t) != "Sign out first" || !strings.Contains(p.Body, signintest.Alice) {
			t.Errorf("%s is answered %d %q", name, p.Status, p.Title(t))
		}
	}
	p := b.Submit(b.Get(link), nil)
	if p.Title(t) != "Reset password" {
		t.Fatalf("signing out leads to %q", p.Title(t))
	}
	if p := b.Get(w.ConsoleURL()); p.Title(t) == "Console" {
		t.Error("the console's session goes on")
	}
	if p := b.Submit(p, fresh(freshPassword)); p.Title(t) != "Password reset successful" {
		t.Errorf("the new password leads to %q", p.Title(t))
	}
	// A root user need not.
	b.MustConsole(b.RootSignIn(rootEmail, freshPassword))
	if p := b.Get(w.Map.SignIn() + "/signin/forgot"); p.Title(t) != "Password recovery" {
		t.Errorf("a root user is asked %q", p.Title(t))
	}
}

// Host-header poisoning of reset links: they lead to this server's own name,
// whatever the request called it.
func TestHostHeaderPoisoning(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	p := b.Get(b.Root(rootEmail).Link(t, `/signin/forgot`))
	_, form := p.Form(t)
	form.Set("captcha", answer(t, w, p, ".png").Get("captcha"))
	got := b.Once(http.MethodPost, w.Map.SignIn()+"/signin/forgot", form, func(r *http.Request) {
		r.Host = "us-east-1.signin.aws"
		for _, name := range []string{"X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-Url"} {
			r.Header.Set(name, "evil.example")
		}
	})
	if got.Status != http.StatusSeeOther {
		t.Fatalf("answered %d", got.Status)
	}
	m := w.Messages()[0]
	if !strings.HasPrefix(m.Links[0], w.Map.SignIn()+"/signin/reset?") || strings.Contains(m.Text+m.HTML, "evil.example") || strings.Contains(m.Text, "signin.aws/") {
		t.Errorf("the mail is %+v", m)
	}
}

// Mailed links: an hour, the newest one, and how many are asked for.
func TestResetLinksEnd(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := at(t, w, 1)
	ask(t, b, rootEmail)
	first := resetLink(t, w, rootEmail)
	ask(t, b, rootEmail)
	second := resetLink(t, w, rootEmail)
	if p := b.Get(first); p.Status != http.StatusGone || first == second {
		t.Errorf("an older link is answered %d", p.Status)
	}
	w.Clock.Advance(credential.ResetLinkLife)
	if p := b.Get(second); p.Status != http.StatusGone || p.Title(t) != "This link has expired" || b.Get(p.Link(t, `/signin/forgot`)).Title(t) != "Password recovery" {
		t.Errorf("an hour later the link is answered %d %q", p.Status, p.Title(t))
	}
	for _, token := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("A", 9000)} {
		if p := b.Get(w.Map.SignIn() + "/signin/reset?token=" + token); p.Status != http.StatusGone {
			t.Errorf("%.20q is answered %d", token, p.Status)
		}
	}
	for i := range credential.FreeFailures {
		ask(t, at(t, w, 10+i), signintest.LoneEmail)
	}
	if p := ask(t, at(t, w, 20), signintest.LoneEmail); p.Status != http.StatusTooManyRequests {
		t.Errorf("asking for mail after mail is answered %d", p.Status)
	}
	// Which locks nobody out of signing in.
	b = at(t, w, 21)
	b.MustRoot(signintest.LoneEmail, rootPassword)
}

// Signing out ends the session of this browser, here and in the console, and only
// by a form (L-02, L-03).
func TestSignOut(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b, elsewhere := at(t, w, 1), at(t, w, 2)
	for _, b := range []*signintest.Browser{b, elsewhere} {
		b.MustConsole(b.IAMSignIn(owner, signintest.Alice, signintest.AlicePassword))
	}
	p := b.Get(w.Map.SignIn() + "/signin/signout")
	b.MustConsole(b.Get(w.ConsoleURL()))
	p = b.Submit(p, nil)
	if !strings.Contains(p.Body, "You have signed out.") || p.Title(t) != "Sign in as IAM user" {
		t.Fatalf("signing out leads to %q", p.Title(t))
	}
	if p := b.Get(w.ConsoleURL()); p.Title(t) == "Console" {
		t.Error("the console's session goes on")
	}
	if p := b.Get(w.Map.SignIn() + "/signin/signout"); p.Title(t) == "Sign out" {
		t.Error("the browser is signed in still")
	}
	elsewhere.MustConsole(elsewhere.Get(w.ConsoleURL()))
}
