package identitystore

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// groupIn is the group of that id in the instance's directory, or NotFound.
func groupIn(tx store.Tx, inst access.Instance, id string) (directory.Group, error) {
	g, err := tx.Group(id)
	if err == nil && g.Directory != inst.DirectoryID {
		err = fault.New(fault.NotFound, "no-group", "The group is in another directory.")
	}
	return g, err
}

// CreateGroup adds an empty group.
func (s *Service) CreateGroup(ctx context.Context, c *call.Call, in *identitystore.CreateGroupInput) (*identitystore.CreateGroupOutput, error) {
	var made directory.Group
	err := s.update(ctx, c, in, func(tx store.Tx, inst access.Instance) (err error) {
		g := directory.Group{Directory: inst.DirectoryID, DisplayName: aws.ToString(in.DisplayName), Description: aws.ToString(in.Description)}
		made, err = directory.CreateGroup(tx, g, c.Principal.ARN, c.Now)
		c.Event.Set("groupId", made.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &identitystore.CreateGroupOutput{IdentityStoreId: in.IdentityStoreId, GroupId: aws.String(made.ID)}, nil
}

// DescribeGroup tells what is known of a group.
func (s *Service) DescribeGroup(ctx context.Context, c *call.Call, in *identitystore.DescribeGroupInput) (*identitystore.DescribeGroupOutput, error) {
	var out identitystore.DescribeGroupOutput
	err := s.view(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		found, err := groupIn(tx, inst, aws.ToString(in.GroupId))
		g := wireGroup(found)
		out = identitystore.DescribeGroupOutput{
			IdentityStoreId: g.IdentityStoreId, GroupId: g.GroupId, DisplayName: g.DisplayName, Description: g.Description, ExternalIds: g.ExternalIds,
			CreatedAt: g.CreatedAt, CreatedBy: g.CreatedBy, UpdatedAt: g.UpdatedAt, UpdatedBy: g.UpdatedBy,
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// UpdateGroup sets attributes and takes them away.
func (s *Service) UpdateGroup(ctx context.Context, c *call.Call, in *identitystore.UpdateGroupInput) (*identitystore.UpdateGroupOutput, error) {
	operations, err := operationsOf(in.Operations)
	if err != nil {
		return nil, wireError(err)
	}
	err = s.update(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		g, err := groupIn(tx, inst, aws.ToString(in.GroupId))
		if err != nil {
			return err
		}
		_, err = directory.UpdateGroup(tx, g, operations, c.Principal.ARN, c.Now)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &identitystore.UpdateGroupOutput{}, nil
}

// DeleteGroup removes a group with its memberships and assignments, as DeleteUser does.
func (s *Service) DeleteGroup(ctx context.Context, c *call.Call, in *identitystore.DeleteGroupInput) (*identitystore.DeleteGroupOutput, error) {
	err := s.update(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		g, err := groupIn(tx, inst, aws.ToString(in.GroupId))
		if err != nil {
			return err
		}
		return tx.DeleteGroup(g.ID)
	})
	if err != nil {
		return nil, err
	}
	return &identitystore.DeleteGroupOutput{}, nil
}

// ListGroups pages through the groups in order of name, or finds the one that a
// filter names.
func (s *Service) ListGroups(ctx context.Context, c *call.Call, in *identitystore.ListGroupsInput) (*identitystore.ListGroupsOutput, error) {
	out := identitystore.ListGroupsOutput{Groups: []types.Group{}}
	err := s.view(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		p, err := wanted(in.NextToken, in.MaxResults)
		if err != nil {
			return err
		}
		var got page.Page[directory.Group]
		if f := filterOf(in.Filters); f != nil { //nolint:staticcheck // deprecated, and still asked for
			got.Items, err = filtered(findGroup(tx, inst.DirectoryID, f))
		} else {
			got, err = tx.Groups(inst.DirectoryID, p)
		}
		for _, g := range got.Items {
			out.Groups = append(out.Groups, wireGroup(g))
		}
		out.NextToken = next(got.Next)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

func findGroup(tx store.Tx, in string, f *types.Filter) (directory.Group, error) {
	switch path, value := aws.ToString(f.AttributePath), aws.ToString(f.AttributeValue); {
	case strings.EqualFold(path, "DisplayName"):
		return tx.GroupByName(in, value)
	case strings.EqualFold(path, externalIDPath):
		return tx.GroupByExternalID(in, directory.ExternalID{ID: value})
	default:
		return directory.Group{}, errFilter(path)
	}
}

// GetGroupId finds a group by its name or an external id.
func (s *Service) GetGroupId(ctx context.Context, c *call.Call, in *identitystore.GetGroupIdInput) (*identitystore.GetGroupIdOutput, error) {
	out := identitystore.GetGroupIdOutput{IdentityStoreId: in.IdentityStoreId}
	err := s.view(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		var g directory.Group
		path, value, external, err := identifier(in.AlternateIdentifier)
		switch {
		case err != nil:
			return err
		case external != nil:
			g, err = tx.GroupByExternalID(inst.DirectoryID, *external)
		case strings.EqualFold(path, "displayName"):
			g, err = tx.GroupByName(inst.DirectoryID, value)
		default:
			return errNotUnique(path)
		}
		out.GroupId = aws.String(g.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}
