package signin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/pquerna/otp/totp"
	"golang.org/x/net/html"

	"sekisho/internal/access"
	"sekisho/internal/credential"
	"sekisho/internal/mfa"
	"sekisho/internal/signin/signintest"
	"sekisho/internal/store"
)

// factors is a world in which people have second factors.
type factors struct {
	*signintest.World
	*testing.T
	party virtualwebauthn.RelyingParty
}

func withFactors(t *testing.T, s access.MFA) *factors {
	t.Helper()
	w := &factors{World: signintest.New(t), T: t}
	w.party = virtualwebauthn.RelyingParty{Name: "AWS", ID: "signin.localhost", Origin: w.Map.SignIn()}
	w.settings(func(m *access.MFA) { *m = s })
	return w
}

// both are settings that ask each time and let both kinds be registered.
func both(p access.Prompt, n access.NoDevice) access.MFA {
	return access.MFA{Prompt: p, NoDevice: n, Types: []access.MFAType{access.WebAuthn, access.TOTP}, SelfService: true}
}

func (w *factors) settings(change func(*access.MFA)) {
	w.T.Helper()
	w.Update(func(tx store.Tx) error {
		i, err := tx.Instance(signintest.InstanceID)
		if err != nil {
			return err
		}
		change(&i.MFA)
		return tx.PutInstance(i)
	})
}

// app is an authenticator app.
type app struct {
	w        *factors
	id, seed string
	off      time.Duration
}

// code is what it shows, steps of 30 seconds from now.
func (a app) code(steps int) string {
	c, err := totp.GenerateCode(a.seed, a.w.Clock.Now().Add(a.off+time.Duration(steps)*30*time.Second))
	if err != nil {
		a.w.T.Fatal(err)
	}
	return c
}

func (w *factors) addApp(name string) app {
	w.T.Helper()
	u := w.Users[name]
	d := mfa.Device{ID: "app-of-" + name, User: u.ID, Name: "Phone", Kind: access.TOTP, TOTP: credential.TOTP{Seed: credential.NewSeed()}, CreatedAt: w.Clock.Now()}
	w.Update(func(tx store.Tx) error { return tx.PutPersonDevice(d) })
	return app{w: w, id: d.ID, seed: d.Seed.Reveal()}
}

// key is a security key.
type key struct {
	virtualwebauthn.Authenticator
	virtualwebauthn.Credential
}

func newKey() *key {
	k := &key{Authenticator: virtualwebauthn.NewAuthenticator(), Credential: virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)}
	for len(k.Key.AttestationData()) != coseKey { // the library drops leading zeros of coordinates, which no authenticator does
		k.Credential = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	}
	return k
}

// coseKey is how many bytes a P-256 key has in COSE.
const coseKey = 77

// addKey gives Jane a security key.
func (w *factors) addKey() *key {
	w.T.Helper()
	k, u := newKey(), w.Users[signintest.Jane]
	rp, err := credential.NewRelyingParty(w.party.ID, "AWS", w.party.Origin)
	if err != nil {
		w.T.Fatal(err)
	}
	owner := mfa.PasskeyOwner(u, "example")
	options, c, err := rp.Create(owner, nil)
	if err != nil {
		w.T.Fatal(err)
	}
	made, err := rp.Created(owner, c, []byte(w.created(k, string(options))))
	if err != nil {
		w.T.Fatal(err)
	}
	w.Update(func(tx store.Tx) error {
		_, err := mfa.AddPasskey(tx, both(access.AlwaysOn, access.AllowSignIn), u, "Key", made, w.Clock.Now())
		return err
	})
	return k
}

// created is what the browser answers to a registration.
func (w *factors) created(k *key, options string) string {
	w.T.Helper()
	o, err := virtualwebauthn.ParseAttestationOptions(options)
	if err != nil {
		w.T.Fatal(err)
	}
	return virtualwebauthn.CreateAttestationResponse(w.party, k.Authenticator, k.Credential, *o)
}

// answer is what the browser posts of an assertion.
func (w *factors) answer(k *key, p *signintest.Page) url.Values {
	w.T.Helper()
	o, err := virtualwebauthn.ParseAssertionOptions(w.attribute(p, "data-options"))
	if err != nil {
		w.T.Fatal(err)
	}
	k.Counter++
	return url.Values{"credential": {virtualwebauthn.CreateAssertionResponse(w.party, k.Authenticator, k.Credential, *o)}}
}

// registration is what the browser posts of a new key.
func (w *factors) registration(k *key, p *signintest.Page, name string) url.Values {
	w.T.Helper()
	return url.Values{"credential": {w.created(k, w.attribute(p, "data-options"))}, "devicename": {name}}
}

// attribute is that of the first element of the page that has it.
func (w *factors) attribute(p *signintest.Page, name string) string {
	w.T.Helper()
	n, err := html.Parse(strings.NewReader(p.Body))
	if err != nil {
		w.T.Fatal(err)
	}
	for e := range n.Descendants() {
		for _, a := range e.Attr {
			if a.Key == name {
				return a.Val
			}
		}
	}
	w.T.Fatalf("%s (%d) has no %s:\n%s", p.URL, p.Status, name, p.Body)
	return ""
}

// newApp is the app whose seed the page shows.
func (w *factors) newApp(p *signintest.Page) app {
	w.T.Helper()
	_, after, ok := strings.Cut(p.Body, `<code id="seed" translate="no">`)
	seed, _, _ := strings.Cut(after, "</code>")
	if !ok {
		w.T.Fatalf("%s (%d) shows no seed:\n%s", p.URL, p.Status, p.Body)
	}
	return app{w: w, seed: strings.ReplaceAll(seed, " ", "")}
}

func (w *factors) devices(name string) (all []mfa.Device) {
	w.T.Helper()
	w.View(func(tx store.Tx) (err error) {
		all, err = tx.PersonDevices(w.Users[name].ID)
		return err
	})
	return all
}

// in reports whether the page is the portal.
func in(p *signintest.Page) bool {
	return p.Status == http.StatusOK && strings.Contains(p.Body, `id="sekisho-session"`)
}

func (w *factors) mustBeIn(p *signintest.Page) {
	w.T.Helper()
	if !in(p) {
		w.T.Fatalf("led to %s (%d):\n%s", p.URL, p.Status, p.Body)
	}
}

func (w *factors) mustBeAt(p *signintest.Page, path string) *signintest.Page {
	w.T.Helper()
	if p.URL == nil || p.Status != http.StatusOK || p.URL.Path != path {
		w.T.Fatalf("led to %s (%d), not to %s:\n%s", p.URL, p.Status, path, p.Body)
	}
	return p
}

// mail is the newest code that was mailed to the person, and how many there were.
func (w *factors) mail(name string) (code string, n int) {
	w.T.Helper()
	for _, m := range w.Messages() {
		if m.To == name+"@example.com" && len(m.Codes) == 1 {
			if n++; n == 1 {
				code = m.Codes[0]
			}
		}
	}
	return code, n
}

func code(c string) url.Values { return url.Values{"mfacode": {c}} }

func mailed(c string) url.Values { return url.Values{"recoverycode": {c}} }

// trusting is a form with the check box ticked.
func trusting(v url.Values) url.Values {
	v.Set("trust", "yes")
	return v
}

// signOut ends the browser's session and leaves its marks.
func signOut(w *factors, b *signintest.Browser) {
	w.T.Helper()
	if p := b.Fetch(http.MethodPost, w.Map.Portal(signintest.Subdomain)+"/start/signout"); p.Status != http.StatusNoContent {
		w.T.Fatalf("sign-out is answered %d", p.Status)
	}
}
