package sqlstore_test

import (
	"strings"
	"testing"

	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store/sqlstore"
)

// TestPathPlans: a page under a path walks the index from where it begins, and
// the members of a group theirs; neither sorts what it walks.
func TestPathPlans(t *testing.T) {
	t.Parallel()
	db := openSQLite(t, sqldbtest.SQLite(t))
	for name, index := range map[string]string{
		"IAM users under":         "iam_users_path (account=? AND (path,name_key)>(?,?) AND path<?)",
		"IAM groups under":        "iam_groups_path (account=? AND (path,name_key)>(?,?) AND path<?)",
		"instance profiles under": "instance_profiles_path (account=? AND (path,name_key)>(?,?) AND path<?)",
		"IAM members":             "iam_memberships_group (group_id=? AND user_key>?)",
		"instance profiles of":    "instance_profiles_role (role_id=?)",
	} {
		statement := sqlstore.Statements()[name]
		args := make([]any, strings.Count(statement, "?"))
		for i := range args {
			args[i] = "1"
		}
		var plan []string
		err := db.SQL().View(t.Context(), func(tx sqldb.Tx) (err error) {
			plan, err = explain(t.Context(), tx, statement, args)
			return err
		})
		if whole := strings.Join(plan, "\n  "); err != nil || !strings.Contains(whole, index) || strings.Contains(whole, "B-TREE") {
			t.Errorf("%s: %v\n  %s", name, err, whole)
		}
	}
}
