package signup_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/notify"
	"sekisho/internal/registration"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
)

const (
	email    = "paulo@example.com"
	name     = "paulo-santos-testaccount"
	password = "Quiet Lantern 58"
	goodCard = "4242 4242 4242 4242"
	number   = "+12065550100"
)

// walk is a person who signs up in a browser.
type walk struct {
	*signintest.World
	b *signintest.Browser
	t *testing.T
}

func newWalk(t *testing.T) *walk {
	t.Helper()
	w := signintest.New(t)
	return &walk{w, w.Browser(t), t}
}

func (s *walk) at(path string) string { return s.Map.SignIn() + path }

// must checks where a page is.
func (s *walk) must(p *signintest.Page, path string, status int) *signintest.Page {
	s.t.Helper()
	if p.URL == nil || p.URL.Path != path || p.Status != status {
		s.t.Fatalf("at %s (%d), want %s (%d)\n%s", p.Hops, p.Status, path, status, p.Body)
	}
	return p
}

func (s *walk) fails(p *signintest.Page, words string) *signintest.Page {
	s.t.Helper()
	if !strings.Contains(p.Body, words) {
		s.t.Fatalf("%s (%d) does not say %q:\n%s", p.URL, p.Status, words, p.Body)
	}
	return p
}

// begin gives the address and the name, and ends at the page for the code.
func (s *walk) begin(address string) *signintest.Page {
	s.t.Helper()
	s.later(time.Second) // messages are in the order of their times
	return s.must(s.b.Submit(s.b.Get(s.at("/signup?new=1")), url.Values{"email": {address}, "account_name": {name}}), "/signup/verify", http.StatusOK)
}

// last is the last message to an address or number.
func (s *walk) last(to string) notify.Message {
	s.t.Helper()
	for _, m := range s.Messages() {
		if m.To == to {
			return m
		}
	}
	s.t.Fatalf("no message to %s", to)
	return notify.Message{}
}

func (s *walk) verified(address string) *signintest.Page {
	s.t.Helper()
	p := s.begin(address)
	return s.must(s.b.Submit(p, url.Values{"code": {s.last(address).Codes[0]}}), "/signup/password", http.StatusOK)
}

// proved chooses the password and ends at the contact.
func (s *walk) proved(address string) *signintest.Page {
	s.t.Helper()
	p := s.verified(address)
	s.later(time.Second)
	return s.must(s.b.Submit(p, url.Values{"new_password": {password}, "confirm": {password}}), "/signup/contact", http.StatusOK)
}

func contact(change ...string) url.Values {
	v := url.Values{
		"account_type": {"personal"}, "full_name": {"Paulo Santos"}, "phone": {"206 555 0100"}, "country": {"US"}, "address_line1": {"100 Main Street"},
		"address_line2": {""}, "city": {"Any Town"}, "state": {"WA"}, "postal_code": {"98101"}, "company": {""}, "agree": {"yes"},
	}
	for i := 0; i+1 < len(change); i += 2 {
		v.Set(change[i], change[i+1])
	}
	return v
}

// opened has an account and ends at the payment.
func (s *walk) opened(change ...string) *signintest.Page {
	s.t.Helper()
	return s.must(s.b.Submit(s.proved(email), contact(change...)), "/signup/payment", http.StatusOK)
}

func card(pan string, change ...string) url.Values {
	v := url.Values{"card_number": {pan}, "card_month": {"12"}, "card_year": {"2031"}, "card_cvv": {"123"}, "card_holder": {"PAULO SANTOS"}, "billing_address": {"same"}}
	for i := 0; i+1 < len(change); i += 2 {
		v.Set(change[i], change[i+1])
	}
	return v
}

// paid has paid and ends at the phone.
func (s *walk) paid() *signintest.Page {
	s.t.Helper()
	return s.must(s.b.Submit(s.opened(), card(goodCard)), "/signup/phone", http.StatusOK)
}

var picture = regexp.MustCompile(`/captcha/([^"]+)\.png`)

func (s *walk) phone(p *signintest.Page, change ...string) url.Values {
	s.t.Helper()
	s.later(time.Second)
	answer, err := s.Captcha.Answer(picture.FindStringSubmatch(p.Body)[1])
	if err != nil {
		s.t.Fatal(err)
	}
	v := url.Values{"channel": {"sms"}, "country": {"US"}, "phone": {"(206) 555-0100"}, "captcha": {answer}}
	for i := 0; i+1 < len(change); i += 2 {
		v.Set(change[i], change[i+1])
	}
	return v
}

// called has a PIN sent and ends at its page.
func (s *walk) called() *signintest.Page {
	s.t.Helper()
	p := s.paid()
	return s.must(s.b.Submit(p, s.phone(p)), "/signup/phone/pin", http.StatusOK)
}

// reached has proved the phone and ends at the support plan.
func (s *walk) reached() *signintest.Page {
	s.t.Helper()
	p := s.called()
	return s.must(s.b.Submit(p, url.Values{"code": {s.last(number).Codes[0]}}), "/signup/plan", http.StatusOK)
}

func (s *walk) account() (a account.Account, r registration.Registration) {
	s.t.Helper()
	s.View(func(tx store.Tx) (err error) {
		if a, err = tx.AccountByEmail(email); err == nil {
			r, err = tx.Registration(a.ID)
		}
		return err
	})
	return a, r
}

func (s *walk) activate(after time.Duration) (done bool) {
	s.t.Helper()
	s.later(after)
	a, _ := s.account()
	s.Update(func(tx store.Tx) (err error) {
		_, done, err = registration.Activate(tx, a.ID, s.Clock.Now())
		return err
	})
	return done
}

func (s *walk) later(d time.Duration) { s.Clock.Set(s.Clock.Now().Add(d)) }
