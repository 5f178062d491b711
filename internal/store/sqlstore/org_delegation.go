package sqlstore

import (
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoDelegate          = fault.New(fault.NotFound, "no-delegate", "The account is not a delegated administrator for the service.")
	errNotTrusted          = fault.New(fault.NotFound, "not-trusted", "The service is not trusted.")
	errNoOrgResourcePolicy = fault.New(fault.NotFound, "no-org-resource-policy", "The organization has no resource policy.")
	putOrgResourcePolicy   = upsert("org_resource_policies", "organization", orgResourcePolicyColumns)
)

const (
	delegateColumns          = "account, service, organization, since"
	orgResourcePolicyColumns = "organization, id, document"
)

func scanDelegate(r sqldb.Row) (d org.Delegate, err error) {
	return d, r.Scan(&d.Account, &d.Service, &d.Organization, sqldb.AsTime(&d.Since))
}

func (t *tx) Delegate(account, service string) (org.Delegate, error) {
	d, err := one(t, scanDelegate, "SELECT "+delegateColumns+" FROM org_delegates WHERE account = ? AND service = ?", account, service)
	return orNone(d, err, errNoDelegate)
}

func (t *tx) Delegates(organization, service string, p page.Request) (page.Page[org.Delegate], error) {
	limit := limitOf(p)
	query, args := "SELECT "+delegateColumns+" FROM org_delegates WHERE organization = ? AND service = ? AND account > ? ORDER BY account LIMIT ?",
		[]any{organization, service, p.After, limit + 1}
	if service == "" {
		query, args = "SELECT account, '', organization, min(since) FROM org_delegates WHERE organization = ? AND account > ? GROUP BY organization, account ORDER BY account LIMIT ?",
			[]any{organization, p.After, limit + 1}
	}
	items, err := all(t, scanDelegate, query, args...)
	return page.Cut(items, limit, func(d org.Delegate) string { return d.Account }), err
}

func (t *tx) DelegatedServices(account string, p page.Request) (page.Page[org.Delegate], error) {
	limit := limitOf(p)
	items, err := all(t, scanDelegate, "SELECT "+delegateColumns+" FROM org_delegates WHERE account = ? AND service > ? ORDER BY service LIMIT ?",
		account, p.After, limit+1)
	return page.Cut(items, limit, func(d org.Delegate) string { return d.Service }), err
}

func (t *tx) PutDelegate(d org.Delegate) error {
	_, err := t.exec("INSERT INTO org_delegates ("+delegateColumns+") VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
		d.Account, d.Service, d.Organization, sqldb.Micros(d.Since))
	t.note(store.KeyAccount(d.Account))
	return err
}

func (t *tx) DeleteDelegate(account, service string) error {
	n, err := t.exec("DELETE FROM org_delegates WHERE account = ? AND service = ?", account, service)
	t.note(store.KeyAccount(account))
	return mustChange(n, err, errNoDelegate)
}

func scanTrusted(r sqldb.Row) (s org.TrustedService, err error) {
	return s, r.Scan(&s.Service, sqldb.AsTime(&s.Since))
}

func (t *tx) TrustedService(organization, service string) (org.TrustedService, error) {
	s, err := one(t, scanTrusted, "SELECT service, since FROM org_trusted_services WHERE organization = ? AND service = ?", organization, service)
	return orNone(s, err, errNotTrusted)
}

func (t *tx) TrustedServices(organization string, p page.Request) (page.Page[org.TrustedService], error) {
	limit := limitOf(p)
	items, err := all(t, scanTrusted, "SELECT service, since FROM org_trusted_services WHERE organization = ? AND service > ? ORDER BY service LIMIT ?",
		organization, p.After, limit+1)
	return page.Cut(items, limit, func(s org.TrustedService) string { return s.Service }), err
}

func (t *tx) PutTrustedService(organization string, s org.TrustedService) error {
	_, err := t.exec("INSERT INTO org_trusted_services (organization, service, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
		organization, s.Service, sqldb.Micros(s.Since))
	t.note(store.KeyOrganization(organization))
	return err
}

func (t *tx) DeleteTrustedService(organization, service string) error {
	_, err := t.exec("DELETE FROM org_trusted_services WHERE organization = ? AND service = ?", organization, service)
	t.note(store.KeyOrganization(organization))
	return err
}

func scanOrgResourcePolicy(r sqldb.Row) (p org.ResourcePolicy, err error) {
	return p, r.Scan(&p.Organization, &p.ID, &p.Document)
}

func (t *tx) OrgResourcePolicy(organization string) (org.ResourcePolicy, error) {
	p, err := one(t, scanOrgResourcePolicy, "SELECT "+orgResourcePolicyColumns+" FROM org_resource_policies WHERE organization = ?", organization)
	return orNone(p, err, errNoOrgResourcePolicy)
}

func (t *tx) PutOrgResourcePolicy(p org.ResourcePolicy) error {
	_, err := t.exec(putOrgResourcePolicy, p.Organization, p.ID, p.Document)
	t.note(store.KeyOrganization(p.Organization))
	return err
}

func (t *tx) DeleteOrgResourcePolicy(organization string) error {
	if _, err := t.exec("DELETE FROM org_tags WHERE resource IN (SELECT id FROM org_resource_policies WHERE organization = ?)", organization); err != nil {
		return err
	}
	n, err := t.exec("DELETE FROM org_resource_policies WHERE organization = ?", organization)
	t.note(store.KeyOrganization(organization))
	return mustChange(n, err, errNoOrgResourcePolicy)
}
