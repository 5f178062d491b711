package org

import (
	"sekisho/internal/fault"
)

// PolicyType is what a policy of the organization controls.
type PolicyType string

// The types that decide about calls.
const (
	ServiceControl  PolicyType = "SERVICE_CONTROL_POLICY"
	ResourceControl PolicyType = "RESOURCE_CONTROL_POLICY"
)

// Policy is a policy of an organization.
type Policy struct {
	ID           string // p- and 8 or more lower-case letters and digits
	Organization string // "" for AWS's own
	Type         PolicyType
	Name         string // unique for its type
	Description  string
	Document     string // JSON
	FromFile     bool
}

// AWSManaged reports whether the policy is AWS's and cannot be changed.
func (p Policy) AWSManaged() bool { return p.Organization == "" }

// AWS's own policies, which are attached wherever an enabled type reaches unless
// somebody detaches them (behaviours.md 9.6).
var (
	FullAWSAccess = Policy{
		ID: "p-FullAWSAccess", Type: ServiceControl, Name: "FullAWSAccess", Description: "Allows access to every operation",
		Document: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`,
	}
	RCPFullAWSAccess = Policy{
		ID: "p-RCPFullAWSAccess", Type: ResourceControl, Name: "RCPFullAWSAccess", Description: "Allow all access",
		Document: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`,
	}
)

// Default is AWS's own policy of the type; ok is false if it has none.
func (t PolicyType) Default() (p Policy, ok bool) {
	switch t {
	case ServiceControl:
		return FullAWSAccess, true
	case ResourceControl:
		return RCPFullAWSAccess, true
	}
	return Policy{}, false
}

// Find returns a policy of the organization or one of AWS's, or NotFound.
func Find(tx Store, organization, id string) (Policy, error) {
	for _, p := range []Policy{FullAWSAccess, RCPFullAWSAccess} {
		if p.ID == id {
			return p, nil
		}
	}
	p, err := tx.OrgPolicy(id)
	if err == nil && p.Organization != organization {
		err = fault.New(fault.NotFound, "no-org-policy", "The policy does not exist.")
	}
	return p, err
}

// PoliciesOn are the policies of the type that are attached to a root, unit or account.
func PoliciesOn(tx Store, organization, target string, t PolicyType) ([]Policy, error) {
	ids, err := tx.AttachedOrgPolicies(target, t)
	if err != nil {
		return nil, err
	}
	policies := make([]Policy, len(ids))
	for i, id := range ids {
		if policies[i], err = Find(tx, organization, id); err != nil {
			return nil, err
		}
	}
	return policies, nil
}

// attachDefaults gives a target that has just come into the organization AWS's
// policies of the types that are enabled.
func attachDefaults(tx Store, o Organization, target string) error {
	for _, t := range o.PolicyTypes {
		if p, ok := t.Default(); ok {
			if err := tx.AttachOrgPolicy(o.ID, target, p); err != nil {
				return err
			}
		}
	}
	return nil
}
