package org

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// The inheritance operators of management policies.
const (
	assignOp  = "@@assign"
	appendOp  = "@@append"
	removeOp  = "@@remove"
	allowedOp = "@@operators_allowed_for_child_policies"
)

// operators is a set of the operators that set values.
type operators uint8

const (
	mayAssign operators = 1 << iota
	mayAppend
	mayRemove
	allOperators = mayAssign | mayAppend | mayRemove
)

// operatorWords are the values of @@operators_allowed_for_child_policies.
var operatorWords = map[string]operators{"@@all": allOperators, "@@none": 0, assignOp: mayAssign, appendOp: mayAppend, removeOp: mayRemove}

// element is one object of a management policy: either settings of a value, or
// members.
type element struct {
	members map[string]*element
	// allowed is what policies further down may do here and below; limited says that
	// this policy says so.
	allowed operators
	limited bool
	// What the policy does to the value; nil for nothing. assign is a scalar or []any.
	assign         any
	append, remove []any
}

// sets reports whether it says anything about a value.
func (e *element) sets() bool { return e.assign != nil || e.append != nil || e.remove != nil }

// parseDocument reads a management policy of the type.
func parseDocument(t PolicyType, document string) (*element, error) {
	rules := policyTypes[t]
	root, err := readObject(document)
	if err != nil {
		return nil, err
	}
	for k := range root {
		if k != rules.key {
			return nil, fmt.Errorf("the member %q is not of a %s", k, t)
		}
	}
	v, ok := root[rules.key]
	if !ok {
		return nil, fmt.Errorf("the member %q is missing", rules.key)
	}
	return readElement(rules.key, v, rules.shape)
}

// readElement reads the object at a path, which is for errors.
func readElement(path string, v any, s shape) (*element, error) {
	object, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: a value is set by an operator such as %s", path, assignOp)
	}
	e := &element{members: make(map[string]*element), allowed: allOperators}
	for k, v := range object {
		if strings.HasPrefix(k, "@@") {
			if err := e.operator(k, v, s); err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			continue
		}
		inner, err := s.member(k)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if e.members[k], err = readElement(path+"/"+k, v, inner); err != nil {
			return nil, err
		}
	}
	switch {
	case e.sets() && len(e.members) > 0:
		return nil, fmt.Errorf("%s: both a value and members", path)
	case e.sets() && s.leaf == noLeaf && !s.open:
		return nil, fmt.Errorf("%s: it has members and no value", path)
	}
	return e, nil
}

// member is the shape of the member of that name.
func (s shape) member(name string) (shape, error) {
	if s.open {
		return anything, nil
	}
	if f, ok := s.fields[name]; ok {
		return f, nil
	}
	if s.each != nil {
		return *s.each, nil
	}
	return shape{}, fmt.Errorf("there is no member %q", name)
}

// operator takes one of the operators.
func (e *element) operator(name string, v any, s shape) error {
	if name == assignOp {
		if err := s.value(v); err != nil {
			return err
		}
		e.assign = v
		return nil
	}
	items, err := scalars(v)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	switch name {
	case appendOp, removeOp:
		if s.leaf == oneLeaf {
			return fmt.Errorf("%s is of values of which there can be several", name)
		}
		if err := s.value(v); err != nil {
			return err
		}
		if name == appendOp {
			e.append = items
		} else {
			e.remove = items
		}
	case allowedOp:
		e.limited, e.allowed = true, 0
		for _, item := range items {
			word, _ := item.(string)
			ops, ok := operatorWords[word]
			if !ok || len(items) > 1 && (word == "@@none" || word == "@@all") {
				return fmt.Errorf("%s cannot have %v", allowedOp, item)
			}
			e.allowed |= ops
		}
	default:
		return fmt.Errorf("there is no operator %s", name)
	}
	return nil
}

// value refuses what the setting cannot be.
func (s shape) value(v any) error {
	list, many := v.([]any)
	switch {
	case many && s.leaf == oneLeaf:
		return errors.New("there can be one value only")
	case many:
		if slices.ContainsFunc(list, func(item any) bool { return !scalar(item) }) {
			return errScalar
		}
	case !scalar(v):
		return errScalar
	case s.leaf == manyLeaf:
		return errors.New("values are a list")
	default:
		list = []any{v}
	}
	for _, item := range list {
		if s.values != nil && !slices.Contains(s.values, fmt.Sprint(item)) {
			return fmt.Errorf("%v is not one of %s", item, strings.Join(s.values, ", "))
		}
	}
	return nil
}

var errScalar = errors.New("a value is a string, number or boolean")

func scalar(v any) bool {
	switch v.(type) {
	case string, json.Number, bool:
		return true
	}
	return false
}

// scalars is a list of scalars that is not empty.
func scalars(v any) ([]any, error) {
	list, ok := v.([]any)
	if !ok || len(list) == 0 {
		return nil, errors.New("a list of values is needed")
	}
	for _, item := range list {
		if !scalar(item) {
			return nil, errScalar
		}
	}
	return list, nil
}

// maxDepth is how deep a management policy nests; AWS's go to about ten.
const maxDepth = 32

// readObject reads a JSON object. Of two members with the same name one would
// silently not count, so it refuses them.
func readObject(document string) (map[string]any, error) {
	dec := json.NewDecoder(strings.NewReader(document))
	dec.UseNumber()
	v, err := readValue(dec, 0)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more after the document")
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("a policy is an object")
	}
	return object, nil
}

func readValue(dec *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errors.New("nested too deep")
	}
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		object := make(map[string]any)
		for dec.More() {
			name, err := dec.Token()
			if err != nil {
				return nil, err
			}
			key, _ := name.(string) // the decoder takes nothing else for a name
			if _, ok := object[key]; ok {
				return nil, fmt.Errorf("there are two members %q", key)
			}
			if object[key], err = readValue(dec, depth+1); err != nil {
				return nil, err
			}
		}
		_, err := dec.Token()
		return object, err
	case json.Delim('['):
		list := []any{}
		for dec.More() {
			v, err := readValue(dec, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := dec.Token()
		return list, err
	}
	return token, nil
}
