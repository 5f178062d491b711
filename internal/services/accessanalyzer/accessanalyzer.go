// Package accessanalyzer is the one operation of IAM Access Analyzer that needs
// no analyzer: ValidatePolicy, by which the console's policy editor, and whoever
// writes policies elsewhere, finds mistakes before they are kept (C-22).
//
// What is a mistake is package policy's to say; this package owns the operation's
// row and how findings look on the wire. Every other operation is unknown.
package accessanalyzer

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsanalyzer "github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"

	"sekisho/internal/call"
	"sekisho/internal/page"
	"sekisho/internal/policy"
)

// Table guards the operation.
var Table = call.Table{
	"ValidatePolicy": {Action: "access-analyzer:ValidatePolicy", ReadOnly: true},
}

// Service implements the operations of Table.
type Service struct{}

// MaxDocument bounds a document in bytes; the longest that anything keeps has
// 10,240 characters.
const MaxDocument = 64 << 10

// trustPolicy is the resource type whose policies have rules of their own here.
const trustPolicy = types.ValidatePolicyResourceTypeRoleTrust

var kinds = map[types.PolicyType]policy.Kind{
	types.PolicyTypeIdentityPolicy:        policy.IdentityPolicy,
	types.PolicyTypeResourcePolicy:        policy.ResourcePolicy,
	types.PolicyTypeServiceControlPolicy:  policy.ServiceControlPolicy,
	types.PolicyTypeResourceControlPolicy: policy.ResourceControlPolicy,
}

// The most findings of one answer, and of one that says nothing about it.
const (
	mostFindings    = 1000
	defaultFindings = 100
)

// ValidatePolicy lists what is wrong, dangerous or useless in a document, in the
// order of the document. Texts are in English whatever the locale.
func (*Service) ValidatePolicy(_ context.Context, _ *call.Call, in *awsanalyzer.ValidatePolicyInput) (*awsanalyzer.ValidatePolicyOutput, error) {
	document := aws.ToString(in.PolicyDocument)
	if len(document) > MaxDocument {
		return nil, invalid("policyDocument", "The policy document is longer than 65536 bytes.")
	}
	kind := kinds[in.PolicyType]
	switch {
	case in.ValidatePolicyResourceType == "":
	case kind != policy.ResourcePolicy:
		return nil, invalid("validatePolicyResourceType", "validatePolicyResourceType can only be given for resource policies.")
	case in.ValidatePolicyResourceType == trustPolicy:
		kind = policy.TrustPolicy
	}
	asked, err := page.Parse(aws.ToString(in.NextToken), min(int(aws.ToInt32(in.MaxResults)), mostFindings), defaultFindings)
	if err != nil {
		return nil, invalid("nextToken", "The token is not one that this operation gave.")
	}
	// The findings are made anew for each page: a token says how many came before.
	before, err := strconv.Atoi(cmp.Or(asked.After, "0"))
	if err != nil || before < 0 {
		return nil, invalid("nextToken", "The token is not one that this operation gave.")
	}
	all := policy.Lint(kind, document)
	from := min(before, len(all))
	to := min(from+asked.Limit, len(all))
	out := &awsanalyzer.ValidatePolicyOutput{Findings: make([]types.ValidatePolicyFinding, 0, to-from)}
	for _, f := range all[from:to] {
		out.Findings = append(out.Findings, finding(document, f))
	}
	if to < len(all) {
		out.NextToken = aws.String(page.Token(strconv.Itoa(to)))
	}
	return out, nil
}

// checks is where AWS explains its findings; ours have the same codes where AWS
// has one.
const checks = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"

func finding(document string, f policy.Finding) types.ValidatePolicyFinding {
	start := offset(document, f.Line, f.Column)
	end := start + token(document[start:])
	return types.ValidatePolicyFinding{
		FindingDetails: aws.String(f.Message),
		FindingType:    types.ValidatePolicyFindingType(f.Severity),
		IssueCode:      aws.String(f.Code),
		LearnMoreLink:  aws.String(checks),
		Locations: []types.Location{{
			Path: []types.PathElement{},
			Span: &types.Span{Start: position(document, start), End: position(document, end)},
		}},
	}
}

// offset is the byte at which a line and column, both from 1 and in characters,
// begin in the document; positions beyond it are its end.
func offset(document string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		i := strings.IndexByte(document[at:], '\n')
		if i < 0 {
			return len(document)
		}
		at += i + 1
	}
	for ; column > 1 && at < len(document) && document[at] != '\n'; column-- {
		_, size := utf8.DecodeRuneInString(document[at:])
		at += size
	}
	return at
}

// token is how many bytes the JSON token at the beginning of s has: what an
// editor underlines.
func token(s string) int {
	if s == "" {
		return 0
	}
	if s[0] == '"' {
		for i := 1; i < len(s); i++ {
			switch s[i] {
			case '\\':
				i++
			case '"':
				return i + 1
			}
		}
		return len(s)
	}
	if n := strings.IndexAny(s, ",:[]{} \t\r\n"); n > 0 {
		return n
	}
	return 1
}

// position is a byte of the document as AWS counts: lines from 1, columns and
// offsets from 0, in characters.
func position(document string, at int) *types.Position {
	before := document[:at]
	line := strings.LastIndexByte(before, '\n') + 1
	count := func(s string) *int32 { return aws.Int32(int32(utf8.RuneCountInString(s))) }
	return &types.Position{
		Line:   aws.Int32(int32(strings.Count(before, "\n") + 1)),
		Column: count(before[line:]),
		Offset: count(before),
	}
}

func invalid(field, message string) error {
	return &types.ValidationException{
		Message: &message, Reason: types.ValidationExceptionReasonFieldValidationFailed,
		FieldList: []types.ValidationExceptionField{{Name: &field, Message: &message}},
	}
}
