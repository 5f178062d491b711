package sqlstore

import (
	"encoding/json"
	"fmt"
	"strings"

	"sekisho/internal/iam"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
)

// afterEveryPath is greater than every character that a path can have.
const afterEveryPath = "\U0010FFFF"

// underPath is the statement that pages through an account's rows under a path
// prefix, in order of path, then name. It enters the index (account, path,
// name_key) where the page begins, so that a page deep in a list costs the same.
func underPath(table, columns string) string {
	return "SELECT " + columns + " FROM " + table + " WHERE account = ? AND (path, name_key) > (?, ?) AND path < ?" +
		" ORDER BY path, name_key LIMIT ?"
}

// pathPage reads a page with a statement of underPath. place is an item's path
// and name.
func pathPage[T any](t *tx, scan func(sqldb.Row) (T, error), statement, account, prefix string, p page.Request,
	place func(T) (path, name string),
) (page.Page[T], error) {
	prefix = pathPrefix(prefix)
	path, name := prefix, "" // before every name
	// Neither a path nor a name has a space in it.
	if afterPath, afterName, _ := strings.Cut(p.After, " "); afterPath >= prefix {
		path, name = afterPath, afterName
	}
	limit := limitOf(p)
	items, err := all(t, scan, statement, account, path, name, prefix+afterEveryPath, limit+1)
	return page.Cut(items, limit, func(v T) string {
		path, name := place(v)
		return path + " " + nameKey(name)
	}), err
}

func pathPrefix(prefix string) string {
	if prefix == "" {
		return "/"
	}
	return prefix
}

// nameKey is the form of a name under which it is unique in its account.
func nameKey(name string) string { return strings.ToLower(name) }

// tagList is tags as they are stored: a JSON array of pairs, in their order.
func tagList(tags []iam.Tag) string {
	if len(tags) == 0 {
		return "[]"
	}
	pairs := make([][2]string, len(tags))
	for i, v := range tags {
		pairs[i] = [2]string{v.Key, v.Value}
	}
	b, err := json.Marshal(pairs)
	if err != nil {
		panic(err) // strings only: cannot fail
	}
	return string(b)
}

// asTags scans what tagList made; no tags are nil.
func asTags(v *[]iam.Tag) *tagsColumn { return (*tagsColumn)(v) }

type tagsColumn []iam.Tag

// Scan implements sql.Scanner.
func (c *tagsColumn) Scan(v any) error {
	*c = nil
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("sqlstore: tags are kept as text, not %T", v)
	}
	if s == "[]" {
		return nil
	}
	var pairs [][2]string
	if err := json.Unmarshal([]byte(s), &pairs); err != nil {
		return err
	}
	for _, p := range pairs {
		*c = append(*c, iam.Tag{Key: p[0], Value: p[1]})
	}
	return nil
}
