package keys_test

import (
	"path/filepath"
	"testing"
	"time"

	"sekisho/internal/keys"
	"sekisho/internal/secret"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// A node opens what another one sealed with a key that it has not been told of
// yet (promise 22), and made-up key ids cost the store nothing.
func TestOpenFollowsARotation(t *testing.T) {
	t.Parallel()
	master := secret.Random(keys.Size)
	ring := func() *keys.Ring {
		r, err := keys.NewRing(master)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	here, there := ring(), ring()
	db := storetest.OpenAt(t, sqldb.Config{Path: filepath.Join(t.TempDir(), "sekisho.db")}, here)
	update := func(fn func(store.Tx) error) {
		t.Helper()
		if err := db.Update(t.Context(), nil, fn); err != nil {
			t.Fatal(err)
		}
	}
	update(func(tx store.Tx) error { return there.Load(tx, time.Now()) })
	looks := 0
	there.Refresh = func() error {
		looks++
		return db.View(t.Context(), func(tx store.Tx) error { return there.Reload(tx) })
	}
	update(func(tx store.Tx) error { return here.Rotate(tx, time.Now()) })
	sealed := here.Seal(keys.ClientID, []byte("text"))
	if got, err := there.Open(keys.ClientID, sealed); err != nil || string(got) != "text" || looks != 1 {
		t.Errorf("%q, %v after %d looks", got, err, looks)
	}
	forged := append([]byte(nil), sealed...)
	forged[1] ^= 0xff
	if _, err := there.Open(keys.ClientID, forged); err == nil || looks != 1 {
		t.Errorf("a made-up key: %v after %d looks", err, looks)
	}
}
