package sqlstore_test

import (
	"context"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"sekisho/internal/sqldb"
	"sekisho/internal/sqldb/sqldbtest"
	"sekisho/internal/store/sqlstore"
	"sekisho/internal/store/storetest"
)

var updateSchema = flag.Bool("update", false, "write schema.sql anew from the migrations")

const schemaHead = `-- The schema that the migrations in migrations/ come to, as SQLite tells it. Do
-- not edit: go test ./internal/store/sqlstore -run TestSchema -update writes it.
`

// openSQLite opens a new database for tests that look beneath the contract.
func openSQLite(t testing.TB, c sqldb.Config) *sqlstore.DB {
	t.Helper()
	return storetest.OpenAt(t, c, storetest.NewRing(t)).(*sqlstore.DB)
}

// TestSchema holds schema.sql to what the migrations make.
func TestSchema(t *testing.T) {
	t.Parallel()
	db := openSQLite(t, sqldbtest.SQLite(t))
	var tables []string
	err := db.SQL().View(t.Context(), func(tx sqldb.Tx) (err error) {
		tables, err = sqldb.All(t.Context(), tx, sqldb.Value[string], `
SELECT s.sql FROM sqlite_schema s JOIN sqlite_schema t ON t.name = s.tbl_name AND t.type = 'table'
WHERE s.sql IS NOT NULL AND s.tbl_name NOT LIKE 'sqlite_%' AND s.tbl_name <> 'schema_version'
ORDER BY t.rootpage, s.type DESC, s.name`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got := schemaHead
	for _, s := range tables {
		if strings.HasPrefix(s, "CREATE TABLE") {
			got += "\n"
		}
		got += s + ";\n"
	}
	if *updateSchema {
		if err := os.WriteFile("schema.sql", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error("schema.sql is not what the migrations make: run this test with -update and look at the difference")
	}
}

// TestColumnTypes holds the migrations to the types that both engines have.
func TestColumnTypes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	column := regexp.MustCompile(`(?m)^  ([a-z_]+) +(\S+?),?(?: |$)`)
	found := column.FindAllStringSubmatch(string(text), -1)
	if len(found) < 150 {
		t.Fatalf("found %d columns only", len(found))
	}
	for _, m := range found {
		if m[2] != "TEXT" && m[2] != "BIGINT" && m[2] != "BLOB" {
			t.Errorf("column %s has type %s", m[1], m[2])
		}
	}
}

// TestPlans: no statement of the running server goes through a whole table, so
// what it costs does not grow with what there is.
func TestPlans(t *testing.T) {
	t.Parallel()
	db := openSQLite(t, sqldbtest.SQLite(t))
	ofTable := regexp.MustCompile(`^SCAN (\S+)`)
	// What a plan may scan: the steps and results of its own statement, and the
	// events when all of them are asked for, in the order of their index.
	own := map[string]bool{"holder": true, "h": true, "step": true, "held": true, "nodes": true, "CONSTANT": true}
	for name, statement := range sqlstore.Statements() {
		args := make([]any, strings.Count(statement, "?"))
		for i := range args {
			args[i] = 1
		}
		var plan []string
		err := db.SQL().View(t.Context(), func(tx sqldb.Tx) (err error) {
			plan, err = explain(t.Context(), tx, statement, args)
			return err
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		whole := strings.Join(plan, "\n  ")
		for _, step := range plan {
			m := ofTable.FindStringSubmatch(step)
			if m != nil && !own[m[1]] && !(strings.HasPrefix(name, "due") && strings.Contains(step, "messages_due")) {
				t.Errorf("%s scans %s:\n  %s", name, m[1], whole)
			}
		}
		if strings.HasPrefix(name, "events") && strings.Contains(whole, "B-TREE") {
			t.Errorf("%s sorts:\n  %s", name, whole)
		}
		if name == "passing events" && !strings.Contains(whole, "INDEX events_passing (id<?)") {
			t.Errorf("%s goes through the changes between them:\n  %s", name, whole)
		}
		if name == "accounts of" && (!strings.Contains(whole, "sqlite_autoindex_assignments_1 (principal_type=? AND principal_id=? AND account>?)")) {
			t.Errorf("%s does not walk the assignments' key:\n  %s", name, whole)
		}
	}
}

func explain(ctx context.Context, tx sqldb.Tx, statement string, args []any) ([]string, error) {
	return sqldb.All(ctx, tx, func(r sqldb.Row) (detail string, err error) {
		var id, parent, unused int
		return detail, r.Scan(&id, &parent, &unused, &detail)
	}, "EXPLAIN QUERY PLAN "+statement, args...)
}
