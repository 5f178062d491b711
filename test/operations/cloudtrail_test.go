package operations

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/awsproto"
	"sekisho/internal/secret"
	cloudtrailservice "sekisho/internal/services/cloudtrail"
)

// lookup is an answer of CloudTrail.
type lookup struct {
	answer
	Events []struct {
		EventID         string `json:"EventId"`
		EventName       string
		Username        string
		CloudTrailEvent string
	}
}

// record is what the tests read of CloudTrail's record.
type record struct {
	UserIdentity struct {
		Type, PrincipalID, ARN, AccountID, AccessKeyID, UserName string

		SessionContext struct {
			SessionIssuer struct{ ARN, PrincipalID string }
			Attributes    struct{ MFAAuthenticated string }
		}
	}
	ErrorCode, ErrorMessage, RequestID, SharedEventID string

	RequestParameters   map[string]any
	ResponseElements    map[string]any
	AdditionalEventData struct {
		Sekisho struct{ Reason, DecisionID string }
	}
}

var cloudTrailService = jsonService{name: "cloudtrail", target: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"}

// lookUp asks CloudTrail for events.
func (w *world) lookUp(k key, body string) (found lookup) {
	w.Helper()
	a := w.callJSON(cloudTrailService, k, "LookupEvents", body)
	w.said(a, &found)
	found.answer = a
	return found
}

// LookupEvents refuses calls that are unsigned, badly signed or not allowed by policy,
// answers who has exactly its action, and tells an account of itself only. Every
// other operation of CloudTrail is unknown (behaviours.md 2.6).
func TestCloudTrailOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.walk(cloudTrailService)
	none, barred := w.user(t, management, "none", ""), c.barred(t, management)
	s := c.step(t, "LookupEvents", "{}")
	s.refused(none, barred, "*")
	resourced := w.user(t, management, "resourced", document(statement("Allow", "Action", s.action(), "arn:aws:cloudtrail:*:*:*")))
	allowed := w.user(t, management, "allowed", document(statement("Allow", "Action", s.action(), "*")))
	s.decided("a resource, of which it has none", resourced, "*", s.unallowed())
	s.try("allowed", allowed.key, "", "", "")
	for _, wrong := range []struct{ name, body, code, message string }{
		{"too many", `{"MaxResults":51}`, "InvalidParameterException", "1 validation error detected: Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50"},
		{"none", `{"MaxResults":0}`, "InvalidParameterException", "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		{"the end before the start", `{"StartTime":1700000001,"EndTime":1700000000}`, "InvalidTimeRangeException", "The start time must be before or equal to the end time."},
		{"a token", `{"NextToken":"x"}`, "InvalidNextTokenException", "The token is not valid, or it is of a request with other parameters."},
	} {
		if a := c.step(t, "LookupEvents", wrong.body).try(wrong.name, allowed.key, wrong.code, "", ""); a.message != wrong.message {
			t.Errorf("%s: %v", wrong.name, a)
		}
	}
	for _, operation := range awsproto.Service("cloudtrail").Operations() {
		if _, built := cloudtrailservice.Table[operation]; !built {
			if a := w.callJSON(cloudTrailService, w.root(management), operation, "{}"); a.code != "UnknownOperationException" && a.code != "InvalidAction" {
				t.Errorf("%s: %v", operation, a)
			}
		}
	}
	c.recorded(t, nil)
	for _, e := range w.trail(t)["LookupEvents"] {
		if !e.ReadOnly {
			t.Errorf("event %+v", e)
		}
	}
}

// What people and roles do is in the history of the account in CloudTrail's words,
// and nothing secret of it; what was refused has the reason, and the same event of
// two accounts the same id.
func TestCloudTrailRecords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	administrator := w.user(t, production, "administrator", document(statement("Allow", "Action", "*", "*")))
	none := w.user(t, production, "none", "")
	w.must(request{service: "iam", operation: "CreateUser", input: parameters(t, "UserName=taro Path=/team/", nil)}, administrator.key)
	login := parameters(t, "UserName=taro Password=Checkpoint-"+hex.EncodeToString(secret.Random(8)), nil)
	w.must(request{service: "iam", operation: "CreateLoginProfile", input: login}, w.root(production))
	if a := w.call(request{service: "iam", operation: "DeleteUser", input: parameters(t, "UserName=taro", nil)}, none.key); a.code != "AccessDenied" {
		t.Fatal(a)
	}
	trusting := document(`{"Effect":"Allow","Principal":{"AWS":"` + management + `"},"Action":"sts:AssumeRole"}`)
	w.must(request{service: "iam", operation: "CreateRole", input: map[string][]string{"RoleName": {"crossed"}, "AssumeRolePolicyDocument": {trusting}}}, administrator.key)
	w.must(request{service: "iam", operation: "PutRolePolicy", input: map[string][]string{
		"RoleName": {"crossed"}, "PolicyName": {"p"}, "PolicyDocument": {document(statement("Allow", "Action", "iam:*", "*"))}}}, administrator.key)
	ann := w.user(t, management, "ann", document(statement("Allow", "Action", "sts:*", "*")))
	role := w.must(request{service: "sts", operation: "AssumeRole", input: parameters(t, "RoleSessionName=session RoleArn=arn:aws:iam::"+production+":role/crossed", nil)}, ann.key).credentials()
	w.must(request{service: "iam", operation: "CreateGroup", input: parameters(t, "GroupName=g", nil)}, role)

	find := func(account, name, user string) (r record) {
		t.Helper()
		body := `{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":"` + name + `"}]}`
		for deadline := time.Now().Add(10 * time.Second); ; { // what is counted is stored within a second
			a := w.lookUp(w.root(account), body)
			for _, e := range a.Events {
				if err := json.Unmarshal([]byte(e.CloudTrailEvent), &r); err != nil {
					t.Fatal(err)
				}
				if user == r.UserIdentity.PrincipalID || user == e.Username {
					return r
				}
			}
			if time.Now().After(deadline) {
				t.Fatalf("%s of %s is not in the history of %s: %v", name, user, account, a)
			}
		}
	}
	if r := find(production, "CreateUser", "administrator"); r.UserIdentity.Type != "IAMUser" || r.UserIdentity.ARN != administrator.arn ||
		!strings.HasPrefix(r.UserIdentity.PrincipalID, "AIDA") || r.UserIdentity.AccessKeyID != administrator.key.id ||
		r.RequestParameters["userName"] != "taro" || !strings.HasPrefix(r.ResponseElements["userId"].(string), "AIDA") {
		t.Errorf("CreateUser: %+v", r)
	}
	if r := find(production, "CreateLoginProfile", "root"); r.UserIdentity.Type != "Root" || r.UserIdentity.PrincipalID != production || r.RequestParameters["password"] != nil {
		t.Errorf("CreateLoginProfile: %+v", r)
	}
	if r := find(production, "DeleteUser", "none"); r.ErrorCode != "AccessDenied" || !strings.HasPrefix(r.ErrorMessage, "User: "+none.arn+" is not authorized") ||
		r.AdditionalEventData.Sekisho.Reason == "" || r.AdditionalEventData.Sekisho.DecisionID == "" {
		t.Errorf("DeleteUser: %+v", r)
	}
	if r := find(production, "CreateGroup", "session"); r.UserIdentity.Type != "AssumedRole" || r.UserIdentity.SessionContext.SessionIssuer.ARN != "arn:aws:iam::"+production+":role/crossed" ||
		!strings.HasPrefix(r.UserIdentity.PrincipalID, "AROA") || r.UserIdentity.SessionContext.Attributes.MFAAuthenticated != "false" {
		t.Errorf("CreateGroup: %+v", r)
	}
	theirs := find(management, "AssumeRole", "ann")
	ours := find(production, "AssumeRole", theirs.UserIdentity.PrincipalID)
	if theirs.UserIdentity.Type != "IAMUser" || ours.UserIdentity.Type != "AWSAccount" || ours.UserIdentity.AccountID != management || ours.UserIdentity.AccessKeyID != "" ||
		ours.SharedEventID == "" || ours.SharedEventID != theirs.SharedEventID || ours.RequestID != theirs.RequestID {
		t.Errorf("AssumeRole:\n%+v\n%+v", theirs, ours)
	}
	var b bytes.Buffer
	for _, account := range []string{production, management} {
		for _, e := range w.lookUp(w.root(account), "{}").Events {
			b.WriteString(e.CloudTrailEvent)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for s, what := range w.secrets {
		if strings.Contains(b.String(), s) {
			t.Errorf("the history has a %s", what)
		}
	}
	if !slices.ContainsFunc([]string{"sent Password", "returned SecretAccessKey"}, func(what string) bool {
		for _, w := range w.secrets {
			if w == what {
				return true
			}
		}
		return false
	}) {
		t.Error("no secret was sent or returned, so that nothing is shown")
	}
}
