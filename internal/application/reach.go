package application

import (
	"sekisho/internal/access"
	"sekisho/internal/fault"
	"sekisho/internal/org"
)

// Tx is what finding out who may needs beside the objects themselves.
type Tx interface {
	Store
	org.Store
}

// May reports whether the caller may see and change an application: those who run
// the instance all of them, other members their own.
func May(c access.Caller, a Application) bool {
	return a.Instance == c.Instance.ID && (c.Administrator || a.Account == c.Account)
}

// Reach returns the application that an ARN names for an account that may see and
// change it. That others' do not exist is not told to those who may not.
func Reach(tx Tx, account, arn string) (access.Caller, Application, error) {
	n := ParseARN(arn)
	if n.Kind != AnApplication {
		return access.Caller{}, Application{}, noApplication(arn)
	}
	c, err := access.Enter(tx, account, n.Instance)
	if err != nil {
		return c, Application{}, err
	}
	if !c.Administrator && n.Account != account {
		return c, Application{}, access.ErrNotAdministrator
	}
	a, err := ByARN(tx, arn)
	return c, a, err
}

// ReachTokenIssuer returns the trusted token issuer that an ARN names. Members may
// look at those of their organization's instance, which their applications' grants
// name; to change them is for administrators.
func ReachTokenIssuer(tx Tx, account, arn string, change bool) (TokenIssuer, error) {
	n := ParseARN(arn)
	if n.Kind != ATokenIssuer {
		return TokenIssuer{}, noTokenIssuer(arn)
	}
	c, err := access.Enter(tx, account, n.Instance)
	if err != nil {
		return TokenIssuer{}, err
	}
	if change && !c.Administrator {
		return TokenIssuer{}, access.ErrNotAdministrator
	}
	return TokenIssuerByARN(tx, arn)
}

// ReachTags is Denied or NotFound unless the account may look at, or change, the
// tags of the application or trusted token issuer that the ARN names. It returns the
// accounts that a change concerns: its own and the one that owns the instance.
func ReachTags(tx Tx, account, arn string, change bool) ([]string, error) {
	if ParseARN(arn).Kind == ATokenIssuer {
		i, err := ReachTokenIssuer(tx, account, arn, change)
		return []string{i.Account}, err
	}
	c, a, err := Reach(tx, account, arn)
	return []string{a.Account, c.Instance.Owner}, err
}

// MayList reports whether the caller may list with a filter: members have to ask for
// their own applications.
func MayList(c access.Caller, f Filter) error {
	switch {
	case c.Administrator || f.Account == c.Account:
		return nil
	case f.Account == "":
		return fault.New(fault.Invalid, "filter-required", "A member account must filter by its own ApplicationAccount.")
	}
	return access.ErrNotAdministrator
}
