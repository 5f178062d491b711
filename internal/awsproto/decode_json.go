package awsproto

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"

	"github.com/aws/smithy-go/document"
)

func (c *Codec) decodeJSON(req *Request, v reflect.Value) error {
	return c.decodeBody(req.Body, c.input, v)
}

// decodeBody reads a JSON object into a structure; no body at all is an empty object.
func (c *Codec) decodeBody(body []byte, n *node, v reflect.Value) error {
	d := jsonDecoder{scanner{data: body}}
	if d.peek() == 0 && d.pos == len(body) {
		return nil
	}
	err := d.value(n, v)
	if err == nil {
		err = d.end()
	}
	if err != nil {
		return c.malformed(err)
	}
	return nil
}

func (c *Codec) malformed(err error) error { return c.op.api.Refuse(Malformed, err.Error()) }

type jsonDecoder struct{ scanner }

// errComposite is AWS's complaint about a list or structure where the model has something else.
var errComposite = errors.New("Start of structure or map found where not expected.") //nolint:revive,staticcheck // AWS's words

// mismatch is AWS's complaint about a value of another type than the model's.
func (d *jsonDecoder) mismatch(want string) error {
	var have string
	switch c := d.peek(); c {
	case '"':
		have = "STRING_VALUE"
	case 't':
		have = "TRUE_VALUE"
	case 'f':
		have = "FALSE_VALUE"
	case '{', '[':
		return errComposite
	default:
		if c != '-' && (c < '0' || c > '9') {
			return errSyntax
		}
		have = "NUMBER_VALUE"
	}
	return fmt.Errorf("%s can not be converted to %s", have, want)
}

// value reads one value, which is not null, into v.
func (d *jsonDecoder) value(n *node, v reflect.Value) error {
	first := d.peek()
	switch n.kind {
	case kindString:
		if first != '"' {
			return d.mismatch("a String")
		}
		s, err := d.text()
		if err != nil {
			return err
		}
		v.SetString(string(s))
		return nil
	case kindInteger:
		if first != '-' && (first < '0' || first > '9') {
			return d.mismatch("an Integer")
		}
		s, err := d.number()
		if err != nil {
			return err
		}
		return setInteger(v, string(s))
	case kindFloat:
		if first == '"' { // the three values JSON has no number for
			s, err := d.text()
			if err != nil {
				return err
			}
			return setSpecial(v, string(s))
		}
		if first != '-' && (first < '0' || first > '9') {
			return d.mismatch("a Double")
		}
		s, err := d.number()
		if err != nil {
			return err
		}
		return setFloat(v, string(s))
	case kindBoolean:
		switch first {
		case 't':
			v.SetBool(true)
			return d.word("true")
		case 'f':
			v.SetBool(false)
			return d.word("false")
		}
		return d.mismatch("a Boolean")
	case kindBlob:
		if first != '"' {
			return d.mismatch("a Blob")
		}
		s, err := d.text()
		if err != nil {
			return err
		}
		return setBlob(v, s)
	case kindTimestamp:
		return d.timestamp(first, v)
	case kindList:
		return d.list(first, n, v)
	case kindMap:
		return d.mapping(first, n, v)
	case kindStructure:
		return d.structure(first, n, v)
	case kindUnion:
		return d.union(first, n, v)
	default:
		document, err := d.anything(true)
		if err != nil {
			return err
		}
		v.Set(reflect.ValueOf(n.newDocument(document)))
		return nil
	}
}

// timestamp takes epoch seconds, and the ISO 8601 text some clients send in their place.
func (d *jsonDecoder) timestamp(first byte, v reflect.Value) error {
	if first == '"' {
		s, err := d.text()
		if err != nil {
			return err
		}
		return setISO8601(v, string(s))
	}
	if first != '-' && (first < '0' || first > '9') {
		return d.mismatch("a Timestamp")
	}
	s, err := d.number()
	if err != nil {
		return err
	}
	return setEpoch(v, string(s))
}

func (d *jsonDecoder) list(first byte, n *node, v reflect.Value) error {
	if first != '[' {
		if first == '{' {
			return errComposite
		}
		return d.mismatch("a List")
	}
	if err := d.open(); err != nil {
		return err
	}
	list := reflect.New(n.typ).Elem() // addressable, so that it can grow in place
	for i := 0; ; i++ {
		more, err := d.more(']', i == 0)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if err := d.element(); err != nil {
			return err
		}
		if d.peek() == 'n' {
			return errors.New("a list holds null")
		}
		list.Grow(1)
		list.SetLen(i + 1)
		if err := d.into(n, list.Index(i)); err != nil {
			return err
		}
	}
	if list.IsNil() {
		list.Set(reflect.MakeSlice(n.typ, 0, 0))
	}
	v.Set(list)
	return nil
}

// into reads an element of a list or map.
func (d *jsonDecoder) into(n *node, v reflect.Value) error {
	if n.elemPointer {
		v.Set(reflect.New(n.elem.typ))
		v = v.Elem()
	}
	return d.value(n.elem, v)
}

func (d *jsonDecoder) mapping(first byte, n *node, v reflect.Value) error {
	if first != '{' {
		return d.mismatch("a Map")
	}
	if err := d.open(); err != nil {
		return err
	}
	m := reflect.MakeMap(n.typ)
	for started := false; ; started = true {
		more, err := d.more('}', !started)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if err := d.scanner.element(); err != nil {
			return err
		}
		name, err := d.key()
		if err != nil {
			return err
		}
		key := reflect.New(n.typ.Key()).Elem()
		key.SetString(string(name))
		if d.peek() == 'n' {
			if err := d.word("null"); err != nil {
				return err
			}
			continue
		}
		value := reflect.New(n.typ.Elem()).Elem()
		if err := d.into(n, value); err != nil {
			return err
		}
		m.SetMapIndex(key, value)
	}
	v.Set(m)
	return nil
}

// structure reads an object. Members that the model does not know are passed over, null is absence, and of a member that
// comes twice the last counts.
func (d *jsonDecoder) structure(first byte, n *node, v reflect.Value) error {
	if first != '{' {
		return d.mismatch("a Structure")
	}
	if err := d.open(); err != nil {
		return err
	}
	for started := false; ; started = true {
		f, more, err := d.member(n, !started)
		if err != nil || !more {
			return err
		}
		if f == nil {
			continue
		}
		place := v.Field(f.index)
		if f.pointer {
			place.Set(reflect.New(f.node.typ))
			place = place.Elem()
		}
		if err := d.value(f.node, place); err != nil {
			return err
		}
	}
}

// union reads an object that has exactly one member.
func (d *jsonDecoder) union(first byte, n *node, v reflect.Value) error {
	if first != '{' {
		return d.mismatch("a Union")
	}
	if err := d.open(); err != nil {
		return err
	}
	set := false
	for started := false; ; started = true {
		f, more, err := d.member(n, !started)
		if err != nil || !more {
			return err
		}
		if f == nil {
			continue
		}
		if set {
			return fmt.Errorf("more than one member of the union %s is set", n.shape.Name)
		}
		set = true
		variant := reflect.New(f.variant)
		if err := d.value(f.node, variant.Elem().Field(f.index)); err != nil {
			return err
		}
		v.Set(variant)
	}
}

// member reads an object's next name and returns the field whose value follows: nil if the model does not know it or it is
// null, which is then read. more is false at the object's end.
func (d *jsonDecoder) member(n *node, atStart bool) (f *field, more bool, err error) {
	if more, err = d.more('}', atStart); err != nil || !more {
		return nil, false, err
	}
	name, err := d.key()
	if err != nil {
		return nil, false, err
	}
	i, known := n.byName[string(name)]
	switch {
	case d.peek() == 'n':
		return nil, true, d.word("null")
	case !known:
		return nil, true, d.skip()
	}
	return &n.fields[i], true, nil
}

// anything reads a value of any type, with numbers kept as they are written; or, when nobody keeps it, only passes over it.
func (s *scanner) anything(keep bool) (any, error) {
	switch first := s.peek(); first {
	case '"':
		text, err := s.text()
		if err != nil || !keep {
			return nil, err
		}
		return string(text), nil
	case 't':
		return true, s.word("true")
	case 'f':
		return false, s.word("false")
	case 'n':
		return nil, s.word("null")
	case '[':
		if err := s.open(); err != nil {
			return nil, err
		}
		list := []any{}
		for started := false; ; started = true {
			more, err := s.more(']', !started)
			if err != nil || !more {
				return list, err
			}
			if err := s.element(); err != nil {
				return nil, err
			}
			item, err := s.anything(keep)
			if err != nil {
				return nil, err
			}
			if keep {
				list = append(list, item)
			}
		}
	case '{':
		if err := s.open(); err != nil {
			return nil, err
		}
		object := map[string]any(nil)
		if keep {
			object = map[string]any{}
		}
		for started := false; ; started = true {
			more, err := s.more('}', !started)
			if err != nil || !more {
				return object, err
			}
			if err := s.element(); err != nil {
				return nil, err
			}
			name, err := s.key()
			if err != nil {
				return nil, err
			}
			key := ""
			if keep {
				if key = string(name); key == "" {
					return nil, errors.New("a document has a member without a name")
				}
			}
			item, err := s.anything(keep)
			if err != nil {
				return nil, err
			}
			if keep {
				object[key] = item
			}
		}
	default:
		text, err := s.number()
		if err != nil || !keep {
			return nil, err
		}
		return document.Number(text), nil
	}
}

func setInteger(v reflect.Value, s string) error {
	i, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f, ferr := strconv.ParseFloat(s, 64) // 3600.0 and 3.6e3 are integers too
		if ferr != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
			return fmt.Errorf("%.40q can not be converted to an Integer", s)
		}
		i = int64(f)
	}
	if v.OverflowInt(i) {
		return fmt.Errorf("%d is outside the range of an Integer", i)
	}
	v.SetInt(i)
	return nil
}

func setFloat(v reflect.Value, s string) error {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || v.OverflowFloat(f) {
		return fmt.Errorf("%.40q is outside the range of a Double", s)
	}
	v.SetFloat(f)
	return nil
}

func setSpecial(v reflect.Value, s string) error {
	switch s {
	case "NaN":
		v.SetFloat(math.NaN())
	case "Infinity":
		v.SetFloat(math.Inf(1))
	case "-Infinity":
		v.SetFloat(math.Inf(-1))
	default:
		return errors.New("STRING_VALUE can not be converted to a Double")
	}
	return nil
}

func setBlob(v reflect.Value, text []byte) error {
	b := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	size, err := base64.StdEncoding.Decode(b, text)
	if err != nil {
		return errors.New("a Blob is not base64")
	}
	v.SetBytes(b[:size])
	return nil
}
