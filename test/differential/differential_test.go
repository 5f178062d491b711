package differential

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sekisho/internal/policy"
	"sekisho/internal/policy/scenario"
)

// cases is how many generated requests are compared.
const cases = 2500

// ours is the engine's decision of a scenario's first request.
func ours(s *scenario.Scenario) (string, error) {
	d, err := decide(s)
	switch {
	case d.Allowed:
		return "allowed", err
	case d.Explicit:
		return "explicitDeny", err
	}
	return "implicitDeny", err
}

func decide(s *scenario.Scenario) (policy.Decision, error) {
	set, err := s.Set()
	if err != nil {
		return policy.Decision{}, err
	}
	return policy.Decide(s.Request(0), set), nil
}

// TestDifferential decides the scenarios that come with the engine and generated ones by both
// (promise 14). Every difference, shrunk, has to be one that is known, and every
// known one has to be met.
func TestDifferential(t *testing.T) {
	t.Parallel()
	g := generator{rand.New(rand.NewPCG(1, 20261122))}
	list, met := written(t), map[string]int{}
	list = append(list, seldom...)
	for i := range cases {
		s := g.scenario(i)
		d, err := decide(s)
		if err != nil {
			t.Fatal(err)
		}
		met[fmt.Sprint(d.Layer, " ", d.Allowed, " ", d.Explicit)]++
		list = append(list, s)
	}
	count := compare(t, startEvaluator(t), list)
	// The cases have to meet everything, or they show nothing.
	for l := policy.IdentityLayer; l <= policy.TrustLayer; l++ {
		for _, how := range []string{" true false", " false true", " false false"} {
			// Nothing that is granted is granted by a layer that only limits, and RCPFullAWSAccess is always there.
			limits := l != policy.IdentityLayer && l != policy.ResourceLayer && l != policy.TrustLayer
			if how == " true false" && limits || how == " false false" && l == policy.RCPLayer {
				continue
			}
			if n := met[l.String()+how]; n < cases/500 {
				t.Errorf("only %d cases are %s (allowed, explicit)", n, l.String()+how)
			}
		}
	}
	for _, d := range differences {
		if count[d.name] == 0 {
			t.Errorf("no case differs by %q: it is explained for nothing", d.name)
		}
	}
}

// TestExplained: every known difference has its row in docs/divergences.md.
func TestExplained(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/divergences.md")
	if err != nil {
		t.Fatal(err)
	}
	names := append(slices.Collect(maps.Values(refused)), unknownKey)
	for _, d := range differences {
		names = append(names, d.name)
	}
	for _, name := range names {
		if !strings.Contains(string(page), "\n| "+name+" |") {
			t.Errorf("%q has no row", name)
		}
	}
}

// written are the scenarios that come with the engine, one for each request.
func written(t *testing.T) []*scenario.Scenario {
	t.Helper()
	all, err := scenario.All()
	if err != nil {
		t.Fatal(err)
	}
	var list []*scenario.Scenario
	for _, s := range all {
		for _, r := range s.Requests {
			one := s
			one.Name, one.Requests = s.Name+": "+r.Name, []scenario.Case{r}
			list = append(list, &one)
		}
	}
	return list
}

// seldom are differences too rare to rely on the generator for.
var seldom = []*scenario.Scenario{
	allowedIf(`{"ForAllValues:StringEquals":{"aws:TagKeys":"team"}}`, "aws:TagKeys", ""),
	allowedIf(`{"StringEquals":{"aws:TagKeys":"team"}}`, "aws:TagKeys", "team"),
	allowedIf(`{"ForAnyValue:StringNotLikeIfExists":{"aws:TagKeys":"team"}}`, "aws:SourceVpc", "x"),
	allowedIf(`{"StringEquals":{"aws:SourceVpc":"${*}"}}`, "aws:SourceVpc", "*"),
	allowedIf(`{"StringEquals":{"aws:SourceVpc":"${aws:SourceVpc}"}}`, "aws:SourceVpc", ""),
}

// allowedIf is a user who may do everything under a condition, and a request with one key.
func allowedIf(condition, key, value string) *scenario.Scenario {
	document := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":` + condition + `}}`
	return &scenario.Scenario{
		Name: condition, Account: home, Principal: scenario.Principal{User: "bob"},
		Policies: scenario.Policies{User: scenario.Documents{"p": json.RawMessage(document)}},
		Requests: []scenario.Case{{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/x", Context: map[string]scenario.Texts{key: {value}}}},
	}
}

// compare counts what was decided, and what differs by which difference.
func compare(t *testing.T, e *evaluator, list []*scenario.Scenario) map[string]int {
	t.Helper()
	count := map[string]int{}
	for i, a := range e.decide(t, list) {
		s := list[i]
		want, err := ours(s)
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		count[want]++
		if a.decision() == want {
			continue
		}
		least := s
		if a.Error == "" {
			least = e.shrink(t, s)
		}
		name := explain(least, a)
		count[name]++
		if name == "" {
			us, _ := ours(least)
			t.Errorf("%s: ours is %s, the other's %s\n%s", s.Name, us, e.decide(t, []*scenario.Scenario{least})[0].decision(), text(least))
		}
		if count[""] > 20 {
			t.Fatal("and more")
		}
	}
	t.Log(count)
	return count
}

// explain is the name of the known difference that a shrunk scenario shows.
func explain(s *scenario.Scenario, a answer) string {
	if d, ok := refused[a.Error]; ok {
		return d
	}
	if slices.ContainsFunc(a.Ignored, func(key string) bool { return says(s, regexp.QuoteMeta(key)) }) {
		return unknownKey
	}
	for _, d := range differences {
		if a.Error == "" && d.shows(s) {
			return d.name
		}
	}
	return ""
}

func text(s *scenario.Scenario) string {
	raw, err := json.Marshal(s)
	if err != nil {
		return fmt.Sprint(err)
	}
	return string(raw)
}
