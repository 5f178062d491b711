package accountsignin

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"sekisho/internal/credential"
	"sekisho/internal/keys"
	"sekisho/internal/sealed"
	"sekisho/internal/secret"
	"sekisho/internal/store/storetest"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func sealWith(r *keys.Ring, b []byte) string {
	return base64.RawURLEncoding.EncodeToString(r.Seal(keys.AccountFlow, b))
}

// What strangers send opens nothing, and what an older or newer version sealed
// opens in its browser, in its time and with its proof's, or not at all.
func FuzzParseFlow(f *testing.F) {
	_, ring := storetest.OpenWithRing(f)
	cookie := "a-browser"
	mine := flow{Step: stepRoot, Request: Request{IssuedAt: now}, Browser: secret.NewString(cookie).Hash(), Email: "root@example.com", Proof: &proof{Account: "111122223333", At: now}}
	raw, _ := cbor.Marshal(mine)
	f.Add(sealWith(ring, raw), cookie, raw)
	f.Add("", "", []byte{})
	f.Add("x", "another", []byte{0xa1, 0x03, 0x60})
	f.Fuzz(func(t *testing.T, text, cookie string, plain []byte) {
		for _, text := range []string{text, sealWith(ring, plain)} {
			got, err := parseFlow(ring, text, cookie, now)
			if err == nil && (cookie == "" || got.Browser != secret.NewString(cookie).Hash() || !got.Request.fresh(now) || got.Proof != nil && !got.Proof.fresh(now)) {
				t.Errorf("a flow of another browser or time is let through: %+v", got)
			}
		}
	})
}

// Whatever a path says, it stays on its host.
func FuzzLocalPath(f *testing.F) {
	for _, s := range []string{"/iam/users?page=2#x", "//evil.example", `/\evil.example`, "https://evil.example", "", "/%2f%2fevil", "/\n/evil", "/a//b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, p string) {
		got := localPath(p)
		if !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\r\n\t") {
			t.Errorf("%q becomes %q", p, got)
		}
	})
}

// The browser's memory fits into a cookie however many people sign in there, and
// the last ones are known by it, with the password that they had.
func TestMemory(t *testing.T) {
	t.Parallel()
	_, ring := storetest.OpenWithRing(t)
	m := memory{UserType: "iam", Email: strings.Repeat("e", 64), Account: strings.Repeat("a", 63), UserName: strings.Repeat("u", 64)}
	owner := func(i int) credential.Owner {
		return credential.Owner{Kind: credential.IAMUser, ID: "AIDA" + strings.Repeat(string(rune('A'+i)), 17)}
	}
	for i := range 9 {
		m.mark(owner(i), now)
	}
	m.mark(owner(8), now.Add(time.Hour))
	if text := sealed.Seal(ring, keys.Remembered, m); len(text) > 1024 {
		t.Errorf("the cookie has %d characters", len(text))
	}
	if len(m.Devices) != maxDevices || !m.knows(owner(8), now.Add(time.Hour)) || m.knows(owner(8), now) || !m.knows(owner(4), now) || m.knows(owner(3), now) {
		t.Errorf("it knows %+v", m.Devices)
	}
	if m.knows(credential.Owner{Kind: credential.RootUser, ID: owner(8).ID}, now.Add(time.Hour)) || m.knows(credential.Owner{}, time.Time{}) {
		t.Error("it knows who was not there")
	}
}
