package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/gateway"
	"sekisho/internal/store"
)

// syntheticChanges are operations that change something and one that does not.
type syntheticChanges struct {
	db  store.DB
	set map[string]string // what the service itself says in the event
	err error
}

func (s *syntheticChanges) done(ctx context.Context, c *call.Call) error {
	for k, v := range s.set {
		c.Event.Set(k, v)
	}
	if s.err != nil || c.Event.ReadOnly {
		return s.err
	}
	return s.db.Update(ctx, c.Event, func(store.Tx) error { return nil })
}

func (s *syntheticChanges) AttachUserPolicy(ctx context.Context, c *call.Call, _ *iam.AttachUserPolicyInput) (*iam.AttachUserPolicyOutput, error) {
	return &iam.AttachUserPolicyOutput{}, s.done(ctx, c)
}

func (s *syntheticChanges) PutUserPolicy(ctx context.Context, c *call.Call, _ *iam.PutUserPolicyInput) (*iam.PutUserPolicyOutput, error) {
	return &iam.PutUserPolicyOutput{}, s.done(ctx, c)
}

func (s *syntheticChanges) TagUser(ctx context.Context, c *call.Call, _ *iam.TagUserInput) (*iam.TagUserOutput, error) {
	return &iam.TagUserOutput{}, s.done(ctx, c)
}

func (s *syntheticChanges) CreateLoginProfile(ctx context.Context, c *call.Call, _ *iam.CreateLoginProfileInput) (*iam.CreateLoginProfileOutput, error) {
	return &iam.CreateLoginProfileOutput{}, s.done(ctx, c)
}

func (s *syntheticChanges) GetUser(ctx context.Context, c *call.Call, _ *iam.GetUserInput) (*iam.GetUserOutput, error) {
	return &iam.GetUserOutput{}, s.done(ctx, c)
}

// Every change's event says what was asked, also if it was refused, and nothing
// secret; a read's does not, as its resource is there. "Who made taro an
// administrator?" has an answer (promise 23).
func TestEventsTellWhatWasAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := &syntheticChanges{db: w.db}
	table := call.Table{"GetUser": {Action: "iam:GetUser", ReadOnly: true}}
	for _, name := range []string{"AttachUserPolicy", "PutUserPolicy", "TagUser", "CreateLoginProfile"} {
		table[name] = call.Rule{Action: "iam:" + name}
	}
	w.register("iam", table, s)
	const admin = "arn:aws:iam::aws:policy/AdministratorAccess"
	for _, c := range []struct {
		name, operation, input string
		set                    map[string]string
		err                    error
		want                   map[string]string
	}{
		{name: "attach", operation: "AttachUserPolicy", input: "&UserName=taro&PolicyArn=" + admin,
			want: map[string]string{"userName": "taro", "policyArn": admin}},
		{name: "attach, in vain", operation: "AttachUserPolicy", input: "&UserName=taro&PolicyArn=" + admin, err: &call.Error{Code: "NoSuchEntity", Status: 404},
			want: map[string]string{"userName": "taro", "policyArn": admin}},
		{name: "what the service says wins, and is added", operation: "AttachUserPolicy", input: "&UserName=taro&PolicyArn=" + admin,
			set:  map[string]string{"userName": "Taro", "userId": "AIDA1"},
			want: map[string]string{"userName": "Taro", "userId": "AIDA1", "policyArn": admin}},
		{name: "document", operation: "PutUserPolicy", input: "&UserName=taro&PolicyName=p&PolicyDocument={}",
			want: map[string]string{"userName": "taro", "policyName": "p", "policyDocument": "2 bytes, sha256:44136fa355b3678a"}},
		{name: "tags", operation: "TagUser", input: "&UserName=taro&Tags.member.1.Key=team&Tags.member.1.Value=blue",
			want: map[string]string{"userName": "taro", "tags": "team"}},
		{name: "password", operation: "CreateLoginProfile", input: "&UserName=taro&Password=hunter2hunter2",
			want: map[string]string{"userName": "taro"}},
		{name: "read", operation: "GetUser", input: "&UserName=taro"},
	} {
		s.set, s.err = c.set, c.err
		a := w.ask(gateway.Built{Service: "iam", Operation: c.operation})
		a.body += c.input
		before := len(w.committed())
		res := w.send(a.sign(t, w.rootKey(), "iam", "us-east-1", w.clock.Now()))
		if (res.Code == http.StatusOK) != (c.err == nil) {
			t.Errorf("%s: %d %s", c.name, res.Code, res.Body)
		}
		events := append(w.counted(), w.committed()[:len(w.committed())-before]...)
		if len(events) != 1 || !maps.Equal(events[0].Detail, c.want) {
			t.Errorf("%s: %+v\nwant %v", c.name, events, c.want)
		}
	}
}

// A refusal by policy tells what was asked, too.
func TestDenialsTellWhatWasAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register("iam", call.Table{
		"AttachUserPolicy": {Action: "iam:AttachUserPolicy"}, "PutUserPolicy": {Action: "iam:PutUserPolicy"}, "TagUser": {Action: "iam:TagUser"},
		"CreateLoginProfile": {Action: "iam:CreateLoginProfile"}, "GetUser": {Action: "iam:GetUser", ReadOnly: true},
	}, &syntheticChanges{db: w.db})
	var want []string
	for _, policyARN := range []string{"arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess"} {
		want = append(want, policyARN)
		a := w.ask(gateway.Built{Service: "iam", Operation: "AttachUserPolicy"})
		a.body += "&UserName=jane&PolicyArn=" + policyARN
		w.expect(policyARN, w.send(a.sign(t, w.temporaryKey(), "iam", "us-east-1", w.clock.Now())), http.StatusForbidden, "AccessDenied")
	}
	var got []string
	for _, e := range w.counted() {
		got = append(got, e.Detail["policyArn"])
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("asked for %v, the trail says %v", want, got)
	}
}

// However much is asked, the event stays of a size that can be kept.
func TestWhatIsToldIsBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	long := func(entry string) []string { return slices.Repeat([]string{strings.Repeat(entry, 300)}, 1000) }
	body, err := json.Marshal(map[string]any{
		"clientName": strings.Repeat("n", 500), "clientType": strings.Repeat("t", 500), "scopes": long("s"), "redirectUris": long("r"),
		"grantTypes": long("g"), "issuerUrl": strings.Repeat("i", 500), "entitledApplicationArn": "arn:\x00\n" + strings.Repeat("a", 500),
	})
	if err != nil {
		t.Fatal(err)
	}
	a := w.ask(gateway.Built{Service: "sso-oidc", Operation: "RegisterClient"})
	a.body = string(body)
	if res := w.send(a.request()); res.Code != http.StatusBadRequest {
		t.Errorf("%d %s", res.Code, res.Body)
	}
	events := slices.Concat(w.counted(), w.committed())
	i := slices.IndexFunc(events, func(e audit.Event) bool { return e.Name == "RegisterClient" })
	if i < 0 {
		t.Fatal("no event")
	}
	size := 0
	for k, v := range events[i].Detail {
		size += len(k) + len(v)
		if strings.ContainsAny(v, "\x00\n") {
			t.Errorf("%s: %q", k, v)
		}
	}
	if size < 3<<10 || size > 5<<10 || events[i].Detail["omittedParameters"] == "" {
		t.Errorf("%d bytes: %q", size, events[i].Detail)
	}
}

// Ten thousand refusals, each about somebody else, are few events (promise 23).
func TestFloodOfRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register("iam", call.Table{
		"AttachUserPolicy": {Action: "iam:AttachUserPolicy"}, "PutUserPolicy": {Action: "iam:PutUserPolicy"}, "TagUser": {Action: "iam:TagUser"},
		"CreateLoginProfile": {Action: "iam:CreateLoginProfile"}, "GetUser": {Action: "iam:GetUser", ReadOnly: true},
	}, &syntheticChanges{db: w.db})
	const calls = 10_000
	var last string
	for i := range calls {
		a := w.ask(gateway.Built{Service: "iam", Operation: "AttachUserPolicy"})
		a.body += fmt.Sprintf("&UserName=u%d&PolicyArn=arn:aws:iam::aws:policy/ReadOnlyAccess", i)
		res := w.send(a.sign(t, w.temporaryKey(), "iam", "us-east-1", w.clock.Now()))
		if last = res.Header().Get("X-Sekisho-Decision-Id"); res.code != "AccessDenied" || last == "" {
			t.Fatalf("%d %s", res.Code, res.Body)
		}
	}
	n, explained, events := 0, 0, w.counted()
	for _, e := range events {
		n += e.Count
		if e.Decision != "" {
			explained++
		}
	}
	if n != calls || len(events) != 21 || explained != 20 || !slices.ContainsFunc(events, func(e audit.Event) bool { return e.DecisionID == last }) {
		t.Errorf("%d events, %d explained, for %d calls", len(events), explained, n)
	}
}
