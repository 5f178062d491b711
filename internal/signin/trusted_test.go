package signin_test

import (
	"net/http"
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

// trusting world: context-aware, with an app of Jane's and a browser that she trusts.
func trustingJane(t *testing.T) (*factors, *signintest.Browser) {
	t.Helper()
	w := withFactors(t, both(access.ContextAware, access.BlockSignIn))
	a, b := w.addApp(signintest.Jane), w.Browser(t)
	b.Header.Set("User-Agent", "Firefox/140")
	p := w.mustBeAt(b.SignIn(signintest.Jane, signintest.JanePassword), "/platform/mfa/code")
	w.mustBeIn(b.Submit(p, trusting(code(a.code(0)))))
	signOut(w, b)
	w.Clock.Advance(time.Minute)
	return w, b
}

// 「これは信頼できるデバイスです」: no factor is asked for in that browser while its
// context is what it was (behaviours.md 6.7, 10).
func TestTrustedBrowser(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		change func(w *factors, b *signintest.Browser)
		asked  bool
	}{
		"the same":               {func(*factors, *signintest.Browser) {}, false},
		"an address near by":     {func(_ *factors, b *signintest.Browser) { b.Address = "198.51.100.200" }, false},
		"another network":        {func(_ *factors, b *signintest.Browser) { b.Address = "198.51.101.7" }, true},
		"another family":         {func(_ *factors, b *signintest.Browser) { b.Address = "2001:db8::7" }, true},
		"another browser's name": {func(_ *factors, b *signintest.Browser) { b.Header.Set("User-Agent", "Chromium/150") }, true},
		"29 days later":          {func(w *factors, _ *signintest.Browser) { w.Clock.Advance(29 * 24 * time.Hour) }, false},
		"30 days later":          {func(w *factors, _ *signintest.Browser) { w.Clock.Advance(mfa.TrustLife) }, true},
		"always-on now": {func(w *factors, _ *signintest.Browser) {
			w.settings(func(m *access.MFA) { m.Prompt = access.AlwaysOn })
		}, true},
		"the mark forged": {func(w *factors, b *signintest.Browser) { b.SetCookie(w.Map.SignIn(), "sekisho-trusted", "AAAA") }, true},
		"revoked": {func(w *factors, _ *signintest.Browser) {
			w.Update(func(tx store.Tx) error { return tx.DropTrustedBrowsers(w.Users[signintest.Jane].ID) })
		}, true},
		"everything ended for Jane": {func(w *factors, _ *signintest.Browser) {
			w.Update(func(tx store.Tx) error {
				return tx.EndSessionsOf(w.Users[signintest.Jane].ID, w.Clock.Now(), session.EndedByAdmin)
			})
		}, true},
		"another device of hers gone": {func(w *factors, _ *signintest.Browser) {
			w.addKey()
			w.Update(func(tx store.Tx) error {
				_, err := mfa.Delete(tx, w.Users[signintest.Jane], w.devices(signintest.Jane)[1].ID)
				return err
			})
		}, true},
		"disabled and enabled again": {func(w *factors, _ *signintest.Browser) {
			w.Update(func(tx store.Tx) error {
				u := w.Users[signintest.Jane]
				if err := people.SetDisabled(tx, u, true, "x", w.Clock.Now()); err != nil {
					return err
				}
				u.Disabled = true
				return people.SetDisabled(tx, u, false, "x", w.Clock.Now())
			})
		}, true},
		"a new password": {func(w *factors, _ *signintest.Browser) {
			w.Update(func(tx store.Tx) error {
				u := w.Users[signintest.Jane]
				p, err := tx.Password(people.OwnerOf(u))
				if err != nil {
					return err
				}
				return people.ChoosePassword(tx, u, p.Hash, false, w.Clock.Now())
			})
		}, true},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w, b := trustingJane(t)
			c.change(w, b)
			p := b.SignIn(signintest.Jane, signintest.JanePassword)
			if in(p) == c.asked {
				t.Errorf("led to %s (%d)", p.URL, p.Status)
			}
			if !c.asked {
				w.View(func(tx store.Tx) error { // nothing was given now
					all, err := tx.SessionsOf(w.Users[signintest.Jane].ID)
					if len(all) == 0 || !all[0].MFAAt.IsZero() {
						t.Errorf("%+v", all)
					}
					return err
				})
			}
		})
	}
}

// The attack: a mark is somebody's. One's own, planted in another's browser, and the
// other way round, is worth nothing; and nobody learns from it whether it is one.
func TestTrustIsOnePersons(t *testing.T) {
	t.Parallel()
	w, b := trustingJane(t)
	w.addApp(signintest.Taro)
	mark := b.Cookie(w.Map.SignIn(), "sekisho-trusted")
	if mark == "" {
		t.Fatal("no mark")
	}
	if p := b.SignIn(signintest.Taro, signintest.TaroPassword); in(p) {
		t.Error("Jane's browser is trusted for Taro")
	}
	thief := w.Browser(t)
	thief.Address = "203.0.113.5"
	thief.SetCookie(w.Map.SignIn(), "sekisho-trusted", mark)
	if p := thief.SignIn(signintest.Jane, signintest.JanePassword); in(p) {
		t.Error("a stolen mark is trusted elsewhere")
	}
	// Trusting takes the code: the box alone, with a wrong one, leaves nothing.
	fresh := w.Browser(t)
	p := fresh.SignIn(signintest.Jane, signintest.JanePassword)
	fresh.Submit(p, trusting(code("000000")))
	if fresh.Cookie(w.Map.SignIn(), "sekisho-trusted") != "" {
		t.Error("a wrong code left a mark")
	}
	// And where the browser cannot be trusted, the box counts for nothing.
	w.settings(func(m *access.MFA) { m.Prompt = access.AlwaysOn })
	always := w.Browser(t)
	p = always.SignIn(signintest.Jane, signintest.JanePassword)
	w.Clock.Advance(credential.FirstWait)
	always.Submit(p, trusting(code(app{w: w, seed: w.devices(signintest.Jane)[0].Seed.Reveal()}.code(0))))
	if always.Cookie(w.Map.SignIn(), "sekisho-trusted") != "" {
		t.Error("always-on left a mark")
	}
	if p.Status != http.StatusOK {
		t.Errorf("%d", p.Status)
	}
}
