package sqlstore

import (
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoIAMGroup      = fault.New(fault.NotFound, "no-iam-group", "The group does not exist.")
	errNoIAMMembership = fault.New(fault.NotFound, "no-iam-membership", "The user is not in the group.")

	iamGroupsUnder = underPath("iam_groups", iamGroupColumns)
)

const (
	iamGroupColumns = "id, account, path, name, created_at, from_file"

	insertIAMGroup = "INSERT INTO iam_groups (" + iamGroupColumns + ", name_key) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
	updateIAMGroup = "UPDATE iam_groups SET path = ?, name = ?, created_at = ?, from_file = ?, name_key = ? WHERE id = ?"

	iamMembers = "SELECT " + iamUserColumns + " FROM iam_memberships JOIN iam_users ON id = user_id" +
		" WHERE group_id = ? AND user_key > ? ORDER BY user_key LIMIT ?"
	iamGroupsOf  = "SELECT " + iamGroupColumns + " FROM iam_memberships JOIN iam_groups ON id = group_id WHERE user_id = ? ORDER BY name_key"
	addIAMMember = "INSERT INTO iam_memberships (user_id, group_id, user_key, added_at)" +
		" SELECT id, ?, name_key, ? FROM iam_users WHERE id = ? ON CONFLICT (user_id, group_id) DO NOTHING"
)

func scanIAMGroup(r sqldb.Row) (g iam.Group, err error) {
	return g, r.Scan(&g.ID, &g.Account, &g.Path, &g.Name, sqldb.AsTime(&g.CreatedAt), &g.FromFile)
}

func (t *tx) IAMGroup(id string) (iam.Group, error) {
	g, err := one(t, scanIAMGroup, "SELECT "+iamGroupColumns+" FROM iam_groups WHERE id = ?", id)
	return orNone(g, err, errNoIAMGroup)
}

func (t *tx) IAMGroupByName(account, name string) (iam.Group, error) {
	g, err := one(t, scanIAMGroup, "SELECT "+iamGroupColumns+" FROM iam_groups WHERE account = ? AND name_key = ?", account, nameKey(name))
	return orNone(g, err, errNoIAMGroup)
}

func (t *tx) IAMGroups(account, pathPrefix string, p page.Request) (page.Page[iam.Group], error) {
	return pathPage(t, scanIAMGroup, iamGroupsUnder, account, pathPrefix, p, func(g iam.Group) (string, string) { return g.Path, g.Name })
}

// PutIAMGroup does not move a group to another account.
func (t *tx) PutIAMGroup(g iam.Group) error {
	key, created := nameKey(g.Name), sqldb.Micros(g.CreatedAt)
	n, err := t.exec(insertIAMGroup, g.ID, g.Account, g.Path, g.Name, created, g.FromFile, key)
	switch {
	case err != nil:
	case n > 0:
		err = t.count(g.Account, iam.Groups, 1)
	default:
		_, err = t.exec(updateIAMGroup, g.Path, g.Name, created, g.FromFile, key, g.ID)
		t.note(store.KeyPolicies(g.ID)) // what they allow is told with the group's name
	}
	if violated(err) == "iam_groups(account,name_key)" {
		return fault.New(fault.AlreadyExists, "iam-group-name-taken", "Group with name %s already exists.", g.Name).Wrap(err)
	}
	return noAccount(err)
}

// DeleteIAMGroup is a Conflict while somebody is in the group.
func (t *tx) DeleteIAMGroup(id string) error {
	account, err := one(t, sqldb.Value[string], "DELETE FROM iam_groups WHERE id = ? RETURNING account", id)
	if unreferenced(err) {
		return fault.New(fault.Conflict, "iam-group-has-members", "Somebody is still in the group.").Wrap(err)
	}
	if err != nil {
		_, err = orNone(account, err, errNoIAMGroup)
		return err
	}
	t.note(store.KeyPolicies(id))
	return t.count(account, iam.Groups, -1)
}

func (t *tx) IAMMembers(group string, p page.Request) (page.Page[iam.User], error) {
	limit := limitOf(p)
	users, err := all(t, scanIAMUser, iamMembers, group, p.After, limit+1)
	return page.Cut(users, limit, func(u iam.User) string { return nameKey(u.Name) }), err
}

func (t *tx) IAMGroupsOf(user string) ([]iam.Group, error) {
	return all(t, scanIAMGroup, iamGroupsOf, user)
}

// AddIAMMember is NotFound if there is no such group or user.
func (t *tx) AddIAMMember(group, user string, now time.Time) error {
	n, err := t.exec(addIAMMember, group, sqldb.Micros(now), user)
	if unreferenced(err) {
		return errNoIAMGroup.Wrap(err)
	}
	if err != nil {
		return err
	}
	if n == 0 { // in it already, or nobody
		_, err := t.IAMUser(user)
		return err
	}
	t.note(store.KeyIAMMemberships(user))
	return nil
}

func (t *tx) RemoveIAMMember(group, user string) error {
	n, err := t.exec("DELETE FROM iam_memberships WHERE user_id = ? AND group_id = ?", user, group)
	t.note(store.KeyIAMMemberships(user))
	return mustChange(n, err, errNoIAMMembership)
}
