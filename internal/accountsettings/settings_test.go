package accountsettings_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

// pages are the forms, with fields that would do something.
var pages = map[string]url.Values{
	"/account/password":        values("password", password, "new_password", "Another-Horse-8", "confirm", "Another-Horse-8"),
	"/account/email":           values("new_email", "new@example.com"),
	"/account/email/code":      values("code", "abcdef", "password", password),
	"/account/close":           values("account_id", own),
	"/account/reopen":          nil,
	"/account/payment/default": values("method", "pm-1"),
	"/account/payment/remove":  values("method", "pm-1"),
	"/account/payment/add":     card("4242424242424242"),
	"/account/payment/confirm": values("code", "123456"),
}

// The attack: an IAM user, whatever policies allow, gets the root user's pages to
// close the account, or the root user's own form submitted in the IAM user's
// session. They are told who may, and nothing happens.
func TestConfusedDeputy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	flow := b.get("/account/close").flow(t)
	alice := w.browser(w.alice)
	alice.cookies["sekisho-flow"] = b.cookies["sekisho-flow"] // the same browser, signed in as somebody else
	for path, form := range pages {
		for what, a := range map[string]answer{"asked": alice.get(path), "submitted": alice.submit(path, flow, form)} {
			asked := what == "asked" && (strings.HasSuffix(path, "/default") || strings.HasSuffix(path, "/remove"))
			if asked && a.status == http.StatusMethodNotAllowed {
				continue
			}
			if a.status != http.StatusForbidden || !strings.Contains(a.body, "Only the root user can do this") || !strings.Contains(a.body, "alice") {
				t.Errorf("%s %s: %d", path, what, a.status)
			}
		}
	}
	if a := alice.get("/account"); a.status != http.StatusForbidden {
		t.Errorf("home: %d", a.status)
	}
	if s := w.account().Status; s != account.Active {
		t.Errorf("the account is %s", s)
	}
	if e := w.events(); len(e) != 0 {
		t.Errorf("something happened: %v", e)
	}
}

// Nobody is sent to sign in and comes back to the page; who signed in too long
// ago is asked again, also when only then the form comes.
func TestWhoIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	flow := b.get("/account/close").flow(t)
	nobody := w.browser(session.Session{})
	if a := nobody.get("/account/close?next=//evil.example"); a.location != origin+"/?for=%2Faccount%2Fclose" {
		t.Errorf("nobody: %d %s", a.status, a.location)
	}
	w.clock.Advance(15*time.Minute + time.Second)
	for path, form := range pages {
		a := b.submit(path, flow, form)
		if a.status != http.StatusSeeOther || !strings.HasPrefix(a.location, origin+"/?again=%2Faccount%2F") {
			t.Errorf("%s: %d %s", path, a.status, a.location)
		}
	}
	if a := b.get("/account"); a.status != http.StatusOK { // which changes nothing
		t.Errorf("home: %d", a.status)
	}
	w.clock.Advance(session.ConsoleLife)
	if a := b.get("/account"); !strings.HasPrefix(a.location, origin+"/?for=") {
		t.Errorf("after the session's end: %d %s", a.status, a.location)
	}
}

// The attack: another site, another browser, another session or another page
// makes the root user's browser close the account (CSRF), and each other form.
func TestCrossSiteForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	flow := b.get("/account/close").flow(t)
	second := w.browser(w.elsewhere)
	foreign := second.get("/account/close").flow(t)
	sameBrowser := w.browser(w.elsewhere)
	sameBrowser.cookies["sekisho-flow"] = b.cookies["sekisho-flow"]
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	form := values("account_id", own)
	for what, a := range map[string]answer{
		"from another origin":         b.submit("/account/close", flow, form, header("Origin", "https://evil.example")),
		"from a sandboxed frame":      b.submit("/account/close", flow, form, header("Origin", "null"), header("Sec-Fetch-Site", "cross-site")),
		"from another of our hosts":   b.submit("/account/close", flow, form, header("Origin", "http://console.localhost:8420"), header("Sec-Fetch-Site", "same-site")),
		"without a flow":              b.submit("/account/close", "", form),
		"with a forged flow":          b.submit("/account/close", flow+"A", form),
		"with another browser's flow": b.submit("/account/close", foreign, form),
		"in another browser":          second.submit("/account/close", flow, form),
		"in another session":          sameBrowser.submit("/account/close", flow, form),
		"with another page's flow":    b.submit("/account/close", b.get("/account/password").flow(t), form),
		"as text":                     b.submit("/account/close", flow, form, header("Content-Type", "text/plain")),
	} {
		if a.status != http.StatusForbidden && a.status != http.StatusUnsupportedMediaType {
			t.Errorf("%s: %d", what, a.status)
		}
	}
	for path, form := range pages {
		if a := b.submit(path, "", form); a.status != http.StatusForbidden {
			t.Errorf("%s without a flow: %d", path, a.status)
		}
	}
	if a := b.get("/account/close"); a.header.Get("X-Frame-Options") != "DENY" || !strings.Contains(a.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("the page can be framed: %v", a.header)
	}
	w.clock.Advance(14 * time.Minute)
	if s := w.account().Status; s != account.Active {
		t.Errorf("the account is %s", s)
	}
	if a := b.submit("/account/close", flow, form); a.location != "/account?done=closed" {
		t.Errorf("and the page itself: %d %s", a.status, a.location)
	}
}

// The attack: a Host header of the attacker's gets into a page or a mail.
func TestHostHeader(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	evil := func(r *http.Request) { r.Host = "evil.example" }
	a := b.submit("/account/email", b.get("/account/email").flow(t), values("new_email", "new@example.com"), evil)
	if strings.Contains(a.location+a.body, "evil") {
		t.Errorf("%d %s %s", a.status, a.location, a.body)
	}
	for _, m := range w.outbox() {
		if strings.Contains(m.Subject+m.Text+m.HTML, "evil") {
			t.Errorf("the mail: %+v", m)
		}
	}
}

// The root user's password changes for who knows it, to one that the rules allow
// the owner is told (N-25) and the history has it.
func TestPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	for _, c := range []struct{ name, old, chosen, again, says string }{
		{"nothing typed", "", "Another-Horse-8", "Another-Horse-8", "Enter your current password."},
		{"wrong", "Wrong-Horse-7", "Another-Horse-8", "Another-Horse-8", "The current password is not correct."},
		{"two different", password, "Another-Horse-8", "Another-Horse-9", "The two passwords differ"},
		{"too short", password, "Ab1-", "Ab1-", "at least 8"},
		{"the same", password, password, password, "not the current one"},
		{"the address", password, "Root@example.com", "Root@example.com", "account"},
	} {
		a := b.fill("/account/password", values("password", c.old, "new_password", c.chosen, "confirm", c.again))
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.says) || strings.Contains(a.body, c.chosen+`"`) {
			t.Errorf("%s: %d, not %q\n%s", c.name, a.status, c.says, a.body)
		}
	}
	a := b.fill("/account/password", pages["/account/password"])
	if a.location != "/account?done=password" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if n := len(w.mailTo(email)); n != 1 {
		t.Errorf("the owner has %d mails", n)
	}
	if n := len(w.mailTo("+33123456789")); n != 1 {
		t.Errorf("the telephone has %d messages", n)
	}
	if got := strings.Join(w.events(), ", "); got != "PasswordUpdated, PasswordUpdated Failure, PasswordUpdated Failure" {
		t.Errorf("the history: %s", got)
	}
	if a := b.fill("/account/password", pages["/account/password"]); !strings.Contains(a.body, "The current password is not correct.") {
		t.Errorf("the password before still proves: %d", a.status)
	}
}

// The attack: somebody who stole a root session keeps it after the owner changed
// the password. Sessions of IAM users are theirs, and stay.
func TestOtherSessionsEndWithThePassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	thief := w.browser(w.elsewhere)
	flow := thief.get("/account/close").flow(t)
	w.browser(w.root).fill("/account/password", pages["/account/password"])
	if a := thief.get("/account"); !strings.HasPrefix(a.location, origin+"/?for=") {
		t.Errorf("the other session: %d", a.status)
	}
	if a := thief.submit("/account/close", flow, values("account_id", own)); !strings.HasPrefix(a.location, origin+"/?for=") {
		t.Errorf("its form: %d", a.status)
	}
	if a := w.browser(w.root).get("/account"); a.status != http.StatusOK {
		t.Errorf("this session: %d", a.status)
	}
	w.update(func(tx store.Tx) error {
		s, err := tx.Session(w.alice.ID)
		if !s.Live(w.clock.Now()) {
			t.Error("the IAM user was signed out")
		}
		return err
	})
}

// The attack: a stolen session guesses the password. Tries are counted before
// they are looked at, and apart from those of signing in.
func TestPasswordGuessing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	for range 5 {
		b.fill("/account/password", values("password", "Wrong-Horse-7", "new_password", "Another-Horse-8", "confirm", "Another-Horse-8"))
	}
	a := b.fill("/account/password", pages["/account/password"])
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "too many attempts") {
		t.Errorf("the sixth, right: %d %s", a.status, a.location)
	}
	w.clock.Advance(time.Minute)
	if a := b.fill("/account/password", pages["/account/password"]); a.location != "/account?done=password" {
		t.Errorf("after a minute: %d", a.status)
	}
}

// code is the one-time password of the last mail to an address.
func (w *world) code(address string) string {
	w.Helper()
	m := w.mailTo(address)
	if len(m) == 0 || len(m[0].Codes) != 1 {
		w.Fatalf("no code for %s in %+v", address, m)
	}
	return m[0].Codes[0]
}

// startEmail goes as far as the page for the code.
func (b *browser) startEmail(address string) (answer, string) {
	b.Helper()
	a := b.fill("/account/email", values("new_email", address))
	if a.location != "/account/email/code" {
		b.Fatalf("%s: %d %s", address, a.status, a.body)
	}
	page := b.get(a.location)
	return page, page.flow(b.TB)
}

// The root user's address changes by the code that the new one got and the
// password; the address before is told (A-10, A-41, N-25).
func TestEmail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	for typed, says := range map[string]string{"": "Enter the new email address.", "nobody": "such as name@example.com", "ROOT@example.com": "already", "a..b@example.com": "such as name@example.com"} {
		if a := b.fill("/account/email", values("new_email", typed)); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, says) {
			t.Errorf("%q: %d", typed, a.status)
		}
	}
	_, flow := b.startEmail("email+tag@yourcompany.com")
	code := w.code("email+tag@yourcompany.com")
	var link secret.String // mailed to the address before (account takeover by whoever still reads it)
	w.update(func(tx store.Tx) (err error) {
		link, err = credential.NewResetLink(tx, credential.Owner{Kind: credential.RootUser, ID: own}, w.clock.Now())
		return err
	})
	for _, c := range []struct{ name, code, password, says string }{
		{"no code", "", password, "Enter the verification code."},
		{"no password", code, "", "Enter your current password."},
		{"wrong password", code, "Wrong-Horse-7", "The current password is not correct."},
		{"wrong code", "zzzzzz", password, "The verification code is not correct."},
	} {
		if a := b.submit("/account/email/code", flow, values("code", c.code, "password", c.password)); !strings.Contains(a.body, c.says) || w.account().Email != email {
			t.Errorf("%s: %d %s", c.name, a.status, a.body)
		}
	}
	a := b.submit("/account/email/code", flow, values("code", " "+code+" ", "password", password))
	if a.location != "/account?done=email" || w.account().Email != "email+tag@yourcompany.com" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	w.update(func(tx store.Tx) error {
		if _, err := credential.OpenResetLink(tx, link, w.clock.Now()); !fault.Is(err, fault.NotFound) {
			t.Errorf("a link to reset the password, mailed to the address before: %v", err)
		}
		return nil
	})
	if m := w.mailTo(email); len(m) != 1 || len(m[0].Codes) != 0 {
		t.Errorf("the address before was told %+v", m)
	}
	if got := w.events()[0]; got != "EmailUpdated" {
		t.Errorf("the history: %s", got)
	}
	if a := b.submit("/account/email/code", flow, values("code", code, "password", password)); a.location != "/account/email" {
		t.Errorf("the same code again: %d", a.status)
	}
	if a := b.get("/account/email/code"); a.location != "/account/email" {
		t.Errorf("its page: %d", a.status)
	}
}

// The page for the code is there as long as the code is good, also in another
// session; after that one begins anew.
func TestEmailCodeLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.browser(w.root).startEmail("new@example.com")
	code := w.code("new@example.com")
	again := func(id string) *browser {
		var s session.Session
		w.update(func(tx store.Tx) (err error) {
			s, err = session.BeginConsole(tx, session.Session{ID: id, Kind: session.RootUser, User: own, Account: own}, w.clock.Now(), session.ConsoleLife)
			return err
		})
		return w.browser(s)
	}
	w.clock.Advance(account.EmailCodeLifetime - time.Minute)
	b := again("later")
	if body := b.get("/account/email").body; !strings.Contains(body, "A verification code was sent to new@example.com") {
		t.Errorf("no way back: %s", body)
	}
	flow := b.get("/account/email/code").flow(t)
	w.clock.Advance(time.Minute)
	if a := b.submit("/account/email/code", flow, values("code", code, "password", password)); !strings.Contains(a.body, "can no longer be used") || w.account().Email != email {
		t.Errorf("too late: %d %s", a.status, a.body)
	}
	if a := b.get("/account/email/code"); a.location != "/account/email" {
		t.Errorf("its page: %d", a.status)
	}
}

// The attack: the code of an address that the attacker cannot read is guessed.
func TestEmailCodeGuessing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	_, flow := b.startEmail("victim@example.com")
	code := w.code("victim@example.com")
	wrong := 0
	for range 20 {
		a := b.submit("/account/email/code", flow, values("code", "zzzzzz", "password", password))
		if strings.Contains(a.body, "The verification code is not correct.") {
			wrong++
		}
		w.clock.Advance(30 * time.Second)
	}
	if wrong > 5 {
		t.Errorf("%d codes were looked at", wrong)
	}
	if a := b.submit("/account/email/code", flow, values("code", code, "password", password)); !strings.Contains(a.body, "can no longer be used") || w.account().Email != email {
		t.Errorf("the right one after that: %d", a.status)
	}
}

// The attack: a root user learns which addresses have an account. The page is the
// same; who reads the address is told, and no code of it is ever good (A-14, M-23).
func TestEmailEnumeration(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	plain := func(a answer, address string) string {
		body := flowField.ReplaceAllString(a.body, "")
		body = regexpFlow.ReplaceAllString(body, "")
		return strings.ReplaceAll(body, address, "ADDRESS")
	}
	free, _ := b.startEmail("nobody@example.com")
	taken, flow := b.startEmail("Other@example.com")
	if free.status != taken.status || plain(free, "nobody@example.com") != plain(taken, "Other@example.com") {
		t.Errorf("the pages differ:\n%s\n%s", free.body, taken.body)
	}
	m := w.mailTo("Other@example.com")
	if len(m) != 1 || len(m[0].Codes) != 0 || !strings.Contains(m[0].Text, "plus sign") {
		t.Fatalf("its reader was told %+v", m)
	}
	var u account.EmailUpdate
	w.update(func(tx store.Tx) (err error) { u, err = tx.EmailUpdate(own); return err })
	// Even the code that nobody was sent is no better than a wrong one.
	for _, code := range []string{"zzzzzz", u.Code.Reveal()} {
		if a := b.submit("/account/email/code", flow, values("code", code, "password", password)); !strings.Contains(a.body, "The verification code is not correct.") {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if w.account().Email != email {
		t.Error("two accounts have one address")
	}
}

// Mail to strangers is bounded.
func TestEmailFlood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	sent := 0
	for range 30 {
		if a := b.fill("/account/email", values("new_email", "victim@example.com")); a.status == http.StatusSeeOther {
			sent++
		} else if !strings.Contains(a.body, "too often") {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if n := len(w.mailTo("victim@example.com")); n != sent || sent > 10 {
		t.Errorf("%d mails of %d", n, sent)
	}
}

// The account is closed by its id, typed, and nothing less; it is told.
func TestClose(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	page := b.get("/account/close").body
	for _, consequence := range []string{"no service of the account can be used", "access keys stop working", "Within 90 days", "can never be used for another account", email} {
		if !strings.Contains(page, consequence) {
			t.Errorf("the page does not say %q", consequence)
		}
	}
	for typed, says := range map[string]string{"": "Type the account ID.", other: "This is not the ID of this account.", "111122223334": "This is not the ID of this account."} {
		if a := b.fill("/account/close", values("account_id", typed)); !strings.Contains(a.body, says) {
			t.Errorf("%q: %d", typed, a.status)
		}
	}
	if a := b.fill("/account/close", values("account_id", "1111-2222-3333")); a.location != "/account?done=closed" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if s := w.account().Status; s != account.Closed {
		t.Errorf("it is %s", s)
	}
	if len(w.mailTo(email)) != 1 || len(w.mailTo("+33123456789")) != 1 {
		t.Errorf("told: %+v", w.outbox())
	}
	if got := strings.Join(w.events(), ", "); got != "CloseAccount" {
		t.Errorf("the history: %s", got)
	}
	home := b.get("/account?done=closed").body
	if !strings.Contains(home, "20 February 2027, 09:00 UTC") || !strings.Contains(home, "/account/reopen") || strings.Contains(home, `href="/account/close"`) {
		t.Errorf("what then: %s", home)
	}
	if a := b.get("/account/close"); a.location != "/account" {
		t.Errorf("once more: %d", a.status)
	}
}

// A service control policy that keeps members from closing their accounts is not got
// around by the page at which root users do (leaving by the side door).
func TestCloseDeniedByPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.closed = true
	b := w.browser(w.root)
	a := b.submit("/account/close", b.get("/account/close").flow(t), values("account_id", own))
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "A policy of your organization") {
		t.Errorf("%d", a.status)
	}
	if s := w.account().Status; s != account.Active {
		t.Errorf("the account is %s", s)
	}
	if got := strings.Join(w.events(), ", "); got != "CloseAccount AccessDenied" {
		t.Errorf("history: %s", got)
	}
}

// A root user with a second factor has to have given it.
func TestCloseNeedsTheSecondFactor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(func(tx store.Tx) error {
		return tx.PutMFADevice(iam.MFADevice{Serial: "arn:aws:iam::" + own + ":mfa/root", Account: own, Kind: iam.VirtualMFA, CreatedAt: start, EnabledAt: start})
	})
	b := w.browser(w.root)
	a := b.fill("/account/close", values("account_id", own))
	if w.account().Status != account.Active || !strings.Contains(a.body, "this session began without it") || !strings.Contains(a.body, "/?again=%2Faccount%2Fclose") {
		t.Errorf("without it: %d %s", a.status, a.body)
	}
	w.update(func(tx store.Tx) error {
		s := w.root
		s.MFAAt = start
		return tx.PutSession(s)
	})
	if a := b.fill("/account/close", values("account_id", own)); a.location != "/account?done=closed" {
		t.Errorf("with it: %d %s", a.status, a.body)
	}
}

// A closed account comes back for 90 days, and not after (A-16, M-23).
func TestReopen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	again := func() *browser { // who signs in anew as its root user
		var s session.Session
		w.update(func(tx store.Tx) (err error) {
			s, err = session.BeginConsole(tx, session.Session{ID: "s" + w.clock.Now().String(), Kind: session.RootUser, User: own, Account: own}, w.clock.Now(), session.ConsoleLife)
			return err
		})
		return w.browser(s)
	}
	closing := func() { again().fill("/account/close", values("account_id", own)) }
	if a := again().get("/account/reopen"); a.location != "/account" {
		t.Errorf("one that is open: %d", a.status)
	}
	closing()
	w.clock.Advance(account.ReopenPeriod - time.Minute)
	b := again()
	late := b.get("/account/reopen").flow(t)
	if a := b.fill("/account/reopen", nil); a.location != "/account?done=reopened" || w.account().Status != account.Active {
		t.Fatalf("on the last day: %d %s", a.status, a.body)
	}
	if a := b.submit("/account/reopen", late, nil); a.location != "/account" {
		t.Errorf("twice: %d", a.status)
	}
	closing()
	w.clock.Advance(account.ReopenPeriod - time.Minute)
	b = again()
	flow := b.get("/account/reopen").flow(t)
	w.clock.Advance(time.Minute)
	for what, a := range map[string]answer{"its form": b.submit("/account/reopen", flow, nil), "home": b.get("/account"), "payment": b.get("/account/payment")} {
		if a.status != http.StatusForbidden {
			t.Errorf("after 90 days, %s: %d", what, a.status)
		}
	}
	if w.account().Status != account.Closed {
		t.Error("it was reopened")
	}
}

// Each state has its way out on the page (M-24, A-32).
func TestHomeLeadsOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser(w.root)
	for status, want := range map[account.Status][]string{
		account.Active:            {"/account/close", "/account/password", "/account/email", "/account/payment", "/contact-us?topic=fraud"},
		account.PendingActivation: {"Complete sign-up", "/signup/continue"},
		account.Suspended:         {"This account is suspended.", "/contact-us?topic=account-and-billing", "/account/payment"}, // M-24
		account.Closed:            {"This account is closed.", "/account/reopen"},
	} {
		w.update(func(tx store.Tx) error {
			a, err := tx.Account(own)
			a.Status = status
			if err == nil {
				err = tx.PutAccount(a)
			}
			return err
		})
		body := b.get("/account").body
		for _, text := range want {
			if !strings.Contains(body, text) {
				t.Errorf("%s: no %q", status, text)
			}
		}
	}
}
