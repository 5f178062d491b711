package sqlstore

import (
	"sekisho/internal/iam"
	"sekisho/internal/secret"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

const webIdentityKeyColumns = "account, algorithm, id, sealed, created_at"

func (t *tx) scanWebIdentityKey(r sqldb.Row) (k iam.WebIdentityKey, err error) {
	var sealed []byte
	if err := r.Scan(&k.Account, &k.Algorithm, &k.ID, &sealed, sqldb.AsTime(&k.CreatedAt)); err != nil {
		return k, err
	}
	plain, err := t.unseal(k.ID, sealed)
	k.Private = secret.NewString(string(plain))
	return k, err
}

func (t *tx) WebIdentityKeys(account string) ([]iam.WebIdentityKey, error) {
	return all(t, t.scanWebIdentityKey, "SELECT "+webIdentityKeyColumns+" FROM web_identity_keys WHERE account = ? ORDER BY algorithm", account)
}

func (t *tx) AddWebIdentityKey(k iam.WebIdentityKey) error {
	_, err := t.exec("INSERT INTO web_identity_keys ("+webIdentityKeyColumns+") VALUES (?, ?, ?, ?, ?) ON CONFLICT (account, algorithm) DO NOTHING",
		k.Account, k.Algorithm, k.ID, t.seal(k.ID, []byte(k.Private.Reveal())), sqldb.Micros(k.CreatedAt))
	t.note(store.KeyIAMSettings(k.Account))
	return noAccount(err)
}
