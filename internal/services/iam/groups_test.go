package iam_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/iam"
	"sekisho/internal/store"
)

func groupNames(groups []types.Group) (names []string) {
	for _, g := range groups {
		names = append(names, *g.GroupName)
	}
	return names
}

func TestCreateGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.root()
	made := must(w.service.CreateGroup(t.Context(), c, &awsiam.CreateGroupInput{GroupName: aws.String("Admins"), Path: aws.String("/ops/")})).Group
	if *made.GroupName != "Admins" || *made.Path != "/ops/" || *made.Arn != "arn:aws:iam::"+acct+":group/ops/Admins" || !strings.HasPrefix(*made.GroupId, "AGPA") ||
		made.CreateDate == nil || !slices.Equal(detail(c), []string{"groupId"}) {
		t.Errorf("made: %+v, event %v", made, detail(c))
	}
	got := must(w.service.GetGroup(t.Context(), w.root(), &awsiam.GetGroupInput{GroupName: aws.String("ADMINS")}))
	if !reflect.DeepEqual(got.Group, made) || got.Users == nil || len(got.Users) != 0 || got.IsTruncated {
		t.Errorf("read back: %+v", got)
	}
	w.quota(iam.Groups, 2)
	for _, c := range []struct{ name, group, code, message string }{
		{"taken", "admins", "EntityAlreadyExists", "Group with name admins already exists."},
		{"the last of the quota", "Second", "", ""},
		{"one more", "Third", "LimitExceeded", "Cannot exceed quota for GroupsPerAccount: 2"},
		{"taken when there is no more room", "second", "EntityAlreadyExists", "Group with name second already exists."},
	} {
		_, err := w.service.CreateGroup(t.Context(), w.root(), &awsiam.CreateGroupInput{GroupName: &c.group})
		w.expect(c.name, err, c.code, c.message)
	}
	_, err := w.service.GetGroup(t.Context(), w.other(), &awsiam.GetGroupInput{GroupName: aws.String("Admins")})
	w.expect("another account's", err, "NoSuchEntity", "The group with name Admins cannot be found.")
}

func TestListGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, at := range []string{"/b/ Z", "/ y", "/ X"} {
		path, name, _ := strings.Cut(at, " ")
		must(w.service.CreateGroup(t.Context(), w.root(), &awsiam.CreateGroupInput{GroupName: &name, Path: &path}))
	}
	for prefix, want := range map[string][]string{"/": {"X", "y", "Z"}, "/b/": {"Z"}, "/c/": nil} {
		got := listed(w, func(marker *string, maxItems *int32) ([]types.Group, bool, *string, error) {
			out, err := w.service.ListGroups(t.Context(), w.root(), &awsiam.ListGroupsInput{PathPrefix: &prefix, Marker: marker, MaxItems: maxItems})
			return out.Groups, out.IsTruncated, out.Marker, err
		})
		if !slices.Equal(groupNames(got), want) {
			t.Errorf("under %q: %q, want %q", prefix, groupNames(got), want)
		}
	}
}

func TestUpdateGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("bob")
	was := w.group("Developers", "bob")
	w.group("Admins")
	must(w.service.UpdateGroup(t.Context(), w.root(), &awsiam.UpdateGroupInput{GroupName: aws.String("developers"), NewGroupName: aws.String("Engineers"), NewPath: aws.String("/x/")}))
	got := must(w.service.GetGroup(t.Context(), w.root(), &awsiam.GetGroupInput{GroupName: aws.String("Engineers")}))
	if *got.Group.GroupId != was.ID || *got.Group.Path != "/x/" || !slices.Equal(userNames(got.Users), []string{"bob"}) {
		t.Errorf("renamed: %+v %q", got.Group, userNames(got.Users))
	}
	if asked := w.authz.asked[len(w.authz.asked)-1]; asked.action != "iam:UpdateGroup" || asked.target.ARN != "arn:aws:iam::"+acct+":group/x/Engineers" {
		t.Errorf("asked %+v", asked)
	}
	for _, c := range []struct{ name, group, becomes, code, message string }{
		{"its own name", "Engineers", "ENGINEERS", "", ""},
		{"a taken name", "engineers", "admins", "EntityAlreadyExists", "Group with name admins already exists."},
		{"no group", "Developers", "x", "NoSuchEntity", "The group with name Developers cannot be found."},
	} {
		_, err := w.service.UpdateGroup(t.Context(), w.root(), &awsiam.UpdateGroupInput{GroupName: &c.group, NewGroupName: &c.becomes})
		w.expect(c.name, err, c.code, c.message)
	}
	w.authz.denied = map[string]bool{"iam:UpdateGroup": true}
	if _, err := w.service.UpdateGroup(t.Context(), w.root(), &awsiam.UpdateGroupInput{GroupName: aws.String("Engineers"), NewGroupName: aws.String("Root")}); err == nil {
		t.Error("who may not update what it becomes is not refused")
	}
}

// Members, inline policies and attached policies must go before the group
// (behaviours.md 5.2).
func TestDeleteGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bob := w.user("bob")
	g := w.group("Developers", "bob")
	w.update(func(tx store.Tx) error {
		if err := tx.Attach(iam.Attachment{Owner: g.ID, OwnerKind: iam.GroupKind, Account: acct, PolicyARN: "arn:aws:iam::aws:policy/ReadOnlyAccess", AttachedAt: start}); err != nil {
			return err
		}
		return tx.PutInlinePolicy(iam.InlinePolicy{Owner: g.ID, Name: "p", Document: "{}"})
	})
	in := &awsiam.DeleteGroupInput{GroupName: aws.String("developers")}
	for _, c := range []struct {
		message string
		remove  func(store.Tx) error
	}{
		{"Cannot delete entity, must remove users from group first.", func(tx store.Tx) error { return tx.RemoveIAMMember(g.ID, bob.ID) }},
		{"Cannot delete entity, must detach all policies first.", func(tx store.Tx) error { return tx.Detach(g.ID, "arn:aws:iam::aws:policy/ReadOnlyAccess") }},
		{"Cannot delete entity, must delete policies first.", func(tx store.Tx) error { return tx.DeleteInlinePolicy(g.ID, "p") }},
	} {
		_, err := w.service.DeleteGroup(t.Context(), w.root(), in)
		w.expect("held", err, "DeleteConflict", c.message)
		w.update(c.remove)
	}
	must(w.service.DeleteGroup(t.Context(), w.root(), in))
	_, err := w.service.DeleteGroup(t.Context(), w.root(), in)
	w.expect("gone", err, "NoSuchEntity", "The group with name developers cannot be found.")
}

// A user is in at most ten groups (behaviours.md 1.5, 5.7).
func TestMembership(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("bob")
	w.user("Alice")
	add := func(group, user string) error {
		_, err := w.service.AddUserToGroup(t.Context(), w.root(), &awsiam.AddUserToGroupInput{GroupName: &group, UserName: &user})
		return err
	}
	remove := func(group, user string) error {
		_, err := w.service.RemoveUserFromGroup(t.Context(), w.root(), &awsiam.RemoveUserFromGroupInput{GroupName: &group, UserName: &user})
		return err
	}
	var want []string
	for i := range 11 {
		w.group(fmt.Sprintf("G%02d", i))
	}
	for i := range 10 {
		w.expect("join", add(fmt.Sprintf("g%02d", i), "BOB"), "", "")
		want = append(want, fmt.Sprintf("G%02d", i))
	}
	w.expect("join where one is", add("G03", "bob"), "", "")
	w.expect("an eleventh", add("G10", "bob"), "LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10")
	w.expect("another user", add("G00", "alice"), "", "")
	w.expect("no group", add("nowhere", "bob"), "NoSuchEntity", "The group with name nowhere cannot be found.")
	w.expect("no user", add("G00", "nobody"), "NoSuchEntity", "The user with name nobody cannot be found.")

	groups := func() []string {
		return groupNames(listed(w, func(marker *string, maxItems *int32) ([]types.Group, bool, *string, error) {
			out, err := w.service.ListGroupsForUser(t.Context(), w.root(), &awsiam.ListGroupsForUserInput{UserName: aws.String("Bob"), Marker: marker, MaxItems: maxItems})
			return out.Groups, out.IsTruncated, out.Marker, err
		}))
	}
	if got := groups(); !slices.Equal(got, want) {
		t.Errorf("groups: %q", got)
	}
	members := listed(w, func(marker *string, maxItems *int32) ([]types.User, bool, *string, error) {
		out, err := w.service.GetGroup(t.Context(), w.root(), &awsiam.GetGroupInput{GroupName: aws.String("G00"), Marker: marker, MaxItems: maxItems})
		return out.Users, out.IsTruncated, out.Marker, err
	})
	if got := userNames(members); !slices.Equal(got, []string{"Alice", "bob"}) {
		t.Errorf("members: %q", got)
	}

	w.expect("leave", remove("G00", "BOB"), "", "")
	w.expect("leave again", remove("G00", "bob"), "", "")
	w.expect("nobody enters no group", add("nowhere", "nobody"), "NoSuchEntity", "The user with name nobody cannot be found.")
	w.expect("nobody leaves no group", remove("nowhere", "nobody"), "NoSuchEntity", "The user with name nobody cannot be found.")
	w.expect("leave no group", remove("nowhere", "bob"), "NoSuchEntity", "The group with name nowhere cannot be found.")
	w.expect("nobody leaves", remove("G00", "nobody"), "NoSuchEntity", "The user with name nobody cannot be found.")
	w.expect("room again", add("G10", "bob"), "", "")
	if got := groups(); !slices.Equal(got, append(want[1:], "G10")) {
		t.Errorf("groups at the end: %q", got)
	}
	_, err := w.service.ListGroupsForUser(t.Context(), w.root(), &awsiam.ListGroupsForUserInput{UserName: aws.String("nobody")})
	w.expect("groups of nobody", err, "NoSuchEntity", "The user with name nobody cannot be found.")
}
