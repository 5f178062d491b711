package sqlstore

import (
	"sekisho/internal/access"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoGroup  = fault.New(fault.NotFound, "no-group", "The group does not exist.")
	errNoMember = fault.New(fault.NotFound, "no-group-or-user", "The group or the user does not exist.")

	putGroup = upsert("user_groups", "id", groupColumns)
)

const groupColumns = "id, directory, display_name, description, created_at, from_file"

func scanGroup(r sqldb.Row) (g directory.Group, err error) {
	return g, r.Scan(&g.ID, &g.Directory, &g.DisplayName, &g.Description, sqldb.AsTime(&g.CreatedAt), &g.FromFile)
}

func (t *tx) Group(id string) (directory.Group, error) {
	g, err := one(t, scanGroup, "SELECT "+groupColumns+" FROM user_groups WHERE id = ?", id)
	return orNone(g, err, errNoGroup)
}

func (t *tx) GroupByName(in, name string) (directory.Group, error) {
	g, err := one(t, scanGroup, "SELECT "+groupColumns+" FROM user_groups WHERE directory = ? AND display_name = ?", in, name)
	return orNone(g, err, errNoGroup)
}

func (t *tx) Groups(in string, p page.Request) (page.Page[directory.Group], error) {
	limit := limitOf(p)
	items, err := all(t, scanGroup, "SELECT "+groupColumns+" FROM user_groups WHERE directory = ? AND display_name > ? ORDER BY display_name LIMIT ?", in, p.After, limit+1)
	return page.Cut(items, limit, func(g directory.Group) string { return g.DisplayName }), err
}

func (t *tx) PutGroup(g directory.Group) error {
	_, err := t.exec(putGroup, g.ID, g.Directory, g.DisplayName, g.Description, sqldb.Micros(g.CreatedAt), g.FromFile)
	if violated(err) == "user_groups(directory,display_name)" {
		return fault.New(fault.AlreadyExists, "group-name-taken", "The group name %q is taken.", g.DisplayName).Wrap(err)
	}
	return err
}

// DeleteGroup removes the group with its memberships and assignments.
func (t *tx) DeleteGroup(id string) error {
	members, err := strs(t, "DELETE FROM memberships WHERE group_id = ? RETURNING user_id", id)
	if err != nil {
		return err
	}
	for _, user := range members {
		t.note(store.KeyMemberships(user))
	}
	if err := t.dropAssignmentsTo(access.ToGroup, id); err != nil {
		return err
	}
	n, err := t.exec("DELETE FROM user_groups WHERE id = ?", id)
	return mustChange(n, err, errNoGroup)
}

// GroupsOf returns the ids in order.
func (t *tx) GroupsOf(user string) ([]string, error) {
	return strs(t, "SELECT group_id FROM memberships WHERE user_id = ? ORDER BY group_id", user)
}

// Members returns the ids in order.
func (t *tx) Members(group string) ([]string, error) {
	return strs(t, "SELECT user_id FROM memberships WHERE group_id = ? ORDER BY user_id", group)
}

// AddMember is NotFound if there is no such group or user.
func (t *tx) AddMember(group, user string) error {
	n, err := t.exec("INSERT INTO memberships (user_id, group_id) VALUES (?, ?) ON CONFLICT (user_id, group_id) DO NOTHING", user, group)
	if unreferenced(err) {
		return errNoMember.Wrap(err)
	}
	if err == nil && n > 0 {
		t.note(store.KeyMemberships(user))
	}
	return err
}

func (t *tx) RemoveMember(group, user string) error {
	n, err := t.exec("DELETE FROM memberships WHERE user_id = ? AND group_id = ?", user, group)
	if err == nil && n > 0 {
		t.note(store.KeyMemberships(user))
	}
	return err
}
