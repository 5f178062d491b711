package organizations

import (
	"time"

	"sekisho/internal/account"
	"sekisho/internal/audit"
	"sekisho/internal/membership"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

// Departure is how an account left its organization.
type Departure string

// The ways. Cleaned is for an account that was closed so long ago that nothing is
// left of it.
const (
	DepartureRemoved Departure = "REMOVED"
	DepartureLeft    Departure = "LEFT"
	DepartureCleaned Departure = "CLEANED"
)

// RecordJoined adds to the history of the management account, and only there, that
// an account has joined (behaviours.md 9.6).
func RecordJoined(tx store.Tx, o org.Organization, accountID string, method account.JoinedMethod, region string, now time.Time) error {
	e := serviceEvent("AccountJoinedOrganization", o, accountID, region, now)
	e.Set("joinedMethod", string(method))
	e.Set("joinedTime", now.UTC().Format(time.RFC3339))
	return tx.AppendEvent(e)
}

// RecordDeparted is RecordJoined for one that has left.
func RecordDeparted(tx store.Tx, o org.Organization, accountID string, how Departure, region string, now time.Time) error {
	e := serviceEvent("AccountDepartedOrganization", o, accountID, region, now)
	e.Set("departureMethod", string(how))
	e.Set("departureTime", now.UTC().Format(time.RFC3339))
	return tx.AppendEvent(e)
}

// RecordCreation tells what became of a request to create an account.
func RecordCreation(tx store.Tx, o org.Organization, c org.Creation, region string, now time.Time) error {
	e := serviceEvent("CreateAccountResult", o, c.Account, region, now)
	e.Set("createAccountStatus.id", c.ID)
	e.Set("createAccountStatus.state", string(c.State))
	e.Set("createAccountStatus.requestedTimestamp", c.RequestedAt.UTC().Format(time.RFC3339))
	e.Set("createAccountStatus.completedTimestamp", c.CompletedAt.UTC().Format(time.RFC3339))
	if c.Account != "" {
		e.Set("createAccountStatus.accountId", c.Account)
	}
	if c.Failure != "" {
		e.Set("createAccountStatus.failureReason", string(c.Failure))
	}
	return tx.AppendEvent(e)
}

// RecordClosure tells that an account was closed.
func RecordClosure(tx store.Tx, o org.Organization, a account.Account, region string, now time.Time) error {
	e := serviceEvent("CloseAccountResult", o, a.ID, region, now)
	e.Set("closeAccountStatus.accountId", a.ID)
	e.Set("closeAccountStatus.state", "SUCCEEDED")
	return tx.AppendEvent(e)
}

// serviceEvent is of what the service did by itself.
func serviceEvent(name string, o org.Organization, accountID, region string, now time.Time) *audit.Event {
	e := &audit.Event{
		At: now, Account: o.ManagementAccount, Source: membership.Principal, Name: name, Region: region, Count: 1,
		PrincipalID: membership.Principal, Identity: audit.Identity{Type: audit.TypeService},
	}
	if accountID != "" {
		e.Resource = accountARN(o, accountID)
	}
	return e
}
