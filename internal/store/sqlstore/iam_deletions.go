package sqlstore

import (
	"encoding/json"
	"fmt"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/sqldb"
)

var (
	errNoDeletionTask = fault.New(fault.NotFound, "no-deletion-task", "The deletion task does not exist.")

	putDeletionTask = upsert("deletion_tasks", "id", deletionTaskColumns+", forget_at")
)

const deletionTaskColumns = "id, account, status, reason, role_usage, created_at"

func (t *tx) DeletionTask(account, id string) (iam.DeletionTask, error) {
	d, err := one(t, func(r sqldb.Row) (d iam.DeletionTask, err error) {
		return d, r.Scan(&d.ID, &d.Account, &d.Status, &d.Reason, (*usageColumn)(&d.Usage), sqldb.AsTime(&d.CreatedAt))
	}, "SELECT "+deletionTaskColumns+" FROM deletion_tasks WHERE id = ? AND account = ?", id, account)
	return orNone(d, err, errNoDeletionTask)
}

func (t *tx) PutDeletionTask(d iam.DeletionTask) error {
	usage := []byte("[]")
	if len(d.Usage) > 0 {
		var err error
		if usage, err = json.Marshal(d.Usage); err != nil {
			return err
		}
	}
	_, err := t.exec(putDeletionTask, d.ID, d.Account, string(d.Status), d.Reason, string(usage), sqldb.Micros(d.CreatedAt),
		sqldb.Micros(d.CreatedAt.Add(iam.DeletionTaskLifetime)))
	return noAccount(err)
}

// usageColumn scans the usage of a role; none is nil.
type usageColumn []iam.RoleUsage

// Scan implements sql.Scanner.
func (c *usageColumn) Scan(v any) error {
	*c = nil
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("sqlstore: a role's usage is kept as text, not %T", v)
	}
	if s == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(s), (*[]iam.RoleUsage)(c))
}
