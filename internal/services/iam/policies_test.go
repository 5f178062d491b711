package iam_test

import (
	"fmt"
	"reflect"
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
	"sekisho/internal/iam/awsmanaged"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

const (
	adminARN = "arn:aws:iam::aws:policy/AdministratorAccess"
	// A policy that only service-linked roles may have.
	linkedARN = "arn:aws:iam::aws:policy/aws-service-role/AWSSSOServiceRolePolicy"
	malformed = `{"Version":"2012-10-17","Statement":{"Effect":"Maybe","Action":"s3:*","Resource":"*"}}`
)

// allowing is a document that allows an action on everything.
func allowing(action string) *string {
	return aws.String(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "` + action + `", "Resource": "*"}]}`)
}

// sized is a document of so many characters, white space not counted.
func sized(n int) *string {
	head, tail := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::`, `"}}`
	return aws.String(head + strings.Repeat("x", n-len(head)-len(tail)) + tail + strings.Repeat(" \n", 100))
}

func policyARN(path, name string) *string { return aws.String(arn.Policy(acct, path, name)) }

// policy makes a managed policy that allows all of S3 in the first account.
func (w *world) policy(path, name string) *string {
	w.Helper()
	out := must(w.service.CreatePolicy(w.Context(), w.root(), &awsiam.CreatePolicyInput{PolicyName: &name, Path: &path, PolicyDocument: allowing("s3:*")}))
	return out.Policy.Arn
}

// imported puts one of AWS's policies into the store.
func (w *world) imported(name, document string) string {
	w.Helper()
	p := iam.Policy{ID: "ANPA" + name, Account: iam.AWSAccount, Path: "/", Name: name, DefaultVersion: 9, LastVersion: 9, CreatedAt: start, UpdatedAt: start}
	w.update(func(tx store.Tx) error {
		if err := tx.PutPolicy(p); err != nil {
			return err
		}
		return tx.PutPolicyVersion(iam.PolicyVersion{Policy: p.ID, Number: 9, Document: document, CreatedAt: start})
	})
	return p.ARN()
}

// A policy is read back as it was made; what only GetPolicy and GetPolicyVersion
// tell is left out elsewhere, as AWS does.
func TestCreatePolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.root()
	made := must(w.service.CreatePolicy(t.Context(), c, &awsiam.CreatePolicyInput{
		PolicyName: aws.String("Deploy"), Path: aws.String("/team/"), Description: aws.String("für alle"), PolicyDocument: allowing("s3:*"),
		Tags: []types.Tag{wireTag("k", "1"), wireTag("K", "2")},
	})).Policy
	id := aws.ToString(made.PolicyId)
	if of, ok := arn.AccountOfUniqueID(id); !ok || of != acct || !strings.HasPrefix(id, "ANPA") || len(id) != 21 {
		t.Errorf("policy id %q", id)
	}
	second := start.Truncate(time.Second)
	want := types.Policy{
		PolicyName: aws.String("Deploy"), PolicyId: &id, Arn: policyARN("/team/", "Deploy"), Path: aws.String("/team/"), DefaultVersionId: aws.String("v1"),
		AttachmentCount: aws.Int32(0), PermissionsBoundaryUsageCount: aws.Int32(0), IsAttachable: true, CreateDate: &second, UpdateDate: &second,
		Tags: []types.Tag{wireTag("k", "1"), wireTag("K", "2")},
	}
	if !reflect.DeepEqual(*made, want) {
		t.Errorf("made: %+v", *made)
	}
	if !slices.Equal(detail(c), []string{"policyId"}) {
		t.Errorf("event %v", c.Event.Detail)
	}
	want.Description = aws.String("für alle")
	if got := must(w.service.GetPolicy(t.Context(), w.root(), &awsiam.GetPolicyInput{PolicyArn: made.Arn})).Policy; !reflect.DeepEqual(*got, want) {
		t.Errorf("read back: %+v", *got)
	}
	want.Description, want.Tags = nil, nil
	listed := must(w.service.ListPolicies(t.Context(), w.root(), &awsiam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal})).Policies
	if !reflect.DeepEqual(listed, []types.Policy{want}) {
		t.Errorf("listed: %+v", listed)
	}
	version := must(w.service.GetPolicyVersion(t.Context(), w.root(), &awsiam.GetPolicyVersionInput{PolicyArn: made.Arn, VersionId: aws.String("v1")})).PolicyVersion
	if wantV := (types.PolicyVersion{VersionId: aws.String("v1"), IsDefaultVersion: true, CreateDate: &second, Document: allowing("s3:*")}); !reflect.DeepEqual(*version, wantV) {
		t.Errorf("version: %+v", *version)
	}
}

// Each refusal has AWS's code and words (behaviours.md 1.5, 3.9, 5.1).
func TestCreatePolicyRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.policy("/team/", "Deploy")
	w.quota(iam.Policies, 2)
	w.policy("/", "second")
	for _, c := range []struct {
		what string
		in   awsiam.CreatePolicyInput
		code string
		says string
	}{
		{"quota", awsiam.CreatePolicyInput{PolicyName: aws.String("third"), PolicyDocument: allowing("s3:*")},
			"LimitExceeded", "Cannot exceed quota for PoliciesPerAccount: 2"},
		{"syntax", awsiam.CreatePolicyInput{PolicyName: aws.String("p"), PolicyDocument: aws.String(malformed)},
			"MalformedPolicyDocument", "Syntax errors in policy."},
		{"size", awsiam.CreatePolicyInput{PolicyName: aws.String("p"), PolicyDocument: sized(6145)},
			"LimitExceeded", "Cannot exceed quota for PolicySize: 6144"},
		{"a tag twice", awsiam.CreatePolicyInput{PolicyName: aws.String("p"), PolicyDocument: allowing("s3:*"), Tags: []types.Tag{wireTag("a", "1"), wireTag("a", "2")}},
			"InvalidInput", "Duplicate tag keys found."},
	} {
		_, err := w.service.CreatePolicy(t.Context(), w.root(), &c.in)
		w.expect(c.what, err, c.code, c.says)
	}
	w.quota(iam.Policies, 10)
	_, err := w.service.CreatePolicy(t.Context(), w.root(), &awsiam.CreatePolicyInput{PolicyName: aws.String("DEPLOY"), PolicyDocument: allowing("s3:*")})
	w.expect("taken", err, "EntityAlreadyExists", "A policy called DEPLOY already exists. Duplicate names are not allowed.")
	_, err = w.service.CreatePolicy(t.Context(), w.root(), &awsiam.CreatePolicyInput{PolicyName: aws.String("big"), PolicyDocument: sized(6144)})
	w.expect("as long as can be", err, "", "")
	_, err = w.service.CreatePolicy(t.Context(), w.other(), &awsiam.CreatePolicyInput{PolicyName: aws.String("Deploy"), PolicyDocument: allowing("s3:*")})
	w.expect("in another account", err, "", "")
}

// ARNs are compared as they stand; what is in another account is denied without
// telling whether it exists.
func TestPolicyARNs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.policy("/team/", "Deploy")
	for _, c := range []struct{ arn, code, says string }{
		{arn.Policy(acct, "/", "Deploy"), "NoSuchEntity", "Policy " + arn.Policy(acct, "/", "Deploy") + " was not found."},
		{arn.Policy(acct, "/team/", "deploy"), "NoSuchEntity", "Policy " + arn.Policy(acct, "/team/", "deploy") + " was not found."},
		{"arn:aws:iam::aws:policy/NoSuchThing", "NoSuchEntity", "Policy arn:aws:iam::aws:policy/NoSuchThing was not found."},
		{"not-an-arn-at-all-but-long", "ValidationError", "Invalid ARN:  Could not be parsed!"},
		{arn.Role(acct, "/", "Deploy"), "InvalidInput", "ARN " + arn.Role(acct, "/", "Deploy") + " is not valid."},
		{"arn:aws-cn:iam::aws:policy/AdministratorAccess", "InvalidInput", "ARN arn:aws-cn:iam::aws:policy/AdministratorAccess is not valid."},
	} {
		_, err := w.service.GetPolicy(t.Context(), w.root(), &awsiam.GetPolicyInput{PolicyArn: &c.arn})
		w.expect(c.arn, err, c.code, c.says)
		// Who asks for a version is told of the version.
		if c.code == "NoSuchEntity" {
			c.says = "Policy " + c.arn + " version v1 does not exist or is not attachable."
		}
		_, err = w.service.GetPolicyVersion(t.Context(), w.root(), &awsiam.GetPolicyVersionInput{PolicyArn: &c.arn, VersionId: aws.String("v1")})
		w.expect(c.arn+" version", err, c.code, c.says)
		if strings.HasPrefix(c.arn, "arn:aws:iam::aws:") {
			continue // nobody's to change
		}
		_, err = w.service.SetDefaultPolicyVersion(t.Context(), w.root(), &awsiam.SetDefaultPolicyVersionInput{PolicyArn: &c.arn, VersionId: aws.String("v1")})
		w.expect(c.arn+" default version", err, c.code, c.says)
		_, err = w.service.DeletePolicyVersion(t.Context(), w.root(), &awsiam.DeletePolicyVersionInput{PolicyArn: &c.arn, VersionId: aws.String("v1")})
		w.expect(c.arn+" delete version", err, c.code, c.says)
	}
	for _, name := range []string{"Deploy", "Nothing"} {
		_, err := w.service.GetPolicy(t.Context(), w.other(), &awsiam.GetPolicyInput{PolicyArn: policyARN("/team/", name)})
		if f, ok := fault.As(err); !ok || f.Kind != fault.Denied || f.Public != "Policy is outside your own account." {
			t.Errorf("%s from another account: %v", name, err)
		}
	}
}

// Versions come and go, at most five at a time; their numbers are not used again
// and the one in force cannot be deleted (behaviours.md 5.1).
func TestPolicyVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.policy("/", "p")
	create := func(document *string, asDefault bool) (*awsiam.CreatePolicyVersionOutput, error) {
		return w.service.CreatePolicyVersion(t.Context(), w.root(), &awsiam.CreatePolicyVersionInput{PolicyArn: p, PolicyDocument: document, SetAsDefault: asDefault})
	}
	remove := func(version string) error {
		_, err := w.service.DeletePolicyVersion(t.Context(), w.root(), &awsiam.DeletePolicyVersionInput{PolicyArn: p, VersionId: &version})
		return err
	}
	versions := func() (ids []string) {
		for _, v := range listed(w, func(marker *string, maxItems *int32) ([]types.PolicyVersion, bool, *string, error) {
			out, err := w.service.ListPolicyVersions(t.Context(), w.root(), &awsiam.ListPolicyVersionsInput{PolicyArn: p, Marker: marker, MaxItems: maxItems})
			if err != nil {
				return nil, false, nil, err
			}
			return out.Versions, out.IsTruncated, out.Marker, nil
		}) {
			id := *v.VersionId
			if v.IsDefaultVersion {
				id += "*"
			}
			if v.Document != nil {
				t.Errorf("%s is listed with its document", id)
			}
			ids = append(ids, id)
		}
		return ids
	}
	w.clock.Advance(time.Hour)
	c := w.root()
	made := must(w.service.CreatePolicyVersion(t.Context(), c, &awsiam.CreatePolicyVersionInput{PolicyArn: p, PolicyDocument: allowing("s3:Get*")})).PolicyVersion
	if c.Event.Detail["versionId"] != "v2" {
		t.Errorf("event %v", c.Event.Detail)
	}
	if *made.VersionId != "v2" || made.IsDefaultVersion || made.Document != nil {
		t.Errorf("made: %+v", made)
	}
	for i := 3; i <= 5; i++ {
		must(create(allowing("s3:Get*"), i == 4))
	}
	if got, want := versions(), []string{"v5", "v4*", "v3", "v2", "v1"}; !slices.Equal(got, want) {
		t.Errorf("versions %v, want %v", got, want)
	}
	described := must(w.service.GetPolicy(t.Context(), w.root(), &awsiam.GetPolicyInput{PolicyArn: p})).Policy
	if *described.DefaultVersionId != "v4" || !described.UpdateDate.Equal(start.Add(time.Hour).Truncate(time.Second)) {
		t.Errorf("policy: default %s, updated %v", *described.DefaultVersionId, described.UpdateDate)
	}
	_, err := create(allowing("s3:*"), false)
	w.expect("a sixth", err, "LimitExceeded",
		"A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.")
	w.expect("delete the default", remove("v4"), "DeleteConflict", "Cannot delete the default version of a policy.")
	w.expect("delete", remove("v5"), "", "")
	for _, gone := range []string{"v5", "v9", "v2.x"} {
		words := "Policy " + *p + " version " + gone + " does not exist or is not attachable."
		w.expect("delete "+gone, remove(gone), "NoSuchEntity", words)
		_, err := w.service.GetPolicyVersion(t.Context(), w.root(), &awsiam.GetPolicyVersionInput{PolicyArn: p, VersionId: &gone})
		w.expect("get "+gone, err, "NoSuchEntity", words)
		_, err = w.service.SetDefaultPolicyVersion(t.Context(), w.root(), &awsiam.SetDefaultPolicyVersionInput{PolicyArn: p, VersionId: &gone})
		w.expect("set "+gone, err, "NoSuchEntity", words)
	}
	_, err = create(aws.String(malformed), true)
	w.expect("syntax", err, "MalformedPolicyDocument", "Syntax errors in policy.")
	_, err = create(sized(6145), true)
	w.expect("size", err, "LimitExceeded", "Cannot exceed quota for PolicySize: 6144")
	if id := *must(create(allowing("s3:Put*"), false)).PolicyVersion.VersionId; id != "v6" {
		t.Errorf("after v5 went, the next is %s", id)
	}
	must(w.service.SetDefaultPolicyVersion(t.Context(), w.root(), &awsiam.SetDefaultPolicyVersionInput{PolicyArn: p, VersionId: aws.String("v6")}))
	if got, want := versions(), []string{"v6*", "v4", "v3", "v2", "v1"}; !slices.Equal(got, want) {
		t.Errorf("versions %v, want %v", got, want)
	}
	w.view(func(tx store.Tx) error {
		document, err := iam.DefaultDocument(tx, *p)
		if document != *allowing("s3:Put*") {
			t.Errorf("in force: %s", document)
		}
		return err
	})
}

// A policy goes when nothing uses it and only its default version is left
// (behaviours.md 5.2).
func TestDeletePolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.policy("/", "p")
	w.user("jane")
	w.role("app")
	remove := func() error {
		_, err := w.service.DeletePolicy(t.Context(), w.root(), &awsiam.DeletePolicyInput{PolicyArn: p})
		return err
	}
	const attached = "Cannot delete a policy attached to entities."
	must(w.service.AttachUserPolicy(t.Context(), w.root(), &awsiam.AttachUserPolicyInput{UserName: aws.String("jane"), PolicyArn: p}))
	w.expect("attached", remove(), "DeleteConflict", attached)
	must(w.service.DetachUserPolicy(t.Context(), w.root(), &awsiam.DetachUserPolicyInput{UserName: aws.String("jane"), PolicyArn: p}))
	must(w.service.PutRolePermissionsBoundary(t.Context(), w.root(), &awsiam.PutRolePermissionsBoundaryInput{RoleName: aws.String("app"), PermissionsBoundary: p}))
	w.expect("bounding", remove(), "DeleteConflict", attached)
	must(w.service.DeleteRolePermissionsBoundary(t.Context(), w.root(), &awsiam.DeleteRolePermissionsBoundaryInput{RoleName: aws.String("app")}))
	must(w.service.CreatePolicyVersion(t.Context(), w.root(), &awsiam.CreatePolicyVersionInput{PolicyArn: p, PolicyDocument: allowing("s3:*")}))
	w.expect("two versions", remove(), "DeleteConflict", "This policy has more than one version. Before you delete a policy, "+
		"you must delete the policy's versions. The default version is deleted with the policy.")
	must(w.service.DeletePolicyVersion(t.Context(), w.root(), &awsiam.DeletePolicyVersionInput{PolicyArn: p, VersionId: aws.String("v2")}))
	w.expect("free", remove(), "", "")
	w.expect("again", remove(), "NoSuchEntity", "Policy "+*p+" was not found.")
	w.policy("/", "p") // the name is free again
}

// AWS's policies are in every account, have the version that AWS gave them, and
// are changed by nobody; one that was imported goes before the built-in one.
func TestAWSPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	builtIn, ok := awsmanaged.Lookup(adminARN)
	if !ok {
		t.Fatal("there is no AdministratorAccess")
	}
	described := must(w.service.GetPolicy(t.Context(), w.other(), &awsiam.GetPolicyInput{PolicyArn: aws.String(adminARN)})).Policy
	if *described.PolicyId != builtIn.ID || *described.Arn != adminARN || !described.IsAttachable || *described.DefaultVersionId != builtIn.DefaultVersion ||
		!described.CreateDate.Equal(builtIn.CreatedAt) || aws.ToString(described.Description) != builtIn.Description {
		t.Errorf("AdministratorAccess: %+v", described)
	}
	if p := must(w.service.GetPolicy(t.Context(), w.root(), &awsiam.GetPolicyInput{PolicyArn: aws.String(linkedARN)})).Policy; p.IsAttachable {
		t.Error("a service-linked role's policy is attachable")
	}
	versions := must(w.service.ListPolicyVersions(t.Context(), w.root(), &awsiam.ListPolicyVersionsInput{PolicyArn: aws.String(adminARN)}))
	if len(versions.Versions) != 1 || !versions.Versions[0].IsDefaultVersion || versions.IsTruncated {
		t.Errorf("versions: %+v", versions)
	}
	get := func(version string) (*awsiam.GetPolicyVersionOutput, error) {
		return w.service.GetPolicyVersion(t.Context(), w.root(), &awsiam.GetPolicyVersionInput{PolicyArn: aws.String(adminARN), VersionId: &version})
	}
	if v := must(get(builtIn.DefaultVersion)).PolicyVersion; *v.Document != builtIn.Document {
		t.Errorf("document: %s", *v.Document)
	}
	_, err := get("v999")
	w.expect("another version", err, "NoSuchEntity", "Policy "+adminARN+" version v999 does not exist or is not attachable.")

	if replaced := w.imported("AdministratorAccess", *allowing("s3:*")); replaced != adminARN {
		t.Fatal(replaced)
	}
	if v := must(get("v9")).PolicyVersion; *v.Document != *allowing("s3:*") || !v.IsDefaultVersion {
		t.Errorf("imported: %+v", v)
	}
	admin := aws.String(adminARN)
	for what, try := range map[string]func() error{
		"DeletePolicy": func() error {
			_, err := w.service.DeletePolicy(t.Context(), w.root(), &awsiam.DeletePolicyInput{PolicyArn: admin})
			return err
		},
		"CreatePolicyVersion": func() error {
			_, err := w.service.CreatePolicyVersion(t.Context(), w.root(), &awsiam.CreatePolicyVersionInput{PolicyArn: admin, PolicyDocument: allowing("s3:*")})
			return err
		},
		"DeletePolicyVersion": func() error {
			_, err := w.service.DeletePolicyVersion(t.Context(), w.root(), &awsiam.DeletePolicyVersionInput{PolicyArn: admin, VersionId: aws.String("v9")})
			return err
		},
		"SetDefaultPolicyVersion": func() error {
			_, err := w.service.SetDefaultPolicyVersion(t.Context(), w.root(), &awsiam.SetDefaultPolicyVersionInput{PolicyArn: admin, VersionId: aws.String("v9")})
			return err
		},
		"TagPolicy": func() error {
			_, err := w.service.TagPolicy(t.Context(), w.root(), &awsiam.TagPolicyInput{PolicyArn: admin, Tags: []types.Tag{wireTag("a", "b")}})
			return err
		},
		"UntagPolicy": func() error {
			_, err := w.service.UntagPolicy(t.Context(), w.root(), &awsiam.UntagPolicyInput{PolicyArn: admin, TagKeys: []string{"a"}})
			return err
		},
	} {
		if err := try(); !fault.Is(err, fault.Denied) {
			t.Errorf("%s of AWS's policy: %v", what, err)
		}
	}
}

// DefaultDocument is what is in force, whoever's the policy is; a policy that was
// imported and is no more grants nothing and can still be detached.
func TestDefaultDocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := w.policy("/", "p")
	imported := w.imported("AWSNewlyPublished", *allowing("sqs:*"))
	builtIn, _ := awsmanaged.Lookup(adminARN)
	w.user("jane")
	must(w.service.AttachUserPolicy(t.Context(), w.root(), &awsiam.AttachUserPolicyInput{UserName: aws.String("jane"), PolicyArn: &imported}))
	w.view(func(tx store.Tx) error {
		for policyARN, want := range map[string]string{*own: *allowing("s3:*"), imported: *allowing("sqs:*"), adminARN: builtIn.Document} {
			if got, err := iam.DefaultDocument(tx, policyARN); err != nil || got != want {
				t.Errorf("%s: %s, %v", policyARN, got, err)
			}
		}
		for policyARN, kind := range map[string]fault.Kind{*own + "x": fault.NotFound, "arn:aws:iam::aws:policy/x/AdministratorAccess": fault.NotFound, "x": fault.Invalid} {
			if _, err := iam.DefaultDocument(tx, policyARN); !fault.Is(err, kind) {
				t.Errorf("%s: %v", policyARN, err)
			}
		}
		return nil
	})
	w.update(func(tx store.Tx) error { return tx.DeletePolicy("ANPAAWSNewlyPublished") })
	w.view(func(tx store.Tx) error {
		jane, err := iam.FindIdentity(tx, acct, iam.UserKind, "jane")
		if err != nil {
			return err
		}
		held, err := iam.PoliciesOf(tx, jane)
		if len(held) > 0 {
			t.Errorf("jane holds %+v", held)
		}
		return err
	})
	must(w.service.DetachUserPolicy(t.Context(), w.root(), &awsiam.DetachUserPolicyInput{UserName: aws.String("jane"), PolicyArn: &imported}))
}

// listPolicies is all pages of a list, by name.
func (w *world) listPolicies(in awsiam.ListPoliciesInput, size int32) (names []string) {
	w.Helper()
	for in.MaxItems = &size; ; {
		out := must(w.service.ListPolicies(w.Context(), w.root(), &in))
		for _, p := range out.Policies {
			names = append(names, *p.PolicyName)
		}
		if len(out.Policies) > int(size) || out.IsTruncated != (out.Marker != nil) {
			w.Fatalf("a page of %d, IsTruncated %v, Marker %v", len(out.Policies), out.IsTruncated, out.Marker)
		}
		if in.Marker = out.Marker; in.Marker == nil {
			return names
		}
	}
}

// The account's policies come first, then AWS's; filters narrow both, and pages of
// any size come to the same list.
func TestListPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, p := range [][2]string{{"/b/", "y"}, {"/", "Z"}, {"/b/", "x"}} {
		w.policy(p[0], p[1])
	}
	all := awsmanaged.All()
	w.imported("AdministratorAccess", "{}") // replaces
	w.imported("AWSNewlyPublished", "{}")   // adds
	w.user("jane")
	w.role("app")
	for _, p := range []string{adminARN, "arn:aws:iam::aws:policy/job-function/Billing", *policyARN("/b/", "x")} {
		must(w.service.AttachUserPolicy(t.Context(), w.root(), &awsiam.AttachUserPolicyInput{UserName: aws.String("jane"), PolicyArn: &p}))
	}
	for _, p := range []string{*policyARN("/", "Z"), "arn:aws:iam::aws:policy/ReadOnlyAccess"} {
		must(w.service.PutUserPermissionsBoundary(t.Context(), w.root(), &awsiam.PutUserPermissionsBoundaryInput{UserName: aws.String("jane"), PermissionsBoundary: &p}))
		must(w.service.PutRolePermissionsBoundary(t.Context(), w.root(), &awsiam.PutRolePermissionsBoundaryInput{RoleName: aws.String("app"), PermissionsBoundary: policyARN("/", "Z")}))
	}
	var ofAWS []string
	for _, m := range all {
		if m.Name != "AdministratorAccess" {
			ofAWS = append(ofAWS, m.Name)
		}
	}
	ofAWS = append([]string{"AdministratorAccess", "AWSNewlyPublished"}, ofAWS...)
	for _, c := range []struct {
		what string
		in   awsiam.ListPoliciesInput
		size []int32
		want []string
	}{
		{"local", awsiam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal}, []int32{1, 2, 3, 1000}, []string{"Z", "x", "y"}},
		{"local under a path", awsiam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal, PathPrefix: aws.String("/b")}, []int32{1, 1000}, []string{"x", "y"}},
		{"AWS", awsiam.ListPoliciesInput{Scope: types.PolicyScopeTypeAws}, []int32{100, 1000}, ofAWS},
		{"all", awsiam.ListPoliciesInput{}, []int32{3, 1000}, append([]string{"Z", "x", "y"}, ofAWS...)},
		{"attached", awsiam.ListPoliciesInput{OnlyAttached: true}, []int32{1, 2, 1000}, []string{"x", "AdministratorAccess", "Billing"}},
		{"permissions", awsiam.ListPoliciesInput{Scope: types.PolicyScopeTypeAll, PolicyUsageFilter: types.PolicyUsageTypePermissionsPolicy}, []int32{1000},
			[]string{"x", "AdministratorAccess", "Billing"}},
		{"attached local", awsiam.ListPoliciesInput{OnlyAttached: true, Scope: types.PolicyScopeTypeLocal}, []int32{1}, []string{"x"}},
		{"bounding", awsiam.ListPoliciesInput{PolicyUsageFilter: types.PolicyUsageTypePermissionsBoundary}, []int32{1, 1000}, []string{"Z", "ReadOnlyAccess"}},
		{"bounding and attached", awsiam.ListPoliciesInput{PolicyUsageFilter: types.PolicyUsageTypePermissionsBoundary, OnlyAttached: true}, []int32{1000}, []string{"Z", "ReadOnlyAccess"}},
		{"under a path of AWS", awsiam.ListPoliciesInput{PathPrefix: aws.String("/job-function/"), OnlyAttached: true}, []int32{1}, []string{"Billing"}},
		{"nowhere", awsiam.ListPoliciesInput{PathPrefix: aws.String("/nowhere/")}, []int32{1}, nil},
	} {
		for _, size := range c.size {
			if got := w.listPolicies(c.in, size); !slices.Equal(got, c.want) {
				t.Errorf("%s by %d: %d policies, want %d:\n%.300v", c.what, size, len(got), len(c.want), got)
			}
		}
	}
	counts := must(w.service.GetPolicy(t.Context(), w.root(), &awsiam.GetPolicyInput{PolicyArn: policyARN("/", "Z")})).Policy
	if *counts.AttachmentCount != 0 || *counts.PermissionsBoundaryUsageCount != 1 {
		t.Errorf("uses of Z: %d, %d", *counts.AttachmentCount, *counts.PermissionsBoundaryUsageCount)
	}
	elsewhere := must(w.service.GetPolicy(t.Context(), w.other(), &awsiam.GetPolicyInput{PolicyArn: aws.String(adminARN)})).Policy
	if *elsewhere.AttachmentCount != 0 {
		t.Errorf("another account sees %d attachments", *elsewhere.AttachmentCount)
	}
	for _, after := range []string{"9", "x", "0", "0nonsense", "1é", "2", "2arn:aws:iam::aws:policy/nonsense", "\x01"} {
		marker := page.Token(after)
		if _, err := w.service.ListPolicies(t.Context(), w.root(), &awsiam.ListPoliciesInput{Marker: &marker, MaxItems: aws.Int32(5)}); strings.ContainsAny(after[:1], "012") != (err == nil) {
			t.Errorf("marker of %q: %v", after, err)
		}
	}
}

// Everybody who has the policy or is bounded by it is told once, of one account
// and in pages of any size.
func TestListEntitiesForPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.policy("/", "p")
	var users []string
	for i := range 3 {
		users = append(users, w.user(fmt.Sprint("u", i)).Name)
		must(w.service.AttachUserPolicy(t.Context(), w.root(), &awsiam.AttachUserPolicyInput{UserName: &users[i], PolicyArn: p}))
	}
	w.group("g")
	must(w.service.AttachGroupPolicy(t.Context(), w.root(), &awsiam.AttachGroupPolicyInput{GroupName: aws.String("g"), PolicyArn: p}))
	for _, r := range []string{"bounded", "both"} {
		w.role(r)
		must(w.service.PutRolePermissionsBoundary(t.Context(), w.root(), &awsiam.PutRolePermissionsBoundaryInput{RoleName: &r, PermissionsBoundary: p}))
	}
	must(w.service.AttachRolePolicy(t.Context(), w.root(), &awsiam.AttachRolePolicyInput{RoleName: aws.String("both"), PolicyArn: p}))
	must(w.service.PutUserPermissionsBoundary(t.Context(), w.root(), &awsiam.PutUserPermissionsBoundaryInput{UserName: aws.String("u1"), PermissionsBoundary: p}))
	team := iam.User{ID: arn.NewUniqueID(arn.PrefixUser, acct), Account: acct, Path: "/team/", Name: "t", CreatedAt: start, Boundary: *p}
	w.update(func(tx store.Tx) error { return tx.PutIAMUser(team) })

	list := func(in awsiam.ListEntitiesForPolicyInput, size int32) (names []string) {
		in.PolicyArn = p
		for in.MaxItems = &size; ; {
			out := must(w.service.ListEntitiesForPolicy(t.Context(), w.root(), &in))
			for _, u := range out.PolicyUsers {
				if !strings.HasPrefix(*u.UserId, "AIDA") {
					t.Errorf("user id %s", *u.UserId)
				}
				names = append(names, "user "+*u.UserName)
			}
			for _, g := range out.PolicyGroups {
				if !strings.HasPrefix(*g.GroupId, "AGPA") {
					t.Errorf("group id %s", *g.GroupId)
				}
				names = append(names, "group "+*g.GroupName)
			}
			for _, r := range out.PolicyRoles {
				if !strings.HasPrefix(*r.RoleId, "AROA") {
					t.Errorf("role id %s", *r.RoleId)
				}
				names = append(names, "role "+*r.RoleName)
			}
			if out.IsTruncated != (out.Marker != nil) {
				t.Fatalf("IsTruncated %v, Marker %v", out.IsTruncated, out.Marker)
			}
			if in.Marker = out.Marker; in.Marker == nil {
				slices.Sort(names) // ids are random
				return names
			}
		}
	}
	everybody := []string{"group g", "role both", "role bounded", "user t", "user u0", "user u1", "user u2"}
	for _, c := range []struct {
		what string
		in   awsiam.ListEntitiesForPolicyInput
		want []string
	}{
		{"all", awsiam.ListEntitiesForPolicyInput{}, everybody},
		{"users", awsiam.ListEntitiesForPolicyInput{EntityFilter: types.EntityTypeUser}, everybody[3:]},
		{"groups", awsiam.ListEntitiesForPolicyInput{EntityFilter: types.EntityTypeGroup}, everybody[:1]},
		{"roles", awsiam.ListEntitiesForPolicyInput{EntityFilter: types.EntityTypeRole}, everybody[1:3]},
		{"policies", awsiam.ListEntitiesForPolicyInput{EntityFilter: types.EntityTypeAWSManagedPolicy}, nil},
		{"attached", awsiam.ListEntitiesForPolicyInput{PolicyUsageFilter: types.PolicyUsageTypePermissionsPolicy}, []string{"group g", "role both", "user u0", "user u1", "user u2"}},
		{"bounded", awsiam.ListEntitiesForPolicyInput{PolicyUsageFilter: types.PolicyUsageTypePermissionsBoundary}, []string{"role both", "role bounded", "user t", "user u1"}},
		{"bounded roles", awsiam.ListEntitiesForPolicyInput{PolicyUsageFilter: types.PolicyUsageTypePermissionsBoundary, EntityFilter: types.EntityTypeRole}, everybody[1:3]},
		{"under a path", awsiam.ListEntitiesForPolicyInput{PathPrefix: aws.String("/team/")}, []string{"user t"}},
	} {
		for _, size := range []int32{1, 2, 3, 100} {
			if got := list(c.in, size); !slices.Equal(got, c.want) {
				t.Errorf("%s by %d: %v, want %v", c.what, size, got, c.want)
			}
		}
	}
	_, err := w.service.ListEntitiesForPolicy(t.Context(), w.root(), &awsiam.ListEntitiesForPolicyInput{PolicyArn: policyARN("/", "none")})
	w.expect("no policy", err, "NoSuchEntity", "Policy "+*policyARN("/", "none")+" does not exist or is not attachable.")
}

// A policy's tags differ by case, and a key given again gets the new value
// (behaviours.md 5.7).
func TestPolicyTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.policy("/", "p")
	tag := func(tags ...types.Tag) error {
		_, err := w.service.TagPolicy(t.Context(), w.root(), &awsiam.TagPolicyInput{PolicyArn: p, Tags: tags})
		return err
	}
	tags := func() []string {
		return tagged(listed(w, func(marker *string, maxItems *int32) ([]types.Tag, bool, *string, error) {
			out, err := w.service.ListPolicyTags(t.Context(), w.root(), &awsiam.ListPolicyTagsInput{PolicyArn: p, Marker: marker, MaxItems: maxItems})
			if err != nil {
				return nil, false, nil, err
			}
			return out.Tags, out.IsTruncated, out.Marker, nil
		}))
	}
	w.expect("tag", tag(wireTag("b", "1"), wireTag("a", "1"), wireTag("A", "2")), "", "")
	w.expect("tag again", tag(wireTag("b", "2")), "", "")
	if got := tags(); !slices.Equal(got, []string{"A=2", "a=1", "b=2"}) {
		t.Errorf("tags %v", got)
	}
	w.expect("AWS's own", tag(wireTag("aws:x", "")), "InvalidInput", "System tags cannot be added/updated by requester")
	must(w.service.UntagPolicy(t.Context(), w.root(), &awsiam.UntagPolicyInput{PolicyArn: p, TagKeys: []string{"a", "B", "none"}}))
	if got := tags(); !slices.Equal(got, []string{"A=2", "b=2"}) {
		t.Errorf("after untagging %v", got)
	}
	_, err := w.service.TagPolicy(t.Context(), w.root(), &awsiam.TagPolicyInput{PolicyArn: policyARN("/", "none"), Tags: []types.Tag{wireTag("a", "")}})
	w.expect("no policy", err, "NoSuchEntity", "Policy "+*policyARN("/", "none")+" was not found.")
}
