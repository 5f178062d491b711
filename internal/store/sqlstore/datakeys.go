package sqlstore

import (
	"sekisho/internal/keys"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var putDataKey = upsert("data_keys", "id", "id, sealed, created_at")

func (t *tx) DataKeys() ([]keys.Wrapped, error) {
	return all(t, func(r sqldb.Row) (w keys.Wrapped, err error) {
		return w, r.Scan(&w.ID, &w.Sealed, sqldb.AsTime(&w.CreatedAt))
	}, "SELECT id, sealed, created_at FROM data_keys ORDER BY id")
}

func (t *tx) PutDataKey(w keys.Wrapped) error {
	_, err := t.exec(putDataKey, int64(w.ID), w.Sealed, sqldb.Micros(w.CreatedAt))
	t.note(store.KeyDataKeys())
	return err
}
