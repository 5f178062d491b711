package identitystore

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"sekisho/internal/directory"
	"sekisho/internal/fault"
)

// noStore is the fault of a directory that is not there, in AWS's words.
func noStore(id string) error {
	return fault.New(fault.NotFound, "no-identity-store", "IdentityStore not present for IdentityStoreId: %s", id)
}

// missing is what is not there, by the fault's reason, in AWS's words
// (behaviours.md 6.6); the fault's own where there are none.
var missing = map[string]struct {
	kind    types.ResourceType
	message string
}{
	"no-identity-store": {kind: types.ResourceTypeIdentityStore},
	"no-user":           {types.ResourceTypeUser, "USER not found."},
	"no-member":         {types.ResourceTypeUser, "Member does not exist"},
	"no-group":          {types.ResourceTypeGroup, "GROUP not found."},
	"no-membership":     {types.ResourceTypeGroupMembership, "GROUP_MEMBERSHIP not found."},
}

// duplicate is what is taken.
var duplicate = map[string]string{
	"user-name-taken":      "Duplicate UserName",
	"email-taken":          "Duplicate Email",
	"group-name-taken":     "Duplicate GroupDisplayName",
	"external-id-taken":    "Duplicate ExternalId",
	directory.ReasonMember: "Member and Group relationship already exists.",
}

// wireError puts a fault into the service's terms. Other errors pass as they are.
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
		e := &types.ResourceNotFoundException{Message: message}
		if m, ok := missing[f.Reason]; ok {
			e.ResourceType = m.kind
			if m.message != "" {
				e.Message = aws.String(m.message)
			}
		}
		return e
	case fault.AlreadyExists:
		e := &types.ConflictException{Message: message, Reason: types.ConflictExceptionReasonUniquenessConstraintViolation}
		if m, ok := duplicate[f.Reason]; ok {
			e.Message = aws.String(m)
		}
		return e
	case fault.Conflict:
		return &types.ConflictException{Message: message}
	case fault.Limit:
		return &types.ServiceQuotaExceededException{Message: message}
	case fault.Throttled:
		return &types.ThrottlingException{Message: message}
	}
	return err
}
