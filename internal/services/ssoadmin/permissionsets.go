package ssoadmin

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
	"github.com/sosodev/duration"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/store"
)

// permissionSetTable guards permission sets (G-33).
var permissionSetTable = call.Table{
	"CreatePermissionSet":   {Action: "sso:CreatePermissionSet", Resource: "instance", TagAction: "sso:TagResource"},
	"DescribePermissionSet": {Action: "sso:DescribePermissionSet", Resource: "permission-set", ReadOnly: true},
	"UpdatePermissionSet":   {Action: "sso:UpdatePermissionSet", Resource: "permission-set"},
	"DeletePermissionSet":   {Action: "sso:DeletePermissionSet", Resource: "permission-set"},
	"ListPermissionSets":    {Action: "sso:ListPermissionSets", Resource: "instance", ReadOnly: true},
}

// viewSet reads about a permission set that the caller administers.
func (s *Service) viewSet(ctx context.Context, c *call.Call, instance, set *string, fn func(store.Tx, access.PermissionSet) error) error {
	if err := s.alsoInstance(ctx, c, instance); err != nil {
		return err
	}
	return s.view(ctx, func(tx store.Tx) error {
		_, p, err := find(tx, c, instance, set)
		if err != nil {
			return err
		}
		return fn(tx, p)
	})
}

// updateSet changes a permission set that the caller administers. Accounts are not
// told before it is provisioned (behaviours.md 6.4).
func (s *Service) updateSet(ctx context.Context, c *call.Call, instance, set *string, fn func(store.Tx, access.Instance, access.PermissionSet) error) error {
	if err := s.alsoInstance(ctx, c, instance); err != nil {
		return err
	}
	return s.update(ctx, c, func(tx store.Tx) error {
		inst, p, err := change(tx, c, instance, set)
		if err != nil {
			return err
		}
		share(c, inst.Owner)
		return fn(tx, inst, p)
	})
}

// CreatePermissionSet makes a set that is assigned nowhere (G-33 to G-39).
func (s *Service) CreatePermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.CreatePermissionSetInput) (*ssoadmin.CreatePermissionSetOutput, error) {
	n := access.NewPermissionSet{
		Name: aws.ToString(in.Name), Description: aws.ToString(in.Description), RelayState: aws.ToString(in.RelayState), Tags: tagsOf(in.Tags),
	}
	made := call.Target{ARN: access.PermissionSet{Instance: idOf(in.InstanceArn), ID: "ps-*"}.ARN()}
	if err := s.allowAlso(ctx, c, n.Tags, made); err != nil {
		return nil, err
	}
	var out ssoadmin.CreatePermissionSetOutput
	err := s.update(ctx, c, func(tx store.Tx) (err error) {
		if n.SessionDuration, err = sessionDuration(in.SessionDuration); err != nil {
			return err
		}
		inst, err := accounts(tx, c, in.InstanceArn)
		if err != nil {
			return err
		}
		share(c, inst.Owner)
		p, err := access.CreatePermissionSet(tx, inst, n, c.Now)
		out.PermissionSet = wireSet(p)
		c.Event.Set("permissionSetArn", p.ARN())
		return err
	})
	return &out, err
}

// DescribePermissionSet tells what a set is, beside its policies.
func (s *Service) DescribePermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.DescribePermissionSetInput) (*ssoadmin.DescribePermissionSetOutput, error) {
	var out ssoadmin.DescribePermissionSetOutput
	err := s.viewSet(ctx, c, in.InstanceArn, in.PermissionSetArn, func(_ store.Tx, p access.PermissionSet) error {
		out.PermissionSet = wireSet(p)
		return nil
	})
	return &out, err
}

// UpdatePermissionSet changes what is given. A relay state that is not given is
// taken away, which is how AWS has it and its clients know.
func (s *Service) UpdatePermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.UpdatePermissionSetInput) (*ssoadmin.UpdatePermissionSetOutput, error) {
	err := s.updateSet(ctx, c, in.InstanceArn, in.PermissionSetArn, func(tx store.Tx, _ access.Instance, p access.PermissionSet) error {
		if in.Description != nil {
			p.Description = *in.Description
		}
		if in.SessionDuration != nil {
			d, err := sessionDuration(in.SessionDuration)
			if err != nil {
				return err
			}
			p.SessionDuration = d
		}
		p.RelayState = aws.ToString(in.RelayState)
		if err := p.Validate(); err != nil {
			return err
		}
		return tx.PutPermissionSet(p)
	})
	return &ssoadmin.UpdatePermissionSetOutput{}, err
}

// DeletePermissionSet deletes a set that is assigned nowhere.
func (s *Service) DeletePermissionSet(ctx context.Context, c *call.Call, in *ssoadmin.DeletePermissionSetInput) (*ssoadmin.DeletePermissionSetOutput, error) {
	err := s.updateSet(ctx, c, in.InstanceArn, in.PermissionSetArn, func(tx store.Tx, _ access.Instance, p access.PermissionSet) error {
		err := access.RemovePermissionSet(tx, p.ID)
		if fault.Is(err, fault.Conflict) {
			err = fault.New(fault.Conflict, "permission-set-in-use", "PermissionSet %s has account assignments. Delete them first.", p.ID)
		}
		return err
	})
	return &ssoadmin.DeletePermissionSetOutput{}, err
}

// ListPermissionSets lists the ARNs of an instance's sets, in order of their names.
func (s *Service) ListPermissionSets(ctx context.Context, c *call.Call, in *ssoadmin.ListPermissionSetsInput) (*ssoadmin.ListPermissionSetsOutput, error) {
	var out ssoadmin.ListPermissionSetsOutput
	err := s.view(ctx, func(tx store.Tx) error {
		want, err := listed(in.NextToken, in.MaxResults)
		if err != nil {
			return err
		}
		inst, err := accounts(tx, c, in.InstanceArn)
		if err != nil {
			return err
		}
		got, err := tx.PermissionSets(inst.ID, want)
		out.PermissionSets, out.NextToken = make([]string, len(got.Items)), nextToken(got.Next)
		for i, p := range got.Items {
			out.PermissionSets[i] = p.ARN()
		}
		return err
	})
	return &out, err
}

func wireSet(p access.PermissionSet) *types.PermissionSet {
	return &types.PermissionSet{
		PermissionSetArn: aws.String(p.ARN()), Name: aws.String(p.Name), Description: some(p.Description), RelayState: some(p.RelayState),
		SessionDuration: aws.String(duration.Format(p.SessionDuration)), CreatedDate: aws.Time(p.CreatedAt),
	}
}

// sessionDuration reads a length such as PT8H; nil is 0. That it is between 1 and 12
// hours is for the set to check.
func sessionDuration(text *string) (time.Duration, error) {
	if text == nil {
		return 0, nil
	}
	errDuration := fault.New(fault.Invalid, "session-duration", "SessionDuration must be an ISO 8601 duration between PT1H and PT12H.")
	d, err := duration.Parse(*text)
	if err != nil || d.Negative || d.Years != 0 || d.Months != 0 || d.Weeks != 0 {
		return 0, errDuration
	}
	// What does not fit into a time.Duration comes out of it as anything at all.
	if hours := d.Days*24 + d.Hours + d.Minutes/60 + d.Seconds/60/60; !(hours >= 1 && hours <= 12) {
		return 0, errDuration
	}
	return d.ToTimeDuration(), nil
}
