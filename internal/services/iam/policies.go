package iam

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

var policyTable = call.Table{
	"CreatePolicy":            {Action: "iam:CreatePolicy", TagAction: "iam:TagPolicy", Resource: "new-policy"},
	"GetPolicy":               {Action: "iam:GetPolicy", Resource: "policy", ReadOnly: true},
	"ListPolicies":            {Action: "iam:ListPolicies", Resource: "policy/", ReadOnly: true},
	"DeletePolicy":            {Action: "iam:DeletePolicy", Resource: "policy"},
	"CreatePolicyVersion":     {Action: "iam:CreatePolicyVersion", Resource: "policy"},
	"GetPolicyVersion":        {Action: "iam:GetPolicyVersion", Resource: "policy", ReadOnly: true},
	"ListPolicyVersions":      {Action: "iam:ListPolicyVersions", Resource: "policy", ReadOnly: true},
	"DeletePolicyVersion":     {Action: "iam:DeletePolicyVersion", Resource: "policy"},
	"SetDefaultPolicyVersion": {Action: "iam:SetDefaultPolicyVersion", Resource: "policy"},
	"ListEntitiesForPolicy":   {Action: "iam:ListEntitiesForPolicy", Resource: "policy", ReadOnly: true},
	"TagPolicy":               {Action: "iam:TagPolicy", Resource: "policy"},
	"UntagPolicy":             {Action: "iam:UntagPolicy", Resource: "policy"},
	"ListPolicyTags":          {Action: "iam:ListPolicyTags", Resource: "policy", ReadOnly: true},
}

// wirePolicy is a managed policy as lists show it. The description is GetPolicy's
// alone, and tags are its and CreatePolicy's.
func wirePolicy(u iam.PolicyUse) types.Policy {
	return types.Policy{
		PolicyName: aws.String(u.Name), PolicyId: aws.String(u.ID), Arn: aws.String(u.ARN()), Path: aws.String(u.Path),
		DefaultVersionId: aws.String(versionID(u.DefaultVersion)), IsAttachable: u.Attachable,
		AttachmentCount: aws.Int32(int32(u.Attached)), PermissionsBoundaryUsageCount: aws.Int32(int32(u.Bounding)),
		CreateDate: at(u.CreatedAt), UpdateDate: at(u.UpdatedAt),
	}
}

// CreatePolicy makes a customer managed policy with its first version.
func (s *Service) CreatePolicy(ctx context.Context, c *call.Call, in *awsiam.CreatePolicyInput) (*awsiam.CreatePolicyOutput, error) {
	var m iam.ManagedPolicy
	err := s.update(ctx, c, func(tx store.Tx) (err error) {
		m, err = iam.CreatePolicy(tx, c.Now, c.Principal.Account, iam.NewPolicy{
			Path: pathOr(in.Path), Name: aws.ToString(in.PolicyName), Description: aws.ToString(in.Description),
			Document: aws.ToString(in.PolicyDocument), Tags: tagsOf(in.Tags),
		})
		c.Event.Set("policyId", m.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := wirePolicy(iam.PolicyUse{ManagedPolicy: m})
	out.Tags = wireTags(m.Tags)
	return &awsiam.CreatePolicyOutput{Policy: &out}, nil
}

// GetPolicy describes a policy of the account or of AWS, without its document.
func (s *Service) GetPolicy(ctx context.Context, c *call.Call, in *awsiam.GetPolicyInput) (*awsiam.GetPolicyOutput, error) {
	var use iam.PolicyUse
	err := s.view(ctx, func(tx store.Tx) error {
		m, err := iam.SeePolicy(tx, c.Principal.Account, aws.ToString(in.PolicyArn))
		if err == nil {
			use, err = iam.UseOf(tx, c.Principal.Account, m)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out := wirePolicy(use)
	out.Tags = shownTags(use.Tags)
	if use.Description != "" {
		out.Description = aws.String(use.Description)
	}
	return &awsiam.GetPolicyOutput{Policy: &out}, nil
}

// ListPolicies pages through the policies that the account sees: its own, then
// AWS's.
func (s *Service) ListPolicies(ctx context.Context, c *call.Call, in *awsiam.ListPoliciesInput) (*awsiam.ListPoliciesOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	bounding := in.PolicyUsageFilter == types.PolicyUsageTypePermissionsBoundary
	filter := iam.PolicyFilter{
		PathPrefix: aws.ToString(in.PathPrefix),
		Local:      in.Scope != types.PolicyScopeTypeAws,
		AWS:        in.Scope != types.PolicyScopeTypeLocal,
		Attached:   in.PolicyUsageFilter == types.PolicyUsageTypePermissionsPolicy || in.OnlyAttached && !bounding,
		Bounding:   bounding,
	}
	var found page.Page[iam.PolicyUse]
	err = s.view(ctx, func(tx store.Tx) (err error) {
		found, err = iam.ListPolicies(tx, c.Principal.Account, filter, p)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.ListPoliciesOutput{Policies: wireAll(found.Items, wirePolicy), IsTruncated: found.Next != "", Marker: next(found.Next)}, nil
}

// DeletePolicy removes a policy that nothing uses, with its last version.
func (s *Service) DeletePolicy(ctx context.Context, c *call.Call, in *awsiam.DeletePolicyInput) (*awsiam.DeletePolicyOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error { return iam.DeletePolicy(tx, c.Principal.Account, aws.ToString(in.PolicyArn)) })
	return &awsiam.DeletePolicyOutput{}, err
}

// CreatePolicyVersion gives a policy another document.
func (s *Service) CreatePolicyVersion(ctx context.Context, c *call.Call, in *awsiam.CreatePolicyVersionInput) (*awsiam.CreatePolicyVersionOutput, error) {
	var v iam.PolicyVersion
	err := s.update(ctx, c, func(tx store.Tx) (err error) {
		v, err = iam.CreatePolicyVersion(tx, c.Now, c.Principal.Account, aws.ToString(in.PolicyArn), aws.ToString(in.PolicyDocument), in.SetAsDefault)
		c.Event.Set("versionId", versionID(v.Number))
		return err
	})
	if err != nil {
		return nil, err
	}
	out := wireVersion(v, in.SetAsDefault)
	return &awsiam.CreatePolicyVersionOutput{PolicyVersion: &out}, nil
}

// wireVersion is a version without its document, which is GetPolicyVersion's alone.
func wireVersion(v iam.PolicyVersion, isDefault bool) types.PolicyVersion {
	return types.PolicyVersion{VersionId: aws.String(versionID(v.Number)), IsDefaultVersion: isDefault, CreateDate: at(v.CreatedAt)}
}

// GetPolicyVersion tells a version's document.
func (s *Service) GetPolicyVersion(ctx context.Context, c *call.Call, in *awsiam.GetPolicyVersionInput) (*awsiam.GetPolicyVersionOutput, error) {
	var out types.PolicyVersion
	err := s.view(ctx, func(tx store.Tx) error {
		id := aws.ToString(in.VersionId)
		m, v, err := iam.SeePolicyVersion(tx, c.Principal.Account, aws.ToString(in.PolicyArn), id, versionNumber(id))
		out = wireVersion(v, v.Number == m.DefaultVersion)
		out.Document = aws.String(v.Document)
		return err
	})
	return &awsiam.GetPolicyVersionOutput{PolicyVersion: &out}, err
}

// ListPolicyVersions lists a policy's versions, newest first.
func (s *Service) ListPolicyVersions(ctx context.Context, c *call.Call, in *awsiam.ListPolicyVersionsInput) (*awsiam.ListPolicyVersionsOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	var (
		m        iam.ManagedPolicy
		versions []iam.PolicyVersion
	)
	err = s.view(ctx, func(tx store.Tx) (err error) {
		if m, err = iam.SeePolicy(tx, c.Principal.Account, aws.ToString(in.PolicyArn)); err == nil {
			versions, err = m.Versions(tx)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	// Places grow while numbers fall.
	found := pageOf(versions, p, func(v iam.PolicyVersion) string { return fmt.Sprintf("%010d", 1<<31-v.Number) })
	return &awsiam.ListPolicyVersionsOutput{
		Versions:    wireAll(found.Items, func(v iam.PolicyVersion) types.PolicyVersion { return wireVersion(v, v.Number == m.DefaultVersion) }),
		IsTruncated: found.Next != "", Marker: next(found.Next),
	}, nil
}

// DeletePolicyVersion removes a version that is not in force.
func (s *Service) DeletePolicyVersion(ctx context.Context, c *call.Call, in *awsiam.DeletePolicyVersionInput) (*awsiam.DeletePolicyVersionOutput, error) {
	version := aws.ToString(in.VersionId)
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.DeletePolicyVersion(tx, c.Principal.Account, aws.ToString(in.PolicyArn), version, versionNumber(version))
	})
	return &awsiam.DeletePolicyVersionOutput{}, err
}

// SetDefaultPolicyVersion puts a version in force.
func (s *Service) SetDefaultPolicyVersion(ctx context.Context, c *call.Call, in *awsiam.SetDefaultPolicyVersionInput) (*awsiam.SetDefaultPolicyVersionOutput, error) {
	version := aws.ToString(in.VersionId)
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.SetDefaultPolicyVersion(tx, c.Principal.Account, aws.ToString(in.PolicyArn), version, versionNumber(version))
	})
	return &awsiam.SetDefaultPolicyVersionOutput{}, err
}

// entityKinds are the entities that a list can be narrowed to. The filter's other
// values stand for policies, on which no policy hangs.
var entityKinds = map[types.EntityType]iam.Kind{
	types.EntityTypeUser: iam.UserKind, types.EntityTypeGroup: iam.GroupKind, types.EntityTypeRole: iam.RoleKind,
}

// ListEntitiesForPolicy pages through the users, groups and roles of the account
// that have a policy or are bounded by it.
func (s *Service) ListEntitiesForPolicy(ctx context.Context, c *call.Call, in *awsiam.ListEntitiesForPolicyInput) (*awsiam.ListEntitiesForPolicyOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	filter := iam.EntityFilter{
		Kind: entityKinds[in.EntityFilter], PathPrefix: aws.ToString(in.PathPrefix),
		Attached: in.PolicyUsageFilter == types.PolicyUsageTypePermissionsPolicy,
		Bounding: in.PolicyUsageFilter == types.PolicyUsageTypePermissionsBoundary,
	}
	var found page.Page[iam.Identity]
	err = s.view(ctx, func(tx store.Tx) error {
		err := iam.SeeUsed(tx, c.Principal.Account, aws.ToString(in.PolicyArn))
		if err == nil && (in.EntityFilter == "" || filter.Kind != "") {
			found, err = iam.EntitiesForPolicy(tx, c.Principal.Account, aws.ToString(in.PolicyArn), filter, p)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &awsiam.ListEntitiesForPolicyOutput{
		PolicyUsers: []types.PolicyUser{}, PolicyGroups: []types.PolicyGroup{}, PolicyRoles: []types.PolicyRole{},
		IsTruncated: found.Next != "", Marker: next(found.Next),
	}
	for _, e := range found.Items {
		name, id := aws.String(e.Name), aws.String(e.ID)
		switch e.Kind {
		case iam.UserKind:
			out.PolicyUsers = append(out.PolicyUsers, types.PolicyUser{UserName: name, UserId: id})
		case iam.GroupKind:
			out.PolicyGroups = append(out.PolicyGroups, types.PolicyGroup{GroupName: name, GroupId: id})
		case iam.RoleKind:
			out.PolicyRoles = append(out.PolicyRoles, types.PolicyRole{RoleName: name, RoleId: id})
		}
	}
	return out, nil
}

// TagPolicy puts tags on a policy.
func (s *Service) TagPolicy(ctx context.Context, c *call.Call, in *awsiam.TagPolicyInput) (*awsiam.TagPolicyOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.TagPolicy(tx, c.Principal.Account, aws.ToString(in.PolicyArn), tagsOf(in.Tags))
	})
	return &awsiam.TagPolicyOutput{}, err
}

// UntagPolicy takes tags off a policy.
func (s *Service) UntagPolicy(ctx context.Context, c *call.Call, in *awsiam.UntagPolicyInput) (*awsiam.UntagPolicyOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.UntagPolicy(tx, c.Principal.Account, aws.ToString(in.PolicyArn), in.TagKeys)
	})
	return &awsiam.UntagPolicyOutput{}, err
}

// ListPolicyTags lists a policy's tags in order of key.
func (s *Service) ListPolicyTags(ctx context.Context, c *call.Call, in *awsiam.ListPolicyTagsInput) (*awsiam.ListPolicyTagsOutput, error) {
	tags, err := s.tagPage(ctx, in.Marker, in.MaxItems, func(tx store.Tx) ([]iam.Tag, error) {
		m, err := iam.SeePolicy(tx, c.Principal.Account, aws.ToString(in.PolicyArn))
		return m.Tags, err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.ListPolicyTagsOutput{Tags: wireAll(tags.Items, wireTag), IsTruncated: tags.Next != "", Marker: next(tags.Next)}, nil
}
