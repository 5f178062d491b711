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

// Update changes attributes of an enabled person. With another address, what was
// mailed to the one before is no good any more.
func Update(tx Tx, u directory.User, operations []directory.Operation, by string, now time.Time) (directory.User, error) {
	changed, err := directory.UpdateUser(tx, u, operations, by, now)
	if err != nil || directory.FoldName(changed.Email) == directory.FoldName(u.Email) {
		return changed, err
	}
	if err := tx.DropLinks(u.ID, ""); err != nil {
		return changed, err
	}
	return changed, tx.DropResetLinks(OwnerOf(u))
}

// SetDisabled disables a person, which ends all sessions at once, or enables one.
// Doing it twice does nothing (behaviours.md 6.5).
func SetDisabled(tx Tx, u directory.User, disabled bool, by string, now time.Time) error {
	if u.Disabled == disabled {
		return nil
	}
	u.Disabled, u.UpdatedAt, u.UpdatedBy = disabled, now, by
	if err := tx.PutUser(u); err != nil || !disabled {
		return err
	}
	if err := tx.DropLinks(u.ID, ""); err != nil {
		return err
	}
	if err := tx.DropResetLinks(OwnerOf(u)); err != nil {
		return err
	}
	return tx.EndSessionsOf(u.ID, now, session.UserDisabled)
}
