package ssoadmin

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/access"
	"sekisho/internal/application"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// tokenIssuerTable guards trusted token issuers.
var tokenIssuerTable = call.Table{
	"CreateTrustedTokenIssuer":   {Action: "sso:CreateTrustedTokenIssuer", Resource: "instance", TagAction: "sso:TagResource"},
	"DescribeTrustedTokenIssuer": {Action: "sso:DescribeTrustedTokenIssuer", Resource: "trusted-token-issuer", ReadOnly: true},
	"UpdateTrustedTokenIssuer":   {Action: "sso:UpdateTrustedTokenIssuer", Resource: "trusted-token-issuer"},
	"DeleteTrustedTokenIssuer":   {Action: "sso:DeleteTrustedTokenIssuer", Resource: "trusted-token-issuer"},
	"ListTrustedTokenIssuers":    {Action: "sso:ListTrustedTokenIssuers", Resource: "instance", ReadOnly: true},
}

var errIssuerConfiguration = fault.New(fault.Invalid, "token-issuer-configuration", "The configuration does not match the type of the trusted token issuer.")

// CreateTrustedTokenIssuer makes an issuer whose tokens applications may exchange.
// The same client token makes one only.
func (s *Service) CreateTrustedTokenIssuer(ctx context.Context, c *call.Call, in *ssoadmin.CreateTrustedTokenIssuerInput) (*ssoadmin.CreateTrustedTokenIssuerOutput, error) {
	jwt, ok := in.TrustedTokenIssuerConfiguration.(*types.TrustedTokenIssuerConfigurationMemberOidcJwtConfiguration)
	if !ok {
		return nil, wireError(errIssuerConfiguration)
	}
	made := call.Target{ARN: application.TokenIssuer{Account: c.Principal.Account, Instance: idOf(in.InstanceArn), ID: "tti-*"}.ARN()}
	if err := s.allowAlso(ctx, c, tagsOf(in.Tags), made); err != nil {
		return nil, err
	}
	var out ssoadmin.CreateTrustedTokenIssuerOutput
	err := s.update(ctx, c, func(tx store.Tx) error {
		by, err := access.Enter(tx, c.Principal.Account, idOf(in.InstanceArn))
		if err != nil {
			return err
		}
		if err := by.Administer(); err != nil {
			return err
		}
		share(c, by.Instance.Owner)
		made, err := once(tx, c, in.ClientToken, in, func() (string, error) {
			i, err := application.CreateTokenIssuer(tx, application.NewTokenIssuer{
				Instance: by.Instance, Name: aws.ToString(in.Name), URL: aws.ToString(jwt.Value.IssuerUrl), ClaimPath: aws.ToString(jwt.Value.ClaimAttributePath),
				AttributePath: aws.ToString(jwt.Value.IdentityStoreAttributePath), Tags: tagsOf(in.Tags),
			}, c.Now)
			return i.ARN(), err
		})
		out.TrustedTokenIssuerArn = &made
		c.Event.Set("trustedTokenIssuerArn", made)
		return err
	})
	return &out, err
}

// DescribeTrustedTokenIssuer tells all of an issuer.
func (s *Service) DescribeTrustedTokenIssuer(ctx context.Context, c *call.Call, in *ssoadmin.DescribeTrustedTokenIssuerInput) (*ssoadmin.DescribeTrustedTokenIssuerOutput, error) {
	var out ssoadmin.DescribeTrustedTokenIssuerOutput
	err := s.view(ctx, func(tx store.Tx) error {
		i, err := application.ReachTokenIssuer(tx, c.Principal.Account, aws.ToString(in.TrustedTokenIssuerArn), false)
		out = ssoadmin.DescribeTrustedTokenIssuerOutput{
			Name: &i.Name, TrustedTokenIssuerArn: in.TrustedTokenIssuerArn, TrustedTokenIssuerType: types.TrustedTokenIssuerTypeOidcJwt,
			TrustedTokenIssuerConfiguration: &types.TrustedTokenIssuerConfigurationMemberOidcJwtConfiguration{Value: types.OidcJwtConfiguration{
				IssuerUrl: &i.URL, ClaimAttributePath: &i.ClaimPath, IdentityStoreAttributePath: &i.AttributePath,
				JwksRetrievalOption: types.JwksRetrievalOptionOpenIdDiscovery,
			}},
		}
		return err
	})
	return &out, err
}

// UpdateTrustedTokenIssuer changes what is given.
func (s *Service) UpdateTrustedTokenIssuer(ctx context.Context, c *call.Call, in *ssoadmin.UpdateTrustedTokenIssuerInput) (*ssoadmin.UpdateTrustedTokenIssuerOutput, error) {
	change := application.TokenIssuerChange{Name: in.Name}
	switch jwt := in.TrustedTokenIssuerConfiguration.(type) {
	case nil:
	case *types.TrustedTokenIssuerUpdateConfigurationMemberOidcJwtConfiguration:
		change.ClaimPath, change.AttributePath = jwt.Value.ClaimAttributePath, jwt.Value.IdentityStoreAttributePath
	default:
		return nil, wireError(errIssuerConfiguration)
	}
	err := s.updateTokenIssuer(ctx, c, in.TrustedTokenIssuerArn, func(tx store.Tx, i application.TokenIssuer) error {
		return application.UpdateTokenIssuer(tx, i, change)
	})
	return &ssoadmin.UpdateTrustedTokenIssuerOutput{}, err
}

// DeleteTrustedTokenIssuer deletes an issuer. Grants that name it let nobody in by
// it any more.
func (s *Service) DeleteTrustedTokenIssuer(ctx context.Context, c *call.Call, in *ssoadmin.DeleteTrustedTokenIssuerInput) (*ssoadmin.DeleteTrustedTokenIssuerOutput, error) {
	err := s.updateTokenIssuer(ctx, c, in.TrustedTokenIssuerArn, func(tx store.Tx, i application.TokenIssuer) error {
		return tx.DeleteTokenIssuer(i.ID)
	})
	return &ssoadmin.DeleteTrustedTokenIssuerOutput{}, err
}

func (s *Service) updateTokenIssuer(ctx context.Context, c *call.Call, name *string, fn func(store.Tx, application.TokenIssuer) error) error {
	return s.update(ctx, c, func(tx store.Tx) error {
		i, err := application.ReachTokenIssuer(tx, c.Principal.Account, aws.ToString(name), true)
		if err != nil {
			return err
		}
		share(c, i.Account)
		return fn(tx, i)
	})
}

// ListTrustedTokenIssuers lists an instance's issuers by name.
func (s *Service) ListTrustedTokenIssuers(ctx context.Context, c *call.Call, in *ssoadmin.ListTrustedTokenIssuersInput) (*ssoadmin.ListTrustedTokenIssuersOutput, error) {
	out := ssoadmin.ListTrustedTokenIssuersOutput{TrustedTokenIssuers: []types.TrustedTokenIssuerMetadata{}}
	p, err := page.Parse(aws.ToString(in.NextToken), int(aws.ToInt32(in.MaxResults)), mostListed)
	if err != nil {
		return nil, wireError(err)
	}
	err = s.view(ctx, func(tx store.Tx) error {
		by, err := access.Enter(tx, c.Principal.Account, idOf(in.InstanceArn))
		if err != nil {
			return err
		}
		found, err := tx.TokenIssuers(by.Instance.ID, p)
		out.NextToken = nextToken(found.Next)
		for _, i := range found.Items {
			out.TrustedTokenIssuers = append(out.TrustedTokenIssuers, types.TrustedTokenIssuerMetadata{
				Name: &i.Name, TrustedTokenIssuerArn: aws.String(i.ARN()), TrustedTokenIssuerType: types.TrustedTokenIssuerTypeOidcJwt,
			})
		}
		return err
	})
	return &out, err
}
