package iam

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// PolicyStatement is a statement as people read it.
type PolicyStatement struct {
	Deny        bool
	Actions     []string
	NotAction   bool // all but Actions
	Resources   []string
	NotResource bool // all but Resources
	// Conditions must all hold. They are in order of operator and key.
	Conditions []PolicyCondition
}

// PolicyCondition compares a condition key with values, one of which must do.
type PolicyCondition struct {
	Operator string // as written: "ForAnyValue:StringEqualsIfExists"
	Key      string
	Values   []string
}

// texts is one text or several, of conditions also numbers and truths.
type texts []string

// UnmarshalJSON takes a value or a list of values.
func (t *texts) UnmarshalJSON(raw []byte) error {
	var many []json.RawMessage
	if len(raw) > 0 && raw[0] == '[' {
		if err := json.Unmarshal(raw, &many); err != nil {
			return err
		}
	} else {
		many = []json.RawMessage{raw}
	}
	*t = make(texts, len(many))
	for i, m := range many {
		if err := json.Unmarshal(m, &(*t)[i]); err != nil {
			(*t)[i] = string(m)
		}
	}
	return nil
}

// Statements reads a document that policy.Parse has taken.
func Statements(document string) ([]PolicyStatement, error) {
	var whole struct{ Statement json.RawMessage }
	if err := json.Unmarshal([]byte(document), &whole); err != nil {
		return nil, err
	}
	type statement struct {
		Effect                                   string
		Action, NotAction, Resource, NotResource texts
		Condition                                map[string]map[string]texts
	}
	var read []statement
	if raw := bytes.TrimSpace(whole.Statement); len(raw) > 0 && raw[0] == '{' {
		read = make([]statement, 1)
		if err := json.Unmarshal(raw, &read[0]); err != nil {
			return nil, err
		}
	} else if err := json.Unmarshal(whole.Statement, &read); err != nil {
		return nil, err
	}
	out := make([]PolicyStatement, len(read))
	for i, s := range read {
		st := PolicyStatement{Deny: s.Effect == "Deny", Actions: s.Action, Resources: s.Resource}
		if s.NotAction != nil {
			st.Actions, st.NotAction = s.NotAction, true
		}
		if s.NotResource != nil {
			st.Resources, st.NotResource = s.NotResource, true
		}
		for _, operator := range slices.Sorted(maps.Keys(s.Condition)) {
			for _, key := range slices.Sorted(maps.Keys(s.Condition[operator])) {
				st.Conditions = append(st.Conditions, PolicyCondition{operator, key, s.Condition[operator][key]})
			}
		}
		out[i] = st
	}
	return out, nil
}

// RoleBoundaries are the permissions boundaries without which a policy does not
// let roles be made, in order; none if it lets none be made.
func RoleBoundaries(document string) []string {
	statements, err := Statements(document)
	if err != nil {
		return nil
	}
	var out []string
	for _, s := range statements {
		if s.Deny || s.NotAction || !slices.ContainsFunc(s.Actions, makesRoles) {
			continue
		}
		for _, c := range s.Conditions {
			if strings.EqualFold(c.Key, "iam:PermissionsBoundary") && boundaryOperators[c.Operator] {
				out = append(out, c.Values...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// makesRoles reports whether the action is, or takes in, that of making roles.
func makesRoles(action string) bool {
	const makes = "iam:createrole"
	action = strings.ToLower(action)
	if prefix, wild := strings.CutSuffix(action, "*"); wild {
		return prefix == makes[:min(len(prefix), len(makes))]
	}
	return action == makes
}

var boundaryOperators = map[string]bool{"StringEquals": true, "ArnEquals": true, "StringLike": true, "ArnLike": true}
