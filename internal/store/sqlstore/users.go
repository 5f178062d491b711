package sqlstore

import (
	"strings"

	"sekisho/internal/access"
	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoUser = fault.New(fault.NotFound, "no-user", "The user does not exist.")

	putUser = upsert("users", "id", userColumns+", user_name_key, email_key")
)

const userColumns = "id, directory, user_name, given_name, family_name, display_name, email, locale, disabled, created_at, updated_at, from_file"

func scanUser(r sqldb.Row) (u directory.User, err error) {
	return u, r.Scan(&u.ID, &u.Directory, &u.UserName, &u.GivenName, &u.FamilyName, &u.DisplayName, &u.Email, &u.Locale,
		&u.Disabled, sqldb.AsTime(&u.CreatedAt), sqldb.AsTime(&u.UpdatedAt), &u.FromFile)
}

func (t *tx) User(id string) (directory.User, error) {
	u, err := one(t, scanUser, "SELECT "+userColumns+" FROM users WHERE id = ?", id)
	return orNone(u, err, errNoUser)
}

func (t *tx) UserByName(in, name string) (directory.User, error) {
	u, err := one(t, scanUser, "SELECT "+userColumns+" FROM users WHERE directory = ? AND user_name_key = ?", in, directory.FoldName(name))
	return orNone(u, err, errNoUser)
}

func (t *tx) Users(in string, p page.Request) (page.Page[directory.User], error) {
	limit := limitOf(p)
	items, err := all(t, scanUser, "SELECT "+userColumns+" FROM users WHERE directory = ? AND user_name_key > ? ORDER BY user_name_key LIMIT ?", in, p.After, limit+1)
	return page.Cut(items, limit, func(u directory.User) string { return directory.FoldName(u.UserName) }), err
}

func (t *tx) PutUser(u directory.User) error {
	_, err := t.exec(putUser, u.ID, u.Directory, u.UserName, u.GivenName, u.FamilyName, u.DisplayName, u.Email, u.Locale,
		u.Disabled, sqldb.Micros(u.CreatedAt), sqldb.Micros(u.UpdatedAt), u.FromFile,
		directory.FoldName(u.UserName), orNull(strings.ToLower(u.Email)))
	switch violated(err) {
	case "users(directory,user_name_key)":
		return fault.New(fault.AlreadyExists, "user-name-taken", "The user name %q is taken.", u.UserName).Wrap(err)
	case "users(directory,email_key)":
		return fault.New(fault.AlreadyExists, "email-taken", "The e-mail address %q belongs to another user.", u.Email).Wrap(err)
	}
	if err != nil {
		return err
	}
	t.note(store.KeyUser(u.ID))
	return nil
}

// DeleteUser removes the user and all that hangs on it: memberships,
// assignments, password, reset links, sessions with their cookies and codes,
// grants with their tokens.
func (t *tx) DeleteUser(id string) error {
	t.note(store.KeyUser(id))
	t.note(store.KeyMemberships(id))
	if err := t.dropAssignmentsTo(access.ToUser, id); err != nil {
		return err
	}
	if err := t.dropSessionsOf(id); err != nil {
		return err
	}
	for _, statement := range []string{
		"DELETE FROM memberships WHERE user_id = ?",
		"DELETE FROM passwords WHERE owner_kind = '" + string(credential.DirectoryUser) + "' AND owner_id = ?",
		"DELETE FROM reset_links WHERE owner_kind = '" + string(credential.DirectoryUser) + "' AND owner_id = ?",
	} {
		if _, err := t.exec(statement, id); err != nil {
			return err
		}
	}
	n, err := t.exec("DELETE FROM users WHERE id = ?", id)
	return mustChange(n, err, errNoUser)
}
