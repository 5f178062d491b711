package operations

import (
	"strings"
	"testing"

	"sekisho/internal/account"
	supportservice "sekisho/internal/services/support"
	"sekisho/internal/store"
)

// supportOperation is an operation of AWS Support with an input, in the order in
// which they succeed. {case}, {set} and {file} are what was answered before.
type supportOperation struct{ name, input string }

const (
	caseKind     = `"issueType":"customer-service","serviceCode":"customer-account","categoryCode":"activation"`
	supportCheck = `"7DAFEmoDos"`
)

var supportOperations = []supportOperation{
	{"AddAttachmentsToSet", `"attachments":[{"fileName":"log.txt","data":"` + "Q2FuYXJ5LTVlMGY2Yw==" + `"}]`},
	{"CreateCase", caseKind + `,"subject":"Help","communicationBody":"My password is ` + canary + `","attachmentSetId":"{set}"`},
	{"DescribeCases", `"caseIdList":["{case}"]`},
	{"DescribeCommunications", `"caseId":"{case}"`},
	{"DescribeAttachment", `"attachmentId":"{file}"`},
	{"AddCommunicationToCase", `"caseId":"{case}","communicationBody":"It is still ` + canary + `"`},
	{"ResolveCase", `"caseId":"{case}"`},
	{"DescribeServices", ""},
	{"DescribeSeverityLevels", ""},
	{"DescribeSupportedLanguages", caseKind},
	{"DescribeCreateCaseOptions", caseKind + `,"language":"en"`},
	{"DescribeTrustedAdvisorChecks", `"language":"en"`},
	{"DescribeTrustedAdvisorCheckResult", `"checkId":` + supportCheck},
	{"DescribeTrustedAdvisorCheckSummaries", `"checkIds":[` + supportCheck + `]`},
	{"DescribeTrustedAdvisorCheckRefreshStatuses", `"checkIds":[` + supportCheck + `]`},
	{"RefreshTrustedAdvisorCheck", `"checkId":` + supportCheck},
}

var supportService = jsonService{name: "support", target: "AWSSupport_20130415"}

// supportAnswer is what an operation of AWS Support answered.
type supportAnswer struct {
	CaseID string `json:"caseId"`
	SetID  string `json:"attachmentSetId"`
	Cases  []struct {
		DisplayID            string `json:"displayId"`
		RecentCommunications struct {
			Communications []struct {
				AttachmentSet []struct {
					AttachmentID string `json:"attachmentId"`
				} `json:"attachmentSet"`
			} `json:"communications"`
		} `json:"recentCommunications"`
	} `json:"cases"`
}

// Every operation of AWS Support refuses calls that are unsigned, badly signed or
// not allowed by policy, answers who has exactly its action, and knows another
// account's case from none; each call is in the trail, without what was written
// (O-09, behaviours.md 2.6).
func TestSupportOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := w.walk(supportService)
	none, barred := w.user(t, management, "none", ""), asked.barred(t, management)
	stranger := w.user(t, production, "stranger", document(statement("Allow", "Action", "*", "*")))
	w.secret("what was written to support", canary)
	vars := map[string]string{"case": "", "set": "", "file": ""}
	for _, op := range supportOperations {
		s := asked.step(t, op.name, "{"+fillBraces(op.input, vars)+"}")
		s.refused(none, barred, "*")
		for id, code := range map[string]string{"{case}": "CaseIdNotFound", "{file}": "AttachmentIdNotFound", "{set}": "AttachmentSetIdNotFound"} {
			if strings.Contains(op.input, id) {
				s.try("of another account", stranger.key, code, "", "")
			}
		}
		allowed := w.user(t, management, "only-"+op.name, document(statement("Allow", "Action", s.action(), "*")))
		var said supportAnswer
		w.said(s.try("allowed", allowed.key, "", "", ""), &said)
		switch op.name {
		case "AddAttachmentsToSet":
			vars["set"] = said.SetID
		case "CreateCase":
			vars["case"] = said.CaseID
		case "DescribeCases":
			vars["file"] = said.Cases[0].RecentCommunications.Communications[0].AttachmentSet[0].AttachmentID
		}
	}
	asked.complete(t, supportservice.Table, nil)
	asked.recorded(t, nil)
}

// Whoever's account is not active yet, or not any longer, can ask support, and
// nothing else; of a suspended or closed one the root user only (A-40, M-25, O-03).
func TestSupportOfAccountsNotInUse(t *testing.T) {
	t.Parallel()
	for status, user := range map[account.Status]string{account.PendingActivation: "", account.Suspended: "OptInRequired", account.Closed: "OptInRequired"} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			jane := w.user(t, production, "jane", document(statement("Allow", "Action", "*", "*")))
			root := w.root(production)
			w.update(t, func(tx store.Tx) error {
				a, err := tx.Account(production)
				if err != nil {
					return err
				}
				a.Status = status
				return tx.PutAccount(a)
			})
			const ask = "{" + caseKind + `,"subject":"Help","communicationBody":"Please activate my account."}`
			a := w.callJSON(supportService, root, "CreateCase", ask)
			var said supportAnswer
			if w.said(a, &said); a.code != "" || said.CaseID == "" {
				t.Errorf("the root user: %v", a)
			}
			if a := w.callJSON(supportService, jane.key, "CreateCase", ask); a.code != user {
				t.Errorf("an IAM user: %v, want %q", a, user)
			}
			if a := w.call(request{service: "iam", operation: "ListUsers"}, root); a.code != "OptInRequired" {
				t.Errorf("something else: %v", a)
			}
		})
	}
}
