package iam

import (
	"sekisho/internal/account"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// CredentialStore keeps what IAM users and root users prove themselves with,
// beside access keys and passwords.
type CredentialStore interface {
	// MFADevice returns the device by its serial number, or NotFound.
	MFADevice(serial string) (MFADevice, error)
	// MFADevices pages through the account's virtual devices, in order of serial
	// number.
	MFADevices(account string, which Assignment, p page.Request) (page.Page[MFADevice], error)
	// MFADevicesOf returns the devices that are assigned to the user, or to the
	// root user for "", in order of serial number; quotas keep them few.
	MFADevicesOf(account, user string) ([]MFADevice, error)
	// PutMFADevice creates or replaces by serial number. Seeds and credentials are
	// stored encrypted.
	PutMFADevice(d MFADevice) error
	DeleteMFADevice(serial string) error
	// PasskeyNamed returns the account's device of kind FIDO with that name, and
	// PasskeyOf anybody's with a credential of that fingerprint, or NotFound.
	PasskeyNamed(account, name string) (MFADevice, error)
	PasskeyOf(fingerprint string) (MFADevice, error)

	// PasswordPolicy returns the policy that the account has set, or NotFound.
	PasswordPolicy(account string) (PasswordPolicy, error)
	PutPasswordPolicy(p PasswordPolicy) error
	DeletePasswordPolicy(account string) error

	// Password is credential.Store's: a user with a password cannot be deleted.
	Password(o credential.Owner) (credential.Password, error)
}

// SecretStore is what the rules of passwords and codes need: the throttle and
// the passwords are credential's.
type SecretStore interface {
	Store
	account.Store
	credential.Store
}

// Assignment narrows MFADevices.
type Assignment uint8

// The devices that can be asked for.
const (
	Any Assignment = iota
	Assigned
	Unassigned
)

// Holder is whose credentials an operation is about: an IAM user of the account,
// or its root user.
type Holder struct {
	Account string
	User    User // zero for the root user
}

// Root reports whether it is the root user.
func (h Holder) Root() bool { return h.User.ID == "" }

// Password names the owner's password in the credential store.
func (h Holder) Password() credential.Owner {
	if h.Root() {
		return credential.Owner{Kind: credential.RootUser, ID: h.Account}
	}
	return PasswordOf(h.User.ID)
}

// PasswordOf names the password of the IAM user with that id.
func PasswordOf(user string) credential.Owner {
	return credential.Owner{Kind: credential.IAMUser, ID: user}
}

// HolderNamed is the IAM user of that name, or the root user for "".
func HolderNamed(tx Store, account, name string) (h Holder, err error) {
	h.Account = account
	if name != "" {
		h.User, err = FindUser(tx, account, name)
	}
	return h, err
}

// missing puts AWS's words on a NotFound fault; other errors pass.
func missing(err error, format string, args ...any) error {
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	return fault.New(fault.NotFound, fault.ReasonOf(err), format, args...).Wrap(err)
}
