package policy

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// doc wraps statements in a policy of the newer version.
func doc(statements string) string {
	return `{"Version":"2012-10-17","Statement":[` + statements + `]}`
}

// TestIdentityMessages holds the order and the words of IAM's validation of managed and
// inline policies (behaviours.md 3.9).
func TestIdentityMessages(t *testing.T) {
	t.Parallel()
	const iamPath = `IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.`
	st := func(members string) string { return doc(`{"Effect":"Allow",` + members + `}`) }
	res := func(resource string) string { return st(`"Action":"s3:ListBucket","Resource":` + resource) }
	cond := func(c string) string { return st(`"Action":"s3:ListBucket","Resource":"*","Condition":` + c) }
	tests := []struct{ name, document, message string }{
		{"no JSON", "This is not a json document", msgSyntax},
		{"empty", "", msgSyntax},
		{"list", "[]", msgSyntax},
		{"trailing text", doc(`{"Effect":"Allow","Action":"*","Resource":"*"}`) + "x", msgSyntax},
		{"duplicate key", `{"Version":"2012-10-17","Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`, msgSyntax},
		{"duplicate element", doc(`{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}`), msgSyntax},
		{"too deep", doc(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"a":[[[[["true"]]]]]}}}`), msgSyntax},
		{"character beyond Latin-1", st(`"Action":"s3:é☃","Resource":"*"`), msgSyntax},
		{"no version", `{"Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}}`, msgVersion},
		{"old version", `{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}}`, msgVersion},
		{"unknown version", `{"Version":"2013-10-17","Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}}`, msgSyntax},
		{"no statement", `{"Version":"2012-10-17"}`, msgSyntax},
		{"empty statements", doc(""), msgSyntax},
		{"statement is text", doc(`"afd"`), msgSyntax},
		{"unknown top element", `{"Version":"2012-10-17","Extra":"","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`, msgSyntax},
		{"unknown statement element", st(`"Action":"*","Resource":"*","Extra":"x"`), msgSyntax},
		{"element in another case", st(`"action":"*","Resource":"*"`), msgSyntax},
		{"Id is a list", `{"Version":"2012-10-17","Id":["x"],"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`, msgSyntax},
		{"bad effect", doc(`{"Effect":"invalid","Action":"*","Resource":"*"}`), msgSyntax},
		{"no effect", doc(`{"Action":"*","Resource":"*"}`), msgSyntax},
		{"effect in another case", doc(`{"Effect":"denY","Action":"*","Resource":"*"}`), msgLegacy},
		{"version before effect's case", `{"Statement":{"Effect":"denY","Action":"*","Resource":"*"}}`, msgVersion},
		{"principal", st(`"Action":"*","Resource":"*","Principal":"*"`), msgPrincipal},
		{"no vendor", st(`"Action":"invalid","Resource":"*"`), msgNoVendor},
		{"empty NotAction", st(`"NotAction":"","Resource":"*"`), msgNoVendor},
		{"vendor before missing resource", st(`"Action":"invalid"`), msgNoVendor},
		{"bad vendor", st(`"Action":"a a:ListBucket","Resource":"*"`), "Vendor a a is not valid"},
		{"two colons", st(`"Action":"s3:List:Bucket","Resource":"*"`), msgColons},
		{"no resource", st(`"Action":"s3:ListBucket"`), msgNoResources},
		{"empty resources", res(`[]`), msgNoResources},
		{"no action", st(`"Resource":"arn:aws:s3:::b"`), msgNoActions},
		{"empty actions", st(`"Action":[],"Resource":"arn:aws:s3:::b"`), msgNoActions},
		{"nothing", doc(`{"Effect":"Allow"}`), msgNoActions},
		{"invalid resource", res(`"invalid resource"`), `Resource invalid resource must be in ARN format or "*".`},
		{"empty resource", res(`""`), `Resource  must be in ARN format or "*".`},
		{"resource before action", st(`"Action":"s:3:ListBucket","Resource":"sdfsadf"`), `Resource sdfsadf must be in ARN format or "*".`},
		{"partition, two parts", res(`"a:bsdfdsafsad"`), `Partition "bsdfdsafsad" is not valid for resource "arn:bsdfdsafsad:*:*:*:*".`},
		{"partition, three parts", res(`"a:b:cadfsdf"`), `Partition "b" is not valid for resource "arn:b:cadfsdf:*:*:*".`},
		{"partition, eight parts", res(`"a:b:c:d:e:f:g:h"`), `Partition "b" is not valid for resource "arn:b:c:d:e:f:g:h".`},
		{"partition missing", res(`"aws:s3:::example_bucket"`), `Partition "s3" is not valid for resource "arn:s3:::example_bucket:*".`},
		{"first of two partitions", res(`["arn:error:s3:::example_bucket","arn:error:s3::example_bucket"]`), `Partition "error" is not valid for resource "arn:error:s3:::example_bucket".`},
		{"vendor missing", res(`"arn:aws"`), "Resource vendor must be fully qualified and cannot contain regexes."},
		{"vendor with star", res(`"arn:aws:s*:::x"`), "Resource vendor must be fully qualified and cannot contain regexes."},
		{"IAM path", res(`"arn:aws:iam:::example_bucket"`), iamPath},
		{"IAM path with star", res(`"arn:aws:iam::123456789012:u*"`), iamPath},
		{"IAM region", res(`"arn:aws:iam:us-east-1::example_bucket"`), "IAM resource arn:aws:iam:us-east-1::example_bucket cannot contain region information."},
		{"S3 region", res(`"arn:aws:s3:us-east-1::example_bucket"`), "Resource arn:aws:s3:us-east-1::example_bucket can not contain region information."},
		{"too few colons", res(`"arn:aws:s3::example_bucket"`), msgLegacy},
		{"too few colons, NotResource", st(`"Action":"s3:ListBucket","NotResource":"arn:aws:s3::example_bucket"`), msgLegacy},
		{"no service", res(`"arn:aws::::example_bucket"`), msgLegacy},
		{"no service, few colons", res(`"arn:aws::fdsasf"`), msgLegacy},
		{"legacy before no action", st(`"Resource":"arn:aws:s3::example_bucket"`), msgLegacy},
		{"variable in the account", res(`"arn:aws:sqs:us-east-1:${aws:userid}:q"`), msgLegacy},
		{"variable not closed", res(`"arn:aws:s3:::b/${aws:username"`), msgLegacy},
		{"variable's default not quoted", res(`"arn:aws:s3:::b/${aws:username, x}"`), msgLegacy},
		{"resource is an object", res(`{"a":"arn:aws:s3:::b"}`), msgSyntax},
		{"resource holds an object", res(`["adfdf",{}]`), msgSyntax},
		{"action is an object", st(`"Action":{},"Resource":"*"`), msgSyntax},
		{"action holds a list", st(`"Action":[[]],"Resource":"*"`), msgSyntax},
		{"both actions", st(`"Action":[],"NotAction":"s3:ListBucket","Resource":"*"`), msgSyntax},
		{"both resources", st(`"Action":"s3:ListBucket","Resource":"*","NotResource":[]`), msgSyntax},
		{"condition is a list", cond(`[]`), msgSyntax},
		{"condition is text", cond(`"a"`), msgSyntax},
		{"operator is text", cond(`{"DateGreaterThan":"b"}`), msgSyntax},
		{"operator is a list", cond(`{"DateGreaterThan":[]}`), msgSyntax},
		{"value is an object", cond(`{"DateGreaterThan":{"a":{}}}`), msgSyntax},
		{"value is null", cond(`{"StringEquals":{"a":null}}`), msgSyntax},
		{"unknown operator", cond(`{"x":{"a":"1"}}`), msgSyntax},
		{"operator in another case", cond(`{"stringequals":{"a":"1"}}`), msgSyntax},
		{"two colons in an operator", cond(`{"ForAnyValue::StringEqualsIfExists":{"a":"asf"}}`), msgSyntax},
		{"NullIfExists", cond(`{"NullIfExists":{"a":"true"}}`), msgSyntax},
		{"Sid is an object", st(`"Sid":{},"Action":"*","Resource":"*"`), msgSyntax},
		{"Sid with a blank", st(`"Sid":"a b","Action":"*","Resource":"*"`), msgSidCharacters},
		{"Sid twice", doc(`{"Sid":"s","Effect":"Allow","Action":"s3:*","Resource":"*"},{"Sid":"s","Effect":"Allow"}`), msgSidUnique},
		{"effect's case before Sid", doc(`{"Sid":"s","Effect":"aLLow","Action":"s3:*","Resource":"*"},{"Sid":"s","Effect":"Allow"}`), msgLegacy},
		{"bad date", cond(`{"DateGreaterThan":{"a":"sdfdsf"}}`), msgLegacy},
		{"bad month", cond(`{"DateLessThanEquals":{"a":"234-13"}}`), msgLegacy},
		{"short zone", cond(`{"DateLessThanEquals":{"a":"2016-12-13t2:00:00.593194+1"}}`), msgLegacy},
		{"long fraction", cond(`{"DateLessThanEquals":{"a":"2016-12-13t2:00:00.1999999999+10:59"}}`), msgLegacy},
		{"big epoch", cond(`{"DateLessThan":{"a":"9223372036854775808"}}`), msgLegacy},
		{"date before partition", st(`"Action":"s3:ListBucket","Resource":"arn:error:s3:::b","Condition":{"DateGreaterThan":{"a":"sdfdsf"}}`), msgLegacy},
		{"bad number", cond(`{"NumericEquals":{"a":"0x10"}}`), msgLegacy},
		{"bad boolean", cond(`{"Bool":{"a":"yes"}}`), msgLegacy},
		{"bad block", cond(`{"IpAddress":{"aws:SourceIp":"192.0.2.0/33"}}`), msgLegacy},
		{"bad base64", cond(`{"BinaryEquals":{"a":"!"}}`), msgLegacy},
	}
	for _, tt := range tests {
		p, err := Parse(IdentityPolicy, tt.document)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%s: error %v", tt.name, err)
			continue
		}
		if p != nil {
			t.Errorf("%s: a policy came with the error", tt.name)
		}
		if syntax.Message != tt.message || syntax.Error() != tt.message {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, syntax.Message, tt.message)
		}
		if syntax.Detail == "" || syntax.Line < 1 || syntax.Column < 1 {
			t.Errorf("%s: no place or detail: %+v", tt.name, syntax)
		}
	}
}

// TestAccepted holds what IAM takes although one might not expect it (behaviours.md 3.9).
func TestAccepted(t *testing.T) {
	t.Parallel()
	st := func(members string) string { return doc(`{"Effect":"Allow",` + members + `}`) }
	for _, document := range []string{
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":["arn:aws:s3:::b"]}}`,
		`{"Version":"2012-10-17","Id":"sdfsdfsdf","Statement":{"Effect":"Allow","NotAction":"s3:ListBucket","Resource":"arn:aws:s3:::b"}}`,
		st(`"Action":"iam: asdf safdsf af ","Resource":"arn:aws:s3:::b"`),
		st(`"Action":"s3:ListBucket","Resource":["arn:aws:s3:::b","*"]`),
		st(`"Action":"*","Resource":"arn:aws:s3:::b"`),
		st(`"Action":"s3.s-s:ListBucket","Resource":"arn:aws:fdsasf"`),
		st(`"Action":"s3:ListBucket","Resource":"arn:aws:iam:::user/x"`),
		st(`"Action":"s3:ListBucket","Resource":"arn:aws:invalid-service:us-east-1::x"`),
		st(`"Action":"s3:*","Resource":"arn:aws:s3:us-west-2:123456789012:accesspoint/*"`),
		st(`"Action":"sts:AssumeRoot","Resource":["arn:aws:iam::*:root","arn:*:ec2:*:*:vpc/*"]`),
		st(`"NotAction":"s3:ListBucket","NotResource":"*"`),
		st(`"Sid":"","Action":"s3:*","Resource":"*","Condition":{}`),
		st(`"Action":"s3:*","Resource":"*","Condition":{"DateGreaterThan":{}}`),
		st(`"Action":"s3:*","Resource":"*","Condition":{"DateGreaterThan":{"a":[]}}`),
		st(`"Action":"s3:*","Resource":"*","Condition":{"x":{},"y":{}}`),
		st(`"Action":"s3:*","Resource":"*","Condition":{"DateGreaterThan":{"a":"01T"}}`),
		st(`"Action":"s3:*","Resource":"*","Condition":{"DateLessThanEquals":{"a":"2016-12-13T21:20:37.593194+00:00"}}`),
		st(`"Action":"s3:*","Resource":"*","Condition":{"DateLessThanEquals":{"a":"2016-12-13t2:00:00.593194+23"}}`),
		st(`"Action":"s3:*","Resource":"*","Condition":{"DateLessThan":{"a":"-292275054"}}`),
		st(`"Action":"s3:*","Resource":"*","Condition":{"ForAnyValue:StringEqualsIfExists":{"a":"asf"}}`),
		st(`"Action":"s3:*","Resource":"*","Condition":{"NumericLessThan":{"s3:max-keys":10},"Bool":{"aws:SecureTransport":true}}`),
		st(`"Action":"s3:Get\u004fbject","Resource":"arn:aws:s3:::b/${aws:PrincipalTag/cost center, 'none'}/${*}"`),
		"{ \"Version\" :\t\"2012-10-17\",\r\n\"Statement\" : { \"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\" } }\n",
	} {
		if _, err := Parse(IdentityPolicy, document); err != nil {
			var syntax *SyntaxError
			errors.As(err, &syntax)
			t.Errorf("%s: %+v", document, syntax)
		}
	}
}

// TestOtherKinds holds the rules of trust, resource and organization policies (behaviours.md 3.1, 3.9).
func TestOtherKinds(t *testing.T) {
	t.Parallel()
	trust := func(principal string) string {
		return doc(`{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole"}`)
	}
	tests := []struct {
		kind              Kind
		document, message string
	}{
		{TrustPolicy, trust(`{"AWS":"arn:aws:iam::123456789012:root"}`), ""},
		{TrustPolicy, trust(`{"AWS":["123456789012","*","AIDACKCEVSQ6C2EXAMPLE"]}`), ""},
		{TrustPolicy, trust(`{"AWS":["arn:aws:iam::123456789012:user/a/b","arn:aws:iam::123456789012:role/r","arn:aws:sts::123456789012:assumed-role/r/s","arn:aws:sts::123456789012:federated-user/f"]}`), ""},
		{TrustPolicy, trust(`{"Service":"ec2.amazonaws.com","Federated":["accounts.google.com","arn:aws:iam::123456789012:saml-provider/x"]}`), ""},
		{TrustPolicy, trust(`"*"`), ""},
		{TrustPolicy, `{"Statement":{"Effect":"Allow","Principal":"*","Action":["sts:AssumeRole*","sts:TagSession","sts:*"]}}`, ""},
		{TrustPolicy, "x", msgTrustJSON},
		{TrustPolicy, doc(`{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}`), "Has prohibited field Resource"},
		{TrustPolicy, doc(`{"Effect":"Allow","NotPrincipal":"*","Action":"sts:AssumeRole"}`), "Has prohibited field NotPrincipal"},
		{TrustPolicy, doc(`{"Effect":"Allow","Action":"sts:AssumeRole"}`), "Missing required field Principal"},
		{TrustPolicy, doc(`{"Effect":"Allow","Principal":"*"}`), "Missing required field Action"},
		{TrustPolicy, doc(`{"Effect":"Allow","Principal":"*","Action":"*"}`), msgTrustActions},
		{TrustPolicy, doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}`), msgTrustActions},
		{TrustPolicy, doc(`{"Effect":"Allow","Principal":"*","Action":"sts:GetCallerIdentity"}`), msgTrustActions},
		{TrustPolicy, doc(`{"Effect":"Allow","Principal":"*","NotAction":"sts:AssumeRole"}`), msgTrustActions},
		{TrustPolicy, trust(`{"AWS":"arn:aws:iam::123456789012:user/*"}`), `Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:user/*"`},
		{TrustPolicy, trust(`{"AWS":"arn:aws:iam::123456789012:group/g"}`), `Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:group/g"`},
		{TrustPolicy, trust(`{"AWS":"bob"}`), `Invalid principal in policy: "AWS":"bob"`},
		{TrustPolicy, trust(`"bob"`), `Invalid principal in policy: "AWS":"bob"`},
		{TrustPolicy, trust(`{"Service":"ec2"}`), `Invalid principal in policy: "SERVICE":"ec2"`},
		{TrustPolicy, trust(`{"Federated":"*"}`), `Invalid principal in policy: "FEDERATED":"*"`},
		{TrustPolicy, trust(`{"AWS":[]}`), msgSyntax},
		{TrustPolicy, trust(`{}`), msgSyntax},
		{TrustPolicy, trust(`{"aws":"*"}`), msgSyntax},
		{TrustPolicy, doc(`{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Foo":1}`), "Unknown field Foo"},
		{ResourcePolicy, doc(`{"Sid":"any text","Effect":"Deny","NotPrincipal":{"CanonicalUser":"79a5"},"Action":"s3:*","Resource":"arn:aws:s3:::b"}`), ""},
		{ResourcePolicy, doc(`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`), "Missing required field Principal"},
		{ServiceControlPolicy, doc(`{"Effect":"Allow","Action":"*","Resource":"*"}`), ""},
		{ServiceControlPolicy, doc(`{"Effect":"Deny","NotAction":"iam:*","NotResource":"arn:aws:s3:::b","Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}}`), ""},
		{ServiceControlPolicy, `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`, msgOrganization},
		{ServiceControlPolicy, doc(`{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`), msgOrganization},
		{ServiceControlPolicy, "x", msgOrganization},
		{ResourceControlPolicy, doc(`{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`), ""},
		{ResourceControlPolicy, doc(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-a"}}}`), ""},
		{ResourceControlPolicy, doc(`{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}`), msgOrganization},
		{ResourceControlPolicy, doc(`{"Effect":"Deny","Principal":{"AWS":"123456789012"},"Action":"s3:*","Resource":"*"}`), msgOrganization},
		{ResourceControlPolicy, doc(`{"Effect":"Deny","Action":"s3:*","Resource":"*"}`), msgOrganization},
		{AWSManagedPolicy, doc(`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws-cn:s3:::b"}`), ""},
		{Kind(0), doc(`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`), msgSyntax},
	}
	for _, tt := range tests {
		_, err := Parse(tt.kind, tt.document)
		if got := fmt.Sprint(err); err != nil && got != tt.message || err == nil && tt.message != "" {
			t.Errorf("%d %s:\n got %v\nwant %s", tt.kind, tt.document, err, tt.message)
		}
	}
}

// TestPlaces wants mistakes and statements to be told where they are, in characters.
func TestPlaces(t *testing.T) {
	t.Parallel()
	document := "{\n \"Version\": \"2012-10-17\",\n \"Statement\": [\n  {\"Sid\":\"A\",\"Effect\":\"Allow\",\n   \"Action\":\"s3:*\",\"Resource\":\"*\"},\n  {\"Effect\":\"Deny\",\"Action\":\"iam:é*\",\"Resource\":\"nope\"}]}"
	_, err := Parse(IdentityPolicy, document)
	var syntax *SyntaxError
	if !errors.As(err, &syntax) || syntax.Line != 6 || syntax.Column != 49 {
		t.Errorf("got %+v, want line 6, column 49", syntax)
	}
	p := MustParse(IdentityPolicy, strings.Replace(document, "nope", "*", 1))
	want := []Statement{
		{Sid: "A", Effect: "Allow", Start: Position{4, 3}, End: Position{5, 35}},
		{Effect: "Deny", Start: Position{6, 3}, End: Position{6, 53}},
	}
	for i, got := range p.Statements() {
		if got != want[i] {
			t.Errorf("statement %d: got %+v, want %+v", i, got, want[i])
		}
	}
}

// TestAccessors reads what IAM and the simulator ask of a policy.
func TestAccessors(t *testing.T) {
	t.Parallel()
	p := MustParse(IdentityPolicy, doc(`
		{"Effect":"Allow","Action":["S3:Get*","sqs:*"],"Resource":"arn:aws:s3:::b/${aws:username}/${aws:PrincipalTag/t, 'x'}",
		 "Condition":{"StringLike":{"aws:PrincipalTag/T":"${aws:UserName}","s3:prefix":["${aws:userid}"]}}},
		{"Effect":"Deny","Action":"ec2:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":false}}}`))
	if got, want := strings.Join(p.ContextKeys(), " "), "aws:username aws:PrincipalTag/t s3:prefix aws:userid aws:SecureTransport"; got != want {
		t.Errorf("ContextKeys: %s", got)
	}
	if got := strings.Join(p.Actions(), " "); got != "S3:Get* sqs:*" {
		t.Errorf("Actions: %s", got)
	}
	if got := strings.Join(p.Services(), " "); got != "s3 sqs" {
		t.Errorf("Services: %s", got)
	}
	if !p.Grants("S3") || !p.Grants("sqs") || p.Grants("ec2") || p.Grants("s") {
		t.Error("Grants")
	}
	not := MustParse(IdentityPolicy, doc(`{"Effect":"Allow","NotAction":["iam:*","sts:Get*"],"Resource":"*"}`))
	if not.Grants("iam") || !not.Grants("sts") || !not.Grants("s3") || not.Services()[0] != "*" {
		t.Error("Grants with NotAction")
	}
	trust := MustParse(TrustPolicy, doc(`{"Effect":"Allow","Principal":{"AWS":["123456789012"],"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`))
	want := []PrincipalElement{{Type: "AWS", Value: "123456789012"}, {Type: "Service", Value: "ec2.amazonaws.com"}}
	for i, got := range trust.Principals() {
		if got.Type != want[i].Type || got.Value != want[i].Value || got.Not || got.Line != 1 || got.Column == 0 {
			t.Errorf("Principals: %+v", got)
		}
	}
	var none *Policy
	if none.Grants("s3") || none.Services() != nil || none.Statements() != nil || none.ContextKeys() != nil || none.Principals() != nil {
		t.Error("a nil policy has something")
	}
}

// TestSize wants a document to be bounded in characters.
func TestSize(t *testing.T) {
	t.Parallel()
	fits := doc(`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`)
	fits += strings.Repeat(" ", maxDocument-len(fits))
	if _, err := Parse(IdentityPolicy, fits); err != nil {
		t.Error(err)
	}
	if _, err := Parse(IdentityPolicy, fits+" "); err == nil {
		t.Error("a document of 131,073 characters is taken")
	}
	if _, err := Parse(IdentityPolicy, strings.Repeat("[", 100000)); err == nil {
		t.Error("a document of brackets is taken")
	}
}

// TestRewritePrincipals replaces names by ids and leaves every other byte alone.
func TestRewritePrincipals(t *testing.T) {
	t.Parallel()
	text := "{ \"Version\":\"2012-10-17\",\n \"Statement\":[{\"Effect\":\"Allow\", \"Principal\":{\"AWS\":[\"arn:aws:iam::123456789012:user\\/é\", \"123456789012\"],\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}] }"
	p := MustParse(TrustPolicy, text)
	got := p.RewritePrincipals(text, func(value string) string {
		if value == "arn:aws:iam::123456789012:user/é" {
			return "AIDACKCEVSQ6C2EXAMPLE"
		}
		return value
	})
	if want := strings.Replace(text, "arn:aws:iam::123456789012:user\\/é", "AIDACKCEVSQ6C2EXAMPLE", 1); got != want || got == text {
		t.Errorf("got %s", got)
	}
	if again := p.RewritePrincipals(text, func(value string) string { return value }); again != text {
		t.Errorf("changed: %s", again)
	}
}
