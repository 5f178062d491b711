package policy

import "testing"

const (
	home  = "123456789012"
	other = "210987654321"
)

var bob = Principal{Kind: User, Account: home, ARN: "arn:aws:iam::" + home + ":user/bob", EntityARN: "arn:aws:iam::" + home + ":user/bob", EntityID: "AIDACKCEVSQ6C2EXAMPLE"}

// TestBecause holds the wording of every reason (behaviours.md 2.6).
func TestBecause(t *testing.T) {
	t.Parallel()
	tests := map[Layer][2]string{
		IdentityLayer: {"because no identity-based policy allows the iam:CreateUser action", "with an explicit deny in an identity-based policy"},
		ResourceLayer: {"because no resource-based policy allows the iam:CreateUser action", "with an explicit deny in a resource-based policy"},
		BoundaryLayer: {"because no permissions boundary allows the iam:CreateUser action", "with an explicit deny in a permissions boundary"},
		SessionLayer:  {"because no session policy allows the iam:CreateUser action", "with an explicit deny in a session policy"},
		SCPLayer:      {"because no service control policy allows the iam:CreateUser action", "with an explicit deny in a service control policy"},
		RCPLayer:      {"because no resource control policy allows the iam:CreateUser action", "with an explicit deny in a resource control policy"},
		TrustLayer:    {"because no role trust policy allows the iam:CreateUser action", "with an explicit deny in the role trust policy"},
	}
	for layer, want := range tests {
		if got := (Decision{Layer: layer}).Because("iam:CreateUser"); got != want[0] {
			t.Errorf("%v: %s", layer, got)
		}
		if got := (Decision{Layer: layer, Explicit: true}).Because("iam:CreateUser"); got != want[1] {
			t.Errorf("%v: %s", layer, got)
		}
	}
	if got := (Decision{Allowed: true}).Because("iam:CreateUser"); got != "" {
		t.Errorf("allowed: %s", got)
	}
}

// TestSource wants a decision to name the policy and the statement behind it.
func TestSource(t *testing.T) {
	t.Parallel()
	s := &Set{Identity: []Source{
		{Name: "first", Policy: MustParse(IdentityPolicy, doc(`{"Effect":"Allow","Action":"ec2:*","Resource":"*"}`))},
		{Name: "second", Policy: MustParse(IdentityPolicy, doc(`{"Effect":"Deny","Action":"s3:Delete*","Resource":"*"},{"Effect":"Allow","Action":"s3:*","Resource":"*"}`))},
	}}
	for action, want := range map[string]Decision{
		"s3:GetObject":    {Allowed: true, Source: &s.Identity[1], Statement: 1},
		"s3:DeleteObject": {Explicit: true, Source: &s.Identity[1], Statement: 0},
		"sqs:SendMessage": {Statement: -1},
	} {
		if got := Decide(&Request{Action: action, Resource: "*", Principal: bob}, s); got != want {
			t.Errorf("%s: %+v, want %+v", action, got, want)
		}
	}
}

// A protected object is for whose credentials allow it; one that its bucket's policy
// shares with everybody needs no credentials.
func TestPublicAndProtected(t *testing.T) {
	t.Parallel()
	reader := []Source{{Policy: MustParse(IdentityPolicy, doc(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`))}}
	public := []Source{{Policy: MustParse(ResourcePolicy, doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/public/*"}`))}}
	nobody := Principal{Kind: Anonymous}
	for _, c := range []struct {
		name     string
		p        Principal
		identity []Source
		action   string
		resource string
		want     bool
	}{
		{"credentials that allow", bob, reader, "s3:GetObject", "private", true},
		{"credentials that do not", bob, nil, "s3:GetObject", "private", false},
		{"no credentials", nobody, nil, "s3:GetObject", "private", false},
		{"public, no credentials", nobody, nil, "s3:GetObject", "public/x", true},
		{"public, to be read only", nobody, nil, "s3:PutObject", "public/x", false},
		{"public, credentials that say nothing", bob, nil, "s3:GetObject", "public/x", true},
	} {
		r := &Request{Action: c.action, Resource: "arn:aws:s3:::b/" + c.resource, Principal: c.p}
		if d := Decide(r, &Set{Identity: c.identity, Resource: public, ResourceAccount: home}); d.Allowed != c.want || d.Explicit {
			t.Errorf("%s: %+v", c.name, d)
		}
	}
}

// TestFailsClosed: what is missing or in the wrong place never allows (promise 16).
func TestFailsClosed(t *testing.T) {
	t.Parallel()
	all := []Source{{Policy: MustParse(IdentityPolicy, doc(`{"Effect":"Allow","Action":"*","Resource":"*"}`))}}
	lost := []Source{{Name: "lost"}}
	r := &Request{Action: "s3:GetObject", Resource: "*", Principal: bob}
	for what, s := range map[string]*Set{
		"nothing":                           {},
		"a policy that was lost":            {Identity: lost},
		"an empty policy":                   {Identity: []Source{{Policy: &Policy{}}}},
		"a boundary that was lost":          {Identity: all, HasBoundary: true},
		"session policies that were lost":   {Identity: all, HasSession: true, Session: lost},
		"an organization without levels":    {SCP: [][]Source{}},
		"a level without policies":          {Identity: all, SCP: [][]Source{{}}},
		"an identity policy on a resource":  {HasResource: true, Resource: all},
		"a key without policy":              {Identity: all, ResourceMustAllow: true},
		"a boundary that is not flagged":    {Identity: all, Boundary: lost},
		"a session that is not flagged":     {Identity: all, Session: lost},
		"a resource of another account":     {Identity: all, ResourceAccount: other},
		"a resource policy for nobody here": {HasResource: true, Resource: []Source{{Policy: MustParse(ResourcePolicy, doc(`{"Effect":"Allow","Principal":{"CanonicalUser":"79a59df900b949e5"},"Action":"*","Resource":"*"}`))}}},
	} {
		if Decide(r, s).Allowed {
			t.Errorf("%s allows", what)
		}
	}
	for _, p := range []Principal{{}, {Kind: User}, {Kind: RoleSession, ARN: bob.ARN}, {Kind: 99, Account: home}} {
		if Decide(&Request{Action: "s3:GetObject", Resource: "*", Principal: p}, &Set{Identity: all}).Allowed {
			t.Errorf("%+v is allowed", p)
		}
	}
}

// TestEmptyNames: a principal without an ARN or id is not the one whose name is empty.
func TestEmptyNames(t *testing.T) {
	t.Parallel()
	p := &principals{entities: []string{""}, federated: []string{""}, services: []string{""}}
	for kind := Anonymous; kind <= Service; kind++ {
		if got := p.named(&Principal{Kind: kind}); got != unnamed {
			t.Errorf("kind %d is named: %d", kind, got)
		}
	}
}

// TestRootFederation: a federation token of the root user is limited by its session policy alone.
func TestRootFederation(t *testing.T) {
	t.Parallel()
	p := Principal{Kind: FederatedUser, Account: home, ARN: "arn:aws:sts::" + home + ":federated-user/f", EntityARN: "arn:aws:iam::" + home + ":root"}
	s := &Set{HasSession: true, Session: []Source{{Policy: MustParse(IdentityPolicy, doc(`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`))}}}
	if d := Decide(&Request{Action: "s3:GetObject", Resource: "*", Principal: p}, s); !d.Allowed {
		t.Errorf("%+v", d)
	}
	if d := Decide(&Request{Action: "ec2:RunInstances", Resource: "*", Principal: p}, s); d.Allowed || d.Layer != SessionLayer {
		t.Errorf("%+v", d)
	}
	if d := Decide(&Request{Action: "s3:GetObject", Resource: "*", Principal: p}, &Set{}); d.Allowed || d.Layer != SessionLayer {
		t.Errorf("%+v", d)
	}
}

// TestShortARN: IAM fills an ARN that ends too early with stars.
func TestShortARN(t *testing.T) {
	t.Parallel()
	s := &Set{Identity: []Source{{Policy: MustParse(IdentityPolicy, doc(`{"Effect":"Allow","Action":"*","Resource":["arn:aws:sqs","arn:aws:sns:eu-west-1"]}`))}}}
	for resource, want := range map[string]bool{
		"arn:aws:sqs:us-east-1:123456789012:q": true, "arn:aws:sns:eu-west-1:123456789012:t": true, "arn:aws:sns:eu-west-2:123456789012:t": false, "arn:aws:sqsx:::q": false, "arn:aws:sqs": false,
	} {
		if got := Decide(&Request{Action: "sqs:SendMessage", Resource: resource, Principal: bob}, s).Allowed; got != want {
			t.Errorf("%s: %v", resource, got)
		}
	}
}
