package storetest

import (
	"fmt"
	"testing"

	"sekisho/internal/access"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/store"
)

// What is written by few statements is what single ones would have written, also
// beyond what one statement takes, with counts; of what is refused nothing is there.
func testMany(t *testing.T, db store.DB) {
	const n = 450
	var users []directory.User
	var ids []string
	var some []access.Assignment
	for i := range n {
		u := testUser(fmt.Sprintf("u%03d", i))
		u.ExternalIDs = []directory.ExternalID{{Issuer: "i", ID: u.ID}}
		users, ids = append(users, u), append(ids, u.ID)
		some = append(some, assign("111122223333", "ps-1", access.ToUser, u.ID))
	}
	in := users[0].Directory
	update(t, db, func(tx store.Tx) error {
		return do(tx.AddUsers(in, nil), tx.AddUsers(in, users), tx.PutGroup(testGroup("g1")), tx.AddMember("g1", ids[3]), tx.AddMembers("g1", ids), tx.AddMembers("g1", nil),
			tx.PutAccount(testAccount("111122223333")), tx.PutPermissionSet(testSet("ps-1")), tx.AddAssignments(some), tx.AddAssignments(nil))
	})
	equal(t, "user", get(t, db, func(tx store.Tx) (directory.User, error) { return tx.User(ids[n-1]) }), users[n-1])
	equal(t, "by external id", get(t, db, func(tx store.Tx) (directory.User, error) {
		return tx.UserByExternalID(in, directory.ExternalID{Issuer: "i", ID: ids[7]})
	}), users[7])
	equal(t, "count", get(t, db, func(tx store.Tx) (int, error) { return tx.UserCount(in) }), n)
	equal(t, "members", get(t, db, func(tx store.Tx) ([]string, error) { return tx.Members("g1") }), ids)
	equal(t, "assignments", get(t, db, func(tx store.Tx) (int, error) { return tx.AssignmentsIn("111122223333", "ps-1") }), n)
	for name, c := range map[string]struct {
		write func(store.Tx) error
		kind  fault.Kind
	}{
		"taken id":           {func(tx store.Tx) error { return tx.AddUsers(in, users[:1]) }, fault.AlreadyExists},
		"member of no group": {func(tx store.Tx) error { return tx.AddMembers("none", ids[:1]) }, fault.NotFound},
		"assignment of no account": {func(tx store.Tx) error {
			return tx.AddAssignments([]access.Assignment{assign("999999999999", "ps-1", access.ToUser, ids[0])})
		}, fault.NotFound},
	} {
		if err := db.Update(t.Context(), nil, c.write); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	equal(t, "count in the end", get(t, db, func(tx store.Tx) (int, error) { return tx.UserCount(in) }), n)
}
