// Package sts is the Security Token Service: SDK input to domain to SDK output.
//
// What a new session inherits and how long it may last is package token's, what
// a trust policy says package policy's; this package owns the order in which an
// assumption of a role is checked, and what each refusal may tell.
package sts

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/fault"
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
	"DecodeAuthorizationMessage": {Action: "sts:DecodeAuthorizationMessage", ReadOnly: true},
	"GetAccessKeyInfo":           {Action: "sts:GetAccessKeyInfo", ReadOnly: true},
	// AWS lets every authenticated principal ask who it is, even against an
	// explicit deny, and lets users turn their key into a session.
	"GetCallerIdentity":  {Action: "sts:GetCallerIdentity", Access: call.SignedOnly, ReadOnly: true},
	"GetSessionToken":    {Action: "sts:GetSessionToken", Access: call.SignedOnly, ReadOnly: true},
	"GetFederationToken": {Action: "sts:GetFederationToken", ReadOnly: true, Resource: "federated-user"},
}

// Service implements the operations of Table. Fields are set before use.
type Service struct {
	Store    store.DB
	Live     *live.Cache
	Sessions token.Sessions
	Authz    call.Authorizer
	SAML     *saml.Verifier
	OIDC     *oidc.Verifier
	// Decision finds a refusal by the id that its caller was given; NotFound if
	// there is none.
	Decision func(ctx context.Context, id string) (audit.Event, error)
}

// Names finds what calls act on.
type Names struct{}

// Target implements call.Targets.
func (Names) Target(_ context.Context, c *call.Call, rule call.Rule, in any) (call.Target, error) {
	if rule.Resource != "federated-user" {
		return call.Target{}, nil
	}
	asked, _ := in.(*sts.GetFederationTokenInput)
	return federatedTarget(c, asked), nil
}

// GetCallerIdentity says who signed the call (behaviours.md 4.6).
func (*Service) GetCallerIdentity(_ context.Context, c *call.Call, _ *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
	return &sts.GetCallerIdentityOutput{
		Account: aws.String(c.Principal.Account),
		Arn:     aws.String(c.Principal.ARN),
		UserId:  aws.String(c.Principal.UserID),
	}, nil
}

// GetAccessKeyInfo tells whose account a key belongs to, in whatever state it is
// (behaviours.md 4.8). Ids carry the account; those from a file may not.
func (s *Service) GetAccessKeyInfo(ctx context.Context, _ *call.Call, in *sts.GetAccessKeyInfoInput) (*sts.GetAccessKeyInfoOutput, error) {
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

// DecodeAuthorizationMessage explains a refusal of the caller's own account: the
// encoded message is the decision id that the refusal carried.
func (s *Service) DecodeAuthorizationMessage(ctx context.Context, c *call.Call, in *sts.DecodeAuthorizationMessageInput) (*sts.DecodeAuthorizationMessageOutput, error) {
	e, err := s.Decision(ctx, aws.ToString(in.EncodedMessage))
	if err == nil && e.Account != c.Principal.Account || fault.Is(err, fault.NotFound) {
		return nil, &types.InvalidAuthorizationMessageException{Message: aws.String("Message is not valid")}
	}
	if err != nil {
		return nil, err
	}
	decoded, err := decodedMessage(e)
	return &sts.DecodeAuthorizationMessageOutput{DecodedMessage: decoded}, err
}

// decodedMessage is the explanation in the form that AWS gives it (behaviours.md 4.8).
func decodedMessage(e audit.Event) (*string, error) {
	var d struct {
		Action    string              `json:"action"`
		Resource  string              `json:"resource"`
		Principal string              `json:"principal"`
		Context   map[string][]string `json:"context"`
		Decision  string              `json:"decision"`
		Layers    json.RawMessage     `json:"layers"`
	}
	if err := json.Unmarshal([]byte(e.Decision), &d); err != nil {
		return nil, err
	}
	type item struct {
		Key    string   `json:"key"`
		Values []string `json:"values"`
	}
	conditions := []item{}
	for k, v := range d.Context {
		conditions = append(conditions, item{k, v})
	}
	b, err := json.Marshal(map[string]any{
		"allowed":           false,
		"explicitDeny":      d.Decision == "explicitDeny",
		"matchedStatements": map[string]any{"items": d.Layers},
		"failures":          map[string]any{"items": []string{e.ErrorReason}},
		"context": map[string]any{
			"principal":  map[string]string{"id": e.UserName, "arn": d.Principal},
			"action":     d.Action,
			"resource":   d.Resource,
			"conditions": map[string]any{"items": conditions},
		},
	})
	return aws.String(string(b)), err
}
