package storetest

import (
	"testing"
	"time"

	"sekisho/internal/favourite"
	"sekisho/internal/store"
)

// testFavourites: what people keep first is their own, once, and goes with them.
func testFavourites(t *testing.T, db store.DB) {
	one := favourite.Favourite{User: "u1", Kind: favourite.Account, Target: "111122223333", MarkedAt: now}
	app := favourite.Favourite{User: "u1", Kind: favourite.Application, Target: "apl-0123456789abcdef", MarkedAt: now.Add(time.Second)}
	two := favourite.Favourite{User: "u2", Kind: favourite.Account, Target: "111122223333", MarkedAt: now}
	of := func(user string) []favourite.Favourite {
		t.Helper()
		return get(t, db, func(tx store.Tx) ([]favourite.Favourite, error) { return tx.Favourites(user) })
	}
	update(t, db, func(tx store.Tx) error {
		again := one
		again.MarkedAt = now.Add(time.Hour)
		return do(tx.PutUser(testUser("u1")), tx.PutUser(testUser("u2")), tx.PutFavourite(app), tx.PutFavourite(one), tx.PutFavourite(again), tx.PutFavourite(two))
	})
	equal(t, "favourites", of("u1"), []favourite.Favourite{one, app})
	update(t, db, func(tx store.Tx) error {
		return do(tx.DeleteFavourite(one), tx.DeleteFavourite(one), tx.DeleteFavourite(favourite.Favourite{User: "u2", Kind: favourite.Application, Target: app.Target}))
	})
	equal(t, "after one was removed", of("u1"), []favourite.Favourite{app})
	equal(t, "those of another", of("u2"), []favourite.Favourite{two})
	update(t, db, func(tx store.Tx) error { return tx.DeleteUser("u1") })
	equal(t, "those of who is gone", of("u1"), []favourite.Favourite(nil))
	equal(t, "those of who is not", of("u2"), []favourite.Favourite{two})
}
