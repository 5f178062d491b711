package identitystore

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/store"
)

// memberIn is the user that a union names in the instance's directory, or NotFound.
func memberIn(tx store.Tx, inst access.Instance, m types.MemberId) (directory.User, error) {
	u, err := userIn(tx, inst, memberID(m))
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "no-member", "The member does not exist.").Wrap(err)
	}
	return u, err
}

// membershipIn is the membership of that id in a group of the instance's
// directory, or NotFound.
func membershipIn(tx store.Tx, inst access.Instance, id string) (directory.Membership, error) {
	m, err := tx.Membership(id)
	if err != nil {
		return m, err
	}
	if _, err := groupIn(tx, inst, m.Group); fault.Is(err, fault.NotFound) {
		return m, fault.New(fault.NotFound, "no-membership", "The membership is in another directory.").Wrap(err)
	}
	return m, err
}

// CreateGroupMembership puts a person into a group.
func (s *Service) CreateGroupMembership(ctx context.Context, c *call.Call, in *identitystore.CreateGroupMembershipInput) (*identitystore.CreateGroupMembershipOutput, error) {
	var made directory.Membership
	err := s.update(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		g, err := groupIn(tx, inst, aws.ToString(in.GroupId))
		if err != nil {
			return err
		}
		u, err := memberIn(tx, inst, in.MemberId)
		if err != nil {
			return err
		}
		made, err = directory.Join(tx, g, u, c.Principal.ARN, c.Now)
		c.Event.Set("membershipId", made.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &identitystore.CreateGroupMembershipOutput{IdentityStoreId: in.IdentityStoreId, MembershipId: aws.String(made.ID)}, nil
}

// DescribeGroupMembership tells who is in which group.
func (s *Service) DescribeGroupMembership(ctx context.Context, c *call.Call, in *identitystore.DescribeGroupMembershipInput) (*identitystore.DescribeGroupMembershipOutput, error) {
	var out identitystore.DescribeGroupMembershipOutput
	err := s.view(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		found, err := membershipIn(tx, inst, aws.ToString(in.MembershipId))
		m := wireMembership(inst.DirectoryID, found)
		out = identitystore.DescribeGroupMembershipOutput{
			IdentityStoreId: m.IdentityStoreId, MembershipId: m.MembershipId, GroupId: m.GroupId, MemberId: m.MemberId,
			CreatedAt: m.CreatedAt, CreatedBy: m.CreatedBy, UpdatedAt: m.UpdatedAt, UpdatedBy: m.UpdatedBy,
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// DeleteGroupMembership takes a person out of a group.
func (s *Service) DeleteGroupMembership(ctx context.Context, c *call.Call, in *identitystore.DeleteGroupMembershipInput) (*identitystore.DeleteGroupMembershipOutput, error) {
	err := s.update(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		m, err := membershipIn(tx, inst, aws.ToString(in.MembershipId))
		if err != nil {
			return err
		}
		// The id tells nothing once the membership is gone.
		c.Event.Set("groupId", m.Group)
		c.Event.Set("memberId", m.User)
		return tx.RemoveMember(m.Group, m.User)
	})
	if err != nil {
		return nil, err
	}
	return &identitystore.DeleteGroupMembershipOutput{}, nil
}

// GetGroupMembershipId finds the membership of a person in a group.
func (s *Service) GetGroupMembershipId(ctx context.Context, c *call.Call, in *identitystore.GetGroupMembershipIdInput) (*identitystore.GetGroupMembershipIdOutput, error) {
	out := identitystore.GetGroupMembershipIdOutput{IdentityStoreId: in.IdentityStoreId}
	err := s.view(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		g, err := groupIn(tx, inst, aws.ToString(in.GroupId))
		if err != nil {
			return err
		}
		u, err := memberIn(tx, inst, in.MemberId)
		if err != nil {
			return err
		}
		m, err := tx.MembershipOf(g.ID, u.ID)
		out.MembershipId = aws.String(m.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// ListGroupMemberships pages through the members of a group.
func (s *Service) ListGroupMemberships(ctx context.Context, c *call.Call, in *identitystore.ListGroupMembershipsInput) (*identitystore.ListGroupMembershipsOutput, error) {
	out := identitystore.ListGroupMembershipsOutput{GroupMemberships: []types.GroupMembership{}}
	err := s.view(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		p, err := wanted(in.NextToken, in.MaxResults)
		if err != nil {
			return err
		}
		g, err := groupIn(tx, inst, aws.ToString(in.GroupId))
		if err != nil {
			return err
		}
		got, err := tx.MembershipsIn(g.ID, p)
		for _, m := range got.Items {
			out.GroupMemberships = append(out.GroupMemberships, wireMembership(inst.DirectoryID, m))
		}
		out.NextToken = next(got.Next)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// ListGroupMembershipsForMember pages through the groups of a person.
func (s *Service) ListGroupMembershipsForMember(ctx context.Context, c *call.Call, in *identitystore.ListGroupMembershipsForMemberInput) (*identitystore.ListGroupMembershipsForMemberOutput, error) {
	out := identitystore.ListGroupMembershipsForMemberOutput{GroupMemberships: []types.GroupMembership{}}
	err := s.view(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		p, err := wanted(in.NextToken, in.MaxResults)
		if err != nil {
			return err
		}
		u, err := memberIn(tx, inst, in.MemberId)
		if err != nil {
			return err
		}
		got, err := tx.MembershipsOf(u.ID, p)
		for _, m := range got.Items {
			out.GroupMemberships = append(out.GroupMemberships, wireMembership(inst.DirectoryID, m))
		}
		out.NextToken = next(got.Next)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// IsMemberInGroups tells of each group whether a person is in it. Nobody is in a
// group that does not exist.
func (s *Service) IsMemberInGroups(ctx context.Context, c *call.Call, in *identitystore.IsMemberInGroupsInput) (*identitystore.IsMemberInGroupsOutput, error) {
	var out identitystore.IsMemberInGroupsOutput
	err := s.view(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		u, err := memberIn(tx, inst, in.MemberId)
		if err != nil {
			return err
		}
		for _, id := range in.GroupIds {
			_, err := tx.MembershipOf(id, u.ID)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			out.Results = append(out.Results, types.GroupMembershipExistenceResult{
				GroupId: aws.String(id), MemberId: &types.MemberIdMemberUserId{Value: u.ID}, MembershipExists: err == nil,
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}
