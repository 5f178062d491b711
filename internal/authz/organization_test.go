package authz

import (
	"errors"
	"testing"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/live"
	"sekisho/internal/policy"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// Where accounts are in an organization is what aws:PrincipalOrgPaths and
// aws:ResourceOrgPaths say, so that a resource's policy can let a unit in; an
// account that is moved is elsewhere for the next call (behaviours.md 3.4).
func TestOrgPaths(t *testing.T) {
	t.Parallel()
	const chief, inside, outside = "111122223333", "444455556666", "777788889999"
	db := storetest.Open(t)
	var path string
	update := func(fn func(store.Tx) error) {
		t.Helper()
		if err := db.Update(t.Context(), nil, fn); err != nil {
			t.Fatal(err)
		}
	}
	update(func(tx store.Tx) error {
		for _, id := range []string{chief, inside, outside} {
			if err := tx.PutAccount(account.Account{ID: id, Name: "A", Email: id + "@example.com", Status: account.Active, CreatedAt: scenarioTime}); err != nil {
				return err
			}
		}
		o, err := storetest.NewOrganization(tx, scenarioTime, chief)
		if err != nil {
			return err
		}
		path, err = storetest.Unit(tx, o, "Workloads/Prod")
		return errors.Join(err, storetest.Join(tx, o, inside, "Workloads/Prod"))
	})
	cache := live.New(db)
	cache.Follow(t.Context())
	a := &Authorizer{Live: cache}
	lets := func(key, pattern string) *policy.Policy {
		return policy.MustParse(policy.ResourcePolicy, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*",
			"Condition":{"ForAnyValue:StringLike":{"`+key+`":"`+pattern+`"}}}]}`)
	}
	unit := path[:len(path)-len("/")]
	unit = unit[:len(unit)-len("ou-exam-00000000")] // Workloads
	for name, c := range map[string]struct {
		by, owner, key, pattern string
		want                    bool
	}{
		"in the unit":               {inside, chief, "aws:PrincipalOrgPaths", path, true},
		"below the unit":            {inside, chief, "aws:PrincipalOrgPaths", unit + "*", true},
		"exactly another unit":      {inside, chief, "aws:PrincipalOrgPaths", unit, false},
		"outside":                   {outside, chief, "aws:PrincipalOrgPaths", "*", false},
		"a resource in the unit":    {chief, inside, "aws:ResourceOrgPaths", path, true},
		"a resource elsewhere":      {inside, chief, "aws:ResourceOrgPaths", path, false},
		"a resource of none":        {inside, outside, "aws:ResourceOrgPaths", "*", false},
		"the principal's, not that": {chief, inside, "aws:PrincipalOrgPaths", path, false},
	} {
		q := &call.Call{Now: scenarioTime, Principal: call.Principal{Kind: call.Root, Account: c.by, ARN: arn.Root(c.by), EntityARN: arn.Root(c.by)}}
		err := a.Allow(t.Context(), q, "s3:GetObject", call.Target{ARN: "arn:aws:s3:::b/o", Account: c.owner, Policy: lets(c.key, c.pattern)})
		if (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	update(func(tx store.Tx) error {
		moved, err := tx.Account(inside)
		if err != nil {
			return err
		}
		moved.OrgPath = unit
		return tx.PutAccount(moved)
	})
	q := &call.Call{Now: scenarioTime, Principal: call.Principal{Kind: call.Root, Account: inside, ARN: arn.Root(inside), EntityARN: arn.Root(inside)}}
	target := call.Target{ARN: "arn:aws:s3:::b/o", Account: chief, Policy: lets("aws:PrincipalOrgPaths", path)}
	if err := a.Allow(t.Context(), q, "s3:GetObject", target); err == nil {
		t.Error("the account that was moved away is let in")
	}
}
