package mfa_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"sekisho/internal/access"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/mfa"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

var jane = directory.User{ID: "u1", Directory: "d-1234567890", UserName: "jane doe+x", DisplayName: "Jane", Email: "jane@example.com", CreatedAt: now, UpdatedAt: now}

var all = access.MFA{Prompt: access.AlwaysOn, NoDevice: access.BlockSignIn, Types: []access.MFAType{access.WebAuthn, access.TOTP}}

// world is a database and the ring that it seals with.
func world(t *testing.T) (store.DB, *keys.Ring) {
	t.Helper()
	return storetest.OpenWithRing(t)
}

func update(t *testing.T, db store.DB, fn func(store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), nil, fn); err != nil {
		t.Fatal(err)
	}
}

// What a person needs, by settings (behaviours.md 6.7); settings that nobody knows let
// nobody in.
func TestDecide(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		prompt   access.Prompt
		noDevice access.NoDevice
		devices  int
		trusted  bool
		want     mfa.Need
	}{
		{access.Never, access.BlockSignIn, 1, false, mfa.Nothing},
		{access.Never, access.BlockSignIn, 0, false, mfa.Nothing},
		{access.AlwaysOn, access.AllowSignIn, 1, true, mfa.Factor},
		{access.AlwaysOn, access.AllowSignIn, 0, true, mfa.Nothing},
		{access.AlwaysOn, access.BlockSignIn, 0, true, mfa.Refused},
		{access.ContextAware, access.BlockSignIn, 0, true, mfa.Nothing},
		{access.ContextAware, access.BlockSignIn, 0, false, mfa.Refused},
		{access.ContextAware, access.RequireRegistration, 0, false, mfa.Registration},
		{access.ContextAware, access.RequireEmailOTP, 0, false, mfa.MailedCode},
		{access.ContextAware, access.RequireEmailOTP, 2, false, mfa.Factor},
		{"", "", 0, false, mfa.Refused},
		{"", "", 0, true, mfa.Refused},
		{"NEW", access.AllowSignIn, 1, true, mfa.Factor},
	} {
		s := access.MFA{Prompt: c.prompt, NoDevice: c.noDevice}
		if got := mfa.Decide(s, c.devices, c.trusted); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestCheckName(t *testing.T) {
	t.Parallel()
	for name, ok := range map[string]bool{
		"Phone": true, "携帯 1": true, strings.Repeat("あ", 128): true, "": false, " x": false, "x ": false, strings.Repeat("a", 129): false,
		"a\nb": false, "a\x00": false, "a\u202eb": false, "a\xff": false, "\u200b": false,
	} {
		if err := mfa.CheckName(name); (err == nil) != ok || err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Enrolment: nothing of it prints, and the seed is the same when it is shown again.
func TestEnrolment(t *testing.T) {
	t.Parallel()
	_, ring := world(t)
	e, err := mfa.StartTOTP(ring, jane, now)
	if err != nil {
		t.Fatal(err)
	}
	again, err := mfa.ResumeTOTP(ring, jane, e.Registration.Reveal(), now.Add(mfa.EnrolmentLife-time.Second))
	if err != nil || again.Seed.Reveal() != e.Seed.Reveal() || again.URL.Reveal() != e.URL.Reveal() {
		t.Errorf("again: %v", err)
	}
	if printed := fmt.Sprintf("%+v %v", e.Seed, e.URL) + fmt.Sprint(e.Registration); strings.Contains(printed, e.Seed.Reveal()) || strings.Contains(printed, "otpauth") {
		t.Errorf("prints %s", printed)
	}
	if want := "otpauth://totp/AWS%20IAM%20Identity%20Center:jane%20doe+x?secret=" + e.Seed.Reveal() + "&issuer=AWS%20IAM%20Identity%20Center"; e.URL.Reveal() != want {
		t.Errorf("%s, want %s", e.URL.Reveal(), want)
	}
	for what, err := range map[string]error{
		"late":    second(mfa.ResumeTOTP(ring, jane, e.Registration.Reveal(), now.Add(mfa.EnrolmentLife))),
		"another": second(mfa.ResumeTOTP(ring, directory.User{ID: "u2"}, e.Registration.Reveal(), now)),
		"nothing": second(mfa.ResumeTOTP(ring, jane, "", now)),
		"long":    second(mfa.ResumeTOTP(ring, jane, strings.Repeat("A", 1<<20), now)),
	} {
		if !fault.Is(err, fault.Expired) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func register(t *testing.T, db store.DB, ring *keys.Ring, name string) (d mfa.Device, seed string) {
	t.Helper()
	e, err := mfa.StartTOTP(ring, jane, now)
	if err != nil {
		t.Fatal(err)
	}
	update(t, db, func(tx store.Tx) (err error) {
		d, err = mfa.CompleteTOTP(tx, ring, all, jane, e.Registration.Reveal(), codeAt(t, e.Seed.Reveal(), now), name, now)
		return err
	})
	return d, e.Seed.Reveal()
}

func codeAt(t *testing.T, seed string, at time.Time) string {
	t.Helper()
	c, err := totp.GenerateCode(seed, at)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Each code is good once, of any of one's apps; wrong ones are counted apart on
// a known device; two codes set the clock right.
func TestVerifyCodes(t *testing.T) {
	t.Parallel()
	db, ring := world(t)
	_, phone := register(t, db, ring, "Phone")
	tablet, tabletSeed := register(t, db, ring, "Tablet")
	tries := mfa.Tries(jane, "")
	verify := func(code string, k credential.Key, at time.Time) (d mfa.Device, refused error) {
		t.Helper()
		update(t, db, func(tx store.Tx) error {
			d, refused = mfa.VerifyCode(tx, jane, code, k, at)
			return nil
		})
		return d, refused
	}
	if _, err := verify(codeAt(t, phone, now), tries, now); !fault.Is(err, fault.Denied) {
		t.Errorf("the code that registered: %v", err)
	}
	later := now.Add(time.Minute)
	if d, err := verify(codeAt(t, tabletSeed, later), tries, later); err != nil || d.ID != tablet.ID || !d.LastUsedAt.Equal(later) {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := verify(codeAt(t, tabletSeed, later), tries, later); !fault.Is(err, fault.Denied) {
		t.Errorf("replayed: %v", err)
	}
	for range credential.FreeFailures {
		_, _ = verify("000000", tries, later)
	}
	if _, err := verify(codeAt(t, phone, later), tries, later); !fault.Is(err, fault.Throttled) {
		t.Errorf("guessing: %v", err)
	}
	if _, err := verify(codeAt(t, phone, later), mfa.Tries(jane, "known"), later); err != nil {
		t.Errorf("on a known device: %v", err)
	}
	off := later.Add(20 * time.Minute)
	pair := func(a, b time.Time) (refused error) {
		update(t, db, func(tx store.Tx) error {
			_, refused = mfa.VerifyCodes(tx, jane, codeAt(t, phone, a), codeAt(t, phone, b), mfa.Tries(jane, "known"), later)
			return nil
		})
		return refused
	}
	if err := pair(off, off.Add(time.Minute)); !fault.Is(err, fault.Denied) {
		t.Errorf("two codes that do not follow: %v", err)
	}
	if err := pair(off, off.Add(30*time.Second)); err != nil {
		t.Errorf("two codes: %v", err)
	}
	if _, err := verify(codeAt(t, phone, off.Add(time.Minute)), tries, later.Add(time.Minute)); err != nil {
		t.Errorf("after two codes: %v", err)
	}
}

// A passkey without a ceremony, or without anybody to check it, proves nothing.
func TestVerifyPasskeyNeedsACeremony(t *testing.T) {
	t.Parallel()
	db, _ := world(t)
	rp, err := credential.NewRelyingParty("signin.example.com", "AWS", "https://signin.example.com")
	if err != nil {
		t.Fatal(err)
	}
	for what, party := range map[string]*credential.RelyingParty{"no host name": nil, "no challenge": rp} {
		update(t, db, func(tx store.Tx) error {
			if _, err := mfa.VerifyPasskey(tx, party, jane, credential.Ceremony{}, []byte("{}"), now, now); !fault.Is(err, fault.Denied) {
				t.Errorf("%s: %v", what, err)
			}
			return nil
		})
	}
}

// A browser's mark is good in its context only.
func TestTrusted(t *testing.T) {
	t.Parallel()
	db, _ := world(t)
	at := mfa.Context{Address: "2001:db8:1:2::3", UserAgent: "b"}
	var mark secret.String
	update(t, db, func(tx store.Tx) (err error) { mark, err = mfa.Trust(tx, jane.ID, at, now); return err })
	for what, c := range map[string]struct {
		user string
		mark secret.String
		at   mfa.Context
		when time.Time
		want bool
	}{
		"same":               {jane.ID, mark, at, now, true},
		"same subscriber":    {jane.ID, mark, mfa.Context{Address: "2001:db8:1:ffff::1", UserAgent: "b"}, now, true},
		"another subscriber": {jane.ID, mark, mfa.Context{Address: "2001:db8:2:2::3", UserAgent: "b"}, now, false},
		"IPv4":               {jane.ID, mark, mfa.Context{Address: "192.0.2.1", UserAgent: "b"}, now, false},
		"no address":         {jane.ID, mark, mfa.Context{UserAgent: "b"}, now, false},
		"another browser":    {jane.ID, mark, mfa.Context{Address: at.Address, UserAgent: "c"}, now, false},
		"another person":     {"u2", mark, at, now, false},
		"the last moment":    {jane.ID, mark, at, now.Add(mfa.TrustLife - time.Microsecond), true},
		"too late":           {jane.ID, mark, at, now.Add(mfa.TrustLife), false},
		"no mark":            {jane.ID, secret.String{}, at, now, false},
		"a guess":            {jane.ID, secret.NewString("x"), at, now, false},
	} {
		update(t, db, func(tx store.Tx) error {
			got, err := mfa.Trusted(tx, c.user, c.mark, c.at, c.when)
			if got != c.want {
				t.Errorf("%s: %v", what, got)
			}
			return err
		})
	}
	update(t, db, func(tx store.Tx) error { // 192.0.2.1 as IPv6 is the same place
		v4, err := mfa.Trust(tx, jane.ID, mfa.Context{Address: "192.0.2.1"}, now)
		if err != nil {
			return err
		}
		if ok, err := mfa.Trusted(tx, jane.ID, v4, mfa.Context{Address: "::ffff:192.0.2.99"}, now); !ok || err != nil {
			t.Errorf("mapped: %v, %v", ok, err)
		}
		return nil
	})
}

// FuzzRegistration: whatever is sent as a registration, it is refused unless it is ours.
func FuzzRegistration(f *testing.F) {
	_, ring := storetest.OpenWithRing(f)
	e, err := mfa.StartTOTP(ring, directory.User{ID: "u2"}, now)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(e.Registration.Reveal()) // of another person
	f.Add("")
	f.Add("AAAA")
	f.Add(strings.Repeat("_-", 2000))
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := mfa.ResumeTOTP(ring, jane, text, now); !fault.Is(err, fault.Expired) {
			t.Errorf("%q: %v", text, err)
		}
	})
}
