package sts

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// GetDelegatedAccessToken gives the requestor of a delegation request, once and
// for the token that the owner had sent, credentials of the approver that can do
// what the approver can and the request's policy allows. They end when the time
// that was asked for has passed since the token was sent.
func (s *Service) GetDelegatedAccessToken(ctx context.Context, c *call.Call, in *sts.GetDelegatedAccessTokenInput) (*sts.GetDelegatedAccessTokenOutput, error) {
	if err := notOfUser(c, "GetDelegatedAccessToken"); err != nil {
		return nil, err
	}
	p := &c.Principal
	who := iam.DelegationCaller{Account: p.Account, ARN: p.ARN, Entity: p.Entity, EntityARN: p.EntityARN, Session: p.Temporary}
	var (
		creds *types.Credentials
		r     iam.DelegationRequest
	)
	err := s.Store.Update(ctx, c.Event, func(tx store.Tx) error {
		var ends time.Time
		var err error
		if r, ends, err = iam.TradeDelegationToken(tx, s.Sessions.Ring, c.Now, who, aws.ToString(in.TradeInToken)); err != nil {
			return err
		}
		session := r.Approval.Session
		session.Policies = []string{r.Policy}
		c.Event.ShareWith(session.Account)
		c.Event.Set("delegationRequestId", r.ID)
		c.Event.Set("assumedPrincipal", r.Approval.EntityARN)
		creds, err = s.issue(c, session, ends.Sub(c.Now))
		return err
	})
	if f, ok := fault.As(err); ok {
		switch {
		case f.Reason == "trade-in-expired":
			return nil, &types.ExpiredTradeInTokenException{Message: aws.String(f.Public)}
		case f.Kind == fault.Denied:
			return nil, accessDenied(f.Public)
		}
	}
	if err != nil {
		return nil, wireError(err)
	}
	return &sts.GetDelegatedAccessTokenOutput{Credentials: creds, AssumedPrincipal: aws.String(r.Approval.EntityARN)}, nil
}
