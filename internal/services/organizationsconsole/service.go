// Package organizationsconsole is what AWS's console does for Organizations by APIs
// that AWS does not publish: the management account's address, and whether it is
// verified (F-06); what a member account may do for its organization; and the search
// of accounts. Its model is our own, in AWS's form.
package organizationsconsole

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/membership"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

// Table guards the operations.
var Table = call.Table{
	"DescribeEmailVerification": {Action: "organizations:DescribeOrganization", ReadOnly: true},
	"DescribeMembership":        {Action: "organizations:DescribeOrganization", ReadOnly: true},
	"SearchAccounts":            {Action: "organizations:ListAccounts", ReadOnly: true},
	"SendEmailVerification":     {Action: "organizations:CreateOrganization"},
}

// Service implements the operations of Table.
type Service struct {
	Store store.DB
	// Mail writes to the owners of accounts.
	Mail membership.Mail
}

// The inputs and outputs, in the form of the SDK's.
type (
	// VerificationStatus is one of VERIFIED, PENDING and EXPIRED.
	VerificationStatus string

	// DescribeEmailVerificationInput is what DescribeEmailVerification takes.
	DescribeEmailVerificationInput struct{}

	// DescribeEmailVerificationOutput is what it answers; times are RFC 3339.
	DescribeEmailVerificationOutput struct {
		Email     *string
		Status    VerificationStatus
		SentAt    *string
		ExpiresAt *string
	}

	// DescribeMembershipInput is what DescribeMembership takes.
	DescribeMembershipInput struct{}

	// DescribeMembershipOutput is what it answers, of the caller's account.
	DescribeMembershipOutput struct {
		// ReadsOrganization says that the account may read what is in the organization:
		// it manages it, administers some service for it, or is let in by its policy.
		ReadsOrganization *bool
		// AdministersIdentityCenter says that it runs the organization's instance.
		AdministersIdentityCenter *bool
	}

	// SendEmailVerificationInput is what SendEmailVerification takes.
	SendEmailVerificationInput struct{}

	// SendEmailVerificationOutput is what it answers.
	SendEmailVerificationOutput struct{}
)

// DescribeEmailVerification tells whether the address of the management account,
// which alone may ask, is verified.
func (s *Service) DescribeEmailVerification(ctx context.Context, c *call.Call, _ *DescribeEmailVerificationInput) (*DescribeEmailVerificationOutput, error) {
	out := &DescribeEmailVerificationOutput{}
	err := s.Store.View(ctx, func(tx store.Tx) error {
		o, err := managed(tx, c)
		if err != nil {
			return err
		}
		a, err := tx.Account(o.ManagementAccount)
		if err != nil {
			return err
		}
		verified, err := membership.Verified(tx, o)
		if err != nil {
			return err
		}
		v, err := tx.Verification(a.ID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		out.Email, out.SentAt = aws.String(a.Email), wireTime(v.SentAt)
		switch {
		case verified:
			out.Status = "VERIFIED"
		case c.Now.Before(v.ExpiresAt):
			out.Status, out.ExpiresAt = "PENDING", wireTime(v.ExpiresAt)
		default:
			out.Status, out.ExpiresAt = "EXPIRED", wireTime(v.ExpiresAt)
		}
		return nil
	})
	return out, wireError(err)
}

// DescribeMembership tells an account what it is to its organization, so that the
// console asks for nothing that it would be refused. What the caller's own policies
// allow is decided at each call.
func (s *Service) DescribeMembership(ctx context.Context, c *call.Call, _ *DescribeMembershipInput) (*DescribeMembershipOutput, error) {
	out := &DescribeMembershipOutput{}
	err := s.Store.View(ctx, func(tx store.Tx) error {
		_, err := org.Caller(tx, c.Principal.Account, "organizations:ListRoots")
		if err != nil && !fault.Is(err, fault.Denied) {
			return err
		}
		out.ReadsOrganization = aws.Bool(err == nil)
		_, err = org.RunBy(tx, c.Principal.Account, org.IdentityCenter)
		if err != nil && !fault.Is(err, fault.Denied) {
			return err
		}
		out.AdministersIdentityCenter = aws.Bool(err == nil)
		return nil
	})
	return out, wireError(err)
}

// SendEmailVerification mails the link again; the one before is good no more.
func (s *Service) SendEmailVerification(ctx context.Context, c *call.Call, _ *SendEmailVerificationInput) (*SendEmailVerificationOutput, error) {
	err := s.Store.Update(ctx, c.Event, func(tx store.Tx) error {
		o, err := managed(tx, c)
		if err != nil {
			return err
		}
		_, err = s.Mail.SendVerification(tx, o, c.Now)
		return err
	})
	return &SendEmailVerificationOutput{}, wireError(err)
}

// managed is the organization that the caller's account manages. Members are
// Denied.
func managed(tx store.Tx, c *call.Call) (org.Organization, error) {
	o, err := tx.OrganizationManagedBy(c.Principal.Account)
	if !fault.Is(err, fault.NotFound) {
		return o, err
	}
	if _, err := org.Of(tx, c.Principal.Account); err == nil {
		return o, fault.New(fault.Denied, "not-management", "You don't have permissions to access this resource.")
	}
	return o, err
}

// wireError puts a fault into the service's terms. Other errors pass as they are.
func wireError(err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	switch f.Kind {
	case fault.NotFound:
		return &call.Error{Code: "AWSOrganizationsNotInUseException", Message: "Your account is not a member of an organization.", Status: 400}
	case fault.Denied:
		return &call.Error{Code: "AccessDeniedException", Message: f.Public, Status: 400}
	case fault.Invalid:
		return &call.Error{Code: "InvalidInputException", Message: f.Public, Status: 400}
	case fault.Throttled:
		return &call.Error{Code: "TooManyRequestsException", Message: f.Public, Status: 400}
	}
	return err
}

// wireTime is nil for never.
func wireTime(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return aws.String(t.UTC().Format(time.RFC3339))
}
