package sqlstore

import (
	"encoding/json"

	"sekisho/internal/access"
	"sekisho/internal/fault"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoAttributes = fault.New(fault.NotFound, "no-attributes", "Attributes for access control are not enabled.")

	putAttributes = upsert("access_attributes", "instance", "instance, content")
)

func (t *tx) Attributes(instance string) ([]access.Attribute, error) {
	text, err := one(t, sqldb.Value[string], "SELECT content FROM access_attributes WHERE instance = ?", instance)
	if text, err = orNone(text, err, errNoAttributes); err != nil {
		return nil, err
	}
	var pairs [][2]string
	if err := json.Unmarshal([]byte(text), &pairs); err != nil {
		return nil, err
	}
	var all []access.Attribute
	for _, p := range pairs {
		all = append(all, access.Attribute{Key: p[0], Source: p[1]})
	}
	return all, nil
}

func (t *tx) PutAttributes(instance string, a []access.Attribute) error {
	pairs := make([][2]string, len(a))
	for i, v := range a {
		pairs[i] = [2]string{v.Key, v.Source}
	}
	text, err := json.Marshal(pairs)
	if err != nil {
		return err
	}
	_, err = t.exec(putAttributes, instance, string(text))
	if unreferenced(err) {
		return errNoInstance.Wrap(err)
	}
	t.note(store.KeyInstance())
	return err
}

func (t *tx) DeleteAttributes(instance string) error {
	n, err := t.exec("DELETE FROM access_attributes WHERE instance = ?", instance)
	t.note(store.KeyInstance())
	return mustChange(n, err, errNoAttributes)
}
