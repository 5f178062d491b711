package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"

	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

var aliasTable = call.Table{
	"CreateAccountAlias": {Action: "iam:CreateAccountAlias", Resource: "account"},
	"DeleteAccountAlias": {Action: "iam:DeleteAccountAlias", Resource: "account"},
	"ListAccountAliases": {Action: "iam:ListAccountAliases", Resource: "account", ReadOnly: true},
}

// CreateAccountAlias gives the caller's account a name for its sign-in page, in
// place of the one that it had.
func (s *Service) CreateAccountAlias(ctx context.Context, c *call.Call, in *awsiam.CreateAccountAliasInput) (*awsiam.CreateAccountAliasOutput, error) {
	c.Event.Set("accountAlias", aws.ToString(in.AccountAlias))
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.SetAlias(tx, c.Principal.Account, aws.ToString(in.AccountAlias))
	})
	return &awsiam.CreateAccountAliasOutput{}, err
}

// DeleteAccountAlias takes the name away.
func (s *Service) DeleteAccountAlias(ctx context.Context, c *call.Call, in *awsiam.DeleteAccountAliasInput) (*awsiam.DeleteAccountAliasOutput, error) {
	c.Event.Set("accountAlias", aws.ToString(in.AccountAlias))
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.DropAlias(tx, c.Principal.Account, aws.ToString(in.AccountAlias))
	})
	return &awsiam.DeleteAccountAliasOutput{}, err
}

// ListAccountAliases lists the alias, or none. More than one page there never is.
func (s *Service) ListAccountAliases(ctx context.Context, c *call.Call, in *awsiam.ListAccountAliasesInput) (*awsiam.ListAccountAliasesOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	aliases := []string{}
	err = s.view(ctx, func(tx store.Tx) error {
		a, err := tx.Account(c.Principal.Account)
		if a.Alias != "" {
			aliases = append(aliases, a.Alias)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	some := pageOf(aliases, p, func(alias string) string { return alias })
	return &awsiam.ListAccountAliasesOutput{AccountAliases: some.Items}, nil
}
