package application

import (
	"time"

	"sekisho/internal/access"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// Assign lets a user or group of the instance's directory use an application. To
// assign who is assigned already succeeds, as with accounts. It is NotFound if the
// directory has no such principal, and a Limit for a group beyond the hundredth.
func Assign(tx Store, i access.Instance, a Assignment, now time.Time) error {
	if err := InDirectory(tx, i.DirectoryID, a.PrincipalType, a.PrincipalID); err != nil {
		return err
	}
	if a.PrincipalType == access.ToGroup {
		if _, err := tx.ApplicationAssignment(a); err == nil || !fault.Is(err, fault.NotFound) {
			return err
		}
		have, err := tx.ApplicationGroupCount(a.Application)
		if err != nil {
			return err
		}
		if have >= MaxGroups {
			return quota("groups for an application", MaxGroups)
		}
	}
	a.CreatedAt = now
	return tx.PutApplicationAssignment(a)
}

// InDirectory is NotFound unless the directory has the user or group. Those of
// another directory are not told from those that are nowhere.
func InDirectory(tx Store, directory string, kind access.PrincipalType, id string) error {
	var in, noun string
	var err error
	switch kind {
	case access.ToUser:
		u, e := tx.User(id)
		in, err, noun = u.Directory, e, "User"
	case access.ToGroup:
		g, e := tx.Group(id)
		in, err, noun = g.Directory, e, "Group"
	default:
		return fault.New(fault.Invalid, "principal-type", "The principal type must be USER or GROUP.")
	}
	if fault.Is(err, fault.NotFound) || err == nil && in != directory {
		return fault.New(fault.NotFound, "no-principal", "Could not find %s with id %s", noun, id)
	}
	return err
}

// VisibleTo pages through the applications that a user sees in the portal, in order
// of name (H-18): those of the user's instance that are enabled, are to be shown,
// and are open to all or assigned to the user or one of the user's groups. It costs
// what the user can see, however many applications there are. user is an id.
func VisibleTo(tx Store, user string, p page.Request) (page.Page[Application], error) {
	return tx.ApplicationsVisibleTo(user, p)
}
