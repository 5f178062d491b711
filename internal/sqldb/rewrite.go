package sqldb

import (
	"strconv"
	"strings"
	"sync"
)

// forPostgres rewrites a statement's "?" placeholders as $1, $2, …
func forPostgres(query string) string {
	if !strings.Contains(query, "?") {
		return query
	}
	var b strings.Builder
	b.Grow(len(query) + 16)
	n := 0
	eachPart(query, func(part string, code bool) {
		if !code {
			b.WriteString(part)
			return
		}
		for {
			before, after, found := strings.Cut(part, "?")
			b.WriteString(before)
			if !found {
				return
			}
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
			part = after
		}
	})
	return b.String()
}

// typesForPostgres rewrites the column types of a migration file.
func typesForPostgres(file string) string {
	var b strings.Builder
	b.Grow(len(file) + len(file)/8)
	eachPart(file, func(part string, code bool) {
		if !code {
			b.WriteString(part)
			return
		}
		for part != "" {
			i := strings.IndexFunc(part, isWord)
			if i < 0 {
				break
			}
			b.WriteString(part[:i])
			part = part[i:]
			end := strings.IndexFunc(part, func(r rune) bool { return !isWord(r) })
			if end < 0 {
				end = len(part)
			}
			switch word := part[:end]; strings.ToUpper(word) {
			case "TEXT":
				b.WriteString(`TEXT COLLATE "C"`)
			case "BLOB":
				b.WriteString("BYTEA")
			default:
				b.WriteString(word)
			}
			part = part[end:]
		}
		b.WriteString(part)
	})
	return b.String()
}

func isWord(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r >= 0x80
}

// eachPart cuts SQL into code and what is not code: 'strings', "identifiers",
// -- comments and /* comments */. A doubled quote within quotes reads as two
// quoted parts, which comes to the same. What is not closed goes to the end.
func eachPart(sql string, yield func(part string, code bool)) {
	for sql != "" {
		i := strings.IndexAny(sql, `'"-/`)
		start, closing := -1, ""
		for i >= 0 {
			switch {
			case sql[i] == '\'' || sql[i] == '"':
				start, closing = i, sql[i:i+1]
			case strings.HasPrefix(sql[i:], "--"):
				start, closing = i, "\n"
			case strings.HasPrefix(sql[i:], "/*"):
				start, closing = i, "*/"
			}
			if start >= 0 {
				break
			}
			next := strings.IndexAny(sql[i+1:], `'"-/`)
			if next < 0 {
				break
			}
			i += 1 + next
		}
		if start < 0 {
			yield(sql, true)
			return
		}
		if start > 0 {
			yield(sql[:start], true)
		}
		body := start + 1
		if len(closing) == 2 {
			body++
		}
		end := strings.Index(sql[min(body, len(sql)):], closing)
		if end < 0 {
			yield(sql[start:], false)
			return
		}
		end += body + len(closing)
		yield(sql[start:end], false)
		sql = sql[end:]
	}
}

// maxCached bounds caches keyed by statement text. Statements are written in
// the program, so more of them means that one is being put together from values.
const maxCached = 1024

// rewriteCache remembers forPostgres.
type rewriteCache struct {
	mu sync.RWMutex
	m  map[string]string
}

func (c *rewriteCache) get(query string) string {
	c.mu.RLock()
	out, ok := c.m[query]
	c.mu.RUnlock()
	if ok {
		return out
	}
	out = forPostgres(query)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.m == nil || len(c.m) >= maxCached {
		c.m = make(map[string]string)
	}
	c.m[query] = out
	return out
}
