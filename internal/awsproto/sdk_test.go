package awsproto

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/rolesanywhere"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/signin"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/document"

	"sekisho/internal/awsproto/facts"
)

// clients make the SDK's own client of each API. Their method sets are the operations.
var clients = map[string]func(aws.Config) any{
	"accessanalyzer": func(c aws.Config) any { return accessanalyzer.NewFromConfig(c) },
	"account":        func(c aws.Config) any { return account.NewFromConfig(c) },
	"cloudtrail":     func(c aws.Config) any { return cloudtrail.NewFromConfig(c) },
	"iam":            func(c aws.Config) any { return iam.NewFromConfig(c) },
	"identitystore":  func(c aws.Config) any { return identitystore.NewFromConfig(c) },
	"organizations":  func(c aws.Config) any { return organizations.NewFromConfig(c) },
	"rolesanywhere":  func(c aws.Config) any { return rolesanywhere.NewFromConfig(c) },
	"service-quotas": func(c aws.Config) any { return servicequotas.NewFromConfig(c) },
	"signin":         func(c aws.Config) any { return signin.NewFromConfig(c) },
	"sso":            func(c aws.Config) any { return sso.NewFromConfig(c) },
	"sso-admin":      func(c aws.Config) any { return ssoadmin.NewFromConfig(c) },
	"sso-oidc":       func(c aws.Config) any { return ssooidc.NewFromConfig(c) },
	"sts":            func(c aws.Config) any { return sts.NewFromConfig(c) },
}

// What the models have and the newest SDK modules do not. A service that is served by its types cannot have them either.
var (
	withoutModule = map[string]bool{"support": true, "sso-directory": true, "organizations-console": true}
	withoutMethod = map[string]bool{"account.GetPrimaryEmailUpdateStatus": true}
)

// transport is an HTTP client that answers in memory.
type transport func(*http.Request) *http.Response

func (t transport) Do(r *http.Request) (*http.Response, error) { return t(r), nil }

func newClient(api string, answer transport) reflect.Value {
	return reflect.ValueOf(clients[api](aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: aws.String("http://localhost"),
		HTTPClient:   answer,
		Retryer:      func() aws.Retryer { return aws.NopRetryer{} },
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}, nil
		}),
	}))
}

// typesOf finds the input and output types of an operation in the method of the SDK's client.
func typesOf(client reflect.Value, operation string) (in, out reflect.Type, ok bool) {
	m := client.MethodByName(operation)
	if !m.IsValid() || m.Type().NumIn() != 3 || m.Type().NumOut() != 2 {
		return nil, nil, false
	}
	return m.Type().In(1).Elem(), m.Type().Out(0).Elem(), true
}

// call sends an input through the SDK.
func call(client reflect.Value, operation string, in any) (out any, err error) {
	results := client.MethodByName(operation).Call([]reflect.Value{reflect.ValueOf(context.Background()), reflect.ValueOf(in)})
	err, _ = results[1].Interface().(error)
	return results[0].Interface(), err
}

// everyCodec runs f for each operation of each API that has an SDK module.
func everyCodec(t *testing.T, f func(t *testing.T, c *Codec)) {
	t.Helper()
	for _, id := range Services() {
		if withoutModule[id] {
			continue
		}
		if clients[id] == nil {
			t.Fatalf("%s: no SDK client in the table", id)
		}
		api, client := Service(id), newClient(id, nil)
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			for _, name := range api.Operations() {
				op, _ := api.Operation(name)
				in, out, ok := typesOf(client, name)
				if missing := withoutMethod[id+"."+name]; ok == missing {
					t.Errorf("%s: in the SDK: %t, in the list of what is missing there: %t", name, ok, missing)
				}
				if !ok {
					continue
				}
				c, err := op.Bind(in, out)
				if err != nil {
					t.Error(err)
					continue
				}
				t.Run(name, func(t *testing.T) { f(t, c) })
			}
		})
	}
}

// Every operation of every model binds to the SDK's types (design.md, "The wire is the SDK's"), and to the same codec
// again.
func TestBindEveryOperation(t *testing.T) {
	t.Parallel()
	everyCodec(t, func(t *testing.T, c *Codec) {
		again, err := c.op.Bind(c.in, c.out)
		if err != nil || again != c {
			t.Errorf("second Bind: %p, %v; want %p", again, err, c)
		}
	})
}

// received reads a request of the SDK as a front door does, and finds its operation by what it says of itself.
func received(t *testing.T, api *API, r *http.Request) (*Operation, *Request) {
	t.Helper()
	req := &Request{Method: r.Method, RawQuery: r.URL.RawQuery, Header: r.Header}
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		req.Body = body
	}
	switch api.Protocol {
	case Query:
		form, err := req.Form()
		if err != nil {
			t.Fatal(err)
		}
		if found := ServiceByVersion(form.Get("Version")); found != api {
			t.Fatalf("Version %q leads to %v", form.Get("Version"), found)
		}
		op, ok := api.Operation(form.Get("Action"))
		if !ok {
			t.Fatalf("no operation %q", form.Get("Action"))
		}
		return op, req
	case JSON:
		found, name := ServiceByTarget(r.Header.Get("X-Amz-Target"))
		op, ok := api.Operation(name)
		if found != api || !ok {
			t.Fatalf("no operation %q", r.Header.Get("X-Amz-Target"))
		}
		return op, req
	default:
		op, labels, ok := api.Match(r.Method, r.URL.EscapedPath(), req.Query())
		if !ok {
			t.Fatalf("no operation %s %s", r.Method, r.URL)
		}
		req.Labels = labels
		return op, req
	}
}

// sent makes an answer of ours into what an HTTP client sees.
func sent(r *Response) *http.Response {
	defer r.Release()
	h := http.Header{}
	r.SetHeaders(h)
	return &http.Response{
		StatusCode: r.Status, Status: fmt.Sprint(r.Status, " ", http.StatusText(r.Status)), Header: h,
		Body: io.NopCloser(bytes.NewReader(bytes.Clone(r.Body))), ContentLength: int64(len(r.Body)),
	}
}

// filler makes values that have every member set, or, with gaps, only some, and empty lists.
type filler struct {
	*rand.Rand
	gaps  bool
	depth int
}

var alphabet = []rune("abcXYZ019 -_.~/+=,@:;&%<>\"'\\\n\té漢😀")

func (f *filler) text(letters []rune) string {
	var b strings.Builder
	for range 1 + f.IntN(12) {
		b.WriteRune(letters[f.IntN(len(letters))])
	}
	return b.String()
}

func (f *filler) fill(n *node, v reflect.Value, location string) {
	switch n.kind {
	case kindString:
		if location == facts.LocationHeader {
			v.SetString(f.text([]rune("abcXYZ019-_.~/+=")))
		} else {
			v.SetString(f.text(alphabet))
		}
	case kindInteger:
		v.SetInt(f.Int64N(1<<31 - 1))
	case kindFloat:
		v.SetFloat(float64(float32(f.NormFloat64())))
	case kindBoolean:
		v.SetBool(true)
	case kindBlob:
		v.SetBytes([]byte(f.text(alphabet)))
	case kindTimestamp:
		v.Set(reflect.ValueOf(time.Unix(f.Int64N(4e9), 0).UTC()))
	case kindList:
		size := 1 + f.IntN(12)
		if f.depth > 2 {
			size = 1
		}
		if f.gaps && f.IntN(2) == 0 {
			size = 0
		}
		list := reflect.MakeSlice(n.typ, size, size)
		for i := range size {
			f.element(n, list.Index(i))
		}
		v.Set(list)
	case kindMap:
		m := reflect.MakeMap(n.typ)
		for range 3 {
			key, value := reflect.New(n.typ.Key()).Elem(), reflect.New(n.typ.Elem()).Elem()
			key.SetString(f.text(alphabet))
			f.element(n, value)
			m.SetMapIndex(key, value)
		}
		v.Set(m)
	case kindStructure:
		f.depth++
		for i := range n.fields {
			fd := &n.fields[i]
			if f.depth > 7 && fd.node.kind >= kindList {
				continue
			}
			if f.gaps && !fd.member.required && f.IntN(2) == 0 {
				continue
			}
			place := v.Field(fd.index)
			if fd.pointer {
				place.Set(reflect.New(fd.node.typ))
				place = place.Elem()
			}
			f.fill(fd.node, place, fd.member.Location)
		}
		f.depth--
	case kindUnion:
		fd := &n.fields[f.IntN(len(n.fields))]
		variant := reflect.New(fd.variant)
		f.fill(fd.node, variant.Elem().Field(fd.index), "")
		v.Set(variant)
	case kindDocument:
		v.Set(reflect.ValueOf(n.newDocument(map[string]any{
			f.text(alphabet): []any{f.text(alphabet), true, nil, map[string]any{}},
			"number":         document.Number("1234567890123456789012.5e-3"),
		})))
	}
}

func (f *filler) element(n *node, v reflect.Value) {
	if n.elemPointer {
		v.Set(reflect.New(n.elem.typ))
		v = v.Elem()
	}
	gaps := f.gaps
	f.gaps = gaps && n.elem.kind != kindStructure // Query has no way to write an empty structure
	f.fill(n.elem, v, "")
	f.gaps = gaps
}

// filled makes a value of a bound type; the node may be nil, as for operations without input.
func filled(n *node, t reflect.Type, seed uint64, gaps bool) any {
	v := reflect.New(t)
	if n != nil {
		f := &filler{Rand: rand.New(rand.NewPCG(seed, 2026)), gaps: gaps}
		f.fill(n, v.Elem(), "")
	}
	return v.Interface()
}
