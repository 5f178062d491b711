package ssooidc

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc/types"

	"sekisho/internal/fault"
	"sekisho/internal/token"
)

// wireError maps the OAuth error code that a fault has as its reason to the
// SDK's exception (behaviours.md 7.5). The text is its message as well, which is
// what old clients show and what the trail has as the reason.
func wireError(err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	code, text := aws.String(f.Reason), aws.String(f.Public)
	switch f.Reason {
	case token.AuthorizationPending:
		return &types.AuthorizationPendingException{Message: text, Error_: code, Error_description: text}
	case token.SlowDown:
		return &types.SlowDownException{Message: text, Error_: code, Error_description: text}
	case token.ExpiredToken:
		return &types.ExpiredTokenException{Message: text, Error_: code, Error_description: text}
	case token.AccessDenied:
		return &types.AccessDeniedException{Message: text, Error_: code, Error_description: text}
	case token.InvalidGrant:
		return &types.InvalidGrantException{Message: text, Error_: code, Error_description: text}
	case token.InvalidClient:
		return &types.InvalidClientException{Message: text, Error_: code, Error_description: text}
	case token.InvalidClientMetadata:
		return &types.InvalidClientMetadataException{Message: text, Error_: code, Error_description: text}
	case token.InvalidRedirectURI:
		return &types.InvalidRedirectUriException{Message: text, Error_: code, Error_description: text}
	case token.InvalidRequest:
		return &types.InvalidRequestException{Message: text, Error_: code, Error_description: text}
	case token.InvalidScope:
		return &types.InvalidScopeException{Message: text, Error_: code, Error_description: text}
	case token.UnauthorizedClient:
		return &types.UnauthorizedClientException{Message: text, Error_: code, Error_description: text}
	case token.UnsupportedGrantType:
		return &types.UnsupportedGrantTypeException{Message: text, Error_: code, Error_description: text}
	}
	return err
}
