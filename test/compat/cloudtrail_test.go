package compat

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestCloudTrailCLI: the CLI as Debian ships it reads the event history by
// attribute, by time and page by page (api-surface.md, "cloudtrail").
func TestCloudTrailCLI(t *testing.T) {
	t.Parallel()
	c := newCLI(t, startIAM(t))
	at := []string{"--endpoint-url", c.s.Base}
	lookup := func(query string, more ...string) string {
		t.Helper()
		return c.text("root", "cloudtrail lookup-events", query, append(more, at...)...)
	}
	by := func(key, value string) []string {
		return []string{"--lookup-attributes", "AttributeKey=" + key + ",AttributeValue=" + value}
	}
	for _, name := range []string{"ann", "bob", "cas", "dan", "eve"} {
		c.ok("root", "iam create-user --path /team/ --user-name "+name)
	}
	c.ok("root", "iam tag-user --user-name ann --tags Key=a,Value=b")
	created := "Events[?EventName=='CreateUser'].Resources[0].ResourceName"
	if got := lookup(created, by("EventName", "CreateUser")...); got != "eve\tdan\tcas\tbob\tann" {
		t.Errorf("newest first: %q", got)
	}
	if got := lookup(created, append(by("EventName", "CreateUser"), "--page-size", "2")...); strings.Join(strings.Fields(got), " ") != "eve dan cas bob ann" {
		t.Errorf("pages of two: %q", got)
	}
	if got := lookup("Events[].EventName", append(by("EventName", "CreateUser"), "--max-items", "3")...); strings.Count(got, "CreateUser") != 3 {
		t.Errorf("three: %q", got)
	}
	for _, a := range [][]string{by("ResourceName", "ann"), by("ResourceName", "arn:aws:iam::"+production+":user/team/ann")} {
		if got := lookup("Events[].EventName", a...); !regexp.MustCompile(`^(TagUser\t)?CreateUser$`).MatchString(got) {
			t.Errorf("%s: %q", a[1], got)
		}
	}
	for key, value := range map[string]string{
		"ReadOnly": "false", "Username": "root", "EventSource": "iam.amazonaws.com", "AccessKeyId": productionKeyID, "ResourceType": "AWS::IAM::User",
	} {
		if got := lookup("length(Events[?EventName=='CreateUser'])", by(key, value)...); got != "5" {
			t.Errorf("by %s: %q", key, got)
		}
	}
	var said struct {
		EventVersion, EventTime, EventType, EventID, RecipientAccountID, UserAgent string

		UserIdentity struct{ Type, ARN, AccessKeyID string }
	}
	whole := lookup("Events[0].[EventId, CloudTrailEvent]", by("EventName", "CreateUser")...)
	id, raw, _ := strings.Cut(whole, "\t")
	if err := json.Unmarshal([]byte(raw), &said); err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	matches(t, "an event id", id, `[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	if said.EventVersion != "1.11" || said.EventID != id || said.EventType != "AwsApiCall" || said.RecipientAccountID != production ||
		said.UserIdentity.Type != "Root" || said.UserIdentity.AccessKeyID != productionKeyID || !strings.HasPrefix(said.UserAgent, "aws-cli/2.") {
		t.Errorf("%s", raw)
	}
	if got := lookup("Events[].EventId", by("EventId", id)...); got != id {
		t.Errorf("by its id: %q", got)
	}
	// Both ends are included, as the record says the time.
	moment := []string{"--start-time", said.EventTime, "--end-time", said.EventTime}
	if got := lookup("Events[].EventId", append(by("EventName", "CreateUser"), moment...)...); !strings.Contains(got, id) {
		t.Errorf("at %s: %q", said.EventTime, got)
	}
	before := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	if got := lookup("length(Events)", "--end-time", before); got != "0" {
		t.Errorf("an hour ago: %q", got)
	}
	if got := lookup("length(Events)", "--event-category", "insight"); got != "0" {
		t.Errorf("insights: %q", got)
	}
	c.refused("root", `An error occurred \(InvalidTimeRangeException\) when calling the LookupEvents operation: The start time must be before or equal to the end time\.`,
		"cloudtrail lookup-events --start-time 2026-01-02 --end-time 2026-01-01", at...)
	c.refused("root", `An error occurred \(InvalidNextTokenException\) when calling the LookupEvents operation: .*`,
		"cloudtrail lookup-events --no-paginate --next-token x", at...)
	c.refused("root", `An error occurred \(\w+\) when calling the DescribeTrails operation.*`, "cloudtrail describe-trails", at...)
}
