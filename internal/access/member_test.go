package access_test

import (
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

const linkedRole = "AWSServiceRoleForSSO"

// behaviours.md 6.1: an account of the organization has the service's role, once, and
// one that leaves keeps nothing of Identity Center's.
func TestJoinAndLeave(t *testing.T) {
	t.Parallel()
	db := organized(t, "us-east-1")
	const alone = "222233334444"
	update(t, db, func(tx store.Tx) error {
		if err := tx.PutAccount(account.Account{ID: alone, Name: "Alone", Email: "alone@example.com", Status: account.Active, CreatedAt: now}); err != nil {
			return err
		}
		for range 2 {
			for _, id := range []string{staging, alone} {
				if err := access.Joined(tx, now, id); err != nil {
					return err
				}
			}
		}
		if err := access.Assign(tx, now, assignment(staging, "ReadOnly", access.ToUser, "u1")); err != nil {
			return err
		}
		own := iam.SAMLProvider{Account: staging, Name: "Own", CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
		return tx.PutSAMLProvider(own)
	})
	update(t, db, func(tx store.Tx) error {
		r, err := tx.RoleByName(staging, linkedRole)
		if r.Path != "/aws-service-role/sso.amazonaws.com/" {
			t.Errorf("role %+v", r)
		}
		if _, err := tx.RoleByName(alone, linkedRole); !fault.Is(err, fault.NotFound) {
			t.Errorf("a standalone account: %v", err)
		}
		return err
	})
	for range 2 {
		update(t, db, func(tx store.Tx) error { return access.Left(tx, staging) })
	}
	update(t, db, func(tx store.Tx) error {
		if _, err := tx.RoleByName(staging, linkedRole); !fault.Is(err, fault.NotFound) {
			t.Errorf("the service's role: %v", err)
		}
		if left, err := tx.AssignmentsInAccount(staging); len(left) > 0 || err != nil {
			t.Errorf("assignments %v, %v", left, err)
		}
		if _, err := tx.RoleOfPermissionSet(staging, "ps-ReadOnly"); !fault.Is(err, fault.NotFound) {
			t.Errorf("the set's role: %v", err)
		}
		providers, err := tx.SAMLProviders(staging)
		if len(providers) != 1 || providers[0].Name != "Own" {
			t.Errorf("providers %+v", providers)
		}
		return err
	})
}

// A role whose removal is still waiting goes, too.
func TestLeaveWithIdleRole(t *testing.T) {
	t.Parallel()
	db := organized(t, "us-east-1")
	a := assignment(staging, "ReadOnly", access.ToUser, "u1")
	update(t, db, func(tx store.Tx) error {
		if err := access.Assign(tx, now, a); err != nil {
			return err
		}
		if err := tx.DeleteAssignment(a); err != nil {
			return err
		}
		return access.UnassignAll(tx, staging)
	})
	if _, err := role(t, db, staging, "ReadOnly"); !fault.Is(err, fault.NotFound) {
		t.Errorf("the role: %v", err)
	}
}

// A set's state is of what accounts are told, in whatever order its policies are, and
// of nothing else.
func TestDigest(t *testing.T) {
	t.Parallel()
	set := access.PermissionSet{Name: "A", SessionDuration: time.Hour, ManagedPolicies: []string{"a", "b"}, CustomerPolicies: []string{"/c"}}
	same := set
	same.ManagedPolicies, same.Name, same.ID, same.CreatedAt, same.Tags = []string{"b", "a"}, "B", "ps-1", now, []iam.Tag{{Key: "k"}}
	if set.Digest() != same.Digest() {
		t.Error("order, name or tags count")
	}
	for what, change := range map[string]func(*access.PermissionSet){
		"description": func(p *access.PermissionSet) { p.Description = "x" },
		"duration":    func(p *access.PermissionSet) { p.SessionDuration++ },
		"relay state": func(p *access.PermissionSet) { p.RelayState = "x" },
		"managed":     func(p *access.PermissionSet) { p.ManagedPolicies = []string{"a"} },
		"customer":    func(p *access.PermissionSet) { p.CustomerPolicies = nil },
		"moved":       func(p *access.PermissionSet) { p.ManagedPolicies, p.CustomerPolicies = []string{"a", "b", "/c"}, nil },
		"inline":      func(p *access.PermissionSet) { p.InlinePolicy = "{}" },
		"boundary":    func(p *access.PermissionSet) { p.Boundary = "x" },
	} {
		other := set
		change(&other)
		if other.Digest() == set.Digest() {
			t.Errorf("the %s does not count", what)
		}
	}
}
