package sqlstore_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/secret"
	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store"
)

// No seed of an MFA device stands in the database's files, and none opens in
// another row than its own (promise 23).
func TestSeedsAtRest(t *testing.T) {
	t.Parallel()
	const canary, one, two = "CANARY5E0F6C", "arn:aws:iam::111122223333:mfa/one", "arn:aws:iam::111122223333:mfa/two"
	config := sqldbtest.SQLite(t)
	db := openSQLite(t, config)
	if err := db.Update(t.Context(), nil, func(tx store.Tx) error {
		if err := tx.PutAccount(account.Account{ID: "111122223333", Name: "Example"}); err != nil {
			return err
		}
		for _, serial := range []string{one, two} {
			d := iam.MFADevice{Serial: serial, Account: "111122223333", Kind: iam.VirtualMFA}
			d.Seed = secret.NewString(canary + serial)
			if err := tx.PutMFADevice(d); err != nil {
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
	if !bytes.Contains(files, []byte(one)) || bytes.Contains(files, []byte(canary)) {
		t.Error("the files do not hold the device, or its seed")
	}
	if err := db.SQL().Update(t.Context(), func(tx sqldb.Tx) error {
		_, err := tx.Exec(t.Context(), "UPDATE mfa_devices SET sealed = (SELECT sealed FROM mfa_devices WHERE serial = ?) WHERE serial = ?", two, one)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	err := db.View(t.Context(), func(tx store.Tx) error { _, err := tx.MFADevice(one); return err })
	if err == nil || fault.KindOf(err) != fault.Internal || strings.Contains(err.Error(), canary) {
		t.Errorf("a seed moved to another device: %v", err)
	}
}
