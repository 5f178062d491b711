package account

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsaccount "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// GetPrimaryEmail tells the address of a member account, which is its root user's.
func (s *Service) GetPrimaryEmail(ctx context.Context, c *call.Call, in *awsaccount.GetPrimaryEmailInput) (*awsaccount.GetPrimaryEmailOutput, error) {
	var out awsaccount.GetPrimaryEmailOutput
	err := s.view(ctx, c, in.AccountId, func(_ store.Tx, a account.Account) error {
		out.PrimaryEmail = aws.String(a.Email)
		return nil
	})
	return &out, err
}

// StartPrimaryEmailUpdate sends a one-time password to the address that a member
// account is to have.
func (s *Service) StartPrimaryEmailUpdate(ctx context.Context, c *call.Call, in *awsaccount.StartPrimaryEmailUpdateInput) (*awsaccount.StartPrimaryEmailUpdateOutput, error) {
	var out awsaccount.StartPrimaryEmailUpdateOutput
	err := s.update(ctx, c, in.AccountId, func(tx store.Tx, a account.Account) error {
		u, err := account.StartEmailUpdate(tx, a.ID, aws.ToString(in.PrimaryEmail), c.Now)
		if err != nil {
			return err
		}
		out.Status = types.PrimaryEmailUpdateStatus(u.StatusAt(c.Now))
		return account.SendEmailCode(tx, s.Senders, a, u, c.Now)
	})
	return &out, err
}

// AcceptPrimaryEmailUpdate gives a member account its new address, for the
// one-time password that was sent there. Whoever reads the address before is told.
func (s *Service) AcceptPrimaryEmailUpdate(ctx context.Context, c *call.Call, in *awsaccount.AcceptPrimaryEmailUpdateInput) (*awsaccount.AcceptPrimaryEmailUpdateOutput, error) {
	email, otp := aws.ToString(in.PrimaryEmail), aws.ToString(in.Otp)
	// Counted whatever comes of it, so without the call's event, which is of its outcome.
	err := s.Store.Update(ctx, nil, func(tx store.Tx) error {
		a, err := reach(tx, c, in.AccountId)
		if err != nil {
			return err
		}
		return account.TryEmailCode(tx, a.ID, email, c.Now)
	})
	if err != nil {
		return nil, wireError(c, err)
	}
	err = s.update(ctx, c, in.AccountId, func(tx store.Tx, a account.Account) error {
		before, err := iam.AcceptRootEmail(tx, a.ID, email, otp, c.Now)
		if err != nil {
			return err
		}
		return s.tell(tx, a.ID, account.EmailChanged, c.Now, before)
	})
	if err != nil {
		return nil, err
	}
	return &awsaccount.AcceptPrimaryEmailUpdateOutput{Status: types.PrimaryEmailUpdateStatusAccepted}, nil
}

// GetPrimaryEmailUpdateStatusInput and its output are of an operation that the
// model has and the SDK does not yet.
type GetPrimaryEmailUpdateStatusInput struct{ AccountId *string }

// GetPrimaryEmailUpdateStatusOutput is how far the last update has come, and since when.
type GetPrimaryEmailUpdateStatusOutput struct {
	Status    types.PrimaryEmailUpdateStatus
	UpdatedAt *time.Time
}

// GetPrimaryEmailUpdateStatus tells how far the last update of a member account's
// address has come.
func (s *Service) GetPrimaryEmailUpdateStatus(ctx context.Context, c *call.Call, in *GetPrimaryEmailUpdateStatusInput) (*GetPrimaryEmailUpdateStatusOutput, error) {
	var out GetPrimaryEmailUpdateStatusOutput
	err := s.view(ctx, c, in.AccountId, func(tx store.Tx, a account.Account) error {
		u, err := tx.EmailUpdate(a.ID)
		out.Status, out.UpdatedAt = types.PrimaryEmailUpdateStatus(u.StatusAt(c.Now)), aws.Time(u.UpdatedAt)
		return err
	})
	return &out, err
}
