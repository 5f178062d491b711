package sqlstore

import (
	"encoding/json"

	"sekisho/internal/access"
	"sekisho/internal/fault"
	"sekisho/internal/mfa"
	"sekisho/internal/secret"
	"sekisho/internal/sqldb"
)

var (
	errNoPersonDevice   = fault.New(fault.NotFound, "no-mfa-device", "The MFA device does not exist.")
	errNoTrustedBrowser = fault.New(fault.NotFound, "no-trusted-browser", "The browser is not trusted.")

	putPersonDevice   = upsert("person_mfa_devices", "id", personDeviceColumns+", passkey")
	putTrustedBrowser = upsert("trusted_browsers", "hash", trustedBrowserColumns+", forget_at")
)

const (
	personDeviceColumns   = "id, user_id, name, kind, sealed, drift, last_step, created_at, last_used_at"
	trustedBrowserColumns = "hash, user_id, network, agent, created_at, expires_at"
)

func (t *tx) scanPersonDevice(r sqldb.Row) (d mfa.Device, err error) {
	var sealed []byte
	if err := r.Scan(&d.ID, &d.User, &d.Name, &d.Kind, &sealed, &d.Drift, &d.LastStep, sqldb.AsTime(&d.CreatedAt), sqldb.AsTime(&d.LastUsedAt)); err != nil {
		return d, err
	}
	plain, err := t.unseal(d.ID, sealed)
	if err != nil {
		return d, err
	}
	if d.Kind == access.WebAuthn {
		return d, json.Unmarshal(plain, &d.Passkey)
	}
	d.Seed = secret.NewString(string(plain))
	return d, nil
}

func (t *tx) PersonDevices(user string) ([]mfa.Device, error) {
	return all(t, t.scanPersonDevice, "SELECT "+personDeviceColumns+" FROM person_mfa_devices WHERE user_id = ? ORDER BY created_at, id", user)
}

func (t *tx) PersonDeviceByPasskey(fingerprint string) (mfa.Device, error) {
	d, err := one(t, t.scanPersonDevice, "SELECT "+personDeviceColumns+" FROM person_mfa_devices WHERE passkey = ?", fingerprint)
	return orNone(d, err, errNoPersonDevice)
}

// PutPersonDevice encrypts what the device proves itself with: a seed, and a
// credential, which could be changed for another.
func (t *tx) PutPersonDevice(d mfa.Device) error {
	plain, passkey := []byte(d.Seed.Reveal()), any(nil)
	if d.Kind == access.WebAuthn {
		var err error
		if plain, err = json.Marshal(d.Passkey); err != nil {
			return err
		}
		passkey = d.Passkey.Fingerprint()
	}
	_, err := t.exec(putPersonDevice, d.ID, d.User, d.Name, string(d.Kind), t.seal(d.ID, plain), d.Drift, d.LastStep,
		sqldb.Micros(d.CreatedAt), sqldb.Micros(d.LastUsedAt), passkey)
	return err
}

func (t *tx) DeletePersonDevice(id string) error {
	n, err := t.exec("DELETE FROM person_mfa_devices WHERE id = ?", id)
	return mustChange(n, err, errNoPersonDevice)
}

func (t *tx) TrustedBrowser(hash string) (mfa.TrustedBrowser, error) {
	b, err := one(t, func(r sqldb.Row) (b mfa.TrustedBrowser, err error) {
		return b, r.Scan(&b.Hash, &b.User, &b.Network, &b.Agent, sqldb.AsTime(&b.CreatedAt), sqldb.AsTime(&b.ExpiresAt))
	}, "SELECT "+trustedBrowserColumns+" FROM trusted_browsers WHERE hash = ?", hash)
	return orNone(b, err, errNoTrustedBrowser)
}

func (t *tx) PutTrustedBrowser(b mfa.TrustedBrowser) error {
	expires := sqldb.Micros(b.ExpiresAt)
	_, err := t.exec(putTrustedBrowser, b.Hash, b.User, b.Network, b.Agent, sqldb.Micros(b.CreatedAt), expires, expires)
	return err
}

func (t *tx) DropTrustedBrowsers(user string) error {
	_, err := t.exec("DELETE FROM trusted_browsers WHERE user_id = ?", user)
	return err
}

// dropFactorsOf removes what a person's second factors left.
func (t *tx) dropFactorsOf(user string) error {
	if _, err := t.exec("DELETE FROM person_mfa_devices WHERE user_id = ?", user); err != nil {
		return err
	}
	return t.DropTrustedBrowsers(user)
}
