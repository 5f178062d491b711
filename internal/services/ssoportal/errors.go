package ssoportal

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sso/types"

	"sekisho/internal/call"
	"sekisho/internal/fault"
)

// errNoAccess is the answer for an account or role that the person does not
// hold, whether or not it exists. It is in no model (behaviours.md 7.6).
var errNoAccess = &call.Error{Code: "ForbiddenException", Message: "No access", Status: 403}

func wireError(err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	switch f.Kind {
	case fault.Invalid:
		return &types.InvalidRequestException{Message: aws.String(f.Public)}
	case fault.NotFound:
		return &types.ResourceNotFoundException{Message: aws.String(f.Public)}
	case fault.Throttled:
		return &types.TooManyRequestsException{Message: aws.String(f.Public)}
	}
	return err
}
