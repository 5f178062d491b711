package page_test

import (
	"encoding/base64"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"sekisho/internal/fault"
	"sekisho/internal/page"
)

func TestParse(t *testing.T) {
	t.Parallel()
	b64 := base64.RawURLEncoding.EncodeToString
	for _, c := range []struct {
		name  string
		token string
		limit int
		want  page.Request
		ok    bool
	}{
		{"first page", "", 0, page.Request{Limit: 20}, true},
		{"negative limit", "", -3, page.Request{Limit: 20}, true},
		{"own limit", "", 7, page.Request{Limit: 7}, true},
		{"next page", page.Token("日本/a"), 7, page.Request{Limit: 7, After: "日本/a"}, true},
		{"another version", b64([]byte("2abc")), 0, page.Request{}, false},
		{"after nothing", b64([]byte("1")), 0, page.Request{}, false},
		{"no base64", "%%%", 0, page.Request{}, false},
		{"padded", page.Token("ab") + "=", 0, page.Request{}, false},
		{"an offset", "100", 0, page.Request{}, false},
		{"too long", page.Token(strings.Repeat("x", 2048)), 0, page.Request{}, false},
	} {
		got, err := page.Parse(c.token, c.limit, 20)
		if got != c.want || (err == nil) != c.ok || !c.ok && !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
	if page.Token("") != "" {
		t.Error("the end has no token")
	}
}

// Walking a list page by page sees each item once, whatever the page size.
func TestCut(t *testing.T) {
	t.Parallel()
	list := []string{"a", "b", "c", "d", "e"}
	for limit := 1; limit <= 6; limit++ {
		var seen []string
		token := ""
		for pages := 0; ; pages++ {
			if pages > len(list) {
				t.Fatalf("limit %d: does not end", limit)
			}
			r, err := page.Parse(token, limit, 1)
			if err != nil {
				t.Fatal(err)
			}
			var read []string
			for _, item := range list {
				if item > r.After && len(read) <= r.Limit {
					read = append(read, item)
				}
			}
			p := page.Cut(read, r.Limit, func(s string) string { return s })
			if len(p.Items) > limit {
				t.Fatalf("limit %d: page of %d", limit, len(p.Items))
			}
			seen = append(seen, p.Items...)
			if token = page.Token(p.Next); token == "" {
				break
			}
		}
		if !reflect.DeepEqual(seen, list) {
			t.Errorf("limit %d: %v", limit, seen)
		}
	}
	if p := page.Cut(nil, 3, strconv.Itoa); p.Items != nil || p.Next != "" {
		t.Errorf("empty: %+v", p)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", page.Token("a"), page.Token("日本"), "MQ", "%", "MWE="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := page.Parse(s, 0, 10)
		if err == nil && s != "" && r.After == "" {
			t.Errorf("%q begins anew", s)
		}
	})
}
