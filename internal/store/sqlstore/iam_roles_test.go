package sqlstore_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"sekisho/internal/iam"
	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store"
	"sekisho/internal/store/sqlstore"
	"sekisho/internal/store/storetest"
)

// Roles that a database had before it counted roles are counted when it is
// opened, and have what they lacked.
func TestRolesOfBefore(t *testing.T) {
	for engine, fresh := range map[sqldb.Engine]func(testing.TB) sqldb.Config{sqldb.SQLite: sqldbtest.SQLite, sqldb.PostgreSQL: sqldbtest.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			config := fresh(t)
			before := make(fstest.MapFS)
			const first = "00001_sign_in.sql"
			text, err := fs.ReadFile(sqlstore.Migrations(), first)
			if err != nil {
				t.Fatal(err)
			}
			before[first] = &fstest.MapFile{Data: text}
			old, err := sqldb.Open(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			if err := old.Migrate(t.Context(), before); err != nil {
				t.Fatal(err)
			}
			if err := old.Update(t.Context(), func(tx sqldb.Tx) error {
				for _, account := range []string{"111122223333", "444455556666"} {
					if _, err := tx.Exec(t.Context(), "INSERT INTO accounts VALUES (?, 'x', '', NULL, NULL, 'ACTIVE', '', 0, 0)", account); err != nil {
						return err
					}
				}
				for _, name := range []string{"A", "B"} {
					if _, err := tx.Exec(t.Context(), "INSERT INTO roles VALUES (?, '111122223333', '/', ?, ?, '', '{}', 3600, NULL, 0)",
						"AROA"+name, name, strings.ToLower(name)); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
			db := storetest.OpenAt(t, config, storetest.NewRing(t))
			if err := db.View(t.Context(), func(tx store.Tx) error {
				for account, want := range map[string]int{"111122223333": 2, "444455556666": 0} {
					if n, err := tx.IAMCount(account, iam.Roles); err != nil || n != want {
						t.Errorf("%s has %d roles, %v", account, n, err)
					}
				}
				r, err := tx.RoleByName("111122223333", "a")
				if err != nil || r.Boundary != "" || r.Tags != nil || r.FromFile || r.MaxSessionSeconds != 3600 {
					t.Errorf("role %+v, %v", r, err)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		})
	}
}
