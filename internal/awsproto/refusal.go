package awsproto

import "strconv"

// Refusal is a reason to turn a request away that no operation models: the front-door errors of api-surface.md section 4.
type Refusal uint8

// The reasons, each with a code and a status of its own in every protocol.
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

// String names a refusal for logs.
func (r Refusal) String() string {
	if r == 0 || int(r) >= len(refusals) {
		return "Refusal(" + strconv.Itoa(int(r)) + ")"
	}
	return refusals[r].query.code
}

// answer is a code and status on the wire.
type answer struct {
	code   string
	status int
}

// refusals is the table of front-door errors, api-surface.md section 4: one row a refusal, one column a protocol.
var refusals = [...]struct {
	query, json, rest answer
	message           string // AWS's usual text
}{
	MissingToken: {
		answer{"MissingAuthenticationToken", 403}, answer{"MissingAuthenticationTokenException", 400},
		answer{"MissingAuthenticationTokenException", 403}, "Missing Authentication Token",
	},
	UnknownKey: {
		answer{"InvalidClientTokenId", 403}, answer{"UnrecognizedClientException", 400},
		answer{"UnrecognizedClientException", 403}, "The security token included in the request is invalid.",
	},
	BadSignature: {
		answer{"SignatureDoesNotMatch", 403}, answer{"InvalidSignatureException", 400},
		answer{"InvalidSignatureException", 403},
		"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key " +
			"and signing method. Consult the service documentation for details.",
	},
	IncompleteSignature: {
		answer{"IncompleteSignature", 400}, answer{"IncompleteSignatureException", 400},
		answer{"IncompleteSignatureException", 403}, "The request signature does not conform to AWS standards.",
	},
	ExpiredToken: {
		answer{"ExpiredToken", 403}, answer{"ExpiredTokenException", 400},
		answer{"ExpiredTokenException", 403}, "The security token included in the request is expired",
	},
	AccessDenied: {
		answer{"AccessDenied", 403}, answer{"AccessDeniedException", 400},
		answer{"AccessDeniedException", 403}, "Access Denied",
	},
	MissingAction: {
		answer{"MissingAction", 400}, answer{"UnknownOperationException", 400},
		answer{"UnknownOperationException", 404}, "The request must contain the parameter Action.",
	},
	UnknownOperation: {
		answer{"InvalidAction", 400}, answer{"UnknownOperationException", 400},
		answer{"UnknownOperationException", 404}, "The requested operation is not recognized by the service.",
	},
	Validation: {
		answer{"ValidationError", 400}, answer{"ValidationException", 400},
		answer{"ValidationException", 400}, "The input fails to satisfy the constraints specified by the service.",
	},
	Malformed: {
		answer{"MalformedInput", 400}, answer{"SerializationException", 400},
		answer{"SerializationException", 400}, "The request could not be read.",
	},
	TooLarge: {
		answer{"RequestEntityTooLarge", 413}, answer{"RequestEntityTooLargeException", 413},
		answer{"RequestEntityTooLargeException", 413}, "The request is too large.",
	},
	Throttled: {
		answer{"Throttling", 400}, answer{"ThrottlingException", 400},
		answer{"TooManyRequestsException", 429}, "Rate exceeded",
	},
	Internal: {
		answer{"InternalFailure", 500}, answer{"InternalServerException", 500},
		answer{"InternalServerException", 500}, "An internal error has occurred.",
	},
	Unavailable: {
		answer{"ServiceUnavailable", 503}, answer{"ServiceUnavailableException", 503},
		answer{"ServiceUnavailableException", 503}, "The service is unavailable. Please try again later.",
	},
}

// modelled lists, for the refusals that many services have an exception of their own for, the codes to look for, the
// best first. A client of such a service has the typed exception, and not the protocol's generic code. Query services
// keep the generic codes except for their own failure. (SlowDownException: the one throttling answer after which a device
// that polls for its token polls on.)
var modelled = map[Refusal][]string{
	Validation: {
		"ValidationException", "InvalidRequestException", "InvalidInputException", "IllegalArgumentException",
		"InvalidParameterException",
	},
	Throttled: {"ThrottlingException", "TooManyRequestsException", "TooManyRequestsError", "SlowDownException"},
	Internal:  {"InternalServerException", "ServiceException", "InternalServerError", "ServiceFailure"},
	Malformed: {"InvalidRequestException"},
}

// Refuse gives the error by which an API of this kind answers a refusal: its protocol's code and status, or the service's
// own exception where it models one for the purpose. An empty message is replaced by AWS's usual one.
func (a *API) Refuse(r Refusal, message string) Error {
	if r == 0 || int(r) >= len(refusals) {
		r = Internal
	}
	row := &refusals[r]
	if message == "" {
		message = row.message
		if r == MissingToken && a.Protocol == Query {
			message = "Request is missing Authentication Token"
		}
	}
	e := Error{Message: message}
	switch a.Protocol {
	case Query:
		e.Code, e.Status = row.query.code, row.query.status
		e.Dispatch = r == MissingAction || r == UnknownOperation
	case JSON:
		e.Code, e.Status = row.json.code, row.json.status
	default:
		e.Code, e.Status = row.rest.code, row.rest.status
	}
	if candidates := modelled[r]; candidates != nil && (a.Protocol != Query || r == Internal) && (a.Protocol == RESTJSON || r != Malformed) {
		if sh := a.exception(candidates); sh != nil {
			e.Code, e.Status = sh.code, sh.Exception.Status
		}
	}
	e.Fault = e.Status >= 500
	return e
}

// exception finds the first of several codes that the service models.
func (a *API) exception(codes []string) *shape {
	if a.ID == "" {
		return nil
	}
	a.ensure()
	for _, code := range codes {
		if sh := a.exceptions[code]; sh != nil {
			return sh
		}
	}
	return nil
}
