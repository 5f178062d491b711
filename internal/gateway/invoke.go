package gateway

import (
	"context"
	"fmt"
	"net/http"

	"sekisho/internal/call"
	"sekisho/internal/surface"
)

// Invoke makes a call in the name of p for a browser surface of this program:
// all stages but the wire. in and the output are the SDK's types. A refusal is a
// *call.Error with AWS's code and words.
func (g *Gateway) Invoke(w http.ResponseWriter, r *http.Request, service, method string, p call.Principal, in any) (any, error) {
	var op *operation
	if s := g.services[service]; s != nil {
		op = s.operations[method]
	}
	if op == nil {
		return nil, fmt.Errorf("gateway: there is no %s.%s", service, method)
	}
	c := g.begin(&request{http: r, id: g.RequestID(w), place: surface.Place{Kind: surface.API, Service: service}}, op)
	c.Principal = p
	identify(c)
	out, err := g.invoke(r.Context(), op, c, in)
	if err != nil {
		e := g.failed(op, c, err)
		err = &call.Error{Code: e.Code, Message: e.Message, Status: e.Status}
	}
	if !c.Event.Recorded() {
		g.Counts.Add(c.Event)
	}
	return out, err
}

func (g *Gateway) invoke(ctx context.Context, op *operation, c *call.Call, in any) (out any, err error) {
	defer recovered(&err)
	if err := g.standing(ctx, op, c); err != nil {
		return nil, err
	}
	return g.perform(ctx, op, c, in)
}
