package access

import (
	"regexp"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
)

// ARN is the instance's (behaviours.md 1.1).
func (i Instance) ARN() string { return arn.Instance(i.ID) }

// Region is one that an instance is in beside its own.
type Region struct {
	Name    string
	AddedAt time.Time
}

// maxRegions is how many regions an instance may be in, with its own (behaviours.md 1.7).
const maxRegions = 6

var instanceName = regexp.MustCompile(`^[\w+=,.@-]{0,255}$`)

// New makes an instance: the organization's for its management account, and an
// account's own for every other (behaviours.md 6.1). organization is the one that
// the account manages, "" for none; that it has all features enabled is the caller's
// to see to (F-03). The accounts of an organization get what they need by a request
// of its own. A second instance of an account is a Conflict.
func New(tx Store, owner, organization, region, name string, tags []iam.Tag, now time.Time) (Instance, error) {
	i := NewInstance(owner, organization, region, now)
	i.Name, i.Tags = name, tags
	if err := i.Validate(); err != nil {
		return i, err
	}
	if err := iam.CheckTags(tags, false); err != nil {
		return i, err
	}
	if _, err := tx.InstanceOwnedBy(owner); !fault.Is(err, fault.NotFound) {
		if err == nil {
			err = fault.New(fault.Conflict, "instance-exists", "There is an instance of IAM Identity Center in this account already.")
		}
		return i, err
	}
	if err := tx.PutInstance(i); err != nil || organization == "" {
		return i, err
	}
	return i, Enabled(tx, i, now)
}

// Enabled is to be called when an organization's instance was put for the first
// time: it has the accounts linked.
func Enabled(tx Store, i Instance, now time.Time) error {
	return tx.PutAccessRequest(newRequest(LinkRequest, i.ID, now))
}

// Rename changes the instance's name.
func Rename(tx Store, i Instance, name string) error {
	i.Name = name
	if err := i.Validate(); err != nil {
		return err
	}
	return tx.PutInstance(i)
}

// RequestDeletion closes the instance's portal and has everything in it deleted:
// people with their sessions, groups, permission sets with their roles, assignments,
// applications. Asking again does nothing, unless it failed before.
func RequestDeletion(tx Store, i Instance, now time.Time) error {
	if i.Status == InstanceDeleting {
		waiting, err := tx.AccessRequestsUnderWay(i.ID, underWay)
		if err != nil {
			return err
		}
		for _, r := range waiting {
			if r.Kind == DeleteRequest {
				return nil
			}
		}
	}
	i.Status = InstanceDeleting
	if err := tx.PutInstance(i); err != nil {
		return err
	}
	return tx.PutAccessRequest(newRequest(DeleteRequest, i.ID, now))
}

// AddRegion puts the instance into another region as well, where it is at once: all
// regions of this server have one database. It is a Conflict if it is there already.
func AddRegion(tx Store, i Instance, name string, now time.Time) error {
	switch r, err := account.RegionOf(tx, i.Owner, name, now); {
	case err != nil:
		return err
	case r.Status != account.RegionEnabledByDefault && r.Status != account.RegionEnabled:
		return fault.New(fault.Invalid, "region", "The region %s is not enabled in the account that owns the instance.", name)
	}
	have, err := tx.Regions(i.ID)
	if err != nil {
		return err
	}
	there := name == i.Region
	for _, r := range have {
		there = there || r.Name == name
	}
	switch {
	case there:
		return fault.New(fault.Conflict, "region-added", "The instance is in the region %s already.", name)
	case len(have)+1 >= maxRegions:
		return quota("regions of an instance", maxRegions)
	}
	return tx.PutRegion(i.ID, Region{name, now})
}

// RemoveRegion takes the instance out of a region. Its own it cannot leave.
func RemoveRegion(tx Store, i Instance, name string) error {
	if name == i.Region {
		return fault.New(fault.Invalid, "primary-region", "The primary region of an instance cannot be removed.")
	}
	err := tx.DeleteRegion(i.ID, name)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "no-region", "The instance is not in the region %s.", name)
	}
	return err
}
