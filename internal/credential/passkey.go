package credential

import (
	"crypto/sha256"
	"encoding/json"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"sekisho/internal/fault"
)

// MaxPasskeyAnswer bounds what a browser sends of a ceremony, in bytes: credential
// ids have at most 1,023, public keys and client data a few hundred more.
const MaxPasskeyAnswer = 16 << 10

// Passkey is a public key credential (WebAuthn level 3, "credential record") of a
// security key, a device or a password manager.
type Passkey struct {
	ID        []byte   `json:"id"`        // as the authenticator chose it, at most 1,023 bytes
	PublicKey []byte   `json:"publicKey"` // COSE_Key
	SignCount uint32   `json:"signCount"` // of the last use; 0 from authenticators that do not count
	AAGUID    []byte   `json:"aaguid"`    // the model, as it says itself; zeros if it does not
	Transport []string `json:"transport,omitempty"`
	// Flags are the authenticator's at registration: whether the credential can be
	// and is backed up, which may not change from one kind to the other.
	Flags  byte   `json:"flags"`
	Format string `json:"format"` // of its attestation: "none" unless it insisted
}

// Fingerprint is by what a credential is found again: no two owners may have one
// with the same id.
func (p Passkey) Fingerprint() string { return hashOf("passkey", string(p.ID)) }

// PasskeyOwner is who registers or uses passkeys, as authenticators show them.
type PasskeyOwner struct {
	Owner
	Name        string // distinguishes the owner's accounts in lists: user name or e-mail address, and the account
	DisplayName string
}

// handle is the user handle: it tells nothing about the owner (WebAuthn 14.6.1).
func (o PasskeyOwner) handle() []byte {
	sum := sha256.Sum256([]byte("passkey-owner\x00" + string(o.Kind) + "\x00" + o.ID))
	return sum[:]
}

// Ceremony is what of a registration or an assertion has to be known when the
// browser answers. It may be kept by the browser if nobody can change it there.
// Whoever accepts an answer spends Challenge in the same transaction: each is good
// once.
type Ceremony struct {
	Challenge string   `cbor:"1,keyasint"` // base64url of 256 random bits
	Allowed   [][]byte `cbor:"2,keyasint,omitempty"`
}

// Begun reports whether there is a ceremony at all.
func (c Ceremony) Begun() bool { return c.Challenge != "" }

// Spent is under what a used challenge is remembered.
func (c Ceremony) Spent() string { return hashOf("passkey-challenge", c.Challenge) }

// RelyingParty begins and checks ceremonies for one host.
type RelyingParty struct{ web *webauthn.WebAuthn }

// NewRelyingParty is for pages of one origin ("https://signin.example.com"), whose
// host name, without port, is the id. name is what authenticators show.
func NewRelyingParty(id, name, origin string) (*RelyingParty, error) {
	w, err := webauthn.New(&webauthn.Config{
		RPID: id, RPDisplayName: name, RPOrigins: []string{origin},
		// Nothing depends on the maker: no attestation is asked for, so that
		// authenticators need not tell which device it is.
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			// What can be a passkey should be one; any security key will do.
			// The password was given before: the key proves presence.
			ResidentKey:      protocol.ResidentKeyRequirementPreferred,
			UserVerification: protocol.VerificationPreferred,
		},
	})
	if err != nil {
		return nil, err
	}
	return &RelyingParty{web: w}, nil
}

// person is an owner with their passkeys, as the library wants them.
type person struct {
	PasskeyOwner
	keys []Passkey
}

func (p person) WebAuthnID() []byte          { return p.handle() }
func (p person) WebAuthnName() string        { return p.Name }
func (p person) WebAuthnDisplayName() string { return p.DisplayName }
func (p person) WebAuthnCredentials() []webauthn.Credential {
	out := make([]webauthn.Credential, len(p.keys))
	for i, k := range p.keys {
		out[i] = webauthn.Credential{
			ID: k.ID, PublicKey: k.PublicKey, AttestationFormat: k.Format,
			Flags:         webauthn.NewCredentialFlags(protocol.AuthenticatorFlags(k.Flags)),
			Authenticator: webauthn.Authenticator{AAGUID: k.AAGUID, SignCount: k.SignCount},
		}
		for _, t := range k.Transport {
			out[i].Transport = append(out[i].Transport, protocol.AuthenticatorTransport(t))
		}
	}
	return out
}

// Create begins a registration. options is the JSON form of the publicKey member
// (PublicKeyCredentialCreationOptionsJSON); authenticators that hold one of have
// refuse it.
func (rp *RelyingParty) Create(who PasskeyOwner, have []Passkey) (options []byte, c Ceremony, err error) {
	p := person{who, have}
	creation, data, err := rp.web.BeginRegistration(p, webauthn.WithExclusions(webauthn.Credentials(p.WebAuthnCredentials()).CredentialDescriptors()))
	if err != nil {
		return nil, c, err
	}
	options, err = json.Marshal(creation.Response)
	return options, Ceremony{Challenge: data.Challenge}, err
}

// Created checks the browser's answer (RegistrationResponseJSON) to Create and
// returns the new passkey. Everything that is wrong with it is a Denied fault of
// reason "passkey-invalid". Whether somebody has the credential already is the
// caller's to ask.
func (rp *RelyingParty) Created(who PasskeyOwner, c Ceremony, answer []byte) (k Passkey, err error) {
	if len(answer) > MaxPasskeyAnswer || !c.Begun() {
		return k, errPasskey
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return k, errPasskey.Wrap(explained(err))
	}
	data := webauthn.SessionData{
		Challenge: c.Challenge, RelyingPartyID: rp.web.Config.RPID, UserID: who.handle(),
		UserVerification: rp.web.Config.AuthenticatorSelection.UserVerification, CredParams: webauthn.CredentialParametersDefault(),
	}
	made, err := rp.web.CreateCredential(person{who, nil}, data, parsed)
	if err != nil {
		return k, errPasskey.Wrap(explained(err))
	}
	if len(made.ID) > maxCredentialID {
		return k, errPasskey
	}
	k = Passkey{
		ID: made.ID, PublicKey: made.PublicKey, SignCount: made.Authenticator.SignCount, AAGUID: made.Authenticator.AAGUID,
		Flags: byte(made.Flags.ProtocolValue()), Format: made.AttestationFormat,
	}
	for _, t := range made.Transport {
		// Hints for the browser, which sent them: kept only if they are what they should be.
		if len(k.Transport) < maxTransports && len(t) <= maxTransport {
			k.Transport = append(k.Transport, string(t))
		}
	}
	return k, nil
}

const (
	maxCredentialID = 1023 // bytes (WebAuthn 4, "Credential ID")
	maxTransports   = 8
	maxTransport    = 32 // bytes
)

// Get begins an assertion by any of keys. options is the JSON form of the publicKey
// member (PublicKeyCredentialRequestOptionsJSON).
func (rp *RelyingParty) Get(who PasskeyOwner, keys []Passkey) (options []byte, c Ceremony, err error) {
	assertion, data, err := rp.web.BeginLogin(person{who, keys})
	if err != nil {
		return nil, c, err
	}
	options, err = json.Marshal(assertion.Response)
	return options, Ceremony{Challenge: data.Challenge, Allowed: data.AllowedCredentialIDs}, err
}

// Verify checks the browser's answer (AuthenticationResponseJSON) to Get: that one
// of keys, which the ceremony was for, signed this challenge for this host with
// somebody present. It returns that key as it has to be kept. Everything that is
// wrong is a Denied fault: of reason PasskeyCloned if the key's counter went back,
// and otherwise "passkey-invalid".
func (rp *RelyingParty) Verify(who PasskeyOwner, keys []Passkey, c Ceremony, answer []byte) (k Passkey, err error) {
	if len(answer) > MaxPasskeyAnswer || !c.Begun() || len(c.Allowed) == 0 {
		return k, errPasskey
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return k, errPasskey.Wrap(explained(err))
	}
	data := webauthn.SessionData{
		Challenge: c.Challenge, RelyingPartyID: rp.web.Config.RPID, UserID: who.handle(), AllowedCredentialIDs: c.Allowed,
		UserVerification: rp.web.Config.AuthenticatorSelection.UserVerification,
	}
	used, err := rp.web.ValidateLogin(person{who, keys}, data, parsed)
	if err != nil {
		return k, errPasskey.Wrap(explained(err))
	}
	if used.Authenticator.CloneWarning {
		return k, errCloned
	}
	for _, k = range keys {
		if string(k.ID) == string(used.ID) {
			k.SignCount, k.Flags = used.Authenticator.SignCount, byte(used.Flags.ProtocolValue())
			return k, nil
		}
	}
	return k, errPasskey
}

// PasskeyCloned is the reason why a key is refused of which there seem to be two.
const PasskeyCloned = "passkey-cloned"

var (
	errPasskey = fault.New(fault.Denied, "passkey-invalid", "The passkey or security key could not be verified.")
	errCloned  = fault.New(fault.Denied, PasskeyCloned, "The passkey or security key could not be verified.")
)

// explained adds what the library says to developers only: for logs.
func explained(err error) error {
	if e, ok := err.(*protocol.Error); ok { //nolint:errorlint // the library returns it bare
		return fault.New(fault.Denied, e.Type, "%s %s", e.Details, e.DevInfo)
	}
	return err
}
