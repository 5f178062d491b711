package signin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/credential"
	"sekisho/internal/directory/people"
	"sekisho/internal/mfa"
	"sekisho/internal/session"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
)

// Every combination of the settings with what a person has (G-52, H-10,
// behaviours.md 6.7): what comes after the right password.
func TestSecondFactorMatrix(t *testing.T) {
	t.Parallel()
	const (
		portal   = "/start"
		code     = "/platform/mfa/code"
		passkey  = "/platform/mfa/passkey"
		choice   = "/platform/mfa"
		register = "/platform/mfa/register"
		mail     = "/platform/mfa/mail"
		blocked  = "blocked"
	)
	none := map[access.NoDevice]string{
		access.RequireRegistration: register, access.RequireEmailOTP: mail, access.BlockSignIn: blocked, access.AllowSignIn: portal,
	}
	has := map[string]string{"none": "", "app": code, "passkey": passkey, "both": choice}
	w := withFactors(t, both(access.AlwaysOn, access.AllowSignIn))
	person := w.Users[signintest.Jane]
	for _, prompt := range []access.Prompt{access.AlwaysOn, access.ContextAware, access.Never} {
		for noDevice, without := range none {
			for devices, with := range has {
				for _, trusted := range []bool{false, true} {
					name := fmt.Sprintf("%s, %s, devices %s, trusted %v", prompt, noDevice, devices, trusted)
					want := with
					switch {
					case prompt == access.Never, prompt == access.ContextAware && trusted:
						want = portal // a trusted device beats BLOCK
					case devices == "none":
						want = without
					}
					for _, d := range w.devices(signintest.Jane) {
						w.Update(func(tx store.Tx) error { return tx.DeletePersonDevice(d.ID) })
					}
					if devices == "app" || devices == "both" {
						w.addApp(signintest.Jane)
					}
					if devices == "passkey" || devices == "both" {
						w.addKey()
					}
					b := w.Browser(t)
					if trusted {
						w.settings(func(m *access.MFA) { *m = both(access.ContextAware, access.RequireEmailOTP) })
						b = w.trustedBrowser(signintest.Jane)
					}
					w.settings(func(m *access.MFA) { *m = both(prompt, noDevice) })
					p := b.SignIn(signintest.Jane, signintest.JanePassword)
					got := p.URL.Path
					if p.Status == http.StatusForbidden && strings.Contains(p.Body, "Ask the administrator") {
						got = blocked
					}
					if got != want {
						t.Errorf("%s: %s (%d), want %s", name, got, p.Status, want)
					}
					if (got == portal) != in(p) {
						t.Errorf("%s: in is %v", name, in(p))
					}
					w.Clock.Advance(24 * time.Hour) // mails of another day
					w.Update(func(tx store.Tx) error { return tx.EndSessionsOf(person.ID, w.Clock.Now(), session.SignedOut) })
				}
			}
		}
	}
}

// trustedBrowser is a browser that the person trusts, signed out.
func (w *factors) trustedBrowser(name string) *signintest.Browser {
	w.T.Helper()
	b := w.Browser(w.T)
	w.trustIn(b, name)
	return b
}

// trustIn has the person trust a browser, by whatever the person has.
func (w *factors) trustIn(b *signintest.Browser, name string) {
	w.T.Helper()
	// Any proof will do here: the mailed code of a person without devices.
	kept := w.devices(name)
	for _, d := range kept {
		w.Update(func(tx store.Tx) error { return tx.DeletePersonDevice(d.ID) })
	}
	p := b.SignIn(name, passwordOf[name])
	c, _ := w.mail(name)
	w.mustBeIn(b.SubmitTo(p, "/platform/mfa/mail", trusting(mailed(c))))
	for _, d := range kept {
		w.Update(func(tx store.Tx) error { return tx.PutPersonDevice(d) })
	}
	signOut(w, b)
}

var passwordOf = map[string]string{signintest.Jane: signintest.JanePassword, signintest.Taro: signintest.TaroPassword}

// The code of an app, and the trail of it (behaviours.md 6.7). The session knows when
// it was given; nothing is given before.
func TestAppCode(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.AlwaysOn, access.BlockSignIn))
	a, b := w.addApp(signintest.Jane), w.Browser(t)
	p := w.mustBeAt(b.SignIn(signintest.Jane, signintest.JanePassword), "/platform/mfa/code")
	if b.Cookie(w.Map.SignIn(), "sekisho-session") != "" || len(w.Events("UserAuthentication")) != 0 {
		t.Error("a session before the second factor")
	}
	if strings.Contains(p.Body, `name="trust"`) {
		t.Error("always-on offers to trust the browser")
	}
	if !strings.Contains(p.Body, `autocomplete="one-time-code"`) || !strings.Contains(p.Body, `inputmode="numeric"`) {
		t.Error("the field helps nobody")
	}
	for _, typed := range []string{"", "12345", "abcdef"} {
		if got := b.Submit(p, code(typed)); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", typed, got.Status)
		}
	}
	wrong := b.Submit(p, code("000000"))
	if wrong.Status != http.StatusUnprocessableEntity || !strings.Contains(wrong.Body, "Your authentication information is incorrect.") {
		t.Fatalf("%d", wrong.Status)
	}
	c := a.code(0)
	w.mustBeIn(b.Submit(wrong, code(" "+c[:3]+"-"+c[3:])))
	var got []string
	for _, e := range slices.Backward(w.Events("")) {
		got = append(got, e.Name+" "+e.Detail["CredentialType"]+" "+e.ErrorReason)
	}
	want := []string{
		"CredentialChallenge PASSWORD ", "CredentialVerification PASSWORD ", "CredentialVerification TOTP mfa-code",
		"CredentialVerification TOTP ", "UserAuthentication TOTP ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the trail says %q, want %q", got, want)
	}
	e := w.Events("UserAuthentication")[0]
	if e.UserName != signintest.Jane || e.Detail["AuthWorkflowID"] == "" || e.Detail["AuthWorkflowID"] != w.Events("CredentialVerification")[0].Detail["AuthWorkflowID"] ||
		e.Detail["LoginTo"] != w.Map.Portal(signintest.Subdomain) {
		t.Errorf("%+v", e)
	}
	w.View(func(tx store.Tx) error {
		all, err := tx.SessionsOf(w.Users[signintest.Jane].ID)
		if len(all) != 1 || !all[0].MFAAt.Equal(w.Clock.Now()) {
			t.Errorf("%+v", all)
		}
		return err
	})
	if d := w.devices(signintest.Jane)[0]; !d.LastUsedAt.Equal(w.Clock.Now()) {
		t.Errorf("last used %v", d.LastUsedAt)
	}
}

// Replayed TOTP: a code that was used lets nobody in again, and neither does a
// finished form.
func TestReplayedAppCode(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.AlwaysOn, access.BlockSignIn))
	a, b := w.addApp(signintest.Jane), w.Browser(t)
	p := b.SignIn(signintest.Jane, signintest.JanePassword)
	c := a.code(0)
	w.mustBeIn(b.Submit(p, code(c)))
	if in(b.Submit(p, code(c))) {
		t.Error("the same form let in twice")
	}
	other := w.Browser(t)
	if in(other.Submit(other.SignIn(signintest.Jane, signintest.JanePassword), code(c))) {
		t.Error("the same code let in twice")
	}
	w.Clock.Advance(30 * time.Second)
	if got := b.Submit(p, code(a.code(0))); in(got) || got.Status != http.StatusBadRequest {
		t.Errorf("a finished sign-in let in with a new code: %d", got.Status)
	}
}

// What the password let do ends with it: another browser, another time, another
// password, a person who was disabled or whose device went (lifted pages, liveness).
func TestFactorPageLeansOnThePassword(t *testing.T) {
	t.Parallel()
	for what, change := range map[string]func(w *factors, b *signintest.Browser) *signintest.Browser{
		"another browser": func(w *factors, _ *signintest.Browser) *signintest.Browser { return w.Browser(w.T) },
		"a quarter of an hour": func(w *factors, b *signintest.Browser) *signintest.Browser {
			w.Clock.Advance(15 * time.Minute)
			return b
		},
		"a new password": func(w *factors, b *signintest.Browser) *signintest.Browser {
			w.Clock.Advance(time.Second)
			w.Update(func(tx store.Tx) error {
				return credential.SetPassword(tx, people.OwnerOf(w.Users[signintest.Jane]), "other", false, w.Clock.Now())
			})
			return b
		},
		"disabled": func(w *factors, b *signintest.Browser) *signintest.Browser {
			w.Update(func(tx store.Tx) error {
				return people.SetDisabled(tx, w.Users[signintest.Jane], true, "x", w.Clock.Now())
			})
			return b
		},
		"deleted": func(w *factors, b *signintest.Browser) *signintest.Browser {
			w.Update(func(tx store.Tx) error { return tx.DeleteUser(w.Users[signintest.Jane].ID) })
			return b
		},
		"the device removed": func(w *factors, b *signintest.Browser) *signintest.Browser {
			w.Update(func(tx store.Tx) error {
				_, err := mfa.Delete(tx, w.Users[signintest.Jane], "app-of-jane")
				return err
			})
			return b
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := withFactors(t, both(access.AlwaysOn, access.AllowSignIn))
			a, b := w.addApp(signintest.Jane), w.Browser(t)
			p := b.SignIn(signintest.Jane, signintest.JanePassword)
			if got := change(w, b).Submit(p, code(a.code(0))); in(got) || got.Status < 400 {
				t.Errorf("led to %s (%d)", got.URL, got.Status)
			}
		})
	}
}

// The attack: a page of the first factor for one person, or one step, serves for no
// other (a sealed flow is for its step and person), and no form comes from elsewhere
// (CSRF).
func TestFactorForms(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.AlwaysOn, access.BlockSignIn))
	jane, taro := w.addApp(signintest.Jane), w.addApp(signintest.Taro)
	b := w.Browser(t)
	p := b.SignIn(signintest.Jane, signintest.JanePassword)
	if got := b.Submit(p, code(taro.code(0))); in(got) {
		t.Error("another person's code let in")
	}
	_, form := p.Form(t)
	form.Set("mfacode", jane.code(0))
	got := b.Once(http.MethodPost, w.Map.SignIn()+"/platform/mfa/code", form, func(r *http.Request) {
		r.Header.Set("Origin", "https://evil.example")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
	})
	if got.Status != http.StatusForbidden && got.Status != http.StatusBadRequest {
		t.Errorf("a form of another site: %d", got.Status)
	}
	for _, path := range []string{"/platform/mfa/mail", "/platform/mfa/register/app", "/platform/mfa/register/passkey", "/platform/devices/remove", "/platform/new-password"} {
		if got := b.SubmitTo(p, path, url.Values{"recoverycode": {"000000"}, "mfacode": {jane.code(0)}, "devicename": {"x"}}); got.Status != http.StatusBadRequest {
			t.Errorf("%s takes the flow of a code: %d", path, got.Status)
		}
	}
	// Session fixation: a cookie that was there before leads nowhere afterwards.
	b.SetCookie(w.Map.SignIn(), "sekisho-session", "planted")
	w.mustBeIn(b.Submit(p, code(jane.code(0))))
	if v := b.Cookie(w.Map.SignIn(), "sekisho-session"); v == "planted" || v == "" {
		t.Errorf("the cookie is %q", v)
	}
}

// Guessing: five tries, then waits, in any number of browsers and networks; the right
// code is refused meanwhile. On a browser where the owner signed in before, that does
// not count, and two codes help everywhere.
func TestGuessingCodesLocksNoOwnerOut(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.AlwaysOn, access.BlockSignIn))
	a, home := w.addApp(signintest.Jane), w.Browser(t)
	w.mustBeIn(home.Submit(home.SignIn(signintest.Jane, signintest.JanePassword), code(a.code(0))))
	signOut(w, home)
	w.Clock.Advance(time.Minute)
	attacker := w.Browser(t)
	for i := range credential.FreeFailures {
		attacker.Address = fmt.Sprintf("203.0.113.%d", i)
		if got := attacker.Submit(attacker.SignIn(signintest.Jane, signintest.JanePassword), code(fmt.Sprintf("00000%d", i))); got.Status != http.StatusUnprocessableEntity {
			t.Fatalf("try %d: %d", i, got.Status)
		}
	}
	locked := attacker.Submit(attacker.SignIn(signintest.Jane, signintest.JanePassword), code(a.code(0)))
	if locked.Status != http.StatusTooManyRequests || locked.Header.Get("Retry-After") == "" {
		t.Fatalf("the sixth try: %d", locked.Status)
	}
	if e := w.Events("CredentialVerification")[0]; e.ErrorReason != "too-many-attempts" || e.Detail["CredentialType"] != "TOTP" {
		t.Errorf("%+v", e)
	}
	w.mustBeIn(home.Submit(home.SignIn(signintest.Jane, signintest.JanePassword), code(a.code(0))))
	// Two codes help in a browser that nobody knows, and give the tries back.
	fresh := w.Browser(t)
	w.Clock.Advance(10 * time.Second)
	p := fresh.Submit(fresh.SignIn(signintest.Jane, signintest.JanePassword), code("000000"))
	if p.Status != http.StatusTooManyRequests {
		t.Fatalf("in another browser: %d", p.Status)
	}
	p = w.mustBeAt(fresh.Get(p.Link(t, "/platform/mfa/resync")), "/platform/mfa/resync")
	w.Clock.Advance(time.Minute)
	w.mustBeIn(fresh.Submit(p, url.Values{"mfacode": {a.code(0)}, "mfacode2": {a.code(1)}}))
	w.Clock.Advance(2 * time.Minute)
	other := w.Browser(t)
	w.mustBeIn(other.Submit(other.SignIn(signintest.Jane, signintest.JanePassword), code(a.code(0))))
}

// An app whose clock is off: after three failures two codes are offered, by which it is
// right from then on (M-48, M-49).
func TestResyncedApp(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.AlwaysOn, access.BlockSignIn))
	a, b := w.addApp(signintest.Jane), w.Browser(t)
	a.off = 20 * time.Minute
	p := b.SignIn(signintest.Jane, signintest.JanePassword)
	for i := range 3 {
		if strings.Contains(p.Body, "/platform/mfa/resync") {
			t.Errorf("offered after %d failures", i)
		}
		p = b.Submit(p, code(a.code(0)))
	}
	p = b.Get(p.Link(t, "/platform/mfa/resync"))
	for _, fill := range []url.Values{{"mfacode": {a.code(0)}}, {"mfacode": {a.code(1)}, "mfacode2": {a.code(0)}}, {"mfacode": {a.code(0)}, "mfacode2": {a.code(2)}}} {
		if got := b.Submit(p, fill); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", fill, got.Status)
		}
	}
	w.mustBeIn(b.Submit(p, url.Values{"mfacode": {a.code(0)}, "mfacode2": {a.code(1)}}))
	if e := w.Events("CredentialVerification")[0]; e.Detail["CredentialType"] != "RESYNC_TOTP" {
		t.Errorf("%+v", e)
	}
	signOut(w, b)
	w.Clock.Advance(time.Minute)
	w.mustBeIn(b.Submit(b.SignIn(signintest.Jane, signintest.JanePassword), code(a.code(0))))
}

// G-55, K-53: a passkey signs in; its challenge is good once, for this host, and a
// cloned one is refused.
func TestPersonPasskey(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.AlwaysOn, access.BlockSignIn))
	k, b := w.addKey(), w.Browser(t)
	p := w.mustBeAt(b.SignIn(signintest.Jane, signintest.JanePassword), "/platform/mfa/passkey")
	for failure, words := range map[string]string{"NotAllowedError": "cancelled", "": "cannot use", "UnknownError": "could not be verified"} {
		if got := b.Submit(p, url.Values{"failure": {failure}}); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, words) {
			t.Errorf("%q: %d", failure, got.Status)
		}
	}
	answer := w.answer(k, p)
	stranger := newKey()
	stranger.ID = k.ID
	if got := b.Submit(p, w.answer(stranger, p)); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("another key: %d", got.Status)
	}
	// That spent the challenge: the right answer to it comes too late.
	if got := b.Submit(p, answer); in(got) {
		t.Error("a spent challenge let in")
	}
	p = b.SignIn(signintest.Jane, signintest.JanePassword)
	answer = w.answer(k, p)
	w.mustBeIn(b.Submit(p, answer))
	if e := w.Events("UserAuthentication")[0]; e.Detail["CredentialType"] != "WEBAUTHN" {
		t.Errorf("%+v", e)
	}
	// Replay: the same answer, in the same form and in a new sign-in.
	if in(b.Submit(p, answer)) {
		t.Error("the answer let in twice")
	}
	signOut(w, b)
	if in(b.Submit(b.SignIn(signintest.Jane, signintest.JanePassword), answer)) {
		t.Error("the answer let in at another sign-in")
	}
	// Phishing: another site's page asked for it.
	evil := w.party
	w.party.Origin = "https://signin.evil.example"
	p = b.SignIn(signintest.Jane, signintest.JanePassword)
	if in(b.Submit(p, w.answer(k, p))) {
		t.Error("an answer for another site let in")
	}
	w.party = evil
	// Cloned: the counter went back.
	k.Counter = 0
	p = b.SignIn(signintest.Jane, signintest.JanePassword)
	if in(b.Submit(p, w.answer(k, p))) {
		t.Error("a clone let in")
	}
	if e := w.Events("CredentialVerification")[0]; e.ErrorReason != credential.PasskeyCloned {
		t.Errorf("%+v", e)
	}
}

// With several devices of both kinds any does; who has trouble is told whom to ask
// (M-47, H-09).
func TestChoiceOfFactors(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.AlwaysOn, access.BlockSignIn))
	a, k, b := w.addApp(signintest.Jane), w.addKey(), w.Browser(t)
	p := w.mustBeAt(b.SignIn(signintest.Jane, signintest.JanePassword), "/platform/mfa")
	byKey, byApp := b.Get(p.Link(t, "/platform/mfa/passkey")), b.Get(p.Link(t, `/platform/mfa/code`))
	trouble := b.Get(byApp.Link(t, "/platform/mfa/trouble"))
	if !strings.Contains(trouble.Body, "ask the administrator of your access portal") {
		t.Error("nobody to ask")
	}
	w.mustBeAt(b.Get(trouble.Link(t, "/platform/mfa/resync")), "/platform/mfa/resync")
	w.mustBeIn(b.Submit(byKey, w.answer(k, byKey)))
	signOut(w, b)
	p = b.SignIn(signintest.Jane, signintest.JanePassword)
	byApp = b.Get(p.Link(t, `/platform/mfa/code`))
	w.mustBeIn(b.Submit(byApp, code(a.code(0))))
}

// The device of a person is asked for after a one-time password too, and for a
// device's authorization as for the portal (behaviours.md 6.7).
func TestFactorEverywhere(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.AlwaysOn, access.BlockSignIn))
	a, b := w.addApp(signintest.Olga), w.Browser(t)
	p := b.SignIn(signintest.Olga, signintest.OlgaPassword)
	p = w.mustBeAt(b.Submit(p, newPassword("Fresh Password 99?")), "/platform/mfa/code")
	if b.Cookie(w.Map.SignIn(), "sekisho-session") != "" {
		t.Error("a session after a one-time password alone")
	}
	w.mustBeIn(b.Submit(p, code(a.code(0))))

	jane := w.addApp(signintest.Jane)
	d, asker := w.StartDevice("AWS CLI", "192.0.2.1")
	b = w.Browser(t)
	p = b.Get(w.Map.Device() + "/?user_code=" + d.UserCode)
	if _, form := p.Form(t); form.Has("decision") || strings.Contains(p.Body, `value="confirm"`) {
		p = b.Submit(p, url.Values{"decision": {"confirm"}})
	}
	p = b.Submit(p, url.Values{"username": {signintest.Jane}})
	p = w.mustBeAt(b.Submit(p, password(signintest.JanePassword)), "/platform/mfa/code")
	p = w.mustBeAt(b.Submit(p, code(jane.code(0))), "/platform/consent")
	b.Submit(p, url.Values{"decision": {"allow"}})
	if out := w.Poll(asker); out.Refused != nil {
		t.Errorf("the CLI got %+v", out)
	}
}
