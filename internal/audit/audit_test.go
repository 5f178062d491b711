package audit_test

import (
	"testing"

	"sekisho/internal/audit"
)

func TestResourceOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ arn, kind, name string }{
		{"", "", ""},
		{"d-1234567890", "", ""},
		{"arn:aws:iam::111122223333:user/division/jane", "AWS::IAM::User", "jane"},
		{"arn:aws:iam::aws:policy/job-function/Billing", "AWS::IAM::Policy", "Billing"},
		{"arn:aws:iam::111122223333:oidc-provider/idp.example.com/tenant/7", "AWS::IAM::OpenIdConnectProvider", "idp.example.com/tenant/7"},
		{"arn:aws:iam::111122223333:root", audit.AccountResource, "111122223333"},
		{"arn:aws:account::111122223333:account", audit.AccountResource, "111122223333"},
		{"arn:aws:account::111122223333:account/o-exampleorg1/444455556666", audit.AccountResource, "444455556666"},
		{"arn:aws:iam::111122223333:user/", "", ""},
		{"arn:aws:iam::111122223333:something/new", "", ""},
		{"arn:aws:sts::111122223333:federated-user/bob", "", ""},
		{"arn:aws:iam:user/jane", "", ""},
	} {
		e := &audit.Event{Resource: c.arn}
		if kind, name := e.ResourceOf(); kind != c.kind || name != c.name {
			t.Errorf("%q: %q %q", c.arn, kind, name)
		}
	}
}

// What another account learns of a call is who asked, not by which key, which
// session and with which second factor; and of a refusal, not its reasons.
func TestForShared(t *testing.T) {
	t.Parallel()
	e := &audit.Event{
		Account: "111122223333", Shared: "444455556666", SharedID: "s", AccessKeyID: "AKIA1", UserName: "jane",
		Identity:  audit.Identity{Type: audit.TypeAssumedRole, ID: "AROA1:jane", Issuer: "arn", IssuerID: "AROA1", CreatedAt: 7, MFA: true, SourceIdentity: "jane", OnBehalfOf: "u1"},
		ErrorCode: "AccessDenied", ErrorMessage: "User: jane is not …", ErrorReason: "reason", Detail: map[string]string{"a": "1"},
	}
	got := e.ForShared()
	want := audit.Identity{Type: audit.TypeAccount, ID: "AROA1:jane", SourceIdentity: "jane"}
	if got.Identity != want || got.ErrorMessage != "" || got.ErrorReason != "" || got.Detail != nil || got.AccessKeyID != "" || got.SharedID != "s" {
		t.Errorf("%+v", got)
	}
	e.Identity = audit.Identity{Type: audit.TypeService, ID: "x"}
	if got := e.ForShared(); got.Identity != e.Identity {
		t.Errorf("a service is %+v", got.Identity)
	}
}
