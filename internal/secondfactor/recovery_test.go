package secondfactor_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/notify"
	"sekisho/internal/secondfactor"
	"sekisho/internal/store"
	"sekisho/web"
)

func recoveryCode(c string) url.Values { return url.Values{web.FieldRecoveryCode: {c}} }

// newest is the code in the newest message that went by that channel.
func (w *world) newest(ch notify.Channel, to string) string {
	w.Helper()
	for _, m := range w.messages() {
		if m.Channel == ch && len(m.Codes) == 1 {
			if m.To != to || !strings.Contains(m.Text, m.Codes[0]) && ch != notify.Voice {
				w.Errorf("the message goes to %s: %q", m.To, m.Text)
			}
			return m.Codes[0]
		}
	}
	w.Fatalf("no message by %s", ch)
	return ""
}

const phone = "+15555550142"

// toMail leads to the page for the mailed code, and toPhone over it.
func (b *browser) toMail() page {
	b.Helper()
	p := b.begin("")
	p = b.get(p.link("Troubleshoot MFA"))
	return b.submit(p, nil)
}

func (b *browser) toPhone() page {
	b.Helper()
	return b.submit(b.toMail(), recoveryCode(b.newest(notify.Email, rootMail)))
}

func (b *browser) toPIN(channel string) page {
	b.Helper()
	return b.submit(b.toPhone(), url.Values{web.FieldPhoneChannel: {channel}})
}

// B-22, M-20: a root user who lost the device gets in by mail and telephone, is told
// to remove it, and the owner is told that it happened (N-25).
func TestLostDevice(t *testing.T) {
	t.Parallel()
	for channel, by := range map[string]notify.Channel{web.ChannelVoice: notify.Voice, web.ChannelSMS: notify.SMS} {
		w := newWorld(t)
		w.addKey("", "lost")
		b := w.browser()
		p := b.toMail()
		if p.at.Path != "/mfa/mail" || !p.has(rootMail) {
			t.Fatalf("%s\n%s", p.at, p.body)
		}
		p = b.submit(p, recoveryCode(w.newest(notify.Email, rootMail)))
		// B-23: the number is that of the contact; strangers do not learn it.
		if p.at.Path != "/mfa/phone" || !p.has("•••••••••42") || p.has("0142") {
			t.Fatalf("%s\n%s", p.at, p.body)
		}
		p = b.submit(p, url.Values{web.FieldPhoneChannel: {channel}})
		w.clock.Advance(time.Minute)
		p = b.submit(p, recoveryCode(w.newest(by, phone)))
		if p.at.Path != "/mfa/recovered" || !p.has("Remove the lost or broken device") || len(w.passed) != 0 {
			t.Fatalf("%s\n%s", p.at, p.body)
		}
		// Nobody is told of what was not done yet.
		if m := w.messages()[0]; len(m.Codes) == 0 || len(w.events("MFARecoveryCompleted")) != 0 {
			t.Errorf("before the end the owner is told %q", m.Subject)
		}
		if got := b.submit(p, nil); !got.in() || b.submit(p, nil).in() {
			t.Fatal("not let in once")
		}
		if len(w.passed) != 1 || w.passed[0] != (secondfactor.Passed{Account: acct, At: start.Add(time.Minute), Recovered: true}) {
			t.Errorf("%+v", w.passed)
		}
		if m := w.messages()[0]; m.To != rootMail || !strings.Contains(m.Subject, "without MFA device") || !strings.Contains(m.Text, "198.51.100.7") || len(m.Codes) != 0 {
			t.Errorf("the owner is told: %s %q", m.To, m.Text)
		}
		if len(w.events("MFARecoveryRequested")) != 1 || len(w.events("MFARecoveryCompleted")) != 1 {
			t.Error("the trail does not tell of it")
		}
	}
}

// B-24: without a telephone number there is AWS Support, and nothing else.
func TestNoTelephone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addApp("", "lost")
	b := w.browser()
	p := b.toPhone()
	w.update(func(tx store.Tx) error {
		c, err := tx.Contact(acct)
		c.Phone = "555-0142"
		if err != nil {
			return err
		}
		return tx.PutContact(acct, c)
	})
	p2 := b.submit(p, url.Values{web.FieldPhoneChannel: {web.ChannelSMS}})
	if p2.status != http.StatusUnprocessableEntity || !p2.has("The account has no phone number") || p2.link("Contact AWS Support") != "/contact-us" {
		t.Errorf("%d\n%s", p2.status, p2.body)
	}
	for _, m := range w.messages() {
		if m.Channel != notify.Email {
			t.Errorf("sent by %s", m.Channel)
		}
	}
}

// C-16, M-21: an IAM user is sent to the administrator; Support does not help, and
// no way is open by leaving out the page.
func TestIAMUserHasNoRecovery(t *testing.T) {
	t.Parallel()
	for locale, texts := range map[string][]string{
		"en": {"Ask the administrator of the AWS account to deactivate the device.", "AWS Support cannot help IAM users with MFA"},
		"ja": {"管理者に、デバイスの無効化を依頼", "AWS サポートは IAM ユーザーの MFA についてお手伝いできません"},
	} {
		w := newWorld(t)
		w.addApp("AIDATARO", "lost")
		b := w.browser()
		b.locale = locale
		p := b.begin("AIDATARO")
		_, form := p.form()
		trouble := b.get("/mfa/trouble?flow=" + url.QueryEscape(form.Get(web.FieldFlow)))
		for _, text := range texts {
			if !trouble.has(text) {
				t.Errorf("%s: no %q", locale, text)
			}
		}
		if trouble.has("/contact-us") || trouble.has("<form") {
			t.Error("an IAM user is offered another way")
		}
		got := b.send(http.MethodPost, "/mfa/trouble", url.Values{web.FieldFlow: {form.Get(web.FieldFlow)}}, nil)
		if got.status != http.StatusNotFound || len(w.messages()) != 0 {
			t.Errorf("%d, %d messages", got.status, len(w.messages()))
		}
	}
}

// Guessing the mailed code: five tries each, however often the form is posted anew;
// then the right one is refused too.
func TestRecoveryCodeGuessing(t *testing.T) {
	t.Parallel()
	for name, stage := range map[string]struct {
		to func(*browser) page
		by notify.Channel
		at string
	}{
		"mailed code": {(*browser).toMail, notify.Email, rootMail},
		"PIN":         {func(b *browser) page { return b.toPIN(web.ChannelSMS) }, notify.SMS, phone},
	} {
		w := newWorld(t)
		w.addKey("", "lost")
		b := w.browser()
		p := stage.to(b)
		right := w.newest(stage.by, stage.at)
		wrong := "000000"
		if right == wrong {
			wrong = "000001"
		}
		for i := range 5 {
			b.address = "203.0.113." + string(rune('1'+i))
			if got := b.submit(p, recoveryCode(wrong)); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.fault(), "incorrect") {
				t.Fatalf("%s, try %d: %d %q", name, i, got.status, got.fault())
			}
		}
		if got := b.submit(p, recoveryCode(right)); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.fault(), "expired or was tried too often") {
			t.Errorf("%s, the sixth try: %d %q", name, got.status, got.fault())
		}
		if e := w.events("MFARecoveryCompleted"); len(e) != 5 || e[0].ErrorReason == "" {
			t.Errorf("%s: %d events", name, len(e))
		}
	}
}

// Codes are good once, for ten minutes, in this browser: replay, age and lifted forms.
func TestRecoveryCodeReplay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addKey("", "lost")
	b := w.browser()
	p := b.toMail()
	mailed := w.newest(notify.Email, rootMail)
	thief := w.browser()
	if got := thief.submit(p, recoveryCode(mailed)); got.status != http.StatusBadRequest {
		t.Errorf("in another browser: %d", got.status)
	}
	second := b.toMail()
	if got := b.submit(second, recoveryCode(mailed)); got.fault() == "" {
		t.Error("the code of another mail")
	}
	if got := b.submit(p, recoveryCode(mailed)); got.at.Path != "/mfa/phone" {
		t.Fatalf("%d %s", got.status, got.fault())
	}
	if got := b.submit(p, recoveryCode(mailed)); got.status != http.StatusBadRequest {
		t.Errorf("the same code again: %d", got.status)
	}
	w.clock.Advance(10 * time.Minute)
	if got := b.submit(second, recoveryCode(w.newest(notify.Email, rootMail))); got.fault() == "" {
		t.Error("an old code")
	}
}

// Who knows the password cannot make the telephone ring all day (SMS pumping), nor
// fill the mailbox; whoever owns the account can try again the next day.
func TestRecoveryFlood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addKey("", "lost")
	b := w.browser()
	p := b.toPhone()
	mails := 1
	sent := func() (n int) {
		for _, m := range w.messages() {
			if m.Channel != notify.Email {
				n++
			}
		}
		return n
	}
	var last page
	for range 8 {
		last = b.submit(p, url.Values{web.FieldPhoneChannel: {web.ChannelVoice}})
	}
	if last.status != http.StatusTooManyRequests || last.header.Get("Retry-After") == "" || sent() != 5 {
		t.Errorf("%d, %d calls", last.status, sent())
	}
	trouble := b.get(b.begin("").link("Troubleshoot MFA"))
	for range 8 {
		if last = b.submit(trouble, nil); last.status == http.StatusOK {
			mails++
		}
	}
	if last.status != http.StatusTooManyRequests || mails != 5 {
		t.Errorf("%d, %d mails", last.status, mails)
	}
	w.clock.Advance(24 * time.Hour)
	if got := b.toMail(); got.at.Path != "/mfa/mail" {
		t.Errorf("the next day: %d", got.status)
	}
}

// The mail is written in the language of the page and goes to the account's address,
// not to one that a request names.
func TestRecoveryMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addKey("", "lost")
	w.update(func(tx store.Tx) error {
		a, err := tx.Account(acct)
		if err != nil {
			return err
		}
		a.Email = "moved@example.com"
		return tx.PutAccount(a)
	})
	b := w.browser()
	b.locale = "ja"
	p := b.get(b.begin("").link("MFA のトラブルシューティング"))
	p = b.send(http.MethodPost, "/mfa/trouble", url.Values{web.FieldFlow: {p.flow()}, "email": {"evil@example.net"}}, func(r *http.Request) { r.Host = "evil.example" })
	if m := w.messages()[0]; m.To != "moved@example.com" || m.Subject != "AWS サインインの検証" || strings.Contains(m.Text+m.HTML, "evil") || m.From != "no-reply-aws@amazon.com" {
		t.Errorf("%s from %s: %q\n%s", m.To, m.From, m.Subject, m.Text)
	}
	p = b.submit(p, recoveryCode(w.newest(notify.Email, "moved@example.com")))
	w.clock.Advance(time.Minute)
	b.submit(p, url.Values{web.FieldPhoneChannel: {web.ChannelVoice}})
	if m := w.messages()[0]; !strings.Contains(m.Text, strings.Join(strings.Split(m.Codes[0], ""), ", ")) {
		t.Errorf("a voice would not spell the PIN: %q", m.Text)
	}
	// Nothing of what was sent is told by the trail.
	for _, e := range append(w.events("MFARecoveryRequested"), w.events(audit.CheckMFA)...) {
		for _, m := range w.messages() {
			for _, v := range e.Detail {
				if strings.Contains(v, m.Codes[0]) {
					t.Errorf("the event has a code: %+v", e)
				}
			}
		}
	}
}

func (p page) flow() string {
	_, form := p.form()
	return form.Get(web.FieldFlow)
}
