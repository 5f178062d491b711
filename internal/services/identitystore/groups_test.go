package identitystore_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"sekisho/internal/access"
	"sekisho/internal/audit"
	"sekisho/internal/directory"
	"sekisho/internal/org"
	service "sekisho/internal/services/identitystore"
	"sekisho/internal/store"
)

// quota is a database whose directories are full.
type quota struct{ store.DB }

func (q quota) Update(ctx context.Context, ev *audit.Event, fn func(store.Tx) error) error {
	return q.DB.Update(ctx, ev, func(tx store.Tx) error { return fn(full{tx}) })
}

type full struct{ store.Tx }

func (full) UserCount(string) (int, error)  { return directory.MaxUsers, nil }
func (full) GroupCount(string) (int, error) { return directory.MaxGroups, nil }

func TestGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.newGroup("Admins")
	other := w.newGroup("Readers")
	group := func(in identitystore.UpdateGroupInput) error {
		in.IdentityStoreId, in.GroupId = aws.String(directoryID), aws.String(id)
		_, err := do[identitystore.UpdateGroupOutput](w, &in)
		return err
	}
	for _, c := range []struct {
		what          string
		op            types.AttributeOperation
		code, message string
	}{
		{"description", set("description", "All of them"), "", ""},
		{"name", set("displayName", "Operators"), "", ""},
		{"taken", set("DisplayName", "Readers"), "ConflictException", "Duplicate GroupDisplayName"},
		{"no name", set("displayName", nil), "ValidationException", "displayName is a required attribute"},
		{"reserved", set("displayName", "AWSAdministrators"), "ValidationException", "The value of the attribute displayName is reserved"},
		{"kind", set("displayName", []any{"x"}), "ValidationException", "The value of an attribute is not of its kind: displayName"},
		{"no attribute", set("members", "x"), "ValidationException", "The attribute members is not a valid attribute"},
	} {
		w.expect(c.what, group(identitystore.UpdateGroupInput{Operations: []types.AttributeOperation{c.op}}), c.code, c.message)
	}
	got := must[identitystore.DescribeGroupOutput](w, &identitystore.DescribeGroupInput{IdentityStoreId: aws.String(directoryID), GroupId: aws.String(id)})
	if *got.DisplayName != "Operators" || *got.Description != "All of them" || got.CreatedAt == nil || got.UpdatedBy == nil {
		t.Errorf("%+v", got)
	}
	byName := func(name string) types.AlternateIdentifier {
		return &types.AlternateIdentifierMemberUniqueAttribute{Value: types.UniqueAttribute{AttributePath: aws.String("displayName"), AttributeValue: document.NewLazyDocument(name)}}
	}
	if found := must[identitystore.GetGroupIdOutput](w, &identitystore.GetGroupIdInput{IdentityStoreId: aws.String(directoryID), AlternateIdentifier: byName("Operators")}); *found.GroupId != id {
		t.Errorf("found %s", *found.GroupId)
	}
	_, err := do[identitystore.GetGroupIdOutput](w, &identitystore.GetGroupIdInput{IdentityStoreId: aws.String(directoryID), AlternateIdentifier: byName("Admins")})
	w.expect("former name", err, "ResourceNotFoundException", "GROUP not found.")
	list := must[identitystore.ListGroupsOutput](w, &identitystore.ListGroupsInput{IdentityStoreId: aws.String(directoryID), MaxResults: aws.Int32(1)})
	if len(list.Groups) != 1 || *list.Groups[0].GroupId != id || list.NextToken == nil {
		t.Errorf("%+v", list)
	}
	list = must[identitystore.ListGroupsOutput](w, &identitystore.ListGroupsInput{IdentityStoreId: aws.String(directoryID),
		Filters: []types.Filter{{AttributePath: aws.String("DisplayName"), AttributeValue: aws.String("Readers")}}}) //nolint:staticcheck // deprecated, and still asked for
	if len(list.Groups) != 1 || *list.Groups[0].GroupId != other {
		t.Errorf("%+v", list)
	}
	must[identitystore.DeleteGroupOutput](w, &identitystore.DeleteGroupInput{IdentityStoreId: aws.String(directoryID), GroupId: aws.String(id)})
	_, err = do[identitystore.DeleteGroupOutput](w, &identitystore.DeleteGroupInput{IdentityStoreId: aws.String(directoryID), GroupId: aws.String(id)})
	w.expect("deleted", err, "ResourceNotFoundException", "GROUP not found.")
}

func TestMemberships(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user, group, empty := w.newUser("jane"), w.newGroup("Admins"), w.newGroup("Readers")
	join := &identitystore.CreateGroupMembershipInput{IdentityStoreId: aws.String(directoryID), GroupId: aws.String(group), MemberId: userID(user)}
	made := must[identitystore.CreateGroupMembershipOutput](w, join).MembershipId
	_, err := do[identitystore.CreateGroupMembershipOutput](w, join)
	w.expect("twice", err, "ConflictException", "Member and Group relationship already exists.")
	join.MemberId = userID(nobody)
	_, err = do[identitystore.CreateGroupMembershipOutput](w, join)
	w.expect("nobody", err, "ResourceNotFoundException", "Member does not exist")

	got := must[identitystore.DescribeGroupMembershipOutput](w, &identitystore.DescribeGroupMembershipInput{IdentityStoreId: aws.String(directoryID), MembershipId: made})
	if *got.GroupId != group || !reflect.DeepEqual(got.MemberId, userID(user)) || !got.CreatedAt.Equal(start) {
		t.Errorf("%+v", got)
	}
	find := &identitystore.GetGroupMembershipIdInput{IdentityStoreId: aws.String(directoryID), GroupId: aws.String(group), MemberId: userID(user)}
	if found := must[identitystore.GetGroupMembershipIdOutput](w, find); *found.MembershipId != *made {
		t.Errorf("found %s", *found.MembershipId)
	}
	in := must[identitystore.ListGroupMembershipsOutput](w, &identitystore.ListGroupMembershipsInput{IdentityStoreId: aws.String(directoryID), GroupId: aws.String(group)})
	of := must[identitystore.ListGroupMembershipsForMemberOutput](w, &identitystore.ListGroupMembershipsForMemberInput{IdentityStoreId: aws.String(directoryID), MemberId: userID(user)})
	if len(in.GroupMemberships) != 1 || !reflect.DeepEqual(in.GroupMemberships, of.GroupMemberships) {
		t.Errorf("%+v and %+v", in, of)
	}
	is := must[identitystore.IsMemberInGroupsOutput](w, &identitystore.IsMemberInGroupsInput{IdentityStoreId: aws.String(directoryID), MemberId: userID(user), GroupIds: []string{group, empty, nobody}})
	var exist []bool
	for _, r := range is.Results {
		exist = append(exist, r.MembershipExists)
	}
	if !reflect.DeepEqual(exist, []bool{true, false, false}) {
		t.Errorf("%v", exist)
	}
	must[identitystore.DeleteGroupMembershipOutput](w, &identitystore.DeleteGroupMembershipInput{IdentityStoreId: aws.String(directoryID), MembershipId: made})
	_, err = do[identitystore.DeleteGroupMembershipOutput](w, &identitystore.DeleteGroupMembershipInput{IdentityStoreId: aws.String(directoryID), MembershipId: made})
	w.expect("deleted", err, "ResourceNotFoundException", "GROUP_MEMBERSHIP not found.")
	_, err = do[identitystore.GetGroupMembershipIdOutput](w, find)
	w.expect("no more", err, "ResourceNotFoundException", "GROUP_MEMBERSHIP not found.")
}

// Nothing of a directory is seen or changed through another one, by the one's
// administrator or the other's (enumeration, confused deputy).
func TestOtherDirectory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user, group := w.newUser("jane"), w.newGroup("Admins")
	membership := must[identitystore.CreateGroupMembershipOutput](w, &identitystore.CreateGroupMembershipInput{IdentityStoreId: aws.String(directoryID), GroupId: aws.String(group), MemberId: userID(user)}).MembershipId
	ops := []types.AttributeOperation{set("displayName", "x")}
	for _, c := range []struct {
		call    func(by, in string) error
		message string
	}{
		{func(by, in string) error {
			_, err := doBy[identitystore.DescribeUserOutput](w, by, &identitystore.DescribeUserInput{IdentityStoreId: &in, UserId: &user})
			return err
		}, "USER not found."},
		{func(by, in string) error {
			_, err := doBy[identitystore.UpdateUserOutput](w, by, &identitystore.UpdateUserInput{IdentityStoreId: &in, UserId: &user, Operations: ops})
			return err
		}, "USER not found."},
		{func(by, in string) error {
			_, err := doBy[identitystore.DeleteUserOutput](w, by, &identitystore.DeleteUserInput{IdentityStoreId: &in, UserId: &user})
			return err
		}, "USER not found."},
		{func(by, in string) error {
			_, err := doBy[identitystore.UpdateGroupOutput](w, by, &identitystore.UpdateGroupInput{IdentityStoreId: &in, GroupId: &group, Operations: ops})
			return err
		}, "GROUP not found."},
		{func(by, in string) error {
			_, err := doBy[identitystore.DeleteGroupOutput](w, by, &identitystore.DeleteGroupInput{IdentityStoreId: &in, GroupId: &group})
			return err
		}, "GROUP not found."},
		{func(by, in string) error {
			_, err := doBy[identitystore.DeleteGroupMembershipOutput](w, by, &identitystore.DeleteGroupMembershipInput{IdentityStoreId: &in, MembershipId: membership})
			return err
		}, "GROUP_MEMBERSHIP not found."},
		{func(by, in string) error {
			_, err := doBy[identitystore.ListGroupMembershipsForMemberOutput](w, by, &identitystore.ListGroupMembershipsForMemberInput{IdentityStoreId: &in, MemberId: userID(user)})
			return err
		}, "Member does not exist"},
	} {
		w.expect("in the stranger's", c.call(stranger, foreignID), "ResourceNotFoundException", c.message)
		w.expect("by the stranger", c.call(stranger, directoryID), "ResourceNotFoundException", "IdentityStore not present for IdentityStoreId: "+directoryID)
		w.expect("by a member", c.call(member, directoryID), "ResourceNotFoundException", "IdentityStore not present for IdentityStoreId: "+directoryID)
	}
}

// A delegated administrator of Identity Center runs the organization's directory,
// and the owner's history tells of it (F-09, G-62).
func TestDelegatedAdministrator(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(func(tx store.Tx) error {
		return tx.PutDelegate(org.Delegate{Organization: "o-exampleorg1", Account: member, Service: access.Principal, Since: start})
	})
	if _, err := doBy[identitystore.CreateUserOutput](w, member, jane("jane")); err != nil {
		t.Fatal(err)
	}
	w.view(func(tx store.Tx) error {
		events, err := tx.Events(store.EventFilter{Account: management, Limit: 10})
		if len(events) != 1 || events[0].Name != "CreateUser" {
			t.Errorf("the owner's history: %+v", events)
		}
		return err
	})
}

// What policies see of a call: the directory, and beside it each user, group and
// membership that is named.
func TestTargets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const user, group, other, membership = "u-1", "g-1", "g-2", "m-1"
	const prefix = "arn:aws:identitystore:::"
	store := aws.String(directoryID)
	for _, c := range []struct {
		in   any
		want []string
	}{
		{&identitystore.CreateUserInput{IdentityStoreId: store}, nil},
		{&identitystore.CreateGroupInput{IdentityStoreId: store}, nil},
		{&identitystore.DescribeUserInput{IdentityStoreId: store, UserId: aws.String(user)}, []string{"user/u-1"}},
		{&identitystore.DeleteGroupInput{IdentityStoreId: store, GroupId: aws.String(group)}, []string{"group/g-1"}},
		{&identitystore.ListUsersInput{IdentityStoreId: store}, []string{"user/*"}},
		{&identitystore.ListGroupsInput{IdentityStoreId: store}, []string{"group/*"}},
		{&identitystore.CreateGroupMembershipInput{IdentityStoreId: store, GroupId: aws.String(group), MemberId: userID(user)}, []string{"group/g-1", "user/u-1"}},
		{&identitystore.IsMemberInGroupsInput{IdentityStoreId: store, GroupIds: []string{group, other}, MemberId: userID(user)}, []string{"user/u-1", "group/g-1", "group/g-2"}},
		{&identitystore.DeleteGroupMembershipInput{IdentityStoreId: store, MembershipId: aws.String(membership)}, []string{"membership/m-1"}},
		{&identitystore.ListGroupMembershipsForMemberInput{IdentityStoreId: store, MemberId: userID(user)}, []string{"user/u-1"}},
	} {
		name := strings.TrimSuffix(reflect.TypeOf(c.in).Elem().Name(), "Input")
		rule := service.Table[name]
		got, err := (service.Names{Store: w.db}).Target(t.Context(), w.by(member, name), rule, c.in)
		if err != nil || got.ARN != "arn:aws:identitystore::"+management+":identitystore/"+directoryID {
			t.Errorf("%s: %s %v", name, got.ARN, err)
		}
		w.asked = nil
		method := reflect.ValueOf(w.service).MethodByName(name)
		method.Call([]reflect.Value{reflect.ValueOf(t.Context()), reflect.ValueOf(w.by(management, name)), reflect.ValueOf(c.in)})
		var want []string
		for _, on := range c.want {
			want = append(want, prefix+on)
		}
		if !reflect.DeepEqual(w.asked, want) {
			t.Errorf("%s: asked about %v, want %v", name, w.asked, want)
		}
		for _, denied := range want {
			w.deny = denied
			out := method.Call([]reflect.Value{reflect.ValueOf(t.Context()), reflect.ValueOf(w.by(management, name)), reflect.ValueOf(c.in)})
			if err, _ := out[1].Interface().(error); !errors.Is(err, errDenied) {
				t.Errorf("%s with %s denied: %v", name, denied, err)
			}
		}
		w.deny = ""
	}
}
