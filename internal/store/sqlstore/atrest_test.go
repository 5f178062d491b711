package sqlstore_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/notify"
	"sekisho/internal/secret"
	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store"
)

// TestSecretsAtRest: no secret stands in the database's files, and none opens in
// another row than its own (promise 23).
func TestSecretsAtRest(t *testing.T) {
	t.Parallel()
	config := sqldbtest.SQLite(t)
	db := openSQLite(t, config)
	const canary = "canary-5e0f6c"
	key := func(id string) iam.AccessKey {
		return iam.AccessKey{ID: id, Account: "111122223333", Secret: secret.NewString(canary + id)}
	}
	if err := db.Update(t.Context(), nil, func(tx store.Tx) error {
		for _, err := range []error{
			tx.PutAccount(account.Account{ID: "111122223333", Name: "visible-5e0f6c"}),
			tx.PutAccessKey(key("AKIA1")), tx.PutAccessKey(key("AKIA2")),
			tx.PutMessage(notify.Message{ID: "m1", To: "x@example.com", Subject: canary, Text: canary, HTML: canary,
				Links: []string{"https://signin/reset?" + canary}, Codes: []string{canary}, CreatedAt: time.Now()}),
		} {
			if err != nil {
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
	if !bytes.Contains(files, []byte("visible-5e0f6c")) {
		t.Fatal("the files do not hold what was written, so the test shows nothing")
	}
	if bytes.Contains(files, []byte(canary)) {
		t.Error("a secret stands in the database's files")
	}
	err := db.SQL().Update(t.Context(), func(tx sqldb.Tx) error {
		_, err := tx.Exec(t.Context(), "UPDATE access_keys SET sealed = (SELECT sealed FROM access_keys WHERE id = 'AKIA2') WHERE id = 'AKIA1'")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	read := func(id string) (k iam.AccessKey, err error) {
		err = db.View(t.Context(), func(tx store.Tx) error { k, err = tx.AccessKey(id); return err })
		return k, err
	}
	if _, err := read("AKIA1"); fault.KindOf(err) != fault.Internal || err == nil || strings.Contains(err.Error(), canary) {
		t.Errorf("a secret moved to another key: %v", err)
	}
	if k, err := read("AKIA2"); err != nil || k.Secret.Reveal() != canary+"AKIA2" {
		t.Errorf("a secret in its place: %v", err)
	}
}
