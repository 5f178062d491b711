package account

import (
	"sekisho/internal/fault"
	"sekisho/internal/org"
)

// ReachTx is what it takes to find the account that a caller may manage.
type ReachTx interface {
	Store
	org.Store
}

// Reach returns the account that somebody in caller means by id: with "", the
// caller itself; otherwise a member of the organization that the caller manages
// (behaviours.md 9.5). Anything else is Denied, whether or not there is such an
// account; the management account must not name itself either.
func Reach(tx ReachTx, caller, id string) (Account, error) {
	if id == "" {
		return tx.Account(caller)
	}
	o, err := tx.Organization()
	if fault.Is(err, fault.NotFound) || err == nil && o.ManagementAccount != caller {
		return Account{}, errNotManaged
	}
	if err != nil {
		return Account{}, err
	}
	if id == caller {
		return Account{}, errNamesItself
	}
	a, err := tx.Account(id)
	if fault.Is(err, fault.NotFound) || err == nil && a.Standalone {
		return Account{}, errNotManaged
	}
	return a, err
}

// NamesItself is the reason of the fault when the management account gives its own id.
const NamesItself = "names-itself"

var (
	errNotManaged  = fault.New(fault.Denied, "account-not-managed", "The account is not a member of an organization that the caller manages.")
	errNamesItself = fault.New(fault.Denied, NamesItself,
		"The management account can only be managed using the standalone context from the management account.")
)
