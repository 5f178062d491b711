package iam

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

var userTable = call.Table{
	"CreateUser":   {Action: "iam:CreateUser", TagAction: "iam:TagUser", Resource: "new-user"},
	"GetUser":      {Action: "iam:GetUser", Resource: "user", ReadOnly: true},
	"ListUsers":    {Action: "iam:ListUsers", Resource: "user/", ReadOnly: true},
	"UpdateUser":   {Action: "iam:UpdateUser", Resource: "user"},
	"DeleteUser":   {Action: "iam:DeleteUser", Resource: "user"},
	"TagUser":      {Action: "iam:TagUser", Resource: "user"},
	"UntagUser":    {Action: "iam:UntagUser", Resource: "user"},
	"ListUserTags": {Action: "iam:ListUserTags", Resource: "user", ReadOnly: true},
}

// wireUser is a user as the wire has it, without what lists leave out:
// withDetails adds that.
func wireUser(u iam.User) types.User {
	return types.User{
		Path: aws.String(u.Path), UserName: aws.String(u.Name), UserId: aws.String(u.ID), Arn: aws.String(u.ARN()), CreateDate: at(u.CreatedAt),
	}
}

func withDetails(u iam.User) *types.User {
	out := wireUser(u)
	out.PermissionsBoundary = wireBoundary(u.Boundary)
	out.Tags = wireTags(u.Tags)
	return &out
}

// wireBoundary is a permissions boundary as the wire has it; none is no member.
func wireBoundary(policyARN string) *types.AttachedPermissionsBoundary {
	if policyARN == "" {
		return nil
	}
	// IAM answers "Policy", although its model knows "PermissionsBoundaryPolicy" only.
	return &types.AttachedPermissionsBoundary{PermissionsBoundaryArn: aws.String(policyARN), PermissionsBoundaryType: "Policy"}
}

// changeUser changes the user that an operation names.
func (s *Service) changeUser(ctx context.Context, c *call.Call, name *string, change func(store.Tx, iam.User) error) error {
	return s.update(ctx, c, func(tx store.Tx) error {
		u, err := iam.FindUser(tx, c.Principal.Account, aws.ToString(name))
		if err != nil {
			return err
		}
		return change(tx, u)
	})
}

// CreateUser makes a user in the caller's account.
func (s *Service) CreateUser(ctx context.Context, c *call.Call, in *awsiam.CreateUserInput) (*awsiam.CreateUserOutput, error) {
	var u iam.User
	err := s.update(ctx, c, func(tx store.Tx) (err error) {
		u, err = iam.CreateUser(tx, c.Now, iam.User{
			Account: c.Principal.Account, Path: pathOr(in.Path), Name: aws.ToString(in.UserName),
			Boundary: aws.ToString(in.PermissionsBoundary), Tags: tagsOf(in.Tags),
		})
		c.Event.Set("userId", u.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.CreateUserOutput{User: withDetails(u)}, nil
}

// GetUser tells of the named user, or of the caller: an IAM user or the root user.
func (s *Service) GetUser(ctx context.Context, c *call.Call, in *awsiam.GetUserInput) (*awsiam.GetUserOutput, error) {
	if aws.ToString(in.UserName) == "" && c.Principal.Kind == call.Root {
		return s.getRootUser(ctx, c)
	}
	name, err := userOrSelf(c, in.UserName)
	if err != nil {
		return nil, err
	}
	var (
		u        iam.User
		lastUsed time.Time
	)
	err = s.view(ctx, func(tx store.Tx) (err error) {
		if u, err = iam.FindUser(tx, c.Principal.Account, name); err == nil {
			lastUsed, err = iam.PasswordLastUsed(tx, u.ID)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out := withDetails(u)
	out.PasswordLastUsed = at(lastUsed)
	return &awsiam.GetUserOutput{User: out}, nil
}

// getRootUser is the account's root user, which has no name.
func (s *Service) getRootUser(ctx context.Context, c *call.Call) (*awsiam.GetUserOutput, error) {
	id := c.Principal.Account
	out := &types.User{Path: aws.String("/"), UserId: aws.String(id), Arn: aws.String(arn.Root(id))}
	err := s.view(ctx, func(tx store.Tx) error {
		a, err := tx.Account(id)
		if err != nil {
			return err
		}
		lastUsed, err := iam.PasswordLastUsed(tx, id)
		out.CreateDate, out.PasswordLastUsed = at(a.CreatedAt), at(lastUsed)
		return err
	})
	return &awsiam.GetUserOutput{User: out}, err
}

// ListUsers pages through the users under a path.
func (s *Service) ListUsers(ctx context.Context, c *call.Call, in *awsiam.ListUsersInput) (*awsiam.ListUsersOutput, error) {
	p, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &awsiam.ListUsersOutput{}
	err = s.view(ctx, func(tx store.Tx) error {
		users, err := tx.IAMUsers(c.Principal.Account, aws.ToString(in.PathPrefix), p)
		if err != nil {
			return err
		}
		out.IsTruncated, out.Marker = users.Next != "", next(users.Next)
		out.Users, err = wireUsers(tx, users.Items)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// wireUsers are users as lists have them.
func wireUsers(tx store.Tx, users []iam.User) ([]types.User, error) {
	ids := make([]string, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	lastUsed, err := tx.ConsoleLogins(ids)
	return wireAll(users, func(u iam.User) types.User {
		out := wireUser(u)
		out.PasswordLastUsed = at(lastUsed[u.ID])
		return out
	}), err
}

// wireAll puts items on the wire. A list without any is an empty list, not none.
func wireAll[T, W any](items []T, wire func(T) W) []W {
	out := make([]W, 0, len(items))
	for _, v := range items {
		out = append(out, wire(v))
	}
	return out
}

// UpdateUser renames a user or gives it another path. Who does that must be
// allowed to update what the user is and what it becomes.
func (s *Service) UpdateUser(ctx context.Context, c *call.Call, in *awsiam.UpdateUserInput) (*awsiam.UpdateUserOutput, error) {
	var becomes iam.User
	err := s.view(ctx, func(tx store.Tx) (err error) {
		becomes, err = iam.FindUser(tx, c.Principal.Account, aws.ToString(in.UserName))
		return err
	})
	if err != nil {
		return nil, err
	}
	becomes.Path, becomes.Name = replaced(becomes.Path, in.NewPath), replaced(becomes.Name, in.NewUserName)
	if err := s.Authz.Allow(ctx, c, "iam:UpdateUser", entityTarget(becomes.ARN(), becomes.Tags, becomes.Boundary)); err != nil {
		return nil, err
	}
	err = s.changeUser(ctx, c, in.UserName, func(tx store.Tx, u iam.User) error {
		c.Event.Set("userId", u.ID)
		u, err := iam.RenameUser(tx, u, in.NewPath, in.NewUserName)
		c.Event.Set("newArn", u.ARN())
		return err
	})
	return &awsiam.UpdateUserOutput{}, err
}

// entityTarget is a user or role that an operation acts on beside its own target.
func entityTarget(entityARN string, tags []iam.Tag, boundary string) call.Target {
	t := call.Target{ARN: entityARN, Keys: make(map[string][]string)}
	finder{out: &t}.entity(tags, boundary)
	return t
}

// replaced is what a member says, or what there was if it is left out.
func replaced(was string, with *string) string {
	if with == nil {
		return was
	}
	return *with
}

// DeleteUser removes a user on which nothing hangs any more.
func (s *Service) DeleteUser(ctx context.Context, c *call.Call, in *awsiam.DeleteUserInput) (*awsiam.DeleteUserOutput, error) {
	err := s.changeUser(ctx, c, in.UserName, func(tx store.Tx, u iam.User) error {
		c.Event.Set("userId", u.ID)
		if err := iam.DeleteUser(tx, u); err != nil {
			return err
		}
		return tx.EndSessionsOf(u.ID, c.Now, session.UserDeleted)
	})
	return &awsiam.DeleteUserOutput{}, err
}

// TagUser puts tags on a user.
func (s *Service) TagUser(ctx context.Context, c *call.Call, in *awsiam.TagUserInput) (*awsiam.TagUserOutput, error) {
	err := s.changeUser(ctx, c, in.UserName, func(tx store.Tx, u iam.User) error { return iam.TagUser(tx, u, tagsOf(in.Tags)) })
	return &awsiam.TagUserOutput{}, err
}

// UntagUser takes tags off a user.
func (s *Service) UntagUser(ctx context.Context, c *call.Call, in *awsiam.UntagUserInput) (*awsiam.UntagUserOutput, error) {
	err := s.changeUser(ctx, c, in.UserName, func(tx store.Tx, u iam.User) error { return iam.UntagUser(tx, u, in.TagKeys) })
	return &awsiam.UntagUserOutput{}, err
}

// ListUserTags lists a user's tags in order of key.
func (s *Service) ListUserTags(ctx context.Context, c *call.Call, in *awsiam.ListUserTagsInput) (*awsiam.ListUserTagsOutput, error) {
	tags, err := s.tagPage(ctx, in.Marker, in.MaxItems, func(tx store.Tx) ([]iam.Tag, error) {
		u, err := iam.FindUser(tx, c.Principal.Account, aws.ToString(in.UserName))
		return u.Tags, err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.ListUserTagsOutput{Tags: wireAll(tags.Items, wireTag), IsTruncated: tags.Next != "", Marker: next(tags.Next)}, nil
}

// tagPage is a page of the tags of something, in order of key.
func (s *Service) tagPage(ctx context.Context, marker *string, maxItems *int32, of func(store.Tx) ([]iam.Tag, error)) (page.Page[iam.Tag], error) {
	p, err := wanted(marker, maxItems)
	if err != nil {
		return page.Page[iam.Tag]{}, err
	}
	var tags []iam.Tag
	err = s.view(ctx, func(tx store.Tx) (err error) {
		tags, err = of(tx)
		return err
	})
	return pageOf(iam.SortTags(tags), p, func(t iam.Tag) string { return t.Key }), err
}

func wireTag(t iam.Tag) types.Tag {
	return types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)}
}
