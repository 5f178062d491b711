package operations

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

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

// callDirectory makes a call of the directory; without an id in k it is not signed.
func (w *world) callDirectory(k key, operation, members string) (a answer, said map[string]any) {
	w.Helper()
	body := `{"IdentityStoreId":"` + homeDirectory + `"`
	if members != "" {
		body += "," + members
	}
	body += "}"
	h, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+w.host+"/", strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	h.Header.Set("Content-Type", "application/x-amz-json-1.1")
	h.Header.Set("X-Amz-Target", "AWSIdentityStore."+operation)
	if k.id != "" {
		sum := sha256.Sum256([]byte(body))
		creds := aws.Credentials{AccessKeyID: k.id, SecretAccessKey: k.secret, SessionToken: k.token}
		if err := v4.NewSigner().SignHTTP(context.Background(), creds, h, hex.EncodeToString(sum[:]), "identitystore", "us-east-1", time.Now()); err != nil {
			w.Fatal(err)
		}
	}
	res, err := w.client.Do(h)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatal(err)
	}
	a = answer{status: res.StatusCode, code: res.Header.Get("X-Amzn-Errortype"), decision: res.Header.Get("X-Sekisho-Decision-Id")}
	if err := json.Unmarshal(raw, &said); err != nil {
		w.Errorf("%s: %v: %s", operation, err, raw)
	}
	if a.message, _ = said["Message"].(string); a.message == "" {
		a.message, _ = said["message"].(string)
	}
	return a, said
}

// Every operation of the directory refuses calls that are unsigned, badly signed
// or not allowed by policy on the directory and on each thing that it names;
// answers who has exactly its action on exactly those; knows another account's
// directory from none; and each call is in the trail, without what people are
// called (behaviours.md 2.6, 6.6).
func TestDirectoryOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	none := w.user(t, management, "none", "")
	barred := w.user(t, management, "barred", document(statement("Allow", "Action", "*", "*"), statement("Deny", "Action", "identitystore:*", "*")))
	stranger := w.user(t, production, "stranger", document(statement("Allow", "Action", "*", "*")))
	w.secret("name of a person", canary)
	w.secret("address of a person", "canary@example.org")
	const store = "arn:aws:identitystore::" + management + ":identitystore/" + homeDirectory
	vars := []string{}
	calls := make(map[string]int)
	for _, op := range directoryOperations {
		action, fill := "identitystore:"+op.name, strings.NewReplacer(vars...)
		input := fill.Replace(op.input)
		try := func(what string, k key, code, begins, ends string) map[string]any {
			t.Helper()
			calls[op.name]++
			a, said := w.callDirectory(k, op.name, input)
			if a.code != code || (a.status == http.StatusOK) != (code == "") || !strings.HasPrefix(a.message, begins) || !strings.HasSuffix(a.message, ends) {
				t.Errorf("%s: %s: %v", op.name, what, a)
			}
			return said
		}
		denied := func(c caller, on string) string {
			return "User: " + c.arn + " is not authorized to perform: " + action + " on resource: " + on
		}
		unallowed := " because no identity-based policy allows the " + action + " action"
		try("no signature", key{}, "MissingAuthenticationTokenException", noToken, "")
		try("wrong secret", key{id: none.key.id, secret: "wrong"}, "InvalidSignatureException", wrongSecret, "")
		try("no policy", none.key, "AccessDeniedException", denied(none, store), unallowed)
		try("denied", barred.key, "AccessDeniedException", denied(barred, store), " with an explicit deny in an identity-based policy")
		try("of another account", stranger.key, "ResourceNotFoundException", "IdentityStore not present for IdentityStoreId: ", "")
		// With each of the resources left out once, and then none.
		needed := []string{store}
		for on := range strings.FieldsSeq(fill.Replace(op.on)) {
			needed = append(needed, directoryPrefix+on)
		}
		for i, missing := range needed {
			var statements []string
			for j, on := range needed {
				if j != i {
					statements = append(statements, statement("Allow", "Action", action, on))
				}
			}
			policy := ""
			if len(statements) > 0 {
				policy = document(statements...)
			}
			c := w.user(t, management, "without-"+string(rune('0'+i))+op.name, policy)
			try("without "+missing, c.key, "AccessDeniedException", denied(c, missing), unallowed)
		}
		var statements []string
		for _, on := range needed {
			statements = append(statements, statement("Allow", "Action", action, on))
		}
		allowed := w.user(t, management, "only-"+op.name, document(statements...))
		for name, value := range try("allowed", allowed.key, "", "", "") {
			if id, ok := value.(string); ok && strings.HasSuffix(name, "Id") && name != "IdentityStoreId" {
				vars = append(vars, "{"+name+"}", id)
			}
		}
	}
	for name := range identitystore.Table {
		if calls[name] == 0 {
			t.Errorf("%s was not called", name)
		}
	}
	w.stop()
	trail := w.trail(t)
	for name, n := range calls {
		got := 0
		for _, e := range trail[name] {
			if e.Source != "identitystore.amazonaws.com" {
				t.Errorf("%s: from %s", name, e.Source)
			}
			got += e.Count
		}
		if got != n {
			t.Errorf("%s: %d events of %d calls", name, got, n)
		}
	}
	w.secretless(t)
}

// The service's own condition keys decide: of the user or group that is acted on.
func TestDirectoryConditions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, made := w.callDirectory(w.root(management), "CreateGroup", `"DisplayName":"Admins"`)
	group, _ := made["GroupId"].(string)
	_, found := w.callDirectory(w.root(management), "GetUserId", `"AlternateIdentifier":{"UniqueAttribute":{"AttributePath":"userName","AttributeValue":"jane"}}`)
	jane, _ := found["UserId"].(string)
	const nobody = "00000000-0000-4000-8000-00000000dead"
	for i, c := range []struct{ operation, key, value, allowed, denied string }{
		{"DescribeUser", "identitystore:UserId", jane, `"UserId":"` + jane + `"`, `"UserId":"` + nobody + `"`},
		{"DescribeGroup", "identitystore:GroupId", group, `"GroupId":"` + group + `"`, `"GroupId":"` + nobody + `"`},
	} {
		action := "identitystore:" + c.operation
		u := w.user(t, management, "conditioned-"+string(rune('0'+i)), document(
			statement("Allow", "Action", action, "arn:aws:identitystore::*:identitystore/*"),
			`{"Effect":"Allow","Action":"`+action+`","Resource":"`+directoryPrefix+`*","Condition":{"StringEquals":{"`+c.key+`":"`+c.value+`"}}}`))
		if a, _ := w.callDirectory(u.key, c.operation, c.denied); a.code != "AccessDeniedException" {
			t.Errorf("%s of another: %v", c.operation, a)
		}
		if a, _ := w.callDirectory(u.key, c.operation, c.allowed); a.status != http.StatusOK {
			t.Errorf("%s: %v", c.operation, a)
		}
	}
}
