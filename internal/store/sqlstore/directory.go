package sqlstore

import (
	"encoding/json"

	"sekisho/internal/access"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/sqldb"
)

// What is counted of a directory.
const (
	countedUsers  = "users"
	countedGroups = "groups"
)

const addToDirectory = `
INSERT INTO directory_counts (directory, noun, n) VALUES (?, ?, ?)
ON CONFLICT (directory, noun) DO UPDATE SET n = directory_counts.n + excluded.n`

// countInDirectory adds by, which may be negative. Every insert and delete of
// what is counted calls it.
func (t *tx) countInDirectory(in, noun string, by int) error {
	_, err := t.exec(addToDirectory, in, noun, by)
	return err
}

func (t *tx) directoryCount(in, noun string) (int, error) {
	n, err := one(t, sqldb.Value[int], "SELECT n FROM directory_counts WHERE directory = ? AND noun = ?", in, noun)
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	return n, err
}

// addsRow reports whether a row of that id would be new in the table.
func (t *tx) addsRow(table, id string) (bool, error) {
	_, err := one(t, sqldb.Value[int], "SELECT 1 FROM "+table+" WHERE id = ?", id)
	if fault.Is(err, fault.NotFound) {
		return true, nil
	}
	return false, err
}

// orNoneError puts the words of none on the error of a query without rows.
func orNoneError(err error, none *fault.Error) error {
	_, err = orNone(struct{}{}, err, none)
	return err
}

// byPrefix is the statement that pages through a directory's rows whose key
// begins with a prefix, in order of the key, and its arguments but for the limit.
// It enters the index (directory, key) where the page begins, with one lower bound
// only: of two, an engine may take the one that lets more through.
func byPrefix(table, columns, key string, unique bool, in, prefix, after string) (statement string, args []any) {
	from, id := directory.PlaceOf(after)
	if from < prefix {
		from, id = prefix, "" // before everybody of that name
	}
	statement = "SELECT " + columns + " FROM " + table + " WHERE directory = ? AND " + key + " < ? AND "
	args = []any{in, prefix + afterEveryPath, from}
	switch {
	case !unique:
		return statement + "(" + key + ", id) > (?, ?) ORDER BY " + key + ", id LIMIT ?", append(args, id)
	case id == "":
		return statement + key + " >= ? ORDER BY " + key + " LIMIT ?", args
	default:
		return statement + key + " > ? ORDER BY " + key + " LIMIT ?", args
	}
}

// externalIDs are external ids as they are stored: a JSON array of pairs.
func externalIDs(ids []directory.ExternalID) string {
	if len(ids) == 0 {
		return "[]"
	}
	pairs := make([][2]string, len(ids))
	for i, id := range ids {
		pairs[i] = [2]string{id.Issuer, id.ID}
	}
	b, err := json.Marshal(pairs)
	if err != nil {
		panic(err) // strings only: cannot fail
	}
	return string(b)
}

func readExternalIDs(s string) (ids []directory.ExternalID, err error) {
	if s == "[]" {
		return nil, nil
	}
	var pairs [][2]string
	err = json.Unmarshal([]byte(s), &pairs)
	for _, p := range pairs {
		ids = append(ids, directory.ExternalID{Issuer: p[0], ID: p[1]})
	}
	return ids, err
}

// putExternalIDs makes these the owner's, and is AlreadyExists if one is somebody
// else's.
func (t *tx) putExternalIDs(in string, kind access.PrincipalType, owner string, ids []directory.ExternalID, isNew bool) error {
	if !isNew {
		if _, err := t.exec("DELETE FROM external_ids WHERE owner = ?", owner); err != nil {
			return err
		}
	}
	for _, id := range ids {
		_, err := t.exec("INSERT INTO external_ids (directory, kind, external_id, issuer, owner) VALUES (?, ?, ?, ?, ?)", in, string(kind), id.ID, id.Issuer, owner)
		if violated(err) != "" {
			return fault.New(fault.AlreadyExists, "external-id-taken", "The external id %q belongs to another.", id.ID).Wrap(err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// externalOwner is who is known so.
func (t *tx) externalOwner(in string, kind access.PrincipalType, id directory.ExternalID) (string, error) {
	if id.Issuer == "" {
		return one(t, sqldb.Value[string], "SELECT owner FROM external_ids WHERE directory = ? AND kind = ? AND external_id = ? ORDER BY issuer LIMIT 1", in, string(kind), id.ID)
	}
	return one(t, sqldb.Value[string], "SELECT owner FROM external_ids WHERE directory = ? AND kind = ? AND external_id = ? AND issuer = ?", in, string(kind), id.ID, id.Issuer)
}
