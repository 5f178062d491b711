package authz

import (
	"encoding/json"
	"fmt"
	"testing"

	"sekisho/internal/call"
	"sekisho/internal/policy/scenario"
	"sekisho/internal/store/storetest"
)

// attached is a policy of six statements, as people write them; only that of the
// last one lets its home be read.
func attached(n int) json.RawMessage {
	return fmt.Appendf(nil, `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":["s3:ListAllMyBuckets","s3:GetBucketLocation"],"Resource":"*"},
		{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":["arn:aws:s3:::bucket-%d/*","arn:aws:s3:::home-%[1]d/${aws:username}/*"]},
		{"Effect":"Allow","Action":["sqs:SendMessage","sqs:ReceiveMessage"],"Resource":"arn:aws:sqs:*:111122223333:team-%[1]d-*"},
		{"Effect":"Allow","Action":"iam:*AccessKey*","Resource":"arn:aws:iam::*:user/${aws:username}","Condition":{"Bool":{"aws:SecureTransport":"true"}}},
		{"Effect":"Deny","Action":"s3:DeleteObject","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}}},
		{"Effect":"Allow","Action":["logs:Get*","logs:Describe*"],"Resource":"*"}]}`, n)
}

// guard is what hangs on each level of an organization.
const guard = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":["iam:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"us-east-1"},
	"ForAllValues:StringNotLike":{"aws:PrincipalOrgPaths":"o-exampleorgid/*"}}}]}`

// BenchmarkAllow is a decision as the gate makes it: policies gathered through the
// liveness cache, which knows them, under an organization's policies and a boundary.
func BenchmarkAllow(b *testing.B) {
	for _, n := range []int{1, 10, 100} {
		s := &scenario.Scenario{Name: "bench", Account: "111122223333", Principal: scenario.Principal{User: "bob", Tags: map[string]string{"team": "a"}}}
		s.Policies.User = scenario.Documents{}
		for i := range n {
			s.Policies.User[fmt.Sprintf("arn:aws:iam::111122223333:policy/p%03d", i)] = attached(i)
		}
		s.Policies.Boundary = scenario.Documents{"edge": json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","sqs:*"],"Resource":"*"}]}`)}
		for range 7 { // the root, five levels of units, the account
			s.Policies.SCP = append(s.Policies.SCP, scenario.Documents{"FullAWSAccess": json.RawMessage("null"), "guard": json.RawMessage(guard)})
		}
		h := arrange(b, storetest.Open(b), s)
		c := &call.Call{Now: scenarioTime, Region: "us-east-1", Principal: h.principal, SourceIP: "192.0.2.7"}
		for name, object := range map[string]string{"allowed": "bob/x", "denied": "eve/x"} {
			t := call.Target{ARN: fmt.Sprintf("arn:aws:s3:::home-%d/%s", n-1, object)}
			b.Run(fmt.Sprintf("%s/policies=%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := h.authz.Allow(b.Context(), c, "s3:GetObject", t); (err == nil) != (name == "allowed") {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
