package compat

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/smithy-go"
)

// codeOfError is the code of what a client got, "" for success.
func codeOfError(err error) string {
	if err == nil {
		return ""
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return err.Error()
}

// TestRaceOrganizations: of administrators who do the same or the opposite at once,
// one is first and the others are told so; afterwards an account is in one place, a
// name is given once, and nothing is attached twice (F-07, behaviours.md 9.6).
func TestRaceOrganizations(t *testing.T) {
	t.Parallel()
	s := startOrganization(t)
	c, ctx, text := organizationsClient(s, managementRoot.provider()), t.Context(), aws.String
	root := must[*organizations.ListRootsOutput](t)(c.ListRoots(ctx, &organizations.ListRootsInput{})).Roots[0].Id
	unit := func(name string) *string {
		return must[*organizations.CreateOrganizationalUnitOutput](t)(c.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{ParentId: root, Name: &name})).OrganizationalUnit.Id
	}
	only := func(what string, codes map[string]int, successes int, others ...string) {
		t.Helper()
		rest := 0
		for _, code := range others {
			rest += codes[code]
		}
		if codes[""] != successes || codes[""]+rest != 8 {
			t.Errorf("%s: %v, want %d successes and otherwise %q", what, codes, successes, others)
		}
	}
	only("the same unit", together(8, func(int) error {
		_, err := c.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{ParentId: root, Name: text("Same")})
		return err
	}), 1, "DuplicateOrganizationalUnitException", "ConcurrentModificationException")

	one, two := unit("One"), unit("Two")
	only("moving from the root to two units", together(8, func(i int) error {
		_, err := c.MoveAccount(ctx, &organizations.MoveAccountInput{AccountId: text(production), SourceParentId: root, DestinationParentId: []*string{one, two}[i%2]})
		return err
	}), 1, "SourceParentNotFoundException", "AccountNotFoundException", "DuplicateAccountException", "ConcurrentModificationException")
	parents := must[*organizations.ListParentsOutput](t)(c.ListParents(ctx, &organizations.ListParentsInput{ChildId: text(production)})).Parents
	if len(parents) != 1 {
		t.Fatalf("the account is in %v", parents)
	}
	here, there := one, two
	if *parents[0].Id == *two {
		here, there = two, one
	}
	together(8, func(i int) error { // both ways
		from, to := here, there
		if i%2 == 1 {
			from, to = there, here
		}
		_, err := c.MoveAccount(ctx, &organizations.MoveAccountInput{AccountId: text(production), SourceParentId: from, DestinationParentId: to})
		return err
	})
	in := 0
	for _, u := range []*string{root, one, two} {
		for _, a := range must[*organizations.ListAccountsForParentOutput](t)(c.ListAccountsForParent(ctx, &organizations.ListAccountsForParentInput{ParentId: u})).Accounts {
			if *a.Id == production {
				in++
			}
		}
	}
	if in != 1 {
		t.Errorf("the account is in %d places", in)
	}

	policy := must[*organizations.CreatePolicyOutput](t)(c.CreatePolicy(ctx, &organizations.CreatePolicyInput{
		Type: types.PolicyTypeServiceControlPolicy, Name: text("Stay"), Description: text(""), Content: text(denyLeaving),
	})).Policy.PolicySummary.Id
	only("attaching the same", together(8, func(int) error {
		_, err := c.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: policy, TargetId: text(production)})
		return err
	}), 1, "DuplicatePolicyAttachmentException", "ConcurrentModificationException")
	only("deleting what is attached", together(8, func(int) error {
		_, err := c.DeletePolicy(ctx, &organizations.DeletePolicyInput{PolicyId: policy})
		return err
	}), 0, "PolicyInUseException", "ConcurrentModificationException")
	only("detaching the same", together(8, func(int) error {
		_, err := c.DetachPolicy(ctx, &organizations.DetachPolicyInput{PolicyId: policy, TargetId: text(production)})
		return err
	}), 1, "PolicyNotAttachedException", "ConcurrentModificationException")
	for code := range together(8, func(i int) error { // attaching what is being deleted
		if i%2 == 0 {
			_, err := c.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: policy, TargetId: text(staging)})
			return err
		}
		_, err := c.DeletePolicy(ctx, &organizations.DeletePolicyInput{PolicyId: policy})
		return err
	}) {
		if code != "" && !strings.HasPrefix(code, "Policy") && !strings.HasPrefix(code, "DuplicatePolicy") && code != "ConcurrentModificationException" {
			t.Errorf("attaching what is being deleted ends with %s", code)
		}
	}
	_, err := c.DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: policy})
	on := must[*organizations.ListPoliciesForTargetOutput](t)(c.ListPoliciesForTarget(ctx, &organizations.ListPoliciesForTargetInput{TargetId: text(staging), Filter: types.PolicyTypeServiceControlPolicy})).Policies
	attached := false
	for _, p := range on {
		attached = attached || *p.Id == *policy
	}
	if attached != (err == nil) {
		t.Errorf("attached %v, and the policy: %v", attached, err)
	}
	// An address has one account, however often it is asked for at once.
	requests := make([]string, 8)
	only("accounts of the same address", together(8, func(i int) error {
		out, err := c.CreateAccount(ctx, &organizations.CreateAccountInput{AccountName: text("New"), Email: text("new@example.com")})
		if err == nil {
			requests[i] = *out.CreateAccountStatus.Id
		}
		return err
	}), 8)
	states := map[types.CreateAccountState]int{}
	eventually(t, "every request ends", func() bool {
		clear(states)
		for _, id := range requests {
			states[must[*organizations.DescribeCreateAccountStatusOutput](t)(c.DescribeCreateAccountStatus(ctx, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: &id})).CreateAccountStatus.State]++
		}
		return states[types.CreateAccountStateInProgress] == 0
	})
	if states[types.CreateAccountStateSucceeded] != 1 || states[types.CreateAccountStateFailed] != 7 {
		t.Errorf("accounts of the same address: %v", states)
	}
}
