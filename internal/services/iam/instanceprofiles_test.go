package iam_test

import (
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

// servers makes the instance profile Servers.
func (w *world) servers() {
	w.Helper()
	must(w.service.CreateInstanceProfile(w.Context(), w.root(), &awsiam.CreateInstanceProfileInput{InstanceProfileName: aws.String("Servers")}))
}

// holding puts the role into the instance profile and returns the error.
func (w *world) holding(name, role string) error {
	_, err := w.service.AddRoleToInstanceProfile(w.Context(), w.root(), &awsiam.AddRoleToInstanceProfileInput{InstanceProfileName: &name, RoleName: &role})
	return err
}

func profileNames(profiles []types.InstanceProfile) (names []string) {
	for _, p := range profiles {
		names = append(names, *p.InstanceProfileName)
	}
	return names
}

func TestCreateInstanceProfile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := must(w.service.CreateInstanceProfile(t.Context(), w.root(), &awsiam.CreateInstanceProfileInput{
		InstanceProfileName: aws.String("Web"), Path: aws.String("/web/"), Tags: []types.Tag{wireTag("k", "v"), wireTag("K", "w")},
	})).InstanceProfile
	if *made.Arn != "arn:aws:iam::"+acct+":instance-profile/web/Web" || !strings.HasPrefix(*made.InstanceProfileId, "AIPA") || made.CreateDate == nil ||
		made.Roles == nil || len(made.Roles) != 0 || !slices.Equal(tagged(made.Tags), []string{"k=v", "K=w"}) {
		t.Errorf("made: %+v", made)
	}
	got := must(w.service.GetInstanceProfile(t.Context(), w.root(), &awsiam.GetInstanceProfileInput{InstanceProfileName: aws.String("wEB")})).InstanceProfile
	if !reflect.DeepEqual(got, made) {
		t.Errorf("read back: %+v, want %+v", got, made)
	}
	w.quota(iam.InstanceProfiles, 2)
	for _, c := range []struct {
		name          string
		in            awsiam.CreateInstanceProfileInput
		code, message string
	}{
		{"taken", awsiam.CreateInstanceProfileInput{InstanceProfileName: aws.String("web")}, "EntityAlreadyExists", "Instance Profile web already exists."},
		{"a tag twice", awsiam.CreateInstanceProfileInput{InstanceProfileName: aws.String("x"), Tags: []types.Tag{wireTag("k", ""), wireTag("k", "")}},
			"InvalidInput", "Duplicate tag keys found."},
		{"the last of the quota", awsiam.CreateInstanceProfileInput{InstanceProfileName: aws.String("x")}, "", ""},
		{"one more", awsiam.CreateInstanceProfileInput{InstanceProfileName: aws.String("y")}, "LimitExceeded", "Cannot exceed quota for InstanceProfilesPerAccount: 2"},
	} {
		_, err := w.service.CreateInstanceProfile(t.Context(), w.root(), &c.in)
		w.expect(c.name, err, c.code, c.message)
	}
	_, err := w.service.GetInstanceProfile(t.Context(), w.other(), &awsiam.GetInstanceProfileInput{InstanceProfileName: aws.String("Web")})
	w.expect("another account's", err, "NoSuchEntity", "Instance Profile Web cannot be found.")
}

// An instance profile holds one role (behaviours.md 1.5), which must be passed
// to EC2, and goes only without one.
func TestInstanceProfileRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	web, api := w.role("Web"), w.role("Api")
	w.servers()
	w.expect("no role", w.holding("Servers", "nobody"), "NoSuchEntity", "The role with name nobody cannot be found.")
	w.expect("no profile", w.holding("nowhere", "Web"), "NoSuchEntity", "Instance Profile nowhere cannot be found.")
	w.expect("the first", w.holding("SERVERS", "web"), "", "")
	pass := w.authz.asked[len(w.authz.asked)-1]
	if pass.action != "iam:PassRole" || pass.target.ARN != web.ARN() || !slices.Equal(pass.target.Keys["iam:passedtoservice"], []string{"ec2.amazonaws.com"}) {
		t.Errorf("asked %+v", pass)
	}
	w.expect("the same again", w.holding("Servers", "Web"), "LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
	w.expect("a second", w.holding("Servers", "Api"), "LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")

	got := must(w.service.GetInstanceProfile(t.Context(), w.root(), &awsiam.GetInstanceProfileInput{InstanceProfileName: aws.String("Servers")})).InstanceProfile
	if len(got.Roles) != 1 || *got.Roles[0].Arn != web.ARN() || *got.Roles[0].RoleId != web.ID || !strings.Contains(*got.Roles[0].AssumeRolePolicyDocument, "ec2.amazonaws.com") {
		t.Errorf("roles: %+v", got.Roles)
	}
	_, err := w.service.DeleteInstanceProfile(t.Context(), w.root(), &awsiam.DeleteInstanceProfileInput{InstanceProfileName: aws.String("Servers")})
	w.expect("delete with a role", err, "DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.")

	remove := func(name, role string) error {
		_, err := w.service.RemoveRoleFromInstanceProfile(t.Context(), w.root(), &awsiam.RemoveRoleFromInstanceProfileInput{InstanceProfileName: &name, RoleName: &role})
		return err
	}
	w.expect("remove a role that is not in", remove("Servers", api.Name), "NoSuchEntity", "The role with name Api is not in instance profile Servers.")
	w.expect("remove", remove("servers", "WEB"), "", "")
	w.expect("remove again", remove("Servers", "Web"), "NoSuchEntity", "The role with name Web is not in instance profile Servers.")
	w.expect("another in its place", w.holding("Servers", "Api"), "", "")
	w.expect("remove it", remove("Servers", "Api"), "", "")
	must(w.service.DeleteInstanceProfile(t.Context(), w.root(), &awsiam.DeleteInstanceProfileInput{InstanceProfileName: aws.String("sERVERS")}))
	_, err = w.service.DeleteInstanceProfile(t.Context(), w.root(), &awsiam.DeleteInstanceProfileInput{InstanceProfileName: aws.String("Servers")})
	w.expect("gone", err, "NoSuchEntity", "Instance Profile Servers cannot be found.")
}

// Who may not pass the role on gives it to no machine.
func TestInstanceProfileNeedsPassRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.role("Admin")
	w.servers()
	w.authz.denied = map[string]bool{"iam:PassRole": true}
	if err := w.holding("Servers", "Admin"); err == nil {
		t.Error("not refused")
	}
	got := must(w.service.GetInstanceProfile(t.Context(), w.root(), &awsiam.GetInstanceProfileInput{InstanceProfileName: aws.String("Servers")})).InstanceProfile
	if len(got.Roles) != 0 {
		t.Errorf("roles: %+v", got.Roles)
	}
}

// Roles that are AWS's are in no instance profile (behaviours.md 5.7).
func TestInstanceProfileProtectedRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.servers()
	r := w.role("AWSServiceRoleForX")
	r.Path = "/aws-service-role/x.amazonaws.com/"
	w.update(func(tx store.Tx) error { return tx.PutRole(r) })
	w.expect("add", w.holding("Servers", r.Name), "UnmodifiableEntity",
		"Cannot perform the operation on the protected role 'AWSServiceRoleForX' - this role is only modifiable by AWS")
}

func TestListInstanceProfiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.role("Web")
	for _, at := range []string{"/b/ Z", "/ y", "/ X"} {
		path, name, _ := strings.Cut(at, " ")
		must(w.service.CreateInstanceProfile(t.Context(), w.root(), &awsiam.CreateInstanceProfileInput{InstanceProfileName: &name, Path: &path, Tags: []types.Tag{wireTag("a", "b")}}))
	}
	for _, name := range []string{"y", "Z"} {
		w.expect(name, w.holding(name, "Web"), "", "")
	}
	for prefix, want := range map[string][]string{"/": {"X", "y", "Z"}, "/b/": {"Z"}, "/c/": nil} {
		got := listed(w, func(marker *string, maxItems *int32) ([]types.InstanceProfile, bool, *string, error) {
			out, err := w.service.ListInstanceProfiles(t.Context(), w.root(), &awsiam.ListInstanceProfilesInput{PathPrefix: &prefix, Marker: marker, MaxItems: maxItems})
			return out.InstanceProfiles, out.IsTruncated, out.Marker, err
		})
		if !slices.Equal(profileNames(got), want) {
			t.Errorf("under %q: %q, want %q", prefix, profileNames(got), want)
		}
		for _, p := range got {
			if p.Tags != nil || (len(p.Roles) == 1) != (*p.InstanceProfileName != "X") {
				t.Errorf("%s in a list: %+v", *p.InstanceProfileName, p)
			}
		}
	}
	got := listed(w, func(marker *string, maxItems *int32) ([]types.InstanceProfile, bool, *string, error) {
		out, err := w.service.ListInstanceProfilesForRole(t.Context(), w.root(), &awsiam.ListInstanceProfilesForRoleInput{RoleName: aws.String("wEB"), Marker: marker, MaxItems: maxItems})
		return out.InstanceProfiles, out.IsTruncated, out.Marker, err
	})
	if !slices.Equal(profileNames(got), []string{"y", "Z"}) {
		t.Errorf("of the role: %q", profileNames(got))
	}
	_, err := w.service.ListInstanceProfilesForRole(t.Context(), w.root(), &awsiam.ListInstanceProfilesForRoleInput{RoleName: aws.String("nobody")})
	w.expect("of no role", err, "NoSuchEntity", "The role with name nobody cannot be found.")
}

// Case tells the keys of an instance profile's tags apart (behaviours.md 5.7).
func TestInstanceProfileTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.servers()
	name := aws.String("servers")
	must(w.service.TagInstanceProfile(t.Context(), w.root(), &awsiam.TagInstanceProfileInput{InstanceProfileName: name, Tags: []types.Tag{wireTag("k", "1"), wireTag("K", "2"), wireTag("x", "3")}}))
	must(w.service.TagInstanceProfile(t.Context(), w.root(), &awsiam.TagInstanceProfileInput{InstanceProfileName: name, Tags: []types.Tag{wireTag("k", "4")}}))
	must(w.service.UntagInstanceProfile(t.Context(), w.root(), &awsiam.UntagInstanceProfileInput{InstanceProfileName: name, TagKeys: []string{"x", "X"}}))
	got := listed(w, func(marker *string, maxItems *int32) ([]types.Tag, bool, *string, error) {
		out, err := w.service.ListInstanceProfileTags(t.Context(), w.root(), &awsiam.ListInstanceProfileTagsInput{InstanceProfileName: name, Marker: marker, MaxItems: maxItems})
		return out.Tags, out.IsTruncated, out.Marker, err
	})
	if !slices.Equal(tagged(got), []string{"K=2", "k=4"}) {
		t.Errorf("tags: %q", tagged(got))
	}
	nowhere := aws.String("nowhere")
	const missing = "Instance Profile nowhere cannot be found."
	_, err := w.service.TagInstanceProfile(t.Context(), w.root(), &awsiam.TagInstanceProfileInput{InstanceProfileName: nowhere, Tags: []types.Tag{wireTag("a", "")}})
	w.expect("tag", err, "NoSuchEntity", missing)
	_, err = w.service.UntagInstanceProfile(t.Context(), w.root(), &awsiam.UntagInstanceProfileInput{InstanceProfileName: nowhere, TagKeys: []string{"a"}})
	w.expect("untag", err, "NoSuchEntity", missing)
	_, err = w.service.ListInstanceProfileTags(t.Context(), w.root(), &awsiam.ListInstanceProfileTagsInput{InstanceProfileName: nowhere})
	w.expect("list", err, "NoSuchEntity", missing)
}
