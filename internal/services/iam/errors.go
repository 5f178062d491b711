package iam

import (
	"github.com/aws/smithy-go"

	"sekisho/internal/call"
	"sekisho/internal/fault"
)

// byKind is the service's error for each kind of fault (behaviours.md 5.1).
var byKind = map[fault.Kind]string{
	fault.NotFound:      "NoSuchEntity",
	fault.AlreadyExists: "EntityAlreadyExists",
	fault.Conflict:      "DeleteConflict",
	fault.Limit:         "LimitExceeded",
	fault.Invalid:       "InvalidInput",
}

// byReason is where a reason has an error of its own.
var byReason = map[string]string{
	"malformed-policy-document":        "MalformedPolicyDocument",
	"policy-not-attachable":            "PolicyNotAttachable",
	"unmodifiable-entity":              "UnmodifiableEntity",
	"entity-temporarily-unmodifiable":  "EntityTemporarilyUnmodifiable",
	"concurrent-modification":          "ConcurrentModification",
	"password-policy-violation":        "PasswordPolicyViolation",
	"invalid-user-type":                "InvalidUserType",
	"invalid-authentication-code":      "InvalidAuthenticationCode",
	"report-not-present":               "ReportNotPresent",
	"report-expired":                   "ReportExpired",
	"report-limit":                     "ReportGenerationLimitExceeded",
	"not-supported-service":            "NotSupportedService",
	"invalid-certificate":              "InvalidCertificate",
	"malformed-certificate":            "MalformedCertificate",
	"key-pair-mismatch":                "KeyPairMismatch",
	"invalid-public-key":               "InvalidPublicKey",
	"unrecognized-public-key-encoding": "UnrecognizedPublicKeyEncoding",
	"duplicate-ssh-public-key":         "DuplicateSSHPublicKey",
	"duplicate-certificate":            "DuplicateCertificate",
	"open-id-idp-communication-error":  "OpenIdIdpCommunicationError",
	"feature-enabled":                  "FeatureEnabled",
	"feature-disabled":                 "FeatureDisabled",
	"organization-not-found":           "OrganizationNotFoundException",
	"not-management-account":           "AccountNotManagementOrDelegatedAdministratorException",
	"caller-not-management":            "CallerIsNotManagementAccountException",
	"not-all-features":                 "OrganizationNotInAllFeaturesModeException",
	"service-access":                   "ServiceAccessNotEnabledException",
}

// wireError puts a fault into the service's terms. Other errors pass as they are.
// What is wrong with a marker, and other input that no shape of the model
// describes, is answered like input that breaks the model, with a code that the
// model does not list.
func wireError(err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	if f.Reason == "pagination-token" {
		return &call.Error{Code: "ValidationError", Message: "Invalid Marker.", Status: 400}
	}
	if f.Reason == "validation" {
		return &call.Error{Code: "ValidationError", Message: f.Public, Status: 400}
	}
	code, ok := byReason[f.Reason]
	if !ok {
		code, ok = byKind[f.Kind]
	}
	if !ok {
		return err // the gateway has words for what means the same everywhere
	}
	return &smithy.GenericAPIError{Code: code, Message: f.Public}
}
