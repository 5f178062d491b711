package operations

import (
	"encoding/json"
	"testing"

	"sekisho/internal/arn"
)

// A refusal names the kind of policy that it comes from, the decision id that
// goes with it explains it to the account, and nobody else can read that
// (behaviours.md 2.6, 4.8).
func TestRefusalsNameTheirPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const action = "iam:ListUsers"
	everything := document(statement("Allow", "Action", "*", "*"))
	denies := document(statement("Allow", "Action", "*", "*"), statement("Deny", "Action", action, "*"))
	vars := map[string]string{"denies": denies, "account": production}
	root := w.root(production)
	w.prepare(t, given("CreatePolicy PolicyName=denying PolicyDocument={denies}", "CreateGroup GroupName=denied", "PutGroupPolicy GroupName=denied PolicyName=own PolicyDocument={denies}",
		"CreateGroup GroupName=admins", "AttachGroupPolicy GroupName=admins PolicyArn=arn:aws:iam::aws:policy/AdministratorAccess"), vars, root, root, root)
	admin := w.user(t, production, "admin", everything)
	user := func(name, inline string, calls ...string) principal {
		u := w.user(t, production, name, inline)
		w.prepare(t, calls, vars, root, root, root)
		return principal{u.key, u.arn}
	}
	operator := w.role(t, "Operator", trustsAccount(), "AdministratorAccess")
	session := func(policy string) principal {
		return principal{w.assume(t, admin.key, operator, policy), arn.AssumedRole(production, "Operator", "session")}
	}
	under := w.user(t, controlled, "admin", everything)
	for _, c := range []struct {
		name    string
		who     principal
		because string // "" is allowed
	}{
		{"nothing", user("nothing", ""), "because no identity-based policy allows the iam:ListUsers action"},
		{"identity", user("denied", denies), "with an explicit deny in an identity-based policy"},
		{"a group's policy", user("member", "", "AddUserToGroup GroupName=admins UserName=member"), ""},
		{"a group's deny", user("grouped", everything, "AddUserToGroup GroupName=denied UserName=grouped"), "with an explicit deny in an identity-based policy"},
		{"boundary", user("bounded", everything, "PutUserPermissionsBoundary UserName=bounded PermissionsBoundary=arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"),
			"because no permissions boundary allows the iam:ListUsers action"},
		{"boundary's deny", user("fenced", everything, "PutUserPermissionsBoundary UserName=fenced PermissionsBoundary=arn:aws:iam::{account}:policy/denying"),
			"with an explicit deny in a permissions boundary"},
		{"session", session(""), ""},
		{"session policy", session(document(statement("Allow", "Action", "iam:Get*", "*"))), "because no session policy allows the iam:ListUsers action"},
		{"session policy's deny", session(denies), "with an explicit deny in a session policy"},
		{"service control policy", principal{under.key, under.arn}, "with an explicit deny in a service control policy"},
		{"service control policy over the root user", principal{w.root(controlled), arn.Root(controlled)}, "with an explicit deny in a service control policy"},
	} {
		a := w.call(request{service: "iam", operation: "ListUsers"}, c.who.key)
		if c.because == "" {
			if a.status != 200 {
				t.Errorf("%s: %v", c.name, a)
			}
			continue
		}
		account := production
		if c.who.arn == under.arn || c.who.arn == arn.Root(controlled) {
			account = controlled
		}
		on := "arn:aws:iam::" + account + ":user/"
		if want := "User: " + c.who.arn + " is not authorized to perform: " + action + " on resource: " + on + " " + c.because; a.code != "AccessDenied" || a.message != want {
			t.Errorf("%s: %v\nwant %q", c.name, a, want)
		}
		w.explained(t, c.name, a.decision, account, c.who.arn, on)
	}
	w.stop()
	w.secretless(t)
}

type principal struct {
	key key
	arn string
}

// explained holds the decision to be readable by its account's root user, and by
// no other account's.
func (w *world) explained(t *testing.T, name, decision, account, who, on string) {
	t.Helper()
	vars := map[string]string{"decision": decision}
	decoded := w.do(t, w.root(account), "sts", "DecodeAuthorizationMessage", "EncodedMessage={decision}", vars).texts["DecodedMessage"]
	var m struct {
		Allowed bool `json:"allowed"`
		Context struct {
			Action, Resource string
			Principal        struct{ ARN string }
		} `json:"context"`
	}
	if err := json.Unmarshal([]byte(decoded), &m); err != nil || m.Allowed || m.Context.Action != "iam:ListUsers" || m.Context.Resource != on || m.Context.Principal.ARN != who {
		t.Errorf("%s: decoded %s: %v", name, decoded, err)
	}
	a := w.call(request{service: "sts", operation: "DecodeAuthorizationMessage", input: parameters(t, "EncodedMessage={decision}", vars)}, w.root(management))
	if a.code != "InvalidAuthorizationMessageException" {
		t.Errorf("%s: read by another account: %v", name, a)
	}
}
