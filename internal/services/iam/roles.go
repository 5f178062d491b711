package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

var roleTable = call.Table{
	"CreateRole":             {Action: "iam:CreateRole", TagAction: "iam:TagRole", Resource: "new-role"},
	"DeleteRole":             {Action: "iam:DeleteRole", Resource: "role"},
	"GetRole":                {Action: "iam:GetRole", Resource: "role", ReadOnly: true},
	"ListRoleTags":           {Action: "iam:ListRoleTags", Resource: "role", ReadOnly: true},
	"ListRoles":              {Action: "iam:ListRoles", Resource: "role/", ReadOnly: true},
	"TagRole":                {Action: "iam:TagRole", Resource: "role"},
	"UntagRole":              {Action: "iam:UntagRole", Resource: "role"},
	"UpdateAssumeRolePolicy": {Action: "iam:UpdateAssumeRolePolicy", Resource: "role"},
	"UpdateRole":             {Action: "iam:UpdateRole", Resource: "role"},
	"UpdateRoleDescription":  {Action: "iam:UpdateRoleDescription", Resource: "role"},

	"CreateServiceLinkedRole":            {Action: "iam:CreateServiceLinkedRole", Resource: "new-service-linked-role"},
	"DeleteServiceLinkedRole":            {Action: "iam:DeleteServiceLinkedRole", Resource: "role"},
	"GetServiceLinkedRoleDeletionStatus": {Action: "iam:GetServiceLinkedRoleDeletionStatus", Resource: "deletion-task", ReadOnly: true},
}

// CreateRole makes a role.
func (s *Service) CreateRole(ctx context.Context, c *call.Call, in *awsiam.CreateRoleInput) (*awsiam.CreateRoleOutput, error) {
	out := &awsiam.CreateRoleOutput{}
	return out, s.update(ctx, c, func(tx store.Tx) error {
		r, err := iam.CreateRole(tx, c.Now, iam.Role{
			Account: c.Principal.Account, Path: pathOr(in.Path), Name: aws.ToString(in.RoleName), Description: aws.ToString(in.Description),
			TrustPolicy: aws.ToString(in.AssumeRolePolicyDocument), MaxSessionSeconds: int(aws.ToInt32(in.MaxSessionDuration)),
			Boundary: aws.ToString(in.PermissionsBoundary), Tags: tagsOf(in.Tags),
		})
		if err != nil {
			return err
		}
		c.Event.Set("roleId", r.ID)
		if out.Role, err = wireRole(tx, r); err != nil {
			return err
		}
		out.Role.Description, out.Role.MaxSessionDuration = nil, nil // GetRole's, as in AWS
		return nil
	})
}

// GetRole tells everything about a role but its policies.
func (s *Service) GetRole(ctx context.Context, c *call.Call, in *awsiam.GetRoleInput) (*awsiam.GetRoleOutput, error) {
	out := &awsiam.GetRoleOutput{}
	return out, s.view(ctx, func(tx store.Tx) error {
		r, err := iam.FindRole(tx, c.Principal.Account, aws.ToString(in.RoleName))
		if err != nil {
			return err
		}
		if out.Role, err = wireRole(tx, r); err != nil {
			return err
		}
		out.Role.RoleLastUsed, err = roleLastUsed(tx, r.ID)
		return err
	})
}

// roleLastUsed has no members for a role that was never used.
func roleLastUsed(tx store.Tx, id string) (*types.RoleLastUsed, error) {
	use, err := iam.LastUse(tx, id)
	if fault.Is(err, fault.NotFound) {
		return &types.RoleLastUsed{}, nil
	}
	return &types.RoleLastUsed{LastUsedDate: at(use.At), Region: aws.String(use.Region)}, err
}

// ListRoles pages through the roles under a path prefix. As in AWS, lists leave
// out tags, boundary and last use.
func (s *Service) ListRoles(ctx context.Context, c *call.Call, in *awsiam.ListRolesInput) (*awsiam.ListRolesOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &awsiam.ListRolesOutput{}
	return out, s.view(ctx, func(tx store.Tx) error {
		got, err := tx.Roles(c.Principal.Account, aws.ToString(in.PathPrefix), p)
		if err != nil {
			return err
		}
		out.Roles = make([]types.Role, len(got.Items))
		for i, r := range got.Items {
			r.Tags, r.Boundary = nil, ""
			shown, err := wireRole(tx, r)
			if err != nil {
				return err
			}
			out.Roles[i] = *shown
		}
		out.Marker, out.IsTruncated = next(got.Next), got.Next != ""
		return nil
	})
}

// UpdateRole sets the description, the longest session or both; what the input
// leaves out stays as it is.
func (s *Service) UpdateRole(ctx context.Context, c *call.Call, in *awsiam.UpdateRoleInput) (*awsiam.UpdateRoleOutput, error) {
	var most *int
	if in.MaxSessionDuration != nil {
		most = aws.Int(int(*in.MaxSessionDuration))
	}
	return &awsiam.UpdateRoleOutput{}, s.update(ctx, c, func(tx store.Tx) error {
		r, err := iam.FindRole(tx, c.Principal.Account, aws.ToString(in.RoleName))
		if err == nil {
			_, err = iam.UpdateRole(tx, r, in.Description, most)
		}
		return err
	})
}

// UpdateRoleDescription sets the description alone.
func (s *Service) UpdateRoleDescription(ctx context.Context, c *call.Call, in *awsiam.UpdateRoleDescriptionInput) (*awsiam.UpdateRoleDescriptionOutput, error) {
	out := &awsiam.UpdateRoleDescriptionOutput{}
	return out, s.update(ctx, c, func(tx store.Tx) error {
		r, err := iam.FindRole(tx, c.Principal.Account, aws.ToString(in.RoleName))
		if err != nil {
			return err
		}
		if r, err = iam.UpdateRole(tx, r, in.Description, nil); err != nil {
			return err
		}
		if out.Role, err = wireRole(tx, r); err != nil {
			return err
		}
		out.Role.MaxSessionDuration = nil // GetRole's, as in AWS
		return nil
	})
}

// UpdateAssumeRolePolicy puts another trust policy in the place of a role's.
// Sessions that there are go on (behaviours.md 3.8).
func (s *Service) UpdateAssumeRolePolicy(ctx context.Context, c *call.Call, in *awsiam.UpdateAssumeRolePolicyInput) (*awsiam.UpdateAssumeRolePolicyOutput, error) {
	return &awsiam.UpdateAssumeRolePolicyOutput{}, s.changeRole(ctx, c, in.RoleName, func(tx store.Tx, r *iam.Role) (err error) {
		r.TrustPolicy, err = iam.CheckTrustPolicy(tx, aws.ToString(in.PolicyDocument))
		return err
	})
}

// DeleteRole deletes a role without policies and instance profiles.
func (s *Service) DeleteRole(ctx context.Context, c *call.Call, in *awsiam.DeleteRoleInput) (*awsiam.DeleteRoleOutput, error) {
	return &awsiam.DeleteRoleOutput{}, s.update(ctx, c, func(tx store.Tx) error {
		r, err := iam.FindRole(tx, c.Principal.Account, aws.ToString(in.RoleName))
		if err != nil {
			return err
		}
		c.Event.Set("roleId", r.ID)
		return iam.DeleteRole(tx, r)
	})
}

// TagRole adds tags or gives them other values. Service-linked roles take tags
// too, as Terraform gives them.
func (s *Service) TagRole(ctx context.Context, c *call.Call, in *awsiam.TagRoleInput) (*awsiam.TagRoleOutput, error) {
	return &awsiam.TagRoleOutput{}, s.tagRole(ctx, c, in.RoleName, func(have []iam.Tag) ([]iam.Tag, error) {
		return iam.SetTags(have, tagsOf(in.Tags), true)
	})
}

// UntagRole takes tags away.
func (s *Service) UntagRole(ctx context.Context, c *call.Call, in *awsiam.UntagRoleInput) (*awsiam.UntagRoleOutput, error) {
	return &awsiam.UntagRoleOutput{}, s.tagRole(ctx, c, in.RoleName, func(have []iam.Tag) ([]iam.Tag, error) {
		return iam.UnsetTags(have, in.TagKeys, true), nil
	})
}

func (s *Service) tagRole(ctx context.Context, c *call.Call, name *string, change func([]iam.Tag) ([]iam.Tag, error)) error {
	return s.update(ctx, c, func(tx store.Tx) error {
		r, err := iam.FindRole(tx, c.Principal.Account, aws.ToString(name))
		if err != nil {
			return err
		}
		if err := iam.Protected(r); err != nil && !r.ServiceLinked() {
			return err
		}
		if r.Tags, err = change(r.Tags); err != nil {
			return err
		}
		return tx.PutRole(r)
	})
}

// ListRoleTags pages through a role's tags in order of key.
func (s *Service) ListRoleTags(ctx context.Context, c *call.Call, in *awsiam.ListRoleTagsInput) (*awsiam.ListRoleTagsOutput, error) {
	tags, err := s.tagPage(ctx, in.Marker, in.MaxItems, func(tx store.Tx) ([]iam.Tag, error) {
		r, err := iam.FindRole(tx, c.Principal.Account, aws.ToString(in.RoleName))
		return r.Tags, err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.ListRoleTagsOutput{Tags: wireAll(tags.Items, wireTag), IsTruncated: tags.Next != "", Marker: next(tags.Next)}, nil
}

// changeRole changes one of the account's own roles.
func (s *Service) changeRole(ctx context.Context, c *call.Call, name *string, change func(store.Tx, *iam.Role) error) error {
	return s.update(ctx, c, func(tx store.Tx) error {
		r, err := iam.FindOwnRole(tx, c.Principal.Account, aws.ToString(name))
		if err != nil {
			return err
		}
		if err := change(tx, &r); err != nil {
			return err
		}
		return tx.PutRole(r)
	})
}

// wireRole shows a role with its trust policy as people wrote it.
func wireRole(tx store.Tx, r iam.Role) (*types.Role, error) {
	trust, err := iam.ShowPrincipals(tx, r.TrustPolicy)
	if err != nil {
		return nil, err
	}
	out := &types.Role{
		Arn: aws.String(r.ARN()), RoleId: aws.String(r.ID), Path: aws.String(r.Path), RoleName: aws.String(r.Name), CreateDate: at(r.CreatedAt),
		AssumeRolePolicyDocument: aws.String(trust), MaxSessionDuration: aws.Int32(int32(r.MaxSessionSeconds)),
		PermissionsBoundary: wireBoundary(r.Boundary), Tags: wireTags(r.Tags),
	}
	if r.Description != "" {
		out.Description = aws.String(r.Description)
	}
	return out, nil
}
