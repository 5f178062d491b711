package policy

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestExplain reads an explanation as a person would: each layer, each statement,
// and of those that do not match every element with the values on both sides.
func TestExplain(t *testing.T) {
	t.Parallel()
	s := &Set{
		Identity: []Source{{Name: "Work", Type: "user", Owner: bob.ARN, Policy: MustParse(IdentityPolicy, doc(`
			{"Sid":"Own","Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::home/${aws:username}/*"},
			{"Sid":"Office","Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["192.0.2.0/24"]},"Bool":{"aws:MultiFactorAuthPresent":true}}}`))}},
		HasBoundary: true, Boundary: []Source{{Name: "B", Policy: MustParse(IdentityPolicy, doc(`{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`))}},
		SCP: [][]Source{{{Name: "p-full", Policy: MustParse(ServiceControlPolicy, doc(`{"Effect":"Allow","Action":"*","Resource":"*"}`))}}},
	}
	r := &Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Principal: bob, Context: MapContext{"aws:sourceip": {"203.0.113.9"}}}
	x := Explain(r, s)
	if x.Decision != "implicitDeny" || x.Layer != "identity-based policy" || x.Reason != "because no identity-based policy allows the s3:GetObject action" {
		t.Errorf("%s, %s, %s", x.Decision, x.Layer, x.Reason)
	}
	if got := strings.Join(x.Missing, " "); got != "aws:MultiFactorAuthPresent aws:username" {
		t.Errorf("missing: %s", got)
	}
	var layers []string
	for _, l := range x.Layers {
		layers = append(layers, l.Layer+"="+l.Verdict)
	}
	if want := []string{"service control policy=allowed", "identity-based policy=implicitDeny", "permissions boundary=allowed"}; !slices.Equal(layers, want) {
		t.Errorf("layers: %q", layers)
	}
	statements := x.Layers[1].Sources[0].Statements
	if x.Layers[1].Sources[0].Name != "Work" || x.Layers[1].Sources[0].Owner != bob.ARN || x.Layers[1].Sources[0].Type != "user" || len(statements) != 2 {
		t.Fatalf("%+v", x.Layers[1])
	}
	own, office := statements[0], statements[1]
	if own.Sid != "Own" || own.Effect != "Allow" || own.Matched || len(own.Mismatch) != 1 || own.Start.Line != 2 {
		t.Errorf("%+v", own)
	}
	if m := own.Mismatch[0]; m.Element != "Resource" || m.Got[0] != r.Resource || !strings.Contains(m.Detail, "${aws:username}") {
		t.Errorf("%+v", m)
	}
	if len(office.Mismatch) != 2 {
		t.Fatalf("%+v", office)
	}
	if m := office.Mismatch[0]; m.Element != "Condition" || m.Operator != "IpAddress" || m.Key != "aws:SourceIp" || m.Wanted[0] != "192.0.2.0/24" || m.Got[0] != "203.0.113.9" {
		t.Errorf("%+v", m)
	}
	if m := office.Mismatch[1]; m.Operator != "Bool" || m.Detail != "the request lacks the key" || len(m.Got) != 0 {
		t.Errorf("%+v", m)
	}
	b, err := json.Marshal(x)
	if err != nil || strings.Contains(string(b), "null") {
		t.Errorf("JSON: %v, %s", err, b)
	}
}

// TestExplainDetails reads the words for each kind of mismatch.
func TestExplainDetails(t *testing.T) {
	t.Parallel()
	statement := func(members string) string { return doc(`{"Effect":"Allow",` + members + `}`) }
	tests := []struct {
		kind              Kind
		document          string
		p                 Principal
		element, contains string
	}{
		{ResourcePolicy, statement(`"Principal":{"AWS":"` + other + `"},"Action":"*","Resource":"*"`), bob, "Principal", "none of the caller's names"},
		{ResourcePolicy, statement(`"NotPrincipal":{"AWS":"` + home + `"},"Action":"*","Resource":"*"`), bob, "NotPrincipal", "among those"},
		{TrustPolicy, statement(`"Principal":"*","Action":"sts:*"`), Principal{Kind: WebIdentity, Federated: "accounts.google.com"}, "Principal", "does not mean"},
		{ResourcePolicy, statement(`"Principal":"*","Action":"s3:*","Resource":"*"`), bob, "Action", "not among"},
		{ResourcePolicy, statement(`"Principal":"*","NotAction":"sts:*","Resource":"*"`), bob, "NotAction", "is among"},
		{ResourcePolicy, statement(`"Principal":"*","Action":"*","NotResource":"*"`), bob, "NotResource", "is among"},
		{ResourcePolicy, statement(`"Principal":"*","Action":"*","Resource":"*","Condition":{"Null":{"k":"true"}}`), bob, "Condition", "has the key"},
		{ResourcePolicy, statement(`"Principal":"*","Action":"*","Resource":"*","Condition":{"StringEquals":{"k":"${gone}"}}`), bob, "Condition", "${gone}"},
		{ResourcePolicy, statement(`"Principal":"*","Action":"*","Resource":"*","Condition":{"StringEquals":{"k":[]}}`), bob, "Condition", "lists no value"},
		{ResourcePolicy, statement(`"Principal":"*","Action":"*","Resource":"*","Condition":{"StringEquals":{"k":"w"}}`), bob, "Condition", "does not satisfy"},
	}
	for _, tt := range tests {
		s := &Set{HasResource: true, Resource: []Source{{Policy: MustParse(tt.kind, tt.document)}}}
		x := Explain(&Request{Action: "sts:AssumeRole", Resource: "*", Principal: tt.p, Context: MapContext{"k": {"v"}}}, s)
		got := x.Layers[0].Sources[0].Statements[0].Mismatch
		if len(got) != 1 || got[0].Element != tt.element || !strings.Contains(got[0].Detail, tt.contains) {
			t.Errorf("%s: %+v", tt.document, got)
		}
	}
}
