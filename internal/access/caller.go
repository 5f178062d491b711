package access

import (
	"sekisho/internal/fault"
	"sekisho/internal/org"
)

// CallerTx is what finding out who runs an instance needs.
type CallerTx interface {
	InstanceStore
	org.Tx
}

// Caller is an account that means an instance.
type Caller struct {
	Account  string
	Instance Instance
	// Administrator says that the account runs the instance: it owns it, or is the
	// delegated administrator of its organization. The other members have only their
	// own applications in it.
	Administrator bool
}

// ErrNotAdministrator is told to an account that does not run the instance it means.
var ErrNotAdministrator = fault.New(fault.Denied, "not-administrator", "You do not have sufficient access to perform this action.")

// Live is a Conflict of an instance that is being deleted.
func (i Instance) Live() error {
	if i.Status == InstanceDeleting {
		return fault.New(fault.Conflict, "instance-deleting", "The instance is being deleted.")
	}
	return nil
}

// Enter is how an account comes to an instance. It is Denied for accounts that the
// instance is none of the business of, whether or not there is such an instance.
func Enter(tx CallerTx, account, instance string) (Caller, error) {
	i, err := tx.Instance(instance)
	if fault.Is(err, fault.NotFound) {
		return Caller{}, ErrNotAdministrator
	}
	if err != nil {
		return Caller{}, err
	}
	return enter(tx, account, i)
}

// Administered returns the instance for an account that runs it (F-09, G-62).
// Others are Denied, whether or not there is such an instance; of one that is being
// deleted it is a Conflict.
func Administered(tx CallerTx, account, instance string) (Instance, error) {
	c, err := Enter(tx, account, instance)
	if err != nil {
		return Instance{}, err
	}
	return c.administered()
}

// AdministeredDirectory is Administered for the instance whose directory it is.
func AdministeredDirectory(tx CallerTx, account, directory string) (Instance, error) {
	i, err := tx.InstanceByName(directory)
	if fault.Is(err, fault.NotFound) || err == nil && i.DirectoryID != directory {
		return Instance{}, ErrNotAdministrator
	}
	if err != nil {
		return Instance{}, err
	}
	c, err := enter(tx, account, i)
	if err != nil {
		return Instance{}, err
	}
	return c.administered()
}

// Administer is Denied unless the caller runs the instance.
func (c Caller) Administer() error {
	if !c.Administrator {
		return ErrNotAdministrator
	}
	return nil
}

func (c Caller) administered() (Instance, error) {
	if err := c.Administer(); err != nil {
		return Instance{}, err
	}
	return c.Instance, c.Instance.Live()
}

func enter(tx CallerTx, account string, i Instance) (Caller, error) {
	c := Caller{Account: account, Instance: i, Administrator: i.Owner == account}
	if c.Administrator {
		return c, nil
	}
	a, err := tx.Account(account)
	if err == nil && (i.Organization == "" || a.Organization != i.Organization) {
		err = ErrNotAdministrator
	}
	if err != nil {
		return c, err
	}
	c.Administrator, err = org.Delegated(tx, account, Principal)
	return c, err
}
