package awsproto

import (
	"fmt"
	"reflect"
)

// Codec is an operation bound to a pair of Go types. It is immutable and safe for concurrent use.
type Codec struct {
	op      *Operation
	in, out reflect.Type // struct types
	input   *node        // nil: no members to read
	output  *node        // nil: no members to write

	head, tail string // Query: the constant parts of an answer
}

// Bind makes the codec of an operation over the SDK's types, for example
//
//	op.Bind(reflect.TypeFor[sts.GetCallerIdentityInput](), reflect.TypeFor[sts.GetCallerIdentityOutput]())
//
// The plan behind it is built once for each pair of types and shared. The error names the member that has no fitting Go
// field; it is a bug of the program, so bind at start or in a test.
func (o *Operation) Bind(in, out reflect.Type) (*Codec, error) {
	a := o.api
	a.bindings.Lock()
	defer a.bindings.Unlock()
	key := codecKey{o.Name, in, out}
	if c := a.codecs[key]; c != nil {
		return c, nil
	}
	c := &Codec{op: o, in: in, out: out}
	b := binder{api: a, made: map[nodeKey]*node{}}
	var err error
	if c.input, err = b.root(o.input, in); err != nil {
		return nil, fmt.Errorf("awsproto: %s.%s: input: %w", a.ID, o.Name, err)
	}
	if c.output, err = b.root(o.output, out); err != nil {
		return nil, fmt.Errorf("awsproto: %s.%s: output: %w", a.ID, o.Name, err)
	}
	b.publish()
	if a.Protocol == Query {
		c.head, c.tail = o.envelope()
	}
	a.codecs[key] = c
	return c, nil
}

// Operation is the operation the codec serves.
func (c *Codec) Operation() *Operation { return c.op }

// NewInput returns a pointer to a zero input, as [Codec.Decode] wants it.
func (c *Codec) NewInput() any { return reflect.New(c.in).Interface() }

// Decode reads a request into in, a pointer to the bound input type whose fields are zero. Members the model does not know
// are ignored. Free-form JSON members become the SDK's lazy documents: read them by MarshalSmithyDocument. Every error is an [Error] ready for [API.EncodeError]: [Malformed], with the reason in its message.
func (c *Codec) Decode(req *Request, in any) error {
	v, err := structOf(in, c.in)
	if err != nil || c.input == nil {
		return err
	}
	switch c.op.api.Protocol {
	case Query:
		return c.decodeQuery(req, v)
	case JSON:
		return c.decodeJSON(req, v)
	default:
		return c.decodeREST(req, v)
	}
}

// Encode writes a success: out is a pointer to the bound output type, or nil for an empty one. The caller releases the
// response. Errors are bugs of the program (a value of another type, a union holding an unknown member, a document that
// cannot be marshalled), never a matter of the request.
func (c *Codec) Encode(out any, requestID string) (*Response, error) {
	v := reflect.Value{}
	if out != nil {
		var err error
		if v, err = structOf(out, c.out); err != nil {
			return nil, err
		}
	}
	r := newResponse(requestID)
	r.Status = c.op.Status
	var err error
	switch c.op.api.Protocol {
	case Query:
		r.contentType = typeXML
		err = c.encodeQuery(r, v)
	case JSON:
		r.contentType = typeAWS
		err = c.encodeJSON(r, v)
	default:
		r.contentType = typeJSON
		err = c.encodeREST(r, v)
	}
	if err != nil {
		r.Release()
		return nil, fmt.Errorf("awsproto: %s.%s: %w", c.op.api.ID, c.op.Name, err)
	}
	return r, nil
}

// structOf unwraps a non-nil pointer to the wanted struct.
func structOf(p any, want reflect.Type) (reflect.Value, error) {
	v := reflect.ValueOf(p)
	if v.Kind() != reflect.Pointer || v.Type().Elem() != want || v.IsNil() {
		return reflect.Value{}, fmt.Errorf("awsproto: have %T, want a *%s", p, want)
	}
	return v.Elem(), nil
}
