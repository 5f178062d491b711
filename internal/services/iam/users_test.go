package iam_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/secret"
	"sekisho/internal/store"
)

func wireTag(key, value string) types.Tag {
	return types.Tag{Key: aws.String(key), Value: aws.String(value)}
}

// tagged are the tags on the wire as "key=value".
func tagged(tags []types.Tag) (all []string) {
	for _, t := range tags {
		all = append(all, *t.Key+"="+*t.Value)
	}
	return all
}

func userNames(users []types.User) (names []string) {
	for _, u := range users {
		names = append(names, *u.UserName)
	}
	return names
}

// A user is read back as it was made, whatever the case of its name; lists leave
// out its tags and boundary, as AWS's do.
func TestCreateUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boundary := "arn:aws:iam::" + acct + ":policy/Bound"
	w.update(func(tx store.Tx) error {
		return tx.PutPolicy(iam.Policy{ID: "ANPA1", Account: acct, Path: "/", Name: "Bound", DefaultVersion: 1, LastVersion: 1, CreatedAt: start, UpdatedAt: start})
	})
	c := w.root()
	made, err := w.service.CreateUser(t.Context(), c, &awsiam.CreateUserInput{
		UserName: aws.String("Bob"), Path: aws.String("/division_abc/"), PermissionsBoundary: &boundary,
		Tags: []types.Tag{wireTag("Team", "core"), wireTag("cost", "")},
	})
	if err != nil {
		t.Fatal(err)
	}
	u := made.User
	if *u.Path != "/division_abc/" || *u.UserName != "Bob" || *u.Arn != "arn:aws:iam::"+acct+":user/division_abc/Bob" ||
		!u.CreateDate.Equal(start.Truncate(time.Second)) || *u.PermissionsBoundary.PermissionsBoundaryArn != boundary ||
		u.PermissionsBoundary.PermissionsBoundaryType != "Policy" || !slices.Equal(tagged(u.Tags), []string{"Team=core", "cost="}) {
		t.Errorf("made: %+v", u)
	}
	if of, ok := arn.AccountOfUniqueID(*u.UserId); !ok || of != acct || !strings.HasPrefix(*u.UserId, "AIDA") || len(*u.UserId) != 21 {
		t.Errorf("user id %s", *u.UserId)
	}
	if !slices.Equal(detail(c), []string{"userId"}) || !c.Event.Recorded() {
		t.Errorf("event %+v", c.Event)
	}
	got := must(w.service.GetUser(t.Context(), w.root(), &awsiam.GetUserInput{UserName: aws.String("bOB")}))
	if !reflect.DeepEqual(got.User, u) {
		t.Errorf("read back: %+v, want %+v", got.User, u)
	}
	all := must(w.service.ListUsers(t.Context(), w.root(), &awsiam.ListUsersInput{}))
	if len(all.Users) != 1 || all.Users[0].Tags != nil || all.Users[0].PermissionsBoundary != nil || *all.Users[0].Arn != *u.Arn {
		t.Errorf("listed: %+v", all.Users)
	}
	if others := must(w.service.ListUsers(t.Context(), w.other(), &awsiam.ListUsersInput{})); others.Users == nil || len(others.Users) != 0 {
		t.Errorf("in another account: %+v", others.Users)
	}
}

func TestCreateUserRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("bob")
	w.user("alice")
	w.quota(iam.Users, 3)
	many := make([]types.Tag, 51)
	for i := range many {
		many[i] = wireTag(fmt.Sprint("k", i), "")
	}
	for _, c := range []struct {
		name          string
		in            awsiam.CreateUserInput
		code, message string
	}{
		{"taken", awsiam.CreateUserInput{UserName: aws.String("bob")}, "EntityAlreadyExists", "User with name bob already exists."},
		{"taken in another case and path", awsiam.CreateUserInput{UserName: aws.String("BOB"), Path: aws.String("/x/")}, "EntityAlreadyExists", "User with name BOB already exists."},
		{"boundary that is no policy", awsiam.CreateUserInput{UserName: aws.String("eve"), PermissionsBoundary: aws.String("arn:aws:iam::" + acct + ":user/bob")},
			"ValidationError", "Value (arn:aws:iam::" + acct + ":user/bob) for parameter PermissionsBoundary is invalid."},
		{"boundary that does not exist", awsiam.CreateUserInput{UserName: aws.String("eve"), PermissionsBoundary: aws.String("arn:aws:iam::" + acct + ":policy/No")},
			"NoSuchEntity", "Scope ARN: arn:aws:iam::" + acct + ":policy/No does not exist or is not attachable."},
		{"a tag twice", awsiam.CreateUserInput{UserName: aws.String("eve"), Tags: []types.Tag{wireTag("a", "1"), wireTag("A", "2")}},
			"InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive."},
		{"AWS's tag", awsiam.CreateUserInput{UserName: aws.String("eve"), Tags: []types.Tag{wireTag("aws:x", "1")}},
			"InvalidInput", "System tags cannot be added/updated by requester"},
		{"51 tags", awsiam.CreateUserInput{UserName: aws.String("eve"), Tags: many}, "LimitExceeded", "The number of tags has reached the maximum limit."},
		{"the last of the quota", awsiam.CreateUserInput{UserName: aws.String("eve")}, "", ""},
		{"one more", awsiam.CreateUserInput{UserName: aws.String("mallory")}, "LimitExceeded", "Cannot exceed quota for UsersPerAccount: 3"},
	} {
		_, err := w.service.CreateUser(t.Context(), w.root(), &c.in)
		w.expect(c.name, err, c.code, c.message)
	}
	// another account's quota is its own.
	_, err := w.service.CreateUser(t.Context(), w.other(), &awsiam.CreateUserInput{UserName: aws.String("bob")})
	w.expect("in another account", err, "", "")
}

// A quota holds when many ask at once, and so does that a name is one user's.
func TestCreateUserRaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.quota(iam.Users, 5)
	var wait sync.WaitGroup
	outcomes := make([]error, 20)
	for i := range outcomes {
		wait.Go(func() { // every name is asked for twice
			_, outcomes[i] = w.service.CreateUser(t.Context(), w.root(), &awsiam.CreateUserInput{UserName: aws.String(fmt.Sprint("user", i/2))})
		})
	}
	wait.Wait()
	made := 0
	for _, err := range outcomes {
		if err == nil {
			made++
		}
	}
	all := must(w.service.ListUsers(t.Context(), w.root(), &awsiam.ListUsersInput{})).Users
	w.view(func(tx store.Tx) error {
		n, err := tx.IAMCount(acct, iam.Users)
		if made != 5 || len(all) != 5 || n != 5 {
			t.Errorf("%d made, %d there, %d counted: %v", made, len(all), n, outcomes)
		}
		return err
	})
}

// The quotas of behaviours.md 1.5, unless the account has its own.
func TestQuotas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(func(tx store.Tx) error { return tx.PutIAMQuota(otherAcct, iam.Users, 200_000) })
	w.view(func(tx store.Tx) error {
		for noun, want := range map[iam.Noun]int{
			iam.Users: 5000, iam.Groups: 300, iam.Roles: 1000, iam.Policies: 1500, iam.InstanceProfiles: 1000, iam.ServerCertificates: 20,
			iam.SAMLProviders: 100, iam.OIDCProviders: 100, iam.MFADevices: 5000,
		} {
			if got, err := iam.Quota(tx, acct, noun); err != nil || got != want {
				t.Errorf("%s: %d, %v, want %d", noun, got, err, want)
			}
		}
		for _, noun := range []iam.Noun{iam.Users, iam.MFADevices} { // as many virtual devices as users
			if got, err := iam.Quota(tx, otherAcct, noun); err != nil || got != 200_000 {
				t.Errorf("%s of the other account: %d, %v", noun, got, err)
			}
		}
		return nil
	})
}

// Without a name it is the caller: an IAM user, or the root user, who has none.
func TestGetUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bob := w.user("bob")
	signedIn := start.Add(90 * time.Minute)
	w.update(func(tx store.Tx) error {
		return tx.PutUses([]iam.Use{
			{Account: acct, Entity: bob.ID, Service: "signin", Action: "ConsoleLogin", Region: "us-east-1", At: signedIn},
			{Account: acct, Entity: bob.ID, Service: "iam", Action: "GetUser", Region: "us-east-1", At: signedIn.Add(time.Hour)},
			{Account: acct, Entity: acct, Service: "signin", Action: "ConsoleLogin", Region: "us-east-1", At: signedIn.Add(time.Minute)},
		})
	})
	self := must(w.service.GetUser(t.Context(), w.as("bob"), &awsiam.GetUserInput{})).User
	if *self.UserId != bob.ID || *self.UserName != "bob" || !self.PasswordLastUsed.Equal(signedIn.Truncate(time.Second)) {
		t.Errorf("self: %+v", self)
	}
	w.user("alice")
	w.group("Developers", "bob", "alice")
	for what, users := range map[string][]types.User{
		"all":     must(w.service.ListUsers(t.Context(), w.root(), &awsiam.ListUsersInput{})).Users,
		"members": must(w.service.GetGroup(t.Context(), w.root(), &awsiam.GetGroupInput{GroupName: aws.String("Developers")})).Users,
	} {
		if len(users) != 2 || users[0].PasswordLastUsed != nil || users[1].PasswordLastUsed == nil || !users[1].PasswordLastUsed.Equal(*self.PasswordLastUsed) {
			t.Errorf("%s: %+v", what, users)
		}
	}
	root := must(w.service.GetUser(t.Context(), w.root(), &awsiam.GetUserInput{})).User
	if *root.UserId != acct || *root.Arn != "arn:aws:iam::"+acct+":root" || root.UserName != nil || root.Tags != nil ||
		!root.CreateDate.Equal(start.Truncate(time.Second)) || !root.PasswordLastUsed.Equal(signedIn.Add(time.Minute).Truncate(time.Second)) {
		t.Errorf("root: %+v", root)
	}
	if u := must(w.service.GetUser(t.Context(), w.other(), &awsiam.GetUserInput{})).User; u.PasswordLastUsed != nil {
		t.Errorf("root that never signed in: %+v", u)
	}
	_, err := w.service.GetUser(t.Context(), w.asRole(), &awsiam.GetUserInput{})
	w.expect("a role without a name", err, "ValidationError", "Must specify userName when calling with non-User credentials")
	_, err = w.service.GetUser(t.Context(), w.other(), &awsiam.GetUserInput{UserName: aws.String("bob")})
	w.expect("another account's", err, "NoSuchEntity", "The user with name bob cannot be found.")
}

func TestListUsers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, at := range []string{"/b/ zed", "/ Carol", "/ bob", "/a/ eve"} {
		path, name, _ := strings.Cut(at, " ")
		must(w.service.CreateUser(t.Context(), w.root(), &awsiam.CreateUserInput{UserName: &name, Path: &path}))
	}
	for prefix, want := range map[string][]string{"": {"bob", "Carol", "eve", "zed"}, "/": {"bob", "Carol", "eve", "zed"}, "/a": {"eve"}, "/x/": nil} {
		got := listed(w, func(marker *string, maxItems *int32) ([]types.User, bool, *string, error) {
			in := &awsiam.ListUsersInput{Marker: marker, MaxItems: maxItems}
			if prefix != "" {
				in.PathPrefix = &prefix
			}
			out, err := w.service.ListUsers(t.Context(), w.root(), in)
			return out.Users, out.IsTruncated, out.Marker, err
		})
		if !slices.Equal(userNames(got), want) {
			t.Errorf("under %q: %q, want %q", prefix, userNames(got), want)
		}
	}
	_, err := w.service.ListUsers(t.Context(), w.root(), &awsiam.ListUsersInput{Marker: aws.String("made up")})
	w.expect("a marker that nobody gave", err, "ValidationError", "Invalid Marker.")
}

// A renamed user is the same user: id, groups and keys stay.
func TestUpdateUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bob := w.user("bob")
	w.user("alice")
	w.group("Developers", "bob", "alice")
	w.update(func(tx store.Tx) error {
		return tx.PutAccessKey(iam.AccessKey{ID: "AKIABOB", Account: acct, User: bob.ID, Secret: secret.NewString("s"), Active: true, CreatedAt: start})
	})
	must(w.service.UpdateUser(t.Context(), w.root(), &awsiam.UpdateUserInput{UserName: aws.String("BOB"), NewUserName: aws.String("Robert"), NewPath: aws.String("/x/")}))
	u := must(w.service.GetUser(t.Context(), w.root(), &awsiam.GetUserInput{UserName: aws.String("robert")})).User
	if *u.UserId != bob.ID || *u.Arn != "arn:aws:iam::"+acct+":user/x/Robert" {
		t.Errorf("renamed: %+v", u)
	}
	if got := userNames(must(w.service.GetGroup(t.Context(), w.root(), &awsiam.GetGroupInput{GroupName: aws.String("developers")})).Users); !slices.Equal(got, []string{"alice", "Robert"}) {
		t.Errorf("members: %q", got)
	}
	w.view(func(tx store.Tx) error {
		keys, err := tx.AccessKeysOf(acct, bob.ID)
		if len(keys) != 1 {
			t.Errorf("keys: %v", keys)
		}
		return err
	})
	for _, c := range []struct {
		name, user    string
		in            awsiam.UpdateUserInput
		code, message string
	}{
		{"the case of its name", "robert", awsiam.UpdateUserInput{NewUserName: aws.String("ROBERT")}, "", ""},
		{"nothing", "robert", awsiam.UpdateUserInput{}, "", ""},
		{"the path alone", "robert", awsiam.UpdateUserInput{NewPath: aws.String("/")}, "", ""},
		{"a taken name", "robert", awsiam.UpdateUserInput{NewUserName: aws.String("Alice")}, "EntityAlreadyExists", "User with name Alice already exists."},
		{"nobody", "bob", awsiam.UpdateUserInput{NewUserName: aws.String("x")}, "NoSuchEntity", "The user with name bob cannot be found."},
	} {
		c.in.UserName = &c.user
		_, err := w.service.UpdateUser(t.Context(), w.root(), &c.in)
		w.expect(c.name, err, c.code, c.message)
	}
	if u := must(w.service.GetUser(t.Context(), w.root(), &awsiam.GetUserInput{UserName: aws.String("robert")})).User; *u.UserName != "ROBERT" || *u.Path != "/" {
		t.Errorf("at the end: %+v", u)
	}
}

// Who renames a user must be allowed to update what it becomes, too.
func TestUpdateUserAsksForTheNewName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("bob")
	must(w.service.TagUser(t.Context(), w.root(), &awsiam.TagUserInput{UserName: aws.String("bob"), Tags: []types.Tag{wireTag("Team", "core")}}))
	w.authz.denied = map[string]bool{"iam:UpdateUser": true}
	in := &awsiam.UpdateUserInput{UserName: aws.String("bob"), NewUserName: aws.String("admin"), NewPath: aws.String("/ops/")}
	if _, err := w.service.UpdateUser(t.Context(), w.root(), in); err == nil {
		t.Error("not refused")
	}
	if got := w.authz.asked[len(w.authz.asked)-1]; got.action != "iam:UpdateUser" || got.target.ARN != "arn:aws:iam::"+acct+":user/ops/admin" ||
		got.target.Tags["Team"] != "core" {
		t.Errorf("asked %+v", got)
	}
	must(w.service.GetUser(t.Context(), w.root(), &awsiam.GetUserInput{UserName: aws.String("bob")}))
}

// Everything that hangs on a user must go before it (behaviours.md 5.2).
func TestDeleteUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bob := w.user("bob")
	w.group("Developers", "bob")
	var g iam.Group
	w.update(func(tx store.Tx) (err error) {
		if g, err = tx.IAMGroupByName(acct, "Developers"); err != nil {
			return err
		}
		for _, err := range []error{
			tx.PutAccessKey(iam.AccessKey{ID: "AKIABOB", Account: acct, User: bob.ID, Secret: secret.NewString("s"), CreatedAt: start}),
			tx.Attach(iam.Attachment{Owner: bob.ID, OwnerKind: iam.UserKind, Account: acct, PolicyARN: "arn:aws:iam::aws:policy/ReadOnlyAccess", AttachedAt: start}),
			tx.PutInlinePolicy(iam.InlinePolicy{Owner: bob.ID, Name: "p", Document: "{}"}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	for _, c := range []struct {
		message string
		remove  func(store.Tx) error
	}{
		{"Cannot delete entity, must delete access keys first.", func(tx store.Tx) error { return tx.DeleteAccessKey("AKIABOB") }},
		{"Cannot delete entity, must detach all policies first.", func(tx store.Tx) error { return tx.Detach(bob.ID, "arn:aws:iam::aws:policy/ReadOnlyAccess") }},
		{"Cannot delete entity, must delete policies first.", func(tx store.Tx) error { return tx.DeleteInlinePolicy(bob.ID, "p") }},
		{"Cannot delete entity, must remove users from group first.", func(tx store.Tx) error { return tx.RemoveIAMMember(g.ID, bob.ID) }},
	} {
		_, err := w.service.DeleteUser(t.Context(), w.root(), &awsiam.DeleteUserInput{UserName: aws.String("bob")})
		w.expect("held", err, "DeleteConflict", c.message)
		w.update(c.remove)
	}
	_, err := w.service.DeleteUser(t.Context(), w.other(), &awsiam.DeleteUserInput{UserName: aws.String("bob")})
	w.expect("from another account", err, "NoSuchEntity", "The user with name bob cannot be found.")
	must(w.service.DeleteUser(t.Context(), w.root(), &awsiam.DeleteUserInput{UserName: aws.String("BoB")}))
	_, err = w.service.DeleteUser(t.Context(), w.root(), &awsiam.DeleteUserInput{UserName: aws.String("bob")})
	w.expect("gone", err, "NoSuchEntity", "The user with name bob cannot be found.")
	// Who takes the name afterwards is somebody else (behaviours.md 1.2).
	if again := w.user("bob"); again.ID == bob.ID {
		t.Error("an id is used again")
	}
}

func TestUserTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("bob")
	name := aws.String("Bob")
	tags := func() []string {
		return tagged(listed(w, func(marker *string, maxItems *int32) ([]types.Tag, bool, *string, error) {
			out, err := w.service.ListUserTags(t.Context(), w.root(), &awsiam.ListUserTagsInput{UserName: name, Marker: marker, MaxItems: maxItems})
			return out.Tags, out.IsTruncated, out.Marker, err
		}))
	}
	if got := must(w.service.ListUserTags(t.Context(), w.root(), &awsiam.ListUserTagsInput{UserName: name})); got.Tags == nil || len(got.Tags) != 0 {
		t.Errorf("none: %v", got.Tags)
	}
	must(w.service.TagUser(t.Context(), w.root(), &awsiam.TagUserInput{UserName: name, Tags: []types.Tag{wireTag("Team", "a"), wireTag("cost", "1"), wireTag("b", "2")}}))
	must(w.service.TagUser(t.Context(), w.root(), &awsiam.TagUserInput{UserName: name, Tags: []types.Tag{wireTag("team", "c")}}))
	if got := tags(); !slices.Equal(got, []string{"b=2", "cost=1", "team=c"}) {
		t.Errorf("tagged: %q", got)
	}
	must(w.service.UntagUser(t.Context(), w.root(), &awsiam.UntagUserInput{UserName: name, TagKeys: []string{"TEAM", "nobody's"}}))
	if got := tags(); !slices.Equal(got, []string{"b=2", "cost=1"}) {
		t.Errorf("untagged: %q", got)
	}
	nobody := aws.String("nobody")
	const missing = "The user with name nobody cannot be found."
	_, err := w.service.TagUser(t.Context(), w.root(), &awsiam.TagUserInput{UserName: nobody, Tags: []types.Tag{wireTag("a", "")}})
	w.expect("tag", err, "NoSuchEntity", missing)
	_, err = w.service.UntagUser(t.Context(), w.root(), &awsiam.UntagUserInput{UserName: nobody, TagKeys: []string{"a"}})
	w.expect("untag", err, "NoSuchEntity", missing)
	_, err = w.service.ListUserTags(t.Context(), w.root(), &awsiam.ListUserTagsInput{UserName: nobody})
	w.expect("list", err, "NoSuchEntity", missing)
	_, err = w.service.TagUser(t.Context(), w.root(), &awsiam.TagUserInput{UserName: name, Tags: []types.Tag{wireTag("x", ""), wireTag("X", "")}})
	w.expect("twice", err, "InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
}

// A user that the store cannot read is not one that does not exist.
func TestFaultsThatAreNobodysBusiness(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := w.service.GetUser(t.Context(), w.root(), &awsiam.GetUserInput{UserName: aws.String("bob")})
	if err == nil || fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
}
