package sqlstore

import (
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/sqldb"
)

var errNoOIDCProvider = fault.New(fault.NotFound, "no-oidc-provider", "The OpenID Connect provider does not exist.")

const (
	oidcProviderColumns = "account, url, client_ids, thumbprints, tags, created_at"

	insertOIDCProvider = "INSERT INTO oidc_providers (" + oidcProviderColumns + ") VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account, url) DO NOTHING"
	updateOIDCProvider = "UPDATE oidc_providers SET client_ids = ?, thumbprints = ?, tags = ?, created_at = ? WHERE account = ? AND url = ?"
)

func scanOIDCProvider(r sqldb.Row) (p iam.OIDCProvider, err error) {
	return p, r.Scan(&p.Account, &p.URL, asList(&p.ClientIDs), asList(&p.Thumbprints), asTags(&p.Tags), sqldb.AsTime(&p.CreatedAt))
}

func (t *tx) OIDCProvider(account, url string) (iam.OIDCProvider, error) {
	p, err := one(t, scanOIDCProvider, "SELECT "+oidcProviderColumns+" FROM oidc_providers WHERE account = ? AND url = ?", account, url)
	return orNone(p, err, errNoOIDCProvider)
}

func (t *tx) OIDCProviders(account string) ([]iam.OIDCProvider, error) {
	return all(t, scanOIDCProvider, "SELECT "+oidcProviderColumns+" FROM oidc_providers WHERE account = ? ORDER BY url", account)
}

func (t *tx) PutOIDCProvider(p iam.OIDCProvider) error {
	clientIDs, thumbprints, tags, created := list(p.ClientIDs), list(p.Thumbprints), tagList(p.Tags), sqldb.Micros(p.CreatedAt)
	n, err := t.exec(insertOIDCProvider, p.Account, p.URL, clientIDs, thumbprints, tags, created)
	if err != nil {
		return noAccount(err)
	}
	if n > 0 {
		return t.count(p.Account, iam.OIDCProviders, 1)
	}
	_, err = t.exec(updateOIDCProvider, clientIDs, thumbprints, tags, created, p.Account, p.URL)
	return err
}

func (t *tx) DeleteOIDCProvider(account, url string) error {
	n, err := t.exec("DELETE FROM oidc_providers WHERE account = ? AND url = ?", account, url)
	if err := mustChange(n, err, errNoOIDCProvider); err != nil {
		return err
	}
	return t.count(account, iam.OIDCProviders, -1)
}
