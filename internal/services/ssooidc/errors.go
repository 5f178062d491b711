package ssooidc

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc/types"

	"sekisho/internal/fault"
	"sekisho/internal/token"
)

// wireError maps the OAuth error code that a fault has as its reason to the
// SDK's exception (behaviours.md 7.5).
func wireError(err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	code, text := aws.String(f.Reason), aws.String(f.Public)
	switch f.Reason {
	case token.AuthorizationPending:
		return &types.AuthorizationPendingException{Error_: code, Error_description: text}
	case token.SlowDown:
		return &types.SlowDownException{Error_: code, Error_description: text}
	case token.ExpiredToken:
		return &types.ExpiredTokenException{Error_: code, Error_description: text}
	case token.AccessDenied:
		return &types.AccessDeniedException{Error_: code, Error_description: text}
	case token.InvalidGrant:
		return &types.InvalidGrantException{Error_: code, Error_description: text}
	case token.InvalidClient:
		return &types.InvalidClientException{Error_: code, Error_description: text}
	case token.InvalidClientMetadata:
		return &types.InvalidClientMetadataException{Error_: code, Error_description: text}
	case token.InvalidRedirectURI:
		return &types.InvalidRedirectUriException{Error_: code, Error_description: text}
	case token.InvalidRequest:
		return &types.InvalidRequestException{Error_: code, Error_description: text}
	case token.InvalidScope:
		return &types.InvalidScopeException{Error_: code, Error_description: text}
	case token.UnauthorizedClient:
		return &types.UnauthorizedClientException{Error_: code, Error_description: text}
	case token.UnsupportedGrantType:
		return &types.UnsupportedGrantTypeException{Error_: code, Error_description: text}
	}
	return err
}
