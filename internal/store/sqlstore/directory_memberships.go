package sqlstore

import (
	"github.com/google/uuid"

	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoMember     = fault.New(fault.NotFound, "no-group-or-user", "The group or the user does not exist.")
	errNoMembership = fault.New(fault.NotFound, "no-membership", "The membership does not exist.")
)

const membershipColumns = "id, group_id, user_id, created_at, created_by"

func scanMembership(r sqldb.Row) (m directory.Membership, err error) {
	return m, r.Scan(&m.ID, &m.Group, &m.User, sqldb.AsTime(&m.CreatedAt), &m.CreatedBy)
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
	n, err := t.exec("INSERT INTO memberships (user_id, group_id, id) VALUES (?, ?, ?) ON CONFLICT (user_id, group_id) DO NOTHING", user, group, uuid.NewString())
	if unreferenced(err) {
		return errNoMember.Wrap(err)
	}
	if err == nil && n > 0 {
		t.note(store.KeyMemberships(user))
	}
	return err
}

// AddMembers is NotFound if there is no such group or one of the users is not there.
func (t *tx) AddMembers(group string, users []string) error {
	err := insertAll(t, "memberships", "user_id, group_id, id", " ON CONFLICT (user_id, group_id) DO NOTHING", users, func(user string) ([]any, error) {
		t.note(store.KeyMemberships(user))
		return []any{user, group, uuid.NewString()}, nil
	})
	if unreferenced(err) {
		return errNoMember.Wrap(err)
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

func (t *tx) Membership(id string) (directory.Membership, error) {
	m, err := one(t, scanMembership, "SELECT "+membershipColumns+" FROM memberships WHERE id = ?", id)
	return orNone(m, err, errNoMembership)
}

func (t *tx) MembershipOf(group, user string) (directory.Membership, error) {
	m, err := one(t, scanMembership, "SELECT "+membershipColumns+" FROM memberships WHERE group_id = ? AND user_id = ?", group, user)
	return orNone(m, err, errNoMembership)
}

func (t *tx) MembershipsIn(group string, p page.Request) (page.Page[directory.Membership], error) {
	limit := limitOf(p)
	items, err := all(t, scanMembership, "SELECT "+membershipColumns+" FROM memberships WHERE group_id = ? AND user_id > ? ORDER BY user_id LIMIT ?",
		group, p.After, limit+1)
	return page.Cut(items, limit, func(m directory.Membership) string { return m.User }), err
}

func (t *tx) MembershipsOf(user string, p page.Request) (page.Page[directory.Membership], error) {
	limit := limitOf(p)
	items, err := all(t, scanMembership, "SELECT "+membershipColumns+" FROM memberships WHERE user_id = ? AND group_id > ? ORDER BY group_id LIMIT ?",
		user, p.After, limit+1)
	return page.Cut(items, limit, func(m directory.Membership) string { return m.Group }), err
}

// PutMembership is NotFound if there is no such group or user.
func (t *tx) PutMembership(m directory.Membership) error {
	_, err := t.exec("INSERT INTO memberships ("+membershipColumns+") VALUES (?, ?, ?, ?, ?)", m.ID, m.Group, m.User, sqldb.Micros(m.CreatedAt), m.CreatedBy)
	switch {
	case unreferenced(err):
		return errNoMember.Wrap(err)
	case violated(err) != "":
		return fault.New(fault.AlreadyExists, directory.ReasonMember, "The user is in the group already.").Wrap(err)
	case err == nil:
		t.note(store.KeyMemberships(m.User))
	}
	return err
}
