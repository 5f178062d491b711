package access

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/policy"
)

// Limits of permission sets (behaviours.md 1.7).
const (
	MaxPermissionSets = 3500 // in an instance
	maxManaged        = 25   // AWS's and customers' together, in a set
	maxInlinePolicy   = 32768
)

// ARN is the permission set's (behaviours.md 1.1).
func (p PermissionSet) ARN() string { return arn.PermissionSet(p.Instance, p.ID) }

// Digest stands for everything of the set that accounts are told when it is
// provisioned. A role that was brought to another state is not up to date.
func (p PermissionSet) Digest() string {
	p.ManagedPolicies, p.CustomerPolicies = slices.Sorted(slices.Values(p.ManagedPolicies)), slices.Sorted(slices.Values(p.CustomerPolicies))
	text, err := json.Marshal([]any{p.Description, p.SessionDuration, p.RelayState, p.ManagedPolicies, p.CustomerPolicies, p.InlinePolicy, p.Boundary})
	if err != nil {
		panic(err) // texts and a number: cannot fail
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// NewPermissionSet is what a set is made of. Name is required; a session lasts an
// hour unless it is said.
type NewPermissionSet struct {
	Name, Description, RelayState string
	SessionDuration               time.Duration
	Tags                          []iam.Tag
}

// CreatePermissionSet makes a set that is assigned nowhere (G-33, G-36). It is
// AlreadyExists for a name that the instance has, and a Limit beyond 3,500.
func CreatePermissionSet(tx Store, inst Instance, n NewPermissionSet, now time.Time) (PermissionSet, error) {
	p := PermissionSet{
		ID: arn.NewHexID("ps-", 16), Instance: inst.ID, Name: n.Name, Description: n.Description, RelayState: n.RelayState,
		SessionDuration: n.SessionDuration, CreatedAt: now,
	}
	if p.SessionDuration == 0 {
		p.SessionDuration = DefaultRoleSession
	}
	if err := p.Validate(); err != nil {
		return p, err
	}
	if err := iam.CheckTags(n.Tags, false); err != nil {
		return p, err
	}
	p.Tags = n.Tags
	have, err := tx.PermissionSetCount(inst.ID)
	if err != nil {
		return p, err
	}
	if have >= MaxPermissionSets {
		return p, quota("permission sets", MaxPermissionSets)
	}
	if _, err := tx.PermissionSetByName(inst.ID, p.Name); !fault.Is(err, fault.NotFound) {
		if err == nil {
			err = fault.New(fault.AlreadyExists, "permission-set-name-taken", "PermissionSet with name %s already exists.", p.Name)
		}
		return p, err
	}
	return p, tx.PutPermissionSet(p)
}

// RemovePermissionSet deletes a set that is assigned nowhere.
func RemovePermissionSet(tx Store, id string) error {
	roles, err := tx.ProvisionedRoles(id, page.Request{Limit: 1})
	if err != nil {
		return err
	}
	if len(roles.Items) > 0 {
		return fault.New(fault.Conflict, "permission-set-in-use", "The permission set is still assigned.")
	}
	return tx.DeletePermissionSet(id)
}

// AttachManaged adds an AWS managed policy to the set, in the words of
// behaviours.md 6.4.
func AttachManaged(tx Store, inst Instance, p PermissionSet, policyARN string) error {
	switch m, err := iam.SeePolicy(tx, inst.Owner, policyARN); {
	case fault.Is(err, fault.NotFound), fault.Is(err, fault.Invalid), fault.Is(err, fault.Denied),
		err == nil && m.Account != iam.AWSAccount:
		return fault.New(fault.NotFound, "no-policy", "Policy does not exist with ARN: %s", policyARN)
	case err != nil:
		return err
	case !m.Attachable:
		return fault.New(fault.Invalid, "policy-not-attachable", "The policy %s is for service-linked roles only.", policyARN)
	}
	if slices.Contains(p.ManagedPolicies, policyARN) {
		return fault.New(fault.Conflict, "policy-attached", "Permission set with id %s already has a typed link attachment to a manged policy with %s", p.ID, policyARN)
	}
	if err := p.roomForPolicy(); err != nil {
		return err
	}
	p.ManagedPolicies = append(slices.Clone(p.ManagedPolicies), policyARN)
	return tx.PutPermissionSet(p)
}

// DetachManaged takes it away again.
func DetachManaged(tx Store, p PermissionSet, policyARN string) error {
	at := slices.Index(p.ManagedPolicies, policyARN)
	if at < 0 {
		return fault.New(fault.NotFound, "policy-not-attached", "Could not find ManagedPolicy with arn %s", policyARN)
	}
	p.ManagedPolicies = without(p.ManagedPolicies, at)
	return tx.PutPermissionSet(p)
}

// AttachCustomer adds a reference to a customer managed policy, which every account
// must have by that name and path before the set is provisioned there.
func AttachCustomer(tx Store, p PermissionSet, path, name string) error {
	reference, err := Reference(path, name)
	if err != nil {
		return err
	}
	if slices.Contains(p.CustomerPolicies, reference) {
		return fault.New(fault.Conflict, "policy-attached", "Given customer managed policy with name: %s  and path %s already attached", name, path)
	}
	if err := p.roomForPolicy(); err != nil {
		return err
	}
	p.CustomerPolicies = append(slices.Clone(p.CustomerPolicies), reference)
	return tx.PutPermissionSet(p)
}

// DetachCustomer takes it away again.
func DetachCustomer(tx Store, p PermissionSet, path, name string) error {
	at := slices.Index(p.CustomerPolicies, path+name)
	if at < 0 {
		return fault.New(fault.NotFound, "policy-not-attached", "Given customer managed policy with name: %s and path %s does not exist on PermissionSet", name, path)
	}
	p.CustomerPolicies = without(p.CustomerPolicies, at)
	return tx.PutPermissionSet(p)
}

// without is the list without one; an empty one is nil, as the store returns it.
func without(all []string, at int) []string {
	if len(all) == 1 {
		return nil
	}
	return slices.Delete(slices.Clone(all), at, at+1)
}

func (p PermissionSet) roomForPolicy() error {
	if len(p.ManagedPolicies)+len(p.CustomerPolicies) < maxManaged {
		return nil
	}
	return fault.New(fault.Limit, "policies", "You have exceeded AWS SSO limits. Cannot create ManagedPolicy more than %d for id %s. "+
		"Please refer to https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html", maxManaged, p.ID)
}

// Reference is how a set names a customer managed policy: "/path/name".
func Reference(path, name string) (string, error) {
	if err := iam.CheckPath(iam.Policies, path); err != nil {
		return "", err
	}
	return path + name, iam.CheckName(iam.Policies, name)
}

// SplitReference takes a reference apart into path and name.
func SplitReference(reference string) (path, name string) {
	cut := strings.LastIndexByte(reference, '/') + 1
	return reference[:cut], reference[cut:]
}

// SetInline gives the set an inline policy, or takes it away with "".
func SetInline(tx Store, p PermissionSet, document string) error {
	if document != "" {
		if err := iam.CheckDocument(policy.IdentityPolicy, document); err != nil {
			return err
		}
		if n := iam.DocumentSize(document); n > iam.MaxRolePolicies {
			return quota("characters other than white space in an inline policy", iam.MaxRolePolicies)
		}
	}
	p.InlinePolicy = document
	if err := p.Validate(); err != nil {
		return err
	}
	return tx.PutPermissionSet(p)
}

// SetBoundary makes a policy the permissions boundary of the set's roles: the ARN of
// AWS's own or the reference of a customer's.
func SetBoundary(tx Store, inst Instance, p PermissionSet, boundary string) error {
	if !strings.HasPrefix(boundary, "/") {
		m, err := iam.SeePolicy(tx, inst.Owner, boundary)
		if err != nil || m.Account != iam.AWSAccount {
			if _, expected := fault.As(err); err == nil || expected {
				err = fault.New(fault.NotFound, "no-policy", "Policy does not exist with ARN: %s", boundary)
			}
			return err
		}
	}
	p.Boundary = boundary
	return tx.PutPermissionSet(p)
}

// NoBoundary is the fault for a set that has no permissions boundary.
func NoBoundary(p PermissionSet) error {
	return fault.New(fault.NotFound, "no-boundary", "PermissionSet with id %s has no permissions boundary", p.ID)
}

// RemoveBoundary is NotFound if the set has none.
func RemoveBoundary(tx Store, p PermissionSet) error {
	if p.Boundary == "" {
		return NoBoundary(p)
	}
	p.Boundary = ""
	return tx.PutPermissionSet(p)
}
