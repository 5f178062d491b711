package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

var instanceProfileTable = call.Table{
	"CreateInstanceProfile":         {Action: "iam:CreateInstanceProfile", TagAction: "iam:TagInstanceProfile", Resource: "new-instance-profile"},
	"GetInstanceProfile":            {Action: "iam:GetInstanceProfile", Resource: "instance-profile", ReadOnly: true},
	"ListInstanceProfiles":          {Action: "iam:ListInstanceProfiles", Resource: "instance-profile/", ReadOnly: true},
	"DeleteInstanceProfile":         {Action: "iam:DeleteInstanceProfile", Resource: "instance-profile"},
	"AddRoleToInstanceProfile":      {Action: "iam:AddRoleToInstanceProfile", Resource: "instance-profile"},
	"RemoveRoleFromInstanceProfile": {Action: "iam:RemoveRoleFromInstanceProfile", Resource: "instance-profile"},
	"ListInstanceProfilesForRole":   {Action: "iam:ListInstanceProfilesForRole", Resource: "role", ReadOnly: true},
	"TagInstanceProfile":            {Action: "iam:TagInstanceProfile", Resource: "instance-profile"},
	"UntagInstanceProfile":          {Action: "iam:UntagInstanceProfile", Resource: "instance-profile"},
	"ListInstanceProfileTags":       {Action: "iam:ListInstanceProfileTags", Resource: "instance-profile", ReadOnly: true},
}

// wireProfile is an instance profile as lists have it, with the role that it
// holds; Get and Create add its tags.
func wireProfile(tx store.Tx, p iam.InstanceProfile) (types.InstanceProfile, error) {
	out := types.InstanceProfile{
		Path: aws.String(p.Path), InstanceProfileName: aws.String(p.Name), InstanceProfileId: aws.String(p.ID), Arn: aws.String(p.ARN()),
		CreateDate: at(p.CreatedAt), Roles: []types.Role{},
	}
	if p.Role == "" {
		return out, nil
	}
	role, err := tx.Role(p.Role)
	if err != nil {
		return out, err
	}
	r, err := wireRole(tx, role)
	if err != nil {
		return out, err
	}
	out.Roles = append(out.Roles, types.Role{
		Path: r.Path, RoleName: r.RoleName, RoleId: r.RoleId, Arn: r.Arn, CreateDate: r.CreateDate, AssumeRolePolicyDocument: r.AssumeRolePolicyDocument,
	})
	return out, nil
}

func wireProfiles(tx store.Tx, found []iam.InstanceProfile) ([]types.InstanceProfile, error) {
	out := make([]types.InstanceProfile, 0, len(found))
	for _, p := range found {
		v, err := wireProfile(tx, p)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// changeProfile changes the instance profile that an operation names.
func (s *Service) changeProfile(ctx context.Context, c *call.Call, name *string, change func(store.Tx, iam.InstanceProfile) error) error {
	return s.update(ctx, c, func(tx store.Tx) error {
		p, err := iam.FindInstanceProfile(tx, c.Principal.Account, aws.ToString(name))
		if err != nil {
			return err
		}
		return change(tx, p)
	})
}

// CreateInstanceProfile makes an instance profile in the caller's account.
func (s *Service) CreateInstanceProfile(ctx context.Context, c *call.Call, in *awsiam.CreateInstanceProfileInput) (*awsiam.CreateInstanceProfileOutput, error) {
	var out types.InstanceProfile
	err := s.update(ctx, c, func(tx store.Tx) error {
		p, err := iam.CreateInstanceProfile(tx, c.Now, iam.InstanceProfile{
			Account: c.Principal.Account, Path: pathOr(in.Path), Name: aws.ToString(in.InstanceProfileName), Tags: tagsOf(in.Tags),
		})
		if err != nil {
			return err
		}
		c.Event.Set("instanceProfileId", p.ID)
		out, err = wireProfile(tx, p)
		out.Tags = wireTags(p.Tags)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.CreateInstanceProfileOutput{InstanceProfile: &out}, nil
}

// GetInstanceProfile tells of an instance profile, its role and its tags.
func (s *Service) GetInstanceProfile(ctx context.Context, c *call.Call, in *awsiam.GetInstanceProfileInput) (*awsiam.GetInstanceProfileOutput, error) {
	var out types.InstanceProfile
	err := s.view(ctx, func(tx store.Tx) error {
		p, err := iam.FindInstanceProfile(tx, c.Principal.Account, aws.ToString(in.InstanceProfileName))
		if err != nil {
			return err
		}
		out, err = wireProfile(tx, p)
		out.Tags = shownTags(p.Tags)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.GetInstanceProfileOutput{InstanceProfile: &out}, nil
}

// ListInstanceProfiles pages through the instance profiles under a path.
func (s *Service) ListInstanceProfiles(ctx context.Context, c *call.Call, in *awsiam.ListInstanceProfilesInput) (*awsiam.ListInstanceProfilesOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &awsiam.ListInstanceProfilesOutput{}
	err = s.view(ctx, func(tx store.Tx) error {
		found, err := tx.InstanceProfiles(c.Principal.Account, aws.ToString(in.PathPrefix), p)
		if err != nil {
			return err
		}
		out.IsTruncated, out.Marker = found.Next != "", next(found.Next)
		out.InstanceProfiles, err = wireProfiles(tx, found.Items)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// DeleteInstanceProfile removes an instance profile that holds no role.
func (s *Service) DeleteInstanceProfile(ctx context.Context, c *call.Call, in *awsiam.DeleteInstanceProfileInput) (*awsiam.DeleteInstanceProfileOutput, error) {
	err := s.changeProfile(ctx, c, in.InstanceProfileName, func(tx store.Tx, p iam.InstanceProfile) error {
		c.Event.Set("instanceProfileId", p.ID)
		return iam.DeleteInstanceProfile(tx, p)
	})
	return &awsiam.DeleteInstanceProfileOutput{}, err
}

// AddRoleToInstanceProfile puts a role into an instance profile. Machines get
// the role by it, so the caller must be allowed to pass the role on to EC2.
func (s *Service) AddRoleToInstanceProfile(ctx context.Context, c *call.Call, in *awsiam.AddRoleToInstanceProfileInput) (*awsiam.AddRoleToInstanceProfileOutput, error) {
	var passed iam.Role
	err := s.view(ctx, func(tx store.Tx) (err error) {
		passed, err = iam.FindRole(tx, c.Principal.Account, aws.ToString(in.RoleName))
		return err
	})
	if err != nil {
		return nil, err
	}
	pass := entityTarget(passed.ARN(), passed.Tags, passed.Boundary)
	pass.Keys["iam:passedtoservice"] = []string{"ec2.amazonaws.com"}
	if err := s.Authz.Allow(ctx, c, "iam:PassRole", pass); err != nil {
		return nil, err
	}
	err = s.changeProfile(ctx, c, in.InstanceProfileName, func(tx store.Tx, p iam.InstanceProfile) error {
		r, err := iam.FindRole(tx, c.Principal.Account, aws.ToString(in.RoleName))
		if err != nil {
			return err
		}
		c.Event.Set("roleId", r.ID)
		return iam.AddRoleToInstanceProfile(tx, p, r)
	})
	return &awsiam.AddRoleToInstanceProfileOutput{}, err
}

// RemoveRoleFromInstanceProfile takes the role out of an instance profile.
func (s *Service) RemoveRoleFromInstanceProfile(ctx context.Context, c *call.Call, in *awsiam.RemoveRoleFromInstanceProfileInput) (*awsiam.RemoveRoleFromInstanceProfileOutput, error) {
	err := s.changeProfile(ctx, c, in.InstanceProfileName, func(tx store.Tx, p iam.InstanceProfile) error {
		r, err := iam.FindRole(tx, c.Principal.Account, aws.ToString(in.RoleName))
		if err != nil {
			return err
		}
		c.Event.Set("roleId", r.ID)
		return iam.RemoveRoleFromInstanceProfile(tx, p, r)
	})
	return &awsiam.RemoveRoleFromInstanceProfileOutput{}, err
}

// ListInstanceProfilesForRole lists the instance profiles that hold a role.
func (s *Service) ListInstanceProfilesForRole(ctx context.Context, c *call.Call, in *awsiam.ListInstanceProfilesForRoleInput) (*awsiam.ListInstanceProfilesForRoleOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &awsiam.ListInstanceProfilesForRoleOutput{}
	err = s.view(ctx, func(tx store.Tx) error {
		r, err := iam.FindRole(tx, c.Principal.Account, aws.ToString(in.RoleName))
		if err != nil {
			return err
		}
		all, err := tx.InstanceProfilesOf(r.ID)
		if err != nil {
			return err
		}
		some := pageOf(all, p, func(p iam.InstanceProfile) string { return strings.ToLower(p.Name) })
		out.IsTruncated, out.Marker = some.Next != "", next(some.Next)
		out.InstanceProfiles, err = wireProfiles(tx, some.Items)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// TagInstanceProfile puts tags on an instance profile.
func (s *Service) TagInstanceProfile(ctx context.Context, c *call.Call, in *awsiam.TagInstanceProfileInput) (*awsiam.TagInstanceProfileOutput, error) {
	err := s.changeProfile(ctx, c, in.InstanceProfileName, func(tx store.Tx, p iam.InstanceProfile) error {
		return iam.TagInstanceProfile(tx, p, tagsOf(in.Tags))
	})
	return &awsiam.TagInstanceProfileOutput{}, err
}

// UntagInstanceProfile takes tags off an instance profile.
func (s *Service) UntagInstanceProfile(ctx context.Context, c *call.Call, in *awsiam.UntagInstanceProfileInput) (*awsiam.UntagInstanceProfileOutput, error) {
	err := s.changeProfile(ctx, c, in.InstanceProfileName, func(tx store.Tx, p iam.InstanceProfile) error {
		return iam.UntagInstanceProfile(tx, p, in.TagKeys)
	})
	return &awsiam.UntagInstanceProfileOutput{}, err
}

// ListInstanceProfileTags lists an instance profile's tags in order of key.
func (s *Service) ListInstanceProfileTags(ctx context.Context, c *call.Call, in *awsiam.ListInstanceProfileTagsInput) (*awsiam.ListInstanceProfileTagsOutput, error) {
	tags, err := s.tagPage(ctx, in.Marker, in.MaxItems, func(tx store.Tx) ([]iam.Tag, error) {
		p, err := iam.FindInstanceProfile(tx, c.Principal.Account, aws.ToString(in.InstanceProfileName))
		return p.Tags, err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.ListInstanceProfileTagsOutput{Tags: wireAll(tags.Items, wireTag), IsTruncated: tags.Next != "", Marker: next(tags.Next)}, nil
}
