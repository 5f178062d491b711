package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/call"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

var policyTypeTable = call.Table{
	"EnablePolicyType":  {Action: "organizations:EnablePolicyType", Resource: "root"},
	"DisablePolicyType": {Action: "organizations:DisablePolicyType", Resource: "root"},
}

// wireRoot is the organization's root with the policy types that are enabled.
func wireRoot(o org.Organization) *types.Root {
	root := &types.Root{
		Id: aws.String(o.Root), Arn: aws.String(org.Target{ID: o.Root, Kind: org.RootTarget}.ARN(o)), Name: aws.String("Root"), PolicyTypes: []types.PolicyTypeSummary{},
	}
	for _, t := range o.PolicyTypes {
		root.PolicyTypes = append(root.PolicyTypes, types.PolicyTypeSummary{Type: types.PolicyType(t), Status: types.PolicyTypeStatusEnabled})
	}
	return root
}

// EnablePolicyType makes policies of a type count. AWS does it in the background;
// here it is done when the call returns.
func (s *Service) EnablePolicyType(ctx context.Context, c *call.Call, in *awsorg.EnablePolicyTypeInput) (*awsorg.EnablePolicyTypeOutput, error) {
	var out awsorg.EnablePolicyTypeOutput
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		o, err := org.EnablePolicyType(tx, o, aws.ToString(in.RootId), org.PolicyType(in.PolicyType))
		out.Root = wireRoot(o)
		return err
	})
	return &out, err
}

// DisablePolicyType makes policies of a type count no more and detaches them.
func (s *Service) DisablePolicyType(ctx context.Context, c *call.Call, in *awsorg.DisablePolicyTypeInput) (*awsorg.DisablePolicyTypeOutput, error) {
	var out awsorg.DisablePolicyTypeOutput
	err := s.changeFor(ctx, c, func(tx store.Tx, o org.Organization) error {
		o, err := org.DisablePolicyType(tx, o, aws.ToString(in.RootId), org.PolicyType(in.PolicyType))
		out.Root = wireRoot(o)
		return err
	})
	return &out, err
}
