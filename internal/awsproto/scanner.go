package awsproto

import (
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads JSON (RFC 8259) from memory, token by token, and holds it to the limits of this package. Text that is not
// UTF-8 is refused; an escaped lone surrogate becomes U+FFFD, as encoding/json has it.
type scanner struct {
	data     []byte
	pos      int
	depth    int
	elements int
	scratch  []byte
}

var (
	errSyntax = errors.New("the body is not well-formed JSON")
	errDeep   = fmt.Errorf("values are nested deeper than %d", MaxDepth)
	errMany   = fmt.Errorf("lists hold more than %d elements", MaxElements)
)

// peek returns the next byte that is not white space, 0 at the end.
func (s *scanner) peek() byte {
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

func (s *scanner) accept(c byte) bool {
	if s.peek() == c {
		s.pos++
		return true
	}
	return false
}

// open enters an object or array, whose opening byte the caller has seen.
func (s *scanner) open() error {
	if s.depth++; s.depth > MaxDepth {
		return errDeep
	}
	s.pos++
	return nil
}

func (s *scanner) close() {
	s.depth--
	s.pos++
}

// more steps from one member or element to the next. first is whether none has been read.
func (s *scanner) more(end byte, first bool) (bool, error) {
	switch c := s.peek(); {
	case c == end:
		s.close()
		return false, nil
	case first:
		return true, nil
	case c == ',':
		s.pos++
		if s.peek() == end {
			return false, errSyntax
		}
		return true, nil
	}
	return false, errSyntax
}

func (s *scanner) element() error {
	if s.elements++; s.elements > MaxElements {
		return errMany
	}
	return nil
}

// key reads a member's name and the colon behind it. The bytes are valid until the next read.
func (s *scanner) key() ([]byte, error) {
	k, err := s.text()
	if err != nil {
		return nil, err
	}
	if !s.accept(':') {
		return nil, errSyntax
	}
	return k, nil
}

// text reads a string. The bytes are valid until the next read.
func (s *scanner) text() ([]byte, error) {
	if s.peek() != '"' {
		return nil, errSyntax
	}
	s.pos++
	start, ascii := s.pos, true
	for i := start; i < len(s.data); i++ {
		switch c := s.data[i]; {
		case c == '"':
			s.pos = i + 1
			raw := s.data[start:i]
			if !ascii && !utf8.Valid(raw) {
				return nil, errSyntax
			}
			return raw, nil
		case c == '\\':
			return s.escaped(start, i)
		case c < ' ':
			return nil, errSyntax
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return nil, errSyntax
}

// escaped reads the rest of a string that begins at start and has its first backslash at i.
func (s *scanner) escaped(start, i int) ([]byte, error) {
	out := append(s.scratch[:0], s.data[start:i]...)
	for i < len(s.data) {
		c := s.data[i]
		i++
		switch {
		case c == '"':
			s.pos, s.scratch = i, out
			if !utf8.Valid(out) {
				return nil, errSyntax
			}
			return out, nil
		case c < ' ':
			return nil, errSyntax
		case c != '\\':
			out = append(out, c)
			continue
		}
		if i >= len(s.data) {
			return nil, errSyntax
		}
		c = s.data[i]
		i++
		switch c {
		case '"', '\\', '/':
			out = append(out, c)
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r, ok := hex4(s.data[i:])
			if !ok {
				return nil, errSyntax
			}
			i += 4
			if utf16.IsSurrogate(r) {
				pair := rune(utf8.RuneError)
				if i+1 < len(s.data) && s.data[i] == '\\' && s.data[i+1] == 'u' {
					if low, ok := hex4(s.data[i+2:]); ok {
						if pair = utf16.DecodeRune(r, low); pair != utf8.RuneError {
							i += 6
						}
					}
				}
				r = pair
			}
			out = utf8.AppendRune(out, r)
		default:
			return nil, errSyntax
		}
	}
	return nil, errSyntax
}

func hex4(b []byte) (r rune, ok bool) {
	if len(b) < 4 {
		return 0, false
	}
	for _, c := range b[:4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// number reads a number's text.
func (s *scanner) number() ([]byte, error) {
	s.peek()
	b, i := s.data[s.pos:], 0
	digits := func() bool {
		from := i
		for i < len(b) && '0' <= b[i] && b[i] <= '9' {
			i++
		}
		return i > from
	}
	if i < len(b) && b[i] == '-' {
		i++
	}
	if i < len(b) && b[i] == '0' {
		i++
	} else if !digits() {
		return nil, errSyntax
	}
	if i < len(b) && b[i] == '.' {
		if i++; !digits() {
			return nil, errSyntax
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if !digits() {
			return nil, errSyntax
		}
	}
	s.pos += i
	return b[:i], nil
}

// word reads one of the literals true, false, null.
func (s *scanner) word(w string) error {
	s.peek()
	if len(s.data)-s.pos < len(w) || string(s.data[s.pos:s.pos+len(w)]) != w {
		return errSyntax
	}
	s.pos += len(w)
	return nil
}

// skip passes over one value.
func (s *scanner) skip() error {
	_, err := s.anything(false)
	return err
}

// end demands that nothing but white space is left.
func (s *scanner) end() error {
	if s.peek() != 0 || s.pos != len(s.data) {
		return errSyntax
	}
	return nil
}
