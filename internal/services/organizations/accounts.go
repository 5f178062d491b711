package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/membership"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

var accountTable = call.Table{
	"CreateAccount":                 {Action: "organizations:CreateAccount", TagAction: "organizations:TagResource"},
	"CreateGovCloudAccount":         {Action: "organizations:CreateGovCloudAccount", TagAction: "organizations:TagResource"},
	"DescribeCreateAccountStatus":   {Action: "organizations:DescribeCreateAccountStatus", ReadOnly: true},
	"ListCreateAccountStatus":       {Action: "organizations:ListCreateAccountStatus", ReadOnly: true},
	"DescribeAccount":               {Action: "organizations:DescribeAccount", Resource: "account", ReadOnly: true},
	"ListAccounts":                  {Action: "organizations:ListAccounts", ReadOnly: true},
	"CloseAccount":                  {Action: "organizations:CloseAccount", Resource: "account"},
	"RemoveAccountFromOrganization": {Action: "organizations:RemoveAccountFromOrganization", Resource: "account"},
	"LeaveOrganization":             {Action: "organizations:LeaveOrganization"},
}

// CreateAccount has a member account created in the background (F-08). What it is
// to be checked against is known then: the answer is that it is under way.
//
// IamUserAccessToBilling says who sees what the account is billed; nothing is.
func (s *Service) CreateAccount(ctx context.Context, c *call.Call, in *awsorg.CreateAccountInput) (*awsorg.CreateAccountOutput, error) {
	var out awsorg.CreateAccountOutput
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		request := org.Creation{Name: aws.ToString(in.AccountName), Email: aws.ToString(in.Email), RoleName: aws.ToString(in.RoleName), Tags: tagsOf(in.Tags)}
		request, err := org.RequestAccount(tx, o, request, c.Now)
		out.CreateAccountStatus = wireCreation(request)
		c.Event.Set("createAccountRequestId", request.ID)
		return err
	})
	return &out, err
}

// CreateGovCloudAccount is for organizations that are paired with one of the AWS
// GovCloud (US) partition. Here there is one partition, and none of them is.
func (s *Service) CreateGovCloudAccount(ctx context.Context, c *call.Call, _ *awsorg.CreateGovCloudAccountInput) (*awsorg.CreateGovCloudAccountOutput, error) {
	return nil, s.changeFor(ctx, c, func(store.Tx, org.Organization) error {
		return fault.New(fault.Limit, string(types.ConstraintViolationExceptionReasonMasterAccountNotGovcloudEnabled),
			"The management account has no associated account in the AWS GovCloud (US) Region.")
	})
}

// DescribeCreateAccountStatus tells how far a request to create an account has come.
func (s *Service) DescribeCreateAccountStatus(ctx context.Context, c *call.Call, in *awsorg.DescribeCreateAccountStatusInput) (*awsorg.DescribeCreateAccountStatusOutput, error) {
	var out awsorg.DescribeCreateAccountStatusOutput
	err := s.readFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		request, err := org.FindCreation(tx, o, aws.ToString(in.CreateAccountRequestId), c.Now)
		out.CreateAccountStatus = wireCreation(request)
		return err
	})
	return &out, err
}

// ListCreateAccountStatus lists the organization's requests of the last 90 days.
func (s *Service) ListCreateAccountStatus(ctx context.Context, c *call.Call, in *awsorg.ListCreateAccountStatusInput) (*awsorg.ListCreateAccountStatusOutput, error) {
	wanted := make([]org.CreationState, len(in.States))
	for i, state := range in.States {
		wanted[i] = org.CreationState(state)
	}
	requests, next, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[org.Creation], error) {
		return tx.Creations(o.ID, wanted, p)
	})
	out := &awsorg.ListCreateAccountStatusOutput{NextToken: next, CreateAccountStatuses: make([]types.CreateAccountStatus, 0, len(requests))}
	for _, request := range requests {
		if !request.Forgotten(c.Now) {
			out.CreateAccountStatuses = append(out.CreateAccountStatuses, *wireCreation(request))
		}
	}
	return out, err
}

// DescribeAccount tells of a member (F-13, H-14).
func (s *Service) DescribeAccount(ctx context.Context, c *call.Call, in *awsorg.DescribeAccountInput) (*awsorg.DescribeAccountOutput, error) {
	var out awsorg.DescribeAccountOutput
	err := s.readFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		a, err := org.Member(tx, o, aws.ToString(in.AccountId))
		if err != nil {
			return err
		}
		all, err := wireMembers(tx, o, a)
		out.Account = &all[0]
		return err
	})
	return &out, err
}

// ListAccounts lists the management account and all members in order of id.
func (s *Service) ListAccounts(ctx context.Context, c *call.Call, in *awsorg.ListAccountsInput) (*awsorg.ListAccountsOutput, error) {
	accounts, next, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[types.Account], error) {
		return membersPage(tx, o, func() (page.Page[account.Account], error) { return tx.AccountsOfOrganization(o.ID, p) })
	})
	return &awsorg.ListAccountsOutput{Accounts: accounts, NextToken: next}, err
}

// CloseAccount has a member account closed in the background. Its owner can reopen
// it within 90 days.
func (s *Service) CloseAccount(ctx context.Context, c *call.Call, in *awsorg.CloseAccountInput) (*awsorg.CloseAccountOutput, error) {
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		a, err := org.RequestClosure(tx, o, aws.ToString(in.AccountId), c.Now)
		if err == nil {
			c.Event.ShareWith(a.ID)
		}
		return err
	})
	return &awsorg.CloseAccountOutput{}, err
}

// RemoveAccountFromOrganization makes a member standalone, for the management account.
func (s *Service) RemoveAccountFromOrganization(ctx context.Context, c *call.Call, in *awsorg.RemoveAccountFromOrganizationInput) (*awsorg.RemoveAccountFromOrganizationOutput, error) {
	id := aws.ToString(in.AccountId)
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		if err := membership.Remove(tx, o, id, c.Now); err != nil {
			return err
		}
		c.Event.ShareWith(id)
		return RecordDeparted(tx, o, id, DepartureRemoved, c.Region, c.Now)
	})
	return &awsorg.RemoveAccountFromOrganizationOutput{}, err
}

// LeaveOrganization makes the caller's account standalone.
func (s *Service) LeaveOrganization(ctx context.Context, c *call.Call, _ *awsorg.LeaveOrganizationInput) (*awsorg.LeaveOrganizationOutput, error) {
	id := c.Principal.Account
	err := s.update(ctx, c, func(tx store.Tx) error {
		o, err := org.Of(tx, id)
		if err != nil {
			return err
		}
		if err := membership.Remove(tx, o, id, c.Now); err != nil {
			return err
		}
		c.Event.Resource = accountARN(o, id)
		return RecordDeparted(tx, o, id, DepartureLeft, c.Region, c.Now)
	})
	return &awsorg.LeaveOrganizationOutput{}, err
}
