package signup_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/payment"
	"sekisho/internal/registration"
	"sekisho/internal/store"
	"sekisho/internal/support"
)

// from an e-mail address to an active account.
func TestSignUp(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	p := s.fails(s.reached(), "/help/support-plans")
	a, r := s.account()
	if a.Status != account.PendingActivation || !a.Standalone() || a.Name != name || len(a.ID) != 12 {
		t.Errorf("the account is %+v", a)
	}
	if m := s.last(email); !strings.Contains(m.Subject, "Welcome to AWS") || !strings.Contains(m.Text, "/signup/continue") { // A-24, N-10
		t.Errorf("the mail after the creation is %q", m.Subject)
	}
	if r.Phone.Number != number || r.Phone.VerifiedAt.IsZero() || r.Agreement.Seller != registration.AWS || r.Agreement.At.IsZero() {
		t.Errorf("registered %+v", r)
	}
	p = s.must(s.b.Submit(p, url.Values{"plan": {"developer"}}), "/signup/status", http.StatusOK)
	s.fails(s.fails(p, "being activated"), "up to 24 hours")
	if s.activate(registration.ActivationTakes - time.Second) {
		t.Error("activated before its time")
	}
	if !s.activate(time.Second) || s.activate(time.Second) {
		t.Error("not activated once")
	}
	if a, r = s.account(); a.Status != account.Active || r.ActivatedAt.IsZero() || r.Plan != support.Developer {
		t.Errorf("the account is %+v, %+v", a, r)
	}
	s.fails(s.b.Get(s.at("/signup/continue")), "Your account is active")
	s.View(func(tx store.Tx) error {
		c, err := tx.Contact(a.ID)
		if err != nil || c.FullName != "Paulo Santos" || c.Phone != number {
			t.Errorf("contact %+v, %v", c, err)
		}
		methods, err := payment.Methods(tx, a.ID)
		if err != nil || len(methods) != 1 || methods[0].LastFour != "4242" || methods[0].Brand != payment.Visa || !methods[0].Default || methods[0].Status != payment.Valid {
			t.Errorf("methods %+v, %v", methods, err)
		}
		plan, err := registration.Plan(tx, a.ID)
		if plan != support.Developer {
			t.Errorf("plan %q", plan)
		}
		return err
	})
	for _, name := range []string{"EmailVerification", "AccountCreated", "PaymentMethodAdded", "PhonePINSent", "PhoneVerified", "SupportPlanChosen"} {
		if e := s.Events(name); len(e) != 1 || e[0].ErrorCode != "" || name != "EmailVerification" && e[0].Account != a.ID {
			t.Errorf("events %s: %+v", name, e)
		}
	}
}

// a browser that is signed in is asked whether it wants another account.
func TestStartInSignedInBrowser(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	s.opened()
	s.b.Header.Set("Accept-Language", "ja")
	p := s.must(s.b.Get(s.at("/signup")), "/signup", http.StatusOK)
	for _, label := range []string{"コンソールにサインインする", "別のアカウントにサインインする", "新しい AWS アカウント を作成する"} {
		s.fails(p, label)
	}
	s.fails(s.b.Get(p.Link(t, "new=1")), "AWS アカウント を作成する")
	fresh := s.Browser(t)
	fresh.Header.Set("Accept-Language", "ja")
	s.fails(fresh.Get(s.at("/signup")), "AWS アカウント を作成する")
	s.fails(fresh.Get(s.at("/signup")), "既存の AWS アカウント にサインイン")
}

// names that accounts have are taken, not only those that an alias could be.
func TestAccountNames(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	start := s.b.Get(s.at("/signup"))
	for i, name := range []string{"My first account", "Acme, Inc.", "X", "Example_Corp (prod)", "123456789012"} {
		s.must(s.b.Submit(start, url.Values{"email": {fmt.Sprintf("owner+%d@example.com", i)}, "account_name": {name}}), "/signup/verify", http.StatusOK)
	}
	for _, name := range []string{"a-name-that-an-alias-could-be-and-that-is-longer-than-fifty", "<script>", "名前"} {
		s.must(s.b.Submit(start, url.Values{"email": {email}, "account_name": {name}}), "/signup", http.StatusUnprocessableEntity)
	}
}

// a contact's telephone may be of another country than the address.
func TestContactAbroad(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	p := s.opened("country", "JP", "state", "Tokyo", "phone", "+1 (206) 555-0100")
	p = s.must(s.b.Submit(p, card(goodCard)), "/signup/phone", http.StatusOK)
	_, form := p.Form(t)
	s.must(s.b.Submit(p, s.phone(p, "country", "JP", "phone", form.Get("phone"))), "/signup/phone/pin", http.StatusOK) // as it is filled in
	a, _ := s.account()
	s.View(func(tx store.Tx) error {
		c, err := tx.Contact(a.ID)
		if c.Phone != number || c.CountryCode != "JP" {
			t.Errorf("%+v", c)
		}
		return err
	})
}

// who closed the window signs in and goes on with the step that is left.
func TestResume(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	s.paid()
	a, _ := s.account()
	s.b = s.Browser(t)
	s.b.Address = "203.0.113.9"
	if p := s.b.Get(s.b.Get(s.at("/signup")).Link(t, "/signup/continue")); strings.HasPrefix(p.URL.Path, "/signup") {
		t.Fatal("a browser that nobody signed in to goes on")
	}
	s.b.MustRoot(email, password)
	for path, want := range map[string]string{
		"/signup/continue": "/signup/phone", "/signup/payment": "/signup/phone", "/signup/plan": "/signup/phone", "/signup/phone": "/signup/phone", "/signup/status": "/signup/status",
	} {
		p := s.must(s.b.Get(s.at(path)), want, http.StatusOK)
		if want == "/signup/status" {
			s.fails(s.fails(p, "Complete sign-up"), a.ID)
		}
	}
	if s.activate(48 * time.Hour) {
		t.Error("activated with steps left")
	}
}

// what is wrong with a form is said at its fields, and nothing is opened.
func TestFaults(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	start := s.b.Get(s.at("/signup"))
	for _, c := range []struct{ email, name, words string }{
		{"", name, "Enter an email address"},
		{"paulo", name, "not an email address"},
		{email, "", "Enter a name for the account"},
		{email, "パウロ", "at most 50 letters"},
	} {
		p := s.must(s.b.Submit(start, url.Values{"email": {c.email}, "account_name": {c.name}}), "/signup", http.StatusUnprocessableEntity)
		s.fails(p, c.words)
	}
	p := s.verified(email)
	for typed, words := range map[string]string{
		"short1A": "too short", "alllowercaseletters": "at least 3 kinds", "Password1": "known from a data breach", strings.ToUpper(name[:1]) + name[1:]: "name or email address",
	} {
		s.fails(s.must(s.b.Submit(p, url.Values{"new_password": {typed}, "confirm": {typed}}), "/signup/password", http.StatusUnprocessableEntity), words)
	}
	s.fails(s.b.Submit(p, url.Values{"new_password": {password}, "confirm": {"other"}}), "differ")
	p = s.must(s.b.Submit(p, url.Values{"new_password": {password}, "confirm": {password}}), "/signup/contact", http.StatusOK)
	for _, c := range []struct {
		change []string
		words  string
	}{
		{[]string{"account_type", ""}, "Choose an account type"},
		{[]string{"account_type", "professional"}, "Enter the name of the company"},
		{[]string{"full_name", ""}, "Enter your full name"},
		{[]string{"phone", "12"}, "not a phone number"},
		{[]string{"country", "XX"}, "Choose a country or region from the list"},
		{[]string{"address_line1", strings.Repeat("x", 61)}, "too long"},
		{[]string{"state", ""}, "Addresses in this country need it"},
		{[]string{"postal_code", ""}, "Enter the postal code"},
		{[]string{"agree", ""}, "AWS Customer Agreement and agree"},
	} {
		s.fails(s.must(s.b.Submit(p, contact(c.change...)), "/signup/contact", http.StatusUnprocessableEntity), c.words)
	}
	s.fails(s.b.Get(s.at("/signup/agreement")), "AISPL")
	s.View(func(tx store.Tx) error {
		if err := registration.Free(tx, email); err != nil {
			t.Errorf("an account was opened: %v", err)
		}
		return nil
	})
}

// what institutions answer.
func TestPayment(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		card   url.Values
		path   string
		status int
		words  string
		kept   payment.Status
	}{
		"approved":           {card(goodCard), "/signup/phone", http.StatusOK, "Confirm your identity", payment.Valid},
		"declined":           {card(payment.TestDeclined), "/signup/payment", http.StatusUnprocessableEntity, "Your bank declined the card", payment.Declined},
		"no funds":           {card(payment.TestNoFunds), "/signup/payment", http.StatusUnprocessableEntity, "not enough funds", payment.Declined},
		"wrong code":         {card(payment.TestWrongCVV), "/signup/payment", http.StatusUnprocessableEntity, "security code is not right", payment.Declined},
		"held":               {card(payment.TestHeld), "/signup/phone", http.StatusOK, "Confirm your identity", payment.Pending},
		"mistyped":           {card("4242 4242 4242 4241"), "/signup/payment", http.StatusUnprocessableEntity, "not the number of a card", ""},
		"expired":            {card(goodCard, "card_year", "2026", "card_month", "10"), "/signup/payment", http.StatusUnprocessableEntity, "has expired", ""},
		"no holder":          {card(goodCard, "card_holder", ""), "/signup/payment", http.StatusUnprocessableEntity, "as it is on the card", ""},
		"number as holder":   {card(goodCard, "card_holder", goodCard), "/signup/payment", http.StatusUnprocessableEntity, "as it is on the card", ""},
		"no choice":          {card(goodCard, "billing_address", ""), "/signup/payment", http.StatusUnprocessableEntity, "Choose the billing address", ""},
		"new address, empty": {card(goodCard, "billing_address", "new", "country", "US"), "/signup/payment", http.StatusUnprocessableEntity, "Enter the city", ""},
		"new address": {card(goodCard, "billing_address", "new", "country", "JP", "full_name", "山田", "address_line1", "1-1", "city", "東京", "postal_code", "100-0001"),
			"/signup/phone", http.StatusOK, "Confirm your identity", payment.Valid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newWalk(t)
			p := s.opened()
			s.fails(p, "1 USD")
			s.fails(s.must(s.b.Submit(p, c.card), c.path, c.status), c.words)
			a, _ := s.account()
			s.View(func(tx store.Tx) error {
				kept, err := payment.Standing(tx, a.ID, s.Clock.Now())
				if kept != c.kept {
					t.Errorf("kept as %q, want %q", kept, c.kept)
				}
				methods, err2 := payment.Methods(tx, a.ID)
				for _, m := range methods {
					if name == "new address" && m.Address.CountryCode != "JP" || name == "approved" && m.Address.FullName != "Paulo Santos" {
						t.Errorf("billed to %+v", m.Address)
					}
				}
				if err == nil {
					err = err2
				}
				return err
			})
		})
	}
}

// in India the agreement is with AISPL, 2 INR are charged and refunded, the
// security code is mandatory, and the bank may ask for a one-time password.
func TestIndia(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	p := s.opened("country", "IN", "phone", "+91 98765 43210", "state", "Delhi", "postal_code", "110001")
	if _, r := s.account(); r.Agreement.Seller != registration.AISPL {
		t.Errorf("sold by %s", r.Agreement.Seller)
	}
	s.fails(s.fails(p, "AISPL"), "2 INR")
	s.fails(s.must(s.b.Submit(p, card(payment.TestChallenged, "card_cvv", "")), "/signup/payment", http.StatusUnprocessableEntity), "Enter the security code")
	p = s.must(s.b.Submit(p, card(payment.TestChallenged)), "/signup/payment/code", http.StatusOK)
	code := s.last("+919876543210").Codes[0]
	s.fails(s.must(s.b.Submit(p, url.Values{"code": {other(code)}}), "/signup/payment/code", http.StatusUnprocessableEntity), "not the one-time password")
	s.must(s.b.Submit(p, url.Values{"code": {code}}), "/signup/phone", http.StatusOK)
}

// The one-time password of a bank can be guessed at three times, and not for long.
func TestBankCodeGuessing(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	p := s.must(s.b.Submit(s.opened(), card(payment.TestChallenged)), "/signup/payment/code", http.StatusOK)
	code := s.last(number).Codes[0]
	for range payment.MaxTries - 1 {
		s.must(s.b.Submit(p, url.Values{"code": {other(code)}}), "/signup/payment/code", http.StatusUnprocessableEntity)
	}
	s.fails(s.must(s.b.Submit(p, url.Values{"code": {other(code)}}), "/signup/payment/code", http.StatusUnprocessableEntity), "wrong too often")
	s.must(s.b.Submit(p, url.Values{"code": {code}}), "/signup/payment", http.StatusOK) // the card has to be entered again

	p = s.must(s.b.Submit(s.b.Get(s.at("/signup/payment")), card(payment.TestChallenged)), "/signup/payment/code", http.StatusOK)
	late := s.last(number).Codes[0]
	s.later(payment.CodeLife)
	s.fails(s.b.Submit(p, url.Values{"code": {late}}), "can no longer be used")
}

// N-24: a PIN by text message or by a call that spells it.
func TestPhoneChannels(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	p := s.paid()
	s.fails(p, `value="US" selected`)
	s.fails(s.must(s.b.Submit(p, s.phone(p, "channel", "fax")), "/signup/phone", http.StatusUnprocessableEntity), "Choose how the number is verified")
	s.fails(s.must(s.b.Submit(p, s.phone(p, "phone", "911")), "/signup/phone", http.StatusUnprocessableEntity), "not a phone number")
	p = s.b.Get(s.at("/signup/phone"))
	p = s.must(s.b.Submit(p, s.phone(p, "channel", "voice", "country", "JP", "phone", "０３-1234-5678")), "/signup/phone/pin", http.StatusOK)
	m := s.last("+81312345678")
	if m.Channel != "voice" || len(m.Codes) != 1 || !strings.Contains(m.Text, strings.Join(strings.Split(m.Codes[0], ""), ", ")) {
		t.Errorf("the call says %q by %s", m.Text, m.Channel)
	}
	for _, words := range []string{"correct phone number and country code", "signal", "payment method was entered correctly", "by hand"} { // M-01, M-02
		s.fails(p, words)
	}
	s.later(11 * time.Minute)
	s.fails(s.b.Submit(p, url.Values{"code": {m.Codes[0]}}), "can no longer be used")
	if _, r := s.account(); r.Phone.Failures != 0 || !r.Phone.VerifiedAt.IsZero() {
		t.Errorf("phone %+v after a PIN that was too old", r.Phone)
	}
}

// A-37, N-12: information that was asked for holds the activation, and the page
// says so. A-36: so does an institution that has not approved, M-04: with the six
// things to check.
func TestDelays(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	p := s.must(s.b.Submit(s.opened(), card(payment.TestHeldForever)), "/signup/phone", http.StatusOK)
	p = s.must(s.b.Submit(p, s.phone(p)), "/signup/phone/pin", http.StatusOK)
	p = s.must(s.b.Submit(p, url.Values{"code": {s.last(number).Codes[0]}}), "/signup/plan", http.StatusOK)
	p = s.must(s.b.Submit(p, url.Values{"plan": {"basic"}}), "/signup/status", http.StatusOK)
	for _, words := range []string{
		"Your bank has not approved yet", "Finish the sign-up", "Billing and Cost Management", "approve the authorization request", "spam folder", "Try another browser", "what you already tried",
		"Do not put sensitive information such as credit card numbers", // O-13
	} {
		s.fails(p, words)
	}
	if s.activate(25 * time.Hour) {
		t.Fatal("activated without payment")
	}
	s.b = s.Browser(t)
	s.b.Address = "203.0.113.9"
	s.b.MustRoot(email, password)
	s.later(time.Second)
	a, r := s.account()
	s.Update(func(tx store.Tx) error {
		methods, err := payment.Methods(tx, a.ID)
		if err == nil {
			_, err = payment.Approve(tx, methods[0].ID, s.Clock.Now())
		}
		if err == nil {
			r, err = registration.AskFor(tx, a.ID, "A copy of <b>your</b> passport", s.Clock.Now())
		}
		if err == nil {
			err = mailer(s).Asked(tx, a, r, s.Clock.Now())
		}
		return err
	})
	s.fails(s.fails(s.b.Get(s.at("/signup/status")), "We need additional information"), "A copy of &lt;b&gt;your&lt;/b&gt; passport")
	if m := s.last(email); !strings.Contains(m.Subject, "additional information") || !strings.Contains(m.Text, "passport") {
		t.Errorf("mailed %q", m.Subject)
	}
	if s.activate(3 * time.Hour) {
		t.Fatal("activated without the information")
	}
	s.Update(func(tx store.Tx) error { _, err := registration.Lift(tx, a.ID, s.Clock.Now()); return err })
	if !s.activate(0) {
		t.Error("not activated although nothing holds it")
	}
}
