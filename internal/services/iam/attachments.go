package iam

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

var attachmentTable = call.Table{
	"AttachUserPolicy":                  {Action: "iam:AttachUserPolicy", Resource: "user"},
	"DetachUserPolicy":                  {Action: "iam:DetachUserPolicy", Resource: "user"},
	"ListAttachedUserPolicies":          {Action: "iam:ListAttachedUserPolicies", Resource: "user", ReadOnly: true},
	"AttachGroupPolicy":                 {Action: "iam:AttachGroupPolicy", Resource: "group"},
	"DetachGroupPolicy":                 {Action: "iam:DetachGroupPolicy", Resource: "group"},
	"ListAttachedGroupPolicies":         {Action: "iam:ListAttachedGroupPolicies", Resource: "group", ReadOnly: true},
	"AttachRolePolicy":                  {Action: "iam:AttachRolePolicy", Resource: "role"},
	"DetachRolePolicy":                  {Action: "iam:DetachRolePolicy", Resource: "role"},
	"ListAttachedRolePolicies":          {Action: "iam:ListAttachedRolePolicies", Resource: "role", ReadOnly: true},
	"PutUserPermissionsBoundary":        {Action: "iam:PutUserPermissionsBoundary", Resource: "user"},
	"DeleteUserPermissionsBoundary":     {Action: "iam:DeleteUserPermissionsBoundary", Resource: "user"},
	"PutRolePermissionsBoundary":        {Action: "iam:PutRolePermissionsBoundary", Resource: "role"},
	"DeleteRolePermissionsBoundary":     {Action: "iam:DeleteRolePermissionsBoundary", Resource: "role"},
	"ListPoliciesGrantingServiceAccess": {Action: "iam:ListPoliciesGrantingServiceAccess", Resource: "entity", ReadOnly: true},
}

// What the operations on users, groups and roles have in common.

func (s *Service) attach(ctx context.Context, c *call.Call, kind iam.Kind, identity, policyARN *string) error {
	return s.update(ctx, c, func(tx store.Tx) error {
		return iam.Attach(tx, c.Now, c.Principal.Account, kind, aws.ToString(identity), aws.ToString(policyARN))
	})
}

func (s *Service) detach(ctx context.Context, c *call.Call, kind iam.Kind, identity, policyARN *string) error {
	return s.update(ctx, c, func(tx store.Tx) error {
		return iam.Detach(tx, c.Principal.Account, kind, aws.ToString(identity), aws.ToString(policyARN))
	})
}

// attached returns a page of what is attached under a path, in order of ARN.
func (s *Service) attached(ctx context.Context, c *call.Call, kind iam.Kind, identity, pathPrefix, marker *string, maxItems *int32,
) (found page.Page[types.AttachedPolicy], err error) {
	p, err := wanted(marker, maxItems)
	if err != nil {
		return found, err
	}
	err = s.view(ctx, func(tx store.Tx) error {
		i, err := iam.FindIdentity(tx, c.Principal.Account, kind, aws.ToString(identity))
		if err != nil {
			return err
		}
		attachments, err := tx.Attachments(i.ID)
		policies := make([]types.AttachedPolicy, 0, len(attachments))
		for _, a := range attachments {
			if _, _, path, name, _ := arn.SplitIAM(a.PolicyARN); strings.HasPrefix(path, aws.ToString(pathPrefix)) {
				policies = append(policies, types.AttachedPolicy{PolicyName: aws.String(name), PolicyArn: aws.String(a.PolicyARN)})
			}
		}
		found = pageOf(policies, p, func(p types.AttachedPolicy) string { return *p.PolicyArn })
		return err
	})
	return found, err
}

// AttachUserPolicy gives a user a managed policy.
func (s *Service) AttachUserPolicy(ctx context.Context, c *call.Call, in *awsiam.AttachUserPolicyInput) (*awsiam.AttachUserPolicyOutput, error) {
	return &awsiam.AttachUserPolicyOutput{}, s.attach(ctx, c, iam.UserKind, in.UserName, in.PolicyArn)
}

// DetachUserPolicy takes a managed policy from a user.
func (s *Service) DetachUserPolicy(ctx context.Context, c *call.Call, in *awsiam.DetachUserPolicyInput) (*awsiam.DetachUserPolicyOutput, error) {
	return &awsiam.DetachUserPolicyOutput{}, s.detach(ctx, c, iam.UserKind, in.UserName, in.PolicyArn)
}

// ListAttachedUserPolicies lists a user's managed policies.
func (s *Service) ListAttachedUserPolicies(ctx context.Context, c *call.Call, in *awsiam.ListAttachedUserPoliciesInput) (*awsiam.ListAttachedUserPoliciesOutput, error) {
	found, err := s.attached(ctx, c, iam.UserKind, in.UserName, in.PathPrefix, in.Marker, in.MaxItems)
	return &awsiam.ListAttachedUserPoliciesOutput{AttachedPolicies: found.Items, IsTruncated: found.Next != "", Marker: next(found.Next)}, err
}

// AttachGroupPolicy gives a group a managed policy.
func (s *Service) AttachGroupPolicy(ctx context.Context, c *call.Call, in *awsiam.AttachGroupPolicyInput) (*awsiam.AttachGroupPolicyOutput, error) {
	return &awsiam.AttachGroupPolicyOutput{}, s.attach(ctx, c, iam.GroupKind, in.GroupName, in.PolicyArn)
}

// DetachGroupPolicy takes a managed policy from a group.
func (s *Service) DetachGroupPolicy(ctx context.Context, c *call.Call, in *awsiam.DetachGroupPolicyInput) (*awsiam.DetachGroupPolicyOutput, error) {
	return &awsiam.DetachGroupPolicyOutput{}, s.detach(ctx, c, iam.GroupKind, in.GroupName, in.PolicyArn)
}

// ListAttachedGroupPolicies lists a group's managed policies.
func (s *Service) ListAttachedGroupPolicies(ctx context.Context, c *call.Call, in *awsiam.ListAttachedGroupPoliciesInput) (*awsiam.ListAttachedGroupPoliciesOutput, error) {
	found, err := s.attached(ctx, c, iam.GroupKind, in.GroupName, in.PathPrefix, in.Marker, in.MaxItems)
	return &awsiam.ListAttachedGroupPoliciesOutput{AttachedPolicies: found.Items, IsTruncated: found.Next != "", Marker: next(found.Next)}, err
}

// AttachRolePolicy gives a role a managed policy.
func (s *Service) AttachRolePolicy(ctx context.Context, c *call.Call, in *awsiam.AttachRolePolicyInput) (*awsiam.AttachRolePolicyOutput, error) {
	return &awsiam.AttachRolePolicyOutput{}, s.attach(ctx, c, iam.RoleKind, in.RoleName, in.PolicyArn)
}

// DetachRolePolicy takes a managed policy from a role.
func (s *Service) DetachRolePolicy(ctx context.Context, c *call.Call, in *awsiam.DetachRolePolicyInput) (*awsiam.DetachRolePolicyOutput, error) {
	return &awsiam.DetachRolePolicyOutput{}, s.detach(ctx, c, iam.RoleKind, in.RoleName, in.PolicyArn)
}

// ListAttachedRolePolicies lists a role's managed policies.
func (s *Service) ListAttachedRolePolicies(ctx context.Context, c *call.Call, in *awsiam.ListAttachedRolePoliciesInput) (*awsiam.ListAttachedRolePoliciesOutput, error) {
	found, err := s.attached(ctx, c, iam.RoleKind, in.RoleName, in.PathPrefix, in.Marker, in.MaxItems)
	return &awsiam.ListAttachedRolePoliciesOutput{AttachedPolicies: found.Items, IsTruncated: found.Next != "", Marker: next(found.Next)}, err
}

// PutUserPermissionsBoundary bounds a user by a managed policy.
func (s *Service) PutUserPermissionsBoundary(ctx context.Context, c *call.Call, in *awsiam.PutUserPermissionsBoundaryInput) (*awsiam.PutUserPermissionsBoundaryOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.PutUserBoundary(tx, c.Principal.Account, aws.ToString(in.UserName), aws.ToString(in.PermissionsBoundary))
	})
	return &awsiam.PutUserPermissionsBoundaryOutput{}, err
}

// DeleteUserPermissionsBoundary takes a user's boundary away; none is no error.
func (s *Service) DeleteUserPermissionsBoundary(ctx context.Context, c *call.Call, in *awsiam.DeleteUserPermissionsBoundaryInput) (*awsiam.DeleteUserPermissionsBoundaryOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.DeleteUserBoundary(tx, c.Principal.Account, aws.ToString(in.UserName))
	})
	return &awsiam.DeleteUserPermissionsBoundaryOutput{}, err
}

// PutRolePermissionsBoundary bounds a role by a managed policy.
func (s *Service) PutRolePermissionsBoundary(ctx context.Context, c *call.Call, in *awsiam.PutRolePermissionsBoundaryInput) (*awsiam.PutRolePermissionsBoundaryOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.PutRoleBoundary(tx, c.Principal.Account, aws.ToString(in.RoleName), aws.ToString(in.PermissionsBoundary))
	})
	return &awsiam.PutRolePermissionsBoundaryOutput{}, err
}

// DeleteRolePermissionsBoundary takes a role's boundary away; none is no error.
func (s *Service) DeleteRolePermissionsBoundary(ctx context.Context, c *call.Call, in *awsiam.DeleteRolePermissionsBoundaryInput) (*awsiam.DeleteRolePermissionsBoundaryOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.DeleteRoleBoundary(tx, c.Principal.Account, aws.ToString(in.RoleName))
	})
	return &awsiam.DeleteRolePermissionsBoundaryOutput{}, err
}

var policyOwners = map[iam.Kind]types.PolicyOwnerEntityType{
	iam.UserKind: types.PolicyOwnerEntityTypeUser, iam.GroupKind: types.PolicyOwnerEntityTypeGroup, iam.RoleKind: types.PolicyOwnerEntityTypeRole,
}

// ListPoliciesGrantingServiceAccess tells, for each service asked about, which of
// an identity's policies could allow something of it. A page has a hundred services.
func (s *Service) ListPoliciesGrantingServiceAccess(ctx context.Context, c *call.Call, in *awsiam.ListPoliciesGrantingServiceAccessInput,
) (*awsiam.ListPoliciesGrantingServiceAccessOutput, error) {
	p, err := wanted(in.Marker, nil)
	if err != nil {
		return nil, err
	}
	var granting [][]iam.HeldPolicy
	err = s.view(ctx, func(tx store.Tx) (err error) {
		granting, err = iam.PoliciesGranting(tx, c.Principal.Account, aws.ToString(in.Arn), in.ServiceNamespaces)
		return err
	})
	if err != nil {
		return nil, err
	}
	places := make([]int, len(granting))
	for i := range places {
		places[i] = i
	}
	found := pageOf(places, p, func(i int) string { return fmt.Sprintf("%03d", i) })
	entries := wireAll(found.Items, func(i int) types.ListPoliciesGrantingServiceAccessEntry {
		return types.ListPoliciesGrantingServiceAccessEntry{
			ServiceNamespace: aws.String(in.ServiceNamespaces[i]), Policies: wireAll(granting[i], wireGranting),
		}
	})
	return &awsiam.ListPoliciesGrantingServiceAccessOutput{
		PoliciesGrantingServiceAccess: entries, IsTruncated: found.Next != "", Marker: next(found.Next),
	}, nil
}

// wireGranting names the identity for inline policies only, as AWS does.
func wireGranting(h iam.HeldPolicy) types.PolicyGrantingServiceAccess {
	if h.ARN != "" {
		return types.PolicyGrantingServiceAccess{PolicyName: aws.String(h.Name), PolicyType: types.PolicyTypeManaged, PolicyArn: aws.String(h.ARN)}
	}
	return types.PolicyGrantingServiceAccess{
		PolicyName: aws.String(h.Name), PolicyType: types.PolicyTypeInline, EntityType: policyOwners[h.Of.Kind], EntityName: aws.String(h.Of.Name),
	}
}
