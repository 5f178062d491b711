package org

import (
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// Delete removes an organization in which there is only the management account
// left, which is standalone afterwards and returned as it was. One that takes part in
// a transfer of responsibility stays until that has ended.
func Delete(tx Tx, o Organization, now time.Time) (account.Account, error) {
	a, err := tx.Account(o.ManagementAccount)
	if err != nil {
		return a, err
	}
	members, err := tx.AccountsOfOrganization(o.ID, page.Request{Limit: 2})
	if err != nil {
		return a, err
	}
	creating, err := tx.PendingCreations(o.ID, 1)
	if err != nil {
		return a, err
	}
	if len(members.Items) > 1 || len(creating) > 0 {
		return a, fault.New(fault.Conflict, "OrganizationNotEmpty", "To delete an organization, you must first remove all member accounts (except the master).")
	}
	if err := transfersNothing(tx, o, now); err != nil {
		return a, err
	}
	if err := forget(tx, o, a); err != nil {
		return a, err
	}
	return a, tx.DeleteOrganization(o.ID)
}

// Leave makes a member standalone: what is attached to it and its tags go. Whether
// it may, [CanLeave] says.
func Leave(tx Tx, o Organization, a account.Account, now time.Time) error {
	if err := forget(tx, o, a); err != nil {
		return err
	}
	return resettle(tx, o, now)
}

func forget(tx Tx, o Organization, a account.Account) error {
	if err := tx.DetachOrgPolicies(o.ID, "", a.ID); err != nil {
		return err
	}
	if err := tx.DeleteOrgTags(a.ID); err != nil {
		return err
	}
	a.Organization, a.OrgPath, a.JoinedMethod, a.JoinedAt = "", "", "", time.Time{}
	return tx.PutAccount(a)
}

// WaitPeriod is how long after its creation an account cannot leave (behaviours.md 9.6).
const WaitPeriod = 4 * 24 * time.Hour

// CanLeave refuses what keeps a member in its organization, apart from what it
// takes to stand alone: the management account never leaves, who administers a
// service stays until it does not, and so does an account that was just created.
func CanLeave(tx Tx, o Organization, a account.Account, now time.Time) error {
	if a.ID == o.ManagementAccount {
		return fault.New(fault.Conflict, "MasterCannotLeaveOrganization", "You can't remove a management account from an organization.")
	}
	if err := administersNothing(tx, a); err != nil {
		return err
	}
	_, err := tx.Closure(a.ID)
	if err == nil {
		return fault.New(fault.Conflict, "ConcurrentModification", "The account is being closed.")
	}
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	if a.JoinedMethod == account.Created && now.Before(a.CreatedAt.Add(WaitPeriod)) {
		return constraint("WAIT_PERIOD_ACTIVE", "An account can be removed from its organization four days after it was created, or later.")
	}
	return nil
}

// administersNothing refuses who administers a service for the organization.
func administersNothing(tx Tx, a account.Account) error {
	services, err := tx.DelegatedServices(a.ID, page.Request{Limit: 1})
	if err != nil {
		return err
	}
	if len(services.Items) > 0 {
		return constraint("CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG", "The account is a delegated administrator of %s. Deregister it first.", services.Items[0].Service)
	}
	return nil
}
