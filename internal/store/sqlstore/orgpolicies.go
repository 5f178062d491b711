package sqlstore

import (
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoOrgPolicy = fault.New(fault.NotFound, "no-org-policy", "The policy does not exist.")

	putOrgPolicy = upsert("org_policies", "id", orgPolicyColumns)
)

const orgPolicyColumns = "id, policy_type, name, document, from_file"

func scanOrgPolicy(r sqldb.Row) (p org.Policy, err error) {
	return p, r.Scan(&p.ID, &p.Type, &p.Name, &p.Document, &p.FromFile)
}

func (t *tx) OrgPolicies(kind org.PolicyType) ([]org.Policy, error) {
	policies, err := all(t, scanOrgPolicy, "SELECT "+orgPolicyColumns+" FROM org_policies WHERE policy_type = ? ORDER BY name", kind)
	return t.withTargets(policies, err)
}

func (t *tx) OrgPoliciesOn(target string, kind org.PolicyType) ([]org.Policy, error) {
	policies, err := all(t, scanOrgPolicy, "SELECT "+orgPolicyColumns+` FROM org_policies p WHERE policy_type = ?
AND EXISTS (SELECT 1 FROM org_policy_targets a WHERE a.policy_id = p.id AND a.target = ?) ORDER BY name`, kind, target)
	return t.withTargets(policies, err)
}

func (t *tx) withTargets(policies []org.Policy, err error) ([]org.Policy, error) {
	for i := range policies {
		if err == nil {
			policies[i].Targets, err = strs(t, "SELECT target FROM org_policy_targets WHERE policy_id = ? ORDER BY target", policies[i].ID)
		}
	}
	return policies, err
}

func (t *tx) PutOrgPolicy(p org.Policy) error {
	_, err := t.exec(putOrgPolicy, p.ID, p.Type, p.Name, p.Document, p.FromFile)
	if violated(err) == "org_policies(policy_type,name)" {
		return fault.New(fault.AlreadyExists, "org-policy-name-taken", "A policy named %q exists already.", p.Name).Wrap(err)
	}
	if err != nil {
		return err
	}
	if _, err := t.exec("DELETE FROM org_policy_targets WHERE policy_id = ?", p.ID); err != nil {
		return err
	}
	for _, target := range p.Targets {
		if _, err := t.exec("INSERT INTO org_policy_targets (target, policy_id) VALUES (?, ?) ON CONFLICT DO NOTHING", target, p.ID); err != nil {
			return err
		}
	}
	t.note(store.KeyOrgPolicies())
	return nil
}

func (t *tx) DeleteOrgPolicy(id string) error {
	if _, err := t.exec("DELETE FROM org_policy_targets WHERE policy_id = ?", id); err != nil {
		return err
	}
	n, err := t.exec("DELETE FROM org_policies WHERE id = ?", id)
	t.note(store.KeyOrgPolicies())
	return mustChange(n, err, errNoOrgPolicy)
}
