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

// servicePrincipal is Identity Center's name among the services that an
// organization delegates.
const servicePrincipal = "sso.amazonaws.com"

// Caller is an account that means an instance.
type Caller struct {
	Account  string
	Instance access.Instance
	// Administrator says that the account runs the instance: it owns it, or is the
	// delegated administrator of its organization. The other members have only their
	// own applications in it.
	Administrator bool
}

// May reports whether the caller may see and change an application.
func (c Caller) May(a Application) bool {
	return a.Instance == c.Instance.ID && (c.Administrator || a.Account == c.Account)
}

var errNotYours = fault.New(fault.Denied, "not-administrator", "You do not have sufficient access to perform this action.")

// Enter is how an account comes to an instance. It is Denied for accounts that the
// instance is none of the business of, whether or not there is such an instance.
func Enter(tx Tx, account, instance string) (Caller, error) {
	i, err := tx.Instance(instance)
	if fault.Is(err, fault.NotFound) {
		return Caller{}, errNotYours
	}
	if err != nil {
		return Caller{}, err
	}
	c := Caller{Account: account, Instance: i, Administrator: i.Owner == account}
	if c.Administrator {
		return c, nil
	}
	a, err := tx.Account(account)
	if err == nil && (i.Organization == "" || a.Organization != i.Organization) {
		err = errNotYours
	}
	if err != nil {
		return c, err
	}
	c.Administrator, err = org.Delegated(tx, account, servicePrincipal)
	return c, err
}

// Reach returns the application that an ARN names for an account that may see and
// change it. That others' do not exist is not told to those who may not.
func Reach(tx Tx, account, arn string) (Caller, Application, error) {
	n := ParseARN(arn)
	if n.Kind != AnApplication {
		return Caller{}, Application{}, noApplication(arn)
	}
	c, err := Enter(tx, account, n.Instance)
	if err != nil {
		return c, Application{}, err
	}
	if !c.Administrator && n.Account != account {
		return c, Application{}, errNotYours
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
	c, err := Enter(tx, account, n.Instance)
	if err != nil {
		return TokenIssuer{}, err
	}
	if change && !c.Administrator {
		return TokenIssuer{}, errNotYours
	}
	return TokenIssuerByARN(tx, arn)
}

// ReachTags is Denied or NotFound unless the account may look at, or change, the
// tags of the application or trusted token issuer that the ARN names.
func ReachTags(tx Tx, account, arn string, change bool) error {
	if ParseARN(arn).Kind == ATokenIssuer {
		_, err := ReachTokenIssuer(tx, account, arn, change)
		return err
	}
	_, _, err := Reach(tx, account, arn)
	return err
}

// Administer is Denied unless the caller runs the instance.
func (c Caller) Administer() error {
	if !c.Administrator {
		return errNotYours
	}
	return nil
}

// MayList reports whether the caller may list with a filter: members have to ask for
// their own applications.
func (c Caller) MayList(f Filter) error {
	switch {
	case c.Administrator || f.Account == c.Account:
		return nil
	case f.Account == "":
		return fault.New(fault.Invalid, "filter-required", "A member account must filter by its own ApplicationAccount.")
	}
	return errNotYours
}
