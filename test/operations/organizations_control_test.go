package operations

import (
	"strings"
	"testing"

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

var organizationsService = jsonService{name: "organizations", target: "AWSOrganizationsV20161128"}

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
	c := w.walk(organizationsService)
	none, barred := w.user(t, management, "none", ""), c.barred(t, management)
	stranger := w.user(t, production, "stranger", document(statement("Allow", "Action", "*", "*")))
	vars := []string{"{o}", o.ID, "{root}", o.Root}
	for _, op := range controlOperations {
		if _, ok := organizations.Table[op.name]; !ok {
			t.Errorf("%s is not in the table", op.name)
		}
		fill := strings.NewReplacer(vars...)
		s, needed := c.step(t, op.name, "{"+fill.Replace(op.input)+"}"), ofOrganizations(fill.Replace(op.on))
		s.refused(none, barred, needed[0])
		s.try("of a member", stranger.key, "AccessDeniedException", ofManagement, "")
		allowed := w.user(t, management, "only-"+op.name, document(s.exactly(management, needed)...))
		var said map[string]any
		w.said(s.try("allowed", allowed.key, "", "", ""), &said)
		for variable, member := range map[string]string{"{policy}": "Policy", "{resource}": "ResourcePolicy"} {
			if id := madeID(said, member); id != "" {
				vars = append(vars, variable, id)
			}
		}
	}
	if len(c.calls) != 27 {
		t.Errorf("%d operations", len(c.calls))
	}
	c.recorded(t, nil)
}

// ofManagement is told to members that ask for what is the management account's.
const ofManagement = "You don't have permissions to access this resource."

// ofOrganizations are the ARNs of things of the management account's; "*" when there are none.
func ofOrganizations(things string) (arns []string) {
	for thing := range strings.FieldsSeq(things) {
		arns = append(arns, "arn:aws:organizations::"+management+":"+thing)
	}
	if len(arns) == 0 {
		return []string{"*"}
	}
	return arns
}
