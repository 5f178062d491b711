package signin_test

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/notify"
	"sekisho/internal/signin/signintest"
)

// forgotPage goes to the page that asks for the characters.
func forgotPage(t *testing.T, b *signintest.Browser, name string) *signintest.Page {
	t.Helper()
	return b.Get(b.Identify(name).Link(t, "/platform/forgot"))
}

// answer reads the characters as a person would.
func answer(t *testing.T, w *signintest.World, p *signintest.Page, ext string) string {
	t.Helper()
	id := strings.TrimSuffix(path.Base(p.Link(t, `/captcha/.*\`+ext+`$`)), ext)
	a, err := w.Captcha.Answer(id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// askForMail asks for a reset mail and returns the page that says it was sent.
func askForMail(t *testing.T, b *signintest.Browser, name string) *signintest.Page {
	t.Helper()
	p := forgotPage(t, b, name)
	return b.Submit(p, url.Values{"captcha": {answer(t, b.W, p, ".png")}})
}

func resetLink(t *testing.T, w *signintest.World) string {
	t.Helper()
	m := w.Messages()
	if len(m) == 0 || len(m[0].Links) != 1 {
		t.Fatalf("the messages are %+v", m)
	}
	return m[0].Links[0]
}

// Forgotten password, from the link on the password page to the confirmation
// (H-22 to H-26, N-01, N-19).
func TestForgottenPasswordIsReset(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	elsewhere := w.Browser(t)
	elsewhere.MustSignIn(signintest.Jane, signintest.JanePassword)

	b := w.Browser(t)
	sent := askForMail(t, b, signintest.Jane)
	if sent.URL.Path != "/platform/done" || sent.Status != http.StatusOK || !strings.Contains(strings.ToLower(sent.Body), "spam") {
		t.Fatalf("asking leads to %s (%d):\n%s", sent.URL, sent.Status, sent.Body)
	}
	m := w.Messages()
	if len(m) != 1 || m[0].To != "jane@example.com" || m[0].From != notify.FromIdentityCenter || m[0].Channel != notify.Email ||
		!strings.Contains(m[0].Text, m[0].Links[0]) || !strings.Contains(m[0].Text, w.StartURL()) || m[0].NextAttempt.IsZero() {
		t.Fatalf("the mail is %+v", m)
	}
	link := m[0].Links[0]

	// A mail scanner follows it first, and again; nothing is spent.
	for range 2 {
		scanner := w.Browser(t)
		scanner.Once(http.MethodHead, link, nil, nil)
		scanner.Get(link)
	}
	// Another browser than the one that asked.
	reader := w.Browser(t)
	page := reader.Get(link)
	if page.URL.Path != "/platform/new-password" || page.Status != http.StatusOK || strings.Contains(page.URL.RawQuery, "token") {
		t.Fatalf("the link leads to %s (%d)", page.URL, page.Status)
	}
	done := reader.Submit(page, newPassword("Fresh Password 99?"))
	if done.Status != http.StatusOK || done.URL.Path != "/platform/done" || done.Link(t, "awsapps") != w.StartURL() {
		t.Fatalf("the new password leads to %s (%d):\n%s", done.URL, done.Status, done.Body)
	}
	// A link lets nobody in by itself (H-26: a message confirms).
	if reader.Cookie(w.Map.SignIn(), "sekisho-session") != "" {
		t.Error("the reset signed somebody in")
	}

	// The link is spent, in this browser and in every other.
	if p := reader.Submit(page, newPassword("Fresh Password 98?")); p.Status != http.StatusGone {
		t.Errorf("the page works twice: %d", p.Status)
	}
	if p := w.Browser(t).Get(link); p.Status != http.StatusGone {
		t.Errorf("the link works twice: %d", p.Status)
	}
	// Whoever was signed in with the old password is out (promise 12).
	if p := elsewhere.Get(w.StartURL()); p.URL.Path != "/platform/login" {
		t.Errorf("the old session is at %s", p.URL)
	}
	if p := w.Browser(t).SignIn(signintest.Jane, signintest.JanePassword); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("the old password is answered %d", p.Status)
	}
	w.Browser(t).MustSignIn(signintest.Jane, "Fresh Password 99?")
	if m := w.Messages(); len(m) != 2 || m[0].To != "jane@example.com" || strings.Contains(m[0].Text, "Fresh Password") {
		t.Errorf("the notice is %+v", m[0])
	}
}

// The page and the trail of time are the same for who exists and who does not
// (promise 4, H-25): looking up happens after the answer.
func TestForgotDoesNotTellWhoExists(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	reference := askForMail(t, w.Browser(t), signintest.Jane)
	w.Messages() // waits for what happens after
	for name, reason := range map[string]string{"nobody": "no-such-user", signintest.Dave: "user-disabled"} {
		p := askForMail(t, w.Browser(t), name)
		if p.Status != reference.Status || withoutSealed(p.Body) != withoutSealed(reference.Body) {
			t.Errorf("%s: the page differs (%d):\n%s", name, p.Status, p.Body)
		}
		w.Messages() // waits for what happens after
		if e := w.Events("PasswordRecoveryRequested")[0]; e.ErrorReason != reason {
			t.Errorf("%s: the trail says %+v", name, e)
		}
	}
	if m := w.Messages(); len(m) != 1 || m[0].To != "jane@example.com" {
		t.Errorf("the messages are %+v", m)
	}
}

// Who never had a password gets one this way, as on AWS.
func TestForgotGivesAFirstPassword(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	askForMail(t, b, signintest.Nora)
	if p := b.Submit(b.Get(resetLink(t, w)), newPassword("Fresh Password 99?")); p.URL.Path != "/platform/done" {
		t.Fatalf("the new password leads to %s (%d)", p.URL, p.Status)
	}
	w.Browser(t).MustSignIn(signintest.Nora, "Fresh Password 99?")
}

// A challenge is tried once, right or wrong, and both forms of it are (B-10).
func TestCaptchaIsNotReused(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	p := forgotPage(t, b, signintest.Jane)
	right := answer(t, w, p, ".png")
	for _, c := range []struct{ typed, says string }{{"", "Enter the characters"}, {"wrong0", ""}, {right, ""}} {
		again := b.Submit(p, url.Values{"captcha": {c.typed}})
		if again.Status != http.StatusUnprocessableEntity || !strings.Contains(again.Body, c.says) {
			t.Errorf("%q is answered %d", c.typed, again.Status)
		}
		if again.Link(t, `\.png$`) == p.Link(t, `\.png$`) {
			t.Errorf("%q: the same characters are shown again", c.typed)
		}
	}
	spoken := forgotPage(t, b, signintest.Jane)
	if p := b.Submit(spoken, url.Values{"captcha": {answer(t, w, spoken, ".wav")}}); p.URL.Path != "/platform/done" {
		t.Errorf("what was heard leads to %s (%d)", p.URL, p.Status)
	}
	if p := b.Submit(spoken, url.Values{"captcha": {answer(t, w, spoken, ".png")}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("the second answer of one page is answered %d", p.Status)
	}
	for ext, kind := range map[string]string{".png": "image/png", ".wav": "audio/wav"} {
		if f := b.Get(spoken.Link(t, `\`+ext+`$`)); f.Status != http.StatusOK || f.Header.Get("Content-Type") != kind || f.Body == "" {
			t.Errorf("%s is answered %d as %s", ext, f.Status, f.Header.Get("Content-Type"))
		}
	}
	if p := b.Get(w.Map.SignIn() + "/captcha/unknown.png"); p.Status != http.StatusNotFound {
		t.Errorf("an unknown picture is answered %d", p.Status)
	}
}

// Host header poisoning: whatever the request says of where it came to, the
// mailed link leads to the sign-in host.
func TestResetLinkIgnoresTheHostHeader(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	p := forgotPage(t, b, signintest.Jane)
	_, form := p.Form(t)
	form.Set("captcha", answer(t, w, p, ".png"))
	b.Once(http.MethodPost, p.URL.String(), form, func(r *http.Request) {
		r.Host = "us-east-1.signin.aws" // a name of ours by which the surface is found
		r.Header.Set("X-Forwarded-Host", "evil.example")
		r.Header.Set("Forwarded", "host=evil.example")
	})
	if link := resetLink(t, w); !strings.HasPrefix(link, w.Map.SignIn()+"/platform/reset?token=") {
		t.Errorf("the link is %s", link)
	}
}

// Links end with their hour, when another is sent, and with their owner.
func TestResetLinksEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end  func(w *signintest.World)
		says string
	}{
		"hour":     {func(w *signintest.World) { w.Clock.Advance(credential.ResetLinkLife) }, "expired"},
		"another":  {func(w *signintest.World) { askForMail(t, w.Browser(t), signintest.Jane); w.Messages() }, "used"},
		"disabled": {func(w *signintest.World) { disable(w, signintest.Jane) }, "used"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := signintest.New(t)
			b := w.Browser(t)
			askForMail(t, b, signintest.Jane)
			link := resetLink(t, w)
			page := b.Get(link)
			c.end(w)
			if p := w.Browser(t).Get(link); p.Status != http.StatusGone || !strings.Contains(p.Body, c.says) {
				t.Errorf("the link is answered %d", p.Status)
			}
			if p := b.Submit(page, newPassword("Fresh Password 99?")); p.Status != http.StatusGone && p.Status != http.StatusBadRequest {
				t.Errorf("the page that was open is answered %d", p.Status)
			}
		})
	}
}

// Of many who post one link at once, one sets the password (promise 6).
func TestResetLinkIsRacedOnce(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	b := w.Browser(t)
	askForMail(t, b, signintest.Jane)
	page := b.Get(resetLink(t, w))
	action, form := page.Form(t)
	form.Set("new_password", "Fresh Password 99?")
	form.Set("confirm", "Fresh Password 99?")
	const racers = 12
	statuses := make(chan int, racers)
	for range racers {
		go func() {
			statuses <- b.Once(http.MethodPost, w.Map.SignIn()+action, form, nil).Status
		}()
	}
	won := 0
	for range racers {
		if s := <-statuses; s == http.StatusSeeOther {
			won++
		} else if s != http.StatusGone && s != http.StatusTooManyRequests && s != http.StatusUnprocessableEntity {
			t.Errorf("a loser is answered %d", s)
		}
	}
	if won != 1 {
		t.Errorf("%d of %d won", won, racers)
	}
}

// Nobody's mailbox is flooded, and the budget is the same for names that nobody has.
func TestAskingForMailIsThrottled(t *testing.T) {
	t.Parallel()
	for _, name := range []string{signintest.Jane, "nobody"} {
		w := signintest.New(t)
		b := w.Browser(t)
		for i := range credential.FreeFailures {
			if p := askForMail(t, b, name); p.Status != http.StatusOK {
				t.Fatalf("%s: mail %d is answered %d", name, i, p.Status)
			}
		}
		p := askForMail(t, b, name)
		if p.Status != http.StatusTooManyRequests || p.Header.Get("Retry-After") != "60" {
			t.Errorf("%s: one more is answered %d", name, p.Status)
		}
		w.Clock.Advance(24 * time.Hour)
		if p := askForMail(t, b, name); p.Status != http.StatusOK {
			t.Errorf("%s: the next day is answered %d", name, p.Status)
		}
	}
}

// A reset lifts the lock that guessing had put on the name.
func TestResetLiftsTheThrottle(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	for range credential.FreeFailures {
		w.Browser(t).SignIn(signintest.Jane, "guess")
	}
	b := w.Browser(t)
	askForMail(t, b, signintest.Jane)
	b.Submit(b.Get(resetLink(t, w)), newPassword("Fresh Password 99?"))
	w.Browser(t).MustSignIn(signintest.Jane, "Fresh Password 99?")
}
