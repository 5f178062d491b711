package awsproto

import (
	"encoding/base64"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aws/smithy-go/document"

	"sekisho/internal/awsproto/facts"
)

func (c *Codec) encodeJSON(r *Response, v reflect.Value) (err error) {
	if c.output == nil || !v.IsValid() {
		r.Body = append(r.Body, "{}"...)
		return nil
	}
	r.Body, err = c.output.appendObject(r.Body, v)
	return err
}

// encodeREST writes the body (an operation without output has none) and the members that are bound to headers.
func (c *Codec) encodeREST(r *Response, v reflect.Value) (err error) {
	switch {
	case c.op.output == nil:
		r.contentType = nil
		return nil
	case c.output == nil || !v.IsValid():
		r.Body = append(r.Body, "{}"...)
		return nil
	}
	for i := range c.output.fields {
		f := &c.output.fields[i]
		switch {
		case f.member.Location == facts.LocationHeader:
			if value, ok := f.value(v); ok {
				text, err := f.node.appendHeader(nil, value)
				if err != nil {
					return err
				}
				r.extra = append(r.extra, headerField{f.wire, string(text)})
			}
		case f.member.Location != "":
			return fmt.Errorf("output member %s is bound to %s", f.member.Name, f.member.Location)
		case f.member.Name == c.output.shape.Payload:
			value, ok := f.value(v)
			if !ok {
				r.Body = append(r.Body, "{}"...)
				return nil
			}
			r.Body, err = f.node.appendJSON(r.Body, value)
			return err
		}
	}
	r.Body, err = c.output.appendObject(r.Body, v)
	return err
}

func (n *node) appendHeader(b []byte, v reflect.Value) ([]byte, error) {
	switch n.kind {
	case kindString:
		return append(b, v.String()...), nil
	case kindInteger, kindBoolean, kindFloat:
		return n.appendJSON(b, v)
	}
	return nil, fmt.Errorf("%s cannot be a header", n.shape.Name)
}

// appendObject writes the members that belong to the body and are there.
func (n *node) appendObject(b []byte, v reflect.Value) ([]byte, error) {
	b, _, err := n.appendMembers(append(b, '{'), v, true)
	return append(b, '}'), err
}

// appendMembers writes members with commas between them; first is whether none stands before, on entry and on return.
func (n *node) appendMembers(b []byte, v reflect.Value, first bool) (_ []byte, _ bool, err error) {
	for i := range n.fields {
		f := &n.fields[i]
		if f.member.Location != "" {
			continue
		}
		value, ok := f.value(v)
		if !ok {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(b, f.open...)
		if b, err = f.node.appendJSON(b, value); err != nil {
			return b, first, err
		}
	}
	return b, first, nil
}

func (n *node) appendJSON(b []byte, v reflect.Value) (_ []byte, err error) {
	switch n.kind {
	case kindString:
		return appendJSONText(b, v.String()), nil
	case kindInteger:
		return strconv.AppendInt(b, v.Int(), 10), nil
	case kindFloat:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			return append(appendFloat(append(b, '"'), f, 64), '"'), nil
		}
		return appendFloat(b, v.Float(), v.Type().Bits()), nil
	case kindBoolean:
		return strconv.AppendBool(b, v.Bool()), nil
	case kindBlob:
		return append(base64.StdEncoding.AppendEncode(append(b, '"'), v.Bytes()), '"'), nil
	case kindTimestamp:
		if n.format == "iso8601" {
			return append(n.appendTime(append(b, '"'), v), '"'), nil
		}
		return n.appendTime(b, v), nil
	case kindList:
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = n.elem.appendJSON(b, n.item(v.Index(i))); err != nil {
				return b, err
			}
		}
		return append(b, ']'), nil
	case kindMap:
		b = append(b, '{')
		for i, key := range sortedMapKeys(v) {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendJSONText(b, key.String()), ':')
			if b, err = n.elem.appendJSON(b, n.item(v.MapIndex(key))); err != nil {
				return b, err
			}
		}
		return append(b, '}'), nil
	case kindStructure:
		return n.appendObject(b, v)
	case kindUnion:
		f, value, err := n.variant(v)
		if err != nil {
			return b, err
		}
		b = append(append(b, '{'), f.open...)
		if b, err = f.node.appendJSON(b, value); err != nil {
			return b, err
		}
		return append(b, '}'), nil
	default:
		return appendDocument(b, v)
	}
}

func appendDocument(b []byte, v reflect.Value) ([]byte, error) {
	if v.IsNil() {
		return append(b, "null"...), nil
	}
	text, err := v.Interface().(document.Marshaler).MarshalSmithyDocument()
	if err != nil {
		return b, err
	}
	return append(b, text...), nil
}

func sortedMapKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	return keys
}

// appendJSONText writes a string with its quotes. Bytes that are not UTF-8 become U+FFFD.
func appendJSONText(b []byte, s string) []byte {
	const digits = "0123456789abcdef"
	b = append(b, '"')
	last := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plainJSON[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[last:i]...), "\uFFFD"...)
				last = i + 1
			}
			i += size
			continue
		}
		b = append(b, s[last:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		}
		i++
		last = i
	}
	return append(append(b, s[last:]...), '"')
}
