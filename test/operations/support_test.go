package operations

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

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

// supportAnswer is what an operation of AWS Support answered.
type supportAnswer struct {
	answer
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

// callSupport makes a call of AWS Support; without an id in k it is not signed.
func (w *world) callSupport(k key, operation, members string) (a supportAnswer) {
	w.Helper()
	body := "{" + members + "}"
	h, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+w.host+"/", strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	h.Header.Set("Content-Type", "application/x-amz-json-1.1")
	h.Header.Set("X-Amz-Target", "AWSSupport_20130415."+operation)
	if k.id != "" {
		sum := sha256.Sum256([]byte(body))
		creds := aws.Credentials{AccessKeyID: k.id, SecretAccessKey: k.secret, SessionToken: k.token}
		if err := v4.NewSigner().SignHTTP(context.Background(), creds, h, hex.EncodeToString(sum[:]), "support", "us-east-1", time.Now()); err != nil {
			w.Fatal(err)
		}
	}
	res, err := w.client.Do(h)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatal(err)
	}
	a.answer = answer{status: res.StatusCode, code: res.Header.Get("X-Amzn-Errortype"), decision: res.Header.Get("X-Sekisho-Decision-Id")}
	var said struct {
		Message string `json:"message"`
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		w.Errorf("%s: %v: %s", operation, err, raw)
	}
	if err := json.Unmarshal(raw, &said); err != nil {
		w.Errorf("%s: %v: %s", operation, err, raw)
	}
	a.message = said.Message
	return a
}

// Every operation of AWS Support refuses calls that are unsigned, badly signed or
// not allowed by policy, answers who has exactly its action, and knows another
// account's case from none; each call is in the trail, without what was written
// (O-09, behaviours.md 2.6).
func TestSupportOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	none := w.user(t, management, "none", "")
	barred := w.user(t, management, "barred", document(statement("Allow", "Action", "*", "*"), statement("Deny", "Action", "support:*", "*")))
	stranger := w.user(t, production, "stranger", document(statement("Allow", "Action", "*", "*")))
	w.secret("what was written to support", canary)
	vars := map[string]string{"{case}": "", "{set}": "", "{file}": ""}
	calls := make(map[string]int)
	for _, op := range supportOperations {
		action, input := "support:"+op.name, op.input
		for name, value := range vars {
			input = strings.ReplaceAll(input, name, value)
		}
		try := func(what string, k key, code, begins, ends string) supportAnswer {
			t.Helper()
			calls[op.name]++
			a := w.callSupport(k, op.name, input)
			if a.code != code || (a.status == http.StatusOK) != (code == "") || !strings.HasPrefix(a.message, begins) || !strings.HasSuffix(a.message, ends) {
				t.Errorf("%s: %s: %v", op.name, what, a)
			}
			return a
		}
		denied := func(c caller) string {
			return "User: " + c.arn + " is not authorized to perform: " + action + " on resource: *"
		}
		try("no signature", key{}, "MissingAuthenticationTokenException", noToken, "")
		try("wrong secret", key{id: none.key.id, secret: "wrong"}, "InvalidSignatureException", wrongSecret, "")
		try("no policy", none.key, "AccessDeniedException", denied(none), " because no identity-based policy allows the "+action+" action")
		try("denied", barred.key, "AccessDeniedException", denied(barred), " with an explicit deny in an identity-based policy")
		for id, code := range map[string]string{"{case}": "CaseIdNotFound", "{file}": "AttachmentIdNotFound", "{set}": "AttachmentSetIdNotFound"} {
			if strings.Contains(op.input, id) {
				try("of another account", stranger.key, code, "", "")
			}
		}
		allowed := w.user(t, management, "only-"+op.name, document(statement("Allow", "Action", action, "*")))
		a := try("allowed", allowed.key, "", "", "")
		switch op.name {
		case "AddAttachmentsToSet":
			vars["{set}"] = a.SetID
		case "CreateCase":
			vars["{case}"] = a.CaseID
		case "DescribeCases":
			vars["{file}"] = a.Cases[0].RecentCommunications.Communications[0].AttachmentSet[0].AttachmentID
		}
	}
	for name := range supportservice.Table {
		if calls[name] == 0 {
			t.Errorf("%s was not called", name)
		}
	}
	w.stop()
	trail := w.trail(t)
	for name, n := range calls {
		got := 0
		for _, e := range trail[name] {
			if e.Source != "support.amazonaws.com" {
				t.Errorf("%s: from %s", name, e.Source)
			}
			got += e.Count
		}
		if got != n {
			t.Errorf("%s: %d events of %d calls", name, got, n)
		}
	}
	w.secretless(t)
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
			const ask = caseKind + `,"subject":"Help","communicationBody":"Please activate my account."`
			if a := w.callSupport(root, "CreateCase", ask); a.code != "" || a.CaseID == "" {
				t.Errorf("the root user: %v", a)
			}
			if a := w.callSupport(jane.key, "CreateCase", ask); a.code != user {
				t.Errorf("an IAM user: %v, want %q", a, user)
			}
			if a := w.call(request{service: "iam", operation: "ListUsers"}, root); a.code != "OptInRequired" {
				t.Errorf("something else: %v", a)
			}
		})
	}
}
