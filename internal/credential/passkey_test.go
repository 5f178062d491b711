package credential

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/descope/virtualwebauthn"

	"sekisho/internal/fault"
)

const (
	signinID     = "signin.example.com"
	signinOrigin = "https://signin.example.com"
)

var (
	here    = virtualwebauthn.RelyingParty{ID: signinID, Name: "AWS", Origin: signinOrigin}
	holder  = PasskeyOwner{Owner{IAMUser, "AIDAJANE"}, "jane @ 111122223333", "jane"}
	another = PasskeyOwner{Owner{IAMUser, "AIDAMARY"}, "mary @ 111122223333", "mary"}
)

func relyingParty(t testing.TB) *RelyingParty {
	t.Helper()
	rp, err := NewRelyingParty(signinID, "AWS", signinOrigin)
	if err != nil {
		t.Fatal(err)
	}
	return rp
}

// token is a security key with one credential.
type token struct {
	virtualwebauthn.Authenticator
	virtualwebauthn.Credential
}

func newToken() *token {
	k := &token{virtualwebauthn.NewAuthenticator(), virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)}
	for len(k.Key.AttestationData()) != coseKey { // the library drops leading zeros of coordinates, which no authenticator does
		k.Credential = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	}
	return k
}

// coseKey is how many bytes a P-256 key has in COSE.
const coseKey = 77

// create is what the browser answers to a registration.
func (k *token) create(t testing.TB, at virtualwebauthn.RelyingParty, options []byte) []byte {
	t.Helper()
	o, err := virtualwebauthn.ParseAttestationOptions(string(options))
	if err != nil {
		t.Fatal(err)
	}
	if k.IsExcludedForAttestation(*o) {
		t.Fatal("the token would refuse: it is excluded")
	}
	return []byte(virtualwebauthn.CreateAttestationResponse(at, k.Authenticator, k.Credential, *o))
}

// get is what the browser answers to an assertion; each has a higher count.
func (k *token) get(t testing.TB, at virtualwebauthn.RelyingParty, options []byte) []byte {
	t.Helper()
	o, err := virtualwebauthn.ParseAssertionOptions(string(options))
	if err != nil {
		t.Fatal(err)
	}
	k.Counter++
	return []byte(virtualwebauthn.CreateAssertionResponse(at, k.Authenticator, k.Credential, *o))
}

// register is a whole registration.
func register(t testing.TB, rp *RelyingParty, who PasskeyOwner, k *token, have ...Passkey) Passkey {
	t.Helper()
	options, c, err := rp.Create(who, have)
	if err != nil {
		t.Fatal(err)
	}
	made, err := rp.Created(who, c, k.create(t, here, options))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// A key that was registered signs in, by any of several, and its counter is kept.
func TestPasskey(t *testing.T) {
	t.Parallel()
	rp := relyingParty(t)
	first, second := newToken(), newToken()
	keys := []Passkey{register(t, rp, holder, first)}
	keys = append(keys, register(t, rp, holder, second, keys...))
	for i, k := range []*token{first, second, second} {
		options, c, err := rp.Get(holder, keys)
		if err != nil {
			t.Fatal(err)
		}
		used, err := rp.Verify(holder, keys, c, k.get(t, here, options))
		if err != nil || string(used.ID) != string(k.ID) || used.SignCount != k.Counter {
			t.Fatalf("%d: %+v, %v", i, used, err)
		}
		for j := range keys {
			if string(keys[j].ID) == string(used.ID) {
				keys[j] = used
			}
		}
	}
	if keys[0].Fingerprint() == keys[1].Fingerprint() || len(keys[0].Fingerprint()) != 64 {
		t.Error("fingerprints")
	}
}

// What authenticators are told: who it is for without saying who, which keys may
// not register twice, and no wish to know the maker.
func TestPasskeyOptions(t *testing.T) {
	t.Parallel()
	rp := relyingParty(t)
	key := register(t, rp, holder, newToken())
	options, c, err := rp.Create(holder, []Passkey{key})
	if err != nil {
		t.Fatal(err)
	}
	var o struct {
		RP                 struct{ ID string }
		User               struct{ ID, Name, DisplayName string }
		Attestation        string
		Challenge          string
		ExcludeCredentials []struct{ ID string }
	}
	if err := json.Unmarshal(options, &o); err != nil {
		t.Fatal(err)
	}
	if o.RP.ID != signinID || o.User.Name != holder.Name || o.Attestation != "none" && o.Attestation != "" || o.Challenge != c.Challenge || len(c.Challenge) != 43 {
		t.Errorf("options %s", options)
	}
	if len(o.ExcludeCredentials) != 1 || o.ExcludeCredentials[0].ID != base64.RawURLEncoding.EncodeToString(key.ID) {
		t.Errorf("excluded: %v", o.ExcludeCredentials)
	}
	if handle, err := base64.RawURLEncoding.DecodeString(o.User.ID); err != nil || len(handle) != 32 || strings.Contains(string(options), holder.ID) {
		t.Errorf("the handle tells who it is: %s", o.User.ID)
	}
}

// The attacks on an assertion (WebAuthn 7.2, 13.4), each by its name.
func TestPasskeyAttacks(t *testing.T) {
	t.Parallel()
	rp := relyingParty(t)
	k := newToken()
	key := register(t, rp, holder, k)
	keys := []Passkey{key}
	ask := func() ([]byte, Ceremony) {
		options, c, err := rp.Get(holder, keys)
		if err != nil {
			t.Fatal(err)
		}
		return options, c
	}
	refused := func(name, reason string, err error) {
		t.Helper()
		if !fault.Is(err, fault.Denied) || fault.ReasonOf(err) != reason {
			t.Errorf("%s: %v, want a refusal of reason %s", name, err, reason)
		}
	}

	options, c := ask()
	answer := k.get(t, here, options)
	if _, err := rp.Verify(holder, keys, c, answer); err != nil {
		t.Fatal(err)
	}
	_, other := ask()
	_, err := rp.Verify(holder, keys, other, answer)
	refused("an answer to another challenge", "passkey-invalid", err)
	_, err = rp.Verify(holder, keys, Ceremony{}, answer)
	refused("an answer to no challenge", "passkey-invalid", err)
	_, err = rp.Verify(holder, keys, Ceremony{Challenge: c.Challenge}, answer)
	refused("a ceremony that allows no key", "passkey-invalid", err)

	for name, at := range map[string]virtualwebauthn.RelyingParty{
		"another relying party":             {ID: "phish.example.net", Origin: "https://phish.example.net"},
		"another origin":                    {ID: signinID, Origin: "https://console.example.com"},
		"the same host without TLS":         {ID: signinID, Origin: "http://signin.example.com"},
		"the parent domain's relying party": {ID: "example.com", Origin: signinOrigin},
	} {
		options, c := ask()
		_, err := rp.Verify(holder, keys, c, k.get(t, at, options))
		refused(name, "passkey-invalid", err)
	}

	stranger := newToken()
	options, c = ask()
	_, err = rp.Verify(holder, keys, c, stranger.get(t, here, options))
	refused("a key that nobody registered", "passkey-invalid", err)
	forged := newToken()
	forged.ID = k.ID
	forged.Counter = 100
	options, c = ask()
	_, err = rp.Verify(holder, keys, c, forged.get(t, here, options))
	refused("a forged signature", "passkey-invalid", err)

	marys := newToken()
	options, c, err = rp.Get(another, []Passkey{register(t, rp, another, marys)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = rp.Verify(holder, keys, c, marys.get(t, here, options))
	refused("another user's key", "passkey-invalid", err)
	k.Options.UserHandle = another.handle()
	options, c = ask()
	_, err = rp.Verify(holder, keys, c, k.get(t, here, options))
	refused("another user's handle", "passkey-invalid", err)
	k.Options.UserHandle = holder.handle()
	options, c = ask()
	if _, err = rp.Verify(holder, keys, c, k.get(t, here, options)); err != nil {
		t.Errorf("one's own handle: %v", err)
	}

	k.Options.UserNotPresent = true
	options, c = ask()
	_, err = rp.Verify(holder, keys, c, k.get(t, here, options))
	refused("nobody present", "passkey-invalid", err)
	k.Options.UserNotPresent = false

	options, c = ask()
	registration, begun, err := rp.Create(holder, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = rp.Verify(holder, keys, c, newToken().create(t, here, registration))
	refused("a registration for an assertion", "passkey-invalid", err)
	_, err = rp.Created(holder, begun, k.get(t, here, options))
	refused("an assertion for a registration", "passkey-invalid", err)
	_, err = rp.Created(holder, Ceremony{Challenge: c.Challenge}, newToken().create(t, here, registration))
	refused("a registration to another challenge", "passkey-invalid", err)
	_, err = rp.Created(holder, begun, newToken().create(t, virtualwebauthn.RelyingParty{ID: signinID, Origin: "https://phish.example.net"}, registration))
	refused("a registration from another origin", "passkey-invalid", err)

	keys[0].SignCount = k.Counter + 10
	options, c = ask()
	_, err = rp.Verify(holder, keys, c, k.get(t, here, options))
	refused("a counter that went back: cloned authenticator", "passkey-cloned", err)

	_, c = ask()
	_, err = rp.Verify(holder, keys, c, []byte(strings.Repeat(" ", MaxPasskeyAnswer+1)))
	refused("a long answer", "passkey-invalid", err)
}

// No answer makes the parsers fail in another way than by a refusal, and none is
// accepted without the key.
func FuzzPasskeyAnswer(f *testing.F) {
	rp := relyingParty(f)
	k := newToken()
	registration, begun, err := rp.Create(holder, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(k.create(f, here, registration))
	keys := []Passkey{register(f, rp, holder, k)}
	options, c, err := rp.Get(holder, keys)
	if err != nil {
		f.Fatal(err)
	}
	good := k.get(f, virtualwebauthn.RelyingParty{ID: signinID, Origin: "https://phish.example.net"}, options)
	f.Add(good)
	f.Add([]byte(`{"id":"AA","rawId":"AA","type":"public-key","response":{"attestationObject":"o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVgA","clientDataJSON":"e30"}}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		if _, err := rp.Verify(holder, keys, c, answer); !fault.Is(err, fault.Denied) {
			t.Errorf("%q: %v", answer, err)
		}
		if made, err := rp.Created(holder, begun, answer); err != nil && !fault.Is(err, fault.Denied) || len(made.ID) > maxCredentialID {
			t.Errorf("%q: %v", answer, err)
		}
	})
}
