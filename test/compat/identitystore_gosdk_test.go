package compat

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	sdkdocument "github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"
)

// TestGoIdentityStore calls every operation of the directory by the Go SDK, so that
// it succeeds and so that it fails with an exception of its model; unions and
// documents arrive as what was sent (G-31, G-32; behaviours.md 6.6).
func TestGoIdentityStore(t *testing.T) {
	t.Parallel()
	s := startOrganization(t)
	store, text := aws.String(theStore(t, s)), aws.String
	w := newWalk(t, identitystoreClient(s, managementRoot.provider()))
	missing := text("00000000-0000-4000-8000-000000000000")

	kim := &identitystore.CreateUserInput{
		IdentityStoreId: store, UserName: text("kim"), DisplayName: text("Kim Lee"), Name: &types.Name{GivenName: text("Kim"), FamilyName: text("Lee")},
		Emails:    []types.Email{{Value: text("kim@example.com"), Type: text("work"), Primary: true}},
		Addresses: []types.Address{{Country: text("Japan"), Locality: text("Chiyoda"), Type: text("work"), Primary: true}},
	}
	user := does[*identitystore.CreateUserOutput](w, kim).UserId
	w.fails("ConflictException", kim)
	w.fails("ResourceNotFoundException", &identitystore.DescribeUserInput{IdentityStoreId: store, UserId: missing})
	w.do(&identitystore.UpdateUserInput{IdentityStoreId: store, UserId: user, Operations: []types.AttributeOperation{
		{AttributePath: text("title"), AttributeValue: sdkdocument.NewLazyDocument("Engineer")},
		{AttributePath: text("name.familyName"), AttributeValue: sdkdocument.NewLazyDocument("Park")},
		{AttributePath: text("emails"), AttributeValue: sdkdocument.NewLazyDocument([]map[string]any{{"value": "park@example.com", "type": "work", "primary": true}})},
		{AttributePath: text("addresses")}, // without a value it is taken away
	}})
	w.fails("ResourceNotFoundException", &identitystore.UpdateUserInput{IdentityStoreId: store, UserId: missing, Operations: []types.AttributeOperation{{AttributePath: text("title"), AttributeValue: sdkdocument.NewLazyDocument("x")}}})
	got := does[*identitystore.DescribeUserOutput](w, &identitystore.DescribeUserInput{IdentityStoreId: store, UserId: user})
	if *got.Title != "Engineer" || *got.Name.FamilyName != "Park" || len(got.Emails) != 1 || *got.Emails[0].Value != "park@example.com" || len(got.Addresses) != 0 {
		t.Errorf("after the update the user is %+v, %+v", got, got.Name)
	}
	w.do(&identitystore.ListUsersInput{IdentityStoreId: store, Filters: []types.Filter{{AttributePath: text("UserName"), AttributeValue: text("kim")}}}) //nolint:staticcheck // old clients use it
	w.fails("ValidationException", &identitystore.ListUsersInput{IdentityStoreId: store, NextToken: text("never given")})
	by := func(path, value string) types.AlternateIdentifier {
		return &types.AlternateIdentifierMemberUniqueAttribute{Value: types.UniqueAttribute{AttributePath: &path, AttributeValue: sdkdocument.NewLazyDocument(value)}}
	}
	for path, value := range map[string]string{"userName": "kim", "emails.value": "park@example.com"} {
		found := does[*identitystore.GetUserIdOutput](w, &identitystore.GetUserIdInput{IdentityStoreId: store, AlternateIdentifier: by(path, value)})
		if *found.UserId != *user || *found.IdentityStoreId != *store {
			t.Errorf("by %s, the user is %s", path, *found.UserId)
		}
	}
	w.fails("ResourceNotFoundException", &identitystore.GetUserIdInput{IdentityStoreId: store, AlternateIdentifier: by("userName", "nobody")})
	w.fails("ResourceNotFoundException", &identitystore.GetUserIdInput{IdentityStoreId: store, AlternateIdentifier: &types.AlternateIdentifierMemberExternalId{
		Value: types.ExternalId{Id: text("nobody"), Issuer: text("https://idp.example.com")},
	}})

	operators := &identitystore.CreateGroupInput{IdentityStoreId: store, DisplayName: text("Operators"), Description: text("They operate")}
	group := does[*identitystore.CreateGroupOutput](w, operators).GroupId
	w.fails("ConflictException", operators)
	w.do(&identitystore.DescribeGroupInput{IdentityStoreId: store, GroupId: group})
	w.fails("ResourceNotFoundException", &identitystore.DescribeGroupInput{IdentityStoreId: store, GroupId: missing})
	w.do(&identitystore.UpdateGroupInput{IdentityStoreId: store, GroupId: group, Operations: []types.AttributeOperation{{AttributePath: text("description"), AttributeValue: sdkdocument.NewLazyDocument("all")}}})
	w.fails("ConflictException", &identitystore.UpdateGroupInput{IdentityStoreId: store, GroupId: group, Operations: []types.AttributeOperation{{AttributePath: text("displayName"), AttributeValue: sdkdocument.NewLazyDocument("Admins")}}})
	w.do(&identitystore.ListGroupsInput{IdentityStoreId: store})
	w.fails("ResourceNotFoundException", &identitystore.ListGroupsInput{IdentityStoreId: text("d-0000000000")})
	w.do(&identitystore.GetGroupIdInput{IdentityStoreId: store, AlternateIdentifier: by("displayName", "Operators")})
	w.fails("ResourceNotFoundException", &identitystore.GetGroupIdInput{IdentityStoreId: store, AlternateIdentifier: by("displayName", "nobody")})

	member := &types.MemberIdMemberUserId{Value: *user}
	nobody := &types.MemberIdMemberUserId{Value: *missing}
	membership := does[*identitystore.CreateGroupMembershipOutput](w, &identitystore.CreateGroupMembershipInput{IdentityStoreId: store, GroupId: group, MemberId: member}).MembershipId
	w.fails("ConflictException", &identitystore.CreateGroupMembershipInput{IdentityStoreId: store, GroupId: group, MemberId: member})
	described := does[*identitystore.DescribeGroupMembershipOutput](w, &identitystore.DescribeGroupMembershipInput{IdentityStoreId: store, MembershipId: membership})
	if m, ok := described.MemberId.(*types.MemberIdMemberUserId); !ok || m.Value != *user || *described.GroupId != *group {
		t.Errorf("the membership is %+v", described)
	}
	w.fails("ResourceNotFoundException", &identitystore.DescribeGroupMembershipInput{IdentityStoreId: store, MembershipId: missing})
	if id := does[*identitystore.GetGroupMembershipIdOutput](w, &identitystore.GetGroupMembershipIdInput{IdentityStoreId: store, GroupId: group, MemberId: member}).MembershipId; *id != *membership {
		t.Errorf("the membership's id is %s, want %s", *id, *membership)
	}
	w.fails("ResourceNotFoundException", &identitystore.GetGroupMembershipIdInput{IdentityStoreId: store, GroupId: group, MemberId: nobody})
	w.do(&identitystore.ListGroupMembershipsInput{IdentityStoreId: store, GroupId: group})
	w.fails("ResourceNotFoundException", &identitystore.ListGroupMembershipsInput{IdentityStoreId: store, GroupId: missing})
	w.do(&identitystore.ListGroupMembershipsForMemberInput{IdentityStoreId: store, MemberId: member})
	w.fails("ResourceNotFoundException", &identitystore.ListGroupMembershipsForMemberInput{IdentityStoreId: store, MemberId: nobody})
	in := does[*identitystore.IsMemberInGroupsOutput](w, &identitystore.IsMemberInGroupsInput{IdentityStoreId: store, MemberId: member, GroupIds: []string{*group}})
	if len(in.Results) != 1 || !in.Results[0].MembershipExists {
		t.Errorf("the member is in %+v", in.Results)
	}
	w.fails("ResourceNotFoundException", &identitystore.IsMemberInGroupsInput{IdentityStoreId: store, MemberId: nobody, GroupIds: []string{*group}})
	w.do(&identitystore.DeleteGroupMembershipInput{IdentityStoreId: store, MembershipId: membership})
	w.fails("ResourceNotFoundException", &identitystore.DeleteGroupMembershipInput{IdentityStoreId: store, MembershipId: membership})
	w.do(&identitystore.DeleteGroupInput{IdentityStoreId: store, GroupId: group})
	w.fails("ResourceNotFoundException", &identitystore.DeleteGroupInput{IdentityStoreId: store, GroupId: group})
	w.do(&identitystore.DeleteUserInput{IdentityStoreId: store, UserId: user})
	w.fails("ResourceNotFoundException", &identitystore.DeleteUserInput{IdentityStoreId: store, UserId: user})

	for what, in := range map[string]any{ // what the SDK sends without looking at it
		"no name":           &identitystore.CreateUserInput{IdentityStoreId: store, UserName: text(" "), DisplayName: text("x"), Name: &types.Name{GivenName: text("x"), FamilyName: text("x")}},
		"too long a name":   &identitystore.CreateUserInput{IdentityStoreId: store, UserName: text(strings.Repeat("x", 129)), DisplayName: text("x"), Name: &types.Name{GivenName: text("x"), FamilyName: text("x")}},
		"a reserved name":   &identitystore.CreateUserInput{IdentityStoreId: store, UserName: text("Administrator"), DisplayName: text("x"), Name: &types.Name{GivenName: text("x"), FamilyName: text("x")}},
		"an odd identifier": &identitystore.DescribeUserInput{IdentityStoreId: store, UserId: text("../../etc")},
		"an odd directory":  &identitystore.ListUsersInput{IdentityStoreId: text("'; DROP TABLE")},
		"an odd attribute":  &identitystore.GetUserIdInput{IdentityStoreId: store, AlternateIdentifier: by("password", "x")},
	} {
		t.Logf("%s", what)
		w.fails("ValidationException", in)
	}
	// Of a later model than the product's.
	w.whole([]string{"DescribeIdentityStore", "ListIdentityStores", "UpdateIdentityStore"})
}
