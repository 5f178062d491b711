package org

import (
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
)

// New makes an organization that the account manages (F-07). An account that
// belongs to one is a Conflict.
func New(tx Tx, managementAccount string, features FeatureSet, now time.Time) (Organization, error) {
	a, err := tx.Account(managementAccount)
	if err != nil {
		return Organization{}, err
	}
	if !a.Standalone() {
		return Organization{}, fault.New(fault.Conflict, "in-organization", "The account is already a member of an organization.")
	}
	o := Organization{ID: arn.NewID("o-", 10), ManagementAccount: a.ID, Root: arn.NewID("r-", 4), Features: features, CreatedAt: now}
	if features == AllFeatures {
		o.PolicyTypes = []PolicyType{ServiceControl} // behaviours.md 9.6
	}
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
	path := o.Path()
	if parent != o.Root {
		above, err := tx.Unit(parent)
		if err != nil {
			return Unit{}, err
		}
		path = above.Path
	}
	u := Unit{ID: arn.NewID("ou-"+o.Root[len("r-"):]+"-", 8), Organization: o.ID, Parent: parent, Name: name, CreatedAt: now}
	u.Path = path + u.ID + "/"
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
