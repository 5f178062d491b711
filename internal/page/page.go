// Package page is one page of a list: what a caller asks for and what it gets.
// The token is opaque to the client and holds where to go on, never an offset,
// so that lists cost what they return however long they are.
package page

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"sekisho/internal/fault"
)

// Request asks for at most Limit items that come after After ("" is the beginning).
type Request struct {
	Limit int
	After string
}

// Page is what a list returns. Next is "" on the last page.
type Page[T any] struct {
	Items []T
	Next  string
}

const (
	version  = "1"
	maxToken = 2048
)

// Parse makes a Request from a client's token and limit; limit 0 means def.
// A token that we did not make is refused as Invalid.
func Parse(token string, limit, def int) (Request, error) {
	if limit <= 0 {
		limit = def
	}
	if token == "" {
		return Request{Limit: limit}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	after, ok := strings.CutPrefix(string(raw), version)
	if len(token) > maxToken || err != nil || !ok || after == "" || !utf8.ValidString(after) || strings.ContainsRune(after, 0) {
		return Request{}, fault.New(fault.Invalid, "pagination-token", "The pagination token is not valid.")
	}
	return Request{Limit: limit, After: after}, nil
}

// Token hides after in a form that Parse takes back.
func Token(after string) string {
	if after == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(version + after))
}

// Cut makes a page of items that were read with one more than limit: the extra
// one only tells that there is more. key names the place of an item.
func Cut[T any](items []T, limit int, key func(T) string) Page[T] {
	if len(items) <= limit {
		return Page[T]{Items: items}
	}
	items = items[:limit]
	return Page[T]{Items: items, Next: key(items[limit-1])}
}

// All reads every page of a list, for those who need it whole.
func All[T any](list func(Request) (Page[T], error)) ([]T, error) {
	var all []T
	for p := (Request{}); ; {
		got, err := list(p)
		all = append(all, got.Items...)
		if err != nil || got.Next == "" {
			return all, err
		}
		p.After = got.Next
	}
}
