package iam

import (
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
)

// maxDeviceName is how long the name of a passkey or security key may be; with it
// no serial number is longer than maxSerial.
const maxDeviceName = 128

// PasskeyOwner is the holder as authenticators know them. accountName is the
// account's alias or id; email is the root user's address.
func (h Holder) PasskeyOwner(accountName, email string) credential.PasskeyOwner {
	if h.Root() {
		return credential.PasskeyOwner{Owner: h.Password(), Name: email + " (root, " + accountName + ")", DisplayName: email}
	}
	return credential.PasskeyOwner{Owner: h.Password(), Name: h.User.Name + " @ " + accountName, DisplayName: h.User.Name}
}

// CheckDeviceName is Invalid unless a passkey or security key may have the name.
func CheckDeviceName(name string) error {
	if len(name) > maxDeviceName || !namePattern.MatchString(name) {
		return fault.New(fault.Invalid, "device-name", "The device name must be 1 to %d of letters, digits and _+=,.@-", maxDeviceName)
	}
	return nil
}

// MayAddDevice is the fault that refuses the holder one more device of that name:
// Limit when there are eight, of any kinds, AlreadyExists when the account has one
// of that name.
func MayAddDevice(tx CredentialStore, h Holder, name string) error {
	if err := CheckDeviceName(name); err != nil {
		return err
	}
	have, err := tx.MFADevicesOf(h.Account, h.User.ID)
	if err != nil {
		return err
	}
	if len(have) >= maxMFADevices {
		return exceeds("MFADevicesPerUser", maxMFADevices)
	}
	_, err = tx.PasskeyNamed(h.Account, name)
	if fault.Is(err, fault.NotFound) {
		_, err = tx.MFADevice(arn.MFA(h.Account, "/", name))
	}
	if err == nil {
		return fault.New(fault.AlreadyExists, "device-name", "The account has an MFA device of the name %s already.", name)
	}
	return ignoreNotFound(err)
}

// EnablePasskey gives the holder a passkey or security key that was just
// registered. It is AlreadyExists of reason "passkey-taken" when anybody has the
// credential, and fails as MayAddDevice does.
func EnablePasskey(tx CredentialStore, now time.Time, h Holder, name string, k credential.Passkey) (MFADevice, error) {
	if err := MayAddDevice(tx, h, name); err != nil {
		return MFADevice{}, err
	}
	_, err := tx.PasskeyOf(k.Fingerprint())
	if err == nil {
		err = fault.New(fault.AlreadyExists, "passkey-taken", "The passkey or security key is registered already.")
	}
	if err := ignoreNotFound(err); err != nil {
		return MFADevice{}, err
	}
	d := MFADevice{
		Serial: arn.U2F(h.Account, h.User.Name, name), Account: h.Account, Kind: FIDO, Name: name, Passkey: k,
		User: h.User.ID, EnabledAt: now, CreatedAt: now,
	}
	return d, tx.PutMFADevice(d)
}

func ignoreNotFound(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// Devices are the second factors of one holder, by what they prove themselves with.
type Devices []MFADevice

// Of are those of one kind.
func (ds Devices) Of(k MFAKind) Devices {
	var out Devices
	for _, d := range ds {
		if d.Kind == k {
			out = append(out, d)
		}
	}
	return out
}

// Passkeys are those that are passkeys and security keys.
func (ds Devices) Passkeys() []credential.Passkey {
	var out []credential.Passkey
	for _, d := range ds.Of(FIDO) {
		out = append(out, d.Passkey)
	}
	return out
}
