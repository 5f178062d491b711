package sigv4

import (
	"cmp"
	"strings"
)

// param is one query parameter, name and value in canonical percent-encoding.
type param struct{ name, value string }

// compareParams orders by encoded name, then by encoded value.
func compareParams(a, b param) int {
	if c := cmp.Compare(a.name, b.name); c != 0 {
		return c
	}
	return cmp.Compare(a.value, b.value)
}

// parseParam reads one "name=value" or "name"; the latter has an empty value.
func parseParam(pair string) (p param, ok bool) {
	name, value, _ := strings.Cut(pair, "=")
	if p.name, ok = canonicalComponent(name); !ok {
		return param{}, false
	}
	p.value, ok = canonicalComponent(value)
	return p, ok
}

// decoded returns the value without its percent-encoding.
func (p param) decoded() string {
	if strings.IndexByte(p.value, '%') < 0 {
		return p.value
	}
	b := make([]byte, 0, len(p.value))
	for i := 0; i < len(p.value); i++ {
		c := p.value[i]
		if c == '%' { // canonical, so two digits follow
			c = unhex(p.value[i+1])<<4 | unhex(p.value[i+2])
			i += 2
		}
		b = append(b, c)
	}
	return string(b)
}

// canonicalComponent decodes a query name or value as a form decoder would and
// encodes it as RFC 3986 would, with upper-case digits: what a signer saw, not
// how its HTTP library or a proxy chose to write it. A component that is
// already canonical, the usual case, is returned as it is.
func canonicalComponent(raw string) (canonical string, ok bool) {
	if isCanonical(raw) {
		return raw, true
	}
	b := make([]byte, 0, 3*len(raw))
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case c == '+':
			c = ' '
		case c == '%':
			if !escapeAt(raw, i) {
				return "", false
			}
			c = unhex(raw[i+1])<<4 | unhex(raw[i+2])
			i += 2
		case isControlOrSpace(c):
			return "", false
		}
		b = appendEscaped(b, c)
	}
	return string(b), true
}

func isCanonical(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isUnreserved(c):
		case c == '%' && escapeAt(s, i) && upperHex(s[i+1]) && upperHex(s[i+2]) &&
			!isUnreserved(unhex(s[i+1])<<4|unhex(s[i+2])):
			i += 2
		default:
			return false
		}
	}
	return true
}

// NormalizePath returns the path with dot segments and empty segments removed,
// as every AWS service except S3 does before it looks at a path. It works on
// the escaped path: %2F and %2E stay what they are. A signature may cover
// several spellings of one path, and they all have the same NormalizePath;
// dispatch by it, never by the path as received.
func NormalizePath(path string) string {
	if isNormalPath(path) {
		return path
	}
	b := make([]byte, 0, len(path)+1)
	for rest, more := path, true; more; {
		var segment string
		segment, rest, more = strings.Cut(rest, "/")
		switch segment {
		case "", ".":
		case "..":
			b = b[:max(0, strings.LastIndexByte(string(b), '/'))]
		default:
			b = append(b, '/')
			b = append(b, segment...)
		}
	}
	if len(b) == 0 || strings.HasSuffix(path, "/") {
		b = append(b, '/')
	}
	return string(b)
}

func isNormalPath(path string) bool {
	if path == "" || path[0] != '/' {
		return false
	}
	if path == "/" {
		return true
	}
	for i := 1; i < len(path); i++ {
		if path[i-1] != '/' {
			continue
		}
		segment, _, _ := strings.Cut(path[i:], "/")
		if segment == "" || segment == "." || segment == ".." {
			return false
		}
	}
	return true
}

// form is the way in which one signer's canonical request differs from the documented one.
type form struct {
	asSent       bool // path not normalised, tabs in header values kept
	withoutToken bool // X-Amz-Security-Token was added after signing
}

// appendCanonical appends the canonical request in the given form.
func (s *Signature) appendCanonical(b []byte, f form, payloadHash []byte) []byte {
	b = append(b, s.req.Method...)
	b = append(b, '\n')
	path := s.req.Path
	if !f.asSent {
		path = NormalizePath(path)
	}
	b = appendPath(b, path)
	b = append(b, '\n')
	for i, first := 0, true; i < len(s.params); i++ {
		p := s.params[i]
		if f.withoutToken && p.name == "X-Amz-Security-Token" {
			continue
		}
		if !first {
			b = append(b, '&')
		}
		first = false
		b = append(b, p.name...)
		b = append(b, '=')
		b = append(b, p.value...)
	}
	b = append(b, '\n')
	for _, name := range s.SignedHeaders {
		b = append(b, name...)
		b = append(b, ':')
		for i, value := range s.values(name) {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendHeaderValue(b, value, !f.asSent)
		}
		b = append(b, '\n')
	}
	b = append(b, '\n')
	for i, name := range s.SignedHeaders {
		if i > 0 {
			b = append(b, ';')
		}
		b = append(b, name...)
	}
	b = append(b, '\n')
	return append(b, payloadHash...)
}

// values returns the values of a header by its lower-case name.
func (s *Signature) values(name string) []string {
	if name == "host" || name == ":authority" {
		return s.host[:]
	}
	var room [64]byte
	key := room[:0]
	upper := true
	for i := 0; i < len(name); i++ {
		c := name[i]
		if upper && 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		upper = c == '-'
		key = append(key, c)
	}
	return s.req.Header[string(key)]
}

// appendPath appends the path encoded once more than it is on the wire, as all
// services except S3 have it.
func appendPath(b []byte, path string) []byte {
	for i := 0; i < len(path); i++ {
		if c := path[i]; c == '/' {
			b = append(b, c)
		} else {
			b = appendEscaped(b, c)
		}
	}
	return b
}

// appendHeaderValue trims the value and folds each inner run of spaces into
// one; with foldTabs, tabs count as spaces.
func appendHeaderValue(b []byte, value string, foldTabs bool) []byte {
	value = strings.TrimSpace(value)
	if !strings.Contains(value, "  ") && (!foldTabs || strings.IndexByte(value, '\t') < 0) {
		return append(b, value...)
	}
	pending := false
	for i := 0; i < len(value); i++ {
		c := value[i]
		if c == ' ' || foldTabs && c == '\t' {
			pending = true
			continue
		}
		if pending {
			b = append(b, ' ')
			pending = false
		}
		b = append(b, c)
	}
	return b
}

func appendEscaped(b []byte, c byte) []byte {
	if isUnreserved(c) {
		return append(b, c)
	}
	const digits = "0123456789ABCDEF"
	return append(b, '%', digits[c>>4], digits[c&15])
}

func validEscapes(s string) bool {
	for i := 0; i < len(s); i++ {
		if isControlOrSpace(s[i]) || s[i] == '%' && !escapeAt(s, i) {
			return false
		}
	}
	return true
}

// escapeAt tells whether s[i:] begins with a percent triplet, given s[i] == '%'.
func escapeAt(s string, i int) bool {
	return i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }

func upperHex(c byte) bool { return isDigit(c) || 'A' <= c && c <= 'F' }

func unhex(c byte) byte {
	switch {
	case isDigit(c):
		return c - '0'
	case c >= 'a':
		return c - 'a' + 10
	default:
		return c - 'A' + 10
	}
}

func isHexSHA256(s string) bool {
	if len(s) != 64 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func isUnreserved(c byte) bool {
	return isLower(c) || 'A' <= c && c <= 'Z' || isDigit(c) || c == '-' || c == '.' || c == '_' || c == '~'
}

// indexBlank returns the index of the first space or tab, or -1.
func indexBlank(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] == ' ' || s[i] == '\t' {
			return i
		}
	}
	return -1
}

func isControlOrSpace(c byte) bool { return c <= ' ' || c == 0x7f }

// validHeaderValue tells whether s has none of the bytes that end a line.
func validHeaderValue(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c == '\r' || c == '\n' || c == 0 {
			return false
		}
	}
	return true
}

func printable(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// isToken tells whether s is an RFC 9110 token: a method or a header name.
func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isUnreserved(s[i]) && strings.IndexByte("!#$%&'*+^`|", s[i]) < 0 {
			return false
		}
	}
	return s != ""
}

// isLowerToken tells whether s may stand in SignedHeaders.
func isLowerToken(s string) bool {
	return s == ":authority" || isToken(s) && strings.ToLower(s) == s
}
