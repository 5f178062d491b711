package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsaccount "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/store"
)

// GetAccountInformation tells an account's name, age and state.
func (s *Service) GetAccountInformation(ctx context.Context, c *call.Call, in *awsaccount.GetAccountInformationInput) (*awsaccount.GetAccountInformationOutput, error) {
	var out awsaccount.GetAccountInformationOutput
	err := s.view(ctx, c, in.AccountId, func(_ store.Tx, a account.Account) error {
		out.AccountId, out.AccountName, out.AccountCreatedDate = aws.String(a.ID), aws.String(a.Name), aws.Time(a.CreatedAt)
		out.AccountState = types.AccountState(a.Status) // of the same words
		return nil
	})
	return &out, err
}

// PutAccountName gives an account another name.
func (s *Service) PutAccountName(ctx context.Context, c *call.Call, in *awsaccount.PutAccountNameInput) (*awsaccount.PutAccountNameOutput, error) {
	err := s.update(ctx, c, in.AccountId, func(tx store.Tx, a account.Account) error {
		return account.Rename(tx, a.ID, aws.ToString(in.AccountName))
	})
	return &awsaccount.PutAccountNameOutput{}, err
}

// GetGovCloudAccountInformation tells the account of AWS GovCloud that is linked to
// one of the standard partition. Accounts here have none, as most at AWS.
func (s *Service) GetGovCloudAccountInformation(ctx context.Context, c *call.Call, in *awsaccount.GetGovCloudAccountInformationInput) (*awsaccount.GetGovCloudAccountInformationOutput, error) {
	err := s.view(ctx, c, in.StandardAccountId, func(_ store.Tx, a account.Account) error {
		return fault.New(fault.NotFound, "no-govcloud-account", "GovCloud Account ID not found for Standard Account - %s.", a.ID)
	})
	return nil, err
}
