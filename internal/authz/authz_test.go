package authz_test

import (
	"errors"
	"testing"

	"sekisho/internal/authz"
	"sekisho/internal/call"
)

// Nothing is allowed that nothing allows (promise 14): a rule of a kind that is
// yet to be invented is denied to the root user too, and nobody is asked.
func TestDefaultDeny(t *testing.T) {
	t.Parallel()
	const root = "arn:aws:iam::111122223333:root"
	a := &authz.Authorizer{}
	for _, kind := range []call.PrincipalKind{call.Anonymous, call.Root, call.IAMUser, call.AssumedRole, call.PortalUser} {
		c := &call.Call{Principal: call.Principal{Kind: kind, ARN: root}}
		for access, allowed := range map[call.Access]bool{call.SignedOnly: true, call.Bearer: true, call.Open: true, call.Open + 1: false, 255: false} {
			err := a.Authorize(t.Context(), c, call.Rule{Action: "iam:CreateUser", Access: access}, call.Target{})
			if allowed {
				if err != nil {
					t.Errorf("access %d: %v", access, err)
				}
				continue
			}
			// behaviours.md 2.6
			const want = "User: " + root + " is not authorized to perform: iam:CreateUser on resource: * because no identity-based policy allows the iam:CreateUser action"
			if d, ok := errors.AsType[*authz.Denial](err); !ok || d.Message != want {
				t.Errorf("access %d: %v", access, err)
			}
		}
	}
}
