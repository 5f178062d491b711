package org

import (
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
)

// Closure is a member account that the organization closes, which is done in the
// background. One is kept while it counts for the quota.
type Closure struct {
	Account      string
	Organization string
	RequestedAt  time.Time
	CompletedAt  time.Time // zero while it is under way
}

// ClosurePeriod is the time in which closures are counted (behaviours.md 1.6).
const ClosurePeriod = 30 * 24 * time.Hour

// ClosureStore keeps closures.
type ClosureStore interface {
	// Closure returns the one of the account that is under way, or NotFound.
	Closure(account string) (Closure, error)
	// PendingClosures are those under way, of one organization or with "" of all, the
	// oldest first.
	PendingClosures(organization string, limit int) ([]Closure, error)
	// ClosuresSince is how many the organization has requested since then.
	ClosuresSince(organization string, since time.Time) (int, error)
	// PutClosure creates or replaces it.
	PutClosure(c Closure) error
}

// RequestClosure notes that a member account is to be closed. The management
// account, one that is closed or being closed, and too many are refused.
func RequestClosure(tx Tx, o Organization, accountID string, now time.Time) (account.Account, error) {
	a, err := Member(tx, o, accountID)
	if err != nil {
		return a, err
	}
	if o.Features != AllFeatures {
		return a, errNotAllFeatures
	}
	if a.ID == o.ManagementAccount {
		return a, constraint("CANNOT_CLOSE_MANAGEMENT_ACCOUNT", "You can't close the management account of an organization.")
	}
	if a.Status == account.Closed {
		return a, fault.New(fault.Conflict, "AccountAlreadyClosed", "The provided account is already closed.")
	}
	_, err = tx.Closure(a.ID)
	if err == nil {
		return a, fault.New(fault.Conflict, "Conflict", "The account is being closed already.")
	}
	if !fault.Is(err, fault.NotFound) {
		return a, err
	}
	if err := administersNothing(tx, a); err != nil {
		return a, err
	}
	under, err := tx.PendingClosures(o.ID, MaxClosures)
	if err != nil {
		return a, err
	}
	if len(under) >= MaxClosures {
		return a, constraint("CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED", "You have exceeded the number of accounts that can be closed at a time (%d).", MaxClosures)
	}
	members, err := tx.MemberCount(o.ID)
	if err != nil {
		return a, err
	}
	closed, err := tx.ClosuresSince(o.ID, now.Add(-ClosurePeriod))
	if err != nil {
		return a, err
	}
	if closed >= min(max(minClosed, members*closedPercent/100), maxClosed) {
		return a, constraint("CLOSE_ACCOUNT_QUOTA_EXCEEDED", "You have exceeded the number of accounts that can be closed in 30 days.")
	}
	return a, tx.PutClosure(Closure{Account: a.ID, Organization: o.ID, RequestedAt: now})
}
