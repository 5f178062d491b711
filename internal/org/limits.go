package org

import "time"

// Limits of organizations (behaviours.md 1.6).
const (
	// DefaultAccounts is how many accounts an organization can have unless it has a
	// limit of its own. Closed ones and open invitations count.
	DefaultAccounts = 10
	// MaxUnits is how many organisational units one can have.
	MaxUnits = 1000
	// MaxClosures is how many of its accounts are being closed at a time.
	MaxClosures = 3

	maxCreations  = 5 // accounts that are being created at a time
	minInvites    = 20
	maxMigration  = 5000 // accounts of an organization that goes over to all features
	minClosed     = 250  // accounts that can be closed in closedPeriod, whatever the organization's size
	maxClosed     = 1000
	closedPercent = 20
)

// Accounts is how many accounts the organization can have.
func (o Organization) Accounts() int {
	if o.AccountLimit > 0 {
		return o.AccountLimit
	}
	return DefaultAccounts
}

// SetAccounts gives the organization a limit of its own, at least 1; accounts that
// there are beyond it stay.
func SetAccounts(tx Tx, o Organization, limit int) error {
	if limit < 1 {
		return invalid("MIN_VALUE_EXCEEDED", "The number of accounts must be at least 1.")
	}
	o.AccountLimit = limit
	return tx.PutOrganization(o)
}

// places is how many places of the organization's limit are taken: by accounts,
// closed ones too, by those that are being created and by open invitations.
func places(tx Tx, o Organization, now time.Time) (int, error) {
	taken, err := tx.MemberCount(o.ID)
	if err != nil {
		return 0, err
	}
	invited, err := tx.OpenHandshakes(o.ID, InviteAccount, now)
	if err != nil {
		return 0, err
	}
	creating, err := tx.PendingCreations(o.ID, maxCreations+1)
	return taken + invited + len(creating), err
}
