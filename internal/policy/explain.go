package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Explanation says how a decision came about: what every layer, policy and
// statement said. It is made for people and the policy simulator and takes its time.
type Explanation struct {
	Result Decision `json:"-"`
	// Decision is the simulator's word: allowed, explicitDeny or implicitDeny.
	Decision string `json:"decision"`
	// Layer decided.
	Layer string `json:"layer"`
	// Reason is that of Because; empty if allowed.
	Reason string             `json:"reason,omitempty"`
	Layers []LayerExplanation `json:"layers"`
	// Missing are the condition keys and variables that the policies name and the
	// request lacks, as written, sorted.
	Missing []string `json:"missing_context_values,omitempty"`
}

// LayerExplanation is what one layer said. Layers that do not apply are left out.
type LayerExplanation struct {
	Layer string `json:"layer"`
	// Level is that of an organization's policies: 1 is the root. 0 elsewhere.
	Level int `json:"level,omitempty"`
	// Verdict is allowed, explicitDeny or implicitDeny, of this layer alone.
	Verdict string `json:"verdict"`
	// Waived: the layer need not allow, since the resource's policy names the caller,
	// or the root user has no such layer.
	Waived  bool                `json:"waived,omitempty"`
	Sources []SourceExplanation `json:"policies"`
}

// SourceExplanation is what one policy said.
type SourceExplanation struct {
	Name       string                 `json:"name"`
	Type       string                 `json:"type,omitempty"`
	Owner      string                 `json:"owner,omitempty"`
	Statements []StatementExplanation `json:"statements"`
}

// StatementExplanation says whether a statement matched, and if not, why.
type StatementExplanation struct {
	Index    int        `json:"index"` // from 0
	Sid      string     `json:"sid,omitempty"`
	Effect   string     `json:"effect"`
	Start    Position   `json:"start"`
	End      Position   `json:"end"`
	Matched  bool       `json:"matched"`
	Mismatch []Mismatch `json:"mismatch,omitempty"`
}

// Mismatch is an element of a statement that the request does not meet.
type Mismatch struct {
	Element string `json:"element"` // Action, NotAction, Resource, NotResource, Principal, NotPrincipal, Condition
	// Operator and Key are those of a condition.
	Operator string `json:"operator,omitempty"`
	Key      string `json:"key,omitempty"`
	// Wanted are the values in the policy, Got those of the request.
	Wanted []string `json:"wanted"`
	Got    []string `json:"got"`
	Detail string   `json:"detail"`
}

// Explain decides like Decide and tells why.
func Explain(r *Request, s *Set) Explanation {
	e, o := evaluate(r, s)
	d := e.resolve(&o)
	x := Explanation{Result: d, Decision: word(d.Allowed, d.Explicit), Layer: d.Layer.String(), Reason: d.Because(r.Action)}
	missing := map[string]bool{}
	add := func(l Layer, level int, v *verdict, waived bool, sources []Source) {
		le := LayerExplanation{Layer: l.String(), Level: level, Verdict: word(v.allowed && !v.denied, v.denied), Waived: waived, Sources: []SourceExplanation{}}
		for i := range sources {
			le.Sources = append(le.Sources, e.explainSource(&sources[i], missing))
		}
		x.Layers = append(x.Layers, le)
	}
	levels := func(l Layer, all [][]Source) {
		for i, level := range all {
			var v verdict
			e.scan(level, &v, false)
			add(l, i+1, &v, false, level)
		}
	}
	levels(RCPLayer, s.RCP)
	levels(SCPLayer, s.SCP)
	if s.hasResource() {
		add(s.resourceLayer(), 0, &o.resource, false, s.Resource)
	}
	if p := &r.Principal; p.ofAccount() {
		var w waiver
		if s.ResourceAccount == "" || s.ResourceAccount == p.Account {
			w = e.waive(&o.resource)
		}
		add(IdentityLayer, 0, &o.identity, w.identity || p.unlimited(), s.Identity)
		if s.hasBoundary() {
			add(BoundaryLayer, 0, &o.boundary, w.boundary || p.Kind == RootUser, s.Boundary)
		}
		if s.hasSession() || p.Kind == FederatedUser {
			add(SessionLayer, 0, &o.session, w.session, s.Session)
		}
	}
	for k := range missing {
		x.Missing = append(x.Missing, k)
	}
	slices.Sort(x.Missing)
	return x
}

// word is the simulator's word for a decision.
func word(allowed, explicit bool) string {
	switch {
	case allowed:
		return "allowed"
	case explicit:
		return "explicitDeny"
	}
	return "implicitDeny"
}

func (e *evaluation) explainSource(s *Source, missing map[string]bool) SourceExplanation {
	x := SourceExplanation{Name: s.Name, Type: s.Type, Owner: s.Owner, Statements: []StatementExplanation{}}
	if s.Policy == nil {
		return x
	}
	for _, k := range s.Policy.keys {
		if e.ctx.Get(lower(k)).Len() == 0 {
			missing[k] = true
		}
	}
	for i := range s.Policy.statements {
		st := &s.Policy.statements[i]
		_, matched := st.applies(e)
		x.Statements = append(x.Statements, StatementExplanation{
			Index: i, Sid: st.sid, Effect: st.effect(), Start: st.start, End: st.end,
			Matched: matched, Mismatch: e.mismatches(st),
		})
	}
	return x
}

// mismatches are all elements that do not match, not only the first.
func (e *evaluation) mismatches(st *statement) []Mismatch {
	var out []Mismatch
	r := e.r
	if !st.matchesAction(r.Action) {
		wanted := make([]string, len(st.actions))
		for i := range st.actions {
			wanted[i] = st.actions[i].written
		}
		out = append(out, element("Action", st.notAction, wanted, r.Action))
	}
	if !st.matchesResource(r.Resource, e.ctx) {
		wanted := make([]string, 0, len(st.resources)+1)
		for i := range st.resources {
			wanted = append(wanted, st.resources[i].source)
		}
		if st.anyResource {
			wanted = append(wanted, "*")
		}
		m := element("Resource", st.notResource, wanted, r.Resource)
		if lost := e.unresolved(st.resources); len(lost) > 0 {
			m.Detail += "; the request has no single value for ${" + strings.Join(lost, "}, ${") + "}"
		}
		out = append(out, m)
	}
	if _, ok := st.covers(e); !ok {
		out = append(out, e.principalMismatch(st.principals))
	}
	for i := range st.conditions {
		if c := &st.conditions[i]; !c.holds(e.ctx) {
			out = append(out, e.conditionMismatch(c))
		}
	}
	return out
}

// element is the mismatch of Action or Resource.
func element(name string, not bool, wanted []string, got string) Mismatch {
	m := Mismatch{Element: name, Wanted: wanted, Got: []string{got}}
	if not {
		m.Element = "Not" + name
		m.Detail = fmt.Sprintf("%s is among those that the statement is not about", got)
	} else {
		m.Detail = fmt.Sprintf("%s is not among those that the statement is about", got)
	}
	return m
}

// unresolved are the variables of the patterns that have no value.
func (e *evaluation) unresolved(patterns []pattern) []string {
	var out []string
	for i := range patterns {
		for j := range patterns[i].segments {
			for _, x := range patterns[i].segments[j].pieces {
				if x.variable == nil {
					continue
				}
				if _, ok := x.variable.value(e.ctx); !ok && !slices.Contains(out, x.variable.written) {
					out = append(out, x.variable.written)
				}
			}
		}
	}
	return out
}

func (e *evaluation) principalMismatch(ps *principals) Mismatch {
	p := &e.r.Principal
	m := Mismatch{Element: "Principal", Wanted: []string{}, Got: []string{}}
	if ps.everyone {
		m.Wanted = append(m.Wanted, "*")
	}
	m.Wanted = slices.Concat(m.Wanted, ps.accounts, ps.entities, ps.federated, ps.services)
	for _, name := range []string{p.ARN, p.EntityARN, p.EntityID, p.Federated, p.Service, p.Account} {
		if name != "" && !slices.Contains(m.Got, name) {
			m.Got = append(m.Got, name)
		}
	}
	m.Detail = "none of the caller's names is listed"
	switch {
	case ps.not:
		m.Element, m.Detail = "NotPrincipal", "the caller is among those that the statement is not about"
	case ps.everyone:
		m.Detail = `"*" in a trust policy does not mean services and sign-ins with an assertion or token`
	}
	return m
}

func (e *evaluation) conditionMismatch(c *condition) Mismatch {
	v := e.ctx.Get(c.lower)
	m := Mismatch{Element: "Condition", Operator: c.operator, Key: c.key, Wanted: c.written, Got: v.Strings()}
	if m.Wanted == nil {
		m.Wanted = []string{}
	}
	if m.Got == nil {
		m.Got = []string{}
	}
	patterns := make([]pattern, len(c.values))
	for i := range c.values {
		patterns[i] = c.values[i].text
	}
	switch lost := e.unresolved(patterns); {
	case c.op.family == null && v.Len() > 0:
		m.Detail = "the request has the key"
	case v.Len() == 0:
		m.Detail = "the request lacks the key"
	case len(lost) > 0:
		m.Detail = "the request has no single value for ${" + strings.Join(lost, "}, ${") + "}"
	case len(c.values) == 0:
		m.Detail = "the condition lists no value"
	default:
		m.Detail = fmt.Sprintf("%q does not satisfy %s %q", m.Got, c.operator, m.Wanted)
	}
	return m
}
