package secondfactor

import (
	"testing"
	"time"

	"sekisho/internal/keys"
	"sekisho/internal/sealed"
	"sekisho/internal/secret"
	"sekisho/internal/store/storetest"
)

// No text but what was sealed here, for this browser, a while ago, is a flow.
func FuzzFlow(f *testing.F) {
	_, ring := storetest.OpenWithRing(f)
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	const cookie = "cookie"
	good := flow{Step: stepFactor, ID: "id", Browser: secret.NewString(cookie).Hash(), At: now, Challenge: Challenge{Account: "111122223333", Name: "root@example.com", On: []byte("on")}}
	old, of := good, good
	old.At = now.Add(-Life)
	of.Browser = secret.NewString("another").Hash()
	text := sealed.Seal(ring, keys.FactorFlow, good)
	if got, err := parseFlow(ring, text, cookie, now); err != nil || got.Challenge.Name != good.Challenge.Name || string(got.Challenge.On) != "on" {
		f.Fatalf("%+v, %v", got, err)
	}
	for _, seed := range []string{
		sealed.Seal(ring, keys.FactorFlow, old), sealed.Seal(ring, keys.FactorFlow, of), sealed.Seal(ring, keys.SignInFlow, good),
		sealed.Seal(ring, keys.FactorFlow, "text"), sealed.Seal(ring, keys.FactorFlow, flow{}), text + "A", text[1:], "", "%", "AQAAAAE",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if s == text {
			t.Skip()
		}
		if got, err := parseFlow(ring, s, cookie, now); err == nil {
			t.Errorf("%q is a flow: %+v", s, got)
		}
	})
}

// What people type for a code.
func TestDigits(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"123456": "123456", "123 456": "123456", " 123-456\t": "123456", "１２３４５６": "123456", "12345": "", "1234567": "", "12345a": "", "": "",
		"１２３４５６７８９０１２３４５６７８９０１２３４５６": "",
	} {
		got := digits(typed)
		if !isCode(got) {
			got = ""
		}
		if got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
