package compat

import (
	"bytes"
	"encoding/json"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/test/compat/harness"
)

// TestAccessEndsOnOtherNodes: of two nodes on one PostgreSQL, what ends a person's
// access on one ends it on the other within a second, for credentials that it has
// just seen: a service control policy, the removal of an assignment, the end of the
// session by its person or by an administrator, disabling the person (G-56, L-04,
// promise 12).
func TestAccessEndsOnOtherNodes(t *testing.T) {
	t.Parallel()
	env := []string{"SEKISHO_DATABASE=" + sqldbtest.PostgreSQL(t).URL, "SEKISHO_MASTER_KEY_FILE=" + filepath.Join(t.TempDir(), "master.key")}
	here := harness.Start(t, organizationsFile, env...)
	there := harness.Start(t, organizationsFile, env...)
	c, ctx := newCenter(t, here), t.Context()
	set := c.set("Reader")
	must[*ssoadmin.AttachManagedPolicyToPermissionSetOutput](t)(c.c.AttachManagedPolicyToPermissionSet(ctx, &ssoadmin.AttachManagedPolicyToPermissionSetInput{
		InstanceArn: c.instance, PermissionSetArn: set, ManagedPolicyArn: aws.String(readOnlyAccess),
	}))
	// of is a person who uses the role on both nodes.
	type use struct {
		browser *harness.Browser
		token   string
		held    keys
	}
	of := func(who harness.Person) use {
		t.Helper()
		if status := c.assign(set, production, personID(t, here, who.UserName)); status.Status != "SUCCEEDED" {
			t.Fatalf("assigning %s: %s", who.UserName, status.Status)
		}
		b := here.Browser(t)
		b.Walk(here.Portal(portalName)+"/start", who, "")
		token := newCurrentCLI(t, here).login(b, who).Access
		u := use{b, token, roleCredentials(t, here, token, production, "Reader")}
		for _, node := range []*harness.Server{here, there} {
			withinASecond(t, "", func() string { return listUsers(t, node, u.held) })
			if status := listAccounts(t, node, token); status != 200 {
				t.Fatalf("the access token gets status %d", status)
			}
		}
		return u
	}

	of1 := of(jane)
	org := organizationsClient(here, managementRoot.provider())
	policy := must[*organizations.CreatePolicyOutput](t)(org.CreatePolicy(ctx, &organizations.CreatePolicyInput{
		Type: orgtypes.PolicyTypeServiceControlPolicy, Name: aws.String("NoIAM"), Description: aws.String(""),
		Content: aws.String(document(map[string]any{"Effect": "Deny", "Action": "iam:*", "Resource": "*"})),
	})).Policy.PolicySummary.Id
	must[*organizations.AttachPolicyOutput](t)(org.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: policy, TargetId: aws.String(production)}))
	withinASecond(t, "AccessDenied", func() string { return listUsers(t, there, of1.held) })
	must[*organizations.DetachPolicyOutput](t)(org.DetachPolicy(ctx, &organizations.DetachPolicyInput{PolicyId: policy, TargetId: aws.String(production)}))
	withinASecond(t, "", func() string { return listUsers(t, there, of1.held) })

	if status := c.unassign(set, production, personID(t, here, "jane")); status != "SUCCEEDED" {
		t.Fatalf("taking the assignment back: %s", status)
	}
	withinASecond(t, "InvalidClientTokenId", func() string { return listUsers(t, there, of1.held) })

	of2 := of(taro)
	of2.browser.SignOut(here.Portal(portalName))
	withinASecond(t, "ExpiredToken", func() string { return listUsers(t, there, of2.held) })
	if status := listAccounts(t, there, of2.token); status != 401 {
		t.Errorf("after the sign-out the access token gets status %d", status)
	}

	of3 := of(taro)
	if listed := endSessions(t, here, c.instance, personID(t, here, "taro")); listed == 0 {
		t.Fatal("an administrator sees no session of who is signed in")
	}
	withinASecond(t, "ExpiredToken", func() string { return listUsers(t, there, of3.held) })
	if status := listAccounts(t, there, of3.token); status != 401 {
		t.Errorf("of a session that an administrator ended the access token gets status %d", status)
	}
	if p := of3.browser.Open(here.Portal(portalName) + "/start"); !p.Has("username", "") {
		t.Errorf("the browser whose session an administrator ended is at %s", p.URL)
	}

	of4 := of(jane)
	here.Command(t, "", "admin", "disable-user", "jane")
	withinASecond(t, "InvalidClientTokenId", func() string { return listUsers(t, there, of4.held) })
	if status := listAccounts(t, there, of4.token); status != 401 {
		t.Errorf("of a disabled person the access token gets status %d", status)
	}
}

// endSessions ends the sessions of a person as the console does for an administrator,
// and returns how many there were.
func endSessions(t testing.TB, s *harness.Server, instance, person *string) int {
	t.Helper()
	call := func(operation string, in map[string]any, out any) {
		t.Helper()
		in["InstanceArn"], in["UserId"] = instance, person
		body, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.Base+"/", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-amz-json-1.1")
		r.Header.Set("X-Amz-Target", "SekishoSSODirectory."+operation)
		a := send(t, signFor(t, r, string(body), managementRoot, time.Now(), "sso-directory", region))
		if err := json.Unmarshal(a.Body, out); err != nil || a.Status != http.StatusOK {
			t.Fatalf("%s: %d %v\n%s", operation, a.Status, err, a.Body)
		}
	}
	var listed struct{ Sessions []struct{ SessionID string } }
	call("ListUserSessions", map[string]any{}, &listed)
	ids := make([]string, 0, len(listed.Sessions))
	for _, one := range listed.Sessions {
		ids = append(ids, one.SessionID)
	}
	call("EndUserSessions", map[string]any{"SessionIds": ids}, &struct{}{})
	return len(ids)
}

// listUsers is a call that a reader may make; it returns the code, "" for success.
func listUsers(t testing.TB, s *harness.Server, k keys) string {
	t.Helper()
	_, err := iamClient(s, k.provider()).ListUsers(t.Context(), &iam.ListUsersInput{})
	return codeOfError(err)
}
