package sigv4

import (
	"slices"
	"testing"
)

func TestNormalizePath(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"":                "/",
		"/":               "/",
		"//":              "/",
		"/.":              "/",
		"/..":             "/",
		"/../..":          "/",
		"/a":              "/a",
		"/a/":             "/a/",
		"/a/.":            "/a",
		"/a/..":           "/",
		"/a/../":          "/",
		"/a/b/..":         "/a",
		"/a/./b/../c/":    "/a/c/",
		"//a///b//":       "/a/b/",
		"/../a":           "/a",
		"/a/.b/..c/...":   "/a/.b/..c/...",
		"/a./b../":        "/a./b../",
		"/%2E%2e/a%2Fb":   "/%2E%2e/a%2Fb",
		"/a/b/c/../../d":  "/a/d",
		"/ab/abc/../../x": "/x",
	} {
		got := NormalizePath(path)
		if got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
		if NormalizePath(got) != got {
			t.Errorf("%q: not stable: %q", path, NormalizePath(got))
		}
	}
}

func TestCanonicalQuery(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, query, want string }{
		{"empty", "", ""},
		{"sorted by name, then value", "b=1&a=2&a=10&a=1", "a=1&a=10&a=2&b=1"},
		{"upper case first", "a=1&B=2", "B=2&a=1"},
		{"names sorted as encoded", "a=1&a%2Fb=2&a-b=3", "a=1&a%2Fb=2&a-b=3"},
		{"prefix before longer", "ab=1&a=2", "a=2&ab=1"},
		{"without value", "b&a=", "a=&b="},
		{"empty pairs", "&a=1&&", "a=1"},
		{"empty name", "=v", "=v"},
		{"equal-sign in a value", "a=b=c", "a=b%3Dc"},
		{"space both ways", "a=x+y&b=x%20y", "a=x%20y&b=x%20y"},
		{"escaped plus", "a=x%2by", "a=x%2By"},
		{"escaped slash", "a=x%2Fy&b=x/y", "a=x%2Fy&b=x%2Fy"},
		{"needless escapes", "%61=%7E%2d", "a=~-"},
		{"UTF-8, escaped and not", "a=%e9%96%a2&b=関", "a=%E9%96%A2&b=%E9%96%A2"},
		{"reserved", "a=!'()*;:@$,?[]", "a=%21%27%28%29%2A%3B%3A%40%24%2C%3F%5B%5D"},
		{"escape that looks like a pair", "a=1%26b%3D2", "a=1%26b%3D2"},
	}
	for _, tt := range tests {
		s, err := Parse(headerRequest(func(r *Request) { r.RawQuery = tt.query }))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		want := "POST\n/\n" + tt.want + "\nhost:sts.example\nx-amz-date:20260102T030405Z\n\nhost;x-amz-date\nHASH"
		if got := string(s.appendCanonical(nil, form{}, []byte("HASH"))); got != want {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.name, got, want)
		}
	}
}

func TestCanonicalHeaders(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name           string
		values         []string
		folded, asSent string
	}{
		{"plain", []string{"v"}, "v", "v"},
		{"empty", []string{""}, "", ""},
		{"trimmed", []string{" \t v \t "}, "v", "v"},
		{"runs of spaces", []string{"a   b  c"}, "a b c", "a b c"},
		{"inside quotes too", []string{`"a   b"`}, `"a b"`, `"a b"`},
		{"tab", []string{"a\tb"}, "a b", "a\tb"},
		{"tab among spaces", []string{"a \t b"}, "a b", "a \t b"},
		{"several values keep their order", []string{"b", " a ", "", "b"}, "b,a,,b", "b,a,,b"},
		{"comma inside", []string{"a, b", "c"}, "a, b,c", "a, b,c"},
		{"UTF-8", []string{"関所"}, "関所", "関所"},
	}
	for _, tt := range tests {
		s, err := Parse(headerRequest(func(r *Request) {
			r.Header["Authorization"] = replaceAuthorization("host;", "host;my-x2-header;").Header["Authorization"]
			r.Header["My-X2-Header"] = tt.values
		}))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		for f, want := range map[form]string{{}: tt.folded, {asSent: true}: tt.asSent} {
			want = "POST\n/\n\nhost:sts.example\nmy-x2-header:" + want + "\nx-amz-date:20260102T030405Z\n\nhost;my-x2-header;x-amz-date\n"
			if got := string(s.appendCanonical(nil, f, nil)); got != want {
				t.Errorf("%s %+v:\ngot  %q\nwant %q", tt.name, f, got, want)
			}
		}
	}
}

func TestCanonicalPath(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/":                    "/",
		"/a b":                 "/a%20b", // never reaches here through Parse
		"/a%20b":               "/a%2520b",
		"/a%2Fb":               "/a%252Fb",
		"/a:b=c,d@e!$'()*+;~x": "/a%3Ab%3Dc%2Cd%40e%21%24%27%28%29%2A%2B%3B~x",
		"/関":                   "/%E9%96%A2",
	} {
		if got := string(appendPath(nil, path)); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
}

// TestPresignedQueryLeavesOutOnlyTheSignature: all else in the query is covered.
func TestPresignedQueryLeavesOutOnlyTheSignature(t *testing.T) {
	t.Parallel()
	s, err := Parse(queryRequest(nil))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range s.params {
		names = append(names, p.name)
	}
	want := []string{"Action", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders"}
	if !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}
