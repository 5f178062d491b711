// Package facts is the schema of the facts tables: what the AWS wire needs to know about an operation and does not find
// in the types of aws-sdk-go-v2 (required members, lengths, patterns, HTTP bindings, error codes, ...).
//
// tools/facts writes the tables from the published models, awsproto embeds and reads them. This package holds the
// schema that both share and nothing else; see README.md beside it for the source of the tables.
package facts

// Protocol names, as the models spell them.
const (
	Query    = "query"
	JSON     = "json" // awsJson 1.1
	RESTJSON = "rest-json"
)

// Where a member of a rest-json shape travels. The empty location is the body.
const (
	LocationHeader = "header"
	LocationQuery  = "querystring"
	LocationURI    = "uri"
)

// Service is one API: its identity, its operations, and the shapes they reach.
type Service struct {
	ID             string `json:"id"` // as the AWS CLI names it: "sso-admin"
	Protocol       string `json:"protocol"`
	APIVersion     string `json:"apiVersion"`
	EndpointPrefix string `json:"endpointPrefix"`
	SigningName    string `json:"signingName"`
	TargetPrefix   string `json:"targetPrefix,omitempty"` // X-Amz-Target, awsJson only
	XMLNamespace   string `json:"xmlNamespace,omitempty"` // query only
	// MessageMember is the name under which this API's exceptions carry their text: "Message" or "message".
	MessageMember string      `json:"messageMember"`
	Operations    []Operation `json:"operations,omitempty"` // sorted by name
	Shapes        []Shape     `json:"shapes,omitempty"`     // sorted by name
}

// Operation is one call of an API.
type Operation struct {
	Name       string   `json:"name"`
	Method     string   `json:"method"`
	Path       string   `json:"path"`            // may hold {labels}
	Fixed      []string `json:"fixed,omitempty"` // query parameters that belong to the route, as "key=value"
	Status     int      `json:"status,omitempty"`
	Input      string   `json:"in,omitempty"`
	Output     string   `json:"out,omitempty"`
	Wrapper    string   `json:"wrapper,omitempty"` // query: the element around the output members
	Errors     []string `json:"errors,omitempty"`  // exception shapes
	Unsigned   bool     `json:"unsigned,omitempty"`
	ReadOnly   bool     `json:"readonly,omitempty"`
	Idempotent bool     `json:"idempotent,omitempty"`
}

// Shape is one type of the model. Length bounds of strings count code points, of lists and maps entries, of blobs bytes;
// bounds of numbers are values.
type Shape struct {
	Name      string     `json:"name"`
	Type      string     `json:"type"` // structure list map string integer long double float boolean blob timestamp
	Members   []Member   `json:"members,omitempty"`
	Required  []string   `json:"required,omitempty"`
	Payload   string     `json:"payload,omitempty"` // the member that is the whole body
	Element   string     `json:"element,omitempty"` // shape of list elements or map values
	Key       string     `json:"key,omitempty"`     // shape of map keys
	Min       *float64   `json:"min,omitempty"`
	Max       *float64   `json:"max,omitempty"`
	Pattern   string     `json:"pattern,omitempty"`
	Enum      []string   `json:"enum,omitempty"`
	Format    string     `json:"format,omitempty"` // timestampFormat
	Sensitive bool       `json:"sensitive,omitempty"`
	Union     bool       `json:"union,omitempty"`
	Document  bool       `json:"document,omitempty"`
	Exception *Exception `json:"exception,omitempty"`
}

// Member is one field of a structure.
type Member struct {
	Name         string `json:"name"`
	Shape        string `json:"shape"`
	LocationName string `json:"as,omitempty"` // the wire name where it is not Name
	Location     string `json:"in,omitempty"`
	Token        bool   `json:"token,omitempty"` // idempotency token: clients fill it in
}

// Exception is what an error shape says about the wire.
type Exception struct {
	Code   string `json:"code,omitempty"` // wire code where it is not the shape's name
	Status int    `json:"status"`
	Fault  bool   `json:"fault,omitempty"` // the server's fault, not the sender's
}
