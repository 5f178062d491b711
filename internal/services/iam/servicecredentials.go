package iam

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/secret"
	"sekisho/internal/store"
)

func credentialStatus(c iam.ServiceCredential, now time.Time) types.StatusType {
	if c.Expired(now) {
		return types.StatusTypeExpired
	}
	return wireStatus(c.Active)
}

// wireServiceCredential is a credential with its password, which is known only
// when it is made.
func wireServiceCredential(user iam.User, c iam.ServiceCredential, password secret.String, now time.Time) *types.ServiceSpecificCredential {
	out := &types.ServiceSpecificCredential{
		UserName: aws.String(user.Name), ServiceSpecificCredentialId: aws.String(c.ID), ServiceName: aws.String(c.Service),
		Status: credentialStatus(c, now), CreateDate: at(c.CreatedAt), ExpirationDate: at(c.ExpiresAt),
	}
	if c.APIKey() {
		out.ServiceCredentialAlias, out.ServiceCredentialSecret = aws.String(c.UserName), aws.String(password.Reveal())
	} else {
		out.ServiceUserName, out.ServicePassword = aws.String(c.UserName), aws.String(password.Reveal())
	}
	return out
}

// CreateServiceSpecificCredential gives a user a password or API key for one
// service. It is shown this once and kept as a hash.
func (s *Service) CreateServiceSpecificCredential(ctx context.Context, c *call.Call, in *awsiam.CreateServiceSpecificCredentialInput) (*awsiam.CreateServiceSpecificCredentialOutput, error) {
	out := &awsiam.CreateServiceSpecificCredentialOutput{}
	err := s.changeUser(ctx, c, in.UserName, func(tx store.Tx, u iam.User) error {
		cred, password, err := iam.CreateServiceCredential(tx, c.Now, u, aws.ToString(in.ServiceName), int(aws.ToInt32(in.CredentialAgeDays)))
		c.Event.Set("serviceSpecificCredentialId", cred.ID)
		out.ServiceSpecificCredential = wireServiceCredential(u, cred, password, c.Now)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ListServiceSpecificCredentials lists the credentials of the named user or the
// caller, oldest first, or those of all users, in order of id.
func (s *Service) ListServiceSpecificCredentials(ctx context.Context, c *call.Call, in *awsiam.ListServiceSpecificCredentialsInput) (*awsiam.ListServiceSpecificCredentialsOutput, error) {
	want, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	service := aws.ToString(in.ServiceName)
	if service != "" {
		if err := iam.CheckCredentialService(service); err != nil {
			return nil, wireError(err)
		}
	}
	everybody := aws.ToBool(in.AllUsers)
	if everybody && in.UserName != nil {
		return nil, wireError(fault.New(fault.Invalid, "validation", "UserName cannot be specified together with AllUsers."))
	}
	out := &awsiam.ListServiceSpecificCredentialsOutput{ServiceSpecificCredentials: []types.ServiceSpecificCredentialMetadata{}}
	err = s.view(ctx, func(tx store.Tx) error {
		var (
			p     page.Page[iam.ServiceCredential]
			names = make(map[string]string) // by user id
			err   error
		)
		if everybody {
			p, err = tx.ServiceCredentials(c.Principal.Account, service, want)
		} else {
			p, err = credentialsOf(tx, c, in.UserName, service, want)
		}
		if err != nil {
			return err
		}
		for _, cred := range p.Items {
			if _, known := names[cred.User]; !known {
				u, err := tx.IAMUser(cred.User)
				if err != nil {
					return err
				}
				names[cred.User] = u.Name
			}
			out.ServiceSpecificCredentials = append(out.ServiceSpecificCredentials, wireCredentialMetadata(names[cred.User], cred, c.Now))
		}
		out.Marker, out.IsTruncated = next(p.Next), p.Next != ""
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// credentialsOf is a page of one user's credentials. A root user has none.
func credentialsOf(tx store.Tx, c *call.Call, name *string, service string, want page.Request) (page.Page[iam.ServiceCredential], error) {
	h, err := holderOf(tx, c, name)
	if err != nil {
		return page.Page[iam.ServiceCredential]{}, err
	}
	all, err := tx.ServiceCredentialsOf(h.User.ID)
	var some []iam.ServiceCredential
	for _, cred := range all {
		if service == "" || cred.Service == service {
			some = append(some, cred)
		}
	}
	return pageOf(some, want, func(c iam.ServiceCredential) string { return c.CreatedAt.UTC().Format(sortableTime) + c.ID }), err
}

func wireCredentialMetadata(userName string, c iam.ServiceCredential, now time.Time) types.ServiceSpecificCredentialMetadata {
	out := types.ServiceSpecificCredentialMetadata{
		UserName: aws.String(userName), ServiceSpecificCredentialId: aws.String(c.ID), ServiceName: aws.String(c.Service),
		Status: credentialStatus(c, now), CreateDate: at(c.CreatedAt), ExpirationDate: at(c.ExpiresAt),
	}
	if c.APIKey() {
		out.ServiceCredentialAlias = aws.String(c.UserName)
	} else {
		out.ServiceUserName = aws.String(c.UserName)
	}
	return out
}

// ResetServiceSpecificCredential gives a credential a new password or API key;
// the old one is good no more.
func (s *Service) ResetServiceSpecificCredential(ctx context.Context, c *call.Call, in *awsiam.ResetServiceSpecificCredentialInput) (*awsiam.ResetServiceSpecificCredentialOutput, error) {
	c.Event.Set("serviceSpecificCredentialId", aws.ToString(in.ServiceSpecificCredentialId))
	out := &awsiam.ResetServiceSpecificCredentialOutput{}
	err := s.changeHeld(ctx, c, in.UserName, func(tx store.Tx, h iam.Holder) error {
		cred, password, err := iam.ResetServiceCredential(tx, h.User, aws.ToString(in.ServiceSpecificCredentialId))
		out.ServiceSpecificCredential = wireServiceCredential(h.User, cred, password, c.Now)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// UpdateServiceSpecificCredential switches a credential on or off.
func (s *Service) UpdateServiceSpecificCredential(ctx context.Context, c *call.Call, in *awsiam.UpdateServiceSpecificCredentialInput) (*awsiam.UpdateServiceSpecificCredentialOutput, error) {
	c.Event.Set("serviceSpecificCredentialId", aws.ToString(in.ServiceSpecificCredentialId))
	err := s.switchCredential(ctx, c, in.UserName, in.Status, func(tx store.Tx, h iam.Holder, active bool) error {
		return iam.SetServiceCredentialActive(tx, h.User, aws.ToString(in.ServiceSpecificCredentialId), active)
	})
	return &awsiam.UpdateServiceSpecificCredentialOutput{}, err
}

// DeleteServiceSpecificCredential deletes a credential of the named user or the
// caller.
func (s *Service) DeleteServiceSpecificCredential(ctx context.Context, c *call.Call, in *awsiam.DeleteServiceSpecificCredentialInput) (*awsiam.DeleteServiceSpecificCredentialOutput, error) {
	c.Event.Set("serviceSpecificCredentialId", aws.ToString(in.ServiceSpecificCredentialId))
	err := s.changeHeld(ctx, c, in.UserName, func(tx store.Tx, h iam.Holder) error {
		return iam.DeleteServiceCredential(tx, h.User, aws.ToString(in.ServiceSpecificCredentialId))
	})
	return &awsiam.DeleteServiceSpecificCredentialOutput{}, err
}
