package cloudtrail_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscloudtrail "github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/smithy-go"

	"sekisho/internal/arn"
	"sekisho/internal/audit"
	"sekisho/internal/call"
	"sekisho/internal/services/cloudtrail"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

const (
	account = "111122223333"
	other   = "444455556666"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// world is the service over a real database.
type world struct {
	testing.TB
	db      store.DB
	service *cloudtrail.Service
}

func newWorld(tb testing.TB, events ...*audit.Event) *world {
	tb.Helper()
	w := &world{TB: tb, db: storetest.Open(tb)}
	w.service = &cloudtrail.Service{Store: w.db}
	err := w.db.Update(tb.Context(), nil, func(tx store.Tx) error {
		for _, e := range events {
			if err := tx.AppendEvent(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return w
}

func (w *world) ask(account string, in *awscloudtrail.LookupEventsInput) (*awscloudtrail.LookupEventsOutput, error) {
	c := &call.Call{Service: "cloudtrail", Operation: "LookupEvents", Region: "us-east-1", Now: now,
		Principal: call.Principal{Kind: call.Root, Account: account, ARN: arn.Root(account), UserID: account}}
	return w.service.LookupEvents(context.Background(), c, in)
}

// names are the events of the answer, in its order.
func (w *world) names(in *awscloudtrail.LookupEventsInput) (names []string) {
	w.Helper()
	out, err := w.ask(account, in)
	if err != nil {
		w.Fatal(err)
	}
	for _, e := range out.Events {
		names = append(names, *e.EventName)
	}
	return names
}

func by(key types.LookupAttributeKey, value string) *awscloudtrail.LookupEventsInput {
	return &awscloudtrail.LookupEventsInput{LookupAttributes: []types.LookupAttribute{{AttributeKey: key, AttributeValue: &value}}}
}

func ago(d time.Duration) time.Time { return now.Add(-d) }

// some are events from now on back, oldest first, and one of another account.
func some() []*audit.Event {
	iam := func(name string, age time.Duration) *audit.Event {
		return &audit.Event{At: ago(age), Account: account, Source: "iam.amazonaws.com", Name: name, UserName: "jane", AccessKeyID: "AKIA1", Resource: arn.User(account, "/team/", "taro")}
	}
	login := &audit.Event{At: ago(30*time.Minute - 500*time.Millisecond), Account: account, Source: audit.SignInSource, Name: audit.ConsoleLogin, UserName: "jane"}
	list := iam("ListUsers", 10*time.Minute)
	list.ReadOnly, list.UserName, list.AccessKeyID, list.Resource = true, "root", "ASIA2", ""
	theirs := iam("DeleteUser", time.Minute)
	theirs.Account = other
	return []*audit.Event{iam("CreateGroup", 91*24*time.Hour), iam("CreateUser", 80*24*time.Hour), login, list, iam("TagUser", 5*time.Minute), theirs}
}

// Events are found by each attribute, within the time, and never those of another
// account or those that are older than 90 days.
func TestLookup(t *testing.T) {
	t.Parallel()
	events := some()
	w := newWorld(t, events...)
	within := func(start, end *time.Time) *awscloudtrail.LookupEventsInput {
		return &awscloudtrail.LookupEventsInput{StartTime: start, EndTime: end}
	}
	id := events[2].ID
	uuid := id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
	for _, c := range []struct {
		name string
		in   *awscloudtrail.LookupEventsInput
		want string
	}{
		{"everything", &awscloudtrail.LookupEventsInput{}, "TagUser ListUsers ConsoleLogin CreateUser"},
		{"at most one", &awscloudtrail.LookupEventsInput{MaxResults: aws.Int32(1)}, "TagUser"},
		{"EventId", by("EventId", uuid), "ConsoleLogin"},
		{"EventId in capitals", by("EventId", strings.ToUpper(uuid)), "ConsoleLogin"},
		{"EventId of another account", by("EventId", events[5].ID), ""},
		{"EventId of nothing", by("EventId", "none"), ""},
		{"EventName", by("EventName", "CreateUser"), "CreateUser"},
		{"EventName of another account", by("EventName", "DeleteUser"), ""},
		{"EventName, too old", by("EventName", "CreateGroup"), ""},
		{"EventName is case-sensitive", by("EventName", "createuser"), ""},
		{"ReadOnly", by("ReadOnly", "true"), "ListUsers"},
		{"not ReadOnly", by("ReadOnly", "false"), "TagUser ConsoleLogin CreateUser"},
		{"Username", by("Username", "root"), "ListUsers"},
		{"EventSource", by("EventSource", "signin.amazonaws.com"), "ConsoleLogin"},
		{"AccessKeyId", by("AccessKeyId", "ASIA2"), "ListUsers"},
		{"ResourceType", by("ResourceType", "AWS::IAM::User"), "TagUser CreateUser"},
		{"ResourceName", by("ResourceName", "taro"), "TagUser CreateUser"},
		{"ResourceName, by ARN", by("ResourceName", "arn:aws:iam::111122223333:user/team/taro"), "TagUser CreateUser"},
		{"since", within(aws.Time(ago(10*time.Minute)), nil), "TagUser ListUsers"},
		{"until", within(nil, aws.Time(ago(20*time.Minute))), "ConsoleLogin CreateUser"},
		{"the second that the record says", within(aws.Time(ago(30*time.Minute)), aws.Time(ago(30*time.Minute))), "ConsoleLogin"},
		{"before the second", within(nil, aws.Time(ago(30*time.Minute+time.Second))), "CreateUser"},
		{"since long ago", within(aws.Time(time.Unix(0, 0)), nil), "TagUser ListUsers ConsoleLogin CreateUser"},
		{"until long ago", within(nil, aws.Time(time.Unix(0, 0))), ""},
		{"of the future", within(aws.Time(now.Add(time.Hour)), nil), ""},
		{"until the end of time", within(nil, aws.Time(time.Unix(1<<50, 0))), "TagUser ListUsers ConsoleLogin CreateUser"},
		{"insights", &awscloudtrail.LookupEventsInput{EventCategory: types.EventCategoryInsight}, ""},
	} {
		if got := strings.Join(w.names(c.in), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if out, err := w.ask(other, &awscloudtrail.LookupEventsInput{}); err != nil || len(out.Events) != 1 || *out.Events[0].EventName != "DeleteUser" {
		t.Errorf("the other account: %v %v", out, err)
	}
	out, err := w.ask(account, by("EventName", "TagUser"))
	if err != nil || len(out.Events) != 1 {
		t.Fatal(out, err)
	}
	got, err := json.Marshal(struct {
		types.Event
		CloudTrailEvent *string `json:",omitempty"`
	}{Event: out.Events[0]})
	want := `{"AccessKeyId":"AKIA1","EventId":"` + wire(events[4].ID) + `","EventName":"TagUser","EventSource":"iam.amazonaws.com","EventTime":"2026-11-22T08:55:00Z",` +
		`"ReadOnly":"false","Resources":[{"ResourceName":"taro","ResourceType":"AWS::IAM::User"}],"Username":"jane"}`
	if err != nil || string(got) != want {
		t.Errorf("the event is\n%s\nwant\n%s", got, want)
	}
}

func wire(id string) string {
	return id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
}

// Questions that cannot be answered.
func TestLookupRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	two := by("EventName", "CreateUser")
	two.LookupAttributes = append(two.LookupAttributes, two.LookupAttributes[0])
	for _, c := range []struct {
		name string
		in   *awscloudtrail.LookupEventsInput
		code string
	}{
		{"two attributes", two, "InvalidLookupAttributesException"},
		{"an attribute that there is not", by("Colour", "red"), "InvalidLookupAttributesException"},
		{"NUL", by("EventName", "a\x00b"), "InvalidLookupAttributesException"},
		{"the end before the start", &awscloudtrail.LookupEventsInput{StartTime: aws.Time(now), EndTime: aws.Time(ago(time.Second))}, "InvalidTimeRangeException"},
		{"no token of ours", &awscloudtrail.LookupEventsInput{NextToken: aws.String("x")}, "InvalidNextTokenException"},
		{"a long token", &awscloudtrail.LookupEventsInput{NextToken: aws.String(strings.Repeat("x", 1<<20))}, "InvalidNextTokenException"},
		{"a token where nothing is", &awscloudtrail.LookupEventsInput{NextToken: aws.String("MWE"), EventCategory: types.EventCategoryInsight}, "InvalidNextTokenException"},
	} {
		_, err := w.ask(account, c.in)
		e, ok := errors.AsType[smithy.APIError](err)
		if !ok || e.ErrorCode() != c.code || e.ErrorMessage() == "" {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// Page by page, each event is seen once, while others are added in front; and a token
// is good for nothing but the question that it answered.
func TestLookupPages(t *testing.T) {
	t.Parallel()
	var events []*audit.Event
	for i := range 120 {
		events = append(events, &audit.Event{At: ago(time.Duration(i/4) * time.Minute), Account: account, Source: "iam.amazonaws.com", Name: fmt.Sprint("E", i), UserName: "jane"})
	}
	w := newWorld(t, events...)
	seen := make(map[string]bool)
	var pages int
	in := by("Username", "jane")
	var first *string
	for last := now; ; pages++ {
		out, err := w.ask(account, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range out.Events {
			if seen[*e.EventId] || e.EventTime.After(last) {
				t.Fatalf("%s at %v comes twice, or late", *e.EventName, e.EventTime)
			}
			seen[*e.EventId], last = true, *e.EventTime
		}
		if in.NextToken = out.NextToken; out.NextToken == nil {
			break
		}
		if first == nil {
			first = out.NextToken
		}
		if err := w.db.Update(t.Context(), nil, func(tx store.Tx) error {
			return tx.AppendEvent(&audit.Event{At: now, Account: account, Name: "New", UserName: "jane"})
		}); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 120 || pages != 2 {
		t.Errorf("%d events after %d pages", len(seen), pages)
	}
	start := by("Username", "jane")
	start.StartTime = aws.Time(ago(time.Hour))
	insight := by("Username", "jane")
	insight.EventCategory = types.EventCategoryInsight
	for name, in := range map[string]*awscloudtrail.LookupEventsInput{
		"all": {}, "another value": by("Username", "taro"), "another attribute": by("EventName", "jane"), "another time": start, "another category": insight,
	} {
		in.NextToken = first
		if _, err := w.ask(account, in); err == nil {
			t.Errorf("the token is good for %s", name)
		}
	}
	in = by("Username", "jane")
	in.NextToken = first
	if _, err := w.ask(other, in); err == nil {
		t.Error("the token is good for another account")
	}
	in.MaxResults = aws.Int32(7) // how many is not what
	if out, err := w.ask(account, in); err != nil || len(out.Events) != 7 {
		t.Errorf("fewer a page: %v", err)
	}
}

// Whatever is sent as a token, the answer is a page or a refusal.
func FuzzNextToken(f *testing.F) {
	events := some()
	w := newWorld(f, events...)
	out, err := w.ask(account, &awscloudtrail.LookupEventsInput{MaxResults: aws.Int32(1)})
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{*out.NextToken, "", "MQ", "MWE", "MS8vLw", strings.Repeat("A", 4096), "%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, token string) {
		out, err := w.ask(account, &awscloudtrail.LookupEventsInput{NextToken: &token})
		if _, refused := errors.AsType[*types.InvalidNextTokenException](err); !refused && err != nil {
			t.Fatal(err)
		}
		if err == nil && slices.ContainsFunc(out.Events, func(e types.Event) bool { return *e.EventName == "DeleteUser" }) {
			t.Fatal("another account's event")
		}
	})
}
