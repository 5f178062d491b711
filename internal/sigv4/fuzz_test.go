package sigv4

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// FuzzParse: no input panics or verifies under a key that did not sign it, and
// what Parse lets through keeps the promises of Signature's fields.
func FuzzParse(f *testing.F) {
	f.Add("POST", "sts.example", "/", "", testAuthorization, "20260102T030405Z", "X-Amz-Target", "A.B")
	f.Add("GET", "sts.example", "/", testQuery, "", "", "", "")
	f.Add("GET", "h:1", "/a/../b", "a=%2&b", "AWS4-HMAC-SHA256 Credential=a/b/c/d/e,SignedHeaders=host,Signature=", "20260102T030405.Z", "X-Amz-Content-Sha256", "STREAMING-X")
	f.Add("GET", "", "", "X-Amz-Algorithm&X-Amz-Credential=%2F%2F%2F%2F&=", "Bearer x", "", "X-Amz-Security-Token", "t")
	f.Add("G", "\n", "*", "&&;", "AWS4-HMAC-SHA256 =,=", "Fri, 02 Jan 2026 03:04:05 GMT", "Date", "Fri, 02 Jan 2026 03:04:05 -0000")
	for _, vectors := range loadVectors(f) {
		for _, v := range vectors {
			r := v.request()
			f.Add(r.Method, r.Host, r.Path, r.RawQuery, strings.Join(r.Header["Authorization"], ""), strings.Join(r.Header["X-Amz-Date"], ""), "", "")
		}
	}
	key := DeriveKey([]byte("nobody signs with this key"), "20260102", "us-east-1", "sts")
	f.Fuzz(func(t *testing.T, method, host, path, query, authorization, date, name, value string) {
		r := &Request{Method: method, Host: host, Path: path, RawQuery: query, Header: map[string][]string{}}
		for k, v := range map[string]string{"Authorization": authorization, "X-Amz-Date": date, name: value} {
			if v != "" {
				r.Header[k] = []string{v}
			}
		}
		s, err := Parse(r)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Code == "" || e.Message == "" || len(e.Message) > 1024 || s != nil {
				t.Fatalf("error %#v with %v", err, s)
			}
			return
		}
		if !slices.IsSorted(s.SignedHeaders) || len(slices.Compact(slices.Clone(s.SignedHeaders))) != len(s.SignedHeaders) ||
			!slices.Contains(s.SignedHeaders, "host") && !slices.Contains(s.SignedHeaders, ":authority") {
			t.Errorf("signed headers %q", s.SignedHeaders)
		}
		if s.AccessKeyID == "" || len(s.AccessKeyID) > maxAccessKeyID || s.Expires < 0 || s.Expires > 7*24*time.Hour || s.Time.Location() != time.UTC {
			t.Errorf("%+v", s)
		}
		_ = s.CheckTime(time.Unix(0, 0), time.Minute)
		_ = s.CheckExpires(time.Unix(0, 0))
		if s.CheckScope("sts") == nil && (s.Service != "sts" || !strings.HasPrefix(s.timestamp, s.Date) || len(s.Date) != 8) {
			t.Errorf("scope passes: %+v", s)
		}
		for _, f := range []form{{}, {asSent: true}, {withoutToken: true}} {
			// Line feeds divide the canonical request; nothing in the request may add one.
			canonical := string(s.appendCanonical(nil, f, []byte("HASH")))
			if got, want := strings.Count(canonical, "\n"), 5+len(s.SignedHeaders); got != want {
				t.Errorf("%d lines, want %d:\n%q", got, want, canonical)
			}
		}
		if err := s.Verify(key, HashPayload(nil)); err == nil {
			t.Error("verified under a key that signed nothing")
		}
	})
}

// FuzzCanonicalComponent compares with net/url, which decodes as form decoders
// do, and holds that canonical text is its own canonical form.
func FuzzCanonicalComponent(f *testing.F) {
	for _, s := range []string{"", "a", "%41", "%2f", "%2F", "+", "%", "%a", "%zz", "関", "%e9%96%a2", "a b", "a=b", "-._~", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, ok := canonicalComponent(raw)
		decoded, err := url.QueryUnescape(raw)
		if plain := !strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r == 0x7f }); ok != (err == nil && plain) {
			t.Fatalf("%q: ok %v, net/url says %v", raw, ok, err)
		}
		if !ok {
			return
		}
		if want := strings.ReplaceAll(url.QueryEscape(decoded), "+", "%20"); got != want {
			t.Errorf("%q: got %q, want %q", raw, got, want)
		}
		if again, ok := canonicalComponent(got); !ok || again != got {
			t.Errorf("%q: canonical form %q becomes %q", raw, got, again)
		}
		if value := (param{value: got}).decoded(); value != decoded {
			t.Errorf("%q: decoded %q, want %q", raw, value, decoded)
		}
	})
}

// FuzzNormalizePath compares with package path, which knows no trailing slash.
func FuzzNormalizePath(f *testing.F) {
	for _, s := range []string{"/", "//", "/.", "/..", "/a/./b/../c/", "/a//b/", "/%2e%2e/", "/...", "a/../.."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, p string) {
		got := NormalizePath(p)
		if want := clean(p); got != want {
			t.Errorf("%q: got %q, want %q", p, got, want)
		}
		if again := NormalizePath(got); again != got {
			t.Errorf("%q: %q becomes %q", p, got, again)
		}
	})
}

// FuzzGoSigner: what the AWS SDK for Go signs and net/http can carry is
// accepted, and refused with another body.
func FuzzGoSigner(f *testing.F) {
	f.Add("POST", "/", "", "text/plain", "body", "", false)
	f.Add("GET", "/a b/../c//%2F", "b&a=2&a=1", "  a   b\tc ", "", "token/+=", true)
	f.Add("GET", "/関", "x=y+z&%41=%2f", "é", "x", "t", true)
	f.Fuzz(func(t *testing.T, method, path, query, header, body, token string, presign bool) {
		if !isToken(method) || method == "CONNECT" || len(method) > maxMethod || len(path)+len(query)+len(header)+len(token) > 1<<10 {
			t.Skip()
		}
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Skip()
		}
		for name := range values { // what the signer sets itself
			if strings.HasPrefix(strings.ToLower(name), "x-amz-") {
				t.Skip()
			}
		}
		r := mustRequest(t, "GET", "https://sts.example:8443/")
		r.Method = method
		r.URL.Path = "/" + path
		r.URL.RawQuery = values.Encode()
		r.Header = http.Header{"X-Amz-Meta": {header}}
		if token != strings.TrimSpace(token) || strings.ContainsAny(token+header, "\r\n") {
			t.Skip() // the transport rewrites it after signing
		}
		g, err := signWithGo(r, []byte(body), goOptions{presign: presign, token: token})
		if err != nil {
			t.Skip()
		}
		if err := g.check("sts"); err != nil {
			t.Fatalf("%v\n%+v", err, g.req)
		}
		g.body = append(g.body, 'x')
		if err := g.check("sts"); err == nil {
			t.Error("accepted with another body")
		}
	})
}
