package support_test

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssupport "github.com/aws/aws-sdk-go-v2/service/support"

	"sekisho/internal/call"
	"sekisho/internal/notify"
	"sekisho/internal/store"
	"sekisho/internal/support"
)

const notFound = "The requested caseId couldn't be located."

func activation() *awssupport.CreateCaseInput {
	return &awssupport.CreateCaseInput{
		IssueType: aws.String("customer-service"), ServiceCode: aws.String("customer-account"), CategoryCode: aws.String("activation"),
		Subject: aws.String("No call came"), CommunicationBody: aws.String("Please call me\r\non Monday."), Language: aws.String("ja"),
	}
}

// open opens a case of the account and returns its id.
func (w *world) open(accountID string) string {
	w.Helper()
	out, err := w.service.CreateCase(w.Context(), w.by(accountID, "CreateCase"), activation())
	if err != nil {
		w.Fatal(err)
	}
	return *out.CaseId
}

// cases are the account's, as DescribeCases tells them.
func (w *world) cases(accountID string, in *awssupport.DescribeCasesInput) *awssupport.DescribeCasesOutput {
	w.Helper()
	out, err := w.service.DescribeCases(w.Context(), w.by(accountID, "DescribeCases"), in)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// A case is opened by the root user of an account that is not active yet, is
// answered by staff, answered back, resolved and reopened; each sees what was
// written, the newest first (A-40, M-02, O-02 to O-05).
func TestCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.open(mine)
	if !regexp.MustCompile(`^case-111122223333-muja-2026-[0-9a-f]{16}$`).MatchString(id) {
		t.Errorf("case id %s", id)
	}
	opened := w.cases(mine, &awssupport.DescribeCasesInput{}).Cases
	if len(opened) != 1 {
		t.Fatalf("%d cases", len(opened))
	}
	c := opened[0]
	got := []string{*c.CaseId, *c.Subject, *c.Status, *c.ServiceCode, *c.CategoryCode, *c.SeverityCode, *c.SubmittedBy, *c.TimeCreated, *c.Language}
	want := []string{id, "No call came", "unassigned", "customer-account", "activation", "low", "mine@example.com", "2026-11-22T09:00:00.123Z", "ja"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("case:\n got %q\nwant %q", got, want)
	}
	if !regexp.MustCompile(`^\d{16}$`).MatchString(*c.DisplayId) {
		t.Errorf("display id %s", *c.DisplayId)
	}
	said := c.RecentCommunications.Communications
	if len(said) != 1 || *said[0].Body != "Please call me\non Monday." || *said[0].SubmittedBy != "mine@example.com" {
		t.Errorf("communications: %+v", said)
	}

	w.clock.Advance(time.Minute)
	var mail []notify.Message
	w.update(func(tx store.Tx) error {
		c, err := support.StaffCase(tx, *c.DisplayId)
		if err != nil {
			return err
		}
		if _, err = support.Answer(tx, nil, c, "We will call at nine.", w.clock.Now()); err != nil {
			return err
		}
		mail, err = tx.Messages(10)
		return err
	})
	if len(mail) != 1 || mail[0].To != "mine@example.com" || !strings.Contains(mail[0].Text, "We will call at nine.") {
		t.Errorf("mail: %+v", mail)
	}
	status := func(want string, includeResolved bool) {
		t.Helper()
		list := w.cases(mine, &awssupport.DescribeCasesInput{IncludeResolvedCases: includeResolved}).Cases
		if len(list) != 1 || *list[0].Status != want {
			t.Errorf("want one case that is %s: %+v", want, list)
		}
	}
	status("pending-customer-action", false)

	reply := func(body string) {
		t.Helper()
		w.clock.Advance(time.Minute)
		p := call.Principal{Kind: call.AssumedRole, Account: mine, ARN: "arn:aws:sts::" + mine + ":assumed-role/Admin/jane"}
		_, err := w.service.AddCommunicationToCase(t.Context(), w.as(p, "AddCommunicationToCase"), &awssupport.AddCommunicationToCaseInput{
			CaseId: &id, CommunicationBody: &body, CcEmailAddresses: []string{"jane@example.com", "JANE@example.com"}})
		if err != nil {
			t.Fatal(err)
		}
	}
	reply("Thank you.")
	status("customer-action-completed", false)
	resolve := func(from string) {
		t.Helper()
		out, err := w.service.ResolveCase(t.Context(), w.by(mine, "ResolveCase"), &awssupport.ResolveCaseInput{CaseId: &id})
		if err != nil || *out.InitialCaseStatus != from || *out.FinalCaseStatus != "resolved" {
			t.Errorf("resolved: %+v, %v", out, err)
		}
	}
	resolve("customer-action-completed")
	resolve("resolved")
	if list := w.cases(mine, &awssupport.DescribeCasesInput{}).Cases; len(list) != 0 {
		t.Errorf("a resolved case is still listed: %+v", list)
	}
	status("resolved", true)
	reply("It is not solved.")
	status("reopened", false)

	all, err := w.service.DescribeCommunications(t.Context(), w.by(mine, "DescribeCommunications"), &awssupport.DescribeCommunicationsInput{CaseId: &id})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, m := range all.Communications {
		lines = append(lines, *m.SubmittedBy+": "+strings.ReplaceAll(*m.Body, "\n", " "))
	}
	wantLines := []string{"Admin (Role) <mine@example.com>: It is not solved.", "Admin (Role) <mine@example.com>: Thank you.",
		"Amazon Web Services: We will call at nine.", "mine@example.com: Please call me on Monday."}
	if !reflect.DeepEqual(lines, wantLines) {
		t.Errorf("communications:\n got %q\nwant %q", lines, wantLines)
	}
	if cc := w.cases(mine, &awssupport.DescribeCasesInput{}).Cases[0].CcEmailAddresses; !reflect.DeepEqual(cc, []string{"jane@example.com"}) {
		t.Errorf("cc: %q", cc)
	}
}

// What cannot be a case is refused in AWS's words, and with the basic plan what
// is not about account and billing.
func TestCreateCaseRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		change        func(*awssupport.CreateCaseInput)
		plan          support.Plan
		code, message string
	}{
		{"technical without a plan", func(in *awssupport.CreateCaseInput) { in.IssueType = nil }, support.Basic,
			"SubscriptionRequiredException", "AWS Premium Support Subscription is required for technical support cases."},
		{"technical with a plan", func(in *awssupport.CreateCaseInput) {
			in.IssueType, in.ServiceCode, in.CategoryCode, in.SeverityCode = nil, aws.String("organizations"), aws.String("api"), aws.String("urgent")
		}, support.Business, "", ""},
		{"too urgent for the plan", func(in *awssupport.CreateCaseInput) { in.SeverityCode = aws.String("urgent") }, support.Developer,
			"InvalidParameterValueException", `The severity code "urgent" is not available.`},
		{"another issue type", func(in *awssupport.CreateCaseInput) { in.IssueType = aws.String("sales") }, support.Basic,
			"InvalidParameterValueException", `The issue type "sales" is not valid.`},
		{"a service of the other issue type", func(in *awssupport.CreateCaseInput) { in.ServiceCode = aws.String("organizations") }, support.Business,
			"InvalidParameterValueException", `The service code "organizations" is not valid for the issue type "customer-service".`},
		{"no category", func(in *awssupport.CreateCaseInput) { in.CategoryCode = nil }, support.Basic,
			"InvalidParameterValueException", `The category code "" is not valid for the service code "customer-account".`},
		{"another language", func(in *awssupport.CreateCaseInput) { in.Language = aws.String("xx") }, support.Basic,
			"InvalidParameterValueException", `The language "xx" is not supported.`},
		{"a subject of two lines", func(in *awssupport.CreateCaseInput) { in.Subject = aws.String("a\nBcc: eve@example.com") }, support.Basic,
			"InvalidParameterValueException", "The subject must be one line of 1 to 256 characters."},
		{"an empty body", func(in *awssupport.CreateCaseInput) { in.CommunicationBody = aws.String(" \n ") }, support.Basic,
			"InvalidParameterValueException", notText},
		{"a body with control characters", func(in *awssupport.CreateCaseInput) { in.CommunicationBody = aws.String("a\x1b[8mb") }, support.Basic,
			"InvalidParameterValueException", notText},
		{"a cc that is no address", func(in *awssupport.CreateCaseInput) {
			in.CcEmailAddresses = []string{"jane@example.com\r\nBcc: x@y.zz"}
		}, support.Basic,
			"InvalidParameterValueException", "An address in ccEmailAddresses is not valid."},
		{"no such attachments", func(in *awssupport.CreateCaseInput) { in.AttachmentSetId = aws.String("as-0") }, support.Basic,
			"AttachmentSetIdNotFound", "An attachment set with the specified ID could not be found."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.plan = c.plan
			in := activation()
			c.change(in)
			_, err := w.service.CreateCase(t.Context(), w.by(mine, "CreateCase"), in)
			w.expect(c.name, err, c.code, c.message)
			if n := len(w.cases(mine, &awssupport.DescribeCasesInput{}).Cases); (n == 1) != (c.code == "") {
				t.Errorf("%d cases", n)
			}
		})
	}
}

// Support tells of an account only to that account: another account's case, its
// messages and its attachments are as if there were none (O-09).
func TestCaseOfAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.open(theirs)
	number := w.cases(theirs, &awssupport.DescribeCasesInput{}).Cases[0].DisplayId
	for _, one := range []string{id, "case-" + theirs + "-muen-2026-0000000000000000", "x"} {
		ctx := t.Context()
		_, err := w.service.DescribeCases(ctx, w.by(mine, "DescribeCases"), &awssupport.DescribeCasesInput{CaseIdList: []string{one}})
		w.expect("DescribeCases", err, "CaseIdNotFound", notFound)
		_, err = w.service.DescribeCommunications(ctx, w.by(mine, "DescribeCommunications"), &awssupport.DescribeCommunicationsInput{CaseId: &one})
		w.expect("DescribeCommunications", err, "CaseIdNotFound", notFound)
		_, err = w.service.AddCommunicationToCase(ctx, w.by(mine, "AddCommunicationToCase"), &awssupport.AddCommunicationToCaseInput{CaseId: &one, CommunicationBody: aws.String("x")})
		w.expect("AddCommunicationToCase", err, "CaseIdNotFound", notFound)
		_, err = w.service.ResolveCase(ctx, w.by(mine, "ResolveCase"), &awssupport.ResolveCaseInput{CaseId: &one})
		w.expect("ResolveCase", err, "CaseIdNotFound", notFound)
	}
	_, err := w.service.DescribeCases(t.Context(), w.by(mine, "DescribeCases"), &awssupport.DescribeCasesInput{DisplayId: number})
	w.expect("by display id", err, "CaseIdNotFound", notFound)
	if n := len(w.cases(mine, &awssupport.DescribeCasesInput{IncludeResolvedCases: true}).Cases); n != 0 {
		t.Errorf("%d cases of another account are listed", n)
	}
	if *w.cases(theirs, &awssupport.DescribeCasesInput{}).Cases[0].Status != "unassigned" {
		t.Error("another account changed the case")
	}
	var contact support.Contact
	w.update(func(tx store.Tx) (err error) {
		contact, err = support.OpenContact(tx, support.Contact{Email: "jane@example.com", AccountHint: mine, Topic: support.TopicCannotSignIn, Subject: "s", Text: "t"}, start)
		return err
	})
	_, err = w.service.DescribeCases(t.Context(), w.by(mine, "DescribeCases"), &awssupport.DescribeCasesInput{DisplayId: &contact.ID})
	w.expect("what nobody signed in for, by the account that it names", err, "CaseIdNotFound", notFound)
}

// Lists go on where they ended, and an account cannot open cases without end.
func TestCasePages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var ids []string
	for range 20 {
		ids = append([]string{w.open(mine)}, ids...)
		w.clock.Advance(time.Second)
	}
	_, err := w.service.CreateCase(t.Context(), w.by(mine, "CreateCase"), activation())
	w.expect("one case more", err, "CaseCreationLimitExceeded", "The case creation limit for the account has been exceeded.")
	w.open(theirs) // which is another's matter
	var seen []string
	in := awssupport.DescribeCasesInput{MaxResults: aws.Int32(10), IncludeCommunications: aws.Bool(false)}
	for pages := 0; ; pages++ {
		out := w.cases(mine, &in)
		for _, c := range out.Cases {
			seen = append(seen, *c.CaseId)
			if c.RecentCommunications != nil {
				t.Error("communications that were not asked for")
			}
		}
		if in.NextToken = out.NextToken; in.NextToken == nil || pages > 3 {
			break
		}
	}
	if !reflect.DeepEqual(seen, ids) {
		t.Errorf("seen:\n%q\nwant\n%q", seen, ids)
	}
	for _, c := range []struct {
		after, before string
		want          int
	}{
		{"2026-11-22T09:00:10Z", "", 10}, {"", "2026-11-22T09:00:10Z", 10}, {"2026-11-22", "2026-11-23", 20}, {"2026-11-22T18:00:15+09:00", "", 5},
	} {
		got := w.cases(mine, &awssupport.DescribeCasesInput{AfterTime: &c.after, BeforeTime: &c.before}).Cases
		if len(got) != c.want {
			t.Errorf("after %q before %q: %d cases, want %d", c.after, c.before, len(got), c.want)
		}
	}
	for _, bad := range []*awssupport.DescribeCasesInput{{AfterTime: aws.String("yesterday")}, {BeforeTime: aws.String("2026-13-01")}} {
		_, err := w.service.DescribeCases(t.Context(), w.by(mine, "DescribeCases"), bad)
		w.expect("a time", err, "InvalidParameterValueException", "The time is not valid: it must be in ISO 8601 format.")
	}
	_, err = w.service.DescribeCases(t.Context(), w.by(mine, "DescribeCases"), &awssupport.DescribeCasesInput{NextToken: aws.String("x")})
	w.expect("a token that is none", err, "InvalidParameterValueException", "The pagination token is not valid.")

	w.clock.Advance(24 * time.Hour)
	id := w.open(mine)
	for i := range 7 {
		w.clock.Advance(time.Second)
		_, err := w.service.AddCommunicationToCase(t.Context(), w.by(mine, "AddCommunicationToCase"), &awssupport.AddCommunicationToCaseInput{CaseId: &id, CommunicationBody: aws.String(fmt.Sprint(i))})
		if err != nil {
			t.Fatal(err)
		}
	}
	recent := w.cases(mine, &awssupport.DescribeCasesInput{CaseIdList: []string{id}}).Cases[0].RecentCommunications
	rest, err := w.service.DescribeCommunications(t.Context(), w.by(mine, "DescribeCommunications"), &awssupport.DescribeCommunicationsInput{CaseId: &id, NextToken: recent.NextToken})
	if err != nil || len(recent.Communications) != 5 || len(rest.Communications) != 3 || *rest.Communications[0].Body != "1" || rest.NextToken != nil {
		t.Errorf("recent %d, then %+v, %v", len(recent.Communications), rest, err)
	}
}
