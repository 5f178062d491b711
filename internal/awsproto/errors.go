package awsproto

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"sekisho/internal/awsproto/facts"
)

// faultNamespace is where Query puts errors from before any operation was known.
const faultNamespace = "http://webservices.amazon.com/AWSFault/2005-15-09"

// Error is an answer other than success, in the terms of the wire. Get one from [API.Refuse] for what the front door turns
// away, from [API.ErrorOf] for what an operation returned, or fill one in.
type Error struct {
	Code    string // wire code, without namespace: "NoSuchEntity", "AccessDeniedException"
	Message string
	Status  int  // HTTP status; 0 is the modelled one, else 400, or 500 for a fault
	Fault   bool // the server's: Type is Receiver
	// Dispatch marks an error from before any operation was known. Query answers it in the AWSFault namespace.
	Dispatch bool
	// Extra are further members of the body, beside the message; JSON protocols only.
	Extra map[string]any

	exception reflect.Value // a typed SDK exception, whose members go on the wire
	node      *node
}

func (e Error) Error() string { return e.Code + ": " + e.Message }

// ErrorOf turns what an operation returned into an error of the wire: an [Error] as it is, and a typed exception of the
// SDK, however wrapped, with its modelled code, status and members. It reports false for anything else, which is then
// nobody's business outside: answer [Internal] and log it.
func (a *API) ErrorOf(err error) (Error, bool) {
	var e Error
	if errors.As(err, &e) {
		return e, true
	}
	var typed smithy.APIError
	if !errors.As(err, &typed) {
		return Error{}, false
	}
	a.ensure()
	v := reflect.ValueOf(typed)
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if sh := a.shapes[v.Type().Name()]; sh != nil && sh.Exception != nil && v.Kind() == reflect.Struct {
		e = Error{Code: sh.code, Status: sh.Exception.Status, Fault: sh.Exception.Fault, Message: typed.ErrorMessage()}
		if n := a.exceptionNode(sh, v.Type()); n != nil {
			e.exception, e.node = v, n
		}
		return e, true
	}
	if sh := a.exceptions[typed.ErrorCode()]; sh != nil { // smithy.GenericAPIError with a modelled code
		return Error{Code: sh.code, Status: sh.Exception.Status, Fault: sh.Exception.Fault, Message: typed.ErrorMessage()}, true
	}
	return Error{}, false
}

// exceptionNode binds an exception to its Go type, once; nil when they do not fit, as for the exception of another service
// that has the same name.
func (a *API) exceptionNode(sh *shape, t reflect.Type) *node {
	a.bindings.Lock()
	defer a.bindings.Unlock()
	b := binder{api: a, made: map[nodeKey]*node{}}
	n, err := b.bind(sh, t)
	if err != nil {
		return nil
	}
	b.publish()
	return n
}

// EncodeError writes an error when no API is known, in the form of the protocol that the request seems to speak.
func EncodeError(p Protocol, e Error, requestID string) *Response {
	return (&API{Protocol: p, messageMember: "message"}).EncodeError(e, requestID)
}

// complete fills in what the sender of an error may leave to the model.
func (a *API) complete(e *Error) {
	if e.Code == "" {
		*e = a.Refuse(Internal, e.Message)
	}
	if e.Status == 0 {
		if sh := a.exception([]string{e.Code}); sh != nil {
			e.Status, e.Fault = sh.Exception.Status, e.Fault || sh.Exception.Fault
		} else if e.Fault {
			e.Status = 500
		} else {
			e.Status = 400
		}
	}
	e.Fault = e.Fault || e.Status >= 500
}

// EncodeError writes an error as clients of this API expect it. The caller releases the response.
func (a *API) EncodeError(e Error, requestID string) *Response {
	a.complete(&e)
	r := newResponse(requestID)
	r.Status = e.Status
	if a.Protocol == Query {
		r.contentType = typeXML
		a.appendXMLError(r, &e)
		return r
	}
	r.contentType, r.errorType = typeJSON, e.Code
	r.Body = append(r.Body, '{')
	if a.Protocol == JSON {
		r.contentType = typeAWS
		r.Body = append(r.Body, `"__type":`...)
		r.Body = append(appendJSONText(r.Body, e.Code), ',')
	}
	r.extra = e.headers()
	members := a.errorMembers(&e, requestID)
	for i, m := range members {
		if i > 0 {
			r.Body = append(r.Body, ',')
		}
		r.Body = append(appendJSONText(r.Body, m.name), ':')
		r.Body = append(r.Body, m.value...)
	}
	r.Body = append(r.Body, '}')
	return r
}

func (a *API) appendXMLError(r *Response, e *Error) {
	namespace, sender := a.XMLNamespace, "Sender"
	if e.Dispatch || namespace == "" {
		namespace = faultNamespace
	}
	if e.Fault {
		sender = "Receiver"
	}
	b := append(r.Body, `<ErrorResponse xmlns="`...)
	b = append(b, namespace...)
	b = append(b, `"><Error><Type>`...)
	b = append(b, sender...)
	b = append(b, "</Type><Code>"...)
	b = appendXMLText(b, e.Code)
	b = append(b, "</Code><Message>"...)
	b = appendXMLText(b, e.Message)
	b = append(b, "</Message></Error><RequestId>"...)
	b = appendXMLText(b, r.requestID)
	r.Body = append(b, "</RequestId></ErrorResponse>"...)
}

// errorMember is a member of an error's body with its value in JSON.
type errorMember struct {
	name  string
	value []byte
}

// headers are the members of a typed exception that the model binds to headers,
// such as Retry-After.
func (e *Error) headers() (all []headerField) {
	if e.node == nil {
		return nil
	}
	for i := range e.node.fields {
		f := &e.node.fields[i]
		if f.member.Location != facts.LocationHeader {
			continue
		}
		if value, ok := f.value(e.exception); ok {
			if text, err := f.node.appendHeader(nil, value); err == nil {
				all = append(all, headerField{f.wire, string(text)})
			}
		}
	}
	return all
}

// errorMembers collects what goes into a JSON error: the message, the modelled members of a typed exception, the request's
// id where the exception has a member for it, as those of identitystore do, the extras.
// rest-json services whose text has another name carry it as message too, for clients that show nothing else.
func (a *API) errorMembers(e *Error, requestID string) []errorMember {
	var all []errorMember
	has := func(name string) bool {
		return slices.ContainsFunc(all, func(m errorMember) bool { return m.name == name })
	}
	add := func(name string, value []byte) {
		if !has(name) {
			all = append(all, errorMember{name, value})
		}
	}
	text := func(s string) []byte { return appendJSONText(nil, s) }

	message := e.Message
	if e.node != nil {
		for i := range e.node.fields {
			f := &e.node.fields[i]
			value, ok := f.value(e.exception)
			if !ok || f.member.Location != "" {
				continue
			}
			if value, err := f.node.appendJSON(nil, value); err == nil {
				add(f.wire, value)
			}
			if f.wire == "error_description" && message == "" {
				message = value.String()
			}
		}
	}
	if !has("Message") && !has("message") {
		add(a.messageMember, text(message))
	}
	if a.Protocol == RESTJSON {
		add("message", text(message))
	}
	if sh := a.exception([]string{e.Code}); sh != nil && slices.ContainsFunc(sh.members, func(m member) bool { return m.Name == "RequestId" }) {
		add("RequestId", text(requestID))
	}
	if word := a.oauthError(e); word != "" {
		add("error", text(word))
		if a.ID == "sso-oidc" {
			add("error_description", text(message))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.Extra)) {
		if value, err := json.Marshal(e.Extra[name]); err == nil {
			add(name, value)
		}
	}
	return all
}

// oauthError is the value of the member error in the two services that speak OAuth, where nobody has set it: RFC 6749
// section 5.2 and RFC 8628 section 3.5 for sso-oidc (behaviours.md 7.5), the model's enumeration for signin.
func (a *API) oauthError(e *Error) string {
	switch a.ID {
	case "sso-oidc":
		if e.Fault {
			return "server_error"
		}
		if a.exception([]string{e.Code}) == nil {
			return "invalid_request"
		}
		return snake(strings.TrimSuffix(e.Code, "Exception"))
	case "signin":
		if e.Fault {
			return "server_error"
		}
		switch e.Code {
		case "AccessDeniedException":
			return "INSUFFICIENT_PERMISSIONS"
		case "ResourceNotFoundException":
			return "RESOURCE_NOT_FOUND"
		case "ConflictException":
			return "CONFLICT"
		case "ServiceQuotaExceededException":
			return "SERVICE_QUOTA_EXCEEDED"
		case "ValidationException", "SerializationException":
			return "INVALID_REQUEST"
		}
	}
	return ""
}

// snake turns AuthorizationPending into authorization_pending.
func snake(name string) string {
	var b strings.Builder
	for i, c := range []byte(name) {
		if 'A' <= c && c <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String()
}
