package signin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/notify"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
)

// H-09, N-17: who has no device is mailed a code, which is good once, in the browser
// that asked for it.
func TestMailedCode(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.AlwaysOn, access.RequireEmailOTP))
	b := w.Browser(t)
	p := w.mustBeAt(b.SignIn(signintest.Jane, signintest.JanePassword), "/platform/mfa/mail")
	if !strings.Contains(p.Body, "j•••@example.com") || strings.Contains(p.Body, "jane@example.com") {
		t.Error("the address is not masked")
	}
	const path = "/platform/mfa/mail"
	first, n := w.mail(signintest.Jane)
	if n != 1 || len(first) != 6 {
		t.Fatalf("%d codes, %q", n, first)
	}
	if m := w.Messages()[0]; m.From != notify.FromIdentityCenter || m.Subject != "Your verification code" || strings.Contains(p.Body, first) {
		t.Errorf("from %s, %q", m.From, m.Subject)
	}
	wrong := "000000"
	if wrong == first {
		wrong = "000001"
	}
	for typed, words := range map[string]string{"": "Enter the six digits", "12": "Enter the six digits", wrong: "is incorrect"} {
		if got := b.SubmitTo(p, path, mailed(typed)); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, words) {
			t.Errorf("%q: %d", typed, got.Status)
		}
	}
	if e := w.Events("CredentialVerification")[0]; e.ErrorReason != "mailed-code" || e.Detail["CredentialType"] != "EMAIL_OTP" {
		t.Errorf("%+v", e)
	}
	w.Clock.Advance(time.Second)
	// Another browser has another code.
	other := w.Browser(t)
	elsewhere := other.SignIn(signintest.Jane, signintest.JanePassword)
	if in(other.SubmitTo(elsewhere, path, mailed(first))) {
		t.Error("the code of one browser let another in")
	}
	w.Clock.Advance(time.Second)
	p2 := w.mustBeAt(b.SubmitTo(p, "/platform/mfa/mail/again", nil), path)
	second, _ := w.mail(signintest.Jane)
	if in(b.SubmitTo(p2, path, mailed(first))) && first != second {
		t.Error("an older code let in on the newer page")
	}
	w.mustBeIn(b.SubmitTo(p2, path, mailed(second[:3]+" "+second[3:])))
	if e := w.Events("UserAuthentication")[0]; e.Detail["CredentialType"] != "EMAIL_OTP" {
		t.Errorf("%+v", e)
	}
	// Replay: of the form, and of the code that was not used in the same sign-in.
	if in(b.SubmitTo(p2, path, mailed(second))) || in(b.SubmitTo(p, path, mailed(first))) {
		t.Error("a finished sign-in let in again")
	}
}

// Guessing a mailed code: five tries, then that code is good no more; it is good for
// ten minutes; and there are only so many mails.
func TestMailedCodeIsBounded(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.AlwaysOn, access.RequireEmailOTP))
	b := w.Browser(t)
	const path = "/platform/mfa/mail"
	p := b.SignIn(signintest.Jane, signintest.JanePassword)
	right, _ := w.mail(signintest.Jane)
	for i := range 5 {
		guess := strings.Repeat(string(rune('0'+i)), 6)
		if guess == right {
			guess = "123456"
		}
		if got := b.SubmitTo(p, path, mailed(guess)); !strings.Contains(got.Body, "is incorrect") {
			t.Fatalf("try %d: %d", i, got.Status)
		}
	}
	if got := b.SubmitTo(p, path, mailed(right)); in(got) || !strings.Contains(got.Body, "tried too often") {
		t.Errorf("the sixth try: %d", got.Status)
	}
	w.Clock.Advance(time.Second)
	p = b.SubmitTo(p, "/platform/mfa/mail/again", nil)
	right, _ = w.mail(signintest.Jane)
	w.Clock.Advance(10 * time.Minute)
	if got := b.SubmitTo(p, path, mailed(right)); in(got) || !strings.Contains(got.Body, "has expired") {
		t.Errorf("after ten minutes: %d", got.Status)
	}
	// Mail bombing: five at once, then waits.
	flood := w.Browser(t)
	for range 3 {
		w.mustBeAt(flood.SignIn(signintest.Jane, signintest.JanePassword), path)
	}
	got := flood.SignIn(signintest.Jane, signintest.JanePassword)
	_, n := w.mail(signintest.Jane)
	if got.Status != http.StatusTooManyRequests || !strings.Contains(got.Body, "No code was sent") || n != 5 {
		t.Errorf("the sixth mail: %d, %d codes", got.Status, n)
	}
	// The page has no code that would be right.
	if in(flood.SubmitTo(got, path, mailed(""))) || in(flood.SubmitTo(got, path, mailed("000000"))) {
		t.Error("no code let in")
	}
	w.Clock.Advance(time.Minute)
	p = w.mustBeAt(flood.SubmitTo(got, "/platform/mfa/mail/again", nil), path)
	right, _ = w.mail(signintest.Jane)
	w.mustBeIn(flood.SubmitTo(p, path, mailed(right)))
	w.mustBeAt(w.Browser(t).SignIn(signintest.Jane, signintest.JanePassword), path)
}

// Downgrade: who has got a device meanwhile does not get in by a mail that was asked
// for before, nor who is blocked now; and without an address there is no mail.
func TestMailIsNoWayAroundADevice(t *testing.T) {
	t.Parallel()
	w := withFactors(t, both(access.AlwaysOn, access.RequireEmailOTP))
	const path = "/platform/mfa/mail"
	b := w.Browser(t)
	p := b.SignIn(signintest.Jane, signintest.JanePassword)
	c, _ := w.mail(signintest.Jane)
	a := w.addApp(signintest.Jane)
	for _, to := range []string{path, path + "/again"} {
		if got := b.SubmitTo(p, to, mailed(c)); got.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", to, got.Status)
		}
	}
	w.mustBeAt(b.SignIn(signintest.Jane, signintest.JanePassword), "/platform/mfa/code")
	w.Update(func(tx store.Tx) error { return tx.DeletePersonDevice(a.id) })
	w.settings(func(m *access.MFA) { m.NoDevice = access.BlockSignIn })
	if got := b.SubmitTo(p, path, mailed(c)); got.Status != http.StatusBadRequest {
		t.Errorf("blocked meanwhile: %d", got.Status)
	}
	w.settings(func(m *access.MFA) { m.NoDevice = access.RequireEmailOTP })
	w.Update(func(tx store.Tx) error {
		u := w.Users[signintest.Taro]
		u.Email = ""
		return tx.PutUser(u)
	})
	if got := b.SignIn(signintest.Taro, signintest.TaroPassword); got.Status != http.StatusForbidden {
		t.Errorf("without an address: %d", got.Status)
	}
}
