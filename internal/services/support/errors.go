package support

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/support/types"

	"sekisho/internal/call"
	"sekisho/internal/fault"
)

// wireError puts a fault into the service's terms. Other errors pass as they are.
func wireError(err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	message := aws.String(f.Public)
	switch f.Reason {
	case "no-support-case":
		return &types.CaseIdNotFound{Message: message}
	case "support-cases":
		return &types.CaseCreationLimitExceeded{Message: message}
	case "attachment":
		return &types.AttachmentIdNotFound{Message: message}
	case "attachment-set":
		if f.Kind == fault.Expired {
			return &types.AttachmentSetExpired{Message: message}
		}
		return &types.AttachmentSetIdNotFound{Message: message}
	case "attachment-size":
		return &types.AttachmentSetSizeLimitExceeded{Message: message}
	case "attachment-sets", "attachments-stored":
		return &types.AttachmentLimitExceeded{Message: message}
	case "support-plan":
		return &call.Error{Code: "SubscriptionRequiredException", Message: f.Public, Status: 400}
	}
	if f.Kind == fault.Invalid {
		return parameter(f.Public)
	}
	return err
}

// parameter is the error, which the model does not have, about a value that
// cannot be.
func parameter(message string) error {
	return &call.Error{Code: "InvalidParameterValueException", Message: message, Status: 400}
}
