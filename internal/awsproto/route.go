package awsproto

import (
	"net/url"
	"strings"
)

// routes finds rest-json operations by method and path.
type routes struct {
	literal map[string][]*Operation // "POST /token": paths without labels
	labels  []labelledRoute
}

type labelledRoute struct {
	op       *Operation
	segments []string // "{crlId}" or a literal
}

type fixedParameter struct{ key, value string }

func newRoutes(names []string, operations map[string]*Operation) routes {
	r := routes{literal: map[string][]*Operation{}}
	for _, name := range names {
		op := operations[name]
		if strings.Contains(op.Path, "{") {
			r.labels = append(r.labels, labelledRoute{op, strings.Split(op.Path[1:], "/")})
			continue
		}
		key := op.HTTPMethod + " " + op.Path
		if len(op.fixed) > 0 { // the more particular route is asked first
			r.literal[key] = append([]*Operation{op}, r.literal[key]...)
		} else {
			r.literal[key] = append(r.literal[key], op)
		}
	}
	return r
}

// Match finds the rest-json operation of a request. The path is the escaped one, below the API's base path and beginning
// with a slash; label values come back percent-decoded. Fixed query parameters tell operations on one path apart:
// POST /token is CreateToken, POST /token?aws_iam=t is CreateTokenWithIAM. It reports false for other protocols.
func (a *API) Match(method, escapedPath string, query url.Values) (*Operation, Labels, bool) {
	a.ensure()
	for _, op := range a.routes.literal[method+" "+escapedPath] {
		if op.fixedIn(query) {
			return op, nil, true
		}
	}
	if len(a.routes.labels) == 0 || !strings.HasPrefix(escapedPath, "/") {
		return nil, nil, false
	}
	for i := range a.routes.labels {
		route := &a.routes.labels[i]
		if route.op.HTTPMethod != method || !route.op.fixedIn(query) {
			continue
		}
		if labels, ok := route.match(escapedPath[1:]); ok {
			return route.op, labels, true
		}
	}
	return nil, nil, false
}

// match compares segment by segment; a label takes exactly one non-empty segment, and an encoded slash stays part of it.
func (r *labelledRoute) match(path string) (Labels, bool) {
	var labels Labels
	for i, want := range r.segments {
		have, rest, more := strings.Cut(path, "/")
		if more != (i < len(r.segments)-1) {
			return nil, false
		}
		path = rest
		if want[0] != '{' {
			if have != want {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(have)
		if err != nil || value == "" {
			return nil, false
		}
		labels = append(labels, Label{Name: want[1 : len(want)-1], Value: value})
	}
	return labels, true
}

func (o *Operation) fixedIn(query url.Values) bool {
	for _, f := range o.fixed {
		if query.Get(f.key) != f.value {
			return false
		}
	}
	return true
}
