package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// organizationTable guards what concerns more accounts than one.
var organizationTable = call.Table{
	"ListOrganizationsFeatures":                     {Action: "iam:ListOrganizationsFeatures", Resource: "account", ReadOnly: true},
	"EnableOrganizationsRootCredentialsManagement":  {Action: "iam:EnableOrganizationsRootCredentialsManagement", Resource: "account"},
	"DisableOrganizationsRootCredentialsManagement": {Action: "iam:DisableOrganizationsRootCredentialsManagement", Resource: "account"},
	"EnableOrganizationsRootSessions":               {Action: "iam:EnableOrganizationsRootSessions", Resource: "account"},
	"DisableOrganizationsRootSessions":              {Action: "iam:DisableOrganizationsRootSessions", Resource: "account"},
	"EnableOutboundWebIdentityFederation":           {Action: "iam:EnableOutboundWebIdentityFederation", Resource: "account"},
	"DisableOutboundWebIdentityFederation":          {Action: "iam:DisableOutboundWebIdentityFederation", Resource: "account"},
	"GetOutboundWebIdentityFederationInfo":          {Action: "iam:GetOutboundWebIdentityFederationInfo", Resource: "account", ReadOnly: true},

	"GenerateOrganizationsAccessReport": {Action: "iam:GenerateOrganizationsAccessReport", Resource: "access-report"},
	"GetOrganizationsAccessReport":      {Action: "iam:GetOrganizationsAccessReport", Resource: "account", ReadOnly: true},

	"CreateDelegationRequest":    {Action: "iam:CreateDelegationRequest", Resource: "delegation-request"},
	"GetDelegationRequest":       {Action: "iam:GetDelegationRequest", Resource: "delegation-request", ReadOnly: true},
	"GetHumanReadableSummary":    {Action: "iam:GetHumanReadableSummary", Resource: "delegation-request", ReadOnly: true},
	"ListDelegationRequests":     {Action: "iam:ListDelegationRequests", Resource: "delegation-requests", ReadOnly: true},
	"AssociateDelegationRequest": {Action: "iam:AssociateDelegationRequest", Resource: "delegation-request"},
	"AcceptDelegationRequest":    {Action: "iam:AcceptDelegationRequest", Resource: "delegation-request"},
	"RejectDelegationRequest":    {Action: "iam:RejectDelegationRequest", Resource: "delegation-request"},
	"UpdateDelegationRequest":    {Action: "iam:UpdateDelegationRequest", Resource: "delegation-request"},
	"SendDelegationToken":        {Action: "iam:SendDelegationToken", Resource: "delegation-request"},
}

// ListOrganizationsFeatures lists what the organization can do with the root
// users of its members.
func (s *Service) ListOrganizationsFeatures(ctx context.Context, c *call.Call, _ *awsiam.ListOrganizationsFeaturesInput) (*awsiam.ListOrganizationsFeaturesOutput, error) {
	var f iam.OrgFeatures
	err := s.view(ctx, func(tx store.Tx) (err error) {
		f, err = iam.OrgFeaturesOf(tx, c.Principal.Account)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.ListOrganizationsFeaturesOutput{OrganizationId: aws.String(f.Organization), EnabledFeatures: wireAll(f.Enabled, wireFeature)}, nil
}

func wireFeature(f iam.OrgFeature) types.FeatureType { return types.FeatureType(f) }

// setFeature enables or disables a feature and returns the organization's id and
// what is enabled then.
func (s *Service) setFeature(ctx context.Context, c *call.Call, feature iam.OrgFeature, enabled bool) (*string, []types.FeatureType, error) {
	var f iam.OrgFeatures
	err := s.update(ctx, c, func(tx store.Tx) (err error) {
		f, err = iam.SetOrgFeature(tx, c.Principal.Account, feature, enabled)
		return err
	})
	return aws.String(f.Organization), wireAll(f.Enabled, wireFeature), err
}

// EnableOrganizationsRootCredentialsManagement lets the management account take
// away root credentials of members.
func (s *Service) EnableOrganizationsRootCredentialsManagement(ctx context.Context, c *call.Call, _ *awsiam.EnableOrganizationsRootCredentialsManagementInput) (*awsiam.EnableOrganizationsRootCredentialsManagementOutput, error) {
	id, enabled, err := s.setFeature(ctx, c, iam.RootCredentialsManagement, true)
	return &awsiam.EnableOrganizationsRootCredentialsManagementOutput{OrganizationId: id, EnabledFeatures: enabled}, err
}

// DisableOrganizationsRootCredentialsManagement is the other way.
func (s *Service) DisableOrganizationsRootCredentialsManagement(ctx context.Context, c *call.Call, _ *awsiam.DisableOrganizationsRootCredentialsManagementInput) (*awsiam.DisableOrganizationsRootCredentialsManagementOutput, error) {
	id, enabled, err := s.setFeature(ctx, c, iam.RootCredentialsManagement, false)
	return &awsiam.DisableOrganizationsRootCredentialsManagementOutput{OrganizationId: id, EnabledFeatures: enabled}, err
}

// EnableOrganizationsRootSessions lets the management account act as members'
// root users by sts:AssumeRoot.
func (s *Service) EnableOrganizationsRootSessions(ctx context.Context, c *call.Call, _ *awsiam.EnableOrganizationsRootSessionsInput) (*awsiam.EnableOrganizationsRootSessionsOutput, error) {
	id, enabled, err := s.setFeature(ctx, c, iam.RootSessions, true)
	return &awsiam.EnableOrganizationsRootSessionsOutput{OrganizationId: id, EnabledFeatures: enabled}, err
}

// DisableOrganizationsRootSessions is the other way.
func (s *Service) DisableOrganizationsRootSessions(ctx context.Context, c *call.Call, _ *awsiam.DisableOrganizationsRootSessionsInput) (*awsiam.DisableOrganizationsRootSessionsOutput, error) {
	id, enabled, err := s.setFeature(ctx, c, iam.RootSessions, false)
	return &awsiam.DisableOrganizationsRootSessionsOutput{OrganizationId: id, EnabledFeatures: enabled}, err
}

// EnableOutboundWebIdentityFederation lets the account's principals get web
// identity tokens, and returns the URL of their issuer.
func (s *Service) EnableOutboundWebIdentityFederation(ctx context.Context, c *call.Call, _ *awsiam.EnableOutboundWebIdentityFederationInput) (*awsiam.EnableOutboundWebIdentityFederationOutput, error) {
	var id string
	err := s.update(ctx, c, func(tx store.Tx) (err error) {
		id, err = iam.EnableOutboundFederation(tx, c.Principal.Account)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.EnableOutboundWebIdentityFederationOutput{IssuerIdentifier: aws.String(s.Issuer(c.Principal.Account, id))}, nil
}

// DisableOutboundWebIdentityFederation is the other way. The issuer stays the
// account's.
func (s *Service) DisableOutboundWebIdentityFederation(ctx context.Context, c *call.Call, _ *awsiam.DisableOutboundWebIdentityFederationInput) (*awsiam.DisableOutboundWebIdentityFederationOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error { return iam.DisableOutboundFederation(tx, c.Principal.Account) })
	return &awsiam.DisableOutboundWebIdentityFederationOutput{}, err
}

// GetOutboundWebIdentityFederationInfo tells the issuer of an account whose
// principals get web identity tokens.
func (s *Service) GetOutboundWebIdentityFederationInfo(ctx context.Context, c *call.Call, _ *awsiam.GetOutboundWebIdentityFederationInfoInput) (*awsiam.GetOutboundWebIdentityFederationInfoOutput, error) {
	var id string
	err := s.view(ctx, func(tx store.Tx) (err error) {
		id, err = iam.OutboundFederation(tx, c.Principal.Account)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.GetOutboundWebIdentityFederationInfoOutput{IssuerIdentifier: aws.String(s.Issuer(c.Principal.Account, id)), JwtVendingEnabled: true}, nil
}
