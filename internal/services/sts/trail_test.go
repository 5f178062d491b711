package sts_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/services/sts"
	"sekisho/internal/store"
)

// The account of a role learns that somebody of another account asked for it,
// whatever came of it; nobody learns of a role that there is not (promise 23).
func TestAccountOfRoleLearns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin, other, none := w.user(management, "admin", allow("*")), w.user(production, "other", allow("*")), w.user(management, "none", "")
	r := w.role(production, "R", trust(admin.ARN()), "")
	assume := func(p call.Principal, roleARN string) *audit.Event {
		c := w.call(p)
		_, _ = w.service.AssumeRole(t.Context(), c, &awssts.AssumeRoleInput{RoleArn: &roleARN, RoleSessionName: aws.String("session")})
		return c.Event
	}
	root := func(p call.Principal, target string) *audit.Event {
		c := w.call(p)
		in := &awssts.AssumeRootInput{TargetPrincipal: &target, TaskPolicyArn: &types.PolicyDescriptorType{Arn: aws.String(rootTask + "IAMAuditRootUserCredentials")}}
		if _, err := (sts.Names{}).Target(t.Context(), c, sts.Table["AssumeRoot"], in); err != nil {
			t.Fatal(err)
		}
		return c.Event
	}
	for _, c := range []struct {
		name   string
		event  *audit.Event
		learns string
		issued bool
	}{
		{"a role of another account", assume(long(admin), r.ARN()), production, true},
		{"one that does not trust the caller", assume(long(none), r.ARN()), production, false},
		{"one of the caller's account", assume(long(other), r.ARN()), "", false},
		{"no role", assume(long(admin), arn.Role(production, "/", "None")), "", false},
		{"the root user of another account", root(long(admin), production), production, false},
		{"the caller's account's own", root(long(admin), management), "", false},
		{"no account", root(long(admin), "x"), "", false},
	} {
		learns := ""
		if e := c.event.ForShared(); e != nil {
			learns = e.Account
		}
		if issued := c.event.Detail[audit.IssuedKey] != ""; learns != c.learns || issued != c.issued {
			t.Errorf("%s: %s learns of it, want %q; %+v", c.name, learns, c.learns, c.event)
		}
	}
}

// The account whose power was delegated learns that it was taken up, in the
// transaction of that, and by which key it will be used.
func TestAccountOfApproverLearns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.providing(allow("s3:*"))
	d := w.delegate(long(w.user(production, "jane", allow("s3:*"))), "workflow-1")
	if _, err := w.trade(rootIn(provider), d.token+"x"); err == nil {
		t.Error("a wrong token is good")
	}
	out := must(w.trade(rootIn(provider), d.token))
	w.update(func(tx store.Tx) error {
		for _, account := range []string{production, provider} {
			events, err := tx.Events(store.EventFilter{Account: account, Name: "test"})
			if err != nil {
				return err
			}
			if len(events) != 1 || events[0].Detail[audit.IssuedKey] != *out.Credentials.AccessKeyId || events[0].PrincipalID != arn.Root(provider) ||
				events[0].Detail["delegationRequestId"] != d.id {
				t.Errorf("%s: %+v", account, events)
			}
		}
		return nil
	})
}

// A refusal that was one of very many has no explanation; what the trail has of
// it is told instead, but for what is another account's.
func TestDecodeWithoutExplanation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.user(management, "admin", allow("*"))
	for id, resource := range map[string]string{"own": arn.User(management, "/", "jane"), "foreign": arn.Role(production, "/", "R")} {
		w.decisions[id] = audit.Event{
			Account: management, Source: "iam.amazonaws.com", Name: "DeleteUser", PrincipalID: "p", Resource: resource, ErrorReason: "because", DecisionID: id,
		}
		out := must(do(w, long(admin), "DecodeAuthorizationMessage", w.service.DecodeAuthorizationMessage, &awssts.DecodeAuthorizationMessageInput{EncodedMessage: aws.String(id)}))
		var got struct {
			Failures struct{ Items []string }
			Context  struct {
				Principal        struct{ ARN string }
				Action, Resource string
			}
		}
		if err := json.Unmarshal([]byte(*out.DecodedMessage), &got); err != nil {
			t.Fatal(err)
		}
		want := map[string][]string{"own": {"because"}, "foreign": {}}[id]
		if !slices.Equal(got.Failures.Items, want) || got.Context.Action != "iam:DeleteUser" || got.Context.Resource != resource || got.Context.Principal.ARN != "p" {
			t.Errorf("%s: %s", id, *out.DecodedMessage)
		}
	}
}
