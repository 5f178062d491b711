package storetest

import (
	"strings"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/store"
)

// What follows is for tests of other packages, whose worlds have one organization
// and one instance.

// User is the person of that name in the oldest instance.
func User(tx store.Tx, name string) (directory.User, error) {
	i, err := access.Home(tx)
	if err != nil {
		return directory.User{}, err
	}
	return tx.UserByName(i.DirectoryID, name)
}

// Group is the group of that name there.
func Group(tx store.Tx, name string) (directory.Group, error) {
	i, err := access.Home(tx)
	if err != nil {
		return directory.Group{}, err
	}
	return tx.GroupByName(i.DirectoryID, name)
}

// PermissionSet is the set of that name there.
func PermissionSet(tx store.Tx, name string) (access.PermissionSet, error) {
	i, err := access.Home(tx)
	if err != nil {
		return access.PermissionSet{}, err
	}
	return tx.PermissionSetByName(i.ID, name)
}

// Organization is the organization of the first account that is in one.
func Organization(tx store.Tx) (org.Organization, error) {
	all, err := tx.Accounts()
	for _, a := range all {
		if !a.Standalone() {
			return tx.Organization(a.Organization)
		}
	}
	if err == nil {
		err = org.ErrNone
	}
	return org.Organization{}, err
}

// NewOrganization makes o-exampleorg1, of which standalone accounts are the
// management account and the members, with the policy types that decide about calls.
// It trusts IAM.
func NewOrganization(tx store.Tx, now time.Time, management string, members ...string) (org.Organization, error) {
	o := org.Organization{
		ID: "o-exampleorg1", ManagementAccount: management, Root: "r-exam", Features: org.AllFeatures,
		PolicyTypes: []org.PolicyType{org.ResourceControl, org.ServiceControl}, CreatedAt: now,
	}
	err := do(tx.PutOrganization(o), tx.AttachOrgPolicyEverywhere(o, org.FullAWSAccess), tx.AttachOrgPolicyEverywhere(o, org.RCPFullAWSAccess),
		tx.PutTrustedService(o.ID, org.TrustedService{Service: org.IAM, Since: now}))
	for _, id := range append([]string{management}, members...) {
		if err == nil {
			err = Join(tx, o, id, "")
		}
	}
	return o, err
}

// Join makes an account a member, in the unit of those names; "" is the root.
func Join(tx store.Tx, o org.Organization, id, unit string) error {
	a, err := tx.Account(id)
	if err != nil {
		return err
	}
	path, err := Unit(tx, o, unit)
	if err != nil {
		return err
	}
	return org.Join(tx, o, a, path, account.Created, o.CreatedAt)
}

// Unit is the path of ids of a unit by names such as "Workloads/Prod", made if need be.
func Unit(tx store.Tx, o org.Organization, names string) (path string, err error) {
	path, parent := o.Path(), o.Root
	for name := range strings.SplitSeq(names, "/") {
		if name == "" {
			continue
		}
		u, err := tx.UnitByName(parent, name)
		if fault.Is(err, fault.NotFound) {
			u, err = org.NewUnit(tx, o, parent, name, o.CreatedAt)
		}
		if err != nil {
			return "", err
		}
		path, parent = u.Path, u.ID
	}
	return path, nil
}

// Attach makes or changes a policy and attaches it to targets, and to nothing
// else: "/" is the root, digits are an account, anything else names a unit.
func Attach(tx store.Tx, o org.Organization, p org.Policy, targets ...string) error {
	p.Organization = o.ID
	if err := tx.PutOrgPolicy(p); err != nil {
		return err
	}
	have, err := tx.OrgPolicyTargets(o.ID, p.ID, page.Request{})
	if err != nil {
		return err
	}
	for _, t := range have.Items {
		if err := tx.DetachOrgPolicy(t, p.ID); err != nil {
			return err
		}
	}
	for _, t := range targets {
		switch {
		case t == "/":
			t = o.Root
		case !arn.ValidAccount(t):
			path, err := Unit(tx, o, t)
			if err != nil {
				return err
			}
			levels := org.Above(path)
			t = levels[len(levels)-1]
		}
		if err := tx.AttachOrgPolicy(o.ID, t, p); err != nil {
			return err
		}
	}
	return nil
}
