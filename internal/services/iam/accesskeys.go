package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

// CreateAccessKey makes a key for the named user or the caller, root users
// included. Nobody is told its secret again.
func (s *Service) CreateAccessKey(ctx context.Context, c *call.Call, in *awsiam.CreateAccessKeyInput) (*awsiam.CreateAccessKeyOutput, error) {
	var (
		h iam.Holder
		k iam.AccessKey
	)
	err := s.update(ctx, c, func(tx store.Tx) (err error) {
		if h, err = holderOf(tx, c, in.UserName); err != nil {
			return err
		}
		if k, err = iam.CreateAccessKey(tx, c.Now, h); err != nil {
			return err
		}
		c.Event.Set("accessKeyId", k.ID)
		return s.tellRoot(tx, c, h, account.RootKeyCreated)
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.CreateAccessKeyOutput{AccessKey: &types.AccessKey{
		UserName: userName(h), AccessKeyId: aws.String(k.ID), Status: wireStatus(k.Active),
		SecretAccessKey: aws.String(k.Secret.Reveal()), CreateDate: at(k.CreatedAt),
	}}, nil
}

// ListAccessKeys lists the keys of the named user or the caller, without their
// secrets, oldest first.
func (s *Service) ListAccessKeys(ctx context.Context, c *call.Call, in *awsiam.ListAccessKeysInput) (*awsiam.ListAccessKeysOutput, error) {
	want, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &awsiam.ListAccessKeysOutput{AccessKeyMetadata: []types.AccessKeyMetadata{}}
	err = s.view(ctx, func(tx store.Tx) error {
		h, err := holderOf(tx, c, in.UserName)
		if err != nil {
			return err
		}
		keys, err := tx.AccessKeysOf(h.Account, h.User.ID)
		if err != nil {
			return err
		}
		p := pageOf(keys, want, func(k iam.AccessKey) string { return k.CreatedAt.UTC().Format(sortableTime) + k.ID })
		out.Marker, out.IsTruncated = next(p.Next), p.Next != ""
		for _, k := range p.Items {
			out.AccessKeyMetadata = append(out.AccessKeyMetadata, types.AccessKeyMetadata{
				UserName: userName(h), AccessKeyId: aws.String(k.ID), Status: wireStatus(k.Active), CreateDate: at(k.CreatedAt),
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// sortableTime is a time in digits that sort as it does.
const sortableTime = "2006-01-02T15:04:05.000000Z"

// UpdateAccessKey switches a key on or off.
func (s *Service) UpdateAccessKey(ctx context.Context, c *call.Call, in *awsiam.UpdateAccessKeyInput) (*awsiam.UpdateAccessKeyOutput, error) {
	if in.Status == types.StatusTypeExpired {
		return nil, wireError(fault.New(fault.Invalid, "status", "The status of an access key can be Active or Inactive."))
	}
	c.Event.Set("accessKeyId", aws.ToString(in.AccessKeyId))
	c.Event.Set("status", string(in.Status))
	err := s.update(ctx, c, func(tx store.Tx) error {
		h, err := holderOf(tx, c, in.UserName)
		if err != nil {
			return err
		}
		return iam.SetAccessKeyActive(tx, h, aws.ToString(in.AccessKeyId), in.Status == types.StatusTypeActive)
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.UpdateAccessKeyOutput{}, nil
}

// DeleteAccessKey removes a key for good. The caller's own may be the one.
func (s *Service) DeleteAccessKey(ctx context.Context, c *call.Call, in *awsiam.DeleteAccessKeyInput) (*awsiam.DeleteAccessKeyOutput, error) {
	c.Event.Set("accessKeyId", aws.ToString(in.AccessKeyId))
	err := s.update(ctx, c, func(tx store.Tx) error {
		h, err := holderOf(tx, c, in.UserName)
		if err != nil {
			return err
		}
		return iam.DeleteAccessKey(tx, h, aws.ToString(in.AccessKeyId))
	})
	if err != nil {
		return nil, err
	}
	return &awsiam.DeleteAccessKeyOutput{}, nil
}

// GetAccessKeyLastUsed tells when, where and for what a key of the account was
// used last. About keys that the account does not have it says what it says to
// those who may not ask.
func (s *Service) GetAccessKeyLastUsed(ctx context.Context, c *call.Call, in *awsiam.GetAccessKeyLastUsedInput) (*awsiam.GetAccessKeyLastUsedOutput, error) {
	id := aws.ToString(in.AccessKeyId)
	var (
		user iam.User
		use  iam.Use
	)
	err := s.Store.View(ctx, func(tx store.Tx) error {
		k, err := tx.AccessKey(id)
		if err != nil {
			return err
		}
		if k.Account != c.Principal.Account {
			return fault.New(fault.NotFound, "access-key-of-another", "The access key does not exist.")
		}
		if k.User != "" {
			if user, err = tx.IAMUser(k.User); err != nil {
				return err
			}
		}
		use, err = tx.AccessKeyUse(id)
		return ignoreMissing(err)
	})
	if fault.Is(err, fault.NotFound) {
		return nil, &call.Error{
			Code: "AccessDenied", Status: 403,
			Message: "User: " + c.Principal.ARN + " is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key " + id,
		}
	}
	if err != nil {
		return nil, wireError(err)
	}
	last := &types.AccessKeyLastUsed{LastUsedDate: at(use.At), ServiceName: aws.String("N/A"), Region: aws.String("N/A")}
	if !use.At.IsZero() {
		last.ServiceName, last.Region = aws.String(use.Service), aws.String(firstOf(use.Region, "N/A"))
	}
	out := &awsiam.GetAccessKeyLastUsedOutput{AccessKeyLastUsed: last}
	if user.ID != "" {
		out.UserName = aws.String(user.Name)
	}
	return out, nil
}

func wireStatus(active bool) types.StatusType {
	if active {
		return types.StatusTypeActive
	}
	return types.StatusTypeInactive
}
