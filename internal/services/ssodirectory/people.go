package ssodirectory

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/access"
	"sekisho/internal/call"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/mfa"
	"sekisho/internal/store"
)

// Letters are what people of a directory are mailed. Each makes what proves the
// person and queues the mail in the same transaction, and fails as the rule of
// package people does.
type Letters interface {
	Invite(tx store.Tx, u directory.User, now time.Time) error
	ResetPassword(tx store.Tx, u directory.User, now time.Time) error
	VerifyEmail(tx store.Tx, u directory.User, now time.Time) error

	// What becomes of somebody's way to sign in without the person's doing, the person
	// is told of, as of what the person does; who has no address is not.
	PasswordReplaced(tx store.Tx, u directory.User, now time.Time) error
	DeviceAdded(tx store.Tx, u directory.User, name string, now time.Time) error
	DeviceRemoved(tx store.Tx, u directory.User, name string, now time.Time) error
}

// DescribeUserSecurity tells how a person can sign in.
func (s *Service) DescribeUserSecurity(ctx context.Context, c *call.Call, in *DescribeUserSecurityInput) (*DescribeUserSecurityOutput, error) {
	var state people.State
	var devices mfa.List
	err := s.view(ctx, c, in.InstanceArn, func(tx store.Tx, inst access.Instance) error {
		u, err := person(tx, inst, in.UserId)
		if err == nil {
			state, err = people.StateOf(tx, u)
		}
		if err == nil {
			devices, err = mfa.Devices(tx, u)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &DescribeUserSecurityOutput{
		PasswordState: PasswordState(state.Password), InvitationExpiresAt: wireTime(state.InvitationExpiresAt), OneTimePasswordExpiresAt: wireTime(state.OneTimePasswordExpiresAt),
		EmailVerified:           state.EmailVerified,
		EmailVerificationSentAt: wireTime(state.VerificationSentAt), LastSignInAt: wireTime(state.LastSignInAt),
		MfaDeviceCount: int32(len(devices)),
	}, nil
}

// changed changes something of a person.
func (s *Service) changed(ctx context.Context, c *call.Call, instanceARN, user *string, change func(tx store.Tx, inst access.Instance, u directory.User) error) error {
	return s.update(ctx, c, instanceARN, func(tx store.Tx, inst access.Instance) error {
		u, err := person(tx, inst, user)
		if err != nil {
			return err
		}
		c.Event.Set("userName", u.UserName)
		return change(tx, inst, u)
	})
}

// InviteUser mails the invitation, again if need be: an older one is good no more
// (G-28, N-14).
func (s *Service) InviteUser(ctx context.Context, c *call.Call, in *InviteUserInput) (*InviteUserOutput, error) {
	err := s.changed(ctx, c, in.InstanceArn, in.UserId, func(tx store.Tx, _ access.Instance, u directory.User) error { return s.Letters.Invite(tx, u, c.Now) })
	return &InviteUserOutput{}, err
}

// GenerateOneTimePassword makes a one-time password, which is told this once and
// has to be changed at the first sign-in, within a week (G-27, H-08). Who had chosen
// a password is told that it is gone.
func (s *Service) GenerateOneTimePassword(ctx context.Context, c *call.Call, in *GenerateOneTimePasswordInput) (*GenerateOneTimePasswordOutput, error) {
	password := credential.NewOneTimePassword()
	hash, err := s.Hasher.Hash(ctx, password)
	if err != nil {
		return nil, wireError(err)
	}
	var out *GenerateOneTimePasswordOutput
	err = s.changed(ctx, c, in.InstanceArn, in.UserId, func(tx store.Tx, inst access.Instance, u directory.User) error {
		out = &GenerateOneTimePasswordOutput{
			OneTimePassword: aws.String(password.Reveal()), PortalUrl: aws.String(s.PortalURL(inst.PortalName())), UserName: aws.String(u.UserName),
		}
		had, err := people.StateOf(tx, u)
		if err != nil {
			return err
		}
		if err := people.SetOneTimePassword(tx, u, hash, c.Now); err != nil {
			return err
		}
		if had.Password != people.PasswordSet {
			return nil // the first, or another in place of one
		}
		return s.Letters.PasswordReplaced(tx, u, c.Now)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// SendPasswordReset mails a link by which the person sets a new password (N-19).
func (s *Service) SendPasswordReset(ctx context.Context, c *call.Call, in *SendPasswordResetInput) (*SendPasswordResetOutput, error) {
	err := s.changed(ctx, c, in.InstanceArn, in.UserId, func(tx store.Tx, _ access.Instance, u directory.User) error {
		return s.Letters.ResetPassword(tx, u, c.Now)
	})
	return &SendPasswordResetOutput{}, err
}

// SendEmailVerification mails a link by which the person verifies the address.
func (s *Service) SendEmailVerification(ctx context.Context, c *call.Call, in *SendEmailVerificationInput) (*SendEmailVerificationOutput, error) {
	err := s.changed(ctx, c, in.InstanceArn, in.UserId, func(tx store.Tx, _ access.Instance, u directory.User) error {
		return s.Letters.VerifyEmail(tx, u, c.Now)
	})
	return &SendEmailVerificationOutput{}, err
}

// SetUserStatus disables a person, which ends all that came of the person's
// sign-ins at once, or enables one (behaviours.md 6.5).
func (s *Service) SetUserStatus(ctx context.Context, c *call.Call, in *SetUserStatusInput) (*SetUserStatusOutput, error) {
	err := s.changed(ctx, c, in.InstanceArn, in.UserId, func(tx store.Tx, _ access.Instance, u directory.User) error {
		return people.SetDisabled(tx, u, in.Status == "DISABLED", c.Principal.ARN, c.Now)
	})
	return &SetUserStatusOutput{}, err
}
