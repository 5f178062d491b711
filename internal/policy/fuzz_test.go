package policy

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// FuzzParse wants no panic; what is taken to be decidable, valid JSON and without an error by Lint; and
// what is refused to come without a policy and to allow nothing (promise 16).
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		doc(`{"Effect":"Allow","Action":"*","Resource":"*"}`),
		doc(`{"Sid":"a","Effect":"Deny","NotAction":["s3:Get*"],"NotResource":"arn:aws:s3:::b/${aws:username, 'x'}/${*}","Condition":{"ForAllValues:StringLikeIfExists":{"aws:TagKeys":["a*","${k}"]},"NumericLessThan":{"s3:max-keys":10}}}`),
		doc(`{"Effect":"Allow","Principal":{"AWS":["123456789012","*"],"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2026-01-02T03:04:05+01:00"},"IpAddress":{"aws:SourceIp":["::/0","10.0.0.1"]},"ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"},"BinaryEquals":{"k":"QQ=="},"Null":{"k":true}}}`),
		doc(`{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::123456789012:role/a"},"Action":"s3:*","Resource":"*"}`),
		`{"Version":"2008-10-17","Id":"\u00e9\ud83d\ude00","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:*"}}`,
		`{"Statement":[{}]}`, `[`, `"`, `{"a":1e5,"a":-0.1}`, ``,
	} {
		for kind := IdentityPolicy; kind <= AWSManagedPolicy; kind++ {
			f.Add(uint8(kind), seed)
		}
	}
	f.Fuzz(func(t *testing.T, k uint8, text string) {
		kind := Kind(k)
		p, err := Parse(kind, text)
		mistakes := 0
		for _, x := range Lint(kind, text) {
			if x.Line < 1 || x.Column < 1 || x.Message == "" || x.Code == "" {
				t.Errorf("finding %+v", x)
			}
			if x.Severity == SeverityError {
				mistakes++
			}
		}
		if (err == nil) != (p != nil) || (err == nil) != (mistakes == 0) {
			t.Fatalf("policy %v, error %v, %d mistakes", p, err, mistakes)
		}
		if err == nil && (!json.Valid([]byte(text)) || !utf8.ValidString(text)) {
			t.Error("what is no JSON is taken")
		}
		src := []Source{{Policy: p}}
		ctx := MapContext{"aws:username": {"bob"}, "k": {"a", ""}, "aws:tagkeys": {}, "aws:sourceip": {"10.0.0.1"}}
		for _, who := range genPeople {
			r := &Request{Action: "sts:AssumeRole", Resource: "arn:aws:s3:::b/bob/é", Principal: who, Context: ctx}
			for _, s := range []*Set{
				{Identity: src}, {HasResource: true, Resource: src, ResourceMustAllow: true}, {Identity: src, HasSession: true, Session: src, HasBoundary: true, Boundary: src}, {SCP: [][]Source{src}, RCP: [][]Source{src}},
			} {
				d, x := Decide(r, s), Explain(r, s)
				if x.Result != d {
					t.Fatalf("Explain %+v, Decide %+v", x.Result, d)
				}
				if p == nil && d.Allowed && who.Kind != RootUser {
					t.Error("a document that was refused allows")
				}
			}
		}
		p.ContextKeys()
		p.Principals()
		p.Services()
		p.Grants("s3")
	})
}
