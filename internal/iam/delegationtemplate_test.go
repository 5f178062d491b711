package iam_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"sekisho/internal/iam"
	"sekisho/internal/policy"
)

// objects is a template with a parameter in a resource and one in a condition.
const objects = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::@{bucket}/*",
  "Condition": {"StringEquals": {"aws:RequestedRegion": ["@{regions}", "eu-west-1"]}}}]}`

func one(name, value string) iam.DelegationParameter {
	return iam.DelegationParameter{Name: name, Values: []string{value}}
}

func many(name string, values ...string) iam.DelegationParameter {
	return iam.DelegationParameter{Name: name, Values: values, List: true}
}

func TestFillTemplate(t *testing.T) {
	t.Parallel()
	got, err := iam.FillTemplate(objects, []iam.DelegationParameter{one("bucket", "data"), many("regions", "us-east-1", "ap-northeast-1")})
	want := strings.NewReplacer("@{bucket}", "data", `"@{regions}"`, `"us-east-1","ap-northeast-1"`).Replace(objects)
	if err != nil || got != want {
		t.Errorf("got %s, %v\nwant %s", got, err, want)
	}
	// A list where one text stood makes a list of it.
	const buckets = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::@{stage}-@{buckets}"}}`
	got, err = iam.FillTemplate(buckets, []iam.DelegationParameter{one("stage", "dev"), many("buckets", "a", "b")})
	if want := `"Resource":["arn:aws:s3:::dev-a","arn:aws:s3:::dev-b"]`; err != nil || !strings.Contains(got, want) {
		t.Errorf("got %s, %v", got, err)
	}
}

// A value is never more than a text (injection), and every placeholder has one.
func TestFillTemplateRefuses(t *testing.T) {
	t.Parallel()
	const open = `"}, {"Effect":"Allow","Action":"*","Resource":"`
	filled, err := iam.FillTemplate(objects, []iam.DelegationParameter{one("bucket", "data"+strings.ReplaceAll(open, "*", "s3:Put")), many("regions", "r")})
	if err == nil { // it is text inside the resource, or refused as no resource
		if p, err := policy.Parse(policy.IdentityPolicy, filled); err != nil || len(p.Statements()) != 1 {
			t.Errorf("a value broke out: %s, %v", filled, err)
		}
	}
	regions := many("regions", "us-east-1")
	for name, c := range map[string]struct {
		template   string
		parameters []iam.DelegationParameter
		want       string
	}{
		"wildcard":         {objects, []iam.DelegationParameter{one("bucket", "*"), regions}, "The values of parameter bucket must not have wildcards, variables or placeholders."},
		"question mark":    {objects, []iam.DelegationParameter{one("bucket", "dat?"), regions}, "The values of parameter bucket must not have wildcards, variables or placeholders."},
		"variable":         {objects, []iam.DelegationParameter{one("bucket", "${aws:username}"), regions}, "The values of parameter bucket must not have wildcards, variables or placeholders."},
		"half a variable":  {objects, []iam.DelegationParameter{one("bucket", "$"), regions}, "The values of parameter bucket must not have wildcards, variables or placeholders."},
		"placeholder":      {objects, []iam.DelegationParameter{one("bucket", "@{regions}"), regions}, "The values of parameter bucket must not have wildcards, variables or placeholders."},
		"line break":       {objects, []iam.DelegationParameter{one("bucket", "a\nb"), regions}, "The values of parameter bucket must be printable ASCII."},
		"nothing":          {objects, []iam.DelegationParameter{one("bucket", ""), regions}, "The values of parameter bucket must be printable ASCII."},
		"no value":         {objects, []iam.DelegationParameter{{Name: "bucket"}, regions}, "The parameter bucket must have a value, and no more than one unless it is of type stringList."},
		"two for one":      {objects, []iam.DelegationParameter{{Name: "bucket", Values: []string{"a", "b"}}, regions}, "The parameter bucket must have a value, and no more than one unless it is of type stringList."},
		"twice":            {objects, []iam.DelegationParameter{one("bucket", "a"), one("bucket", "b"), regions}, "The parameter bucket is given twice."},
		"missing":          {objects, []iam.DelegationParameter{one("bucket", "a")}, "The parameter regions is missing."},
		"unknown":          {objects, []iam.DelegationParameter{one("bucket", "a"), regions, one("other", "a")}, "The policy template has no parameter other."},
		"long":             {objects, []iam.DelegationParameter{one("bucket", strings.Repeat("a", 2049)), regions}, "The values of parameter bucket are too long."},
		"long in all":      {objects, []iam.DelegationParameter{one("bucket", strings.Repeat("a", 2000)), regions}, "The policy of a delegation request can have at most 2048 characters."},
		"no policy":        {`{}`, nil, "The policy template is not a valid policy."},
		"two lists":        {strings.Replace(objects, "@{bucket}", "@{bucket}@{regions}", 1), []iam.DelegationParameter{many("bucket", "a"), regions}, "The policy template has two parameters of type stringList in one text: arn:aws:s3:::@{bucket}@{regions}/*"},
		"without end":      {strings.Replace(objects, "@{bucket}", "@{bucket", 1), []iam.DelegationParameter{one("bucket", "a"), regions}, "The policy template has a parameter that does not end: arn:aws:s3:::@{bucket/*"},
		"name of an entry": {strings.Replace(objects, "aws:RequestedRegion", "aws:ResourceTag/@{bucket}", 1), []iam.DelegationParameter{one("bucket", "a"), regions}, "The policy template has a parameter in the name of an element: aws:ResourceTag/@{bucket}"},
	} {
		got, err := iam.FillTemplate(c.template, c.parameters)
		if err == nil || !strings.Contains(err.Error(), c.want) || got != "" {
			t.Errorf("%s: %q, %v; want %s", name, got, err, c.want)
		}
	}
}

// Whatever a template and a value are, what comes out has the template's
// statements and no text with a wildcard that the template's has not.
func FuzzFillTemplate(f *testing.F) {
	f.Add(objects, "data", "us-east-1")
	f.Add(objects, `"}]}`, `\"`)
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:@{bucket}","Resource":"\u0040{regions}"}}`, "GetObject", "arn:aws:s3:::x")
	f.Fuzz(func(t *testing.T, template, bucket, region string) {
		filled, err := iam.FillTemplate(template, []iam.DelegationParameter{one("bucket", bucket), many("regions", region, region)})
		if err != nil {
			return
		}
		before, err := iam.Statements(template)
		if err != nil {
			t.Fatal(err)
		}
		after, err := iam.Statements(filled)
		if err != nil || len(after) != len(before) {
			t.Fatalf("%d statements became %d, %v", len(before), len(after), err)
		}
		for i := range after {
			if after[i].Deny != before[i].Deny {
				t.Errorf("statement %d became another: %s", i, filled)
			}
			wild := func(s string) bool { return strings.ContainsAny(s, "*?") }
			if slices.ContainsFunc(after[i].Resources, wild) && !slices.ContainsFunc(before[i].Resources, wild) {
				t.Errorf("statement %d became wider: %s", i, filled)
			}
		}
		if !json.Valid([]byte(filled)) || iam.DocumentSize(filled) > iam.MaxDelegatedPolicy {
			t.Errorf("no policy: %s", filled)
		}
	})
}

func TestSummarizeDelegation(t *testing.T) {
	t.Parallel()
	r := iam.DelegationRequest{Requestor: "111122223333", RequestorName: "Example Corp", OwnerAccount: "444455556666", Seconds: 5400,
		Policy: `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:ListBucket"],"Resource":["arn:aws:s3:::a","arn:aws:s3:::b"],
		 "Condition":{"StringEquals":{"aws:RequestedRegion":["us-east-1","eu-west-1"]},"Bool":{"aws:SecureTransport":true}}},
		{"Effect":"Deny","NotAction":"iam:*","Resource":"*","Condition":{"ForAnyValue:StringLikeIfExists":{"aws:TagKeys":"x*"},"BinaryEquals":{"k":"QQ=="}}},
		{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::secret"}]}`}
	for language, want := range map[iam.SummaryLanguage]string{
		iam.EnglishSummary: `Example Corp (account 111122223333) asks for temporary access to account 444455556666. The access lasts for 90 minute(s) after the token is sent.

1. Allows s3:GetObject, s3:PutObject and s3:ListBucket on arn:aws:s3:::a and arn:aws:s3:::b, if aws:SecureTransport is "true" and aws:RequestedRegion is "us-east-1" or "eu-west-1".
2. Denies every action but iam:* on every resource, if k is "QQ==" and aws:TagKeys is absent or has a value that is like "x*".
3. Allows every action on every resource but arn:aws:s3:::secret.`,
		iam.JapaneseSummary: `Example Corp(アカウント 111122223333)が、アカウント 444455556666 への一時的なアクセスを求めています。 アクセスは、トークンの送信から 90 分 で終わります。

1. arn:aws:s3:::a、arn:aws:s3:::b に対する s3:GetObject、s3:PutObject、s3:ListBucket を許可します(条件: aws:SecureTransport が "true" に等しい、かつ aws:RequestedRegion が "us-east-1" または "eu-west-1" に等しい)。
2. すべてのリソース に対する iam:* を除くすべてのアクション を拒否します(条件: k が "QQ==" に等しい、かつ aws:TagKeys が "x*" に一致する値を含むか、存在しない)。
3. arn:aws:s3:::secret を除くすべてのリソース に対する すべてのアクション を許可します。`,
	} {
		got, err := iam.SummarizeDelegation(r, language)
		if err != nil || got != want {
			t.Errorf("got %s, %v\nwant %s", got, err, want)
		}
	}
}

func TestRoleBoundaries(t *testing.T) {
	t.Parallel()
	got := iam.RoleBoundaries(`{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":["iam:Create*"],"Resource":"*","Condition":{"ArnEquals":{"iam:PermissionsBoundary":["arn:aws:iam::aws:policy/B","arn:aws:iam::aws:policy/A"]}}},
		{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::aws:policy/C"}}}]}`)
	if want := []string{"arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}
