package signin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/notify"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
)

// firstPage goes to the page that offers a code.
func firstPage(t *testing.T, b *signintest.Browser, name string) *signintest.Page {
	t.Helper()
	return b.Get(b.Identify(name).Link(t, "/platform/first"))
}

// sendCode answers the CAPTCHA of that page.
func sendCode(t *testing.T, b *signintest.Browser, p *signintest.Page) *signintest.Page {
	t.Helper()
	return b.Submit(p, url.Values{"captcha": {answer(t, b.W, p, ".png")}})
}

// askForCode is both, and returns the page that asks for the code.
func askForCode(t *testing.T, b *signintest.Browser, name string) *signintest.Page {
	t.Helper()
	return sendCode(t, b, firstPage(t, b, name))
}

// withCodes is a world whose instance mails codes for first sign-ins.
func withCodes(t *testing.T) *signintest.World {
	t.Helper()
	w := signintest.New(t)
	w.Update(func(tx store.Tx) error {
		inst, err := tx.InstanceByName(signintest.Subdomain)
		if err != nil {
			return err
		}
		inst.EmailOTP = true
		return tx.PutInstance(inst)
	})
	return w
}

// Who was added without a password is mailed a code, pastes it, has to choose a
// password, and is in (H-09, N-17, behaviours.md 6.6).
func TestFirstSignInByCode(t *testing.T) {
	t.Parallel()
	w := withCodes(t)
	b := w.Browser(t)
	page := askForCode(t, b, signintest.Nora)
	m := w.Messages()
	if page.URL.Path != "/platform/first/code" || len(m) != 1 || len(m[0].Codes) != 1 || m[0].To != "nora@example.com" || m[0].From != notify.FromIdentityCenter {
		t.Fatalf("%s %+v", page.URL, m)
	}
	code := m[0].Codes[0]
	for _, typed := range []string{"", "00000x"} {
		if p := b.Submit(page, url.Values{"code": {typed}}); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%q is answered %d", typed, p.Status)
		}
	}
	next := b.Submit(page, url.Values{"code": {" " + code[:3] + " " + code[3:]}})
	if next.URL.Path != "/platform/new-password" || next.Status != http.StatusOK {
		t.Fatalf("the code leads to %s (%d):\n%s", next.URL, next.Status, next.Body)
	}
	in := b.Submit(next, newPassword("Fresh Password 99?"))
	if !strings.HasPrefix(in.URL.String(), w.StartURL()) || b.Cookie(w.Map.SignIn(), "sekisho-session") == "" {
		t.Errorf("the password leads to %s (%d):\n%s", in.URL, in.Status, in.Body)
	}
	if s := stateOf(t, w, signintest.Nora); s.Password != people.PasswordSet || !s.EmailVerified {
		t.Errorf("%+v", s)
	}
	other := w.Browser(t)
	if p := other.Submit(askForCode(t, other, signintest.Nora), url.Values{"code": {code}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("the code works twice: %d", p.Status)
	}
}

// Nobody learns who has no password: what is asked and answered is the same for
// all (enumeration), and only who has none is written to.
func TestFirstSignInDoesNotTell(t *testing.T) {
	t.Parallel()
	w := withCodes(t)
	bodies := make(map[string]string)
	for name, reason := range map[string]string{
		signintest.Nora: "", signintest.Jane: "password-set", signintest.Olga: "password-set", signintest.Dave: directory.ReasonDisabled, "nobody": "no-user",
	} {
		b := w.Browser(t)
		asked := b.Identify(name)
		offered := firstPage(t, b, name)
		sent := sendCode(t, b, offered)
		w.Messages() // waits for what happens after
		if e := w.Events("CredentialChallenge")[0]; e.ErrorReason != reason || e.Detail["CredentialType"] != "EMAIL_OTP" {
			t.Errorf("%s: the trail says %+v", name, e)
		}
		wrong := b.Submit(sent, url.Values{"code": {"x"}})
		all := ""
		for _, p := range []*signintest.Page{asked, offered, sent, wrong} {
			all += strings.ReplaceAll(withoutSealed(p.Body), name, "NAME") + "\n" + http.StatusText(p.Status)
		}
		bodies[name] = all
	}
	for name, body := range bodies {
		if body != bodies[signintest.Nora] {
			t.Errorf("%s is answered differently:\n%s", name, body)
		}
	}
	if m := w.Messages(); len(m) != 1 || m[0].To != "nora@example.com" {
		t.Errorf("messages %+v", m)
	}
}

// Codes cannot be guessed: five tries, then waiting, whoever the name is; they end
// with their time and with a newer one; and the instance can do without (brute
// force, replay).
func TestFirstCodesEnd(t *testing.T) {
	t.Parallel()
	w := withCodes(t)
	b := w.Browser(t)
	page := askForCode(t, b, signintest.Nora)
	code := w.Messages()[0].Codes[0]
	for _, name := range []string{signintest.Nora, "nobody"} {
		guesser := w.Browser(t)
		p := askForCode(t, guesser, name)
		for range credential.FreeFailures {
			if got := guesser.Submit(p, url.Values{"code": {"999999x"}}); got.Status != http.StatusUnprocessableEntity {
				t.Fatalf("%s: a guess is answered %d", name, got.Status)
			}
		}
		if got := guesser.Submit(p, url.Values{"code": {"999999x"}}); got.Status != http.StatusTooManyRequests {
			t.Errorf("%s: the sixth guess is answered %d", name, got.Status)
		}
	}
	w.Clock.Advance(credential.LongestWait)
	if p := b.Submit(page, url.Values{"code": {code}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("a code that was replaced, and too old, is answered %d", p.Status)
	}
	w.Clock.Advance(credential.LongestWait)
	page = askForCode(t, b, signintest.Nora)
	proved := b.Submit(page, url.Values{"code": {w.Messages()[0].Codes[0]}})
	if proved.URL.Path != "/platform/new-password" {
		t.Fatalf("the newest code leads to %s", proved.URL)
	}
	w.Clock.Advance(people.CodeLife)
	if p := b.Submit(proved, newPassword("Fresh Password 99?")); p.Status != http.StatusBadRequest {
		t.Errorf("a page that was open too long is answered %d", p.Status)
	}
	w.Update(func(tx store.Tx) error {
		inst, err := tx.InstanceByName(signintest.Subdomain)
		inst.EmailOTP = false
		if err != nil {
			return err
		}
		return tx.PutInstance(inst)
	})
	if p := b.Submit(page, url.Values{"code": {"1"}}); p.Status != http.StatusBadRequest {
		t.Errorf("codes that are turned off: %d", p.Status)
	}
	if strings.Contains(w.Browser(t).Identify(signintest.Nora).Body, "/platform/first") {
		t.Error("the page offers codes that are turned off")
	}
}

// Locking out: a stranger who types wrong codes in somebody's name for days, as often
// as one may, closes the first sign-in for a day at most, and not for good.
func TestFirstCodesAreNotLockedForGood(t *testing.T) {
	t.Parallel()
	w := withCodes(t)
	guesses := 0
	for guesses < credential.MaxFailures+credential.FreeFailures {
		stranger := w.Browser(t)
		p := askForCode(t, stranger, signintest.Nora)
		for range 3 { // of a flow, which lasts an hour
			if got := stranger.Submit(p, url.Values{"code": {"999999x"}}); got.Status != http.StatusUnprocessableEntity {
				t.Fatalf("after %d guesses: %d", guesses, got.Status)
			}
			guesses++
			w.Clock.Advance(credential.LongestWait)
		}
	}
	w.Clock.Advance(credential.QuietPeriod)
	b := w.Browser(t)
	page := askForCode(t, b, signintest.Nora)
	if p := b.Submit(page, url.Values{"code": {w.Messages()[0].Codes[0]}}); p.URL.Path != "/platform/new-password" {
		t.Errorf("after %d guesses and a day the code leads to %s (%d)", guesses, p.URL, p.Status)
	}
}

// Mail bombs: nobody is written to who only is named, without characters that a
// person has read; each challenge is good for one mail (as H-24).
func TestFirstCodesWantAPerson(t *testing.T) {
	t.Parallel()
	w := withCodes(t)
	b := w.Browser(t)
	p := firstPage(t, b, signintest.Nora)
	right := answer(t, w, p, ".png")
	for _, c := range []struct{ typed, says string }{{"", "Enter the characters"}, {"wrong0", "not the characters"}, {right, "not the characters"}} {
		again := b.Submit(p, url.Values{"captcha": {c.typed}})
		if again.Status != http.StatusUnprocessableEntity || !strings.Contains(again.Body, c.says) {
			t.Errorf("%q is answered %d:\n%s", c.typed, again.Status, again.Body)
		}
	}
	if m := w.Messages(); len(m) != 0 {
		t.Fatalf("messages %+v", m)
	}
	heard := firstPage(t, b, signintest.Nora)
	typed := url.Values{"captcha": {answer(t, w, heard, ".wav")}}
	if p := b.Submit(heard, typed); p.URL.Path != "/platform/first/code" {
		t.Errorf("what was heard leads to %s (%d)", p.URL, p.Status)
	}
	if p := b.Submit(heard, typed); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("the second mail of one challenge: %d", p.Status)
	}
	if m := w.Messages(); len(m) != 1 {
		t.Errorf("messages %+v", m)
	}
}
