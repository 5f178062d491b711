package iam

import (
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
)

// FindUser returns the user, ignoring case, or NotFound in AWS's words
// (behaviours.md 5.1).
func FindUser(tx Store, account, name string) (User, error) {
	u, err := tx.IAMUserByName(account, name)
	if fault.Is(err, fault.NotFound) {
		return u, fault.New(fault.NotFound, "no-iam-user", "The user with name %s cannot be found.", name)
	}
	return u, err
}

// CreateUser makes the user that u describes by account, path, name, boundary
// and tags. A taken name is AlreadyExists, one user too many Limit.
func CreateUser(tx Store, now time.Time, u User) (User, error) {
	if err := checkNamed(Users, u.Path, u.Name); err != nil {
		return User{}, err
	}
	if err := nameFree(tx.IAMUserByName, u.Account, u.Name, "User with name %s already exists."); err != nil {
		return User{}, err
	}
	if err := WithinQuota(tx, u.Account, Users); err != nil {
		return User{}, err
	}
	if u.Boundary != "" {
		if err := CheckBoundary(tx, u.Account, u.Boundary); err != nil {
			return User{}, err
		}
	}
	tags, err := SetTags(nil, u.Tags, true)
	if err != nil {
		return User{}, err
	}
	u.ID, u.Tags, u.CreatedAt = arn.NewUniqueID(arn.PrefixUser, u.Account), tags, now
	return u, tx.PutIAMUser(u)
}

// nameFree is AlreadyExists, in the words of taken, if find finds the name.
func nameFree[T any](find func(account, name string) (T, error), account, name, taken string) error {
	_, err := find(account, name)
	if err == nil {
		return fault.New(fault.AlreadyExists, "name-taken", taken, name)
	}
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// RenameUser gives the user another path and name; nil leaves what there is. The
// user stays who it is: its id, credentials, policies and groups are its own. A
// taken name is AlreadyExists.
func RenameUser(tx Store, u User, path, name *string) (User, error) {
	if path != nil {
		u.Path = *path
	}
	if name != nil {
		u.Name = *name
	}
	if err := checkNamed(Users, u.Path, u.Name); err != nil {
		return u, err
	}
	return u, tx.PutIAMUser(u)
}

// userHolds are what keeps a user from being deleted, each a Conflict
// (behaviours.md 5.2). The files of other nouns add theirs.
var userHolds = []func(tx Store, u User) error{
	func(tx Store, u User) error {
		held, err := tx.AccessKeysOf(u.Account, u.ID)
		return holds(len(held), err, "must delete access keys first")
	},
	loginProfileHolds,
	mfaDevicesHold,
	signingCertificatesHold,
	sshPublicKeysHold,
	serviceCredentialsHold,
	func(tx Store, u User) error { return policiesHold(tx, u.ID) },
	func(tx Store, u User) error {
		held, err := tx.IAMGroupsOf(u.ID)
		return holds(len(held), err, "must remove users from group first")
	},
}

// policiesHold is a Conflict while the identity has policies of its own or
// managed ones.
func policiesHold(tx Store, owner string) error {
	attached, err := tx.Attachments(owner)
	if err := holds(len(attached), err, "must detach all policies first"); err != nil {
		return err
	}
	inline, err := tx.InlinePolicies(owner)
	return holds(len(inline), err, "must delete policies first")
}

// holds is the Conflict that n things which must go first are to a deletion.
func holds(n int, err error, must string) error {
	if err != nil || n == 0 {
		return err
	}
	return fault.New(fault.Conflict, "delete-conflict", "Cannot delete entity, %s.", must)
}

// DeleteUser removes a user on which nothing hangs any more, and is a Conflict
// otherwise. A permissions boundary goes with the user.
func DeleteUser(tx Store, u User) error {
	for _, hold := range userHolds {
		if err := hold(tx, u); err != nil {
			return err
		}
	}
	return tx.DeleteIAMUser(u.ID)
}

// TagUser puts tags on the user; UntagUser takes them off.
func TagUser(tx Store, u User, add []Tag) (err error) {
	if u.Tags, err = SetTags(u.Tags, add, true); err != nil {
		return err
	}
	return tx.PutIAMUser(u)
}

// UntagUser takes the tags with the keys off; those that are not there do not matter.
func UntagUser(tx Store, u User, keys []string) error {
	u.Tags = UnsetTags(u.Tags, keys, true)
	return tx.PutIAMUser(u)
}

// PasswordLastUsed is when the user, or the account's root user, last signed in
// to the console; zero for never. entity is as Use has it.
func PasswordLastUsed(tx Store, entity string) (time.Time, error) {
	used, err := tx.ConsoleLogins([]string{entity})
	return used[entity], err
}
