package iam

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/saml"
	"sekisho/internal/secret"
	"sekisho/internal/store"
)

var providerTable = call.Table{
	"CreateSAMLProvider":   {Action: "iam:CreateSAMLProvider", TagAction: "iam:TagSAMLProvider", Resource: "new-saml-provider"},
	"GetSAMLProvider":      {Action: "iam:GetSAMLProvider", Resource: "saml-provider", ReadOnly: true},
	"ListSAMLProviders":    {Action: "iam:ListSAMLProviders", Resource: "saml-providers", ReadOnly: true},
	"UpdateSAMLProvider":   {Action: "iam:UpdateSAMLProvider", Resource: "saml-provider"},
	"DeleteSAMLProvider":   {Action: "iam:DeleteSAMLProvider", Resource: "saml-provider"},
	"TagSAMLProvider":      {Action: "iam:TagSAMLProvider", Resource: "saml-provider"},
	"UntagSAMLProvider":    {Action: "iam:UntagSAMLProvider", Resource: "saml-provider"},
	"ListSAMLProviderTags": {Action: "iam:ListSAMLProviderTags", Resource: "saml-provider", ReadOnly: true},

	"CreateOpenIDConnectProvider":             {Action: "iam:CreateOpenIDConnectProvider", TagAction: "iam:TagOpenIDConnectProvider", Resource: "new-oidc-provider"},
	"GetOpenIDConnectProvider":                {Action: "iam:GetOpenIDConnectProvider", Resource: "oidc-provider", ReadOnly: true},
	"ListOpenIDConnectProviders":              {Action: "iam:ListOpenIDConnectProviders", Resource: "oidc-providers", ReadOnly: true},
	"DeleteOpenIDConnectProvider":             {Action: "iam:DeleteOpenIDConnectProvider", Resource: "oidc-provider"},
	"AddClientIDToOpenIDConnectProvider":      {Action: "iam:AddClientIDToOpenIDConnectProvider", Resource: "oidc-provider"},
	"RemoveClientIDFromOpenIDConnectProvider": {Action: "iam:RemoveClientIDFromOpenIDConnectProvider", Resource: "oidc-provider"},
	"UpdateOpenIDConnectProviderThumbprint":   {Action: "iam:UpdateOpenIDConnectProviderThumbprint", Resource: "oidc-provider"},
	"TagOpenIDConnectProvider":                {Action: "iam:TagOpenIDConnectProvider", Resource: "oidc-provider"},
	"UntagOpenIDConnectProvider":              {Action: "iam:UntagOpenIDConnectProvider", Resource: "oidc-provider"},
	"ListOpenIDConnectProviderTags":           {Action: "iam:ListOpenIDConnectProviderTags", Resource: "oidc-provider", ReadOnly: true},
}

// readMetadata reads a metadata document; none is nil.
func readMetadata(document *string) (*iam.SAMLMetadata, error) {
	if document == nil {
		return nil, nil //nolint:nilnil // the member is optional
	}
	m, err := saml.ParseMetadata(*document)
	if bad, ok := errors.AsType[*saml.Error](err); ok {
		return nil, wireError(fault.New(fault.Invalid, "saml-metadata", "%s", bad.Message).Wrap(err))
	}
	return &iam.SAMLMetadata{Document: *document, EntityID: m.EntityID, ValidUntil: m.ValidUntil}, err
}

// CreateSAMLProvider makes a SAML provider of a metadata document.
func (s *Service) CreateSAMLProvider(ctx context.Context, c *call.Call, in *awsiam.CreateSAMLProviderInput) (*awsiam.CreateSAMLProviderOutput, error) {
	metadata, err := readMetadata(in.SAMLMetadataDocument)
	if err != nil {
		return nil, err
	}
	var p iam.SAMLProvider
	err = s.update(ctx, c, func(tx store.Tx) (err error) {
		p, err = iam.CreateSAMLProvider(tx, c.Now, c.Principal.Account, aws.ToString(in.Name), iam.SAMLChange{
			Metadata: metadata, Encryption: iam.AssertionEncryption(in.AssertionEncryptionMode),
			AddKey: secret.NewString(aws.ToString(in.AddPrivateKey)),
		}, tagsOf(in.Tags))
		c.Event.Set("entityId", p.EntityID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.CreateSAMLProviderOutput{SAMLProviderArn: aws.String(p.ARN()), Tags: wireTags(iam.SortTags(p.Tags))}, nil
}

// GetSAMLProvider shows a SAML provider with its document, and of its private
// keys that they are there.
func (s *Service) GetSAMLProvider(ctx context.Context, c *call.Call, in *awsiam.GetSAMLProviderInput) (*awsiam.GetSAMLProviderOutput, error) {
	var p iam.SAMLProvider
	err := s.view(ctx, func(tx store.Tx) (err error) {
		p, err = iam.SAMLProviderByARN(tx, c.Principal.Account, aws.ToString(in.SAMLProviderArn))
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &awsiam.GetSAMLProviderOutput{
		CreateDate: at(p.CreatedAt), ValidUntil: at(p.ExpiresAt), Tags: shownTags(iam.SortTags(p.Tags)),
		AssertionEncryptionMode: types.AssertionEncryptionModeType(p.Encryption),
		SAMLProviderUUID:        orNoMember(p.UUID), SAMLMetadataDocument: orNoMember(p.Metadata),
		PrivateKeyList: wireAll(p.PrivateKeys, func(k iam.SAMLPrivateKey) types.SAMLPrivateKey {
			return types.SAMLPrivateKey{KeyId: aws.String(k.ID), Timestamp: at(k.AddedAt)}
		}),
	}
	if p.Encryption == iam.EncryptionNone { // AWS's word for a provider that was never told
		out.AssertionEncryptionMode = types.AssertionEncryptionModeTypeAllowed
	}
	return out, nil
}

// orNoMember is a text of the wire, nil for "".
func orNoMember(s string) *string {
	if s == "" {
		return nil
	}
	return aws.String(s)
}

// ListSAMLProviders lists the account's SAML providers, which are too few for
// pages, in order of name.
func (s *Service) ListSAMLProviders(ctx context.Context, c *call.Call, _ *awsiam.ListSAMLProvidersInput) (*awsiam.ListSAMLProvidersOutput, error) {
	var providers []iam.SAMLProvider
	err := s.view(ctx, func(tx store.Tx) (err error) {
		providers, err = tx.SAMLProviders(c.Principal.Account)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.ListSAMLProvidersOutput{SAMLProviderList: wireAll(providers, func(p iam.SAMLProvider) types.SAMLProviderListEntry {
		return types.SAMLProviderListEntry{Arn: aws.String(p.ARN()), CreateDate: at(p.CreatedAt), ValidUntil: at(p.ExpiresAt)}
	})}, nil
}

// UpdateSAMLProvider changes a SAML provider's document, encryption mode or
// private keys.
func (s *Service) UpdateSAMLProvider(ctx context.Context, c *call.Call, in *awsiam.UpdateSAMLProviderInput) (*awsiam.UpdateSAMLProviderOutput, error) {
	metadata, err := readMetadata(in.SAMLMetadataDocument)
	if err != nil {
		return nil, err
	}
	err = s.update(ctx, c, func(tx store.Tx) error {
		return iam.UpdateSAMLProvider(tx, c.Now, c.Principal.Account, aws.ToString(in.SAMLProviderArn), iam.SAMLChange{
			Metadata: metadata, Encryption: iam.AssertionEncryption(in.AssertionEncryptionMode),
			AddKey: secret.NewString(aws.ToString(in.AddPrivateKey)), RemoveKey: aws.ToString(in.RemovePrivateKey),
		})
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.UpdateSAMLProviderOutput{SAMLProviderArn: in.SAMLProviderArn}, nil
}

// DeleteSAMLProvider deletes a SAML provider, whoever trusts it.
func (s *Service) DeleteSAMLProvider(ctx context.Context, c *call.Call, in *awsiam.DeleteSAMLProviderInput) (*awsiam.DeleteSAMLProviderOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.DeleteSAMLProvider(tx, c.Principal.Account, aws.ToString(in.SAMLProviderArn))
	})
	return &awsiam.DeleteSAMLProviderOutput{}, err
}

// TagSAMLProvider puts tags on a SAML provider.
func (s *Service) TagSAMLProvider(ctx context.Context, c *call.Call, in *awsiam.TagSAMLProviderInput) (*awsiam.TagSAMLProviderOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.TagSAMLProvider(tx, c.Principal.Account, aws.ToString(in.SAMLProviderArn), tagsOf(in.Tags))
	})
	return &awsiam.TagSAMLProviderOutput{}, err
}

// UntagSAMLProvider takes tags off a SAML provider.
func (s *Service) UntagSAMLProvider(ctx context.Context, c *call.Call, in *awsiam.UntagSAMLProviderInput) (*awsiam.UntagSAMLProviderOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		return iam.UntagSAMLProvider(tx, c.Principal.Account, aws.ToString(in.SAMLProviderArn), in.TagKeys)
	})
	return &awsiam.UntagSAMLProviderOutput{}, err
}

// ListSAMLProviderTags lists a SAML provider's tags in order of key.
func (s *Service) ListSAMLProviderTags(ctx context.Context, c *call.Call, in *awsiam.ListSAMLProviderTagsInput) (*awsiam.ListSAMLProviderTagsOutput, error) {
	tags, err := s.tagPage(ctx, in.Marker, in.MaxItems, func(tx store.Tx) ([]iam.Tag, error) {
		p, err := iam.SAMLProviderByARN(tx, c.Principal.Account, aws.ToString(in.SAMLProviderArn))
		return p.Tags, err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.ListSAMLProviderTagsOutput{Tags: wireAll(tags.Items, wireTag), IsTruncated: tags.Next != "", Marker: next(tags.Next)}, nil
}
