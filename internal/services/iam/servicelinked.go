package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// CreateServiceLinkedRole makes the role that a service links to itself.
func (s *Service) CreateServiceLinkedRole(ctx context.Context, c *call.Call, in *awsiam.CreateServiceLinkedRoleInput) (*awsiam.CreateServiceLinkedRoleOutput, error) {
	out := &awsiam.CreateServiceLinkedRoleOutput{}
	return out, s.update(ctx, c, func(tx store.Tx) error {
		r, err := iam.CreateServiceLinkedRole(tx, c.Now, c.Principal.Account, aws.ToString(in.AWSServiceName), aws.ToString(in.Description),
			aws.ToString(in.CustomSuffix))
		if err != nil {
			return err
		}
		c.Event.Set("roleId", r.ID)
		out.Role, err = wireRole(tx, r)
		return err
	})
}

// DeleteServiceLinkedRole deletes a service-linked role, or finds what it is in
// use for. Either way it answers with a task, which tells which.
func (s *Service) DeleteServiceLinkedRole(ctx context.Context, c *call.Call, in *awsiam.DeleteServiceLinkedRoleInput) (*awsiam.DeleteServiceLinkedRoleOutput, error) {
	out := &awsiam.DeleteServiceLinkedRoleOutput{}
	return out, s.update(ctx, c, func(tx store.Tx) error {
		task, err := iam.DeleteServiceLinkedRole(tx, c.Now, c.Principal.Account, aws.ToString(in.RoleName))
		c.Event.Set("deletionTaskId", task.ID)
		c.Event.Set("deletionStatus", string(task.Status))
		out.DeletionTaskId = aws.String(task.ID)
		return err
	})
}

// GetServiceLinkedRoleDeletionStatus tells how a deletion went.
func (s *Service) GetServiceLinkedRoleDeletionStatus(ctx context.Context, c *call.Call, in *awsiam.GetServiceLinkedRoleDeletionStatusInput) (*awsiam.GetServiceLinkedRoleDeletionStatusOutput, error) {
	out := &awsiam.GetServiceLinkedRoleDeletionStatusOutput{}
	return out, s.view(ctx, func(tx store.Tx) error {
		task, err := iam.FindDeletionTask(tx, c.Principal.Account, aws.ToString(in.DeletionTaskId))
		if err != nil {
			return err
		}
		out.Status = types.DeletionTaskStatusType(task.Status)
		if task.Status != iam.DeletionFailed {
			return nil
		}
		out.Reason = &types.DeletionTaskFailureReasonType{Reason: aws.String(task.Reason)}
		for _, u := range task.Usage {
			out.Reason.RoleUsageList = append(out.Reason.RoleUsageList, types.RoleUsageType{Region: aws.String(u.Region), Resources: u.Resources})
		}
		return nil
	})
}
