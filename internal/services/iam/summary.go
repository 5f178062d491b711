package iam

import (
	"context"

	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// GetAccountSummary tells how much of everything the account has and may have.
func (s *Service) GetAccountSummary(ctx context.Context, c *call.Call, _ *awsiam.GetAccountSummaryInput) (*awsiam.GetAccountSummaryOutput, error) {
	var values map[string]int
	err := s.view(ctx, func(tx store.Tx) (err error) {
		values, err = iam.Summary(tx, c.Principal.Account)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &awsiam.GetAccountSummaryOutput{SummaryMap: make(map[string]int32, len(values))}
	for name, n := range values {
		out.SummaryMap[name] = int32(n)
	}
	return out, nil
}

// SetSecurityTokenServicePreferences chooses the version of the session tokens
// that the global endpoint of STS gives.
func (s *Service) SetSecurityTokenServicePreferences(ctx context.Context, c *call.Call, in *awsiam.SetSecurityTokenServicePreferencesInput) (*awsiam.SetSecurityTokenServicePreferencesOutput, error) {
	version := 1
	if in.GlobalEndpointTokenVersion == types.GlobalEndpointTokenVersionV2Token {
		version = 2
	}
	err := s.update(ctx, c, func(tx store.Tx) error { return iam.SetGlobalTokens(tx, c.Principal.Account, version) })
	return &awsiam.SetSecurityTokenServicePreferencesOutput{}, err
}
