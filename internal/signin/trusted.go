package signin

import (
	"net/http"

	"sekisho/internal/access"
	"sekisho/internal/directory"
	"sekisho/internal/keys"
	"sekisho/internal/mfa"
	"sekisho/internal/pagehttp"
	"sekisho/internal/sealed"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/web"
)

// cookieTrusted is the mark of a browser that a person trusts.
const cookieTrusted = "sekisho-trusted"

// trustMark is what is in it.
type trustMark struct {
	User  string `cbor:"1,keyasint"`
	Value string `cbor:"2,keyasint"` // 256 random bits
}

// context is where the browser is.
func (h *Handler) context(r *http.Request) mfa.Context {
	return mfa.Context{Address: h.Site.ClientIP(r), UserAgent: pagehttp.UserAgent(r)}
}

// mayTrust reports whether the page offers to trust the browser: where the context
// decides, at sign-in.
func mayTrust(p place, f flow) bool { return p.MFA.Prompt == access.ContextAware && f.Session == "" }

// wantsTrust reports whether the check box is ticked.
func wantsTrust(form interface{ Get(string) string }) bool { return form.Get(web.FieldTrust) == "yes" }

// trusted reports whether the person trusts this browser, and it is where it was. A
// mark of somebody else is worth nothing.
func (h *Handler) trusted(tx store.Tx, r *http.Request, u directory.User) (bool, error) {
	m, err := sealed.Open[trustMark](h.Ring, keys.TrustedBrowser, h.Site.Cookie(r, cookieTrusted))
	if err != nil || m.User != u.ID {
		return false, nil //nolint:nilerr // no mark, or none of ours
	}
	return mfa.Trusted(tx, u.ID, secret.NewString(m.Value), h.context(r), h.Site.Clock.Now())
}

// rememberTrust marks the browser, if there is a mark.
func (h *Handler) rememberTrust(w http.ResponseWriter, u directory.User, mark secret.String) {
	if !mark.Empty() {
		h.Site.SetCookie(w, cookieTrusted, h.seal(keys.TrustedBrowser, trustMark{u.ID, mark.Reveal()}), mfa.TrustLife)
	}
}
