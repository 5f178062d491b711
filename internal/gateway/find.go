package gateway

import (
	"net/http"
	"strings"

	"sekisho/internal/awsproto"
	"sekisho/internal/sigv4"
	"sekisho/internal/surface"
)

// restServices are the APIs whose operations are known by method and path. None
// of their paths collide (api-surface.md, "Serving everything from one host").
var restServices = []string{"sso", "sso-oidc", "account", "signin", "rolesanywhere"}

// find tells which operation the request asks for. When there is none, or it is
// not built, it returns the API in whose form the error is to be told.
func (g *Gateway) find(r *request) (*operation, *awsproto.API, awsproto.Error) {
	h := r.http
	if target := h.Header.Get("X-Amz-Target"); target != "" {
		api, name := awsproto.ServiceByTarget(target)
		if api == nil || !r.serves(api) {
			return unknown(guessAPI(h, r.place))
		}
		return g.built(api, name)
	}
	if isQuery(h, r.place) {
		return g.findQuery(r)
	}
	for _, id := range restServices {
		api := awsproto.Service(id)
		if !r.serves(api) {
			continue
		}
		// Every spelling of a path that one signature covers is one operation.
		if op, labels, ok := api.Match(h.Method, sigv4.NormalizePath(h.URL.EscapedPath()), r.wire.Query()); ok {
			r.wire.Labels = labels
			return g.built(api, op.Name)
		}
	}
	return unknown(guessAPI(h, r.place))
}

func (g *Gateway) findQuery(r *request) (*operation, *awsproto.API, awsproto.Error) {
	api := guessAPI(r.http, r.place)
	if api.Protocol != awsproto.Query {
		api = awsproto.Service("sts")
	}
	if path := r.http.URL.Path; path != "/" && path != "" {
		return unknown(api)
	}
	form, err := r.wire.Form()
	if err != nil {
		return nil, api, asError(api, err)
	}
	action, version := form.Get("Action"), form.Get("Version")
	if action == "" {
		return nil, api, api.Refuse(awsproto.MissingAction, "")
	}
	byVersion := awsproto.ServiceByVersion(version)
	switch {
	case byVersion != nil && r.serves(byVersion):
		api = byVersion
	case version != "" || r.place.Service == "":
		e := api.Refuse(awsproto.UnknownOperation, "Could not find operation "+cut(action, 128)+" for version "+cutOr(version, "NO_VERSION_SPECIFIED"))
		return nil, api, e
	}
	return g.built(api, action)
}

func (g *Gateway) built(api *awsproto.API, name string) (*operation, *awsproto.API, awsproto.Error) {
	if s := g.services[api.ID]; s != nil {
		if op := s.operations[name]; op != nil {
			return op, api, awsproto.Error{}
		}
	}
	if api.Protocol == awsproto.Query {
		e := api.Refuse(awsproto.UnknownOperation, "Could not find operation "+cut(name, 128)+" for version "+api.Version)
		return nil, api, e
	}
	return unknown(api)
}

func unknown(api *awsproto.API) (*operation, *awsproto.API, awsproto.Error) {
	return nil, api, api.Refuse(awsproto.UnknownOperation, "")
}

func asError(api *awsproto.API, err error) awsproto.Error {
	if e, ok := api.ErrorOf(err); ok {
		return e
	}
	return api.Refuse(awsproto.Malformed, "")
}

// serves reports whether requests to where this one came may be for api.
func (r *request) serves(api *awsproto.API) bool {
	return r.place.Service == "" || r.place.Service == api.ID
}

// isQuery reports whether the request speaks the Query protocol.
func isQuery(h *http.Request, place surface.Place) bool {
	if api := awsproto.Service(place.Service); api != nil {
		return api.Protocol == awsproto.Query
	}
	if strings.HasPrefix(strings.ToLower(h.Header.Get("Content-Type")), "application/x-www-form-urlencoded") {
		return true
	}
	return (h.URL.Path == "/" || h.URL.Path == "") && !strings.HasPrefix(h.Header.Get("Content-Type"), "application/")
}

// guessAPI finds the API in whose form a request that names no operation is to
// be answered: by the host, else by what its signature says it is for, else by
// how it looks.
func guessAPI(h *http.Request, place surface.Place) *awsproto.API {
	if api := awsproto.Service(place.Service); api != nil {
		return api
	}
	if api := bySigningName(h.Header.Get("Authorization")); api != nil {
		return api
	}
	switch {
	case h.Header.Get("X-Amz-Target") != "":
		return awsproto.Service("organizations")
	case isQuery(h, place):
		return awsproto.Service("sts")
	}
	return awsproto.Service("sso")
}

// bySigningName reads the service out of an Authorization header's scope, with
// no more trust than an error's form needs.
func bySigningName(authorization string) *awsproto.API {
	_, scope, ok := strings.Cut(authorization, "Credential=")
	if !ok {
		return nil
	}
	parts := strings.SplitN(scope, "/", 5)
	if len(parts) < 5 {
		return nil
	}
	for _, id := range awsproto.Services() {
		if api := awsproto.Service(id); api.SigningName == parts[3] {
			return api
		}
	}
	return nil
}

func cutOr(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return cut(s, 64)
}
