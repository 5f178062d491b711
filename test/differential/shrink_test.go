package differential

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"sekisho/internal/policy/scenario"
)

// batch is how many smaller scenarios the evaluator is asked about at once.
const batch = 24

// shrink takes away from a scenario whatever can go while both still differ.
func (e *evaluator) shrink(t *testing.T, s *scenario.Scenario) *scenario.Scenario {
	t.Helper()
	for {
		next := e.smaller(t, s)
		if next == nil {
			return s
		}
		s = next
	}
}

// smaller is the scenario without one of its parts, or nil if each is needed for the
// difference.
func (e *evaluator) smaller(t *testing.T, s *scenario.Scenario) *scenario.Scenario {
	t.Helper()
	for some := range slices.Chunk(without(t, s), batch) {
		for i, a := range e.decide(t, some) {
			if want, err := ours(some[i]); err == nil && a.Error == "" && a.decision() != want {
				return some[i]
			}
		}
	}
	return nil
}

// without are the scenarios that lack one part of s and that the engine still
// takes, the greatest parts first.
func without(t *testing.T, s *scenario.Scenario) []*scenario.Scenario {
	t.Helper()
	var out []*scenario.Scenario
	length := len(text(s))
	var tree object
	if err := json.Unmarshal([]byte(text(s)), &tree); err != nil {
		t.Fatal(err)
	}
	try := func() {
		raw, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		x := new(scenario.Scenario)
		if json.Unmarshal(raw, x) != nil {
			return
		}
		// Once more, because what is empty is written as if it were not there.
		smaller := text(x)
		if x = new(scenario.Scenario); json.Unmarshal([]byte(smaller), x) == nil && len(smaller) < length {
			if _, err := ours(x); err == nil {
				out = append(out, x)
			}
		}
	}
	// Breadth first, so that whole policies go before their words.
	request, _ := tree["requests"].([]any)[0].(object)
	at := []func(func(any) any){
		func(f func(any) any) { tree["policies"] = f(tree["policies"]) },
		func(f func(any) any) { request["context"] = f(request["context"]) },
	}
	for len(at) > 0 {
		edit := at[0]
		at = at[1:]
		var node any
		edit(func(v any) any { node = v; return v })
		switch node := node.(type) {
		case object:
			for _, k := range slices.Sorted(maps.Keys(node)) {
				v := node[k]
				// A document without a version has no variables, a role always has a trust
				// policy, and nobody can detach RCPFullAWSAccess.
				if k != "Version" && k != "trust" && k != "FullAWSAccess" {
					delete(node, k)
					try()
					node[k] = v
				}
				if k == "Action" || k == "Resource" {
					node[k] = "*"
					try()
					node[k] = v
				}
				at = append(at, func(f func(any) any) { node[k] = f(node[k]) })
			}
		case []any:
			for i := range node {
				if len(node) > 1 {
					edit(func(any) any { return slices.Delete(slices.Clone(node), i, i+1) })
					try()
				}
				edit(func(any) any { return node })
				at = append(at, func(f func(any) any) { node[i] = f(node[i]) })
			}
			if len(node) == 1 {
				if _, ok := node[0].(string); ok {
					edit(func(any) any { return node[0] })
					try()
					edit(func(any) any { return node })
				}
			}
		}
	}
	return out
}
