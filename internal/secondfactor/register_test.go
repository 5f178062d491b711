package secondfactor_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/web"
)

// as signs every browser in.
func (w *world) as(kind session.Kind, user string) {
	w.signedIn = &session.Session{ID: "session-" + user, Kind: kind, User: user, Account: acct, CreatedAt: w.clock.Now(), ExpiresAt: w.clock.Now().Add(session.ConsoleLife)}
}

func (w *world) devices(user string) (devices []iam.MFADevice) {
	w.Helper()
	w.view(func(tx store.Tx) (err error) {
		devices, err = tx.MFADevicesOf(acct, user)
		return err
	})
	return devices
}

// named posts the form of a registration page with what k answers.
func (b *browser) named(p page, k *key, name string) page {
	b.Helper()
	return b.submit(p, url.Values{web.FieldDeviceName: {name}, web.FieldCredential: {b.create(k, p.options())}})
}

// B-20, Q-02, Q-22, Q-34: the root user registers a passkey, is told of it by mail
// (N-25), and signs in with it.
func TestRegister(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.as(session.RootUser, acct)
	b, k := w.browser(), newKey()
	p := b.get("/mfa/register?return=/security-credentials%23mfa")
	for _, text := range []string{"Set up a passkey or security key", rootMail, "Test your authenticator yourself first", "keep two or more active", "strongly recommended"} {
		if !p.has(text) {
			t.Errorf("no %q on\n%s", text, p.body)
		}
	}
	p = b.named(p, k, "laptop")
	if p.at.Path != "/mfa/registered" || !p.has("1 of 8") || p.link("Continue to the console") != console+"/security-credentials#mfa" {
		t.Fatalf("%d %s\n%s", p.status, p.fault(), p.body)
	}
	d := w.devices("")
	if len(d) != 1 || d[0].Name != "laptop" || d[0].Kind != iam.FIDO || !strings.HasPrefix(d[0].Serial, "arn:aws:iam::"+acct+":u2f/root-account-mfa-device/laptop-") || len(d[0].Serial) > 256 {
		t.Fatalf("%+v", d)
	}
	if m := w.messages(); len(m) != 1 || m[0].To != rootMail || !strings.Contains(m[0].Text, "laptop") {
		t.Errorf("messages: %+v", m)
	}
	e := w.events("EnableMFADevice")
	if len(e) != 1 || e[0].Source != "iam.amazonaws.com" || e[0].Detail["userName"] != "AWS ROOT USER" || e[0].Detail["serialNumber"] != d[0].Serial || e[0].PrincipalID != arn.Root(acct) {
		t.Errorf("events: %+v", e)
	}
	if len(w.asked) == 0 || w.asked[0] != "iam:EnableMFADevice "+arn.Root(acct) {
		t.Errorf("asked %q", w.asked)
	}
	in := b.begin("")
	if !b.submit(in, w.answer(k, in.options())).in() {
		t.Error("the registered key does not sign in")
	}
}

// C-17: an IAM user registers their own; an administrator another's. Each is asked
// about, and whoever may not learns only that.
func TestRegisterForUser(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ actor, query, whose string }{
		"oneself":          {"AIDATARO", "", "AIDATARO"},
		"oneself by name":  {"AIDATARO", "?user=TARO", "AIDATARO"},
		"by administrator": {"AIDABOSS", "?user=taro", "AIDATARO"},
	} {
		w := newWorld(t)
		w.as(session.IAMUser, tt.actor)
		b := w.browser()
		p := b.get("/mfa/register" + tt.query)
		if p.has("Register a key that this person will hold") != (tt.actor != tt.whose) {
			t.Errorf("%s: the page tells whose it is wrongly", name)
		}
		if p = b.named(p, newKey(), "key"); p.at.Path != "/mfa/registered" {
			t.Fatalf("%s: %d %s", name, p.status, p.fault())
		}
		if d := w.devices(tt.whose); len(d) != 1 || !strings.HasPrefix(d[0].Serial, "arn:aws:iam::"+acct+":u2f/user/taro/key-") {
			t.Errorf("%s: %+v", name, d)
		}
		if e := w.events("EnableMFADevice"); len(e) != 1 || e[0].Detail["userName"] != "taro" || e[0].Identity.ID != tt.actor {
			t.Errorf("%s: %+v", name, e)
		}
		if len(w.messages()) != 0 {
			t.Errorf("%s: the root user is told of an IAM user's key", name)
		}

		w.denied = fault.New(fault.Denied, "", "User: %s is not authorized to perform: iam:EnableMFADevice", tt.actor)
		for _, user := range []string{"boss", "nobody"} {
			got := b.get("/mfa/register?user=" + user)
			if got.status != http.StatusForbidden || !got.has("not authorized to perform: iam:EnableMFADevice") {
				t.Errorf("%s, %s: %d", name, user, got.status)
			}
		}
		if asked := w.asked[len(w.asked)-1]; asked != "iam:EnableMFADevice "+arn.User(acct, "/", "*") {
			t.Errorf("whether somebody exists shows in what is asked: %s", asked)
		}
	}
	w := newWorld(t)
	w.as(session.RootUser, acct)
	if got := w.browser().get("/mfa/register?user=nobody"); got.status != http.StatusNotFound {
		t.Errorf("nobody: %d", got.status)
	}
	w.as(session.Role, "AROA")
	if got := w.browser().get("/mfa/register"); got.status != http.StatusForbidden {
		t.Errorf("a role: %d", got.status)
	}
}

// Who is not signed in signs in first, whose sign-in is older than a quarter of an
// hour does again: a console left open adds no way in.
func TestRegisterNeedsRecentSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	const path = "/mfa/register?return=/home&user=taro"
	if got := b.get(path); got.left != signin+"/?here="+url.QueryEscape(path) {
		t.Errorf("signed out: %s", got.left)
	}
	w.as(session.RootUser, acct)
	p := b.get("/mfa/register")
	w.clock.Advance(14 * time.Minute)
	if got := b.get(path); got.status != http.StatusOK {
		t.Errorf("after 14 minutes: %d", got.status)
	}
	w.clock.Advance(time.Minute)
	if got := b.get(path); got.left != signin+"/?again="+url.QueryEscape("session-"+acct+path) {
		t.Errorf("after 15 minutes: %s", got.left)
	}
	if got := b.named(p, newKey(), "key"); got.status != http.StatusBadRequest || len(w.devices("")) != 0 {
		t.Errorf("a form of a quarter of an hour ago: %d", got.status)
	}
	// Session fixation and change of person between page and post.
	w.as(session.RootUser, acct)
	p = b.get("/mfa/register")
	w.as(session.IAMUser, "AIDATARO")
	if got := b.named(p, newKey(), "key"); got.status != http.StatusBadRequest {
		t.Errorf("another session's form: %d", got.status)
	}
	w.signedIn = nil
	if got := b.named(p, newKey(), "key"); got.status != http.StatusBadRequest {
		t.Errorf("after signing out: %d", got.status)
	}
	// What was permitted when the page was shown may not be any more.
	w.as(session.RootUser, acct)
	p = b.get("/mfa/register")
	w.denied = fault.New(fault.Denied, "", "no")
	if got := b.named(p, newKey(), "key"); got.status != http.StatusForbidden || len(w.devices("")) != 0 {
		t.Errorf("forbidden meanwhile: %d", got.status)
	}
}

// Open redirect: whatever the address says, the way back leads to the console.
func TestRegisterReturn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.as(session.RootUser, acct)
	for path, want := range map[string]string{
		"/iam/users/taro?tab=security":  "/iam/users/taro?tab=security",
		"":                              "/security-credentials",
		"https://evil.example/":         "/security-credentials",
		"//evil.example/":               "/security-credentials",
		`/\evil.example`:                "/security-credentials",
		"/\t/evil.example":              "/security-credentials",
		"javascript:alert(1)":           "/security-credentials",
		"evil":                          "/security-credentials",
		"@evil.example":                 "/security-credentials",
		"/" + strings.Repeat("a", 3000): "/security-credentials",
	} {
		p := w.browser().get("/mfa/register?return=" + url.QueryEscape(path))
		if got := p.link("Cancel"); got != console+want {
			t.Errorf("%.40q leads to %s", path, got)
		}
	}
}

// Names are unique in the account, credentials everywhere, and there are at most
// eight devices of any kinds (behaviours.md 5.5).
func TestRegisterRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addApp("AIDATARO", "phone")
	w.as(session.RootUser, acct)
	b, k := w.browser(), newKey()
	register := func(k *key, name, query string) page {
		t.Helper()
		return b.named(b.get("/mfa/register"+query), k, name)
	}
	if p := register(k, "laptop", ""); p.at.Path != "/mfa/registered" {
		t.Fatalf("%d %s", p.status, p.fault())
	}
	for name, want := range map[string]string{
		"":                       "Enter a device name.",
		"my laptop":              "A device name has",
		"<b>":                    "A device name has",
		strings.Repeat("a", 129): "A device name has",
		"laptop":                 "has an MFA device of this name",
		"phone":                  "has an MFA device of this name",
	} {
		if p := register(newKey(), name, ""); p.status != http.StatusUnprocessableEntity || !strings.HasPrefix(p.fault(), want) && !strings.Contains(p.fault(), want) {
			t.Errorf("%.20q: %d %q", name, p.status, p.fault())
		}
	}
	if p := register(newKey(), "laptop", "?user=taro"); !strings.Contains(p.fault(), "of this name") {
		t.Errorf("the same name of another user of the account: %q", p.fault())
	}
	// The browser refuses a key that is excluded; one that does not is caught here.
	if p := register(k, "twice", "?user=taro"); !strings.Contains(p.fault(), "registered already") {
		t.Errorf("another's credential: %q", p.fault())
	}
	if p := b.get("/mfa/register"); !p.has("excludeCredentials") {
		t.Error("nothing is excluded")
	}
	if p := b.submit(b.get("/mfa/register"), url.Values{web.FieldDeviceName: {"x"}, web.FieldFailure: {"InvalidStateError"}}); !strings.Contains(p.fault(), "registered already") {
		t.Errorf("what the browser refused: %q", p.fault())
	}
	// A challenge is good once.
	p := b.get("/mfa/register")
	if got := b.named(p, newKey(), "one"); got.at.Path != "/mfa/registered" {
		t.Fatal(got.fault())
	}
	if got := b.named(p, newKey(), "two"); got.fault() == "" {
		t.Error("two devices of one challenge")
	}
	for _, name := range []string{"3", "4", "5", "6", "7", "8"} {
		p = register(newKey(), name, "")
	}
	if !p.has("8 of 8") || p.has("Register another device") {
		t.Errorf("the eighth: %s", p.body)
	}
	if p := b.get("/mfa/register"); !strings.Contains(p.fault(), "at most eight") {
		t.Errorf("the page after eight: %q", p.fault())
	}
	if p := register(newKey(), "9", ""); !strings.Contains(p.fault(), "at most eight") || len(w.devices("")) != 8 {
		t.Errorf("the ninth: %q", p.fault())
	}
}
