package org

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// EffectivePolicy is what the management policies of a type come to for an
// account: those of the root, of the units on the way and its own, merged from
// the root down by their inheritance operators.
type EffectivePolicy struct {
	Account   string
	Type      PolicyType
	Document  string           // JSON without operators
	UpdatedAt time.Time        // of the newest document that is in it
	Errors    []EffectiveError // in order of path and code
}

// EffectiveError says why an effective policy cannot be carried out in full.
type EffectiveError struct {
	Code         string // REQUIRED_KEY_MISSING or ELEMENTS_TOO_MANY
	Message      string
	Path         string   // of names, with slashes
	Contributing []string // ids of the policies that set something there
}

var errNoEffective = fault.New(fault.NotFound, "EffectivePolicyNotFound", "If you ran this action on the management account, this policy type is not enabled. "+
	"If you ran the action on a member account, the account doesn't have an effective policy of this type.")

// Effective computes the effective policy of an account of the organization. It is
// NotFound if the type is not enabled, or if nothing of it comes down on the account.
func Effective(tx Store, o Organization, a account.Account, t PolicyType) (EffectivePolicy, error) {
	e := EffectivePolicy{Account: a.ID, Type: t}
	if !t.Management() {
		return e, invalid("INVALID_ENUM_POLICY_TYPE", "You specified an invalid policy type.")
	}
	if !o.Enabled(t) {
		return e, errNoEffective
	}
	root, some := &effective{}, false
	for _, level := range Levels(a) {
		policies, err := PoliciesOn(tx, o.ID, level, t)
		if err != nil {
			return e, err
		}
		if len(policies) == 0 {
			continue
		}
		some = true
		if err := root.level(policies, t); err != nil {
			return e, err
		}
		for _, p := range policies {
			if p.UpdatedAt.After(e.UpdatedAt) {
				e.UpdatedAt = p.UpdatedAt
			}
		}
	}
	if !some {
		return e, errNoEffective
	}
	rules := policyTypes[t]
	v, ok := root.plain()
	if !ok {
		v = map[string]any{}
	}
	b, err := json.Marshal(map[string]any{rules.key: v})
	if err != nil {
		return e, fmt.Errorf("effective policy of %s: %w", a.ID, err)
	}
	e.Document = string(b)
	root.check(rules.shape, rules.key, &e.Errors)
	slices.SortFunc(e.Errors, func(a, b EffectiveError) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Code, b.Code)) })
	return e, nil
}

// effective is one place of an effective policy in the making.
type effective struct {
	members map[string]*effective
	value   any       // scalar or []any; nil for none
	by      []string  // ids of the policies that set it
	denied  operators // that policies further down must not use here and below
}

// level merges the policies that are attached to one root, unit or account. They
// are bound by what those above allow, not by each other. Where they contradict
// each other, the one that was attached first wins; of what they allow to those
// below, all that none of them forbids is left.
func (n *effective) level(policies []Policy, t PolicyType) error {
	documents := make([]*element, len(policies))
	for i, p := range policies {
		var err error
		if documents[i], err = parseDocument(t, p.Document); err != nil {
			return fmt.Errorf("policy %s: %w", p.ID, err)
		}
	}
	n.merge(documents, policies, 0)
	return nil
}

// merge applies the same place of several policies; those that do not have it are nil.
func (n *effective) merge(documents []*element, policies []Policy, denied operators) {
	denied |= n.denied
	n.set(documents, policies, denied)
	names := make(map[string]bool)
	for _, e := range documents {
		if e == nil {
			continue
		}
		for name := range e.members {
			names[name] = true
		}
	}
	for name := range names {
		inner := make([]*element, len(documents))
		for i, e := range documents {
			if e != nil {
				inner[i] = e.members[name]
			}
		}
		if n.members == nil {
			n.members = make(map[string]*effective)
		}
		if n.members[name] == nil {
			n.members[name] = &effective{}
		}
		n.members[name].merge(inner, policies, denied)
	}
	for _, e := range documents {
		if e != nil && e.limited {
			n.denied |= allOperators &^ e.allowed
		}
	}
}

// set applies the operators of one level to the value: what it removes is of what
// was inherited, what it appends comes to that or to what it assigns.
func (n *effective) set(documents []*element, policies []Policy, denied operators) {
	inherited, isList := n.value.([]any)
	base, assigned := n.value, false
	var added []any
	for i, e := range documents {
		if e == nil {
			continue
		}
		if e.assign != nil && denied&mayAssign == 0 && !assigned {
			base, assigned, n.by = e.assign, true, []string{policies[i].ID}
		}
	}
	for i, e := range documents {
		if e == nil {
			continue
		}
		if e.remove != nil && denied&mayRemove == 0 && !assigned && isList {
			inherited = slices.DeleteFunc(slices.Clone(inherited), func(v any) bool { return slices.Contains(e.remove, v) })
			base = inherited
			n.contributed(policies[i].ID)
		}
		if e.append != nil && denied&mayAppend == 0 {
			added = append(added, e.append...)
			n.contributed(policies[i].ID)
		}
	}
	if len(added) > 0 {
		list, _ := base.([]any)
		list = slices.Clone(list)
		for _, v := range added {
			if !slices.Contains(list, v) {
				list = append(list, v)
			}
		}
		base = list
	}
	n.value = base
}

func (n *effective) contributed(id string) {
	if !slices.Contains(n.by, id) {
		n.by = append(n.by, id)
	}
}

// plain is the place as JSON without operators; ok is false if nothing is set.
func (n *effective) plain() (v any, ok bool) {
	if n.value != nil {
		list, many := n.value.([]any)
		return n.value, !many || len(list) > 0
	}
	object := make(map[string]any)
	for name, m := range n.members {
		if v, ok := m.plain(); ok {
			object[name] = v
		}
	}
	return object, len(object) > 0
}

// contributing are the policies that set something here or below, in order.
func (n *effective) contributing() []string {
	ids := make(map[string]bool)
	n.collect(ids)
	return slices.Sorted(maps.Keys(ids))
}

func (n *effective) collect(ids map[string]bool) {
	for _, id := range n.by {
		ids[id] = true
	}
	for _, m := range n.members {
		m.collect(ids)
	}
}

// check finds what the merged policy lacks or has too much of.
func (n *effective) check(s shape, path string, found *[]EffectiveError) {
	if _, set := n.plain(); !set {
		return
	}
	for _, field := range s.needs {
		m := n.members[field]
		if m != nil {
			if _, set := m.plain(); set {
				continue
			}
		}
		*found = append(*found, EffectiveError{
			"REQUIRED_KEY_MISSING", fmt.Sprintf("'%s' is required", field), path + "/" + field, n.contributing(),
		})
	}
	if s.most > 0 && len(n.members) > s.most {
		*found = append(*found, EffectiveError{
			"ELEMENTS_TOO_MANY", fmt.Sprintf("'%s' exceeds the allowed maximum limit %d", path[strings.LastIndexByte(path, '/')+1:], s.most), path, n.contributing(),
		})
	}
	for _, name := range slices.Sorted(maps.Keys(n.members)) {
		if inner, err := s.member(name); err == nil {
			n.members[name].check(inner, path+"/"+name, found)
		}
	}
}

// invalidScan is how many accounts one call looks at.
const invalidScan = 200

// InvalidEffective pages through the organization's accounts whose effective policy
// of the type has errors, in order of id. It looks at so many accounts only: a page
// may have fewer than asked for, or none, and still a next one.
func InvalidEffective(tx Tx, o Organization, t PolicyType, p page.Request) (page.Page[account.Account], error) {
	var out page.Page[account.Account]
	if !o.Enabled(t) || !t.Management() {
		return out, errNoEffective
	}
	accounts, err := tx.AccountsOfOrganization(o.ID, page.Request{Limit: invalidScan, After: p.After})
	if err != nil {
		return out, err
	}
	for i, a := range accounts.Items {
		e, err := Effective(tx, o, a, t)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return out, err
		}
		if len(e.Errors) == 0 {
			continue
		}
		out.Items = append(out.Items, a)
		if len(out.Items) == p.Limit {
			if i < len(accounts.Items)-1 || accounts.Next != "" {
				out.Next = a.ID
			}
			return out, nil
		}
	}
	out.Next = accounts.Next
	return out, nil
}
