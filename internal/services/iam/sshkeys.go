package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"sekisho/internal/call"
	"sekisho/internal/iam"
	"sekisho/internal/store"
)

func wireSSHPublicKey(user iam.User, k iam.SSHPublicKey, encoding iam.SSHEncoding) (*types.SSHPublicKey, error) {
	body, err := k.In(encoding)
	return &types.SSHPublicKey{
		UserName: aws.String(user.Name), SSHPublicKeyId: aws.String(k.ID), Fingerprint: aws.String(k.Fingerprint),
		SSHPublicKeyBody: aws.String(body), Status: wireStatus(k.Active), UploadDate: at(k.UploadedAt),
	}, err
}

// UploadSSHPublicKey gives a key to a user and shows it in the encoding in which
// it came.
func (s *Service) UploadSSHPublicKey(ctx context.Context, c *call.Call, in *awsiam.UploadSSHPublicKeyInput) (*awsiam.UploadSSHPublicKeyOutput, error) {
	out := &awsiam.UploadSSHPublicKeyOutput{}
	err := s.changeUser(ctx, c, in.UserName, func(tx store.Tx, u iam.User) error {
		k, encoding, err := iam.UploadSSHPublicKey(tx, c.Now, u, aws.ToString(in.SSHPublicKeyBody))
		if err != nil {
			return err
		}
		c.Event.Set("sshPublicKeyId", k.ID)
		out.SSHPublicKey, err = wireSSHPublicKey(u, k, encoding)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// GetSSHPublicKey shows a user's key in the encoding that is asked for.
func (s *Service) GetSSHPublicKey(ctx context.Context, c *call.Call, in *awsiam.GetSSHPublicKeyInput) (*awsiam.GetSSHPublicKeyOutput, error) {
	out := &awsiam.GetSSHPublicKeyOutput{}
	err := s.view(ctx, func(tx store.Tx) error {
		u, err := iam.FindUser(tx, c.Principal.Account, aws.ToString(in.UserName))
		if err != nil {
			return err
		}
		k, err := iam.SSHPublicKeyOf(tx, u, aws.ToString(in.SSHPublicKeyId))
		if err != nil {
			return err
		}
		out.SSHPublicKey, err = wireSSHPublicKey(u, k, iam.SSHEncoding(in.Encoding))
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ListSSHPublicKeys lists the keys of the named user or the caller, oldest first.
// A root user has none.
func (s *Service) ListSSHPublicKeys(ctx context.Context, c *call.Call, in *awsiam.ListSSHPublicKeysInput) (*awsiam.ListSSHPublicKeysOutput, error) {
	want, err := wanted(in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &awsiam.ListSSHPublicKeysOutput{}
	err = s.view(ctx, func(tx store.Tx) error {
		h, err := holderOf(tx, c, in.UserName)
		if err != nil {
			return err
		}
		keys, err := tx.SSHPublicKeys(h.User.ID)
		if err != nil {
			return err
		}
		p := pageOf(keys, want, func(k iam.SSHPublicKey) string { return k.UploadedAt.UTC().Format(sortableTime) + k.ID })
		out.SSHPublicKeys = wireAll(p.Items, func(k iam.SSHPublicKey) types.SSHPublicKeyMetadata {
			return types.SSHPublicKeyMetadata{
				UserName: userName(h), SSHPublicKeyId: aws.String(k.ID), Status: wireStatus(k.Active), UploadDate: at(k.UploadedAt),
			}
		})
		out.Marker, out.IsTruncated = next(p.Next), p.Next != ""
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// UpdateSSHPublicKey switches a user's key on or off.
func (s *Service) UpdateSSHPublicKey(ctx context.Context, c *call.Call, in *awsiam.UpdateSSHPublicKeyInput) (*awsiam.UpdateSSHPublicKeyOutput, error) {
	c.Event.Set("sshPublicKeyId", aws.ToString(in.SSHPublicKeyId))
	err := s.switchCredential(ctx, c, in.UserName, in.Status, func(tx store.Tx, h iam.Holder, active bool) error {
		return iam.SetSSHPublicKeyActive(tx, h.User, aws.ToString(in.SSHPublicKeyId), active)
	})
	return &awsiam.UpdateSSHPublicKeyOutput{}, err
}

// DeleteSSHPublicKey deletes a user's key.
func (s *Service) DeleteSSHPublicKey(ctx context.Context, c *call.Call, in *awsiam.DeleteSSHPublicKeyInput) (*awsiam.DeleteSSHPublicKeyOutput, error) {
	c.Event.Set("sshPublicKeyId", aws.ToString(in.SSHPublicKeyId))
	err := s.changeUser(ctx, c, in.UserName, func(tx store.Tx, u iam.User) error {
		return iam.DeleteSSHPublicKey(tx, u, aws.ToString(in.SSHPublicKeyId))
	})
	return &awsiam.DeleteSSHPublicKeyOutput{}, err
}
