package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/credential"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// GetAccountPasswordPolicy tells the policy that the account has set.
func (s *Service) GetAccountPasswordPolicy(ctx context.Context, c *call.Call, _ *awsiam.GetAccountPasswordPolicyInput) (*awsiam.GetAccountPasswordPolicyOutput, error) {
	var p iam.PasswordPolicy
	err := s.view(ctx, func(tx store.Tx) (err error) {
		p, err = iam.OwnPasswordPolicy(tx, c.Principal.Account)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &types.PasswordPolicy{
		MinimumPasswordLength: aws.Int32(int32(p.MinLength)), RequireSymbols: p.Symbol, RequireNumbers: p.Digit,
		RequireUppercaseCharacters: p.Upper, RequireLowercaseCharacters: p.Lower, AllowUsersToChangePassword: p.UsersMayChange,
		ExpirePasswords: p.MaxAgeDays > 0,
	}
	if p.HardExpiry { // AWS leaves it out otherwise
		out.HardExpiry = aws.Bool(true)
	}
	if p.MaxAgeDays > 0 {
		out.MaxPasswordAge = aws.Int32(int32(p.MaxAgeDays))
	}
	if p.Remembered > 0 {
		out.PasswordReusePrevention = aws.Int32(int32(p.Remembered))
	}
	return &awsiam.GetAccountPasswordPolicyOutput{PasswordPolicy: out}, nil
}

// UpdateAccountPasswordPolicy replaces the whole policy: what is left out goes
// back to its default.
func (s *Service) UpdateAccountPasswordPolicy(ctx context.Context, c *call.Call, in *awsiam.UpdateAccountPasswordPolicyInput) (*awsiam.UpdateAccountPasswordPolicyOutput, error) {
	p := iam.PasswordPolicy{
		Account: c.Principal.Account,
		Policy: credential.Policy{
			MinLength: iam.MinPasswordLength, Upper: in.RequireUppercaseCharacters, Lower: in.RequireLowercaseCharacters,
			Digit: in.RequireNumbers, Symbol: in.RequireSymbols,
		},
		UsersMayChange: in.AllowUsersToChangePassword, MaxAgeDays: int(aws.ToInt32(in.MaxPasswordAge)),
		Remembered: int(aws.ToInt32(in.PasswordReusePrevention)), HardExpiry: aws.ToBool(in.HardExpiry),
	}
	if in.MinimumPasswordLength != nil {
		p.MinLength = int(*in.MinimumPasswordLength)
	}
	if err := s.update(ctx, c, func(tx store.Tx) error { return tx.PutPasswordPolicy(p) }); err != nil {
		return nil, err
	}
	return &awsiam.UpdateAccountPasswordPolicyOutput{}, nil
}

// DeleteAccountPasswordPolicy puts the built-in rules back in force.
func (s *Service) DeleteAccountPasswordPolicy(ctx context.Context, c *call.Call, _ *awsiam.DeleteAccountPasswordPolicyInput) (*awsiam.DeleteAccountPasswordPolicyOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error { return iam.DeletePasswordPolicy(tx, c.Principal.Account) })
	if err != nil {
		return nil, err
	}
	return &awsiam.DeleteAccountPasswordPolicyOutput{}, nil
}
