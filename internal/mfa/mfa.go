// Package mfa is the second factors of people of a directory: their devices, when
// one is asked for, and the browsers that they trust (behaviours.md 6.7, G-52 to
// G-55).
//
// It owns the rules. What a code or a passkey proves is credential's, the settings
// are access's, the pages signin's. Root users and IAM users have devices of
// another kind, which are iam's.
package mfa

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"sekisho/internal/access"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/fault"
)

// How many devices a person has at most (behaviours.md 6.7).
const (
	MaxDevices = 8
	MaxApps    = 2 // of them authenticator apps
)

// MaxName is the longest name of a device, in characters.
const MaxName = 128

// Device is a second factor of one person.
type Device struct {
	ID              string // UUID
	User            string
	Name            string // chosen by the person or an administrator; one's devices have different names
	Kind            access.MFAType
	credential.TOTP                    // of an authenticator app
	Passkey         credential.Passkey // of a security key or built-in authenticator
	CreatedAt       time.Time
	LastUsedAt      time.Time // zero for never
}

// Store keeps devices and trusted browsers of people.
type Store interface {
	// PersonDevices returns a person's devices, oldest first.
	PersonDevices(user string) ([]Device, error)
	// PersonDeviceByPasskey returns the device with that credential
	// ([credential.Passkey.Fingerprint]), whoever has it, or NotFound.
	PersonDeviceByPasskey(fingerprint string) (Device, error)
	// PutPersonDevice creates or replaces it.
	PutPersonDevice(d Device) error
	// DeletePersonDevice is NotFound if there is none.
	DeletePersonDevice(id string) error

	// TrustedBrowser returns the one known by the hash, or NotFound. Those of a person
	// go with the end of all of that person's sessions ([session.Store.EndSessionsOf]):
	// with the password that they were trusted after, and with the person.
	TrustedBrowser(hash string) (TrustedBrowser, error)
	PutTrustedBrowser(b TrustedBrowser) error
	// DropTrustedBrowsers forgets all of a person's.
	DropTrustedBrowsers(user string) error
}

// Tx is what the rules need kept.
type Tx interface {
	Store
	credential.Store
	// SpendOnce is a Conflict if the hash was spent before.
	SpendOnce(hash string, expires time.Time) error
}

// List is a person's devices, by what they prove themselves with.
type List []Device

// Devices returns a person's devices, oldest first.
func Devices(tx Store, u directory.User) (List, error) {
	all, err := tx.PersonDevices(u.ID)
	return all, err
}

// Of are those of one kind.
func (l List) Of(k access.MFAType) List {
	var out List
	for _, d := range l {
		if d.Kind == k {
			out = append(out, d)
		}
	}
	return out
}

// Passkeys are the credentials of those that have one.
func (l List) Passkeys() []credential.Passkey {
	var out []credential.Passkey
	for _, d := range l.Of(access.WebAuthn) {
		out = append(out, d.Passkey)
	}
	return out
}

// Find is the device of that id, or NotFound.
func (l List) Find(id string) (Device, error) {
	for _, d := range l {
		if d.ID == id {
			return d, nil
		}
	}
	return Device{}, fault.New(fault.NotFound, "no-mfa-device", "The user has no MFA device of this id.")
}

// MayAdd is the fault that refuses the person a device of that kind: Conflict if the
// instance's settings do not allow the kind, Limit if there are too many.
func (l List) MayAdd(settings access.MFA, k access.MFAType) error {
	allowed := false
	for _, t := range settings.Types {
		allowed = allowed || t == k
	}
	switch {
	case !allowed:
		return fault.New(fault.Conflict, "mfa-type", "MFA devices of this type cannot be registered.")
	case len(l) >= MaxDevices:
		return fault.New(fault.Limit, "mfa-devices", "A user can have at most %d MFA devices.", MaxDevices)
	case k == access.TOTP && len(l.Of(k)) >= MaxApps:
		return fault.New(fault.Limit, "mfa-apps", "A user can have at most %d authenticator apps.", MaxApps)
	}
	return nil
}

// named is Invalid, or AlreadyExists, unless the device of that id may have the name.
func (l List) named(id, name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	for _, d := range l {
		if d.ID != id && strings.EqualFold(d.Name, name) {
			return fault.New(fault.AlreadyExists, "device-name", "The user has an MFA device of this name.")
		}
	}
	return nil
}

// CheckName is Invalid unless a device may have the name: 1 to MaxName printing
// characters, without spaces around.
func CheckName(name string) error {
	n := utf8.RuneCountInString(name)
	printing := strings.IndexFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
	if n == 0 || n > MaxName || !utf8.ValidString(name) || !printing || strings.TrimSpace(name) != name {
		return fault.New(fault.Invalid, "device-name", "A device name has 1 to %d characters.", MaxName)
	}
	return nil
}

// add gives an enabled person a device that was just proved.
func add(tx Tx, settings access.MFA, u directory.User, d Device, now time.Time) (Device, error) {
	if err := u.Enabled(); err != nil {
		return d, err
	}
	have, err := Devices(tx, u)
	if err != nil {
		return d, err
	}
	if err := have.MayAdd(settings, d.Kind); err != nil {
		return d, err
	}
	if err := have.named("", d.Name); err != nil {
		return d, err
	}
	d.ID, d.User, d.CreatedAt = uuid.NewString(), u.ID, now
	return d, tx.PutPersonDevice(d)
}

// Rename calls a device of an enabled person something else.
func Rename(tx Store, u directory.User, id, name string) error {
	if err := u.Enabled(); err != nil {
		return err
	}
	have, err := Devices(tx, u)
	if err != nil {
		return err
	}
	d, err := have.Find(id)
	if err != nil {
		return err
	}
	if err := have.named(id, name); err != nil {
		return err
	}
	d.Name = name
	return tx.PutPersonDevice(d)
}

// Delete takes a device from a person, and with it the trust in all browsers: they
// may have been trusted by it. It returns what was deleted.
func Delete(tx Store, u directory.User, id string) (Device, error) {
	have, err := Devices(tx, u)
	if err != nil {
		return Device{}, err
	}
	d, err := have.Find(id)
	if err != nil {
		return d, err
	}
	if err := tx.DeletePersonDevice(id); err != nil {
		return d, err
	}
	return d, tx.DropTrustedBrowsers(u.ID)
}

// AddPasskey gives an enabled person a passkey or security key that was just
// registered. It is AlreadyExists of reason "passkey-taken" if anybody has the
// credential, or "device-name"; Limit or Conflict as [List.MayAdd] says.
func AddPasskey(tx Tx, settings access.MFA, u directory.User, name string, k credential.Passkey, now time.Time) (Device, error) {
	_, err := tx.PersonDeviceByPasskey(k.Fingerprint())
	if err == nil {
		return Device{}, fault.New(fault.AlreadyExists, "passkey-taken", "The passkey or security key is registered already.")
	}
	if !fault.Is(err, fault.NotFound) {
		return Device{}, err
	}
	return add(tx, settings, u, Device{Name: name, Kind: access.WebAuthn, Passkey: k}, now)
}

// PasskeyOwner is the person as authenticators know them; portal is the name of the
// person's portal.
func PasskeyOwner(u directory.User, portal string) credential.PasskeyOwner {
	return credential.PasskeyOwner{Owner: people.OwnerOf(u), Name: u.UserName + " @ " + portal, DisplayName: u.DisplayName}
}
