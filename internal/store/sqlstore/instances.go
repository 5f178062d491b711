package sqlstore

import (
	"encoding/json"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoInstance = fault.New(fault.NotFound, "no-instance", "IAM Identity Center is not enabled.")

	errNoRegion = fault.New(fault.NotFound, "no-region", "The instance is not in the region.")

	putRegion   = upsert("instance_regions", "instance, name", "instance, name, added_at")
	putInstance = upsert("instances", "id", instanceColumns)
)

const instanceColumns = "id, directory_id, region, subdomain, name, organization, owner, status, session_seconds, mfa, email_otp, tags, created_at"

func scanInstance(r sqldb.Row) (i access.Instance, err error) {
	var (
		seconds                 int64
		mfa                     string
		subdomain, organization *string
	)
	if err := r.Scan(&i.ID, &i.DirectoryID, &i.Region, &subdomain, &i.Name, &organization, &i.Owner, &i.Status, &seconds, &mfa, &i.EmailOTP, asTags(&i.Tags),
		sqldb.AsTime(&i.CreatedAt)); err != nil {
		return i, err
	}
	if subdomain != nil {
		i.Subdomain = *subdomain
	}
	if organization != nil {
		i.Organization = *organization
	}
	i.SessionDuration = time.Duration(seconds) * time.Second
	return i, json.Unmarshal([]byte(mfa), &i.MFA)
}

func (t *tx) instance(where string, args ...any) (access.Instance, error) {
	i, err := one(t, scanInstance, "SELECT "+instanceColumns+" FROM instances WHERE "+where, args...)
	return orNone(i, err, errNoInstance)
}

func (t *tx) Instance(id string) (access.Instance, error) { return t.instance("id = ?", id) }

func (t *tx) InstanceByName(name string) (access.Instance, error) {
	return t.instance("(id = ? OR directory_id = ? OR subdomain = ?) AND status <> ?", name, name, name, string(access.InstanceDeleting))
}

func (t *tx) InstanceOf(organization string) (access.Instance, error) {
	return t.instance("organization = ?", organization)
}

func (t *tx) InstanceOwnedBy(account string) (access.Instance, error) {
	return t.instance("owner = ?", account)
}

func (t *tx) Instances(p page.Request) (page.Page[access.Instance], error) {
	limit := limitOf(p)
	items, err := all(t, scanInstance, "SELECT "+instanceColumns+" FROM instances WHERE id > ? ORDER BY id LIMIT ?", p.After, limit+1)
	return page.Cut(items, limit, func(i access.Instance) string { return i.ID }), err
}

func (t *tx) PutInstance(i access.Instance) error {
	mfa, err := json.Marshal(i.MFA)
	if err != nil {
		return err
	}
	_, err = t.exec(putInstance, i.ID, i.DirectoryID, i.Region, orNull(i.Subdomain), i.Name, orNull(i.Organization), i.Owner, string(i.Status),
		int64(i.SessionDuration/time.Second), string(mfa), i.EmailOTP, tagList(i.Tags), sqldb.Micros(i.CreatedAt))
	switch violated(err) {
	case "instances(subdomain)", "instances(directory_id)":
		return fault.New(fault.AlreadyExists, "subdomain-taken", "The portal name %q is taken.", i.Subdomain).Wrap(err)
	case "instances(owner)", "instances(organization)":
		return fault.New(fault.AlreadyExists, "instance-exists", "There is an instance already.").Wrap(err)
	}
	t.note(store.KeyInstance())
	return err
}

func (t *tx) DeleteInstance(id string) error {
	if err := t.DeleteApplicationsOf(id); err != nil {
		return err
	}
	for _, table := range []string{"instance_regions", "access_attributes", "access_requests"} {
		if _, err := t.exec("DELETE FROM "+table+" WHERE instance = ?", id); err != nil {
			return err
		}
	}
	n, err := t.exec("DELETE FROM instances WHERE id = ?", id)
	t.note(store.KeyInstance())
	return mustChange(n, err, errNoInstance)
}

func scanRegion(r sqldb.Row) (v access.Region, err error) {
	return v, r.Scan(&v.Name, sqldb.AsTime(&v.AddedAt))
}

func (t *tx) Regions(instance string) ([]access.Region, error) {
	return all(t, scanRegion, "SELECT name, added_at FROM instance_regions WHERE instance = ? ORDER BY name", instance)
}

func (t *tx) PutRegion(instance string, r access.Region) error {
	_, err := t.exec(putRegion, instance, r.Name, sqldb.Micros(r.AddedAt))
	if unreferenced(err) {
		return errNoInstance.Wrap(err)
	}
	t.note(store.KeyInstance())
	return err
}

func (t *tx) DeleteRegion(instance, name string) error {
	n, err := t.exec("DELETE FROM instance_regions WHERE instance = ? AND name = ?", instance, name)
	t.note(store.KeyInstance())
	return mustChange(n, err, errNoRegion)
}
