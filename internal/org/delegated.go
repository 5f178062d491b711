package org

import (
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// Delegate is a member account that administers a service for its organization
// (F-09).
type Delegate struct {
	Organization string
	Account      string
	Service      string // the service principal: "sso.amazonaws.com"
	Since        time.Time
}

// DelegateStore keeps who administers what.
type DelegateStore interface {
	// Delegate returns the registration, or NotFound.
	Delegate(account, service string) (Delegate, error)
	// Delegates pages through the organization's accounts that administer the
	// service, or with "" any, in order of account. Each comes once, with its
	// earliest registration of those.
	Delegates(organization, service string, p page.Request) (page.Page[Delegate], error)
	// DelegatedServices pages through what the account administers, in order of service.
	DelegatedServices(account string, p page.Request) (page.Page[Delegate], error)
	// PutDelegate creates it or does nothing.
	PutDelegate(d Delegate) error
	// DeleteDelegate is NotFound if there is none.
	DeleteDelegate(account, service string) error
}

// AccountManagement, IAM and IdentityCenter are the services of ours that can be
// delegated, by their principals.
const (
	AccountManagement = "account.amazonaws.com"
	IAM               = "iam.amazonaws.com"
	IdentityCenter    = "sso.amazonaws.com"
)

// Delegated reports whether the account administers the service for the
// organization that it is a member of now.
func Delegated(tx Tx, accountID, service string) (bool, error) {
	d, err := tx.Delegate(accountID, service)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	a, err := tx.Account(accountID)
	return err == nil && a.Organization == d.Organization && a.Status == account.Active, err
}

// DelegatedAny is Delegated for any service at all: such an account may read what
// Organizations knows (behaviours.md 9.6) and cannot leave.
func DelegatedAny(tx Tx, accountID string) (bool, error) {
	a, err := tx.Account(accountID)
	if err != nil || a.Standalone() || a.Status != account.Active {
		return false, err
	}
	services, err := tx.DelegatedServices(accountID, page.Request{Limit: 1})
	return len(services.Items) > 0 && services.Items[0].Organization == a.Organization, err
}

// RunBy returns the organization for which the account may run the service: the
// one that it manages, or whose delegated administrator it is. Others are Denied.
func RunBy(tx Tx, accountID, service string) (Organization, error) {
	o, err := Of(tx, accountID)
	if err != nil || o.ManagementAccount == accountID {
		return o, err
	}
	ok, err := Delegated(tx, accountID, service)
	if err == nil && !ok {
		err = fault.New(fault.Denied, "not-administrator", "The account is neither the management account of its organization nor a delegated administrator for %s.", service)
	}
	return o, err
}

// errMasterDelegate is what AWS says of the management account in either direction.
var errMasterDelegate = constraint("CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
	"You cannot register master account/yourself as delegated administrator for your organization.")

// Register makes a member account an administrator of a service that is trusted
// (behaviours.md 9.6).
func Register(tx Tx, o Organization, accountID, service string, now time.Time) error {
	s, err := recognized(service)
	if err != nil {
		return err
	}
	if accountID == o.ManagementAccount {
		return errMasterDelegate
	}
	a, err := Member(tx, o, accountID)
	if err != nil {
		return err
	}
	if a.Status != account.Active {
		return constraint("CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR", "You cannot register a suspended account as a delegated administrator.")
	}
	trusted, err := Trusts(tx, o, service)
	if err != nil {
		return err
	}
	if !trusted {
		return constraint("SERVICE_ACCESS_NOT_ENABLED", "You must enable service access for %s before you register a delegated administrator.", service)
	}
	_, err = tx.Delegate(accountID, service)
	if err == nil {
		return fault.New(fault.AlreadyExists, "AccountAlreadyRegistered", "The provided account is already a delegated administrator for your organization.")
	}
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	if s.exclusive {
		others, err := tx.Delegates(o.ID, service, page.Request{Limit: 1})
		if err != nil {
			return err
		}
		if len(others.Items) > 0 {
			return constraint("DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE", "%s already has a delegated administrator.", service)
		}
	}
	return tx.PutDelegate(Delegate{o.ID, accountID, service, now})
}

// Deregister takes the administration away again.
func Deregister(tx Tx, o Organization, accountID, service string) error {
	if _, err := recognized(service); err != nil {
		return err
	}
	if accountID == o.ManagementAccount {
		return errMasterDelegate
	}
	if _, err := Member(tx, o, accountID); err != nil {
		return err
	}
	err := tx.DeleteDelegate(accountID, service)
	if fault.Is(err, fault.NotFound) {
		return notRegistered(err)
	}
	return err
}

// Administrators pages through the members that administer the service, or with ""
// any, as [DelegateStore] does.
func Administrators(tx Store, o Organization, service string, p page.Request) (page.Page[Delegate], error) {
	if service != "" {
		if _, err := recognized(service); err != nil {
			return page.Page[Delegate]{}, err
		}
	}
	return tx.Delegates(o.ID, service, p)
}

// ServicesOf pages through what a member administers; one that administers
// nothing is NotFound.
func ServicesOf(tx Tx, o Organization, accountID string, p page.Request) (page.Page[Delegate], error) {
	if _, err := Member(tx, o, accountID); err != nil {
		return page.Page[Delegate]{}, err
	}
	services, err := tx.DelegatedServices(accountID, p)
	if err == nil && len(services.Items) == 0 && p.After == "" {
		err = notRegistered(nil)
	}
	return services, err
}

func notRegistered(cause error) error {
	return fault.New(fault.NotFound, "AccountNotRegistered", "The provided account is not a registered delegated administrator for your organization.").Wrap(cause)
}

// Member returns the account if it belongs to the organization, or NotFound.
func Member(tx Tx, o Organization, accountID string) (account.Account, error) {
	a, err := tx.Account(accountID)
	if fault.Is(err, fault.NotFound) || err == nil && a.Organization != o.ID {
		return account.Account{}, fault.New(fault.NotFound, "AccountNotFound", "You specified an account that doesn't exist.").Wrap(err)
	}
	return a, err
}

// constraint is the fault of a bound or rule of Organizations. Its reason is
// AWS's own word, a ConstraintViolationExceptionReason.
func constraint(reason, format string, args ...any) error {
	return fault.New(fault.Limit, reason, format, args...)
}

// invalid is the fault of a value that cannot be right. Its reason is AWS's own
// word, an InvalidInputExceptionReason.
func invalid(reason, message string) error {
	return fault.New(fault.Invalid, reason, "%s", message)
}
