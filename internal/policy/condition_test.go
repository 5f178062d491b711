package policy

import (
	"fmt"
	"strings"
	"testing"
)

// ask decides one condition of an Allow statement.
func ask(t *testing.T, condition string, ctx MapContext) bool {
	t.Helper()
	p, err := Parse(IdentityPolicy, doc(`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":`+condition+`}`))
	if err != nil {
		t.Fatalf("%s: %v", condition, err)
	}
	return Decide(&Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Principal: bob, Context: ctx}, &Set{Identity: []Source{{Policy: p}}}).Allowed
}

// TestOperators goes through every operator: whether it holds for the value, and
// for no value at all (behaviours.md 3.2).
func TestOperators(t *testing.T) {
	t.Parallel()
	tests := []struct {
		operator, values, got string // got: value of the key; "-": absent
		want                  bool
	}{
		{"StringEquals", `"Red"`, "Red", true},
		{"StringEquals", `"Red"`, "red", false},
		{"StringEquals", `"R*"`, "Red", false},
		{"StringEquals", `"R*"`, "R*", true},
		{"StringEquals", `["Blue","Red"]`, "Red", true},
		{"StringEquals", `""`, "", true},
		{"StringEquals", `"Red"`, "-", false},
		{"StringEquals", `[]`, "Red", false},
		{"StringNotEquals", `"Red"`, "Red", false},
		{"StringNotEquals", `"Red"`, "Blue", true},
		{"StringNotEquals", `["Blue","Red"]`, "Blue", false},
		{"StringNotEquals", `"Red"`, "-", true},
		{"StringNotEquals", `[]`, "Red", true},
		{"StringEqualsIgnoreCase", `"rEd"`, "ReD", true},
		{"StringEqualsIgnoreCase", `"rEd"`, "blue", false},
		{"StringEqualsIgnoreCase", `"rEd"`, "-", false},
		{"StringNotEqualsIgnoreCase", `"rEd"`, "ReD", false},
		{"StringNotEqualsIgnoreCase", `"rEd"`, "-", true},
		{"StringLike", `"R?d*"`, "Reddish", true},
		{"StringLike", `"R?d*"`, "reddish", false},
		{"StringLike", `"*"`, "", true},
		{"StringLike", `"${*}x${?}"`, "*x?", true},
		{"StringLike", `"${*}x${?}"`, "axb", false},
		{"StringLike", `"*"`, "-", false},
		{"StringNotLike", `"R*"`, "Red", false},
		{"StringNotLike", `"R*"`, "Blue", true},
		{"StringNotLike", `"R*"`, "-", true},
		{"NumericEquals", `10`, "10.0", true},
		{"NumericEquals", `"1e1"`, "10", true},
		{"NumericEquals", `10`, "ten", false},
		{"NumericEquals", `10`, "0xA", false},
		{"NumericEquals", `10`, "-", false},
		{"NumericNotEquals", `10`, "11", true},
		{"NumericNotEquals", `10`, "10", false},
		{"NumericNotEquals", `10`, "-", true},
		{"NumericLessThan", `10`, "9.5", true},
		{"NumericLessThan", `10`, "10", false},
		{"NumericLessThan", `10`, "NaN", false},
		{"NumericLessThan", `10`, "-Inf", false},
		{"NumericLessThan", `10`, "-", false},
		{"NumericLessThanEquals", `10`, "10", true},
		{"NumericLessThanEquals", `10`, "10.01", false},
		{"NumericGreaterThan", `"-5"`, "-4", true},
		{"NumericGreaterThan", `"-5"`, "-5", false},
		{"NumericGreaterThanEquals", `10`, "010", true},
		{"NumericGreaterThanEquals", `10`, "9", false},
		{"DateEquals", `"2026-01-02T03:04:05Z"`, "2026-01-02T04:04:05+01:00", true},
		{"DateEquals", `"2026-01-02T03:04:05Z"`, "1767323045", true},
		{"DateEquals", `"2026-01-02"`, "2026-01-02T00:00:00Z", true},
		{"DateEquals", `"2026-01-02T03:04:05Z"`, "2026-01-02T03:04:05.5Z", false},
		{"DateEquals", `"2026-01-02"`, "-", false},
		{"DateNotEquals", `"2026-01-02"`, "2026-01-03", true},
		{"DateNotEquals", `"2026-01-02"`, "2026-01-02", false},
		{"DateNotEquals", `"2026-01-02"`, "-", true},
		{"DateLessThan", `"2026-01-02T00:00:00Z"`, "2026-01-01T23:59:59.999Z", true},
		{"DateLessThan", `"2026-01-02T00:00:00Z"`, "2026-01-02T00:00:00Z", false},
		{"DateLessThan", `"2026-01-02T00:00:00Z"`, "soon", false},
		{"DateLessThanEquals", `1767312000`, "2026-01-02T00:00:00Z", true},
		{"DateGreaterThan", `"2026-01-02T00:00:00Z"`, "2026-01-02T00:00:01Z", true},
		{"DateGreaterThan", `"2026-01-02T00:00:00Z"`, "-", false},
		{"DateGreaterThanEquals", `"2026"`, "2026-01-02", true}, // four digits are seconds
		{"DateGreaterThanEquals", `"2026-02-29T00:00:00Z"`, "", false},
		{"Bool", `true`, "true", true},
		{"Bool", `"TRUE"`, "true", true},
		{"Bool", `"false"`, "true", false},
		{"Bool", `"false"`, "False", true},
		{"Bool", `"false"`, "no", false},
		{"Bool", `"false"`, "-", false},
		{"BinaryEquals", `"QmluYXJ5"`, "QmluYXJ5", true},
		{"BinaryEquals", `"QmluYXJ5"`, "Qmlu", false},
		{"BinaryEquals", `"QmluYXJ5"`, "-", false},
		{"IpAddress", `"203.0.113.0/24"`, "203.0.113.9", true},
		{"IpAddress", `"203.0.113.9/24"`, "203.0.113.200", true},
		{"IpAddress", `"203.0.113.0/24"`, "203.0.114.9", false},
		{"IpAddress", `"203.0.113.9"`, "203.0.113.9", true},
		{"IpAddress", `"203.0.113.9"`, "203.0.113.8", false},
		{"IpAddress", `"203.0.113.0/24"`, "::ffff:203.0.113.9", true},
		{"IpAddress", `"2001:db8::/32"`, "2001:db8:1::1", true},
		{"IpAddress", `"2001:db8::1"`, "2001:0DB8:0:0:0:0:0:1", true},
		{"IpAddress", `"0.0.0.0/0"`, "2001:db8::1", false},
		{"IpAddress", `"203.0.113.0/24"`, "not an address", false},
		{"IpAddress", `"203.0.113.0/24"`, "-", false},
		{"NotIpAddress", `["203.0.113.0/24","2001:db8::/32"]`, "203.0.113.9", false},
		{"NotIpAddress", `["203.0.113.0/24","2001:db8::/32"]`, "198.51.100.1", true},
		{"NotIpAddress", `"203.0.113.0/24"`, "-", true},
		{"ArnEquals", `"arn:aws:sns:*:123456789012:t-*"`, "arn:aws:sns:eu-west-1:123456789012:t-1:sub", true},
		{"ArnLike", `"arn:aws:sns:*:t-1"`, "arn:aws:sns:eu-west-1:123456789012:t-1", false},
		{"ArnLike", `"arn:aws:sns:*:*:t-?"`, "arn:aws:sns:eu-west-1:123456789012:t-1", true},
		{"ArnLike", `"arn:aws:*:t-1"`, "arn:aws:sns:eu-west-1:123456789012:t-1", false},
		{"ArnLike", `"*"`, "arn:aws:sns:eu-west-1:123456789012:t-1", true},
		{"ArnLike", `"*"`, "not an ARN", false},
		{"ArnLike", `"arn:aws:iam::123456789012:user/${key}"`, "arn:aws:iam::123456789012:user/bob", false},
		{"ArnLike", `"*"`, "-", false},
		{"ArnNotEquals", `"arn:aws:iam::123456789012:role/a*"`, "arn:aws:iam::123456789012:role/abc", false},
		{"ArnNotLike", `"arn:aws:iam::123456789012:role/a*"`, "arn:aws:iam::123456789012:role/b", true},
		{"ArnNotLike", `"arn:aws:iam::123456789012:role/a*"`, "-", true},
		{"Null", `true`, "-", true},
		{"Null", `"true"`, "x", false},
		{"Null", `"false"`, "x", true},
		{"Null", `"false"`, "-", false},
		{"Null", `["true","false"]`, "-", true},
	}
	for _, tt := range tests {
		ctx := MapContext{}
		if tt.got != "-" {
			ctx["my:key"] = []string{tt.got}
		}
		condition := fmt.Sprintf(`{%q:{"My:Key":%s}}`, tt.operator, tt.values)
		if strings.Contains(condition, "2026-02-29") {
			if _, err := Parse(IdentityPolicy, doc(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":`+condition+`}`)); err == nil {
				t.Errorf("%s is taken", condition)
			}
			continue
		}
		if got := ask(t, condition, ctx); got != tt.want {
			t.Errorf("%s with %q: %v", condition, tt.got, got)
		}
		if tt.operator == "Null" {
			continue
		}
		// IfExists differs only if the key is absent: then it holds.
		condition = fmt.Sprintf(`{%q:{"My:Key":%s}}`, tt.operator+"IfExists", tt.values)
		if got, want := ask(t, condition, ctx), tt.want || tt.got == "-"; got != want {
			t.Errorf("%s with %q: %v", condition, tt.got, got)
		}
	}
	if len(operators) != 27 {
		t.Errorf("%d operators", len(operators))
	}
}

// TestSets holds ForAllValues and ForAnyValue, also for absent and empty keys.
func TestSets(t *testing.T) {
	t.Parallel()
	tests := []struct {
		operator  string
		values    string
		got       []string
		all, some bool
	}{
		{"StringEquals", `["a","b"]`, []string{"a", "b"}, true, true},
		{"StringEquals", `["a","b"]`, []string{"a"}, true, true},
		{"StringEquals", `["a","b"]`, []string{"a", "c"}, false, true},
		{"StringEquals", `["a","b"]`, []string{"c"}, false, false},
		{"StringEquals", `["a","b"]`, nil, true, false},
		{"StringEquals", `["a","b"]`, []string{}, true, false},
		{"StringEquals", `["a","b"]`, []string{""}, true, false},
		{"StringNotEquals", `["a","b"]`, []string{"c", "d"}, true, true},
		{"StringNotEquals", `["a","b"]`, []string{"a", "d"}, false, true},
		{"StringNotEquals", `["a","b"]`, []string{"a", "b"}, false, false},
		{"StringNotEquals", `["a","b"]`, nil, true, false},
		{"StringLike", `["a*"]`, []string{"a1", "a2"}, true, true},
		{"StringLike", `["a*"]`, []string{"a1", "b2"}, false, true},
		{"ArnLike", `["arn:aws:iam::*:role/x"]`, []string{"arn:aws:iam::123456789012:role/x", "arn:aws:iam::123456789012:role/y"}, false, true},
		{"NumericLessThan", `[5]`, []string{"1", "9"}, false, true},
		{"Bool", `["true"]`, []string{"true", "false"}, false, true},
	}
	for _, tt := range tests {
		ctx := MapContext{"aws:tagkeys": tt.got}
		for prefix, want := range map[string]bool{"ForAllValues:": tt.all, "ForAnyValue:": tt.some} {
			if got := ask(t, fmt.Sprintf(`{%q:{"aws:TagKeys":%s}}`, prefix+tt.operator, tt.values), ctx); got != want {
				t.Errorf("%s%s %s with %q: %v", prefix, tt.operator, tt.values, tt.got, got)
			}
			want = want || len(tt.got) == 0
			if got := ask(t, fmt.Sprintf(`{%q:{"aws:TagKeys":%s}}`, prefix+tt.operator+"IfExists", tt.values), ctx); got != want {
				t.Errorf("%s%sIfExists %s with %q: %v", prefix, tt.operator, tt.values, tt.got, got)
			}
		}
	}
}

// TestVariables holds variables, defaults and escapes (behaviours.md 3.3).
func TestVariables(t *testing.T) {
	t.Parallel()
	ctx := MapContext{"aws:username": {"bob"}, "my:many": {"a", "b"}, "my:star": {"b*b"}, "my:empty": {""}, "my:key": {"x-bob-y"}}
	tests := []struct {
		condition string
		want      bool
	}{
		{`{"StringEquals":{"aws:username":"${aws:username}"}}`, true},
		{`{"StringEquals":{"aws:username":"${AWS:UserName}"}}`, true},
		{`{"StringEquals":{"my:key":"x-${aws:username}-y"}}`, true},
		{`{"StringLike":{"my:key":"*-${aws:username}-?"}}`, true},
		{`{"StringLike":{"my:key":"*${my:star}*"}}`, false},
		{`{"StringEqualsIgnoreCase":{"my:key":"X-${aws:username}-Y"}}`, true},
		{`{"StringNotEqualsIgnoreCase":{"my:key":"X-${aws:username}-Y"}}`, false},
		{`{"StringEquals":{"aws:username":"${my:absent}"}}`, false},
		{`{"StringNotEquals":{"aws:username":"${my:absent}"}}`, true},
		{`{"StringLike":{"aws:username":"*${my:absent}"}}`, false},
		{`{"StringEqualsIgnoreCase":{"aws:username":"${my:absent}"}}`, false},
		{`{"StringEquals":{"aws:username":"${my:absent, 'bob'}"}}`, true},
		{`{"StringEquals":{"aws:username":"${my:absent,'bob'}"}}`, true},
		{`{"StringEquals":{"aws:username":"bob${my:absent, ''}"}}`, true},
		{`{"StringEquals":{"aws:username":"${my:empty, 'bob'}"}}`, false},
		{`{"StringNotEquals":{"aws:username":"${my:absent, 'a}b'}"}}`, true},
		{`{"StringEquals":{"aws:username":"${my:many}"}}`, false},
		{`{"StringLike":{"my:star":"b${*}b"}}`, true},
		{`{"StringEquals":{"my:star":"b${*}b"}}`, true},
		{`{"StringEquals":{"my:key":"${$}"}}`, false},
		{`{"ForAnyValue:StringEquals":{"my:many":["b","${aws:username}"]}}`, true},
	}
	for _, tt := range tests {
		if got := ask(t, tt.condition, ctx); got != tt.want {
			t.Errorf("%s: %v", tt.condition, got)
		}
	}
	old := MustParse(ResourcePolicy, `{"Version":"2008-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}"}}`)
	for resource, want := range map[string]bool{"arn:aws:s3:::b/bob": false, "arn:aws:s3:::b/${aws:username}": true} {
		d := Decide(&Request{Action: "s3:GetObject", Resource: resource, Principal: bob, Context: ctx}, &Set{HasResource: true, Resource: []Source{{Policy: old}}})
		if d.Allowed != want {
			t.Errorf("2008-10-17: %s: %v", resource, d.Allowed)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int64{
		"0": 0, "1970": 1970, "1970-01": 0, "2000-02-29": 951782400, "1969-12-31T23:59:59Z": -1,
		"2026-01-02T03": 1767322800, "2026-01-02T03:04": 1767323040, "2026-01-02T03:04-0100": 1767326640, "-0001-01-01": -62198755200,
	} {
		if got, ok := parseDate(s); !ok || got.seconds != want {
			t.Errorf("%s: %d %v, want %d", s, got.seconds, ok, want)
		}
	}
	for _, s := range []string{"", "T", "x", "-", "2026-00-01", "2026-04-31", "2025-02-29", "2026-01-02T24:00Z", "2026-01-02T03:60Z", "2026-01-02TZ", "1-2-3-4", "1e5", "2026-01-02T03:04:05+24:00"} {
		if got, ok := parseDate(s); ok {
			t.Errorf("%q is taken as %d", s, got.seconds)
		}
	}
}
