package ssoadmin_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// G-44, G-46: an assignment is answered at once and made by and by; then the role is
// there. Asking again is no error; taking it away ends it at once, and the role goes.
func TestAssignment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set := w.set("Admin")
	c := w.by(appManagement, "CreateAccountAssignment")
	out, err := w.service.CreateAccountAssignment(t.Context(), c, &ssoadmin.CreateAccountAssignmentInput{
		InstanceArn: aws.String(appInstance), PermissionSetArn: &set, TargetId: aws.String(appMember), TargetType: types.TargetTypeAwsAccount,
		PrincipalType: types.PrincipalTypeGroup, PrincipalId: aws.String(admins),
	})
	if err != nil {
		t.Fatal(err)
	}
	r := out.AccountAssignmentCreationStatus
	if r.Status != types.StatusValuesInProgress || *r.TargetId != appMember || *r.PermissionSetArn != set || *r.PrincipalId != admins || r.FailureReason != nil {
		t.Errorf("begun %+v", r)
	}
	// The account learns of it, and both other resources were asked for.
	if c.Event.Shared != appMember || c.Event.Detail["requestId"] != *r.RequestId {
		t.Errorf("event %+v", c.Event)
	}
	var asked []string
	for _, a := range w.asked[len(w.asked)-2:] {
		asked = append(asked, a.ARN)
	}
	if got := strings.Join(asked, " "); got != "arn:aws:sso:::account/"+appMember+" "+appInstance {
		t.Errorf("asked for %s", got)
	}
	if role, _ := w.role(set); role.ID != "" {
		t.Errorf("a role before the work was done: %+v", role)
	}
	w.work()
	if got := w.creation(*r.RequestId); got.Status != types.StatusValuesSucceeded {
		t.Errorf("made %+v", got)
	}
	if role, _ := w.role(set); !strings.HasPrefix(role.Name, "AWSReservedSSO_Admin_") {
		t.Errorf("role %+v", role)
	}
	w.assigned(set, appMember, types.PrincipalTypeGroup, admins) // again
	gone, err := w.unassign(appManagement, set, appMember, types.PrincipalTypeGroup, admins)
	if err != nil || gone.Status != types.StatusValuesInProgress {
		t.Fatalf("taken away: %+v, %v", gone, err)
	}
	w.update(func(tx store.Tx) error {
		if held, err := tx.Holds(jane, appMember, set[strings.LastIndexByte(set, '/')+1:]); held || err != nil {
			t.Errorf("still held before the role was removed: %v", err)
		}
		return nil
	})
	w.work()
	status, err := w.service.DescribeAccountAssignmentDeletionStatus(t.Context(), w.by(appManagement, "Describe"),
		&ssoadmin.DescribeAccountAssignmentDeletionStatusInput{InstanceArn: aws.String(appInstance), AccountAssignmentDeletionRequestId: gone.RequestId})
	if role, _ := w.role(set); err != nil || status.AccountAssignmentDeletionStatus.Status != types.StatusValuesSucceeded || role.ID != "" {
		t.Errorf("gone %+v, role %q, %v", status, role.ID, err)
	}
	_, err = w.unassign(appManagement, set, appMember, types.PrincipalTypeGroup, admins)
	w.expect("taken away again", err, "ResourceNotFoundException",
		"Could not find an account assignment of permission set "+set[len(set)-19:]+" to GROUP "+admins+" in account "+appMember)
	_, err = w.service.DescribeAccountAssignmentCreationStatus(t.Context(), w.by(appManagement, "Describe"),
		&ssoadmin.DescribeAccountAssignmentCreationStatusInput{InstanceArn: aws.String(appInstance), AccountAssignmentCreationRequestId: gone.RequestId})
	w.expect("a deletion as a creation", err, "ResourceNotFoundException", "Could not find a request with id "+*gone.RequestId)
}

// What an assignment names has to be the instance's (G-45, B: no access across
// organizations by guessing ids).
func TestAssignmentRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set := w.set("Admin")
	missing := set[:len(set)-16] + "0000000000000000"
	elsewhere := strings.Replace(set, "0123456789abcdef", "fedcba9876543210", 1)
	for what, c := range map[string]struct {
		caller, set, account, principal, code, message string
	}{
		"no set":                   {appManagement, missing, appMember, jane, "ResourceNotFoundException", "Could not find PermissionSet with id ps-0000000000000000"},
		"set of another instance":  {appManagement, elsewhere, appMember, jane, "ResourceNotFoundException", "Could not find PermissionSet with id " + set[len(set)-19:]},
		"account of nobody":        {appManagement, set, "999999999999", jane, "ResourceNotFoundException", "The account 999999999999 is not a member of the organization."},
		"account of another":       {appManagement, set, appAlone, jane, "ResourceNotFoundException", "The account " + appAlone + " is not a member of the organization."},
		"user of another":          {appManagement, set, appMember, eve, "ResourceNotFoundException", "Could not find USER with id " + eve},
		"group as a user":          {appManagement, set, appMember, admins, "ResourceNotFoundException", "Could not find USER with id " + admins},
		"member account":           {appMember, set, appMember, jane, "AccessDeniedException", notYours},
		"account without business": {appAlone, set, appMember, jane, "AccessDeniedException", notYours},
	} {
		_, err := w.assign(c.caller, c.set, c.account, types.PrincipalTypeUser, c.principal)
		w.expect(what, err, c.code, c.message)
	}
	w.deny = "arn:aws:sso:::account/" + appMember
	_, err := w.assign(appManagement, set, appMember, types.PrincipalTypeUser, jane)
	w.expect("a policy that leaves the account out", err, "AccessDeniedException", "denied "+w.deny)
}

// G-50, behaviours.md 6.4: what keeps a role out of an account is told, leaves
// nothing, and can be mended and asked for again.
func TestAssignmentFails(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		before func(w *world, set string) error
		mend   func(w *world, set string) error
		reason string
	}{
		"no room for roles": {
			func(w *world, _ string) error {
				w.update(func(tx store.Tx) error { return tx.PutIAMQuota(appMember, iam.Roles, 0) })
				return nil
			},
			func(w *world, _ string) error {
				w.update(func(tx store.Tx) error { return tx.PutIAMQuota(appMember, iam.Roles, 10) })
				return nil
			},
			`Permission set "Admin" cannot be provisioned in account 444455556666: Cannot exceed quota for RolesPerAccount: 0`,
		},
		"no customer policy": {
			func(w *world, set string) error {
				_, err := w.service.AttachCustomerManagedPolicyReferenceToPermissionSet(w.Context(), w.by(appManagement, "Attach"),
					&ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetInput{InstanceArn: aws.String(appInstance), PermissionSetArn: &set,
						CustomerManagedPolicyReference: &types.CustomerManagedPolicyReference{Name: aws.String("Base"), Path: aws.String("/team/")}})
				return err
			},
			func(w *world, _ string) error {
				w.update(func(tx store.Tx) error {
					_, err := iam.CreatePolicy(tx, appStart, appMember, iam.NewPolicy{Path: "/team/", Name: "Base", Document: inline})
					return err
				})
				return nil
			},
			`Permission set "Admin" cannot be provisioned in account 444455556666: The policy arn:aws:iam::444455556666:policy/team/Base does not exist.`,
		},
		"suspended account": {
			func(w *world, _ string) error { return w.suspend(account.Suspended) },
			func(w *world, _ string) error { return w.suspend(account.Active) },
			"The account 444455556666 is not active.",
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			set := w.set("Admin")
			if err := c.before(w, set); err != nil {
				t.Fatal(err)
			}
			r, err := w.assign(appManagement, set, appMember, types.PrincipalTypeUser, jane)
			if err != nil {
				t.Fatal(err)
			}
			w.work()
			if got := w.creation(*r.RequestId); got.Status != types.StatusValuesFailed || aws.ToString(got.FailureReason) != c.reason {
				t.Errorf("%s: %s", got.Status, aws.ToString(got.FailureReason))
			}
			role, _ := w.role(set)
			w.update(func(tx store.Tx) error {
				left, err := tx.AssignmentsInAccount(appMember)
				if len(left) > 0 || role.ID != "" {
					t.Errorf("left %v, %v", left, role)
				}
				return err
			})
			if err := c.mend(w, set); err != nil {
				t.Fatal(err)
			}
			w.assigned(set, appMember, types.PrincipalTypeUser, jane)
		})
	}
}

func (w *world) suspend(s account.Status) error {
	w.update(func(tx store.Tx) error {
		a, err := tx.Account(appMember)
		if err != nil {
			return err
		}
		a.Status = s
		return tx.PutAccount(a)
	})
	return nil
}

const inline = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}`

// behaviours.md 1.7: at most 15 assignments are under way, and what waits is not
// taken away under the worker's hands.
func TestAssignmentsUnderWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sets := make([]string, access.MaxAssignmentRequests+1)
	for i := range sets {
		sets[i] = w.set(fmt.Sprintf("Set%02d", i))
	}
	for _, s := range sets[:access.MaxAssignmentRequests] {
		if _, err := w.assign(appManagement, s, appMember, types.PrincipalTypeUser, jane); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.assign(appManagement, sets[15], appMember, types.PrincipalTypeUser, jane)
	w.expect("one more", err, "ThrottlingException", "At most 15 account assignments may be created or deleted at a time. Try again later.")
	_, err = w.unassign(appManagement, sets[0], appMember, types.PrincipalTypeUser, jane)
	if err == nil || !strings.Contains(err.Error(), "ConflictException") {
		t.Errorf("taking away what is being made: %v", err)
	}
	w.work()
	if _, err = w.assign(appManagement, sets[15], appMember, types.PrincipalTypeUser, jane); err != nil {
		t.Errorf("room again: %v", err)
	}
	// The list has them, newest first, by page and by state.
	var all int
	for token := (*string)(nil); ; {
		out, err := w.service.ListAccountAssignmentCreationStatus(t.Context(), w.by(appManagement, "List"), &ssoadmin.ListAccountAssignmentCreationStatusInput{
			InstanceArn: aws.String(appInstance), MaxResults: aws.Int32(7), NextToken: token, Filter: &types.OperationStatusFilter{Status: types.StatusValuesSucceeded},
		})
		if err != nil {
			t.Fatal(err)
		}
		all += len(out.AccountAssignmentsCreationStatus)
		if token = out.NextToken; token == nil {
			break
		}
	}
	if all != access.MaxAssignmentRequests {
		t.Errorf("%d have succeeded", all)
	}

	// What became of them is told for 90 days; the one that is not done stays.
	later := w.by(appManagement, "List")
	later.Now = appStart.Add(90 * 24 * time.Hour)
	out, err := w.service.ListAccountAssignmentCreationStatus(t.Context(), later, &ssoadmin.ListAccountAssignmentCreationStatusInput{InstanceArn: aws.String(appInstance)})
	if err != nil || len(out.AccountAssignmentsCreationStatus) != 1 || out.AccountAssignmentsCreationStatus[0].Status != types.StatusValuesInProgress {
		t.Errorf("after 90 days: %v, %v", out, err)
	}
	var id string
	w.update(func(tx store.Tx) error {
		kept, err := tx.AccessRequests("ssoins-0123456789abcdef", access.AssignRequest, access.Succeeded, page.Request{Limit: 1})
		id = kept.Items[0].ID
		return err
	})
	_, err = w.service.DescribeAccountAssignmentCreationStatus(t.Context(), later, &ssoadmin.DescribeAccountAssignmentCreationStatusInput{
		InstanceArn: aws.String(appInstance), AccountAssignmentCreationRequestId: &id,
	})
	w.expect("one of them", err, "ResourceNotFoundException", "Could not find a request with id "+id)
}

// F-09, behaviours.md 6.4: the delegated administrator assigns, except in the
// management account and what is provisioned there.
func TestDelegatedAdministrator(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set, root := w.set("Admin"), w.set("Root")
	w.assigned(root, appManagement, types.PrincipalTypeUser, jane)
	_, err := w.assign(appMember, set, appMember, types.PrincipalTypeUser, jane)
	w.expect("before", err, "AccessDeniedException", notYours)
	w.delegate()
	if _, err := w.assign(appMember, set, appMember, types.PrincipalTypeUser, jane); err != nil {
		t.Errorf("in its own account: %v", err)
	}
	const refused = "You can't delete, modify, remove or assign access to permission sets provisioned in the management account"
	_, err = w.assign(appMember, set, appManagement, types.PrincipalTypeUser, jane)
	w.expect("in the management account", err, "AccessDeniedException", refused)
	_, err = w.unassign(appMember, root, appManagement, types.PrincipalTypeUser, jane)
	w.expect("out of the management account", err, "AccessDeniedException", refused)
	_, err = w.service.PutInlinePolicyToPermissionSet(t.Context(), w.by(appMember, "Put"),
		&ssoadmin.PutInlinePolicyToPermissionSetInput{InstanceArn: aws.String(appInstance), PermissionSetArn: &root, InlinePolicy: aws.String(inline)})
	w.expect("a set of the management account", err, "AccessDeniedException", refused)
	_, err = w.service.ProvisionPermissionSet(t.Context(), w.by(appMember, "Provision"),
		&ssoadmin.ProvisionPermissionSetInput{InstanceArn: aws.String(appInstance), PermissionSetArn: &root, TargetType: types.ProvisionTargetTypeAllProvisionedAccounts})
	w.expect("provisioning it", err, "AccessDeniedException", refused)
	_, err = w.service.DeleteInstance(t.Context(), w.by(appMember, "DeleteInstance"), &ssoadmin.DeleteInstanceInput{InstanceArn: aws.String(appInstance)})
	w.expect("deleting the instance", err, "AccessDeniedException", "An instance can be deleted only by the account that owns it.")
}

// What a user is assigned counts what the groups are, whatever the pages' size.
func TestListAssignmentsForPrincipal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := w.set("One"), w.set("Two")
	w.assigned(one, appMember, types.PrincipalTypeUser, jane)
	w.assigned(two, appManagement, types.PrincipalTypeGroup, admins)
	w.assigned(two, appMember, types.PrincipalTypeGroup, admins)
	list := func(kind types.PrincipalType, principal, account string, size int32) string {
		var all []string
		for token := (*string)(nil); ; {
			in := &ssoadmin.ListAccountAssignmentsForPrincipalInput{
				InstanceArn: aws.String(appInstance), PrincipalType: kind, PrincipalId: &principal, MaxResults: &size, NextToken: token,
			}
			if account != "" {
				in.Filter = &types.ListAccountAssignmentsFilter{AccountId: &account}
			}
			out, err := w.service.ListAccountAssignmentsForPrincipal(t.Context(), w.by(appManagement, "List"), in)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range out.AccountAssignments {
				name := map[string]string{one: "one", two: "two"}[*a.PermissionSetArn]
				all = append(all, name+" "+*a.AccountId+" "+string(a.PrincipalType))
			}
			if token = out.NextToken; token == nil {
				return strings.Join(all, ", ")
			}
		}
	}
	groups := "two " + appManagement + " GROUP, two " + appMember + " GROUP"
	for size := int32(1); size < 5; size++ {
		if got, want := list(types.PrincipalTypeUser, jane, "", size), "one "+appMember+" USER, "+groups; got != want {
			t.Errorf("jane by %d: %s", size, got)
		}
		if got := list(types.PrincipalTypeGroup, admins, "", size); got != groups {
			t.Errorf("admins by %d: %s", size, got)
		}
		if got := list(types.PrincipalTypeUser, jane, appManagement, size); got != "two "+appManagement+" GROUP" {
			t.Errorf("jane in one account by %d: %s", size, got)
		}
	}
	out, err := w.service.ListAccountAssignments(t.Context(), w.by(appManagement, "List"),
		&ssoadmin.ListAccountAssignmentsInput{InstanceArn: aws.String(appInstance), AccountId: aws.String(appMember), PermissionSetArn: &two})
	if err != nil || len(out.AccountAssignments) != 1 || *out.AccountAssignments[0].PrincipalId != admins || out.NextToken != nil {
		t.Errorf("of a set in an account: %+v, %v", out, err)
	}
}
