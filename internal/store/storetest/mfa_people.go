package storetest

import (
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/mfa"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

// testPersonMFA: devices of people, the browsers that they trust, and what ends both.
func testPersonMFA(t *testing.T, db store.DB) {
	app := mfa.Device{ID: "d2", User: "u1", Name: "電話", Kind: access.TOTP, TOTP: credential.TOTP{Seed: secret.NewString("SEED"), Drift: -3, LastStep: 7},
		CreatedAt: now.Add(time.Minute), LastUsedAt: now.Add(time.Hour)}
	key := mfa.Device{ID: "d1", User: "u1", Name: "Key", Kind: access.WebAuthn, CreatedAt: now,
		Passkey: credential.Passkey{ID: []byte{1, 2}, PublicKey: []byte{3}, SignCount: 4, AAGUID: []byte{5}, Transport: []string{"usb"}, Flags: 1, Format: "none"}}
	others := mfa.Device{ID: "d3", User: "u2", Name: "Key", Kind: access.TOTP, TOTP: credential.TOTP{Seed: secret.NewString("OTHER")}, CreatedAt: now}
	browser := func(hash, user string) mfa.TrustedBrowser {
		return mfa.TrustedBrowser{Hash: hash, User: user, Network: "192.0.2.0/24", Agent: "a", CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
	}
	update(t, db, func(tx store.Tx) error {
		older := app
		older.Name, older.Drift = "Phone", 0
		return do(tx.PutUser(testUser("u1")), tx.PutUser(testUser("u2")), tx.PutPersonDevice(older), tx.PutPersonDevice(app), tx.PutPersonDevice(key), tx.PutPersonDevice(others))
	})
	of := func(user string) []mfa.Device {
		t.Helper()
		return get(t, db, func(tx store.Tx) ([]mfa.Device, error) { return tx.PersonDevices(user) })
	}
	equal(t, "devices, oldest first", of("u1"), []mfa.Device{key, app})
	equal(t, "by passkey", get(t, db, func(tx store.Tx) (mfa.Device, error) { return tx.PersonDeviceByPasskey(key.Passkey.Fingerprint()) }), key)
	missing := func(what string, read func(store.Tx) error) {
		t.Helper()
		refused(t, what, db.Update(t.Context(), nil, read), fault.NotFound, "")
	}
	missing("unknown passkey", func(tx store.Tx) error { _, err := tx.PersonDeviceByPasskey(""); return err })
	missing("unknown device", func(tx store.Tx) error { return tx.DeletePersonDevice("none") })
	update(t, db, func(tx store.Tx) error { return tx.DeletePersonDevice("d1") })
	equal(t, "devices after one was removed", of("u1"), []mfa.Device{app})

	trusted := func(hash string) error {
		return db.View(t.Context(), func(tx store.Tx) error { _, err := tx.TrustedBrowser(hash); return err })
	}
	trust := func() {
		t.Helper()
		update(t, db, func(tx store.Tx) error {
			return do(tx.PutTrustedBrowser(browser("b1", "u1")), tx.PutTrustedBrowser(browser("b2", "u1")), tx.PutTrustedBrowser(browser("b3", "u2")))
		})
	}
	trust()
	equal(t, "browser", get(t, db, func(tx store.Tx) (mfa.TrustedBrowser, error) { return tx.TrustedBrowser("b1") }), browser("b1", "u1"))
	for what, end := range map[string]func(store.Tx) error{
		"forgetting":                   func(tx store.Tx) error { return tx.DropTrustedBrowsers("u1") },
		"a new password, or disabling": func(tx store.Tx) error { return tx.EndSessionsOf("u1", now, session.PasswordChanged) },
		"deletion":                     func(tx store.Tx) error { return tx.DeleteUser("u1") },
	} {
		trust()
		update(t, db, func(tx store.Tx) error {
			if err := tx.PutUser(testUser("u1")); err != nil {
				return err
			}
			return end(tx)
		})
		for _, hash := range []string{"b1", "b2"} {
			refused(t, what+": "+hash, trusted(hash), fault.NotFound, "")
		}
		if err := trusted("b3"); err != nil {
			t.Errorf("%s took another's: %v", what, err)
		}
	}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutUser(testUser("u1")), tx.PutPersonDevice(app), tx.DeleteUser("u1"))
	})
	equal(t, "devices of who is gone", of("u1"), []mfa.Device(nil))
	equal(t, "devices of another", of("u2"), []mfa.Device{others})
	update(t, db, func(tx store.Tx) error { _, err := tx.Expire(now.Add(2*time.Hour), 100); return err })
	refused(t, "expired", trusted("b3"), fault.NotFound, "")
}
