package mfa

import (
	"encoding/base64"
	"net/url"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/skip2/go-qrcode"

	"sekisho/internal/access"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/secret"
)

const (
	// EnrolmentLife is how long after its seed was told an authenticator app can be
	// registered.
	EnrolmentLife = 30 * time.Minute

	issuer   = "AWS IAM Identity Center" // what apps show above the codes
	qrPixels = 256                       // width of QR codes

	// maxRegistration bounds a sealed registration, in characters.
	maxRegistration = 4096
)

// Enrolment is an authenticator app that is being registered: what the person has to
// give it, all of it secret. Nothing is kept until it showed a code.
type Enrolment struct {
	Registration secret.String // sealed: what CompleteTOTP wants
	Seed         secret.String // base32, to be typed into an app
	URL          secret.String // otpauth://totp/…, what the QR code says
	QR           []byte        // PNG; a secret too
}

// enrolment is what of it is sealed.
type enrolment struct {
	ID   string    `cbor:"1,keyasint"`
	User string    `cbor:"2,keyasint"`
	Seed string    `cbor:"3,keyasint"`
	At   time.Time `cbor:"4,keyasint"`
}

var errEnrolment = fault.New(fault.Expired, "registration-expired", "The registration has expired. Start again.")

// StartTOTP draws the seed of an authenticator app for the person.
func StartTOTP(ring *keys.Ring, u directory.User, now time.Time) (Enrolment, error) {
	e := enrolment{ID: secret.Token("", 16).Reveal(), User: u.ID, Seed: credential.NewSeed().Reveal(), At: now}
	raw, err := cbor.Marshal(e)
	if err != nil {
		return Enrolment{}, err
	}
	return e.told(u, base64.RawURLEncoding.EncodeToString(ring.Seal(keys.MFAEnrolment, raw)))
}

// ResumeTOTP is the enrolment of a registration that was begun, to be shown again. It
// is Expired for everything that is no registration of this person.
func ResumeTOTP(ring *keys.Ring, u directory.User, registration string, now time.Time) (Enrolment, error) {
	e, err := openEnrolment(ring, u, registration, now)
	if err != nil {
		return Enrolment{}, err
	}
	return e.told(u, registration)
}

func openEnrolment(ring *keys.Ring, u directory.User, registration string, now time.Time) (e enrolment, err error) {
	if len(registration) > maxRegistration {
		return e, errEnrolment
	}
	sealed, err := base64.RawURLEncoding.DecodeString(registration)
	if err != nil {
		return e, errEnrolment
	}
	raw, err := ring.Open(keys.MFAEnrolment, sealed)
	if err != nil {
		return e, errEnrolment
	}
	if err := cbor.Unmarshal(raw, &e); err != nil || e.User != u.ID || !now.Before(e.At.Add(EnrolmentLife)) {
		return e, errEnrolment
	}
	return e, nil
}

func (e enrolment) told(u directory.User, registration string) (Enrolment, error) {
	// Apps do not read a plus sign as a space, so that the query is written as a path is.
	query := "secret=" + e.Seed + "&issuer=" + url.PathEscape(issuer)
	link := (&url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + u.UserName, RawQuery: query}).String()
	qr, err := qrcode.Encode(link, qrcode.Medium, qrPixels)
	return Enrolment{Registration: secret.NewString(registration), Seed: secret.NewString(e.Seed), URL: secret.NewString(link), QR: qr}, err
}

// CompleteTOTP registers the app of a registration for the person, who proves by a
// code of it that it has the seed. Each registration makes one device. It is Expired
// for a registration that is no good, Denied for a wrong code, and fails as AddPasskey
// does.
func CompleteTOTP(tx Tx, ring *keys.Ring, settings access.MFA, u directory.User, registration, code, name string, now time.Time) (Device, error) {
	e, err := openEnrolment(ring, u, registration, now)
	if err != nil {
		return Device{}, err
	}
	d := Device{Name: name, Kind: access.TOTP}
	var ok bool
	// The code is used up: it is no good at a sign-in after this.
	if d.TOTP, ok = (credential.TOTP{Seed: secret.NewString(e.Seed)}).Verify(code, now, credential.CodeWindow); !ok {
		return Device{}, errCode
	}
	if d, err = add(tx, settings, u, d, now); err != nil {
		return d, err
	}
	err = tx.SpendOnce(secret.NewString("mfa-enrolment\x00"+e.ID).Hash(), e.At.Add(EnrolmentLife))
	if fault.Is(err, fault.Conflict) {
		return Device{}, errEnrolment.Wrap(err)
	}
	if err != nil {
		return d, err
	}
	// Whoever guessed at the codes of another app guessed at nothing of this one.
	return d, credential.Succeeded(tx, []credential.Key{Tries(u, "")})
}
