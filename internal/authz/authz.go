// Package authz decides whether a principal may make a call.
//
// It owns the decision and its words (behaviours.md 2.6). So far no policy is
// evaluated: what AWS allows to every principal is allowed, what a policy would
// have to allow is not, because there is none that does.
package authz

import (
	"fmt"

	"sekisho/internal/call"
)

// Denial is the error for a call that may not be made.
type Denial struct{ Message string }

// Error is the text that the caller gets.
func (d *Denial) Error() string { return d.Message }

// Authorize returns a *Denial unless the principal of c may make the call that
// rule guards.
func Authorize(c *call.Call, rule call.Rule) error {
	switch rule.Access {
	case call.SignedOnly, call.Bearer, call.Open:
		return nil // proved by authn, or by the operation itself
	}
	return &Denial{fmt.Sprintf("User: %s is not authorized to perform: %s because no identity-based policy allows the %s action",
		c.Principal.ARN, rule.Action, rule.Action)}
}
