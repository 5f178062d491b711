package ssoadmin

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/fault"
)

// wireError makes a fault of the domain one of the service's exceptions. Other
// errors pass as they are: what nobody expected is an internal error.
func wireError(err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	message := aws.String(f.Public)
	switch f.Kind {
	case fault.Invalid:
		return &types.ValidationException{Message: message}
	case fault.NotFound:
		return &types.ResourceNotFoundException{Message: message}
	case fault.AlreadyExists, fault.Conflict:
		return &types.ConflictException{Message: message}
	case fault.Limit:
		return &types.ServiceQuotaExceededException{Message: message}
	case fault.Throttled:
		return &types.ThrottlingException{Message: message}
	case fault.Denied:
		return &types.AccessDeniedException{Message: message}
	}
	return err
}
