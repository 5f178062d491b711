package sts_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"

	"sekisho/internal/arn"
	"sekisho/internal/authn"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// GetSessionToken: how long, for whom, as whom (behaviours.md 4.1, 4.5, 4.6).
func TestGetSessionToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// No policy forbids it.
	jane := w.user(management, "jane", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`)
	get := func(p call.Principal, seconds *int32) (*awssts.GetSessionTokenOutput, error) {
		return do(w, p, "GetSessionToken", w.service.GetSessionToken, &awssts.GetSessionTokenInput{DurationSeconds: seconds})
	}
	for _, c := range []struct {
		name    string
		p       call.Principal
		seconds *int32
		want    time.Duration
	}{
		{"user", long(jane), nil, 12 * time.Hour},
		{"user, 15 minutes", long(jane), aws.Int32(900), 15 * time.Minute},
		{"user, 36 hours", long(jane), aws.Int32(129600), 36 * time.Hour},
		{"root", rootUser(), nil, time.Hour},
		{"root, 36 hours", rootUser(), aws.Int32(129600), time.Hour},
		{"root, 15 minutes", rootUser(), aws.Int32(900), 15 * time.Minute},
	} {
		out, err := get(c.p, c.seconds)
		w.expect(c.name, err, "", "")
		if err != nil {
			continue
		}
		if got := out.Credentials.Expiration.Sub(w.clock.Now()); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		p := w.by(out.Credentials)
		if p.ARN != c.p.ARN || p.UserID != c.p.UserID || p.Kind != c.p.Kind || p.Entity != c.p.Entity {
			t.Errorf("%s: %+v", c.name, p)
		}
		_, err = get(p, nil)
		w.expect(c.name+" again", err, "AccessDenied", "Cannot call GetSessionToken with session credentials")
		_, err = do(w, p, "GetFederationToken", w.service.GetFederationToken, &awssts.GetFederationTokenInput{Name: aws.String("guest")})
		if code, _ := told(err); code != "AccessDenied" {
			t.Errorf("%s: GetFederationToken: %v", c.name, err)
		}
	}
	_, err := do(w, long(jane), "GetSessionToken", w.service.GetSessionToken, &awssts.GetSessionTokenInput{SerialNumber: aws.String("x")})
	w.expect("serial alone", err, "AccessDenied", "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.")

	// IAM takes such credentials with a second factor only (4.1).
	serial, code := w.phone(jane.ID, "jane")
	plain := must(get(long(jane), nil))
	strong := must(do(w, long(jane), "GetSessionToken", w.service.GetSessionToken, &awssts.GetSessionTokenInput{SerialNumber: &serial, TokenCode: aws.String(code())}))
	if _, err := w.as(strong.Credentials, "iam"); err != nil {
		t.Errorf("IAM with MFA: %v", err)
	}
	_, err = w.as(plain.Credentials, "iam")
	if e, ok := errors.AsType[*authn.Refusal](err); !ok || e.Why != authn.UnknownKey {
		t.Errorf("IAM without MFA: %v", err)
	}
	w.clock.Advance(10 * time.Second)
	if p := w.by(strong.Credentials); p.Temporary.MFAAt != w.clock.Now().Add(-10*time.Second).Unix() {
		t.Errorf("%+v", p.Temporary)
	}

	w.update(func(tx store.Tx) error { return iam.RemoveUser(tx, jane) })
	_, err = w.as(strong.Credentials, "sts")
	if e, ok := errors.AsType[*authn.Refusal](err); !ok || e.Reason != "the user is gone" {
		t.Errorf("after the user: %v", err)
	}
}

// GetFederationToken: what both the user and the session policies allow, nothing
// without a policy (behaviours.md 3.6, 4.5).
func TestGetFederationToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", allow("s3:*", "sts:GetFederationToken"))
	tagger := w.user(management, "tagger", allow("s3:*", "sts:GetFederationToken", "sts:TagSession"))
	none := w.user(management, "none", "")
	get := func(p call.Principal, change ...func(*awssts.GetFederationTokenInput)) (*awssts.GetFederationTokenOutput, error) {
		in := &awssts.GetFederationTokenInput{Name: aws.String("guest")}
		for _, f := range change {
			f(in)
		}
		return do(w, p, "GetFederationToken", w.service.GetFederationToken, in)
	}
	policy := func(actions ...string) func(*awssts.GetFederationTokenInput) {
		return func(in *awssts.GetFederationTokenInput) { in.Policy = aws.String(allow(actions...)) }
	}
	const guest = "arn:aws:sts::111122223333:federated-user/guest"
	out := must(get(long(jane), policy("s3:GetObject", "iam:GetUser")))
	if *out.FederatedUser.Arn != guest || *out.FederatedUser.FederatedUserId != "111122223333:guest" || packed(out) < 1 || !out.Credentials.Expiration.Equal(start.Add(12*time.Hour)) {
		t.Errorf("%+v %+v", out, out.FederatedUser)
	}
	p := w.by(out.Credentials)
	if p.ARN != guest || p.UserID != "111122223333:guest" {
		t.Errorf("%+v", p)
	}
	root := w.by(must(get(rootUser(), policy("s3:GetObject", "iam:GetUser"))).Credentials)
	bare := must(get(long(jane)))
	if n := packed(bare); n != 0 {
		t.Errorf("packed %d%%", n)
	}
	for _, c := range []struct {
		name   string
		p      call.Principal
		action string
		want   bool
	}{
		{"both", p, "s3:GetObject", true},
		{"the user only", p, "s3:PutObject", false},
		{"the session only", p, "iam:GetUser", false},
		{"no session policy", w.by(bare.Credentials), "s3:GetObject", false},
		{"by root", root, "iam:GetUser", true},
		{"by root, not the session", root, "s3:PutObject", false},
	} {
		if w.may(c.p, c.action, "arn:aws:s3:::b/k") != c.want {
			t.Errorf("%s: %v", c.name, !c.want)
		}
	}
	seconds := func(n int32) func(*awssts.GetFederationTokenInput) {
		return func(in *awssts.GetFederationTokenInput) { in.DurationSeconds = &n }
	}
	if got := must(get(rootUser(), seconds(129600))); !got.Credentials.Expiration.Equal(start.Add(time.Hour)) {
		t.Errorf("root: %v", got.Credentials.Expiration)
	}
	if got := must(get(long(jane), seconds(129600))); !got.Credentials.Expiration.Equal(start.Add(36 * time.Hour)) {
		t.Errorf("user: %v", got.Credentials.Expiration)
	}
	_, err := get(long(none))
	w.expect("no permission", err, "AccessDenied", denied(long(none), "sts:GetFederationToken", guest)+" because no identity-based policy allows the sts:GetFederationToken action")
	withTags := func(in *awssts.GetFederationTokenInput) { in.Tags = tags("team", "a") }
	_, err = get(long(jane), withTags)
	w.expect("tags without TagSession", err, "AccessDenied", denied(long(jane), "sts:TagSession", guest)+" because no identity-based policy allows the sts:TagSession action")
	if p := w.by(must(get(long(tagger), withTags)).Credentials); len(p.Temporary.Tags) != 1 || len(p.Temporary.TransitiveTags) != 0 {
		t.Errorf("%+v", p.Temporary)
	}
	_, err = get(long(tagger), func(in *awssts.GetFederationTokenInput) { in.Tags = tags("a", "1", "A", "2") })
	w.expect("duplicate tags", err, "InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
	_, err = get(long(jane), func(in *awssts.GetFederationTokenInput) { in.Policy = aws.String("{") })
	w.expect("bad policy", err, "MalformedPolicyDocument", "Syntax errors in policy.")
	r := w.role(management, "R", trust("*"), allow("*"))
	session := w.by(must(w.assume(long(w.user(management, "chief", allow("*"))), r.ARN())).Credentials)
	_, err = get(session)
	w.expect("role session", err, "AccessDenied", "Cannot call GetFederationToken with session credentials")

	// IAM never; STS says who one is, and that is all.
	_, err = w.as(out.Credentials, "iam")
	if e, ok := errors.AsType[*authn.Refusal](err); !ok || e.Why != authn.UnknownKey {
		t.Errorf("IAM: %v", err)
	}
	all := w.by(must(get(long(w.user(management, "everything", allow("*"))), policy("*"))).Credentials)
	if who := must(do(w, all, "GetCallerIdentity", w.service.GetCallerIdentity, &awssts.GetCallerIdentityInput{})); *who.Arn != guest {
		t.Errorf("%+v", who)
	}
	_, err = do(w, all, "GetAccessKeyInfo", w.service.GetAccessKeyInfo, &awssts.GetAccessKeyInfoInput{AccessKeyId: aws.String("AKIAEXAMPLEEXAMPLE")})
	w.expect("GetAccessKeyInfo", err, "AccessDenied", "Cannot call GetAccessKeyInfo with session credentials")
	_, err = do(w, all, "DecodeAuthorizationMessage", w.service.DecodeAuthorizationMessage, &awssts.DecodeAuthorizationMessageInput{EncodedMessage: aws.String("x")})
	w.expect("DecodeAuthorizationMessage", err, "AccessDenied", "Cannot call DecodeAuthorizationMessage with session credentials")

	w.update(func(tx store.Tx) error { return iam.RemoveUser(tx, jane) })
	_, err = w.as(out.Credentials, "sts")
	if e, ok := errors.AsType[*authn.Refusal](err); !ok || e.Reason != "the user is gone" {
		t.Errorf("after the user: %v", err)
	}
}

// GetAccessKeyInfo tells the account of any key in any state (behaviours.md 4.8).
func TestGetAccessKeyInfo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", allow("sts:GetAccessKeyInfo"))
	var key iam.AccessKey
	w.update(func(tx store.Tx) (err error) {
		if key, err = iam.CreateAccessKey(tx, start, iam.Holder{Account: production}); err != nil {
			return err
		}
		key.Active = false
		return errors.Join(tx.PutAccessKey(key), tx.PutAccessKey(iam.AccessKey{ID: "AKIAIOSFODNN7EXAMPLE", Account: production, Secret: key.Secret, CreatedAt: start}))
	})
	for id, account := range map[string]string{
		key.ID: production, "AKIAIOSFODNN7EXAMPLE": production, arn.NewUniqueID("ASIA", management): management,
		arn.NewUniqueID("AKIA", "999999999999"): "", "AKIAXXXXXXXXXXXXXXXX": "",
	} {
		out, err := do(w, long(jane), "GetAccessKeyInfo", w.service.GetAccessKeyInfo, &awssts.GetAccessKeyInfoInput{AccessKeyId: &id})
		if account == "" {
			w.expect(id, err, "ValidationError", "Invalid Access Key ID: "+id)
		} else if err != nil || *out.Account != account {
			t.Errorf("%s: %+v, %v", id, out, err)
		}
	}
	_, err := do(w, long(w.user(management, "none", "")), "GetAccessKeyInfo", w.service.GetAccessKeyInfo, &awssts.GetAccessKeyInfoInput{AccessKeyId: &key.ID})
	if code, _ := told(err); code != "AccessDenied" {
		t.Errorf("without permission: %v", err)
	}
}
