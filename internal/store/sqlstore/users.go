package sqlstore

import (
	"encoding/json"
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

	putUser = upsert("users", "id", userColumns+", user_name_key, email_key, display_name_key")
)

const userColumns = "id, directory, user_name, given_name, family_name, display_name, email, locale, disabled, created_at, updated_at, from_file, " +
	"profile, external_ids, created_by, updated_by"

func scanUser(r sqldb.Row) (u directory.User, err error) {
	var profile, externalIDs string
	err = r.Scan(&u.ID, &u.Directory, &u.UserName, &u.GivenName, &u.FamilyName, &u.DisplayName, &u.Email, &u.Locale,
		&u.Disabled, sqldb.AsTime(&u.CreatedAt), sqldb.AsTime(&u.UpdatedAt), &u.FromFile, &profile, &externalIDs, &u.CreatedBy, &u.UpdatedBy)
	if err == nil && profile != "{}" {
		err = json.Unmarshal([]byte(profile), &u.Profile)
	}
	if err == nil {
		u.ExternalIDs, err = readExternalIDs(externalIDs)
	}
	return u, err
}

func (t *tx) User(id string) (directory.User, error) {
	u, err := one(t, scanUser, "SELECT "+userColumns+" FROM users WHERE id = ?", id)
	return orNone(u, err, errNoUser)
}

func (t *tx) UserByName(in, name string) (directory.User, error) {
	u, err := one(t, scanUser, "SELECT "+userColumns+" FROM users WHERE directory = ? AND user_name_key = ?", in, directory.FoldName(name))
	return orNone(u, err, errNoUser)
}

func (t *tx) UserByEmail(in, email string) (directory.User, error) {
	u, err := one(t, scanUser, "SELECT "+userColumns+" FROM users WHERE directory = ? AND email_key = ?", in, strings.ToLower(email))
	return orNone(u, err, errNoUser)
}

func (t *tx) UserByExternalID(in string, id directory.ExternalID) (directory.User, error) {
	owner, err := t.externalOwner(in, access.ToUser, id)
	if err != nil {
		return directory.User{}, orNoneError(err, errNoUser)
	}
	return t.User(owner)
}

func (t *tx) Users(in string, p page.Request) (page.Page[directory.User], error) {
	limit := limitOf(p)
	items, err := all(t, scanUser, "SELECT "+userColumns+" FROM users WHERE directory = ? AND user_name_key > ? ORDER BY user_name_key LIMIT ?", in, p.After, limit+1)
	return page.Cut(items, limit, func(u directory.User) string { return directory.FoldName(u.UserName) }), err
}

// userKeys are the columns of the names by which users are searched. Those of
// which there is only one in a directory need no id to be in order.
var userKeys = map[directory.Key]struct {
	column string
	unique bool
}{
	directory.ByUserName:    {"user_name_key", true},
	directory.ByEmail:       {"email_key", true},
	directory.ByDisplayName: {"display_name_key", false},
}

func (t *tx) UsersByPrefix(in string, by directory.Key, prefix string, p page.Request) (page.Page[directory.User], error) {
	limit, key := limitOf(p), userKeys[by]
	statement, args := byPrefix("users", userColumns, key.column, key.unique, in, directory.FoldName(prefix), p.After)
	items, err := all(t, scanUser, statement, append(args, limit+1)...)
	return page.Cut(items, limit, func(u directory.User) string { return u.Place(by) }), err
}

// userRow is the user's row, with the keys after the columns.
func userRow(u directory.User) ([]any, error) {
	profile, err := json.Marshal(u.Profile)
	return []any{
		u.ID, u.Directory, u.UserName, u.GivenName, u.FamilyName, u.DisplayName, u.Email, u.Locale,
		u.Disabled, sqldb.Micros(u.CreatedAt), sqldb.Micros(u.UpdatedAt), u.FromFile, string(profile), externalIDs(u.ExternalIDs), u.CreatedBy, u.UpdatedBy,
		directory.FoldName(u.UserName), orNull(strings.ToLower(u.Email)), directory.FoldName(u.DisplayName),
	}, err
}

func (t *tx) PutUser(u directory.User) error {
	row, err := userRow(u)
	if err != nil {
		return err
	}
	isNew, err := t.addsRow("users", u.ID)
	if err != nil {
		return err
	}
	_, err = t.exec(putUser, row...)
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
	if err := t.putExternalIDs(u.Directory, access.ToUser, u.ID, u.ExternalIDs, isNew); err != nil || !isNew {
		return err
	}
	return t.countInDirectory(u.Directory, countedUsers, 1)
}

// AddUsers does with few statements what PutUser does one by one.
func (t *tx) AddUsers(in string, users []directory.User) error {
	err := insertAll(t, "users", userColumns+", user_name_key, email_key, display_name_key", "", users, func(u directory.User) ([]any, error) {
		t.note(store.KeyUser(u.ID))
		return userRow(u)
	})
	if violated(err) != "" {
		return fault.New(fault.AlreadyExists, "user-taken", "The id, the name or the e-mail address of one of the users is taken.").Wrap(err)
	}
	if err != nil || len(users) == 0 {
		return err
	}
	for _, u := range users {
		if len(u.ExternalIDs) == 0 {
			continue
		}
		if err := t.putExternalIDs(in, access.ToUser, u.ID, u.ExternalIDs, true); err != nil {
			return err
		}
	}
	return t.countInDirectory(in, countedUsers, len(users))
}

func (t *tx) UserCount(in string) (int, error) { return t.directoryCount(in, countedUsers) }

// DeleteUser removes the user and all that hangs on it: memberships,
// assignments, password, reset links, sessions with their cookies and codes,
// grants with their tokens, mailed links, favourites.
func (t *tx) DeleteUser(id string) error {
	t.note(store.KeyUser(id))
	t.note(store.KeyMemberships(id))
	if err := t.dropAssignmentsTo(access.ToUser, id); err != nil {
		return err
	}
	if err := t.dropSessionsOf(id); err != nil {
		return err
	}
	if err := t.dropFactorsOf(id); err != nil {
		return err
	}
	for _, statement := range []string{
		"DELETE FROM memberships WHERE user_id = ?",
		"DELETE FROM external_ids WHERE owner = ?",
		"DELETE FROM directory_links WHERE user_id = ?",
		"DELETE FROM directory_security WHERE user_id = ?",
		"DELETE FROM person_favourites WHERE user_id = ?",
		"DELETE FROM passwords WHERE owner_kind = '" + string(credential.DirectoryUser) + "' AND owner_id = ?",
		"DELETE FROM reset_links WHERE owner_kind = '" + string(credential.DirectoryUser) + "' AND owner_id = ?",
	} {
		if _, err := t.exec(statement, id); err != nil {
			return err
		}
	}
	in, err := one(t, sqldb.Value[string], "DELETE FROM users WHERE id = ? RETURNING directory", id)
	if err != nil {
		return orNoneError(err, errNoUser)
	}
	return t.countInDirectory(in, countedUsers, -1)
}
