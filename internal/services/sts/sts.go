// Package sts is the Security Token Service: SDK input to domain to SDK output.
package sts

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"sekisho/internal/call"
)

// Table guards the operations.
var Table = call.Table{
	// AWS lets every authenticated principal ask who it is, even against an
	// explicit deny.
	"GetCallerIdentity": {Action: "sts:GetCallerIdentity", Access: call.SignedOnly, ReadOnly: true},
}

// Service implements the operations of Table.
type Service struct{}

// GetCallerIdentity says who signed the call (behaviours.md 4.6).
func (*Service) GetCallerIdentity(_ context.Context, c *call.Call, _ *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
	return &sts.GetCallerIdentityOutput{
		Account: aws.String(c.Principal.Account),
		Arn:     aws.String(c.Principal.ARN),
		UserId:  aws.String(c.Principal.UserID),
	}, nil
}
