package awsproto

import (
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// Violation is one constraint of the model that an input breaks.
type Violation struct {
	Path       string // as AWS writes it: "tags.1.member.key"
	Value      string // as AWS writes it: "'…'" or "null"; empty when the member is sensitive
	Constraint string // "Member must have length less than or equal to 64"
	Kind       Kind   // which sort of constraint that is

	shape, member string // what broke it: "PolicyTargetId", "TargetId"
}

// Kind is a sort of constraint that the models know.
type Kind uint8

// The kinds of constraints. NotListed is of enumerations, BadElement of scalars in a list or map.
const (
	Missing Kind = iota + 1
	NotListed
	TooLong
	TooShort
	TooGreat
	TooSmall
	NoMatch
	BadElement
)

// Violations are what an input breaks, in the model's order and at most [MaxViolations]; nil is a valid input.
type Violations []Violation

// MaxViolations bounds a message; behind it nobody reads on.
const MaxViolations = 20

// maxEcho bounds, in code points, how much of a value a message repeats.
const maxEcho = 1024

// Error is AWS's text: "2 validation errors detected: Value '…' at '…' failed to satisfy constraint: …; Value …".
func (v Violations) Error() string {
	var b strings.Builder
	b.WriteString(strconv.Itoa(len(v)))
	if len(v) == 1 {
		b.WriteString(" validation error detected: ")
	} else {
		b.WriteString(" validation errors detected: ")
	}
	for i, one := range v {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString("Value ")
		if one.Value != "" {
			b.WriteString(one.Value)
			b.WriteByte(' ')
		}
		b.WriteString("at '")
		b.WriteString(one.Path)
		b.WriteString("' failed to satisfy constraint: ")
		b.WriteString(one.Constraint)
	}
	return b.String()
}

// Validate holds an input, a pointer to the bound input type, against the model: required members, lengths (in code
// points), ranges, patterns and enumerations (behaviours.md 2.5). Values of sensitive members never appear in the result.
// A plain number or boolean that is zero counts as absent, and absent is only wrong where the model requires a member that
// the Go type can leave out.
func (c *Codec) Validate(in any) Violations {
	if c.input == nil || !c.input.checked {
		return nil
	}
	v, err := structOf(in, c.in)
	if err != nil {
		return Violations{{Path: "input", Value: "null", Constraint: "Member must not be null", Kind: Missing}}
	}
	w := validators.Get().(*validator)
	w.structure(c.input, v)
	found := w.found
	*w = validator{path: w.path[:0]}
	validators.Put(w)
	return found
}

// validator walks an input. The path is only put together when something is found.
type validator struct {
	path   []step
	hidden int // depth below a sensitive shape
	found  Violations
}

// step is a member, or with an index the place in a list or map.
type step struct {
	name  string
	index int
}

var validators = sync.Pool{New: func() any { return &validator{path: make([]step, 0, 16)} }}

func (w *validator) push(name string, index int) { w.path = append(w.path, step{name, index}) }
func (w *validator) pop()                        { w.path = w.path[:len(w.path)-1] }

func (w *validator) add(n *node, kind Kind, value, constraint string) {
	if len(w.found) == MaxViolations {
		return
	}
	var path strings.Builder
	for i, s := range w.path {
		if i > 0 {
			path.WriteByte('.')
		}
		if s.index > 0 {
			path.WriteString(strconv.Itoa(s.index))
			path.WriteByte('.')
		}
		path.WriteString(s.name)
	}
	v := Violation{Path: path.String(), Value: value, Constraint: constraint, Kind: kind, shape: n.shape.Name}
	if len(w.path) > 0 {
		v.member = w.path[len(w.path)-1].name
	}
	w.found = append(w.found, v)
}

// constrained tells whether a node or one below it, as far as those are known to be checked, has a constraint.
func (n *node) constrained() bool {
	if n.shape.constrained() || n.elem != nil && n.elem.checked || n.key != nil && n.key.checked {
		return true
	}
	for i := range n.fields {
		if n.fields[i].member.required || n.fields[i].node.checked {
			return true
		}
	}
	return false
}

// constrained tells whether the shape itself restricts its values.
func (sh *shape) constrained() bool {
	return sh.Min != nil || sh.Max != nil || sh.Pattern != "" || len(sh.Enum) > 0
}

func (w *validator) structure(n *node, v reflect.Value) {
	for i := range n.fields {
		f := &n.fields[i]
		if !f.member.required && !f.node.checked {
			continue
		}
		value, ok := f.value(v)
		if ok && f.isInline() && value.IsZero() {
			continue
		}
		if !ok && !f.member.required {
			continue
		}
		w.push(f.path, 0)
		if ok {
			w.value(f.node, value)
		} else {
			w.add(f.node, Missing, "null", "Member must not be null")
		}
		w.pop()
	}
}

// value checks a value that is there.
func (w *validator) value(n *node, v reflect.Value) {
	if !n.checked {
		return
	}
	if n.shape.Sensitive {
		w.hidden++
		defer func() { w.hidden-- }()
	}
	if n.shape.constrained() {
		n.eachBroken(v, func(kind Kind, constraint string) { w.add(n, kind, w.echo(n, v), constraint) })
	}
	switch n.kind {
	case kindStructure:
		w.structure(n, v)
	case kindUnion:
		if f, value, err := n.variant(v); err == nil {
			w.push(f.path, 0)
			w.value(f.node, value)
			w.pop()
		}
	case kindList:
		w.list(n, v)
	case kindMap:
		w.mapping(n, v)
	}
}

func (w *validator) list(n *node, v reflect.Value) {
	if !n.elem.checked {
		return
	}
	if n.elem.isScalar() { // AWS reports a list of scalars as one, with all that its elements have to satisfy
		for i := range v.Len() {
			if n.elem.breaks(n.item(v.Index(i))) {
				w.add(n, BadElement, w.echo(n, v), "Member must satisfy constraint: "+n.elem.shape.all())
				return
			}
		}
		return
	}
	for i := range v.Len() {
		w.push("member", i+1)
		w.value(n.elem, n.item(v.Index(i)))
		w.pop()
	}
}

func (w *validator) mapping(n *node, v reflect.Value) {
	keys := sortedMapKeys(v)
	for _, key := range keys {
		if n.key.breaks(key) {
			w.add(n, BadElement, w.echo(n, v), "Map keys must satisfy constraint: "+n.key.shape.all())
			break
		}
	}
	if !n.elem.checked {
		return
	}
	for _, key := range keys {
		value := n.item(v.MapIndex(key))
		if n.elem.isScalar() {
			if n.elem.breaks(value) {
				w.add(n, BadElement, w.echo(n, v), "Map value must satisfy constraint: "+n.elem.shape.all())
				return
			}
			continue
		}
		w.push(key.String(), 0)
		w.push("member", 0)
		w.value(n.elem, value)
		w.pop()
		w.pop()
	}
}

func (n *node) breaks(v reflect.Value) (broken bool) {
	n.eachBroken(v, func(Kind, string) { broken = true })
	return broken
}

// eachBroken calls f with each constraint of the shape itself that the value breaks.
func (n *node) eachBroken(v reflect.Value, f func(kind Kind, constraint string)) {
	sh := n.shape
	switch n.kind {
	case kindString:
		s := v.String()
		if len(sh.Enum) > 0 && !contains(sh.Enum, s) {
			f(NotListed, sh.enumeration())
		}
		// A code point is one to four bytes, so that most lengths need no counting.
		if sh.Max != nil && len(s) > int(*sh.Max) && utf8.RuneCountInString(s) > int(*sh.Max) {
			f(TooLong, sh.longest())
		}
		if sh.Min != nil && len(s) < int(*sh.Min)*utf8.UTFMax && utf8.RuneCountInString(s) < int(*sh.Min) {
			f(TooShort, sh.shortest())
		}
		if sh.pattern != nil && !sh.pattern.matches(s) {
			f(NoMatch, sh.regular())
		}
	case kindList, kindMap, kindBlob:
		if sh.Max != nil && v.Len() > int(*sh.Max) {
			f(TooLong, sh.longest())
		}
		if sh.Min != nil && v.Len() < int(*sh.Min) {
			f(TooShort, sh.shortest())
		}
	case kindInteger, kindFloat:
		var x float64
		if n.kind == kindInteger {
			x = float64(v.Int())
		} else {
			x = v.Float()
		}
		if sh.Max != nil && x > *sh.Max {
			f(TooGreat, sh.greatest())
		}
		if sh.Min != nil && x < *sh.Min {
			f(TooSmall, sh.least())
		}
	}
}

func contains(set []string, s string) bool {
	for _, one := range set {
		if one == s {
			return true
		}
	}
	return false
}

func number(f *float64) string { return strconv.FormatFloat(*f, 'f', -1, 64) }

func (sh *shape) longest() string {
	return "Member must have length less than or equal to " + number(sh.Max)
}
func (sh *shape) shortest() string {
	return "Member must have length greater than or equal to " + number(sh.Min)
}
func (sh *shape) greatest() string {
	return "Member must have value less than or equal to " + number(sh.Max)
}
func (sh *shape) least() string {
	return "Member must have value greater than or equal to " + number(sh.Min)
}
func (sh *shape) regular() string {
	return "Member must satisfy regular expression pattern: " + sh.Pattern
}
func (sh *shape) enumeration() string {
	return "Member must satisfy enum value set: [" + strings.Join(sh.Enum, ", ") + "]"
}

// all lists everything a value of the shape has to satisfy, for the messages about elements.
func (sh *shape) all() string {
	var all []string
	numeric := sh.Type == "integer" || sh.Type == "long" || sh.Type == "float" || sh.Type == "double"
	if len(sh.Enum) > 0 {
		all = append(all, sh.enumeration())
	}
	if sh.Max != nil {
		if numeric {
			all = append(all, sh.greatest())
		} else {
			all = append(all, sh.longest())
		}
	}
	if sh.Min != nil {
		if numeric {
			all = append(all, sh.least())
		} else {
			all = append(all, sh.shortest())
		}
	}
	if sh.Pattern != "" {
		all = append(all, sh.regular())
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// echo writes a value as AWS does, in quotes, or nothing at all when it is sensitive.
func (w *validator) echo(n *node, v reflect.Value) string {
	if w.hidden > 0 || n.hides() {
		return ""
	}
	text := string(n.appendPlain(nil, v))
	if utf8.RuneCountInString(text) > maxEcho {
		text = string([]rune(text)[:maxEcho]) + "…"
	}
	return "'" + text + "'"
}

// hides tells whether a value or what is in it is sensitive. (Only lists, maps and blobs are asked; a structure has no
// constraint of its own.)
func (n *node) hides() bool {
	return n.shape.Sensitive || n.kind == kindBlob || n.elem != nil && n.elem.hides() || n.key != nil && n.key.hides()
}

// appendPlain writes scalars as they are, lists as [a, b], maps as {k=v} and structures by their shape's name alone.
func (n *node) appendPlain(b []byte, v reflect.Value) []byte {
	switch n.kind {
	case kindString:
		return append(b, v.String()...)
	case kindInteger:
		return strconv.AppendInt(b, v.Int(), 10)
	case kindFloat:
		return appendFloat(b, v.Float(), 64)
	case kindBoolean:
		return strconv.AppendBool(b, v.Bool())
	case kindTimestamp:
		return timeOf(v).UTC().AppendFormat(b, "2006-01-02T15:04:05Z")
	case kindList:
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ", "...)
			}
			if b = n.elem.appendPlain(b, n.item(v.Index(i))); len(b) > maxEcho*utf8.UTFMax {
				break
			}
		}
		return append(b, ']')
	case kindMap:
		b = append(b, '{')
		for i, key := range sortedMapKeys(v) {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = append(append(b, key.String()...), '=')
			if b = n.elem.appendPlain(b, n.item(v.MapIndex(key))); len(b) > maxEcho*utf8.UTFMax {
				break
			}
		}
		return append(b, '}')
	}
	return append(b, n.shape.Name...)
}
