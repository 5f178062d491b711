package operations

import (
	"net/http"
	"strings"
	"testing"

	"sekisho/internal/services/identitystore"
)

const (
	homeDirectory   = "d-1234567890"
	directoryPrefix = "arn:aws:identitystore:::"
)

// directoryOperation is an operation of the directory with an input, in the order
// in which they succeed, and what it acts on beside the directory. {UserId},
// {GroupId} and {MembershipId} are what was answered before.
type directoryOperation struct {
	name  string
	input string
	on    string
}

const (
	ofMember = `"MemberId":{"UserId":"{UserId}"}`
	ofGroup  = `"GroupId":"{GroupId}",` + ofMember
)

var directoryOperations = []directoryOperation{
	{"CreateUser", `"UserName":"taro","DisplayName":"` + canary + `","Name":{"GivenName":"Taro","FamilyName":"` + canary + `"},"Emails":[{"Value":"canary@example.org"}]`, ""},
	{"DescribeUser", `"UserId":"{UserId}"`, "user/{UserId}"},
	{"UpdateUser", `"UserId":"{UserId}","Operations":[{"AttributePath":"title","AttributeValue":"` + canary + `"}]`, "user/{UserId}"},
	{"ListUsers", `"MaxResults":1`, "user/*"},
	{"GetUserId", `"AlternateIdentifier":{"UniqueAttribute":{"AttributePath":"userName","AttributeValue":"taro"}}`, "user/*"},
	{"CreateGroup", `"DisplayName":"` + canary + `"`, ""},
	{"DescribeGroup", `"GroupId":"{GroupId}"`, "group/{GroupId}"},
	{"UpdateGroup", `"GroupId":"{GroupId}","Operations":[{"AttributePath":"description","AttributeValue":"` + canary + `"}]`, "group/{GroupId}"},
	{"ListGroups", ``, "group/*"},
	{"GetGroupId", `"AlternateIdentifier":{"UniqueAttribute":{"AttributePath":"displayName","AttributeValue":"` + canary + `"}}`, "group/*"},
	{"CreateGroupMembership", ofGroup, "group/{GroupId} user/{UserId}"},
	{"DescribeGroupMembership", `"MembershipId":"{MembershipId}"`, "membership/{MembershipId}"},
	{"GetGroupMembershipId", ofGroup, "group/{GroupId} user/{UserId}"},
	{"ListGroupMemberships", `"GroupId":"{GroupId}"`, "group/{GroupId}"},
	{"ListGroupMembershipsForMember", ofMember, "user/{UserId}"},
	{"IsMemberInGroups", ofMember + `,"GroupIds":["{GroupId}"]`, "user/{UserId} group/{GroupId}"},
	{"DeleteGroupMembership", `"MembershipId":"{MembershipId}"`, "membership/{MembershipId}"},
	{"DeleteGroup", `"GroupId":"{GroupId}"`, "group/{GroupId}"},
	{"DeleteUser", `"UserId":"{UserId}"`, "user/{UserId}"},
}

var directoryService = jsonService{name: "identitystore", target: "AWSIdentityStore"}

// inDirectory is a body with further members.
func inDirectory(members string) string {
	if members != "" {
		members = "," + members
	}
	return `{"IdentityStoreId":"` + homeDirectory + `"` + members + "}"
}

// Every operation of the directory refuses calls that are unsigned, badly signed
// or not allowed by policy on the directory and on each thing that it names;
// answers who has exactly its action on exactly those; knows another account's
// directory from none; and each call is in the trail, without what people are
// called (behaviours.md 2.6, 6.6).
func TestDirectoryOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.walk(directoryService)
	none, barred := w.user(t, management, "none", ""), d.barred(t, management)
	stranger := w.user(t, production, "stranger", document(statement("Allow", "Action", "*", "*")))
	w.secret("name of a person", canary)
	w.secret("address of a person", "canary@example.org")
	const store = "arn:aws:identitystore::" + management + ":identitystore/" + homeDirectory
	vars := []string{}
	for _, op := range directoryOperations {
		fill := strings.NewReplacer(vars...)
		s := d.step(t, op.name, inDirectory(fill.Replace(op.input)))
		s.refused(none, barred, store)
		s.try("of another account", stranger.key, "ResourceNotFoundException", "IdentityStore not present for IdentityStoreId: "+homeDirectory, "")
		needed := []string{store}
		for on := range strings.FieldsSeq(fill.Replace(op.on)) {
			needed = append(needed, directoryPrefix+on)
		}
		allowed := w.user(t, management, "only-"+op.name, document(s.exactly(management, needed)...))
		var said map[string]any
		w.said(s.try("allowed", allowed.key, "", "", ""), &said)
		for name, value := range said {
			if id, ok := value.(string); ok && strings.HasSuffix(name, "Id") && name != "IdentityStoreId" {
				vars = append(vars, "{"+name+"}", id)
			}
		}
	}
	d.complete(t, identitystore.Table, nil)
	d.recorded(t, nil)
}

// The service's own condition keys decide: of the user or group that is acted on.
func TestDirectoryConditions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	call := func(k key, operation, members string) answer {
		return w.callJSON(directoryService, k, operation, inDirectory(members))
	}
	var made, found struct{ GroupID, UserID string }
	w.said(call(w.root(management), "CreateGroup", `"DisplayName":"Admins"`), &made)
	w.said(call(w.root(management), "GetUserId", `"AlternateIdentifier":{"UniqueAttribute":{"AttributePath":"userName","AttributeValue":"jane"}}`), &found)
	group, jane := made.GroupID, found.UserID
	const nobody = "00000000-0000-4000-8000-00000000dead"
	for i, c := range []struct{ operation, key, value, allowed, denied string }{
		{"DescribeUser", "identitystore:UserId", jane, `"UserId":"` + jane + `"`, `"UserId":"` + nobody + `"`},
		{"DescribeGroup", "identitystore:GroupId", group, `"GroupId":"` + group + `"`, `"GroupId":"` + nobody + `"`},
	} {
		action := "identitystore:" + c.operation
		u := w.user(t, management, "conditioned-"+string(rune('0'+i)), document(
			statement("Allow", "Action", action, "arn:aws:identitystore::*:identitystore/*"),
			`{"Effect":"Allow","Action":"`+action+`","Resource":"`+directoryPrefix+`*","Condition":{"StringEquals":{"`+c.key+`":"`+c.value+`"}}}`))
		if a := call(u.key, c.operation, c.denied); a.code != "AccessDeniedException" {
			t.Errorf("%s of another: %v", c.operation, a)
		}
		if a := call(u.key, c.operation, c.allowed); a.status != http.StatusOK {
			t.Errorf("%s: %v", c.operation, a)
		}
	}
}
