package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

var groupTable = call.Table{
	"CreateGroup":         {Action: "iam:CreateGroup", Resource: "new-group"},
	"GetGroup":            {Action: "iam:GetGroup", Resource: "group", ReadOnly: true},
	"ListGroups":          {Action: "iam:ListGroups", Resource: "group/", ReadOnly: true},
	"UpdateGroup":         {Action: "iam:UpdateGroup", Resource: "group"},
	"DeleteGroup":         {Action: "iam:DeleteGroup", Resource: "group"},
	"AddUserToGroup":      {Action: "iam:AddUserToGroup", Resource: "group"},
	"RemoveUserFromGroup": {Action: "iam:RemoveUserFromGroup", Resource: "group"},
	"ListGroupsForUser":   {Action: "iam:ListGroupsForUser", Resource: "user", ReadOnly: true},
}

func wireGroup(g iam.Group) types.Group {
	return types.Group{
		Path: aws.String(g.Path), GroupName: aws.String(g.Name), GroupId: aws.String(g.ID), Arn: aws.String(g.ARN()), CreateDate: at(g.CreatedAt),
	}
}

// changeGroup changes the group that an operation names.
func (s *Service) changeGroup(ctx context.Context, c *call.Call, name *string, change func(store.Tx, iam.Group) error) error {
	return s.update(ctx, c, func(tx store.Tx) error {
		g, err := iam.FindGroup(tx, c.Principal.Account, aws.ToString(name))
		if err != nil {
			return err
		}
		return change(tx, g)
	})
}

// CreateGroup makes a group in the caller's account.
func (s *Service) CreateGroup(ctx context.Context, c *call.Call, in *awsiam.CreateGroupInput) (*awsiam.CreateGroupOutput, error) {
	var g iam.Group
	err := s.update(ctx, c, func(tx store.Tx) (err error) {
		g, err = iam.CreateGroup(tx, c.Now, iam.Group{Account: c.Principal.Account, Path: pathOr(in.Path), Name: aws.ToString(in.GroupName)})
		c.Event.Set("groupId", g.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := wireGroup(g)
	return &awsiam.CreateGroupOutput{Group: &out}, nil
}

// GetGroup tells of a group and pages through its members.
func (s *Service) GetGroup(ctx context.Context, c *call.Call, in *awsiam.GetGroupInput) (*awsiam.GetGroupOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &awsiam.GetGroupOutput{}
	err = s.view(ctx, func(tx store.Tx) error {
		g, err := iam.FindGroup(tx, c.Principal.Account, aws.ToString(in.GroupName))
		if err != nil {
			return err
		}
		users, err := tx.IAMMembers(g.ID, p)
		if err != nil {
			return err
		}
		group := wireGroup(g)
		out.Group, out.IsTruncated, out.Marker = &group, users.Next != "", next(users.Next)
		out.Users, err = wireUsers(tx, users.Items)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ListGroups pages through the groups under a path.
func (s *Service) ListGroups(ctx context.Context, c *call.Call, in *awsiam.ListGroupsInput) (*awsiam.ListGroupsOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	var groups page.Page[iam.Group]
	err = s.view(ctx, func(tx store.Tx) (err error) {
		groups, err = tx.IAMGroups(c.Principal.Account, aws.ToString(in.PathPrefix), p)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.ListGroupsOutput{Groups: wireAll(groups.Items, wireGroup), IsTruncated: groups.Next != "", Marker: next(groups.Next)}, nil
}

// UpdateGroup renames a group or gives it another path. Who does that must be
// allowed to update what the group is and what it becomes.
func (s *Service) UpdateGroup(ctx context.Context, c *call.Call, in *awsiam.UpdateGroupInput) (*awsiam.UpdateGroupOutput, error) {
	var becomes iam.Group
	err := s.view(ctx, func(tx store.Tx) (err error) {
		becomes, err = iam.FindGroup(tx, c.Principal.Account, aws.ToString(in.GroupName))
		return err
	})
	if err != nil {
		return nil, err
	}
	becomes.Path, becomes.Name = replaced(becomes.Path, in.NewPath), replaced(becomes.Name, in.NewGroupName)
	if err := s.Authz.Allow(ctx, c, "iam:UpdateGroup", call.Target{ARN: becomes.ARN()}); err != nil {
		return nil, err
	}
	err = s.changeGroup(ctx, c, in.GroupName, func(tx store.Tx, g iam.Group) error {
		c.Event.Set("groupId", g.ID)
		g, err := iam.RenameGroup(tx, g, in.NewPath, in.NewGroupName)
		c.Event.Set("newArn", g.ARN())
		return err
	})
	return &awsiam.UpdateGroupOutput{}, err
}

// DeleteGroup removes a group without members and policies.
func (s *Service) DeleteGroup(ctx context.Context, c *call.Call, in *awsiam.DeleteGroupInput) (*awsiam.DeleteGroupOutput, error) {
	err := s.changeGroup(ctx, c, in.GroupName, func(tx store.Tx, g iam.Group) error {
		c.Event.Set("groupId", g.ID)
		return iam.DeleteGroup(tx, g)
	})
	return &awsiam.DeleteGroupOutput{}, err
}

// AddUserToGroup puts a user into a group. One that is in it stays.
func (s *Service) AddUserToGroup(ctx context.Context, c *call.Call, in *awsiam.AddUserToGroupInput) (*awsiam.AddUserToGroupOutput, error) {
	err := s.changeUser(ctx, c, in.UserName, func(tx store.Tx, u iam.User) error {
		g, err := iam.FindGroup(tx, c.Principal.Account, aws.ToString(in.GroupName))
		if err != nil {
			return err
		}
		c.Event.Set("userId", u.ID)
		return iam.AddToGroup(tx, c.Now, g, u)
	})
	return &awsiam.AddUserToGroupOutput{}, err
}

// RemoveUserFromGroup takes a user out of a group. Whoever is not in it is out.
func (s *Service) RemoveUserFromGroup(ctx context.Context, c *call.Call, in *awsiam.RemoveUserFromGroupInput) (*awsiam.RemoveUserFromGroupOutput, error) {
	err := s.changeUser(ctx, c, in.UserName, func(tx store.Tx, u iam.User) error {
		g, err := iam.FindGroup(tx, c.Principal.Account, aws.ToString(in.GroupName))
		if err != nil {
			return err
		}
		c.Event.Set("userId", u.ID)
		return iam.RemoveFromGroup(tx, g, u)
	})
	return &awsiam.RemoveUserFromGroupOutput{}, err
}

// ListGroupsForUser lists the groups that a user is in.
func (s *Service) ListGroupsForUser(ctx context.Context, c *call.Call, in *awsiam.ListGroupsForUserInput) (*awsiam.ListGroupsForUserOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	var groups []iam.Group
	err = s.view(ctx, func(tx store.Tx) error {
		u, err := iam.FindUser(tx, c.Principal.Account, aws.ToString(in.UserName))
		if err == nil {
			groups, err = tx.IAMGroupsOf(u.ID)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	some := pageOf(groups, p, func(g iam.Group) string { return strings.ToLower(g.Name) })
	return &awsiam.ListGroupsForUserOutput{Groups: wireAll(some.Items, wireGroup), IsTruncated: some.Next != "", Marker: next(some.Next)}, nil
}
