package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// SyntaxError says why a document is refused.
type SyntaxError struct {
	Message      string // AWS's text (behaviours.md 3.9)
	Detail       string // what exactly is wrong, for people
	Line, Column int    // where, both from 1
}

// Error implements error with AWS's text.
func (e *SyntaxError) Error() string { return e.Message }

// AWS's messages (behaviours.md 3.9).
const (
	msgSyntax        = "Syntax errors in policy."
	msgVersion       = "Policy document must be version 2012-10-17 or greater."
	msgLegacy        = "The policy failed legacy parsing"
	msgSidUnique     = "Statement IDs (SID) in a single policy must be unique."
	msgSidCharacters = "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
	msgNoActions     = "Policy statement must contain actions."
	msgNoResources   = "Policy statement must contain resources."
	msgNoVendor      = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
	msgColons        = "Actions/Condition can contain only one colon."
	msgPrincipal     = "Policy document should not specify a principal."
	msgTrustJSON     = "This policy contains invalid Json"
	msgTrustActions  = "AssumeRole policy may only specify STS AssumeRole actions."
	msgOrganization  = "The provided policy document does not meet the requirements of the specified policy type."
)

// phase is when IAM comes across a mistake: of several it tells the one of the
// first phase, wherever in the document it is.
type phase uint8

const (
	syntaxPhase phase = iota
	versionPhase
	legacyPhase
	sidPhase
	actionsPhase
	formatPhase
	vendorPhase
	resourcesPhase
)

// problem is one mistake in a document.
type problem struct {
	phase   phase
	code    string
	message string
	detail  string
	at      Position
}

// parser reads one document. It goes on after a mistake, so that Lint can tell
// them all.
type parser struct {
	kind      Kind
	variables bool // the version has them
	policy    *Policy
	problems  []problem
	sids      map[string]bool
	keys      map[string]bool
}

// Parse validates a document and compiles it. The error is a *SyntaxError; no
// policy comes with it.
func Parse(kind Kind, document string) (*Policy, error) {
	policy, problems := parse(kind, document)
	if len(problems) == 0 {
		return policy, nil
	}
	first := slices.MinFunc(problems, func(a, b problem) int { return cmp.Compare(a.phase, b.phase) })
	return nil, &SyntaxError{Message: first.message, Detail: first.detail, Line: first.at.Line, Column: first.at.Column}
}

// MustParse is Parse for tables in tests. It panics if the document is refused.
func MustParse(kind Kind, document string) *Policy {
	p, err := Parse(kind, document)
	if err != nil {
		panic(fmt.Sprintf("policy: %v in %s", err, document))
	}
	return p
}

func parse(kind Kind, document string) (*Policy, []problem) {
	p := &parser{kind: kind, policy: &Policy{kind: kind}, sids: map[string]bool{}, keys: map[string]bool{}}
	root, err := readJSON(document)
	switch {
	case kind < IdentityPolicy || kind > AWSManagedPolicy:
		p.report(syntaxPhase, "INVALID_KIND", Position{1, 1}, msgSyntax, "there is no such kind of policy")
	case err != nil:
		message := msgSyntax
		if kind == TrustPolicy {
			message = msgTrustJSON
		}
		p.report(syntaxPhase, "INVALID_JSON", err.at, message, "%s", err.detail)
	default:
		p.document(&root)
	}
	return p.policy, p.problems
}

// report keeps a mistake. Organizations has one message for all of them.
func (p *parser) report(ph phase, code string, at Position, message, detail string, args ...any) {
	if p.kind == ServiceControlPolicy || p.kind == ResourceControlPolicy {
		message = msgOrganization
	}
	p.problems = append(p.problems, problem{ph, code, message, fmt.Sprintf(detail, args...), at})
}

func (p *parser) syntax(code string, at Position, detail string, args ...any) {
	p.report(syntaxPhase, code, at, msgSyntax, detail, args...)
}

// identity tells whether the policy is of identities, by IAM's rules for them.
func (p *parser) identity() bool { return p.kind == IdentityPolicy || p.kind == AWSManagedPolicy }

// ofRole tells whether the policy is of a resource or role, whose messages name fields.
func (p *parser) ofResource() bool { return p.kind == ResourcePolicy || p.kind == TrustPolicy }

func (p *parser) document(root *node) {
	if root.kind != objectNode {
		p.syntax("INVALID_JSON", root.start, "a policy is an object, not %s", nodeNames[root.kind])
		return
	}
	p.version(root)
	var statements *node
	for i := range root.members {
		m := &root.members[i]
		switch m.key {
		case "Version":
		case "Id":
			if m.value.kind != stringNode {
				p.syntax("DATA_TYPE_MISMATCH", m.value.start, "Id is a string, not %s", nodeNames[m.value.kind])
			}
		case "Statement":
			statements = &m.value
		default:
			p.unknown(m, "a policy")
		}
	}
	switch {
	case statements == nil:
		p.syntax("MISSING_STATEMENT", root.start, "Statement is missing")
	case statements.kind == objectNode:
		p.statement(statements)
	case statements.kind != arrayNode:
		p.syntax("DATA_TYPE_MISMATCH", statements.start, "Statement is an object or a list of objects, not %s", nodeNames[statements.kind])
	case len(statements.items) == 0:
		p.syntax("MISSING_STATEMENT", statements.start, "there is no statement")
	default:
		for i := range statements.items {
			p.statement(&statements.items[i])
		}
	}
}

func (p *parser) unknown(m *member, in string) {
	message := msgSyntax
	if p.ofResource() {
		message = "Unknown field " + m.key
	}
	p.report(syntaxPhase, "INVALID_POLICY_ELEMENT", m.start, message, "%q is no element of %s", m.key, in)
}

func (p *parser) version(root *node) {
	v := root.get("Version")
	switch {
	case v == nil:
		if !p.ofResource() {
			p.report(versionPhase, "MISSING_VERSION", root.start, msgVersion, "Version is missing; it has to be 2012-10-17")
		}
	case v.kind != stringNode || v.text != "2008-10-17" && v.text != "2012-10-17":
		p.syntax("INVALID_VERSION", v.start, "Version is 2012-10-17 or 2008-10-17")
	case v.text == "2012-10-17":
		p.variables, p.policy.variables = true, true
	case !p.ofResource():
		p.report(versionPhase, "INVALID_VERSION", v.start, msgVersion, "Version has to be 2012-10-17")
	}
}

func (p *parser) statement(n *node) {
	if n.kind != objectNode {
		p.syntax("DATA_TYPE_MISMATCH", n.start, "a statement is an object, not %s", nodeNames[n.kind])
		return
	}
	st := statement{start: n.start, end: n.end, trust: p.kind == TrustPolicy}
	p.effect(n, &st) // first: what the other elements may be depends on it
	for i := range n.members {
		m := &n.members[i]
		switch m.key {
		case "Effect":
		case "Sid":
			p.sid(&m.value, &st)
		case "Action", "NotAction":
			p.actions(m, &st)
		case "Resource", "NotResource":
			p.resources(m, &st)
		case "Principal", "NotPrincipal":
			p.principal(m, &st)
		case "Condition":
			p.condition(&m.value, &st)
		default:
			p.unknown(m, "a statement")
		}
	}
	p.complete(n, &st)
	st.common = commonPrefix(st.actions)
	list := &p.policy.allows
	if st.deny {
		list = &p.policy.denies
	}
	*list = append(*list, int32(len(p.policy.statements)))
	p.policy.statements = append(p.policy.statements, st)
}

func (p *parser) effect(n *node, st *statement) {
	e := n.get("Effect")
	switch {
	case e == nil:
		message := msgSyntax
		if p.ofResource() {
			message = "Missing required field Effect"
		}
		p.report(syntaxPhase, "MISSING_EFFECT", n.start, message, "Effect is missing")
	case e.kind == stringNode && (e.text == "Allow" || e.text == "Deny"):
		st.deny = e.text == "Deny"
	case e.kind == stringNode && (lower(e.text) == "allow" || lower(e.text) == "deny"):
		p.report(legacyPhase, "INVALID_EFFECT", e.start, msgLegacy, "Effect is Allow or Deny, in this spelling")
	default:
		p.syntax("INVALID_EFFECT", e.start, "Effect is Allow or Deny")
	}
}

func (p *parser) sid(n *node, st *statement) {
	if n.kind != stringNode {
		p.syntax("DATA_TYPE_MISMATCH", n.start, "Sid is a string, not %s", nodeNames[n.kind])
		return
	}
	st.sid = n.text
	if n.text == "" {
		return
	}
	if p.sids[n.text] {
		p.report(sidPhase, "UNIQUE_SIDS_REQUIRED", n.start, msgSidUnique, "another statement is called %q", n.text)
	}
	p.sids[n.text] = true
	if p.kind != ResourcePolicy && strings.Trim(lower(n.text), "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		p.report(sidPhase, "INVALID_SID", n.start, msgSidCharacters, "Sid has only letters and digits")
	}
}

// complete reports elements that are missing or exclude each other.
func (p *parser) complete(n *node, st *statement) {
	for _, both := range [][2]string{{"Action", "NotAction"}, {"Resource", "NotResource"}, {"Principal", "NotPrincipal"}} {
		if n.get(both[0]) != nil && n.get(both[1]) != nil {
			p.syntax("INVALID_POLICY_ELEMENT_COMBINATION", n.start, "a statement has %s or %s, not both", both[0], both[1])
		}
	}
	if n.get("Action") == nil && n.get("NotAction") == nil {
		p.report(actionsPhase, "MISSING_ACTION", n.start, p.missing(msgNoActions, "Action"), "Action or NotAction is missing")
	}
	if n.get("Resource") == nil && n.get("NotResource") == nil {
		st.anyResource = true
		if !p.ofResource() {
			p.report(resourcesPhase, "MISSING_RESOURCE", n.start, msgNoResources, "Resource or NotResource is missing")
		}
	}
	if p.kind != ServiceControlPolicy && !p.identity() && n.get("Principal") == nil && n.get("NotPrincipal") == nil {
		p.report(syntaxPhase, "MISSING_PRINCIPAL", n.start, "Missing required field Principal", "Principal is missing")
	}
	if p.kind == ResourceControlPolicy && !st.deny && !st.everything() {
		p.syntax("RCP_SYNTAX_ERROR_ALLOW", n.start, "a resource control policy can only deny")
	}
}

func (p *parser) missing(message, field string) string {
	if p.ofResource() {
		return "Missing required field " + field
	}
	return message
}

// everything tells whether the statement is that of RCPFullAWSAccess.
func (st *statement) everything() bool {
	return !st.notAction && len(st.actions) == 1 && st.actions[0].written == "*" && st.anyResource && !st.notResource &&
		len(st.conditions) == 0 && st.principals != nil && st.principals.everyone
}

// texts is a string or a list of strings, with their places.
func (p *parser) texts(m *member) []*node {
	switch n := &m.value; n.kind {
	case stringNode:
		return []*node{n}
	case arrayNode:
		out := make([]*node, 0, len(n.items))
		for i := range n.items {
			x := &n.items[i]
			if x.kind != stringNode {
				p.syntax("DATA_TYPE_MISMATCH", x.start, "%s holds strings, not %s", m.key, nodeNames[x.kind])
				continue
			}
			out = append(out, x)
		}
		return out
	default:
		p.syntax("DATA_TYPE_MISMATCH", n.start, "%s is a string or a list of strings, not %s", m.key, nodeNames[n.kind])
		return nil
	}
}

func (p *parser) actions(m *member, st *statement) {
	st.notAction, st.actionsAt = m.key == "NotAction", m.start
	texts := p.texts(m)
	if m.value.kind == arrayNode && len(m.value.items) == 0 {
		p.report(actionsPhase, "EMPTY_ARRAY_ACTION", m.value.start, msgNoActions, "%s is empty", m.key)
	}
	if p.kind == TrustPolicy && st.notAction {
		p.report(vendorPhase, "INVALID_ACTION", m.start, msgTrustActions, "a trust policy lists its actions")
	}
	for _, n := range texts {
		a := newActionPattern(n.text)
		st.actions = append(st.actions, a)
		service, name, colon := strings.Cut(n.text, ":")
		switch {
		case n.text == "*" && p.kind != TrustPolicy:
		case p.kind == TrustPolicy && !trustAction(&a):
			p.report(vendorPhase, "INVALID_ACTION", n.start, msgTrustActions, "%q is not an action of STS that a role can be assumed by", n.text)
		case !colon:
			p.report(vendorPhase, "MISSING_SERVICE_PREFIX", n.start, msgNoVendor, "%q has no service prefix", n.text)
		case strings.Contains(name, ":"):
			p.report(vendorPhase, "INVALID_ACTION", n.start, msgColons, "%q has more than one colon", n.text)
		case service == "" || service != "*" && strings.Trim(lower(service), "abcdefghijklmnopqrstuvwxyz0123456789-.") != "":
			p.report(vendorPhase, "INVALID_SERVICE_PREFIX", n.start, "Vendor "+service+" is not valid", "%q is no service prefix", service)
		}
	}
}

// trustActions are the actions that a trust policy can be about (behaviours.md 3.8).
var trustActions = []string{
	"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity",
	"sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext",
}

func trustAction(a *actionPattern) bool {
	return a.service() == "sts" && slices.ContainsFunc(trustActions, a.match)
}

func (p *parser) principal(m *member, st *statement) {
	not := m.key == "NotPrincipal"
	switch {
	case p.identity():
		p.report(syntaxPhase, "INVALID_POLICY_ELEMENT", m.start, msgPrincipal, "a policy of identities has no %s", m.key)
		return
	case p.kind == ServiceControlPolicy || p.kind == ResourceControlPolicy && not, p.kind == TrustPolicy && not:
		p.report(syntaxPhase, "UNSUPPORTED_POLICY_ELEMENT", m.start, "Has prohibited field "+m.key, "such a policy has no %s", m.key)
		return
	}
	st.principals, st.principalsAt = &principals{not: not}, m.start
	switch n := &m.value; {
	case n.kind == stringNode && n.text == "*":
		st.principals.everyone = true
		p.element("*", n, not)
	case n.kind == objectNode && len(n.members) > 0:
		for i := range n.members {
			p.principalType(&n.members[i], st.principals)
		}
	default:
		p.report(syntaxPhase, "INVALID_PRINCIPAL", n.start, p.invalidPrincipal(n), `%s is "*" or an object of AWS, Federated, Service or CanonicalUser`, m.key)
	}
	if p.kind == ResourceControlPolicy && !st.principals.everyone {
		p.syntax("RCP_SYNTAX_ERROR_PRINCIPAL", m.start, `the Principal of a resource control policy is "*"`)
	}
}

func (p *parser) invalidPrincipal(n *node) string {
	if n.kind == stringNode {
		return `Invalid principal in policy: "AWS":"` + n.text + `"`
	}
	return msgSyntax
}

func (p *parser) principalType(m *member, ps *principals) {
	switch m.key {
	case typeAWS, typeFederated, typeService, typeCanonical:
	default:
		p.syntax("INVALID_PRINCIPAL_KEY", m.start, "%q is no type of principal", m.key)
		return
	}
	texts := p.texts(m)
	if m.value.kind == arrayNode && len(m.value.items) == 0 {
		p.syntax("EMPTY_ARRAY_PRINCIPAL", m.value.start, "%s is empty", m.key)
	}
	for _, n := range texts {
		if !ps.add(p.kind, m.key, n.text) {
			typ := m.key
			if typ != typeAWS {
				typ = strings.ToUpper(typ)
			}
			p.report(formatPhase, "INVALID_PRINCIPAL", n.start, `Invalid principal in policy: "`+typ+`":"`+n.text+`"`, "%q cannot be a principal of type %s", n.text, m.key)
		}
		p.element(m.key, n, ps.not)
	}
}

func (p *parser) element(typ string, n *node, not bool) {
	p.policy.principals = append(p.policy.principals, PrincipalElement{Type: typ, Value: n.text, Line: n.start.Line, Column: n.start.Column, Not: not, from: n.from, to: n.to})
}

// key remembers a condition key or variable for ContextKeys.
func (p *parser) key(written string) {
	if l := lower(written); !p.keys[l] {
		p.keys[l] = true
		p.policy.keys = append(p.policy.keys, written)
	}
}

// keysOf remembers the variables of a pattern.
func (p *parser) keysOf(x *pattern) {
	for i := range x.segments {
		for _, piece := range x.segments[i].pieces {
			if piece.variable != nil {
				p.key(piece.variable.written)
			}
		}
	}
}

func (p *parser) condition(n *node, st *statement) {
	if n.kind != objectNode {
		p.syntax("DATA_TYPE_MISMATCH", n.start, "Condition is an object, not %s", nodeNames[n.kind])
		return
	}
	for i := range n.members {
		m := &n.members[i]
		op, q, ifExists, ok := parseOperator(m.key)
		switch {
		case m.value.kind != objectNode:
			p.syntax("DATA_TYPE_MISMATCH", m.value.start, "%s is an object of keys and values, not %s", m.key, nodeNames[m.value.kind])
			continue
		case !ok && len(m.value.members) == 0 && p.identity():
			continue // IAM takes it: it asks for nothing
		case !ok:
			p.syntax("INVALID_CONDITION_OPERATOR", m.start, "%q is no condition operator", m.key)
			continue
		}
		for j := range m.value.members {
			k := &m.value.members[j]
			c := condition{operator: m.key, key: k.key, lower: lower(k.key), op: op, set: q, ifExists: ifExists, at: k.start}
			if k.key == "" {
				p.syntax("INVALID_CONDITION_KEY", k.start, "a condition key is missing")
			}
			p.key(k.key)
			p.values(k, &c)
			st.conditions = append(st.conditions, c)
		}
	}
}

func (p *parser) values(k *member, c *condition) {
	nodes := []node{k.value}
	if k.value.kind == arrayNode {
		nodes = k.value.items
	}
	for i := range nodes {
		n := &nodes[i]
		switch n.kind {
		case stringNode, numberNode, boolNode:
		default:
			p.syntax("DATA_TYPE_MISMATCH", n.start, "a value of %s is a string, a number or a boolean, not %s", c.key, nodeNames[n.kind])
			continue
		}
		o, err := newOperand(c.op.family, n.text, p.variables)
		if err != nil {
			p.report(legacyPhase, "INVALID_CONDITION_VALUE", n.start, msgLegacy, "%s cannot compare %s with %q: %v", c.operator, c.key, n.text, err)
			continue
		}
		p.keysOf(&o.text)
		c.values = append(c.values, o)
		c.written = append(c.written, n.text)
	}
}
