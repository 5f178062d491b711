// Package sts is the Security Token Service: SDK input to domain to SDK output.
//
// What a new session inherits and how long it may last is package token's, what
// a trust policy says package policy's; this package owns the order in which an
// assumption of a role is checked, and what each refusal may tell.
package sts

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/live"
	"sekisho/internal/oidc"
	"sekisho/internal/saml"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// Table guards the operations. The assumption of a role is decided by the role's
// trust policy, in the operation itself.
var Table = call.Table{
	"AssumeRole":                 {Action: "sts:AssumeRole", Access: call.SignedOnly, ReadOnly: true},
	"AssumeRoleWithSAML":         {Action: "sts:AssumeRoleWithSAML", Access: call.Open, ReadOnly: true},
	"AssumeRoleWithWebIdentity":  {Action: "sts:AssumeRoleWithWebIdentity", Access: call.Open, ReadOnly: true},
	"AssumeRoot":                 {Action: "sts:AssumeRoot", ReadOnly: true, Resource: "root-user"},
	"DecodeAuthorizationMessage": {Action: "sts:DecodeAuthorizationMessage", ReadOnly: true},
	"GetAccessKeyInfo":           {Action: "sts:GetAccessKeyInfo", ReadOnly: true},
	"GetDelegatedAccessToken":    {Action: "sts:GetDelegatedAccessToken"},
	// AWS lets every authenticated principal ask who it is, even against an
	// explicit deny, and lets users turn their key into a session.
	"GetCallerIdentity":   {Action: "sts:GetCallerIdentity", Access: call.SignedOnly, ReadOnly: true},
	"GetSessionToken":     {Action: "sts:GetSessionToken", Access: call.SignedOnly, ReadOnly: true},
	"GetFederationToken":  {Action: "sts:GetFederationToken", ReadOnly: true, Resource: "federated-user"},
	"GetWebIdentityToken": {Action: "sts:GetWebIdentityToken", ReadOnly: true, Resource: "web-identity-token"},
}

// Service implements the operations of Table. Fields are set before use.
type Service struct {
	Store    store.DB
	Live     *live.Cache
	Sessions token.Sessions
	Authz    call.Authorizer
	SAML     *saml.Verifier
	OIDC     *oidc.Verifier
	// Issuer is the URL under which an account issues web identity tokens, given the
	// account's identifier as their issuer.
	Issuer func(account, id string) string
	// Decision finds a refusal by the id that its caller was given; NotFound if
	// there is none.
	Decision func(ctx context.Context, id string) (audit.Event, error)

	makingKey sync.Mutex // held while a signing key is made, which takes long

	metadata parsedMetadata
}

// Names finds what calls act on.
type Names struct{}

// Target implements call.Targets.
func (Names) Target(_ context.Context, c *call.Call, _ call.Rule, in any) (call.Target, error) {
	switch in := in.(type) {
	case *sts.GetFederationTokenInput:
		return federatedTarget(c, in), nil
	case *sts.AssumeRootInput:
		t := rootTarget(c, in)
		c.Event.ShareWith(t.Account) // also of a refusal: it is about the account's root user
		return t, nil
	case *sts.GetWebIdentityTokenInput:
		return tokenTarget(in), nil
	}
	return call.Target{}, nil
}

// GetCallerIdentity says who signed the call (behaviours.md 4.6).
func (*Service) GetCallerIdentity(_ context.Context, c *call.Call, _ *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
	return &sts.GetCallerIdentityOutput{
		Account: aws.String(c.Principal.Account),
		Arn:     aws.String(c.Principal.ARN),
		UserId:  aws.String(c.Principal.UserID),
	}, nil
}

// notOfUser refuses callers with credentials of GetSessionToken and
// GetFederationToken, with which little of STS can be called (behaviours.md 4.1).
func notOfUser(c *call.Call, operation string) error {
	if t := c.Principal.Temporary; t != nil && (t.Kind == token.UserSession || t.Kind == token.FederatedUser) {
		return accessDenied("Cannot call " + operation + " with session credentials")
	}
	return nil
}

// GetAccessKeyInfo tells whose account a key belongs to, in whatever state it is
// (behaviours.md 4.8). Ids carry the account; those from a file may not.
func (s *Service) GetAccessKeyInfo(ctx context.Context, c *call.Call, in *sts.GetAccessKeyInfoInput) (*sts.GetAccessKeyInfoOutput, error) {
	if err := notOfUser(c, "GetAccessKeyInfo"); err != nil {
		return nil, err
	}
	id := aws.ToString(in.AccessKeyId)
	k, err := s.Live.AccessKey(ctx, id)
	if err == nil {
		return &sts.GetAccessKeyInfoOutput{Account: aws.String(k.Account)}, nil
	}
	if !live.Gone(err) {
		return nil, err
	}
	if account, ok := arn.AccountOfUniqueID(id); ok {
		_, err := s.Live.Membership(ctx, account)
		if err == nil {
			return &sts.GetAccessKeyInfoOutput{Account: aws.String(account)}, nil
		}
		if !live.Gone(err) {
			return nil, err
		}
	}
	return nil, &call.Error{Code: "ValidationError", Message: "Invalid Access Key ID: " + id, Status: 400}
}
