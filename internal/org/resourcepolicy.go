package org

import (
	"strings"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/policy"
)

// ResourcePolicy is the policy of the organization itself: it lets member accounts
// do what is the management account's otherwise.
type ResourcePolicy struct {
	ID           string // rp- and 10 lower-case letters and digits
	Organization string
	Document     string // JSON, as it was given; at most 40,000 characters
}

// ARN is the policy's name for other policies, in the organization that the
// account manages.
func (p ResourcePolicy) ARN(management string) string {
	return "arn:aws:organizations::" + management + ":resourcepolicy/" + p.Organization + "/" + p.ID
}

// ResourcePolicyStore keeps them, one for an organization.
type ResourcePolicyStore interface {
	// OrgResourcePolicy returns the organization's, or NotFound.
	OrgResourcePolicy(organization string) (ResourcePolicy, error)
	// PutOrgResourcePolicy creates or replaces it.
	PutOrgResourcePolicy(p ResourcePolicy) error
	// DeleteOrgResourcePolicy removes it with its tags; it is NotFound if there is none.
	DeleteOrgResourcePolicy(organization string) error
}

// alsoByPolicy are what a resource policy can let members call beside what any
// delegated administrator can.
var alsoByPolicy = map[string]bool{
	"organizations:AttachPolicy":      true,
	"organizations:CreatePolicy":      true,
	"organizations:DeletePolicy":      true,
	"organizations:DetachPolicy":      true,
	"organizations:DisablePolicyType": true,
	"organizations:EnablePolicyType":  true,
	"organizations:TagResource":       true,
	"organizations:UntagResource":     true,
	"organizations:UpdatePolicy":      true,
}

// namedByPolicy are what a resource policy may name, in lower case: beside those, what
// members may do anyway, and all reading at once.
var namedByPolicy = func() map[string]bool {
	all := map[string]bool{
		"organizations:describe*": true, "organizations:list*": true, "organizations:describeorganization": true,
		"organizations:describehandshake": true, "organizations:listhandshakesforaccount": true,
	}
	for _, some := range []map[string]bool{readable, alsoByPolicy} {
		for a := range some {
			all[strings.ToLower(a)] = true
		}
	}
	return all
}()

// ReadDelegated reports whether the account may call the action because it
// administers some service for its organization.
func ReadDelegated(tx Tx, accountID, action string) (bool, error) {
	if !readable[action] {
		return false, nil
	}
	return DelegatedAny(tx, accountID)
}

// Lets reports whether the action is one that members can do only by the
// organization's resource policy, and that policy is about the member at all. Which
// of its principals may do what, the policy says at the gate.
func Lets(tx Tx, o Organization, accountID, action string) (bool, error) {
	if !readable[action] && !alsoByPolicy[action] {
		return false, nil
	}
	p, err := tx.OrgResourcePolicy(o.ID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	parsed, err := policy.Parse(policy.ResourcePolicy, p.Document)
	if err != nil {
		return false, nil //nolint:nilerr // what cannot be read allows nothing
	}
	for _, e := range parsed.Principals() {
		if principalAccount(e) == accountID {
			return true, nil
		}
	}
	return false, nil
}

// SetResourcePolicy replaces the organization's resource policy, or makes the
// first, which may have tags from the beginning.
func SetResourcePolicy(tx Tx, o Organization, document string, tags []Tag) (ResourcePolicy, error) {
	if o.Features != AllFeatures {
		return ResourcePolicy{}, errNotAllFeatures
	}
	if err := validResourcePolicy(tx, o, document); err != nil {
		return ResourcePolicy{}, err
	}
	p, err := tx.OrgResourcePolicy(o.ID)
	switch {
	case fault.Is(err, fault.NotFound):
		p = ResourcePolicy{ID: arn.NewID("rp-", 10), Organization: o.ID}
	case err != nil:
		return p, err
	case len(tags) > 0:
		return p, invalid("TARGET_NOT_SUPPORTED", "You can't update an existing resource policy with tags.")
	}
	p.Document = document
	if err := tx.PutOrgResourcePolicy(p); err != nil {
		return p, err
	}
	return p, SetTags(tx, o.ID, p.ID, tags)
}

// validResourcePolicy refuses a policy that is not one, names others than members
// of the organization, or allows what cannot be given to them.
func validResourcePolicy(tx account.Store, o Organization, document string) error {
	parsed, err := policy.Parse(policy.ResourcePolicy, document)
	if err != nil {
		f := fault.New(fault.Invalid, "INVALID_RESOURCE_POLICY_JSON", "You specified a resource policy that isn't valid.")
		return f.Wrap(err)
	}
	for _, e := range parsed.Principals() {
		id := principalAccount(e)
		if e.Not || id == "" || id == o.ManagementAccount {
			return errPrincipal
		}
		a, err := tx.Account(id)
		if fault.Is(err, fault.NotFound) || err == nil && a.Organization != o.ID {
			return errPrincipal
		}
		if err != nil {
			return err
		}
	}
	if services := parsed.Services(); len(services) > 0 && (len(services) != 1 || services[0] != "organizations") {
		return errAction
	}
	for _, a := range parsed.Actions() {
		if !namedByPolicy[strings.ToLower(a)] {
			return errAction
		}
	}
	return nil
}

var (
	errPrincipal = invalid("INVALID_PRINCIPAL", "You specified an invalid principal element in the policy.")
	errAction    = invalid("UNSUPPORTED_ACTION_IN_RESOURCE_POLICY", "You specified an action that isn't supported in a resource policy.")
)

// principalAccount is the account that a principal is or belongs to; "" if that is
// not one account.
func principalAccount(e policy.PrincipalElement) string {
	if e.Type != "AWS" {
		return ""
	}
	if arn.ValidAccount(e.Value) {
		return e.Value
	}
	a, err := arn.Parse(e.Value)
	if err != nil || !arn.ValidAccount(a.Account) {
		return ""
	}
	return a.Account
}
