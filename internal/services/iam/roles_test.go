package iam_test

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// trust is a trust policy for one principal of the type AWS.
func trust(principal string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":%q},"Action":"sts:AssumeRole"}]}`, principal)
}

// createRole makes a role with changes to what is usual.
func (w *world) createRole(name string, change func(*awsiam.CreateRoleInput)) (*types.Role, error) {
	in := &awsiam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(trust(arn.Root(acct)))}
	if change != nil {
		change(in)
	}
	out, err := w.service.CreateRole(w.Context(), w.root(), in)
	if err != nil {
		return nil, err
	}
	return out.Role, nil
}

func (w *world) getRole(name string) *types.Role {
	w.Helper()
	return must(w.service.GetRole(w.Context(), w.root(), &awsiam.GetRoleInput{RoleName: &name})).Role
}

const securityAudit = "arn:aws:iam::aws:policy/SecurityAudit"

func TestCreateRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, err := w.createRole("Deploy", func(in *awsiam.CreateRoleInput) {
		in.Path, in.Description, in.MaxSessionDuration = aws.String("/ci/"), aws.String("d"), aws.Int32(7200)
		in.PermissionsBoundary = aws.String(securityAudit)
		in.Tags = []types.Tag{{Key: aws.String("Team"), Value: aws.String("a")}}
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &types.Role{
		Arn: aws.String("arn:aws:iam::111122223333:role/ci/Deploy"), RoleId: made.RoleId, Path: aws.String("/ci/"), RoleName: aws.String("Deploy"),
		CreateDate: aws.Time(start.Truncate(time.Second)), AssumeRolePolicyDocument: aws.String(trust(arn.Root(acct))),
		Tags: []types.Tag{{Key: aws.String("Team"), Value: aws.String("a")}},
		PermissionsBoundary: &types.AttachedPermissionsBoundary{
			PermissionsBoundaryArn: aws.String(securityAudit), PermissionsBoundaryType: "Policy",
		},
	}
	if !reflect.DeepEqual(made, want) || !regexp.MustCompile(`^AROA[A-Z2-7]{17}$`).MatchString(*made.RoleId) {
		t.Errorf("made %+v", made)
	}
	// AWS tells these when it is asked, and not when the role is made.
	want.Description, want.MaxSessionDuration, want.RoleLastUsed = aws.String("d"), aws.Int32(7200), &types.RoleLastUsed{}
	if got := w.getRole("dEPLOY"); !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v", got)
	}
	must(w.createRole("Bare", nil))
	if bare := w.getRole("Bare"); *bare.Path != "/" || *bare.MaxSessionDuration != 3600 || bare.Description != nil || bare.PermissionsBoundary != nil || bare.Tags != nil {
		t.Errorf("a role of which little is said: %+v", bare)
	}
}

// What CreateRole refuses, in AWS's words (behaviours.md 1.5, 3.9, 5.1).
func TestCreateRoleRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(w.createRole("Taken", nil))
	tag := func(key string) types.Tag { return types.Tag{Key: &key, Value: aws.String("")} }
	for _, c := range []struct {
		name          string
		change        func(*awsiam.CreateRoleInput)
		code, message string
	}{
		{"TAKEN", nil, "EntityAlreadyExists", "Role with name TAKEN already exists."},
		{"x", func(in *awsiam.CreateRoleInput) { in.Path = aws.String("/aws-service-role/ecs.amazonaws.com/") },
			"InvalidInput", "Path prefix '/aws-service-role/' can only be used for AWS Service linked Roles"},
		{"x", func(in *awsiam.CreateRoleInput) { in.Path = aws.String("/aws-reserved/sso.amazonaws.com/") },
			"InvalidInput", "Path prefix '/aws-reserved/' can only be used by AWS"},
		{"awsreservedSSO_Admin_0123456789abcdef", nil,
			"InvalidInput", "Role names that begin with 'AWSReservedSSO_' are reserved for AWS IAM Identity Center"},
		{"x", func(in *awsiam.CreateRoleInput) { in.AssumeRolePolicyDocument = aws.String("{") },
			"MalformedPolicyDocument", "This policy contains invalid Json"},
		{"x", func(in *awsiam.CreateRoleInput) {
			in.AssumeRolePolicyDocument = aws.String(trust("arn:aws:iam::111122223333:user/Nobody"))
		},
			"MalformedPolicyDocument", `Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:user/Nobody"`},
		{"x", func(in *awsiam.CreateRoleInput) {
			in.PermissionsBoundary = aws.String("arn:aws:iam::111122223333:role/x")
		},
			"ValidationError", "Value (arn:aws:iam::111122223333:role/x) for parameter PermissionsBoundary is invalid."},
		{"x", func(in *awsiam.CreateRoleInput) { in.Tags = []types.Tag{tag("a"), tag("A")} },
			"InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive."},
	} {
		_, err := w.createRole(c.name, c.change)
		w.expect(c.name+" "+c.message, err, c.code, c.message)
	}
	w.quota(iam.Roles, 1)
	_, err := w.createRole("x", nil)
	w.expect("one too many", err, "LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1")
	_, err = w.createRole("taken", nil)
	w.expect("a name that is taken goes before the quota", err, "EntityAlreadyExists", "Role with name taken already exists.")
	if got := must(w.service.ListRoles(w.Context(), w.root(), &awsiam.ListRolesInput{})).Roles; len(got) != 1 {
		t.Errorf("there are %d roles", len(got))
	}
}

// Every operation that names a role tells that it is not there, to other
// accounts too.
func TestNoSuchRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.role("Deploy")
	name, other, ctx, s := aws.String("Deploy"), w.other(), w.Context(), w.service
	for what, call := range map[string]func() error{
		"GetRole":    func() error { _, err := s.GetRole(ctx, other, &awsiam.GetRoleInput{RoleName: name}); return err },
		"UpdateRole": func() error { _, err := s.UpdateRole(ctx, other, &awsiam.UpdateRoleInput{RoleName: name}); return err },
		"UpdateRoleDescription": func() error {
			_, err := s.UpdateRoleDescription(ctx, other, &awsiam.UpdateRoleDescriptionInput{RoleName: name})
			return err
		},
		"UpdateAssumeRolePolicy": func() error {
			_, err := s.UpdateAssumeRolePolicy(ctx, other, &awsiam.UpdateAssumeRolePolicyInput{RoleName: name})
			return err
		},
		"DeleteRole": func() error { _, err := s.DeleteRole(ctx, other, &awsiam.DeleteRoleInput{RoleName: name}); return err },
		"TagRole":    func() error { _, err := s.TagRole(ctx, other, &awsiam.TagRoleInput{RoleName: name}); return err },
		"UntagRole":  func() error { _, err := s.UntagRole(ctx, other, &awsiam.UntagRoleInput{RoleName: name}); return err },
		"ListRoleTags": func() error {
			_, err := s.ListRoleTags(ctx, other, &awsiam.ListRoleTagsInput{RoleName: name})
			return err
		},
		"DeleteServiceLinkedRole": func() error {
			_, err := s.DeleteServiceLinkedRole(ctx, other, &awsiam.DeleteServiceLinkedRoleInput{RoleName: name})
			return err
		},
	} {
		w.expect(what, call(), "NoSuchEntity", "The role with name Deploy cannot be found.")
	}
}

func TestListRoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, r := range [][2]string{{"/b/", "z"}, {"/", "Beta"}, {"/b/c/", "y"}, {"/", "alpha"}, {"/a/", "x"}} {
		must(w.createRole(r[1], func(in *awsiam.CreateRoleInput) {
			in.Path, in.PermissionsBoundary = &r[0], aws.String(securityAudit)
			in.Tags = []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}
		}))
	}
	names := func(prefix *string) (names []string) {
		for _, r := range listed(w, func(marker *string, maxItems *int32) ([]types.Role, bool, *string, error) {
			out, err := w.service.ListRoles(w.Context(), w.root(), &awsiam.ListRolesInput{Marker: marker, MaxItems: maxItems, PathPrefix: prefix})
			return out.Roles, out.IsTruncated, out.Marker, err
		}) {
			if r.Tags != nil || r.PermissionsBoundary != nil || r.RoleLastUsed != nil || r.AssumeRolePolicyDocument == nil || r.MaxSessionDuration == nil {
				t.Errorf("a list does not tell all, but more than %+v", r)
			}
			names = append(names, *r.RoleName)
		}
		return names
	}
	if got := names(nil); !slices.Equal(got, []string{"alpha", "Beta", "x", "z", "y"}) {
		t.Errorf("all: %q", got)
	}
	if got := names(aws.String("/b/")); !slices.Equal(got, []string{"z", "y"}) {
		t.Errorf("under /b/: %q", got)
	}
	_, err := w.service.ListRoles(w.Context(), w.root(), &awsiam.ListRolesInput{Marker: aws.String("?")})
	w.expect("a marker of somebody else's", err, "ValidationError", "Invalid Marker.")
	if out := must(w.service.ListRoles(w.Context(), w.other(), &awsiam.ListRolesInput{})); out.Roles == nil || len(out.Roles) != 0 {
		t.Errorf("the other account's: %+v", out.Roles)
	}
}

// What an update leaves out stays as it is.
func TestUpdateRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(w.createRole("Deploy", func(in *awsiam.CreateRoleInput) {
		in.Description, in.MaxSessionDuration = aws.String("d"), aws.Int32(7200)
	}))
	update := func(description *string, seconds *int32) {
		t.Helper()
		must(w.service.UpdateRole(w.Context(), w.root(), &awsiam.UpdateRoleInput{RoleName: aws.String("deploy"), Description: description, MaxSessionDuration: seconds}))
	}
	check := func(description string, seconds int32) {
		t.Helper()
		if r := w.getRole("Deploy"); aws.ToString(r.Description) != description || *r.MaxSessionDuration != seconds {
			t.Errorf("%q, %d", aws.ToString(r.Description), *r.MaxSessionDuration)
		}
	}
	update(nil, aws.Int32(43200))
	check("d", 43200)
	update(aws.String("e"), nil)
	check("e", 43200)
	update(aws.String(""), nil)
	check("", 43200)
	out := must(w.service.UpdateRoleDescription(w.Context(), w.root(), &awsiam.UpdateRoleDescriptionInput{RoleName: aws.String("Deploy"), Description: aws.String("f")}))
	check("f", 43200)
	if *out.Role.Description != "f" || *out.Role.RoleName != "Deploy" || out.Role.MaxSessionDuration != nil {
		t.Errorf("answered %+v", out.Role)
	}
}

// A trust policy names users and roles by ARN while they live and by id
// afterwards (behaviours.md 3.8).
func TestUpdateAssumeRolePolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(w.createRole("Deploy", nil))
	jane := w.user("Jane")
	set := func(document string) error {
		_, err := w.service.UpdateAssumeRolePolicy(w.Context(), w.root(), &awsiam.UpdateAssumeRolePolicyInput{RoleName: aws.String("Deploy"), PolicyDocument: &document})
		return err
	}
	check := func(what, want string) {
		t.Helper()
		if got := *w.getRole("Deploy").AssumeRolePolicyDocument; got != want {
			t.Errorf("%s: %s", what, got)
		}
	}
	w.expect("a user", set(trust(jane.ARN())), "", "")
	check("who lives", trust(jane.ARN()))
	w.expect("nobody", set(trust("arn:aws:iam::999988887777:root")), "MalformedPolicyDocument", `Invalid principal in policy: "AWS":"arn:aws:iam::999988887777:root"`)
	w.expect("too long", set(strings.Replace(trust("*"), `"Effect"`, `"Sid":"`+strings.Repeat("s", 2048)+`","Effect"`, 1)),
		"LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048")
	check("after what was refused", trust(jane.ARN()))
	must(w.service.DeleteUser(w.Context(), w.root(), &awsiam.DeleteUserInput{UserName: aws.String("Jane")}))
	check("who is gone", trust(jane.ID))
	w.user("Jane")
	check("who has a namesake", trust(jane.ID))
	w.expect("who is gone, again", set(trust(jane.ID)), "MalformedPolicyDocument", `Invalid principal in policy: "AWS":"`+jane.ID+`"`)
}

// A role goes when nothing hangs on it any more (behaviours.md 5.2), and its
// sessions with it: they ask for the role by id.
func TestDeleteRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.role("Deploy")
	remove := func() error {
		_, err := w.service.DeleteRole(w.Context(), w.root(), &awsiam.DeleteRoleInput{RoleName: aws.String("DEPLOY")})
		return err
	}
	profile := iam.InstanceProfile{ID: arn.NewUniqueID(arn.PrefixInstanceProfile, acct), Account: acct, Path: "/", Name: "P", Role: r.ID, CreatedAt: start}
	for _, c := range []struct {
		first     string
		hang, cut func(store.Tx) error
	}{
		{"remove roles from instance profile", func(tx store.Tx) error { return tx.PutInstanceProfile(profile) },
			func(tx store.Tx) error { return tx.DeleteInstanceProfile(profile.ID) }},
		{"delete policies", func(tx store.Tx) error {
			return tx.PutInlinePolicy(iam.InlinePolicy{Owner: r.ID, Name: "p", Document: "{}"})
		},
			func(tx store.Tx) error { return tx.DeleteInlinePolicy(r.ID, "p") }},
		{"detach all policies", func(tx store.Tx) error {
			return tx.Attach(iam.Attachment{Owner: r.ID, OwnerKind: iam.RoleKind, Account: acct, PolicyARN: securityAudit, AttachedAt: start})
		}, func(tx store.Tx) error { return tx.Detach(r.ID, securityAudit) }},
	} {
		w.update(c.hang)
		w.expect(c.first, remove(), "DeleteConflict", "Cannot delete entity, must "+c.first+" first.")
		w.update(c.cut)
	}
	if _, err := w.service.Live.RoleByID(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	w.expect("nothing hangs on it", remove(), "", "")
	if _, err := w.service.Live.RoleByID(t.Context(), r.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("sessions still find the role: %v", err)
	}
	w.expect("again", remove(), "NoSuchEntity", "The role with name DEPLOY cannot be found.")
	must(w.createRole("Deploy", nil))
	if again := w.getRole("Deploy"); *again.RoleId == r.ID {
		t.Error("the new role has the old one's id")
	}
}

func TestRoleTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.role("Deploy")
	name := aws.String("deploy")
	tag := func(pairs ...string) error {
		var tags []types.Tag
		for i := 0; i < len(pairs); i += 2 {
			tags = append(tags, types.Tag{Key: &pairs[i], Value: &pairs[i+1]})
		}
		_, err := w.service.TagRole(w.Context(), w.root(), &awsiam.TagRoleInput{RoleName: name, Tags: tags})
		return err
	}
	check := func(want ...string) {
		t.Helper()
		var got []string
		for _, v := range listed(w, func(marker *string, maxItems *int32) ([]types.Tag, bool, *string, error) {
			out, err := w.service.ListRoleTags(w.Context(), w.root(), &awsiam.ListRoleTagsInput{RoleName: name, Marker: marker, MaxItems: maxItems})
			return out.Tags, out.IsTruncated, out.Marker, err
		}) {
			got = append(got, *v.Key+"="+*v.Value)
		}
		if !slices.Equal(got, want) {
			t.Errorf("tags %q, want %q", got, want)
		}
	}
	check()
	w.expect("three", tag("c", "1", "a", "2", "B", "3"), "", "")
	check("B=3", "a=2", "c=1")
	w.expect("the same key in another case", tag("b", "4"), "", "")
	check("a=2", "b=4", "c=1")
	w.expect("AWS's own", tag("aws:x", ""), "InvalidInput", "System tags cannot be added/updated by requester")
	must(w.service.UntagRole(w.Context(), w.root(), &awsiam.UntagRoleInput{RoleName: name, TagKeys: []string{"A", "none"}}))
	check("b=4", "c=1")
	var many []string
	for i := range 49 {
		many = append(many, fmt.Sprint("k", i), "")
	}
	w.expect("51 in all", tag(many...), "LimitExceeded", "The number of tags has reached the maximum limit.")
	check("b=4", "c=1")
}

// Nobody in the account changes what is Identity Center's (G-47, G-49,
// behaviours.md 5.7).
func TestProtectedRoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := iam.Role{ID: arn.NewUniqueID(arn.PrefixRole, acct), Account: acct, Path: iam.PermissionSetPath, Name: "AWSReservedSSO_Admin_0123456789abcdef",
		TrustPolicy: trust("*"), MaxSessionSeconds: 43200, PermissionSet: "ps-1", CreatedAt: start}
	w.update(func(tx store.Tx) error { return tx.PutRole(r) })
	name, ctx, s := &r.Name, w.Context(), w.service
	for what, call := range map[string]func() error{
		"UpdateRole": func() error {
			_, err := s.UpdateRole(ctx, w.root(), &awsiam.UpdateRoleInput{RoleName: name, Description: aws.String("x")})
			return err
		},
		"UpdateRoleDescription": func() error {
			_, err := s.UpdateRoleDescription(ctx, w.root(), &awsiam.UpdateRoleDescriptionInput{RoleName: name, Description: aws.String("x")})
			return err
		},
		"UpdateAssumeRolePolicy": func() error {
			_, err := s.UpdateAssumeRolePolicy(ctx, w.root(), &awsiam.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: aws.String(trust(arn.Root(acct)))})
			return err
		},
		"DeleteRole": func() error {
			_, err := s.DeleteRole(ctx, w.root(), &awsiam.DeleteRoleInput{RoleName: name})
			return err
		},
		"TagRole": func() error {
			_, err := s.TagRole(ctx, w.root(), &awsiam.TagRoleInput{RoleName: name, Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}})
			return err
		},
		"UntagRole": func() error {
			_, err := s.UntagRole(ctx, w.root(), &awsiam.UntagRoleInput{RoleName: name, TagKeys: []string{"k"}})
			return err
		},
	} {
		w.expect(what, call(), "UnmodifiableEntity",
			"Cannot perform the operation on the protected role 'AWSReservedSSO_Admin_0123456789abcdef' - this role is only modifiable by AWS")
	}
	_, err := s.DeleteServiceLinkedRole(ctx, w.root(), &awsiam.DeleteServiceLinkedRoleInput{RoleName: name})
	w.expect("DeleteServiceLinkedRole", err, "NoSuchEntity", "The service-linked role with name "+r.Name+" cannot be found.")
	w.view(func(tx store.Tx) error {
		if got, err := tx.Role(r.ID); err != nil || !reflect.DeepEqual(got, r) {
			t.Errorf("it changed: %+v, %v", got, err)
		}
		return nil
	})
}

func TestRoleLastUsed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.role("Deploy")
	use := func(service, region string, after time.Duration) iam.Use {
		return iam.Use{Account: acct, Entity: r.ID, Service: service, Action: "X", Region: region, At: start.Add(after)}
	}
	w.update(func(tx store.Tx) error {
		return tx.PutUses([]iam.Use{use("iam", "us-east-1", time.Hour), use("sts", "eu-west-1", 2*time.Hour), use("sso", "us-west-2", 0)})
	})
	got := w.getRole("Deploy").RoleLastUsed
	if aws.ToString(got.Region) != "eu-west-1" || !aws.ToTime(got.LastUsedDate).Equal(start.Add(2*time.Hour).Truncate(time.Second)) {
		t.Errorf("last used %+v", got)
	}
}
