package compat

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestCLIAdministratorsSide is the setup guide's second part with Debian's CLI: an
// administrator puts the accounts into units and under a policy, adds a person and a
// group, makes a permission set, assigns it and watches it come to the accounts, is
// told why what is wrong is wrong, and takes it all back (F-07, F-08, G-32, G-33,
// G-44, G-46).
func TestCLIAdministratorsSide(t *testing.T) {
	t.Parallel()
	s := startOrganization(t)
	c := newCLI(t, s)
	c.profile("admin", managementRoot)

	// Organizations.
	root := c.text("admin", "organizations list-roots", "Roots[0].Id")
	matches(t, "the root's id", root, `r-[0-9a-z]{4,32}`)
	unit := c.text("admin", "organizations create-organizational-unit --name Workloads --parent-id "+root, "OrganizationalUnit.Id")
	c.refused("admin", `An error occurred \(DuplicateOrganizationalUnitException\) when calling the CreateOrganizationalUnit operation: .+`,
		"organizations create-organizational-unit --name Workloads --parent-id "+root)
	c.ok("admin", "organizations move-account --account-id "+production+" --source-parent-id "+root+" --destination-parent-id "+unit)
	if got := c.text("admin", "organizations list-accounts-for-parent --parent-id "+unit, "Accounts[].Id"); got != production {
		t.Errorf("in the unit are %s", got)
	}
	c.refused("admin", `An error occurred \(OrganizationalUnitNotEmptyException\) .+`, "organizations delete-organizational-unit --organizational-unit-id "+unit)
	policy := c.text("admin", "organizations create-policy --type SERVICE_CONTROL_POLICY --name NoUsers --description x", "Policy.PolicySummary.Id",
		"--content", document(map[string]any{"Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"}))
	c.ok("admin", "organizations attach-policy --policy-id "+policy+" --target-id "+unit)
	c.refused("root", `An error occurred \(AccessDenied\) when calling the CreateUser operation: .+ with an explicit deny in a service control policy.*`, "iam create-user --user-name x")
	c.ok("admin", "organizations detach-policy --policy-id "+policy+" --target-id "+unit)
	c.ok("root", "iam create-user --user-name x")
	c.refused("root", `An error occurred \(AccessDeniedException\) .+`, "organizations list-accounts")
	// Pages by the CLI's own token.
	page := c.text("admin", "organizations list-accounts --max-items 2 --page-size 1", "NextToken")
	if page == "None" || page == "" {
		t.Error("there is no next page of four accounts")
	}
	all := strings.Fields(c.text("admin", "organizations list-accounts --page-size 1", "Accounts[].Id"))
	slices.Sort(all)
	if want := []string{management, sandbox, production, staging}; !slices.Equal(all, want) {
		t.Errorf("the accounts are %q", all)
	}
	status := c.text("admin", "organizations create-account --account-name New --email new@example.com", "CreateAccountStatus.Id")
	eventually(t, "the account is created", func() bool {
		return c.text("admin", "organizations describe-create-account-status --create-account-request-id "+status, "CreateAccountStatus.State") == "SUCCEEDED"
	})

	// The directory.
	instance, store := theInstance(t, s), theStore(t, s)
	of, directory := " --instance-arn "+instance, " --identity-store-id "+store
	kim := c.text("admin", "identitystore create-user --user-name kim --display-name Kim"+directory, "UserId",
		"--name", "GivenName=Kim,FamilyName=Lee", "--emails", "Value=kim@example.com,Type=work,Primary=true")
	c.refused("admin", `An error occurred \(ConflictException\) .+`, "identitystore create-user --user-name KIM --display-name Kim --name GivenName=Kim,FamilyName=Lee"+directory)
	group := c.text("admin", "identitystore create-group --display-name Operators"+directory, "GroupId")
	c.ok("admin", "identitystore create-group-membership --group-id "+group+" --member-id UserId="+kim+directory)
	if got := c.text("admin", "identitystore get-user-id"+directory, "UserId", "--alternate-identifier", `{"UniqueAttribute":{"AttributePath":"UserName","AttributeValue":"kim"}}`); got != kim {
		t.Errorf("kim is %s, want %s", got, kim)
	}
	c.ok("admin", "identitystore update-user --user-id "+kim+directory, "--operations", `[{"AttributePath":"title","AttributeValue":"Engineer"},{"AttributePath":"name.familyName","AttributeValue":"Park"}]`)
	if got := c.text("admin", "identitystore describe-user --user-id "+kim+directory, "[Title,Name.FamilyName,Emails[0].Value]"); got != "Engineer\tPark\tkim@example.com" {
		t.Errorf("kim is %q", got)
	}
	if got := c.text("admin", "identitystore is-member-in-groups --group-ids "+group+" --member-id UserId="+kim+directory, "Results[0].MembershipExists"); got != "True" {
		t.Errorf("kim is in the group: %s", got)
	}

	// Permission sets and assignments.
	set := c.text("admin", "sso-admin create-permission-set --name Operator --session-duration PT4H --tags Key=team,Value=blue"+of, "PermissionSet.PermissionSetArn")
	c.ok("admin", "sso-admin attach-managed-policy-to-permission-set --managed-policy-arn "+readOnlyAccess+" --permission-set-arn "+set+of)
	inline := allow("s3:GetObject")
	c.ok("admin", "sso-admin put-inline-policy-to-permission-set --permission-set-arn "+set+of, "--inline-policy", inline)
	if got := c.text("admin", "sso-admin get-inline-policy-for-permission-set --permission-set-arn "+set+of, "InlinePolicy"); got != inline {
		t.Errorf("the inline policy is %s", got)
	}
	to := " --target-type AWS_ACCOUNT --principal-type GROUP --principal-id " + group + " --permission-set-arn " + set + of
	var request struct {
		AccountAssignmentCreationStatus struct{ Status, RequestId, TargetId string }
	}
	c.json(&request, "admin", "sso-admin create-account-assignment --target-id "+production+to)
	eventually(t, "the group is assigned", func() bool {
		return c.text("admin", "sso-admin describe-account-assignment-creation-status --account-assignment-creation-request-id "+request.AccountAssignmentCreationStatus.RequestId+of,
			"AccountAssignmentCreationStatus.Status") == "SUCCEEDED"
	})
	roles := reservedRoles(t, s, productionRoot)
	if len(roles) != 1 || !strings.HasPrefix(roles[0], "AWSReservedSSO_Operator_") {
		t.Errorf("the roles are %q", roles)
	}
	var policies struct{ PolicyNames []string }
	c.json(&policies, "root", "iam list-role-policies --role-name "+roles[0])
	if len(policies.PolicyNames) != 1 {
		t.Errorf("the role's inline policies are %q", policies.PolicyNames)
	}
	c.refused("root", `An error occurred \(UnmodifiableEntity\) .+`, "iam delete-role --role-name "+roles[0])
	c.refused("admin", `An error occurred \(ConflictException\) .+`, "sso-admin delete-permission-set --permission-set-arn "+set+of)
	c.ok("admin", "sso-admin delete-inline-policy-from-permission-set --permission-set-arn "+set+of)
	provision := c.text("admin", "sso-admin provision-permission-set --target-type AWS_ACCOUNT --target-id "+production+" --permission-set-arn "+set+of, "PermissionSetProvisioningStatus.RequestId")
	eventually(t, "the set is provisioned again", func() bool {
		return c.text("admin", "sso-admin describe-permission-set-provisioning-status --provision-permission-set-request-id "+provision+of, "PermissionSetProvisioningStatus.Status") == "SUCCEEDED"
	})
	c.json(&policies, "root", "iam list-role-policies --role-name "+roles[0])
	if len(policies.PolicyNames) != 0 {
		t.Errorf("the role's inline policies are %q after it was provisioned again", policies.PolicyNames)
	}
	gone := c.text("admin", "sso-admin delete-account-assignment --target-id "+production+to, "AccountAssignmentDeletionStatus.RequestId")
	eventually(t, "the group is not assigned", func() bool {
		return c.text("admin", "sso-admin describe-account-assignment-deletion-status --account-assignment-deletion-request-id "+gone+of, "AccountAssignmentDeletionStatus.Status") == "SUCCEEDED"
	})
	eventually(t, "the role is gone", func() bool { return len(reservedRoles(t, s, productionRoot)) == 0 })
	c.ok("admin", "sso-admin delete-permission-set --permission-set-arn "+set+of)
	c.refused("admin", `An error occurred \(ResourceNotFoundException\) .+`, "sso-admin describe-permission-set --permission-set-arn "+set+of)

	// Attributes for access control and the instance.
	var instances struct{ Instances []map[string]json.RawMessage }
	c.json(&instances, "admin", "sso-admin list-instances")
	if len(instances.Instances) != 1 {
		t.Errorf("%d instances", len(instances.Instances))
	}
	c.ok("admin", "sso-admin create-instance-access-control-attribute-configuration"+of, "--instance-access-control-attribute-configuration",
		`{"AccessControlAttributes":[{"Key":"team","Value":{"Source":["${path:enterprise.department}"]}}]}`)
	if got := c.text("admin", "sso-admin describe-instance-access-control-attribute-configuration"+of, "[Status,InstanceAccessControlAttributeConfiguration.AccessControlAttributes[0].Key]"); got != "ENABLED\tteam" {
		t.Errorf("attributes: %q", got)
	}
	c.ok("admin", "sso-admin delete-instance-access-control-attribute-configuration"+of)
	c.ok("admin", "identitystore delete-group --group-id "+group+directory)
	c.ok("admin", "identitystore delete-user --user-id "+kim+directory)
	c.refused("admin", `An error occurred \(ResourceNotFoundException\) .+`, "identitystore describe-user --user-id "+kim+directory)
}
