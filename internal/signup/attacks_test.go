package signup_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/notify"
	"sekisho/internal/payment"
	"sekisho/internal/registration"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/signup"
	"sekisho/internal/store"
	"sekisho/web"
)

// other is a code that is not the given one.
func other(code string) string {
	last := code[len(code)-1]
	return code[:len(code)-1] + string('0'+(last-'0'+1)%10)
}

func mailer(s *walk) signup.Mailer {
	pages, err := web.New()
	if err != nil {
		s.t.Fatal(err)
	}
	return signup.Mailer{Pages: pages, Map: s.Map}
}

// Code guessing: a code can be tried five times, right or wrong after that, works
// once, and not for longer than ten minutes.
func TestCodeGuessing(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	p := s.begin(email)
	code := s.last(email).Codes[0]
	for range 5 {
		s.fails(s.must(s.b.Submit(p, url.Values{"code": {other(code)}}), "/signup/verify", http.StatusUnprocessableEntity), "That was not the code")
	}
	s.fails(s.must(s.b.Submit(p, url.Values{"code": {code}}), "/signup/verify", http.StatusUnprocessableEntity), "can no longer be used")

	p = s.begin("second@example.com")
	code = s.last("second@example.com").Codes[0]
	s.must(s.b.Submit(p, url.Values{"code": {" " + code[:3] + " " + code[3:]}}), "/signup/password", http.StatusOK)
	s.fails(s.must(s.b.Submit(p, url.Values{"code": {code}}), "/signup/verify", http.StatusUnprocessableEntity), "can no longer be used")

	p = s.begin("third@example.com")
	s.later(10 * time.Minute)
	s.fails(s.must(s.b.Submit(p, url.Values{"code": {s.last("third@example.com").Codes[0]}}), "/signup/verify", http.StatusUnprocessableEntity), "can no longer be used")
}

// Hash flooding: the form for the password, which costs a core each time, can be
// sent again, but not without end (promise 5).
func TestPasswordHashFlooding(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	p := s.verified(email)
	chosen := url.Values{"new_password": {password}, "confirm": {password}}
	hashed := 0
	for range 20 {
		if a := s.b.Submit(p, chosen); a.Status == http.StatusTooManyRequests {
			break
		}
		hashed++
	}
	if hashed < 2 || hashed > 5 {
		t.Errorf("%d passwords were hashed", hashed)
	}
	s.later(time.Minute)
	s.must(s.b.Submit(p, chosen), "/signup/contact", http.StatusOK)
}

// Who was suspended or has closed the account is not told that all is well, and
// goes on with nothing: its pages are those of the account.
func TestSignUpOfShutAccount(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	s.opened()
	a, _ := s.account()
	for _, shut := range []func(store.Tx) (account.Account, error){
		func(tx store.Tx) (account.Account, error) { return account.Suspend(tx, a.ID, "", s.Clock.Now()) },
		func(tx store.Tx) (account.Account, error) { return account.Close(tx, a.ID, false, "", s.Clock.Now()) },
	} {
		s.Update(func(tx store.Tx) error { _, err := shut(tx); return err })
		for _, path := range []string{"/signup/status", "/signup/continue", "/signup/payment"} {
			if p := s.b.Get(s.at(path)); p.URL.Path != "/account" {
				t.Errorf("%s leads to %s (%d)", path, p.Hops, p.Status)
			}
		}
	}
}

// Another code can be asked for after a minute; the one before is none then, and
// mail to an address is not sent without end.
func TestResend(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	p := s.begin(email)
	s.fails(p, "spam and junk") // N-08
	first := s.last(email).Codes[0]
	again := url.Values{"decision": {"resend"}, "code": {""}}
	s.fails(s.must(s.b.Submit(p, again), "/signup/verify", http.StatusTooManyRequests), "Wait a minute")
	s.later(time.Minute)
	p = s.fails(s.must(s.b.Submit(p, again), "/signup/verify", http.StatusOK), "Earlier codes no longer work")
	if second := s.last(email).Codes[0]; second == first {
		t.Error("the same code twice")
	}
	s.must(s.b.Submit(p, url.Values{"code": {first}}), "/signup/verify", http.StatusUnprocessableEntity)
	sent := 2
	for ; sent < 20; sent++ {
		s.later(time.Minute)
		if p = s.b.Submit(p, again); p.Status == http.StatusTooManyRequests {
			break
		}
	}
	if sent > 8 {
		t.Errorf("%d mails were sent", sent)
	}
}

// Enumeration of addresses: pages, statuses and addresses are the same whether or
// not a root user has the address, also of an account that was closed long
// ago. Only its owner learns, by mail (M-23), and no code opens anything.
func TestAddressEnumeration(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	const closed = "closed@example.com"
	s.Update(func(tx store.Tx) error {
		return tx.PutAccount(account.Account{ID: "999988887777", Name: "Closed", Email: closed, Status: account.Closed, CreatedAt: s.Clock.Now()})
	})
	see := func(address string) (pages []string) {
		b := s.Browser(t)
		s.b = b
		p := s.begin(address)
		for _, p := range []*signintest.Page{p, b.Submit(p, url.Values{"code": {"000000"}})} {
			body := strings.ReplaceAll(p.Body, address, "ADDRESS")
			_, form := p.Form(t)
			for _, secret := range []string{form.Get("flow"), url.QueryEscape(form.Get("flow")), p.URL.Query().Get("flow")} {
				if secret != "" {
					body = strings.ReplaceAll(body, secret, "FLOW")
				}
			}
			pages = append(pages, fmt.Sprint(p.Status, p.URL.Path, body))
		}
		return pages
	}
	free := see("free@example.com")
	for _, taken := range []string{signintest.RootEmail, strings.ToUpper(signintest.RootEmail), closed} {
		if got := see(taken); !slices.Equal(got, free) {
			t.Errorf("%s is answered\n%s\nwant\n%s", taken, got, free)
		}
	}
	m := s.last(signintest.RootEmail)
	if len(m.Codes) != 0 || !strings.Contains(m.Text, "email+1@yourcompany.com") || !strings.Contains(m.Text, "test mail") || !strings.Contains(m.Text, "90 days") {
		t.Errorf("the owner is told %q with codes %q", m.Text, m.Codes)
	}
	plus := strings.Replace(signintest.RootEmail, "@", "+tag@", 1)
	if s.begin(plus); len(s.last(plus).Codes) != 1 {
		t.Error("a plus-suffixed address is taken for the address without it")
	}
}

// Of two who prove the same address, one gets the account, and it is one account
// however often its form is posted.
func TestReplayOfFinishedForm(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	p := s.proved(email)
	s.must(s.b.Submit(p, contact()), "/signup/payment", http.StatusOK)
	s.fails(s.must(s.b.Submit(p, contact()), "/signup/contact", http.StatusConflict), "already in use by an AWS account")
	var accounts int
	s.View(func(tx store.Tx) error {
		all, err := tx.Accounts()
		for _, a := range all {
			if a.Email == email {
				accounts++
			}
		}
		return err
	})
	if accounts != 1 {
		t.Errorf("%d accounts", accounts)
	}
}

// CSRF: no form of sign-up does anything that another site's page posts.
func TestForgedForms(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	pages := map[string]*signintest.Page{"/signup": s.b.Get(s.at("/signup")), "/signup/verify": s.begin(email)}
	pages["/signup/contact"] = s.proved("second@example.com")
	pages["/signup/payment"] = s.opened()
	before := s.Writes()
	for path, p := range pages {
		_, form := p.Form(t)
		for what, change := range map[string]func(*http.Request){
			"another site": func(r *http.Request) {
				r.Header.Set("Sec-Fetch-Site", "cross-site")
				r.Header.Set("Origin", "https://evil.example")
			},
			"a sister host": func(r *http.Request) {
				r.Header.Set("Sec-Fetch-Site", "same-site")
				r.Header.Set("Origin", s.Map.Console())
			},
			"a sandboxed page": func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "null") },
		} {
			if got := s.b.Once(http.MethodPost, s.at(path), form, change); got.Status != http.StatusForbidden {
				t.Errorf("%s from %s: %d", path, what, got.Status)
			}
		}
		form.Del("flow")
		if got := s.b.Once(http.MethodPost, s.at(path), form, nil); got.Status != http.StatusForbidden {
			t.Errorf("%s without its flow: %d", path, got.Status)
		}
	}
	if s.Writes() != before {
		t.Error("something was written")
	}
}

// Clickjacking: no page of sign-up can be framed, and none loads anything from elsewhere.
func TestFraming(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	for _, path := range []string{"/signup", "/signup/agreement", "/signup/nothing", "/signup/verify"} {
		h := s.b.Get(s.at(path)).Header
		if h.Get("X-Frame-Options") != "DENY" || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

// A flow that was lifted to another browser, or to another account in the same
// browser, or to another page, is worth nothing there.
func TestLiftedFlow(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	verify, thief := s.begin(email), s.Browser(t)
	thief.Get(s.at("/signup"))
	if p := thief.Get(verify.URL.String()); p.Status != http.StatusForbidden {
		t.Errorf("the page of another browser: %d", p.Status)
	}
	if p := thief.Submit(verify, url.Values{"code": {s.last(email).Codes[0]}}); p.Status != http.StatusForbidden {
		t.Errorf("the form of another browser: %d", p.Status)
	}
	_, form := verify.Form(t)
	for _, path := range []string{"/signup/password", "/signup/contact"} {
		if p := s.b.Get(s.at(path) + "?flow=" + url.QueryEscape(form.Get("flow"))); p.Status != http.StatusForbidden {
			t.Errorf("the flow at %s: %d", path, p.Status)
		}
	}
	s.later(time.Hour)
	if p := s.b.Get(verify.URL.String()); p.Status != http.StatusForbidden {
		t.Errorf("an old page: %d", p.Status)
	}

	mine := s.opened()
	second := &walk{s.World, s.b, t}
	p := second.must(second.b.Submit(second.proved("second@example.com"), contact()), "/signup/payment", http.StatusOK)
	if p := s.b.Submit(mine, card(goodCard)); p.Status != http.StatusForbidden {
		t.Errorf("the form of one's other account: %d", p.Status)
	}
	s.must(s.b.Submit(p, card(goodCard)), "/signup/phone", http.StatusOK)
}

// CAPTCHA reuse: an answer works once, and a wrong one spends its picture.
func TestCaptchaReuse(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	p := s.paid()
	right := s.phone(p)
	s.fails(s.must(s.b.Submit(p, s.phone(p, "captcha", "wrong!")), "/signup/phone", http.StatusUnprocessableEntity), "Those were not the characters")
	s.fails(s.must(s.b.Submit(p, right), "/signup/phone", http.StatusUnprocessableEntity), "Those were not the characters")
	p = s.b.Get(s.at("/signup/phone"))
	right = s.phone(p)
	s.must(s.b.Submit(p, right), "/signup/phone/pin", http.StatusOK)
	s.fails(s.must(s.b.Submit(p, right), "/signup/phone", http.StatusUnprocessableEntity), "Those were not the characters")
	sent := 0
	for _, m := range s.Messages() {
		if m.Channel == notify.SMS {
			sent++
		}
	}
	if sent != 1 {
		t.Errorf("%d text messages", sent)
	}
}

// PIN guessing: an account has five tries, however many PINs are sent. Then
// the page says so, with the way out (M-03), and support staff can help.
func TestPINGuessing(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	p := s.called()
	for i := range registration.MaxPhoneFailures - 1 {
		if i == 2 { // another PIN gives no new tries
			q := s.b.Get(s.at("/signup/phone"))
			p = s.must(s.b.Submit(q, s.phone(q)), "/signup/phone/pin", http.StatusOK)
		}
		left := registration.MaxPhoneFailures - 1 - i
		s.fails(s.must(s.b.Submit(p, url.Values{"code": {other(s.last(number).Codes[0])}}), "/signup/phone/pin", http.StatusUnprocessableEntity), fmt.Sprintf("You can try %d more", left))
	}
	blocked := s.must(s.b.Submit(p, url.Values{"code": {other(s.last(number).Codes[0])}}), "/signup/phone/pin", http.StatusForbidden)
	for _, words := range []string{"Maximum number of failed attempts", email, "category Activation", "/support/cases/create", "answer that phone number"} {
		s.fails(blocked, words)
	}
	s.must(s.b.Submit(p, url.Values{"code": {s.last(number).Codes[0]}}), "/signup/phone/pin", http.StatusForbidden) // the right one
	s.b.Header.Set("Accept-Language", "ja")
	s.fails(s.must(s.b.Get(s.at("/signup/phone")), "/signup/phone", http.StatusForbidden), "最大失敗回数")
	if e := s.Events("PhoneVerified"); len(e) != registration.MaxPhoneFailures || e[0].ErrorReason != registration.PhoneBlocked {
		t.Errorf("events %+v", e)
	}
	a, _ := s.account()
	s.Update(func(tx store.Tx) error { _, err := registration.ActivateByHand(tx, a.ID, s.Clock.Now()); return err })
	if a, r := s.account(); a.Status != account.Active || !r.ByHand {
		t.Errorf("by hand: %+v, %+v", a, r)
	}
	s.fails(s.b.Get(s.at("/signup/continue")), "アカウントは有効です")
}

// SMS pumping: messages are counted by account and by number, whichever network
// they are asked for from.
func TestSMSPumping(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	p := s.paid()
	sent, refused := 0, 0
	for i := range 12 {
		s.b.Address = fmt.Sprintf("198.51.100.%d", i)
		switch q := s.b.Submit(p, s.phone(p, "phone", fmt.Sprintf("(206) 555-01%02d", i))); q.Status {
		case http.StatusOK:
			sent++
		case http.StatusTooManyRequests:
			refused++
		default:
			t.Fatalf("%d\n%s", q.Status, q.Body)
		}
		p = s.b.Get(s.at("/signup/phone"))
	}
	if sent != 5 || refused != 7 {
		t.Errorf("%d sent, %d refused", sent, refused)
	}
	// Who waits gets a few more, and not one each quarter of an hour all day long.
	for i := range 12 {
		s.later(16 * time.Minute)
		p = s.b.Get(s.at("/signup/phone"))
		if q := s.b.Submit(p, s.phone(p, "phone", fmt.Sprintf("(206) 555-02%02d", i))); q.Status == http.StatusOK {
			sent++
		}
	}
	if sent != 10 {
		t.Errorf("%d sent in a day", sent)
	}
}

// Card testing: who has a list of cards learns of a few of them only.
func TestCardTesting(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	p := s.opened()
	for i := range 5 {
		s.b.Address = fmt.Sprintf("198.51.100.%d", i)
		p = s.must(s.b.Submit(p, card(payment.TestDeclined)), "/signup/payment", http.StatusUnprocessableEntity)
	}
	s.must(s.b.Submit(p, card(goodCard)), "/signup/payment", http.StatusTooManyRequests)
	a, _ := s.account()
	s.View(func(tx store.Tx) error {
		methods, err := payment.Methods(tx, a.ID)
		if len(methods) != 1 {
			t.Errorf("%d methods are kept of one card", len(methods))
		}
		return err
	})
}

// Card data: neither the number nor the code comes back to a page, or stands in
// the database, in any of its files.
func TestCardDataIsNowhere(t *testing.T) {
	t.Parallel()
	const pan, cvv = "5555555555554444", "90817263" // a code of 8 digits is wrong, and can be found
	s := newWalk(t)
	p := s.opened()
	q := s.b.Submit(p, card(pan, "card_cvv", cvv))
	if strings.Contains(q.Body, pan) || strings.Contains(q.Body, cvv) {
		t.Error("the page has the card")
	}
	for _, pan := range []string{payment.TestDeclined, pan} {
		q = s.b.Submit(s.b.Get(s.at("/signup/payment")), card(pan, "card_holder", "CANARY HOLDER"))
		if strings.Contains(q.Body, pan) {
			t.Error("the page has the card")
		}
	}
	var all strings.Builder
	s.View(func(tx store.Tx) error {
		events, err := tx.Events(store.EventFilter{Limit: 1000})
		fmt.Fprintf(&all, "%+v %+v", events, s.Messages())
		return err
	})
	found := false
	// The database is in one of the test's directories, beside this new one.
	err := filepath.WalkDir(filepath.Dir(t.TempDir()), func(file string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(file)
		found = found || bytes.Contains(b, []byte("CANARY HOLDER"))
		all.Write(b)
		return err
	})
	if err != nil || !found {
		t.Fatal("the files do not hold what was written, so the test shows nothing")
	}
	for _, secret := range []string{pan, payment.TestDeclined, cvv} {
		if strings.Contains(all.String(), secret) {
			t.Errorf("%s is kept", secret)
		}
	}
}

// Confused deputy: an IAM user who is signed in cannot go on with a sign-up of the
// account's owner, and a root user nobody signed up for has nothing to go on with.
func TestOthersAtTheOwnersPages(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	s.b.MustConsole(s.b.IAMSignIn(signintest.Alias, signintest.Alice, signintest.AlicePassword))
	for _, path := range []string{"/signup/continue", "/signup/payment", "/signup/phone", "/signup/plan", "/signup/status"} {
		if p := s.b.Get(s.at(path)); p.Status != http.StatusForbidden {
			t.Errorf("an IAM user at %s: %d", path, p.Status)
		}
	}
	s.b = s.Browser(t)
	s.b.MustRoot(signintest.RootEmail, signintest.RootPassword)
	if p := s.b.Get(s.at("/signup/continue")); !strings.HasPrefix(p.Hops[1], s.Map.Console()) {
		t.Errorf("a root user who did not sign up is led to %q", p.Hops)
	}
}
