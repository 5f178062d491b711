package storetest

import (
	"fmt"
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

func testRole(acct, path, name string) iam.Role {
	return iam.Role{ID: "AROA" + acct + name, Account: acct, Path: path, Name: name, TrustPolicy: "{}", MaxSessionSeconds: 3600, CreatedAt: now}
}

// testIAMRoles: roles come back as they were written, are found by name ignoring
// case, and are listed under a path prefix in order of path and name.
func testIAMRoles(t *testing.T, db store.DB) {
	const acct, other = "111122223333", "444455556666"
	whole := iam.Role{
		ID: "AROA1", Account: acct, Path: "/team/a/", Name: "Deploy", Description: "d", TrustPolicy: `{"a":1}`, MaxSessionSeconds: 7200,
		Boundary: "arn:aws:iam::aws:policy/B", Tags: []iam.Tag{{Key: "b", Value: "2"}, {Key: "A", Value: ""}}, CreatedAt: now, FromFile: true,
	}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutAccount(testAccount(acct)), tx.PutAccount(testAccount(other)), tx.PutRole(whole), tx.PutRole(testRole(other, "/", "deploy")))
	})
	byName := func(account, name string) func(store.Tx) (iam.Role, error) {
		return func(tx store.Tx) (iam.Role, error) { return tx.RoleByName(account, name) }
	}
	equal(t, "by id", get(t, db, func(tx store.Tx) (iam.Role, error) { return tx.Role("AROA1") }), whole)
	equal(t, "by name", get(t, db, byName(acct, "dEPLOY")), whole)
	equal(t, "of another account", get(t, db, byName(other, "Deploy")).ID, "AROA"+other+"deploy")
	bare := iam.Role{ID: "AROA1", Account: acct, Path: "/", Name: "deploy", CreatedAt: now}
	keys := noted(t, db, func(tx store.Tx) error { return tx.PutRole(bare) })
	equal(t, "noted", keys, sortedKeys(store.KeyRole("AROA1"), store.KeyRoles(acct)))
	equal(t, "replaced", get(t, db, byName(acct, "deploy")), bare)
	for what, put := range map[string]func(store.Tx) error{
		"name":  func(tx store.Tx) error { return tx.PutRole(testRole(acct, "/", "DEPLOY")) },
		"place": func(tx store.Tx) error { return tx.PutRole(testRole(acct, "/x/", "Deploy")) },
	} {
		refused(t, "a taken "+what, db.Update(t.Context(), nil, put), fault.AlreadyExists, "role-name-taken")
	}
	moved := bare
	moved.Account = other
	refused(t, "into another account", db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.PutRole(moved) }), fault.NotFound, "")

	count := func(account string) int {
		return get(t, db, func(tx store.Tx) (int, error) { return tx.IAMCount(account, iam.Roles) })
	}
	equal(t, "counted", []int{count(acct), count(other)}, []int{1, 1})
	update(t, db, func(tx store.Tx) error { return tx.DeleteRole("AROA1") })
	equal(t, "counted after a deletion", []int{count(acct), count(other)}, []int{0, 1})
	for what, read := range map[string]func(store.Tx) error{
		"by id":   func(tx store.Tx) error { _, err := tx.Role("AROA1"); return err },
		"by name": func(tx store.Tx) error { _, err := tx.RoleByName(acct, "deploy"); return err },
		"again":   func(tx store.Tx) error { return tx.DeleteRole("AROA1") },
	} {
		refused(t, what, db.Update(t.Context(), nil, read), fault.NotFound, "")
	}
}

// testIAMRolePages: pages of roles are complete, in order and bounded by the
// path prefix, whatever their length.
func testIAMRolePages(t *testing.T, db store.DB) {
	const acct = "111122223333"
	// In the order in which they have to come.
	places := [][2]string{{"/", "A"}, {"/", "b"}, {"/", "C"}, {"/-/", "z"}, {"/a/", "x"}, {"/a/b/", "p"}, {"/a/b/", "Q"}, {"/ab/", "y"}, {"/~/", "w"}}
	update(t, db, func(tx store.Tx) error {
		if err := do(tx.PutAccount(testAccount(acct)), tx.PutAccount(testAccount("444455556666")), tx.PutRole(testRole("444455556666", "/a/", "other"))); err != nil {
			return err
		}
		for i := range places {
			place := places[(i*5)%len(places)]
			r := testRole(acct, place[0], place[1])
			r.ID = fmt.Sprint("AROA", i)
			if err := tx.PutRole(r); err != nil {
				return err
			}
		}
		return nil
	})
	for prefix, want := range map[string][][2]string{
		"": places, "/": places, "/a": places[4:8], "/a/": places[4:7], "/a/b/": places[5:7], "/b": nil, "/~": places[8:], "/~/": places[8:],
	} {
		for limit := 1; limit <= 10; limit += 3 {
			got := walkRoles(t, db, limit, acct, prefix)
			equal(t, fmt.Sprintf("under %q by %d", prefix, limit), got, want)
		}
	}
}

func walkRoles(t *testing.T, db store.DB, limit int, acct, prefix string) (places [][2]string) {
	t.Helper()
	for p := (page.Request{Limit: limit}); ; {
		got := get(t, db, func(tx store.Tx) (page.Page[iam.Role], error) { return tx.Roles(acct, prefix, p) })
		if len(got.Items) > limit || len(got.Items) < limit && got.Next != "" {
			t.Fatalf("a page of %d items, %d asked for, next %q", len(got.Items), limit, got.Next)
		}
		for _, r := range got.Items {
			places = append(places, [2]string{r.Path, r.Name})
		}
		if got.Next == "" {
			return places
		}
		p.After = got.Next
	}
}

// testDeletionTasks: a task is its account's alone and is forgotten in time.
func testDeletionTasks(t *testing.T, db store.DB) {
	const acct = "111122223333"
	failed := iam.DeletionTask{
		ID: "task/1", Account: acct, Status: iam.DeletionFailed, Reason: "in use", CreatedAt: now,
		Usage: []iam.RoleUsage{{Region: "us-east-1", Resources: []string{"arn:1", "arn:2"}}, {Region: "eu-west-1"}},
	}
	done := iam.DeletionTask{ID: "task/2", Account: acct, Status: iam.DeletionSucceeded, CreatedAt: now.Add(time.Hour)}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutAccount(testAccount(acct)), tx.PutDeletionTask(failed), tx.PutDeletionTask(done))
	})
	task := func(account, id string) func(store.Tx) (iam.DeletionTask, error) {
		return func(tx store.Tx) (iam.DeletionTask, error) { return tx.DeletionTask(account, id) }
	}
	equal(t, "failed", get(t, db, task(acct, failed.ID)), failed)
	equal(t, "done", get(t, db, task(acct, done.ID)), done)
	gone := func(what, account, id string) {
		t.Helper()
		refused(t, what, db.View(t.Context(), func(tx store.Tx) error {
			_, err := tx.DeletionTask(account, id)
			return err
		}), fault.NotFound, "no-deletion-task")
	}
	gone("another account's", "444455556666", done.ID)
	update(t, db, func(tx store.Tx) error {
		n, err := tx.Expire(now.Add(iam.DeletionTaskLifetime+time.Microsecond), 10)
		equal(t, "expired", n, 1)
		return err
	})
	gone("expired", acct, failed.ID)
	equal(t, "not expired", get(t, db, task(acct, done.ID)), done)
}
