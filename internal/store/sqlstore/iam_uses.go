package sqlstore

import (
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/sqldb"
)

var (
	errNoAccessKeyUse = fault.New(fault.NotFound, "no-access-key-use", "The access key was never used.")

	putUse          = upsert("iam_uses", "use_key", "use_key, "+useColumns+", forget_at") + " WHERE excluded.at >= iam_uses.at"
	putAccessKeyUse = upsert("access_key_uses", "access_key", "access_key, "+useColumns) + " WHERE excluded.at >= access_key_uses.at"
)

const (
	useColumns = "entity, account, service, action, region, at"

	// usesKept is the tracking period of AWS's last accessed information.
	usesKept = 400 * 24 * time.Hour
)

// PutUses does not note changes: nothing leans on when something was used.
func (t *tx) PutUses(batch []iam.Use) error {
	for _, u := range batch {
		at := sqldb.Micros(u.At)
		key := u.Entity + " " + u.Service + ":" + u.Action
		if _, err := t.exec(putUse, key, u.Entity, u.Account, u.Service, u.Action, u.Region, at, sqldb.Micros(u.At.Add(usesKept))); err != nil {
			return err
		}
		if u.AccessKey == "" {
			continue
		}
		if _, err := t.exec(putAccessKeyUse, u.AccessKey, u.Entity, u.Account, u.Service, u.Action, u.Region, at); err != nil {
			return err
		}
	}
	return nil
}

func scanUse(r sqldb.Row) (u iam.Use, err error) {
	return u, r.Scan(&u.Entity, &u.Account, &u.Service, &u.Action, &u.Region, sqldb.AsTime(&u.At))
}

func (t *tx) AccessKeyUse(accessKey string) (iam.Use, error) {
	u, err := one(t, scanUse, "SELECT "+useColumns+" FROM access_key_uses WHERE access_key = ?", accessKey)
	u.AccessKey = accessKey
	return orNone(u, err, errNoAccessKeyUse)
}

// UsesOf does not say which keys were used.
func (t *tx) UsesOf(entity string) ([]iam.Use, error) {
	return all(t, scanUse, "SELECT "+useColumns+" FROM iam_uses WHERE entity = ? ORDER BY service, action", entity)
}
