package awsproto

import (
	"reflect"
)

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

// Refusal is a reason to turn a request away that no operation models: the front-door errors of api-surface.md section 4.
type Refusal uint8

const (
	MissingToken        Refusal = iota + 1 // no credentials at all
	UnknownKey                             // access key or session token that nobody was given
	BadSignature                           // wrong secret, altered request, or a clock too far off
	IncompleteSignature                    // an Authorization header that cannot be read
	ExpiredToken                           // session token past its time
	AccessDenied                           // authenticated, not authorized
	MissingAction                          // Query without Action; the others treat it as UnknownOperation
	UnknownOperation                       // no such action, target or path
	Validation                             // the input breaks a constraint of the model
	Malformed                              // the body cannot be read as what it should be
	TooLarge                               // the body is over the limit
	Throttled                              // too many requests
	Internal                               // our fault
	Unavailable                            // not now: starting, stopping, or the store is away
)

// Refuse gives the error by which an API of this kind answers a refusal: its protocol's code and status, or the service's
// own exception where it models one for the purpose. An empty message is replaced by AWS's usual one.
func (a *API) Refuse(r Refusal, message string) Error { return a.refuse(r, message) }

// ErrorOf turns what an operation returned into an error of the wire: an [Error] as it is, and a typed exception of the
// SDK, however wrapped, with its modelled code, status and members. It reports false for anything else, which is then
// nobody's business outside: answer [Internal] and log it.
func (a *API) ErrorOf(err error) (Error, bool) { return a.errorOf(err) }

// EncodeError writes an error as clients of this API expect it. The caller releases the response.
func (a *API) EncodeError(e Error, requestID string) *Response { return a.encodeError(e, requestID) }

// EncodeError writes an error when no API is known, in the form of the protocol that the request seems to speak.
func EncodeError(p Protocol, e Error, requestID string) *Response {
	return (&API{Protocol: p, messageMember: "message"}).EncodeError(e, requestID)
}
