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
	errNoGroup = fault.New(fault.NotFound, "no-group", "The group does not exist.")

	putGroup = upsert("user_groups", "id", groupColumns+", display_name_key")
)

const groupColumns = "id, directory, display_name, description, created_at, from_file, external_ids, created_by, updated_at, updated_by"

func scanGroup(r sqldb.Row) (g directory.Group, err error) {
	var externalIDs string
	err = r.Scan(&g.ID, &g.Directory, &g.DisplayName, &g.Description, sqldb.AsTime(&g.CreatedAt), &g.FromFile, &externalIDs,
		&g.CreatedBy, sqldb.AsTime(&g.UpdatedAt), &g.UpdatedBy)
	if err == nil {
		g.ExternalIDs, err = readExternalIDs(externalIDs)
	}
	return g, err
}

func (t *tx) Group(id string) (directory.Group, error) {
	g, err := one(t, scanGroup, "SELECT "+groupColumns+" FROM user_groups WHERE id = ?", id)
	return orNone(g, err, errNoGroup)
}

func (t *tx) GroupByName(in, name string) (directory.Group, error) {
	g, err := one(t, scanGroup, "SELECT "+groupColumns+" FROM user_groups WHERE directory = ? AND display_name = ?", in, name)
	return orNone(g, err, errNoGroup)
}

func (t *tx) GroupByExternalID(in string, id directory.ExternalID) (directory.Group, error) {
	owner, err := t.externalOwner(in, access.ToGroup, id)
	if err != nil {
		return directory.Group{}, orNoneError(err, errNoGroup)
	}
	return t.Group(owner)
}

func (t *tx) Groups(in string, p page.Request) (page.Page[directory.Group], error) {
	limit := limitOf(p)
	items, err := all(t, scanGroup, "SELECT "+groupColumns+" FROM user_groups WHERE directory = ? AND display_name > ? ORDER BY display_name LIMIT ?", in, p.After, limit+1)
	return page.Cut(items, limit, func(g directory.Group) string { return g.DisplayName }), err
}

func (t *tx) GroupsByPrefix(in, prefix string, p page.Request) (page.Page[directory.Group], error) {
	limit := limitOf(p)
	statement, args := byPrefix("user_groups", groupColumns, "display_name_key", false, in, directory.FoldName(prefix), p.After)
	items, err := all(t, scanGroup, statement, append(args, limit+1)...)
	return page.Cut(items, limit, func(g directory.Group) string { return g.Place() }), err
}

func (t *tx) PutGroup(g directory.Group) error {
	isNew, err := t.addsRow("user_groups", g.ID)
	if err != nil {
		return err
	}
	_, err = t.exec(putGroup, g.ID, g.Directory, g.DisplayName, g.Description, sqldb.Micros(g.CreatedAt), g.FromFile,
		externalIDs(g.ExternalIDs), g.CreatedBy, sqldb.Micros(g.UpdatedAt), g.UpdatedBy, directory.FoldName(g.DisplayName))
	if violated(err) == "user_groups(directory,display_name)" {
		return fault.New(fault.AlreadyExists, "group-name-taken", "The group name %q is taken.", g.DisplayName).Wrap(err)
	}
	if err != nil {
		return err
	}
	if err := t.putExternalIDs(g.Directory, access.ToGroup, g.ID, g.ExternalIDs, isNew); err != nil || !isNew {
		return err
	}
	return t.countInDirectory(g.Directory, countedGroups, 1)
}

func (t *tx) GroupCount(in string) (int, error) { return t.directoryCount(in, countedGroups) }

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
	if _, err := t.exec("DELETE FROM external_ids WHERE owner = ?", id); err != nil {
		return err
	}
	in, err := one(t, sqldb.Value[string], "DELETE FROM user_groups WHERE id = ? RETURNING directory", id)
	if err != nil {
		return orNoneError(err, errNoGroup)
	}
	return t.countInDirectory(in, countedGroups, -1)
}
