package policy

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Bounds of a document. AWS's models let a document have 131,072 characters; no
// element of the grammar is nested deeper than seven.
const (
	maxDocument = 131072
	maxDepth    = 8
)

type nodeKind uint8

const (
	objectNode nodeKind = iota + 1
	arrayNode
	stringNode
	numberNode
	boolNode
	nullNode
)

var nodeNames = [...]string{objectNode: "an object", arrayNode: "a list", stringNode: "a string", numberNode: "a number", boolNode: "a boolean", nullNode: "null"}

// node is a JSON value that knows where it stands. encoding/json tells neither
// places nor duplicate keys, and takes the last of two.
type node struct {
	kind       nodeKind
	start, end Position
	from, to   int    // bytes of the document
	text       string // of a string: decoded; of a number or boolean: as written
	members    []member
	items      []node
}

type member struct {
	key   string
	start Position
	value node
}

// get is the member of an object, or nil.
func (n *node) get(key string) *node {
	for i := range n.members {
		if n.members[i].key == key {
			return &n.members[i].value
		}
	}
	return nil
}

// jsonError is a document that is no JSON, or not JSON that a policy may be.
type jsonError struct {
	detail string
	at     Position
}

func (e *jsonError) Error() string { return e.detail }

type jsonReader struct {
	text  string
	next  int
	at    Position
	depth int
}

// readJSON reads one JSON value that is the whole document.
func readJSON(document string) (node, *jsonError) {
	r := jsonReader{text: document, at: Position{1, 1}}
	if len(document) > maxDocument && utf8.RuneCountInString(document) > maxDocument {
		return node{}, r.fail("the document has more than %d characters", maxDocument)
	}
	r.space()
	n, err := r.value()
	if err != nil {
		return node{}, err
	}
	r.space()
	if r.next < len(r.text) {
		return node{}, r.fail("there is more after the end of the document")
	}
	return n, nil
}

func (r *jsonReader) fail(format string, args ...any) *jsonError {
	return &jsonError{fmt.Sprintf(format, args...), r.at}
}

// peek is the next byte, 0 at the end.
func (r *jsonReader) peek() byte {
	if r.next < len(r.text) {
		return r.text[r.next]
	}
	return 0
}

// skip goes n bytes on, none of which is a line end or part of a longer character.
func (r *jsonReader) skip(n int) {
	r.next += n
	r.at.Column += n
}

func (r *jsonReader) space() {
	for r.next < len(r.text) {
		switch r.text[r.next] {
		case '\n':
			r.next++
			r.at = Position{r.at.Line + 1, 1}
		case ' ', '\t', '\r':
			r.skip(1)
		default:
			return
		}
	}
}

func (r *jsonReader) value() (node, *jsonError) {
	n := node{start: r.at, from: r.next}
	var err *jsonError
	switch c := r.peek(); {
	case c == '{':
		n.kind = objectNode
		n.members, err = r.object()
	case c == '[':
		n.kind = arrayNode
		n.items, err = r.array()
	case c == '"':
		n.kind = stringNode
		n.text, err = r.str()
	case c == '-' || c >= '0' && c <= '9':
		n.kind = numberNode
		n.text, err = r.number()
	case c == 't' && r.word("true"):
		n.kind, n.text = boolNode, "true"
	case c == 'f' && r.word("false"):
		n.kind, n.text = boolNode, "false"
	case c == 'n' && r.word("null"):
		n.kind = nullNode
	case r.next == len(r.text):
		err = r.fail("the document ends too early")
	default:
		err = r.fail("a value cannot begin here")
	}
	n.end, n.to = r.at, r.next
	return n, err
}

func (r *jsonReader) word(w string) bool {
	if !strings.HasPrefix(r.text[r.next:], w) {
		return false
	}
	r.skip(len(w))
	return true
}

func (r *jsonReader) enter() *jsonError {
	if r.depth++; r.depth > maxDepth {
		return r.fail("the document is nested deeper than %d levels", maxDepth)
	}
	r.skip(1)
	r.space()
	return nil
}

func (r *jsonReader) object() ([]member, *jsonError) {
	if err := r.enter(); err != nil {
		return nil, err
	}
	var members []member
	seen := map[string]bool{}
	for r.peek() != '}' {
		if len(members) > 0 {
			if r.peek() != ',' {
				return nil, r.fail("a comma or the end of the object is missing")
			}
			r.skip(1)
			r.space()
		}
		m := member{start: r.at}
		if r.peek() != '"' {
			return nil, r.fail("a name in quotes is missing")
		}
		var err *jsonError
		if m.key, err = r.str(); err != nil {
			return nil, err
		}
		if seen[m.key] {
			return nil, &jsonError{fmt.Sprintf("%q is there twice", m.key), m.start}
		}
		seen[m.key] = true
		r.space()
		if r.peek() != ':' {
			return nil, r.fail("a colon is missing")
		}
		r.skip(1)
		r.space()
		if m.value, err = r.value(); err != nil {
			return nil, err
		}
		r.space()
		members = append(members, m)
	}
	r.skip(1)
	r.depth--
	return members, nil
}

func (r *jsonReader) array() ([]node, *jsonError) {
	if err := r.enter(); err != nil {
		return nil, err
	}
	items := []node{}
	for r.peek() != ']' {
		if len(items) > 0 {
			if r.peek() != ',' {
				return nil, r.fail("a comma or the end of the list is missing")
			}
			r.skip(1)
			r.space()
		}
		n, err := r.value()
		if err != nil {
			return nil, err
		}
		r.space()
		items = append(items, n)
	}
	r.skip(1)
	r.depth--
	return items, nil
}

func (r *jsonReader) number() (string, *jsonError) {
	end := r.next
	for end < len(r.text) && strings.IndexByte("+-.0123456789eE", r.text[end]) >= 0 {
		end++
	}
	s := r.text[r.next:end]
	if !isJSONNumber(s) {
		return "", r.fail("%q is not a number", s)
	}
	r.skip(len(s))
	return s, nil
}

// isJSONNumber follows the grammar of RFC 8259, section 6.
func isJSONNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole := digits(s)
	if whole == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	s = s[whole:]
	if strings.HasPrefix(s, ".") {
		n := digits(s[1:])
		if n == 0 {
			return false
		}
		s = s[1+n:]
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		s = s[1:]
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		n := digits(s)
		if n == 0 {
			return false
		}
		s = s[n:]
	}
	return s == ""
}

// digits counts the ASCII digits at the start of s.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// str reads a string. What stands in it unescaped is printable and of Latin-1,
// which is all that IAM takes in a document (behaviours.md 1.4).
func (r *jsonReader) str() (string, *jsonError) {
	r.skip(1)
	from := r.next
	var b strings.Builder
	escaped := false
	for r.next < len(r.text) {
		c, size := utf8.DecodeRuneInString(r.text[r.next:])
		switch {
		case c == '"':
			s := r.text[from:r.next]
			if escaped {
				s = b.String() + s
			}
			r.skip(1)
			return s, nil
		case c == '\\':
			b.WriteString(r.text[from:r.next])
			e, err := r.escape()
			if err != nil {
				return "", err
			}
			b.WriteRune(e)
			escaped, from = true, r.next
			continue
		case c < ' ' || c > 0xFF || c == utf8.RuneError && size == 1:
			return "", r.fail("the character %q may not stand in a document", c)
		}
		r.next += size
		r.at.Column++
	}
	return "", r.fail("the document ends inside a string")
}

// escape reads a backslash and what belongs to it.
func (r *jsonReader) escape() (rune, *jsonError) {
	rest := r.text[r.next:]
	if len(rest) < 2 {
		return 0, r.fail("the document ends inside a string")
	}
	switch c := rest[1]; c {
	case '"', '\\', '/':
		r.skip(2)
		return rune(c), nil
	case 'b', 'f', 'n', 'r', 't':
		at := strings.IndexByte("bfnrt", c)
		r.skip(2)
		return rune("\b\f\n\r\t"[at]), nil
	case 'u':
		c, ok := hex4(rest[2:])
		if !ok || c == 0 {
			return 0, r.fail("this is not an escaped character")
		}
		n := 6
		if utf16.IsSurrogate(c) {
			if len(rest) < 8 || rest[6] != '\\' || rest[7] != 'u' {
				return 0, r.fail("half of a surrogate pair")
			}
			low, ok := hex4(rest[8:])
			if c = utf16.DecodeRune(c, low); !ok || c == utf8.RuneError {
				return 0, r.fail("half of a surrogate pair")
			}
			n = 12
		}
		r.skip(n)
		return c, nil
	}
	return 0, r.fail("there is no escape \\%c", rest[1])
}

func hex4(s string) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	var v rune
	for i := range 4 {
		d := strings.IndexByte("0123456789abcdef", s[i]|0x20)
		if d < 0 || s[i] < '0' {
			return 0, false
		}
		v = v<<4 | rune(d)
	}
	return v, true
}
