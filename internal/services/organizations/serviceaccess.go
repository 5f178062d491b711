package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/call"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

var serviceAccessTable = call.Table{
	"EnableAWSServiceAccess":              {Action: "organizations:EnableAWSServiceAccess"},
	"DisableAWSServiceAccess":             {Action: "organizations:DisableAWSServiceAccess"},
	"ListAWSServiceAccessForOrganization": {Action: "organizations:ListAWSServiceAccessForOrganization", ReadOnly: true},
}

// EnableAWSServiceAccess lets a service work in all accounts.
func (s *Service) EnableAWSServiceAccess(ctx context.Context, c *call.Call, in *awsorg.EnableAWSServiceAccessInput) (*awsorg.EnableAWSServiceAccessOutput, error) {
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		return org.EnableTrust(tx, o, aws.ToString(in.ServicePrincipal), c.Now)
	})
	return &awsorg.EnableAWSServiceAccessOutput{}, err
}

// DisableAWSServiceAccess ends that.
func (s *Service) DisableAWSServiceAccess(ctx context.Context, c *call.Call, in *awsorg.DisableAWSServiceAccessInput) (*awsorg.DisableAWSServiceAccessOutput, error) {
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		return org.DisableTrust(tx, o, aws.ToString(in.ServicePrincipal))
	})
	return &awsorg.DisableAWSServiceAccessOutput{}, err
}

// ListAWSServiceAccessForOrganization lists the services that work in all accounts.
func (s *Service) ListAWSServiceAccessForOrganization(ctx context.Context, c *call.Call, in *awsorg.ListAWSServiceAccessForOrganizationInput) (*awsorg.ListAWSServiceAccessForOrganizationOutput, error) {
	services, next, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[org.TrustedService], error) {
		return tx.TrustedServices(o.ID, p)
	})
	out := &awsorg.ListAWSServiceAccessForOrganizationOutput{NextToken: next, EnabledServicePrincipals: make([]types.EnabledServicePrincipal, len(services))}
	for i, t := range services {
		out.EnabledServicePrincipals[i] = types.EnabledServicePrincipal{ServicePrincipal: aws.String(t.Service), DateEnabled: aws.Time(t.Since)}
	}
	return out, err
}
