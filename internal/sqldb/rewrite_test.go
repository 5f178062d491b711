package sqldb

import (
	"strings"
	"testing"
)

func TestForPostgres(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"nothing", "SELECT 1", "SELECT 1"},
		{"several", "UPDATE t SET a = ?, b=? WHERE c IN (?,?)", "UPDATE t SET a = $1, b=$2 WHERE c IN ($3,$4)"},
		{"ten", strings.Repeat("?,", 10), "$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,"},
		{"string", "SELECT '?' WHERE a = ?", "SELECT '?' WHERE a = $1"},
		{"doubled quote", "SELECT 'it''s ?' , ?", "SELECT 'it''s ?' , $1"},
		{"identifier", `SELECT "a?" FROM t WHERE b = ?`, `SELECT "a?" FROM t WHERE b = $1`},
		{"line comment", "SELECT ? -- why?\n, ?", "SELECT $1 -- why?\n, $2"},
		{"block comment", "SELECT /* ? */ ?", "SELECT /* ? */ $1"},
		{"minus and divide", "SELECT ?-?/?", "SELECT $1-$2/$3"},
		{"quote in comment", "SELECT ? -- don't\n, ?", "SELECT $1 -- don't\n, $2"},
		{"comment in quote", "SELECT '--', ?, '/*', ?", "SELECT '--', $1, '/*', $2"},
		{"short comment", "SELECT /**/ ?, /*/ ? */ ?", "SELECT /**/ $1, /*/ ? */ $2"},
		{"open string", "SELECT ?, '?", "SELECT $1, '?"},
		{"open comment", "SELECT ? /* ?", "SELECT $1 /* ?"},
		{"last byte", "SELECT ?/", "SELECT $1/"},
	}
	var cache rewriteCache
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for range 2 {
				if got := cache.get(test.in); got != test.want {
					t.Errorf("got %q, want %q", got, test.want)
				}
			}
		})
	}
}

func TestTypesForPostgres(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"types", "CREATE TABLE t (a TEXT NOT NULL, b blob,c BIGINT)", `CREATE TABLE t (a TEXT COLLATE "C" NOT NULL, b BYTEA,c BIGINT)`},
		{"parts of words", "context TEXTS text_a blob1 éTEXT", "context TEXTS text_a blob1 éTEXT"},
		{"quoted", `DEFAULT 'a TEXT' "BLOB" TEXT`, `DEFAULT 'a TEXT' "BLOB" TEXT COLLATE "C"`},
		{"comment", "-- +goose Up, TEXT\nTEXT", "-- +goose Up, TEXT\n" + `TEXT COLLATE "C"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := typesForPostgres(test.in); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// FuzzEachPart: the parts are the whole, and code holds no quote.
func FuzzEachPart(f *testing.F) {
	for _, seed := range []string{"", "SELECT ?", "'a''b' \"c\" -- d\n/* e */ f", "'", "--", "/*", "/", "-/-'", "a/*/b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		var whole strings.Builder
		eachPart(sql, func(part string, code bool) {
			if part == "" {
				t.Errorf("an empty part of %q", sql)
			}
			if code && (strings.ContainsAny(part, `'"`) || strings.Contains(part, "--") || strings.Contains(part, "/*")) {
				t.Errorf("code %q in %q", part, sql)
			}
			whole.WriteString(part)
		})
		if whole.String() != sql {
			t.Errorf("%q became %q", sql, whole.String())
		}
		if got, want := strings.Count(typesForPostgres(sql), "?"), strings.Count(sql, "?"); got != want {
			t.Errorf("%q: %d question marks became %d", sql, want, got)
		}
	})
}
