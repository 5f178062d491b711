package iam

import (
	"strconv"
	"strings"
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/fault"
)

// PasswordPolicy is what an account asks of its IAM users' passwords. It never
// applies to the root user (behaviours.md 5.3).
type PasswordPolicy struct {
	Account string
	credential.Policy
	// UsersMayChange lets every user change the own password and read the policy,
	// whatever the user's policies say.
	UsersMayChange bool
	// MaxAgeDays is how long a password is good, 1 to 1095; 0 is for ever.
	MaxAgeDays int
	// Remembered is how many of the last passwords cannot be set again, the
	// present one included, 1 to 24; 0 is none.
	Remembered int
	// HardExpiry keeps users from setting a new password at the sign-in after
	// theirs expired.
	HardExpiry bool
}

// MinPasswordLength is what an account asks that says nothing else.
const MinPasswordLength = 6

// ExpiresAt is when a password that was set at that time is no longer good for
// signing in; zero is never.
func (p PasswordPolicy) ExpiresAt(set time.Time) time.Time {
	if p.MaxAgeDays == 0 {
		return time.Time{}
	}
	return set.AddDate(0, 0, p.MaxAgeDays)
}

// PasswordPolicyOf is the policy that holds in the account: its own, or the one
// that all accounts have that set none.
func PasswordPolicyOf(tx CredentialStore, account string) (PasswordPolicy, error) {
	p, err := tx.PasswordPolicy(account)
	if fault.Is(err, fault.NotFound) {
		return PasswordPolicy{Account: account, Policy: credential.DefaultPolicy}, nil
	}
	return p, err
}

// OwnPasswordPolicy is the policy that the account has set, or NotFound.
func OwnPasswordPolicy(tx CredentialStore, account string) (PasswordPolicy, error) {
	p, err := tx.PasswordPolicy(account)
	return p, missing(err, "The Password Policy with domain name %s cannot be found.", account)
}

// DeletePasswordPolicy puts the built-in rules back in force.
func DeletePasswordPolicy(tx CredentialStore, account string) error {
	return missing(tx.DeletePasswordPolicy(account), "The account policy with name PasswordPolicy cannot be found.")
}

// violation is the fault of a password that breaks rules of the policy.
func (p PasswordPolicy) violation(broken []credential.Violation) error {
	var texts []string
	for _, v := range broken {
		if text, ok := violations[v]; ok {
			texts = append(texts, strings.Replace(text, "<n>", strconv.Itoa(p.MinLength), 1))
		}
	}
	if texts == nil {
		texts = []string{"Password does not conform to the account password policy."}
	}
	return fault.New(fault.Invalid, "password-policy-violation", "%s", strings.Join(texts, ", "))
}

// violations are the rules that AWS has words for.
var violations = map[credential.Violation]string{
	credential.TooShort: "Password should have a minimum length of <n>",
	credential.NoUpper:  "Password should have at least one uppercase letter",
	credential.NoLower:  "Password should have at least one lowercase letter",
	credential.NoDigit:  "Password should have at least one number",
	credential.NoSymbol: "Password should have at least one symbol",
	credential.Reused:   "Policy constraint violation with password reuse prevention during password change",
}
