package sqlstore

import (
	"encoding/json"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/secret"
	"sekisho/internal/sqldb"
)

var errNoSAMLProvider = fault.New(fault.NotFound, "no-saml-provider", "The SAML provider does not exist.")

const (
	samlProviderColumns = "account, name, created_at, expires_at, uuid, entity_id, encryption, tags"
	samlProviderSecrets = ", private_keys, metadata"

	insertSAMLProvider = "INSERT INTO saml_providers (" + samlProviderColumns + samlProviderSecrets + ")" +
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, name) DO NOTHING"
	updateSAMLProvider = "UPDATE saml_providers SET created_at = ?, expires_at = ?, uuid = ?, entity_id = ?, encryption = ?, tags = ?," +
		" private_keys = ?, metadata = ? WHERE account = ? AND name = ?"
)

func (t *tx) SAMLProvider(account, name string) (iam.SAMLProvider, error) {
	p, err := one(t, func(r sqldb.Row) (p iam.SAMLProvider, err error) {
		var sealed []byte
		if err := r.Scan(&p.Account, &p.Name, sqldb.AsTime(&p.CreatedAt), sqldb.AsTime(&p.ExpiresAt), &p.UUID, &p.EntityID, &p.Encryption,
			asTags(&p.Tags), &sealed, &p.Metadata); err != nil {
			return p, err
		}
		p.PrivateKeys, err = t.unsealSAMLKeys(p, sealed)
		return p, err
	}, "SELECT "+samlProviderColumns+samlProviderSecrets+" FROM saml_providers WHERE account = ? AND name = ?", account, name)
	return orNone(p, err, errNoSAMLProvider)
}

func (t *tx) SAMLProviders(account string) ([]iam.SAMLProvider, error) {
	return all(t, func(r sqldb.Row) (p iam.SAMLProvider, err error) {
		return p, r.Scan(&p.Account, &p.Name, sqldb.AsTime(&p.CreatedAt), sqldb.AsTime(&p.ExpiresAt), &p.UUID, &p.EntityID, &p.Encryption,
			asTags(&p.Tags))
	}, "SELECT "+samlProviderColumns+" FROM saml_providers WHERE account = ? ORDER BY name", account)
}

func (t *tx) PutSAMLProvider(p iam.SAMLProvider) error {
	sealed, err := t.sealSAMLKeys(p)
	if err != nil {
		return err
	}
	values := []any{sqldb.Micros(p.CreatedAt), sqldb.Micros(p.ExpiresAt), p.UUID, p.EntityID, string(p.Encryption), tagList(p.Tags), sealed, p.Metadata}
	n, err := t.exec(insertSAMLProvider, append([]any{p.Account, p.Name}, values...)...)
	if err != nil {
		return noAccount(err)
	}
	if n > 0 {
		return t.count(p.Account, iam.SAMLProviders, 1)
	}
	_, err = t.exec(updateSAMLProvider, append(values, p.Account, p.Name)...)
	return err
}

func (t *tx) DeleteSAMLProvider(account, name string) error {
	n, err := t.exec("DELETE FROM saml_providers WHERE account = ? AND name = ?", account, name)
	if err := mustChange(n, err, errNoSAMLProvider); err != nil {
		return err
	}
	return t.count(account, iam.SAMLProviders, -1)
}

// storedSAMLKey is what is sealed of a private key.
type storedSAMLKey struct {
	ID      string
	PEM     string
	AddedAt int64 // microseconds
}

func (t *tx) sealSAMLKeys(p iam.SAMLProvider) (any, error) {
	if len(p.PrivateKeys) == 0 {
		return nil, nil //nolint:nilnil // NULL
	}
	kept := make([]storedSAMLKey, len(p.PrivateKeys))
	for i, k := range p.PrivateKeys {
		kept[i] = storedSAMLKey{k.ID, k.PEM.Reveal(), k.AddedAt.UnixMicro()}
	}
	plain, err := json.Marshal(kept)
	if err != nil {
		return nil, err
	}
	return t.seal(p.ARN(), plain), nil
}

func (t *tx) unsealSAMLKeys(p iam.SAMLProvider, sealed []byte) ([]iam.SAMLPrivateKey, error) {
	if len(sealed) == 0 {
		return nil, nil
	}
	plain, err := t.unseal(p.ARN(), sealed)
	if err != nil {
		return nil, err
	}
	var kept []storedSAMLKey
	if err := json.Unmarshal(plain, &kept); err != nil {
		return nil, errSealed
	}
	keys := make([]iam.SAMLPrivateKey, len(kept))
	for i, k := range kept {
		keys[i] = iam.SAMLPrivateKey{ID: k.ID, PEM: secret.NewString(k.PEM), AddedAt: time.UnixMicro(k.AddedAt).UTC()}
	}
	return keys, nil
}
