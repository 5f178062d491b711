package sqlstore

import (
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
)

var (
	errNoInstanceProfile = fault.New(fault.NotFound, "no-instance-profile", "The instance profile does not exist.")

	instanceProfilesUnder = underPath("instance_profiles", instanceProfileColumns)
)

const (
	instanceProfileColumns = "id, account, path, name, role_id, tags, created_at"

	insertInstanceProfile = "INSERT INTO instance_profiles (" + instanceProfileColumns + ", name_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?)" +
		" ON CONFLICT (id) DO NOTHING"
	updateInstanceProfile = "UPDATE instance_profiles SET path = ?, name = ?, role_id = ?, tags = ?, created_at = ?, name_key = ? WHERE id = ?"
	instanceProfilesOf    = "SELECT " + instanceProfileColumns + " FROM instance_profiles WHERE role_id = ? ORDER BY name_key"
)

func scanInstanceProfile(r sqldb.Row) (p iam.InstanceProfile, err error) {
	var role *string
	err = r.Scan(&p.ID, &p.Account, &p.Path, &p.Name, &role, asTags(&p.Tags), sqldb.AsTime(&p.CreatedAt))
	if role != nil {
		p.Role = *role
	}
	return p, err
}

func (t *tx) InstanceProfileByName(account, name string) (iam.InstanceProfile, error) {
	p, err := one(t, scanInstanceProfile,
		"SELECT "+instanceProfileColumns+" FROM instance_profiles WHERE account = ? AND name_key = ?", account, nameKey(name))
	return orNone(p, err, errNoInstanceProfile)
}

func (t *tx) InstanceProfiles(account, pathPrefix string, p page.Request) (page.Page[iam.InstanceProfile], error) {
	return pathPage(t, scanInstanceProfile, instanceProfilesUnder, account, pathPrefix, p,
		func(p iam.InstanceProfile) (string, string) { return p.Path, p.Name })
}

// InstanceProfilesOf returns them in order of name.
func (t *tx) InstanceProfilesOf(role string) ([]iam.InstanceProfile, error) {
	return all(t, scanInstanceProfile, instanceProfilesOf, role)
}

// PutInstanceProfile does not move a profile to another account. It is NotFound
// if its role or account does not exist. Nothing that is decided leans on a
// profile: its change has no key.
func (t *tx) PutInstanceProfile(p iam.InstanceProfile) error {
	key, role, tags, created := nameKey(p.Name), orNull(p.Role), tagList(p.Tags), sqldb.Micros(p.CreatedAt)
	n, err := t.exec(insertInstanceProfile, p.ID, p.Account, p.Path, p.Name, role, tags, created, key)
	switch {
	case err != nil:
	case n > 0:
		err = t.count(p.Account, iam.InstanceProfiles, 1)
	default:
		_, err = t.exec(updateInstanceProfile, p.Path, p.Name, role, tags, created, key, p.ID)
	}
	if violated(err) == "instance_profiles(account,name_key)" {
		return fault.New(fault.AlreadyExists, "instance-profile-name-taken", "Instance Profile %s already exists.", p.Name).Wrap(err)
	}
	if unreferenced(err) {
		return fault.New(fault.NotFound, "no-role-or-account", "The role or the account does not exist.").Wrap(err)
	}
	return err
}

func (t *tx) DeleteInstanceProfile(id string) error {
	account, err := one(t, sqldb.Value[string], "DELETE FROM instance_profiles WHERE id = ? RETURNING account", id)
	if err != nil {
		_, err = orNone(account, err, errNoInstanceProfile)
		return err
	}
	return t.count(account, iam.InstanceProfiles, -1)
}
