package sqlstore_test

import (
	"os"
	"path"
	"slices"
	"testing"
	"testing/fstest"

	"sekisho/internal/account"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// TestOrganizationOfBefore: the one organization of earlier versions, with units
// that were names only, comes through with its policies where they were, and
// with AWS's own where they were taken for granted.
func TestOrganizationOfBefore(t *testing.T) {
	t.Parallel()
	const management, prod, alone = "111122223333", "444455556666", "777788889999"
	for engine, config := range map[string]sqldb.Config{"sqlite": sqldbtest.SQLite(t), "postgresql": sqldbtest.PostgreSQL(t)} {
		t.Run(engine, func(t *testing.T) {
			before := fstest.MapFS{}
			files, err := os.ReadDir("migrations")
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				if f.Name() >= "00020" {
					break
				}
				text, err := os.ReadFile(path.Join("migrations", f.Name()))
				if err != nil {
					t.Fatal(err)
				}
				before[f.Name()] = &fstest.MapFile{Data: text}
			}
			old, err := sqldb.Open(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			if err := old.Migrate(t.Context(), before); err != nil {
				t.Fatal(err)
			}
			if err := old.Update(t.Context(), func(tx sqldb.Tx) error {
				for _, statement := range []string{
					"INSERT INTO organization VALUES (1, 'o-abcdefghij', '" + management + "', 5)",
					"INSERT INTO accounts (id, name, email, status, ou_path, created_at, from_file, standalone) VALUES ('" + management + "', 'M', '', 'ACTIVE', '', 1, 1, 0), " +
						"('" + prod + "', 'P', '', 'ACTIVE', 'Workloads/Prod', 2, 1, 0), ('" + alone + "', 'A', '', 'ACTIVE', '', 3, 0, 1)",
					"INSERT INTO org_policies VALUES ('p-1', 'SERVICE_CONTROL_POLICY', 'One', '{}', 1)",
					"INSERT INTO org_policy_targets VALUES ('/', 'p-1'), ('Workloads', 'p-1'), ('" + prod + "', 'p-1')",
					"INSERT INTO instance VALUES (1, 'ssoins-1', 'd-1234567890', 'us-east-1', '', 28800, '" + management + "', 4)",
					"INSERT INTO users VALUES ('u1', 'jane', 'jane', 'g', 'f', 'd', '', NULL, '', 0, 1, 1, 0)",
				} {
					if _, err := tx.Exec(t.Context(), statement); err != nil {
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
			err = db.View(t.Context(), func(tx store.Tx) error {
				o, err := tx.OrganizationManagedBy(management)
				if err != nil || o.ID != "o-abcdefghij" || o.Root != "r-abcd" || !o.Enabled(org.ServiceControl) || !o.Enabled(org.ResourceControl) || o.Features != org.AllFeatures {
					t.Errorf("organization %+v, %v", o, err)
				}
				workloads, err := tx.UnitByName("r-abcd", "Workloads")
				if err != nil || workloads.Path != o.Path()+workloads.ID+"/" {
					t.Fatalf("unit %+v, %v", workloads, err)
				}
				under, err := tx.UnitByName(workloads.ID, "Prod")
				if err != nil || under.Path != workloads.Path+under.ID+"/" || len(under.ID) != len("ou-abcd-12345678") {
					t.Errorf("unit %+v, %v", under, err)
				}
				for id, want := range map[string]account.Account{
					management: {Organization: o.ID, OrgPath: o.Path()}, prod: {Organization: o.ID, OrgPath: under.Path}, alone: {},
				} {
					if a, err := tx.Account(id); err != nil || a.Organization != want.Organization || a.OrgPath != want.OrgPath {
						t.Errorf("account %+v, %v", a, err)
					}
				}
				targets, err := tx.OrgPolicyTargets(o.ID, "p-1", page.Request{})
				slices.Sort(targets.Items)
				if want := []string{prod, workloads.ID, "r-abcd"}; err != nil || !slices.Equal(targets.Items, want) {
					t.Errorf("attached to %v, %v", targets.Items, err)
				}
				everywhere, err := tx.OrgPolicyTargets(o.ID, org.FullAWSAccess.ID, page.Request{})
				if err != nil || len(everywhere.Items) != 5 {
					t.Errorf("AWS's own is attached to %v, %v", everywhere.Items, err)
				}
				i, err := tx.InstanceOf(o.ID)
				if err != nil || i.ID != "ssoins-1" || i.MFA.Prompt == "" {
					t.Errorf("instance %+v, %v", i, err)
				}
				_, err = tx.UserByName(i.DirectoryID, "Jane")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
