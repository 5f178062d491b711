package policy

import (
	"fmt"
	"strings"
	"testing"
)

// typical is a policy as people write them: six statements, one of which matters.
func typical(n int) *Policy {
	return MustParse(IdentityPolicy, doc(fmt.Sprintf(`
		{"Sid":"List","Effect":"Allow","Action":["s3:ListAllMyBuckets","s3:GetBucketLocation"],"Resource":"*"},
		{"Sid":"Objects","Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Resource":["arn:aws:s3:::bucket-%d/*","arn:aws:s3:::home-%[1]d/${aws:username}/*"]},
		{"Sid":"Queues","Effect":"Allow","Action":["sqs:SendMessage","sqs:ReceiveMessage"],"Resource":"arn:aws:sqs:*:123456789012:team-%[1]d-*"},
		{"Sid":"Keys","Effect":"Allow","Action":"iam:*AccessKey*","Resource":"arn:aws:iam::*:user/${aws:username}","Condition":{"Bool":{"aws:SecureTransport":"true"}}},
		{"Sid":"Office","Effect":"Deny","Action":"s3:DeleteObject","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":["192.0.2.0/24","2001:db8::/32"]}}},
		{"Sid":"Logs","Effect":"Allow","Action":["logs:Get*","logs:Describe*","logs:FilterLogEvents"],"Resource":"*"}`, n)))
}

func typicals(n int) []Source {
	out := make([]Source, n)
	for i := range out {
		out[i] = Source{Policy: typical(i), Name: fmt.Sprintf("p%d", i)}
	}
	return out
}

// benchCases are the requests of BenchmarkDecide; TestNoAllocation runs them too.
func benchCases() map[string]func() (*Request, *Set) {
	ctx := MapContext{"aws:username": {"bob"}, "aws:sourceip": {"192.0.2.7"}, "aws:securetransport": {"true"}}
	last := func(n int) *Request {
		return &Request{Action: "s3:DeleteObject", Resource: fmt.Sprintf("arn:aws:s3:::home-%d/bob/a/b/c.txt", n-1), Principal: bob, Context: ctx}
	}
	full := Source{Policy: MustParse(ServiceControlPolicy, doc(`{"Effect":"Allow","Action":"*","Resource":"*"}`))}
	guard := Source{Policy: MustParse(ServiceControlPolicy, doc(`{"Effect":"Deny","NotAction":["iam:*","sts:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","eu-north-1"]},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/Break*"}}},{"Effect":"Deny","Action":["organizations:LeaveOrganization","cloudtrail:Stop*"],"Resource":"*"}`))}
	boundary := Source{Policy: MustParse(IdentityPolicy, doc(`{"Effect":"Allow","Action":["s3:*","sqs:*","logs:*"],"Resource":"*"}`))}
	cases := map[string]func() (*Request, *Set){}
	for _, n := range []int{1, 10, 100} {
		cases[fmt.Sprintf("policies=%d", n)] = func() (*Request, *Set) { return last(n), &Set{Identity: typicals(n)} }
	}
	cases["iam"] = func() (*Request, *Set) {
		return &Request{Action: "iam:CreateAccessKey", Resource: "arn:aws:iam::123456789012:user/bob", Principal: bob, Context: ctx}, &Set{Identity: typicals(1)}
	}
	cases["scp+boundary"] = func() (*Request, *Set) {
		r := last(3)
		c := MapContext{"aws:requestedregion": {"eu-west-1"}, "aws:principalarn": {bob.ARN}}
		for k, v := range ctx {
			c[k] = v
		}
		r.Context = c
		return r, &Set{Identity: typicals(3), HasBoundary: true, Boundary: []Source{boundary}, SCP: [][]Source{{full}, {full, guard}, {full}}}
	}
	cases["wildcards"] = func() (*Request, *Set) {
		bad := `"arn:aws:s3:::` + strings.Repeat("*a?", 1900) + `b"`
		p := MustParse(IdentityPolicy, doc(`{"Effect":"Allow","Action":"s3:*","Resource":[`+bad+`]}`))
		return &Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::" + strings.Repeat("a", 1000), Principal: bob, Context: ctx}, &Set{Identity: []Source{{Policy: p}}}
	}
	return cases
}

func BenchmarkDecide(b *testing.B) {
	cases := benchCases()
	for _, name := range []string{"policies=1", "policies=10", "policies=100", "iam", "scp+boundary", "wildcards"} {
		b.Run(name, func(b *testing.B) {
			r, s := cases[name]()
			b.ReportAllocs()
			for b.Loop() {
				if Decide(r, s).Allowed == (name == "wildcards") {
					b.Fatal("decided otherwise")
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	document := doc(`{"Sid":"Objects","Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":["arn:aws:s3:::b/*","arn:aws:s3:::home/${aws:username}/*"],"Condition":{"Bool":{"aws:SecureTransport":"true"}}}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(IdentityPolicy, document); err != nil {
			b.Fatal(err)
		}
	}
}

// TestNoAllocation wants a decision to leave nothing to collect.
func TestNoAllocation(t *testing.T) {
	for name, build := range benchCases() {
		r, s := build()
		if n := testing.AllocsPerRun(100, func() { Decide(r, s) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
