package iam_test

import (
	"fmt"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// What an account that is closed for good had in IAM goes, a little at a time,
// and nothing of its neighbour.
func TestEmpty(t *testing.T) {
	t.Parallel()
	const closed, neighbour = "444455556666", "111122223333"
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	db := storetest.Open(t)
	update := func(fn func(store.Tx) error) {
		t.Helper()
		if err := db.Update(t.Context(), nil, fn); err != nil {
			t.Fatal(err)
		}
	}
	fill := func(tx store.Tx, id string) error {
		if err := tx.PutAccount(account.Account{ID: id, Name: id, Email: id + "@example.com", Status: account.Closed, CreatedAt: now}); err != nil {
			return err
		}
		const document = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
		p, err := iam.CreatePolicy(tx, now, id, iam.NewPolicy{Path: "/", Name: "P", Document: document})
		if err != nil {
			return err
		}
		for i := range 5 {
			name := fmt.Sprint("x", i)
			u, err := iam.CreateUser(tx, now, iam.User{Account: id, Path: "/", Name: name})
			if err != nil {
				return err
			}
			r, err := iam.CreateRole(tx, now, iam.Role{Account: id, Path: "/", Name: name, MaxSessionSeconds: 3600,
				TrustPolicy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + id + `"},"Action":"sts:AssumeRole"}]}`})
			if err != nil {
				return err
			}
			for _, owner := range []string{u.ID, r.ID} {
				if err := tx.Attach(iam.Attachment{Account: id, Owner: owner, PolicyARN: p.ARN()}); err != nil {
					return err
				}
			}
			k := iam.AccessKey{ID: "AKIA" + id + name, Account: id, User: u.ID, Secret: secret.NewString("s"), Active: true, CreatedAt: now}
			if err := tx.PutAccessKey(k); err != nil {
				return err
			}
		}
		owner := credential.Owner{Kind: credential.RootUser, ID: id}
		if err := tx.PutPassword(credential.Password{Owner: owner, Hash: "h", SetAt: now}); err != nil {
			return err
		}
		return tx.PutAccessKey(iam.AccessKey{ID: "AKIA" + id, Account: id, Secret: secret.NewString("s"), Active: true, CreatedAt: now})
	}
	// left is how much of everything an account has.
	left := func(id string) (n int) {
		update(func(tx store.Tx) error {
			n = 0
			all := page.Request{Limit: 100}
			users, err := tx.IAMUsers(id, "/", all)
			if err != nil {
				return err
			}
			roles, err := tx.Roles(id, "/", all)
			if err != nil {
				return err
			}
			policies, err := tx.Policies(id, "/", all)
			if err != nil {
				return err
			}
			n = len(users.Items) + len(roles.Items) + len(policies.Items)
			for _, k := range []string{"", "x0", "x1", "x2", "x3", "x4"} {
				if _, err := tx.AccessKey("AKIA" + id + k); err == nil {
					n++
				}
			}
			_, err = tx.Password(credential.Owner{Kind: credential.RootUser, ID: id})
			if err == nil {
				n++
			}
			if fault.Is(err, fault.NotFound) {
				err = nil
			}
			return err
		})
		return n
	}
	update(func(tx store.Tx) error {
		if err := fill(tx, closed); err != nil {
			return err
		}
		return fill(tx, neighbour)
	})
	before := left(neighbour)
	if before != 5+5+1+6+1 {
		t.Fatalf("there are %d", before)
	}
	turns := 0
	for more := true; more; turns++ {
		update(func(tx store.Tx) (err error) {
			more, err = iam.Empty(tx, closed, 2)
			return err
		})
	}
	if n := left(closed); n != 0 || turns != 3 {
		t.Errorf("after %d turns there are %d", turns, n)
	}
	if n := left(neighbour); n != before {
		t.Errorf("the neighbour has %d of %d", n, before)
	}
	update(func(tx store.Tx) error {
		if more, err := iam.Empty(tx, closed, 2); more || err != nil {
			t.Errorf("again: %v, %v", more, err)
		}
		return nil
	})
}
