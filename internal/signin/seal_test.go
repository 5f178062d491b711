package signin

import (
	"encoding/base64"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"sekisho/internal/keys"
	"sekisho/internal/sealed"
	"sekisho/internal/secret"
	"sekisho/web"
)

type dataKeys struct{ all []keys.Wrapped }

func (d *dataKeys) DataKeys() ([]keys.Wrapped, error) { return d.all, nil }
func (d *dataKeys) PutDataKey(w keys.Wrapped) error   { d.all = append(d.all, w); return nil }
func at(s string) (t time.Time)                       { t, _ = time.Parse(time.RFC3339, s); return t }
func sealWith(r *keys.Ring, p keys.Purpose, b []byte) string {
	return base64.RawURLEncoding.EncodeToString(r.Seal(p, b))
}

func newRing(tb testing.TB) *keys.Ring {
	tb.Helper()
	ring, err := keys.NewRing(secret.Random(keys.Size))
	if err != nil {
		tb.Fatal(err)
	}
	if err := ring.Load(&dataKeys{}, time.Now()); err != nil {
		tb.Fatal(err)
	}
	return ring
}

var now = at("2026-11-22T09:00:00Z")

// A value sealed for one purpose, by another ring, or too long ago is nothing.
func TestSealsAreForTheirPurposeAndTime(t *testing.T) {
	t.Parallel()
	ring, other := newRing(t), newRing(t)
	req := Request{Purpose: ForPortal, Portal: "example", Return: "/start", IssuedAt: now, ID: []byte("0123456789abcdef")}
	raw, err := cbor.Marshal(req)
	if err != nil {
		t.Fatal(err)
	}
	good := sealWith(ring, keys.SignInRequest, raw)
	got, err := parseRequest(ring, good, now.Add(RequestLife-time.Second))
	if err != nil || !got.IssuedAt.Equal(now) || got.Portal != "example" {
		t.Fatalf("%+v, %v", got, err)
	}
	if got, err := parseRequest(ring, good, now.Add(RequestLife)); err == nil || got.Portal != "example" {
		t.Errorf("too late: %+v, %v; where to start again is to be known", got, err)
	}
	for name, text := range map[string]string{
		"another purpose": sealWith(ring, keys.SignInFlow, raw), "another ring": sealWith(other, keys.SignInRequest, raw), "nothing": "", "not base64": "%",
		"cut": good[:len(good)-4], "plain": base64.RawURLEncoding.EncodeToString(raw), "no CBOR": sealWith(ring, keys.SignInRequest, []byte{0xff}),
		"too long": strings.Repeat("A", sealed.MaxLength+1),
	} {
		if got, err := parseRequest(ring, text, now); err == nil || !reflect.DeepEqual(got, Request{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func FuzzParseRequest(f *testing.F) {
	ring := newRing(f)
	raw, _ := cbor.Marshal(Request{Purpose: ForDevice, UserCode: "BCDF-GHJK", IssuedAt: now})
	f.Add(sealWith(ring, keys.SignInRequest, raw), raw)
	f.Add("", []byte{})
	f.Add("AQAAAAE", []byte{0xa1, 0x01, 0x01})
	f.Add(strings.Repeat("A", 100), []byte{0xbf, 0xff})
	f.Fuzz(func(t *testing.T, text string, plain []byte) {
		// What strangers send: nothing of it opens, unless we sealed it.
		if got, err := parseRequest(ring, text, now); err == nil && got.IssuedAt.IsZero() {
			t.Errorf("%q opens as %+v", text, got)
		}
		// What an older or newer version sealed: no panic, and never older than an hour.
		if got, err := parseRequest(ring, sealWith(ring, keys.SignInRequest, plain), now); err == nil && !got.fresh(now) {
			t.Errorf("%x is let through: %+v", plain, got)
		}
	})
}

func FuzzParseFlow(f *testing.F) {
	ring := newRing(f)
	cookie := "a-browser"
	mine := flow{Step: stepPassword, Request: Request{IssuedAt: now}, Browser: secret.NewString(cookie).Hash(), UserName: "jane"}
	raw, _ := cbor.Marshal(mine)
	f.Add(sealWith(ring, keys.SignInFlow, raw), cookie, raw)
	f.Add("", "", []byte{})
	f.Add("x", "another", []byte{0xa1, 0x03, 0x60})
	f.Fuzz(func(t *testing.T, text, cookie string, plain []byte) {
		for _, text := range []string{text, sealWith(ring, keys.SignInFlow, plain)} {
			got, err := parseFlow(ring, text, cookie, now)
			if err == nil && (cookie == "" || got.Browser != secret.NewString(cookie).Hash() || !got.Request.fresh(now)) {
				t.Errorf("a flow of another browser or time is let through: %+v", got)
			}
		}
	})
}

// What a redirect URI adds to the policy is one source, never a directive.
func FuzzFormTarget(f *testing.F) {
	for _, s := range []string{"http://127.0.0.1:5000/cb", "https://app.example.com/cb", "http://[::1]:1/cb", "", "javascript:x", "https://a b/", "https://a;b/", "http://a'/", "http://a\n/"} {
		f.Add(s)
	}
	plain := web.ContentSecurityPolicy()
	f.Fuzz(func(t *testing.T, uri string) {
		added, ok := strings.CutPrefix(web.ContentSecurityPolicy(formTarget(uri)), plain)
		if !ok || len(strings.Fields(added)) > 1 || strings.ContainsAny(added, ";,'\"") {
			t.Errorf("%q adds %q", uri, added)
		}
	})
}
