package secondfactor_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/iam"
	"sekisho/internal/secondfactor"
	"sekisho/internal/store"
	"sekisho/web"
)

func code(c string) url.Values { return url.Values{web.FieldMFACode: {c}} }

func pair(c1, c2 string) url.Values {
	return url.Values{web.FieldMFACode: {c1}, web.FieldMFACode2: {c2}}
}

// owners are the two kinds of people who have second factors.
var owners = map[string]string{"root": "", "iam user": "AIDATARO"}

// B-12, B-20, C-10: who has an authenticator app gives its code after the password.
func TestCode(t *testing.T) {
	t.Parallel()
	for name, user := range owners {
		w := newWorld(t)
		w.view(func(tx store.Tx) error {
			if has, err := secondfactor.Has(tx, acct, user); has || err != nil {
				t.Errorf("%s has a factor before: %v, %v", name, has, err)
			}
			return nil
		})
		a := w.addApp(user, "phone")
		w.view(func(tx store.Tx) error {
			if has, err := secondfactor.Has(tx, acct, user); !has || err != nil {
				t.Errorf("%s has no factor: %v", name, err)
			}
			return nil
		})
		b := w.browser()
		p := b.begin(user)
		if p.at.Path != "/mfa/code" || !p.has(`autocomplete="one-time-code"`) || !p.has(`inputmode="numeric"`) {
			t.Fatalf("%s: %s\n%s", name, p.at, p.body)
		}
		if p := b.submit(p, code("12345")); p.status != http.StatusUnprocessableEntity {
			t.Errorf("five digits: %d", p.status)
		}
		wrong := b.submit(p, code("000000"))
		if wrong.status != http.StatusUnprocessableEntity || !strings.HasPrefix(wrong.fault(), "Your authentication information is incorrect.") {
			t.Errorf("%s, wrong code: %d %q", name, wrong.status, wrong.fault())
		}
		// As people type it, on the page that tells of the failure.
		c := a.code(0)
		if p = b.submit(wrong, code(c[:3]+" "+c[3:])); !p.in() {
			t.Fatalf("%s: %d %s", name, p.status, p.body)
		}
		if len(w.passed) != 1 || w.passed[0] != (secondfactor.Passed{Account: acct, User: user, Serial: a.serial, Kind: audit.VirtualMFA, At: start}) {
			t.Errorf("%s: %+v", name, w.passed)
		}
		// behaviours.md 9.3
		if e := w.events(audit.CheckMFA); len(e) != 1 || e[0].Detail[audit.DetailMFAType] != audit.VirtualMFA || e[0].ErrorCode != "" || e[0].Account != acct {
			t.Errorf("%s, CheckMfa: %+v", name, e)
		}
		if e := w.events(audit.ConsoleLogin); len(e) != 1 || e[0].ErrorReason != "mfa-code" || e[0].Detail[audit.DetailMFAUsed] != audit.Yes || e[0].PrincipalID != "" {
			t.Errorf("%s, failures: %+v", name, e)
		}
	}
}

// A code that was used lets nobody in again, neither does the finished form:
// replayed TOTP.
func TestReplayedCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.addApp("", "phone")
	b := w.browser()
	p := b.begin("")
	c := a.code(0)
	if !b.submit(p, code(c)).in() {
		t.Fatal("the code was refused")
	}
	if again := b.submit(p, code(c)); again.in() {
		t.Error("the same form let in twice")
	}
	if again := b.submit(b.begin(""), code(c)); again.in() {
		t.Error("the same code let in twice")
	}
	w.clock.Advance(30 * time.Second)
	if again := b.submit(p, code(a.code(0))); again.in() || again.status != http.StatusBadRequest {
		t.Errorf("a finished sign-in let in with a new code: %d", again.status)
	}
	if len(w.passed) != 1 {
		t.Errorf("%d sessions of one code", len(w.passed))
	}
}

// Guessing codes: five tries, then a wait, whatever the network; the right code is
// refused meanwhile, so that nothing is learned. The owner gets in by two codes,
// however many others used up the tries.
func TestCodeGuessing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.addApp("AIDATARO", "phone")
	attacker := w.browser()
	for i := range credential.FreeFailures {
		p := attacker.begin("AIDATARO")
		if got := attacker.submit(p, code("00000"+string(rune('0'+i)))).status; got != http.StatusUnprocessableEntity {
			t.Fatalf("try %d: %d", i, got)
		}
	}
	attacker.address = "203.0.113.99"
	locked := attacker.submit(attacker.begin("AIDATARO"), code(a.code(0)))
	if locked.status != http.StatusTooManyRequests || locked.header.Get("Retry-After") == "" || !strings.Contains(locked.fault(), "1 minute") {
		t.Fatalf("the sixth try: %d %q", locked.status, locked.fault())
	}
	owner := w.browser()
	owner.address = "192.0.2.1"
	p := owner.submit(owner.begin("AIDATARO"), code(a.code(0)))
	p = owner.get(p.link("Re-sync your device"))
	if p = owner.submit(p, pair(a.code(0), a.code(1))); !p.in() {
		t.Fatalf("two codes did not help: %d %s", p.status, p.fault())
	}
	w.clock.Advance(time.Minute)
	if p := owner.submit(owner.begin("AIDATARO"), code(a.code(0))); !p.in() {
		t.Errorf("after that a code alone does: %d %s", p.status, p.fault())
	}
}

// The attack: who knows the password uses up the tries at single codes for good, of
// which each counts under every authenticator. Two codes of one give all of them back.
func TestGuessingLocksNoOwnerOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	phone, tablet := w.addApp("AIDATARO", "phone"), w.addApp("AIDATARO", "tablet")
	w.update(func(tx store.Tx) error {
		tries := []credential.Key{credential.CodeKey(phone.serial), credential.CodeKey(tablet.serial)}
		for i := range credential.MaxFailures {
			at := w.clock.Now().Add(time.Duration(i-credential.MaxFailures) * credential.LongestWait)
			if err := credential.Reserve(tx, tries, at); err != nil {
				return err
			}
		}
		return nil
	})
	b := w.browser()
	p := b.submit(b.begin("AIDATARO"), code(phone.code(0)))
	if p.status != http.StatusTooManyRequests {
		t.Fatalf("after %d wrong codes: %d", credential.MaxFailures, p.status)
	}
	p = b.get(p.link("Re-sync your device"))
	if p = b.submit(p, pair(tablet.code(0), tablet.code(1))); !p.in() {
		t.Fatalf("two codes did not help: %d %s", p.status, p.fault())
	}
	w.clock.Advance(time.Minute)
	for name, a := range map[string]app{"phone": phone, "tablet": tablet} {
		if p := b.submit(b.begin("AIDATARO"), code(a.code(0))); !p.in() {
			t.Errorf("after that a code of the %s does not do: %d %s", name, p.status, p.fault())
		}
	}
}

// After three failures two codes are offered, by which an app with a wrong clock
// signs in and is right from then on (behaviours.md 9.1).
func TestResync(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.addApp("", "phone")
	a.off = 20 * time.Minute
	b := w.browser()
	p := b.begin("")
	for i := range 3 {
		if p.has("Re-sync") {
			t.Errorf("offered after %d failures", i)
		}
		p = b.submit(p, code(a.code(0)))
	}
	p = b.get(p.link("Re-sync your device"))
	for fill, status := range map[*url.Values]int{
		{web.FieldMFACode: {a.code(0)}}: http.StatusUnprocessableEntity,
		ptr(pair(a.code(1), a.code(0))): http.StatusUnprocessableEntity,
		ptr(pair(a.code(0), a.code(2))): http.StatusUnprocessableEntity,
	} {
		if got := b.submit(p, *fill); got.status != status || got.fault() == "" {
			t.Errorf("%v: %d", *fill, got.status)
		}
	}
	if p = b.submit(p, pair(a.code(0), a.code(1))); !p.in() {
		t.Fatalf("%d %s", p.status, p.fault())
	}
	w.clock.Advance(time.Minute)
	if p = b.submit(b.begin(""), code(a.code(0))); !p.in() {
		t.Errorf("after the resync: %d %s", p.status, p.fault())
	}
}

func ptr[T any](v T) *T { return &v }

// B-20, behaviours.md 5.5: a passkey or security key signs in; of several any does.
func TestPasskey(t *testing.T) {
	t.Parallel()
	for name, user := range owners {
		w := newWorld(t)
		first, second := w.addKey(user, "first"), w.addKey(user, "second")
		for _, k := range []*key{second, first, second} {
			b := w.browser()
			p := b.begin(user)
			if p.at.Path != "/mfa/passkey" || !p.has("passkey-") || p.header.Get("Content-Security-Policy") == "" {
				t.Fatalf("%s: %s\n%s", name, p.at, p.body)
			}
			if p = b.submit(p, w.answer(k, p.options())); !p.in() {
				t.Fatalf("%s: %d %s", name, p.status, p.fault())
			}
			if got := w.passed[len(w.passed)-1]; got.Serial != k.serial || got.Kind != audit.U2FMFA || got.User != user {
				t.Errorf("%s: %+v", name, got)
			}
		}
		if e := w.events(audit.CheckMFA); e[0].Detail[audit.DetailMFAType] != audit.MultipleMFA {
			t.Errorf("%s: %+v", name, e[0])
		}
	}
}

// Attacks on the assertion, as they would come in.
func TestPasskeyAttacks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k, taros := w.addKey("", "key"), w.addKey("AIDATARO", "taros")
	b := w.browser()

	// Replayed assertion: the same answer to the same form, to a new one, and for a
	// challenge that had already been answered wrongly.
	p := b.begin("")
	good := w.answer(k, p.options())
	if !b.submit(p, good).in() {
		t.Fatal("the key was refused")
	}
	if b.submit(p, good).in() || b.submit(b.begin(""), good).in() {
		t.Error("a replayed assertion let in")
	}
	p = b.begin("")
	if b.submit(p, url.Values{web.FieldCredential: {"{}"}}).in() {
		t.Error("nothing let in")
	}
	if b.submit(p, w.answer(k, p.options())).in() {
		t.Error("a challenge was good twice")
	}

	// Another user's key, also of the same account.
	p = b.begin("")
	if got := b.submit(p, w.answer(taros, p.options())); got.in() || got.status != http.StatusUnprocessableEntity {
		t.Errorf("another user's key: %d", got.status)
	}
	// A phishing site in the middle: it can pass on the challenge, but the browser
	// names its own origin, and the key its own relying party.
	honest := w.party
	for name, party := range map[string]virtualwebauthn.RelyingParty{
		"origin":        {ID: honest.ID, Origin: "http://signin.localhost.evil.example"},
		"relying party": {ID: "evil.example", Origin: "https://evil.example"},
		"our console":   {ID: honest.ID, Origin: console},
	} {
		p = b.begin("")
		w.party = party
		if b.submit(p, w.answer(k, p.options())).in() {
			t.Errorf("another %s let in", name)
		}
	}
	w.party = honest

	// Another browser with the form: cookies tie it to this one.
	p = b.begin("")
	thief := w.browser()
	if got := thief.submit(p, w.answer(k, p.options())); got.in() || got.status != http.StatusBadRequest {
		t.Errorf("a lifted form: %d", got.status)
	}

	// Cloned authenticator: its counter goes back.
	k.Counter = 0
	p = b.begin("")
	if b.submit(p, w.answer(k, p.options())).in() {
		t.Error("a clone was let in")
	}
	found := false
	for _, e := range w.events(audit.ConsoleLogin) {
		found = found || e.ErrorReason == "passkey-cloned"
	}
	if !found {
		t.Error("nothing tells of the clone")
	}
	if m := w.messages(); len(m) != 1 || m[0].To != rootMail || !strings.Contains(m[0].Text, "There may be a copy of it") {
		t.Errorf("the owner is not told of the clone: %+v", m)
	}
	if len(w.passed) != 1 {
		t.Errorf("%d let in", len(w.passed))
	}
}

// What the browser says went wrong is told in words, in both languages, and the
// next try has another challenge.
func TestPasskeyFailures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addKey("", "key")
	for failure, want := range map[string]map[string]string{
		"NotAllowedError":   {"en": "cancelled", "ja": "キャンセル"},
		"NotSupportedError": {"en": "This browser cannot", "ja": "このブラウザ"},
		"":                  {"en": "This browser cannot", "ja": "このブラウザ"},
		"UnknownError":      {"en": "could not be verified", "ja": "検証できません"},
		"<script>":          {"en": "could not be verified", "ja": "検証できません"},
	} {
		for locale, text := range want {
			b := w.browser()
			b.locale = locale
			p := b.begin("")
			got := b.submit(p, url.Values{web.FieldFailure: {failure}})
			if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.fault(), text) || got.has("<script>") {
				t.Errorf("%q in %s: %d %q", failure, locale, got.status, got.fault())
			}
			if got.options() == p.options() {
				t.Errorf("%q: the same challenge again", failure)
			}
		}
	}
}

// With both kinds the person chooses, and can change their mind; with one there is
// no question (behaviours.md 9.1).
func TestChoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, k := w.addApp("", "phone"), w.addKey("", "key")
	b := w.browser()
	p := b.begin("")
	if p.at.Path != "/mfa" || !p.has("Authenticator app") {
		t.Fatalf("%s\n%s", p.at, p.body)
	}
	codes := b.get(p.link("Authenticator app"))
	again := b.get(codes.link("Use another MFA device"))
	keys := b.get(again.link("Passkey or security key"))
	if codes.at.Path != "/mfa/code" || keys.at.Path != "/mfa/passkey" {
		t.Fatalf("%s, %s", codes.at, keys.at)
	}
	if !b.submit(keys, w.answer(k, keys.options())).in() || b.submit(codes, code(a.code(0))).in() {
		t.Error("the sign-in was not by the key, once")
	}

	// A device that is taken away meanwhile is no second factor any more, and no
	// sign-in either: it starts again.
	p = b.begin("")
	keys = b.get(p.link("Passkey or security key"))
	w.update(func(tx store.Tx) error { return iam.DeactivateMFADevice(tx, w.holder(""), k.serial) })
	if b.submit(keys, w.answer(k, keys.options())).in() {
		t.Error("a key that was removed let in")
	}
}

// A flow is good for this browser, this step and a quarter of an hour; forms only
// from this host's own pages: CSRF, fixation, lifted and old forms.
func TestFlow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.addApp("", "phone")
	b := w.browser()
	p := b.begin("")
	action, form := p.form()
	form.Set(web.FieldMFACode, a.code(0))
	for name, change := range map[string]func(*http.Request){
		"another site's form":  func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"another site":         func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"the console's script": func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site"); r.Header.Set("Origin", console) },
		"without the cookie":   func(r *http.Request) { r.Header.Del("Cookie") },
		"a fixated cookie":     func(r *http.Request) { r.Header.Set("Cookie", "sekisho-flow=planted") },
	} {
		if got := b.send(http.MethodPost, action, form, change); got.in() || got.status < 400 {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	for _, path := range []string{"/mfa", "/mfa/code", "/mfa/passkey", "/mfa/resync", "/mfa/trouble", "/mfa/mail", "/mfa/phone", "/mfa/pin", "/mfa/recovered", "/mfa/registered"} {
		if got := b.get(path + "?flow=forged"); got.status != http.StatusBadRequest {
			t.Errorf("%s with a forged flow: %d", path, got.status)
		}
		if got := b.get(path); got.status != http.StatusBadRequest {
			t.Errorf("%s without a flow: %d", path, got.status)
		}
	}
	// The flow of one step is no good at a later one.
	flow := url.QueryEscape(form.Get(web.FieldFlow))
	for _, path := range []string{"/mfa/mail", "/mfa/phone", "/mfa/pin", "/mfa/recovered", "/mfa/registered"} {
		if got := b.get(path + "?flow=" + flow); got.status != http.StatusBadRequest {
			t.Errorf("%s by leaving steps out: %d", path, got.status)
		}
		if got := b.send(http.MethodPost, path, url.Values{web.FieldFlow: {form.Get(web.FieldFlow)}}, nil); got.status < 400 {
			t.Errorf("POST %s by leaving steps out: %d", path, got.status)
		}
	}
	// Clickjacking: no page of ours is shown in a frame.
	if csp := p.header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'none'") || !strings.Contains(csp, "script-src 'self';") || p.header.Get("X-Frame-Options") != "DENY" {
		t.Errorf("headers: %v", p.header)
	}
	w.clock.Advance(secondfactor.Life)
	form.Set(web.FieldMFACode, a.code(0))
	if got := b.send(http.MethodPost, action, form, nil); got.in() || got.status != http.StatusBadRequest {
		t.Errorf("an old form: %d", got.status)
	}
	if len(w.passed) != 0 {
		t.Errorf("let in: %+v", w.passed)
	}
}
