package identitystore_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"sekisho/internal/access"
	"sekisho/internal/arn"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

const enterprise = directory.EnterpriseExtension

// all is a user with every attribute that there is (behaviours.md 6.6).
func all() *identitystore.CreateUserInput {
	in := jane("jane")
	in.Name = &types.Name{Formatted: aws.String("Dr. Jane Q. Doe III"), GivenName: aws.String("Jane"), FamilyName: aws.String("Doe"), MiddleName: aws.String("Q."),
		HonorificPrefix: aws.String("Dr."), HonorificSuffix: aws.String("III")}
	in.NickName, in.ProfileUrl, in.UserType, in.Title = aws.String("janey"), aws.String("https://example.com/jane"), aws.String("Employee"), aws.String("CTO")
	in.PreferredLanguage, in.Locale, in.Timezone = aws.String("ja-JP"), aws.String("Asia"), aws.String("Asia/Tokyo")
	in.Website, in.Birthdate = aws.String("https://jane.example"), aws.String("1990-02-28")
	in.Emails = []types.Email{{Value: aws.String("jane@example.com"), Type: aws.String("Work"), Primary: true}}
	in.Addresses = []types.Address{{StreetAddress: aws.String("1-1"), Locality: aws.String("千代田区"), Region: aws.String("東京都"), PostalCode: aws.String("100-0001"),
		Country: aws.String("JP"), Formatted: aws.String("東京都\u3000千代田区 1-1"), Type: aws.String("Work"), Primary: true}}
	in.PhoneNumbers = []types.PhoneNumber{{Value: aws.String("+81 3-1234-5678"), Type: aws.String("Work"), Primary: true}}
	in.Photos = []types.Photo{{Value: aws.String("https://example.com/1.png"), Type: aws.String("photo"), Display: aws.String("Me"), Primary: true}, {Value: aws.String("https://example.com/2.png")}}
	in.Roles = []types.Role{{Value: aws.String("Architect"), Type: aws.String("Job"), Primary: true}}
	in.Extensions = map[string]document.Interface{enterprise: document.NewLazyDocument(map[string]any{
		"employeeNumber": "701984", "costCenter": "4130", "organization": "Example", "division": "Tools", "department": "Identity",
		"manager": map[string]any{"value": "26118915"}})}
	return in
}

// What is put into a user comes out of it again, and extensions when they are
// asked for.
func TestDescribeUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := all()
	id := must[identitystore.CreateUserOutput](w, in).UserId
	got := must[identitystore.DescribeUserOutput](w, &identitystore.DescribeUserInput{IdentityStoreId: aws.String(directoryID), UserId: id, Extensions: []string{enterprise}})
	raw, err := got.Extensions[enterprise].MarshalSmithyDocument()
	if err != nil {
		t.Fatal(err)
	}
	want, err := in.Extensions[enterprise].MarshalSmithyDocument()
	if err != nil {
		t.Fatal(err)
	}
	var gotObject, wantObject map[string]any
	if json.Unmarshal(raw, &gotObject) != nil || json.Unmarshal(want, &wantObject) != nil || !reflect.DeepEqual(gotObject, wantObject) {
		t.Errorf("extension %s, want %s", raw, want)
	}
	// Of every member of the input, the output has the same.
	for i := range reflect.TypeOf(*in).NumField() {
		f := reflect.TypeOf(*in).Field(i)
		if !f.IsExported() || f.Name == "Extensions" {
			continue
		}
		if a, b := reflect.ValueOf(*in).Field(i).Interface(), reflect.ValueOf(*got).FieldByName(f.Name).Interface(); !reflect.DeepEqual(a, b) {
			t.Errorf("%s: %+v, want %+v", f.Name, b, a)
		}
	}
	if got.UserStatus != types.UserStatusEnabled || !got.CreatedAt.Equal(start) || *got.CreatedBy != arn.Root(management) || *got.UpdatedBy != arn.Root(management) {
		t.Errorf("%+v", got)
	}
	if plain := must[identitystore.DescribeUserOutput](w, &identitystore.DescribeUserInput{IdentityStoreId: aws.String(directoryID), UserId: id}); plain.Extensions != nil {
		t.Error("extensions that nobody asked for")
	}
}

func TestCreateUserRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.newUser("taken")
	for _, c := range []struct {
		name    string
		change  func(*identitystore.CreateUserInput)
		code    string
		message string
	}{
		{"no user name", func(in *identitystore.CreateUserInput) { in.UserName = nil }, "ValidationException", "userName is a required attribute"},
		{"no display name", func(in *identitystore.CreateUserInput) { in.DisplayName = nil }, "ValidationException", "displayname: The attribute displayname is required"},
		{"no name", func(in *identitystore.CreateUserInput) { in.Name = nil }, "ValidationException", "name: The attribute name is required"},
		{"no family name", func(in *identitystore.CreateUserInput) { in.Name.FamilyName = nil }, "ValidationException", "familyname: The attribute familyname is required"},
		{"no names at all", func(in *identitystore.CreateUserInput) { in.DisplayName, in.Name.GivenName = nil, nil }, "ValidationException",
			"displayname: The attribute displayname is required, givenname: The attribute givenname is required"},
		{"reserved", func(in *identitystore.CreateUserInput) { in.UserName = aws.String("administrator") }, "ValidationException", "The value of the attribute userName is reserved"},
		{"user name taken", func(in *identitystore.CreateUserInput) { in.UserName = aws.String("TAKEN") }, "ConflictException", "Duplicate UserName"},
		{"address taken", func(in *identitystore.CreateUserInput) { in.Emails[0].Value = aws.String("Taken@example.com") }, "ConflictException", "Duplicate Email"},
		{"no address at all", func(in *identitystore.CreateUserInput) { in.Emails = nil }, "", ""},
		{"bad address", func(in *identitystore.CreateUserInput) { in.Emails[0].Value = aws.String("nobody") }, "ValidationException", "The attribute emails.value is not a valid e-mail address"},
		{"bad date", func(in *identitystore.CreateUserInput) { in.Birthdate = aws.String("1990-02-31") }, "ValidationException", "The attribute birthdate must be a date as YYYY-MM-DD"},
		{"control character", func(in *identitystore.CreateUserInput) { in.Title = aws.String("a\x00b") }, "ValidationException",
			"The attribute title must be 1 to 1024 letters, marks, symbols, numbers, punctuation characters or spaces"},
		{"extension that is none", func(in *identitystore.CreateUserInput) {
			in.Extensions = map[string]document.Interface{"aws:identitystore:other": document.NewLazyDocument(map[string]any{"a": "b"})}
		}, "ValidationException", "The attribute aws:identitystore:other is not a valid attribute"},
		{"extension's attribute that is none", func(in *identitystore.CreateUserInput) {
			in.Extensions = map[string]document.Interface{enterprise: document.NewLazyDocument(map[string]any{"salary": "1"})}
		}, "ValidationException", "The value of an attribute is not of its kind: " + enterprise},
		{"other directory", func(in *identitystore.CreateUserInput) { in.IdentityStoreId = aws.String(foreignID) }, "ResourceNotFoundException", "IdentityStore not present for IdentityStoreId: " + foreignID},
		{"no directory", func(in *identitystore.CreateUserInput) { in.IdentityStoreId = aws.String("d-0000000000") }, "ResourceNotFoundException", "IdentityStore not present for IdentityStoreId: d-0000000000"},
	} {
		in := jane("jane")
		c.change(in)
		_, err := do[identitystore.CreateUserOutput](w, in)
		w.expect(c.name, err, c.code, c.message)
	}
}

// A directory has room for so many people and groups (behaviours.md 1.7).
func TestQuotas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	full := quota{w.db}
	w.service.Store = full
	_, err := do[identitystore.CreateUserOutput](w, jane("jane"))
	w.expect("user", err, "ServiceQuotaExceededException", "The identity store has reached its limit of 200000 users.")
	_, err = do[identitystore.CreateGroupOutput](w, &identitystore.CreateGroupInput{IdentityStoreId: aws.String(directoryID), DisplayName: aws.String("Admins")})
	w.expect("group", err, "ServiceQuotaExceededException", "The identity store has reached its limit of 100000 groups.")
}

func TestUpdateUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.newUser("taken")
	id := must[identitystore.CreateUserOutput](w, all()).UserId
	update := func(ops ...types.AttributeOperation) error {
		_, err := do[identitystore.UpdateUserOutput](w, &identitystore.UpdateUserInput{IdentityStoreId: aws.String(directoryID), UserId: id, Operations: ops})
		return err
	}
	is := func(path, want string) {
		t.Helper()
		w.view(func(tx store.Tx) error {
			u, err := tx.User(*id)
			if got := u.Attribute(path); got != want {
				t.Errorf("%s is %q, want %q", path, got, want)
			}
			return err
		})
	}
	for _, c := range []struct {
		ops     []types.AttributeOperation
		code    string
		message string
		path    string
		want    string
	}{
		{[]types.AttributeOperation{set("displayName", "J. Doe")}, "", "", "displayName", "J. Doe"},
		{[]types.AttributeOperation{set("Name.GivenName", "Janet"), set("name.middleName", nil)}, "", "", "name.givenName", "Janet"},
		{[]types.AttributeOperation{set("title", nil)}, "", "", "title", ""},
		{[]types.AttributeOperation{set("nickName", "")}, "", "", "nickName", ""}, // Terraform empties
		{[]types.AttributeOperation{set("phoneNumbers", nil)}, "", "", "phoneNumbers.value", ""},
		{[]types.AttributeOperation{set("emails", []any{map[string]any{"value": "janet@example.com", "type": "work", "primary": true}})}, "", "", "emails[primary eq true].value", "janet@example.com"},
		{[]types.AttributeOperation{set("addresses", []any{map[string]any{"country": "FR", "primary": false}})}, "", "", "addresses.country", "FR"},
		{[]types.AttributeOperation{set(enterprise+".costCenter", "77")}, "", "", "enterprise.costCenter", "77"},
		{[]types.AttributeOperation{set(enterprise+".manager.displayName", "Boss")}, "", "", "enterprise.manager.displayName", "Boss"},

		{[]types.AttributeOperation{set("userName", "janet")}, "ValidationException", "The attribute userName cannot be changed", "userName", "jane"},
		{[]types.AttributeOperation{set("displayName", nil)}, "ValidationException", "displayname: The attribute displayname is required", "displayName", "J. Doe"},
		{[]types.AttributeOperation{set("title", "x"), set("nonsense", "x")}, "ValidationException", "The attribute nonsense is not a valid attribute", "title", ""},
		{[]types.AttributeOperation{set("emails.value", "x@example.com")}, "ValidationException", "The attribute emails.value is not a valid attribute", "emails.value", "janet@example.com"},
		{[]types.AttributeOperation{set("userStatus", "DISABLED")}, "ValidationException", "The attribute userStatus is not a valid attribute", "title", ""},
		{[]types.AttributeOperation{set("title", 7)}, "ValidationException", "The value of an attribute is not of its kind: title", "title", ""},
		{[]types.AttributeOperation{set("locale", "x"), set("emails", "a@example.com")}, "ValidationException", "The value of an attribute is not of its kind: emails", "locale", "Asia"},
		{[]types.AttributeOperation{set("emails", []any{map[string]any{"value": "a@example.com"}, map[string]any{"value": "b@example.com"}})}, "ValidationException",
			"The attribute emails has 2 values of at most 1", "emails.value", "janet@example.com"},
		{[]types.AttributeOperation{set("emails", []any{map[string]any{"value": "TAKEN@example.com"}})}, "ConflictException", "Duplicate Email", "emails.value", "janet@example.com"},
	} {
		w.expect(fmt.Sprint(*c.ops[0].AttributePath), update(c.ops...), c.code, c.message)
		is(c.path, c.want)
	}
}

// With another address, what was mailed to the one before is no good any more
// (H-22, N-14); with the same one it is.
func TestUpdateUserEndsLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.newUser("jane")
	owner := credential.Owner{Kind: credential.DirectoryUser, ID: id}
	var reset secret.String
	w.update(func(tx store.Tx) (err error) {
		if reset, err = credential.NewResetLink(tx, owner, start); err != nil {
			return err
		}
		return tx.PutLink(people.Link{Hash: "h", Purpose: people.Invitation, User: id, Email: "jane@example.com", SentAt: start, ExpiresAt: start})
	})
	links := func() (n int) {
		w.view(func(tx store.Tx) error {
			if _, err := tx.ResetLink(reset.Hash()); err == nil {
				n++
			}
			if _, err := tx.LinkOf(id, people.Invitation); err == nil {
				n++
			}
			return nil
		})
		return n
	}
	for _, c := range []struct {
		address string
		links   int
	}{{"JANE@example.com", 2}, {"janet@example.com", 0}} {
		must[identitystore.UpdateUserOutput](w, &identitystore.UpdateUserInput{IdentityStoreId: aws.String(directoryID), UserId: aws.String(id),
			Operations: []types.AttributeOperation{set("emails", []any{map[string]any{"value": c.address}})}})
		if n := links(); n != c.links {
			t.Errorf("after %s: %d links, want %d", c.address, n, c.links)
		}
	}
}

// Whoever is disabled is not edited and not added to groups (behaviours.md 6.5).
func TestDisabledUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, group := w.newUser("jane"), w.newGroup("Admins")
	w.update(func(tx store.Tx) error {
		u, err := tx.User(id)
		if err != nil {
			return err
		}
		return people.SetDisabled(tx, u, true, "", start)
	})
	if got := must[identitystore.DescribeUserOutput](w, &identitystore.DescribeUserInput{IdentityStoreId: aws.String(directoryID), UserId: aws.String(id)}); got.UserStatus != types.UserStatusDisabled {
		t.Errorf("status %s", got.UserStatus)
	}
	const words = "The user is disabled. Enable the user first."
	_, err := do[identitystore.UpdateUserOutput](w, &identitystore.UpdateUserInput{IdentityStoreId: aws.String(directoryID), UserId: aws.String(id),
		Operations: []types.AttributeOperation{set("title", "CTO")}})
	w.expect("edit", err, "ConflictException", words)
	_, err = do[identitystore.CreateGroupMembershipOutput](w, &identitystore.CreateGroupMembershipInput{IdentityStoreId: aws.String(directoryID), GroupId: aws.String(group), MemberId: userID(id)})
	w.expect("group", err, "ConflictException", words)
	must[identitystore.DeleteUserOutput](w, &identitystore.DeleteUserInput{IdentityStoreId: aws.String(directoryID), UserId: aws.String(id)})
}

// Whoever is deleted is signed out, in no group and assigned nowhere; the role
// that was there for nobody else is gone, another is not.
func TestDeleteUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, other, group := w.newUser("jane"), w.newUser("taro"), w.newGroup("Admins")
	must[identitystore.CreateGroupMembershipOutput](w, &identitystore.CreateGroupMembershipInput{IdentityStoreId: aws.String(directoryID), GroupId: aws.String(group), MemberId: userID(id)})
	w.update(func(tx store.Tx) error {
		inst, err := tx.InstanceByName(directoryID)
		if err != nil {
			return err
		}
		for _, s := range []string{"ps-1111111111111111", "ps-2222222222222222"} {
			if err := tx.PutPermissionSet(access.PermissionSet{ID: s, Instance: inst.ID, Name: s, SessionDuration: access.DefaultRoleSession, CreatedAt: start}); err != nil {
				return err
			}
			if err := access.Assign(tx, start, access.Assignment{Account: member, PermissionSet: s, PrincipalType: access.ToUser, PrincipalID: id}); err != nil {
				return err
			}
		}
		if err := access.Assign(tx, start, access.Assignment{Account: member, PermissionSet: "ps-2222222222222222", PrincipalType: access.ToUser, PrincipalID: other}); err != nil {
			return err
		}
		_, err = session.Begin(tx, "session-1", id, start, access.DefaultPortalSession, "192.0.2.1", "browser")
		return err
	})
	in := &identitystore.DeleteUserInput{IdentityStoreId: aws.String(directoryID), UserId: aws.String(id)}
	must[identitystore.DeleteUserOutput](w, in)
	w.update(func(tx store.Tx) error {
		_, err := access.Tidy(tx, 10)
		return err
	})
	w.view(func(tx store.Tx) error {
		left, err := tx.AssignmentsInAccount(member)
		if err != nil || len(left) != 1 || left[0].PrincipalID != other {
			t.Errorf("assignments %+v %v", left, err)
		}
		if _, err := tx.RoleOfPermissionSet(member, "ps-1111111111111111"); err == nil {
			t.Error("the role of the last assignment is left")
		}
		if _, err := tx.RoleOfPermissionSet(member, "ps-2222222222222222"); err != nil {
			t.Errorf("the role of another assignment: %v", err)
		}
		if members, err := tx.Members(group); err != nil || len(members) != 0 {
			t.Errorf("members %v %v", members, err)
		}
		if sessions, err := tx.SessionsOf(id); err != nil || len(sessions) != 0 {
			t.Errorf("sessions %v %v", sessions, err)
		}
		return nil
	})
	_, err := do[identitystore.DeleteUserOutput](w, in)
	w.expect("again", err, "ResourceNotFoundException", "USER not found.")
}

func TestListUsers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"carol", "Alice", "bob"} {
		w.newUser(name)
	}
	w.update(func(tx store.Tx) error {
		u, err := tx.UserByName(directoryID, "bob")
		if err != nil {
			return err
		}
		u.ExternalIDs = []directory.ExternalID{{Issuer: "https://idp.example", ID: "b-1"}}
		return tx.PutUser(u)
	})
	var names []string
	for token := (*string)(nil); ; {
		out := must[identitystore.ListUsersOutput](w, &identitystore.ListUsersInput{IdentityStoreId: aws.String(directoryID), MaxResults: aws.Int32(2), NextToken: token})
		for _, u := range out.Users {
			names = append(names, *u.UserName)
		}
		if token = out.NextToken; token == nil {
			break
		}
	}
	if got := strings.Join(names, " "); got != "Alice bob carol" {
		t.Errorf("users %s", got)
	}
	for _, c := range []struct{ path, value, want, code, message string }{
		{"UserName", "ALICE", "Alice", "", ""},
		{"userName", "ali", "", "", ""},
		{"ExternalIds.Id", "b-1", "bob", "", ""},
		{"ExternalIds.Id", "b-2", "", "", ""},
		{"DisplayName", "Jane Doe", "", "ValidationException", "The attribute DisplayName cannot be filtered by"},
	} {
		out, err := do[identitystore.ListUsersOutput](w, &identitystore.ListUsersInput{IdentityStoreId: aws.String(directoryID),
			Filters: []types.Filter{{AttributePath: aws.String(c.path), AttributeValue: aws.String(c.value)}}}) //nolint:staticcheck // deprecated, and still asked for
		w.expect(c.path, err, c.code, c.message)
		got := ""
		if err == nil && len(out.Users) == 1 {
			got = *out.Users[0].UserName
		}
		if got != c.want {
			t.Errorf("%s %s: %q, want %q", c.path, c.value, got, c.want)
		}
	}
	_, err := do[identitystore.ListUsersOutput](w, &identitystore.ListUsersInput{IdentityStoreId: aws.String(directoryID), NextToken: aws.String("forged")})
	w.expect("token", err, "ValidationException", "The pagination token is not valid.")
}

func TestGetUserId(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.newUser("jane")
	w.update(func(tx store.Tx) error {
		u, err := tx.User(id)
		if err != nil {
			return err
		}
		u.ExternalIDs = []directory.ExternalID{{Issuer: "https://idp.example", ID: "j-1"}}
		return tx.PutUser(u)
	})
	unique := func(path string, value any) types.AlternateIdentifier {
		return &types.AlternateIdentifierMemberUniqueAttribute{Value: types.UniqueAttribute{AttributePath: aws.String(path), AttributeValue: document.NewLazyDocument(value)}}
	}
	external := func(issuer, id string) types.AlternateIdentifier {
		return &types.AlternateIdentifierMemberExternalId{Value: types.ExternalId{Issuer: aws.String(issuer), Id: aws.String(id)}}
	}
	for _, c := range []struct {
		what          string
		by            types.AlternateIdentifier
		code, message string
	}{
		{"user name", unique("UserName", "JANE"), "", ""},
		{"address", unique("emails.value", "Jane@example.com"), "", ""},
		{"external id", external("https://idp.example", "j-1"), "", ""},
		{"another issuer's", external("https://other.example", "j-1"), "ResourceNotFoundException", "USER not found."},
		{"nobody", unique("userName", "taro"), "ResourceNotFoundException", "USER not found."},
		{"not unique", unique("displayName", "Jane Doe"), "ValidationException", "The attribute displayName is not a unique attribute"},
		{"no text", unique("userName", 7), "ValidationException", "The value of the attribute userName is not a text"},
	} {
		out, err := do[identitystore.GetUserIdOutput](w, &identitystore.GetUserIdInput{IdentityStoreId: aws.String(directoryID), AlternateIdentifier: c.by})
		w.expect(c.what, err, c.code, c.message)
		if err == nil && *out.UserId != id {
			t.Errorf("%s: %s", c.what, *out.UserId)
		}
	}
}
