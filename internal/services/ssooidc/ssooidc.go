// Package ssooidc is the OAuth side of Identity Center (service "sso-oidc"):
// clients register, start device authorizations and exchange codes and refresh
// tokens for portal access tokens (api-surface.md 5.3 to 5.7).
package ssooidc

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	"github.com/aws/smithy-go"
	"github.com/google/uuid"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/live"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/internal/surface"
	"sekisho/internal/token"
)

// Table guards the operations. None is signed: clients prove themselves by
// their secret, people by the codes they were given.
var Table = call.Table{
	"CreateToken":              {Action: "sso-oauth:CreateToken", Access: call.Open},
	"RegisterClient":           {Action: "sso-oauth:RegisterClient", Access: call.Open},
	"StartDeviceAuthorization": {Action: "sso-oauth:StartDeviceAuthorization", Access: call.Open},
}

// Service implements the operations of Table.
type Service struct {
	Store   store.DB
	Live    *live.Cache
	Clients token.Clients
	Map     surface.Map

	polls  limiter
	starts limiter
	// addresses bounds starts by where they come from.
	addresses limiter
}

// Throttles (behaviours.md 1.7). A poll may come somewhat early, and the CLI
// polls twice at once before it begins to wait, so a few are free.
const (
	freePolls       = 3
	startsPerSecond = 80
	// An address may stand for a whole office.
	addressPerSecond = 4 * startsPerSecond
)

// RegisterClient makes a registration. Nothing is stored: see token.Client.
func (s *Service) RegisterClient(ctx context.Context, c *call.Call, in *ssooidc.RegisterClientInput) (*ssooidc.RegisterClientOutput, error) {
	if aws.ToString(in.ClientType) != "public" {
		return nil, wireError(fault.New(fault.Invalid, token.InvalidClientMetadata, "The client type must be public."))
	}
	if in.EntitledApplicationArn != nil {
		return nil, wireError(fault.New(fault.Invalid, token.InvalidRequest, "There is no such application."))
	}
	if in.IssuerUrl != nil {
		if _, err := s.instanceOf(ctx, *in.IssuerUrl); err != nil {
			return nil, wireError(err)
		}
	}
	client, clientSecret, err := s.Clients.Register(token.Client{
		Name: aws.ToString(in.ClientName), Scopes: in.Scopes, RedirectURIs: in.RedirectUris,
		GrantTypes: in.GrantTypes, Issuer: aws.ToString(in.IssuerUrl),
	}, c.Now)
	if err != nil {
		return nil, wireError(err)
	}
	c.Event.Set("clientName", client.Name)
	return &ssooidc.RegisterClientOutput{
		ClientId:              aws.String(client.ID),
		ClientSecret:          aws.String(clientSecret.Reveal()),
		ClientIdIssuedAt:      client.IssuedAt.Unix(),
		ClientSecretExpiresAt: client.ExpiresAt.Unix(),
	}, nil
}

// StartDeviceAuthorization gives a device its code and the person's (RFC 8628 3.1).
func (s *Service) StartDeviceAuthorization(ctx context.Context, c *call.Call, in *ssooidc.StartDeviceAuthorizationInput) (*ssooidc.StartDeviceAuthorizationOutput, error) {
	client, err := s.Clients.Authenticate(aws.ToString(in.ClientId), secret.NewString(aws.ToString(in.ClientSecret)), c.Now)
	if err != nil {
		return nil, wireError(err)
	}
	if !s.starts.allow(client.Key(), c.Now, startsPerSecond, startsPerSecond) || !s.allowFrom(c.SourceIP, c.Now) {
		return nil, wireError(slowDown)
	}
	inst, err := s.instanceOf(ctx, aws.ToString(in.StartUrl))
	if err != nil {
		return nil, wireError(err)
	}
	c.Event.Set("clientName", client.Name)
	var (
		home access.Instance
		d    token.DeviceAuthorization
		code secret.String
	)
	err = s.Store.Update(ctx, c.Event, func(tx store.Tx) (err error) {
		if home, err = access.Home(tx); err != nil {
			return err
		}
		d, code, err = token.BeginDevice(tx, client, inst.ID, c.SourceIP, c.UserAgent, c.Now)
		return err
	})
	if err != nil {
		return nil, wireError(err)
	}
	portal := "" // codes without a portal are of the oldest instance
	if inst.ID != home.ID {
		portal = inst.PortalName()
	}
	return &ssooidc.StartDeviceAuthorizationOutput{
		DeviceCode:              aws.String(code.Reveal()),
		UserCode:                aws.String(d.UserCode),
		VerificationUri:         aws.String(s.Map.Verification(portal, "")),
		VerificationUriComplete: aws.String(s.Map.Verification(portal, d.UserCode)),
		ExpiresIn:               int32(token.DeviceCodeLife / time.Second),
		Interval:                int32(token.DeviceInterval / time.Second),
	}, nil
}

// CreateToken exchanges a device code, an authorization code or a refresh token.
func (s *Service) CreateToken(ctx context.Context, c *call.Call, in *ssooidc.CreateTokenInput) (*ssooidc.CreateTokenOutput, error) {
	client, err := s.Clients.Authenticate(aws.ToString(in.ClientId), secret.NewString(aws.ToString(in.ClientSecret)), c.Now)
	if err != nil {
		return nil, wireError(err)
	}
	if err := token.CheckScopes(in.Scope); err != nil {
		return nil, wireError(err)
	}
	c.Event.Set("clientName", client.Name)
	c.Event.Set("grantType", aws.ToString(in.GrantType))
	redeem, err := s.redeemer(client, c.Now, in)
	if err != nil {
		return nil, wireError(err)
	}
	if aws.ToString(in.GrantType) == token.GrantDeviceCode {
		refused, err := s.poll(ctx, client, secret.NewString(*in.DeviceCode), c.Now)
		if err = cmp.Or(err, refused); err != nil {
			return nil, wireError(err)
		}
	}
	// Made outside of the closure, which may run twice.
	grantID := uuid.NewString()
	var out token.Outcome
	err = s.Store.Update(ctx, c.Event, func(tx store.Tx) (err error) {
		out, err = redeem(tx, grantID)
		if err == nil && out.Refused != nil && !out.Revoked {
			return out.Refused // nothing to commit: the refusal is counted, not recorded one by one
		}
		c.Event.ErrorCode, c.Event.ErrorReason = "", ""
		if refused, ok := errors.AsType[smithy.APIError](wireError(out.Refused)); ok && err == nil {
			c.Event.ErrorCode, c.Event.ErrorReason = refused.ErrorCode(), out.Refused.Error()
		}
		c.Event.PrincipalID = out.Grant.User
		return err
	})
	if err = cmp.Or(err, out.Refused); err != nil {
		return nil, wireError(err)
	}
	answer := &ssooidc.CreateTokenOutput{
		AccessToken: aws.String(out.AccessToken.Reveal()),
		ExpiresIn:   int32(out.ExpiresIn / time.Second),
		TokenType:   aws.String("Bearer"),
	}
	if !out.RefreshToken.Empty() {
		answer.RefreshToken = aws.String(out.RefreshToken.Reveal())
	}
	return answer, nil
}

// allowFrom bounds what one address can have stored: registrations are free, so
// a throttle by client alone is none. Processes on this machine are not bounded.
func (s *Service) allowFrom(address string, now time.Time) bool {
	if a, err := netip.ParseAddr(address); err == nil && a.IsLoopback() {
		return true
	}
	return s.addresses.allow(address, now, addressPerSecond, addressPerSecond)
}

type redeemer func(tx store.Tx, grantID string) (token.Outcome, error)

// redeemer picks the grant's rule and checks that its parameters are there.
func (s *Service) redeemer(client token.Client, now time.Time, in *ssooidc.CreateTokenInput) (redeemer, error) {
	missing := func(name string) error {
		return fault.New(fault.Invalid, token.InvalidRequest, "The parameter %s is missing or too long.", name)
	}
	bounded := func(p *string, most int) bool { return p != nil && *p != "" && len(*p) <= most }
	switch aws.ToString(in.GrantType) {
	case token.GrantDeviceCode:
		if !bounded(in.DeviceCode, 1024) {
			return nil, missing("deviceCode")
		}
		return func(tx store.Tx, id string) (token.Outcome, error) {
			return token.RedeemDevice(tx, client, secret.NewString(*in.DeviceCode), id, now)
		}, nil
	case token.GrantAuthorizationCode:
		switch {
		case !bounded(in.Code, 1024):
			return nil, missing("code")
		case !bounded(in.RedirectUri, 1024):
			return nil, missing("redirectUri")
		case !bounded(in.CodeVerifier, 1024):
			return nil, missing("codeVerifier")
		}
		return func(tx store.Tx, id string) (token.Outcome, error) {
			return token.RedeemCode(tx, client, secret.NewString(*in.Code), *in.RedirectUri, *in.CodeVerifier, id, now)
		}, nil
	case token.GrantRefreshToken:
		if !bounded(in.RefreshToken, 4096) {
			return nil, missing("refreshToken")
		}
		return func(tx store.Tx, _ string) (token.Outcome, error) {
			return token.Refresh(tx, client, secret.NewString(*in.RefreshToken), now)
		}, nil
	}
	return nil, fault.New(fault.Invalid, token.UnsupportedGrantType, "The grant type is not supported.")
}

var slowDown = fault.New(fault.Throttled, token.SlowDown, "Requests come too fast. Wait longer between them.")

// poll answers a device's poll that cannot be redeemed now, without writing.
func (s *Service) poll(ctx context.Context, client token.Client, code secret.String, now time.Time) (refused, err error) {
	if !s.polls.allow(code.Hash(), now, 1/token.DeviceInterval.Seconds(), freePolls) {
		return slowDown, nil
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		_, out, err := token.PollDevice(tx, client, code, now)
		refused = out.Refused
		return err
	})
	return refused, err
}

// instanceOf returns the instance that a start URL, in any of its spellings, is of; an
// Invalid fault if it is none of this server's.
func (s *Service) instanceOf(ctx context.Context, startURL string) (access.Instance, error) {
	inst, err := s.Live.Instance(ctx, s.Map.PortalName(startURL))
	if live.Gone(err) {
		err = fault.New(fault.Invalid, token.InvalidRequest, "The start URL is not one of this server's.")
	}
	return inst, err
}
