package identitystore

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// userIn is the user of that id in the instance's directory, or NotFound.
func userIn(tx store.Tx, inst access.Instance, id string) (directory.User, error) {
	u, err := tx.User(id)
	if err == nil && u.Directory != inst.DirectoryID {
		err = fault.New(fault.NotFound, "no-user", "The user is in another directory.")
	}
	return u, err
}

// CreateUser adds a person without a password: an administrator invites the
// person, or hands over a one-time password.
func (s *Service) CreateUser(ctx context.Context, c *call.Call, in *identitystore.CreateUserInput) (*identitystore.CreateUserOutput, error) {
	var email types.Email
	if len(in.Emails) > 0 {
		email = in.Emails[0]
	}
	u := directory.User{
		Directory: aws.ToString(in.IdentityStoreId), UserName: aws.ToString(in.UserName), DisplayName: aws.ToString(in.DisplayName),
		Email: aws.ToString(email.Value), Locale: aws.ToString(in.Locale), Profile: profileOf(in.Name, email),
	}
	if in.Name != nil {
		u.GivenName, u.FamilyName = aws.ToString(in.Name.GivenName), aws.ToString(in.Name.FamilyName)
	}
	p := &u.Profile
	p.NickName, p.ProfileURL, p.UserType, p.Title = aws.ToString(in.NickName), aws.ToString(in.ProfileUrl), aws.ToString(in.UserType), aws.ToString(in.Title)
	p.PreferredLanguage, p.Timezone, p.Website, p.Birthdate = aws.ToString(in.PreferredLanguage), aws.ToString(in.Timezone), aws.ToString(in.Website), aws.ToString(in.Birthdate)
	p.Addresses, p.PhoneNumbers, p.Photos, p.Roles = addressesOf(in.Addresses), phoneNumbersOf(in.PhoneNumbers), photosOf(in.Photos), rolesOf(in.Roles)
	extensions, err := extensionsOf(in.Extensions)
	if err != nil {
		return nil, wireError(err)
	}
	err = s.update(ctx, c, in, func(tx store.Tx, _ access.Instance) error {
		made := u // Update may run this again
		if len(extensions) > 0 {
			if made, err = made.Patch(extensions); err != nil {
				return err
			}
		}
		made, err = directory.CreateUser(tx, made, c.Principal.ARN, c.Now)
		u.ID = made.ID
		c.Event.Set("userId", made.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &identitystore.CreateUserOutput{IdentityStoreId: in.IdentityStoreId, UserId: aws.String(u.ID)}, nil
}

// DescribeUser tells all that is known of a person.
func (s *Service) DescribeUser(ctx context.Context, c *call.Call, in *identitystore.DescribeUserInput) (*identitystore.DescribeUserOutput, error) {
	var out identitystore.DescribeUserOutput
	err := s.view(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		found, err := userIn(tx, inst, aws.ToString(in.UserId))
		u := wireUser(found, in.Extensions)
		out = identitystore.DescribeUserOutput{
			IdentityStoreId: u.IdentityStoreId, UserId: u.UserId, UserName: u.UserName, ExternalIds: u.ExternalIds, Name: u.Name, DisplayName: u.DisplayName,
			NickName: u.NickName, ProfileUrl: u.ProfileUrl, Emails: u.Emails, Addresses: u.Addresses, PhoneNumbers: u.PhoneNumbers, UserType: u.UserType,
			Title: u.Title, PreferredLanguage: u.PreferredLanguage, Locale: u.Locale, Timezone: u.Timezone, UserStatus: u.UserStatus, Photos: u.Photos,
			Website: u.Website, Birthdate: u.Birthdate, Roles: u.Roles, CreatedAt: u.CreatedAt, CreatedBy: u.CreatedBy, UpdatedAt: u.UpdatedAt,
			UpdatedBy: u.UpdatedBy, Extensions: u.Extensions,
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// UpdateUser sets attributes and takes them away.
func (s *Service) UpdateUser(ctx context.Context, c *call.Call, in *identitystore.UpdateUserInput) (*identitystore.UpdateUserOutput, error) {
	operations, err := operationsOf(in.Operations)
	if err != nil {
		return nil, wireError(err)
	}
	err = s.update(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		u, err := userIn(tx, inst, aws.ToString(in.UserId))
		if err != nil {
			return err
		}
		_, err = people.Update(tx, u, operations, c.Principal.ARN, c.Now)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &identitystore.UpdateUserOutput{}, nil
}

// DeleteUser removes a person with everything that hangs on it. Roles that were
// there for nobody else go later, by themselves (access.IdleRole).
func (s *Service) DeleteUser(ctx context.Context, c *call.Call, in *identitystore.DeleteUserInput) (*identitystore.DeleteUserOutput, error) {
	err := s.update(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		u, err := userIn(tx, inst, aws.ToString(in.UserId))
		if err != nil {
			return err
		}
		return tx.DeleteUser(u.ID)
	})
	if err != nil {
		return nil, err
	}
	return &identitystore.DeleteUserOutput{}, nil
}

// ListUsers pages through the people in order of user name, or finds the one that
// a filter names.
func (s *Service) ListUsers(ctx context.Context, c *call.Call, in *identitystore.ListUsersInput) (*identitystore.ListUsersOutput, error) {
	out := identitystore.ListUsersOutput{Users: []types.User{}}
	err := s.view(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		p, err := wanted(in.NextToken, in.MaxResults)
		if err != nil {
			return err
		}
		var got page.Page[directory.User]
		if f := filterOf(in.Filters); f != nil { //nolint:staticcheck // deprecated, and still asked for
			got.Items, err = filtered(findUser(tx, inst.DirectoryID, "UserName", f))
		} else {
			got, err = tx.Users(inst.DirectoryID, p)
		}
		for _, u := range got.Items {
			out.Users = append(out.Users, wireUser(u, in.Extensions))
		}
		out.NextToken = next(got.Next)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// filterOf is the only filter that there can be.
func filterOf(in []types.Filter) *types.Filter {
	if len(in) == 0 {
		return nil
	}
	return &in[0]
}

// externalIDPath is how a filter names an external id, whoever its issuer is.
const externalIDPath = "ExternalIds.Id"

func findUser(tx store.Tx, in, name string, f *types.Filter) (directory.User, error) {
	switch path, value := aws.ToString(f.AttributePath), aws.ToString(f.AttributeValue); {
	case strings.EqualFold(path, name):
		return tx.UserByName(in, value)
	case strings.EqualFold(path, externalIDPath):
		return tx.UserByExternalID(in, directory.ExternalID{ID: value})
	default:
		return directory.User{}, errFilter(path)
	}
}

func errFilter(path string) error {
	return fault.New(fault.Invalid, "filter", "The attribute %s cannot be filtered by", path)
}

// filtered is the list of what was found: nobody, or one.
func filtered[T any](found T, err error) ([]T, error) {
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return []T{found}, err
}

// GetUserId finds a person by a unique attribute or an external id.
func (s *Service) GetUserId(ctx context.Context, c *call.Call, in *identitystore.GetUserIdInput) (*identitystore.GetUserIdOutput, error) {
	out := identitystore.GetUserIdOutput{IdentityStoreId: in.IdentityStoreId}
	err := s.view(ctx, c, in, func(tx store.Tx, inst access.Instance) error {
		var u directory.User
		path, value, external, err := identifier(in.AlternateIdentifier)
		switch {
		case err != nil:
			return err
		case external != nil:
			u, err = tx.UserByExternalID(inst.DirectoryID, *external)
		case strings.EqualFold(path, "userName"):
			u, err = tx.UserByName(inst.DirectoryID, value)
		case strings.EqualFold(path, "emails.value"):
			u, err = tx.UserByEmail(inst.DirectoryID, value)
		default:
			return errNotUnique(path)
		}
		out.UserId = aws.String(u.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// identifier is what a union names: a unique attribute, or an external id.
func identifier(in types.AlternateIdentifier) (path, value string, external *directory.ExternalID, err error) {
	switch v := in.(type) {
	case *types.AlternateIdentifierMemberExternalId:
		return "", "", &directory.ExternalID{Issuer: aws.ToString(v.Value.Issuer), ID: aws.ToString(v.Value.Id)}, nil
	case *types.AlternateIdentifierMemberUniqueAttribute:
		o, err := operationOf(aws.ToString(v.Value.AttributePath), v.Value.AttributeValue)
		if err == nil && json.Unmarshal(o.Value, &value) != nil {
			err = fault.New(fault.Invalid, "attribute", "The value of the attribute %s is not a text", o.Path)
		}
		return o.Path, value, nil, err
	}
	return "", "", nil, fault.New(fault.Invalid, "attribute", "AlternateIdentifier is a required attribute")
}

func errNotUnique(path string) error {
	return fault.New(fault.Invalid, "attribute", "The attribute %s is not a unique attribute", path)
}
