package policy

import (
	"strings"
	"testing"
)

// What the User Guide says of every operator with a set operator and IfExists, for
// a key that is absent, that has an empty value only, that has one value or two:
// y is that the condition holds, n that it does not. Where the guide says nothing
// (several values without a set operator) it is what docs/divergences.md says.
// The differential test leaves out most of these columns.
var quantifierTable = []struct {
	prefix, suffix string
	// absent, empty, a match, no match, both
	positive, negated string
}{
	{"", "", "nnyny", "yynyn"},
	{"", "IfExists", "ynyny", "yynyn"},
	{"ForAllValues:", "", "yyynn", "yynyn"},
	{"ForAllValues:", "IfExists", "yyynn", "yynyn"},
	{"ForAnyValue:", "", "nnyny", "nnnyy"},
	{"ForAnyValue:", "IfExists", "ynyny", "ynnyy"},
}

// quantified are an operator, a policy's value, a value that it matches, and one
// of the same type that it does not match.
var quantified = [][4]string{
	{"StringEquals", "red", "red", "Red"},
	{"StringNotEquals", "red", "red", "blue"},
	{"StringEqualsIgnoreCase", "red", "RED", "blue"},
	{"StringNotEqualsIgnoreCase", "red", "RED", "blue"},
	{"StringLike", "r?d*", "redder", "rd"},
	{"StringNotLike", "r?d*", "redder", "rd"},
	{"NumericEquals", "5", "5.0", "6"},
	{"NumericNotEquals", "5", "5.0", "6"},
	{"NumericLessThan", "5", "4", "5"},
	{"NumericLessThanEquals", "5", "5", "6"},
	{"NumericGreaterThan", "5", "6", "5"},
	{"NumericGreaterThanEquals", "5", "5", "4"},
	{"DateEquals", "2026-01-02T00:00:00Z", "2026-01-02T01:00:00+01:00", "2026-01-03T00:00:00Z"},
	{"DateNotEquals", "2026-01-02T00:00:00Z", "2026-01-02T01:00:00+01:00", "2026-01-03T00:00:00Z"},
	{"DateLessThan", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"},
	{"DateLessThanEquals", "2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"},
	{"DateGreaterThan", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z", "2026-01-02T00:00:00Z"},
	{"DateGreaterThanEquals", "2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"},
	{"Bool", "true", "true", "false"},
	{"BinaryEquals", "Ym9i", "Ym9i", "ZXZl"},
	{"IpAddress", "192.0.2.0/24", "192.0.2.7", "198.51.100.7"},
	{"NotIpAddress", "192.0.2.0/24", "192.0.2.7", "198.51.100.7"},
	{"IpAddress", "2001:db8::/32", "2001:db8::7", "192.0.2.7"},
	{"NotIpAddress", "2001:db8::/32", "2001:db8::7", "192.0.2.7"},
	{"ArnEquals", "arn:aws:sns:*:123456789012:t-*", "arn:aws:sns:eu-west-1:123456789012:t-1", "arn:aws:sns:eu-west-1:123456789012:u"},
	{"ArnLike", "arn:aws:sns:*:123456789012:t-*", "arn:aws:sns:eu-west-1:123456789012:t-1", "arn:aws:sns:eu-west-1:123456789012:u"},
	{"ArnNotEquals", "arn:aws:sns:*:123456789012:t-*", "arn:aws:sns:eu-west-1:123456789012:t-1", "arn:aws:sns:eu-west-1:123456789012:u"},
	{"ArnNotLike", "arn:aws:sns:*:123456789012:t-*", "arn:aws:sns:eu-west-1:123456789012:t-1", "arn:aws:sns:eu-west-1:123456789012:u"},
}

// Every operator with every set operator, with IfExists and without, over every
// kind of value: 840 conditions against the table (behaviours.md 3.2).
func TestQuantifiers(t *testing.T) {
	t.Parallel()
	for _, q := range quantified {
		operator, value, match, other := q[0], q[1], q[2], q[3]
		values := [][]string{nil, {""}, {match}, {other}, {match, other}}
		for _, row := range quantifierTable {
			want := row.positive
			if strings.Contains(operator, "Not") {
				want = row.negated
			}
			name := row.prefix + operator + row.suffix
			for i, got := range values {
				holds := ask(t, `{"`+name+`":{"key":"`+value+`"}}`, MapContext{"key": got})
				if holds != (want[i] == 'y') {
					t.Errorf("%s %q for %q: %v", name, value, got, holds)
				}
			}
		}
	}
}

// A variable in a condition and in a resource, for each kind of value that its key
// can have: what it stands for, if anything, and so whether the elements that hold
// it and their contraries match (behaviours.md 3.3).
func TestVariableValues(t *testing.T) {
	t.Parallel()
	const nothing = "nothing"
	for _, c := range []struct {
		key             []string
		plain, fallback string // what ${key} and ${key, 'd'} stand for
	}{
		{nil, nothing, "d"},
		{[]string{"v"}, "v", "v"},
		{[]string{""}, "", ""},
		{[]string{"v", "w"}, nothing, "d"}, // only keys with one value can be variables
	} {
		for text, stands := range map[string]string{"${key}": c.plain, "${KEY, 'd'}": c.fallback} {
			for _, x := range []string{"v", "d", "", "w"} {
				same := stands == x
				ctx := MapContext{"key": c.key, "got": {x}}
				for operator, want := range map[string]bool{
					"StringEquals": same, "StringLike": same, "StringEqualsIgnoreCase": same,
					"StringNotEquals": !same, "StringNotLike": !same, "StringNotEqualsIgnoreCase": !same,
					"ForAnyValue:StringEquals": same && x != "", "ForAllValues:StringNotEquals": !same || x == "",
				} {
					if got := ask(t, `{"`+operator+`":{"got":"`+text+`"}}`, ctx); got != want {
						t.Errorf("%s %s of %q for %q: %v", operator, text, c.key, x, got)
					}
				}
				for element, want := range map[string]bool{"Resource": same, "NotResource": !same} {
					p := MustParse(IdentityPolicy, doc(`{"Effect":"Allow","Action":"s3:*","`+element+`":"arn:aws:s3:::b/`+text+`"}`))
					r := &Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/" + x, Principal: bob, Context: ctx}
					if got := Decide(r, &Set{Identity: []Source{{Policy: p}}}).Allowed; got != want {
						t.Errorf("%s %s of %q for %q: %v", element, text, c.key, x, got)
					}
				}
			}
		}
	}
}
