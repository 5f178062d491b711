package iam

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
)

// MFAKind is the kind of an MFA device.
type MFAKind string

// The kinds. Hardware TOTP tokens have seeds that only their maker knows.
const (
	VirtualMFA MFAKind = "virtual"
	FIDO       MFAKind = "fido"
)

// MFADevice is a second factor of an IAM user or root user.
type MFADevice struct {
	Serial          string // its ARN
	Account         string
	Kind            MFAKind
	credential.TOTP // of VirtualMFA
	// Of FIDO: what its owner calls it, unique among the account's of that kind, and
	// its credential.
	Name    string
	Passkey credential.Passkey
	// EnabledAt is when the device was assigned; zero while it is not.
	EnabledAt time.Time
	// User is the IAM user id of whom it is assigned to; "" is the root user.
	User      string
	Tags      []Tag
	CreatedAt time.Time
}

// Assigned reports whether the device is somebody's.
func (d MFADevice) Assigned() bool { return !d.EnabledAt.IsZero() }

// maxMFADevices is how many devices of any kind an IAM user or root user has at
// most (behaviours.md 1.5).
const maxMFADevices = 8

// CreateVirtualMFADevice makes a device that nobody has yet. Its seed is told
// this once.
func CreateVirtualMFADevice(tx Store, now time.Time, account, path, name string, tags []Tag) (MFADevice, error) {
	d := MFADevice{Serial: arn.MFA(account, path, name), Account: account, Kind: VirtualMFA, CreatedAt: now}
	if len(d.Serial) > maxSerial {
		return d, fault.New(fault.Invalid, "validation", "The path and name of the MFA device are longer than its serial number can be.")
	}
	_, err := tx.MFADevice(d.Serial)
	if err == nil {
		return d, fault.New(fault.AlreadyExists, "mfa-device", "MFADevice entity at the same path and name already exists.")
	}
	if !fault.Is(err, fault.NotFound) {
		return d, err
	}
	if err := WithinQuota(tx, account, MFADevices); err != nil {
		return d, err
	}
	if d.Tags, err = SetTags(nil, tags, false); err != nil {
		return d, err
	}
	d.Seed = credential.NewSeed()
	return d, tx.PutMFADevice(d)
}

// maxSerial is the longest serial number that operations take.
const maxSerial = 256

// Enrolment is the text of the device's QR code, a secret (behaviours.md 5.5).
// account is the user's name or the account's id.
func (d MFADevice) Enrolment(account string) string {
	name := d.Serial[strings.LastIndexByte(d.Serial, '/')+1:]
	return "otpauth://totp/" + url.PathEscape(name+"@"+account) + "?secret=" + url.QueryEscape(d.Seed.Reveal())
}

// MFADeviceOf is the virtual device of the account with that serial number. Passkeys
// and security keys are nobody's only before they are registered: what is done with
// devices that wait to be assigned, and with their tags, is not for them.
func MFADeviceOf(tx CredentialStore, account, serial string) (MFADevice, error) {
	return mfaDevice(tx, account, serial, VirtualMFA)
}

// mfaDevice is the account's device of one of those kinds.
func mfaDevice(tx CredentialStore, account, serial string, kinds ...MFAKind) (MFADevice, error) {
	d, err := tx.MFADevice(serial)
	if err == nil && (d.Account != account || !slices.Contains(kinds, d.Kind)) {
		err = fault.New(fault.NotFound, "mfa-device-of-another", "")
	}
	if err != nil {
		return MFADevice{}, missing(err, "MFA Device with serial number %s does not exist.", serial)
	}
	return d, nil
}

// MFADeviceAssigned is the device of that serial number that the owner has.
func MFADeviceAssigned(tx CredentialStore, h Holder, serial string) (MFADevice, error) {
	d, err := mfaDevice(tx, h.Account, serial, VirtualMFA, FIDO)
	if err == nil && (!d.Assigned() || d.User != h.User.ID) {
		err = fault.New(fault.NotFound, "mfa-device-not-assigned", "MFA Device invalid for user.")
	}
	return d, err
}

// EnableMFADevice assigns the device to the owner, who proves to have it by two
// codes that it shows one after the other.
func EnableMFADevice(tx SecretStore, now time.Time, h Holder, serial, code1, code2 string) error {
	d, err := MFADeviceOf(tx, h.Account, serial)
	if err != nil {
		return err
	}
	if d.Assigned() {
		return fault.New(fault.AlreadyExists, "mfa-device-assigned", "MFA Device is already in use.")
	}
	have, err := tx.MFADevicesOf(h.Account, h.User.ID)
	if err != nil {
		return err
	}
	if len(have) >= maxMFADevices {
		return exceeds("MFADevicesPerUser", maxMFADevices)
	}
	d.User, d.EnabledAt = h.User.ID, now
	return proven(tx, d, code1, code2, now)
}

// ResyncMFADevice learns how far the device's clock is off from two codes that
// it shows one after the other.
func ResyncMFADevice(tx SecretStore, now time.Time, h Holder, serial, code1, code2 string) error {
	d, err := MFADeviceAssigned(tx, h, serial)
	if err != nil {
		return err
	}
	return proven(tx, d, code1, code2, now)
}

// proven keeps the device if the codes are its own. Whoever shows two of them
// has it: what was guessed before counts no more.
func proven(tx SecretStore, d MFADevice, code1, code2 string, now time.Time) error {
	var ok bool
	if d.TOTP, ok = d.VerifyPair(code1, code2, now); !ok || d.Kind != VirtualMFA {
		return fault.New(fault.Denied, reasonPair, "Authentication code for device is not valid.")
	}
	if err := tx.PutMFADevice(d); err != nil {
		return err
	}
	return credential.Succeeded(tx, []credential.Key{credential.CodeKey(d.Serial)})
}

// reasonPair is the reason why two codes were refused.
const reasonPair = "invalid-authentication-code"

// DeactivateMFADevice takes the device from its owner. A virtual one is then
// nobody's, with the same seed.
func DeactivateMFADevice(tx CredentialStore, h Holder, serial string) error {
	d, err := MFADeviceAssigned(tx, h, serial)
	if err != nil {
		return err
	}
	if d.Kind != VirtualMFA {
		return tx.DeleteMFADevice(serial)
	}
	d.User, d.EnabledAt = "", time.Time{}
	return tx.PutMFADevice(d)
}

// DeleteVirtualMFADevice removes a device that nobody has.
func DeleteVirtualMFADevice(tx CredentialStore, account, serial string) error {
	d, err := MFADeviceOf(tx, account, serial)
	if err != nil {
		return err
	}
	if d.Assigned() {
		return fault.New(fault.Conflict, "mfa-device-assigned", "MFA VirtualDevice in use. Must deactivate first.")
	}
	return tx.DeleteMFADevice(serial)
}

// mfaDevicesHold keeps a user who has some from being deleted.
func mfaDevicesHold(tx Store, u User) error {
	held, err := tx.MFADevicesOf(u.Account, u.ID)
	return holds(len(held), err, "must delete MFA device first")
}

// The ways in which a second factor fails to be one (behaviours.md 4.2).
var (
	errMFAPair   = fault.New(fault.Denied, "mfa-serial", "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.")
	errMFASerial = fault.New(fault.Denied, "mfa-serial",
		"MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.")
	errMFACode = fault.New(fault.Denied, "mfa-code", "MultiFactorAuthentication failed with invalid MFA one time pass code.")
)

// VerifyMFA uses up the code of a device that the IAM user, or the root user for
// "", has. It fails with Denied of reason "mfa-serial" when there is no such
// device and "mfa-code" when the code is wrong or was used before, and
// with Throttled when there were too many tries. Codes are easy to guess: the
// caller commits its transaction also when a code was refused, which counts it.
func VerifyMFA(tx SecretStore, now time.Time, account, user, serial, code string) error {
	if serial == "" || code == "" {
		return errMFAPair
	}
	d, err := MFADeviceAssigned(tx, Holder{Account: account, User: User{ID: user}}, serial)
	if fault.Is(err, fault.NotFound) {
		return errMFASerial.Wrap(err)
	}
	if err != nil {
		return err
	}
	if d.Kind != VirtualMFA { // keys have no codes
		return errMFASerial
	}
	tries := []credential.Key{credential.CodeKey(serial)}
	if err := credential.Reserve(tx, tries, now); err != nil {
		return err
	}
	var ok bool
	if d.TOTP, ok = d.Verify(code, now, credential.CodeWindow); !ok {
		return errMFACode
	}
	if err := tx.PutMFADevice(d); err != nil {
		return err
	}
	return credential.Succeeded(tx, tries)
}

// VerifyCode is VerifyMFA at sign-in, where nobody is asked which device a code is
// of: any authenticator of the owner's will do (behaviours.md 5.5). It returns the
// one that it was of, and fails as VerifyMFA does.
func VerifyCode(tx SecretStore, now time.Time, account, user, code string) (MFADevice, error) {
	return ofAny(tx, account, user, func(devices []MFADevice) (MFADevice, error) {
		tries := codeKeys(devices)
		if err := credential.Reserve(tx, tries, now); err != nil {
			return MFADevice{}, err
		}
		for _, d := range devices {
			var ok bool
			if d.TOTP, ok = d.Verify(code, now, credential.CodeWindow); ok {
				if err := tx.PutMFADevice(d); err != nil {
					return d, err
				}
				return d, credential.Succeeded(tx, tries)
			}
		}
		return MFADevice{}, errMFACode
	})
}

// VerifyCodes is VerifyCode by two codes one after the other, and sets the device's
// clock right as ResyncMFADevice does. They cannot be guessed, so that it helps also
// when others used up the tries at single codes, which count under every device:
// those of all are given back.
func VerifyCodes(tx SecretStore, now time.Time, account, user, code1, code2 string) (MFADevice, error) {
	return ofAny(tx, account, user, func(devices []MFADevice) (MFADevice, error) {
		for _, d := range devices {
			err := proven(tx, d, code1, code2, now)
			if err == nil {
				return d, credential.Succeeded(tx, codeKeys(devices))
			}
			if fault.ReasonOf(err) != reasonPair {
				return d, err
			}
		}
		return MFADevice{}, errMFACode
	})
}

// codeKeys is what single codes of any of the devices count under.
func codeKeys(devices []MFADevice) (tries []credential.Key) {
	for _, d := range devices {
		tries = append(tries, credential.CodeKey(d.Serial))
	}
	return tries
}

func ofAny(tx SecretStore, account, user string, verify func([]MFADevice) (MFADevice, error)) (MFADevice, error) {
	all, err := tx.MFADevicesOf(account, user)
	if err != nil {
		return MFADevice{}, err
	}
	devices := Devices(all).Of(VirtualMFA)
	if len(devices) == 0 {
		return MFADevice{}, errMFASerial
	}
	return verify(devices)
}
