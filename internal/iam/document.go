package iam

import (
	"errors"
	"unicode"

	"sekisho/internal/fault"
	"sekisho/internal/policy"
)

// Sizes of policy documents, in characters that are not white space
// (behaviours.md 1.5).
const (
	MaxManagedPolicy = 6144
	MaxTrustPolicy   = 2048
	// All inline policies of one owner together.
	MaxUserPolicies  = 2048
	MaxGroupPolicies = 5120
	MaxRolePolicies  = 10240
)

// CheckDocument is what every policy document must be before it is kept: one
// that parses, and, for a trust policy, one that is not too long. The error is
// Invalid with the reason "malformed-policy-document" and AWS's words, or Limit
// (behaviours.md 3.9). How long other documents may be depends on where they
// hang: CheckManagedSize and CheckInlineSize.
func CheckDocument(kind policy.Kind, document string) error {
	if _, err := policy.Parse(kind, document); err != nil {
		syntax, ok := errors.AsType[*policy.SyntaxError](err)
		if !ok {
			return err
		}
		return fault.New(fault.Invalid, "malformed-policy-document", "%s", syntax.Message).Wrap(errors.New(syntax.Detail))
	}
	if kind == policy.TrustPolicy && DocumentSize(document) > MaxTrustPolicy {
		return fault.New(fault.Limit, "trust-policy-size", "Cannot exceed quota for ACLSizePerRole: %d", MaxTrustPolicy)
	}
	return nil
}

// CheckManagedSize is Limit if the document is too long for a managed policy.
func CheckManagedSize(document string) error {
	if DocumentSize(document) > MaxManagedPolicy {
		return fault.New(fault.Limit, "policy-size", "Cannot exceed quota for PolicySize: %d", MaxManagedPolicy)
	}
	return nil
}

// CheckInlineSize is Limit if size is more than the inline policies of an owner
// may have together.
func CheckInlineSize(owner Kind, name string, size int) error {
	most := inlineSizes[owner]
	if size > most {
		return fault.New(fault.Limit, "inline-policy-size", "Maximum policy size of %d bytes exceeded for %s %s", most, owner, name)
	}
	return nil
}

var inlineSizes = map[Kind]int{UserKind: MaxUserPolicies, GroupKind: MaxGroupPolicies, RoleKind: MaxRolePolicies}

// DocumentSize is the length that counts for quotas: without white space.
func DocumentSize(document string) (n int) {
	for _, r := range document {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}
