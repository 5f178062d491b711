package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

// tx implements store.Tx; its methods are in the files of their nouns.
type tx struct {
	ctx context.Context //nolint:containedctx // the transaction's own: a tx ends with the call that made it
	sql sqldb.Tx
	db  *DB

	changed  []string // keys in the order in which they were first noted
	noted    map[string]struct{}
	anything bool // everything may have changed
	loaded   bool // more than maxChanges were noted
}

var _ store.Tx = (*tx)(nil)

// maxChanges bounds the keys of one transaction in the feed. One that changes
// more is announced as a change of everything: cheaper for all than its list.
const maxChanges = 1000

// note adds a key to what the transaction changed.
func (t *tx) note(key string) {
	if t.anything {
		return
	}
	if t.noted == nil {
		t.noted = make(map[string]struct{})
	}
	if _, ok := t.noted[key]; ok {
		return
	}
	if len(t.changed) == maxChanges {
		t.noteEverything()
		t.loaded = true
		return
	}
	t.noted[key] = struct{}{}
	t.changed = append(t.changed, key)
}

func (t *tx) noteEverything() { t.changed, t.noted, t.anything = nil, nil, true }

func (t *tx) exec(query string, args ...any) (int64, error) {
	return t.sql.Exec(t.ctx, query, args...)
}

func one[T any](t *tx, scan func(sqldb.Row) (T, error), query string, args ...any) (T, error) {
	return sqldb.One(t.ctx, t.sql, scan, query, args...)
}

func all[T any](t *tx, scan func(sqldb.Row) (T, error), query string, args ...any) ([]T, error) {
	return sqldb.All(t.ctx, t.sql, scan, query, args...)
}

// strs reads one column of text.
func strs(t *tx, query string, args ...any) ([]string, error) {
	return all(t, sqldb.Value[string], query, args...)
}

// orNone puts the words of none on the error of a query without rows.
func orNone[T any](v T, err error, none *fault.Error) (T, error) {
	if fault.Is(err, fault.NotFound) {
		return v, none
	}
	return v, err
}

// mustChange is the error of a write that has to change a row.
func mustChange(n int64, err error, none *fault.Error) error {
	if err == nil && n == 0 {
		return none
	}
	return err
}

// violated names the unique key that err is about, or "".
func violated(err error) string {
	if fault.Is(err, fault.AlreadyExists) {
		return fault.ReasonOf(err)
	}
	return ""
}

// unreferenced reports that a row refers to one that does not exist, or is
// still referred to.
func unreferenced(err error) bool { return fault.ReasonOf(err) == "foreign-key" }

// upsert is the statement that inserts a row or replaces the one with the same
// key. Both key and columns are lists with ", "; columns includes the key's.
func upsert(table, key, columns string) string {
	names := strings.Split(columns, ", ")
	isKey := make(map[string]bool)
	for k := range strings.SplitSeq(key, ", ") {
		isKey[k] = true
	}
	var set []string
	for _, n := range names {
		if !isKey[n] {
			set = append(set, n+" = excluded."+n)
		}
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (?%s) ON CONFLICT (%s) DO UPDATE SET %s",
		table, columns, strings.Repeat(", ?", len(names)-1), key, strings.Join(set, ", "))
}

// maxRows is how many rows one statement inserts: enough that what a statement costs
// is shared by many, few enough for the arguments that the engines take.
const maxRows = 200

// insertAll inserts rows, many with each statement. columns is a list with ", ",
// conflict is empty or begins with " ON CONFLICT".
func insertAll[T any](t *tx, table, columns, conflict string, items []T, row func(T) ([]any, error)) error {
	n := strings.Count(columns, ", ") + 1
	one := "(?" + strings.Repeat(", ?", n-1) + ")"
	statement := func(rows int) string {
		return "INSERT INTO " + table + " (" + columns + ") VALUES " + one + strings.Repeat(", "+one, rows-1) + conflict
	}
	full := ""
	for some := range slices.Chunk(items, maxRows) {
		args := make([]any, 0, len(some)*n)
		for _, item := range some {
			values, err := row(item)
			if err != nil {
				return err
			}
			args = append(args, values...)
		}
		query := full
		if len(some) < maxRows {
			query = statement(len(some))
		} else if full == "" {
			full = statement(maxRows)
			query = full
		}
		if _, err := t.exec(query, args...); err != nil {
			return err
		}
	}
	return nil
}

// orNull is s, or NULL for "", so that any number of rows can have none of a
// unique name.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// list is a list of texts as it is stored: a JSON array.
func list(v []string) string {
	if len(v) == 0 {
		return "[]"
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings only: cannot fail
	}
	return string(b)
}

// asList scans what list made; an empty list is nil.
func asList(v *[]string) *listColumn { return (*listColumn)(v) }

type listColumn []string

// Scan implements sql.Scanner.
func (c *listColumn) Scan(v any) error {
	*c = nil
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("sqlstore: a list is kept as text, not %T", v)
	}
	if s == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(s), (*[]string)(c))
}

// maxPage bounds a page, whatever was asked for.
const maxPage = 1000

func limitOf(p page.Request) int {
	if p.Limit <= 0 || p.Limit > maxPage {
		return maxPage
	}
	return p.Limit
}
