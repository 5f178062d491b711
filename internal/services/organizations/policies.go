package organizations

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/call"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

var policyTable = call.Table{
	"CreatePolicy":          {Action: "organizations:CreatePolicy", TagAction: "organizations:TagResource"},
	"DescribePolicy":        {Action: "organizations:DescribePolicy", ReadOnly: true, Resource: "policy"},
	"UpdatePolicy":          {Action: "organizations:UpdatePolicy", Resource: "policy"},
	"DeletePolicy":          {Action: "organizations:DeletePolicy", Resource: "policy"},
	"ListPolicies":          {Action: "organizations:ListPolicies", ReadOnly: true},
	"AttachPolicy":          {Action: "organizations:AttachPolicy", Resource: "policy"},
	"DetachPolicy":          {Action: "organizations:DetachPolicy", Resource: "policy"},
	"ListPoliciesForTarget": {Action: "organizations:ListPoliciesForTarget", ReadOnly: true, Resource: "target"},
	"ListTargetsForPolicy":  {Action: "organizations:ListTargetsForPolicy", ReadOnly: true, Resource: "policy"},
}

// pageSize is the most that one answer of a list has, and what it has if nothing
// is asked for (behaviours.md 1.6).
const pageSize = 20

// readFor reads for a caller who may ask for the call's operation.
func (s *Service) readFor(ctx context.Context, c *call.Call, fn func(store.Tx, org.Organization) error) error {
	return s.view(ctx, func(tx store.Tx) error { return allowed(tx, c, fn) })
}

// changeFor changes something for such a caller.
func (s *Service) changeFor(ctx context.Context, c *call.Call, fn func(store.Tx, org.Organization) error) error {
	return s.update(ctx, c, func(tx store.Tx) error { return allowed(tx, c, fn) })
}

func allowed(tx store.Tx, c *call.Call, fn func(store.Tx, org.Organization) error) error {
	o, err := org.Caller(tx, c.Principal.Account, Table[c.Operation].Action)
	if err != nil {
		return err
	}
	return fn(tx, o)
}

// list reads a page for such a caller; it returns the token of the next one.
func list[T any](ctx context.Context, s *Service, c *call.Call, token *string, most *int32,
	fn func(store.Tx, org.Organization, page.Request) (page.Page[T], error)) (items []T, next *string, err error) {
	p, err := page.Parse(aws.ToString(token), int(aws.ToInt32(most)), pageSize)
	if err != nil {
		return nil, nil, wireError(err)
	}
	err = s.readFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		got, err := fn(tx, o, p)
		items = got.Items
		if got.Next != "" {
			next = aws.String(page.Token(got.Next))
		}
		return err
	})
	return items, next, err
}

func wireSummary(o org.Organization, p org.Policy) *types.PolicySummary {
	return &types.PolicySummary{
		Id: &p.ID, Arn: aws.String(p.ARN(o.ManagementAccount)), Name: &p.Name, Description: &p.Description,
		Type: types.PolicyType(p.Type), AwsManaged: p.AWSManaged(),
	}
}

func wirePolicy(o org.Organization, p org.Policy) *types.Policy {
	return &types.Policy{PolicySummary: wireSummary(o, p), Content: &p.Document}
}

func wireSummaries(o org.Organization, policies []org.Policy) []types.PolicySummary {
	all := make([]types.PolicySummary, len(policies))
	for i, p := range policies {
		all[i] = *wireSummary(o, p)
	}
	return all
}

// CreatePolicy makes a policy that is attached to nothing yet.
func (s *Service) CreatePolicy(ctx context.Context, c *call.Call, in *awsorg.CreatePolicyInput) (*awsorg.CreatePolicyOutput, error) {
	var out awsorg.CreatePolicyOutput
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		p := org.Policy{
			Type: org.PolicyType(in.Type), Name: aws.ToString(in.Name), Description: aws.ToString(in.Description), Document: aws.ToString(in.Content),
		}
		p, err := org.NewPolicy(tx, o, p, tagsOf(in.Tags), c.Now)
		out.Policy = wirePolicy(o, p)
		c.Event.Set("policyId", p.ID)
		return err
	})
	return &out, err
}

// DescribePolicy tells a policy with its document.
func (s *Service) DescribePolicy(ctx context.Context, c *call.Call, in *awsorg.DescribePolicyInput) (*awsorg.DescribePolicyOutput, error) {
	var out awsorg.DescribePolicyOutput
	err := s.readFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		p, err := org.Find(tx, o.ID, aws.ToString(in.PolicyId))
		out.Policy = wirePolicy(o, p)
		return err
	})
	return &out, err
}

// UpdatePolicy changes a policy's name, description or document.
func (s *Service) UpdatePolicy(ctx context.Context, c *call.Call, in *awsorg.UpdatePolicyInput) (*awsorg.UpdatePolicyOutput, error) {
	var out awsorg.UpdatePolicyOutput
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		change := org.PolicyChange{Name: in.Name, Description: in.Description, Document: in.Content}
		p, err := org.UpdatePolicy(tx, o, aws.ToString(in.PolicyId), change, c.Now)
		out.Policy = wirePolicy(o, p)
		return err
	})
	return &out, err
}

// DeletePolicy removes a policy that is attached to nothing.
func (s *Service) DeletePolicy(ctx context.Context, c *call.Call, in *awsorg.DeletePolicyInput) (*awsorg.DeletePolicyOutput, error) {
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error { return org.DeletePolicy(tx, o, aws.ToString(in.PolicyId)) })
	return &awsorg.DeletePolicyOutput{}, err
}

// ListPolicies lists the policies of a type, AWS's own first.
func (s *Service) ListPolicies(ctx context.Context, c *call.Call, in *awsorg.ListPoliciesInput) (*awsorg.ListPoliciesOutput, error) {
	var out awsorg.ListPoliciesOutput
	var organization org.Organization
	policies, next, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[org.Policy], error) {
		organization = o
		return org.Policies(tx, o, org.PolicyType(in.Filter), p)
	})
	out.Policies, out.NextToken = wireSummaries(organization, policies), next
	return &out, err
}

// AttachPolicy makes a policy come down on a root, unit or account. Who calls needs
// the permission for both.
func (s *Service) AttachPolicy(ctx context.Context, c *call.Call, in *awsorg.AttachPolicyInput) (*awsorg.AttachPolicyOutput, error) {
	if err := s.toTarget(ctx, c, aws.ToString(in.PolicyId), aws.ToString(in.TargetId)); err != nil {
		return nil, err
	}
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		return org.Attach(tx, o, aws.ToString(in.PolicyId), aws.ToString(in.TargetId))
	})
	return &awsorg.AttachPolicyOutput{}, err
}

// DetachPolicy takes a policy off a root, unit or account. Who calls needs the
// permission for both.
func (s *Service) DetachPolicy(ctx context.Context, c *call.Call, in *awsorg.DetachPolicyInput) (*awsorg.DetachPolicyOutput, error) {
	if err := s.toTarget(ctx, c, aws.ToString(in.PolicyId), aws.ToString(in.TargetId)); err != nil {
		return nil, err
	}
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		return org.Detach(tx, o, aws.ToString(in.PolicyId), aws.ToString(in.TargetId))
	})
	return &awsorg.DetachPolicyOutput{}, err
}

// ListPoliciesForTarget lists the policies of a type that are attached to the target
// itself. There are so few that they come at once.
func (s *Service) ListPoliciesForTarget(ctx context.Context, c *call.Call, in *awsorg.ListPoliciesForTargetInput) (*awsorg.ListPoliciesForTargetOutput, error) {
	var out awsorg.ListPoliciesForTargetOutput
	var organization org.Organization
	policies, next, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[org.Policy], error) {
		organization = o
		policies, err := org.PoliciesFor(tx, o, aws.ToString(in.TargetId), org.PolicyType(in.Filter))
		// A target has a few, so they are put in order here.
		policies = slices.DeleteFunc(policies, func(one org.Policy) bool { return one.ID <= p.After })
		slices.SortFunc(policies, func(a, b org.Policy) int { return strings.Compare(a.ID, b.ID) })
		return page.Cut(policies, p.Limit, func(one org.Policy) string { return one.ID }), err
	})
	out.Policies, out.NextToken = wireSummaries(organization, policies), next
	return &out, err
}

// ListTargetsForPolicy lists the roots, units and accounts that a policy is attached to.
func (s *Service) ListTargetsForPolicy(ctx context.Context, c *call.Call, in *awsorg.ListTargetsForPolicyInput) (*awsorg.ListTargetsForPolicyOutput, error) {
	var organization org.Organization
	targets, next, err := list(ctx, s, c, in.NextToken, in.MaxResults, func(tx store.Tx, o org.Organization, p page.Request) (page.Page[org.Target], error) {
		organization = o
		return org.Targets(tx, o, aws.ToString(in.PolicyId), p)
	})
	out := &awsorg.ListTargetsForPolicyOutput{Targets: make([]types.PolicyTargetSummary, len(targets)), NextToken: next}
	for i, t := range targets {
		out.Targets[i] = types.PolicyTargetSummary{
			TargetId: aws.String(t.ID), Arn: aws.String(t.ARN(organization)), Name: aws.String(t.Name), Type: types.TargetType(t.Kind),
		}
	}
	return out, err
}
