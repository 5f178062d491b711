package sqlstore

import (
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/secret"
	"sekisho/internal/sqldb"
)

var (
	errNoServerCertificate  = fault.New(fault.NotFound, "no-server-certificate", "The server certificate does not exist.")
	errNoSigningCertificate = fault.New(fault.NotFound, "no-signing-certificate", "The signing certificate does not exist.")

	serverCertificatesUnderPath = underPath("server_certificates", serverCertificateColumns)
	putSigningCertificate       = upsert("signing_certificates", "id", signingCertificateColumns)
)

const (
	serverCertificateColumns  = "id, account, path, name, tags, uploaded_at, expires_at"
	serverCertificateContent  = ", private_key, body, chain"
	signingCertificateColumns = "id, account, user_id, hash, active, uploaded_at, body"

	signingCertificatesOf = "SELECT " + signingCertificateColumns + " FROM signing_certificates WHERE account = ? AND user_id = ? ORDER BY uploaded_at, id"

	insertServerCertificate = "INSERT INTO server_certificates (id, account, path, name, name_key, tags, uploaded_at, expires_at" +
		serverCertificateContent + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
	updateServerCertificate = "UPDATE server_certificates SET account = ?, path = ?, name = ?, name_key = ?, tags = ?, uploaded_at = ?," +
		" expires_at = ?, private_key = ?, body = ?, chain = ? WHERE id = ?"
)

func (t *tx) ServerCertificateByName(account, name string) (iam.ServerCertificate, error) {
	c, err := one(t, func(r sqldb.Row) (c iam.ServerCertificate, err error) {
		var sealed []byte
		if err := r.Scan(&c.ID, &c.Account, &c.Path, &c.Name, asTags(&c.Tags), sqldb.AsTime(&c.UploadedAt), sqldb.AsTime(&c.ExpiresAt),
			&sealed, &c.Body, &c.Chain); err != nil {
			return c, err
		}
		plain, err := t.unseal(c.ID, sealed)
		c.PrivateKey = secret.NewString(string(plain))
		return c, err
	}, "SELECT "+serverCertificateColumns+serverCertificateContent+" FROM server_certificates WHERE account = ? AND name_key = ?",
		account, nameKey(name))
	return orNone(c, err, errNoServerCertificate)
}

func (t *tx) ServerCertificates(account, pathPrefix string, p page.Request) (page.Page[iam.ServerCertificate], error) {
	return pathPage(t, func(r sqldb.Row) (c iam.ServerCertificate, err error) {
		return c, r.Scan(&c.ID, &c.Account, &c.Path, &c.Name, asTags(&c.Tags), sqldb.AsTime(&c.UploadedAt), sqldb.AsTime(&c.ExpiresAt))
	}, serverCertificatesUnderPath, account, pathPrefix, p, func(c iam.ServerCertificate) (string, string) { return c.Path, c.Name })
}

func (t *tx) PutServerCertificate(c iam.ServerCertificate) error {
	values := []any{c.Account, c.Path, c.Name, nameKey(c.Name), tagList(c.Tags), sqldb.Micros(c.UploadedAt), sqldb.Micros(c.ExpiresAt),
		t.seal(c.ID, []byte(c.PrivateKey.Reveal())), c.Body, c.Chain}
	n, err := t.exec(insertServerCertificate, append([]any{c.ID}, values...)...)
	if err == nil && n > 0 {
		return t.count(c.Account, iam.ServerCertificates, 1)
	}
	if err == nil {
		_, err = t.exec(updateServerCertificate, append(values, c.ID)...)
	}
	switch violated(err) {
	case "server_certificates(account,name_key)", "server_certificates(account,path,name_key)":
		return fault.New(fault.AlreadyExists, "server-certificate-exists", "The Server Certificate with name %s already exists.", c.Name).Wrap(err)
	}
	return noAccount(err)
}

func (t *tx) DeleteServerCertificate(id string) error {
	account, err := one(t, sqldb.Value[string], "DELETE FROM server_certificates WHERE id = ? RETURNING account", id)
	if err != nil {
		_, err = orNone(account, err, errNoServerCertificate)
		return err
	}
	return t.count(account, iam.ServerCertificates, -1)
}

func scanSigningCertificate(r sqldb.Row) (c iam.SigningCertificate, err error) {
	return c, r.Scan(&c.ID, &c.Account, &c.User, &c.Hash, &c.Active, sqldb.AsTime(&c.UploadedAt), &c.Body)
}

func (t *tx) SigningCertificate(id string) (iam.SigningCertificate, error) {
	c, err := one(t, scanSigningCertificate, "SELECT "+signingCertificateColumns+" FROM signing_certificates WHERE id = ?", id)
	return orNone(c, err, errNoSigningCertificate)
}

func (t *tx) SigningCertificateByHash(account, hash string) (iam.SigningCertificate, error) {
	c, err := one(t, scanSigningCertificate,
		"SELECT "+signingCertificateColumns+" FROM signing_certificates WHERE account = ? AND hash = ?", account, hash)
	return orNone(c, err, errNoSigningCertificate)
}

func (t *tx) SigningCertificates(account, user string) ([]iam.SigningCertificate, error) {
	return all(t, scanSigningCertificate, signingCertificatesOf, account, user)
}

func (t *tx) PutSigningCertificate(c iam.SigningCertificate) error {
	_, err := t.exec(putSigningCertificate, c.ID, c.Account, c.User, c.Hash, c.Active, sqldb.Micros(c.UploadedAt), c.Body)
	if violated(err) == "signing_certificates(account,hash)" {
		return fault.New(fault.AlreadyExists, "duplicate-certificate", "The certificate is already in the account.").Wrap(err)
	}
	return noAccount(err)
}

func (t *tx) DeleteSigningCertificate(id string) error {
	n, err := t.exec("DELETE FROM signing_certificates WHERE id = ?", id)
	return mustChange(n, err, errNoSigningCertificate)
}
