package gateway

import (
	"context"
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"

	"sekisho/internal/awsproto"
	"sekisho/internal/call"
)

// service is one API with the operations that are built.
type service struct {
	api        *awsproto.API
	operations map[string]*operation
}

// operation is one method of a service, bound to its wire.
type operation struct {
	api         *awsproto.API
	wire        *awsproto.Operation
	codec       *awsproto.Codec
	rule        call.Rule
	method      reflect.Value
	eventSource string // as CloudTrail names the service
	// told says that the trail has what was asked.
	told    bool
	targets call.Targets
	// service and action are the two halves of the action's name.
	service, action string
}

var (
	contextType = reflect.TypeFor[context.Context]()
	callType    = reflect.TypeFor[*call.Call]()
	errorType   = reflect.TypeFor[error]()
)

// Register adds a service: id as the facts know it, its table, the value whose
// methods are the operations, and what finds their targets (nil for a service
// without any). The table and the method set must agree to the letter; what is
// wrong is a bug of the program.
func (g *Gateway) Register(id string, table call.Table, impl any, targets call.Targets) error {
	api := awsproto.Service(id)
	if api == nil {
		return fmt.Errorf("gateway: no facts for service %q", id)
	}
	s := &service{api: api, operations: make(map[string]*operation, len(table))}
	v := reflect.ValueOf(impl)
	for i := range v.NumMethod() {
		name := v.Type().Method(i).Name
		rule, ok := table[name]
		if !ok {
			return fmt.Errorf("gateway: %s has method %s, which is not in its table", id, name)
		}
		op, err := bind(api, name, v.Method(i), rule)
		if err != nil {
			return err
		}
		if op.targets = targets; targets == nil && rule.Resource != "" {
			return fmt.Errorf("gateway: %s.%s acts on a %s, which nobody finds", id, name, rule.Resource)
		}
		s.operations[name] = op
	}
	for name := range table {
		if s.operations[name] == nil {
			return fmt.Errorf("gateway: %s has %s in its table, but no such method", id, name)
		}
	}
	if g.services == nil {
		g.services = make(map[string]*service)
	}
	g.services[id] = s
	return nil
}

func bind(api *awsproto.API, name string, method reflect.Value, rule call.Rule) (*operation, error) {
	wire, ok := api.Operation(name)
	if !ok {
		return nil, fmt.Errorf("gateway: %s has no operation %s", api.ID, name)
	}
	t := method.Type()
	if t.NumIn() != 3 || t.NumOut() != 2 || t.In(0) != contextType || t.In(1) != callType || t.Out(1) != errorType ||
		t.In(2).Kind() != reflect.Pointer || t.Out(0).Kind() != reflect.Pointer {
		return nil, fmt.Errorf("gateway: %s.%s is not func(context.Context, *call.Call, *Input) (*Output, error)", api.ID, name)
	}
	if unsigned := rule.Access == call.Bearer || rule.Access == call.Open; unsigned != wire.Unsigned {
		return nil, fmt.Errorf("gateway: the table and the model disagree on whether %s.%s is signed", api.ID, name)
	}
	codec, err := wire.Bind(t.In(2).Elem(), t.Out(0).Elem())
	if err != nil {
		return nil, err
	}
	service, action, ok := strings.Cut(rule.Action, ":")
	if !ok || action == "" {
		return nil, fmt.Errorf("gateway: %s.%s has no action", api.ID, name)
	}
	return &operation{
		api: api, wire: wire, codec: codec, rule: rule, method: method, eventSource: eventSource(api),
		// Of reads, the resource is enough: equal ones are counted as one.
		told:    !rule.ReadOnly || codec.Issues(),
		service: service, action: action,
	}, nil
}

// maxTold bounds what the trail keeps of an input, in bytes of names and values.
const maxTold = 4 << 10

// tell puts into the event what is asked, CloudTrail's requestParameters, as far
// as it is not secret. What a service says by the same name takes its place.
func (o *operation) tell(c *call.Call, in any) {
	if !o.told {
		return
	}
	room, omitted := maxTold, 0
	for _, p := range o.codec.Parameters(in) {
		value := clean(p.Value, 1024)
		if size := len(p.Name) + len(value); size <= room {
			room -= size
			c.Event.Set(p.Name, value)
		} else {
			omitted++
		}
	}
	if omitted > 0 {
		c.Event.Set("omittedParameters", strconv.Itoa(omitted))
	}
}

// eventSource is the service's name in CloudTrail.
func eventSource(api *awsproto.API) string {
	switch api.ID {
	case "sso", "sso-oidc", "sso-admin":
		return "sso.amazonaws.com"
	}
	return api.SigningName + ".amazonaws.com"
}

func (o *operation) call(ctx context.Context, c *call.Call, in any) (any, error) {
	out := o.method.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(c), reflect.ValueOf(in)})
	if err, ok := out[1].Interface().(error); ok {
		return nil, err
	}
	return out[0].Interface(), nil
}

// Built is an operation as the coverage tests and docs/coverage.md list it.
type Built struct {
	Service, Operation string
	Rule               call.Rule
}

// Operations lists what is registered, in order.
func (g *Gateway) Operations() []Built {
	var all []Built
	for id, s := range g.services {
		for name, op := range s.operations {
			all = append(all, Built{id, name, op.rule})
		}
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		return a.Service < b.Service || a.Service == b.Service && a.Operation < b.Operation
	})
	return all
}
