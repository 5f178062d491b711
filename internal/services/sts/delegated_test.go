package sts_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/directory"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/policy"
	"sekisho/internal/store"
	"sekisho/internal/token"
)

// provider is the account that asks for access to production.
const provider = "777788889999"

const readData = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","iam:*","sts:*"],"Resource":"*"}]}`

// rootIn is the root user of the account.
func rootIn(accountID string) call.Principal {
	return call.Principal{Kind: call.Root, Account: accountID, ARN: arn.Root(accountID), EntityARN: arn.Root(accountID), UserID: accountID, UserName: "root", AccessKeyID: "AKIAROOT"}
}

// delegation is a request of provider, accepted and sent by the approver.
type delegation struct {
	id, token string
}

func partyOf(p call.Principal) iam.DelegationCaller {
	return iam.DelegationCaller{Account: p.Account, ARN: p.ARN, Entity: p.Entity, EntityARN: p.EntityARN, Session: p.Temporary}
}

// providing makes provider's account, with a template.
func (w *world) providing(document string) {
	w.Helper()
	w.update(func(tx store.Tx) error {
		err := tx.PutAccount(account.Account{ID: provider, Name: "Provider", Email: "root+provider@example.com", Status: account.Active, CreatedAt: start})
		if err != nil {
			return err
		}
		_, err = iam.CreatePolicy(tx, start, provider, iam.NewPolicy{Path: "/", Name: "template", Document: document})
		return err
	})
}

// delegate goes all the way to the token, of a quarter of an hour.
func (w *world) delegate(approver call.Principal, workflow string) (d delegation) {
	w.Helper()
	w.update(func(tx store.Tx) error {
		now, who := w.clock.Now(), partyOf(approver)
		r, err := iam.CreateDelegationRequest(tx, now, partyOf(rootIn(provider)), iam.DelegationRequest{
			OwnerAccount: approver.Account, WorkflowID: workflow, Template: arn.Policy(provider, "/", "template"), Seconds: 900, Channel: "arn:aws:sns:us-east-1:" + provider + ":topic",
		})
		if err != nil {
			return err
		}
		d.id = r.ID
		if _, err := iam.AssociateDelegationRequest(tx, now, who, r.ID); err != nil {
			return err
		}
		if _, err := iam.AcceptDelegationRequest(tx, now, who, r.ID); err != nil {
			return err
		}
		if _, err := iam.SendDelegationToken(tx, w.service.Sessions.Ring, now, who, r.ID); err != nil {
			return err
		}
		mails, err := tx.Messages(1000)
		for _, m := range mails {
			if strings.Contains(m.Text, r.ID) && len(m.Codes) == 1 {
				d.token = m.Codes[0]
			}
		}
		return err
	})
	return d
}

func (w *world) trade(p call.Principal, token string) (*awssts.GetDelegatedAccessTokenOutput, error) {
	w.Helper()
	return do(w, p, "GetDelegatedAccessToken", w.service.GetDelegatedAccessToken, &awssts.GetDelegatedAccessTokenInput{TradeInToken: &token})
}

const (
	badToken  = "The trade-in token is not valid."
	oldToken  = "The trade-in token has expired or was traded in already."
	oldToken1 = "ExpiredTradeInTokenException"
)

// A delegated session can do what both the approver and the request's policy
// allow, in the approver's account.
func TestGetDelegatedAccessToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.providing(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","ec2:RunInstances"],"Resource":"*"}]}`)
	jane := w.user(production, "jane", allow("s3:*", "sqs:*"))
	d := w.delegate(long(jane), "workflow-1")
	w.clock.Advance(5 * time.Minute)
	out := must(w.trade(rootIn(provider), d.token))
	if *out.AssumedPrincipal != jane.ARN() || !out.Credentials.Expiration.Equal(start.Add(15*time.Minute)) {
		t.Errorf("got %s until %s", *out.AssumedPrincipal, out.Credentials.Expiration)
	}
	p := w.by(out.Credentials)
	if p.Kind != call.IAMUser || p.ARN != jane.ARN() || p.Entity != jane.ID || p.Account != production {
		t.Errorf("acts as %+v", p)
	}
	for action, want := range map[string]bool{
		"s3:GetObject":     true,  // both
		"s3:PutObject":     false, // the approver only
		"sqs:SendMessage":  false, // the approver only
		"ec2:RunInstances": false, // the request only
		"iam:ListUsers":    false, // neither
	} {
		if got := w.may(p, action, "arn:aws:s3:::data/a"); got != want {
			t.Errorf("%s: %v", action, got)
		}
	}
	// What AWS lets a user do without a policy is not delegated.
	err := w.authz.Allow(t.Context(), w.call(p), "iam:ChangePassword", call.Target{ARN: jane.ARN(), Granted: true})
	if err == nil {
		t.Error("what is granted without a policy is delegated")
	}
	w.clock.Advance(10*time.Minute - time.Second)
	w.by(out.Credentials)
	w.clock.Advance(time.Second)
	if _, err := w.as(out.Credentials, "sts"); err == nil {
		t.Error("good after its time")
	}
}

// A token is good once, for the requestor, until the time has passed, and no other
// text is one.
func TestTradeInTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.providing(readData)
	jane := long(w.user(production, "jane", allow("s3:*")))
	d := w.delegate(jane, "workflow-1")
	other := w.delegate(jane, "workflow-2")
	raw := must(base64.RawURLEncoding.DecodeString(d.token))
	raw[len(raw)-1] ^= 1
	session := base64.StdEncoding.EncodeToString(raw)
	for what, bad := range map[string]string{
		"nothing": "", "text": "token", "changed": base64.RawURLEncoding.EncodeToString(raw), "another encoding": session, "long": strings.Repeat("A", 1<<20),
		"cut": d.token[:len(d.token)-4], "a session token": *must(w.service.GetSessionToken(t.Context(), w.call(rootIn(provider)), &awssts.GetSessionTokenInput{})).Credentials.SessionToken,
	} {
		_, err := w.trade(rootIn(provider), bad)
		w.expect(what, err, "AccessDenied", badToken)
	}
	for who, p := range map[string]call.Principal{"the owner": rootIn(production), "a third account": rootIn(management)} {
		_, err := w.trade(p, d.token)
		w.expect(who, err, "AccessDenied", badToken)
	}
	nobody := w.user(provider, "nobody", "")
	if _, err := w.trade(long(nobody), d.token); err == nil || !strings.Contains(err.Error(), "sts:GetDelegatedAccessToken") {
		t.Errorf("without a policy: %v", err)
	}
	federated := rootIn(provider)
	federated.Temporary = &token.Session{Kind: token.UserSession}
	_, err := w.trade(federated, d.token)
	w.expect("with session credentials", err, "AccessDenied", "Cannot call GetDelegatedAccessToken with session credentials")

	must(w.trade(rootIn(provider), d.token))
	_, err = w.trade(rootIn(provider), d.token)
	w.expect("again", err, oldToken1, oldToken)
	must(w.trade(long(w.user(provider, "worker", allow("sts:GetDelegatedAccessToken"))), other.token)) // is not spent by the first

	late := w.delegate(jane, "workflow-3")
	w.clock.Advance(15 * time.Minute)
	_, err = w.trade(rootIn(provider), late.token)
	w.expect("late", err, oldToken1, oldToken)
}

// A failed trade spends nothing: token and state are one transaction.
func TestTradeThatFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.providing(readData)
	d := w.delegate(long(w.user(production, "jane", allow("s3:*"))), "workflow-1")
	stop := errors.New("stop")
	err := w.db.Update(t.Context(), nil, func(tx store.Tx) error {
		if _, _, err := iam.TradeDelegationToken(tx, w.service.Sessions.Ring, w.clock.Now(), partyOf(rootIn(provider)), d.token); err != nil {
			return err
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	must(w.trade(rootIn(provider), d.token))
}

// The access is the approver's, now: it shrinks and goes with the approver.
func TestDelegatedSessionFollowsApprover(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.providing(readData)
	everything := allow("*")
	jane := w.user(production, "jane", everything)
	p := w.by(must(w.trade(rootIn(provider), w.delegate(long(jane), "workflow-1").token)).Credentials)
	if !w.may(p, "s3:GetObject", "arn:aws:s3:::a/b") {
		t.Fatal("the approver's permission is not there")
	}
	w.update(func(tx store.Tx) error {
		return tx.PutInlinePolicy(iam.InlinePolicy{Owner: jane.ID, Name: "inline", Document: allow("sqs:*")})
	})
	if w.may(p, "s3:GetObject", "arn:aws:s3:::a/b") {
		t.Error("outlives the approver's permission")
	}
	w.update(func(tx store.Tx) error {
		return tx.PutInlinePolicy(iam.InlinePolicy{Owner: jane.ID, Name: "inline", Document: everything})
	})
	w.control(org.Policy{ID: "p-nos3aaaa", Type: org.ServiceControl, Name: "NoS3", Document: `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}`}, production)
	if w.may(p, "s3:GetObject", "arn:aws:s3:::a/b") {
		t.Error("the owner's service control policy does not hold")
	}

	gone := w.user(production, "gone", everything)
	out := must(w.trade(rootIn(provider), w.delegate(long(gone), "workflow-2").token))
	waiting := w.delegate(long(gone), "workflow-3")
	w.by(out.Credentials)
	w.update(func(tx store.Tx) error {
		if err := tx.DeleteInlinePolicy(gone.ID, "inline"); err != nil {
			return err
		}
		return tx.DeleteIAMUser(gone.ID)
	})
	if _, err := w.as(out.Credentials, "sts"); err == nil {
		t.Error("outlives the approver")
	}
	_, err := w.trade(rootIn(provider), waiting.token)
	w.expect("a token of a deleted approver", err, oldToken1, oldToken)
}

// Nothing is delegated on, and no other session begins with a delegated one,
// whatever the policies say.
func TestDelegatedSessionBeginsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.providing(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	admin := w.user(production, "admin", allow("*"))
	role := w.role(production, "Open", trust(admin.ARN()), allow("*"))
	asAdmin := w.by(must(w.assume(long(admin), role.ARN())).Credentials)
	for name, approver := range map[string]call.Principal{"user": long(admin), "role": asAdmin, "root": rootIn(production)} {
		out := must(w.trade(rootIn(provider), w.delegate(approver, "workflow-"+name).token))
		p := w.by(out.Credentials)
		if !w.may(p, "s3:GetObject", "arn:aws:s3:::a/b") {
			t.Errorf("%s: nothing is delegated", name)
		}
		for _, action := range []string{"sts:AssumeRole", "sts:AssumeRoot", "sts:GetDelegatedAccessToken", "sts:GetFederationToken", "sts:GetSessionToken",
			"iam:CreateDelegationRequest", "iam:AcceptDelegationRequest", "iam:AssociateDelegationRequest", "iam:UpdateDelegationRequest", "iam:SendDelegationToken"} {
			if w.may(p, action, "*") {
				t.Errorf("%s may %s", name, action)
			}
		}
		if _, err := w.assume(p, role.ARN()); err == nil {
			t.Errorf("%s assumes a role", name)
		}
		if _, err := w.service.GetSessionToken(t.Context(), w.call(p), &awssts.GetSessionTokenInput{}); err == nil {
			t.Errorf("%s gets a session", name)
		}
		if _, err := w.service.GetFederationToken(t.Context(), w.call(p), &awssts.GetFederationTokenInput{Name: aws.String("x"), Policy: aws.String(readData)}); err == nil {
			t.Errorf("%s federates", name)
		}
		_, err := w.service.GetDelegatedAccessToken(t.Context(), w.call(p), &awssts.GetDelegatedAccessTokenInput{TradeInToken: aws.String("x")})
		w.expect(name, err, "AccessDenied", "Delegated credentials cannot be used for delegation requests.")
	}
}

// A role's session that approves lends its tags, on which denials may depend, but
// not its second factor nor its name.
func TestDelegatedRoleSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.providing(readData)
	admin := w.user(production, "admin", allow("*"))
	role := w.role(production, "Admin", trust(admin.ARN()), `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
		{"Effect":"Deny","Action":"s3:PutObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"guests"}}},
		{"Effect":"Deny","Action":"s3:DeleteObject","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}]}`)
	approver := w.by(must(w.assume(long(admin), role.ARN(), func(in *awssts.AssumeRoleInput) {
		in.Tags = []types.Tag{{Key: aws.String("team"), Value: aws.String("guests")}}
	})).Credentials)
	d := w.delegate(approver, "workflow-1")
	out := must(w.trade(rootIn(provider), d.token))
	p := w.by(out.Credentials)
	if *out.AssumedPrincipal != role.ARN() || p.Kind != call.AssumedRole || p.ARN != arn.AssumedRole(production, "Admin", d.id) || p.EntityARN != role.ARN() {
		t.Errorf("%s acts as %+v", *out.AssumedPrincipal, p)
	}
	for action, want := range map[string]bool{"s3:GetObject": true, "s3:PutObject": false, "s3:DeleteObject": false} {
		if got := w.may(p, action, "arn:aws:s3:::a/b"); got != want {
			t.Errorf("%s: %v", action, got)
		}
	}
	// A policy of a resource that names the approver's session does not mean it.
	named := policy.MustParse(policy.ResourcePolicy, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"`+approver.ARN+`"},"Action":"ec2:*","Resource":"*"}]}`)
	err := w.authz.Allow(t.Context(), w.call(p), "ec2:RunInstances", call.Target{ARN: "arn:aws:ec2:::x", Policy: named})
	if err == nil {
		t.Error("a resource's policy widens what was delegated")
	}
	w.update(func(tx store.Tx) error {
		if err := tx.DeleteInlinePolicy(role.ID, "inline"); err != nil {
			return err
		}
		return tx.DeleteRole(role.ID)
	})
	if _, err := w.as(out.Credentials, "sts"); err == nil {
		t.Error("outlives the approver's role")
	}
}

// What a person delegated from the access portal ends with the assignment and with
// the person, as the person's own credentials do, but not with a sign-out.
func TestDelegatedPortalSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.providing(readData)
	role := w.role(production, "Admin", trust(production), allow("*"))
	role.PermissionSet = "ps-1"
	assignment := access.Assignment{Account: production, PermissionSet: "ps-1", PrincipalType: access.ToUser, PrincipalID: "user-1", CreatedAt: start}
	jane := directory.User{ID: "user-1", UserName: "jane", Email: "jane@example.com", CreatedAt: start, UpdatedAt: start}
	w.update(func(tx store.Tx) error {
		return errors.Join(tx.PutUser(jane), tx.PutPermissionSet(access.PermissionSet{ID: "ps-1", Name: "Admin", SessionDuration: time.Hour, CreatedAt: start}),
			tx.PutAssignment(assignment), tx.PutRole(role))
	})
	approver := call.Principal{Kind: call.AssumedRole, Account: production, ARN: arn.AssumedRole(production, role.Name, "jane"), Entity: role.ID, EntityARN: role.ARN(),
		Temporary: &token.Session{Kind: token.PortalRole, Account: production, Entity: role.ID, RoleName: role.Name, Name: "jane", User: jane.ID, PermissionSet: "ps-1", PortalSession: "signed-out"}}
	creds := must(w.trade(rootIn(provider), w.delegate(approver, "workflow-1").token)).Credentials
	if p := w.by(creds); p.DirectoryUser != jane.ID || p.Session != "" {
		t.Errorf("acts as %+v", p)
	}
	for what, change := range map[string]struct{ end, again func(store.Tx) error }{
		"the assignment": {func(tx store.Tx) error { return tx.DeleteAssignment(assignment) }, func(tx store.Tx) error { return tx.PutAssignment(assignment) }},
		"the person": {func(tx store.Tx) error {
			gone := jane
			gone.Disabled = true
			return tx.PutUser(gone)
		}, func(tx store.Tx) error { return tx.PutUser(jane) }},
	} {
		w.update(change.end)
		if _, err := w.as(creds, "sts"); err == nil {
			t.Errorf("outlives %s", what)
		}
		w.update(change.again)
		w.by(creds)
	}
}
