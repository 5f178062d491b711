package compat

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sekisho/test/compat/harness"
)

// TestSupportCLI: the CLI as Debian ships it opens a case, attaches a file, reads
// the case back, answers and resolves it, and asks the advisor (O-01 to O-03,
// api-surface.md, "support").
func TestSupportCLI(t *testing.T) {
	t.Parallel()
	c := newCLI(t, startIAM(t))
	at := []string{"--endpoint-url", c.s.Base}
	text := func(line, query string, more ...string) string {
		t.Helper()
		return c.text("root", "support "+line, query, append(more, at...)...)
	}
	const kind = "--issue-type customer-service --service-code customer-account --category-code activation"
	set := text("add-attachments-to-set", "attachmentSetId", "--attachments", "fileName=log.txt,data=aGVsbG8=")
	id := text("create-case "+kind+" --attachment-set-id "+set, "caseId", "--subject", "Manual activation", "--communication-body", "Please call.")
	matches(t, "a case id", id, `case-`+production+`-muen-20\d\d-[0-9a-f]{16}`)
	if got := text("describe-cases --no-include-resolved-cases", "cases[].[caseId, status, subject, submittedBy]"); got != strings.Join([]string{id, "unassigned", "Manual activation", "prod@example.com"}, "\t") {
		t.Errorf("cases: %q", got)
	}
	file := text("describe-communications --case-id "+id, "communications[0].attachmentSet[0].attachmentId")
	if got := text("describe-attachment --attachment-id "+file, "attachment.[fileName, data]"); got != "log.txt\thello" && got != "log.txt\taGVsbG8=" {
		t.Errorf("attachment: %q", got)
	}
	if got := text("add-communication-to-case --case-id "+id, "result", "--communication-body", "Thank you."); got != "True" {
		t.Errorf("answered: %q", got)
	}
	if got := text("resolve-case --case-id "+id, "[initialCaseStatus, finalCaseStatus]"); got != "unassigned\tresolved" {
		t.Errorf("resolved: %q", got)
	}
	if got := text("describe-services --service-code-list customer-account --language ja", "services[0].categories[0].name"); got != "アクティベーション" {
		t.Errorf("services: %q", got)
	}
	if got := text("describe-severity-levels", "severityLevels[].code"); got != "low" {
		t.Errorf("severity levels: %q", got)
	}
	if got := text("describe-trusted-advisor-checks --language en", "checks[].id"); len(strings.Fields(got)) != 4 {
		t.Errorf("checks: %q", got)
	}
	if got := text("refresh-trusted-advisor-check --check-id Yw2K9puPzl", "status.status"); got != "success" {
		t.Errorf("refreshed: %q", got)
	}
	if got := text("describe-trusted-advisor-check-refresh-statuses --check-ids Yw2K9puPzl", "statuses[0].status"); got != "success" {
		t.Errorf("status: %q", got)
	}
	if got := text("describe-trusted-advisor-check-result --check-id Yw2K9puPzl", "result.resourcesSummary.resourcesProcessed"); got != "1" {
		t.Errorf("result: %q", got)
	}
	if got := text("describe-trusted-advisor-check-summaries --check-ids Yw2K9puPzl zXCkfM1nI3", "length(summaries)"); got != "2" {
		t.Errorf("summaries: %q", got)
	}
	c.refused("root", `An error occurred \(CaseIdNotFound\) when calling the ResolveCase operation: The requested caseId couldn't be located\.`,
		"support resolve-case --case-id x", at...)
	c.refused("root", `An error occurred \(SubscriptionRequiredException\) when calling the CreateCase operation: AWS Premium Support Subscription is required for technical support cases\.`,
		"support create-case --subject x --communication-body x", at...)
}

// TestSupportBoto3: boto3 pages through cases and messages and gets files back as
// they were, and its own exceptions for what fails.
func TestSupportBoto3(t *testing.T) {
	t.Parallel()
	s := startIAM(t)
	script, _ := filepath.Abs("python/support.py")
	h := s.Home(t).With("COMPAT_ENDPOINT="+s.Base, "AWS_ACCESS_KEY_ID="+productionKeyID, "AWS_SECRET_ACCESS_KEY="+productionSecret)
	var got struct {
		NewestFirst bool `json:"newest_first"`
		SameData    bool `json:"same_data"`
		Body, File  string
		Said        []string
		Languages   []string
		Methods     []string
		Failures    map[string]string
	}
	raw := h.Must(harness.Python(t, "python"), script)
	if err := json.Unmarshal([]byte(raw), &got); err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	if !got.NewestFirst || !got.SameData || got.Body != "本文" || got.File != "ログ.bin" {
		t.Errorf("%+v", got)
	}
	if want := []string{"10", "9", "8", "7", "6", "5", "4", "3", "2", "1", "0", "本文"}; !slices.Equal(got.Said, want) {
		t.Errorf("said %q", got.Said)
	}
	if !slices.Equal(got.Languages, []string{"en", "ja", "zh", "ko"}) || !slices.Equal(got.Methods, []string{"web", "call", "chat"}) {
		t.Errorf("languages %q, methods %q", got.Languages, got.Methods)
	}
	if want := map[string]string{
		"no case":       "400 CaseIdNotFound CaseIdNotFound",
		"no attachment": "400 AttachmentIdNotFound AttachmentIdNotFound",
		"no set":        "400 AttachmentSetIdNotFound AttachmentSetIdNotFound",
		"no plan":       "400 SubscriptionRequiredException ClientError",
		"too long":      "400 ValidationException ClientError",
		"no check":      "400 InvalidParameterValueException ClientError",
	}; !maps.Equal(got.Failures, want) {
		t.Errorf("failures:\n got %q\nwant %q", got.Failures, want)
	}
}
