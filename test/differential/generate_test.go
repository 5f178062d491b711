package differential

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"

	"sekisho/internal/policy/scenario"
)

// generator makes scenarios of a small vocabulary, so that policies and requests
// often meet. The same seed makes the same scenarios.
type generator struct{ *rand.Rand }

func pick[T any](g generator, from ...T) T { return from[g.IntN(len(from))] }

// chance is true n times in a hundred.
func (g generator) chance(n int) bool { return g.IntN(100) < n }

// some is one or two of the values, as text or list.
func (g generator) some(from ...string) any {
	if g.chance(60) {
		return pick(g, from...)
	}
	return []string{pick(g, from...), pick(g, from...)}
}

const (
	home  = "111122223333"
	other = "444455556666"
)

type object = map[string]any

// target is something to do to something.
type target struct {
	action, resource string
	mustAllow        bool // as for a key
}

var targets = []target{
	{"s3:GetObject", "arn:aws:s3:::b/bob/x", false},
	{"s3:GetObject", "arn:aws:s3:::b/eve/x", false},
	{"s3:PutObject", "arn:aws:s3:::c/a.b", false},
	{"s3:ListAllMyBuckets", "*", false},
	{"sqs:SendMessage", "arn:aws:sqs:us-east-1:" + home + ":jobs", false},
	{"sns:Publish", "arn:aws:sns:us-east-1:" + home + ":bob", false},
	{"ec2:DescribeInstances", "*", false},
	{"kms:Decrypt", "arn:aws:kms:us-east-1:" + home + ":key/1", true},
}

var actions = []string{
	"*", "*", "*", "s3:*", "s3:Get*", "S3:GETOBJECT", "s3:PutObject", "s3:?etObject", "s3:*Object", "s3:List*",
	"sqs:*", "sqs:SendMessage", "sns:Publish", "ec2:Describe*", "kms:*", "kms:Decrypt", "kms:?ecrypt",
}

var resources = []string{
	"*", "*", "*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/bob/x", "arn:aws:s3:::*/x", "arn:aws:s3:::b/???/x",
	"arn:aws:s3:::b/${aws:PrincipalTag/team, 'bob'}/?", "arn:aws:s3:::${aws:PrincipalTag/team}/*", "arn:aws:s3:::b/${*}/x", "arn:aws:s3:::c/a?b", "arn:aws:s3:::c/a.?",
	"arn:aws:sqs:*:" + home + ":*", "arn:aws:sqs:us-east-1:1111*:jobs", "arn:aws:sns:us-*-1:*:${aws:username}", "arn:aws:kms:us-east-1:" + home + ":key/*",
}

var people = []scenario.Principal{
	{User: "bob"}, {User: "bob"}, {User: "bob"}, {User: "bob", Path: "/app/"}, {Role: "Reporter", Session: "run-1"},
	{Role: "Reporter", Session: "run-1"}, {Role: "Reporter", Path: "/app/", Session: "run-2"},
	{Root: true}, {User: "bob", Federated: "bob"}, {User: "bob", Federated: "carol"},
	{Service: "sqs.amazonaws.com"}, {Anonymous: true},
	{SAML: "arn:aws:iam::" + home + ":saml-provider/corp"}, {WebIdentity: "accounts.google.com"},
}

// names are what Principal elements say of type AWS.
var names = func() []string {
	out := []string{"*"}
	for _, a := range []string{home, other} {
		iam, sts := "arn:aws:iam::"+a+":", "arn:aws:sts::"+a+":"
		out = append(out, a, iam+"root", iam+"user/bob", iam+"user/app/bob", iam+"role/Reporter", iam+"role/app/Reporter",
			sts+"assumed-role/Reporter/run-1", sts+"assumed-role/Reporter/run-2", sts+"federated-user/bob", sts+"federated-user/carol")
	}
	return out
}()

func (g generator) principal() any {
	if g.chance(15) {
		return "*"
	}
	out := object{}
	if g.chance(80) {
		list := []string{}
		for range 1 + g.IntN(5) {
			list = append(list, pick(g, names...))
		}
		out["AWS"] = list
	}
	if g.chance(20) || len(out) == 0 {
		out["Service"] = g.some("sqs.amazonaws.com", "lambda.amazonaws.com")
	}
	if g.chance(20) {
		out["Federated"] = g.some("arn:aws:iam::"+home+":saml-provider/corp", "accounts.google.com", "www.amazon.com")
	}
	return out
}

// everyone tells whether a Principal element names everybody.
func everyone(principal any) bool {
	p, ok := principal.(object)
	if !ok {
		return true
	}
	list, _ := p["AWS"].([]string)
	return slices.Contains(list, "*")
}

// kind is a type of condition key: which operators compare it with what.
type kind struct {
	keys      []string
	operators []string
	policy    []string // values in policies
	request   []string // values in requests
}

var kinds = []kind{
	{
		[]string{"aws:PrincipalTag/team", "aws:principaltag/TEAM", "aws:SourceVpc"},
		[]string{"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"},
		[]string{"bob", "BOB", "b*", "?ob", "*", "${aws:username}", "${aws:SourceVpc}", "${aws:SourceVpc, 'bob'}", "${*}", "a.c", "*${aws:username}*"},
		[]string{"bob", "Bob", "eve", "*", "abc", "a.c", ""},
	},
	{
		[]string{"aws:MultiFactorAuthAge"},
		[]string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"},
		[]string{"5", "5.0", "7", "-1"}, []string{"5", "6", "7.5", "0", "x"},
	},
	{
		[]string{"aws:TokenIssueTime"},
		[]string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
		[]string{"2026-01-02T00:00:00Z", "2026-01-02T01:00:00+01:00", "2026-01-03T00:00:00Z", "2026-01-02"},
		[]string{"2026-01-02T00:00:00Z", "2026-01-02T00:00:00.5Z", "2027-01-01T00:00:00Z"},
	},
	{[]string{"aws:SecureTransport", "aws:MultiFactorAuthPresent"}, []string{"Bool"}, []string{"true", "false", "True"}, []string{"true", "false", "x"}},
	{
		[]string{"aws:SourceIp"}, []string{"IpAddress", "NotIpAddress"},
		[]string{"192.0.2.0/24", "192.0.2.7", "2001:db8::/32", "2001:DB8:0::9", "0.0.0.0/0"}, []string{"192.0.2.7", "198.51.100.1", "2001:db8::9", "x"},
	},
	{
		[]string{"aws:SourceArn"}, []string{"ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"},
		[]string{"arn:aws:s3:::b*", "arn:aws:iam::*:user/${aws:username}", "arn:*:*:*:*:*", "arn:aws:iam::" + home + ":user/?ob", "arn:aws:sns:*:" + home + ":a:b"},
		[]string{"arn:aws:s3:::bucket", "arn:aws:iam::" + home + ":user/bob", "arn:aws:iam::" + home + ":user/eve", "arn:aws:sns:us-east-1:" + home + ":a:b", "x"},
	},
	{[]string{"aws:SourceVpc"}, []string{"BinaryEquals"}, []string{"Ym9i", "ZXZl"}, []string{"Ym9i", "ZXZl"}},
}

// lists are the kinds of keys that have several values.
var lists = kind{
	[]string{"aws:TagKeys", "aws:CalledVia"},
	[]string{"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"},
	[]string{"team", "Team", "cost*", "?eam", "${aws:username}"}, []string{"team", "Team", "costs", "bob", ""},
}

func (g generator) condition() object {
	out := object{}
	for range 1 + g.IntN(2) {
		k, set := pick(g, kinds...), ""
		if g.chance(25) {
			if k, set = lists, pick(g, "ForAllValues:", "ForAnyValue:"); g.chance(10) {
				set = ""
			}
		} else if g.chance(5) {
			set = pick(g, "ForAllValues:", "ForAnyValue:")
		}
		operator, values := set+pick(g, k.operators...), g.some(k.policy...)
		switch {
		case g.chance(10):
			operator, values = "Null", g.some("true", "false")
		case (set == "" && g.chance(30)) || g.chance(5):
			operator += "IfExists"
		}
		keys, _ := out[operator].(object)
		if keys == nil {
			keys = object{}
		}
		key := pick(g, k.keys...)
		if len(keys) == 0 || key == pick(g, k.keys...) {
			keys = object{key: values}
		}
		out[operator] = keys
	}
	return out
}

func (g generator) context() map[string]scenario.Texts {
	out := map[string]scenario.Texts{}
	for _, k := range kinds {
		if g.chance(70) {
			out[pick(g, k.keys...)] = scenario.Texts{pick(g, k.request...)}
		}
	}
	if _, twice := out["aws:PrincipalTag/team"]; twice {
		delete(out, "aws:principaltag/TEAM")
	}
	for _, key := range lists.keys {
		if g.chance(60) {
			values := scenario.Texts{}
			for range 1 + g.IntN(3) {
				values = append(values, pick(g, lists.request...))
			}
			out[key] = values
		}
	}
	return out
}

// form is where a document stands.
type form int

const (
	identity form = iota
	resource
	trust
	scp
	rcp
)

func (g generator) statement(f form) object {
	st := object{"Effect": g.or("Allow", "Deny", 20)}
	st[g.or("Action", "NotAction", 10)], st[g.or("Resource", "NotResource", 10)] = g.some(actions...), g.some(resources...)
	switch f {
	case resource:
		st[g.or("Principal", "NotPrincipal", 15)] = g.principal()
	case trust:
		delete(st, "NotAction")
		delete(st, "Resource")
		delete(st, "NotResource")
		// Everyone in a trust policy is a known difference; a few show it.
		if st["Principal"] = g.principal(); g.chance(97) && st["Effect"] == "Allow" {
			for everyone(st["Principal"]) {
				st["Principal"] = g.principal()
			}
		}
		st["Action"] = g.some("sts:AssumeRole", "sts:*", "sts:AssumeRole*", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
	case scp:
		if st["Effect"] == "Allow" {
			return object{"Effect": "Allow", "Action": g.some("*", "s3:*", "sts:*"), "Resource": "*"}
		}
	case rcp:
		delete(st, "NotAction")
		st["Effect"], st["Principal"], st["Action"] = "Deny", "*", g.some("s3:*", "s3:GetObject", "sqs:*", "sts:AssumeRole", "kms:*")
	}
	if g.chance(40) {
		st["Condition"] = g.condition()
	}
	return st
}

// or is the first text, or the second so many times in a hundred.
func (g generator) or(usual, seldom string, n int) string {
	if g.chance(n) {
		return seldom
	}
	return usual
}

func (g generator) document(f form) json.RawMessage {
	var list []object
	for range 1 + g.IntN(3) {
		list = append(list, g.statement(f))
	}
	raw, err := json.Marshal(object{"Version": "2012-10-17", "Statement": list})
	if err != nil {
		panic(err)
	}
	return raw
}

func (g generator) documents(f form, most int) scenario.Documents {
	out := scenario.Documents{}
	for i := range g.IntN(most + 1) {
		out[fmt.Sprint("p", i)] = g.document(f)
	}
	return out
}

// limit is what a boundary or session policies say: at the least, next to nothing.
func (g generator) limit(most int) scenario.Documents {
	docs := g.documents(identity, most)
	if len(docs) == 0 {
		docs["p0"] = nothing
	}
	return docs
}

func (g generator) levels(f form) []scenario.Documents {
	var out []scenario.Documents
	for range 1 + g.IntN(2) {
		level := g.documents(f, 1)
		if f == rcp || g.chance(80) {
			level["FullAWSAccess"] = json.RawMessage("null")
		}
		out = append(out, level)
	}
	return out
}

// scenario is one caller, all that hangs on it, and a request.
func (g generator) scenario(n int) *scenario.Scenario {
	s := &scenario.Scenario{Name: fmt.Sprint("generated-", n), Description: "generated", Account: home, Principal: pick(g, people...)}
	what := pick(g, targets...)
	federates := s.Principal.SAML != "" || s.Principal.WebIdentity != ""
	if federates || g.chance(25) {
		what = target{"sts:AssumeRole", "arn:aws:iam::" + home + ":role/Deploy", true}
		s.Policies.Trust = g.document(trust)
	} else if what.resource != "*" && (g.chance(50) || s.Principal.Service != "" || s.Principal.Anonymous) {
		s.Policies.Resource = g.document(resource)
	}
	switch {
	case s.Principal.SAML != "":
		what.action = "sts:AssumeRoleWithSAML"
	case s.Principal.WebIdentity != "":
		what.action = "sts:AssumeRoleWithWebIdentity"
	}
	s.MustAllow = what.mustAllow
	if what.resource != "*" && g.chance(30) {
		s.ResourceAccount = pick(g, home, other)
	}
	p := &s.Policies
	switch {
	case s.Principal.Root:
		p.SCP = nil
	case s.Principal.User != "":
		p.User, p.Groups = g.documents(identity, 2), map[string]scenario.Documents{"g": g.documents(identity, 1)}
	case s.Principal.Role != "":
		p.Role = g.documents(identity, 2)
	default:
		s.Account, s.ResourceAccount = "", home
	}
	if s.Account != "" {
		if !s.Principal.Root && g.chance(30) {
			p.Boundary = g.limit(1)
		}
		if s.Principal.Federated != "" || s.Principal.Role != "" && g.chance(30) {
			p.Session = g.limit(2)
		}
		if g.chance(30) {
			p.SCP = g.levels(scp)
		}
	}
	if g.chance(25) {
		p.RCP = g.levels(rcp)
	}
	s.Requests = []scenario.Case{{Name: "r", Action: what.action, Resource: what.resource, Context: g.context(), Layer: "any"}}
	return s
}
