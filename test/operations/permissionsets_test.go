package operations

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/services/ssoadmin"
	"sekisho/internal/store"
)

// centerOperation is an operation on instances, permission sets and assignments with
// an input, in the order in which they succeed. {instance}, {set}, {own} and the ids
// of requests are what there is, and what was made before.
type centerOperation struct {
	name, input string
	on          string   // the resource that a denial names
	also        []string // further resources that the action is needed on
	tags        string   // the action that it needs on everything, too
	by          string   // the account that calls; "" is the management account
}

const (
	onSet, onOwn = "{set}", "{own}"

	ofSet        = ofInstance + `,"PermissionSetArn":"{set}"`
	ofAccount    = `"AccountId":"` + production + `"`
	onAccount    = "arn:aws:sso:::account/" + production
	toJane       = ofSet + `,"TargetId":"` + production + `","TargetType":"AWS_ACCOUNT","PrincipalType":"USER","PrincipalId":"{jane}"`
	readOnlyARN  = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	ofReference  = ofSet + `,"CustomerManagedPolicyReference":{"Name":"Base","Path":"/team/"}`
	costCenter   = `{"AccessControlAttributes":[{"Key":"CostCenter","Value":{"Source":["${path:enterprise.costCenter}"]}}]}`
	inlinePolicy = `"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}}"`
)

var centerOperations = []centerOperation{
	{name: "CreateInstance", by: production, on: "*", tags: "sso:TagInstance", input: `"Name":"own","Tags":[{"Key":"team","Value":"blue"}]`},
	{name: "DescribeInstance", by: production, on: onOwn, input: `"InstanceArn":"{own}"`},
	{name: "ListInstances", on: "*"},
	{name: "UpdateInstance", by: production, on: onOwn, input: `"InstanceArn":"{own}","Name":"new"`},
	{name: "DeleteInstance", by: production, on: onOwn, input: `"InstanceArn":"{own}"`},
	{name: "AddRegion", on: onInstance, input: ofInstance + `,"RegionName":"eu-west-1"`},
	{name: "DescribeRegion", on: onInstance, input: ofInstance + `,"RegionName":"eu-west-1"`},
	{name: "ListRegions", on: onInstance, input: ofInstance},
	{name: "RemoveRegion", on: onInstance, input: ofInstance + `,"RegionName":"eu-west-1"`},
	{name: "CreatePermissionSet", on: onInstance, tags: "sso:TagResource", input: ofInstance + `,"Name":"Operations","Tags":[{"Key":"team","Value":"blue"}]`,
		also: []string{"arn:aws:sso:::permissionSet/{instanceId}/*"}},
	{name: "DescribePermissionSet", on: onSet, also: []string{onInstance}, input: ofSet},
	{name: "UpdatePermissionSet", on: onSet, also: []string{onInstance}, input: ofSet + `,"SessionDuration":"PT2H"`},
	{name: "ListPermissionSets", on: onInstance, input: ofInstance},
	{name: "AttachManagedPolicyToPermissionSet", on: onSet, also: []string{onInstance}, input: ofSet + `,"ManagedPolicyArn":"` + readOnlyARN + `"`},
	{name: "ListManagedPoliciesInPermissionSet", on: onSet, also: []string{onInstance}, input: ofSet},
	{name: "DetachManagedPolicyFromPermissionSet", on: onSet, also: []string{onInstance}, input: ofSet + `,"ManagedPolicyArn":"` + readOnlyARN + `"`},
	{name: "AttachCustomerManagedPolicyReferenceToPermissionSet", on: onSet, also: []string{onInstance}, input: ofReference},
	{name: "ListCustomerManagedPolicyReferencesInPermissionSet", on: onSet, also: []string{onInstance}, input: ofSet},
	{name: "DetachCustomerManagedPolicyReferenceFromPermissionSet", on: onSet, also: []string{onInstance}, input: ofReference},
	{name: "PutInlinePolicyToPermissionSet", on: onSet, also: []string{onInstance}, input: ofSet + `,"InlinePolicy":` + inlinePolicy},
	{name: "GetInlinePolicyForPermissionSet", on: onSet, also: []string{onInstance}, input: ofSet},
	{name: "DeleteInlinePolicyFromPermissionSet", on: onSet, also: []string{onInstance}, input: ofSet},
	{name: "PutPermissionsBoundaryToPermissionSet", on: onSet, also: []string{onInstance}, input: ofSet + `,"PermissionsBoundary":{"ManagedPolicyArn":"` + readOnlyARN + `"}`},
	{name: "GetPermissionsBoundaryForPermissionSet", on: onSet, also: []string{onInstance}, input: ofSet},
	{name: "DeletePermissionsBoundaryFromPermissionSet", on: onSet, also: []string{onInstance}, input: ofSet},
	{name: "CreateAccountAssignment", on: onSet, also: []string{onInstance, onAccount}, input: toJane},
	{name: "DescribeAccountAssignmentCreationStatus", on: onInstance, input: ofInstance + `,"AccountAssignmentCreationRequestId":"{created}"`},
	{name: "ListAccountAssignmentCreationStatus", on: onInstance, input: ofInstance},
	{name: "ListAccountAssignments", on: onSet, also: []string{onInstance, onAccount}, input: ofSet + "," + ofAccount},
	{name: "ListAccountAssignmentsForPrincipal", on: onInstance, input: ofInstance + `,"PrincipalType":"USER","PrincipalId":"{jane}"`},
	{name: "ProvisionPermissionSet", on: onSet, also: []string{onInstance, onAccount}, input: ofSet + `,"TargetType":"AWS_ACCOUNT","TargetId":"` + production + `"`},
	{name: "DescribePermissionSetProvisioningStatus", on: onInstance, input: ofInstance + `,"ProvisionPermissionSetRequestId":"{provisioned}"`},
	{name: "ListPermissionSetProvisioningStatus", on: onInstance, input: ofInstance},
	{name: "ListAccountsForProvisionedPermissionSet", on: onSet, also: []string{onInstance}, input: ofSet},
	{name: "ListPermissionSetsProvisionedToAccount", on: onInstance, also: []string{onAccount}, input: ofInstance + "," + ofAccount},
	{name: "DeleteAccountAssignment", on: onSet, also: []string{onInstance, onAccount}, input: toJane},
	{name: "DescribeAccountAssignmentDeletionStatus", on: onInstance, input: ofInstance + `,"AccountAssignmentDeletionRequestId":"{deleted}"`},
	{name: "ListAccountAssignmentDeletionStatus", on: onInstance, input: ofInstance},
	{name: "CreateInstanceAccessControlAttributeConfiguration", on: onInstance, input: ofInstance + `,"InstanceAccessControlAttributeConfiguration":` + costCenter},
	{name: "DescribeInstanceAccessControlAttributeConfiguration", on: onInstance, input: ofInstance},
	{name: "UpdateInstanceAccessControlAttributeConfiguration", on: onInstance, input: ofInstance + `,"InstanceAccessControlAttributeConfiguration":` + costCenter},
	{name: "DeleteInstanceAccessControlAttributeConfiguration", on: onInstance, input: ofInstance},
	{name: "TagResource", on: onSet, input: ofInstance + `,"ResourceArn":"{set}","Tags":[{"Key":"a","Value":"1"}]`},
	{name: "ListTagsForResource", on: onSet, input: ofInstance + `,"ResourceArn":"{set}"`},
	{name: "UntagResource", on: onSet, input: ofInstance + `,"ResourceArn":"{set}","TagKeys":["a"]`},
	{name: "DeletePermissionSet", on: onSet, also: []string{onInstance}, input: ofSet},
}

// Every operation on instances, permission sets and assignments refuses calls that
// are unsigned, badly signed, not allowed by policy on each thing that they act on,
// or of an account that does not run the instance, and answers who may do exactly
// this to exactly that; each call is in the trail (F-09, G-33).
func TestCenterOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	vars := make(map[string]string)
	w.update(t, func(tx store.Tx) error {
		home, err := access.Home(tx)
		if err != nil {
			return err
		}
		jane, err := tx.UserByName(home.DirectoryID, "jane")
		vars["{instanceId}"], vars["{instance}"], vars["{jane}"] = home.ID, home.ARN(), jane.ID
		return err
	})
	filled := func(s string) string {
		for name, value := range vars {
			s = strings.ReplaceAll(s, name, value)
		}
		return s
	}
	everything := document(statement("Allow", "Action", "*", "*"))
	but := document(statement("Allow", "Action", "*", "*"), statement("Deny", "Action", "sso:*", "*"))
	none := map[string]caller{management: w.user(t, management, "none", ""), production: w.user(t, production, "none", "")}
	barred := map[string]caller{management: w.user(t, management, "barred", but), production: w.user(t, production, "barred", but)}
	stranger := w.user(t, production, "stranger", everything)
	calls := make(map[string]int)
	for _, op := range centerOperations {
		action, input, on := "sso:"+op.name, filled(op.input), filled(op.on)
		by := op.by
		if by == "" {
			by = management
		}
		try := func(what string, k key, code, begins, ends string) applicationAnswer {
			t.Helper()
			calls[op.name]++
			a := w.callSSO(k, op.name, input)
			if a.code != code || (a.status == http.StatusOK) != (code == "") || !strings.HasPrefix(a.message, begins) || !strings.HasSuffix(a.message, ends) {
				t.Errorf("%s: %s: %v", op.name, what, a.answer)
			}
			return a
		}
		denied := func(c caller) string {
			return "User: " + c.arn + " is not authorized to perform: " + action + " on resource: " + on
		}
		try("no signature", key{}, "MissingAuthenticationTokenException", noToken, "")
		try("wrong secret", key{id: none[by].key.id, secret: "wrong"}, "InvalidSignatureException", wrongSecret, "")
		try("no policy", none[by].key, "AccessDeniedException", denied(none[by]), " because no identity-based policy allows the "+action+" action")
		try("denied", barred[by].key, "AccessDeniedException", denied(barred[by]), " with an explicit deny in an identity-based policy")
		if by == management && op.on != "*" {
			try("a member of the organization that may everything in its own account", stranger.key, "AccessDeniedException", "", "")
		}
		var tagging []string
		if op.tags != "" {
			tagging = append(tagging, statement("Allow", "Action", op.tags, "*"))
		}
		for i, left := range op.also {
			rest := slices.Delete(append([]string{op.on}, op.also...), i+1, i+2)
			part := w.user(t, by, op.name[:min(40, len(op.name))]+"-part"+string(rune('0'+i)), document(append(tagging, filled(statement("Allow", "Action", action, rest...)))...))
			try("not allowed on "+left, part.key, "AccessDeniedException", "User: "+part.arn+" is not authorized to perform: "+action, "")
		}
		allowed := w.user(t, by, op.name[:min(40, len(op.name))]+"-only",
			document(append(tagging, filled(statement("Allow", "Action", action, append([]string{op.on}, op.also...)...)))...))
		a := try("allowed", allowed.key, "", "", "")
		switch op.name {
		case "CreateInstance":
			vars["{own}"] = a.InstanceArn
		case "CreatePermissionSet":
			vars["{set}"] = a.PermissionSet.PermissionSetArn
		case "CreateAccountAssignment":
			vars["{created}"] = a.AccountAssignmentCreationStatus.RequestId
		case "DeleteAccountAssignment":
			vars["{deleted}"] = a.AccountAssignmentDeletionStatus.RequestId
		case "ProvisionPermissionSet":
			vars["{provisioned}"] = a.PermissionSetProvisioningStatus.RequestId
		}
		w.settle(t, vars["{instanceId}"])
	}
	for name := range ssoadmin.Table {
		if !strings.Contains(name, "Application") && !strings.Contains(name, "TrustedTokenIssuer") && calls[name] == 0 {
			t.Errorf("%s was not called", name)
		}
	}
	w.stop()
	trail := w.trail(t)
	for name, n := range calls {
		got := 0
		for _, e := range trail[name] {
			worked := e.PrincipalID == access.Principal // the worker's have the same names
			learned := e.SharedID != "" && !strings.Contains(e.PrincipalID, ":"+e.Account+":")
			if !worked && !learned {
				got += e.Count
			}
		}
		if got != n {
			t.Errorf("%s: %d events of %d calls", name, got, n)
		}
	}
	w.secretless(t)
}

// settle waits until everything is done that calls asked for.
func (w *world) settle(t *testing.T, instance string) {
	t.Helper()
	tick, deadline := time.NewTicker(5*time.Millisecond), time.After(30*time.Second)
	defer tick.Stop()
	for {
		var waiting []access.Request
		w.update(t, func(tx store.Tx) (err error) {
			waiting, err = tx.AccessRequestsUnderWay(instance, 1)
			return err
		})
		if len(waiting) == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%+v is not done", waiting[0])
		}
	}
}
