package compat

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// TestPermissionSetRole: a person of Identity Center gets by way of the portal
// the role that their permission set has become in the account, and can do with
// it what its policies say (G-46, R-18, R-19); in the account nobody can change
// the role or come by it in another way (G-47 to G-49, J-09).
func TestPermissionSetRole(t *testing.T) {
	t.Parallel()
	s := startIAM(t)
	ctx := t.Context()
	of := func(name string) keys {
		who := jane
		if name == "ReadOnlyAccess" {
			who = taro
		}
		return roleCredentials(t, s, newCurrentCLI(t, s).login(s.Browser(t), who).Access, production, name)
	}
	administrator, reader := of("AdministratorAccess"), of("ReadOnlyAccess")
	matches(t, "jane", callerARN(t, stsClient(s, administrator.provider())), roleARN(production, "AdministratorAccess", jane).String())
	admin, read := iamClient(s, administrator.provider()), iamClient(s, reader.provider())

	must[*iam.ListUsersOutput](t)(read.ListUsers(ctx, &iam.ListUsersInput{}))
	_, err := read.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("kim")})
	codeIs(t, "ReadOnlyAccess makes a user", err, "AccessDenied")
	if !strings.Contains(err.Error(), "assumed-role/AWSReservedSSO_ReadOnlyAccess_") || !strings.Contains(err.Error(), "/taro is not authorized to perform: iam:CreateUser") {
		t.Errorf("the refusal is %v", err)
	}
	must[*iam.CreateUserOutput](t)(admin.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("kim")}))
	kim := member(t, s, admin, "lee", allow("sts:AssumeRole", "iam:*"))

	var role types.Role
	roles := must[*iam.ListRolesOutput](t)(admin.ListRoles(ctx, &iam.ListRolesInput{PathPrefix: aws.String("/aws-reserved/sso.amazonaws.com/")})).Roles
	for _, r := range roles {
		if strings.HasPrefix(*r.RoleName, "AWSReservedSSO_AdministratorAccess_") {
			role = r
		}
	}
	if len(roles) != 2 || role.Arn == nil {
		t.Fatalf("Identity Center's roles are %v", roles)
	}
	attached := must[*iam.ListAttachedRolePoliciesOutput](t)(admin.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: role.RoleName})).AttachedPolicies
	if len(attached) != 1 || *attached[0].PolicyArn != administratorAccess {
		t.Errorf("attached to the role is %v", attached)
	}

	name, policy := role.RoleName, aws.String(administratorAccess)
	for by, c := range map[string]*iam.Client{"an administrator": admin, "the root user": iamClient(s, productionRoot.provider())} {
		for what, call := range map[string]func() error{
			"DeleteRole": func() error { _, err := c.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: name}); return err },
			"UpdateRole": func() error {
				_, err := c.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: name, MaxSessionDuration: aws.Int32(3600)})
				return err
			},
			"UpdateRoleDescription": func() error {
				_, err := c.UpdateRoleDescription(ctx, &iam.UpdateRoleDescriptionInput{RoleName: name, Description: aws.String("mine")})
				return err
			},
			"UpdateAssumeRolePolicy": func() error {
				_, err := c.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: aws.String(trust(production))})
				return err
			},
			"AttachRolePolicy": func() error {
				_, err := c.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: policy})
				return err
			},
			"DetachRolePolicy": func() error {
				_, err := c.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: policy})
				return err
			},
			"PutRolePolicy": func() error {
				_, err := c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: name, PolicyName: aws.String("p"), PolicyDocument: aws.String(allow("*"))})
				return err
			},
			"DeleteRolePolicy": func() error {
				_, err := c.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: aws.String("p")})
				return err
			},
			"PutRolePermissionsBoundary": func() error {
				_, err := c.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: name, PermissionsBoundary: policy})
				return err
			},
			"TagRole": func() error {
				_, err := c.TagRole(ctx, &iam.TagRoleInput{RoleName: name, Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}})
				return err
			},
		} {
			codeIs(t, what+" by "+by, call(), "UnmodifiableEntity")
		}
	}
	_, err = admin.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String("AWSReservedSSO_Mine_0123456789abcdef"), Path: aws.String("/aws-reserved/sso.amazonaws.com/"), AssumeRolePolicyDocument: aws.String(trust(production)),
	})
	if err == nil {
		t.Error("somebody made a role of Identity Center's")
	}
	for what, k := range map[string]keys{"a user who may assume anything": kim, "the role itself": administrator} {
		_, err := stsClient(s, k.provider()).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: role.Arn, RoleSessionName: aws.String("mine")})
		codeIs(t, what, err, "AccessDenied")
	}
}
