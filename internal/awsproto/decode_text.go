package awsproto

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"

	"sekisho/internal/awsproto/facts"
)

// setText reads a scalar from the text that Query parameters, query strings, headers and labels hold.
func setText(n *node, v reflect.Value, s string) error {
	switch n.kind {
	case kindString:
		v.SetString(s)
		return nil
	case kindInteger:
		return setInteger(v, s)
	case kindFloat:
		if setSpecial(v, s) == nil {
			return nil
		}
		return setFloat(v, s)
	case kindBoolean:
		switch s {
		case "true":
			v.SetBool(true)
		case "false":
			v.SetBool(false)
		default:
			return fmt.Errorf("%.40q can not be converted to a Boolean", s)
		}
		return nil
	case kindBlob:
		return setBlob(v, []byte(s))
	case kindTimestamp:
		return setISO8601(v, s)
	}
	return fmt.Errorf("%s is not a scalar", n.shape.Name)
}

var errTime = errors.New("a Timestamp is neither ISO 8601 nor epoch seconds")

func setISO8601(v reflect.Value, s string) error {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		if epoch := setEpoch(v, s); epoch == nil {
			return nil
		}
		return errTime
	}
	v.Set(reflect.ValueOf(t.UTC()))
	return nil
}

// The years that ISO 8601 can write; what lies beyond is no moment anybody means.
var (
	firstSecond = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	lastSecond  = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC).Unix() - 1
)

// setEpoch reads seconds since 1970, kept to the millisecond, which is all that the number can carry.
func setEpoch(v reflect.Value, s string) error {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || f < float64(firstSecond) || f > float64(lastSecond) {
		return errTime
	}
	v.Set(reflect.ValueOf(time.UnixMilli(int64(math.Round(f * 1000))).UTC()))
	return nil
}

// decodeREST reads each member from where the model binds it: path, query string, header, or the body.
func (c *Codec) decodeREST(req *Request, v reflect.Value) error {
	var payload *field
	hasBody := false
	for i := range c.input.fields {
		f := &c.input.fields[i]
		var values []string
		switch f.member.Location {
		case "":
			hasBody = true
			if f.member.Name == c.input.shape.Payload {
				payload = f
			}
			continue
		case facts.LocationURI:
			for j := range req.Labels {
				if req.Labels[j].Name == f.wire {
					values = []string{req.Labels[j].Value}
				}
			}
		case facts.LocationQuery:
			values = req.Query()[f.wire]
		case facts.LocationHeader:
			values = req.Header[f.wire]
		}
		if len(values) == 0 {
			continue
		}
		if err := f.setTexts(v.Field(f.index), values); err != nil {
			return c.malformed(fmt.Errorf("%s: %w", f.wire, err))
		}
	}
	switch {
	case payload != nil:
		place := v.Field(payload.index)
		if payload.pointer {
			place.Set(reflect.New(payload.node.typ))
			place = place.Elem()
		}
		return c.decodeBody(req.Body, payload.node, place)
	case hasBody:
		return c.decodeBody(req.Body, c.input, v)
	}
	return nil
}

// setTexts reads a scalar from the first of several values, or a list from all of them.
func (f *field) setTexts(place reflect.Value, values []string) error {
	for _, s := range values {
		if !utf8.ValidString(s) {
			return errors.New("the value is not UTF-8")
		}
	}
	if f.node.kind == kindList {
		if len(values) > MaxElements {
			return errMany
		}
		list := reflect.MakeSlice(f.node.typ, len(values), len(values))
		for i, s := range values {
			if err := setText(f.node.elem, list.Index(i), s); err != nil {
				return err
			}
		}
		place.Set(list)
		return nil
	}
	if f.pointer {
		place.Set(reflect.New(f.node.typ))
		place = place.Elem()
	}
	return setText(f.node, place, values[0])
}
