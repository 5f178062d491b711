package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// testHeld compares AccountsOf, PermissionSetsOf and Holds with what a plain
// reading of assignments and memberships says, on random organisations.
func testHeld(t *testing.T, db store.DB) {
	const accounts, sets, users, groups = 12, 5, 8, 6
	rng := rand.New(rand.NewPCG(1, 2))
	accountID := func(i int) string { return fmt.Sprintf("%012d", i*7919%100003) }
	setID := func(i int) string { return fmt.Sprintf("ps-%d", (i*3)%sets) }
	memberOf := make(map[string][]string)
	given := make(map[access.Assignment]bool)
	update(t, db, func(tx store.Tx) error {
		clear(memberOf)
		clear(given)
		for i := range accounts {
			if err := tx.PutAccount(testAccount(accountID(i))); err != nil {
				return err
			}
		}
		for i := range sets {
			if err := tx.PutPermissionSet(testSet(setID(i))); err != nil {
				return err
			}
		}
		for i := range groups {
			if err := tx.PutGroup(testGroup(fmt.Sprint("g", i))); err != nil {
				return err
			}
		}
		give := func(kind access.PrincipalType, id string, n int) error {
			for range n {
				a := assign(accountID(rng.IntN(accounts)), setID(rng.IntN(sets)), kind, id)
				given[a] = true
				if err := tx.PutAssignment(a); err != nil {
					return err
				}
			}
			return nil
		}
		for i := range groups {
			if err := give(access.ToGroup, fmt.Sprint("g", i), rng.IntN(10)); err != nil {
				return err
			}
		}
		for i := range users {
			u := fmt.Sprint("u", i)
			if err := do(tx.PutUser(testUser(u)), give(access.ToUser, u, rng.IntN(6))); err != nil {
				return err
			}
			for g := range groups {
				if rng.IntN(3) == 0 {
					memberOf[u] = append(memberOf[u], fmt.Sprint("g", g))
					if err := tx.AddMember(fmt.Sprint("g", g), u); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	holds := func(user, acct, set string) bool {
		if given[assign(acct, set, access.ToUser, user)] {
			return true
		}
		return slices.ContainsFunc(memberOf[user], func(g string) bool { return given[assign(acct, set, access.ToGroup, g)] })
	}
	for i := range users + 1 { // the last one does not exist
		user := fmt.Sprint("u", i)
		var wantAccounts []string
		for a := range accounts {
			acct := accountID(a)
			var wantSets []string
			for s := range sets {
				set := fmt.Sprint("ps-", s)
				want := holds(user, acct, set)
				got := get(t, db, func(tx store.Tx) (bool, error) { return tx.Holds(user, acct, set) })
				if got != want {
					t.Errorf("Holds(%s, %s, %s) is %v", user, acct, set, got)
				}
				if want {
					wantSets = append(wantSets, set)
				}
			}
			if wantSets != nil {
				wantAccounts = append(wantAccounts, acct)
			}
			for limit := 1; limit <= 3; limit++ {
				got := walk(t, db, limit, func(tx store.Tx, p page.Request) (page.Page[access.PermissionSet], error) {
					return tx.PermissionSetsOf(user, acct, p)
				})
				equal(t, "PermissionSetsOf "+user+" in "+acct, ids(got, func(s access.PermissionSet) string { return s.ID }), wantSets)
			}
		}
		slices.Sort(wantAccounts)
		for limit := 1; limit <= 4; limit++ {
			got := walk(t, db, limit, func(tx store.Tx, p page.Request) (page.Page[account.Account], error) { return tx.AccountsOf(user, p) })
			equal(t, "AccountsOf "+user, ids(got, func(a account.Account) string { return a.ID }), wantAccounts)
		}
	}
}

// walk reads all pages of a list.
func walk[T any](t *testing.T, db store.DB, limit int, read func(store.Tx, page.Request) (page.Page[T], error)) (items []T) {
	t.Helper()
	for p := (page.Request{Limit: limit}); ; {
		got := get(t, db, func(tx store.Tx) (page.Page[T], error) { return read(tx, p) })
		if len(got.Items) > limit || len(got.Items) < limit && got.Next != "" {
			t.Fatalf("a page of %d items, %d asked for, next %q", len(got.Items), limit, got.Next)
		}
		items = append(items, got.Items...)
		if got.Next == "" {
			return items
		}
		if got.Next <= p.After {
			t.Fatalf("after %q comes %q: no end", p.After, got.Next)
		}
		p.After = got.Next
	}
}

// testPaging: a page is whole whatever happens between two, the last one has no
// next, and rows come back as they were written.
func testPaging(t *testing.T, db store.DB) {
	update(t, db, func(tx store.Tx) error {
		if err := do(tx.PutUser(testUser("u1")), tx.PutGroup(testGroup("g1")), tx.AddMember("g1", "u1"), tx.PutPermissionSet(testSet("ps-1"))); err != nil {
			return err
		}
		for i := range 6 {
			id := fmt.Sprintf("%012d", i)
			if err := do(tx.PutAccount(testAccount(id)), tx.PutAssignment(assign(id, "ps-1", access.ToGroup, "g1")),
				tx.PutAssignment(assign(id, "ps-1", access.ToUser, "u1"))); err != nil {
				return err
			}
		}
		return nil
	})
	read := func(p page.Request) page.Page[account.Account] {
		return get(t, db, func(tx store.Tx) (page.Page[account.Account], error) { return tx.AccountsOf("u1", p) })
	}
	all := read(page.Request{Limit: 6})
	if len(all.Items) != 6 || all.Next != "" {
		t.Errorf("six of six: %d, next %q", len(all.Items), all.Next)
	}
	equal(t, "an account in the list", all.Items[0], testAccount("000000000000"))
	first := read(page.Request{Limit: 3})
	equal(t, "next", first.Next, "000000000002")
	update(t, db, func(tx store.Tx) error { // both ways to hold are gone for one account, one for another
		return do(tx.DeleteAssignment(assign("000000000003", "ps-1", access.ToGroup, "g1")), tx.DeleteAssignment(assign("000000000003", "ps-1", access.ToUser, "u1")),
			tx.DeleteAssignment(assign("000000000004", "ps-1", access.ToGroup, "g1")))
	})
	rest := read(page.Request{Limit: 3, After: first.Next})
	equal(t, "the rest", ids(rest.Items, func(a account.Account) string { return a.ID }), []string{"000000000004", "000000000005"})
	if got := get(t, db, func(tx store.Tx) (page.Page[access.PermissionSet], error) {
		return tx.PermissionSetsOf("u1", "000000000005", page.Request{Limit: 5})
	}); len(got.Items) != 1 || got.Next != "" {
		t.Errorf("a set that is held twice: %+v", got)
	}
}

// person writes a user with everything that can hang on one.
func person(tx store.Tx, id string) error {
	owner := credential.Owner{Kind: credential.DirectoryUser, ID: id}
	return do(tx.PutUser(testUser(id)), tx.AddMember("g1", id), tx.PutAssignment(assign("111122223333", "ps-1", access.ToUser, id)),
		tx.PutPassword(credential.Password{Owner: owner, Hash: "h"}),
		tx.PutResetLink(credential.ResetLink{Hash: "link-" + id, Owner: owner, ExpiresAt: now}),
		tx.PutSession(session.Session{ID: "session-" + id, User: id, CreatedAt: now, ExpiresAt: now}),
		tx.PutCookie(session.Cookie{Hash: "cookie-" + id, Session: "session-" + id, ExpiresAt: now}),
		tx.PutGrant(token.Grant{ID: "grant-" + id, Session: "session-" + id, User: id}),
		tx.PutAccessToken(token.AccessToken{Hash: "access-" + id, Grant: "grant-" + id, ExpiresAt: now}),
		tx.PutRefreshToken(token.RefreshToken{Hash: "refresh-" + id, Grant: "grant-" + id, ExpiresAt: now}))
}

// hanging are the reads that find what person wrote.
func hanging(id string) map[string]func(store.Tx) error {
	owner := credential.Owner{Kind: credential.DirectoryUser, ID: id}
	return map[string]func(store.Tx) error{
		"user":          func(tx store.Tx) error { _, err := tx.User(id); return err },
		"password":      func(tx store.Tx) error { _, err := tx.Password(owner); return err },
		"reset link":    func(tx store.Tx) error { _, err := tx.ResetLink("link-" + id); return err },
		"session":       func(tx store.Tx) error { _, err := tx.Session("session-" + id); return err },
		"cookie":        func(tx store.Tx) error { _, err := tx.Cookie("cookie-" + id); return err },
		"grant":         func(tx store.Tx) error { _, err := tx.Grant("grant-" + id); return err },
		"access token":  func(tx store.Tx) error { _, err := tx.AccessToken("access-" + id); return err },
		"refresh token": func(tx store.Tx) error { _, err := tx.RefreshToken("refresh-" + id); return err },
		"assignment":    func(tx store.Tx) error { return tx.DeleteAssignment(assign("111122223333", "ps-1", access.ToUser, id)) },
	}
}

// testDeleteUser: all that hangs on a user goes with it, every bit of it is
// noted, and nobody else loses anything (promise 12).
func testDeleteUser(t *testing.T, db store.DB) {
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutAccount(testAccount("111122223333")), tx.PutPermissionSet(testSet("ps-1")), tx.PutGroup(testGroup("g1")),
			person(tx, "u1"), person(tx, "u2"))
	})
	keys := noted(t, db, func(tx store.Tx) error { return tx.DeleteUser("u1") })
	equal(t, "noted", keys, sortedKeys(store.KeyUser("u1"), store.KeyMemberships("u1"), store.KeyAssigned("u1"), store.KeyAssignments("111122223333"),
		store.KeySession("session-u1"), store.KeyCookie("cookie-u1"), store.KeyGrant("grant-u1"), store.KeyAccessRequests()))
	for name, find := range hanging("u1") {
		refused(t, name+" of the deleted user", db.Update(t.Context(), nil, find), fault.NotFound, "")
	}
	equal(t, "members", get(t, db, func(tx store.Tx) ([]string, error) { return tx.Members("g1") }), []string{"u2"})
	for name, find := range hanging("u2") {
		if err := db.Update(t.Context(), nil, find); err != nil {
			t.Errorf("%s of another user: %v", name, err)
		}
	}
}

func testDeleteGroup(t *testing.T, db store.DB) {
	update(t, db, func(tx store.Tx) error {
		for _, g := range []directory.Group{testGroup("g1"), testGroup("g2")} {
			if err := tx.PutGroup(g); err != nil {
				return err
			}
		}
		return do(tx.PutUser(testUser("u1")), tx.PutUser(testUser("u2")), tx.PutAccount(testAccount("111122223333")), tx.PutPermissionSet(testSet("ps-1")),
			tx.AddMember("g1", "u1"), tx.AddMember("g1", "u2"), tx.AddMember("g2", "u1"),
			tx.PutAssignment(assign("111122223333", "ps-1", access.ToGroup, "g1")), tx.PutAssignment(assign("111122223333", "ps-1", access.ToGroup, "g2")))
	})
	keys := noted(t, db, func(tx store.Tx) error { return tx.DeleteGroup("g1") })
	equal(t, "noted", keys, sortedKeys(store.KeyMemberships("u1"), store.KeyMemberships("u2"), store.KeyAssigned("g1"), store.KeyAssignments("111122223333"), store.KeyAccessRequests()))
	equal(t, "groups of a member", get(t, db, func(tx store.Tx) ([]string, error) { return tx.GroupsOf("u1") }), []string{"g2"})
	equal(t, "assignments", get(t, db, allAssignments), []access.Assignment{assign("111122223333", "ps-1", access.ToGroup, "g2")})
	update(t, db, func(tx store.Tx) error { return tx.PutGroup(testGroup("g1")) }) // its name is free again
	if members := get(t, db, func(tx store.Tx) ([]string, error) { return tx.Members("g1") }); members != nil {
		t.Errorf("a new group begins with the members %v", members)
	}
}
