package compat

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
)

// TestTerraformIdentityCenter takes everything of IAM Identity Center and of its
// directory through its life with Terraform itself: what was applied reads back
// equal, so that a second plan is empty, is changed in place, and goes; the roles
// come to the member account and go with the last assignment (G-32, G-33, G-46,
//
func TestTerraformIdentityCenter(t *testing.T) {
	t.Parallel()
	s := startOrganization(t)
	c := configure(t, s, "identitycenter", managementRoot, map[string]string{"member_key": productionRoot.ID, "member_secret": productionRoot.Secret})
	want := map[string]any{
		"user": "Lee", "email": "kim@example.com", "users": []any{"jane", "kim", "taro"}, "group": "They operate", "groups": []any{"Admins", "Operators"},
		"members": []any{true}, "set": "PT2H", "set_tags": map[string]any{"ManagedBy": "terraform", "Stage": "one", "Old": ""}, "sets": 2.0,
		"app": "ENABLED", "assigned": 1.0, "of_group": 1.0, "custom": true, "roles": 1.0, "attributes": "ENABLED",
	}
	c.apply("false", want)
	want["user"], want["email"], want["group"], want["groups"] = "Lee-Park", "kim.lee@example.com", "They operate: é & <b>", []any{"Admins", "Operators of all"}
	want["set"], want["set_tags"], want["app"] = "PT8H", map[string]any{"ManagedBy": "terraform", "Stage": "two", "team:name": "Ops + Café"}, "DISABLED"
	c.apply("true", want)
	c.destroy()

	ctx, instance, store := t.Context(), theInstance(t, s), theStore(t, s)
	admin, people := ssoadminClient(s, managementRoot.provider()), identitystoreClient(s, managementRoot.provider())
	if sets := must[*ssoadmin.ListPermissionSetsOutput](t)(admin.ListPermissionSets(ctx, &ssoadmin.ListPermissionSetsInput{InstanceArn: &instance})).PermissionSets; len(sets) != 0 {
		t.Errorf("permission sets are left: %v", sets)
	}
	if apps := must[*ssoadmin.ListApplicationsOutput](t)(admin.ListApplications(ctx, &ssoadmin.ListApplicationsInput{InstanceArn: &instance})).Applications; len(apps) != 0 {
		t.Errorf("applications are left: %v", apps)
	}
	if users := must[*identitystore.ListUsersOutput](t)(people.ListUsers(ctx, &identitystore.ListUsersInput{IdentityStoreId: &store})).Users; len(users) != 2 {
		t.Errorf("%d people are left", len(users))
	}
	eventually(t, "the reserved roles are gone", func() bool { return len(reservedRoles(t, s, productionRoot)) == 0 })
}
