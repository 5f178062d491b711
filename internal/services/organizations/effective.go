package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

var effectiveTable = call.Table{
	"DescribeEffectivePolicy":                {Action: "organizations:DescribeEffectivePolicy", ReadOnly: true, Resource: "effective"},
	"ListAccountsWithInvalidEffectivePolicy": {Action: "organizations:ListAccountsWithInvalidEffectivePolicy", ReadOnly: true},
	"ListEffectivePolicyValidationErrors":    {Action: "organizations:ListEffectivePolicyValidationErrors", ReadOnly: true, Resource: "account"},
}

// DescribeEffectivePolicy tells what policies of a type come to for an account.
// Every account may ask about itself.
func (s *Service) DescribeEffectivePolicy(ctx context.Context, c *call.Call, in *awsorg.DescribeEffectivePolicyInput) (*awsorg.DescribeEffectivePolicyOutput, error) {
	var out awsorg.DescribeEffectivePolicyOutput
	id := aws.ToString(in.TargetId)
	if id == "" {
		id = c.Principal.Account
	}
	about := func(tx store.Tx, o org.Organization) error {
		if !arn.ValidAccount(id) {
			return fault.New(fault.Invalid, "TARGET_NOT_SUPPORTED", "You can't perform the specified operation on that target entity.")
		}
		a, err := org.Member(tx, o, id)
		if fault.Is(err, fault.NotFound) {
			return fault.New(fault.NotFound, "TargetNotFound", "You specified a target that doesn't exist.").Wrap(err)
		}
		if err != nil {
			return err
		}
		e, err := org.Effective(tx, o, a, org.PolicyType(in.PolicyType))
		out.EffectivePolicy = &types.EffectivePolicy{
			TargetId: &e.Account, PolicyType: in.PolicyType, PolicyContent: &e.Document, LastUpdatedTimestamp: aws.Time(e.UpdatedAt),
		}
		return err
	}
	if id != c.Principal.Account {
		return &out, s.readFor(ctx, c, about)
	}
	return &out, s.view(ctx, func(tx store.Tx) error {
		o, err := org.Of(tx, id)
		if err != nil {
			return err
		}
		return about(tx, o)
	})
}

// ListAccountsWithInvalidEffectivePolicy lists the accounts for which policies of a
// type do not come to one that could be carried out.
func (s *Service) ListAccountsWithInvalidEffectivePolicy(ctx context.Context, c *call.Call, in *awsorg.ListAccountsWithInvalidEffectivePolicyInput) (*awsorg.ListAccountsWithInvalidEffectivePolicyOutput, error) {
	var organization org.Organization
	accounts, next, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[account.Account], error) {
		organization = o
		return org.InvalidEffective(tx, o, org.PolicyType(in.PolicyType), p)
	})
	out := &awsorg.ListAccountsWithInvalidEffectivePolicyOutput{PolicyType: in.PolicyType, NextToken: next, Accounts: make([]types.Account, len(accounts))}
	for i, a := range accounts {
		out.Accounts[i] = *wireAccount(organization, a)
	}
	return out, err
}

// ListEffectivePolicyValidationErrors tells what is wrong with an account's
// effective policy of a type.
func (s *Service) ListEffectivePolicyValidationErrors(ctx context.Context, c *call.Call, in *awsorg.ListEffectivePolicyValidationErrorsInput) (*awsorg.ListEffectivePolicyValidationErrorsOutput, error) {
	var path string
	found, next, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[org.EffectiveError], error) {
		a, err := org.Member(tx, o, aws.ToString(in.AccountId))
		if err != nil {
			return page.Page[org.EffectiveError]{}, err
		}
		path = a.OrgPath + a.ID + "/"
		e, err := org.Effective(tx, o, a, org.PolicyType(in.PolicyType))
		var after []org.EffectiveError // errors have no two with the same path and code
		for _, f := range e.Errors {
			if f.Path+" "+f.Code > p.After {
				after = append(after, f)
			}
		}
		return page.Cut(after, p.Limit, func(f org.EffectiveError) string { return f.Path + " " + f.Code }), err
	})
	out := &awsorg.ListEffectivePolicyValidationErrorsOutput{
		AccountId: in.AccountId, PolicyType: in.PolicyType, Path: &path, EvaluationTimestamp: &c.Now, NextToken: next,
		EffectivePolicyValidationErrors: make([]types.EffectivePolicyValidationError, len(found)),
	}
	for i, f := range found {
		out.EffectivePolicyValidationErrors[i] = types.EffectivePolicyValidationError{
			ErrorCode: aws.String(f.Code), ErrorMessage: aws.String(f.Message), PathToError: aws.String(f.Path), ContributingPolicies: f.Contributing,
		}
	}
	return out, err
}
