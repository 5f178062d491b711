package authz

import (
	"testing"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/live"
	"sekisho/internal/policy"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// A deny on a resource's tag cannot be stepped around by another tag whose key
// differs by case only, however often one asks: the map that holds tags has no
// order, and the answer must not depend on one.
func TestTagsThatDifferByCase(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	const id = "AIDAEXAMPLEEXAMPLE234"
	err := db.Update(t.Context(), nil, func(tx store.Tx) error {
		if err := tx.PutAccount(account.Account{ID: "111122223333", Name: "a", Email: "a@example.com", Status: account.Active}); err != nil {
			return err
		}
		if err := tx.PutIAMUser(iam.User{ID: id, Account: "111122223333", Path: "/", Name: "eve"}); err != nil {
			return err
		}
		return tx.PutInlinePolicy(iam.InlinePolicy{Owner: id, Name: "p", Document: `{"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":"iam:*","Resource":"*"},
{"Effect":"Deny","Action":"iam:GetPolicy","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/env":"prod"}}},
{"Effect":"Deny","Action":"iam:DeletePolicy","Resource":"*","Condition":{"StringEquals":{"iam:ResourceTag/ENV":"prod"}}},
{"Effect":"Deny","Action":"iam:TagPolicy","Resource":"*","Condition":{"StringNotEquals":{"aws:ResourceTag/env":"dev"}}}]}`})
	})
	if err != nil {
		t.Fatal(err)
	}
	a := &Authorizer{Live: live.New(db)}
	c := &call.Call{Now: scenarioTime, Principal: call.Principal{
		Kind: call.IAMUser, Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/eve", EntityARN: "arn:aws:iam::111122223333:user/eve", Entity: id, UserName: "eve",
	}}
	for range 200 {
		target := call.Target{ARN: "arn:aws:iam::111122223333:policy/two", Tags: map[string]string{"Env": "prod", "env": "dev", "eNv": "test"}}
		for _, action := range []string{"iam:GetPolicy", "iam:DeletePolicy", "iam:TagPolicy"} {
			if err := a.Allow(t.Context(), c, action, target); err == nil {
				t.Fatalf("%s was allowed", action)
			}
		}
		target.Tags = map[string]string{"Env": "dev"}
		for _, action := range []string{"iam:GetPolicy", "iam:DeletePolicy", "iam:TagPolicy"} {
			if err := a.Allow(t.Context(), c, action, target); err != nil {
				t.Fatal(err)
			}
		}
	}
	many := make(map[string]string)
	for i := range 1 << 7 {
		key := []byte("aaaaaaa")
		for j := range key {
			if i>>j&1 == 1 {
				key[j] = 'A'
			}
		}
		many[string(key)] = "dev"
	}
	if err := a.Allow(t.Context(), c, "iam:CreateUser", call.Target{Tags: many}); err == nil {
		t.Error("more choices than are decided were allowed")
	}
}

// One folding of keys: a letter that Unicode folds to s or k is another letter,
// and a key beyond ASCII is asked for as the policy writes it.
func TestTagKeysAreFoldedInOneWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tag, asked string
		same       bool
	}{
		{"access", "ACCESS", true}, {"acceſſ", "access", false}, {"\u212aey", "key", false}, {"Équipe", "Équipe", true}, {"équipe", "Équipe", false},
	} {
		if policy.SameKey(c.tag, c.asked) != c.same || (policy.Fold(c.tag) == policy.Fold(c.asked)) != c.same {
			t.Errorf("%q and %q: want the same: %v", c.tag, c.asked, c.same)
		}
		q := &conditions{call: &call.Call{}, target: &call.Target{Tags: map[string]string{c.tag: "x"}}, entity: &live.Entity{Tags: []iam.Tag{{Key: c.tag, Value: "x"}}}}
		for _, key := range []string{"aws:resourcetag/", "iam:resourcetag/", "aws:principaltag/"} {
			if got := q.Get(key+policy.Fold(c.asked)).Len() == 1; got != c.same {
				t.Errorf("%s%s with the tag %q: %v", key, c.asked, c.tag, got)
			}
		}
	}
}
