package sqlstore

import (
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var putOrgTag = upsert("org_tags", "resource, tag_key", "resource, tag_key, tag_value, organization")

func scanOrgTag(r sqldb.Row) (tag org.Tag, err error) { return tag, r.Scan(&tag.Key, &tag.Value) }

func (t *tx) OrgTags(resource string, p page.Request) (page.Page[org.Tag], error) {
	limit := limitOf(p)
	items, err := all(t, scanOrgTag, "SELECT tag_key, tag_value FROM org_tags WHERE resource = ? AND tag_key > ? ORDER BY tag_key LIMIT ?",
		resource, p.After, limit+1)
	return page.Cut(items, limit, func(tag org.Tag) string { return tag.Key }), err
}

func (t *tx) PutOrgTag(organization, resource string, tag org.Tag) error {
	_, err := t.exec(putOrgTag, resource, tag.Key, tag.Value, organization)
	t.note(store.KeyOrgTags(resource))
	return err
}

func (t *tx) DeleteOrgTag(resource, key string) error {
	_, err := t.exec("DELETE FROM org_tags WHERE resource = ? AND tag_key = ?", resource, key)
	t.note(store.KeyOrgTags(resource))
	return err
}

func (t *tx) DeleteOrgTags(resource string) error {
	_, err := t.exec("DELETE FROM org_tags WHERE resource = ?", resource)
	t.note(store.KeyOrgTags(resource))
	return err
}
