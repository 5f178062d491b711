package operations

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/audit"
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
	vars := w.center(t)
	c := w.walk(ssoService)
	none := map[string]caller{management: w.user(t, management, "none", ""), production: w.user(t, production, "none", "")}
	barred := map[string]caller{management: c.barred(t, management), production: c.barred(t, production)}
	stranger := w.user(t, production, "stranger", document(statement("Allow", "Action", "*", "*")))
	for _, op := range centerOperations {
		by := cmp.Or(op.by, management)
		s := c.step(t, op.name, "{"+fillBraces(op.input, vars)+"}")
		s.refused(none[by], barred[by], fillBraces(op.on, vars))
		if by == management && op.on != "*" {
			s.try("a member of the organization that may everything in its own account", stranger.key, "AccessDeniedException", "", "")
		}
		may := func(name string, on ...string) caller {
			statements := []string{fillBraces(statement("Allow", "Action", s.action(), on...), vars)}
			if op.tags != "" {
				statements = append(statements, statement("Allow", "Action", op.tags, "*"))
			}
			return w.user(t, by, op.name[:min(40, len(op.name))]+name, document(statements...))
		}
		for i, left := range op.also {
			part := may("-part"+string(rune('0'+i)), slices.Delete(append([]string{op.on}, op.also...), i+1, i+2)...)
			s.try("not allowed on "+left, part.key, "AccessDeniedException", "User: "+part.arn+" is not authorized to perform: "+s.action(), "")
		}
		var said ssoAnswer
		w.said(s.try("allowed", may("-only", append([]string{op.on}, op.also...)...).key, "", "", ""), &said)
		switch op.name {
		case "CreateInstance":
			vars["own"] = said.InstanceArn
		case "CreatePermissionSet":
			vars["set"] = said.PermissionSet.PermissionSetArn
		case "CreateAccountAssignment":
			vars["created"] = said.AccountAssignmentCreationStatus.RequestId
		case "DeleteAccountAssignment":
			vars["deleted"] = said.AccountAssignmentDeletionStatus.RequestId
		case "ProvisionPermissionSet":
			vars["provisioned"] = said.PermissionSetProvisioningStatus.RequestId
		}
		w.settle(t, vars["instanceId"])
	}
	c.complete(t, ssoadmin.Table, ofApplications)
	c.recorded(t, func(e audit.Event) bool {
		worked := e.PrincipalID == access.Principal // the worker's have the same names
		learned := e.SharedID != "" && !strings.Contains(e.PrincipalID, ":"+e.Account+":")
		return worked || learned
	})
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
