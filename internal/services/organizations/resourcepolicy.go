package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

var resourcePolicyTable = call.Table{
	"PutResourcePolicy":      {Action: "organizations:PutResourcePolicy", TagAction: "organizations:TagResource", Resource: "resource-policy"},
	"DescribeResourcePolicy": {Action: "organizations:DescribeResourcePolicy", ReadOnly: true, Resource: "resource-policy"},
	"DeleteResourcePolicy":   {Action: "organizations:DeleteResourcePolicy", Resource: "resource-policy"},
}

func wireResourcePolicy(o org.Organization, p org.ResourcePolicy) *types.ResourcePolicy {
	return &types.ResourcePolicy{
		ResourcePolicySummary: &types.ResourcePolicySummary{Id: &p.ID, Arn: aws.String(p.ARN(o.ManagementAccount))}, Content: &p.Document,
	}
}

// noResourcePolicy says in the service's words that there is none.
func noResourcePolicy(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "ResourcePolicyNotFound", "We can't find a resource policy request with the parameter that you specified.").Wrap(err)
	}
	return err
}

// PutResourcePolicy creates or replaces the organization's resource policy.
func (s *Service) PutResourcePolicy(ctx context.Context, c *call.Call, in *awsorg.PutResourcePolicyInput) (*awsorg.PutResourcePolicyOutput, error) {
	var out awsorg.PutResourcePolicyOutput
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		p, err := org.SetResourcePolicy(tx, o, aws.ToString(in.Content), tagsOf(in.Tags))
		out.ResourcePolicy = wireResourcePolicy(o, p)
		return err
	})
	return &out, err
}

// DescribeResourcePolicy tells it.
func (s *Service) DescribeResourcePolicy(ctx context.Context, c *call.Call, _ *awsorg.DescribeResourcePolicyInput) (*awsorg.DescribeResourcePolicyOutput, error) {
	var out awsorg.DescribeResourcePolicyOutput
	err := s.readFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		p, err := tx.OrgResourcePolicy(o.ID)
		out.ResourcePolicy = wireResourcePolicy(o, p)
		return noResourcePolicy(err)
	})
	return &out, err
}

// DeleteResourcePolicy removes it, so that no member is let in any more.
func (s *Service) DeleteResourcePolicy(ctx context.Context, c *call.Call, _ *awsorg.DeleteResourcePolicyInput) (*awsorg.DeleteResourcePolicyOutput, error) {
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error { return noResourcePolicy(tx.DeleteOrgResourcePolicy(o.ID)) })
	return &awsorg.DeleteResourcePolicyOutput{}, err
}
