package sqlstore_test

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/secret"
	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store"
	"sekisho/internal/store/sqlstore"
	"sekisho/internal/store/storetest"
)

// Private keys of SAML providers and server certificates do not stand in the
// database's files, and do not open in another row than their own (promise 23).
func TestPrivateKeysAtRest(t *testing.T) {
	t.Parallel()
	config := sqldbtest.SQLite(t)
	db := openSQLite(t, config)
	const acct, canary = "111122223333", "canary-77a1c2"
	if err := db.Update(t.Context(), nil, func(tx store.Tx) error {
		if err := tx.PutAccount(account.Account{ID: acct, Name: "visible-77a1c2"}); err != nil {
			return err
		}
		for _, name := range []string{"a", "b"} {
			key := secret.NewString(canary + name)
			if err := tx.PutSAMLProvider(iam.SAMLProvider{Account: acct, Name: name, PrivateKeys: []iam.SAMLPrivateKey{{ID: "K", PEM: key}}}); err != nil {
				return err
			}
			if err := tx.PutServerCertificate(iam.ServerCertificate{ID: name, Account: acct, Path: "/", Name: name, PrivateKey: key}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var files []byte
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(config.Path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, b...)
	}
	if !bytes.Contains(files, []byte("visible-77a1c2")) || bytes.Contains(files, []byte(canary)) {
		t.Error("the files do not hold what was written, or hold a secret")
	}
	if err := db.SQL().Update(t.Context(), func(tx sqldb.Tx) error {
		for _, s := range []string{
			"UPDATE saml_providers SET private_keys = (SELECT private_keys FROM saml_providers WHERE name = 'b') WHERE name = 'a'",
			"UPDATE server_certificates SET private_key = (SELECT private_key FROM server_certificates WHERE id = 'b') WHERE id = 'a'",
		} {
			if _, err := tx.Exec(t.Context(), s); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for what, read := range map[string]func(tx store.Tx, name string) (secret.String, error){
		"SAML provider": func(tx store.Tx, name string) (secret.String, error) {
			p, err := tx.SAMLProvider(acct, name)
			if err != nil {
				return secret.String{}, err
			}
			return p.PrivateKeys[0].PEM, nil
		},
		"server certificate": func(tx store.Tx, name string) (secret.String, error) {
			c, err := tx.ServerCertificateByName(acct, name)
			return c.PrivateKey, err
		},
	} {
		var key secret.String
		moved := db.View(t.Context(), func(tx store.Tx) error { _, err := read(tx, "a"); return err })
		if moved == nil || fault.KindOf(moved) != fault.Internal || strings.Contains(moved.Error(), canary) {
			t.Errorf("%s: a secret moved to another row: %v", what, moved)
		}
		err := db.View(t.Context(), func(tx store.Tx) (err error) { key, err = read(tx, "b"); return err })
		if err != nil || key.Reveal() != canary+"b" {
			t.Errorf("%s: a secret in its place: %v", what, err)
		}
	}
}

// SAML providers that a database had before it counted them are counted when it
// is opened, and have what they lacked.
func TestSAMLProvidersOfBefore(t *testing.T) {
	for engine, fresh := range map[sqldb.Engine]func(testing.TB) sqldb.Config{sqldb.SQLite: sqldbtest.SQLite, sqldb.PostgreSQL: sqldbtest.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			config := fresh(t)
			const first, acct = "00001_sign_in.sql", "111122223333"
			text, err := fs.ReadFile(sqlstore.Migrations(), first)
			if err != nil {
				t.Fatal(err)
			}
			old, err := sqldb.Open(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			if err := old.Migrate(t.Context(), fstest.MapFS{first: {Data: text}}); err != nil {
				t.Fatal(err)
			}
			if err := old.Update(t.Context(), func(tx sqldb.Tx) error {
				if _, err := tx.Exec(t.Context(), "INSERT INTO accounts VALUES (?, 'x', '', NULL, NULL, 'ACTIVE', '', 0, 0)", acct); err != nil {
					return err
				}
				_, err := tx.Exec(t.Context(), "INSERT INTO saml_providers VALUES (?, 'AWSSSO_0123456789abcdef_DO_NOT_DELETE', 0, 0)", acct)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
			db := storetest.OpenAt(t, config, storetest.NewRing(t))
			if err := db.View(t.Context(), func(tx store.Tx) error {
				if n, err := tx.IAMCount(acct, iam.SAMLProviders); err != nil || n != 1 {
					t.Errorf("%d providers, %v", n, err)
				}
				p, err := tx.SAMLProvider(acct, "AWSSSO_0123456789abcdef_DO_NOT_DELETE")
				if err != nil || p.Metadata != "" || p.UUID != "" || p.Tags != nil || p.PrivateKeys != nil || p.Encryption != iam.EncryptionNone {
					t.Errorf("provider %+v, %v", p, err)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		})
	}
}
