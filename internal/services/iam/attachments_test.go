package iam_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/arn"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// attachOps are the three operations on what is attached to one kind of identity.
type attachOps struct {
	kind           string // as quotas and refusals write it
	noun           iam.Noun
	attach, detach func(owner, policyARN *string) error
	list           func(owner, prefix, marker *string, maxItems *int32) (policies []types.AttachedPolicy, truncated bool, next *string, err error)
}

func (w *world) attachOps() []attachOps {
	ctx, s := w.Context(), w.service
	return []attachOps{
		{
			"User", iam.AttachedPerUser,
			func(owner, policyARN *string) error {
				_, err := s.AttachUserPolicy(ctx, w.root(), &awsiam.AttachUserPolicyInput{UserName: owner, PolicyArn: policyARN})
				return err
			},
			func(owner, policyARN *string) error {
				_, err := s.DetachUserPolicy(ctx, w.root(), &awsiam.DetachUserPolicyInput{UserName: owner, PolicyArn: policyARN})
				return err
			},
			func(owner, prefix, marker *string, maxItems *int32) ([]types.AttachedPolicy, bool, *string, error) {
				out, err := s.ListAttachedUserPolicies(ctx, w.root(), &awsiam.ListAttachedUserPoliciesInput{UserName: owner, PathPrefix: prefix, Marker: marker, MaxItems: maxItems})
				return out.AttachedPolicies, out.IsTruncated, out.Marker, err
			},
		},
		{
			"Group", iam.AttachedPerGroup,
			func(owner, policyARN *string) error {
				_, err := s.AttachGroupPolicy(ctx, w.root(), &awsiam.AttachGroupPolicyInput{GroupName: owner, PolicyArn: policyARN})
				return err
			},
			func(owner, policyARN *string) error {
				_, err := s.DetachGroupPolicy(ctx, w.root(), &awsiam.DetachGroupPolicyInput{GroupName: owner, PolicyArn: policyARN})
				return err
			},
			func(owner, prefix, marker *string, maxItems *int32) ([]types.AttachedPolicy, bool, *string, error) {
				out, err := s.ListAttachedGroupPolicies(ctx, w.root(), &awsiam.ListAttachedGroupPoliciesInput{GroupName: owner, PathPrefix: prefix, Marker: marker, MaxItems: maxItems})
				return out.AttachedPolicies, out.IsTruncated, out.Marker, err
			},
		},
		{
			"Role", iam.AttachedPerRole,
			func(owner, policyARN *string) error {
				_, err := s.AttachRolePolicy(ctx, w.root(), &awsiam.AttachRolePolicyInput{RoleName: owner, PolicyArn: policyARN})
				return err
			},
			func(owner, policyARN *string) error {
				_, err := s.DetachRolePolicy(ctx, w.root(), &awsiam.DetachRolePolicyInput{RoleName: owner, PolicyArn: policyARN})
				return err
			},
			func(owner, prefix, marker *string, maxItems *int32) ([]types.AttachedPolicy, bool, *string, error) {
				out, err := s.ListAttachedRolePolicies(ctx, w.root(), &awsiam.ListAttachedRolePoliciesInput{RoleName: owner, PathPrefix: prefix, Marker: marker, MaxItems: maxItems})
				return out.AttachedPolicies, out.IsTruncated, out.Marker, err
			},
		},
	}
}

// Policies of the account and of AWS are attached to users, groups and roles
// alike, up to the account's quota, with AWS's words (behaviours.md 1.5, 5.1).
func TestAttach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("Owner")
	w.group("Owner")
	w.role("Owner")
	for i := range 11 {
		w.policy("/team/", fmt.Sprintf("p%02d", i))
	}
	foreign := must(w.service.CreatePolicy(t.Context(), w.other(), &awsiam.CreatePolicyInput{PolicyName: aws.String("p"), PolicyDocument: allowing("s3:*")})).Policy.Arn
	for _, ops := range w.attachOps() {
		kind, lower, owner, missing, admin := ops.kind, strings.ToLower(ops.kind), aws.String("oWNER"), aws.String("nobody"), aws.String(adminARN)
		// names are those attached under a path, read one at a time.
		names := func(prefix *string) (names []string) {
			for _, p := range listed(w, func(marker *string, maxItems *int32) ([]types.AttachedPolicy, bool, *string, error) {
				return ops.list(owner, prefix, marker, maxItems)
			}) {
				if _, _, _, name, _ := arn.SplitIAM(*p.PolicyArn); name != *p.PolicyName {
					t.Errorf("%s is called %s", *p.PolicyArn, *p.PolicyName)
				}
				names = append(names, *p.PolicyName)
			}
			return names
		}
		if out, _, _, err := ops.list(owner, nil, nil, nil); err != nil || out == nil || len(out) > 0 {
			t.Errorf("%s with none: %v, %v", kind, out, err)
		}
		var want []string
		for i := range 9 {
			want = append(want, fmt.Sprintf("p%02d", i))
			w.expect(kind+" attach", ops.attach(owner, policyARN("/team/", want[i])), "", "")
		}
		w.expect(kind+" attach AWS's", ops.attach(owner, admin), "", "")
		w.expect(kind+" attach again", ops.attach(owner, admin), "", "")
		if got, all := names(nil), append(slices.Clone(want), "AdministratorAccess"); !slices.Equal(got, all) {
			t.Errorf("%s: %v, want %v", kind, got, all)
		}
		if got := names(aws.String("/team/")); !slices.Equal(got, want) {
			t.Errorf("%s under /team/: %v, want %v", kind, got, want)
		}
		w.expect(kind+" quota", ops.attach(owner, policyARN("/team/", "p09")), "LimitExceeded", "Cannot exceed quota for PoliciesPer"+kind+": 10")
		w.quota(ops.noun, 11)
		w.expect(kind+" raised quota", ops.attach(owner, policyARN("/team/", "p09")), "", "")
		w.expect(kind+" raised quota's end", ops.attach(owner, policyARN("/team/", "p10")), "LimitExceeded", "Cannot exceed quota for PoliciesPer"+kind+": 11")

		for _, none := range []string{*policyARN("/", "none"), *policyARN("/", "p00"), *foreign, "arn:aws:iam::aws:policy/None"} {
			w.expect(kind+" attach "+none, ops.attach(owner, &none), "NoSuchEntity", "Policy "+none+" does not exist or is not attachable.")
			w.expect(kind+" detach "+none, ops.detach(owner, &none), "NoSuchEntity", "Policy "+none+" was not found.")
		}
		w.expect(kind+" attach a service-linked role's", ops.attach(owner, aws.String(linkedARN)), "PolicyNotAttachable",
			"Cannot attach a Service Role Policy to a Customer "+kind+".")
		w.expect(kind+" attach no ARN", ops.attach(owner, aws.String("AdministratorAccess!!")), "ValidationError", "ARN AdministratorAccess!! is not valid.")
		w.expect(kind+" attach a role", ops.attach(owner, aws.String("arn:aws:iam::aws:role/x")), "InvalidInput", "ARN arn:aws:iam::aws:role/x is not valid.")
		w.expect(kind+" detach no ARN", ops.detach(owner, aws.String("AdministratorAccess!!")), "ValidationError", "ARN AdministratorAccess!! is not valid.")

		w.expect(kind+" detach", ops.detach(owner, admin), "", "")
		w.expect(kind+" detach again", ops.detach(owner, admin), "NoSuchEntity", "Policy "+adminARN+" was not found.")
		nobody := "The " + lower + " with name nobody cannot be found."
		w.expect(kind+" attach to nobody", ops.attach(missing, admin), "NoSuchEntity", nobody)
		w.expect(kind+" detach from nobody", ops.detach(missing, admin), "NoSuchEntity", nobody)
		_, _, _, err := ops.list(missing, nil, nil, nil)
		w.expect(kind+" list of nobody", err, "NoSuchEntity", nobody)
	}
}

// Users and roles are bounded by managed policies and by nothing else.
func TestPermissionsBoundaries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("Owner")
	w.role("Owner")
	bound := w.policy("/", "Bound")
	ctx, s, name := t.Context(), w.service, aws.String("oWNER")
	boundary := func() (user, role string) {
		w.view(func(tx store.Tx) error {
			u, err := tx.IAMUserByName(acct, "Owner")
			if err != nil {
				return err
			}
			r, err := tx.RoleByName(acct, "Owner")
			user, role = u.Boundary, r.Boundary
			return err
		})
		return user, role
	}
	for kind, put := range map[string]func(name, boundary *string) error{
		"user": func(name, boundary *string) error {
			_, err := s.PutUserPermissionsBoundary(ctx, w.root(), &awsiam.PutUserPermissionsBoundaryInput{UserName: name, PermissionsBoundary: boundary})
			return err
		},
		"role": func(name, boundary *string) error {
			_, err := s.PutRolePermissionsBoundary(ctx, w.root(), &awsiam.PutRolePermissionsBoundaryInput{RoleName: name, PermissionsBoundary: boundary})
			return err
		},
	} {
		w.expect(kind+" by AWS's", put(name, aws.String(adminARN)), "", "")
		w.expect(kind+" by the account's", put(name, bound), "", "")
		for _, invalid := range []string{"AdministratorAccess!!", arn.Role(acct, "/", "Owner")} {
			w.expect(kind+" by "+invalid, put(name, &invalid), "ValidationError", "Value ("+invalid+") for parameter PermissionsBoundary is invalid.")
		}
		for _, none := range []string{*policyARN("/", "none"), arn.Policy(otherAcct, "/", "Bound")} {
			w.expect(kind+" by "+none, put(name, &none), "NoSuchEntity", "Scope ARN: "+none+" does not exist or is not attachable.")
		}
		w.expect("no "+kind, put(aws.String("nobody"), bound), "NoSuchEntity", "The "+kind+" with name nobody cannot be found.")
		if err := put(name, aws.String(linkedARN)); err == nil {
			t.Errorf("a %s is bounded by a service-linked role's policy", kind)
		}
	}
	if user, role := boundary(); user != *bound || role != *bound {
		t.Errorf("boundaries %q, %q", user, role)
	}
	for range 2 { // there being none is no error
		must(s.DeleteUserPermissionsBoundary(ctx, w.root(), &awsiam.DeleteUserPermissionsBoundaryInput{UserName: name}))
		must(s.DeleteRolePermissionsBoundary(ctx, w.root(), &awsiam.DeleteRolePermissionsBoundaryInput{RoleName: name}))
	}
	if user, role := boundary(); user != "" || role != "" {
		t.Errorf("boundaries that are gone: %q, %q", user, role)
	}
	_, err := s.DeleteUserPermissionsBoundary(ctx, w.root(), &awsiam.DeleteUserPermissionsBoundaryInput{UserName: aws.String("nobody")})
	w.expect("delete of no user", err, "NoSuchEntity", "The user with name nobody cannot be found.")
	_, err = s.DeleteRolePermissionsBoundary(ctx, w.root(), &awsiam.DeleteRolePermissionsBoundaryInput{RoleName: aws.String("nobody")})
	w.expect("delete of no role", err, "NoSuchEntity", "The role with name nobody cannot be found.")
}

// The policies that could allow something of a service are told with where they
// hang; a user's groups count, a boundary does not.
func TestListPoliciesGrantingServiceAccess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, s, jane, staff := t.Context(), w.service, aws.String("jane"), aws.String("staff")
	user := w.user("jane")
	group := w.group("staff", "jane")
	role := w.role("app")
	must(s.PutUserPolicy(ctx, w.root(), &awsiam.PutUserPolicyInput{UserName: jane, PolicyName: aws.String("own"), PolicyDocument: allowing("s3:GetObject")}))
	must(s.PutGroupPolicy(ctx, w.root(), &awsiam.PutGroupPolicyInput{GroupName: staff, PolicyName: aws.String("theirs"), PolicyDocument: allowing("sqs:*")}))
	must(s.AttachGroupPolicy(ctx, w.root(), &awsiam.AttachGroupPolicyInput{GroupName: staff, PolicyArn: aws.String(adminARN)}))
	must(s.AttachUserPolicy(ctx, w.root(), &awsiam.AttachUserPolicyInput{UserName: jane, PolicyArn: aws.String(adminARN)}))
	must(s.AttachRolePolicy(ctx, w.root(), &awsiam.AttachRolePolicyInput{RoleName: aws.String("app"), PolicyArn: w.policy("/", "s3-all")}))
	must(s.PutRolePermissionsBoundary(ctx, w.root(), &awsiam.PutRolePermissionsBoundaryInput{RoleName: aws.String("app"), PermissionsBoundary: aws.String(adminARN)}))
	ask := func(entity string, services ...string) (said []string, err error) {
		in := &awsiam.ListPoliciesGrantingServiceAccessInput{Arn: &entity, ServiceNamespaces: services}
		for {
			out, err := s.ListPoliciesGrantingServiceAccess(ctx, w.root(), in)
			if err != nil {
				return nil, err
			}
			for _, e := range out.PoliciesGrantingServiceAccess {
				line := *e.ServiceNamespace + ":"
				for _, p := range e.Policies {
					line += " " + string(p.PolicyType) + " " + *p.PolicyName
					if p.PolicyArn != nil {
						line += " " + *p.PolicyArn
					}
					if p.EntityName != nil {
						line += " of " + string(p.EntityType) + " " + *p.EntityName
					}
				}
				said = append(said, line)
			}
			if out.IsTruncated != (out.Marker != nil) || len(out.PoliciesGrantingServiceAccess) > 100 {
				t.Fatalf("a page of %d, IsTruncated %v", len(out.PoliciesGrantingServiceAccess), out.IsTruncated)
			}
			if in.Marker = out.Marker; in.Marker == nil {
				return said, nil
			}
		}
	}
	const admin = " MANAGED AdministratorAccess " + adminARN
	for entity, want := range map[string][]string{
		user.ARN():  {"sqs:" + admin + " INLINE theirs of GROUP staff", "s3: INLINE own of USER jane" + admin, "ec2:" + admin},
		group.ARN(): {"sqs: INLINE theirs of GROUP staff" + admin, "s3:" + admin, "ec2:" + admin},
		role.ARN():  {"sqs:", "s3: MANAGED s3-all " + *policyARN("/", "s3-all"), "ec2:"},
	} {
		if got, err := ask(entity, "sqs", "s3", "ec2"); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v\n got %q\nwant %q", entity, err, got, want)
		}
	}
	var many []string
	for i := range 200 {
		many = append(many, fmt.Sprint("service", i))
	}
	got, err := ask(role.ARN(), many...)
	for i := range got {
		got[i] = strings.TrimSuffix(got[i], ":")
	}
	if err != nil || !slices.Equal(got, many) {
		t.Errorf("200 services: %v, %v", got, err)
	}
	_, err = ask(arn.User(acct, "/", "nobody"), "s3")
	w.expect("no user", err, "NoSuchEntity", "The user with name nobody cannot be found.")
	_, err = ask(arn.User(acct, "/elsewhere/", "jane"), "s3")
	w.expect("another path", err, "NoSuchEntity", "The user with name jane cannot be found.")
	for _, invalid := range []string{arn.Root(acct), adminARN, arn.User(otherAcct, "/", "jane"), "nothing-of-the-kind-at-all"} {
		_, err = ask(invalid, "s3")
		w.expect(invalid, err, "InvalidInput", "ARN "+invalid+" is not valid.")
	}
}
