package awsproto

import (
	"encoding/base64"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"
)

// encodeQuery writes <OpResponse>, in it <OpResult> where the operation has an output, and the request id.
func (c *Codec) encodeQuery(r *Response, v reflect.Value) (err error) {
	b := r.Body
	b = append(b, c.head...)
	if c.output != nil && v.IsValid() {
		if b, err = c.output.appendXMLMembers(b, v); err != nil {
			return err
		}
	}
	b = append(b, c.tail...)
	b = appendXMLText(b, r.requestID)
	b = append(b, "</RequestId></ResponseMetadata></"...)
	b = append(b, c.op.Name...)
	r.Body = append(b, "Response>"...)
	return nil
}

// envelope makes the constant parts of a Query answer.
func (o *Operation) envelope() (head, tail string) {
	head, tail = "<"+o.Name+`Response xmlns="`+o.api.XMLNamespace+`">`, "<ResponseMetadata><RequestId>"
	if o.output != nil {
		head += "<" + o.wrapper + ">"
		tail = "</" + o.wrapper + ">" + tail
	}
	return head, tail
}

func (n *node) appendXMLMembers(b []byte, v reflect.Value) (_ []byte, err error) {
	for i := range n.fields {
		f := &n.fields[i]
		value, ok := f.value(v)
		if !ok {
			continue
		}
		if b, err = f.node.appendXML(b, value, f.open, f.close); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// appendXML writes a value between its tags.
func (n *node) appendXML(b []byte, v reflect.Value, start, end string) (_ []byte, err error) {
	b = append(b, start...)
	switch n.kind {
	case kindString:
		if n.encoded {
			b = appendPercentEncoded(b, v.String())
		} else {
			b = appendXMLText(b, v.String())
		}
	case kindInteger:
		b = strconv.AppendInt(b, v.Int(), 10)
	case kindFloat:
		b = appendFloat(b, v.Float(), v.Type().Bits())
	case kindBoolean:
		b = strconv.AppendBool(b, v.Bool())
	case kindBlob:
		b = base64.StdEncoding.AppendEncode(b, v.Bytes())
	case kindTimestamp:
		b = n.appendTime(b, v)
	case kindList:
		for i := range v.Len() {
			if b, err = n.elem.appendXML(b, n.item(v.Index(i)), "<member>", "</member>"); err != nil {
				return nil, err
			}
		}
	case kindMap:
		for _, key := range sortedMapKeys(v) {
			b = append(b, "<entry><key>"...)
			b = appendXMLText(b, key.String())
			b = append(b, "</key>"...)
			if b, err = n.elem.appendXML(b, n.item(v.MapIndex(key)), "<value>", "</value>"); err != nil {
				return nil, err
			}
			b = append(b, "</entry>"...)
		}
	case kindStructure:
		if b, err = n.appendXMLMembers(b, v); err != nil {
			return nil, err
		}
	case kindUnion:
		f, value, err := n.variant(v)
		if err != nil {
			return nil, err
		}
		if b, err = f.node.appendXML(b, value, f.open, f.close); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("%s: a document has no form in XML", n.shape.Name)
	}
	return append(b, end...), nil
}

// item unwraps an element of a list or map of pointers; a nil one is written as the zero value.
func (n *node) item(v reflect.Value) reflect.Value {
	if !n.elemPointer {
		return v
	}
	if v.IsNil() {
		return reflect.Zero(n.elem.typ)
	}
	return v.Elem()
}

// variant finds the member that a union holds.
func (n *node) variant(v reflect.Value) (*field, reflect.Value, error) {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
		for i := range n.fields {
			if f := &n.fields[i]; f.variant == v.Type() {
				return f, v.Field(f.index), nil
			}
		}
	}
	return nil, reflect.Value{}, fmt.Errorf("union %s holds %s, which is none of its members", n.shape.Name, v.Type())
}

// appendTime writes ISO 8601 in UTC, with milliseconds only where there are some outside Query, whose services give whole
// seconds.
func (n *node) appendTime(b []byte, v reflect.Value) []byte {
	t := timeOf(v).UTC()
	if n.format != "iso8601" {
		return appendEpoch(b, t)
	}
	if n.millis && t.Nanosecond() >= int(time.Millisecond) {
		return t.AppendFormat(b, "2006-01-02T15:04:05.000Z")
	}
	return t.AppendFormat(b, "2006-01-02T15:04:05Z")
}

// appendEpoch writes seconds since 1970, with milliseconds where there are some.
func appendEpoch(b []byte, t time.Time) []byte {
	ms := t.UnixMilli()
	if ms%1000 == 0 {
		return strconv.AppendInt(b, ms/1000, 10)
	}
	return strconv.AppendFloat(b, float64(ms)/1000, 'f', -1, 64)
}

// timeOf reads a time without boxing it where it is addressable.
func timeOf(v reflect.Value) time.Time {
	if v.CanAddr() {
		return *v.Addr().Interface().(*time.Time)
	}
	return v.Interface().(time.Time)
}

func appendFloat(b []byte, f float64, bits int) []byte {
	switch {
	case math.IsNaN(f):
		return append(b, "NaN"...)
	case math.IsInf(f, 1):
		return append(b, "Infinity"...)
	case math.IsInf(f, -1):
		return append(b, "-Infinity"...)
	}
	if size := math.Abs(f); size != 0 && (size < 1e-6 || size >= 1e21) {
		return strconv.AppendFloat(b, f, 'e', -1, bits)
	}
	return strconv.AppendFloat(b, f, 'f', -1, bits)
}

// plainXML and plainJSON are the bytes that stand for themselves in text.
var plainXML, plainJSON = func() (xml, json [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		xml[c] = c != '&' && c != '<' && c != '>' && c != '"'
		json[c] = c != '"' && c != '\\'
	}
	return xml, json
}()

// appendXMLText escapes text for an element. What XML 1.0 cannot hold at all becomes U+FFFD.
func appendXMLText(b []byte, s string) []byte {
	last := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plainXML[c] {
			i++
			continue
		}
		escape, size := "", 1
		switch {
		case c >= utf8.RuneSelf:
			var r rune
			r, size = utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 || r == 0xFFFE || r == 0xFFFF {
				escape = "\uFFFD"
			}
		case c == '&':
			escape = "&amp;"
		case c == '<':
			escape = "&lt;"
		case c == '>':
			escape = "&gt;"
		case c == '"':
			escape = "&quot;"
		case c == '\r': // a parser would read a bare one as a line feed
			escape = "&#xD;"
		case c == '\n':
			escape = "&#xA;"
		case c == '\t':
			escape = "&#x9;"
		case c < ' ':
			escape = "\uFFFD"
		}
		if escape != "" {
			b = append(append(b, s[last:i]...), escape...)
			last = i + size
		}
		i += size
	}
	return append(b, s[last:]...)
}

// appendPercentEncoded writes RFC 3986: everything but the unreserved characters as %XX, a space as %20.
func appendPercentEncoded(b []byte, s string) []byte {
	const digits = "0123456789ABCDEF"
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_', c == '~':
			b = append(b, c)
		default:
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return b
}
