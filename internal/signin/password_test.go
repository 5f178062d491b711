package signin_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/credential"
	"sekisho/internal/directory/people"
	"sekisho/internal/session"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
)

func password(v string) url.Values { return url.Values{"password": {v}} }

func newPassword(v string) url.Values {
	return url.Values{"new_password": {v}, "confirm": {v}}
}

// sealed finds what differs between pages that say the same: sealed values.
var sealed = regexp.MustCompile(`[A-Za-z0-9_-]{80,}`)

func withoutSealed(body string) string { return sealed.ReplaceAllString(body, "…") }

// Nobody learns who has an account (promise 4): all that goes wrong with a user
// name and password is told in the same words with the same headers.
func TestFailuresDoNotTellWhoExists(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	reference := w.Browser(t).SignIn(signintest.Jane, "wrong")
	if reference.Status != http.StatusUnprocessableEntity || !strings.Contains(reference.Body, "username or password is incorrect") {
		t.Fatalf("a wrong password is answered %d:\n%s", reference.Status, reference.Body)
	}
	for name, reason := range map[string]string{
		"nobody":        "no-such-user",
		signintest.Dave: "user-disabled",
		signintest.Nora: "no-password",
		signintest.Taro: "password-incorrect",
	} {
		first := w.Browser(t).Identify(name)
		if first.Status != http.StatusOK {
			t.Errorf("%s: the user name is answered %d", name, first.Status)
		}
		typed := "wrong"
		if name == signintest.Dave {
			typed = signintest.JanePassword // his, but he is disabled
		}
		got := w.Browser(t).SignIn(name, typed)
		if got.Status != reference.Status {
			t.Errorf("%s: status %d, want %d", name, got.Status, reference.Status)
		}
		if a, b := withoutSealed(got.Body), strings.ReplaceAll(withoutSealed(reference.Body), "jane", name); a != b {
			t.Errorf("%s: the page differs:\n%s\n---\n%s", name, a, b)
		}
		if len(got.Header) != len(reference.Header) {
			t.Errorf("%s: headers %v, want those of %v", name, got.Header, reference.Header)
		}
		e := w.Events("CredentialVerification")[0]
		if e.ErrorCode != "Failure" || e.ErrorReason != reason || e.SourceIP == "" || e.RequestID == "" {
			t.Errorf("%s: the trail says %+v", name, e)
		}
		if hidden := e.UserName == "HIDDEN_DUE_TO_SECURITY_REASONS"; hidden != (name == "nobody") {
			t.Errorf("%s: the trail names %q", name, e.UserName)
		}
	}
	if n := len(w.Events("UserAuthentication")); n != 0 {
		t.Errorf("%d sign-ins are recorded, none happened", n)
	}
}

// What is typed where a password belongs is nowhere in the trail (promise 23).
func TestTrailHoldsNoPassword(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	w.Browser(t).SignIn(signintest.Jane, "canary-wrong-password")
	w.Browser(t).SignIn("canary-typed-as-name", "x")
	w.Browser(t).MustSignIn(signintest.Jane, signintest.JanePassword)
	for _, e := range w.Events("") {
		for _, canary := range []string{"canary", signintest.JanePassword} {
			if strings.Contains(strings.Join([]string{e.UserName, e.ErrorReason, e.Resource, e.PrincipalID, e.Detail["CredentialType"]}, " "), canary) {
				t.Errorf("%q is in %+v", canary, e)
			}
		}
	}
	for _, name := range []string{"CredentialChallenge", "CredentialVerification", "UserAuthentication"} {
		e := w.Events(name)[0]
		if e.Source != "signin.amazonaws.com" || e.Account != signintest.Owner || e.ErrorCode != "" || e.UserName != signintest.Jane {
			t.Errorf("%s is recorded as %+v", name, e)
		}
	}
}

// The budget of a name holds whoever guesses, and its owner still gets in where
// they signed in before (promise 3).
func TestGuessingIsThrottledButTheOwnerEnters(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	home := w.Browser(t)
	home.MustSignIn(signintest.Jane, signintest.JanePassword)
	if p := home.Fetch(http.MethodPost, w.Map.Portal(signintest.Subdomain)+"/start/signout"); p.Status != http.StatusNoContent {
		t.Fatalf("sign-out is answered %d", p.Status)
	}

	attacker := w.Browser(t)
	for i := range credential.FreeFailures {
		attacker.Address = "203.0.113." + string(rune('1'+i))
		if p := attacker.SignIn(signintest.Jane, "guess"); p.Status != http.StatusUnprocessableEntity {
			t.Fatalf("guess %d is answered %d", i, p.Status)
		}
	}
	attacker.Address = "203.0.113.99"
	p := attacker.SignIn(signintest.Jane, signintest.JanePassword)
	if p.Status != http.StatusTooManyRequests || p.Header.Get("Retry-After") != "60" || !strings.Contains(p.Body, "Wait 1 minute") {
		t.Fatalf("over the budget even the right password is answered %d, Retry-After %q", p.Status, p.Header.Get("Retry-After"))
	}
	if e := w.Events("CredentialVerification")[0]; e.ErrorReason != "too-many-attempts" {
		t.Errorf("the trail says %+v", e)
	}
	// A name that nobody has is throttled in the same way.
	stranger := w.Browser(t)
	for range credential.FreeFailures {
		stranger.SignIn("nobody", "guess")
	}
	if p := stranger.SignIn("nobody", "guess"); p.Status != http.StatusTooManyRequests {
		t.Errorf("a name that nobody has is answered %d", p.Status)
	}

	home.MustSignIn(signintest.Jane, signintest.JanePassword)

	w.Clock.Advance(credential.FirstWait)
	w.Browser(t).MustSignIn(signintest.Jane, signintest.JanePassword)
}

// A mark of a known device is worth nothing for anybody else.
func TestKnownDeviceIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	attacker := w.Browser(t)
	attacker.MustSignIn(signintest.Taro, signintest.TaroPassword)
	attacker.Fetch(http.MethodPost, w.Map.Portal(signintest.Subdomain)+"/start/signout")
	for range credential.FreeFailures {
		attacker.SignIn(signintest.Jane, "guess")
	}
	if p := attacker.SignIn(signintest.Jane, "guess"); p.Status != http.StatusTooManyRequests {
		t.Errorf("behind Taro's device Jane's name is answered %d", p.Status)
	}
}

// An administrator's one-time password opens nothing but the page on which to
// choose another (H-08).
func TestOneTimePasswordMustBeReplaced(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	page := b.SignIn(signintest.Olga, signintest.OlgaPassword)
	if page.URL.Path != "/platform/new-password" || page.Status != http.StatusOK {
		t.Fatalf("the one-time password leads to %s (%d)", page.URL, page.Status)
	}
	if b.Cookie(w.Map.SignIn(), "sekisho-session") != "" {
		t.Fatal("a session began before the password was replaced")
	}
	for _, c := range []struct{ name, first, second, says string }{
		{"nothing", "", "", "Enter a new password"},
		{"differing", "Good Password 77!", "Good Password 78!", "differ"},
		{"weak", "short", "short", "too short"},
		{"the same again", signintest.OlgaPassword, signintest.OlgaPassword, "used this password before"},
	} {
		p := b.Submit(page, url.Values{"new_password": {c.first}, "confirm": {c.second}})
		if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, c.says) {
			t.Errorf("%s: answered %d without %q", c.name, p.Status, c.says)
		}
		if c.first != "" && strings.Contains(p.Body, c.first) && c.first != "short" {
			t.Errorf("%s: the page repeats the password", c.name)
		}
	}
	p := b.Submit(page, newPassword("Good Password 77!"))
	if p.Status != http.StatusOK || p.URL.Path != "/start" {
		t.Fatalf("the new password leads to %s (%d):\n%s", p.URL, p.Status, p.Body)
	}
	// The page is spent, and so is the one-time password.
	if p := b.Submit(page, newPassword("Another Password 88!")); p.Status != http.StatusBadRequest {
		t.Errorf("the page works again: %d", p.Status)
	}
	if p := w.Browser(t).SignIn(signintest.Olga, signintest.OlgaPassword); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("the one-time password works again: %d", p.Status)
	}
	w.Browser(t).MustSignIn(signintest.Olga, "Good Password 77!")
	if m := w.Messages(); len(m) != 1 || m[0].To != "olga@example.com" || strings.Contains(m[0].Text, "Good Password") {
		t.Errorf("the notice is %+v", m)
	}
}

// A one-time password that nobody used for a week is good no more, also on a page that
// it opened before (a note that is found later, G-26, H-08). Who has it is told whom to
// ask, and who has not learns nothing.
func TestOneTimePasswordExpires(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	w.Clock.Advance(people.OneTimePasswordLife - time.Minute)
	page := w.Browser(t).SignIn(signintest.Olga, signintest.OlgaPassword)
	if page.URL.Path != "/platform/new-password" {
		t.Fatalf("in the last minute it leads to %s", page.URL)
	}
	b := w.Browser(t)
	open := b.SignIn(signintest.Olga, signintest.OlgaPassword)
	w.Clock.Advance(time.Minute)
	if p := b.Submit(open, newPassword("Good Password 77!")); p.Status != http.StatusBadRequest {
		t.Errorf("the page that it opened is answered %d", p.Status)
	}
	b = w.Browser(t)
	p := b.SignIn(signintest.Olga, signintest.OlgaPassword)
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, "Ask your administrator for a new one.") || b.Cookie(w.Map.SignIn(), "sekisho-session") != "" {
		t.Errorf("answered %d at %s:\n%s", p.Status, p.URL, p.Body)
	}
	if e := w.Events("CredentialVerification")[0]; e.ErrorReason != "one-time-password-expired" || e.UserName != signintest.Olga {
		t.Errorf("the trail says %+v", e)
	}
	if p := b.SignIn(signintest.Olga, "guess"); strings.Contains(p.Body, "expired") {
		t.Errorf("a guess is answered:\n%s", p.Body)
	}
}

// A proof of the one-time password does not outlast the hour, nor the account.
func TestProofOfOneTimePasswordEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *signintest.World){
		"time":     func(w *signintest.World) { w.Clock.Advance(time.Hour) },
		"disabled": func(w *signintest.World) { disable(w, signintest.Olga) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := signintest.New(t)
			b := w.Browser(t)
			page := b.SignIn(signintest.Olga, signintest.OlgaPassword)
			end(w)
			if p := b.Submit(page, newPassword("Good Password 77!")); p.Status != http.StatusBadRequest {
				t.Errorf("answered %d", p.Status)
			}
		})
	}
}

func disable(w *signintest.World, name string) {
	w.Update(func(tx store.Tx) error {
		u := w.Users[name]
		u.Disabled = true
		return tx.PutUser(u)
	})
}

// Session fixation: what somebody planted in the browser before is not what is
// signed in after.
func TestSignInReplacesThePlantedSession(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	attacker, victim := w.Browser(t), w.Browser(t)
	attacker.MustSignIn(signintest.Taro, signintest.TaroPassword)
	planted := attacker.Cookie(w.Map.SignIn(), "sekisho-session")

	form := victim.Identify(signintest.Jane)
	victim.SetCookie(w.Map.SignIn(), "sekisho-session", planted)
	p := victim.Submit(form, password(signintest.JanePassword))
	if p.Status != http.StatusOK || !strings.Contains(p.Body, `"userName":"jane"`) {
		t.Fatalf("sign-in led to %s (%d)", p.URL, p.Status)
	}
	if got := victim.Cookie(w.Map.SignIn(), "sekisho-session"); got == planted || got == "" {
		t.Fatal("the planted cookie stayed")
	}
	// The attacker's copy leads nowhere: not to Jane, and Taro's session, whose
	// browser this was, is over.
	if p := attacker.Get(w.StartURL()); p.URL.Path != "/platform/login" {
		t.Errorf("the attacker is at %s", p.URL)
	}
}

// Signing in anew in another tab does not take away what the session led to.
func TestSignInAgainKeepsOnesOwnSession(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	other := b.Identify(signintest.Jane)
	b.MustSignIn(signintest.Jane, signintest.JanePassword)
	first := onlySession(t, w, signintest.Jane)
	if p := b.Submit(other, password(signintest.JanePassword)); p.Status != http.StatusOK {
		t.Fatalf("the other tab is answered %d:\n%s", p.Status, p.Body)
	}
	w.View(func(tx store.Tx) error {
		s, err := tx.Session(first.ID)
		if err == nil && !s.Live(w.Clock.Now()) {
			t.Errorf("the first session ended: %s", s.EndReason)
		}
		return err
	})
}

func onlySession(t *testing.T, w *signintest.World, name string) session.Session {
	t.Helper()
	var all []session.Session
	w.View(func(tx store.Tx) (err error) {
		all, err = tx.SessionsOf(w.Users[name].ID)
		return err
	})
	if len(all) != 1 {
		t.Fatalf("%s has %d sessions", name, len(all))
	}
	return all[0]
}

// The session lasts what the instance says, and is asked for again after (H-19).
func TestSessionEndsWithItsTime(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	w.Update(func(tx store.Tx) error {
		i, err := access.Home(tx)
		if err != nil {
			return err
		}
		i.SessionDuration = access.MinPortalSession
		return tx.PutInstance(i)
	})
	b := w.Browser(t)
	b.MustSignIn(signintest.Jane, signintest.JanePassword)
	w.Clock.Advance(access.MinPortalSession - time.Second)
	if p := b.Get(w.StartURL()); p.URL.Path != "/start" {
		t.Errorf("before its end the portal leads to %s", p.URL)
	}
	w.Clock.Advance(time.Second)
	if p := b.Get(w.StartURL()); p.URL.Path != "/platform/login" || !strings.Contains(p.Body, "Your session has ended") {
		t.Errorf("after its end the portal leads to %s:\n%s", p.URL, p.Body)
	}
}

// One session serves every portal name and every surface (single sign-on, H-01).
func TestSignedInPersonIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	b.MustSignIn(signintest.Jane, signintest.JanePassword)
	for _, name := range []string{signintest.DirectoryID, signintest.InstanceID, signintest.Subdomain} {
		p := b.Get(w.Map.StartURL(name))
		if p.Status != http.StatusOK || p.URL.String() != w.Map.StartURL(name) {
			t.Errorf("%s leads to %s (%d)", name, p.URL, p.Status)
		}
	}
	onlySession(t, w, signintest.Jane)
	disable(w, signintest.Jane)
	if p := b.Get(w.StartURL()); p.URL.Path != "/platform/login" {
		t.Errorf("a disabled person is at %s", p.URL)
	}
}
