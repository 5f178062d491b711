package mfa

import (
	"time"

	"sekisho/internal/access"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/fault"
)

var (
	errCode     = fault.New(fault.Denied, "mfa-code", "The MFA code is not valid.")
	errReplayed = fault.New(fault.Denied, "passkey-replayed", "The passkey or security key could not be verified.")
)

// Tries is what single codes of the person's are counted under: apart on a device on
// which the person signed in before (its random mark, or ""), so that who knows the
// password and guesses elsewhere does not keep the owner out of it.
func Tries(u directory.User, knownDevice string) credential.Key {
	if knownDevice != "" {
		return credential.DeviceKey(people.OwnerOf(u), "mfa/"+knownDevice)
	}
	return credential.CodeKey("person-mfa/" + u.ID)
}

// VerifyCode uses up a code of any of the person's authenticator apps: nobody is asked
// which. It is Denied when the code is wrong or was used before, and Throttled
// when there were too many under tries. The caller commits its transaction also when a
// code was refused, which counts it.
func VerifyCode(tx Tx, u directory.User, code string, tries credential.Key, now time.Time) (Device, error) {
	all, err := Devices(tx, u)
	if err != nil {
		return Device{}, err
	}
	counted := []credential.Key{tries}
	if err := credential.Reserve(tx, counted, now); err != nil {
		return Device{}, err
	}
	for _, d := range all.Of(access.TOTP) {
		var ok bool
		if d.TOTP, ok = d.Verify(code, now, credential.CodeWindow); ok {
			if err := used(tx, &d, now); err != nil {
				return d, err
			}
			return d, credential.Succeeded(tx, counted)
		}
	}
	return Device{}, errCode
}

// VerifyCodes takes two codes one after the other and sets the app's clock right
// (M-49). They cannot be guessed, so that they help also when others used up the tries
// at single codes, which are given back.
func VerifyCodes(tx Tx, u directory.User, code1, code2 string, tries credential.Key, now time.Time) (Device, error) {
	all, err := Devices(tx, u)
	if err != nil {
		return Device{}, err
	}
	for _, d := range all.Of(access.TOTP) {
		var ok bool
		if d.TOTP, ok = d.VerifyPair(code1, code2, now); ok {
			if err := used(tx, &d, now); err != nil {
				return d, err
			}
			return d, credential.Succeeded(tx, []credential.Key{tries, Tries(u, "")})
		}
	}
	return Device{}, errCode
}

// VerifyPasskey checks what a browser answered to a ceremony of rp.Get for the
// person's passkeys, whose challenge it uses up; until is when the page with it
// expires. It is Denied, of reason credential.PasskeyCloned if there seem to be two of
// the key; then too the caller commits.
func VerifyPasskey(tx Tx, rp *credential.RelyingParty, u directory.User, c credential.Ceremony, answer []byte, until, now time.Time) (Device, error) {
	if rp == nil || !c.Begun() {
		return Device{}, errReplayed
	}
	if err := SpendChallenge(tx, c, until); err != nil {
		return Device{}, err
	}
	all, err := Devices(tx, u)
	if err != nil {
		return Device{}, err
	}
	key, err := rp.Verify(PasskeyOwner(u, ""), all.Passkeys(), c, answer)
	if err != nil {
		return Device{}, err
	}
	for _, d := range all.Of(access.WebAuthn) {
		if d.Passkey.Fingerprint() == key.Fingerprint() {
			d.Passkey = key
			return d, used(tx, &d, now)
		}
	}
	return Device{}, errReplayed
}

// SpendChallenge uses up the challenge of a page, whatever was answered: Denied if it
// was used before.
func SpendChallenge(tx Tx, c credential.Ceremony, until time.Time) error {
	err := tx.SpendOnce(c.Spent(), until)
	if fault.Is(err, fault.Conflict) {
		return errReplayed.Wrap(err)
	}
	return err
}

func used(tx Store, d *Device, now time.Time) error {
	d.LastUsedAt = now
	return tx.PutPersonDevice(*d)
}
