package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/secret"
	"sekisho/internal/store"
)

// counted is how many of the noun the first account has.
func counted(t *testing.T, db store.DB, n iam.Noun) int {
	t.Helper()
	return get(t, db, func(tx store.Tx) (int, error) { return tx.IAMCount(iamAcct, n) })
}

// testIAMSAMLProviders: a provider comes back whole, lists are without what is
// long or secret, and keys are sealed to their provider.
func testIAMSAMLProviders(t *testing.T, db store.DB) {
	twoAccounts(t, db)
	full := iam.SAMLProvider{
		Account: iamAcct, Name: "Okta", CreatedAt: now, ExpiresAt: now.AddDate(100, 0, 0), UUID: "SAMLSPABC", EntityID: "https://idp.example.com/日本",
		Metadata: strings.Repeat("<x>é</x>", 200_000), Encryption: iam.EncryptionRequired, Tags: []iam.Tag{{Key: "b", Value: "1"}, {Key: "a"}},
		PrivateKeys: []iam.SAMLPrivateKey{{ID: "K1", PEM: secret.NewString("pem 1"), AddedAt: now}, {ID: "K2", PEM: secret.NewString("pem 2"), AddedAt: now.Add(time.Hour)}},
	}
	bare := iam.SAMLProvider{Account: iamAcct, Name: "Okta"}
	read := func(tx store.Tx) (iam.SAMLProvider, error) { return tx.SAMLProvider(iamAcct, "Okta") }
	for _, p := range []iam.SAMLProvider{bare, full, bare, full} {
		update(t, db, func(tx store.Tx) error { return tx.PutSAMLProvider(p) })
		equal(t, "read back", get(t, db, read), p)
	}
	equal(t, "count", counted(t, db, iam.SAMLProviders), 1)
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutSAMLProvider(iam.SAMLProvider{Account: iamAcct, Name: "okta"}), tx.PutSAMLProvider(iam.SAMLProvider{Account: iamOther, Name: "Okta"}))
	})
	listed := full
	listed.Metadata, listed.PrivateKeys = "", nil
	equal(t, "list", get(t, db, func(tx store.Tx) ([]iam.SAMLProvider, error) { return tx.SAMLProviders(iamAcct) }),
		[]iam.SAMLProvider{listed, {Account: iamAcct, Name: "okta"}})
	equal(t, "count of two", counted(t, db, iam.SAMLProviders), 2)
	update(t, db, func(tx store.Tx) error { return tx.DeleteSAMLProvider(iamAcct, "Okta") })
	view(t, db, func(tx store.Tx) error {
		_, err := read(tx)
		refused(t, "deleted", err, fault.NotFound, "no-saml-provider")
		_, err = tx.SAMLProvider(iamOther, "Okta")
		return err
	})
	equal(t, "count after", counted(t, db, iam.SAMLProviders), 1)
}

// testIAMOIDCProviders: URLs are told apart letter for letter.
func testIAMOIDCProviders(t *testing.T, db store.DB) {
	twoAccounts(t, db)
	full := iam.OIDCProvider{
		Account: iamAcct, URL: "a.example.com/x", ClientIDs: []string{"b", `"`, "日"}, Thumbprints: []string{strings.Repeat("a1", 20)},
		Tags: []iam.Tag{{Key: "k", Value: "v"}}, CreatedAt: now,
	}
	bare := iam.OIDCProvider{Account: iamAcct, URL: full.URL}
	read := func(tx store.Tx) (iam.OIDCProvider, error) { return tx.OIDCProvider(iamAcct, full.URL) }
	for _, p := range []iam.OIDCProvider{full, bare, full} {
		update(t, db, func(tx store.Tx) error { return tx.PutOIDCProvider(p) })
		equal(t, "read back", get(t, db, read), p)
	}
	more := []iam.OIDCProvider{{Account: iamAcct, URL: "A.example.com/x"}, full, {Account: iamAcct, URL: "a.example.com/x/"}}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutOIDCProvider(more[0]), tx.PutOIDCProvider(more[2]), tx.PutOIDCProvider(iam.OIDCProvider{Account: iamOther, URL: full.URL}))
	})
	equal(t, "list", get(t, db, func(tx store.Tx) ([]iam.OIDCProvider, error) { return tx.OIDCProviders(iamAcct) }), more)
	equal(t, "count", counted(t, db, iam.OIDCProviders), 3)
	refusedUpdate(t, db, "no account", fault.NotFound, "no-account", func(tx store.Tx) error {
		return tx.PutOIDCProvider(iam.OIDCProvider{Account: "999999999999", URL: "x"})
	})
	update(t, db, func(tx store.Tx) error { return tx.DeleteOIDCProvider(iamAcct, full.URL) })
	refusedUpdate(t, db, "deleted twice", fault.NotFound, "no-oidc-provider", func(tx store.Tx) error { return tx.DeleteOIDCProvider(iamAcct, full.URL) })
	view(t, db, func(tx store.Tx) error {
		_, err := read(tx)
		refused(t, "deleted", err, fault.NotFound, "no-oidc-provider")
		return nil
	})
	equal(t, "count after", counted(t, db, iam.OIDCProviders), 2)
}

// testIAMServerCertificates: names are taken ignoring case, and lists are without
// what is long or secret.
func testIAMServerCertificates(t *testing.T, db store.DB) {
	twoAccounts(t, db)
	full := iam.ServerCertificate{
		ID: "ASCA1", Account: iamAcct, Path: "/cloudfront/", Name: "Prod", Body: "body", Chain: strings.Repeat("chain ", 100_000),
		PrivateKey: secret.NewString("key"), Tags: []iam.Tag{{Key: "k", Value: "v"}}, UploadedAt: now, ExpiresAt: now.Add(time.Hour),
	}
	bare := iam.ServerCertificate{ID: "ASCA1", Account: iamAcct, Path: "/", Name: "prod2"}
	for _, c := range []iam.ServerCertificate{full, bare, full} {
		update(t, db, func(tx store.Tx) error { return tx.PutServerCertificate(c) })
		equal(t, "read back", get(t, db, func(tx store.Tx) (iam.ServerCertificate, error) {
			return tx.ServerCertificateByName(iamAcct, strings.ToUpper(c.Name))
		}), c)
	}
	view(t, db, func(tx store.Tx) error {
		_, err := tx.ServerCertificateByName(iamAcct, "prod2")
		refused(t, "a name of before", err, fault.NotFound, "no-server-certificate")
		_, err = tx.ServerCertificateByName(iamOther, "Prod")
		refused(t, "in another account", err, fault.NotFound, "no-server-certificate")
		return nil
	})
	refusedUpdate(t, db, "another's name", fault.AlreadyExists, "server-certificate-exists", func(tx store.Tx) error {
		return tx.PutServerCertificate(iam.ServerCertificate{ID: "ASCA2", Account: iamAcct, Path: "/", Name: "PROD"})
	})
	refusedUpdate(t, db, "no account", fault.NotFound, "no-account", func(tx store.Tx) error {
		return tx.PutServerCertificate(iam.ServerCertificate{ID: "ASCA2", Account: "999999999999", Path: "/", Name: "x"})
	})
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutServerCertificate(iam.ServerCertificate{ID: "ASCA2", Account: iamAcct, Path: "/", Name: "x"}),
			tx.PutServerCertificate(iam.ServerCertificate{ID: "ASCA3", Account: iamOther, Path: "/cloudfront/", Name: "Prod"}))
	})
	listed := full
	listed.Body, listed.Chain, listed.PrivateKey = "", "", secret.String{}
	equal(t, "list", get(t, db, func(tx store.Tx) (page.Page[iam.ServerCertificate], error) {
		return tx.ServerCertificates(iamAcct, "/cloud", page.Request{Limit: 10})
	}), page.Page[iam.ServerCertificate]{Items: []iam.ServerCertificate{listed}})
	equal(t, "count", counted(t, db, iam.ServerCertificates), 2)
	update(t, db, func(tx store.Tx) error { return tx.DeleteServerCertificate("ASCA1") })
	refusedUpdate(t, db, "deleted twice", fault.NotFound, "no-server-certificate", func(tx store.Tx) error { return tx.DeleteServerCertificate("ASCA1") })
	equal(t, "count after", counted(t, db, iam.ServerCertificates), 1)
}

// testIAMSigningCertificates: one certificate is in an account once, and those of
// the root user have no user.
func testIAMSigningCertificates(t *testing.T, db store.DB) {
	twoAccounts(t, db)
	full := iam.SigningCertificate{ID: "C2", Account: iamAcct, User: "AIDA1", Body: "body", Hash: "h2", Active: true, UploadedAt: now}
	off := full
	off.Active = false
	older := iam.SigningCertificate{ID: "C3", Account: iamAcct, User: "AIDA1", Hash: "h3", UploadedAt: now.Add(-time.Hour)}
	root := iam.SigningCertificate{ID: "C1", Account: iamAcct, Hash: "h1"}
	for _, c := range []iam.SigningCertificate{full, off, older, root} {
		update(t, db, func(tx store.Tx) error { return tx.PutSigningCertificate(c) })
		equal(t, "by id", get(t, db, func(tx store.Tx) (iam.SigningCertificate, error) { return tx.SigningCertificate(c.ID) }), c)
		equal(t, "by hash", get(t, db, func(tx store.Tx) (iam.SigningCertificate, error) { return tx.SigningCertificateByHash(iamAcct, c.Hash) }), c)
	}
	of := func(user string) []iam.SigningCertificate {
		return get(t, db, func(tx store.Tx) ([]iam.SigningCertificate, error) { return tx.SigningCertificates(iamAcct, user) })
	}
	equal(t, "the user's", of("AIDA1"), []iam.SigningCertificate{older, off})
	equal(t, "the root user's", of(""), []iam.SigningCertificate{root})
	refusedUpdate(t, db, "twice in the account", fault.AlreadyExists, "duplicate-certificate", func(tx store.Tx) error {
		return tx.PutSigningCertificate(iam.SigningCertificate{ID: "C4", Account: iamAcct, User: "AIDA2", Hash: "h2"})
	})
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutSigningCertificate(iam.SigningCertificate{ID: "C5", Account: iamOther, Hash: "h2"}), tx.DeleteSigningCertificate("C2"))
	})
	refusedUpdate(t, db, "deleted twice", fault.NotFound, "no-signing-certificate", func(tx store.Tx) error { return tx.DeleteSigningCertificate("C2") })
	view(t, db, func(tx store.Tx) error {
		_, err := tx.SigningCertificateByHash(iamAcct, "h2")
		refused(t, "deleted", err, fault.NotFound, "no-signing-certificate")
		return nil
	})
}

// testIAMSSHPublicKeys: keys hang on a user, the oldest first.
func testIAMSSHPublicKeys(t *testing.T, db store.DB) {
	twoAccounts(t, db)
	update(t, db, func(tx store.Tx) error { return tx.PutIAMUser(iamUser("AIDA1", "/", "jane")) })
	full := iam.SSHPublicKey{ID: "APKA2", Account: iamAcct, User: "AIDA1", Body: "ssh-rsa AAAA", Fingerprint: "00:01", Active: true, UploadedAt: now}
	off := full
	off.Active = false
	older := iam.SSHPublicKey{ID: "APKA3", Account: iamAcct, User: "AIDA1", UploadedAt: now.Add(-time.Hour)}
	for _, k := range []iam.SSHPublicKey{full, off, older} {
		update(t, db, func(tx store.Tx) error { return tx.PutSSHPublicKey(k) })
		equal(t, "read back", get(t, db, func(tx store.Tx) (iam.SSHPublicKey, error) { return tx.SSHPublicKey(k.ID) }), k)
	}
	equal(t, "the user's", get(t, db, func(tx store.Tx) ([]iam.SSHPublicKey, error) { return tx.SSHPublicKeys("AIDA1") }), []iam.SSHPublicKey{older, off})
	refusedUpdate(t, db, "nobody's", fault.NotFound, "", func(tx store.Tx) error {
		return tx.PutSSHPublicKey(iam.SSHPublicKey{ID: "APKA4", Account: iamAcct, User: "AIDA9"})
	})
	update(t, db, func(tx store.Tx) error { return do(tx.DeleteSSHPublicKey("APKA2"), tx.DeleteSSHPublicKey("APKA3")) })
	refusedUpdate(t, db, "deleted twice", fault.NotFound, "no-ssh-public-key", func(tx store.Tx) error { return tx.DeleteSSHPublicKey("APKA2") })
	equal(t, "none left", get(t, db, func(tx store.Tx) (int, error) { v, err := tx.SSHPublicKeys("AIDA1"); return len(v), err }), 0)
}

// testIAMServiceCredentials: a service knows each user by another name, and an
// account's credentials can be paged through, with and without a service.
func testIAMServiceCredentials(t *testing.T, db store.DB) {
	twoAccounts(t, db)
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutIAMUser(iamUser("AIDA1", "/", "jane")), tx.PutIAMUser(iamUser("AIDA2", "/", "john")))
	})
	full := iam.ServiceCredential{ID: "ACCA5", Account: iamAcct, User: "AIDA1", Service: "bedrock", UserName: "jane-at", Hash: "h", Active: true,
		CreatedAt: now.Add(time.Minute), ExpiresAt: now.Add(time.Hour)}
	bare := iam.ServiceCredential{ID: "ACCA5", Account: iamAcct, User: "AIDA1", Service: "bedrock", UserName: "jane-at"}
	for _, c := range []iam.ServiceCredential{full, bare, full} {
		update(t, db, func(tx store.Tx) error { return tx.PutServiceCredential(c) })
		equal(t, "by id", get(t, db, func(tx store.Tx) (iam.ServiceCredential, error) { return tx.ServiceCredential("ACCA5") }), c)
		equal(t, "by name", get(t, db, func(tx store.Tx) (iam.ServiceCredential, error) {
			return tx.ServiceCredentialNamed(iamAcct, "bedrock", "jane-at")
		}), c)
	}
	refusedUpdate(t, db, "a taken name", fault.AlreadyExists, "service-user-name-taken", func(tx store.Tx) error {
		return tx.PutServiceCredential(iam.ServiceCredential{ID: "x", Account: iamAcct, User: "AIDA2", Service: "bedrock", UserName: "jane-at"})
	})
	refusedUpdate(t, db, "nobody's", fault.NotFound, "", func(tx store.Tx) error {
		return tx.PutServiceCredential(iam.ServiceCredential{ID: "x", Account: iamAcct, User: "AIDA9", Service: "bedrock", UserName: "x"})
	})
	update(t, db, func(tx store.Tx) error {
		for i := range 5 {
			c := iam.ServiceCredential{ID: fmt.Sprint("ACCA", i), Account: iamAcct, User: "AIDA2", Service: []string{"bedrock", "codecommit"}[i%2],
				UserName: fmt.Sprint("john+", i), CreatedAt: now.Add(-time.Duration(i) * time.Second)}
			if err := tx.PutServiceCredential(c); err != nil {
				return err
			}
		}
		return nil
	})
	id := func(c iam.ServiceCredential) string { return c.ID }
	equal(t, "the user's", ids(get(t, db, func(tx store.Tx) ([]iam.ServiceCredential, error) { return tx.ServiceCredentialsOf("AIDA2") }), id),
		[]string{"ACCA4", "ACCA3", "ACCA2", "ACCA1", "ACCA0"})
	for service, want := range map[string][]string{
		"": {"ACCA0", "ACCA1", "ACCA2", "ACCA3", "ACCA4", "ACCA5"}, "bedrock": {"ACCA0", "ACCA2", "ACCA4", "ACCA5"}, "none": nil,
	} {
		for limit := 1; limit <= 7; limit++ {
			var seen []string
			for p := (page.Request{Limit: limit}); ; {
				got := get(t, db, func(tx store.Tx) (page.Page[iam.ServiceCredential], error) {
					return tx.ServiceCredentials(iamAcct, service, p)
				})
				seen = append(seen, ids(got.Items, id)...)
				if p.After = got.Next; p.After == "" || len(seen) > len(want) {
					break
				}
			}
			if !slices.Equal(seen, want) {
				t.Errorf("of %q by %d: %v, want %v", service, limit, seen, want)
			}
		}
	}
	equal(t, "of the other account", get(t, db, func(tx store.Tx) (page.Page[iam.ServiceCredential], error) {
		return tx.ServiceCredentials(iamOther, "", page.Request{})
	}), page.Page[iam.ServiceCredential]{})
	update(t, db, func(tx store.Tx) error { return tx.DeleteServiceCredential("ACCA5") })
	refusedUpdate(t, db, "deleted twice", fault.NotFound, "no-service-credential", func(tx store.Tx) error { return tx.DeleteServiceCredential("ACCA5") })
}
