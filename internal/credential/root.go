package credential

import (
	"sekisho/internal/credential/leaked"
	"sekisho/internal/secret"
)

// CheckRoot returns every rule that p breaks as the password of an account's root
// user: 8 to 128 characters of three of the four classes, not the name or the
// e-mail address of the account (behaviours.md 9.1), and none that leaks have
// made known. The account's password policy never applies to the root user.
func CheckRoot(p secret.String, name, email string) []Violation {
	broken := DefaultPolicy.Check(p, name, email)
	if prepared, ok := prepare(p); ok && leaked.Has(string(prepared)) {
		broken = append(broken, Common)
	}
	return broken
}
