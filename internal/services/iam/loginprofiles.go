package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
)

var (
	errNoUserName    = fault.New(fault.Invalid, "validation", "Must specify userName when calling with non-User credentials")
	errNoPassword    = fault.New(fault.Invalid, "validation", "1 validation error detected: Value null at 'password' failed to satisfy constraint: Member must not be null")
	errRootPassword  = fault.New(fault.Invalid, "validation", "A password cannot be specified for the root user of a member account.")
	errNotIAMUser    = fault.New(fault.Invalid, "invalid-user-type", "The request was rejected because the type of user making the transaction was incorrect.")
	errWrongPassword = &call.Error{Code: "AccessDenied", Message: "The old password was incorrect.", Status: 403}
)

// CreateLoginProfile gives a user a password for the console. In a session of
// AssumeRoot it lets the member's root user set one (behaviours.md 4.7).
func (s *Service) CreateLoginProfile(ctx context.Context, c *call.Call, in *awsiam.CreateLoginProfileInput) (*awsiam.CreateLoginProfileOutput, error) {
	if forMemberRoot(c, in.UserName) {
		return s.allowRootPassword(ctx, c, in)
	}
	name, err := userOrSelf(c, in.UserName)
	if err != nil {
		return nil, err
	}
	if in.Password == nil {
		return nil, wireError(errNoPassword)
	}
	n, err := s.newPassword(ctx, c, name)
	if err != nil {
		return nil, err
	}
	if err := n.Absent(); err != nil {
		return nil, wireError(err)
	}
	if err := n.Choose(ctx, s.Hasher, secret.NewString(*in.Password)); err != nil {
		return nil, wireError(err)
	}
	var p iam.LoginProfile
	err = s.update(ctx, c, func(tx store.Tx) (err error) {
		p, err = n.Create(tx, c.Now, in.PasswordResetRequired)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.CreateLoginProfileOutput{LoginProfile: wireLoginProfile(p)}, nil
}

func (s *Service) allowRootPassword(ctx context.Context, c *call.Call, in *awsiam.CreateLoginProfileInput) (*awsiam.CreateLoginProfileOutput, error) {
	if in.Password != nil {
		return nil, wireError(errRootPassword)
	}
	var p iam.LoginProfile
	err := s.update(ctx, c, func(tx store.Tx) (err error) {
		p, err = iam.AllowRootPassword(tx, c.Now, c.Principal.Account)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.CreateLoginProfileOutput{LoginProfile: wireLoginProfile(p)}, nil
}

// GetLoginProfile tells whether a user has a password, and since when.
func (s *Service) GetLoginProfile(ctx context.Context, c *call.Call, in *awsiam.GetLoginProfileInput) (*awsiam.GetLoginProfileOutput, error) {
	var p iam.LoginProfile
	err := s.view(ctx, func(tx store.Tx) error {
		h, err := profileHolderOf(tx, c, in.UserName)
		if err != nil {
			return err
		}
		p, err = iam.LoginProfileOf(tx, h)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.GetLoginProfileOutput{LoginProfile: wireLoginProfile(p)}, nil
}

// UpdateLoginProfile sets another password, or whether it must be changed.
func (s *Service) UpdateLoginProfile(ctx context.Context, c *call.Call, in *awsiam.UpdateLoginProfileInput) (*awsiam.UpdateLoginProfileOutput, error) {
	n, err := s.newPassword(ctx, c, aws.ToString(in.UserName))
	if err != nil {
		return nil, err
	}
	if err := n.Present(); err != nil {
		return nil, wireError(err)
	}
	if in.Password != nil {
		if err := n.Choose(ctx, s.Hasher, secret.NewString(*in.Password)); err != nil {
			return nil, wireError(err)
		}
	}
	err = s.update(ctx, c, func(tx store.Tx) error {
		if err := n.Update(tx, c.Now, in.PasswordResetRequired); err != nil || in.Password == nil {
			return err
		}
		return endSessions(tx, c, n.Holder)
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.UpdateLoginProfileOutput{}, nil
}

// DeleteLoginProfile takes a user's password.
func (s *Service) DeleteLoginProfile(ctx context.Context, c *call.Call, in *awsiam.DeleteLoginProfileInput) (*awsiam.DeleteLoginProfileOutput, error) {
	err := s.update(ctx, c, func(tx store.Tx) error {
		h, err := profileHolderOf(tx, c, in.UserName)
		if err != nil {
			return err
		}
		if err := iam.DeleteLoginProfile(tx, h); err != nil {
			return err
		}
		return endSessions(tx, c, h)
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.DeleteLoginProfileOutput{}, nil
}

// ChangePassword sets the calling IAM user's own password, who proves to know
// the old one. Guesses at it count like those at the sign-in (C-12).
func (s *Service) ChangePassword(ctx context.Context, c *call.Call, in *awsiam.ChangePasswordInput) (*awsiam.ChangePasswordOutput, error) {
	if c.Principal.Kind != call.IAMUser {
		return nil, wireError(errNotIAMUser)
	}
	n, err := s.newPassword(ctx, c, c.Principal.UserName)
	if err != nil {
		return nil, err
	}
	if err := n.Present(); err != nil {
		return nil, wireError(err)
	}
	if err := s.checkOldPassword(ctx, c, n, secret.NewString(aws.ToString(in.OldPassword))); err != nil {
		return nil, err
	}
	if err := n.Choose(ctx, s.Hasher, secret.NewString(aws.ToString(in.NewPassword))); err != nil {
		return nil, wireError(err)
	}
	changed := false
	err = s.update(ctx, c, func(tx store.Tx) error {
		if err := n.Update(tx, c.Now, &changed); err != nil {
			return err
		}
		return endSessions(tx, c, n.Holder)
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.ChangePasswordOutput{}, nil
}

// endSessions ends what the holder's password began, the console's sessions, but for
// the one in which the caller is at work.
func endSessions(tx store.Tx, c *call.Call, h iam.Holder) error {
	owner := h.User.ID
	if h.Root() {
		owner = h.Account
	}
	sessions, err := tx.SessionsOf(owner)
	if err != nil {
		return err
	}
	for _, s := range sessions {
		if s.ID == c.Principal.Session {
			continue
		}
		if err := tx.EndSession(s.ID, c.Now, session.PasswordChanged); err != nil {
			return err
		}
	}
	return nil
}

// checkOldPassword counts the try, looks at the password, and takes the count
// back if it is right.
func (s *Service) checkOldPassword(ctx context.Context, c *call.Call, n iam.NewPassword, old secret.String) error {
	keys := []credential.Key{iam.PasswordKey(n.Holder)}
	if err := wireError(s.Store.Update(ctx, nil, func(tx store.Tx) error { return credential.Reserve(tx, keys, c.Now) })); err != nil {
		return err
	}
	ok, err := s.Hasher.Verify(ctx, n.Current.Hash, old)
	settle := credential.Succeeded
	if err != nil {
		settle = credential.Release // it was not looked at
	} else if !ok {
		return errWrongPassword
	}
	// Not ended with the caller's patience: the count must be right.
	if e := s.Store.Update(context.WithoutCancel(ctx), nil, func(tx store.Tx) error { return settle(tx, keys) }); err == nil {
		err = e
	}
	return wireError(err)
}

// newPassword reads what a new password of the user has to suit.
func (s *Service) newPassword(ctx context.Context, c *call.Call, name string) (n iam.NewPassword, err error) {
	err = s.view(ctx, func(tx store.Tx) (err error) {
		n, err = iam.ReadNewPassword(tx, c.Principal.Account, name)
		return err
	})
	return n, err
}

// profileHolderOf is whose login profile an operation is about. The root user's
// is for sessions of AssumeRoot only.
func profileHolderOf(tx store.Tx, c *call.Call, name *string) (iam.Holder, error) {
	if aws.ToString(name) == "" && c.Principal.Kind == call.Root && !forMemberRoot(c, name) {
		return iam.Holder{}, errNoUserName
	}
	return holderOf(tx, c, name)
}

func wireLoginProfile(p iam.LoginProfile) *types.LoginProfile {
	return &types.LoginProfile{UserName: userName(p.Holder), CreateDate: at(p.CreatedAt), PasswordResetRequired: p.MustChange}
}
