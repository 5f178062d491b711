package authz_test

import (
	"errors"
	"testing"

	"sekisho/internal/authz"
	"sekisho/internal/call"
)

// Nothing is allowed that nothing allows (promise 14): a rule that says nothing,
// and one of a kind that is yet to be invented, are denied to the root user too.
func TestDefaultDeny(t *testing.T) {
	t.Parallel()
	const root = "arn:aws:iam::111122223333:root"
	for _, kind := range []call.PrincipalKind{call.Anonymous, call.Root, call.IAMUser, call.AssumedRole, call.PortalUser} {
		c := &call.Call{Principal: call.Principal{Kind: kind, ARN: root}}
		for access, allowed := range map[call.Access]bool{
			call.Signed: false, call.SignedOnly: true, call.Bearer: true, call.Open: true, call.Open + 1: false, 255: false,
		} {
			err := authz.Authorize(c, call.Rule{Action: "iam:CreateUser", Access: access})
			if allowed {
				if err != nil {
					t.Errorf("access %d: %v", access, err)
				}
				continue
			}
			// behaviours.md 2.6
			const want = "User: " + root + " is not authorized to perform: iam:CreateUser because no identity-based policy allows the iam:CreateUser action"
			if d, ok := errors.AsType[*authz.Denial](err); !ok || d.Message != want {
				t.Errorf("access %d: %v", access, err)
			}
		}
	}
}
