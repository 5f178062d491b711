package policy

import (
	"strings"
	"unicode/utf8"
)

// pattern is a text with wildcards and variables, compiled: `*` stands for any
// run of characters, `?` for one. A pattern is a row of segments with stars
// between them. The first is tied to the start and the last to the end; each one
// between is looked for once, at its first place, and never again, so a
// match costs at most the length of the text times the words of a segment's state:
// no pattern makes it explode.
type pattern struct {
	source   string
	segments []segment // at least one
	shape    shape
	dynamic  bool // it has variables
	ones     bool // it has `?`, so that the width of characters matters
}

// shape names the patterns that need no search.
type shape uint8

const (
	generalShape shape = iota
	exactShape         // no wildcard
	prefixShape        // text*
	anyShape           // *
)

// segment is a piece of a pattern without stars.
type segment struct {
	pieces []piece
	chars  int     // of all literals and `?`; variables count nothing
	find   *search // set if there is a `?`, no variable, and a star before
}

// piece is a literal, a `?` or a variable.
type piece struct {
	literal  string
	one      bool
	variable *variable
}

// variable is ${key} or ${key, 'fallback'}.
type variable struct {
	key      string // lower case
	written  string
	fallback string
	has      bool // there is a fallback
}

// compile builds a pattern from pieces in which a star is the zero piece.
func compile(source string, pieces []piece) pattern {
	p := pattern{source: source, segments: []segment{{}}}
	for _, x := range pieces {
		last := &p.segments[len(p.segments)-1]
		switch {
		case x == (piece{}):
			if len(last.pieces) > 0 || len(p.segments) == 1 { // ** is *
				p.segments = append(p.segments, segment{})
			}
			continue
		case x.variable != nil:
			p.dynamic = true
		case x.one:
			p.ones = true
			last.chars++
		default:
			last.chars += utf8.RuneCountInString(x.literal)
			if n := len(last.pieces); n > 0 && last.pieces[n-1].literal != "" {
				last.pieces[n-1].literal += x.literal
				continue
			}
		}
		last.pieces = append(last.pieces, x)
	}
	p.shape = p.shapeOf()
	for i := 1; i < len(p.segments)-1; i++ {
		p.segments[i].find = newSearch(p.segments[i].pieces)
	}
	return p
}

func (p *pattern) shapeOf() shape {
	literal := func(s *segment) bool { return len(s.pieces) == 1 && s.pieces[0].literal != "" }
	first := &p.segments[0]
	switch {
	case len(p.segments) == 1 && (len(first.pieces) == 0 || literal(first)):
		return exactShape
	case len(p.segments) == 2 && len(p.segments[1].pieces) == 0 && len(first.pieces) == 0:
		return anyShape
	case len(p.segments) == 2 && len(p.segments[1].pieces) == 0 && literal(first):
		return prefixShape
	}
	return generalShape
}

// prefix is the literal with which everything that matches begins.
func (p *pattern) prefix() string {
	if s := &p.segments[0]; len(s.pieces) > 0 {
		return s.pieces[0].literal
	}
	return ""
}

// match tells whether s matches; ctx resolves variables. A variable that the
// request does not resolve, or that has several values, matches nothing.
func (p *pattern) match(s string, ctx Context) bool {
	switch p.shape {
	case anyShape:
		return true
	case exactShape:
		return s == p.prefix()
	case prefixShape:
		return strings.HasPrefix(s, p.prefix())
	}
	if !strings.HasPrefix(s, p.prefix()) {
		return false
	}
	return p.general(s, ctx)
}

func (p *pattern) general(s string, ctx Context) bool {
	m := matcher{ctx: ctx, ascii: !p.ones || isASCII(s)}
	if p.dynamic && !p.resolves(ctx) {
		return false
	}
	first, last := &p.segments[0], len(p.segments)-1
	n := m.at(first.pieces, s)
	if n < 0 {
		return false
	}
	if s = s[n:]; last == 0 {
		return s == ""
	}
	for i := 1; i < last; i++ {
		if n = m.seek(&p.segments[i], s); n < 0 {
			return false
		}
		s = s[n:]
	}
	return m.ends(&p.segments[last], s)
}

// resolves tells whether every variable has a value, which one without a fallback
// only has if the key is there and has one value.
func (p *pattern) resolves(ctx Context) bool {
	for i := range p.segments {
		for _, x := range p.segments[i].pieces {
			if x.variable == nil {
				continue
			}
			if _, ok := x.variable.value(ctx); !ok {
				return false
			}
		}
	}
	return true
}

func (v *variable) value(ctx Context) (string, bool) {
	if x := ctx.Get(v.key); x.Len() == 1 {
		return x.At(0), true
	}
	return v.fallback, v.has
}

// matcher matches segments of one pattern with one text.
type matcher struct {
	ctx   Context
	ascii bool // every `?` is one byte
}

// at matches pieces at the start of s and is the length of what they match, -1
// if they do not. Variables stand for their value, in which `*` and `?` are
// characters like others: who may choose a value must not choose a pattern.
func (m *matcher) at(pieces []piece, s string) int {
	n := 0
	for i := range pieces {
		x := &pieces[i]
		switch {
		case x.one:
			if n == len(s) {
				return -1
			}
			if m.ascii {
				n++
			} else {
				_, size := utf8.DecodeRuneInString(s[n:])
				n += size
			}
			continue
		case x.variable != nil:
			v, _ := x.variable.value(m.ctx)
			if !strings.HasPrefix(s[n:], v) {
				return -1
			}
			n += len(v)
		default:
			if !strings.HasPrefix(s[n:], x.literal) {
				return -1
			}
			n += len(x.literal)
		}
	}
	return n
}

// seek finds the first place of a segment in s and is the index behind it, or -1.
func (m *matcher) seek(g *segment, s string) int {
	if len(s) < g.chars {
		return -1
	}
	if g.find != nil && m.ascii {
		return g.find.index(s)
	}
	first := g.pieces[0].literal
	for from := 0; from <= len(s); {
		if first != "" {
			i := strings.Index(s[from:], first)
			if i < 0 {
				return -1
			}
			from += i
		}
		if len(g.pieces) == 1 && first != "" {
			return from + len(first)
		}
		if n := m.at(g.pieces, s[from:]); n >= 0 {
			return from + n
		}
		_, size := utf8.DecodeRuneInString(s[from:])
		from += max(size, 1)
	}
	return -1
}

// ends tells whether s ends with a segment.
func (m *matcher) ends(g *segment, s string) bool {
	need := 0
	for i := range g.pieces {
		x := &g.pieces[i]
		switch {
		case x.variable != nil:
			v, _ := x.variable.value(m.ctx)
			need += len(v)
		case x.one && !m.ascii:
			return m.endsWide(g, s)
		case x.one:
			need++
		default:
			need += len(x.literal)
		}
	}
	return len(s) >= need && m.at(g.pieces, s[len(s)-need:]) == need
}

// endsWide is ends for a `?` that may stand for more than one byte: it walks
// back from the end.
func (m *matcher) endsWide(g *segment, s string) bool {
	for i := len(g.pieces) - 1; i >= 0; i-- {
		x := &g.pieces[i]
		var ok bool
		switch {
		case x.one:
			if ok = s != ""; ok {
				_, size := utf8.DecodeLastRuneInString(s)
				s = s[:len(s)-size]
			}
		case x.variable != nil:
			v, _ := x.variable.value(m.ctx)
			s, ok = strings.CutSuffix(s, v)
		default:
			s, ok = strings.CutSuffix(s, x.literal)
		}
		if !ok {
			return false
		}
	}
	return true
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// search finds a segment with `?` in a text of ASCII by the bits of all its
// places at once (shift-and), so that the text is read once.
type search struct {
	class [utf8.RuneSelf]uint8 // of a character; 0: not in the segment
	masks [][]uint64           // by class: the places that the character may take
	chars int
}

// maxSearch bounds the state of a search, which is on the stack.
const maxSearch = 2048

// newSearch is nil for segments that are found without it.
func newSearch(pieces []piece) *search {
	f, wild := &search{}, false
	for _, x := range pieces {
		if x.variable != nil || !isASCII(x.literal) {
			return nil
		}
		wild = wild || x.one
		f.chars += len(x.literal)
		if x.one {
			f.chars++
		}
	}
	if !wild || f.chars > maxSearch {
		return nil
	}
	words := (f.chars + 63) / 64
	f.masks = [][]uint64{make([]uint64, words)}
	for _, x := range pieces { // the classes first: a `?` is in all of them
		for i := range len(x.literal) {
			if c := x.literal[i]; f.class[c] == 0 {
				f.class[c] = uint8(len(f.masks))
				f.masks = append(f.masks, make([]uint64, words))
			}
		}
	}
	place := 0
	for _, x := range pieces {
		if x.one {
			for _, m := range f.masks {
				m[place/64] |= 1 << (place % 64)
			}
			place++
		}
		for i := range len(x.literal) {
			f.masks[f.class[x.literal[i]]][place/64] |= 1 << (place % 64)
			place++
		}
	}
	return f
}

// index is the place behind the first match in s, or -1.
func (f *search) index(s string) int {
	var buffer [maxSearch / 64]uint64
	state := buffer[:len(f.masks[0])]
	last, top := (f.chars-1)/64, uint64(1)<<((f.chars-1)%64)
	for i := range len(s) {
		mask := f.masks[f.class[s[i]]]
		carry := uint64(1)
		for w := range state {
			next := state[w]<<1 | carry
			carry = state[w] >> 63
			state[w] = next & mask[w]
		}
		if state[last]&top != 0 {
			return i + 1
		}
	}
	return -1
}
