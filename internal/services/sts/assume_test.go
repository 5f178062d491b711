package sts_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/pquerna/otp/totp"

	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/authn"
	"sekisho/internal/authz"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

// Who may assume which role (behaviours.md 3.8): trust alone where it names the
// caller in its own account, trust and the caller's own policies elsewhere.
func TestWhoMayAssume(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	may := w.user(management, "may", allow("sts:AssumeRole"))
	mayNot := w.user(management, "may-not", "")
	mustNot := w.user(management, "must-not", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"sts:AssumeRole","Resource":"*"}]}`)
	for i, c := range []struct {
		name   string
		in     string // account of the role
		trust  string
		caller iam.User
		want   bool
	}{
		{"same account, user named, no policy", management, trust(mayNot.ARN()), mayNot, true},
		{"same account, another user named", management, trust(may.ARN()), mayNot, false},
		{"same account, account named, no policy", management, trust(arn.Root(management)), mayNot, false},
		{"same account, account named, policy", management, trust(arn.Root(management)), may, true},
		{"same account, account by id", management, trust(management), may, true},
		{"same account, everybody, no policy", management, trust("*"), mayNot, false},
		{"same account, everybody, policy", management, trust("*"), may, true},
		{"same account, user named, denied by own policy", management, trust(mustNot.ARN()), mustNot, false},
		{"other account, user named, no policy", production, trust(mayNot.ARN()), mayNot, false},
		{"other account, user named, policy", production, trust(may.ARN()), may, true},
		{"other account, account named, policy", production, trust(arn.Root(management)), may, true},
		{"other account, account named, no policy", production, trust(arn.Root(management)), mayNot, false},
		{"other account, everybody, policy", production, trust("*"), may, true},
		{"other account, everybody, no policy", production, trust("*"), mayNot, false},
		{"other account, own account named", production, trust(arn.Root(production)), may, false},
		{"trust allows another action", management, trusting(`{"AWS":"`+may.ARN()+`"}`, `"sts:TagSession"`), may, false},
		{"trust denies", management, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"},` +
			`{"Effect":"Deny","Principal":{"AWS":"` + may.ARN() + `"},"Action":"sts:AssumeRole"}]}`, may, false},
		{"trust names a service", management, trusting(`{"Service":"ec2.amazonaws.com"}`, `"sts:AssumeRole"`), may, false},
	} {
		r := w.role(c.in, fmt.Sprintf("role-%d", i), c.trust, "")
		out, err := w.assume(long(c.caller), r.ARN())
		if !c.want {
			w.expect(c.name, err, "AccessDenied", denied(long(c.caller), "sts:AssumeRole", r.ARN()))
			continue
		}
		w.expect(c.name, err, "", "")
		if err == nil && (*out.AssumedRoleUser.Arn != arn.AssumedRole(c.in, r.Name, "session") || *out.AssumedRoleUser.AssumedRoleId != r.ID+":session" ||
			packed(out) != 0 || out.SourceIdentity != nil || !out.Credentials.Expiration.Equal(start.Add(time.Hour))) {
			t.Errorf("%s: %+v", c.name, out)
		}
	}
}

// A role that is not there is answered as one that does not trust, and so are
// names that are nearly right; also to whom decodes the refusal (behaviours.md 4.2).
func TestNobodyLearnsWhichRolesThereAre(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", allow("sts:*"))
	w.role(production, "Guarded", trust(arn.Root(production), `,"Condition":{"StringEquals":{"sts:ExternalId":"correct-horse"}}`), "")
	w.role(production, "Forbidden", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}]}`, "")
	w.role(production, "Secret", trust(jane.ARN(), `,"Condition":{"StringEquals":{"sts:ExternalId":"correct-horse"}}`), "")
	var first string
	for _, name := range []string{"Nothing", "Guarded", "Forbidden", "Secret", "guarded", "path/Guarded"} {
		roleARN := "arn:aws:iam::" + production + ":role/" + name
		_, err := w.assume(long(jane), roleARN, func(in *awssts.AssumeRoleInput) { in.ExternalId = aws.String("guess") })
		w.expect(name, err, "AccessDenied", denied(long(jane), "sts:AssumeRole", roleARN))
		decoded := strings.ReplaceAll(w.decode(jane, err), name, "X")
		if first == "" {
			first = decoded
		}
		if decoded != first {
			t.Errorf("%s: decoded as\n%s\nand nothing as\n%s", name, decoded, first)
		}
		if strings.Contains(decoded, "correct-horse") {
			t.Errorf("%s: the external id is told: %s", name, decoded)
		}
	}
	for _, bad := range []string{"role", "arn:aws:iam::111122223333:user/jane", "arn:aws:iam::1:role/x", "arn:aws:sts::111122223333:assumed-role/a/b", "arn:aws:iam::111122223333:role"} {
		_, err := w.assume(long(jane), bad)
		w.expect(bad, err, "ValidationError", bad+" is invalid")
	}
}

// decode keeps the refusal as the gateway does and decodes it for the user.
func (w *world) decode(u iam.User, refusal error) string {
	w.Helper()
	d, ok := errors.AsType[*authz.Denial](refusal)
	if !ok {
		w.Fatalf("no denial: %v", refusal)
	}
	w.decisions["id"] = audit.Event{Account: u.Account, UserName: u.Name, Identity: audit.IAMUserIdentity(u.ID, false), ErrorReason: d.Reason, Decision: d.Explanation()}
	out, err := do(w, long(u), "DecodeAuthorizationMessage", w.service.DecodeAuthorizationMessage, &awssts.DecodeAuthorizationMessageInput{EncodedMessage: aws.String("id")})
	if err != nil {
		w.Fatal(err)
	}
	return *out.DecodedMessage
}

// A refusal within the account is explained whole, to the account only
// (behaviours.md 4.8).
func TestDecodeAuthorizationMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", `{"Version":"2012-10-17","Statement":[{"Sid":"Most","Effect":"Allow","Action":"*","Resource":"*"},`+
		`{"Sid":"NotThose","Effect":"Deny","Action":"sts:AssumeRole","Resource":"*","Condition":{"StringEquals":{"aws:SourceIp":"192.0.2.7"}}}]}`)
	r := w.role(management, "Own", trust(jane.ARN()), "")
	_, err := w.assume(long(jane), r.ARN())
	var m struct {
		Allowed, ExplicitDeny bool
		MatchedStatements     struct{ Items []struct{ Layer string } }
		Failures              struct{ Items []string }
		Context               struct {
			Principal        struct{ ID, Name, Arn string }
			Action, Resource string
			Conditions       struct {
				Items []struct {
					Key    string
					Values []string
				}
			}
		}
	}
	text := w.decode(jane, err)
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	if m.Allowed || !m.ExplicitDeny || m.Context.Action != "sts:AssumeRole" || m.Context.Resource != r.ARN() || m.Context.Principal.Arn != jane.ARN() || m.Context.Principal.ID != jane.ID || m.Context.Principal.Name != "jane" ||
		!reflect.DeepEqual(m.Failures.Items, []string{"with an explicit deny in an identity-based policy"}) || len(m.Context.Conditions.Items) != 1 ||
		len(m.MatchedStatements.Items) != 2 || !strings.Contains(text, "NotThose") {
		t.Errorf("%s", text)
	}
	stranger := w.user(production, "stranger", allow("sts:*"))
	for name, c := range map[string]struct {
		who iam.User
		id  string
	}{"unknown": {jane, "nothing"}, "of another account": {stranger, "id"}} {
		_, err := do(w, long(c.who), "DecodeAuthorizationMessage", w.service.DecodeAuthorizationMessage, &awssts.DecodeAuthorizationMessageInput{EncodedMessage: &c.id})
		w.expect(name, err, "InvalidAuthorizationMessageException", "Message is not valid")
	}

	// What the organization says is its own: members learn that it was an SCP.
	w.control(org.Policy{ID: "p-12345678", Type: org.ServiceControl, Name: "Perimeter", Document: `{"Version":"2012-10-17","Statement":[{"Sid":"Hidden","Effect":"Deny","Action":"sts:AssumeRole","Resource":"*"}]}`}, "/")
	own := w.role(production, "Own", trust(stranger.ARN()), "")
	_, err = w.assume(long(stranger), own.ARN())
	if text := w.decode(stranger, err); !strings.Contains(text, "with an explicit deny in a service control policy") || strings.Contains(text, "Hidden") || strings.Contains(text, "Perimeter") {
		t.Errorf("%s", text)
	}
}

// The confused deputy is stopped by the external id, and an external id that
// nobody asks for does no harm.
func TestExternalID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", allow("sts:AssumeRole"))
	guarded := w.role(production, "Guarded", trust(arn.Root(management), `,"Condition":{"StringEquals":{"sts:ExternalId":"one-of-ours"}}`), "")
	open := w.role(production, "Open", trust(arn.Root(management)), "")
	with := func(id string) func(*awssts.AssumeRoleInput) {
		return func(in *awssts.AssumeRoleInput) { in.ExternalId = orNil(id) }
	}
	for id, good := range map[string]bool{"": false, "another": false, "one-of-ours": true, "One-Of-Ours": false} {
		_, err := w.assume(long(jane), guarded.ARN(), with(id))
		if code, _ := told(err); code != map[bool]string{true: "", false: "AccessDenied"}[good] {
			t.Errorf("external id %q: %v", id, err)
		}
		_, err = w.assume(long(jane), open.ARN(), with(id))
		w.expect("unasked", err, "", "")
	}
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Callers who may never assume a role (behaviours.md 4.1, 4.2).
func TestWhoMayNeverAssume(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.role(management, "R", trust("*"), "")
	_, err := w.assume(rootUser(), r.ARN())
	w.expect("root", err, "AccessDenied", "Roles may not be assumed by root accounts.")
	jane := w.user(management, "jane", allow("*"))
	fed := must(do(w, long(jane), "GetFederationToken", w.service.GetFederationToken, &awssts.GetFederationTokenInput{Name: aws.String("guest"), Policy: aws.String(allow("*"))}))
	_, err = w.assume(w.by(fed.Credentials), r.ARN())
	w.expect("federated user", err, "AccessDenied", "Cannot call AssumeRole with credentials of GetFederationToken")
	session := must(do(w, rootUser(), "GetSessionToken", w.service.GetSessionToken, &awssts.GetSessionTokenInput{}))
	_, err = w.assume(w.by(session.Credentials), r.ARN())
	w.expect("root's session", err, "AccessDenied", "Roles may not be assumed by root accounts.")
	// The user's own session may.
	own := must(do(w, long(jane), "GetSessionToken", w.service.GetSessionToken, &awssts.GetSessionTokenInput{}))
	_, err = w.assume(w.by(own.Credentials), r.ARN())
	w.expect("user's session", err, "", "")
	_, err = w.assume(long(jane), r.ARN(), func(in *awssts.AssumeRoleInput) {
		in.ProvidedContexts = []types.ProvidedContext{{ProviderArn: aws.String("arn:aws:iam::aws:contextProvider/IdentityCenter"), ContextAssertion: aws.String("abcd")}}
	})
	w.expect("contexts", err, "ValidationError", "ProvidedContexts are not supported: no context provider is set up")
}

// A chain of roles: an hour at most, after the role's own maximum was looked at;
// self-assumption needs the role's own ARN in its trust policy.
func TestChains(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", "")
	first := w.role(management, "First", trust(jane.ARN()), allow("sts:AssumeRole"), func(r *iam.Role) { r.Path, r.MaxSessionSeconds = "/team/a/", 43200 })
	second := w.role(production, "Second", trust(first.ARN()), "", func(r *iam.Role) { r.MaxSessionSeconds = 7200 })
	with := func(seconds int32) func(*awssts.AssumeRoleInput) {
		return func(in *awssts.AssumeRoleInput) { in.DurationSeconds = &seconds }
	}
	const tooLong, chained = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
		"The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
	for seconds, message := range map[int32]string{900: "", 43200: ""} {
		_, err := w.assume(long(jane), first.ARN(), with(seconds))
		w.expect("first", err, "", message)
	}
	out := must(w.assume(long(jane), first.ARN(), with(43200)))
	// The path is not in the session's ARN (behaviours.md 4.6).
	p := w.by(out.Credentials)
	if p.ARN != "arn:aws:sts::111122223333:assumed-role/First/session" || p.EntityARN != first.ARN() || p.UserID != first.ID+":session" {
		t.Errorf("%+v", p)
	}
	who := must(do(w, p, "GetCallerIdentity", w.service.GetCallerIdentity, &awssts.GetCallerIdentityInput{}))
	if *who.Arn != p.ARN || *who.UserId != first.ID+":session" || *who.Account != management {
		t.Errorf("%+v", who)
	}
	for seconds, message := range map[int32]string{900: "", 3600: "", 3601: chained, 7200: chained, 7201: tooLong, 43200: tooLong} {
		_, err := w.assume(p, second.ARN(), with(seconds))
		w.expect(fmt.Sprint("second for ", seconds), err, map[bool]string{true: "ValidationError"}[message != ""], message)
	}
	_, err := w.assume(p, first.ARN())
	w.expect("itself", err, "AccessDenied", denied(p, "sts:AssumeRole", first.ARN()))
	w.retrust(first, trusting(fmt.Sprintf(`{"AWS":[%q,%q]}`, jane.ARN(), first.ARN()), `"sts:AssumeRole"`))
	_, err = w.assume(p, first.ARN())
	w.expect("itself, trusted", err, "", "")

	// Trust may name one session of a role.
	w.retrust(second, trust(p.ARN))
	_, err = w.assume(p, second.ARN())
	w.expect("by session", err, "", "")
	other := w.by(must(w.assume(long(jane), first.ARN(), func(in *awssts.AssumeRoleInput) { in.RoleSessionName = aws.String("another") })).Credentials)
	_, err = w.assume(other, second.ARN())
	w.expect("another session", err, "AccessDenied", denied(other, "sts:AssumeRole", second.ARN()))
}

// What happens to a role after its sessions began (behaviours.md 2.3, 3.8,
// promise 12).
func TestSessionsAndTheirRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", "")
	r := w.role(management, "R", trust(jane.ARN()), allow("s3:GetObject"))
	out := must(w.assume(long(jane), r.ARN()))
	p := w.by(out.Credentials)
	if !w.may(p, "s3:GetObject", "arn:aws:s3:::b/k") {
		t.Error("the role's policy does not count")
	}

	w.retrust(r, trust(arn.Root(production)))
	p = w.by(out.Credentials)
	if _, err := w.assume(long(jane), r.ARN()); err == nil {
		t.Error("a new session by the old trust")
	}
	w.update(func(tx store.Tx) error { return iam.DeleteInlinePolicy(tx, management, iam.RoleKind, "R", "inline") })
	if w.may(p, "s3:GetObject", "arn:aws:s3:::b/k") {
		t.Error("a policy that is gone still allows")
	}
	w.update(func(tx store.Tx) error { return iam.DeleteRole(tx, must(tx.Role(r.ID))) })
	refused := func(what string) {
		t.Helper()
		_, err := w.as(out.Credentials, "sts")
		if e, ok := errors.AsType[*authn.Refusal](err); !ok || e.Why != authn.UnknownKey || e.Reason != "the role is gone" {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("deleted")
	w.role(management, "R", trust(jane.ARN()), allow("s3:GetObject"))
	refused("made anew")

	// Trust by name ends with the user too: its ARN was kept as an id.
	w.update(func(tx store.Tx) error { return tx.DeleteIAMUser(jane.ID) })
	again := w.user(management, "jane", "")
	_, err := w.assume(long(again), r.ARN())
	w.expect("another user of that name", err, "AccessDenied", denied(long(again), "sts:AssumeRole", r.ARN()))
}

// The expiry is to the second, and the answer then is ExpiredToken.
func TestSessionEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", "")
	r := w.role(management, "R", trust(jane.ARN()), "")
	out := must(w.assume(long(jane), r.ARN(), func(in *awssts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(900) }))
	w.clock.Advance(899 * time.Second)
	w.by(out.Credentials)
	w.clock.Advance(time.Second)
	_, err := w.as(out.Credentials, "sts")
	if e, ok := errors.AsType[*authn.Refusal](err); !ok || e.Why != authn.ExpiredToken {
		t.Errorf("%v", err)
	}
}

// AWSRevokeOlderSessions, which the console puts on a role, ends what was issued
// before and nothing else (behaviours.md 4.8).
func TestRevokeOlderSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", "")
	r := w.role(management, "R", trust(jane.ARN()), allow("s3:*"))
	old := w.by(must(w.assume(long(jane), r.ARN())).Credentials)
	w.clock.Advance(time.Minute)
	w.update(func(tx store.Tx) error {
		return iam.PutInlinePolicy(tx, management, iam.RoleKind, "R", "AWSRevokeOlderSessions",
			`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["*"],"Resource":["*"],"Condition":{"DateLessThan":{"aws:TokenIssueTime":"`+
				w.clock.Now().Format("2006-01-02T15:04:05.000Z")+`"}}}]}`)
	})
	fresh := w.by(must(w.assume(long(jane), r.ARN())).Credentials)
	if w.may(old, "s3:GetObject", "*") || !w.may(fresh, "s3:GetObject", "*") {
		t.Errorf("old %v, new %v", w.may(old, "s3:GetObject", "*"), w.may(fresh, "s3:GetObject", "*"))
	}
}

// phone is a virtual MFA device of a user of the first account, or of its root
// user for "".
func (w *world) phone(user, name string) (serial string, code func() string) {
	w.Helper()
	var d iam.MFADevice
	var seed string
	now := w.clock.Now()
	at := func(t time.Time) string { return must(totp.GenerateCode(seed, t)) }
	w.update(func(tx store.Tx) (err error) {
		if d, err = iam.CreateVirtualMFADevice(tx, now, management, "/", name, nil); err != nil {
			return err
		}
		seed = d.Seed.Reveal()
		return iam.EnableMFADevice(tx, now, iam.Holder{Account: management, User: iam.User{ID: user}}, d.Serial, at(now.Add(-30*time.Second)), at(now))
	})
	w.clock.Advance(time.Minute)
	return d.Serial, func() string { return at(w.clock.Now()) }
}

// A trust policy can ask for a second factor: right once, wrong, used, another's
// (behaviours.md 4.2, R-17).
func TestSecondFactor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane, taro := w.user(management, "jane", ""), w.user(management, "taro", "")
	serial, code := w.phone(jane.ID, "jane")
	taros, tarosCode := w.phone(taro.ID, "taro")
	r := w.role(management, "R", trust(arn.Root(management), `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"},"NumericLessThan":{"aws:MultiFactorAuthAge":"60"}}`), allow("s3:*"))
	w.update(func(tx store.Tx) error {
		return iam.PutInlinePolicy(tx, management, iam.UserKind, "jane", "p", allow("sts:AssumeRole"))
	})
	with := func(serial, code string) func(*awssts.AssumeRoleInput) {
		return func(in *awssts.AssumeRoleInput) { in.SerialNumber, in.TokenCode = orNil(serial), orNil(code) }
	}
	const wrong, incomplete, unknown = "MultiFactorAuthentication failed with invalid MFA one time pass code.",
		"MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.",
		"MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user."
	bad := "000000"
	if code() == bad {
		bad = "000001"
	}
	good := code()
	for _, c := range []struct{ name, serial, code, message string }{
		{"none", "", "", denied(long(jane), "sts:AssumeRole", r.ARN())},
		{"serial alone", serial, "", incomplete},
		{"code alone", "", good, incomplete},
		{"another's", taros, tarosCode(), unknown},
		{"no such device", serial + "x", good, unknown},
		{"wrong", serial, bad, wrong},
		{"right", serial, good, ""},
		{"used", serial, good, wrong},
	} {
		_, err := w.assume(long(jane), r.ARN(), with(c.serial, c.code))
		w.expect(c.name, err, map[bool]string{true: "AccessDenied"}[c.message != ""], c.message)
	}
	// The factor is the caller's, not the session's.
	w.clock.Advance(time.Minute)
	p := w.by(must(w.assume(long(jane), r.ARN(), with(serial, code()))).Credentials)
	if p.Temporary.MFAAt != 0 {
		t.Errorf("%+v", p.Temporary)
	}
	_, err := w.assume(p, r.ARN(), with(serial, code()))
	w.expect("a role has no device", err, "AccessDenied", unknown)

	// GetSessionToken carries the factor to where no code can be given.
	w.clock.Advance(time.Minute)
	own := must(do(w, long(jane), "GetSessionToken", w.service.GetSessionToken, &awssts.GetSessionTokenInput{SerialNumber: &serial, TokenCode: aws.String(code())}))
	_, err = w.assume(w.by(own.Credentials), r.ARN())
	w.expect("by a session with MFA", err, "", "")
	w.clock.Advance(61 * time.Second)
	_, err = w.assume(w.by(own.Credentials), r.ARN())
	w.expect("too long ago", err, "AccessDenied", denied(long(jane), "sts:AssumeRole", r.ARN()))
}

// Guessing codes ends soon, and only one's own device can be locked by it.
func TestCodesCannotBeGuessed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane, taro := w.user(management, "jane", allow("*")), w.user(management, "taro", allow("*"))
	serial, code := w.phone(jane.ID, "jane")
	r := w.role(management, "R", trust(management), "")
	guess := func(u iam.User, code string) string {
		_, err := w.assume(long(u), r.ARN(), func(in *awssts.AssumeRoleInput) { in.SerialNumber, in.TokenCode = &serial, &code })
		got, _ := told(err)
		return got
	}
	for range 20 {
		if got := guess(taro, "000000"); got != "AccessDenied" {
			t.Fatalf("another's device: %s", got)
		}
	}
	if got := guess(jane, code()); got != "" {
		t.Fatalf("another's guesses count: %s", got)
	}
	w.clock.Advance(time.Minute)
	looked := 0
	for range 20 {
		if guess(jane, "000000") == "AccessDenied" {
			looked++
		}
	}
	if got := guess(jane, code()); looked > 6 || got == "" {
		t.Errorf("%d codes were looked at, and then the right one: %q", looked, got)
	}
}

// Session policies narrow what the role may, and never widen it (promise 13):
// for random policies, whatever the session may, the role may.
func TestSessionPoliciesNarrow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rng := rand.New(rand.NewPCG(7, 13))
	jane := w.user(management, "jane", "")
	actions := []string{"s3:GetObject", "s3:PutObject", "sqs:SendMessage", "iam:GetUser", "s3:*", "*"}
	resources := []string{"arn:aws:s3:::a/1", "arn:aws:s3:::a/2", "arn:aws:s3:::b/1", "arn:aws:s3:::a/*", "*"}
	pick := func(from []string) string { return from[rng.IntN(len(from))] }
	random := func() string {
		var b strings.Builder
		for i := range 1 + rng.IntN(3) {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"Effect":%q,"Action":%q,"Resource":%q}`, []string{"Allow", "Allow", "Deny"}[rng.IntN(3)], pick(actions), pick(resources))
		}
		return `{"Version":"2012-10-17","Statement":[` + b.String() + `]}`
	}
	r := w.role(management, "R", trust(jane.ARN()), "")
	narrowed, kept := 0, 0
	for range 60 {
		of, with, managed := random(), random(), random()
		w.update(func(tx store.Tx) error { return iam.PutInlinePolicy(tx, management, iam.RoleKind, "R", "inline", of) })
		var policyARN string
		w.update(func(tx store.Tx) error {
			m, err := iam.CreatePolicy(tx, start, management, iam.NewPolicy{Path: "/", Name: fmt.Sprint("p", rng.Uint64()), Document: managed})
			policyARN = m.ARN()
			return err
		})
		plain := w.by(must(w.assume(long(jane), r.ARN())).Credentials)
		less := w.by(must(w.assume(long(jane), r.ARN(), func(in *awssts.AssumeRoleInput) { in.Policy = &with })).Credentials)
		least := w.by(must(w.assume(long(jane), r.ARN(), func(in *awssts.AssumeRoleInput) {
			in.PolicyArns = []types.PolicyDescriptorType{{Arn: &policyARN}}
		})).Credentials)
		for _, action := range actions[:4] {
			for _, resource := range resources[:3] {
				role := w.may(plain, action, resource)
				for document, p := range map[string]call.Principal{with: less, managed: least} {
					session := w.may(p, action, resource)
					if session && !role {
						t.Fatalf("%s on %s: the role %s may not, its session with %s may", action, resource, of, document)
					}
					if session {
						kept++
					} else if role {
						narrowed++
					}
				}
			}
		}
	}
	if kept == 0 || narrowed == 0 {
		t.Errorf("the policies were no test: %d kept, %d narrowed", kept, narrowed)
	}
}

// What of session policies is refused, and how full a session is.
func TestSessionPoliciesAreChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", "")
	r := w.role(management, "R", trust(jane.ARN()), allow("*"))
	foreign := "arn:aws:iam::" + production + ":policy/P"
	arns := func(list ...string) func(*awssts.AssumeRoleInput) {
		return func(in *awssts.AssumeRoleInput) {
			for _, a := range list {
				in.PolicyArns = append(in.PolicyArns, types.PolicyDescriptorType{Arn: &a})
			}
		}
	}
	inline := func(document string) func(*awssts.AssumeRoleInput) {
		return func(in *awssts.AssumeRoleInput) { in.Policy = &document }
	}
	readOnly := "arn:aws:iam::aws:policy/ReadOnlyAccess"
	for _, c := range []struct {
		name          string
		change        func(*awssts.AssumeRoleInput)
		code, message string
	}{
		{"not JSON", inline("x"), "MalformedPolicyDocument", "Syntax errors in policy."},
		{"with a principal", inline(trust("*")), "MalformedPolicyDocument", "Policy document should not specify a principal."},
		{"not an ARN", arns("policy"), "ValidationError", "policy is invalid"},
		{"of another account", arns(foreign), "ValidationError", "The policy " + foreign + " must be in the same account as the role."},
		{"not there", arns("arn:aws:iam::111122223333:policy/None"), "MalformedPolicyDocument", "The policy arn:aws:iam::111122223333:policy/None does not exist."},
		{"eleven", arns(readOnly, readOnly, readOnly, readOnly, readOnly, readOnly, readOnly, readOnly, readOnly, readOnly, readOnly), "PackedPolicyTooLarge",
			"The session policies have 418 characters and 11 policy ARNs; at most 2048 characters and 10 ARNs fit."},
		{"too many characters", inline(allow(strings.Repeat("s3:GetObject", 200))), "PackedPolicyTooLarge",
			"The session policies have 2486 characters and 0 policy ARNs; at most 2048 characters and 10 ARNs fit."},
		{"AWS's", arns(readOnly), "", ""},
	} {
		_, err := w.assume(long(jane), r.ARN(), c.change)
		w.expect(c.name, err, c.code, c.message)
	}
	out := must(w.assume(long(jane), r.ARN(), inline(allow("s3:*"))))
	if n := packed(out); n < 1 || n > 10 {
		t.Errorf("packed %d%%", n)
	}
	p := w.by(must(w.assume(long(jane), r.ARN(), arns(readOnly))).Credentials)
	if !w.may(p, "s3:GetObject", "*") || w.may(p, "s3:PutObject", "*") {
		t.Error("ReadOnlyAccess as a session policy does not read only")
	}
	// Text that does not pack: full, and then more than full.
	random := func(n int) (tags []types.Tag) {
		rng := rand.New(rand.NewPCG(1, 1))
		for i := range n {
			b := make([]byte, 256)
			for j := range b {
				b[j] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+="[rng.IntN(64)]
			}
			tags = append(tags, types.Tag{Key: aws.String(fmt.Sprint("k", i)), Value: aws.String(string(b))})
		}
		return tags
	}
	full := must(w.assume(long(jane), r.ARN(), func(in *awssts.AssumeRoleInput) { in.Tags = random(18) }))
	if n := packed(full); n < 80 || n > 100 {
		t.Errorf("packed %d%%", n)
	}
	w.by(full.Credentials)
	_, err := w.assume(long(jane), r.ARN(), func(in *awssts.AssumeRoleInput) { in.Tags = random(30) })
	if code, message := told(err); code != "PackedPolicyTooLarge" || !strings.HasPrefix(message, "Packed size of session policies and tags consumes 1") {
		t.Errorf("%v", err)
	}
}

// The trail says which session of a role began, and with which key its calls
// will be signed.
func TestTrailOfAssumptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user(management, "jane", "")
	r := w.role(management, "R", trust(jane.ARN()), "")
	c := w.call(long(jane))
	out := must(w.service.AssumeRole(t.Context(), c, &awssts.AssumeRoleInput{
		RoleArn: aws.String(r.ARN()), RoleSessionName: aws.String("session"), SourceIdentity: aws.String("jane.doe"), ExternalId: aws.String("secret"),
	}))
	want := map[string]string{"roleSessionName": "session", "sourceIdentity": "jane.doe", "issuedAccessKeyId": *out.Credentials.AccessKeyId}
	if !reflect.DeepEqual(c.Event.Detail, want) || c.Event.Resource != r.ARN() {
		t.Errorf("%+v, want %v", c.Event, want)
	}
}
