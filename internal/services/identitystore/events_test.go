package identitystore_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"

	"sekisho/internal/store"
)

// The history tells who was made a member of what, and who is one no more, also when
// all of it is gone (repudiation). What a call asks for, the gateway adds.
func TestHistoryNamesWhatChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user, group := w.newUser("jane"), w.newGroup("Admins")
	membership := *must[identitystore.CreateGroupMembershipOutput](w,
		&identitystore.CreateGroupMembershipInput{IdentityStoreId: aws.String(directoryID), GroupId: &group, MemberId: userID(user)}).MembershipId
	must[identitystore.DeleteGroupMembershipOutput](w, &identitystore.DeleteGroupMembershipInput{IdentityStoreId: aws.String(directoryID), MembershipId: &membership})
	details := make(map[string]map[string]string)
	w.view(func(tx store.Tx) error {
		all, err := tx.Events(store.EventFilter{Account: management, Limit: 100})
		for _, e := range all {
			details[e.Name] = e.Detail
		}
		return err
	})
	for operation, want := range map[string]map[string]string{
		"CreateUser": {"userId": user}, "CreateGroup": {"groupId": group}, "CreateGroupMembership": {"membershipId": membership},
		"DeleteGroupMembership": {"groupId": group, "memberId": user},
	} {
		for name, value := range want {
			if got := details[operation][name]; got != value {
				t.Errorf("%s: %s is %q", operation, name, got)
			}
		}
	}
}
