package awsproto

import (
	"fmt"
	"net/http"
	"reflect"
	"time"
	"unicode"
	"unicode/utf8"

	"sekisho/internal/awsproto/facts"
)

// kind is the type of a shape, as far as codecs tell them apart.
type kind uint8

const (
	kindString kind = iota + 1
	kindInteger
	kindFloat
	kindBoolean
	kindBlob
	kindTimestamp
	kindList
	kindMap
	kindStructure
	kindUnion
	kindDocument
)

// node is a shape bound to a Go type (the pointer in front of it, if any, is the field's affair). Nodes are shared by all
// operations of an API and, since shapes recurse, form a graph.
type node struct {
	kind   kind
	shape  *shape
	typ    reflect.Type
	fields []field        // structure and union
	byName map[string]int // wire name in the body → index in fields
	elem   *node          // list and map
	key    *node          // map

	elemPointer bool   // list or map of pointers
	format      string // timestamps: how the protocol writes them here
	millis      bool   // timestamps in ISO 8601: write milliseconds where there are some
	encoded     bool   // strings that IAM percent-encodes inside its XML

	newDocument func(any) any // documents: the SDK's constructor

	checked bool // a constraint of the model bears on this value or on something below it
}

// field is a member bound to a struct field, or of a union to the type that stands for it.
type field struct {
	member  *member
	node    *node
	index   int          // in the Go struct
	pointer bool         // *T for a scalar or structure
	variant reflect.Type // unions: the struct whose pointer implements the interface
	wire    string       // name on the wire; of a header in canonical form
	path    string       // name in validation messages
	open    string       // what goes before the value: `"Name":` or `<Name>`
	close   string       // XML: `</Name>`
	empty   string       // XML: `<Name/>`
}

type nodeKey struct {
	shape string
	typ   reflect.Type
}

// binder makes nodes; they are published to the API only when the whole of an operation has been bound.
type binder struct {
	api  *API
	made map[nodeKey]*node
}

func (b *binder) publish() {
	for again := true; again; { // shapes recurse, so constraints climb until nothing changes
		again = false
		for _, n := range b.made {
			if !n.checked && n.constrained() {
				n.checked, again = true, true
			}
		}
	}
	for key, n := range b.made {
		b.api.nodes[key] = n
	}
}

// root binds the input or output of an operation. No shape, or one without members, needs no plan.
func (b *binder) root(sh *shape, t reflect.Type) (*node, error) {
	if t == nil || t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("have %v, want a struct type", t)
	}
	if sh == nil || len(sh.members) == 0 {
		return nil, nil
	}
	return b.bind(sh, t)
}

var (
	timeType  = reflect.TypeFor[time.Time]()
	bytesType = reflect.TypeFor[[]byte]()
)

// bind makes or finds the node of a shape over a Go type that is no pointer.
func (b *binder) bind(sh *shape, t reflect.Type) (*node, error) {
	key := nodeKey{sh.Name, t}
	if n := b.api.nodes[key]; n != nil {
		return n, nil
	}
	if n := b.made[key]; n != nil {
		return n, nil
	}
	n := &node{shape: sh, typ: t}
	b.made[key] = n
	mismatch := func() error { return fmt.Errorf("shape %s (%s) does not fit Go type %s", sh.Name, sh.Type, t) }
	fit := false
	switch sh.Type {
	case "string":
		n.kind, fit = kindString, t.Kind() == reflect.String
		n.encoded = b.api.ID == "iam" && sh.Name == "policyDocumentType"
	case "integer", "long":
		n.kind, fit = kindInteger, t.Kind() == reflect.Int32 || t.Kind() == reflect.Int64
	case "float", "double":
		n.kind, fit = kindFloat, t.Kind() == reflect.Float32 || t.Kind() == reflect.Float64
	case "boolean":
		n.kind, fit = kindBoolean, t.Kind() == reflect.Bool
	case "blob":
		n.kind, fit = kindBlob, t == bytesType
	case "timestamp":
		n.kind, fit = kindTimestamp, t == timeType
		if n.format = sh.Format; n.format == "" && b.api.Protocol == Query {
			n.format = "iso8601"
		}
		n.millis = b.api.Protocol != Query
	case "list":
		n.kind, fit = kindList, t.Kind() == reflect.Slice
		if fit {
			if err := b.element(n, sh.elem, t.Elem()); err != nil {
				return nil, err
			}
		}
	case "map":
		n.kind, fit = kindMap, t.Kind() == reflect.Map && t.Key().Kind() == reflect.String
		if fit {
			var err error
			if n.key, err = b.bind(sh.key, t.Key()); err != nil {
				return nil, err
			}
			if err = b.element(n, sh.elem, t.Elem()); err != nil {
				return nil, err
			}
		}
	case "structure":
		switch {
		case sh.Document:
			n.kind = kindDocument
			n.newDocument, fit = documents[t]
		case sh.Union:
			n.kind, fit = kindUnion, t.Kind() == reflect.Interface
			if fit {
				return n, b.union(n)
			}
		default:
			n.kind, fit = kindStructure, t.Kind() == reflect.Struct
			if fit {
				return n, b.structure(n)
			}
		}
	}
	if !fit {
		return nil, mismatch()
	}
	return n, nil
}

func (b *binder) element(n *node, sh *shape, t reflect.Type) (err error) {
	if n.elemPointer = t.Kind() == reflect.Pointer; n.elemPointer {
		t = t.Elem()
	}
	if n.elem, err = b.bind(sh, t); err != nil {
		return fmt.Errorf("element of %s: %w", n.shape.Name, err)
	}
	return nil
}

func (b *binder) structure(n *node) error {
	for i := range n.shape.members {
		m := &n.shape.members[i]
		sf, ok := fieldOf(n.typ, m.Name)
		if !ok {
			return fmt.Errorf("%s has no field for member %s of %s", n.typ, m.Name, n.shape.Name)
		}
		t, pointer := sf.Type, false
		if t.Kind() == reflect.Pointer {
			t, pointer = t.Elem(), true
		}
		below, err := b.bind(m.shape, t)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", n.shape.Name, m.Name, err)
		}
		n.add(b.api.Protocol, field{member: m, node: below, index: sf.Index[0], pointer: pointer})
	}
	return nil
}

func (b *binder) union(n *node) error {
	for i := range n.shape.members {
		m := &n.shape.members[i]
		variant, ok := unions[n.typ][m.Name]
		if !ok {
			return fmt.Errorf("no Go type is known for member %s of union %s", m.Name, n.shape.Name)
		}
		sf, ok := variant.FieldByName("Value")
		if !ok || !reflect.PointerTo(variant).Implements(n.typ) {
			return fmt.Errorf("%s is not a member of %s", variant, n.typ)
		}
		below, err := b.bind(m.shape, sf.Type)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", n.shape.Name, m.Name, err)
		}
		n.add(b.api.Protocol, field{member: m, node: below, index: sf.Index[0], variant: variant})
	}
	return nil
}

// add appends a field with its name made ready for the protocol.
func (n *node) add(p Protocol, f field) {
	name := f.member.wire()
	f.wire, f.path = name, lowerFirst(f.member.Name)
	if f.member.Location == facts.LocationHeader {
		f.wire = http.CanonicalHeaderKey(name)
	}
	if p == Query {
		f.open, f.close, f.empty = "<"+name+">", "</"+name+">", "<"+name+"/>"
	} else {
		f.open = `"` + name + `":`
	}
	if f.member.Location == "" {
		if n.byName == nil {
			n.byName = map[string]int{}
		}
		n.byName[name] = len(n.fields)
	}
	n.fields = append(n.fields, f)
}

// fieldOf finds a member's Go field: the same name with its first letter in upper case, and an underscore behind it where
// the plain name is taken (Error_ beside the method Error of exceptions).
func fieldOf(t reflect.Type, member string) (reflect.StructField, bool) {
	first, size := utf8.DecodeRuneInString(member)
	name := string(unicode.ToUpper(first)) + member[size:]
	for _, candidate := range []string{name, name + "_"} {
		if sf, ok := t.FieldByName(candidate); ok && len(sf.Index) == 1 && sf.IsExported() {
			return sf, true
		}
	}
	return reflect.StructField{}, false
}

func lowerFirst(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(first)) + name[size:]
}

// isInline tells whether a field's value lives in the struct itself, with no way to be absent: the SDK's plain numbers and
// booleans, whose default the model gives as zero.
func (f *field) isInline() bool {
	return !f.pointer && (f.node.kind == kindInteger || f.node.kind == kindFloat || f.node.kind == kindBoolean)
}

// value is the member's value in a struct, false when it is absent. A plain string is an enumeration, and absent when empty.
func (f *field) value(of reflect.Value) (reflect.Value, bool) {
	v := of.Field(f.index)
	if f.pointer {
		if v.IsNil() {
			return v, false
		}
		return v.Elem(), true
	}
	switch f.node.kind {
	case kindString:
		return v, v.Len() > 0
	case kindList, kindMap, kindBlob, kindUnion, kindDocument:
		return v, !v.IsNil()
	}
	return v, true
}
