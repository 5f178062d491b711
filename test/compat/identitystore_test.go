package compat

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	identitystoredoc "github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"
)

// TestDirectoryLifeCycle: users, groups and memberships come, change and go as
// Terraform's provider does it with the Go SDK: lists as documents, null for what is
// taken away, types of errors to tell what is gone from what is wrong.
func TestDirectoryLifeCycle(t *testing.T) {
	t.Parallel()
	s, ctx := startIAM(t), t.Context()
	c := identitystore.New(identitystore.Options{BaseEndpoint: &s.Base, Region: region, Credentials: keys{ID: rootKeyID, Secret: rootSecret}.provider(), RetryMaxAttempts: 1})
	store := aws.String("d-1234567890")

	user := must[*identitystore.CreateUserOutput](t)(c.CreateUser(ctx, &identitystore.CreateUserInput{
		IdentityStoreId: store, UserName: aws.String("hanako"), DisplayName: aws.String("山田 花子"),
		Name:   &types.Name{GivenName: aws.String("花子"), FamilyName: aws.String("山田")},
		Emails: []types.Email{{Value: aws.String("hanako@example.com"), Primary: true}}, PhoneNumbers: []types.PhoneNumber{{Value: aws.String("+81 3 1234 5678")}},
		Extensions: map[string]identitystoredoc.Interface{"aws:identitystore:enterprise": identitystoredoc.NewLazyDocument(map[string]any{"costCenter": "4130"})},
	})).UserId
	set := func(path string, v any) types.AttributeOperation {
		return types.AttributeOperation{AttributePath: aws.String(path), AttributeValue: identitystoredoc.NewLazyDocument(v)}
	}
	must[*identitystore.UpdateUserOutput](t)(c.UpdateUser(ctx, &identitystore.UpdateUserInput{IdentityStoreId: store, UserId: user, Operations: []types.AttributeOperation{
		set("displayName", "Hanako"), set("phoneNumbers", nil), set("nickName", ""), set("aws:identitystore:enterprise.department", "Identity"),
		set("addresses", []any{map[string]any{"country": "JP", "primary": true}}),
	}}))
	got := must[*identitystore.DescribeUserOutput](t)(c.DescribeUser(ctx, &identitystore.DescribeUserInput{IdentityStoreId: store, UserId: user, Extensions: []string{"aws:identitystore:enterprise"}}))
	var enterprise map[string]string
	if err := got.Extensions["aws:identitystore:enterprise"].UnmarshalSmithyDocument(&enterprise); err != nil {
		t.Fatal(err)
	}
	if *got.DisplayName != "Hanako" || got.PhoneNumbers != nil || len(got.Addresses) != 1 || *got.Addresses[0].Country != "JP" || !got.Emails[0].Primary ||
		enterprise["costCenter"] != "4130" || enterprise["department"] != "Identity" || got.UserStatus != types.UserStatusEnabled || got.CreatedAt == nil {
		t.Errorf("the user is %+v, %v", got, enterprise)
	}
	_, err := c.CreateUser(ctx, &identitystore.CreateUserInput{IdentityStoreId: store, UserName: aws.String("HANAKO"), DisplayName: aws.String("x"),
		Name: &types.Name{GivenName: aws.String("x"), FamilyName: aws.String("y")}})
	if e, ok := errors.AsType[*types.ConflictException](err); !ok || e.Reason != types.ConflictExceptionReasonUniquenessConstraintViolation || e.ErrorMessage() != "Duplicate UserName" {
		t.Errorf("the same user name: %v", err)
	}

	group := must[*identitystore.CreateGroupOutput](t)(c.CreateGroup(ctx, &identitystore.CreateGroupInput{IdentityStoreId: store, DisplayName: aws.String("Inspectors")})).GroupId
	must[*identitystore.UpdateGroupOutput](t)(c.UpdateGroup(ctx, &identitystore.UpdateGroupInput{IdentityStoreId: store, GroupId: group,
		Operations: []types.AttributeOperation{set("description", "They look")}}))
	member := &types.MemberIdMemberUserId{Value: *user}
	membership := must[*identitystore.CreateGroupMembershipOutput](t)(c.CreateGroupMembership(ctx, &identitystore.CreateGroupMembershipInput{
		IdentityStoreId: store, GroupId: group, MemberId: member})).MembershipId
	found := must[*identitystore.GetGroupMembershipIdOutput](t)(c.GetGroupMembershipId(ctx, &identitystore.GetGroupMembershipIdInput{IdentityStoreId: store, GroupId: group, MemberId: member}))
	if *found.MembershipId != *membership {
		t.Errorf("the membership is %s and %s", *membership, *found.MembershipId)
	}

	// Every paginator, with pages of one, finds what was made.
	var names []string
	users := identitystore.NewListUsersPaginator(c, &identitystore.ListUsersInput{IdentityStoreId: store, MaxResults: aws.Int32(1)})
	for users.HasMorePages() {
		for _, u := range must[*identitystore.ListUsersOutput](t)(users.NextPage(ctx)).Users {
			names = append(names, *u.UserName)
		}
	}
	groups := identitystore.NewListGroupsPaginator(c, &identitystore.ListGroupsInput{IdentityStoreId: store, MaxResults: aws.Int32(1)})
	for groups.HasMorePages() {
		for _, g := range must[*identitystore.ListGroupsOutput](t)(groups.NextPage(ctx)).Groups {
			names = append(names, *g.DisplayName)
		}
	}
	members := identitystore.NewListGroupMembershipsPaginator(c, &identitystore.ListGroupMembershipsInput{IdentityStoreId: store, GroupId: group, MaxResults: aws.Int32(1)})
	for members.HasMorePages() {
		for _, m := range must[*identitystore.ListGroupMembershipsOutput](t)(members.NextPage(ctx)).GroupMemberships {
			names = append(names, *m.MembershipId)
		}
	}
	for _, want := range []string{"hanako", "Inspectors", *membership} {
		if strings.Count(strings.Join(names, "\n")+"\n", want+"\n") != 1 {
			t.Errorf("%s is not once in %v", want, names)
		}
	}

	must[*identitystore.DeleteGroupMembershipOutput](t)(c.DeleteGroupMembership(ctx, &identitystore.DeleteGroupMembershipInput{IdentityStoreId: store, MembershipId: membership}))
	must[*identitystore.DeleteGroupOutput](t)(c.DeleteGroup(ctx, &identitystore.DeleteGroupInput{IdentityStoreId: store, GroupId: group}))
	must[*identitystore.DeleteUserOutput](t)(c.DeleteUser(ctx, &identitystore.DeleteUserInput{IdentityStoreId: store, UserId: user}))
	_, err = c.DescribeUser(ctx, &identitystore.DescribeUserInput{IdentityStoreId: store, UserId: user})
	if e, ok := errors.AsType[*types.ResourceNotFoundException](err); !ok || e.ResourceType != types.ResourceTypeUser {
		t.Errorf("the deleted user: %v", err)
	}
}
