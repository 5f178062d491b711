package authz

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sekisho/internal/call"
	"sekisho/internal/policy"
)

// What is kept of a refusal is bounded, and says what it leaves out.
func TestExplanationIsBounded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		policies, statements int
		matchedOnly          bool
	}{{1, 1, false}, {10, 40, true}, {4000, 1, true}} {
		q := &Question{
			Request:    policy.Request{Action: "iam:CreateUser", Resource: "arn:aws:iam::111122223333:user/x"},
			conditions: conditions{call: &call.Call{}, target: &call.Target{}},
		}
		q.Request.Context = &q.conditions
		for i := range c.policies {
			var b strings.Builder
			for j := range c.statements {
				fmt.Fprintf(&b, `{"Sid":"s%d","Effect":"Allow","Action":"s3:GetObject%d","Resource":"arn:aws:s3:::bucket-%d/*"},`, j, j, j)
			}
			document := `{"Version":"2012-10-17","Statement":[` + strings.TrimSuffix(b.String(), ",") + `]}`
			q.Set.Identity = append(q.Set.Identity, policy.Source{Policy: policy.MustParse(policy.IdentityPolicy, document), Name: fmt.Sprint("policy-", i)})
		}
		text := q.explain()
		var x Explanation
		if err := json.Unmarshal([]byte(text), &x); err != nil {
			t.Fatal(err)
		}
		if len(text) > maxExplanation || x.Action != "iam:CreateUser" || x.Decision != "implicitDeny" {
			t.Errorf("%d policies: %d bytes, %+v", c.policies, len(text), x.Decision)
		}
		if len(x.Layers) > 0 && x.MatchedOnly != c.matchedOnly {
			t.Errorf("%d policies: statements left out: %v", c.policies, x.MatchedOnly)
		}
	}
}
