// Package sealed is what browsers carry for us from page to page: values that
// only this server can read and make, and the mark that ties them to the browser
// that they were made for.
//
// It owns their form and their bounds. What a flow carries, how long it is good
// for and at which step are the flow's own business.
package sealed

import (
	"encoding/base64"
	"net/http"

	"github.com/fxamacker/cbor/v2"

	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
)

// MaxLength bounds sealed values in bytes: OAuth client ids, which are in some,
// have at most 8 KB.
const MaxLength = 16 << 10

// ErrSeal is the fault for everything that is no sealed value of ours.
var ErrSeal = fault.New(fault.Invalid, "sealed-value", "The page is out of date.")

// Seal makes v, which CBOR can encode, into text for addresses and forms.
func Seal(ring *keys.Ring, p keys.Purpose, v any) string {
	raw, err := cbor.Marshal(v)
	if err != nil {
		panic(err) // plain structures of our own: cannot fail
	}
	return base64.RawURLEncoding.EncodeToString(ring.Seal(p, raw))
}

// Open reads what Seal made for the same purpose. It fails with ErrSeal.
func Open[T any](ring *keys.Ring, p keys.Purpose, text string) (v T, err error) {
	if len(text) > MaxLength {
		return v, ErrSeal
	}
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return v, ErrSeal
	}
	raw, err := ring.Open(p, sealed)
	if err != nil {
		return v, ErrSeal
	}
	if err := cbor.Unmarshal(raw, &v); err != nil {
		return v, ErrSeal
	}
	return v, nil
}

// CookieBrowser is the cookie that tells browsers apart on one host.
const CookieBrowser = "sekisho-flow"

// Browser returns the hash of the value that this browser keeps for its forms,
// and gives it one if it has none. A flow carries the hash: in another browser
// it is worth nothing (against forged and lifted forms).
func Browser(site *pagehttp.Site, w http.ResponseWriter, r *http.Request) string {
	if v := site.Cookie(r, CookieBrowser); v != "" {
		return secret.NewString(v).Hash()
	}
	v := secret.Token("", 32)
	site.SetCookie(w, CookieBrowser, v.Reveal(), 0)
	return v.Hash()
}

// Same reports whether the value of a browser's cookie, "" for none, is the one
// that Browser returned hash for.
func Same(cookie, hash string) bool {
	return cookie != "" && secret.NewString(secret.NewString(cookie).Hash()).Equal(secret.NewString(hash))
}
