package operations

// What most rows are given.
const (
	jane     = "CreateUser UserName=jane"
	devs     = "CreateGroup GroupName=devs"
	deploy   = "CreateRole RoleName=deploy AssumeRolePolicyDocument={trust}"
	profile  = "CreateInstanceProfile InstanceProfileName=web"
	reading  = "CreatePolicy PolicyName=reading PolicyDocument={policy}"
	readOnly = "PolicyArn=arn:aws:iam::aws:policy/ReadOnlyAccess"
	ours     = "PolicyArn=arn:aws:iam::{account}:policy/reading"
	tagged   = "Tags.member.1.Key=team Tags.member.1.Value=gate"
	untagged = "TagKeys.member.1=team"
)

func given(calls ...string) []string { return calls }

// identityRows are users, groups, roles, instance profiles and what hangs on them.
var identityRows = []row{
	{operation: "CreateUser", on: "user/team/jane", input: "UserName=jane Path=/team/ " + tagged, needs: []string{"iam:TagUser user/team/jane"}},
	{operation: "GetUser", on: "user/jane", input: "UserName=jane", given: given(jane)},
	{operation: "ListUsers", on: "user/team/", input: "PathPrefix=/team/"},
	{operation: "UpdateUser", on: "user/jane", input: "UserName=jane NewUserName=janet NewPath=/team/", given: given(jane), needs: []string{"iam:UpdateUser user/team/janet"}},
	{operation: "DeleteUser", on: "user/jane", input: "UserName=jane", given: given(jane)},
	{operation: "TagUser", on: "user/jane", input: "UserName=jane " + tagged, given: given(jane)},
	{operation: "UntagUser", on: "user/jane", input: "UserName=jane " + untagged, given: given(jane + " " + tagged)},
	{operation: "ListUserTags", on: "user/jane", input: "UserName=jane", given: given(jane)},

	{operation: "CreateGroup", on: "group/team/devs", input: "GroupName=devs Path=/team/"},
	{operation: "GetGroup", on: "group/devs", input: "GroupName=devs", given: given(devs)},
	{operation: "ListGroups", on: "group/", given: given(devs)},
	{operation: "UpdateGroup", on: "group/devs", input: "GroupName=devs NewGroupName=ops", given: given(devs), needs: []string{"iam:UpdateGroup group/ops"}},
	{operation: "DeleteGroup", on: "group/devs", input: "GroupName=devs", given: given(devs)},
	{operation: "AddUserToGroup", on: "group/devs", input: "GroupName=devs UserName=jane", given: given(jane, devs)},
	{operation: "RemoveUserFromGroup", on: "group/devs", input: "GroupName=devs UserName=jane", given: given(jane, devs, "AddUserToGroup GroupName=devs UserName=jane")},
	{operation: "ListGroupsForUser", on: "user/jane", input: "UserName=jane", given: given(jane, devs, "AddUserToGroup GroupName=devs UserName=jane")},

	{operation: "CreateRole", on: "role/team/deploy", input: "RoleName=deploy Path=/team/ AssumeRolePolicyDocument={trust} " + tagged,
		needs: []string{"iam:TagRole role/team/deploy"}},
	{operation: "GetRole", on: "role/deploy", input: "RoleName=deploy", given: given(deploy)},
	{operation: "ListRoles", on: "role/", given: given(deploy)},
	{operation: "UpdateRole", on: "role/deploy", input: "RoleName=deploy Description=new MaxSessionDuration=7200", given: given(deploy)},
	{operation: "UpdateRoleDescription", on: "role/deploy", input: "RoleName=deploy Description=new", given: given(deploy)},
	{operation: "UpdateAssumeRolePolicy", on: "role/deploy", input: "RoleName=deploy PolicyDocument={trust2}", given: given(deploy)},
	{operation: "DeleteRole", on: "role/deploy", input: "RoleName=deploy", given: given(deploy)},
	{operation: "TagRole", on: "role/deploy", input: "RoleName=deploy " + tagged, given: given(deploy)},
	{operation: "UntagRole", on: "role/deploy", input: "RoleName=deploy " + untagged, given: given(deploy + " " + tagged)},
	{operation: "ListRoleTags", on: "role/deploy", input: "RoleName=deploy", given: given(deploy)},
	{operation: "CreateServiceLinkedRole", on: "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
		input: "AWSServiceName=autoscaling.amazonaws.com"},
	{operation: "DeleteServiceLinkedRole", on: "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling", said: "arn:aws:iam::{account}:role/AWSServiceRoleForAutoScaling",
		input: "RoleName=AWSServiceRoleForAutoScaling", given: given("CreateServiceLinkedRole AWSServiceName=autoscaling.amazonaws.com")},
	{operation: "GetServiceLinkedRoleDeletionStatus", on: "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
		input: "DeletionTaskId={DeletionTaskId}", given: given("CreateServiceLinkedRole AWSServiceName=autoscaling.amazonaws.com",
			"DeleteServiceLinkedRole RoleName=AWSServiceRoleForAutoScaling")},

	{operation: "CreateInstanceProfile", on: "instance-profile/team/web", input: "InstanceProfileName=web Path=/team/ " + tagged,
		needs: []string{"iam:TagInstanceProfile instance-profile/team/web"}},
	{operation: "GetInstanceProfile", on: "instance-profile/web", input: "InstanceProfileName=web", given: given(profile)},
	{operation: "ListInstanceProfiles", on: "instance-profile/"},
	{operation: "DeleteInstanceProfile", on: "instance-profile/web", input: "InstanceProfileName=web", given: given(profile)},
	{operation: "AddRoleToInstanceProfile", on: "instance-profile/web", input: "InstanceProfileName=web RoleName=deploy", given: given(profile, deploy),
		needs: []string{"iam:PassRole role/deploy"}},
	{operation: "RemoveRoleFromInstanceProfile", on: "instance-profile/web", input: "InstanceProfileName=web RoleName=deploy",
		given: given(profile, deploy, "AddRoleToInstanceProfile InstanceProfileName=web RoleName=deploy")},
	{operation: "ListInstanceProfilesForRole", on: "role/deploy", input: "RoleName=deploy", given: given(deploy)},
	{operation: "TagInstanceProfile", on: "instance-profile/web", input: "InstanceProfileName=web " + tagged, given: given(profile)},
	{operation: "UntagInstanceProfile", on: "instance-profile/web", input: "InstanceProfileName=web " + untagged, given: given(profile + " " + tagged)},
	{operation: "ListInstanceProfileTags", on: "instance-profile/web", input: "InstanceProfileName=web", given: given(profile)},

	{operation: "CreateAccountAlias", on: "*", input: "AccountAlias=gate-{account}"},
	{operation: "DeleteAccountAlias", on: "*", input: "AccountAlias=gate-{account}", given: given("CreateAccountAlias AccountAlias=gate-{account}")},
	{operation: "ListAccountAliases", on: "*"},
}

// policyRows are managed and inline policies, attachments and boundaries.
var policyRows = []row{
	{operation: "CreatePolicy", on: "policy/team/reading", input: "PolicyName=reading Path=/team/ PolicyDocument={policy} " + tagged,
		needs: []string{"iam:TagPolicy policy/team/reading"}},
	{operation: "GetPolicy", on: "policy/reading", input: ours, given: given(reading)},
	{operation: "ListPolicies", on: "policy/", said: "policy path /", given: given(reading)},
	{operation: "DeletePolicy", on: "policy/reading", input: ours, given: given(reading)},
	{operation: "CreatePolicyVersion", on: "policy/reading", input: ours + " PolicyDocument={policy2} SetAsDefault=true", given: given(reading)},
	{operation: "GetPolicyVersion", on: "arn:aws:iam::aws:policy/AdministratorAccess", input: "PolicyArn=arn:aws:iam::aws:policy/AdministratorAccess VersionId=v1"},
	{operation: "ListPolicyVersions", on: "policy/reading", input: ours, given: given(reading)},
	{operation: "DeletePolicyVersion", on: "policy/reading", input: ours + " VersionId=v2", given: given(reading, "CreatePolicyVersion "+ours+" PolicyDocument={policy2}")},
	{operation: "SetDefaultPolicyVersion", on: "policy/reading", input: ours + " VersionId=v2", given: given(reading, "CreatePolicyVersion "+ours+" PolicyDocument={policy2}")},
	{operation: "ListEntitiesForPolicy", on: "policy/reading", input: ours, given: given(reading)},
	{operation: "TagPolicy", on: "policy/reading", input: ours + " " + tagged, given: given(reading)},
	{operation: "UntagPolicy", on: "policy/reading", input: ours + " " + untagged, given: given(reading + " " + tagged)},
	{operation: "ListPolicyTags", on: "policy/reading", input: ours, given: given(reading)},

	{operation: "PutUserPolicy", on: "user/jane", input: "UserName=jane PolicyName=own PolicyDocument={policy}", given: given(jane)},
	{operation: "GetUserPolicy", on: "user/jane", input: "UserName=jane PolicyName=own", given: given(jane, "PutUserPolicy UserName=jane PolicyName=own PolicyDocument={policy}")},
	{operation: "ListUserPolicies", on: "user/jane", input: "UserName=jane", given: given(jane)},
	{operation: "DeleteUserPolicy", on: "user/jane", input: "UserName=jane PolicyName=own", given: given(jane, "PutUserPolicy UserName=jane PolicyName=own PolicyDocument={policy}")},
	{operation: "PutGroupPolicy", on: "group/devs", input: "GroupName=devs PolicyName=own PolicyDocument={policy}", given: given(devs)},
	{operation: "GetGroupPolicy", on: "group/devs", input: "GroupName=devs PolicyName=own", given: given(devs, "PutGroupPolicy GroupName=devs PolicyName=own PolicyDocument={policy}")},
	{operation: "ListGroupPolicies", on: "group/devs", input: "GroupName=devs", given: given(devs)},
	{operation: "DeleteGroupPolicy", on: "group/devs", input: "GroupName=devs PolicyName=own", given: given(devs, "PutGroupPolicy GroupName=devs PolicyName=own PolicyDocument={policy}")},
	{operation: "PutRolePolicy", on: "role/deploy", input: "RoleName=deploy PolicyName=own PolicyDocument={policy}", given: given(deploy)},
	{operation: "GetRolePolicy", on: "role/deploy", input: "RoleName=deploy PolicyName=own", given: given(deploy, "PutRolePolicy RoleName=deploy PolicyName=own PolicyDocument={policy}")},
	{operation: "ListRolePolicies", on: "role/deploy", input: "RoleName=deploy", given: given(deploy)},
	{operation: "DeleteRolePolicy", on: "role/deploy", input: "RoleName=deploy PolicyName=own", given: given(deploy, "PutRolePolicy RoleName=deploy PolicyName=own PolicyDocument={policy}")},

	{operation: "AttachUserPolicy", on: "user/jane", input: "UserName=jane " + readOnly, given: given(jane)},
	{operation: "DetachUserPolicy", on: "user/jane", input: "UserName=jane " + readOnly, given: given(jane, "AttachUserPolicy UserName=jane "+readOnly)},
	{operation: "ListAttachedUserPolicies", on: "user/jane", input: "UserName=jane", given: given(jane)},
	{operation: "AttachGroupPolicy", on: "group/devs", input: "GroupName=devs " + readOnly, given: given(devs)},
	{operation: "DetachGroupPolicy", on: "group/devs", input: "GroupName=devs " + readOnly, given: given(devs, "AttachGroupPolicy GroupName=devs "+readOnly)},
	{operation: "ListAttachedGroupPolicies", on: "group/devs", input: "GroupName=devs", given: given(devs)},
	{operation: "AttachRolePolicy", on: "role/deploy", input: "RoleName=deploy " + readOnly, given: given(deploy)},
	{operation: "DetachRolePolicy", on: "role/deploy", input: "RoleName=deploy " + readOnly, given: given(deploy, "AttachRolePolicy RoleName=deploy "+readOnly)},
	{operation: "ListAttachedRolePolicies", on: "role/deploy", input: "RoleName=deploy", given: given(deploy)},
	{operation: "PutUserPermissionsBoundary", on: "user/jane", input: "UserName=jane PermissionsBoundary=arn:aws:iam::aws:policy/ReadOnlyAccess", given: given(jane)},
	{operation: "DeleteUserPermissionsBoundary", on: "user/jane", input: "UserName=jane", given: given(jane + " PermissionsBoundary=arn:aws:iam::aws:policy/ReadOnlyAccess")},
	{operation: "PutRolePermissionsBoundary", on: "role/deploy", input: "RoleName=deploy PermissionsBoundary=arn:aws:iam::aws:policy/ReadOnlyAccess", given: given(deploy)},
	{operation: "DeleteRolePermissionsBoundary", on: "role/deploy", input: "RoleName=deploy", given: given(deploy + " PermissionsBoundary=arn:aws:iam::aws:policy/ReadOnlyAccess")},
	{operation: "ListPoliciesGrantingServiceAccess", on: "user/jane", input: "Arn=arn:aws:iam::{account}:user/jane ServiceNamespaces.member.1=s3", given: given(jane)},
}
