package organizations

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/fault"
)

// exceptions are by the fault's reason, which is either the exception's name
// without its ending or one of another noun of the domain.
var exceptions = map[string]func(message *string) error{
	"no-organization":   func(m *string) error { return &types.AWSOrganizationsNotInUseException{Message: m} },
	"in-organization":   func(m *string) error { return &types.AlreadyInOrganizationException{Message: m} },
	"not-management":    func(m *string) error { return &types.AccessDeniedException{Message: m} },
	"not-administrator": func(m *string) error { return &types.AccessDeniedException{Message: m} },
	"no-account":        func(m *string) error { return &types.AccountNotFoundException{Message: m} },
	"no-unit":           func(m *string) error { return &types.OrganizationalUnitNotFoundException{Message: m} },
	"unit-name-taken": func(*string) error {
		return &types.DuplicateOrganizationalUnitException{Message: aws.String("An OU with the same name already exists.")}
	},
	"no-org-policy": func(m *string) error { return &types.PolicyNotFoundException{Message: m} },

	"AccountAlreadyClosed":                    func(m *string) error { return &types.AccountAlreadyClosedException{Message: m} },
	"AccountAlreadyRegistered":                func(m *string) error { return &types.AccountAlreadyRegisteredException{Message: m} },
	"AccountNotFound":                         func(m *string) error { return &types.AccountNotFoundException{Message: m} },
	"AccountNotRegistered":                    func(m *string) error { return &types.AccountNotRegisteredException{Message: m} },
	"AccountOwnerNotVerified":                 func(m *string) error { return &types.AccountOwnerNotVerifiedException{Message: m} },
	"ChildNotFound":                           func(m *string) error { return &types.ChildNotFoundException{Message: m} },
	"ConcurrentModification":                  func(m *string) error { return &types.ConcurrentModificationException{Message: m} },
	"Conflict":                                func(m *string) error { return &types.ConflictException{Message: m} },
	"CreateAccountStatusNotFound":             func(m *string) error { return &types.CreateAccountStatusNotFoundException{Message: m} },
	"DestinationParentNotFound":               func(m *string) error { return &types.DestinationParentNotFoundException{Message: m} },
	"DuplicateAccount":                        func(m *string) error { return &types.DuplicateAccountException{Message: m} },
	"DuplicateHandshake":                      func(m *string) error { return &types.DuplicateHandshakeException{Message: m} },
	"DuplicatePolicy":                         func(m *string) error { return &types.DuplicatePolicyException{Message: m} },
	"DuplicatePolicyAttachment":               func(m *string) error { return &types.DuplicatePolicyAttachmentException{Message: m} },
	"EffectivePolicyNotFound":                 func(m *string) error { return &types.EffectivePolicyNotFoundException{Message: m} },
	"FinalizingOrganization":                  func(m *string) error { return &types.FinalizingOrganizationException{Message: m} },
	"HandshakeAlreadyInState":                 func(m *string) error { return &types.HandshakeAlreadyInStateException{Message: m} },
	"HandshakeNotFound":                       func(m *string) error { return &types.HandshakeNotFoundException{Message: m} },
	"InvalidHandshakeTransition":              func(m *string) error { return &types.InvalidHandshakeTransitionException{Message: m} },
	"InvalidResponsibilityTransferTransition": func(m *string) error { return &types.InvalidResponsibilityTransferTransitionException{Message: m} },
	"MalformedPolicyDocument":                 func(m *string) error { return &types.MalformedPolicyDocumentException{Message: m} },
	"MasterCannotLeaveOrganization":           func(m *string) error { return &types.MasterCannotLeaveOrganizationException{Message: m} },
	"OrganizationNotEmpty":                    func(m *string) error { return &types.OrganizationNotEmptyException{Message: m} },
	"OrganizationalUnitNotEmpty":              func(m *string) error { return &types.OrganizationalUnitNotEmptyException{Message: m} },
	"ParentNotFound":                          func(m *string) error { return &types.ParentNotFoundException{Message: m} },
	"PolicyInUse":                             func(m *string) error { return &types.PolicyInUseException{Message: m} },
	"PolicyNotAttached":                       func(m *string) error { return &types.PolicyNotAttachedException{Message: m} },
	"PolicyNotFound":                          func(m *string) error { return &types.PolicyNotFoundException{Message: m} },
	"PolicyTypeAlreadyEnabled":                func(m *string) error { return &types.PolicyTypeAlreadyEnabledException{Message: m} },
	"PolicyTypeNotAvailableForOrganization":   func(m *string) error { return &types.PolicyTypeNotAvailableForOrganizationException{Message: m} },
	"PolicyTypeNotEnabled":                    func(m *string) error { return &types.PolicyTypeNotEnabledException{Message: m} },
	"ResourcePolicyNotFound":                  func(m *string) error { return &types.ResourcePolicyNotFoundException{Message: m} },
	"ResponsibilityTransferAlreadyInStatus":   func(m *string) error { return &types.ResponsibilityTransferAlreadyInStatusException{Message: m} },
	"ResponsibilityTransferNotFound":          func(m *string) error { return &types.ResponsibilityTransferNotFoundException{Message: m} },
	"RootNotFound":                            func(m *string) error { return &types.RootNotFoundException{Message: m} },
	"SourceParentNotFound":                    func(m *string) error { return &types.SourceParentNotFoundException{Message: m} },
	"TargetNotFound":                          func(m *string) error { return &types.TargetNotFoundException{Message: m} },
}

// wireError makes a fault of the domain one of the service's exceptions. Beyond
// the table, the kind tells the exception and the reason is the word that AWS has
// for what it was about: of [fault.Limit] a ConstraintViolationExceptionReason, of
// [fault.Invalid] an InvalidInputExceptionReason, of [fault.Conflict] a
// HandshakeConstraintViolationExceptionReason. Other errors pass as they are: what
// nobody expected is an internal error.
func wireError(err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	message := aws.String(f.Public)
	if exception, ok := exceptions[f.Reason]; ok {
		return exception(message)
	}
	switch f.Kind {
	case fault.Limit:
		return &types.ConstraintViolationException{Message: message, Reason: word[types.ConstraintViolationExceptionReason](f.Reason)}
	case fault.Invalid:
		reason := word[types.InvalidInputExceptionReason](f.Reason)
		if f.Reason == "pagination-token" {
			reason = types.InvalidInputExceptionReasonInvalidPaginationToken
		}
		return &types.InvalidInputException{Message: message, Reason: reason}
	case fault.Conflict:
		return &types.HandshakeConstraintViolationException{Message: message, Reason: word[types.HandshakeConstraintViolationExceptionReason](f.Reason)}
	case fault.Denied:
		return &types.AccessDeniedException{Message: message}
	case fault.Throttled:
		return &types.TooManyRequestsException{Message: message, Type: aws.String("account")}
	}
	return err
}

// word is a reason in the SDK's type, or "" if AWS has no such word.
func word[T interface {
	~string
	Values() []T
}](reason string) T {
	if slices.Contains(T("").Values(), T(reason)) {
		return T(reason)
	}
	return ""
}
