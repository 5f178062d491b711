package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"

	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

var inlineTable = call.Table{
	"PutUserPolicy":     {Action: "iam:PutUserPolicy", Resource: "user"},
	"GetUserPolicy":     {Action: "iam:GetUserPolicy", Resource: "user", ReadOnly: true},
	"ListUserPolicies":  {Action: "iam:ListUserPolicies", Resource: "user", ReadOnly: true},
	"DeleteUserPolicy":  {Action: "iam:DeleteUserPolicy", Resource: "user"},
	"PutGroupPolicy":    {Action: "iam:PutGroupPolicy", Resource: "group"},
	"GetGroupPolicy":    {Action: "iam:GetGroupPolicy", Resource: "group", ReadOnly: true},
	"ListGroupPolicies": {Action: "iam:ListGroupPolicies", Resource: "group", ReadOnly: true},
	"DeleteGroupPolicy": {Action: "iam:DeleteGroupPolicy", Resource: "group"},
	"PutRolePolicy":     {Action: "iam:PutRolePolicy", Resource: "role"},
	"GetRolePolicy":     {Action: "iam:GetRolePolicy", Resource: "role", ReadOnly: true},
	"ListRolePolicies":  {Action: "iam:ListRolePolicies", Resource: "role", ReadOnly: true},
	"DeleteRolePolicy":  {Action: "iam:DeleteRolePolicy", Resource: "role"},
}

// The operations are the same for users, groups and roles; these four are what
// they have in common.

func (s *Service) putInline(ctx context.Context, c *call.Call, kind iam.Kind, identity, name, document *string) error {
	return s.update(ctx, c, func(tx store.Tx) error {
		return iam.PutInlinePolicy(tx, c.Principal.Account, kind, aws.ToString(identity), aws.ToString(name), aws.ToString(document))
	})
}

func (s *Service) deleteInline(ctx context.Context, c *call.Call, kind iam.Kind, identity, name *string) error {
	return s.update(ctx, c, func(tx store.Tx) error {
		return iam.DeleteInlinePolicy(tx, c.Principal.Account, kind, aws.ToString(identity), aws.ToString(name))
	})
}

// getInline returns the policy with the name of its owner, both as they are kept.
func (s *Service) getInline(ctx context.Context, c *call.Call, kind iam.Kind, identity, name *string) (owner *string, p iam.InlinePolicy, err error) {
	err = s.view(ctx, func(tx store.Tx) error {
		i, err := iam.FindIdentity(tx, c.Principal.Account, kind, aws.ToString(identity))
		if err != nil {
			return err
		}
		owner = aws.String(i.Name)
		p, err = iam.FindInlinePolicy(tx, i, aws.ToString(name))
		return err
	})
	return owner, p, err
}

// listInline returns a page of names, in their order ignoring case.
func (s *Service) listInline(ctx context.Context, c *call.Call, kind iam.Kind, identity, marker *string, maxItems *int32) (found page.Page[string], err error) {
	p, err := wanted(marker, maxItems)
	if err != nil {
		return found, err
	}
	err = s.view(ctx, func(tx store.Tx) error {
		i, err := iam.FindIdentity(tx, c.Principal.Account, kind, aws.ToString(identity))
		if err != nil {
			return err
		}
		policies, err := tx.InlinePolicies(i.ID)
		names := wireAll(policies, func(p iam.InlinePolicy) string { return p.Name })
		found = pageOf(names, p, strings.ToLower)
		return err
	})
	return found, err
}

// PutUserPolicy writes an inline policy into a user.
func (s *Service) PutUserPolicy(ctx context.Context, c *call.Call, in *awsiam.PutUserPolicyInput) (*awsiam.PutUserPolicyOutput, error) {
	return &awsiam.PutUserPolicyOutput{}, s.putInline(ctx, c, iam.UserKind, in.UserName, in.PolicyName, in.PolicyDocument)
}

// GetUserPolicy tells an inline policy's document.
func (s *Service) GetUserPolicy(ctx context.Context, c *call.Call, in *awsiam.GetUserPolicyInput) (*awsiam.GetUserPolicyOutput, error) {
	owner, p, err := s.getInline(ctx, c, iam.UserKind, in.UserName, in.PolicyName)
	return &awsiam.GetUserPolicyOutput{UserName: owner, PolicyName: aws.String(p.Name), PolicyDocument: aws.String(p.Document)}, err
}

// ListUserPolicies lists the names of a user's inline policies.
func (s *Service) ListUserPolicies(ctx context.Context, c *call.Call, in *awsiam.ListUserPoliciesInput) (*awsiam.ListUserPoliciesOutput, error) {
	found, err := s.listInline(ctx, c, iam.UserKind, in.UserName, in.Marker, in.MaxItems)
	return &awsiam.ListUserPoliciesOutput{PolicyNames: found.Items, IsTruncated: found.Next != "", Marker: next(found.Next)}, err
}

// DeleteUserPolicy removes an inline policy.
func (s *Service) DeleteUserPolicy(ctx context.Context, c *call.Call, in *awsiam.DeleteUserPolicyInput) (*awsiam.DeleteUserPolicyOutput, error) {
	return &awsiam.DeleteUserPolicyOutput{}, s.deleteInline(ctx, c, iam.UserKind, in.UserName, in.PolicyName)
}

// PutGroupPolicy writes an inline policy into a group.
func (s *Service) PutGroupPolicy(ctx context.Context, c *call.Call, in *awsiam.PutGroupPolicyInput) (*awsiam.PutGroupPolicyOutput, error) {
	return &awsiam.PutGroupPolicyOutput{}, s.putInline(ctx, c, iam.GroupKind, in.GroupName, in.PolicyName, in.PolicyDocument)
}

// GetGroupPolicy tells an inline policy's document.
func (s *Service) GetGroupPolicy(ctx context.Context, c *call.Call, in *awsiam.GetGroupPolicyInput) (*awsiam.GetGroupPolicyOutput, error) {
	owner, p, err := s.getInline(ctx, c, iam.GroupKind, in.GroupName, in.PolicyName)
	return &awsiam.GetGroupPolicyOutput{GroupName: owner, PolicyName: aws.String(p.Name), PolicyDocument: aws.String(p.Document)}, err
}

// ListGroupPolicies lists the names of a group's inline policies.
func (s *Service) ListGroupPolicies(ctx context.Context, c *call.Call, in *awsiam.ListGroupPoliciesInput) (*awsiam.ListGroupPoliciesOutput, error) {
	found, err := s.listInline(ctx, c, iam.GroupKind, in.GroupName, in.Marker, in.MaxItems)
	return &awsiam.ListGroupPoliciesOutput{PolicyNames: found.Items, IsTruncated: found.Next != "", Marker: next(found.Next)}, err
}

// DeleteGroupPolicy removes an inline policy.
func (s *Service) DeleteGroupPolicy(ctx context.Context, c *call.Call, in *awsiam.DeleteGroupPolicyInput) (*awsiam.DeleteGroupPolicyOutput, error) {
	return &awsiam.DeleteGroupPolicyOutput{}, s.deleteInline(ctx, c, iam.GroupKind, in.GroupName, in.PolicyName)
}

// PutRolePolicy writes an inline policy into a role.
func (s *Service) PutRolePolicy(ctx context.Context, c *call.Call, in *awsiam.PutRolePolicyInput) (*awsiam.PutRolePolicyOutput, error) {
	return &awsiam.PutRolePolicyOutput{}, s.putInline(ctx, c, iam.RoleKind, in.RoleName, in.PolicyName, in.PolicyDocument)
}

// GetRolePolicy tells an inline policy's document.
func (s *Service) GetRolePolicy(ctx context.Context, c *call.Call, in *awsiam.GetRolePolicyInput) (*awsiam.GetRolePolicyOutput, error) {
	owner, p, err := s.getInline(ctx, c, iam.RoleKind, in.RoleName, in.PolicyName)
	return &awsiam.GetRolePolicyOutput{RoleName: owner, PolicyName: aws.String(p.Name), PolicyDocument: aws.String(p.Document)}, err
}

// ListRolePolicies lists the names of a role's inline policies.
func (s *Service) ListRolePolicies(ctx context.Context, c *call.Call, in *awsiam.ListRolePoliciesInput) (*awsiam.ListRolePoliciesOutput, error) {
	found, err := s.listInline(ctx, c, iam.RoleKind, in.RoleName, in.Marker, in.MaxItems)
	return &awsiam.ListRolePoliciesOutput{PolicyNames: found.Items, IsTruncated: found.Next != "", Marker: next(found.Next)}, err
}

// DeleteRolePolicy removes an inline policy.
func (s *Service) DeleteRolePolicy(ctx context.Context, c *call.Call, in *awsiam.DeleteRolePolicyInput) (*awsiam.DeleteRolePolicyOutput, error) {
	return &awsiam.DeleteRolePolicyOutput{}, s.deleteInline(ctx, c, iam.RoleKind, in.RoleName, in.PolicyName)
}
