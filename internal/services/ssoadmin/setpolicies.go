package ssoadmin

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/store"
)

// policyTable guards the policies in permission sets (behaviours.md 6.4).
var policyTable = call.Table{
	"AttachManagedPolicyToPermissionSet":   {Action: "sso:AttachManagedPolicyToPermissionSet", Resource: "permission-set"},
	"DetachManagedPolicyFromPermissionSet": {Action: "sso:DetachManagedPolicyFromPermissionSet", Resource: "permission-set"},
	"ListManagedPoliciesInPermissionSet":   {Action: "sso:ListManagedPoliciesInPermissionSet", Resource: "permission-set", ReadOnly: true},

	"AttachCustomerManagedPolicyReferenceToPermissionSet":   {Action: "sso:AttachCustomerManagedPolicyReferenceToPermissionSet", Resource: "permission-set"},
	"DetachCustomerManagedPolicyReferenceFromPermissionSet": {Action: "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet", Resource: "permission-set"},
	"ListCustomerManagedPolicyReferencesInPermissionSet":    {Action: "sso:ListCustomerManagedPolicyReferencesInPermissionSet", Resource: "permission-set", ReadOnly: true},

	"PutInlinePolicyToPermissionSet":      {Action: "sso:PutInlinePolicyToPermissionSet", Resource: "permission-set"},
	"GetInlinePolicyForPermissionSet":     {Action: "sso:GetInlinePolicyForPermissionSet", Resource: "permission-set", ReadOnly: true},
	"DeleteInlinePolicyFromPermissionSet": {Action: "sso:DeleteInlinePolicyFromPermissionSet", Resource: "permission-set"},

	"PutPermissionsBoundaryToPermissionSet":      {Action: "sso:PutPermissionsBoundaryToPermissionSet", Resource: "permission-set"},
	"GetPermissionsBoundaryForPermissionSet":     {Action: "sso:GetPermissionsBoundaryForPermissionSet", Resource: "permission-set", ReadOnly: true},
	"DeletePermissionsBoundaryFromPermissionSet": {Action: "sso:DeletePermissionsBoundaryFromPermissionSet", Resource: "permission-set"},
}

// AttachManagedPolicyToPermissionSet adds an AWS managed policy.
func (s *Service) AttachManagedPolicyToPermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.AttachManagedPolicyToPermissionSetInput) (*ssoadmin.AttachManagedPolicyToPermissionSetOutput, error) {
	err := s.updateSet(ctx, c, in.InstanceArn, in.PermissionSetArn, func(tx store.Tx, inst access.Instance, p access.PermissionSet) error {
		return access.AttachManaged(tx, inst, p, *in.ManagedPolicyArn)
	})
	return &ssoadmin.AttachManagedPolicyToPermissionSetOutput{}, err
}

// DetachManagedPolicyFromPermissionSet takes it away again.
func (s *Service) DetachManagedPolicyFromPermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.DetachManagedPolicyFromPermissionSetInput) (*ssoadmin.DetachManagedPolicyFromPermissionSetOutput, error) {
	err := s.updateSet(ctx, c, in.InstanceArn, in.PermissionSetArn, func(tx store.Tx, _ access.Instance, p access.PermissionSet) error {
		return access.DetachManaged(tx, p, *in.ManagedPolicyArn)
	})
	return &ssoadmin.DetachManagedPolicyFromPermissionSetOutput{}, err
}

// ListManagedPoliciesInPermissionSet lists AWS managed policies in order of ARN.
func (s *Service) ListManagedPoliciesInPermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.ListManagedPoliciesInPermissionSetInput) (*ssoadmin.ListManagedPoliciesInPermissionSetOutput, error) {
	var out ssoadmin.ListManagedPoliciesInPermissionSetOutput
	err := s.viewSet(ctx, c, in.InstanceArn, in.PermissionSetArn, func(_ store.Tx, p access.PermissionSet) error {
		names, next, err := namesIn(p.ManagedPolicies, in.NextToken, in.MaxResults)
		out.NextToken = next
		out.AttachedManagedPolicies = make([]types.AttachedManagedPolicy, len(names))
		for i, name := range names {
			out.AttachedManagedPolicies[i] = types.AttachedManagedPolicy{Arn: aws.String(name), Name: aws.String(name[strings.LastIndexByte(name, '/')+1:])}
		}
		return err
	})
	return &out, err
}

// namesIn is a page of a set's short list of names, in order.
func namesIn(all []string, token *string, limit *int32) (names []string, next *string, err error) {
	want, err := listed(token, limit)
	if err != nil {
		return nil, nil, err
	}
	got := window(slices.Sorted(slices.Values(all)), want, func(s string) string { return s })
	return got.Items, nextToken(got.Next), nil
}

// AttachCustomerManagedPolicyReferenceToPermissionSet adds a policy that every
// account has to have by that name and path.
func (s *Service) AttachCustomerManagedPolicyReferenceToPermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetInput) (*ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetOutput, error) {
	err := s.updateSet(ctx, c, in.InstanceArn, in.PermissionSetArn, func(tx store.Tx, _ access.Instance, p access.PermissionSet) error {
		path, name := customer(in.CustomerManagedPolicyReference)
		return access.AttachCustomer(tx, p, path, name)
	})
	return &ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetOutput{}, err
}

// DetachCustomerManagedPolicyReferenceFromPermissionSet takes it away again.
func (s *Service) DetachCustomerManagedPolicyReferenceFromPermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.DetachCustomerManagedPolicyReferenceFromPermissionSetInput) (*ssoadmin.DetachCustomerManagedPolicyReferenceFromPermissionSetOutput, error) {
	err := s.updateSet(ctx, c, in.InstanceArn, in.PermissionSetArn, func(tx store.Tx, _ access.Instance, p access.PermissionSet) error {
		path, name := customer(in.CustomerManagedPolicyReference)
		return access.DetachCustomer(tx, p, path, name)
	})
	return &ssoadmin.DetachCustomerManagedPolicyReferenceFromPermissionSetOutput{}, err
}

// customer is what a reference says; the path is "/" unless it is given.
func customer(r *types.CustomerManagedPolicyReference) (path, name string) {
	if path = aws.ToString(r.Path); path == "" {
		path = "/"
	}
	return path, aws.ToString(r.Name)
}

func wireCustomer(reference string) *types.CustomerManagedPolicyReference {
	path, name := access.SplitReference(reference)
	return &types.CustomerManagedPolicyReference{Name: &name, Path: &path}
}

// ListCustomerManagedPolicyReferencesInPermissionSet lists them in order of path and name.
func (s *Service) ListCustomerManagedPolicyReferencesInPermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput) (*ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetOutput, error) {
	var out ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetOutput
	err := s.viewSet(ctx, c, in.InstanceArn, in.PermissionSetArn, func(_ store.Tx, p access.PermissionSet) error {
		names, next, err := namesIn(p.CustomerPolicies, in.NextToken, in.MaxResults)
		out.NextToken = next
		out.CustomerManagedPolicyReferences = make([]types.CustomerManagedPolicyReference, len(names))
		for i, name := range names {
			out.CustomerManagedPolicyReferences[i] = *wireCustomer(name)
		}
		return err
	})
	return &out, err
}

// PutInlinePolicyToPermissionSet gives the set its one inline policy.
func (s *Service) PutInlinePolicyToPermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.PutInlinePolicyToPermissionSetInput) (*ssoadmin.PutInlinePolicyToPermissionSetOutput, error) {
	err := s.updateSet(ctx, c, in.InstanceArn, in.PermissionSetArn, func(tx store.Tx, _ access.Instance, p access.PermissionSet) error {
		return access.SetInline(tx, p, *in.InlinePolicy)
	})
	return &ssoadmin.PutInlinePolicyToPermissionSetOutput{}, err
}

// GetInlinePolicyForPermissionSet returns it, or an empty text for none.
func (s *Service) GetInlinePolicyForPermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.GetInlinePolicyForPermissionSetInput) (*ssoadmin.GetInlinePolicyForPermissionSetOutput, error) {
	var out ssoadmin.GetInlinePolicyForPermissionSetOutput
	err := s.viewSet(ctx, c, in.InstanceArn, in.PermissionSetArn, func(_ store.Tx, p access.PermissionSet) error {
		out.InlinePolicy = &p.InlinePolicy
		return nil
	})
	return &out, err
}

// DeleteInlinePolicyFromPermissionSet takes it away; that there is none is no error.
func (s *Service) DeleteInlinePolicyFromPermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.DeleteInlinePolicyFromPermissionSetInput) (*ssoadmin.DeleteInlinePolicyFromPermissionSetOutput, error) {
	err := s.updateSet(ctx, c, in.InstanceArn, in.PermissionSetArn, func(tx store.Tx, _ access.Instance, p access.PermissionSet) error {
		return access.SetInline(tx, p, "")
	})
	return &ssoadmin.DeleteInlinePolicyFromPermissionSetOutput{}, err
}

// PutPermissionsBoundaryToPermissionSet gives the set's roles a boundary.
func (s *Service) PutPermissionsBoundaryToPermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.PutPermissionsBoundaryToPermissionSetInput) (*ssoadmin.PutPermissionsBoundaryToPermissionSetOutput, error) {
	err := s.updateSet(ctx, c, in.InstanceArn, in.PermissionSetArn, func(tx store.Tx, inst access.Instance, p access.PermissionSet) error {
		boundary, err := boundaryOf(in.PermissionsBoundary)
		if err != nil {
			return err
		}
		return access.SetBoundary(tx, inst, p, boundary)
	})
	return &ssoadmin.PutPermissionsBoundaryToPermissionSetOutput{}, err
}

func boundaryOf(b *types.PermissionsBoundary) (string, error) {
	if (b.ManagedPolicyArn == nil) == (b.CustomerManagedPolicyReference == nil) {
		return "", fault.New(fault.Invalid, "boundary", "PermissionsBoundary must have either ManagedPolicyArn or CustomerManagedPolicyReference.")
	}
	if b.ManagedPolicyArn != nil {
		return *b.ManagedPolicyArn, nil
	}
	return access.Reference(customer(b.CustomerManagedPolicyReference))
}

// GetPermissionsBoundaryForPermissionSet returns it, or is not found.
func (s *Service) GetPermissionsBoundaryForPermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.GetPermissionsBoundaryForPermissionSetInput) (*ssoadmin.GetPermissionsBoundaryForPermissionSetOutput, error) {
	var out ssoadmin.GetPermissionsBoundaryForPermissionSetOutput
	err := s.viewSet(ctx, c, in.InstanceArn, in.PermissionSetArn, func(_ store.Tx, p access.PermissionSet) error {
		switch {
		case p.Boundary == "":
			return access.NoBoundary(p)
		case strings.HasPrefix(p.Boundary, "/"):
			out.PermissionsBoundary = &types.PermissionsBoundary{CustomerManagedPolicyReference: wireCustomer(p.Boundary)}
		default:
			out.PermissionsBoundary = &types.PermissionsBoundary{ManagedPolicyArn: &p.Boundary}
		}
		return nil
	})
	return &out, err
}

// DeletePermissionsBoundaryFromPermissionSet takes it away.
func (s *Service) DeletePermissionsBoundaryFromPermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.DeletePermissionsBoundaryFromPermissionSetInput) (*ssoadmin.DeletePermissionsBoundaryFromPermissionSetOutput, error) {
	err := s.updateSet(ctx, c, in.InstanceArn, in.PermissionSetArn, func(tx store.Tx, _ access.Instance, p access.PermissionSet) error {
		return access.RemoveBoundary(tx, p)
	})
	return &ssoadmin.DeletePermissionsBoundaryFromPermissionSetOutput{}, err
}
