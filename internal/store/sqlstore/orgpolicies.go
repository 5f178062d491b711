package sqlstore

import (
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoOrgPolicy    = fault.New(fault.NotFound, "no-org-policy", "The policy does not exist.")
	errOrgNotAttached = fault.New(fault.NotFound, "org-policy-not-attached", "The policy is not attached to the target.")
	putOrgPolicy      = upsert("org_policies", "id", orgPolicyColumns)
	attachEverywhere  = `
INSERT INTO org_attachments (target, policy_id, policy_type, organization, place)
SELECT root, ?, ?, id, 0 FROM organizations WHERE id = ?
UNION ALL SELECT id, ?, ?, organization, 0 FROM organizational_units WHERE organization = ?
UNION ALL SELECT id, ?, ?, organization, 0 FROM accounts WHERE organization = ?`
	attachOrgPolicy = `
INSERT INTO org_attachments (target, policy_id, policy_type, organization, place)
SELECT ?, ?, ?, ?, COALESCE(max(place), 0) + 1 FROM org_attachments WHERE target = ?
ON CONFLICT DO NOTHING`
)

const orgPolicyColumns = "id, organization, policy_type, name, description, document, from_file, updated_at"

func scanOrgPolicy(r sqldb.Row) (p org.Policy, err error) {
	return p, r.Scan(&p.ID, &p.Organization, &p.Type, &p.Name, &p.Description, &p.Document, &p.FromFile, sqldb.AsTime(&p.UpdatedAt))
}

func (t *tx) OrgPolicy(id string) (org.Policy, error) {
	p, err := one(t, scanOrgPolicy, "SELECT "+orgPolicyColumns+" FROM org_policies WHERE id = ?", id)
	return orNone(p, err, errNoOrgPolicy)
}

func (t *tx) OrgPolicies(organization string, kind org.PolicyType, p page.Request) (page.Page[org.Policy], error) {
	limit := limitOf(p)
	items, err := all(t, scanOrgPolicy, "SELECT "+orgPolicyColumns+
		" FROM org_policies WHERE organization = ? AND policy_type = ? AND name > ? ORDER BY name LIMIT ?", organization, string(kind), p.After, limit+1)
	return page.Cut(items, limit, func(p org.Policy) string { return p.Name }), err
}

func (t *tx) OrgPolicyCount(organization string, kind org.PolicyType) (int, error) {
	return one(t, sqldb.Value[int], "SELECT count(*) FROM org_policies WHERE organization = ? AND policy_type = ?", organization, string(kind))
}

func (t *tx) PutOrgPolicy(p org.Policy) error {
	_, err := t.exec(putOrgPolicy, p.ID, p.Organization, string(p.Type), p.Name, p.Description, p.Document, p.FromFile, sqldb.Micros(p.UpdatedAt))
	if violated(err) == "org_policies(organization,policy_type,name)" {
		return fault.New(fault.AlreadyExists, "org-policy-name-taken", "A policy named %q exists already.", p.Name).Wrap(err)
	}
	t.note(store.KeyOrgPolicies())
	return err
}

func (t *tx) DeleteOrgPolicy(id string) error {
	if _, err := t.exec("DELETE FROM org_attachments WHERE policy_id = ?", id); err != nil {
		return err
	}
	if err := t.DeleteOrgTags(id); err != nil {
		return err
	}
	n, err := t.exec("DELETE FROM org_policies WHERE id = ?", id)
	t.note(store.KeyOrgPolicies())
	return mustChange(n, err, errNoOrgPolicy)
}

func (t *tx) AttachedOrgPolicies(target string, kind org.PolicyType) ([]string, error) {
	return strs(t, "SELECT policy_id FROM org_attachments WHERE target = ? AND policy_type = ? ORDER BY place, policy_id", target, string(kind))
}

func (t *tx) OrgPolicyTargets(organization, policy string, p page.Request) (page.Page[string], error) {
	limit := limitOf(p)
	items, err := strs(t, "SELECT target FROM org_attachments WHERE organization = ? AND policy_id = ? AND target > ? ORDER BY target LIMIT ?",
		organization, policy, p.After, limit+1)
	return page.Cut(items, limit, func(s string) string { return s }), err
}

func (t *tx) AttachOrgPolicy(organization, target string, p org.Policy) error {
	_, err := t.exec(attachOrgPolicy, target, p.ID, string(p.Type), organization, target)
	t.note(store.KeyOrgPolicies())
	return err
}

func (t *tx) AttachOrgPolicyEverywhere(o org.Organization, p org.Policy) error {
	_, err := t.exec(attachEverywhere, p.ID, string(p.Type), o.ID, p.ID, string(p.Type), o.ID, p.ID, string(p.Type), o.ID)
	t.note(store.KeyOrgPolicies())
	return err
}

func (t *tx) DetachOrgPolicy(target, policy string) error {
	n, err := t.exec("DELETE FROM org_attachments WHERE target = ? AND policy_id = ?", target, policy)
	t.note(store.KeyOrgPolicies())
	return mustChange(n, err, errOrgNotAttached)
}

func (t *tx) DetachOrgPolicies(organization string, kind org.PolicyType, target string) (err error) {
	if target != "" {
		_, err = t.exec("DELETE FROM org_attachments WHERE target = ?", target)
	} else {
		_, err = t.exec("DELETE FROM org_attachments WHERE organization = ? AND policy_type = ?", organization, string(kind))
	}
	t.note(store.KeyOrgPolicies())
	return err
}
