package compat

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	istypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	domain "sekisho/internal/iam"
	"sekisho/internal/store"
	"sekisho/test/compat/harness"
)

// center is an administrator of an Identity Center instance.
type center struct {
	t        *testing.T
	s        *harness.Server
	c        *ssoadmin.Client
	instance *string
}

func newCenter(t *testing.T, s *harness.Server) *center {
	t.Helper()
	return &center{t: t, s: s, c: ssoadminClient(s, managementRoot.provider()), instance: aws.String(theInstance(t, s))}
}

func (c *center) set(name string) *string {
	c.t.Helper()
	return must[*ssoadmin.CreatePermissionSetOutput](c.t)(c.c.CreatePermissionSet(c.t.Context(), &ssoadmin.CreatePermissionSetInput{InstanceArn: c.instance, Name: &name})).PermissionSet.PermissionSetArn
}

// assign assigns a set and waits; it returns how that ended.
func (c *center) assign(set *string, account string, user *string) types.AccountAssignmentOperationStatus {
	c.t.Helper()
	request := must[*ssoadmin.CreateAccountAssignmentOutput](c.t)(c.c.CreateAccountAssignment(c.t.Context(), &ssoadmin.CreateAccountAssignmentInput{
		InstanceArn: c.instance, PermissionSetArn: set, TargetId: &account, TargetType: types.TargetTypeAwsAccount, PrincipalId: user, PrincipalType: types.PrincipalTypeUser,
	})).AccountAssignmentCreationStatus.RequestId
	var status types.AccountAssignmentOperationStatus
	eventually(c.t, "the assignment ends", func() bool {
		status = *must[*ssoadmin.DescribeAccountAssignmentCreationStatusOutput](c.t)(c.c.DescribeAccountAssignmentCreationStatus(c.t.Context(), &ssoadmin.DescribeAccountAssignmentCreationStatusInput{
			InstanceArn: c.instance, AccountAssignmentCreationRequestId: request,
		})).AccountAssignmentCreationStatus
		return status.Status != types.StatusValuesInProgress
	})
	return status
}

// unassign takes an assignment back and waits.
func (c *center) unassign(set *string, account string, user *string) types.StatusValues {
	c.t.Helper()
	request := must[*ssoadmin.DeleteAccountAssignmentOutput](c.t)(c.c.DeleteAccountAssignment(c.t.Context(), &ssoadmin.DeleteAccountAssignmentInput{
		InstanceArn: c.instance, PermissionSetArn: set, TargetId: &account, TargetType: types.TargetTypeAwsAccount, PrincipalId: user, PrincipalType: types.PrincipalTypeUser,
	})).AccountAssignmentDeletionStatus.RequestId
	var status types.StatusValues
	eventually(c.t, "the removal ends", func() bool {
		status = must[*ssoadmin.DescribeAccountAssignmentDeletionStatusOutput](c.t)(c.c.DescribeAccountAssignmentDeletionStatus(c.t.Context(), &ssoadmin.DescribeAccountAssignmentDeletionStatusInput{
			InstanceArn: c.instance, AccountAssignmentDeletionRequestId: request,
		})).AccountAssignmentDeletionStatus.Status
		return status != types.StatusValuesInProgress
	})
	return status
}

// provision asks to bring a set to all its accounts and returns the request.
func (c *center) provision(set *string) *string {
	c.t.Helper()
	return must[*ssoadmin.ProvisionPermissionSetOutput](c.t)(c.c.ProvisionPermissionSet(c.t.Context(), &ssoadmin.ProvisionPermissionSetInput{
		InstanceArn: c.instance, PermissionSetArn: set, TargetType: types.ProvisionTargetTypeAllProvisionedAccounts,
	})).PermissionSetProvisioningStatus.RequestId
}

func (c *center) provisioning(request *string) types.PermissionSetProvisioningStatus {
	c.t.Helper()
	return *must[*ssoadmin.DescribePermissionSetProvisioningStatusOutput](c.t)(c.c.DescribePermissionSetProvisioningStatus(c.t.Context(), &ssoadmin.DescribePermissionSetProvisioningStatusInput{
		InstanceArn: c.instance, ProvisionPermissionSetRequestId: request,
	})).PermissionSetProvisioningStatus
}

// current are the accounts that have the set as it is now.
func (c *center) current(set *string) (n int) {
	c.t.Helper()
	pages := ssoadmin.NewListAccountsForProvisionedPermissionSetPaginator(c.c, &ssoadmin.ListAccountsForProvisionedPermissionSetInput{
		InstanceArn: c.instance, PermissionSetArn: set, ProvisioningStatus: types.ProvisioningStatusLatestPermissionSetProvisioned,
	})
	for pages.HasMorePages() {
		n += len(must[*ssoadmin.ListAccountsForProvisionedPermissionSetOutput](c.t)(pages.NextPage(c.t.Context())).AccountIds)
	}
	return n
}

// together runs n calls at once and counts the codes with which they end, "" for
// success.
func together(n int, call func(i int) error) map[string]int {
	var mu sync.Mutex
	var all sync.WaitGroup
	codes, begin := make(map[string]int), make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-begin
			code := codeOfError(call(i))
			mu.Lock()
			defer mu.Unlock()
			codes[code]++
		})
	}
	close(begin)
	all.Wait()
	return codes
}

// TestRaceAssignments: two administrators who assign and take back the same at once
// leave it assigned with its role or neither, and nobody is told of a fault; so do
// two who create the same person (G-44, G-46).
func TestRaceAssignments(t *testing.T) {
	t.Parallel()
	s := startOrganization(t)
	c, jane := newCenter(t, s), personID(t, s, "jane")
	set, ctx := c.set("Operator"), t.Context()
	codes := together(16, func(i int) error {
		if i%2 == 0 {
			_, err := c.c.CreateAccountAssignment(ctx, &ssoadmin.CreateAccountAssignmentInput{
				InstanceArn: c.instance, PermissionSetArn: set, TargetId: aws.String(production), TargetType: types.TargetTypeAwsAccount, PrincipalId: jane, PrincipalType: types.PrincipalTypeUser,
			})
			return err
		}
		_, err := c.c.DeleteAccountAssignment(ctx, &ssoadmin.DeleteAccountAssignmentInput{
			InstanceArn: c.instance, PermissionSetArn: set, TargetId: aws.String(production), TargetType: types.TargetTypeAwsAccount, PrincipalId: jane, PrincipalType: types.PrincipalTypeUser,
		})
		return err
	})
	for code := range codes {
		if code != "" && code != "ConflictException" && code != "ResourceNotFoundException" {
			t.Errorf("assigning and taking back at once ends with %v", codes)
		}
	}
	eventually(t, "nothing is in progress", func() bool {
		created := must[*ssoadmin.ListAccountAssignmentCreationStatusOutput](t)(c.c.ListAccountAssignmentCreationStatus(ctx, &ssoadmin.ListAccountAssignmentCreationStatusInput{
			InstanceArn: c.instance, Filter: &types.OperationStatusFilter{Status: types.StatusValuesInProgress},
		})).AccountAssignmentsCreationStatus
		deleted := must[*ssoadmin.ListAccountAssignmentDeletionStatusOutput](t)(c.c.ListAccountAssignmentDeletionStatus(ctx, &ssoadmin.ListAccountAssignmentDeletionStatusInput{
			InstanceArn: c.instance, Filter: &types.OperationStatusFilter{Status: types.StatusValuesInProgress},
		})).AccountAssignmentsDeletionStatus
		return len(created)+len(deleted) == 0
	})
	eventually(t, "the role is there exactly if somebody is assigned", func() bool {
		assigned := must[*ssoadmin.ListAccountAssignmentsOutput](t)(c.c.ListAccountAssignments(ctx, &ssoadmin.ListAccountAssignmentsInput{
			InstanceArn: c.instance, PermissionSetArn: set, AccountId: aws.String(production),
		})).AccountAssignments
		return len(assigned) == len(reservedRoles(t, s, productionRoot))
	})

	people, directory := identitystoreClient(s, managementRoot.provider()), aws.String(theStore(t, s))
	codes = together(8, func(i int) error {
		_, err := people.CreateUser(ctx, &identitystore.CreateUserInput{
			IdentityStoreId: directory, UserName: aws.String([]string{"same", "SAME"}[i%2]), DisplayName: aws.String("x"), Name: &istypes.Name{GivenName: aws.String("x"), FamilyName: aws.String("x")},
		})
		return err
	})
	if codes[""] != 1 || codes["ConflictException"] != 7 {
		t.Errorf("eight who create the same person: %v", codes)
	}
	codes = together(8, func(int) error {
		_, err := c.c.CreatePermissionSet(ctx, &ssoadmin.CreatePermissionSetInput{InstanceArn: c.instance, Name: aws.String("Same")})
		return err
	})
	if codes[""] != 1 || codes["ConflictException"] != 7 {
		t.Errorf("eight who create the same permission set: %v", codes)
	}
}

// TestProvisioningFailsHalfway: a policy that is missing in one of three accounts and
// an account without room for another role end the request with the reason; what was
// there stays whole, and the same call succeeds when the reason is gone (G-44, G-50).
func TestProvisioningFailsHalfway(t *testing.T) {
	t.Parallel()
	s := startOrganization(t)
	c, jane, ctx := newCenter(t, s), personID(t, s, "jane"), t.Context()
	set := c.set("Operator")
	members := map[string]keys{production: productionRoot, staging: stagingRoot, sandbox: sandboxRoot}
	for id, root := range members {
		if id != staging {
			must[*iam.CreatePolicyOutput](t)(iamClient(s, root.provider()).CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("extra"), PolicyDocument: aws.String(allow("s3:*"))}))
		}
		if status := c.assign(set, id, jane); status.Status != types.StatusValuesSucceeded {
			t.Fatalf("assigning in %s: %s %s", id, status.Status, aws.ToString(status.FailureReason))
		}
	}
	must[*ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetOutput](t)(c.c.AttachCustomerManagedPolicyReferenceToPermissionSet(ctx, &ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetInput{
		InstanceArn: c.instance, PermissionSetArn: set, CustomerManagedPolicyReference: &types.CustomerManagedPolicyReference{Name: aws.String("extra")},
	}))
	inline := allow("iam:ListUsers")
	must[*ssoadmin.PutInlinePolicyToPermissionSetOutput](t)(c.c.PutInlinePolicyToPermissionSet(ctx, &ssoadmin.PutInlinePolicyToPermissionSetInput{InstanceArn: c.instance, PermissionSetArn: set, InlinePolicy: &inline}))
	ended := func() (status types.PermissionSetProvisioningStatus) {
		request := c.provision(set)
		eventually(t, "the provisioning ends", func() bool {
			status = c.provisioning(request)
			return status.Status != types.StatusValuesInProgress
		})
		return status
	}
	attached := func(id string) int {
		roles := reservedRoles(t, s, members[id])
		if len(roles) != 1 {
			t.Fatalf("%s has the roles %q", id, roles)
		}
		r := iamClient(s, members[id].provider())
		attachments := must[*iam.ListAttachedRolePoliciesOutput](t)(r.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: &roles[0]})).AttachedPolicies
		names := must[*iam.ListRolePoliciesOutput](t)(r.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: &roles[0]})).PolicyNames
		if len(attachments) != len(names) { // of the two changes both or neither
			t.Errorf("%s is half-done: %v and %v", id, attachments, names)
		}
		return len(attachments)
	}
	status := ended()
	if reason := aws.ToString(status.FailureReason); status.Status != types.StatusValuesFailed || !strings.Contains(reason, "extra") {
		t.Errorf("without the policy the provisioning ends with %s, %q", status.Status, reason)
	}
	if attached(staging) != 0 {
		t.Error("the account without the policy was changed")
	}
	attached(production)
	attached(sandbox)
	must[*iam.CreatePolicyOutput](t)(iamClient(s, stagingRoot.provider()).CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("extra"), PolicyDocument: aws.String(allow("s3:*"))}))
	if status := ended(); status.Status != types.StatusValuesSucceeded {
		t.Errorf("with the policy the provisioning ends with %s, %q", status.Status, aws.ToString(status.FailureReason))
	}
	for id := range members {
		if attached(id) != 1 {
			t.Errorf("%s does not have the set as it is", id)
		}
	}

	// An account that is full.
	other := c.set("Other")
	summary := summary(t, iamClient(s, sandboxRoot.provider()))
	inStore(t, s, func(tx store.Tx) error {
		for i := summary["Roles"]; i < summary["RolesQuota"]; i++ {
			if _, err := domain.CreateRole(tx, time.Now(), domain.Role{
				Account: sandbox, Path: "/", Name: fmt.Sprintf("r%d", i), MaxSessionSeconds: 3600, TrustPolicy: trust(sandbox),
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if status := c.assign(other, sandbox, jane); status.Status != types.StatusValuesFailed || aws.ToString(status.FailureReason) == "" {
		t.Errorf("in a full account the assignment ends with %s, %q", status.Status, aws.ToString(status.FailureReason))
	}
	if got := must[*ssoadmin.ListAccountAssignmentsOutput](t)(c.c.ListAccountAssignments(ctx, &ssoadmin.ListAccountAssignmentsInput{InstanceArn: c.instance, PermissionSetArn: other, AccountId: aws.String(sandbox)})).AccountAssignments; len(got) != 0 {
		t.Errorf("what failed is assigned: %v", got)
	}
	must[*iam.DeleteRoleOutput](t)(iamClient(s, sandboxRoot.provider()).DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: aws.String(fmt.Sprintf("r%d", summary["RolesQuota"]-1))}))
	if status := c.assign(other, sandbox, jane); status.Status != types.StatusValuesSucceeded {
		t.Errorf("with room for it the assignment ends with %s, %q", status.Status, aws.ToString(status.FailureReason))
	}
}

// TestProvisioningSurvivesPowerCut: the program is killed while it brings a changed
// set to 200 accounts, and started again: the request goes on where it was and its
// progress can be seen all the time (G-44).
func TestProvisioningSurvivesPowerCut(t *testing.T) {
	t.Parallel()
	const accounts = 200
	raw, err := os.ReadFile(organizationsFile)
	if err != nil {
		t.Fatal(err)
	}
	var more, assignments strings.Builder
	for i := range accounts {
		fmt.Fprintf(&more, "    - {id: \"5%011d\", name: Member%d, email: m%d@example.com}\n", i, i, i)
		fmt.Fprintf(&assignments, "    - {account: Member%d, permission_set: Operator, groups: [Admins]}\n", i)
	}
	text := strings.Replace(string(raw), "\nidentity_center:", more.String()+"\nidentity_center:", 1) +
		"  permission_sets:\n    - {name: Operator, managed_policies: [\"" + readOnlyAccess + "\"]}\n  assignments:\n" + assignments.String()
	file := filepath.Join(t.TempDir(), "org.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := harness.Start(t, file)
	c := newCenter(t, s)
	set := must[*ssoadmin.ListPermissionSetsOutput](t)(c.c.ListPermissionSets(t.Context(), &ssoadmin.ListPermissionSetsInput{InstanceArn: c.instance})).PermissionSets[0]
	if n := c.current(&set); n != accounts {
		t.Fatalf("%d accounts have the set", n)
	}
	inline := allow("iam:ListUsers")
	must[*ssoadmin.PutInlinePolicyToPermissionSetOutput](t)(c.c.PutInlinePolicyToPermissionSet(t.Context(), &ssoadmin.PutInlinePolicyToPermissionSetInput{InstanceArn: c.instance, PermissionSetArn: &set, InlinePolicy: &inline}))
	if n := c.current(&set); n != 0 {
		t.Errorf("%d accounts have the changed set already", n)
	}
	request := c.provision(&set)
	eventually(t, "an account has it", func() bool {
		return len(must[*ssoadmin.ListAccountsForProvisionedPermissionSetOutput](t)(c.c.ListAccountsForProvisionedPermissionSet(t.Context(), &ssoadmin.ListAccountsForProvisionedPermissionSetInput{
			InstanceArn: c.instance, PermissionSetArn: &set, ProvisioningStatus: types.ProvisioningStatusLatestPermissionSetProvisioned, MaxResults: aws.Int32(1),
		})).AccountIds) > 0
	})
	if status := c.provisioning(request); status.Status != types.StatusValuesInProgress {
		t.Skipf("the machine is too fast to be stopped in the middle: %s", status.Status)
	}
	s.Crash(t)
	status, before := c.provisioning(request), c.current(&set)
	t.Logf("after the crash %s with %d of %d", status.Status, before, accounts)
	for began := time.Now(); status.Status == types.StatusValuesInProgress && time.Since(began) < time.Minute; status = c.provisioning(request) {
		if now := c.current(&set); now < before {
			t.Fatalf("it went back from %d accounts to %d", before, now)
		} else {
			before = now
		}
	}
	if n := c.current(&set); status.Status != types.StatusValuesSucceeded || n != accounts {
		t.Errorf("it ended with %s %q and %d accounts", status.Status, aws.ToString(status.FailureReason), n)
	}
}
