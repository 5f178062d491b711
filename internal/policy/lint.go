package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severities of findings, gravest first, as IAM Access Analyzer names them.
const (
	SeverityError    = "ERROR"            // AWS refuses the document
	SeveritySecurity = "SECURITY_WARNING" // it grants more than it seems to
	SeverityWarning  = "WARNING"          // it does not do what it says
	SeveritySuggest  = "SUGGESTION"       // it could be said better
)

// Finding is something that a document should not say.
type Finding struct {
	Severity string `json:"severity"`
	Code     string `json:"code"` // Access Analyzer's issue code where it has one
	Message  string `json:"message"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
}

// Lint finds what AWS refuses, all of it, and, if that is nothing, what is
// dangerous or useless. Findings are in the order of the document.
func Lint(kind Kind, document string) []Finding {
	p, problems := parse(kind, document)
	l := linter{policy: p}
	for _, x := range problems {
		detail := x.message
		if x.detail != "" {
			detail = x.detail
		}
		l.add(SeverityError, x.code, x.at, "%s", detail)
	}
	if len(problems) == 0 {
		for i := range p.statements {
			l.statement(&p.statements[i])
		}
	}
	slices.SortStableFunc(l.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return l.findings
}

type linter struct {
	policy   *Policy
	findings []Finding
}

func (l *linter) add(severity, code string, at Position, format string, args ...any) {
	l.findings = append(l.findings, Finding{severity, code, fmt.Sprintf(format, args...), at.Line, at.Column})
}

func (l *linter) statement(st *statement) {
	if !st.deny {
		l.allow(st)
	}
	l.principals(st)
	l.redundant(st)
	for i := range st.conditions {
		l.condition(st, &st.conditions[i])
	}
}

func (l *linter) identity() bool {
	return l.policy.kind == IdentityPolicy || l.policy.kind == AWSManagedPolicy
}

func (l *linter) allow(st *statement) {
	full := slices.ContainsFunc(st.actions, func(a actionPattern) bool { return a.shape == anyShape })
	everywhere := st.anyResource && !st.notResource
	switch {
	case st.notAction && l.policy.kind != ServiceControlPolicy:
		l.add(SeveritySecurity, "ALLOW_WITH_NOT_ACTION", st.actionsAt, "Allow with NotAction also grants every action that AWS adds later; list what is meant in Action")
	case full && everywhere && len(st.conditions) == 0 && l.identity():
		l.add(SeverityWarning, "FULL_ACCESS", st.actionsAt, "this grants every action on every resource")
	case everywhere && l.identity() && !st.constrains("iam:passedtoservice"):
		for i := range st.actions {
			if a := &st.actions[i]; a.match("iam:PassRole") {
				l.add(SeveritySecurity, "PASS_ROLE_WITH_STAR_IN_RESOURCE", st.actionsAt, "%s on every resource lets any role be given to a service, also stronger ones; name the roles or require iam:PassedToService", a.written)
				break
			}
		}
	}
	if st.notResource {
		l.add(SeveritySecurity, "ALLOW_WITH_NOT_RESOURCE", st.resourcesAt, "Allow with NotResource grants everything that is not listed, also in other services")
	}
}

func (st *statement) constrains(key string) bool {
	return slices.ContainsFunc(st.conditions, func(c condition) bool { return c.lower == key })
}

func (l *linter) principals(st *statement) {
	ps := st.principals
	if ps == nil || l.policy.kind == ResourceControlPolicy {
		return
	}
	switch {
	case ps.not && !st.deny:
		l.add(SeveritySecurity, "ALLOW_WITH_NOT_PRINCIPAL", st.principalsAt, "Allow with NotPrincipal grants to everybody who is not listed, anonymous callers included")
	case ps.not && len(ps.entities) > 0 && len(ps.accounts) == 0:
		l.add(SeverityWarning, "NOT_PRINCIPAL_WITHOUT_ACCOUNT", st.principalsAt, "NotPrincipal spares a user or role only if its account is listed too, and a session only with its role")
	case ps.everyone && !ps.not && !st.deny && len(st.conditions) == 0:
		l.add(SeveritySecurity, "ALLOW_ALL_PRINCIPALS", st.principalsAt, "every principal of every account is allowed; add a condition such as aws:PrincipalOrgID")
	}
	if st.deny || ps.not {
		return
	}
	for _, f := range ps.federated {
		host := f
		if _, after, ok := strings.Cut(f, ":oidc-provider/"); ok {
			host = after
		} else if strings.HasPrefix(f, "arn:") {
			continue
		}
		host = lower(host)
		if !st.constrains(host+":aud") && !st.constrains(host+":sub") && !st.constrains(host+":app_id") {
			l.add(SeveritySecurity, "MISSING_WEB_IDENTITY_CONDITION", st.principalsAt, "every token of %s opens the role; require %s:aud or %s:sub", host, host, host)
		}
	}
	if l.policy.kind == ResourcePolicy && len(ps.services) > 0 &&
		!slices.ContainsFunc([]string{"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"}, st.constrains) {
		l.add(SeveritySecurity, "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", st.principalsAt, "the service may act for anybody's resources; require aws:SourceArn or aws:SourceAccount")
	}
}

// redundant finds an action that another of the same element covers.
func (l *linter) redundant(st *statement) {
	for i := range st.actions {
		for j := range st.actions {
			a, b := &st.actions[i], &st.actions[j]
			if i == j || b.shape == generalShape || a.shape == b.shape && a.text == b.text && i < j {
				continue
			}
			covered := b.match(a.text) && (a.shape == exactShape || b.shape == anyShape || a.shape == prefixShape && b.shape == prefixShape)
			if covered {
				l.add(SeveritySuggest, "REDUNDANT_ACTION", st.actionsAt, "%s is part of %s", a.written, b.written)
				break
			}
		}
		if i == maxRedundant {
			return
		}
	}
}

// maxRedundant bounds the square of comparisons.
const maxRedundant = 500

// multivalued are the global keys that may have several values.
var multivalued = []string{
	"aws:calledvia", "aws:principalorgpaths", "aws:principalservicenameslist", "aws:resourceorgpaths", "aws:sourceorgpaths",
	"aws:tagkeys", "aws:vpceorgpaths", "sts:transitivetagkeys",
}

func (l *linter) condition(st *statement, c *condition) {
	many := slices.Contains(multivalued, c.lower)
	switch {
	case len(c.values) == 0:
		l.add(SeverityWarning, "EMPTY_ARRAY_CONDITION", c.at, "%s has no value for %s, so nothing ever matches it", c.operator, c.key)
	case many && c.set == noSet && c.op.family != null:
		l.add(SeverityWarning, "MISSING_QUALIFIER", c.at, "%s may have several values: AWS does not say what %s then means; use ForAllValues: or ForAnyValue:", c.key, c.operator)
	case c.set == forAll && !st.deny && !st.requires(c.lower):
		l.add(SeveritySecurity, "FOR_ALL_VALUES_WITHOUT_NULL_CHECK", c.at, `%s is also true if the request lacks %s; add "Null": {"%s": "false"}`, c.operator, c.key, c.key)
	case st.deny && c.lower == "aws:multifactorauthpresent" && c.op.family == boolean && !c.ifExists:
		l.add(SeveritySecurity, "MFA_DENY_WITHOUT_IF_EXISTS", c.at, "long-term keys carry no %s, so they slip through; use BoolIfExists", c.key)
	}
	for i := range c.values {
		l.value(c, i)
	}
}

// requires tells whether the statement wants the key to be there.
func (st *statement) requires(key string) bool {
	return slices.ContainsFunc(st.conditions, func(c condition) bool {
		return c.lower == key && c.op.family == null && len(c.values) == 1 && !c.values[0].truth
	})
}

func (l *linter) value(c *condition, i int) {
	text := c.written[i]
	switch c.op.family {
	case stringEquals, stringIgnoreCase:
		if strings.ContainsAny(strings.NewReplacer("${*}", "", "${?}", "").Replace(text), "*?") {
			l.add(SeverityWarning, "WILDCARD_WITHOUT_LIKE_OPERATOR", c.at, "%q: %s compares * and ? as they are; use StringLike", text, c.operator)
		}
	case arnLike:
		if n := len(c.values[i].parts); n != 6 && text != "*" || n == 6 && !strings.HasPrefix(text, "arn:") && !strings.HasPrefix(text, "*:") {
			l.add(SeverityWarning, "INVALID_ARN_CONDITION", c.at, "%q is not an ARN, so %s never matches it", text, c.operator)
		}
	}
	if strings.Contains(text, "${") && !l.policy.variables {
		l.add(SeverityWarning, "VARIABLE_WITHOUT_VERSION", c.at, "%q: variables need Version 2012-10-17; here it is plain text", text)
	}
}
