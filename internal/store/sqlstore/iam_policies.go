package sqlstore

import (
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoPolicy        = fault.New(fault.NotFound, "no-policy", "The policy does not exist.")
	errNoPolicyVersion = fault.New(fault.NotFound, "no-policy-version", "The policy version does not exist.")

	policiesUnder = underPath("iam_policies", policyColumns)
)

const (
	policyColumns = "id, account, path, name, description, default_version, last_version, tags, created_at, updated_at, from_file"

	policyByName = "SELECT " + policyColumns + " FROM iam_policies WHERE account = ? AND name_key = ?"

	insertPolicy = "INSERT INTO iam_policies (" + policyColumns + ", name_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" +
		" ON CONFLICT (id) DO NOTHING"
	updatePolicy = "UPDATE iam_policies SET account = ?, path = ?, name = ?, description = ?, default_version = ?, last_version = ?," +
		" tags = ?, created_at = ?, updated_at = ?, from_file = ?, name_key = ? WHERE id = ?"

	versionColumns = "policy, number, document, created_at"

	insertVersion = "INSERT INTO iam_policy_versions (" + versionColumns + ") VALUES (?, ?, ?, ?) ON CONFLICT (policy, number) DO NOTHING"
	updateVersion = "UPDATE iam_policy_versions SET document = ?, created_at = ? WHERE policy = ? AND number = ?"
)

func scanPolicy(r sqldb.Row) (p iam.Policy, err error) {
	return p, r.Scan(&p.ID, &p.Account, &p.Path, &p.Name, &p.Description, &p.DefaultVersion, &p.LastVersion, asTags(&p.Tags),
		sqldb.AsTime(&p.CreatedAt), sqldb.AsTime(&p.UpdatedAt), &p.FromFile)
}

func (t *tx) policyByID(id string) (iam.Policy, error) {
	p, err := one(t, scanPolicy, "SELECT "+policyColumns+" FROM iam_policies WHERE id = ?", id)
	return orNone(p, err, errNoPolicy)
}

func (t *tx) PolicyByName(account, name string) (iam.Policy, error) {
	p, err := one(t, scanPolicy, policyByName, account, nameKey(name))
	return orNone(p, err, errNoPolicy)
}

func (t *tx) Policies(account, pathPrefix string, p page.Request) (page.Page[iam.Policy], error) {
	return pathPage(t, scanPolicy, policiesUnder, account, pathPrefix, p, func(p iam.Policy) (path, name string) { return p.Path, p.Name })
}

func (t *tx) PutPolicy(p iam.Policy) error {
	tags, created, updated := tagList(p.Tags), sqldb.Micros(p.CreatedAt), sqldb.Micros(p.UpdatedAt)
	n, err := t.exec(insertPolicy, p.ID, p.Account, p.Path, p.Name, p.Description, p.DefaultVersion, p.LastVersion, tags, created, updated,
		p.FromFile, nameKey(p.Name))
	if err == nil && n == 0 {
		_, err = t.exec(updatePolicy, p.Account, p.Path, p.Name, p.Description, p.DefaultVersion, p.LastVersion, tags, created, updated,
			p.FromFile, nameKey(p.Name), p.ID)
	}
	switch violated(err) {
	case "iam_policies(account,name_key)", "iam_policies(account,path,name_key)":
		return fault.New(fault.AlreadyExists, "policy-name-taken",
			"A policy called %s already exists. Duplicate names are not allowed.", p.Name).Wrap(err)
	}
	if err != nil {
		return err
	}
	t.note(store.KeyPolicy(p.ARN()))
	return t.countPolicies(p.Account, iam.Policies, int(n))
}

// countPolicies counts for an account that has quotas; AWS's own policies are
// nobody's.
func (t *tx) countPolicies(account string, n iam.Noun, by int) error {
	if account == iam.AWSAccount || by == 0 {
		return nil
	}
	return t.count(account, n, by)
}

// DeletePolicy removes the policy with its versions.
func (t *tx) DeletePolicy(id string) error {
	versions, err := t.exec("DELETE FROM iam_policy_versions WHERE policy = ?", id)
	if err != nil {
		return err
	}
	p, err := one(t, scanPolicy, "DELETE FROM iam_policies WHERE id = ? RETURNING "+policyColumns, id)
	if err != nil {
		_, err = orNone(p, err, errNoPolicy)
		return err
	}
	t.note(store.KeyPolicy(p.ARN()))
	if err := t.countPolicies(p.Account, iam.PolicyVersions, -int(versions)); err != nil {
		return err
	}
	return t.countPolicies(p.Account, iam.Policies, -1)
}

func scanVersion(r sqldb.Row) (v iam.PolicyVersion, err error) {
	return v, r.Scan(&v.Policy, &v.Number, &v.Document, sqldb.AsTime(&v.CreatedAt))
}

func (t *tx) PolicyVersion(policy string, number int) (iam.PolicyVersion, error) {
	v, err := one(t, scanVersion, "SELECT "+versionColumns+" FROM iam_policy_versions WHERE policy = ? AND number = ?", policy, number)
	return orNone(v, err, errNoPolicyVersion)
}

func (t *tx) PolicyVersions(policy string) ([]iam.PolicyVersion, error) {
	return all(t, scanVersion, "SELECT "+versionColumns+" FROM iam_policy_versions WHERE policy = ? ORDER BY number DESC", policy)
}

// PutPolicyVersion is NotFound if there is no such policy.
func (t *tx) PutPolicyVersion(v iam.PolicyVersion) error {
	p, err := t.policyByID(v.Policy)
	if err != nil {
		return err
	}
	created := sqldb.Micros(v.CreatedAt)
	n, err := t.exec(insertVersion, v.Policy, v.Number, v.Document, created)
	if err == nil && n == 0 {
		_, err = t.exec(updateVersion, v.Document, created, v.Policy, v.Number)
	}
	if err != nil {
		return err
	}
	if v.Number == p.DefaultVersion {
		t.note(store.KeyPolicy(p.ARN()))
	}
	return t.countPolicies(p.Account, iam.PolicyVersions, int(n))
}

func (t *tx) DeletePolicyVersion(policy string, number int) error {
	n, err := t.exec("DELETE FROM iam_policy_versions WHERE policy = ? AND number = ?", policy, number)
	if err := mustChange(n, err, errNoPolicyVersion); err != nil {
		return err
	}
	p, err := t.policyByID(policy)
	if err != nil {
		return err
	}
	if number == p.DefaultVersion {
		t.note(store.KeyPolicy(p.ARN()))
	}
	return t.countPolicies(p.Account, iam.PolicyVersions, -1)
}
