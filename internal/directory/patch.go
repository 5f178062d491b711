package directory

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Operation sets one attribute of a user or a group, or takes it away.
type Operation struct {
	Path string // such as "displayName", "name.givenName", "emails" or "aws:identitystore:enterprise.costCenter"; in any case
	// Value is the attribute's JSON; nil or null takes it away.
	Value json.RawMessage
}

// objects are the attributes that have parts, whose own paths may go on.
var objects = map[string]map[string]string{
	"": names("displayName", "name", "nickName", "profileUrl", "emails", "addresses", "phoneNumbers", "userType", "title",
		"preferredLanguage", "locale", "timezone", "photos", "website", "birthdate", "roles", EnterpriseExtension),
	"name":                           names("formatted", "givenName", "familyName", "middleName", "honorificPrefix", "honorificSuffix"),
	EnterpriseExtension:              names("employeeNumber", "costCenter", "organization", "division", "department", "manager"),
	EnterpriseExtension + ".manager": names("value", "displayName"),
}

func names(all ...string) map[string]string {
	m := make(map[string]string, len(all))
	for _, n := range all {
		m[strings.ToLower(n)] = n
	}
	return m
}

// Patch is the user after the operations, in their order. The user name cannot be
// changed (behaviours.md 6.6). What comes of it is checked as a whole.
func (u User) Patch(operations []Operation) (User, error) {
	tree := u.attributes().tree()
	for _, o := range operations {
		if err := o.apply(tree); err != nil {
			return User{}, err
		}
	}
	a, ok := decode(tree)
	if !ok {
		return User{}, invalid("The value of an attribute is not of its kind: %s", operations[misfit(u, operations)].Path)
	}
	if len(a.Emails) > 1 {
		return User{}, invalid("The attribute emails has %d values of at most 1", len(a.Emails))
	}
	a.into(&u)
	return u, u.Check()
}

// decode reads a tree of attributes; ok is false if a value is not of its
// attribute's kind. The decoder's own words would name our types.
func decode(tree map[string]any) (a attributes, ok bool) {
	raw, err := json.Marshal(tree)
	if err != nil {
		return a, false
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&a)
	return a, err == nil
}

// misfit is which of the operations has a value that its attribute cannot have,
// given that one has.
func misfit(u User, operations []Operation) int {
	for i, o := range operations {
		tree := u.attributes().tree()
		if o.apply(tree) != nil {
			return i
		}
		if _, ok := decode(tree); !ok {
			return i
		}
	}
	return 0
}

// apply changes the tree of a user's attributes.
func (o Operation) apply(tree map[string]any) error {
	if strings.EqualFold(o.Path, "userName") {
		return invalid("The attribute userName cannot be changed")
	}
	at, object := "", tree
	steps := strings.Split(o.Path, ".") // an extension's name has colons and no dots
	for i, step := range steps {
		known, ok := objects[at][strings.ToLower(step)]
		if !ok {
			return invalid("The attribute %s is not a valid attribute", o.Path)
		}
		if i == len(steps)-1 {
			return o.set(object, known)
		}
		if at = join(at, known); objects[at] == nil {
			return invalid("The attribute %s is not a valid attribute", o.Path)
		}
		part, ok := object[known].(map[string]any)
		if !ok {
			part = make(map[string]any)
			object[known] = part
		}
		object = part
	}
	return nil
}

func (o Operation) set(object map[string]any, name string) error {
	if len(o.Value) == 0 {
		delete(object, name)
		return nil
	}
	var v any
	if err := json.Unmarshal(o.Value, &v); err != nil {
		return invalid("The value of the attribute %s cannot be read", o.Path)
	}
	if v == nil || v == "" { // clients empty a text to take it away
		delete(object, name)
		return nil
	}
	object[name] = v
	return nil
}

// Patch is the group after the operations, in their order.
func (g Group) Patch(operations []Operation) (Group, error) {
	for _, o := range operations {
		var text string
		if len(o.Value) > 0 && json.Unmarshal(o.Value, &text) != nil {
			return Group{}, invalid("The value of an attribute is not of its kind: %s", o.Path)
		}
		switch strings.ToLower(o.Path) {
		case "displayname":
			g.DisplayName = text
		case "description":
			g.Description = text
		default:
			return Group{}, invalid("The attribute %s is not a valid attribute", o.Path)
		}
	}
	return g, g.Check()
}

// Check holds the group to what AWS's API asks.
func (g Group) Check() error {
	switch {
	case g.DisplayName == "":
		return invalid("displayName is a required attribute")
	case !validText(g.DisplayName) || strings.ContainsRune(g.DisplayName, '\u3000'):
		return invalid("The attribute displayName must be 1 to %d letters, marks, symbols, numbers, punctuation characters or spaces", maxText)
	case g.Description != "" && !validText(g.Description):
		return invalid("The attribute description must be 1 to %d letters, marks, symbols, numbers, punctuation characters or spaces", maxText)
	}
	return nil
}
