package sigv4

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	testAuthorization = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/sts/aws4_request, " +
		"SignedHeaders=host;x-amz-date, Signature=" + testSignature
	testSignature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
	testQuery     = "Action=GetCallerIdentity&X-Amz-Algorithm=AWS4-HMAC-SHA256" +
		"&X-Amz-Credential=AKIDEXAMPLE%2F20260102%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20260102T030405Z" +
		"&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=" + testSignature
)

func headerRequest(edit func(r *Request)) *Request {
	r := &Request{Method: "POST", Host: "sts.example", Path: "/", Header: map[string][]string{
		"Authorization": {testAuthorization},
		"X-Amz-Date":    {"20260102T030405Z"},
	}}
	if edit != nil {
		edit(r)
	}
	return r
}

func queryRequest(edit func(r *Request)) *Request {
	r := &Request{Method: "GET", Host: "sts.example", Path: "/", RawQuery: testQuery, Header: map[string][]string{}}
	if edit != nil {
		edit(r)
	}
	return r
}

func withAuthorization(value string) *Request {
	return headerRequest(func(r *Request) { r.Header["Authorization"] = []string{value} })
}

func withHeader(name string, values ...string) *Request {
	return headerRequest(func(r *Request) { r.Header[name] = values })
}

func withQuery(old, replacement string) *Request {
	return queryRequest(func(r *Request) { r.RawQuery = strings.Replace(r.RawQuery, old, replacement, 1) })
}

func replaceAuthorization(old, replacement string) *Request {
	return withAuthorization(strings.Replace(testAuthorization, old, replacement, 1))
}

func wantError(t *testing.T, err error, code Code, message string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want an *Error", err)
	}
	if e.Code != code || !strings.Contains(e.Message, message) {
		t.Errorf("got  %s: %q\nwant %s: …%q…", e.Code, e.Message, code, message)
	}
}

// TestParseRefuses holds the words of reference/behaviours.md 2.1 and 2.5.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	many := make([]string, maxSignedHeaders+1)
	for i := range many {
		many[i] = "a" + strings.Repeat("a", i)
	}
	tests := []struct {
		name    string
		r       *Request
		code    Code
		message string
	}{
		{"nothing", headerRequest(func(r *Request) { clear(r.Header) }), MissingAuthenticationToken, "Request is missing Authentication Token"},
		{"bearer", withAuthorization("Bearer eyJhbGciOi"), MissingAuthenticationToken, "missing Authentication Token"},
		{"version 2", withAuthorization("AWS AKIDEXAMPLE:c2ln"), MissingAuthenticationToken, ""},
		{"empty header", withAuthorization(""), MissingAuthenticationToken, ""},
		{"both forms", queryRequest(func(r *Request) { r.Header["Authorization"] = []string{testAuthorization} }),
			SignatureDoesNotMatch, "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."},
		{"bearer beside presigned", queryRequest(func(r *Request) { r.Header["Authorization"] = []string{"Bearer x"} }), SignatureDoesNotMatch, "Found both"},
		{"two headers", withHeader("Authorization", testAuthorization, testAuthorization), IncompleteSignature, "Only one"},
		{"long header", withAuthorization(testAuthorization + strings.Repeat("a", maxAuthorization)), IncompleteSignature, "too long"},

		{"only the algorithm", headerRequest(func(r *Request) {
			r.Header = map[string][]string{"Authorization": {"AWS4-HMAC-SHA256"}}
		}), IncompleteSignature, "Authorization header requires 'Credential' parameter. " +
			"Authorization header requires 'Signature' parameter. " +
			"Authorization header requires 'SignedHeaders' parameter. " +
			"Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. " +
			"(Hashed with SHA-256 and encoded with Base64) Authorization="},
		{"no credential", replaceAuthorization("Credential=AKIDEXAMPLE/20260102/us-east-1/sts/aws4_request, ", ""),
			IncompleteSignature, "Authorization header requires 'Credential' parameter. (Hashed"},
		{"no signature", replaceAuthorization(", Signature="+testSignature, ""),
			IncompleteSignature, "Authorization header requires 'Signature' parameter. (Hashed"},
		{"no signed headers", replaceAuthorization("SignedHeaders=host;x-amz-date, ", ""),
			IncompleteSignature, "Authorization header requires 'SignedHeaders' parameter. (Hashed"},
		{"no date", headerRequest(func(r *Request) { delete(r.Header, "X-Amz-Date") }),
			IncompleteSignature, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed"},
		{"no equal-sign", replaceAuthorization("Signature=", "Signature"), IncompleteSignature,
			"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '"},
		{"space in credential", replaceAuthorization("AKIDEXAMPLE", "AKID EXAMPLE"), IncompleteSignature, "Invalid key=value pair"},
		{"trailing comma", withAuthorization(testAuthorization + ","), IncompleteSignature, "Invalid key=value pair"},
		{"comma after the algorithm", replaceAuthorization("SHA256 ", "SHA256, "), IncompleteSignature, "Unsupported AWS 'algorithm'"},
		{"duplicate credential", withAuthorization(testAuthorization + ", Credential=AKIDOTHER/20260102/us-east-1/sts/aws4_request"), IncompleteSignature, "'Credential' parameter only once"},
		{"duplicate signature", withAuthorization(testAuthorization + ", Signature=" + testSignature), IncompleteSignature, "'Signature' parameter only once"},
		{"duplicate signed headers", withAuthorization(testAuthorization + ",SignedHeaders=host"), IncompleteSignature, "'SignedHeaders' parameter only once"},
		{"unknown parameter", withAuthorization(testAuthorization + ", Region=eu-west-1"), IncompleteSignature, "allows only"},
		{"another algorithm", replaceAuthorization("HMAC-SHA256", "ECDSA-P256-SHA256"), IncompleteSignature,
			"Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256' (only AWS4-HMAC-SHA256 for now). "},

		{"four elements", replaceAuthorization("/aws4_request", ""), IncompleteSignature,
			"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIDEXAMPLE/20260102/us-east-1/sts'"},
		{"six elements", replaceAuthorization("/aws4_request", "/aws4_request/x"), IncompleteSignature, "exactly 5 slash-delimited"},
		{"empty access key", replaceAuthorization("AKIDEXAMPLE", ""), IncompleteSignature, "exactly 5 slash-delimited"},
		{"long access key", replaceAuthorization("AKIDEXAMPLE", strings.Repeat("A", maxAccessKeyID+1)), IncompleteSignature, "exactly 5 slash-delimited"},
		{"access key not printable", replaceAuthorization("AKIDEXAMPLE", "AKI\x80"), IncompleteSignature, "exactly 5 slash-delimited"},

		{"host not signed", replaceAuthorization("host;", ""), SignatureDoesNotMatch,
			"'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."},
		{"empty list", replaceAuthorization("host;x-amz-date", ""), SignatureDoesNotMatch, "'Host' or ':authority'"},
		{"target not signed", withHeader("X-Amz-Target", "X.Y"), SignatureDoesNotMatch, "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization."},
		{"date not signed", replaceAuthorization("host;x-amz-date", "host"), SignatureDoesNotMatch, "'X-Amz-Date' must be a 'SignedHeader'"},
		{"odd case not signed", withHeader("x-aMz-foo", "1"), SignatureDoesNotMatch, "'x-aMz-foo' must be"},
		{"presigned, header not signed", queryRequest(func(r *Request) { r.Header["X-Amz-Meta"] = []string{"1"} }), SignatureDoesNotMatch, "'X-Amz-Meta' must be"},
		{"signed and not sent", replaceAuthorization("host;", "host;x-amz-a;"), SignatureDoesNotMatch, "'x-amz-a' is in SignedHeaders and not in the request."},
		{"list not sorted", replaceAuthorization("host;x-amz-date", "x-amz-date;host"), IncompleteSignature, "ascending order"},
		{"list with a duplicate", replaceAuthorization("host;", "host;host;"), IncompleteSignature, "ascending order"},
		{"list in upper case", replaceAuthorization("host;", "Host;"), IncompleteSignature, "lower-case"},
		{"empty name", replaceAuthorization("host;", "host;;"), IncompleteSignature, "ascending order"},
		{"line feed in a name", replaceAuthorization("host;", "host;h\n;"), IncompleteSignature, "lower-case"},
		{"too many", headerRequest(func(r *Request) {
			r.Header["Authorization"] = []string{strings.Replace(testAuthorization, "host", strings.Join(many, ";")+";host", 1)}
			for _, name := range many {
				r.Header["A"+name[1:]] = []string{""}
			}
		}), IncompleteSignature, "Too many signed headers"},
		{"too long", headerRequest(func(r *Request) {
			r.Header["Authorization"] = []string{strings.Replace(testAuthorization, "host;", "a;host;", 1)}
			r.Header["A"] = []string{strings.Repeat("a", maxSignedBytes)}
		}), IncompleteSignature, "too long"},
		{"line feed in a value", headerRequest(func(r *Request) { r.Host = "sts.example\nx-amz-date:20260102T030405Z" }), MalformedInput, "header value"},

		{"date with fraction", withHeader("X-Amz-Date", "20260102T030405.5Z"), IncompleteSignature,
			"Date must be in ISO-8601 'basic format'. Got '20260102T030405.5Z'. See http://en.wikipedia.org/wiki/ISO_8601"},
		{"fraction at the right length", withHeader("X-Amz-Date", "20260102T0304.5Z"), IncompleteSignature, "Date must be in"},
		{"date with offset", withHeader("X-Amz-Date", "20260102T030405+0"), IncompleteSignature, "Date must be in"},
		{"impossible date", withHeader("X-Amz-Date", "20260230T030405Z"), IncompleteSignature, "Date must be in"},
		{"two dates", withHeader("X-Amz-Date", "20260102T030405Z", "20260102T030405Z"), IncompleteSignature, "Only one 'X-Amz-Date'"},
		{"Date in another zone by name", headerRequest(func(r *Request) {
			delete(r.Header, "X-Amz-Date")
			r.Header["Date"] = []string{"Fri, 02 Jan 2026 03:04:05 PST"}
		}), IncompleteSignature, "Date must be in"},
		{"presigned HTTP date", withQuery("20260102T030405Z", "Fri%2C%2002%20Jan%202026%2003%3A04%3A05%20GMT"), IncompleteSignature, "Date must be in"},

		{"two tokens", withHeader("X-Amz-Security-Token", "a", "b"), IncompleteSignature, "Only one 'X-Amz-Security-Token'"},
		{"token in both places", headerRequest(func(r *Request) {
			r.Header["X-Amz-Security-Token"] = []string{"a"}
			r.RawQuery = "X-Amz-Security-Token=b"
		}), IncompleteSignature, "Only one 'X-Amz-Security-Token'"},
		{"presigned with two tokens", withQuery("&X-Amz-Expires", "&X-Amz-Security-Token=a&X-Amz-Security-Token=a&X-Amz-Expires"), IncompleteSignature, "Only one 'X-Amz-Security-Token'"},

		{"chunked payload", signedContentSHA256("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), IncompleteSignature, "'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' is not supported"},
		{"payload in upper case", signedContentSHA256(strings.ToUpper(testSignature)), IncompleteSignature, "lower-case hexadecimal"},
		{"payload empty", signedContentSHA256(""), IncompleteSignature, "x-amz-content-sha256 must be"},

		{"query members missing", queryRequest(func(r *Request) { r.RawQuery = "X-Amz-Algorithm=" }), IncompleteSignature,
			"AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters must include 'X-Amz-Credential'. " +
				"AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. " +
				"AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters."},
		{"no algorithm in query", withQuery("X-Amz-Algorithm", "Algorithm"), IncompleteSignature, "must include 'X-Amz-Algorithm'. Re-examine"},
		{"two algorithms", withQuery("&X-Amz-Date", "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date"), IncompleteSignature, "'X-Amz-Algorithm' only once"},
		{"two signatures", withQuery("&X-Amz-Signature", "&X-Amz-Signature=x&X-Amz-Signature"), IncompleteSignature, "'X-Amz-Signature' only once"},
		{"two credentials, one escaped", withQuery("&X-Amz-Date", "&X-Amz%2DCredential=a&X-Amz-Date"), IncompleteSignature, "'X-Amz-Credential' only once"},
		{"expires not a number", withQuery("Expires=60", "Expires=1h"), IncompleteSignature, "X-Amz-Expires must be"},
		{"expires negative", withQuery("Expires=60", "Expires=-1"), IncompleteSignature, "X-Amz-Expires must be"},
		{"expires beyond a week", withQuery("Expires=60", "Expires=604801"), IncompleteSignature, "X-Amz-Expires must be"},
		{"expires twice", withQuery("Expires=60", "Expires=60&X-Amz-Expires=60"), IncompleteSignature, "X-Amz-Expires must be"},

		{"broken triplet", withQuery("&X-Amz-Date", "&a=%zz&X-Amz-Date"), MalformedInput, "percent escape"},
		{"triplet cut off", headerRequest(func(r *Request) { r.RawQuery = "a=%2" }), MalformedInput, "percent escape"},
		{"space in query", headerRequest(func(r *Request) { r.RawQuery = "a=b c" }), MalformedInput, ""},
		{"line feed in query", headerRequest(func(r *Request) { r.RawQuery = "a=b\n" }), MalformedInput, ""},
		{"broken triplet in path", headerRequest(func(r *Request) { r.Path = "/%g0" }), MalformedInput, "path"},
		{"relative path", headerRequest(func(r *Request) { r.Path = "a" }), MalformedInput, "path"},
		{"space in path", headerRequest(func(r *Request) { r.Path = "/a b" }), MalformedInput, "path"},
		{"long path", headerRequest(func(r *Request) { r.Path = "/" + strings.Repeat("a", maxPath) }), MalformedInput, "too long"},
		{"long query", headerRequest(func(r *Request) { r.RawQuery = strings.Repeat("a", maxQuery+1) }), MalformedInput, "too long"},
		{"many parameters", headerRequest(func(r *Request) { r.RawQuery = strings.Repeat("a&", maxParameters+1) }), MalformedInput, "too many"},
		{"no method", headerRequest(func(r *Request) { r.Method = "" }), MalformedInput, "method"},
		{"line feed in method", headerRequest(func(r *Request) { r.Method = "GET\n/" }), MalformedInput, "method"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, err := Parse(tt.r)
			if s != nil {
				t.Error("a signature came with the error")
			}
			wantError(t, err, tt.code, tt.message)
		})
	}
}

func signedContentSHA256(value string) *Request {
	return headerRequest(func(r *Request) {
		r.Header["Authorization"] = []string{strings.Replace(testAuthorization, "host;", "host;x-amz-content-sha256;", 1)}
		r.Header["X-Amz-Content-Sha256"] = []string{value}
	})
}

// TestParseMessagesHoldNoSecret: a credential meant for another server, sent
// here by mistake, must not come back in a message that ends in logs.
func TestParseMessagesHoldNoSecret(t *testing.T) {
	t.Parallel()
	const secret = "wJalrXUtnFEMI"
	for _, value := range []string{
		"Bearer " + secret, "AWS4-HMAC-SHA256 " + secret, "AWS4-HMAC-SHA256 Credential=" + secret + " x",
		"AWS4-HMAC-SHA256 " + secret + "=", "AWS4-HMAC-SHA256 Signature=" + secret,
	} {
		if _, err := Parse(withAuthorization(value)); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("Authorization %q: %v", value, err)
		}
	}
}

func TestParseAccepts(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	httpDateRequest := func(value string) *Request {
		return headerRequest(func(r *Request) {
			delete(r.Header, "X-Amz-Date")
			r.Header["Date"] = []string{value}
			r.Header["Authorization"] = []string{strings.Replace(testAuthorization, "host;x-amz-date", "date;host", 1)}
		})
	}
	tests := []struct {
		name    string
		r       *Request
		headers []string
	}{
		{"header", headerRequest(nil), []string{"host", "x-amz-date"}},
		{"no spaces, other order", withAuthorization("AWS4-HMAC-SHA256 Signature=" + testSignature +
			",SignedHeaders=host;x-amz-date,Credential=AKIDEXAMPLE/20260102/us-east-1/sts/aws4_request"), []string{"host", "x-amz-date"}},
		{"tabs and many spaces", withAuthorization(" " + strings.ReplaceAll(testAuthorization, " ", " \t ") + " "), []string{"host", "x-amz-date"}},
		{"x-amz-date before Date", withHeader("Date", "Thu, 01 Jan 1970 00:00:00 GMT"), []string{"host", "x-amz-date"}},
		{"HTTP date", httpDateRequest("Fri, 02 Jan 2026 03:04:05 GMT"), []string{"date", "host"}},
		{"HTTP date as Python writes it", httpDateRequest("Fri, 02 Jan 2026 03:04:05 -0000"), []string{"date", "host"}},
		{"ISO date in Date", httpDateRequest("20260102T030405Z"), []string{"date", "host"}},
		{"authority", replaceAuthorization("host;", ":authority;"), []string{":authority", "x-amz-date"}},
		{"unsigned token", withHeader("X-Amz-Security-Token", "token"), []string{"host", "x-amz-date"}},
		{"headers that proxies add", headerRequest(func(r *Request) {
			for _, name := range []string{"X-Amzn-Trace-Id", "X-Amz-Cf-Id", "X-Forwarded-For", "Connection", "Te", "Content-Length"} {
				r.Header[name] = []string{"x"}
			}
		}), []string{"host", "x-amz-date"}},
		{"presigned", queryRequest(nil), []string{"host"}},
		{"presigned, needlessly escaped", withQuery("X-Amz-Algorithm=AWS4", "X%2dAmz-Algorithm=%41WS4"), []string{"host"}},
		{"presigned, credential not escaped", withQuery("%2F20260102%2F", "/20260102/"), []string{"host"}},
		{"presigned, empty pairs", withQuery("&X-Amz-Expires", "&&X-Amz-Expires"), []string{"host"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			before := maps.Clone(tt.r.Header)
			s, err := Parse(tt.r)
			if err != nil {
				t.Fatal(err)
			}
			if s.AccessKeyID != "AKIDEXAMPLE" || s.Date != "20260102" || s.Region != "us-east-1" || s.Service != "sts" {
				t.Errorf("scope %q %q %q %q", s.AccessKeyID, s.Date, s.Region, s.Service)
			}
			if !s.Time.Equal(at) || s.timestamp != "20260102T030405Z" {
				t.Errorf("time %v, %q", s.Time, s.timestamp)
			}
			if !slices.Equal(s.SignedHeaders, tt.headers) {
				t.Errorf("signed headers %q, want %q", s.SignedHeaders, tt.headers)
			}
			if s.Presigned != (s.HasExpires && s.Expires == time.Minute) {
				t.Errorf("presigned %v, expires %v %v", s.Presigned, s.HasExpires, s.Expires)
			}
			if err := s.CheckScope("sts"); err != nil {
				t.Error(err)
			}
			if !maps.EqualFunc(before, tt.r.Header, slices.Equal) {
				t.Error("Parse changed the request")
			}
		})
	}
}

func TestParseExpires(t *testing.T) {
	t.Parallel()
	s, err := Parse(withQuery("&X-Amz-Expires=60", ""))
	if err != nil || s.HasExpires {
		t.Fatalf("absent: %v %v", s, err)
	}
	for value, want := range map[string]time.Duration{"0": 0, "1": time.Second, "604800": 7 * 24 * time.Hour} {
		s, err := Parse(withQuery("Expires=60", "Expires="+value))
		if err != nil || !s.HasExpires || s.Expires != want {
			t.Errorf("%s: %v", value, err)
		}
	}
}
