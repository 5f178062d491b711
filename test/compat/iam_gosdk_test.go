package compat

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"
)

// pager is what all the SDK's paginators are.
type pager[Page any] interface {
	HasMorePages() bool
	NextPage(ctx context.Context, options ...func(*iam.Options)) (Page, error)
}

// pageThrough returns how many elements are on each page.
func pageThrough[Page any](t *testing.T, p pager[Page], count func(Page) int) (counts []int) {
	t.Helper()
	for p.HasMorePages() {
		page := must[Page](t)(p.NextPage(t.Context()))
		counts = append(counts, count(page))
	}
	return counts
}

// TestGoPaginators: the Go SDK's paginators, with pages of two over five
// (api-surface.md section 2).
func TestGoPaginators(t *testing.T) {
	t.Parallel()
	s := startIAM(t)
	c, ctx := iamClient(s, productionRoot.provider()), t.Context()
	makeUsers(t, c, 5)
	must[*iam.CreateGroupOutput](t)(c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: aws.String("g")}))
	must[*iam.CreateRoleOutput](t)(c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(trust(production))}))
	var policies []string
	for i := range 5 {
		name := fmt.Sprint("p", i)
		policy := must[*iam.CreatePolicyOutput](t)(c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: &name, PolicyDocument: aws.String(allow("iam:GetUser"))})).Policy.Arn
		policies = append(policies, *policy)
		must[*iam.AddUserToGroupOutput](t)(c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: aws.String("g"), UserName: aws.String(userName(i))}))
		must[*iam.AttachRolePolicyOutput](t)(c.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String("r"), PolicyArn: policy}))
		must[*iam.PutRolePolicyOutput](t)(c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: aws.String("r"), PolicyName: &name, PolicyDocument: aws.String(allow("iam:GetUser"))}))
		must[*iam.AttachUserPolicyOutput](t)(c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: aws.String(userName(i)), PolicyArn: &policies[0]}))
	}
	two := aws.Int32(2)
	for name, counts := range map[string][]int{
		"ListUsers": pageThrough(t, iam.NewListUsersPaginator(c, &iam.ListUsersInput{MaxItems: two}), func(o *iam.ListUsersOutput) int { return len(o.Users) }),
		"GetGroup": pageThrough(t, iam.NewGetGroupPaginator(c, &iam.GetGroupInput{GroupName: aws.String("g"), MaxItems: two}),
			func(o *iam.GetGroupOutput) int { return len(o.Users) }),
		"ListPolicies": pageThrough(t, iam.NewListPoliciesPaginator(c, &iam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal, MaxItems: two}),
			func(o *iam.ListPoliciesOutput) int { return len(o.Policies) }),
		"ListAttachedRolePolicies": pageThrough(t, iam.NewListAttachedRolePoliciesPaginator(c, &iam.ListAttachedRolePoliciesInput{RoleName: aws.String("r"), MaxItems: two}),
			func(o *iam.ListAttachedRolePoliciesOutput) int { return len(o.AttachedPolicies) }),
		"ListRolePolicies": pageThrough(t, iam.NewListRolePoliciesPaginator(c, &iam.ListRolePoliciesInput{RoleName: aws.String("r"), MaxItems: two}),
			func(o *iam.ListRolePoliciesOutput) int { return len(o.PolicyNames) }),
		"ListEntitiesForPolicy": pageThrough(t, iam.NewListEntitiesForPolicyPaginator(c, &iam.ListEntitiesForPolicyInput{PolicyArn: &policies[0], EntityFilter: types.EntityTypeUser, MaxItems: two}),
			func(o *iam.ListEntitiesForPolicyOutput) int { return len(o.PolicyUsers) }),
		"SimulateCustomPolicy": pageThrough(t, iam.NewSimulateCustomPolicyPaginator(c, &iam.SimulateCustomPolicyInput{
			PolicyInputList: []string{allow("iam:*")}, ActionNames: []string{"iam:GetUser", "iam:GetRole", "iam:GetGroup", "iam:GetPolicy", "iam:ListUsers"}, MaxItems: two,
		}), func(o *iam.SimulateCustomPolicyOutput) int { return len(o.EvaluationResults) }),
	} {
		if fmt.Sprint(counts) != "[2 2 1]" {
			t.Errorf("%s has pages of %v, want [2 2 1]", name, counts)
		}
	}
}

// TestGoWaiters: the Go SDK's waiters end at once when the thing is there, and
// in vain otherwise (api-surface.md section 2).
func TestGoWaiters(t *testing.T) {
	t.Parallel()
	s := startIAM(t)
	c, ctx := iamClient(s, productionRoot.provider()), t.Context()
	name := aws.String("w")
	must[*iam.CreateUserOutput](t)(c.CreateUser(ctx, &iam.CreateUserInput{UserName: name}))
	must[*iam.CreateRoleOutput](t)(c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(trust(production))}))
	must[*iam.CreateInstanceProfileOutput](t)(c.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: name}))
	policy := must[*iam.CreatePolicyOutput](t)(c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: name, PolicyDocument: aws.String(allow("iam:*"))})).Policy.Arn
	for what, wait := range map[string]func(suffix string, longest time.Duration) error{
		"user": func(suffix string, longest time.Duration) error {
			return iam.NewUserExistsWaiter(c, func(o *iam.UserExistsWaiterOptions) { o.MinDelay, o.MaxDelay = time.Millisecond, 10*time.Millisecond }).Wait(ctx, &iam.GetUserInput{UserName: aws.String(*name + suffix)}, longest)
		},
		"role": func(suffix string, longest time.Duration) error {
			return iam.NewRoleExistsWaiter(c, func(o *iam.RoleExistsWaiterOptions) { o.MinDelay, o.MaxDelay = time.Millisecond, 10*time.Millisecond }).Wait(ctx, &iam.GetRoleInput{RoleName: aws.String(*name + suffix)}, longest)
		},
		"instance profile": func(suffix string, longest time.Duration) error {
			return iam.NewInstanceProfileExistsWaiter(c, func(o *iam.InstanceProfileExistsWaiterOptions) {
				o.MinDelay, o.MaxDelay = time.Millisecond, 10*time.Millisecond
			}).Wait(ctx,
				&iam.GetInstanceProfileInput{InstanceProfileName: aws.String(*name + suffix)}, longest)
		},
		"policy": func(suffix string, longest time.Duration) error {
			return iam.NewPolicyExistsWaiter(c, func(o *iam.PolicyExistsWaiterOptions) { o.MinDelay, o.MaxDelay = time.Millisecond, 10*time.Millisecond }).Wait(ctx, &iam.GetPolicyInput{PolicyArn: aws.String(*policy + suffix)}, longest)
		},
	} {
		if err := wait("", 10*time.Second); err != nil {
			t.Errorf("the %s is there: %v", what, err)
		}
		if err := wait("x", 200*time.Millisecond); err == nil { // in the middle of a request or between two, it gives up
			t.Errorf("the %s is not there, and the waiter has seen it", what)
		}
	}
}

// TestGoErrors: what IAM refuses arrives as the Go SDK's own types, with the
// message that AWS has (api-surface.md section 9, behaviours.md section 5).
func TestGoErrors(t *testing.T) {
	t.Parallel()
	s := startIAM(t)
	c, ctx := iamClient(s, productionRoot.provider()), t.Context()
	name := aws.String("thing")
	must[*iam.CreateUserOutput](t)(c.CreateUser(ctx, &iam.CreateUserInput{UserName: name}))
	for range 2 {
		must[*iam.CreateAccessKeyOutput](t)(c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: name}))
	}
	linked := must[*iam.CreateServiceLinkedRoleOutput](t)(c.CreateServiceLinkedRole(ctx, &iam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("autoscaling.amazonaws.com")})).Role
	for _, test := range []struct {
		what  string
		call  func() error
		typed func(error) bool
		text  string
	}{
		{"a user that is not there", func() error {
			_, err := c.GetUser(ctx, &iam.GetUserInput{UserName: aws.String("nobody")})
			return err
		}, is[*types.NoSuchEntityException], "The user with name nobody cannot be found."},
		{"a name that is taken", func() error {
			_, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: name})
			return err
		}, is[*types.EntityAlreadyExistsException], "User with name thing already exists."},
		{"a user with keys", func() error {
			_, err := c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: name})
			return err
		}, is[*types.DeleteConflictException], "Cannot delete entity, must delete access keys first."},
		{"a third key", func() error {
			_, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: name})
			return err
		}, is[*types.LimitExceededException], "Cannot exceed quota for AccessKeysPerUser: 2"},
		{"no policy", func() error {
			_, err := c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: name, PolicyName: name, PolicyDocument: aws.String("{}")})
			return err
		}, is[*types.MalformedPolicyDocumentException], ""},
		{"a policy that is no JSON", func() error {
			_, err := c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: name, PolicyName: name, PolicyDocument: aws.String("{")})
			return err
		}, is[*types.MalformedPolicyDocumentException], ""},
		{"a trust in nobody", func() error {
			_, err := c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(trust("arn:aws:iam::" + production + ":user/nobody"))})
			return err
		}, is[*types.MalformedPolicyDocumentException], "Invalid principal in policy: \"AWS\":\"arn:aws:iam::" + production + ":user/nobody\""},
		{"a service's role", func() error {
			_, err := c.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: linked.RoleName})
			return err
		}, is[*types.UnmodifiableEntityException], "Cannot perform the operation on the protected role 'AWSServiceRoleForAutoScaling' - this role is only modifiable by AWS"},
		{"a weak password", func() error {
			_, err := c.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: name, Password: aws.String("short")})
			return err
		}, is[*types.PasswordPolicyViolationException], ""},
		{"no certificate", func() error {
			_, err := c.UploadSigningCertificate(ctx, &iam.UploadSigningCertificateInput{UserName: name, CertificateBody: aws.String("none")})
			return err
		}, is[*types.MalformedCertificateException], ""},
		{"a report before it was made", func() error {
			_, err := c.GetCredentialReport(ctx, &iam.GetCredentialReportInput{})
			return err
		}, is[*types.CredentialReportNotPresentException], ""},
		{"a service that is not AWS's", func() error {
			_, err := c.CreateServiceLinkedRole(ctx, &iam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("nothing.example.com")})
			return err
		}, is[*types.InvalidInputException], ""},
	} {
		err := test.call()
		api, ok := errors.AsType[smithy.APIError](err)
		if !ok || !test.typed(err) || test.text != "" && api.ErrorMessage() != test.text {
			t.Errorf("%s: %v (%T), want %q", test.what, err, errors.Unwrap(errors.Unwrap(err)), test.text)
		}
	}
}
