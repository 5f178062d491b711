package operations

import (
	"encoding/json"
	"strings"
	"testing"
)

var organizationsConsole = jsonService{name: "organizations", target: "SekishoOrganizationsConsole"}

// The console's search of accounts is no way around the organization's resource
// policy: it lets and denies whom it lets and denies ListAccounts (confused deputy).
func TestSearchIsListAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	everything := document(statement("Allow", "Action", "*", "*"))
	named, other := w.user(t, production, "named", everything), w.user(t, production, "other", everything)
	root := w.root(management)
	policy := func(statements string) string {
		return `{"Content":` + jsonString(`{"Version":"2012-10-17","Statement":[`+statements+`]}`) + `}`
	}
	try := func(what string, k key, want string) {
		t.Helper()
		for operation, a := range map[string]answer{
			"ListAccounts":   w.callJSON(organizationsService, k, "ListAccounts", "{}"),
			"SearchAccounts": w.callJSON(organizationsConsole, k, "SearchAccounts", `{"Words":"1111"}`),
		} {
			if a.code != want || want == "" && !strings.Contains(string(a.body), management) {
				t.Errorf("%s: %s: %v %s", what, operation, a, a.body)
			}
		}
	}
	must := func(operation, body string) {
		t.Helper()
		if a := w.callJSON(organizationsService, root, operation, body); a.status != 200 {
			t.Fatalf("%s: %v %s", operation, a, a.body)
		}
	}

	try("a member", named.key, "AccessDeniedException")
	must("PutResourcePolicy", policy(`{"Effect":"Allow","Principal":{"AWS":"`+named.arn+`"},"Action":"organizations:ListAccounts","Resource":"*"}`))
	try("who is named", named.key, "")
	try("another principal of the account", other.key, "AccessDeniedException")

	must("EnableAWSServiceAccess", `{"ServicePrincipal":"ram.amazonaws.com"}`)
	must("RegisterDelegatedAdministrator", `{"AccountId":"`+production+`","ServicePrincipal":"ram.amazonaws.com"}`)
	try("a delegated administrator", other.key, "")
	must("PutResourcePolicy", policy(`{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::`+production+`:root"},"Action":"organizations:ListAccounts","Resource":"*"}`))
	try("one who is denied it", other.key, "AccessDeniedException")
}

// jsonString is s as a string of JSON.
func jsonString(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}
