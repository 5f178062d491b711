package compat

import (
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	isdocument "github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	istypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	sdkdocument "github.com/aws/aws-sdk-go-v2/service/ssoadmin/document"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/test/compat/harness"
)

// personID is the id of a person of the organisation file.
func personID(t testing.TB, s *harness.Server, name string) *string {
	t.Helper()
	store := theStore(t, s)
	return must[*identitystore.GetUserIdOutput](t)(identitystoreClient(s, managementRoot.provider()).GetUserId(t.Context(), &identitystore.GetUserIdInput{
		IdentityStoreId: &store, AlternateIdentifier: &istypes.AlternateIdentifierMemberUniqueAttribute{
			Value: istypes.UniqueAttribute{AttributePath: aws.String("userName"), AttributeValue: isdocument.NewLazyDocument(name)},
		},
	})).UserId
}

// TestGoPermissionSets calls every operation of IAM Identity Center that is not about
// applications by the Go SDK, and TestGoApplications the others: so that they succeed
// and so that they fail with an exception of their model; unions, documents and the
// states of what goes on in the background arrive as the SDK's types (G-33, G-44,
// G-46; behaviours.md 6).
func TestGoPermissionSets(t *testing.T) {
	t.Parallel()
	s := startOrganization(t)
	w := newWalk(t, ssoadminClient(s, managementRoot.provider()))
	member := w.as(ssoadminClient(s, productionRoot.provider()))
	text, instance, jane := aws.String, aws.String(theInstance(t, s)), personID(t, s, "jane")
	ofID := strings.TrimPrefix(*instance, "arn:aws:sso:::instance/")
	noInstance := text("arn:aws:sso:::instance/ssoins-0000000000000000") // refused like one of another organization
	noRequest := text("00000000-0000-4000-8000-000000000000")

	// Instances.
	own := does[*ssoadmin.CreateInstanceOutput](member, &ssoadmin.CreateInstanceInput{Name: text("own")}).InstanceArn
	member.fails("ConflictException", &ssoadmin.CreateInstanceInput{Name: text("own")})
	eventually(t, "the account's own instance is active", func() bool {
		return does[*ssoadmin.DescribeInstanceOutput](member, &ssoadmin.DescribeInstanceInput{InstanceArn: own}).Status == types.InstanceStatusActive
	})
	w.fails("AccessDeniedException", &ssoadmin.DescribeInstanceInput{InstanceArn: noInstance})
	member.do(&ssoadmin.UpdateInstanceInput{InstanceArn: own, Name: text("renamed")})
	member.fails("AccessDeniedException", &ssoadmin.UpdateInstanceInput{InstanceArn: instance, Name: text("mine")})
	w.do(&ssoadmin.ListInstancesInput{})
	w.fails("ValidationException", &ssoadmin.ListInstancesInput{NextToken: text("never given")})
	member.do(&ssoadmin.DeleteInstanceInput{InstanceArn: own})
	w.fails("AccessDeniedException", &ssoadmin.DeleteInstanceInput{InstanceArn: noInstance})
	w.do(&ssoadmin.AddRegionInput{InstanceArn: instance, RegionName: text("eu-west-1")})
	w.fails("ConflictException", &ssoadmin.AddRegionInput{InstanceArn: instance, RegionName: text("eu-west-1")})
	w.do(&ssoadmin.DescribeRegionInput{InstanceArn: instance, RegionName: text("eu-west-1")})
	w.fails("ResourceNotFoundException", &ssoadmin.DescribeRegionInput{InstanceArn: instance, RegionName: text("eu-west-2")})
	w.do(&ssoadmin.ListRegionsInput{InstanceArn: instance})
	w.fails("AccessDeniedException", &ssoadmin.ListRegionsInput{InstanceArn: noInstance})
	eventually(t, "the region is removed", func() bool {
		_, _, err := w.call(&ssoadmin.RemoveRegionInput{InstanceArn: instance, RegionName: text("eu-west-1")})
		w.ok["RemoveRegion"] = err == nil
		return err == nil
	})
	w.fails("ResourceNotFoundException", &ssoadmin.RemoveRegionInput{InstanceArn: instance, RegionName: text("eu-west-2")})

	// Permission sets.
	create := &ssoadmin.CreatePermissionSetInput{
		InstanceArn: instance, Name: text("Operator"), Description: text("Operates"), SessionDuration: text("PT2H"),
		RelayState: text("https://console.aws.amazon.com/s3/home"), Tags: []types.Tag{{Key: text("team"), Value: text("blue")}},
	}
	set := does[*ssoadmin.CreatePermissionSetOutput](w, create).PermissionSet.PermissionSetArn
	noSet := text("arn:aws:sso:::permissionSet/" + ofID + "/ps-0000000000000000")
	w.fails("ConflictException", create)
	w.do(&ssoadmin.UpdatePermissionSetInput{InstanceArn: instance, PermissionSetArn: set, SessionDuration: text("PT8H")})
	w.fails("ResourceNotFoundException", &ssoadmin.UpdatePermissionSetInput{InstanceArn: instance, PermissionSetArn: noSet, SessionDuration: text("PT8H")})
	if got := does[*ssoadmin.DescribePermissionSetOutput](w, &ssoadmin.DescribePermissionSetInput{InstanceArn: instance, PermissionSetArn: set}).PermissionSet; *got.SessionDuration != "PT8H" || got.CreatedDate.IsZero() {
		t.Errorf("the permission set is %+v", got)
	}
	w.fails("ResourceNotFoundException", &ssoadmin.DescribePermissionSetInput{InstanceArn: instance, PermissionSetArn: noSet})
	w.do(&ssoadmin.ListPermissionSetsInput{InstanceArn: instance})
	w.fails("AccessDeniedException", &ssoadmin.ListPermissionSetsInput{InstanceArn: noInstance})

	w.do(&ssoadmin.AttachManagedPolicyToPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, ManagedPolicyArn: text(readOnlyAccess)})
	w.fails("ConflictException", &ssoadmin.AttachManagedPolicyToPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, ManagedPolicyArn: text(readOnlyAccess)})
	w.do(&ssoadmin.ListManagedPoliciesInPermissionSetInput{InstanceArn: instance, PermissionSetArn: set})
	w.fails("ResourceNotFoundException", &ssoadmin.ListManagedPoliciesInPermissionSetInput{InstanceArn: instance, PermissionSetArn: noSet})
	w.do(&ssoadmin.DetachManagedPolicyFromPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, ManagedPolicyArn: text(readOnlyAccess)})
	w.fails("ResourceNotFoundException", &ssoadmin.DetachManagedPolicyFromPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, ManagedPolicyArn: text(readOnlyAccess)})
	reference := &types.CustomerManagedPolicyReference{Name: text("extra"), Path: text("/ops/")}
	w.do(&ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, CustomerManagedPolicyReference: reference})
	w.fails("ConflictException", &ssoadmin.AttachCustomerManagedPolicyReferenceToPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, CustomerManagedPolicyReference: reference})
	w.do(&ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput{InstanceArn: instance, PermissionSetArn: set})
	w.fails("ResourceNotFoundException", &ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput{InstanceArn: instance, PermissionSetArn: noSet})
	w.do(&ssoadmin.DetachCustomerManagedPolicyReferenceFromPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, CustomerManagedPolicyReference: reference})
	w.fails("ResourceNotFoundException", &ssoadmin.DetachCustomerManagedPolicyReferenceFromPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, CustomerManagedPolicyReference: reference})
	inline := allow("iam:ListUsers")
	w.do(&ssoadmin.PutInlinePolicyToPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, InlinePolicy: &inline})
	w.fails("ValidationException", &ssoadmin.PutInlinePolicyToPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, InlinePolicy: text("{")})
	if got := does[*ssoadmin.GetInlinePolicyForPermissionSetOutput](w, &ssoadmin.GetInlinePolicyForPermissionSetInput{InstanceArn: instance, PermissionSetArn: set}).InlinePolicy; *got != inline {
		t.Errorf("the inline policy is %s", *got)
	}
	w.fails("ResourceNotFoundException", &ssoadmin.GetInlinePolicyForPermissionSetInput{InstanceArn: instance, PermissionSetArn: noSet})
	w.do(&ssoadmin.DeleteInlinePolicyFromPermissionSetInput{InstanceArn: instance, PermissionSetArn: set})
	w.fails("ResourceNotFoundException", &ssoadmin.DeleteInlinePolicyFromPermissionSetInput{InstanceArn: instance, PermissionSetArn: noSet})
	boundary := &types.PermissionsBoundary{ManagedPolicyArn: text(readOnlyAccess)}
	w.fails("ResourceNotFoundException", &ssoadmin.GetPermissionsBoundaryForPermissionSetInput{InstanceArn: instance, PermissionSetArn: set})
	w.do(&ssoadmin.PutPermissionsBoundaryToPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, PermissionsBoundary: boundary})
	w.fails("ValidationException", &ssoadmin.PutPermissionsBoundaryToPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, PermissionsBoundary: &types.PermissionsBoundary{}})
	if got := does[*ssoadmin.GetPermissionsBoundaryForPermissionSetOutput](w, &ssoadmin.GetPermissionsBoundaryForPermissionSetInput{InstanceArn: instance, PermissionSetArn: set}).PermissionsBoundary; got == nil || *got.ManagedPolicyArn != readOnlyAccess {
		t.Errorf("the boundary is %+v", got)
	}
	w.do(&ssoadmin.DeletePermissionsBoundaryFromPermissionSetInput{InstanceArn: instance, PermissionSetArn: set})
	w.fails("ResourceNotFoundException", &ssoadmin.DeletePermissionsBoundaryFromPermissionSetInput{InstanceArn: instance, PermissionSetArn: noSet})
	w.do(&ssoadmin.TagResourceInput{InstanceArn: instance, ResourceArn: set, Tags: []types.Tag{{Key: text("a"), Value: text("1")}}})
	w.fails("ResourceNotFoundException", &ssoadmin.TagResourceInput{InstanceArn: instance, ResourceArn: noSet, Tags: []types.Tag{{Key: text("a"), Value: text("1")}}})
	if got := does[*ssoadmin.ListTagsForResourceOutput](w, &ssoadmin.ListTagsForResourceInput{InstanceArn: instance, ResourceArn: set}).Tags; len(got) != 2 {
		t.Errorf("the tags are %v", got)
	}
	w.fails("ResourceNotFoundException", &ssoadmin.ListTagsForResourceInput{InstanceArn: instance, ResourceArn: noSet})
	w.do(&ssoadmin.UntagResourceInput{InstanceArn: instance, ResourceArn: set, TagKeys: []string{"a"}})
	w.fails("ResourceNotFoundException", &ssoadmin.UntagResourceInput{InstanceArn: instance, ResourceArn: noSet, TagKeys: []string{"a"}})

	// Assignments.
	assign := &ssoadmin.CreateAccountAssignmentInput{InstanceArn: instance, PermissionSetArn: set, PrincipalId: jane, PrincipalType: types.PrincipalTypeUser, TargetId: text(production), TargetType: types.TargetTypeAwsAccount}
	creation := does[*ssoadmin.CreateAccountAssignmentOutput](w, assign).AccountAssignmentCreationStatus
	eventually(t, "jane is assigned", func() bool {
		got := does[*ssoadmin.DescribeAccountAssignmentCreationStatusOutput](w, &ssoadmin.DescribeAccountAssignmentCreationStatusInput{InstanceArn: instance, AccountAssignmentCreationRequestId: creation.RequestId})
		return got.AccountAssignmentCreationStatus.Status == types.StatusValuesSucceeded
	})
	w.fails("ResourceNotFoundException", &ssoadmin.DescribeAccountAssignmentCreationStatusInput{InstanceArn: instance, AccountAssignmentCreationRequestId: noRequest})
	wrong := *assign
	wrong.PermissionSetArn = noSet
	w.fails("ResourceNotFoundException", &wrong)
	w.do(&ssoadmin.ListAccountAssignmentCreationStatusInput{InstanceArn: instance, Filter: &types.OperationStatusFilter{Status: types.StatusValuesSucceeded}})
	w.fails("AccessDeniedException", &ssoadmin.ListAccountAssignmentCreationStatusInput{InstanceArn: noInstance})
	if got := does[*ssoadmin.ListAccountAssignmentsOutput](w, &ssoadmin.ListAccountAssignmentsInput{InstanceArn: instance, PermissionSetArn: set, AccountId: text(production)}).AccountAssignments; len(got) != 1 || *got[0].PrincipalId != *jane {
		t.Errorf("the assignments are %+v", got)
	}
	w.fails("ResourceNotFoundException", &ssoadmin.ListAccountAssignmentsInput{InstanceArn: instance, PermissionSetArn: noSet, AccountId: text(production)})
	w.do(&ssoadmin.ListAccountAssignmentsForPrincipalInput{InstanceArn: instance, PrincipalId: jane, PrincipalType: types.PrincipalTypeUser})
	w.fails("AccessDeniedException", &ssoadmin.ListAccountAssignmentsForPrincipalInput{InstanceArn: noInstance, PrincipalId: jane, PrincipalType: types.PrincipalTypeUser})
	provision := does[*ssoadmin.ProvisionPermissionSetOutput](w, &ssoadmin.ProvisionPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, TargetType: types.ProvisionTargetTypeAllProvisionedAccounts}).PermissionSetProvisioningStatus
	w.fails("ResourceNotFoundException", &ssoadmin.ProvisionPermissionSetInput{InstanceArn: instance, PermissionSetArn: noSet, TargetType: types.ProvisionTargetTypeAllProvisionedAccounts})
	eventually(t, "the set is provisioned", func() bool {
		got := does[*ssoadmin.DescribePermissionSetProvisioningStatusOutput](w, &ssoadmin.DescribePermissionSetProvisioningStatusInput{InstanceArn: instance, ProvisionPermissionSetRequestId: provision.RequestId})
		return got.PermissionSetProvisioningStatus.Status == types.StatusValuesSucceeded
	})
	w.fails("ResourceNotFoundException", &ssoadmin.DescribePermissionSetProvisioningStatusInput{InstanceArn: instance, ProvisionPermissionSetRequestId: noRequest})
	w.do(&ssoadmin.ListPermissionSetProvisioningStatusInput{InstanceArn: instance})
	w.fails("AccessDeniedException", &ssoadmin.ListPermissionSetProvisioningStatusInput{InstanceArn: noInstance})
	if got := does[*ssoadmin.ListAccountsForProvisionedPermissionSetOutput](w, &ssoadmin.ListAccountsForProvisionedPermissionSetInput{InstanceArn: instance, PermissionSetArn: set}).AccountIds; !reflect.DeepEqual(got, []string{production}) {
		t.Errorf("the accounts of the set are %v", got)
	}
	w.fails("ResourceNotFoundException", &ssoadmin.ListAccountsForProvisionedPermissionSetInput{InstanceArn: instance, PermissionSetArn: noSet})
	w.do(&ssoadmin.ListPermissionSetsProvisionedToAccountInput{InstanceArn: instance, AccountId: text(production)})
	w.fails("AccessDeniedException", &ssoadmin.ListPermissionSetsProvisionedToAccountInput{InstanceArn: noInstance, AccountId: text(production)})
	w.fails("ConflictException", &ssoadmin.DeletePermissionSetInput{InstanceArn: instance, PermissionSetArn: set})
	unassign := &ssoadmin.DeleteAccountAssignmentInput{InstanceArn: instance, PermissionSetArn: set, PrincipalId: jane, PrincipalType: types.PrincipalTypeUser, TargetId: text(production), TargetType: types.TargetTypeAwsAccount}
	deletion := does[*ssoadmin.DeleteAccountAssignmentOutput](w, unassign).AccountAssignmentDeletionStatus
	eventually(t, "jane is not assigned", func() bool {
		got := does[*ssoadmin.DescribeAccountAssignmentDeletionStatusOutput](w, &ssoadmin.DescribeAccountAssignmentDeletionStatusInput{InstanceArn: instance, AccountAssignmentDeletionRequestId: deletion.RequestId})
		return got.AccountAssignmentDeletionStatus.Status == types.StatusValuesSucceeded
	})
	unassign.PermissionSetArn = noSet
	w.fails("ResourceNotFoundException", unassign)
	w.fails("ResourceNotFoundException", &ssoadmin.DescribeAccountAssignmentDeletionStatusInput{InstanceArn: instance, AccountAssignmentDeletionRequestId: noRequest})
	w.do(&ssoadmin.ListAccountAssignmentDeletionStatusInput{InstanceArn: instance})
	w.fails("AccessDeniedException", &ssoadmin.ListAccountAssignmentDeletionStatusInput{InstanceArn: noInstance})

	// Attributes.
	attributes := &types.InstanceAccessControlAttributeConfiguration{AccessControlAttributes: []types.AccessControlAttribute{
		{Key: text("CostCenter"), Value: &types.AccessControlAttributeValue{Source: []string{"${path:enterprise.costCenter}"}}},
	}}
	w.fails("ResourceNotFoundException", &ssoadmin.DescribeInstanceAccessControlAttributeConfigurationInput{InstanceArn: instance})
	w.fails("ResourceNotFoundException", &ssoadmin.UpdateInstanceAccessControlAttributeConfigurationInput{InstanceArn: instance, InstanceAccessControlAttributeConfiguration: attributes})
	w.do(&ssoadmin.CreateInstanceAccessControlAttributeConfigurationInput{InstanceArn: instance, InstanceAccessControlAttributeConfiguration: attributes})
	w.fails("ConflictException", &ssoadmin.CreateInstanceAccessControlAttributeConfigurationInput{InstanceArn: instance, InstanceAccessControlAttributeConfiguration: attributes})
	w.do(&ssoadmin.UpdateInstanceAccessControlAttributeConfigurationInput{InstanceArn: instance, InstanceAccessControlAttributeConfiguration: attributes})
	w.do(&ssoadmin.DescribeInstanceAccessControlAttributeConfigurationInput{InstanceArn: instance})
	w.do(&ssoadmin.DeleteInstanceAccessControlAttributeConfigurationInput{InstanceArn: instance})
	w.fails("ResourceNotFoundException", &ssoadmin.DeleteInstanceAccessControlAttributeConfigurationInput{InstanceArn: instance})

	w.do(&ssoadmin.DeletePermissionSetInput{InstanceArn: instance, PermissionSetArn: set})
	w.whole(applicationOperations)
}

// applicationOperations are those of TestGoApplications.
var applicationOperations = []string{
	"CreateApplication", "CreateApplicationAssignment", "CreateTrustedTokenIssuer", "DeleteApplication", "DeleteApplicationAccessScope", "DeleteApplicationAssignment",
	"DeleteApplicationAuthenticationMethod", "DeleteApplicationGrant", "DeleteTrustedTokenIssuer", "DescribeApplication", "DescribeApplicationAssignment",
	"DescribeApplicationProvider", "DescribeTrustedTokenIssuer", "GetApplicationAccessScope", "GetApplicationAssignmentConfiguration", "GetApplicationAuthenticationMethod",
	"GetApplicationGrant", "GetApplicationSessionConfiguration", "ListApplicationAccessScopes", "ListApplicationAssignments", "ListApplicationAssignmentsForPrincipal",
	"ListApplicationAuthenticationMethods", "ListApplicationGrants", "ListApplicationProviders", "ListApplications", "ListTrustedTokenIssuers", "PutApplicationAccessScope",
	"PutApplicationAssignmentConfiguration", "PutApplicationAuthenticationMethod", "PutApplicationGrant", "PutApplicationSessionConfiguration", "UpdateApplication", "UpdateTrustedTokenIssuer",
}

func TestGoApplications(t *testing.T) {
	t.Parallel()
	s := startOrganization(t)
	w := newWalk(t, ssoadminClient(s, managementRoot.provider()))
	text, instance, jane := aws.String, aws.String(theInstance(t, s)), personID(t, s, "jane")
	ofID := strings.TrimPrefix(*instance, "arn:aws:sso:::instance/")
	custom := text("arn:aws:sso::aws:applicationProvider/custom")
	noInstance := text("arn:aws:sso:::instance/ssoins-0000000000000000")
	noApp := text("arn:aws:sso::" + management + ":application/" + ofID + "/apl-0000000000000000")
	noIssuer := text("arn:aws:sso::" + management + ":trustedTokenIssuer/" + ofID + "/tti-00000000-0000-4000-8000-000000000000")

	w.do(&ssoadmin.ListApplicationProvidersInput{})
	w.fails("ValidationException", &ssoadmin.ListApplicationProvidersInput{NextToken: text("never given")})
	w.do(&ssoadmin.DescribeApplicationProviderInput{ApplicationProviderArn: custom})
	w.fails("ResourceNotFoundException", &ssoadmin.DescribeApplicationProviderInput{ApplicationProviderArn: text("arn:aws:sso::aws:applicationProvider/nothing")})
	app := does[*ssoadmin.CreateApplicationOutput](w, &ssoadmin.CreateApplicationInput{InstanceArn: instance, ApplicationProviderArn: custom, Name: text("Wiki"), ClientToken: text("once")}).ApplicationArn
	// The same token is the same application (api-surface.md 9).
	if again := does[*ssoadmin.CreateApplicationOutput](w, &ssoadmin.CreateApplicationInput{InstanceArn: instance, ApplicationProviderArn: custom, Name: text("Wiki"), ClientToken: text("once")}).ApplicationArn; *again != *app {
		t.Errorf("the same token made %s and %s", *app, *again)
	}
	w.fails("AccessDeniedException", &ssoadmin.CreateApplicationInput{InstanceArn: noInstance, ApplicationProviderArn: custom, Name: text("Wiki")})
	w.do(&ssoadmin.DescribeApplicationInput{ApplicationArn: app})
	w.fails("ResourceNotFoundException", &ssoadmin.DescribeApplicationInput{ApplicationArn: noApp})
	w.do(&ssoadmin.UpdateApplicationInput{ApplicationArn: app, Name: text("Wiki of all"), Status: types.ApplicationStatusDisabled})
	w.fails("ResourceNotFoundException", &ssoadmin.UpdateApplicationInput{ApplicationArn: noApp, Name: text("x")})
	w.do(&ssoadmin.ListApplicationsInput{InstanceArn: instance, Filter: &types.ListApplicationsFilter{ApplicationProvider: custom}})
	w.fails("AccessDeniedException", &ssoadmin.ListApplicationsInput{InstanceArn: noInstance})

	w.do(&ssoadmin.CreateApplicationAssignmentInput{ApplicationArn: app, PrincipalId: jane, PrincipalType: types.PrincipalTypeUser})
	w.fails("ResourceNotFoundException", &ssoadmin.CreateApplicationAssignmentInput{ApplicationArn: noApp, PrincipalId: jane, PrincipalType: types.PrincipalTypeUser})
	w.do(&ssoadmin.DescribeApplicationAssignmentInput{ApplicationArn: app, PrincipalId: jane, PrincipalType: types.PrincipalTypeUser})
	w.fails("ResourceNotFoundException", &ssoadmin.DescribeApplicationAssignmentInput{ApplicationArn: noApp, PrincipalId: jane, PrincipalType: types.PrincipalTypeUser})
	w.do(&ssoadmin.ListApplicationAssignmentsInput{ApplicationArn: app})
	w.fails("ResourceNotFoundException", &ssoadmin.ListApplicationAssignmentsInput{ApplicationArn: noApp})
	w.do(&ssoadmin.ListApplicationAssignmentsForPrincipalInput{InstanceArn: instance, PrincipalId: jane, PrincipalType: types.PrincipalTypeUser})
	w.fails("AccessDeniedException", &ssoadmin.ListApplicationAssignmentsForPrincipalInput{InstanceArn: noInstance, PrincipalId: jane, PrincipalType: types.PrincipalTypeUser})
	w.do(&ssoadmin.DeleteApplicationAssignmentInput{ApplicationArn: app, PrincipalId: jane, PrincipalType: types.PrincipalTypeUser})
	w.fails("ResourceNotFoundException", &ssoadmin.DeleteApplicationAssignmentInput{ApplicationArn: app, PrincipalId: jane, PrincipalType: types.PrincipalTypeUser})
	w.do(&ssoadmin.PutApplicationAssignmentConfigurationInput{ApplicationArn: app, AssignmentRequired: aws.Bool(false)})
	w.fails("ResourceNotFoundException", &ssoadmin.PutApplicationAssignmentConfigurationInput{ApplicationArn: noApp, AssignmentRequired: aws.Bool(false)})
	if *does[*ssoadmin.GetApplicationAssignmentConfigurationOutput](w, &ssoadmin.GetApplicationAssignmentConfigurationInput{ApplicationArn: app}).AssignmentRequired {
		t.Error("an assignment is required")
	}
	w.fails("ResourceNotFoundException", &ssoadmin.GetApplicationAssignmentConfigurationInput{ApplicationArn: noApp})
	w.do(&ssoadmin.PutApplicationSessionConfigurationInput{ApplicationArn: app, UserBackgroundSessionApplicationStatus: types.UserBackgroundSessionApplicationStatusEnabled})
	w.fails("ResourceNotFoundException", &ssoadmin.PutApplicationSessionConfigurationInput{ApplicationArn: noApp, UserBackgroundSessionApplicationStatus: types.UserBackgroundSessionApplicationStatusEnabled})
	w.do(&ssoadmin.GetApplicationSessionConfigurationInput{ApplicationArn: app})
	w.fails("ResourceNotFoundException", &ssoadmin.GetApplicationSessionConfigurationInput{ApplicationArn: noApp})

	scope := text("sso:account:access")
	w.do(&ssoadmin.PutApplicationAccessScopeInput{ApplicationArn: app, Scope: scope})
	w.fails("ResourceNotFoundException", &ssoadmin.PutApplicationAccessScopeInput{ApplicationArn: noApp, Scope: scope})
	w.do(&ssoadmin.GetApplicationAccessScopeInput{ApplicationArn: app, Scope: scope})
	w.do(&ssoadmin.ListApplicationAccessScopesInput{ApplicationArn: app})
	w.fails("ResourceNotFoundException", &ssoadmin.ListApplicationAccessScopesInput{ApplicationArn: noApp})
	w.do(&ssoadmin.DeleteApplicationAccessScopeInput{ApplicationArn: app, Scope: scope})
	w.fails("ResourceNotFoundException", &ssoadmin.DeleteApplicationAccessScopeInput{ApplicationArn: app, Scope: scope})
	w.fails("ResourceNotFoundException", &ssoadmin.GetApplicationAccessScopeInput{ApplicationArn: app, Scope: scope})

	// Trusted token issuers, whose configurations are unions.
	issuer := &ssoadmin.CreateTrustedTokenIssuerInput{
		InstanceArn: instance, Name: text("idp"), TrustedTokenIssuerType: types.TrustedTokenIssuerTypeOidcJwt,
		TrustedTokenIssuerConfiguration: &types.TrustedTokenIssuerConfigurationMemberOidcJwtConfiguration{Value: types.OidcJwtConfiguration{
			IssuerUrl: text("https://idp.example.com"), ClaimAttributePath: text("email"), IdentityStoreAttributePath: text("emails.value"), JwksRetrievalOption: types.JwksRetrievalOptionOpenIdDiscovery,
		}},
	}
	tti := does[*ssoadmin.CreateTrustedTokenIssuerOutput](w, issuer).TrustedTokenIssuerArn
	issuer.InstanceArn, issuer.ClientToken = noInstance, nil
	w.fails("AccessDeniedException", issuer)
	w.do(&ssoadmin.UpdateTrustedTokenIssuerInput{TrustedTokenIssuerArn: tti, TrustedTokenIssuerConfiguration: &types.TrustedTokenIssuerUpdateConfigurationMemberOidcJwtConfiguration{
		Value: types.OidcJwtUpdateConfiguration{ClaimAttributePath: text("sub"), IdentityStoreAttributePath: text("userName")},
	}})
	w.fails("ResourceNotFoundException", &ssoadmin.UpdateTrustedTokenIssuerInput{TrustedTokenIssuerArn: noIssuer, Name: text("x")})
	described := does[*ssoadmin.DescribeTrustedTokenIssuerOutput](w, &ssoadmin.DescribeTrustedTokenIssuerInput{TrustedTokenIssuerArn: tti})
	if c, ok := described.TrustedTokenIssuerConfiguration.(*types.TrustedTokenIssuerConfigurationMemberOidcJwtConfiguration); !ok || *c.Value.ClaimAttributePath != "sub" || *c.Value.IssuerUrl != "https://idp.example.com" {
		t.Errorf("the issuer's configuration is %+v", described.TrustedTokenIssuerConfiguration)
	}
	w.fails("ResourceNotFoundException", &ssoadmin.DescribeTrustedTokenIssuerInput{TrustedTokenIssuerArn: noIssuer})
	w.do(&ssoadmin.ListTrustedTokenIssuersInput{InstanceArn: instance})
	w.fails("AccessDeniedException", &ssoadmin.ListTrustedTokenIssuersInput{InstanceArn: noInstance})

	// Authentication methods and grants: unions and documents.
	actor := map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
		"Effect": "Allow", "Principal": map[string]any{"AWS": management}, "Action": "sso-oauth:CreateTokenWithIAM", "Resource": "*",
	}}}
	w.do(&ssoadmin.PutApplicationAuthenticationMethodInput{
		ApplicationArn: app, AuthenticationMethodType: types.AuthenticationMethodTypeIam,
		AuthenticationMethod: &types.AuthenticationMethodMemberIam{Value: types.IamAuthenticationMethod{ActorPolicy: sdkdocument.NewLazyDocument(actor)}},
	})
	w.fails("ResourceNotFoundException", &ssoadmin.PutApplicationAuthenticationMethodInput{
		ApplicationArn: noApp, AuthenticationMethodType: types.AuthenticationMethodTypeIam,
		AuthenticationMethod: &types.AuthenticationMethodMemberIam{Value: types.IamAuthenticationMethod{ActorPolicy: sdkdocument.NewLazyDocument(actor)}},
	})
	method := does[*ssoadmin.GetApplicationAuthenticationMethodOutput](w, &ssoadmin.GetApplicationAuthenticationMethodInput{ApplicationArn: app, AuthenticationMethodType: types.AuthenticationMethodTypeIam}).AuthenticationMethod
	if m, ok := method.(*types.AuthenticationMethodMemberIam); !ok {
		t.Errorf("the method is %T", method)
	} else {
		var got map[string]any
		if err := m.Value.ActorPolicy.UnmarshalSmithyDocument(&got); err != nil || !reflect.DeepEqual(got, actor) {
			t.Errorf("the actor policy is %v, %v", got, err)
		}
	}
	w.do(&ssoadmin.ListApplicationAuthenticationMethodsInput{ApplicationArn: app})
	w.fails("ResourceNotFoundException", &ssoadmin.ListApplicationAuthenticationMethodsInput{ApplicationArn: noApp})
	w.do(&ssoadmin.DeleteApplicationAuthenticationMethodInput{ApplicationArn: app, AuthenticationMethodType: types.AuthenticationMethodTypeIam})
	w.fails("ResourceNotFoundException", &ssoadmin.DeleteApplicationAuthenticationMethodInput{ApplicationArn: noApp, AuthenticationMethodType: types.AuthenticationMethodTypeIam})
	w.fails("ResourceNotFoundException", &ssoadmin.GetApplicationAuthenticationMethodInput{ApplicationArn: app, AuthenticationMethodType: types.AuthenticationMethodTypeIam})

	for grantType, grant := range map[types.GrantType]types.Grant{
		types.GrantTypeAuthorizationCode: &types.GrantMemberAuthorizationCode{Value: types.AuthorizationCodeGrant{RedirectUris: []string{"https://wiki.example.com/back"}}},
		types.GrantTypeRefreshToken:      &types.GrantMemberRefreshToken{Value: types.RefreshTokenGrant{}},
		types.GrantTypeTokenExchange:     &types.GrantMemberTokenExchange{Value: types.TokenExchangeGrant{}},
		types.GrantTypeJwtBearer: &types.GrantMemberJwtBearer{Value: types.JwtBearerGrant{AuthorizedTokenIssuers: []types.AuthorizedTokenIssuer{
			{TrustedTokenIssuerArn: tti, AuthorizedAudiences: []string{"wiki"}},
		}}},
	} {
		w.do(&ssoadmin.PutApplicationGrantInput{ApplicationArn: app, GrantType: grantType, Grant: grant})
		got := does[*ssoadmin.GetApplicationGrantOutput](w, &ssoadmin.GetApplicationGrantInput{ApplicationArn: app, GrantType: grantType}).Grant
		if !reflect.DeepEqual(got, grant) {
			t.Errorf("the grant of %s is %#v, want %#v", grantType, got, grant)
		}
	}
	w.fails("ResourceNotFoundException", &ssoadmin.PutApplicationGrantInput{ApplicationArn: noApp, GrantType: types.GrantTypeRefreshToken, Grant: &types.GrantMemberRefreshToken{Value: types.RefreshTokenGrant{}}})
	if got := does[*ssoadmin.ListApplicationGrantsOutput](w, &ssoadmin.ListApplicationGrantsInput{ApplicationArn: app}).Grants; len(got) != 4 {
		t.Errorf("%d grants", len(got))
	}
	w.fails("ResourceNotFoundException", &ssoadmin.ListApplicationGrantsInput{ApplicationArn: noApp})
	w.do(&ssoadmin.DeleteApplicationGrantInput{ApplicationArn: app, GrantType: types.GrantTypeJwtBearer})
	w.fails("ResourceNotFoundException", &ssoadmin.DeleteApplicationGrantInput{ApplicationArn: noApp, GrantType: types.GrantTypeJwtBearer})
	w.fails("ResourceNotFoundException", &ssoadmin.GetApplicationGrantInput{ApplicationArn: app, GrantType: types.GrantTypeJwtBearer})
	w.do(&ssoadmin.DeleteTrustedTokenIssuerInput{TrustedTokenIssuerArn: tti})
	w.fails("ResourceNotFoundException", &ssoadmin.DeleteTrustedTokenIssuerInput{TrustedTokenIssuerArn: tti})
	w.do(&ssoadmin.DeleteApplicationInput{ApplicationArn: app})
	w.fails("ResourceNotFoundException", &ssoadmin.DeleteApplicationInput{ApplicationArn: app})

	var others []string
	of := reflect.TypeOf(w.client)
	for i := range of.NumMethod() {
		if name := of.Method(i).Name; !strings.Contains(name, "Application") && !strings.Contains(name, "TrustedTokenIssuer") {
			others = append(others, name)
		}
	}
	w.whole(others)
}
