package iam

import (
	"sekisho/internal/account"
	"sekisho/internal/fault"
)

// SetAlias gives the account the alias, in place of the one it had: an account
// has one (behaviours.md 5.6). One that another account has, or that this one
// has already, is AlreadyExists; one that looks like an account id is Invalid.
func SetAlias(tx account.Store, id, alias string) error {
	a, err := tx.Account(id)
	if err != nil {
		return err
	}
	if a.Alias == alias {
		return aliasTaken(alias)
	}
	a.Alias = alias
	if err := a.Validate(); err != nil {
		return err
	}
	err = tx.PutAccount(a)
	if fault.ReasonOf(err) == "alias-taken" {
		return aliasTaken(alias)
	}
	return err
}

func aliasTaken(alias string) error {
	return fault.New(fault.AlreadyExists, "alias-taken", "The account alias %s already exists.", alias)
}

// DropAlias takes the alias from the account. It is NotFound if that is not the
// account's alias.
func DropAlias(tx account.Store, id, alias string) error {
	a, err := tx.Account(id)
	if err != nil {
		return err
	}
	if a.Alias != alias {
		return fault.New(fault.NotFound, "no-alias", "The account alias %s cannot be found.", alias)
	}
	a.Alias = ""
	return tx.PutAccount(a)
}
