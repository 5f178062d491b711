package signup

import (
	"encoding/base64"
	"testing"
	"time"

	"sekisho/internal/clock"
	"sekisho/internal/keys"
	"sekisho/internal/sealed"
	"sekisho/internal/secret"
	"sekisho/internal/store/storetest"
)

// Whatever comes as a flow, in whatever browser, is one of ours and of that
// browser, or none.
func FuzzFlow(f *testing.F) {
	_, ring := storetest.OpenWithRing(f)
	now := clock.NewFixed(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)).Now()
	const cookie = "the-browser"
	good := sealed.Seal(ring, keys.SignUpFlow, flow{Step: stepVerify, Browser: secret.NewString(cookie).Hash(), IssuedAt: now, Email: "a@example.com", Code: "123456"})
	f.Add(good, cookie)
	f.Add(good, "another")
	f.Add(good[:len(good)-2], cookie)
	f.Add(sealed.Seal(ring, keys.SignInFlow, flow{Step: stepVerify, Browser: secret.NewString(cookie).Hash(), IssuedAt: now}), cookie)
	f.Add(base64.RawURLEncoding.EncodeToString([]byte("flow")), "")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, text, browser string) {
		got, err := parseFlow(ring, text, browser, now)
		if err == nil && (browser != cookie || text != good) {
			t.Errorf("%q in %q is taken for %+v", text, browser, got)
		}
		if err != nil && got != (flow{}) {
			t.Errorf("refused, and yet %+v", got)
		}
	})
}
