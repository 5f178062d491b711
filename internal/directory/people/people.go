// Package people is the life of the people of a directory: how they come to a
// password, by invitation, one-time password or code; that an address is theirs;
// and what ends when they are disabled or move to another address (behaviours.md
// 6.5, 6.6).
//
// It owns the rules and what is mailed to prove them. Who people are is
// directory's, how passwords are kept credential's, what pages and mails look like
// the browser packages' and web's.
package people

import (
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/session"
)

// Tx is what the rules need kept.
type Tx interface {
	credential.Store
	directory.Store
	session.Store
	Store
}

// OwnerOf is whose a person's credentials are.
func OwnerOf(u directory.User) credential.Owner {
	return credential.Owner{Kind: credential.DirectoryUser, ID: u.ID}
}

// Update changes attributes of an enabled person.
func Update(tx Tx, u directory.User, operations []directory.Operation, by string, now time.Time) (directory.User, error) {
	changed, err := directory.UpdateUser(tx, u, operations, by, now)
	if err != nil {
		return changed, err
	}
	return changed, Changed(tx, u, changed, now)
}

// SetDisabled disables a person or enables one. Doing it twice does nothing
// (behaviours.md 6.5).
func SetDisabled(tx Tx, u directory.User, disabled bool, by string, now time.Time) error {
	if u.Disabled == disabled {
		return nil
	}
	was := u
	u.Disabled, u.UpdatedAt, u.UpdatedBy = disabled, now, by
	if err := tx.PutUser(u); err != nil {
		return err
	}
	return Changed(tx, was, u, now)
}

// Changed ends what a person had until now that no longer holds, whoever wrote the
// change. With another address, what was mailed to the one before is no good any more:
// its reader may be somebody else. Disabling ends that too, and all sessions at once.
func Changed(tx Tx, was, is directory.User, now time.Time) error {
	disabled := is.Disabled && !was.Disabled
	if !disabled && directory.FoldName(is.Email) == directory.FoldName(was.Email) {
		return nil
	}
	if err := tx.DropLinks(is.ID, ""); err != nil {
		return err
	}
	if err := tx.DropResetLinks(OwnerOf(is)); err != nil || !disabled {
		return err
	}
	return tx.EndSessionsOf(is.ID, now, session.UserDisabled)
}
