package storetest

import (
	"reflect"
	"testing"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/secret"
	"sekisho/internal/store"
)

// testIAMWebIdentityKeys: an account keeps the first key that it got for an
// algorithm, whoever else made one at the same time.
func testIAMWebIdentityKeys(t *testing.T, db store.DB) {
	const account = "111122223333"
	key := func(id, algorithm string) iam.WebIdentityKey {
		return iam.WebIdentityKey{ID: id, Account: account, Algorithm: algorithm, Private: secret.NewString("\x00key of " + id), CreatedAt: now}
	}
	rs, es := key("one", "RS256"), key("two", "ES384")
	update(t, db, func(tx store.Tx) error { return tx.PutAccount(testAccount(account)) })
	for _, k := range []iam.WebIdentityKey{rs, key("late", "RS256"), es, rs} {
		update(t, db, func(tx store.Tx) error { return tx.AddWebIdentityKey(k) })
	}
	view(t, db, func(tx store.Tx) error {
		got, err := tx.WebIdentityKeys(account)
		if want := []iam.WebIdentityKey{es, rs}; !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, want %+v", got, want)
		}
		return err
	})
	foreign := key("three", "RS256")
	foreign.Account = "999999999999"
	if err := db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.AddWebIdentityKey(foreign) }); !fault.Is(err, fault.NotFound) {
		t.Errorf("of no account: %v", err)
	}
}
