package differential

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"sekisho/internal/policy"
	"sekisho/internal/policy/scenario"
	"sekisho/test/compat/harness"
)

// evaluator is the other one, in a process of its own.
type evaluator struct {
	in  io.Writer
	out *bufio.Scanner
}

// answer is what it says to one simulation.
type answer struct {
	Result  string   `json:"result"`
	Error   string   `json:"error"`
	Ignored []string `json:"ignored"` // condition keys that it does not know for the action
}

func startEvaluator(t *testing.T) *evaluator {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", "evaluate.mjs")
	cmd.Dir = harness.Node(t, "node")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(in.Close(), cmd.Wait()) })
	e := &evaluator{in: in, out: bufio.NewScanner(out)}
	e.out.Buffer(nil, 1<<20)
	return e
}

// decide answers each of the scenarios' first requests.
func (e *evaluator) decide(t *testing.T, list []*scenario.Scenario) []answer {
	t.Helper()
	sent := make(chan error, 1)
	go func() {
		w := bufio.NewWriter(e.in)
		enc := json.NewEncoder(w)
		var err error
		for _, s := range list {
			err = errors.Join(err, enc.Encode(translate(s)))
		}
		sent <- errors.Join(err, w.Flush())
	}()
	answers := make([]answer, len(list))
	for i := range answers {
		if !e.out.Scan() {
			t.Fatalf("the evaluator stopped: %v", e.out.Err())
		}
		if err := json.Unmarshal(e.out.Bytes(), &answers[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
	return answers
}

// decision is the answer in our words.
func (a answer) decision() string {
	switch a.Result {
	case "Allowed":
		return "allowed"
	case "ExplicitlyDenied":
		return "explicitDeny"
	case "ImplicitlyDenied":
		return "implicitDeny"
	}
	return "error: " + a.Error
}

// The form in which the evaluator takes requests.
type (
	simulation struct {
		Request    simulated `json:"request"`
		Session    any       `json:"sessionPolicy,omitempty"`
		Identity   []named   `json:"identityPolicies"`
		SCP        []level   `json:"serviceControlPolicies"`
		RCP        []level   `json:"resourceControlPolicies"`
		Resource   any       `json:"resourcePolicy,omitempty"`
		Boundaries []named   `json:"permissionBoundaryPolicies,omitempty"`
	}
	simulated struct {
		Principal string `json:"principal"` // empty: anonymous
		Action    string `json:"action"`
		Resource  struct {
			Resource string `json:"resource"`
			Account  string `json:"accountId"`
		} `json:"resource"`
		Context map[string]any `json:"contextVariables"`
	}
	named struct {
		Name   string `json:"name"`
		Policy any    `json:"policy"`
	}
	level struct {
		Name     string  `json:"orgIdentifier"`
		Policies []named `json:"policies"`
	}
)

// Documents for what the evaluator has no notion of.
var (
	everything = json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	nothing    = json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:GetCallerIdentity","Resource":"*"}]}`)
)

// listKeys are the condition keys with several values; all others have one.
var listKeys = []string{"aws:tagkeys", "aws:calledvia", "aws:principalorgpaths", "aws:principalservicenameslist", "saml:edupersonaffiliation"}

// translate puts a scenario and its first request in the evaluator's terms.
func translate(s *scenario.Scenario) simulation {
	r, p := s.Request(0), s.Caller()
	x := simulation{Identity: []named{}, SCP: []level{}, RCP: []level{}}
	x.Request.Action, x.Request.Resource.Resource = r.Action, r.Resource
	x.Request.Resource.Account = s.ResourceAccount
	if s.ResourceAccount == "" {
		x.Request.Resource.Account = s.Account
	}
	if parts := strings.Split(r.Resource, ":"); x.Request.Resource.Account == "" && len(parts) > 4 {
		x.Request.Resource.Account = parts[4]
	}
	x.Request.Context = map[string]any{}
	for k, v := range r.Context.(policy.MapContext) {
		if x.Request.Context[k] = v; len(v) == 1 && !slices.Contains(listKeys, k) {
			x.Request.Context[k] = v[0]
		}
	}
	d := &s.Policies
	for _, docs := range append([]scenario.Documents{d.User, d.Role}, slices.Collect(maps.Values(d.Groups))...) {
		x.Identity = append(x.Identity, documents(docs)...)
	}
	x.Boundaries = documents(d.Boundary)
	if d.Session != nil || p.Kind == policy.FederatedUser {
		x.Session = merged(d.Session)
	}
	x.SCP, x.RCP = levels(d.SCP, false), levels(d.RCP, true)
	if d.Resource != nil {
		x.Resource = d.Resource
	}
	if d.Trust != nil {
		x.Resource = d.Trust
	}
	x.Request.Principal = p.ARN
	switch p.Kind {
	case policy.RootUser: // its permissions come from no policy, and no boundary limits them
		x.Identity, x.Boundaries = append(x.Identity, named{"root", everything}), nil
	case policy.Service:
		x.Request.Principal = p.Service
	case policy.SAMLFederated, policy.WebIdentity:
		x.Request.Principal = p.Federated
		if !strings.HasPrefix(p.Federated, "arn:") { // it takes a host for a principal of another account
			x.Identity = []named{{"host", everything}}
		}
	}
	return x
}

func documents(docs scenario.Documents) []named {
	out := []named{}
	for _, name := range slices.Sorted(maps.Keys(docs)) {
		if string(docs[name]) != "null" {
			out = append(out, named{name, docs[name]})
		}
	}
	return out
}

// merged is one session policy that says what all of them say. The evaluator
// knows one only, and at least one statement.
func merged(docs scenario.Documents) any {
	all := map[string]any{"Version": "2012-10-17"}
	var statements []any
	for _, d := range documents(docs) {
		var doc map[string]any
		if err := json.Unmarshal(d.Policy.(json.RawMessage), &doc); err != nil {
			panic(err) // the engine parsed it
		}
		if list, ok := doc["Statement"].([]any); ok {
			statements = append(statements, list...)
		} else {
			statements = append(statements, doc["Statement"])
		}
	}
	if statements == nil {
		return nothing
	}
	all["Statement"] = statements
	return all
}

func levels(list []scenario.Documents, resource bool) []level {
	out := []level{}
	for i, docs := range list {
		l := level{Name: fmt.Sprint("level-", i), Policies: documents(docs)}
		for name, d := range docs {
			if string(d) == "null" && !resource { // RCPFullAWSAccess it adds itself
				l.Policies = append(l.Policies, named{name, everything})
			}
		}
		out = append(out, l)
	}
	return out
}
