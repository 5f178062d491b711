package org

import (
	"cmp"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
)

// New makes an organization that the account manages (F-07). An account that
// belongs to one is a Conflict.
func New(tx Tx, managementAccount string, features FeatureSet, now time.Time) (Organization, error) {
	return Found(tx, Organization{ManagementAccount: managementAccount, Features: features}, now)
}

// Found is New for an organization that may have an id, a root's id, policy types and
// an account limit already. AWS enables no type by itself, whatever its documentation
// says: Terraform, for one, relies on that. That no other has the ids is the caller's to see to.
func Found(tx Tx, o Organization, now time.Time) (Organization, error) {
	a, err := tx.Account(o.ManagementAccount)
	if err != nil {
		return Organization{}, err
	}
	if !a.Standalone() {
		return Organization{}, fault.New(fault.Conflict, "in-organization", "The account is already a member of an organization.")
	}
	o.ID, o.Root = cmp.Or(o.ID, arn.NewID("o-", 10)), cmp.Or(o.Root, arn.NewID("r-", 4))
	o.CreatedAt = now
	if err := tx.PutOrganization(o); err != nil {
		return o, err
	}
	if err := attachDefaults(tx, o, o.Root); err != nil {
		return o, err
	}
	return o, Join(tx, o, a, o.Path(), account.Invited, now)
}

// Join makes a standalone account a member, in the root or unit at the end of a
// path of ids.
func Join(tx Tx, o Organization, a account.Account, path string, method account.JoinedMethod, now time.Time) error {
	a.Organization, a.OrgPath, a.JoinedMethod, a.JoinedAt = o.ID, path, method, now
	if err := tx.PutAccount(a); err != nil {
		return err
	}
	return attachDefaults(tx, o, a.ID)
}

// NewUnit makes a unit under the root or a unit of the organization.
func NewUnit(tx Store, o Organization, parent, name string, now time.Time) (Unit, error) {
	return AddUnit(tx, o, Unit{Parent: parent, Name: name}, now)
}

// AddUnit is NewUnit for a unit that may have an id already. That no other has it is
// the caller's to see to.
func AddUnit(tx Store, o Organization, u Unit, now time.Time) (Unit, error) {
	path := o.Path()
	if u.Parent != o.Root {
		above, err := tx.Unit(u.Parent)
		if err != nil {
			return Unit{}, err
		}
		path = above.Path
	}
	u.ID = cmp.Or(u.ID, arn.NewID("ou-"+o.Root[len("r-"):]+"-", 8))
	u.Organization, u.Path, u.CreatedAt = o.ID, path+u.ID+"/", now
	if err := tx.PutUnit(u); err != nil {
		return u, err
	}
	return u, attachDefaults(tx, o, u.ID)
}

// SetPolicyType enables or disables a type of policy. Disabling detaches all of
// that type; enabling leaves AWS's own attached everywhere (behaviours.md 9.6).
func SetPolicyType(tx Tx, o Organization, t PolicyType, enabled bool) (Organization, error) {
	kept := make([]PolicyType, 0, len(o.PolicyTypes)+1)
	for _, have := range o.PolicyTypes {
		if have != t {
			kept = append(kept, have)
		}
	}
	if enabled {
		kept = append(kept, t)
	}
	o.PolicyTypes = kept
	if err := tx.DetachOrgPolicies(o.ID, t, ""); err != nil {
		return o, err
	}
	if err := tx.PutOrganization(o); err != nil || !enabled {
		return o, err
	}
	p, ok := t.Default()
	if !ok {
		return o, nil
	}
	return o, tx.AttachOrgPolicyEverywhere(o, p)
}
