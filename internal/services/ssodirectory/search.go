package ssodirectory

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/directory"
	"sekisho/internal/store"
)

// SearchUsers pages through the people whose user name, address or display name
// begins with a prefix; through all of them without one.
func (s *Service) SearchUsers(ctx context.Context, c *call.Call, in *SearchUsersInput) (*SearchUsersOutput, error) {
	p, err := wanted(in.NextToken)
	if err != nil {
		return nil, wireError(err)
	}
	out := &SearchUsersOutput{}
	err = s.view(ctx, c, in.InstanceArn, func(tx store.Tx, inst access.Instance) error {
		found, err := directory.SearchUsers(tx, inst.DirectoryID, aws.ToString(in.Prefix), p)
		out.Users, out.NextToken = make([]FoundUser, 0, len(found.Items)), next(found.Next)
		for _, u := range found.Items {
			out.Users = append(out.Users, FoundUser{
				UserId: aws.String(u.ID), UserName: aws.String(u.UserName), DisplayName: aws.String(u.DisplayName), Email: aws.String(u.Email), Status: status(u),
			})
		}
		return err
	})
	return out, err
}

func status(u directory.User) UserStatus {
	if u.Disabled {
		return "DISABLED"
	}
	return "ENABLED"
}

// SearchGroups pages through the groups whose name begins with a prefix.
func (s *Service) SearchGroups(ctx context.Context, c *call.Call, in *SearchGroupsInput) (*SearchGroupsOutput, error) {
	p, err := wanted(in.NextToken)
	if err != nil {
		return nil, wireError(err)
	}
	out := &SearchGroupsOutput{}
	err = s.view(ctx, c, in.InstanceArn, func(tx store.Tx, inst access.Instance) error {
		found, err := directory.SearchGroups(tx, inst.DirectoryID, aws.ToString(in.Prefix), p)
		out.Groups, out.NextToken = make([]FoundGroup, 0, len(found.Items)), next(found.Next)
		for _, g := range found.Items {
			out.Groups = append(out.Groups, FoundGroup{GroupId: aws.String(g.ID), DisplayName: aws.String(g.DisplayName), Description: aws.String(g.Description)})
		}
		return err
	})
	return out, err
}
