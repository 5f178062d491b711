package sqlstore

import "sekisho/internal/iam"

// IAMFromFile returns each kind in order of account and name.
func (t *tx) IAMFromFile() (d iam.Declared, err error) {
	const declared = " WHERE from_file = 1 ORDER BY account, name_key"
	if d.Users, err = all(t, scanIAMUser, "SELECT "+iamUserColumns+" FROM iam_users"+declared); err != nil {
		return d, err
	}
	if d.Groups, err = all(t, scanIAMGroup, "SELECT "+iamGroupColumns+" FROM iam_groups"+declared); err != nil {
		return d, err
	}
	if d.Roles, err = all(t, scanRole, "SELECT "+roleColumns+" FROM roles"+declared); err != nil {
		return d, err
	}
	d.Policies, err = all(t, scanPolicy, "SELECT "+policyColumns+" FROM iam_policies"+declared)
	return d, err
}
