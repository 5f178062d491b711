package gateway

import (
	"io"
	"net/http"
	"strings"

	"sekisho/internal/awsproto"
	"sekisho/internal/sigv4"
	"sekisho/internal/surface"
)

// restServices are the APIs whose operations are known by method and path. None
// of their paths collide (api-surface.md, "Serving everything from one host").
var restServices = []string{"sso", "sso-oidc", "account", "signin", "rolesanywhere", "accessanalyzer"}

// find tells which operation the request asks for. When there is none, or it is
// not built, it returns the API in whose form the error is to be told; none for
// a path at which no Query API can be.
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

// maxBody is the most bytes that the body may have: those of the operation, where
// a header names it before the body is read, and takes more than others.
func (g *Gateway) maxBody(r *request) int64 {
	api, name := awsproto.ServiceByTarget(r.http.Header.Get("X-Amz-Target"))
	if api == nil || !r.serves(api) {
		return MaxBody
	}
	if s := g.services[api.ID]; s != nil && s.operations[name] != nil {
		return max(MaxBody, s.operations[name].rule.MaxBody)
	}
	return MaxBody
}

func (g *Gateway) findQuery(r *request) (*operation, *awsproto.API, awsproto.Error) {
	if path := r.http.URL.Path; path != "/" && path != "" {
		if r.place.Service != "" || bySigningName(r.http.Header.Get("Authorization")) != nil {
			return nil, nil, awsproto.Error{}
		}
		return unknown(queryAPI(r))
	}
	form, err := r.wire.Form()
	if err != nil {
		api := queryAPI(r)
		return nil, api, asError(api, err)
	}
	action, version := form.Get("Action"), form.Get("Version")
	if api := awsproto.ServiceByVersion(version); api != nil && action != "" && r.serves(api) {
		return g.built(api, action)
	}
	api := queryAPI(r)
	switch {
	case action == "":
		return nil, api, api.Refuse(awsproto.MissingAction, "")
	case version == "" && r.place.Service != "":
		return g.built(api, action)
	}
	return nil, api, api.Refuse(awsproto.UnknownOperation, noSuchAction(action, cutOr(version, "NO_VERSION_SPECIFIED")))
}

// writeNoSuchPath answers a Query request to a path other than the root as STS
// does, without code or ids (behaviours.md 2.3).
func writeNoSuchPath(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(w, "<UnknownOperationException/>\n")
}

// queryAPI is the API in whose form a Query request is refused.
func queryAPI(r *request) *awsproto.API {
	if api := guessAPI(r.http, r.place); api.Protocol == awsproto.Query {
		return api
	}
	return awsproto.Service("sts")
}

func noSuchAction(action, version string) string {
	return "Could not find operation " + cut(action, 128) + " for version " + version
}

func (g *Gateway) built(api *awsproto.API, name string) (*operation, *awsproto.API, awsproto.Error) {
	if s := g.services[api.ID]; s != nil {
		if op := s.operations[name]; op != nil {
			return op, api, awsproto.Error{}
		}
	}
	if api.Protocol == awsproto.Query {
		return nil, api, api.Refuse(awsproto.UnknownOperation, noSuchAction(name, api.Version))
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
	return awsproto.ServiceBySigningName(parts[3])
}

func cutOr(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return cut(s, 64)
}
