package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/membership"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

var organizationTable = call.Table{
	"CreateOrganization":   {Action: "organizations:CreateOrganization"},
	"DescribeOrganization": {Action: "organizations:DescribeOrganization", ReadOnly: true},
	"DeleteOrganization":   {Action: "organizations:DeleteOrganization"},
	"EnableAllFeatures":    {Action: "organizations:EnableAllFeatures"},
	"ListRoots":            {Action: "organizations:ListRoots", ReadOnly: true},
}

// CreateOrganization makes the caller's account the management account of a new
// organization, and writes to its owner, who has to verify the address before
// accounts can be invited (F-05, F-06).
func (s *Service) CreateOrganization(ctx context.Context, c *call.Call, in *awsorg.CreateOrganizationInput) (*awsorg.CreateOrganizationOutput, error) {
	if err := s.mayLink(ctx, c); err != nil {
		return nil, err
	}
	features := org.AllFeatures
	if in.FeatureSet != "" {
		features = org.FeatureSet(in.FeatureSet)
	}
	var out awsorg.CreateOrganizationOutput
	err := s.update(ctx, c, func(tx store.Tx) error {
		o, err := membership.Found(tx, c.Principal.Account, features, c.Now)
		if err != nil {
			return err
		}
		if _, err := s.Mail.SendVerification(tx, o, c.Now); err != nil {
			return err
		}
		if err := RecordJoined(tx, o, o.ManagementAccount, account.Invited, c.Region, c.Now); err != nil {
			return err
		}
		c.Event.Resource = organizationARN(o)
		out.Organization, err = describe(tx, o)
		return err
	})
	return &out, err
}

// mayLink refuses a caller who may not create the service-linked role that the
// account gets, in the words that the service has for it.
func (s *Service) mayLink(ctx context.Context, c *call.Call) error {
	linked := false
	if err := s.view(ctx, func(tx store.Tx) (err error) {
		linked, err = membership.Linked(tx, c.Principal.Account)
		return err
	}); err != nil || linked {
		return err
	}
	err := s.Authz.Allow(ctx, c, "iam:CreateServiceLinkedRole", call.Target{
		ARN:  "arn:aws:iam::" + c.Principal.Account + ":role/aws-service-role/" + membership.Principal + "/" + membership.LinkedRole,
		Keys: map[string][]string{"iam:awsservicename": {membership.Principal}},
	})
	if err == nil {
		return nil
	}
	c.Event.ErrorReason = err.Error()
	return &types.AccessDeniedForDependencyException{
		Message: aws.String("The request failed because your credentials do not have permission to create the service-linked role required by AWS Organizations."),
		Reason:  types.AccessDeniedForDependencyExceptionReasonAccessDeniedDuringCreateServiceLinkedRole,
	}
}

func describe(tx store.Tx, o org.Organization) (*types.Organization, error) {
	a, err := tx.Account(o.ManagementAccount)
	return wireOrganization(o, a), err
}

// DescribeOrganization tells any member of its organization.
func (s *Service) DescribeOrganization(ctx context.Context, c *call.Call, _ *awsorg.DescribeOrganizationInput) (*awsorg.DescribeOrganizationOutput, error) {
	var out awsorg.DescribeOrganizationOutput
	err := s.view(ctx, func(tx store.Tx) error {
		o, err := org.Of(tx, c.Principal.Account)
		if err != nil {
			return err
		}
		out.Organization, err = describe(tx, o)
		return err
	})
	return &out, err
}

// DeleteOrganization removes an organization without members. The management
// account is standalone afterwards.
func (s *Service) DeleteOrganization(ctx context.Context, c *call.Call, _ *awsorg.DeleteOrganizationInput) (*awsorg.DeleteOrganizationOutput, error) {
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		if err := membership.Dissolve(tx, o, c.Now); err != nil {
			return err
		}
		c.Event.Resource = organizationARN(o)
		return RecordDeparted(tx, o, o.ManagementAccount, DepartureLeft, c.Region, c.Now)
	})
	return &awsorg.DeleteOrganizationOutput{}, err
}

// EnableAllFeatures asks the accounts that were invited to agree to all features.
func (s *Service) EnableAllFeatures(ctx context.Context, c *call.Call, _ *awsorg.EnableAllFeaturesInput) (*awsorg.EnableAllFeaturesOutput, error) {
	var out awsorg.EnableAllFeaturesOutput
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		h, err := org.StartAllFeatures(tx, o, c.Now)
		if err != nil {
			return err
		}
		c.Event.Resource = handshakeARN(o, h)
		out.Handshake, err = wireHandshake(tx, h, c.Now)
		return err
	})
	return &out, err
}

// ListRoots tells the one root that an organization has, with the policy types that
// are enabled on it.
func (s *Service) ListRoots(ctx context.Context, c *call.Call, in *awsorg.ListRootsInput) (*awsorg.ListRootsOutput, error) {
	roots, _, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(_ store.Tx, o org.Organization, p page.Request) (page.Page[types.Root], error) {
		if p.After != "" {
			return page.Page[types.Root]{}, nil
		}
		return page.Page[types.Root]{Items: []types.Root{*wireRoot(o)}}, nil
	})
	return &awsorg.ListRootsOutput{Roots: roots}, err
}
