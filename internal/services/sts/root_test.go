package sts_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/authn"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

const rootTask = "arn:aws:iam::aws:policy/root-task/"

// AssumeRoot is the management account's, for members, once it was enabled, and
// for one task (behaviours.md 4.7).
func TestAssumeRoot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.user(management, "admin", allow("*"))
	none := w.user(management, "none", "")
	auditor := w.user(management, "auditor", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRoot","Resource":"arn:aws:iam::`+production+
		`:root","Condition":{"StringEquals":{"sts:TaskPolicyArn":"`+rootTask+`IAMAuditRootUserCredentials"}}}]}`)
	member := w.user(production, "member", allow("*"))
	chief := w.role(management, "Chief", trust(admin.ARN()), allow("*"))
	ask := func(p call.Principal, target, task string, seconds *int32) (*awssts.AssumeRootOutput, error) {
		return do(w, p, "AssumeRoot", w.service.AssumeRoot, &awssts.AssumeRootInput{
			TargetPrincipal: &target, TaskPolicyArn: &types.PolicyDescriptorType{Arn: aws.String(rootTask + task)}, DurationSeconds: seconds,
		})
	}
	const audit, remove = "IAMAuditRootUserCredentials", "IAMDeleteRootUserCredentials"
	_, err := ask(long(admin), production, audit, nil)
	w.expect("not enabled", err, "AccessDenied", "Root sessions are not enabled for the organization.")
	w.update(func(tx store.Tx) error {
		_, err := iam.SetOrgFeature(tx, management, iam.RootSessions, true)
		return err
	})
	session := must(do(w, long(admin), "GetSessionToken", w.service.GetSessionToken, &awssts.GetSessionTokenInput{}))
	refusal := func(u iam.User) string {
		return denied(long(u), "sts:AssumeRoot", arn.Root(production)) + " because no identity-based policy allows the sts:AssumeRoot action"
	}
	for _, c := range []struct {
		name          string
		p             call.Principal
		target, task  string
		code, message string
	}{
		{"by id", long(admin), production, audit, "", ""},
		{"by ARN", long(admin), arn.Root(production), audit, "", ""},
		{"by a role", w.by(must(w.assume(long(admin), chief.ARN())).Credentials), production, audit, "", ""},
		{"the task that is allowed", long(auditor), production, audit, "", ""},
		{"another task", long(auditor), production, remove, "AccessDenied", refusal(auditor)},
		{"no permission", long(none), production, audit, "AccessDenied", refusal(none)},
		{"root", rootUser(), production, audit, "AccessDenied", "AssumeRoot may not be called by root accounts."},
		{"a user's session", w.by(session.Credentials), production, audit, "AccessDenied", "Cannot call AssumeRoot with session credentials"},
		{"from a member", long(member), management, audit, "AccessDenied", "AssumeRoot may be called by the management account of an organization or a delegated administrator for IAM only."},
		{"of the management account", long(admin), management, audit, "AccessDenied", "The account " + management + " is not a member account of the organization."},
		{"of no account", long(admin), "999999999999", audit, "AccessDenied", "The account 999999999999 is not a member account of the organization."},
		{"no such task", long(admin), production, "Everything", "ValidationError", rootTask + "Everything is not a policy for root tasks"},
		{"of a role", long(admin), chief.ARN(), audit, "ValidationError", chief.ARN() + " is invalid"},
	} {
		_, err := ask(c.p, c.target, c.task, nil)
		w.expect(c.name, err, c.code, c.message)
	}
	for seconds, want := range map[*int32]time.Duration{nil: 15 * time.Minute, aws.Int32(900): 15 * time.Minute, aws.Int32(60): time.Minute} {
		out := must(ask(long(admin), production, audit, seconds))
		if got := out.Credentials.Expiration.Sub(start); got != want || out.SourceIdentity != nil {
			t.Errorf("%v, %+v", got, out)
		}
	}

	// The session is the member's root user, with its task's permissions.
	p := w.by(must(ask(long(admin), production, audit, nil)).Credentials)
	who := must(do(w, p, "GetCallerIdentity", w.service.GetCallerIdentity, &awssts.GetCallerIdentityInput{}))
	if p.Kind != call.Root || *who.Arn != arn.Root(production) || *who.Account != production || *who.UserId != production {
		t.Errorf("%+v %+v", p, who)
	}
	itself := arn.Root(production)
	for action, want := range map[string]bool{
		"iam:ListAccessKeys": true, "iam:GetLoginProfile": true, "iam:GetAccountSummary": true,
		"iam:DeleteAccessKey": false, "iam:CreateUser": false, "s3:GetObject": false, "sts:GetFederationToken": false,
	} {
		if w.may(p, action, itself) != want {
			t.Errorf("audit: %s is %v", action, !want)
		}
	}
	if w.may(p, "iam:ListAccessKeys", member.ARN()) {
		t.Error("audit: another user's keys")
	}
	deleting := w.by(must(ask(long(admin), production, remove, nil)).Credentials)
	if !w.may(deleting, "iam:DeleteAccessKey", itself) || w.may(deleting, "iam:CreateUser", itself) {
		t.Error("the deleting task")
	}
	_, err = w.assume(p, chief.ARN())
	w.expect("and no further", err, "AccessDenied", "Roles may not be assumed by root accounts.")
	// A delegated administrator for IAM does it as well, and not to the management
	// account; not trusted any more, nobody does (behaviours.md 4.7).
	const sibling = "888877776666"
	w.update(func(tx store.Tx) error {
		o, err := storetest.Organization(tx)
		if err != nil {
			return err
		}
		a := account.Account{ID: sibling, Name: "Sibling", Email: "sibling@example.com", Status: account.Active, CreatedAt: start}
		return errors.Join(tx.PutAccount(a), storetest.Join(tx, o, sibling, ""), org.Register(tx, o, production, org.IAM, start))
	})
	_, err = ask(long(member), sibling, audit, nil)
	w.expect("by a delegated administrator", err, "", "")
	_, err = ask(long(member), management, audit, nil)
	w.expect("of the management account", err, "AccessDenied", "The account "+management+" is not a member account of the organization.")
	changed := func(change func(store.Tx, org.Organization) error) {
		w.update(func(tx store.Tx) error {
			o, err := storetest.Organization(tx)
			return errors.Join(err, change(tx, o))
		})
	}
	changed(func(tx store.Tx, o org.Organization) error {
		return errors.Join(org.Deregister(tx, o, production, org.IAM), org.DisableTrust(tx, o, org.IAM))
	})
	_, err = ask(long(member), sibling, audit, nil)
	w.expect("not any more", err, "AccessDenied", "AssumeRoot may be called by the management account of an organization or a delegated administrator for IAM only.")
	_, err = ask(long(admin), production, audit, nil)
	w.expect("not trusted", err, "AccessDenied", "Root sessions are not enabled for the organization.")
	changed(func(tx store.Tx, o org.Organization) error { return org.EnableTrust(tx, o, org.IAM, start) })

	w.control(org.Policy{ID: "p-12345678", Type: org.ServiceControl, Name: "NoRoot", Document: `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:ListAccessKeys","Resource":"*","Condition":{"Bool":{"aws:AssumedRoot":"true"}}}]}`}, production)
	if w.may(p, "iam:ListAccessKeys", itself) {
		t.Error("an SCP does not reach the session")
	}
}

// The source identity of who assumes root goes with it.
func TestAssumeRootSourceIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", "")
	chief := w.role(management, "Chief", trust(jane.ARN()), allow("*"))
	w.update(func(tx store.Tx) error {
		_, err := iam.SetOrgFeature(tx, management, iam.RootSessions, true)
		return err
	})
	p := w.by(must(w.assume(long(jane), chief.ARN(), func(in *awssts.AssumeRoleInput) { in.SourceIdentity = aws.String("jane.doe") })).Credentials)
	out, err := do(w, p, "AssumeRoot", w.service.AssumeRoot, &awssts.AssumeRootInput{
		TargetPrincipal: aws.String(production), TaskPolicyArn: &types.PolicyDescriptorType{Arn: aws.String(rootTask + "S3UnlockBucketPolicy")},
	})
	if err != nil || aws.ToString(out.SourceIdentity) != "jane.doe" || w.by(out.Credentials).Temporary.SourceIdentity != "jane.doe" {
		t.Errorf("%+v, %v", out, err)
	}
	// A root user's session ends with the account.
	w.update(func(tx store.Tx) error { return tx.Clear() })
	_, err = w.as(out.Credentials, "sts")
	if e, ok := errors.AsType[*authn.Refusal](err); !ok || e.Reason != "the account is gone" {
		t.Errorf("%v", err)
	}
}
