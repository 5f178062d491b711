package operations

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

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

// callCloudTrail makes a call of CloudTrail; without an id in k it is not signed.
func (w *world) callCloudTrail(k key, operation, body string) (a lookup) {
	w.Helper()
	h, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+w.host+"/", strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	h.Header.Set("Content-Type", "application/x-amz-json-1.1")
	h.Header.Set("X-Amz-Target", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101."+operation)
	if k.id != "" {
		sum := sha256.Sum256([]byte(body))
		creds := aws.Credentials{AccessKeyID: k.id, SecretAccessKey: k.secret, SessionToken: k.token}
		if err := v4.NewSigner().SignHTTP(context.Background(), creds, h, hex.EncodeToString(sum[:]), "cloudtrail", "us-east-1", time.Now()); err != nil {
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
	var said struct{ Message string }
	if err := json.Unmarshal(raw, &a); err != nil {
		w.Errorf("%s: %v: %s", operation, err, raw)
	}
	if err := json.Unmarshal(raw, &said); err != nil {
		w.Errorf("%s: %v: %s", operation, err, raw)
	}
	a.answer = answer{status: res.StatusCode, code: res.Header.Get("X-Amzn-Errortype"), message: said.Message, decision: res.Header.Get("X-Sekisho-Decision-Id")}
	return a
}

// LookupEvents refuses calls that are unsigned, badly signed or not allowed by policy,
// answers who has exactly its action, and tells an account of itself only. Every
// other operation of CloudTrail is unknown (behaviours.md 2.6).
func TestCloudTrailOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	none := w.user(t, management, "none", "")
	barred := w.user(t, management, "barred", document(statement("Allow", "Action", "*", "*"), statement("Deny", "Action", "cloudtrail:*", "*")))
	resourced := w.user(t, management, "resourced", document(statement("Allow", "Action", "cloudtrail:LookupEvents", "arn:aws:cloudtrail:*:*:*")))
	allowed := w.user(t, management, "allowed", document(statement("Allow", "Action", "cloudtrail:LookupEvents", "*")))
	const action = "cloudtrail:LookupEvents"
	denied := func(c caller) string {
		return "User: " + c.arn + " is not authorized to perform: " + action + " on resource: *"
	}
	unallowed := " because no identity-based policy allows the " + action + " action"
	calls := 0
	for _, c := range []struct {
		what               string
		key                key
		code, begins, ends string
	}{
		{"no signature", key{}, "MissingAuthenticationTokenException", noToken, ""},
		{"wrong secret", key{id: none.key.id, secret: "wrong"}, "InvalidSignatureException", wrongSecret, ""},
		{"no policy", none.key, "AccessDeniedException", denied(none), unallowed},
		{"denied", barred.key, "AccessDeniedException", denied(barred), " with an explicit deny in an identity-based policy"},
		{"a resource, of which it has none", resourced.key, "AccessDeniedException", denied(resourced), unallowed},
		{"allowed", allowed.key, "", "", ""},
	} {
		calls++
		if a := w.callCloudTrail(c.key, "LookupEvents", "{}"); a.code != c.code || (a.status == http.StatusOK) != (c.code == "") ||
			!strings.HasPrefix(a.message, c.begins) || !strings.HasSuffix(a.message, c.ends) || (a.decision != "") != (c.code == "AccessDeniedException") {
			t.Errorf("%s: %v", c.what, a.answer)
		}
	}
	for _, c := range []struct{ name, body, code, message string }{
		{"too many", `{"MaxResults":51}`, "InvalidParameterException", "1 validation error detected: Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50"},
		{"none", `{"MaxResults":0}`, "InvalidParameterException", "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		{"the end before the start", `{"StartTime":1700000001,"EndTime":1700000000}`, "InvalidTimeRangeException", "The start time must be before or equal to the end time."},
		{"a token", `{"NextToken":"x"}`, "InvalidNextTokenException", "The token is not valid, or it is of a request with other parameters."},
	} {
		calls++
		if a := w.callCloudTrail(allowed.key, "LookupEvents", c.body); a.code != c.code || a.message != c.message {
			t.Errorf("%s: %v", c.name, a.answer)
		}
	}
	for _, operation := range awsproto.Service("cloudtrail").Operations() {
		if _, built := cloudtrailservice.Table[operation]; !built {
			if a := w.callCloudTrail(w.root(management), operation, "{}"); a.code != "UnknownOperationException" && a.code != "InvalidAction" {
				t.Errorf("%s: %v", operation, a.answer)
			}
		}
	}
	w.stop()
	n := 0
	for _, e := range w.trail(t)["LookupEvents"] {
		if n += e.Count; e.Source != "cloudtrail.amazonaws.com" || !e.ReadOnly {
			t.Errorf("event %+v", e)
		}
	}
	if n != calls {
		t.Errorf("%d events of %d calls", n, calls)
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
			a := w.callCloudTrail(w.root(account), "LookupEvents", body)
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
		for _, e := range w.callCloudTrail(w.root(account), "LookupEvents", "{}").Events {
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
