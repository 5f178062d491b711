package ssoadmin

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/store"
)

// attributeTable guards attributes for access control (behaviours.md 6.4).
var attributeTable = call.Table{
	"CreateInstanceAccessControlAttributeConfiguration":   {Action: "sso:CreateInstanceAccessControlAttributeConfiguration", Resource: "instance"},
	"DescribeInstanceAccessControlAttributeConfiguration": {Action: "sso:DescribeInstanceAccessControlAttributeConfiguration", Resource: "instance", ReadOnly: true},
	"UpdateInstanceAccessControlAttributeConfiguration":   {Action: "sso:UpdateInstanceAccessControlAttributeConfiguration", Resource: "instance"},
	"DeleteInstanceAccessControlAttributeConfiguration":   {Action: "sso:DeleteInstanceAccessControlAttributeConfiguration", Resource: "instance"},
}

// CreateInstanceAccessControlAttributeConfiguration enables attributes. Credentials
// have them that are issued from then on.
func (s *Service) CreateInstanceAccessControlAttributeConfiguration(ctx context.Context, c *call.Call, in *ssoadmin.CreateInstanceAccessControlAttributeConfigurationInput) (*ssoadmin.CreateInstanceAccessControlAttributeConfigurationOutput, error) {
	err := s.attributes(ctx, c, in.InstanceArn, func(tx store.Tx, inst access.Instance) error {
		if _, err := tx.Attributes(inst.ID); !fault.Is(err, fault.NotFound) {
			if err == nil {
				err = fault.New(fault.Conflict, "attributes-enabled", "Attributes for access control are enabled already.")
			}
			return err
		}
		return access.SetAttributes(tx, inst, attributesOf(in.InstanceAccessControlAttributeConfiguration))
	})
	return &ssoadmin.CreateInstanceAccessControlAttributeConfigurationOutput{}, err
}

// DescribeInstanceAccessControlAttributeConfiguration returns them, or is not found
// while they are not enabled.
func (s *Service) DescribeInstanceAccessControlAttributeConfiguration(ctx context.Context, c *call.Call, in *ssoadmin.DescribeInstanceAccessControlAttributeConfigurationInput) (*ssoadmin.DescribeInstanceAccessControlAttributeConfigurationOutput, error) {
	var all []access.Attribute
	err := s.view(ctx, func(tx store.Tx) error {
		inst, err := accounts(tx, c, in.InstanceArn)
		if err != nil {
			return err
		}
		all, err = tx.Attributes(inst.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	wire := make([]types.AccessControlAttribute, len(all))
	for i, a := range all {
		wire[i] = types.AccessControlAttribute{Key: aws.String(a.Key), Value: &types.AccessControlAttributeValue{Source: []string{a.Source}}}
	}
	return &ssoadmin.DescribeInstanceAccessControlAttributeConfigurationOutput{
		Status: types.InstanceAccessControlAttributeConfigurationStatusEnabled,
		InstanceAccessControlAttributeConfiguration: &types.InstanceAccessControlAttributeConfiguration{AccessControlAttributes: wire},
	}, nil
}

// UpdateInstanceAccessControlAttributeConfiguration puts others in their place.
func (s *Service) UpdateInstanceAccessControlAttributeConfiguration(ctx context.Context, c *call.Call, in *ssoadmin.UpdateInstanceAccessControlAttributeConfigurationInput) (*ssoadmin.UpdateInstanceAccessControlAttributeConfigurationOutput, error) {
	err := s.attributes(ctx, c, in.InstanceArn, func(tx store.Tx, inst access.Instance) error {
		if _, err := tx.Attributes(inst.ID); err != nil {
			return err
		}
		return access.SetAttributes(tx, inst, attributesOf(in.InstanceAccessControlAttributeConfiguration))
	})
	return &ssoadmin.UpdateInstanceAccessControlAttributeConfigurationOutput{}, err
}

// DeleteInstanceAccessControlAttributeConfiguration disables attributes and forgets them.
func (s *Service) DeleteInstanceAccessControlAttributeConfiguration(ctx context.Context, c *call.Call, in *ssoadmin.DeleteInstanceAccessControlAttributeConfigurationInput) (*ssoadmin.DeleteInstanceAccessControlAttributeConfigurationOutput, error) {
	err := s.attributes(ctx, c, in.InstanceArn, func(tx store.Tx, inst access.Instance) error { return tx.DeleteAttributes(inst.ID) })
	return &ssoadmin.DeleteInstanceAccessControlAttributeConfigurationOutput{}, err
}

func (s *Service) attributes(ctx context.Context, c *call.Call, instance *string, fn func(store.Tx, access.Instance) error) error {
	return s.update(ctx, c, func(tx store.Tx) error {
		inst, err := accounts(tx, c, instance)
		if err != nil {
			return err
		}
		share(c, inst.Owner)
		return fn(tx, inst)
	})
}

func attributesOf(in *types.InstanceAccessControlAttributeConfiguration) []access.Attribute {
	var all []access.Attribute
	for _, a := range in.AccessControlAttributes {
		v := access.Attribute{Key: aws.ToString(a.Key)}
		if a.Value != nil && len(a.Value.Source) > 0 {
			v.Source = a.Value.Source[0]
		}
		all = append(all, v)
	}
	return all
}
