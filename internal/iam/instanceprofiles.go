package iam

import (
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
)

// FindInstanceProfile returns the instance profile, ignoring case, or NotFound
// in AWS's words.
func FindInstanceProfile(tx Store, account, name string) (InstanceProfile, error) {
	p, err := tx.InstanceProfileByName(account, name)
	if fault.Is(err, fault.NotFound) {
		return p, fault.New(fault.NotFound, "no-instance-profile", "Instance Profile %s cannot be found.", name)
	}
	return p, err
}

// CreateInstanceProfile makes the instance profile that p describes by account,
// path, name and tags. A taken name is AlreadyExists, one too many Limit.
func CreateInstanceProfile(tx Store, now time.Time, p InstanceProfile) (InstanceProfile, error) {
	if err := checkNamed(InstanceProfiles, p.Path, p.Name); err != nil {
		return InstanceProfile{}, err
	}
	if err := nameFree(tx.InstanceProfileByName, p.Account, p.Name, "Instance Profile %s already exists."); err != nil {
		return InstanceProfile{}, err
	}
	if err := WithinQuota(tx, p.Account, InstanceProfiles); err != nil {
		return InstanceProfile{}, err
	}
	tags, err := SetTags(nil, p.Tags, false)
	if err != nil {
		return InstanceProfile{}, err
	}
	p.ID, p.Tags, p.CreatedAt = arn.NewUniqueID(arn.PrefixInstanceProfile, p.Account), tags, now
	return p, tx.PutInstanceProfile(p)
}

// DeleteInstanceProfile removes an instance profile without a role, and is a
// Conflict otherwise.
func DeleteInstanceProfile(tx Store, p InstanceProfile) error {
	if p.Role != "" {
		return holds(1, nil, "must remove roles from instance profile first")
	}
	return tx.DeleteInstanceProfile(p.ID)
}

// AddRoleToInstanceProfile puts the role in. An instance profile holds one role
// (behaviours.md 1.5): a second is Limit.
func AddRoleToInstanceProfile(tx Store, p InstanceProfile, r Role) error {
	if p.Role != "" {
		return exceeds("InstanceSessionsPerInstanceProfile", 1)
	}
	if err := Protected(r); err != nil {
		return err
	}
	p.Role = r.ID
	return tx.PutInstanceProfile(p)
}

// RemoveRoleFromInstanceProfile takes the role out. It is NotFound if another
// role or none is in.
func RemoveRoleFromInstanceProfile(tx Store, p InstanceProfile, r Role) error {
	if p.Role != r.ID {
		return fault.New(fault.NotFound, "role-not-in-profile", "The role with name %s is not in instance profile %s.", r.Name, p.Name)
	}
	if err := Protected(r); err != nil {
		return err
	}
	p.Role = ""
	return tx.PutInstanceProfile(p)
}

// TagInstanceProfile puts tags on the instance profile.
func TagInstanceProfile(tx Store, p InstanceProfile, add []Tag) (err error) {
	if p.Tags, err = SetTags(p.Tags, add, false); err != nil {
		return err
	}
	return tx.PutInstanceProfile(p)
}

// UntagInstanceProfile takes the tags with the keys off; those that are not
// there do not matter.
func UntagInstanceProfile(tx Store, p InstanceProfile, keys []string) error {
	p.Tags = UnsetTags(p.Tags, keys, false)
	return tx.PutInstanceProfile(p)
}
