package iam_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/iam"
	"sekisho/internal/store"
)

const (
	trustEC2 = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	admin    = "arn:aws:iam::aws:policy/AdministratorAccess"
)

// peopled puts into the first account a user in a group, a role in an instance
// profile, and policies of every sort on them.
func peopled(w *world) (bob iam.User, team iam.Group, role iam.Role, local iam.ManagedPolicy) {
	w.Helper()
	ctx, c := w.Context(), w.root()
	must(w.service.CreateUser(ctx, c, &awsiam.CreateUserInput{UserName: aws.String("Bob"), Path: aws.String("/eng/"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("red")}}}))
	team, role = w.group("team", "Bob"), w.role("Reader")
	w.update(func(tx store.Tx) (err error) {
		if bob, err = tx.IAMUserByName(acct, "Bob"); err != nil {
			return err
		}
		if local, err = iam.CreatePolicy(tx, start, acct, iam.NewPolicy{Path: "/", Name: "local", Description: "Ours", Document: getObjects}); err != nil {
			return err
		}
		if _, err := iam.CreatePolicyVersion(tx, start, acct, local.ARN(), ownHome, true); err != nil {
			return err
		}
		bob.Boundary = local.ARN()
		if err := tx.PutIAMUser(bob); err != nil {
			return err
		}
		for _, p := range []iam.InlinePolicy{{Owner: bob.ID, Name: "home", Document: ownHome}, {Owner: team.ID, Name: "secrets", Document: denySecrets}, {Owner: role.ID, Name: "get", Document: getObjects}} {
			if err := tx.PutInlinePolicy(p); err != nil {
				return err
			}
		}
		for _, a := range []iam.Attachment{
			{Owner: bob.ID, OwnerKind: iam.UserKind, PolicyARN: local.ARN()}, {Owner: team.ID, OwnerKind: iam.GroupKind, PolicyARN: admin},
			{Owner: role.ID, OwnerKind: iam.RoleKind, PolicyARN: admin},
		} {
			a.Account, a.AttachedAt = acct, start
			if err := tx.Attach(a); err != nil {
				return err
			}
		}
		return tx.PutInstanceProfile(iam.InstanceProfile{ID: "AIPAEXAMPLE", Account: acct, Path: "/", Name: "machine", Role: role.ID, CreatedAt: start})
	})
	return bob, team, role, local
}

// Everything that decides is there, documents and all.
func TestGetAccountAuthorizationDetails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bob, team, role, local := peopled(w)
	w.update(func(tx store.Tx) error {
		return tx.PutUses([]iam.Use{{Account: acct, Entity: role.ID, Service: "sts", Action: "GetCallerIdentity", Region: "eu-west-1", At: start.Add(time.Hour)}})
	})
	created := aws.Time(start.Truncate(time.Second))
	attached := func(name, arn string) []types.AttachedPolicy {
		return []types.AttachedPolicy{{PolicyName: aws.String(name), PolicyArn: aws.String(arn)}}
	}
	inline := func(name, document string) []types.PolicyDetail {
		return []types.PolicyDetail{{PolicyName: aws.String(name), PolicyDocument: aws.String(document)}}
	}
	got := must(w.service.GetAccountAuthorizationDetails(t.Context(), w.root(), &awsiam.GetAccountAuthorizationDetailsInput{}))
	same(t, "users", got.UserDetailList, []types.UserDetail{{
		Arn: aws.String(bob.ARN()), UserId: aws.String(bob.ID), UserName: aws.String("Bob"), Path: aws.String("/eng/"), CreateDate: created,
		GroupList: []string{"team"}, Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("red")}},
		UserPolicyList: inline("home", ownHome), AttachedManagedPolicies: attached("local", local.ARN()),
		PermissionsBoundary: &types.AttachedPermissionsBoundary{PermissionsBoundaryArn: aws.String(local.ARN()), PermissionsBoundaryType: "Policy"},
	}})
	same(t, "groups", got.GroupDetailList, []types.GroupDetail{{
		Arn: aws.String(team.ARN()), GroupId: aws.String(team.ID), GroupName: aws.String("team"), Path: aws.String("/"), CreateDate: created,
		GroupPolicyList: inline("secrets", denySecrets), AttachedManagedPolicies: attached("AdministratorAccess", admin),
	}})
	same(t, "roles", got.RoleDetailList, []types.RoleDetail{{
		Arn: aws.String(role.ARN()), RoleId: aws.String(role.ID), RoleName: aws.String("Reader"), Path: aws.String("/"), CreateDate: created,
		AssumeRolePolicyDocument: aws.String(trustEC2), RolePolicyList: inline("get", getObjects), AttachedManagedPolicies: attached("AdministratorAccess", admin),
		RoleLastUsed: &types.RoleLastUsed{LastUsedDate: aws.Time(created.Add(time.Hour)), Region: aws.String("eu-west-1")},
		InstanceProfileList: []types.InstanceProfile{{
			Arn: aws.String("arn:aws:iam::" + acct + ":instance-profile/machine"), InstanceProfileId: aws.String("AIPAEXAMPLE"),
			InstanceProfileName: aws.String("machine"), Path: aws.String("/"), CreateDate: created, Roles: []types.Role{{
				Arn: aws.String(role.ARN()), RoleId: aws.String(role.ID), RoleName: aws.String("Reader"), Path: aws.String("/"), CreateDate: created, AssumeRolePolicyDocument: aws.String(trustEC2),
			}},
		}},
	}})
	if len(got.Policies) != 2 {
		t.Fatalf("%d policies, want the account's and AWS's that is attached", len(got.Policies))
	}
	same(t, "policy", got.Policies[0], types.ManagedPolicyDetail{
		Arn: aws.String(local.ARN()), PolicyId: aws.String(local.ID), PolicyName: aws.String("local"), Path: aws.String("/"), DefaultVersionId: aws.String("v2"),
		AttachmentCount: aws.Int32(1), PermissionsBoundaryUsageCount: aws.Int32(1), IsAttachable: true, Description: aws.String("Ours"), CreateDate: created, UpdateDate: created,
		PolicyVersionList: []types.PolicyVersion{
			{VersionId: aws.String("v2"), IsDefaultVersion: true, CreateDate: created, Document: aws.String(ownHome)},
			{VersionId: aws.String("v1"), CreateDate: created, Document: aws.String(getObjects)},
		},
	})
	if p := got.Policies[1]; *p.Arn != admin || *p.AttachmentCount != 2 || !strings.Contains(*p.PolicyVersionList[0].Document, `"*"`) {
		t.Errorf("AWS's policy: %+v", p)
	}
}

// Pages run through all lists in one order, and the filter chooses lists.
func TestGetAccountAuthorizationDetailsPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	peopled(w)
	w.user("alice")
	for _, c := range []struct {
		filter []types.EntityType
		want   string
	}{
		{nil, "alice Bob team Reader local AdministratorAccess"},
		{[]types.EntityType{"Role", "User"}, "alice Bob Reader"},
		{[]types.EntityType{"LocalManagedPolicy"}, "local"},
		{[]types.EntityType{"AWSManagedPolicy", "Group"}, "team AdministratorAccess"},
	} {
		got := listed(w, func(marker *string, most *int32) ([]string, bool, *string, error) {
			out, err := w.service.GetAccountAuthorizationDetails(t.Context(), w.root(), &awsiam.GetAccountAuthorizationDetailsInput{Filter: c.filter, Marker: marker, MaxItems: most})
			if err != nil {
				return nil, false, nil, err
			}
			var names []string
			for _, u := range out.UserDetailList {
				names = append(names, *u.UserName)
			}
			for _, g := range out.GroupDetailList {
				names = append(names, *g.GroupName)
			}
			for _, r := range out.RoleDetailList {
				names = append(names, *r.RoleName)
			}
			for _, p := range out.Policies {
				names = append(names, *p.PolicyName)
			}
			return names, out.IsTruncated, out.Marker, nil
		})
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v: %v, want %s", c.filter, got, c.want)
		}
	}
	_, err := w.service.GetAccountAuthorizationDetails(t.Context(), w.root(), &awsiam.GetAccountAuthorizationDetailsInput{Marker: aws.String("MTk5Lw")})
	w.expect("marker", err, "ValidationError", "Invalid Marker.")
}

// Other accounts' things are in no page.
func TestGetAccountAuthorizationDetailsOfAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	peopled(w)
	out := must(w.service.GetAccountAuthorizationDetails(t.Context(), w.other(), &awsiam.GetAccountAuthorizationDetailsInput{}))
	same(t, "another account", out, &awsiam.GetAccountAuthorizationDetailsOutput{
		UserDetailList: []types.UserDetail{}, GroupDetailList: []types.GroupDetail{}, RoleDetailList: []types.RoleDetail{}, Policies: []types.ManagedPolicyDetail{},
	})
}
