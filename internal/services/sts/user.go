package sts

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/token"
)

// GetSessionToken turns a long-term key into temporary credentials of the same
// identity, with a second factor if one is given (behaviours.md 4.5). No policy
// allows or forbids it.
func (s *Service) GetSessionToken(ctx context.Context, c *call.Call, in *sts.GetSessionTokenInput) (*sts.GetSessionTokenOutput, error) {
	if err := longTerm(c, "GetSessionToken"); err != nil {
		return nil, err
	}
	if err := s.secondFactor(ctx, c, in.SerialNumber, in.TokenCode); err != nil {
		return nil, err
	}
	session := token.Session{Kind: token.UserSession, Account: c.Principal.Account, Entity: c.Principal.Entity, Name: c.Principal.UserName}
	if in.TokenCode != nil {
		session.MFAAt = c.Now.Unix()
	}
	creds, err := s.issue(c, session, userLife(c, in.DurationSeconds))
	if err != nil {
		return nil, err
	}
	return &sts.GetSessionTokenOutput{Credentials: creds}, nil
}

// GetFederationToken gives a person without IAM user credentials that can do
// what the caller and the session policies both allow; without session policies,
// nothing (behaviours.md 4.5).
func (s *Service) GetFederationToken(ctx context.Context, c *call.Call, in *sts.GetFederationTokenInput) (*sts.GetFederationTokenOutput, error) {
	if err := longTerm(c, "GetFederationToken"); err != nil {
		return nil, err
	}
	asked := token.Asked{Policy: aws.ToString(in.Policy), PolicyARNs: policyARNs(in.PolicyArns), Tags: sessionTags(in.Tags)}
	session := token.Session{Kind: token.FederatedUser, Account: c.Principal.Account, Entity: c.Principal.Entity, Name: aws.ToString(in.Name)}
	note(c, "name", session.Name)
	packed, err := asked.Begin(&session, nil)
	if err != nil {
		return nil, wireError(err)
	}
	if err := s.checkPolicies(ctx, c.Principal.Account, asked); err != nil {
		return nil, err
	}
	if len(asked.Tags) > 0 {
		if err := s.Authz.Allow(ctx, c, "sts:TagSession", federatedTarget(c, in)); err != nil {
			return nil, err
		}
	}
	creds, err := s.issue(c, session, userLife(c, in.DurationSeconds))
	if err != nil {
		return nil, err
	}
	return &sts.GetFederationTokenOutput{
		Credentials: creds,
		FederatedUser: &types.FederatedUser{
			Arn: aws.String(arn.FederatedUser(session.Account, session.Name)), FederatedUserId: aws.String(session.Account + ":" + session.Name),
		},
		PackedPolicySize: percent(packed), //nolint:staticcheck // what replaces it is newer than the model that we serve
	}, nil
}

func federatedTarget(c *call.Call, in *sts.GetFederationTokenInput) call.Target {
	t := call.Target{ARN: arn.FederatedUser(c.Principal.Account, aws.ToString(in.Name)), Keys: make(map[string][]string)}
	requestTags(&t, in.Tags)
	return t
}

// longTerm refuses callers who hold temporary credentials.
func longTerm(c *call.Call, operation string) error {
	if c.Principal.Temporary != nil {
		return accessDenied("Cannot call " + operation + " with session credentials")
	}
	return nil
}

// userLife is how long a session of a user lasts; the root user's is cut at an
// hour without a word (behaviours.md 4.1).
func userLife(c *call.Call, asked *int32) time.Duration {
	life := token.DefaultUserSession
	if asked != nil {
		life = time.Duration(*asked) * time.Second
	}
	if c.Principal.Kind == call.Root {
		life = min(life, token.MaxRootSession)
	}
	return life
}
