package sqlstore

import (
	"encoding/json"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/secret"
	"sekisho/internal/sqldb"
)

var (
	errNoMFADevice = fault.New(fault.NotFound, "no-mfa-device", "The MFA device does not exist.")

	putMFADevice = upsert("mfa_devices", "serial", mfaDeviceColumns+", assigned, passkey")
)

const mfaDeviceColumns = "serial, account, kind, sealed, drift, last_step, enabled_at, user_id, tags, created_at, name"

func (t *tx) scanMFADevice(r sqldb.Row) (d iam.MFADevice, err error) {
	var (
		sealed []byte
		user   *string
		name   *string
	)
	if err := r.Scan(&d.Serial, &d.Account, &d.Kind, &sealed, &d.Drift, &d.LastStep, sqldb.AsTime(&d.EnabledAt), &user, asTags(&d.Tags),
		sqldb.AsTime(&d.CreatedAt), &name); err != nil {
		return d, err
	}
	if user != nil {
		d.User = *user
	}
	if name != nil {
		d.Name = *name
	}
	plain, err := t.unseal(d.Serial, sealed)
	if err != nil {
		return d, err
	}
	if d.Kind == iam.FIDO {
		err = json.Unmarshal(plain, &d.Passkey)
	} else {
		d.Seed = secret.NewString(string(plain))
	}
	return d, err
}

// proof is what of a device has to be encrypted: a virtual one's seed, a passkey's
// credential, which tells what its owner has and could be changed for another.
func proof(d iam.MFADevice) ([]byte, error) {
	if d.Kind == iam.FIDO {
		return json.Marshal(d.Passkey)
	}
	return []byte(d.Seed.Reveal()), nil
}

func (t *tx) MFADevice(serial string) (iam.MFADevice, error) {
	d, err := one(t, t.scanMFADevice, "SELECT "+mfaDeviceColumns+" FROM mfa_devices WHERE serial = ?", serial)
	return orNone(d, err, errNoMFADevice)
}

func (t *tx) MFADevices(account string, which iam.Assignment, p page.Request) (page.Page[iam.MFADevice], error) {
	query, args := "SELECT "+mfaDeviceColumns+" FROM mfa_devices WHERE account = ? AND kind = ?", []any{account, string(iam.VirtualMFA)}
	if which != iam.Any {
		query, args = query+" AND assigned = ?", append(args, which == iam.Assigned)
	}
	limit := limitOf(p)
	items, err := all(t, t.scanMFADevice, query+" AND serial > ? ORDER BY serial LIMIT ?", append(args, p.After, limit+1)...)
	return page.Cut(items, limit, func(d iam.MFADevice) string { return d.Serial }), err
}

func (t *tx) MFADevicesOf(account, user string) ([]iam.MFADevice, error) {
	return all(t, t.scanMFADevice, "SELECT "+mfaDeviceColumns+" FROM mfa_devices WHERE account = ? AND user_id = ? ORDER BY serial", account, user)
}

func (t *tx) PasskeyNamed(account, name string) (iam.MFADevice, error) {
	d, err := one(t, t.scanMFADevice, "SELECT "+mfaDeviceColumns+" FROM mfa_devices WHERE account = ? AND name = ?", account, name)
	return orNone(d, err, errNoMFADevice)
}

func (t *tx) PasskeyOf(fingerprint string) (iam.MFADevice, error) {
	d, err := one(t, t.scanMFADevice, "SELECT "+mfaDeviceColumns+" FROM mfa_devices WHERE passkey = ?", fingerprint)
	return orNone(d, err, errNoMFADevice)
}

// PutMFADevice keeps the counts of devices and of those in use.
func (t *tx) PutMFADevice(d iam.MFADevice) error {
	was, err := one(t, sqldb.Value[bool], "SELECT assigned FROM mfa_devices WHERE serial = ?", d.Serial)
	added := 0
	if fault.Is(err, fault.NotFound) {
		added, err = 1, nil
	}
	if err != nil {
		return err
	}
	plain, err := proof(d)
	if err != nil {
		return err
	}
	var passkey any // NULL: none
	if d.Kind == iam.FIDO {
		passkey = d.Passkey.Fingerprint()
	}
	var user any // NULL: nobody's
	if d.Assigned() {
		user = d.User
	}
	_, err = t.exec(putMFADevice, d.Serial, d.Account, string(d.Kind), t.seal(d.Serial, plain), d.Drift, d.LastStep,
		sqldb.Micros(d.EnabledAt), user, tagList(d.Tags), sqldb.Micros(d.CreatedAt), orNull(d.Name), d.Assigned(), passkey)
	if err != nil {
		return noAccount(err)
	}
	return t.countMFADevices(d.Account, added, oneIf(d.Assigned())-oneIf(was))
}

func (t *tx) DeleteMFADevice(serial string) error {
	d, err := one(t, func(r sqldb.Row) (d struct {
		account  string
		assigned bool
	}, err error) {
		return d, r.Scan(&d.account, &d.assigned)
	}, "DELETE FROM mfa_devices WHERE serial = ? RETURNING account, assigned", serial)
	if err != nil {
		_, err = orNone(d, err, errNoMFADevice)
		return err
	}
	return t.countMFADevices(d.account, -1, -oneIf(d.assigned))
}

func (t *tx) countMFADevices(account string, devices, inUse int) error {
	if devices != 0 {
		if err := t.count(account, iam.MFADevices, devices); err != nil {
			return err
		}
	}
	if inUse != 0 {
		return t.count(account, iam.MFADevicesInUse, inUse)
	}
	return nil
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}
