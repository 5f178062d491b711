package org

import (
	"sekisho/internal/account"
	"sekisho/internal/fault"
)

// Reach returns the account that somebody in caller means by id: with "", the
// caller itself; otherwise a member of the organization that the caller manages, or
// whose delegated administrator for Account Management it is, if the organization
// trusts that service (behaviours.md 9.5). Anything else is Denied, whether or not
// there is such an account; the management account must not be named, by itself or
// others.
func Reach(tx Tx, caller, id string) (account.Account, error) {
	if id == "" {
		return tx.Account(caller)
	}
	o, err := RunBy(tx, caller, AccountManagement)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Denied) {
		return account.Account{}, errNotManaged
	}
	if err != nil {
		return account.Account{}, err
	}
	if id == caller && caller == o.ManagementAccount {
		return account.Account{}, errNamesItself
	}
	trusted, err := Trusts(tx, o, AccountManagement)
	if err != nil {
		return account.Account{}, err
	}
	if !trusted {
		return account.Account{}, errNotTrusted
	}
	a, err := tx.Account(id)
	if fault.Is(err, fault.NotFound) || err == nil && (a.Organization != o.ID || id == o.ManagementAccount) {
		return account.Account{}, errNotManaged
	}
	return a, err
}

// The reasons that AWS tells whoever manages an organization: the management account
// gives its own id, or Account Management is not trusted.
const (
	NamesItself = "names-itself"
	NotTrusted  = "account-management-not-trusted"
)

var (
	errNotManaged  = fault.New(fault.Denied, "account-not-managed", "The account is not a member of an organization that the caller manages.")
	errNamesItself = fault.New(fault.Denied, NamesItself,
		"The management account can only be managed using the standalone context from the management account.")
	errNotTrusted = fault.New(fault.Denied, NotTrusted, "Your organization must first enable trusted access with AWS Account Management.")
)
