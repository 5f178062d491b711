package authz

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/live"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/token"
)

// A managed policy that bounds a session cannot be taken out of it by deleting
// it, nor put into it by making another one of its name (promises 13, 16).
func TestDeletedSessionPolicy(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	update := func(fn func(store.Tx) error) {
		t.Helper()
		if err := db.Update(t.Context(), nil, fn); err != nil {
			t.Fatal(err)
		}
	}
	const (
		id       = "AROAEXAMPLEEXAMPLE234"
		owner    = "111122223333"
		bounding = "arn:aws:iam::111122223333:policy/bounding"
		all      = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
		some     = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"iam:ListRoles","Resource":"*"}]}`
	)
	create := func(at time.Time, document string) func(store.Tx) error {
		return func(tx store.Tx) error {
			_, err := iam.CreatePolicy(tx, at, owner, iam.NewPolicy{Path: "/", Name: "bounding", Document: document})
			return err
		}
	}
	update(func(tx store.Tx) error {
		if err := tx.PutAccount(account.Account{ID: owner, Name: "a", Email: "a@example.com", Status: account.Active}); err != nil {
			return err
		}
		if err := tx.PutRole(iam.Role{ID: id, Account: owner, Path: "/", Name: "r", TrustPolicy: "{}", MaxSessionSeconds: 3600}); err != nil {
			return err
		}
		return tx.PutInlinePolicy(iam.InlinePolicy{Owner: id, Name: "p", Document: all})
	})
	update(create(scenarioTime.Add(-time.Hour), some))
	cache := live.New(db)
	cache.Follow(t.Context())
	a := &Authorizer{Live: cache}
	asks := func(action string) error {
		return a.Allow(t.Context(), &call.Call{Now: scenarioTime, Principal: call.Principal{
			Kind: call.AssumedRole, Account: owner, ARN: "arn:aws:sts::111122223333:assumed-role/r/s", EntityARN: "arn:aws:iam::111122223333:role/r", Entity: id,
			Temporary: &token.Session{Kind: token.Assumed, IssuedAt: scenarioTime.Unix(), Policies: []string{all}, PolicyARNs: []string{bounding}},
		}}, action, call.Target{})
	}
	denied := func(when, action string) {
		t.Helper()
		d, ok := errors.AsType[*Denial](asks(action))
		if !ok || !strings.Contains(d.Message, "with an explicit deny in a session policy") {
			t.Errorf("%s: %s: %+v", when, action, d)
		}
	}
	if err := asks("iam:ListUsers"); err != nil {
		t.Error(err)
	}
	denied("while it is there", "iam:ListRoles")
	update(func(tx store.Tx) error { return iam.DeletePolicy(tx, owner, bounding) })
	denied("deleted", "iam:ListRoles")
	denied("deleted", "iam:ListUsers")
	update(create(scenarioTime.Add(time.Minute), all))
	denied("replaced by a namesake", "iam:ListRoles")
}
