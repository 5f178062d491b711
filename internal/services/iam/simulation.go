package iam

import (
	"encoding/base64"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/arn"
	"sekisho/internal/policy"
)

// parse compiles a document of the input.
func parse(kind policy.Kind, document string) (*policy.Policy, error) {
	p, err := policy.Parse(kind, document)
	if err != nil {
		return nil, invalidInput("%s", err)
	}
	return p, nil
}

// setCaller lets the user or role with the ARN make the simulated calls.
func (m *simulation) setCaller(callerARN string) error {
	account, kind, _, name, ok := arn.SplitIAM(callerARN)
	if !ok || !arn.ValidAccount(account) || kind != "user" && kind != "role" && kind != "group" {
		return errEntityARN(callerARN)
	}
	m.caller.Account = account
	m.context["aws:principalaccount"] = []string{account}
	if kind == "group" { // gives policies to callers and is none
		return nil
	}
	m.caller.EntityARN = callerARN
	m.context["aws:principalarn"] = []string{callerARN}
	if kind == "role" {
		// A session of the role, but none that a policy could name.
		m.caller.Kind, m.context["aws:principaltype"] = policy.RoleSession, []string{"AssumedRole"}
		return nil
	}
	m.caller.Kind, m.caller.ARN = policy.User, callerARN
	m.context["aws:principaltype"], m.context["aws:username"] = []string{"User"}, []string{name}
	return nil
}

func errEntityARN(s string) error {
	return invalidInput("Invalid Entity Arn: %s does not clearly define entity type and name.", s)
}

// ownerOf is the account that ResourceOwner names, by its id or its root's ARN.
func ownerOf(owner *string) (string, error) {
	if owner == nil {
		return "", nil
	}
	account := *owner
	if a, err := arn.Parse(account); err == nil {
		account = a.Account
	}
	if !arn.ValidAccount(account) {
		return "", invalidInput("Invalid resource owner: %s.", *owner)
	}
	return account, nil
}

// handlings are the resources that must be there for each way to start an
// instance of EC2, by how the resource part of their ARNs begins.
var handlings = map[string][]string{
	"EC2-VPC-InstanceStore":        {"instance/", "image/", "security-group/", "network-interface/"},
	"EC2-VPC-InstanceStore-Subnet": {"instance/", "image/", "security-group/", "network-interface/", "subnet/"},
	"EC2-VPC-EBS":                  {"instance/", "image/", "security-group/", "network-interface/", "volume/"},
	"EC2-VPC-EBS-Subnet":           {"instance/", "image/", "security-group/", "network-interface/", "subnet/", "volume/"},
}

func handled(option string, resources []string) error {
	if option == "" {
		return nil
	}
	needed, ok := handlings[option]
	if !ok {
		return invalidInput("Invalid resource handling option: %s.", option)
	}
	for _, kind := range needed {
		if !slices.ContainsFunc(resources, func(r string) bool {
			a, err := arn.Parse(r)
			return err == nil && a.Service == "ec2" && strings.HasPrefix(a.Resource, kind)
		}) {
			return invalidInput("Resource handling option %s requires a resource of the type %s.", option, strings.TrimSuffix(kind, "/"))
		}
	}
	return nil
}

// setContext takes over the context entries. They go before what is known of the
// caller.
func (m *simulation) setContext(entries []types.ContextEntry) error {
	given := make(map[string]bool, len(entries))
	for _, e := range entries {
		key := strings.ToLower(aws.ToString(e.ContextKeyName))
		kind, list := strings.CutSuffix(string(e.ContextKeyType), "List")
		valid, ok := contextValues[kind]
		if key == "" || !ok || given[key] {
			return invalidInput("Each context entry must have a key name of its own and a type.")
		}
		if !list && len(e.ContextKeyValues) != 1 {
			return invalidInput("The context key %s of the type %s must have one value.", *e.ContextKeyName, kind)
		}
		for _, v := range e.ContextKeyValues {
			if !valid(v) {
				return invalidInput("Invalid value of the context key %s: %s is not of the type %s.", *e.ContextKeyName, v, kind)
			}
		}
		given[key] = true
		m.context[key] = e.ContextKeyValues
	}
	return nil
}

// contextValues tell the values of each type from others.
var contextValues = map[string]func(string) bool{
	"string": func(string) bool { return true },
	"numeric": func(v string) bool {
		_, err := strconv.ParseFloat(v, 64)
		return err == nil
	},
	"boolean": func(v string) bool { return strings.EqualFold(v, "true") || strings.EqualFold(v, "false") },
	"ip": func(v string) bool {
		_, err := netip.ParseAddr(v)
		if err != nil {
			_, err = netip.ParsePrefix(v)
		}
		return err == nil
	},
	"binary": func(v string) bool {
		_, err := base64.StdEncoding.DecodeString(v)
		return err == nil
	},
	"date": isDate,
}

// isDate accepts the forms in which policies write dates: ISO 8601, down to the
// part that is needed, and seconds since 1970.
func isDate(v string) bool {
	if _, err := strconv.ParseInt(v, 10, 64); err == nil {
		return true
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01"} {
		if _, err := time.Parse(layout, v); err == nil {
			return true
		}
	}
	return false
}

// lacking are the context keys that the policies of identities and resources
// name and that have no value.
func (m *simulation) lacking() (keys []string) {
	for _, sources := range [][]policy.Source{m.set.Identity, m.set.Boundary, m.set.Resource} {
		keys = append(keys, contextKeys(sources)...)
	}
	keys = slices.DeleteFunc(keys, func(k string) bool { return len(m.context[strings.ToLower(k)]) > 0 })
	return sortedKeys(keys)
}

// contextKeys are the keys that policies name.
func contextKeys(sources []policy.Source) (keys []string) {
	for _, s := range sources {
		keys = append(keys, s.Policy.ContextKeys()...)
	}
	return keys
}

// sortedKeys are the keys in order, each once whatever its case.
func sortedKeys(keys []string) []string {
	slices.SortFunc(keys, func(a, b string) int {
		if c := strings.Compare(strings.ToLower(a), strings.ToLower(b)); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	keys = slices.CompactFunc(keys, strings.EqualFold)
	if keys == nil {
		keys = []string{}
	}
	return keys
}

// evaluate decides one action on all resources.
func (m *simulation) evaluate(action string) types.EvaluationResult {
	out := types.EvaluationResult{
		EvalActionName: aws.String(action), EvalResourceName: aws.String("*"), MissingContextValues: m.missing,
		EvalDecision: types.PolicyEvaluationDecisionTypeAllowed, MatchedStatements: []types.Statement{},
	}
	if len(m.resources) == 1 {
		out.EvalResourceName = aws.String(m.resources[0])
	}
	if m.member {
		out.OrganizationsDecisionDetail = &types.OrganizationsDecisionDetail{AllowedByOrganizations: true}
	}
	var all []evaluated
	for _, resource := range m.resources {
		e := m.decide(action, resource)
		if m.member && !e.organization {
			out.OrganizationsDecisionDetail.AllowedByOrganizations = false
		}
		if !m.everything {
			out.ResourceSpecificResults = append(out.ResourceSpecificResults, types.ResourceSpecificResult{
				EvalResourceName: aws.String(resource), EvalResourceDecision: e.decision, MatchedStatements: e.matched, MissingContextValues: m.missing,
				EvalDecisionDetails: e.details, PermissionsBoundaryDecisionDetail: e.boundary,
			})
		}
		out.EvalDecision = stricter(out.EvalDecision, e.decision)
		all = append(all, e)
	}
	told := make(map[statementPlace]bool)
	for _, e := range all {
		m.sum(&out, e, told)
	}
	return out
}

// statementPlace tells statements apart.
type statementPlace struct {
	policy string
	kind   types.PolicySourceType
	at     types.Position
}

// sum puts what one resource's evaluation says into the result of all: the
// strictest decisions, and the statements that led to the result's, but for those
// that are told already.
func (m *simulation) sum(out *types.EvaluationResult, e evaluated, told map[statementPlace]bool) {
	if e.decision == out.EvalDecision {
		for _, s := range e.matched {
			if at := (statementPlace{*s.SourcePolicyId, s.SourcePolicyType, *s.StartPosition}); !told[at] {
				told[at] = true
				out.MatchedStatements = append(out.MatchedStatements, s)
			}
		}
	}
	if e.boundary != nil {
		if out.PermissionsBoundaryDecisionDetail == nil {
			out.PermissionsBoundaryDecisionDetail = &types.PermissionsBoundaryDecisionDetail{AllowedByPermissionsBoundary: true}
		}
		if !e.boundary.AllowedByPermissionsBoundary {
			out.PermissionsBoundaryDecisionDetail.AllowedByPermissionsBoundary = false
		}
	}
	for kind, d := range e.details {
		if out.EvalDecisionDetails == nil {
			out.EvalDecisionDetails = make(map[string]types.PolicyEvaluationDecisionType)
		}
		if have, ok := out.EvalDecisionDetails[kind]; ok {
			d = stricter(have, d)
		}
		out.EvalDecisionDetails[kind] = d
	}
}

// stricter is the decision that leaves less.
func stricter(a, b types.PolicyEvaluationDecisionType) types.PolicyEvaluationDecisionType {
	if strictness[b] > strictness[a] {
		return b
	}
	return a
}

var strictness = map[types.PolicyEvaluationDecisionType]int{
	types.PolicyEvaluationDecisionTypeImplicitDeny: 1, types.PolicyEvaluationDecisionTypeExplicitDeny: 2,
}

// evaluated is the decision about one action on one resource.
type evaluated struct {
	decision     types.PolicyEvaluationDecisionType
	matched      []types.Statement
	organization bool // the organization's policies allow it
	boundary     *types.PermissionsBoundaryDecisionDetail
	details      map[string]types.PolicyEvaluationDecisionType // of calls across accounts
}

func (m *simulation) decide(action, resource string) evaluated {
	set := m.set
	if set.HasResource || m.owner != "" {
		// Otherwise nothing is known of what the resource's account says.
		set.ResourceAccount = m.owner
		if a, err := arn.Parse(resource); err == nil && a.Account != "" {
			set.ResourceAccount = a.Account
		}
		set.ResourceMustAllow = set.HasResource && strings.HasPrefix(resource, "arn:aws:kms:")
	}
	x := policy.Explain(&policy.Request{Action: action, Resource: resource, Principal: m.caller, Context: m.context}, &set)
	e := evaluated{decision: types.PolicyEvaluationDecisionType(x.Decision), matched: []types.Statement{}, organization: true}
	across := set.ResourceAccount != "" && set.ResourceAccount != m.caller.Account
	details := make(map[string]types.PolicyEvaluationDecisionType)
	for _, l := range x.Layers {
		verdict := types.PolicyEvaluationDecisionType(l.Verdict)
		switch l.Layer {
		case policy.SCPLayer.String():
			e.organization = e.organization && verdict == types.PolicyEvaluationDecisionTypeAllowed
		case policy.BoundaryLayer.String():
			allowed := verdict == types.PolicyEvaluationDecisionTypeAllowed
			e.boundary = &types.PermissionsBoundaryDecisionDetail{AllowedByPermissionsBoundary: allowed}
			details["Permissions Boundary Policy"] = verdict
		case policy.IdentityLayer.String():
			e.matched = append(e.matched, deciding(x.Decision, l)...)
			details["IAM Policy"] = verdict
		case policy.ResourceLayer.String():
			e.matched = append(e.matched, deciding(x.Decision, l)...)
			details["Resource Policy"] = verdict
		}
	}
	if across && e.organization {
		e.details = details
	}
	return e
}

// deciding are the statements of a layer that led to the decision.
func deciding(decision string, l policy.LayerExplanation) (out []types.Statement) {
	effect := map[string]string{"allowed": "Allow", "explicitDeny": "Deny"}[decision]
	for _, source := range l.Sources {
		for _, st := range source.Statements {
			if st.Matched && st.Effect == effect {
				out = append(out, types.Statement{
					SourcePolicyId: aws.String(policyName(source.Name)), SourcePolicyType: types.PolicySourceType(source.Type),
					StartPosition: position(st.Start), EndPosition: position(st.End),
				})
			}
		}
	}
	return out
}

// policyName is the name of a policy by which the simulator knows it: of a managed
// one, its own without the ARN.
func policyName(name string) string {
	if _, _, _, own, ok := arn.SplitIAM(name); ok {
		return own
	}
	return name
}

func position(p policy.Position) *types.Position {
	return &types.Position{Line: int32(p.Line), Column: int32(p.Column)}
}
