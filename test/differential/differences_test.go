package differential

import (
	"regexp"
	"slices"
	"strings"

	"sekisho/internal/policy"
	"sekisho/internal/policy/scenario"
)

// difference is a class of requests that both decide otherwise, with the reason in
// docs/divergences.md under the same name.
type difference struct {
	name  string
	shows func(*scenario.Scenario) bool // of a shrunk scenario
}

var differences = []difference{
	{"everyone in a trust policy", func(s *scenario.Scenario) bool {
		return s.Policies.Trust != nil && says(s, `"Principal":("\*"|{"AWS":"\*"})`) && says(s, `"Effect":"Allow"`)
	}},
	{"account of an identity provider", func(s *scenario.Scenario) bool {
		return s.Principal.SAML != "" && says(s, `"(Not)?Principal":{"AWS":"(\d{12}|arn:aws:iam::\d{12}:root)"}`)
	}},
	{"user of a federation session", func(s *scenario.Scenario) bool {
		return s.Principal.Federated != "" && s.Principal.Federated != s.Principal.User && says(s, `:user/`)
	}},
	{"management account", func(s *scenario.Scenario) bool { return s.Management != "" && s.Policies.SCP != nil }},
	{"service-linked role", func(s *scenario.Scenario) bool {
		return strings.HasPrefix(s.Principal.Path, "/aws-service-role/") && s.Policies.SCP != nil
	}},
	{"unique id", func(s *scenario.Scenario) bool { return says(s, `"AWS":"AIDA`) }},
	{"session named by its ARN", func(s *scenario.Scenario) bool {
		return says(s, `"Principal":{"AWS":"`+regexp.QuoteMeta(s.Caller().ARN)+`"}`) && says(s, `"Effect":"Allow"`) &&
			(s.Policies.Session != nil || s.Principal.Federated != "")
	}},
	{"everyone and a boundary", func(s *scenario.Scenario) bool {
		return s.Policies.Boundary != nil && says(s, `"Principal":("\*"|{"AWS":"\*"})|"NotPrincipal"`) && says(s, `"Effect":"Allow"`)
	}},
	{"everyone but some", func(s *scenario.Scenario) bool { return says(s, `"Effect":"Deny"[^}]*"NotPrincipal"`) }},
	{"variable without a value", func(s *scenario.Scenario) bool {
		return valueless(s) && (says(s, `Not(Equals|Like)`) || says(s, `"NotResource":"[^"]*\${`))
	}},
	{"variable alone", func(s *scenario.Scenario) bool {
		return says(s, `"(Not)?Resource":"arn:aws:sns:us-\*-1:\*:\${aws:username}"`)
	}},
	{"value of another type", func(s *scenario.Scenario) bool {
		return says(s, `"(\w+:)?(ArnNot(Equals|Like)|NumericNotEquals|NotIpAddress)`) && strings.Contains(text(s), `"context":{"aws:`) && strings.Contains(text(s), `["x"]`)
	}},
	{"ranges of addresses", func(s *scenario.Scenario) bool { return says(s, `IpAddress(IfExists)?":{"aws:SourceIp":`) }},
	{"absent key of a set", func(s *scenario.Scenario) bool { return says(s, `"ForAnyValue:\w+IfExists"`) }},
	{"empty value of a set", func(s *scenario.Scenario) bool {
		return says(s, `"For(Any|All)Values?:`) && strings.Contains(text(s), `":[""]`)
	}},
	{"list without a set operator", func(s *scenario.Scenario) bool {
		return says(s, `"String\w+":{"aws:(TagKeys|CalledVia)"`)
	}},
	{"variable of an empty value", func(s *scenario.Scenario) bool {
		return says(s, `\${aws:`) && strings.Contains(text(s), `":[""]`)
	}},
	{"escape where nothing is a wildcard", func(s *scenario.Scenario) bool {
		return says(s, `String(Not)?Equals(IgnoreCase)?(IfExists)?":{"[^"]+":"\${\*}"`)
	}},
	{"path of a role", func(s *scenario.Scenario) bool {
		return s.Principal.Role != "" && says(s, `:role/`) && !says(s, regexp.QuoteMeta(`"`+s.Caller().EntityARN+`"`))
	}},
	{"level without RCPFullAWSAccess", func(s *scenario.Scenario) bool {
		return slices.ContainsFunc(s.Policies.RCP, func(d scenario.Documents) bool { _, full := d["FullAWSAccess"]; return !full })
	}},
	{"key without its ARN", func(s *scenario.Scenario) bool {
		return s.MustAllow && s.Requests[0].Resource == "*" && strings.HasPrefix(s.Requests[0].Action, "kms:")
	}},
}

// refused are the requests that the other does not take, by its error.
var refused = map[string]string{
	`{"message":"must.use.wildcard"}`:                "resource of an action that has none",
	`{"message":"session.policy.invalid.principal"}`: "session policy of the root user",
}

// unknownKey is the difference of keys that the other says it ignored.
const unknownKey = "condition key that it does not know"

// says tells whether the policies of a scenario match the expression.
func says(s *scenario.Scenario, expression string) bool {
	all := text(&scenario.Scenario{Policies: s.Policies})
	return regexp.MustCompile(expression).MatchString(all)
}

var variables = regexp.MustCompile(`\$\{([^},*?$]+)\}`)

// valueless tells whether the policies have a variable that the request has no value for.
func valueless(s *scenario.Scenario) bool {
	ctx, _ := s.Request(0).Context.(policy.MapContext)
	for _, m := range variables.FindAllStringSubmatch(text(s), -1) {
		if len(ctx[strings.ToLower(m[1])]) == 0 {
			return true
		}
	}
	return false
}
