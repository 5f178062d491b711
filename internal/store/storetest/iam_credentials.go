package storetest

import (
	"fmt"
	"testing"
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/secret"
	"sekisho/internal/store"
)

const credentialAccount = "111122223333"

func testDevice(name string) iam.MFADevice {
	return iam.MFADevice{
		Serial: "arn:aws:iam::" + credentialAccount + ":mfa/" + name, Account: credentialAccount, Kind: iam.VirtualMFA,
		TOTP: credential.TOTP{Seed: secret.NewString("SEEDOF" + name)}, CreatedAt: now,
	}
}

// testIAMMFADevices: devices are read back as they were written, seeds included,
// are found by whose they are, and are counted.
func testIAMMFADevices(t *testing.T, db store.DB) {
	update(t, db, func(tx store.Tx) error { return tx.PutAccount(testAccount(credentialAccount)) })
	count := func(what string, all, inUse int) {
		t.Helper()
		for n, want := range map[iam.Noun]int{iam.MFADevices: all, iam.MFADevicesInUse: inUse} {
			equal(t, what+": "+string(n), get(t, db, func(tx store.Tx) (int, error) { return tx.IAMCount(credentialAccount, n) }), want)
		}
	}
	d := testDevice("a/phone")
	d.Tags, d.Drift, d.LastStep = []iam.Tag{{Key: "b", Value: "1"}, {Key: "a", Value: ""}}, -3, 59_000_000
	d.User, d.EnabledAt = "AIDA1", now
	update(t, db, func(tx store.Tx) error { return tx.PutMFADevice(d) })
	equal(t, "device", get(t, db, func(tx store.Tx) (iam.MFADevice, error) { return tx.MFADevice(d.Serial) }), d)
	count("assigned", 1, 1)
	d.User, d.EnabledAt, d.Tags = "", time.Time{}, nil
	update(t, db, func(tx store.Tx) error { return do(tx.PutMFADevice(d), tx.PutMFADevice(d)) })
	equal(t, "device replaced", get(t, db, func(tx store.Tx) (iam.MFADevice, error) { return tx.MFADevice(d.Serial) }), d)
	count("unassigned", 1, 0)

	root, jane, key := testDevice("root"), testDevice("jane"), testDevice("key")
	root.EnabledAt = now
	jane.EnabledAt, jane.User = now, "AIDA1"
	key.EnabledAt, key.User, key.Kind, key.Name, key.TOTP = now, "AIDA1", iam.FIDO, "yubikey", credential.TOTP{}
	key.Passkey = credential.Passkey{ID: []byte{1, 2}, PublicKey: []byte{3}, SignCount: 7, AAGUID: make([]byte, 16), Transport: []string{"usb"}, Flags: 5, Format: "none"}
	update(t, db, func(tx store.Tx) error { return do(tx.PutMFADevice(root), tx.PutMFADevice(jane), tx.PutMFADevice(key)) })
	count("four", 4, 3)
	equal(t, "by name", get(t, db, func(tx store.Tx) (iam.MFADevice, error) { return tx.PasskeyNamed(credentialAccount, "yubikey") }), key)
	equal(t, "by credential", get(t, db, func(tx store.Tx) (iam.MFADevice, error) { return tx.PasskeyOf(key.Passkey.Fingerprint()) }), key)
	refused(t, "no such name", db.View(t.Context(), func(tx store.Tx) error { _, err := tx.PasskeyNamed(credentialAccount, "phone"); return err }), fault.NotFound, "")
	refused(t, "another account's name", db.View(t.Context(), func(tx store.Tx) error { _, err := tx.PasskeyNamed("444455556666", "yubikey"); return err }), fault.NotFound, "")
	refused(t, "no such credential", db.View(t.Context(), func(tx store.Tx) error {
		_, err := tx.PasskeyOf(credential.Passkey{ID: []byte{1}}.Fingerprint())
		return err
	}), fault.NotFound, "")
	for user, want := range map[string][]string{"": {root.Serial}, "AIDA1": {jane.Serial, key.Serial}, "AIDA2": nil} {
		got := get(t, db, func(tx store.Tx) ([]iam.MFADevice, error) { return tx.MFADevicesOf(credentialAccount, user) })
		equal(t, "devices of "+user, ids(got, func(d iam.MFADevice) string { return d.Serial }), want)
	}
	for which, want := range map[iam.Assignment][]string{
		iam.Any: {d.Serial, jane.Serial, root.Serial}, iam.Assigned: {jane.Serial, root.Serial}, iam.Unassigned: {d.Serial},
	} {
		got := walk(t, db, 1, func(tx store.Tx, p page.Request) (page.Page[iam.MFADevice], error) {
			return tx.MFADevices(credentialAccount, which, p)
		})
		equal(t, fmt.Sprint("assignment ", which), ids(got, func(d iam.MFADevice) string { return d.Serial }), want)
	}
	update(t, db, func(tx store.Tx) error { return do(tx.DeleteMFADevice(root.Serial), tx.DeleteMFADevice(d.Serial)) })
	count("two went", 2, 2)
	refused(t, "deleted", db.View(t.Context(), func(tx store.Tx) error { _, err := tx.MFADevice(root.Serial); return err }), fault.NotFound, "")
	refused(t, "deleted twice", db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.DeleteMFADevice(root.Serial) }), fault.NotFound, "")
	stray := testDevice("stray")
	stray.Account = "none"
	refused(t, "of no account", db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.PutMFADevice(stray) }), fault.NotFound, "")
}

// testIAMPasswords: password policies, and passwords that go.
func testIAMPasswords(t *testing.T, db store.DB) {
	update(t, db, func(tx store.Tx) error { return tx.PutAccount(testAccount(credentialAccount)) })
	p := iam.PasswordPolicy{
		Account: credentialAccount, Policy: credential.Policy{MinLength: 14, Upper: true, Lower: true, Digit: true, Symbol: true},
		UsersMayChange: true, MaxAgeDays: 90, Remembered: 24, HardExpiry: true,
	}
	read := func(tx store.Tx) (iam.PasswordPolicy, error) { return tx.PasswordPolicy(credentialAccount) }
	equal(t, "noted", noted(t, db, func(tx store.Tx) error { return tx.PutPasswordPolicy(p) }), []string{store.KeyIAMSettings(credentialAccount)})
	equal(t, "policy", get(t, db, read), p)
	p = iam.PasswordPolicy{Account: credentialAccount, Policy: credential.Policy{MinLength: 6}}
	update(t, db, func(tx store.Tx) error { return tx.PutPasswordPolicy(p) })
	equal(t, "policy replaced", get(t, db, read), p)
	equal(t, "noted", noted(t, db, func(tx store.Tx) error { return tx.DeletePasswordPolicy(credentialAccount) }),
		[]string{store.KeyIAMSettings(credentialAccount)})
	refused(t, "gone", db.View(t.Context(), func(tx store.Tx) error { _, err := read(tx); return err }), fault.NotFound, "")
	refused(t, "gone twice", db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.DeletePasswordPolicy(credentialAccount) }), fault.NotFound, "")
	p.Account = "none"
	refused(t, "of no account", db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.PutPasswordPolicy(p) }), fault.NotFound, "")

	owner := iam.PasswordOf("AIDA1")
	other := credential.Owner{Kind: credential.RootUser, ID: "AIDA1"}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutPassword(credential.Password{Owner: owner, Hash: "h", SetAt: now}), tx.PutPassword(credential.Password{Owner: other, SetAt: now}),
			tx.DeletePassword(owner))
	})
	refused(t, "password gone", db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.DeletePassword(owner) }), fault.NotFound, "")
	equal(t, "another kind's", get(t, db, func(tx store.Tx) (credential.Password, error) { return tx.Password(other) }),
		credential.Password{Owner: other, SetAt: now})
}

// testIAMUses: of equal uses the latest is kept, whatever the order in which
// they come, and a key's goes with the key.
func testIAMUses(t *testing.T, db store.DB) {
	use := func(action string, at time.Time, change func(*iam.Use)) iam.Use {
		u := iam.Use{Account: credentialAccount, Entity: "AIDA1", AccessKey: "AKIA1", Service: "iam", Action: action, Region: "us-east-1", At: at}
		if change != nil {
			change(&u)
		}
		return u
	}
	role := func(u *iam.Use) { u.Entity, u.AccessKey, u.Service = "AROA1", "", "sts" }
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutAccount(testAccount(credentialAccount)), tx.PutAccessKey(iam.AccessKey{ID: "AKIA1", Account: credentialAccount, CreatedAt: now}))
	})
	refused(t, "never used", db.View(t.Context(), func(tx store.Tx) error { _, err := tx.AccessKeyUse("AKIA1"); return err }), fault.NotFound, "")
	update(t, db, func(tx store.Tx) error {
		return tx.PutUses([]iam.Use{use("ListUsers", now, nil), use("GetUser", now.Add(-time.Hour), nil), use("AssumeRole", now, role)})
	})
	later := now.Add(time.Hour)
	update(t, db, func(tx store.Tx) error {
		return tx.PutUses([]iam.Use{use("GetUser", later, func(u *iam.Use) { u.Region = "eu-west-1" }), use("GetUser", now, nil), use("ListUsers", now.Add(-time.Minute), nil)})
	})
	equal(t, "uses", get(t, db, func(tx store.Tx) ([]iam.Use, error) { return tx.UsesOf("AIDA1") }), []iam.Use{
		use("GetUser", later, func(u *iam.Use) { u.AccessKey, u.Region = "", "eu-west-1" }), use("ListUsers", now, func(u *iam.Use) { u.AccessKey = "" }),
	})
	equal(t, "the role's", get(t, db, func(tx store.Tx) ([]iam.Use, error) { return tx.UsesOf("AROA1") }), []iam.Use{use("AssumeRole", now, role)})
	equal(t, "the key's", get(t, db, func(tx store.Tx) (iam.Use, error) { return tx.AccessKeyUse("AKIA1") }),
		use("GetUser", later, func(u *iam.Use) { u.Region = "eu-west-1" }))
	update(t, db, func(tx store.Tx) error { return tx.DeleteAccessKey("AKIA1") })
	refused(t, "of a key that is gone", db.View(t.Context(), func(tx store.Tx) error { _, err := tx.AccessKeyUse("AKIA1"); return err }), fault.NotFound, "")
	// AWS tells of the last 400 days.
	update(t, db, func(tx store.Tx) error { _, err := tx.Expire(now.Add(400*24*time.Hour+time.Minute), 100); return err })
	equal(t, "after 400 days", ids(get(t, db, func(tx store.Tx) ([]iam.Use, error) { return tx.UsesOf("AIDA1") }), func(u iam.Use) string { return u.Action }),
		[]string{"GetUser"})
}
