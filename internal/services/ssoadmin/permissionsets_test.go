package ssoadmin_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/store"
)

// A permission set is made, told, changed and deleted as Terraform does it (G-33 to
// G-39): an hour unless it is said; a relay state that is not said again is gone.
func TestPermissionSet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.by(appManagement, "CreatePermissionSet")
	made, err := w.service.CreatePermissionSet(t.Context(), c, &ssoadmin.CreatePermissionSetInput{
		InstanceArn: aws.String(appInstance), Name: aws.String("PowerUser"), Description: aws.String("d"), RelayState: aws.String("https://console/"),
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("blue")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	arn := made.PermissionSet.PermissionSetArn
	want := &types.PermissionSet{
		PermissionSetArn: arn, Name: aws.String("PowerUser"), Description: aws.String("d"), RelayState: aws.String("https://console/"),
		SessionDuration: aws.String("PT1H"), CreatedDate: aws.Time(appStart),
	}
	describe := func(what string) {
		t.Helper()
		out, err := w.service.DescribePermissionSet(t.Context(), w.by(appManagement, "Describe"),
			&ssoadmin.DescribePermissionSetInput{InstanceArn: aws.String(appInstance), PermissionSetArn: arn})
		if err != nil || !reflect.DeepEqual(out.PermissionSet, want) {
			t.Errorf("%s: %+v, %v", what, out.PermissionSet, err)
		}
	}
	describe("new")
	if c.Event.Detail["permissionSetArn"] != *arn {
		t.Errorf("event %+v", c.Event.Detail)
	}
	update := func(in ssoadmin.UpdatePermissionSetInput) error {
		in.InstanceArn, in.PermissionSetArn = aws.String(appInstance), arn
		_, err := w.service.UpdatePermissionSet(t.Context(), w.by(appManagement, "Update"), &in)
		return err
	}
	w.expect("changing", update(ssoadmin.UpdatePermissionSetInput{SessionDuration: aws.String("PT12H")}), "", "")
	want.SessionDuration, want.RelayState = aws.String("PT12H"), nil
	describe("changed")
	for _, d := range []string{"PT59M", "PT12H1S", "P1D", "-PT2H", "P1Y", "PT", "P1W", "PT999999999999999999H"} {
		w.expect(d, update(ssoadmin.UpdatePermissionSetInput{SessionDuration: &d}), "ValidationException", "SessionDuration must be an ISO 8601 duration between PT1H and PT12H.")
	}
	_, err = w.service.CreatePermissionSet(t.Context(), w.by(appManagement, "Create"), &ssoadmin.CreatePermissionSetInput{InstanceArn: aws.String(appInstance), Name: aws.String("PowerUser")})
	w.expect("the same name", err, "ConflictException", "PermissionSet with name PowerUser already exists.")
	w.assigned(*arn, appMember, types.PrincipalTypeUser, jane)
	remove := func() error {
		_, err := w.service.DeletePermissionSet(t.Context(), w.by(appManagement, "Delete"), &ssoadmin.DeletePermissionSetInput{InstanceArn: aws.String(appInstance), PermissionSetArn: arn})
		return err
	}
	id := (*arn)[len(*arn)-19:]
	w.expect("deleting what is in use", remove(), "ConflictException", "PermissionSet "+id+" has account assignments. Delete them first.")
	if _, err := w.unassign(appManagement, *arn, appMember, types.PrincipalTypeUser, jane); err != nil {
		t.Fatal(err)
	}
	w.work()
	w.expect("deleting", remove(), "", "")
	w.expect("deleting again", remove(), "ResourceNotFoundException", "Could not find PermissionSet with id "+id)
}

// Lists of sets are paged by name, and an account's own instance has none.
func TestListPermissionSets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var want []string
	for i := range 5 {
		want = append(want, w.set(fmt.Sprintf("Set%d", i)))
	}
	var got []string
	for token := (*string)(nil); ; {
		out, err := w.service.ListPermissionSets(t.Context(), w.by(appManagement, "List"),
			&ssoadmin.ListPermissionSetsInput{InstanceArn: aws.String(appInstance), MaxResults: aws.Int32(2), NextToken: token})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, out.PermissionSets...)
		if token = out.NextToken; token == nil {
			break
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	_, err := w.service.ListPermissionSets(t.Context(), w.by(appManagement, "List"), &ssoadmin.ListPermissionSetsInput{InstanceArn: aws.String(appInstance), NextToken: aws.String("forged")})
	w.expect("forged token", err, "ValidationException", "The pagination token is not valid.")
	_, err = w.service.ListPermissionSets(t.Context(), w.by(appAlone, "List"), &ssoadmin.ListPermissionSetsInput{InstanceArn: aws.String(appOwnInstance)})
	w.expect("an account's own instance", err, "ValidationException", "Permission sets and account assignments are not available in account instances of IAM Identity Center.")
}

// The policies of a set, in AWS's words (behaviours.md 6.4, 1.7).
func TestPoliciesInPermissionSet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set, inst := w.set("Admin"), aws.String(appInstance)
	id := set[len(set)-19:]
	attach := func(arn string) error {
		_, err := w.service.AttachManagedPolicyToPermissionSet(t.Context(), w.by(appManagement, "Attach"),
			&ssoadmin.AttachManagedPolicyToPermissionSetInput{InstanceArn: inst, PermissionSetArn: &set, ManagedPolicyArn: &arn})
		return err
	}
	detach := func(arn string) error {
		_, err := w.service.DetachManagedPolicyFromPermissionSet(t.Context(), w.by(appManagement, "Detach"),
			&ssoadmin.DetachManagedPolicyFromPermissionSetInput{InstanceArn: inst, PermissionSetArn: &set, ManagedPolicyArn: &arn})
		return err
	}
	refer := func(path *string, name string) error {
		_, err := w.service.AttachCustomerManagedPolicyReferenceToPermissionSet(t.Context(), w.by(appManagement, "Attach"),
			&ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetInput{InstanceArn: inst, PermissionSetArn: &set,
				CustomerManagedPolicyReference: &types.CustomerManagedPolicyReference{Path: path, Name: &name}})
		return err
	}
	w.expect("attaching", attach(administratorAccess), "", "")
	w.expect("another", attach(readOnlyAccess), "", "")
	w.expect("again", attach(readOnlyAccess), "ConflictException",
		"Permission set with id "+id+" already has a typed link attachment to a manged policy with "+readOnlyAccess)
	w.expect("AWS has it not", attach("arn:aws:iam::aws:policy/None"), "ResourceNotFoundException", "Policy does not exist with ARN: arn:aws:iam::aws:policy/None")
	w.expect("detaching what is not there", detach("arn:aws:iam::aws:policy/None"), "ResourceNotFoundException", "Could not find ManagedPolicy with arn arn:aws:iam::aws:policy/None")
	out, err := w.service.ListManagedPoliciesInPermissionSet(t.Context(), w.by(appManagement, "List"),
		&ssoadmin.ListManagedPoliciesInPermissionSetInput{InstanceArn: inst, PermissionSetArn: &set, MaxResults: aws.Int32(1)})
	if err != nil || len(out.AttachedManagedPolicies) != 1 || *out.AttachedManagedPolicies[0].Name != "AdministratorAccess" || out.NextToken == nil {
		t.Errorf("listed %+v, %v", out, err)
	}
	w.expect("detaching", detach(administratorAccess), "", "")

	w.expect("a reference", refer(nil, "Base"), "", "")
	w.expect("the same", refer(aws.String("/"), "Base"), "ConflictException", "Given customer managed policy with name: Base  and path / already attached")
	w.expect("in another case", refer(aws.String("/"), "base"), "", "")
	for i := range 22 {
		w.expect("filling", refer(aws.String("/team/"), fmt.Sprintf("P%02d", i)), "", "")
	}
	w.expect("the 26th", refer(nil, "More"), "ServiceQuotaExceededException", "You have exceeded AWS SSO limits. Cannot create ManagedPolicy more than 25 for id "+id+
		". Please refer to https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html")
	references, err := w.service.ListCustomerManagedPolicyReferencesInPermissionSet(t.Context(), w.by(appManagement, "List"),
		&ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput{InstanceArn: inst, PermissionSetArn: &set})
	if err != nil || len(references.CustomerManagedPolicyReferences) != 24 || *references.CustomerManagedPolicyReferences[23].Path != "/team/" {
		t.Errorf("references %+v, %v", references, err)
	}
	undo := func() error {
		_, err := w.service.DetachCustomerManagedPolicyReferenceFromPermissionSet(t.Context(), w.by(appManagement, "Detach"),
			&ssoadmin.DetachCustomerManagedPolicyReferenceFromPermissionSetInput{InstanceArn: inst, PermissionSetArn: &set,
				CustomerManagedPolicyReference: &types.CustomerManagedPolicyReference{Name: aws.String("Base")}})
		return err
	}
	w.expect("taking a reference away", undo(), "", "")
	w.expect("twice", undo(), "ResourceNotFoundException", "Given customer managed policy with name: Base and path / does not exist on PermissionSet")
}

// A set has one inline policy and one boundary.
func TestInlineAndBoundary(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set, inst := w.set("Admin"), aws.String(appInstance)
	put := func(document string) error {
		_, err := w.service.PutInlinePolicyToPermissionSet(t.Context(), w.by(appManagement, "Put"),
			&ssoadmin.PutInlinePolicyToPermissionSetInput{InstanceArn: inst, PermissionSetArn: &set, InlinePolicy: &document})
		return err
	}
	get := func() string {
		out, err := w.service.GetInlinePolicyForPermissionSet(t.Context(), w.by(appManagement, "Get"), &ssoadmin.GetInlinePolicyForPermissionSetInput{InstanceArn: inst, PermissionSetArn: &set})
		if err != nil {
			t.Fatal(err)
		}
		return *out.InlinePolicy
	}
	if get() != "" {
		t.Error("an inline policy of a new set")
	}
	w.expect("inline", put(inline), "", "")
	w.expect("no policy", put("{"), "ValidationException", "Syntax errors in policy.")
	w.expect("long", put(strings.Replace(inline, "GetObject", "Get"+strings.Repeat("x", 10240), 1)), "ServiceQuotaExceededException",
		"You have exceeded AWS SSO limits. Cannot have more than 10240 characters other than white space in an inline policy. "+
			"Please refer to https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html")
	if get() != inline {
		t.Errorf("inline %s", get())
	}
	_, err := w.service.DeleteInlinePolicyFromPermissionSet(t.Context(), w.by(appManagement, "Delete"), &ssoadmin.DeleteInlinePolicyFromPermissionSetInput{InstanceArn: inst, PermissionSetArn: &set})
	if w.expect("deleting it", err, "", ""); get() != "" {
		t.Error("it is still there")
	}

	bound := func(b *types.PermissionsBoundary) error {
		_, err := w.service.PutPermissionsBoundaryToPermissionSet(t.Context(), w.by(appManagement, "Put"),
			&ssoadmin.PutPermissionsBoundaryToPermissionSetInput{InstanceArn: inst, PermissionSetArn: &set, PermissionsBoundary: b})
		return err
	}
	limits := func() (*types.PermissionsBoundary, error) {
		out, err := w.service.GetPermissionsBoundaryForPermissionSet(t.Context(), w.by(appManagement, "Get"), &ssoadmin.GetPermissionsBoundaryForPermissionSetInput{InstanceArn: inst, PermissionSetArn: &set})
		if err != nil {
			return nil, err
		}
		return out.PermissionsBoundary, nil
	}
	none := "PermissionSet with id " + set[len(set)-19:] + " has no permissions boundary"
	_, err = limits()
	w.expect("no boundary", err, "ResourceNotFoundException", none)
	both := &types.PermissionsBoundary{ManagedPolicyArn: aws.String(readOnlyAccess), CustomerManagedPolicyReference: &types.CustomerManagedPolicyReference{Name: aws.String("B")}}
	for what, b := range map[string]*types.PermissionsBoundary{"both": both, "neither": {}} {
		w.expect(what, bound(b), "ValidationException", "PermissionsBoundary must have either ManagedPolicyArn or CustomerManagedPolicyReference.")
	}
	for _, want := range []*types.PermissionsBoundary{
		{ManagedPolicyArn: aws.String(readOnlyAccess)},
		{CustomerManagedPolicyReference: &types.CustomerManagedPolicyReference{Name: aws.String("B"), Path: aws.String("/team/")}},
	} {
		w.expect("boundary", bound(want), "", "")
		if got, err := limits(); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("boundary %+v, %v", got, err)
		}
	}
	unbound := func() error {
		_, err := w.service.DeletePermissionsBoundaryFromPermissionSet(t.Context(), w.by(appManagement, "Delete"), &ssoadmin.DeletePermissionsBoundaryFromPermissionSetInput{InstanceArn: inst, PermissionSetArn: &set})
		return err
	}
	w.expect("deleting it", unbound(), "", "")
	w.expect("twice", unbound(), "ResourceNotFoundException", none)
}

// behaviours.md 6.4: editing a set does not touch accounts until it is provisioned,
// and which accounts are behind can be asked.
func TestProvisioning(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set, inst := w.set("Admin"), aws.String(appInstance)
	w.assigned(set, appMember, types.PrincipalTypeUser, jane)
	w.assigned(set, appManagement, types.PrincipalTypeUser, jane)
	accounts := func(status types.ProvisioningStatus) string {
		t.Helper()
		var all []string
		for token := (*string)(nil); ; {
			out, err := w.service.ListAccountsForProvisionedPermissionSet(t.Context(), w.by(appManagement, "List"), &ssoadmin.ListAccountsForProvisionedPermissionSetInput{
				InstanceArn: inst, PermissionSetArn: &set, ProvisioningStatus: status, MaxResults: aws.Int32(1), NextToken: token,
			})
			if err != nil {
				t.Fatal(err)
			}
			if out.AccountIds == nil {
				t.Error("an empty page has no list: clients miss the member")
			}
			all = append(all, out.AccountIds...)
			if token = out.NextToken; token == nil {
				return strings.Join(all, " ")
			}
		}
	}
	sets := func(status types.ProvisioningStatus) int {
		out, err := w.service.ListPermissionSetsProvisionedToAccount(t.Context(), w.by(appManagement, "List"), &ssoadmin.ListPermissionSetsProvisionedToAccountInput{
			InstanceArn: inst, AccountId: aws.String(appMember), ProvisioningStatus: status,
		})
		if err != nil {
			t.Fatal(err)
		}
		return len(out.PermissionSets)
	}
	const latest, behind = types.ProvisioningStatusLatestPermissionSetProvisioned, types.ProvisioningStatusLatestPermissionSetNotProvisioned
	both := appManagement + " " + appMember
	if accounts("") != both || accounts(latest) != both || accounts(behind) != "" || sets("") != 1 || sets(latest) != 1 || sets(behind) != 0 {
		t.Errorf("new: %s, behind %s", accounts(latest), accounts(behind))
	}
	_, err := w.service.AttachManagedPolicyToPermissionSet(t.Context(), w.by(appManagement, "Attach"),
		&ssoadmin.AttachManagedPolicyToPermissionSetInput{InstanceArn: inst, PermissionSetArn: &set, ManagedPolicyArn: aws.String(readOnlyAccess)})
	if err != nil {
		t.Fatal(err)
	}
	w.work()
	if _, policies := w.role(set); policies != "" || accounts("") != both || accounts(latest) != "" || accounts(behind) != both || sets(behind) != 1 || sets(latest) != 0 {
		t.Errorf("edited: the role has %q; behind are %s", policies, accounts(behind))
	}
	provision := func(target types.ProvisionTargetType, account *string) (*types.PermissionSetProvisioningStatus, error) {
		out, err := w.service.ProvisionPermissionSet(t.Context(), w.by(appManagement, "ProvisionPermissionSet"),
			&ssoadmin.ProvisionPermissionSetInput{InstanceArn: inst, PermissionSetArn: &set, TargetType: target, TargetId: account})
		if err != nil {
			return nil, err
		}
		return out.PermissionSetProvisioningStatus, nil
	}
	status := func(id *string) *types.PermissionSetProvisioningStatus {
		out, err := w.service.DescribePermissionSetProvisioningStatus(t.Context(), w.by(appManagement, "Describe"),
			&ssoadmin.DescribePermissionSetProvisioningStatusInput{InstanceArn: inst, ProvisionPermissionSetRequestId: id})
		if err != nil {
			t.Fatal(err)
		}
		return out.PermissionSetProvisioningStatus
	}
	for what, err := range map[string]error{
		"no target":  second(provision(types.ProvisionTargetTypeAwsAccount, nil)),
		"two of one": second(provision(types.ProvisionTargetTypeAllProvisionedAccounts, aws.String(appMember))),
	} {
		w.expect(what, err, "ValidationException", "TargetId is required for the target type AWS_ACCOUNT, and must not be given for ALL_PROVISIONED_ACCOUNTS.")
	}
	_, err = provision(types.ProvisionTargetTypeAwsAccount, aws.String(appAlone))
	w.expect("where it is not", err, "ResourceNotFoundException", "Permission set with id "+set[len(set)-19:]+" is not provisioned in account "+appAlone)
	one, err := provision(types.ProvisionTargetTypeAwsAccount, aws.String(appMember))
	if err != nil || one.Status != types.StatusValuesInProgress || *one.AccountId != appMember {
		t.Fatalf("begun %+v, %v", one, err)
	}
	w.work()
	if _, policies := w.role(set); status(one.RequestId).Status != types.StatusValuesSucceeded || policies != readOnlyAccess || accounts(latest) != appMember || accounts(behind) != appManagement {
		t.Errorf("one: the role has %q; behind are %s", policies, accounts(behind))
	}
	// Of all, those that can be done are done, and the failure is told and can be mended.
	if err := w.suspend("SUSPENDED"); err != nil {
		t.Fatal(err)
	}
	w.update(func(tx store.Tx) error {
		p, err := tx.PermissionSet(set[len(set)-19:])
		if err != nil {
			return err
		}
		p.InlinePolicy = inline
		return tx.PutPermissionSet(p)
	})
	all, err := provision(types.ProvisionTargetTypeAllProvisionedAccounts, nil)
	if err != nil || all.AccountId != nil {
		t.Fatalf("begun %+v, %v", all, err)
	}
	w.work()
	if got := status(all.RequestId); got.Status != types.StatusValuesFailed || aws.ToString(got.FailureReason) != "The account 444455556666 is not active." ||
		accounts(latest) != appManagement || accounts(behind) != appMember {
		t.Errorf("failed in part: %+v; behind are %s", got, accounts(behind))
	}
	if err := w.suspend("ACTIVE"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if all, err = provision(types.ProvisionTargetTypeAllProvisionedAccounts, nil); err != nil {
			t.Fatal(err)
		}
	}
	_, err = provision(types.ProvisionTargetTypeAllProvisionedAccounts, nil)
	w.expect("a fourth at once", err, "ThrottlingException", "At most 3 permission sets may be provisioned to all accounts at a time. Try again later.")
	w.work()
	if got := status(all.RequestId); got.Status != types.StatusValuesSucceeded || accounts(latest) != both {
		t.Errorf("mended: %+v; behind are %s", got, accounts(behind))
	}
	list, err := w.service.ListPermissionSetProvisioningStatus(t.Context(), w.by(appManagement, "List"), &ssoadmin.ListPermissionSetProvisioningStatusInput{
		InstanceArn: inst, Filter: &types.OperationStatusFilter{Status: types.StatusValuesFailed},
	})
	if err != nil || len(list.PermissionSetsProvisioningStatus) != 1 {
		t.Errorf("failed requests %+v, %v", list, err)
	}
}

func second[A, B any](_ A, b B) B { return b }
