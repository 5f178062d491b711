package sqlstore

import (
	"slices"
	"strings"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoIAMUser = fault.New(fault.NotFound, "no-iam-user", "The user does not exist.")

	iamUsersUnder = underPath("iam_users", iamUserColumns)
	consoleLogins = "SELECT entity, at FROM iam_uses WHERE entity IN (?" + strings.Repeat(", ?", loginsAtOnce-1) + ")" +
		" AND service = 'signin' AND action = 'ConsoleLogin'"
)

const (
	iamUserColumns = "id, account, path, name, boundary, tags, created_at, from_file"

	insertIAMUser = "INSERT INTO iam_users (" + iamUserColumns + ", name_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)" +
		" ON CONFLICT (id) DO NOTHING"
	updateIAMUser = "UPDATE iam_users SET path = ?, name = ?, boundary = ?, tags = ?, created_at = ?, from_file = ?, name_key = ?" +
		" WHERE id = ?"
	// consoleLogins asks for loginsAtOnce entities, so that its text is one.
	loginsAtOnce = 100
	renameMember = "UPDATE iam_memberships SET user_key = ? WHERE user_id = ?"
)

func scanIAMUser(r sqldb.Row) (u iam.User, err error) {
	return u, r.Scan(&u.ID, &u.Account, &u.Path, &u.Name, &u.Boundary, asTags(&u.Tags), sqldb.AsTime(&u.CreatedAt), &u.FromFile)
}

func (t *tx) IAMUser(id string) (iam.User, error) {
	u, err := one(t, scanIAMUser, "SELECT "+iamUserColumns+" FROM iam_users WHERE id = ?", id)
	return orNone(u, err, errNoIAMUser)
}

func (t *tx) IAMUserByName(account, name string) (iam.User, error) {
	u, err := one(t, scanIAMUser, "SELECT "+iamUserColumns+" FROM iam_users WHERE account = ? AND name_key = ?", account, nameKey(name))
	return orNone(u, err, errNoIAMUser)
}

func (t *tx) IAMUsers(account, pathPrefix string, p page.Request) (page.Page[iam.User], error) {
	return pathPage(t, scanIAMUser, iamUsersUnder, account, pathPrefix, p, func(u iam.User) (string, string) { return u.Path, u.Name })
}

// PutIAMUser does not move a user to another account.
func (t *tx) PutIAMUser(u iam.User) error {
	key, tags, created := nameKey(u.Name), tagList(u.Tags), sqldb.Micros(u.CreatedAt)
	n, err := t.exec(insertIAMUser, u.ID, u.Account, u.Path, u.Name, u.Boundary, tags, created, u.FromFile, key)
	switch {
	case err != nil:
	case n > 0:
		err = t.count(u.Account, iam.Users, 1)
	default:
		if _, err = t.exec(updateIAMUser, u.Path, u.Name, u.Boundary, tags, created, u.FromFile, key, u.ID); err == nil {
			_, err = t.exec(renameMember, key, u.ID)
		}
	}
	if violated(err) == "iam_users(account,name_key)" {
		return fault.New(fault.AlreadyExists, "iam-user-name-taken", "User with name %s already exists.", u.Name).Wrap(err)
	}
	if err != nil {
		return noAccount(err)
	}
	t.note(store.KeyIAMUser(u.ID))
	return nil
}

// DeleteIAMUser is a Conflict while the user is in a group.
func (t *tx) DeleteIAMUser(id string) error {
	account, err := one(t, sqldb.Value[string], "DELETE FROM iam_users WHERE id = ? RETURNING account", id)
	if unreferenced(err) {
		return fault.New(fault.Conflict, "iam-user-in-group", "The user is still in a group.").Wrap(err)
	}
	if err != nil {
		_, err = orNone(account, err, errNoIAMUser)
		return err
	}
	t.note(store.KeyIAMUser(id))
	return t.count(account, iam.Users, -1)
}

func (t *tx) ConsoleLogins(entities []string) (map[string]time.Time, error) {
	last := make(map[string]time.Time, len(entities))
	for some := range slices.Chunk(entities, loginsAtOnce) {
		args := make([]any, loginsAtOnce)
		for i := range args {
			args[i] = some[min(i, len(some)-1)] // the last one again asks for nothing more
		}
		logins, err := all(t, scanLogin, consoleLogins, args...)
		if err != nil {
			return nil, err
		}
		for _, v := range logins {
			last[v.entity] = v.at
		}
	}
	return last, nil
}

type login struct {
	entity string
	at     time.Time
}

func scanLogin(r sqldb.Row) (v login, err error) { return v, r.Scan(&v.entity, sqldb.AsTime(&v.at)) }
