package sqlstore

import (
	"bytes"
	"errors"
	"fmt"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/keys"
	"sekisho/internal/secret"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoAccessKey = fault.New(fault.NotFound, "no-access-key", "The access key does not exist.")

	putAccessKey = upsert("access_keys", "id", accessKeyColumns)
)

const accessKeyColumns = "id, account, user_id, sealed, active, created_at"

func (t *tx) scanAccessKey(r sqldb.Row) (k iam.AccessKey, err error) {
	var sealed []byte
	if err := r.Scan(&k.ID, &k.Account, &k.User, &sealed, &k.Active, sqldb.AsTime(&k.CreatedAt)); err != nil {
		return k, err
	}
	plain, err := t.unseal(k.ID, sealed)
	k.Secret = secret.NewString(string(plain))
	return k, err
}

func (t *tx) AccessKey(id string) (iam.AccessKey, error) {
	k, err := one(t, t.scanAccessKey, "SELECT "+accessKeyColumns+" FROM access_keys WHERE id = ?", id)
	return orNone(k, err, errNoAccessKey)
}

// AccessKeysOf returns them oldest first.
func (t *tx) AccessKeysOf(account, user string) ([]iam.AccessKey, error) {
	return all(t, t.scanAccessKey,
		"SELECT "+accessKeyColumns+" FROM access_keys WHERE account = ? AND user_id = ? ORDER BY created_at, id", account, user)
}

func (t *tx) PutAccessKey(k iam.AccessKey) error {
	_, err := t.exec(putAccessKey, k.ID, k.Account, k.User, t.seal(k.ID, []byte(k.Secret.Reveal())), k.Active, sqldb.Micros(k.CreatedAt))
	if err != nil {
		return noAccount(err)
	}
	t.note(store.KeyAccessKey(k.ID))
	return nil
}

func (t *tx) DeleteAccessKey(id string) error {
	if _, err := t.exec("DELETE FROM access_key_uses WHERE access_key = ?", id); err != nil {
		return err
	}
	n, err := t.exec("DELETE FROM access_keys WHERE id = ?", id)
	t.note(store.KeyAccessKey(id))
	return mustChange(n, err, errNoAccessKey)
}

// errSealed hides why a secret did not open: the caller can do nothing about it.
var errSealed = errors.New("sqlstore: a secret at rest does not open: it was changed, moved from another row, or sealed by a key that is gone")

// seal encrypts what belongs to the row id. The id is sealed along, so that who
// can write to the database cannot give one row another's secret.
func (t *tx) seal(id string, plain []byte) []byte {
	return t.db.sealer.Seal(keys.AtRest, append([]byte(id+"\x00"), plain...))
}

func (t *tx) unseal(id string, sealed []byte) ([]byte, error) {
	plain, err := t.db.sealer.Open(keys.AtRest, sealed)
	if err != nil { // not wrapped: it is no fault of whoever asked
		return nil, fmt.Errorf("%w (%s)", errSealed, id)
	}
	plain, ok := bytes.CutPrefix(plain, []byte(id+"\x00"))
	if !ok {
		return nil, fmt.Errorf("%w (%s)", errSealed, id)
	}
	return plain, nil
}
