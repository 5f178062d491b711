// Package awsproto speaks the three protocols of the AWS APIs, awsQuery, awsJson 1.1 and rest-json, over the input, output
// and exception types of aws-sdk-go-v2.
//
// It owns the wire: which operation a request names, how its bytes become an input, what a model demands of that input,
// and how an output or an error becomes bytes again. Codecs work by reflection from plans that are made once for each
// operation ([Operation.Bind]); what the SDK's types do not say (required members, lengths, patterns, bindings, error
// codes) comes from the facts tables of the sub-package facts, embedded and read service by service on first use.
//
// It leaves to others: sockets, signatures, authorization, and what an operation does. Sizes of bodies are bounded by the
// front door that reads them; depth and number of what is inside a body are bounded here.
package awsproto

import (
	"embed"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"sekisho/internal/awsproto/facts"
)

//go:embed facts/*.json
var tables embed.FS

// Protocol is the way an API puts its operations on the wire.
type Protocol uint8

// The protocols, as api-surface.md sections 2, 3 and 4 describe them.
const (
	Query    Protocol = iota + 1 // form parameters in, XML out: iam, sts
	JSON                         // awsJson 1.1: X-Amz-Target, a JSON object each way
	RESTJSON                     // method and path, JSON bodies
)

func (p Protocol) String() string {
	switch p {
	case Query:
		return facts.Query
	case JSON:
		return facts.JSON
	case RESTJSON:
		return facts.RESTJSON
	}
	return fmt.Sprintf("Protocol(%d)", uint8(p))
}

// API is one service as its model describes it. The identifying fields are always there; operations and shapes are read
// from the embedded table on first use. An API is safe for concurrent use.
type API struct {
	ID             string // as the AWS CLI names the service: "sso-admin"
	Protocol       Protocol
	Version        string // apiVersion, "2011-06-15"; Query requests repeat it as Version
	EndpointPrefix string // first labels of its host names: "portal.sso"
	SigningName    string // service part of the SigV4 scope: "awsssoportal"
	TargetPrefix   string // part of X-Amz-Target before the dot; JSON only
	XMLNamespace   string // Query only

	messageMember string

	load       sync.Once
	operations map[string]*Operation
	names      []string
	routes     routes
	shapes     map[string]*shape
	exceptions map[string]*shape // by wire code

	bindings sync.Mutex
	codecs   map[codecKey]*Codec
	nodes    map[nodeKey]*node
}

var registry = sync.OnceValue(func() (r struct {
	ids       []string
	byID      map[string]*API
	byTarget  map[string]*API
	bySigning map[string]*API
}) {
	raw, err := tables.ReadFile("facts/index.json")
	if err != nil {
		panic(err)
	}
	var index []facts.Service
	if err := json.Unmarshal(raw, &index); err != nil {
		panic(fmt.Errorf("awsproto: facts/index.json: %w", err))
	}
	r.byID, r.byTarget, r.bySigning = map[string]*API{}, map[string]*API{}, map[string]*API{}
	for _, s := range index {
		a := &API{
			ID: s.ID, Protocol: protocolOf(s.Protocol), Version: s.APIVersion, EndpointPrefix: s.EndpointPrefix,
			SigningName: s.SigningName, TargetPrefix: s.TargetPrefix, XMLNamespace: s.XMLNamespace,
			messageMember: s.MessageMember,
		}
		r.ids = append(r.ids, s.ID)
		r.byID[s.ID], r.bySigning[s.SigningName] = a, a
		if a.TargetPrefix != "" {
			r.byTarget[a.TargetPrefix] = a
			// Of cloudtrail's prefix, which has dots, the Go SDK sends only what stands behind the last.
			r.byTarget[a.TargetPrefix[strings.LastIndexByte(a.TargetPrefix, '.')+1:]] = a
		}
	}
	return r
})

func protocolOf(name string) Protocol {
	switch name {
	case facts.Query:
		return Query
	case facts.JSON:
		return JSON
	case facts.RESTJSON:
		return RESTJSON
	}
	panic("awsproto: facts name the unknown protocol " + name)
}

// Services lists the ids of all APIs, sorted. The slice is the caller's.
func Services() []string { return append([]string(nil), registry().ids...) }

// Service returns the API with the given id, one of [Services], or nil.
func Service(id string) *API { return registry().byID[id] }

// ServiceByTarget finds the API and the operation name that the value of an X-Amz-Target header names. It is (nil, "")
// when no API has that prefix; the operation may still be unknown to the API.
func ServiceByTarget(target string) (api *API, operation string) {
	i := strings.LastIndexByte(target, '.')
	if i < 0 {
		return nil, ""
	}
	if api = registry().byTarget[target[:i]]; api == nil {
		return nil, ""
	}
	return api, target[i+1:]
}

// ServiceBySigningName finds the API that is signed under a service name of the SigV4 scope: "sso" is sso-admin,
// "awsssoportal" is sso. It is nil for a name that no API here has.
func ServiceBySigningName(name string) *API { return registry().bySigning[name] }

// ServiceByVersion finds the Query API with the given Version parameter: "2010-05-08" is iam, "2011-06-15" is sts. It is nil
// when there is none.
func ServiceByVersion(version string) *API {
	r := registry()
	for _, id := range r.ids {
		if a := r.byID[id]; a.Protocol == Query && a.Version == version {
			return a
		}
	}
	return nil
}

// Operation is one call of an API.
type Operation struct {
	Name       string
	HTTPMethod string
	Path       string // may hold {labels}; without the fixed query parameters
	Status     int    // HTTP status of a success
	Unsigned   bool   // clients do not sign it; api-surface.md section 1
	ReadOnly   bool   // by the model's own mark, or by the verb where the model marks no operation at all
	Idempotent bool   // as the model marks it
	Errors     []string

	api           *API
	fixed         []fixedParameter
	input, output *shape // nil when the operation has none
	wrapper       string
}

// API is the service the operation belongs to.
func (o *Operation) API() *API { return o.api }

// Operations lists the names of all operations, sorted. The slice is the caller's.
func (a *API) Operations() []string {
	a.ensure()
	return append([]string(nil), a.names...)
}

// Operation returns the operation of that exact name.
func (a *API) Operation(name string) (*Operation, bool) {
	a.ensure()
	op, ok := a.operations[name]
	return op, ok
}

// shape is a facts shape with its references resolved and its wire code at hand.
type shape struct {
	facts.Shape
	members []member
	elem    *shape
	key     *shape
	code    string   // exceptions: the wire code
	pattern *pattern // nil without one
}

type member struct {
	facts.Member
	shape    *shape
	required bool
}

// wire is the member's name in a body, header, query or path.
func (m *member) wire() string {
	if m.LocationName != "" {
		return m.LocationName
	}
	return m.Name
}

// ensure reads the embedded table once. The table is part of the program: a fault in it is a bug and panics.
func (a *API) ensure() {
	a.load.Do(func() {
		raw, err := tables.ReadFile("facts/" + a.ID + ".json")
		if err != nil {
			panic(err)
		}
		var s facts.Service
		if err := json.Unmarshal(raw, &s); err != nil {
			panic(fmt.Errorf("awsproto: facts/%s.json: %w", a.ID, err))
		}
		a.resolve(&s)
	})
}

func (a *API) resolve(s *facts.Service) {
	a.shapes = make(map[string]*shape, len(s.Shapes))
	a.exceptions = map[string]*shape{}
	all := make([]shape, len(s.Shapes))
	for i := range s.Shapes {
		all[i].Shape = s.Shapes[i]
		a.shapes[s.Shapes[i].Name] = &all[i]
	}
	for i := range all {
		sh := &all[i]
		sh.elem, sh.key = a.shapes[sh.Element], a.shapes[sh.Key]
		sh.members = make([]member, len(sh.Members))
		for j, m := range sh.Members {
			sh.members[j] = member{Member: m, shape: a.shapes[m.Shape]}
			for _, name := range sh.Required {
				sh.members[j].required = sh.members[j].required || name == m.Name
			}
		}
		if sh.Pattern != "" {
			sh.pattern = &pattern{source: sh.Pattern}
		}
		if e := sh.Exception; e != nil {
			if sh.code = e.Code; sh.code == "" {
				sh.code = sh.Name
			}
			a.exceptions[sh.code] = sh
		}
	}
	a.operations = make(map[string]*Operation, len(s.Operations))
	a.codecs, a.nodes = map[codecKey]*Codec{}, map[nodeKey]*node{}
	for i := range s.Operations {
		f := &s.Operations[i]
		op := &Operation{
			Name: f.Name, HTTPMethod: f.Method, Path: f.Path, Status: f.Status, Errors: f.Errors,
			Unsigned: f.Unsigned, ReadOnly: f.ReadOnly, Idempotent: f.Idempotent,
			api: a, input: a.shapes[f.Input], output: a.shapes[f.Output], wrapper: f.Wrapper,
		}
		if op.Status == 0 {
			op.Status = 200
		}
		for _, pair := range f.Fixed {
			key, value, _ := strings.Cut(pair, "=")
			op.fixed = append(op.fixed, fixedParameter{key, value})
		}
		a.operations[op.Name] = op
		a.names = append(a.names, op.Name)
	}
	if a.Protocol == RESTJSON {
		a.routes = newRoutes(a.names, a.operations)
	}
}

type codecKey struct {
	operation string
	in, out   reflect.Type
}
