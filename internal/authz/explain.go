package authz

import (
	"encoding/json"
	"fmt"

	"sekisho/internal/policy"
)

// Explanation is why a call was refused, as it is kept with the refusal's event
// and shown by "sekisho policy explain".
type Explanation struct {
	Action    string              `json:"action"`
	Resource  string              `json:"resource"`
	Principal string              `json:"principal"`
	Context   map[string][]string `json:"context,omitempty"`
	// MatchedOnly says that statements which did not concern the call are left out.
	MatchedOnly bool `json:"matched_statements_only,omitempty"`
	policy.Explanation
}

// An explanation is kept with every refusal, so it says less where a policy says
// very much.
const (
	maxShownValues = 12
	maxExplanation = 48 << 10
)

func (q *Question) explain() string {
	e := Explanation{
		Action: q.Request.Action, Resource: q.Request.Resource, Principal: q.Request.Principal.ARN, Context: q.conditions.shown(&q.Set),
		Explanation: policy.Explain(&q.Request, &q.Set),
	}
	for _, l := range e.Layers {
		for _, s := range l.Sources {
			for _, st := range s.Statements {
				for i := range st.Mismatch {
					m := &st.Mismatch[i]
					m.Wanted, m.Got = few(m.Wanted), few(m.Got)
				}
			}
		}
	}
	for k, v := range e.Context {
		e.Context[k] = few(v)
	}
	b, err := json.Marshal(e)
	if err == nil && len(b) > maxExplanation {
		onlyMatched(&e)
		b, err = json.Marshal(e)
	}
	if err != nil || len(b) > maxExplanation {
		return fmt.Sprintf(`{"action":%q,"decision":%q,"layer":%q,"reason":%q,"layers":[]}`, e.Action, e.Decision, e.Layer, e.Reason)
	}
	return string(b)
}

func few(values []string) []string {
	if len(values) <= maxShownValues {
		return values
	}
	return append(values[:maxShownValues:maxShownValues], fmt.Sprintf("… and %d more", len(values)-maxShownValues))
}

// onlyMatched leaves out the statements that did not concern the call.
func onlyMatched(e *Explanation) {
	e.MatchedOnly = true
	for i := range e.Layers {
		sources := e.Layers[i].Sources
		for j := range sources {
			var matched []policy.StatementExplanation
			for _, st := range sources[j].Statements {
				if st.Matched {
					matched = append(matched, st)
				}
			}
			sources[j].Statements = matched
		}
	}
}
