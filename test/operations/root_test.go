package operations

import (
	"net/http"
	"testing"
)

// The root user may call every operation without any policy (behaviours.md 3.6).
func TestRootUsers(t *testing.T) {
	t.Parallel()
	subjects, accounts := newSubjects()
	w := newWorld(t, accounts...)
	t.Run("calls", func(t *testing.T) {
		for _, s := range subjects {
			t.Run(s.operation, func(t *testing.T) {
				s.apart(t)
				w.makeCallers(t, s)
				root := w.root(s.account)
				w.prepare(t, s.given, s.vars, root, root, s.callers[nobody].key)
				a := w.call(request{service: s.serviceID(), operation: s.operation, input: parameters(t, s.input, s.vars)}, root)
				if want, ok := notForRoot[s.operation]; ok {
					if a.code != want.code || a.message != want.message {
						t.Errorf("%v, want %v", a, want)
					}
				} else if a.status != http.StatusOK {
					t.Error(a)
				}
			})
		}
	})
	w.stop()
	w.secretless(t)
}

// notForRoot are operations that no policy keeps the root user from, but that are
// not for root users.
var notForRoot = map[string]answer{
	"AssumeRoot":     {code: "AccessDenied", message: "AssumeRoot may not be called by root accounts."},
	"ChangePassword": {code: "InvalidUserType", message: "The request was rejected because the type of user making the transaction was incorrect."},
}

// Sessions of GetSessionToken without a second factor, and those of federated
// users, are nobody to IAM, whatever they may do elsewhere (behaviours.md 4.1).
func TestSessionsThatMayNotCallIAM(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	everything := document(statement("Allow", "Action", "*", "*"))
	jane := w.user(t, production, "jane", everything)
	vars := map[string]string{"everything": everything}
	sessions := map[string]key{
		"root user":                w.do(t, w.root(production), "sts", "GetSessionToken", "", nil).credentials(),
		"IAM user":                 w.do(t, jane.key, "sts", "GetSessionToken", "", nil).credentials(),
		"federated by an IAM user": w.do(t, jane.key, "sts", "GetFederationToken", "Name=bob Policy={everything}", vars).credentials(),
		"federated by root":        w.do(t, w.root(production), "sts", "GetFederationToken", "Name=bob Policy={everything}", vars).credentials(),
	}
	const invalid = "The security token included in the request is invalid."
	for who, k := range sessions {
		for operation := range tables["iam"] {
			a := w.call(request{service: "iam", operation: operation}, k)
			if a.status != http.StatusForbidden || a.code != "InvalidClientTokenId" || a.message != invalid {
				t.Errorf("%s: %s: %v", who, operation, a)
			}
		}
		w.do(t, k, "sts", "GetCallerIdentity", "", nil)
	}
	trail := map[string]int{}
	w.stop()
	for name, events := range w.trail(t) {
		for _, e := range events {
			if e.ErrorCode == "InvalidClientTokenId" {
				trail[name] += e.Count
			}
		}
	}
	for operation := range tables["iam"] {
		if trail[operation] != len(sessions) {
			t.Errorf("%s: %d refusals in the trail", operation, trail[operation])
		}
	}
	w.secretless(t)
}

// A second factor opens IAM to a session of GetSessionToken, with what the user
// may do and no more (R-17, behaviours.md 4.5).
func TestSessionWithSecondFactor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(t, production, "jane", document(statement("Allow", "Action", "iam:GetUser", "arn:aws:iam::"+production+":user/jane")))
	vars := map[string]string{"account": production}
	w.prepare(t, given(phone, "EnableMFADevice UserName=jane "+serial+" AuthenticationCode1={code1} AuthenticationCode2={code2}"),
		vars, w.root(production), jane.key, jane.key)
	const withCode = serial + " TokenCode="
	input := parameters(t, withCode+"{next}", vars)
	session := w.must(request{service: "sts", operation: "GetSessionToken", input: input}, jane.key).credentials()
	for _, c := range []struct{ what, code, want string }{
		{"a code twice", input.Get("TokenCode"), "AccessDenied"}, {"no code", "000000", "AccessDenied"},
	} {
		if a := w.call(request{service: "sts", operation: "GetSessionToken", input: parameters(t, withCode+c.code, vars)}, jane.key); a.code != c.want {
			t.Errorf("%s: %v", c.what, a)
		}
	}
	w.do(t, session, "iam", "GetUser", "UserName=jane", nil)
	if a := w.call(request{service: "iam", operation: "ListUsers"}, session); a.code != "AccessDenied" ||
		a.message != "User: "+jane.arn+" is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::"+production+":user/ because no identity-based policy allows the iam:ListUsers action" {
		t.Errorf("more than the user may: %v", a)
	}
	w.stop()
	w.secretless(t)
}
