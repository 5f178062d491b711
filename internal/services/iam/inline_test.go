package iam_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"

	"sekisho/internal/arn"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// inlineOps are the four operations on inline policies of one kind of identity.
type inlineOps struct {
	kind   iam.Kind
	put    func(owner, name, document *string) error
	get    func(owner, name *string) (gotOwner, gotName, document *string, err error)
	list   func(owner, marker *string, maxItems *int32) (names []string, truncated bool, next *string, err error)
	remove func(owner, name *string) error
	most   int // characters of all together
}

func (w *world) inlineOps() []inlineOps {
	ctx, s := w.Context(), w.service
	return []inlineOps{
		{
			iam.UserKind,
			func(owner, name, document *string) error {
				_, err := s.PutUserPolicy(ctx, w.root(), &awsiam.PutUserPolicyInput{UserName: owner, PolicyName: name, PolicyDocument: document})
				return err
			},
			func(owner, name *string) (*string, *string, *string, error) {
				out, err := s.GetUserPolicy(ctx, w.root(), &awsiam.GetUserPolicyInput{UserName: owner, PolicyName: name})
				return out.UserName, out.PolicyName, out.PolicyDocument, err
			},
			func(owner, marker *string, maxItems *int32) ([]string, bool, *string, error) {
				out, err := s.ListUserPolicies(ctx, w.root(), &awsiam.ListUserPoliciesInput{UserName: owner, Marker: marker, MaxItems: maxItems})
				return out.PolicyNames, out.IsTruncated, out.Marker, err
			},
			func(owner, name *string) error {
				_, err := s.DeleteUserPolicy(ctx, w.root(), &awsiam.DeleteUserPolicyInput{UserName: owner, PolicyName: name})
				return err
			},
			2048,
		},
		{
			iam.GroupKind,
			func(owner, name, document *string) error {
				_, err := s.PutGroupPolicy(ctx, w.root(), &awsiam.PutGroupPolicyInput{GroupName: owner, PolicyName: name, PolicyDocument: document})
				return err
			},
			func(owner, name *string) (*string, *string, *string, error) {
				out, err := s.GetGroupPolicy(ctx, w.root(), &awsiam.GetGroupPolicyInput{GroupName: owner, PolicyName: name})
				return out.GroupName, out.PolicyName, out.PolicyDocument, err
			},
			func(owner, marker *string, maxItems *int32) ([]string, bool, *string, error) {
				out, err := s.ListGroupPolicies(ctx, w.root(), &awsiam.ListGroupPoliciesInput{GroupName: owner, Marker: marker, MaxItems: maxItems})
				return out.PolicyNames, out.IsTruncated, out.Marker, err
			},
			func(owner, name *string) error {
				_, err := s.DeleteGroupPolicy(ctx, w.root(), &awsiam.DeleteGroupPolicyInput{GroupName: owner, PolicyName: name})
				return err
			},
			5120,
		},
		{
			iam.RoleKind,
			func(owner, name, document *string) error {
				_, err := s.PutRolePolicy(ctx, w.root(), &awsiam.PutRolePolicyInput{RoleName: owner, PolicyName: name, PolicyDocument: document})
				return err
			},
			func(owner, name *string) (*string, *string, *string, error) {
				out, err := s.GetRolePolicy(ctx, w.root(), &awsiam.GetRolePolicyInput{RoleName: owner, PolicyName: name})
				return out.RoleName, out.PolicyName, out.PolicyDocument, err
			},
			func(owner, marker *string, maxItems *int32) ([]string, bool, *string, error) {
				out, err := s.ListRolePolicies(ctx, w.root(), &awsiam.ListRolePoliciesInput{RoleName: owner, Marker: marker, MaxItems: maxItems})
				return out.PolicyNames, out.IsTruncated, out.Marker, err
			},
			func(owner, name *string) error {
				_, err := s.DeleteRolePolicy(ctx, w.root(), &awsiam.DeleteRolePolicyInput{RoleName: owner, PolicyName: name})
				return err
			},
			10240,
		},
	}
}

// Inline policies of users, groups and roles are written, replaced, listed and
// removed alike, with AWS's words and sizes (behaviours.md 1.5, 3.9).
func TestInlinePolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("Owner")
	w.group("Owner")
	w.role("Owner")
	for _, ops := range w.inlineOps() {
		kind, owner, missing := string(ops.kind), aws.String("oWNER"), aws.String("nobody")
		for _, name := range []string{"b", "C", "a"} {
			w.expect(kind+" put", ops.put(owner, &name, allowing("s3:Get*")), "", "")
		}
		w.expect(kind+" replace", ops.put(owner, aws.String("B"), allowing("s3:Put*")), "", "")
		gotOwner, gotName, document, err := ops.get(owner, aws.String("b"))
		if err != nil || *gotOwner != "Owner" || *gotName != "B" || *document != *allowing("s3:Put*") {
			t.Errorf("%s get: %v, %v, %v, %v", kind, aws.ToString(gotOwner), aws.ToString(gotName), aws.ToString(document), err)
		}
		names := listed(w, func(marker *string, maxItems *int32) ([]string, bool, *string, error) {
			return ops.list(owner, marker, maxItems)
		})
		if want := []string{"a", "B", "C"}; !slices.Equal(names, want) {
			t.Errorf("%s list: %v, want %v", kind, names, want)
		}
		w.expect(kind+" syntax", ops.put(owner, aws.String("x"), aws.String(malformed)), "MalformedPolicyDocument", "Syntax errors in policy.")

		// The size is that of all of them, but not of the one that is replaced.
		have := 3 * iam.DocumentSize(*allowing("s3:Get*"))
		w.expect(kind+" as long as can be", ops.put(owner, aws.String("big"), sized(ops.most-have)), "", "")
		w.expect(kind+" replaced by one as long", ops.put(owner, aws.String("BIG"), sized(ops.most-have)), "", "")
		tooLong := aws.String("Maximum policy size of " + map[int]string{2048: "2048", 5120: "5120", 10240: "10240"}[ops.most] + " bytes exceeded for " + kind + " Owner")
		w.expect(kind+" too long", ops.put(owner, aws.String("big"), sized(ops.most-have+1)), "LimitExceeded", *tooLong)

		gone := "The " + kind + " policy with name c cannot be found."
		w.expect(kind+" delete", ops.remove(owner, aws.String("c")), "", "")
		w.expect(kind+" delete again", ops.remove(owner, aws.String("c")), "NoSuchEntity", gone)
		_, _, _, err = ops.get(owner, aws.String("c"))
		w.expect(kind+" get what is gone", err, "NoSuchEntity", gone)

		nobody := "The " + kind + " with name nobody cannot be found."
		w.expect(kind+" put into nobody", ops.put(missing, aws.String("a"), allowing("s3:*")), "NoSuchEntity", nobody)
		w.expect(kind+" delete of nobody", ops.remove(missing, aws.String("a")), "NoSuchEntity", nobody)
		_, _, _, err = ops.get(missing, aws.String("a"))
		w.expect(kind+" get of nobody", err, "NoSuchEntity", nobody)
		_, _, _, err = ops.list(missing, nil, nil)
		w.expect(kind+" list of nobody", err, "NoSuchEntity", nobody)
	}
}

// protectedRoles are roles that only AWS changes (G-47, behaviours.md 5.7).
func (w *world) protectedRoles() []iam.Role {
	w.Helper()
	roles := []iam.Role{
		{Path: "/aws-service-role/sso.amazonaws.com/", Name: "AWSServiceRoleForSSO"},
		{Path: "/aws-reserved/sso.amazonaws.com/", Name: "AWSReservedSSO_Admin_0123456789abcdef", PermissionSet: "ps-1"},
	}
	for i := range roles {
		roles[i].ID, roles[i].Account, roles[i].TrustPolicy, roles[i].MaxSessionSeconds = arn.NewUniqueID(arn.PrefixRole, acct), acct, "{}", 3600
		w.update(func(tx store.Tx) error { return tx.PutRole(roles[i]) })
	}
	return roles
}

// Nothing that hangs on a protected role is changed by anybody.
func TestPoliciesOfProtectedRoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, s, admin := t.Context(), w.service, aws.String(adminARN)
	for _, r := range w.protectedRoles() {
		words := "Cannot perform the operation on the protected role '" + r.Name + "' - this role is only modifiable by AWS"
		_, err := s.PutRolePolicy(ctx, w.root(), &awsiam.PutRolePolicyInput{RoleName: &r.Name, PolicyName: aws.String("p"), PolicyDocument: allowing("s3:*")})
		w.expect("PutRolePolicy", err, "UnmodifiableEntity", words)
		_, err = s.DeleteRolePolicy(ctx, w.root(), &awsiam.DeleteRolePolicyInput{RoleName: &r.Name, PolicyName: aws.String("p")})
		w.expect("DeleteRolePolicy", err, "UnmodifiableEntity", words)
		_, err = s.AttachRolePolicy(ctx, w.root(), &awsiam.AttachRolePolicyInput{RoleName: &r.Name, PolicyArn: admin})
		w.expect("AttachRolePolicy", err, "UnmodifiableEntity", words)
		_, err = s.DetachRolePolicy(ctx, w.root(), &awsiam.DetachRolePolicyInput{RoleName: &r.Name, PolicyArn: admin})
		w.expect("DetachRolePolicy", err, "UnmodifiableEntity", words)
		_, err = s.PutRolePermissionsBoundary(ctx, w.root(), &awsiam.PutRolePermissionsBoundaryInput{RoleName: &r.Name, PermissionsBoundary: admin})
		w.expect("PutRolePermissionsBoundary", err, "UnmodifiableEntity", words)
		_, err = s.DeleteRolePermissionsBoundary(ctx, w.root(), &awsiam.DeleteRolePermissionsBoundaryInput{RoleName: &r.Name})
		w.expect("DeleteRolePermissionsBoundary", err, "UnmodifiableEntity", words)
		if _, err = s.ListAttachedRolePolicies(ctx, w.root(), &awsiam.ListAttachedRolePoliciesInput{RoleName: &r.Name}); err != nil {
			t.Errorf("it can still be looked at: %v", err)
		}
	}
}
