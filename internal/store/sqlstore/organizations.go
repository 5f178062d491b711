package sqlstore

import (
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoUnit = fault.New(fault.NotFound, "no-unit", "The organizational unit does not exist.")

	putOrganization = upsert("organizations", "id", organizationColumns)
	putUnit         = upsert("organizational_units", "id", unitColumns)
)

const (
	organizationColumns = "id, management_account, root, features, policy_types, account_limit, created_at"
	unitColumns         = "id, organization, parent, name, path, created_at, from_file"
)

func scanOrganization(r sqldb.Row) (o org.Organization, err error) {
	var types []string
	err = r.Scan(&o.ID, &o.ManagementAccount, &o.Root, &o.Features, asList(&types), &o.AccountLimit, sqldb.AsTime(&o.CreatedAt))
	for _, t := range types {
		o.PolicyTypes = append(o.PolicyTypes, org.PolicyType(t))
	}
	return o, err
}

func (t *tx) Organization(id string) (org.Organization, error) {
	o, err := one(t, scanOrganization, "SELECT "+organizationColumns+" FROM organizations WHERE id = ?", id)
	return orNone(o, err, org.ErrNone)
}

func (t *tx) OrganizationManagedBy(account string) (org.Organization, error) {
	o, err := one(t, scanOrganization, "SELECT "+organizationColumns+" FROM organizations WHERE management_account = ?", account)
	return orNone(o, err, org.ErrNone)
}

func (t *tx) Manages(account string) (string, error) {
	o, err := t.OrganizationManagedBy(account)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return o.ID, err
}

func (t *tx) PutOrganization(o org.Organization) error {
	types := make([]string, len(o.PolicyTypes))
	for i, p := range o.PolicyTypes {
		types[i] = string(p)
	}
	_, err := t.exec(putOrganization, o.ID, o.ManagementAccount, o.Root, string(o.Features), list(types), o.AccountLimit, sqldb.Micros(o.CreatedAt))
	t.note(store.KeyOrgPolicies())
	return err
}

func (t *tx) DeleteOrganization(id string) error {
	for _, statement := range []string{
		"DELETE FROM handshakes WHERE organization = ?",
		"DELETE FROM responsibility_transfers WHERE target = ?",
		"DELETE FROM responsibility_transfers WHERE source = 'ORGANIZATION/' || ?",
		"DELETE FROM account_creations WHERE organization = ?",
		"DELETE FROM org_tags WHERE organization = ?",
		"DELETE FROM org_resource_policies WHERE organization = ?",
		"DELETE FROM org_trusted_services WHERE organization = ?",
		"DELETE FROM org_delegates WHERE organization = ?",
		"DELETE FROM org_attachments WHERE organization = ?",
		"DELETE FROM org_policies WHERE organization = ?",
		"DELETE FROM organizational_units WHERE organization = ?",
	} {
		if _, err := t.exec(statement, id); err != nil {
			return err
		}
	}
	n, err := t.exec("DELETE FROM organizations WHERE id = ?", id)
	t.note(store.KeyOrgPolicies())
	return mustChange(n, err, org.ErrNone)
}

func scanUnit(r sqldb.Row) (u org.Unit, err error) {
	return u, r.Scan(&u.ID, &u.Organization, &u.Parent, &u.Name, &u.Path, sqldb.AsTime(&u.CreatedAt), &u.FromFile)
}

func (t *tx) Unit(id string) (org.Unit, error) {
	u, err := one(t, scanUnit, "SELECT "+unitColumns+" FROM organizational_units WHERE id = ?", id)
	return orNone(u, err, errNoUnit)
}

func (t *tx) UnitByName(parent, name string) (org.Unit, error) {
	u, err := one(t, scanUnit, "SELECT "+unitColumns+" FROM organizational_units WHERE parent = ? AND name = ?", parent, name)
	return orNone(u, err, errNoUnit)
}

func (t *tx) UnitsUnder(parent string, p page.Request) (page.Page[org.Unit], error) {
	limit := limitOf(p)
	items, err := all(t, scanUnit, "SELECT "+unitColumns+" FROM organizational_units WHERE parent = ? AND id > ? ORDER BY id LIMIT ?", parent, p.After, limit+1)
	return page.Cut(items, limit, func(u org.Unit) string { return u.ID }), err
}

func (t *tx) UnitCount(organization string) (int, error) {
	return one(t, sqldb.Value[int], "SELECT count(*) FROM organizational_units WHERE organization = ?", organization)
}

func (t *tx) PutUnit(u org.Unit) error {
	_, err := t.exec(putUnit, u.ID, u.Organization, u.Parent, u.Name, u.Path, sqldb.Micros(u.CreatedAt), u.FromFile)
	if violated(err) == "organizational_units(parent,name)" {
		return fault.New(fault.AlreadyExists, "unit-name-taken", "There is an organizational unit named %q already.", u.Name).Wrap(err)
	}
	t.note(store.KeyOrgPolicies())
	return err
}

func (t *tx) DeleteUnit(id string) error {
	if err := t.DeleteOrgTags(id); err != nil {
		return err
	}
	if _, err := t.exec("DELETE FROM org_attachments WHERE target = ?", id); err != nil {
		return err
	}
	n, err := t.exec("DELETE FROM organizational_units WHERE id = ?", id)
	t.note(store.KeyOrgPolicies())
	return mustChange(n, err, errNoUnit)
}
