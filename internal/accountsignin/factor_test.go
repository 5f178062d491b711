package accountsignin_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"sekisho/internal/account"
	"sekisho/internal/audit"
	"sekisho/internal/iam"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
)

// withDevice gives the user of the account, "" for the root user, an authenticator
// and returns what it shows.
func withDevice(t *testing.T, w *signintest.World, user iam.User) func() url.Values {
	t.Helper()
	var d iam.MFADevice
	w.Update(func(tx store.Tx) (err error) {
		if d, err = iam.CreateVirtualMFADevice(tx, w.Clock.Now(), owner, "/", "phone"+user.ID, nil); err != nil {
			return err
		}
		d.User, d.EnabledAt = user.ID, w.Clock.Now()
		return tx.PutMFADevice(d)
	})
	return func() url.Values {
		code, err := totp.GenerateCode(d.Seed.Reveal(), w.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return url.Values{"mfacode": {code}}
	}
}

// Who has a second factor is asked for it after the password, in every browser, and
// no code is mailed (B-02, B-12, C-10). The session knows of it, and so does the trail.
func TestSecondFactor(t *testing.T) {
	t.Parallel()
	for name, root := range map[string]bool{"root user": true, "IAM user": false} {
		w := signintest.New(t)
		var user iam.User
		signIn := func(b *signintest.Browser) *signintest.Page { return b.RootSignIn(rootEmail, rootPassword) }
		if !root {
			user = w.IAMUsers[signintest.Alice]
			signIn = func(b *signintest.Browser) *signintest.Page {
				return b.IAMSignIn(signintest.Alias, signintest.Alice, signintest.AlicePassword)
			}
		}
		code := withDevice(t, w, user)
		b := w.Browser(t)
		for range 2 { // known to the browser or not
			p := signIn(b)
			if !strings.HasPrefix(p.URL.Path, "/mfa") {
				t.Fatalf("%s: the password leads to %s", name, p.URL)
			}
			p = b.MustConsole(b.Submit(p, code()))
			if !strings.Contains(p.Body, "mfa=true") {
				t.Errorf("%s: the console says %s", name, p.Body)
			}
			if e := w.Events(audit.ConsoleLogin)[0]; e.Detail["MFAUsed"] != "Yes" || !strings.HasPrefix(e.Detail["MFAIdentifier"], "arn:aws:iam::"+owner+":mfa/phone") || !e.Identity.MFA {
				t.Errorf("%s: the trail says %+v", name, e)
			}
			w.Clock.Advance(time.Minute)
			b = at(t, w, 9)
		}
		if n := len(w.Messages()); n != 0 {
			t.Errorf("%s: %d mails", name, n)
		}
	}
}

// The password that was proved must still be it when the factor is given, and the
// way from one to the other is 15 minutes long.
func TestSecondFactorComesTooLate(t *testing.T) {
	t.Parallel()
	w := signintest.New(t)
	code := withDevice(t, w, w.IAMUsers[signintest.Alice])
	b := w.Browser(t)
	p := b.IAMSignIn(owner, signintest.Alice, signintest.AlicePassword)
	w.Clock.Advance(15 * time.Minute)
	if got := b.Submit(p, code()); got.Status < 400 || b.Cookie(w.Map.SignIn(), "sekisho-account") != "" {
		t.Errorf("after 15 minutes the factor is answered %d at %s", got.Status, got.URL)
	}
	p = b.IAMSignIn(owner, signintest.Alice, signintest.AlicePassword)
	w.Clock.Advance(time.Minute)
	w.Update(func(tx store.Tx) error {
		return iam.DeleteLoginProfile(tx, iam.Holder{Account: owner, User: w.IAMUsers[signintest.Alice]})
	})
	if got := b.Submit(p, code()); got.Status < 400 || b.Cookie(w.Map.SignIn(), "sekisho-account") != "" {
		t.Errorf("without a password the factor is answered %d at %s", got.Status, got.URL)
	}
}

// A root user who lost the device and takes the time that each step of the way
// around it has gets in, later than 15 minutes after the password (B-22). The owner
// is told when they are in, and not before; an age after the password nobody is.
func TestRecoveryAtLeisure(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		last time.Duration // before the last button
		in   bool
	}{"every step in its time": {14 * time.Minute, true}, "the last too late": {16 * time.Minute, false}} {
		w := signintest.New(t)
		withDevice(t, w, iam.User{})
		w.Update(func(tx store.Tx) error {
			return tx.PutContact(owner, account.Contact{FullName: "Jane Doe", AddressLine1: "1 Main Street", City: "Seattle", PostalCode: "98101", CountryCode: "US", Phone: "+15555550142"})
		})
		b := w.Browser(t)
		p := b.RootSignIn(rootEmail, rootPassword)
		wait := func(d time.Duration) { w.Clock.Advance(d) }
		p = b.Get(p.Link(t, "/mfa/trouble"))
		wait(14 * time.Minute)
		p = b.Submit(p, nil) // a code is mailed
		wait(9 * time.Minute)
		p = b.Submit(p, url.Values{"recoverycode": {w.Messages()[0].Codes[0]}})
		wait(14 * time.Minute)
		p = b.Submit(p, url.Values{"channel": {"sms"}})
		wait(9 * time.Minute)
		p = b.Submit(p, url.Values{"recoverycode": {w.Messages()[0].Codes[0]}})
		if p.URL.Path != "/mfa/recovered" {
			t.Fatalf("%s: the way ends at %s (%d)", name, p.URL, p.Status)
		}
		wait(c.last)
		p = b.Submit(p, nil)
		if in := b.Cookie(w.Map.SignIn(), "sekisho-account") != ""; in != c.in {
			t.Errorf("%s: signed in %v (%d)", name, in, p.Status)
		}
		told := strings.Contains(w.Messages()[0].Subject, "without MFA device")
		if told != c.in || len(w.Events("MFARecoveryCompleted")) > 0 != c.in {
			t.Errorf("%s: the owner is told %v", name, told)
		}
	}
}
