package iam

import (
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/token"
)

// maxAccessKeys is how many keys an IAM user or root user has at most, active or
// not, so that one can take the place of the other (C-19).
const maxAccessKeys = 2

// CreateAccessKey makes a key for the owner. Its secret is told this once (B-35,
// C-18).
func CreateAccessKey(tx AccessKeyStore, now time.Time, h Holder) (AccessKey, error) {
	have, err := tx.AccessKeysOf(h.Account, h.User.ID)
	if err != nil {
		return AccessKey{}, err
	}
	if len(have) >= maxAccessKeys {
		return AccessKey{}, exceeds("AccessKeysPerUser", maxAccessKeys)
	}
	k := AccessKey{
		ID: arn.NewUniqueID(arn.PrefixAccessKey, h.Account), Account: h.Account, User: h.User.ID,
		Secret: token.NewSecretKey(), Active: true, CreatedAt: now,
	}
	return k, tx.PutAccessKey(k)
}

// AccessKeyOf is the owner's key of that id. Another's is as one that does not
// exist.
func AccessKeyOf(tx AccessKeyStore, h Holder, id string) (AccessKey, error) {
	k, err := tx.AccessKey(id)
	if err == nil && (k.Account != h.Account || k.User != h.User.ID) {
		err = fault.New(fault.NotFound, "access-key-of-another", "")
	}
	if err != nil {
		return AccessKey{}, missing(err, "The Access Key with id %s cannot be found", id)
	}
	return k, nil
}

// SetAccessKeyActive lets the owner's key sign, or no longer.
func SetAccessKeyActive(tx AccessKeyStore, h Holder, id string, active bool) error {
	k, err := AccessKeyOf(tx, h, id)
	if err != nil {
		return err
	}
	k.Active = active
	return tx.PutAccessKey(k)
}

// DeleteAccessKey removes the owner's key for good.
func DeleteAccessKey(tx AccessKeyStore, h Holder, id string) error {
	if _, err := AccessKeyOf(tx, h, id); err != nil {
		return err
	}
	return tx.DeleteAccessKey(id)
}
