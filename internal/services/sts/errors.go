package sts

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/oidc"
	"sekisho/internal/saml"
)

func accessDenied(message string) error {
	return &call.Error{Code: "AccessDenied", Message: message, Status: 403}
}

func invalid(message string) error {
	return &call.Error{Code: "ValidationError", Message: message, Status: 400}
}

// wireError puts a fault, or what a federation package refused, into the
// service's terms (behaviours.md 4.9). Other errors pass as they are.
func wireError(err error) error {
	if e, ok := errors.AsType[*saml.Error](err); ok {
		return federationError(e.Code, e.Message)
	}
	if e, ok := errors.AsType[*oidc.Error](err); ok {
		return federationError(e.Code, e.Message)
	}
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	switch f.Reason {
	case "validation":
		return invalid(f.Public)
	case "invalid-parameter":
		return &call.Error{Code: "InvalidParameterValue", Message: f.Public, Status: 400}
	case "packed-policy-too-large":
		return &types.PackedPolicyTooLargeException{Message: aws.String(f.Public)}
	case "malformed-policy-document":
		return &types.MalformedPolicyDocumentException{Message: aws.String(f.Public)}
	case "mfa-code", "mfa-serial":
		return accessDenied(f.Public)
	}
	return err
}

func federationError(code, message string) error {
	status := 400
	if code == saml.CodeRejected || code == saml.CodeAccessDenied {
		status = 403
	}
	return &call.Error{Code: code, Message: message, Status: status}
}
