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

	"sekisho/internal/org"
	"sekisho/internal/services/organizations"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// controlOperation is an operation by which an organization is controlled, in the
// order in which they succeed, with what it acts on; "" is nothing in particular.
// {policy} and {resource} are the ids of what was made before.
type controlOperation struct{ name, input, on string }

const (
	ram       = `"ServicePrincipal":"ram.amazonaws.com"`
	delegate  = `"AccountId":"` + controlled + `"`
	tagPolicy = `"{\"tags\":{\"k\":{\"tag_key\":{\"@@assign\":\"` + canary + `\"}}}}"`
)

var controlOperations = []controlOperation{
	{"EnableAWSServiceAccess", ram, ""},
	{"ListAWSServiceAccessForOrganization", ``, ""},
	{"RegisterDelegatedAdministrator", delegate + "," + ram, "account/{o}/" + controlled},
	{"ListDelegatedAdministrators", ram, ""},
	{"ListDelegatedServicesForAccount", delegate, "account/{o}/" + controlled},
	{"DeregisterDelegatedAdministrator", delegate + "," + ram, "account/{o}/" + controlled},
	{"DisableAWSServiceAccess", ram, ""},
	{"EnablePolicyType", `"RootId":"{root}","PolicyType":"TAG_POLICY"`, "root/{o}/{root}"},
	{"CreatePolicy", `"Type":"TAG_POLICY","Name":"P","Description":"","Content":` + tagPolicy, ""},
	{"DescribePolicy", `"PolicyId":"{policy}"`, "policy/{o}/tag_policy/{policy}"},
	{"UpdatePolicy", `"PolicyId":"{policy}","Name":"Q"`, "policy/{o}/tag_policy/{policy}"},
	{"ListPolicies", `"Filter":"TAG_POLICY"`, ""},
	{"AttachPolicy", `"PolicyId":"{policy}","TargetId":"{root}"`, "policy/{o}/tag_policy/{policy} root/{o}/{root}"},
	{"ListPoliciesForTarget", `"TargetId":"{root}","Filter":"TAG_POLICY"`, "root/{o}/{root}"},
	{"ListTargetsForPolicy", `"PolicyId":"{policy}"`, "policy/{o}/tag_policy/{policy}"},
	{"DescribeEffectivePolicy", `"TargetId":"` + controlled + `","PolicyType":"TAG_POLICY"`, "account/{o}/" + controlled},
	{"ListAccountsWithInvalidEffectivePolicy", `"PolicyType":"TAG_POLICY"`, ""},
	{"ListEffectivePolicyValidationErrors", delegate + `,"PolicyType":"TAG_POLICY"`, "account/{o}/" + controlled},
	{"TagResource", `"ResourceId":"{policy}","Tags":[{"Key":"k","Value":"v"}]`, "policy/{o}/tag_policy/{policy}"},
	{"ListTagsForResource", `"ResourceId":"{policy}"`, "policy/{o}/tag_policy/{policy}"},
	{"UntagResource", `"ResourceId":"{policy}","TagKeys":["k"]`, "policy/{o}/tag_policy/{policy}"},
	{"DetachPolicy", `"PolicyId":"{policy}","TargetId":"{root}"`, "policy/{o}/tag_policy/{policy} root/{o}/{root}"},
	{"DeletePolicy", `"PolicyId":"{policy}"`, "policy/{o}/tag_policy/{policy}"},
	{"DisablePolicyType", `"RootId":"{root}","PolicyType":"TAG_POLICY"`, "root/{o}/{root}"},
	{"PutResourcePolicy", `"Content":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"` + controlled +
		`\"},\"Action\":\"organizations:ListAccounts\",\"Resource\":\"*\"}]}"`, "resourcepolicy/{o}/*"},
	{"DescribeResourcePolicy", ``, "resourcepolicy/{o}/{resource}"},
	{"DeleteResourcePolicy", ``, "resourcepolicy/{o}/{resource}"},
}

// callOrganizations makes a call of Organizations; without an id in k it is not signed.
func (w *world) callOrganizations(k key, operation, members string) (a answer, said map[string]any) {
	w.Helper()
	body := "{" + members + "}"
	h, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+w.host+"/", strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	h.Header.Set("Content-Type", "application/x-amz-json-1.1")
	h.Header.Set("X-Amz-Target", "AWSOrganizationsV20161128."+operation)
	if k.id != "" {
		sum := sha256.Sum256([]byte(body))
		creds := aws.Credentials{AccessKeyID: k.id, SecretAccessKey: k.secret, SessionToken: k.token}
		if err := v4.NewSigner().SignHTTP(context.Background(), creds, h, hex.EncodeToString(sum[:]), "organizations", "us-east-1", time.Now()); err != nil {
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
	a = answer{status: res.StatusCode, code: res.Header.Get("X-Amzn-Errortype"), decision: res.Header.Get("X-Sekisho-Decision-Id")}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &said); err != nil {
			w.Errorf("%s: %v: %s", operation, err, raw)
		}
	}
	if a.message, _ = said["Message"].(string); a.message == "" {
		a.message, _ = said["message"].(string)
	}
	return a, said
}

// madeID is the id in an answer that has a policy or resource policy.
func madeID(said map[string]any, member string) string {
	made, _ := said[member].(map[string]any)
	summary, _ := made[member+"Summary"].(map[string]any)
	id, _ := summary["Id"].(string)
	return id
}

// Every operation that controls an organization refuses calls that are unsigned,
// badly signed, from a member that may not, or not allowed by policy on each thing
// that it names; answers who has exactly its action on exactly those; and each call
// is in the trail (behaviours.md 2.6, 9.6).
func TestOrganizationControlOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var o org.Organization
	w.view(t, func(tx store.Tx) (err error) {
		o, err = storetest.Organization(tx)
		return err
	})
	none := w.user(t, management, "none", "")
	barred := w.user(t, management, "barred", document(statement("Allow", "Action", "*", "*"), statement("Deny", "Action", "organizations:*", "*")))
	stranger := w.user(t, production, "stranger", document(statement("Allow", "Action", "*", "*")))
	vars := []string{"{o}", o.ID, "{root}", o.Root}
	calls := make(map[string]int)
	for _, op := range controlOperations {
		if _, ok := organizations.Table[op.name]; !ok {
			t.Errorf("%s is not in the table", op.name)
		}
		action, fill := "organizations:"+op.name, strings.NewReplacer(vars...)
		input := fill.Replace(op.input)
		try := func(what string, k key, code, begins, ends string) map[string]any {
			t.Helper()
			calls[op.name]++
			a, said := w.callOrganizations(k, op.name, input)
			if a.code != code || (a.status == http.StatusOK) != (code == "") || !strings.HasPrefix(a.message, begins) || !strings.HasSuffix(a.message, ends) {
				t.Errorf("%s: %s: %v", op.name, what, a)
			}
			return said
		}
		denied := func(c caller, on string) string {
			return "User: " + c.arn + " is not authorized to perform: " + action + " on resource: " + on
		}
		unallowed := " because no identity-based policy allows the " + action + " action"
		needed := []string{"*"}
		if op.on != "" {
			needed = nil
			for on := range strings.FieldsSeq(fill.Replace(op.on)) {
				needed = append(needed, "arn:aws:organizations::"+management+":"+on)
			}
		}
		try("no signature", key{}, "MissingAuthenticationTokenException", noToken, "")
		try("wrong secret", key{id: none.key.id, secret: "wrong"}, "InvalidSignatureException", wrongSecret, "")
		try("no policy", none.key, "AccessDeniedException", denied(none, needed[0]), unallowed)
		try("denied", barred.key, "AccessDeniedException", denied(barred, needed[0]), " with an explicit deny in an identity-based policy")
		try("of a member", stranger.key, "AccessDeniedException", "You don't have permissions to access this resource.", "")
		for i, missing := range needed {
			statements := []string{statement("Allow", "Action", action, "arn:aws:organizations::"+management+":nothing")}
			for j, on := range needed {
				if j != i {
					statements = append(statements, statement("Allow", "Action", action, on))
				}
			}
			c := w.user(t, management, "without-"+string(rune('0'+i))+op.name, document(statements...))
			try("without "+missing, c.key, "AccessDeniedException", denied(c, missing), unallowed)
		}
		var statements []string
		for _, on := range needed {
			statements = append(statements, statement("Allow", "Action", action, on))
		}
		said := try("allowed", w.user(t, management, "only-"+op.name, document(statements...)).key, "", "", "")
		for variable, member := range map[string]string{"{policy}": "Policy", "{resource}": "ResourcePolicy"} {
			if id := madeID(said, member); id != "" {
				vars = append(vars, variable, id)
			}
		}
	}
	if len(calls) != 27 {
		t.Errorf("%d operations", len(calls))
	}
	w.stop()
	trail := w.trail(t)
	for name, n := range calls {
		got := 0
		for _, e := range trail[name] {
			if e.Source != "organizations.amazonaws.com" {
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
