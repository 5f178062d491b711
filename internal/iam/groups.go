package iam

import (
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// groupsPerUser is how many groups a user may be in (behaviours.md 1.5).
const groupsPerUser = 10

// FindGroup returns the group, ignoring case, or NotFound in AWS's words
// (behaviours.md 5.1).
func FindGroup(tx Store, account, name string) (Group, error) {
	g, err := tx.IAMGroupByName(account, name)
	if fault.Is(err, fault.NotFound) {
		return g, fault.New(fault.NotFound, "no-iam-group", "The group with name %s cannot be found.", name)
	}
	return g, err
}

// CreateGroup makes the group that g describes by account, path and name. A
// taken name is AlreadyExists, one group too many Limit.
func CreateGroup(tx Store, now time.Time, g Group) (Group, error) {
	if err := checkNamed(Groups, g.Path, g.Name); err != nil {
		return Group{}, err
	}
	if err := nameFree(tx.IAMGroupByName, g.Account, g.Name, "Group with name %s already exists."); err != nil {
		return Group{}, err
	}
	if err := WithinQuota(tx, g.Account, Groups); err != nil {
		return Group{}, err
	}
	g.ID, g.CreatedAt = arn.NewUniqueID(arn.PrefixGroup, g.Account), now
	return g, tx.PutIAMGroup(g)
}

// RenameGroup gives the group another path and name; nil leaves what there is.
// It keeps its id, members and policies. A taken name is AlreadyExists.
func RenameGroup(tx Store, g Group, path, name *string) (Group, error) {
	if path != nil {
		g.Path = *path
	}
	if name != nil {
		g.Name = *name
	}
	if err := checkNamed(Groups, g.Path, g.Name); err != nil {
		return g, err
	}
	return g, tx.PutIAMGroup(g)
}

// DeleteGroup removes a group without members and policies, and is a Conflict
// otherwise (behaviours.md 5.2).
func DeleteGroup(tx Store, g Group) error {
	members, err := tx.IAMMembers(g.ID, page.Request{Limit: 1})
	if err := holds(len(members.Items), err, "must remove users from group first"); err != nil {
		return err
	}
	if err := policiesHold(tx, g.ID); err != nil {
		return err
	}
	return tx.DeleteIAMGroup(g.ID)
}

// AddToGroup puts the user into the group, where it may be already. One group
// too many is Limit.
func AddToGroup(tx Store, now time.Time, g Group, u User) error {
	groups, err := tx.IAMGroupsOf(u.ID)
	if err != nil {
		return err
	}
	for _, in := range groups {
		if in.ID == g.ID {
			return nil
		}
	}
	if len(groups) >= groupsPerUser {
		return exceeds("GroupsPerUser", groupsPerUser)
	}
	return tx.AddIAMMember(g.ID, u.ID, now)
}

// RemoveFromGroup takes the user out of the group, in which it need not be.
func RemoveFromGroup(tx Store, g Group, u User) error {
	if err := tx.RemoveIAMMember(g.ID, u.ID); !fault.Is(err, fault.NotFound) {
		return err
	}
	return nil
}
