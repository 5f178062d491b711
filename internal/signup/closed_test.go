package signup_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
)

// accounts is how many there are.
func (s *walk) accounts() (n int) {
	s.View(func(tx store.Tx) error {
		all, err := tx.Accounts()
		n = len(all)
		return err
	})
	return n
}

// Where visitors open no accounts, no step towards one answers, neither at its
// address nor by a form that was begun before, and nothing is sent or written.
func TestClosedSignUp(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	// Forms of every step, one after the other, whose seals still hold.
	forms := map[string]*signintest.Page{"/signup": s.b.Get(s.at("/signup")), "/signup/verify": s.begin(email)}
	fill := map[string]url.Values{
		"/signup":          {"email": {"late@example.com"}, "account_name": {name}},
		"/signup/verify":   {"code": {s.last(email).Codes[0]}},
		"/signup/password": {"new_password": {password}, "confirm": {password}},
		"/signup/contact":  contact(),
	}
	forms["/signup/password"], forms["/signup/contact"] = s.verified("second@example.com"), s.proved("third@example.com")
	before, sent := s.accounts(), len(s.Messages())
	s.CloseSignUp()
	writes := s.Writes()
	for path, p := range forms {
		if p.URL.Path != path {
			t.Fatalf("the form of %s is at %s", path, p.URL.Path)
		}
		for what, q := range map[string]*signintest.Page{"its address": s.b.Get(p.URL.String()), "its form": s.b.Submit(p, fill[path]), "a new browser": s.Browser(t).Get(s.at(path))} {
			if q.Status != http.StatusForbidden || q.Title(t) != "This server does not open accounts for visitors" || !strings.Contains(q.Body, "Ask the operator") || strings.Contains(q.Body, "<form") {
				t.Errorf("%s, %s: %d\n%s", path, what, q.Status, q.Body)
			}
		}
	}
	s.fails(s.b.Get(s.at("/signup?lang=ja")), "このサーバーでは、訪問者はアカウントを開設できません")
	if s.Writes() != writes || s.accounts() != before || len(s.Messages()) != sent {
		t.Errorf("%d accounts of %d, %d messages of %d, %d writes", s.accounts(), before, len(s.Messages()), sent, s.Writes()-writes)
	}
}

// Who has an account goes on with it where visitors open none, in any browser.
func TestClosedSignUpGoesOnWithAccounts(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	s.opened()
	s.CloseSignUp()
	s.b = s.Browser(t)
	s.b.Address = "203.0.113.9"
	s.b.MustRoot(email, password)
	p := s.must(s.b.Get(s.at("/signup/continue")), "/signup/payment", http.StatusOK)
	p = s.must(s.b.Submit(p, card(goodCard)), "/signup/phone", http.StatusOK)
	p = s.must(s.b.Submit(p, s.phone(p)), "/signup/phone/pin", http.StatusOK)
	p = s.must(s.b.Submit(p, url.Values{"code": {s.last(number).Codes[0]}}), "/signup/plan", http.StatusOK)
	s.must(s.b.Submit(p, url.Values{"plan": {"basic"}}), "/signup/status", http.StatusOK)
	if !s.activate(time.Hour) {
		t.Error("the account does not become active")
	}
	s.must(s.b.Get(s.at("/signup/agreement")), "/signup/agreement", http.StatusOK)
	// A stale form leads on, and not to where nobody can begin.
	if q := s.b.Get(s.at("/signup/phone/pin?flow=x")); strings.Contains(q.Body, `href="/signup"`) {
		t.Errorf("a stale page leads to the closed one:\n%s", q.Body)
	}
}

// The sign-in pages lead to sign-up where there is one (B-06, B-11), and say
// nothing of it where there is none.
func TestSignInPagesOfClosedSignUp(t *testing.T) {
	t.Parallel()
	s := newWalk(t)
	pages := func() map[string]*signintest.Page {
		return map[string]*signintest.Page{"main": s.b.Get(s.at("/")), "root": s.b.Root(signintest.RootEmail)}
	}
	for where, p := range pages() {
		if !strings.Contains(p.Body, `href="`+s.Map.SignUp()+`"`) {
			t.Errorf("%s leads to no sign-up:\n%s", where, p.Body)
		}
	}
	s.CloseSignUp()
	for where, p := range pages() {
		if p.Status != http.StatusOK || strings.Contains(p.Body, "signup") || strings.Contains(p.Body, "Create a new AWS account") {
			t.Errorf("%s leads to sign-up:\n%s", where, p.Body)
		}
	}
}
