// Package support is AWS Support's API: cases and what is written in them, what is
// attached, and Trusted Advisor's checks.
//
// The rules are package support's of the domain; this package owns the operations'
// table, the service's errors and how things look on the wire. Staff's side of a
// case has no API.
package support

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/page"
	"sekisho/internal/store"
	"sekisho/internal/support"
)

// Table guards the operations. None names a resource: AWS has none for cases.
var Table = call.Table{
	"CreateCase":             {Action: "support:CreateCase"},
	"DescribeCases":          {Action: "support:DescribeCases", ReadOnly: true},
	"AddCommunicationToCase": {Action: "support:AddCommunicationToCase"},
	"DescribeCommunications": {Action: "support:DescribeCommunications", ReadOnly: true},
	"ResolveCase":            {Action: "support:ResolveCase"},
	// The files of a whole set in base64, and a little around them.
	"AddAttachmentsToSet":        {Action: "support:AddAttachmentsToSet", MaxBody: support.MaxAttachments*support.MaxAttachmentSize*4/3 + 64<<10},
	"DescribeAttachment":         {Action: "support:DescribeAttachment", ReadOnly: true},
	"DescribeServices":           {Action: "support:DescribeServices", ReadOnly: true},
	"DescribeSeverityLevels":     {Action: "support:DescribeSeverityLevels", ReadOnly: true},
	"DescribeSupportedLanguages": {Action: "support:DescribeSupportedLanguages", ReadOnly: true},
	"DescribeCreateCaseOptions":  {Action: "support:DescribeCreateCaseOptions", ReadOnly: true},

	"DescribeTrustedAdvisorChecks":               {Action: "support:DescribeTrustedAdvisorChecks", ReadOnly: true},
	"DescribeTrustedAdvisorCheckResult":          {Action: "support:DescribeTrustedAdvisorCheckResult", ReadOnly: true},
	"DescribeTrustedAdvisorCheckSummaries":       {Action: "support:DescribeTrustedAdvisorCheckSummaries", ReadOnly: true},
	"DescribeTrustedAdvisorCheckRefreshStatuses": {Action: "support:DescribeTrustedAdvisorCheckRefreshStatuses", ReadOnly: true},
	"RefreshTrustedAdvisorCheck":                 {Action: "support:RefreshTrustedAdvisorCheck"},
}

// Service implements the operations of Table.
type Service struct {
	Store store.DB
	// Plan is an account's support plan; nil means that all have the basic one.
	Plan func(tx store.Tx, account string) (support.Plan, error)
}

// view reads; its error is one of the wire.
func (s *Service) view(ctx context.Context, fn func(store.Tx) error) error {
	return wireError(s.Store.View(ctx, fn))
}

// update changes something together with the audit event of c; its error is one
// of the wire. fn may run more than once.
func (s *Service) update(ctx context.Context, c *call.Call, fn func(store.Tx) error) error {
	return wireError(s.Store.Update(ctx, c.Event, fn))
}

func (s *Service) plan(tx store.Tx, account string) (support.Plan, error) {
	if s.Plan == nil {
		return support.Basic, nil
	}
	return s.Plan(tx, account)
}

// submitter names the principal as cases do: "jane (User)", "Admin (Role)"; "" is
// the root user, who goes by the account's address.
func submitter(p call.Principal) string {
	a, err := arn.Parse(p.ARN)
	if p.Kind == call.Root || err != nil {
		return ""
	}
	parts := strings.Split(a.Resource, "/")
	switch p.Kind {
	case call.IAMUser:
		return parts[len(parts)-1] + " (User)"
	case call.AssumedRole:
		return parts[min(1, len(parts)-1)] + " (Role)"
	default:
		return parts[len(parts)-1] + " (Federated user)"
	}
}

// wireTime is a time as the API writes it: to the millisecond.
func wireTime(t time.Time) *string { return aws.String(t.UTC().Format("2006-01-02T15:04:05.000Z")) }

// timeForms are the forms of ISO 8601 in which clients write times.
var timeForms = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", "2006-01-02", "20060102T150405Z", "20060102"}

// parseTime reads a time of ISO 8601; without an offset it is in UTC. Nil is zero.
func parseTime(s *string) (time.Time, error) {
	if s == nil || *s == "" {
		return time.Time{}, nil
	}
	for _, form := range timeForms {
		if t, err := time.Parse(form, *s); err == nil && t.Year() > 1970 && t.Year() < 2200 {
			return t, nil
		}
	}
	return time.Time{}, parameter("The time is not valid: it must be in ISO 8601 format.")
}

func between(after, before *string) (b support.Between, err error) {
	if b.After, err = parseTime(after); err != nil {
		return b, err
	}
	b.Before, err = parseTime(before)
	return b, err
}

// mostItems is how long a page is that nobody asked to be shorter.
const mostItems = 100

func pageOf(token *string, limit *int32) (page.Request, error) {
	return page.Parse(aws.ToString(token), int(aws.ToInt32(limit)), mostItems)
}

func next(key string) *string {
	if key == "" {
		return nil
	}
	return aws.String(page.Token(key))
}

// language is what a client asks for, English if it does not. What there are no
// words for is answered in English, as AWS does.
func language(asked *string) (string, error) {
	if aws.ToString(asked) == "" {
		return "en", nil
	}
	if !support.KnownLanguage(*asked) {
		return "", parameter("The language is not supported.")
	}
	return *asked, nil
}
