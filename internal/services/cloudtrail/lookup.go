package cloudtrail

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscloudtrail "github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

const (
	// kept is how far back a lookup sees.
	kept = 90 * 24 * time.Hour
	// mostResults is both the default and the most that a page holds.
	mostResults = 50
)

// attributes are what events are looked up by, but for ResourceName, which is an ARN
// or a name.
var attributes = map[types.LookupAttributeKey]store.HistoryAttribute{
	types.LookupAttributeKeyEventId:      store.ByEventID,
	types.LookupAttributeKeyEventName:    store.ByEventName,
	types.LookupAttributeKeyReadOnly:     store.ByReadOnly,
	types.LookupAttributeKeyUsername:     store.ByUserName,
	types.LookupAttributeKeyEventSource:  store.ByEventSource,
	types.LookupAttributeKeyAccessKeyId:  store.ByAccessKeyID,
	types.LookupAttributeKeyResourceType: store.ByResourceType,
	types.LookupAttributeKeyResourceName: store.ByResourceName,
}

// LookupEvents returns management events of the caller's account, newest first: those
// of the last 90 days, or of a part of them, by at most one attribute. A page token
// is good for the question that it was the answer to, and for no other.
//
// It fails with InvalidLookupAttributesException, InvalidTimeRangeException and
// InvalidNextTokenException.
func (s *Service) LookupEvents(ctx context.Context, c *call.Call, in *awscloudtrail.LookupEventsInput) (*awscloudtrail.LookupEventsOutput, error) {
	f, err := filter(c, in)
	if err != nil {
		return nil, err
	}
	out := &awscloudtrail.LookupEventsOutput{Events: []types.Event{}}
	asked := question(c.Principal.Account, in)
	if err := f.goOn(asked, aws.ToString(in.NextToken)); err != nil {
		return nil, err
	}
	if in.EventCategory == types.EventCategoryInsight {
		return out, nil // there are none
	}
	size := mostResults
	if in.MaxResults != nil {
		size = int(*in.MaxResults)
	}
	f.Limit = size + 1
	var events []audit.Event
	err = s.Store.View(ctx, func(tx store.Tx) error {
		events, err = tx.EventHistory(f.HistoryFilter)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(events) > size {
		events = events[:size]
		out.NextToken = aws.String(token(asked, &events[size-1]))
	}
	for i := range events {
		e, err := wireEvent(&events[i])
		if err != nil {
			return nil, err
		}
		out.Events = append(out.Events, e)
	}
	return out, nil
}

// lookup is a question to the store.
type lookup struct{ store.HistoryFilter }

func filter(c *call.Call, in *awscloudtrail.LookupEventsInput) (*lookup, error) {
	f := &lookup{store.HistoryFilter{Account: c.Principal.Account, From: c.Now.Add(-kept), To: c.Now}}
	from, to := f.From, f.To
	if in.StartTime != nil {
		from = *in.StartTime
	}
	if in.EndTime != nil {
		to = lastOf(*in.EndTime)
	}
	if in.StartTime != nil && in.EndTime != nil && in.StartTime.After(*in.EndTime) {
		return nil, &types.InvalidTimeRangeException{Message: aws.String("The start time must be before or equal to the end time.")}
	}
	if from.After(f.From) {
		f.From = from
	}
	if to.Before(f.To) {
		f.To = to
	}
	if len(in.LookupAttributes) > 1 {
		return nil, &types.InvalidLookupAttributesException{Message: aws.String("You can specify only one lookup attribute.")}
	}
	for _, a := range in.LookupAttributes {
		f.By, f.Value = attributes[a.AttributeKey], aws.ToString(a.AttributeValue)
		switch {
		case f.By == "" || strings.ContainsRune(f.Value, 0):
			return nil, &types.InvalidLookupAttributesException{Message: aws.String("The lookup attribute is not valid.")}
		case f.By == store.ByEventID:
			f.Value = storedID(f.Value)
		case f.By == store.ByResourceName && strings.HasPrefix(f.Value, "arn:"):
			f.By = store.ByResource
		}
	}
	return f, nil
}

// lastOf is the last moment of t's second if t is given in seconds, as records and
// most clients say times: an event is found by the time that its record has.
func lastOf(t time.Time) time.Time {
	if t.Nanosecond() == 0 {
		return t.Add(time.Second - time.Microsecond)
	}
	return t
}

// question is what a page token is bound to, as text.
func question(account string, in *awscloudtrail.LookupEventsInput) string {
	parts := []string{account, string(in.EventCategory)}
	for _, t := range []*time.Time{in.StartTime, in.EndTime} {
		said := ""
		if t != nil {
			said = strconv.FormatInt(t.UnixMicro(), 10)
		}
		parts = append(parts, said)
	}
	for _, a := range in.LookupAttributes {
		parts = append(parts, string(a.AttributeKey), aws.ToString(a.AttributeValue))
	}
	return strings.Join(parts, "\x00")
}

// token says where the answer to a question ended.
func token(asked string, last *audit.Event) string {
	return page.Token(digest(asked) + "/" + strconv.FormatInt(last.At.UnixMicro(), 10) + "/" + last.ID)
}

// goOn lets the answer begin where the token says that the page before ended.
func (f *lookup) goOn(asked, token string) error {
	wrong := &types.InvalidNextTokenException{Message: aws.String("The token is not valid, or it is of a request with other parameters.")}
	if token == "" {
		return nil
	}
	want, err := page.Parse(token, 0, mostResults)
	if err != nil {
		return wrong
	}
	p := strings.Split(want.After, "/")
	if len(p) != 3 || p[0] != digest(asked) || storedID(p[2]) == "" {
		return wrong
	}
	micros, err := strconv.ParseInt(p[1], 10, 64)
	if err != nil || micros <= 0 {
		return wrong
	}
	f.BeforeAt, f.BeforeID = time.UnixMicro(micros).UTC(), p[2]
	return nil
}

func wireEvent(e *audit.Event) (types.Event, error) {
	said, err := record(e)
	if err != nil {
		return types.Event{}, err
	}
	out := types.Event{
		EventId: aws.String(wireID(e.ID)), EventName: aws.String(e.Name), EventTime: aws.Time(e.At.Truncate(time.Second)), EventSource: aws.String(e.Source),
		ReadOnly: aws.String(strconv.FormatBool(e.ReadOnly)), Username: orNil(e.UserName), AccessKeyId: orNil(e.AccessKeyID),
		Resources: []types.Resource{}, CloudTrailEvent: &said,
	}
	if kind, name := e.ResourceOf(); kind != "" {
		out.Resources = append(out.Resources, types.Resource{ResourceType: &kind, ResourceName: &name})
	}
	return out, nil
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
