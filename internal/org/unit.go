package org

import (
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

var errNoParent = fault.New(fault.NotFound, "ParentNotFound", "You specified parent that doesn't exist.")

// FindUnit returns a unit of the organization, or NotFound.
func FindUnit(tx Store, o Organization, id string) (Unit, error) {
	u, err := tx.Unit(id)
	if err == nil && u.Organization != o.ID {
		err = fault.New(fault.NotFound, "no-unit", "You specified an organizational unit that doesn't exist.")
	}
	if err != nil {
		return Unit{}, err
	}
	return u, nil
}

// PathOf is the path of what is directly in a root or unit of the organization;
// another id is NotFound with the reason ParentNotFound.
func PathOf(tx Store, o Organization, parent string) (string, error) {
	if parent == o.Root {
		return o.Path(), nil
	}
	u, err := FindUnit(tx, o, parent)
	if fault.Is(err, fault.NotFound) {
		err = errNoParent.Wrap(err)
	}
	return u.Path, err
}

// CreateUnit makes a unit under the root or a unit of the organization, with tags.
// A name that its parent has already is AlreadyExists; too many units, or too deep
// a tree, are a Limit.
func CreateUnit(tx Store, o Organization, parent, name string, tags []Tag, now time.Time) (Unit, error) {
	if err := unitName(name); err != nil {
		return Unit{}, err
	}
	path, err := PathOf(tx, o, parent)
	if err != nil {
		return Unit{}, err
	}
	if depth := len(Above(path)) - 1; depth >= MaxDepth {
		return Unit{}, constraint("OU_DEPTH_LIMIT_EXCEEDED", "You have exceeded the allowed depth of organizational units (%d).", MaxDepth)
	}
	n, err := tx.UnitCount(o.ID)
	if err != nil {
		return Unit{}, err
	}
	if n >= MaxUnits {
		return Unit{}, constraint("OU_NUMBER_LIMIT_EXCEEDED", "You have exceeded the allowed number of organizational units (%d).", MaxUnits)
	}
	u, err := NewUnit(tx, o, parent, name, now)
	if err != nil {
		return Unit{}, err
	}
	return u, SetTags(tx, o.ID, u.ID, tags)
}

// RenameUnit gives a unit another name; its id and all that is in it stay.
func RenameUnit(tx Store, o Organization, id, name string) (Unit, error) {
	u, err := FindUnit(tx, o, id)
	if err != nil {
		return u, err
	}
	if err := unitName(name); err != nil {
		return u, err
	}
	u.Name = name
	return u, tx.PutUnit(u)
}

// unitName refuses names that look like markup, as Organizations does.
func unitName(name string) error {
	if strings.TrimSpace(name) == "" || strings.ContainsAny(name, "<>") {
		return invalid("INVALID_PATTERN", "You provided a value that does not match the required pattern.")
	}
	return nil
}

// RemoveUnit deletes a unit in which there is nothing, with its tags and what is
// attached to it.
func RemoveUnit(tx Tx, o Organization, id string) error {
	u, err := FindUnit(tx, o, id)
	if err != nil {
		return err
	}
	units, err := tx.UnitsUnder(id, page.Request{Limit: 1})
	if err != nil {
		return err
	}
	accounts, err := tx.AccountsUnder(u.Path, page.Request{Limit: 1})
	if err != nil {
		return err
	}
	if len(units.Items) > 0 || len(accounts.Items) > 0 {
		return fault.New(fault.Conflict, "OrganizationalUnitNotEmpty", "You have attempted to delete an organizational unit that isn't empty.")
	}
	if err := tx.DeleteOrgTags(id); err != nil {
		return err
	}
	return tx.DeleteUnit(id)
}

// Move takes an account of the organization from its parent to another. It keeps
// what is attached to itself; the policies of its new parents are in effect at once.
func Move(tx Tx, o Organization, accountID, from, to string) error {
	a, err := Member(tx, o, accountID)
	if err != nil {
		return err
	}
	if _, err := PathOf(tx, o, from); err != nil {
		return missing(err, "SourceParentNotFound", "You specified a source parent that doesn't exist.")
	}
	path, err := PathOf(tx, o, to)
	if err != nil {
		return missing(err, "DestinationParentNotFound", "You specified a destination parent that doesn't exist.")
	}
	switch a.Parent() {
	case from:
	case to:
		return fault.New(fault.Conflict, "DuplicateAccount", "The account is in the destination already.")
	default:
		return fault.New(fault.NotFound, "AccountNotFound", "The account isn't in the source parent.")
	}
	if from == to {
		return fault.New(fault.Conflict, "DuplicateAccount", "The account is in the destination already.")
	}
	a.OrgPath = path
	return tx.PutAccount(a)
}

// ParentOf is the id of what a unit or account of the organization is in.
func ParentOf(tx Tx, o Organization, child string) (string, error) {
	if arn.ValidAccount(child) {
		a, err := Member(tx, o, child)
		return a.Parent(), missing(err, "ChildNotFound", "You specified a child that doesn't exist.")
	}
	u, err := FindUnit(tx, o, child)
	return u.Parent, missing(err, "ChildNotFound", "You specified a child that doesn't exist.")
}

// missing puts NotFound in another reason's words; other errors pass.
func missing(err error, reason, words string) error {
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, reason, "%s", words).Wrap(err)
	}
	return err
}
