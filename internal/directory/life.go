package directory

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"sekisho/internal/fault"
)

// Quotas of a directory (behaviours.md 1.7).
const (
	MaxUsers  = 200_000
	MaxGroups = 100_000
)

// reserved are names that nobody may have, in lower case.
var reserved = map[string]bool{"administrator": true, "awsadministrators": true}

func checkReserved(path, name string) error {
	if reserved[strings.ToLower(name)] {
		return invalid("The value of the attribute %s is reserved", path)
	}
	return nil
}

// Reasons of faults that front doors tell apart.
const (
	ReasonDisabled = "user-disabled"
	ReasonMember   = "already-a-member"
)

// errDisabled is the answer to whoever edits a disabled person (behaviours.md 6.5).
var errDisabled = fault.New(fault.Conflict, ReasonDisabled, "The user is disabled. Enable the user first.")

// Enabled is Conflict for a person who is disabled: nobody edits one, resets the
// password or adds the person to a group (behaviours.md 6.5).
func (u User) Enabled() error {
	if u.Disabled {
		return errDisabled
	}
	return nil
}

// CreateUser adds a person to its directory under a new id. It is a Limit when the
// directory is full, and AlreadyExists if the user name or the address is taken.
func CreateUser(tx Store, u User, by string, now time.Time) (User, error) {
	u.ID, u.CreatedAt, u.UpdatedAt, u.CreatedBy, u.UpdatedBy = uuid.NewString(), now, now, by, by
	if err := u.Check(); err != nil {
		return u, err
	}
	if err := checkReserved("userName", u.UserName); err != nil {
		return u, err
	}
	n, err := tx.UserCount(u.Directory)
	if err != nil {
		return u, err
	}
	if n >= MaxUsers {
		return u, fault.New(fault.Limit, "users-quota", "The identity store has reached its limit of %d users.", MaxUsers)
	}
	return u, tx.PutUser(u)
}

// UpdateUser changes attributes of an enabled person.
func UpdateUser(tx Store, u User, operations []Operation, by string, now time.Time) (User, error) {
	if err := u.Enabled(); err != nil {
		return u, err
	}
	u, err := u.Patch(operations)
	if err != nil {
		return u, err
	}
	u.UpdatedAt, u.UpdatedBy = now, by
	return u, tx.PutUser(u)
}

// CreateGroup adds a group to its directory under a new id.
func CreateGroup(tx Store, g Group, by string, now time.Time) (Group, error) {
	g.ID, g.CreatedAt, g.UpdatedAt, g.CreatedBy, g.UpdatedBy = uuid.NewString(), now, now, by, by
	if err := g.Check(); err != nil {
		return g, err
	}
	if err := checkReserved("displayName", g.DisplayName); err != nil {
		return g, err
	}
	n, err := tx.GroupCount(g.Directory)
	if err != nil {
		return g, err
	}
	if n >= MaxGroups {
		return g, fault.New(fault.Limit, "groups-quota", "The identity store has reached its limit of %d groups.", MaxGroups)
	}
	return g, tx.PutGroup(g)
}

// UpdateGroup changes attributes of a group.
func UpdateGroup(tx Store, g Group, operations []Operation, by string, now time.Time) (Group, error) {
	g, err := g.Patch(operations)
	if err != nil {
		return g, err
	}
	if err := checkReserved("displayName", g.DisplayName); err != nil {
		return g, err
	}
	g.UpdatedAt, g.UpdatedBy = now, by
	return g, tx.PutGroup(g)
}

// Join puts an enabled person into a group of the same directory; doing it twice
// is AlreadyExists.
func Join(tx Store, g Group, u User, by string, now time.Time) (Membership, error) {
	if g.Directory != u.Directory {
		return Membership{}, fault.New(fault.NotFound, "other-directory", "The group and the user are not in one directory.")
	}
	if err := u.Enabled(); err != nil {
		return Membership{}, err
	}
	m := Membership{ID: uuid.NewString(), Group: g.ID, User: u.ID, CreatedAt: now, CreatedBy: by}
	return m, tx.PutMembership(m)
}
