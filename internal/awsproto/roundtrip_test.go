package awsproto

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/document"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sekisho/internal/awsproto/facts"
)

// diff compares two values of SDK types: documents by their JSON, times as moments, and not what the client notes down
// about the exchange.
func diff(a, b any, more ...cmp.Option) string {
	return cmp.Diff(a, b, append(more,
		cmp.Exporter(func(reflect.Type) bool { return true }),
		cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".ResultMetadata" }, cmp.Ignore()),
		cmp.Comparer(func(a, b document.Marshaler) bool { return asJSON(a) == asJSON(b) }),
	)...)
}

func asJSON(d document.Marshaler) string {
	if d == nil {
		return ""
	}
	raw, err := d.MarshalSmithyDocument()
	if err != nil {
		return err.Error()
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return err.Error()
	}
	raw, _ = json.Marshal(v)
	return string(raw)
}

// decodePolicies undoes the percent-encoding of IAM's policy documents, which the Go SDK leaves to its callers.
func decodePolicies(t *testing.T, n *node, v reflect.Value) {
	if n == nil {
		return
	}
	switch n.kind {
	case kindString:
		if n.encoded {
			text, err := url.PathUnescape(v.String())
			if err != nil {
				t.Errorf("policy document %q: %v", v, err)
			}
			v.SetString(text)
		}
	case kindList:
		for i := range v.Len() {
			decodePolicies(t, n.elem, v.Index(i))
		}
	case kindStructure:
		for i := range n.fields {
			if value, ok := n.fields[i].value(v); ok {
				decodePolicies(t, n.fields[i].node, value)
			}
		}
	}
}

// The judge of the codecs is the real client: what the SDK sends of an input decodes to the same input, and what we send
// of an output decodes there to the same output, for every operation, with all members and with some.
func TestRoundTripEveryOperation(t *testing.T) {
	t.Parallel()
	everyCodec(t, func(t *testing.T, c *Codec) {
		for seed := range uint64(6) {
			gaps := seed%2 == 1
			in, out := filled(c.input, c.in, seed, gaps), filled(c.output, c.out, seed+100, gaps)
			client := newClient(c.op.api.ID, func(r *http.Request) *http.Response {
				op, req := received(t, c.op.api, r)
				if op != c.op {
					t.Fatalf("found %s", op.Name)
				}
				decoded := c.NewInput()
				if err := c.Decode(req, decoded); err != nil {
					t.Fatalf("decode: %v\n%s", err, req.Body)
				}
				if d := diff(in, decoded, onTheWire(c)...); d != "" {
					t.Errorf("input (-sent +decoded):\n%s\n%s %s", d, r.URL, req.Body)
				}
				c.Validate(decoded) // random values break constraints; none may break the validator
				answer, err := c.Encode(out, "request-1")
				if err != nil {
					t.Fatal(err)
				}
				return sent(answer)
			})
			got, err := call(client, c.op.Name, in)
			if err != nil {
				t.Fatal(err)
			}
			decodePolicies(t, c.output, reflect.ValueOf(got).Elem())
			if d := diff(out, got, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("output (-encoded +seen by the client):\n%s", d)
			}
		}
	})
}

// onTheWire is what a request cannot say: a list in a query string, which the SDK sorts before it signs, has neither an
// order of its own nor a form for being empty.
func onTheWire(c *Codec) []cmp.Option {
	if c.input == nil {
		return nil
	}
	for i := range c.input.fields {
		if f := &c.input.fields[i]; f.member.Location == facts.LocationQuery && f.node.kind == kindList {
			return []cmp.Option{cmpopts.SortSlices(strings.Compare), cmpopts.EquateEmpty()}
		}
	}
	return nil
}

// Every error that an operation declares reaches the client as the SDK's typed exception with all its members, and its
// code, status and text.
func TestRoundTripEveryException(t *testing.T) {
	t.Parallel()
	everyCodec(t, func(t *testing.T, c *Codec) {
		api := c.op.api
		exchange := func(e Error) error {
			t.Helper()
			status := 0
			client := newClient(api.ID, func(*http.Request) *http.Response {
				answer := sent(api.EncodeError(e, "request-1"))
				status = answer.StatusCode
				return answer
			})
			_, err := call(client, c.op.Name, filled(c.input, c.in, 1, false))
			if sh := api.exceptions[e.Code]; sh != nil && status != sh.Exception.Status {
				t.Errorf("%s: status %d, want %d", e.Code, status, sh.Exception.Status)
			}
			return err
		}
		for _, name := range c.op.Errors {
			sh := api.shapes[name]
			var first smithy.APIError
			if err := exchange(Error{Code: sh.code, Message: "because <of> “this”"}); !errors.As(err, &first) {
				t.Fatalf("%s: the client saw %v", name, err)
			}
			if first.ErrorCode() != sh.code {
				t.Errorf("%s: the client saw the code %s", name, first.ErrorCode())
			}
			typ := reflect.TypeOf(first).Elem()
			if typ.Name() != name {
				t.Errorf("%s: the client saw a %s", name, typ)
				continue
			}
			if first.ErrorMessage() != "because <of> “this”" && len(sh.members) > 0 && api.ID != "sso-oidc" {
				t.Errorf("%s: the client saw the message %q", name, first.ErrorMessage())
			}
			n := api.exceptionNode(sh, typ)
			if n == nil {
				t.Errorf("%s does not bind to %s", name, typ)
				continue
			}
			thrown := filled(n, typ, 7, false)
			if f := reflect.ValueOf(thrown).Elem().FieldByName("ErrorType"); f.IsValid() {
				f.Set(reflect.ValueOf(&sh.code)) // account binds it to the header that carries the code
			}
			if f := reflect.ValueOf(thrown).Elem().FieldByName("Message"); f.IsNil() && api.ID != "sso-oidc" {
				f.Set(reflect.ValueOf(&name)) // some models give an exception no members; its text arrives all the same
			}
			e, ok := api.ErrorOf(thrown.(error))
			if !ok || e.Code != sh.code {
				t.Fatalf("ErrorOf(%T) = %v, %t", thrown, e, ok)
			}
			var second smithy.APIError
			if err := exchange(e); !errors.As(err, &second) {
				t.Fatalf("%s: the client saw %v", name, err)
			}
			if d := diff(thrown, second); d != "" {
				t.Errorf("%s (-thrown +seen by the client):\n%s", name, d)
			}
		}
	})
}
