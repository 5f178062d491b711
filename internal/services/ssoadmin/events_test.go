package ssoadmin_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/store"
)

// The history tells what a call made, and which request goes on in the background
// because of it (repudiation): both are in the event that commits with the change.
func TestHistoryNamesWhatWasMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set := w.set("Admin")
	r, err := w.assign(appManagement, set, appMember, types.PrincipalTypeUser, jane)
	if err != nil {
		t.Fatal(err)
	}
	w.update(func(tx store.Tx) error {
		all, err := tx.Events(store.EventFilter{Account: appManagement, Limit: 100})
		details := make(map[string]map[string]string)
		for _, e := range all {
			details[e.Name] = e.Detail
		}
		if got := details["CreatePermissionSet"]["permissionSetArn"]; got != set {
			t.Errorf("the set: %q", got)
		}
		if got := details["CreateAccountAssignment"]["requestId"]; got != *r.RequestId {
			t.Errorf("the request: %q", got)
		}
		return err
	})
}
