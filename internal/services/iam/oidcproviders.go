package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// CreateOpenIDConnectProvider makes an OpenID Connect provider. If the caller
// gives no thumbprint, the provider's server is asked for its own, outside of any
// transaction.
func (s *Service) CreateOpenIDConnectProvider(ctx context.Context, c *call.Call, in *awsiam.CreateOpenIDConnectProviderInput) (*awsiam.CreateOpenIDConnectProviderOutput, error) {
	url, err := iam.CheckIssuer(aws.ToString(in.Url))
	if err != nil {
		return nil, wireError(err)
	}
	thumbprints := in.ThumbprintList
	if len(thumbprints) == 0 {
		if thumbprints, err = s.fetchThumbprint(ctx, c, url, in.ClientIDList); err != nil {
			return nil, err
		}
	}
	var p iam.OIDCProvider
	err = s.update(ctx, c, func(tx store.Tx) (err error) {
		p, err = iam.CreateOIDCProvider(tx, c.Now, c.Principal.Account, url, in.ClientIDList, thumbprints, tagsOf(in.Tags))
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.CreateOpenIDConnectProviderOutput{
		OpenIDConnectProviderArn: aws.String(p.ARN()), Tags: wireTags(iam.SortTags(p.Tags)),
	}, nil
}

// fetchThumbprint asks the server of a provider that can be made otherwise.
func (s *Service) fetchThumbprint(ctx context.Context, c *call.Call, url string, clientIDs []string) ([]string, error) {
	err := s.view(ctx, func(tx store.Tx) error { return iam.CheckNewOIDCProvider(tx, c.Principal.Account, url, clientIDs) })
	if err != nil {
		return nil, err
	}
	unreachable := fault.New(fault.Unavailable, "open-id-idp-communication-error", "Unable to connect to the identity provider https://%s.", url)
	if s.Thumbprint == nil {
		return nil, wireError(unreachable)
	}
	thumbprint, err := s.Thumbprint(ctx, "https://"+url)
	if err != nil {
		return nil, wireError(unreachable.Wrap(err))
	}
	return []string{thumbprint}, nil
}

// GetOpenIDConnectProvider shows an OpenID Connect provider. AWS shows the URL
// without its scheme.
func (s *Service) GetOpenIDConnectProvider(ctx context.Context, c *call.Call, in *awsiam.GetOpenIDConnectProviderInput) (*awsiam.GetOpenIDConnectProviderOutput, error) {
	var p iam.OIDCProvider
	err := s.view(ctx, func(tx store.Tx) (err error) {
		p, err = iam.OIDCProviderByARN(tx, c.Principal.Account, aws.ToString(in.OpenIDConnectProviderArn))
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.GetOpenIDConnectProviderOutput{
		Url: aws.String(p.URL), ClientIDList: orEmpty(p.ClientIDs), ThumbprintList: orEmpty(p.Thumbprints),
		CreateDate: at(p.CreatedAt), Tags: shownTags(iam.SortTags(p.Tags)),
	}, nil
}

// ListOpenIDConnectProviders lists the account's OpenID Connect providers, which
// are too few for pages, in order of URL.
func (s *Service) ListOpenIDConnectProviders(ctx context.Context, c *call.Call, _ *awsiam.ListOpenIDConnectProvidersInput) (*awsiam.ListOpenIDConnectProvidersOutput, error) {
	var providers []iam.OIDCProvider
	err := s.view(ctx, func(tx store.Tx) (err error) {
		providers, err = tx.OIDCProviders(c.Principal.Account)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.ListOpenIDConnectProvidersOutput{
		OpenIDConnectProviderList: wireAll(providers, func(p iam.OIDCProvider) types.OpenIDConnectProviderListEntry {
			return types.OpenIDConnectProviderListEntry{Arn: aws.String(p.ARN())}
		}),
	}, nil
}

// DeleteOpenIDConnectProvider deletes an OpenID Connect provider, whoever trusts it.
func (s *Service) DeleteOpenIDConnectProvider(ctx context.Context, c *call.Call, in *awsiam.DeleteOpenIDConnectProviderInput) (*awsiam.DeleteOpenIDConnectProviderOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.DeleteOIDCProvider(tx, c.Principal.Account, aws.ToString(in.OpenIDConnectProviderArn))
	})
	return &awsiam.DeleteOpenIDConnectProviderOutput{}, err
}

// AddClientIDToOpenIDConnectProvider adds an audience.
func (s *Service) AddClientIDToOpenIDConnectProvider(ctx context.Context, c *call.Call, in *awsiam.AddClientIDToOpenIDConnectProviderInput) (*awsiam.AddClientIDToOpenIDConnectProviderOutput, error) {
	c.Event.Set("clientId", aws.ToString(in.ClientID))
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.AddClientID(tx, c.Principal.Account, aws.ToString(in.OpenIDConnectProviderArn), aws.ToString(in.ClientID))
	})
	return &awsiam.AddClientIDToOpenIDConnectProviderOutput{}, err
}

// RemoveClientIDFromOpenIDConnectProvider removes an audience.
func (s *Service) RemoveClientIDFromOpenIDConnectProvider(ctx context.Context, c *call.Call, in *awsiam.RemoveClientIDFromOpenIDConnectProviderInput) (*awsiam.RemoveClientIDFromOpenIDConnectProviderOutput, error) {
	c.Event.Set("clientId", aws.ToString(in.ClientID))
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.RemoveClientID(tx, c.Principal.Account, aws.ToString(in.OpenIDConnectProviderArn), aws.ToString(in.ClientID))
	})
	return &awsiam.RemoveClientIDFromOpenIDConnectProviderOutput{}, err
}

// UpdateOpenIDConnectProviderThumbprint replaces all of a provider's thumbprints.
func (s *Service) UpdateOpenIDConnectProviderThumbprint(ctx context.Context, c *call.Call, in *awsiam.UpdateOpenIDConnectProviderThumbprintInput) (*awsiam.UpdateOpenIDConnectProviderThumbprintOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.SetThumbprints(tx, c.Principal.Account, aws.ToString(in.OpenIDConnectProviderArn), in.ThumbprintList)
	})
	return &awsiam.UpdateOpenIDConnectProviderThumbprintOutput{}, err
}

// TagOpenIDConnectProvider puts tags on an OpenID Connect provider.
func (s *Service) TagOpenIDConnectProvider(ctx context.Context, c *call.Call, in *awsiam.TagOpenIDConnectProviderInput) (*awsiam.TagOpenIDConnectProviderOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.TagOIDCProvider(tx, c.Principal.Account, aws.ToString(in.OpenIDConnectProviderArn), tagsOf(in.Tags))
	})
	return &awsiam.TagOpenIDConnectProviderOutput{}, err
}

// UntagOpenIDConnectProvider takes tags off an OpenID Connect provider.
func (s *Service) UntagOpenIDConnectProvider(ctx context.Context, c *call.Call, in *awsiam.UntagOpenIDConnectProviderInput) (*awsiam.UntagOpenIDConnectProviderOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.UntagOIDCProvider(tx, c.Principal.Account, aws.ToString(in.OpenIDConnectProviderArn), in.TagKeys)
	})
	return &awsiam.UntagOpenIDConnectProviderOutput{}, err
}

// ListOpenIDConnectProviderTags lists an OpenID Connect provider's tags in order
// of key.
func (s *Service) ListOpenIDConnectProviderTags(ctx context.Context, c *call.Call, in *awsiam.ListOpenIDConnectProviderTagsInput) (*awsiam.ListOpenIDConnectProviderTagsOutput, error) {
	tags, err := s.tagPage(ctx, in.Marker, in.MaxItems, func(tx store.Tx) ([]iam.Tag, error) {
		p, err := iam.OIDCProviderByARN(tx, c.Principal.Account, aws.ToString(in.OpenIDConnectProviderArn))
		return p.Tags, err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.ListOpenIDConnectProviderTagsOutput{Tags: wireAll(tags.Items, wireTag), IsTruncated: tags.Next != "", Marker: next(tags.Next)}, nil
}
