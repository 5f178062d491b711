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

var delegatedTable = call.Table{
	"RegisterDelegatedAdministrator":   {Action: "organizations:RegisterDelegatedAdministrator", Resource: "account"},
	"DeregisterDelegatedAdministrator": {Action: "organizations:DeregisterDelegatedAdministrator", Resource: "account"},
	"ListDelegatedAdministrators":      {Action: "organizations:ListDelegatedAdministrators", ReadOnly: true},
	"ListDelegatedServicesForAccount":  {Action: "organizations:ListDelegatedServicesForAccount", ReadOnly: true, Resource: "account"},
}

// RegisterDelegatedAdministrator lets a member run a service for the organization.
func (s *Service) RegisterDelegatedAdministrator(ctx context.Context, c *call.Call, in *awsorg.RegisterDelegatedAdministratorInput) (*awsorg.RegisterDelegatedAdministratorOutput, error) {
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		return org.Register(tx, o, aws.ToString(in.AccountId), aws.ToString(in.ServicePrincipal), c.Now)
	})
	return &awsorg.RegisterDelegatedAdministratorOutput{}, err
}

// DeregisterDelegatedAdministrator ends that.
func (s *Service) DeregisterDelegatedAdministrator(ctx context.Context, c *call.Call, in *awsorg.DeregisterDelegatedAdministratorInput) (*awsorg.DeregisterDelegatedAdministratorOutput, error) {
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		return org.Deregister(tx, o, aws.ToString(in.AccountId), aws.ToString(in.ServicePrincipal))
	})
	return &awsorg.DeregisterDelegatedAdministratorOutput{}, err
}

// ListDelegatedAdministrators lists the members that run a service, or any.
func (s *Service) ListDelegatedAdministrators(ctx context.Context, c *call.Call, in *awsorg.ListDelegatedAdministratorsInput) (*awsorg.ListDelegatedAdministratorsOutput, error) {
	var all []types.DelegatedAdministrator
	_, next, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[org.Delegate], error) {
		delegates, err := org.Administrators(tx, o, aws.ToString(in.ServicePrincipal), p)
		all = make([]types.DelegatedAdministrator, 0, len(delegates.Items))
		for _, d := range delegates.Items {
			a, err := tx.Account(d.Account)
			if err != nil {
				return delegates, err
			}
			w := wireAccount(o, a)
			all = append(all, types.DelegatedAdministrator{
				Id: w.Id, Arn: w.Arn, Name: w.Name, Email: w.Email, Status: w.Status, State: w.State,
				JoinedMethod: w.JoinedMethod, JoinedTimestamp: w.JoinedTimestamp, DelegationEnabledDate: aws.Time(d.Since),
			})
		}
		return delegates, err
	})
	return &awsorg.ListDelegatedAdministratorsOutput{DelegatedAdministrators: all, NextToken: next}, err
}

// ListDelegatedServicesForAccount lists what a member runs.
func (s *Service) ListDelegatedServicesForAccount(ctx context.Context, c *call.Call, in *awsorg.ListDelegatedServicesForAccountInput) (*awsorg.ListDelegatedServicesForAccountOutput, error) {
	services, next, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[org.Delegate], error) {
		return org.ServicesOf(tx, o, aws.ToString(in.AccountId), p)
	})
	out := &awsorg.ListDelegatedServicesForAccountOutput{NextToken: next, DelegatedServices: make([]types.DelegatedService, len(services))}
	for i, d := range services {
		out.DelegatedServices[i] = types.DelegatedService{ServicePrincipal: aws.String(d.Service), DelegationEnabledDate: aws.Time(d.Since)}
	}
	return out, err
}
