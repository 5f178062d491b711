package differential

import (
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"testing"

	"sekisho/internal/policy/scenario"
)

// batch is how many smaller scenarios the evaluator is asked about at once.
const batch = 12

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
	var some []*scenario.Scenario
	differing := func() *scenario.Scenario {
		for i, a := range e.decide(t, some) {
			if want, _ := ours(some[i]); a.Error == "" && a.decision() != want {
				return some[i]
			}
		}
		some = some[:0]
		return nil
	}
	for x := range without(t, s) {
		if some = append(some, x); len(some) == batch {
			if found := differing(); found != nil {
				return found
			}
		}
	}
	return differing()
}

// without are the scenarios that lack one part of s and that the engine still
// takes, the greatest parts first.
func without(t *testing.T, s *scenario.Scenario) iter.Seq[*scenario.Scenario] {
	t.Helper()
	return func(yield func(*scenario.Scenario) bool) { lessen(t, s, yield) }
}

// lessen yields them. It stops when it is told to.
func lessen(t *testing.T, s *scenario.Scenario, yield func(*scenario.Scenario) bool) {
	t.Helper()
	more := true
	length := len(text(s))
	var tree object
	if err := json.Unmarshal([]byte(text(s)), &tree); err != nil {
		t.Fatal(err)
	}
	try := func() {
		if !more {
			return
		}
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
				more = yield(x)
			}
		}
	}
	// Breadth first, so that whole policies go before their words.
	request, _ := tree["requests"].([]any)[0].(object)
	at := []func(func(any) any){
		func(f func(any) any) { tree["policies"] = f(tree["policies"]) },
		func(f func(any) any) { request["context"] = f(request["context"]) },
	}
	for more && len(at) > 0 {
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
}
