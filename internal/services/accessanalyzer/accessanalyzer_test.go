package accessanalyzer_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsanalyzer "github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"

	"sekisho/internal/call"
	"sekisho/internal/services/accessanalyzer"
)

func validate(tb testing.TB, in awsanalyzer.ValidatePolicyInput) (*awsanalyzer.ValidatePolicyOutput, error) {
	tb.Helper()
	return new(accessanalyzer.Service).ValidatePolicy(tb.Context(), &call.Call{}, &in)
}

// A finding names what is wrong, and its span is what an editor underlines.
func TestValidatePolicy(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name       string
		kind       types.PolicyType
		resource   types.ValidatePolicyResourceType
		document   string
		want, code string // "" for nothing wrong
		underlined string
		line       int32
	}{
		{name: "a good policy", kind: types.PolicyTypeIdentityPolicy,
			document: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:GetUser","Resource":"arn:aws:iam::111122223333:user/jane"}]}`},
		{name: "an effect that is none", kind: types.PolicyTypeIdentityPolicy, want: "ERROR", line: 3, underlined: `"Permit"`,
			document: "{\"Version\":\"2012-10-17\",\n\"Statement\":[\n{\"Effect\":\"Permit\",\"Action\":\"iam:GetUser\",\"Resource\":\"*\"}]}"},
		{name: "everything allowed", kind: types.PolicyTypeIdentityPolicy, want: "WARNING", code: "FULL_ACCESS", line: 1,
			document: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`},
		{name: "no JSON", kind: types.PolicyTypeIdentityPolicy, want: "ERROR", line: 1, document: `{`},
		{name: "characters of several bytes before it", kind: types.PolicyTypeIdentityPolicy, want: "ERROR", line: 1, underlined: `"Permit"`,
			document: `{"Version":"2012-10-17","Id":"barrière à péage","Statement":[{"Effect":"Permit","Action":"iam:GetUser","Resource":"*"}]}`},
		{name: "a trust policy without a principal", kind: types.PolicyTypeResourcePolicy, resource: "AWS::IAM::AssumeRolePolicyDocument", want: "ERROR", line: 1,
			document: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out, err := validate(t, awsanalyzer.ValidatePolicyInput{PolicyType: tt.kind, ValidatePolicyResourceType: tt.resource, PolicyDocument: &tt.document})
			if err != nil {
				t.Fatal(err)
			}
			if tt.want == "" {
				if len(out.Findings) > 0 {
					t.Errorf("found %s", *out.Findings[0].FindingDetails)
				}
				return
			}
			if len(out.Findings) == 0 {
				t.Fatal("found nothing")
			}
			f := out.Findings[0]
			span := f.Locations[0].Span
			text := []rune(tt.document)
			underlined := string(text[*span.Start.Offset:*span.End.Offset])
			if string(f.FindingType) != tt.want || tt.code != "" && *f.IssueCode != tt.code || *span.Start.Line != tt.line || tt.underlined != "" && underlined != tt.underlined {
				t.Errorf("%s %s at line %d, underlined %q: %s", f.FindingType, *f.IssueCode, *span.Start.Line, underlined, *f.FindingDetails)
			}
		})
	}
}

// Pages together have every finding once.
func TestValidatePolicyPages(t *testing.T) {
	t.Parallel()
	document := `{"Version":"2012-10-17","Statement":[` + strings.TrimSuffix(strings.Repeat(`{"Effect":"Allow","Action":"*","Resource":"*"},`, 5), ",") + `]}`
	in := awsanalyzer.ValidatePolicyInput{PolicyType: types.PolicyTypeIdentityPolicy, PolicyDocument: &document, MaxResults: aws.Int32(2)}
	found := 0
	for range 10 {
		out, err := validate(t, in)
		if err != nil {
			t.Fatal(err)
		}
		found += len(out.Findings)
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	in.NextToken, in.MaxResults = nil, nil
	all, err := validate(t, in)
	if err != nil || found != len(all.Findings) || found < 5 {
		t.Errorf("pages have %d of %d findings, %v", found, len(all.Findings), err)
	}
}

func TestValidatePolicyRefuses(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]awsanalyzer.ValidatePolicyInput{
		"a document without end":           {PolicyType: types.PolicyTypeIdentityPolicy, PolicyDocument: aws.String(strings.Repeat(" ", accessanalyzer.MaxDocument+1))},
		"a resource of an identity policy": {PolicyType: types.PolicyTypeIdentityPolicy, ValidatePolicyResourceType: types.ValidatePolicyResourceTypeS3Bucket, PolicyDocument: aws.String("{}")},
		"a token of somebody else":         {PolicyType: types.PolicyTypeIdentityPolicy, PolicyDocument: aws.String("{}"), NextToken: aws.String("bm90LW91cnM")},
	} {
		_, err := validate(t, in)
		if e, ok := errors.AsType[*types.ValidationException](err); !ok || e.Reason != types.ValidationExceptionReasonFieldValidationFailed || len(e.FieldList) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every document has positions inside of it.
func FuzzValidatePolicy(f *testing.F) {
	for _, s := range []string{"", "{", `{"Version":"2012-10-17","Statement":[{"Effect":"Permit"}]}`, "{\n\"関\": [\"\\", "\xff\xfe", `{"Statement":{"Action":["a:b","a:b"]}}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, document string) {
		out, err := validate(t, awsanalyzer.ValidatePolicyInput{PolicyType: types.PolicyTypeIdentityPolicy, PolicyDocument: &document})
		if err != nil {
			return
		}
		runes := int32(utf8.RuneCountInString(document))
		for _, found := range out.Findings {
			span := found.Locations[0].Span
			if *span.Start.Offset > *span.End.Offset || *span.End.Offset > runes || *span.Start.Line > *span.End.Line {
				t.Errorf("%q: from %d to %d", document, *span.Start.Offset, *span.End.Offset)
			}
		}
	})
}
