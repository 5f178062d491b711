package org

import (
	"slices"
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// Policy is a policy of an organization.
type Policy struct {
	ID           string // p- and 8 or more lower-case letters and digits
	Organization string // "" for AWS's own
	Type         PolicyType
	Name         string // unique for its type; 1 to 128 characters
	Description  string // at most 512 characters
	Document     string // JSON, as it was given
	FromFile     bool
	UpdatedAt    time.Time // of the document; zero if that is not known
}

// AWSManaged reports whether the policy is AWS's and cannot be changed.
func (p Policy) AWSManaged() bool { return p.Organization == "" }

// ARN is the policy's name for other policies, in the organization that the
// account manages.
func (p Policy) ARN(management string) string {
	kind := strings.ToLower(string(p.Type))
	if p.AWSManaged() {
		return "arn:aws:organizations::aws:policy/" + kind + "/" + p.ID
	}
	return "arn:aws:organizations::" + management + ":policy/" + p.Organization + "/" + kind + "/" + p.ID
}

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

// Find returns a policy of the organization or one of AWS's, or NotFound.
func Find(tx Store, organization, id string) (Policy, error) {
	for _, p := range []Policy{FullAWSAccess, RCPFullAWSAccess} {
		if p.ID == id {
			return p, nil
		}
	}
	p, err := tx.OrgPolicy(id)
	if fault.Is(err, fault.NotFound) || err == nil && p.Organization != organization {
		return Policy{}, fault.New(fault.NotFound, "PolicyNotFound", "You specified a policy that doesn't exist.").Wrap(err)
	}
	return p, err
}

// awsFirst is where a list of policies stands after AWS's own; the names of the
// others follow it.
const awsFirst = "="

// Policies pages through the policies of a type: AWS's own, then the
// organization's in order of name.
func Policies(tx Store, o Organization, t PolicyType, p page.Request) (page.Page[Policy], error) {
	var first []Policy
	if p.After == "" {
		if aws, ok := t.Default(); ok {
			first = []Policy{aws}
		}
	}
	own, err := tx.OrgPolicies(o.ID, t, page.Request{Limit: max(p.Limit-len(first), 1), After: strings.TrimPrefix(p.After, awsFirst)})
	if err != nil {
		return own, err
	}
	if own.Next != "" {
		own.Next = awsFirst + own.Next
	}
	if len(first) == p.Limit && len(own.Items) > 0 {
		return page.Page[Policy]{Items: first, Next: awsFirst}, nil
	}
	own.Items = append(first, own.Items...)
	return own, nil
}

// PoliciesOn are the policies of the type that are attached to a root, unit or
// account, in the order in which they were attached.
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

// NewPolicy keeps a policy that nothing is held to yet.
func NewPolicy(tx Store, o Organization, p Policy, tags []Tag, now time.Time) (Policy, error) {
	p.ID, p.Organization, p.UpdatedAt = arn.NewID("p-", 8), o.ID, now
	if err := o.Available(p.Type); err != nil {
		return p, err
	}
	if err := p.Type.Validate(p.Document); err != nil {
		return p, err
	}
	n, err := tx.OrgPolicyCount(o.ID, p.Type)
	if err != nil {
		return p, err
	}
	if n >= MaxPolicies {
		return p, constraint("POLICY_NUMBER_LIMIT_EXCEEDED", "You have exceeded the number of policies of the type allowed in your organization.")
	}
	if err := putPolicy(tx, p); err != nil {
		return p, err
	}
	return p, SetTags(tx, o.ID, p.ID, tags)
}

// PolicyChange is what to change of a policy; nil leaves it as it is.
type PolicyChange struct{ Name, Description, Document *string }

// UpdatePolicy changes a policy, wherever it is attached, for the very next call.
func UpdatePolicy(tx Store, o Organization, id string, change PolicyChange, now time.Time) (Policy, error) {
	p, err := own(tx, o, id)
	if err != nil {
		return p, err
	}
	if change.Name != nil {
		p.Name = *change.Name
	}
	if change.Description != nil {
		p.Description = *change.Description
	}
	if change.Document != nil {
		p.Document, p.UpdatedAt = *change.Document, now
		if err := p.Type.Validate(p.Document); err != nil {
			return p, err
		}
	}
	return p, putPolicy(tx, p)
}

// putPolicy keeps a policy. Its name must be nobody else's of the type, AWS's own
// included.
func putPolicy(tx Store, p Policy) error {
	taken := fault.New(fault.AlreadyExists, "DuplicatePolicy", "A policy with the specified name and type already exists.")
	if own, ok := p.Type.Default(); ok && own.Name == p.Name {
		return taken
	}
	err := tx.PutOrgPolicy(p)
	if fault.Is(err, fault.AlreadyExists) {
		err = taken.Wrap(err)
	}
	return err
}

// DeletePolicy removes a policy that is attached to nothing.
func DeletePolicy(tx Store, o Organization, id string) error {
	p, err := own(tx, o, id)
	if err != nil {
		return err
	}
	targets, err := tx.OrgPolicyTargets(o.ID, id, page.Request{Limit: 1})
	if err != nil {
		return err
	}
	if len(targets.Items) > 0 {
		return fault.New(fault.Conflict, "PolicyInUse", "The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts before performing this operation.")
	}
	return tx.DeleteOrgPolicy(p.ID)
}

// own finds a policy that the organization may change.
func own(tx Store, o Organization, id string) (Policy, error) {
	p, err := Find(tx, o.ID, id)
	if err == nil && p.AWSManaged() {
		err = invalid("IMMUTABLE_POLICY", "You specified a policy that is managed by AWS and can't be modified.")
	}
	return p, err
}

// Attach makes a policy come down on a root, unit or account.
func Attach(tx Tx, o Organization, policyID, target string) error {
	p, err := Find(tx, o.ID, policyID)
	if err != nil {
		return err
	}
	if _, err := TargetOf(tx, o, target); err != nil {
		return err
	}
	if !o.Enabled(p.Type) {
		return errTypeNotEnabled
	}
	attached, err := tx.AttachedOrgPolicies(target, p.Type)
	if err != nil {
		return err
	}
	if slices.Contains(attached, p.ID) {
		return fault.New(fault.AlreadyExists, "DuplicatePolicyAttachment", "The selected policy is already attached to the specified target.")
	}
	if most := policyTypes[p.Type].most; len(attached) >= most {
		return constraint("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", "You have attached the maximum number of policies of the type (%d) to the target.", most)
	}
	return tx.AttachOrgPolicy(o.ID, target, p)
}

// Detach takes a policy off again. AWS's resource control policy stays, and so
// does the last service control policy (behaviours.md 9.6).
func Detach(tx Tx, o Organization, policyID, target string) error {
	p, err := Find(tx, o.ID, policyID)
	if err != nil {
		return err
	}
	if _, err := TargetOf(tx, o, target); err != nil {
		return err
	}
	attached, err := tx.AttachedOrgPolicies(target, p.Type)
	switch {
	case err != nil:
		return err
	case !slices.Contains(attached, p.ID):
		return fault.New(fault.NotFound, "PolicyNotAttached", "The policy isn't attached to the specified target in the specified root.")
	case p.ID == RCPFullAWSAccess.ID:
		return invalid("NON_DETACHABLE_POLICY", "You can't detach this AWS Managed Policy.")
	case p.Type == ServiceControl && len(attached) == 1:
		return constraint("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", "You cannot remove the last policy attached to the specified target. You must have at least one attached at all times.")
	}
	return tx.DetachOrgPolicy(target, p.ID)
}

// TargetKind is what policies are attached to.
type TargetKind string

// The kinds, in AWS's words.
const (
	RootTarget    TargetKind = "ROOT"
	UnitTarget    TargetKind = "ORGANIZATIONAL_UNIT"
	AccountTarget TargetKind = "ACCOUNT"
)

// Target is a root, unit or account of the organization.
type Target struct {
	ID, Name string
	Kind     TargetKind
}

// ARN is the target's name in an organization.
func (t Target) ARN(o Organization) string {
	kind := map[TargetKind]string{RootTarget: "root", UnitTarget: "ou", AccountTarget: "account"}[t.Kind]
	return "arn:aws:organizations::" + o.ManagementAccount + ":" + kind + "/" + o.ID + "/" + t.ID
}

// TargetOf finds it, or returns NotFound.
func TargetOf(tx Tx, o Organization, id string) (Target, error) {
	switch {
	case id == o.Root:
		return Target{id, "Root", RootTarget}, nil
	case strings.HasPrefix(id, "ou-"):
		u, err := tx.Unit(id)
		if err != nil || u.Organization != o.ID {
			return Target{}, noTarget(err)
		}
		return Target{id, u.Name, UnitTarget}, nil
	case arn.ValidAccount(id):
		a, err := tx.Account(id)
		if err != nil || a.Organization != o.ID {
			return Target{}, noTarget(err)
		}
		return Target{id, a.Name, AccountTarget}, nil
	}
	return Target{}, noTarget(nil)
}

// Targets pages through what a policy is attached to.
func Targets(tx Tx, o Organization, policyID string, p page.Request) (page.Page[Target], error) {
	if _, err := Find(tx, o.ID, policyID); err != nil {
		return page.Page[Target]{}, err
	}
	ids, err := tx.OrgPolicyTargets(o.ID, policyID, p)
	targets := page.Page[Target]{Next: ids.Next}
	for _, id := range ids.Items {
		t, err := TargetOf(tx, o, id)
		if err != nil {
			return targets, err
		}
		targets.Items = append(targets.Items, t)
	}
	return targets, err
}

// PoliciesFor are the policies of a type that are attached to the target itself.
func PoliciesFor(tx Tx, o Organization, target string, t PolicyType) ([]Policy, error) {
	if _, err := TargetOf(tx, o, target); err != nil {
		return nil, err
	}
	return PoliciesOn(tx, o.ID, target, t)
}
