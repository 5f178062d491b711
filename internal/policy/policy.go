package policy

// Kind says what a document is for, and so which elements it may have.
type Kind uint8

// The kinds of policies.
const (
	IdentityPolicy Kind = iota + 1 // managed, inline, boundary and session policies
	ResourcePolicy                 // Principal required
	TrustPolicy                    // of a role: Principal required, Resource forbidden, actions of STS only
	ServiceControlPolicy
	ResourceControlPolicy
)

// Policy is a parsed document. It never changes and may be used by many
// goroutines at once.
type Policy struct {
	kind       Kind
	statements []statement
	keys       []string
	principals []PrincipalElement
}

// Position is a place in a document: line and column, both from 1, the column
// in characters.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Statement is what a statement is called, says and where it stands.
type Statement struct {
	Sid    string // "" if it has none
	Effect string // "Allow" or "Deny"
	// Start is the place of its opening brace, End the one after its closing brace.
	Start, End Position
}

// PrincipalElement is one value of a Principal or NotPrincipal element.
type PrincipalElement struct {
	Type         string // "AWS", "Federated", "Service", "CanonicalUser", or "*" for a bare "*"
	Value        string
	Line, Column int
	Not          bool // it stands in NotPrincipal
}

// SyntaxError says why a document is refused.
type SyntaxError struct {
	Message      string // AWS's text
	Detail       string // what exactly is wrong, for people
	Line, Column int    // where, both from 1
}

// Error implements error with AWS's text.
func (e *SyntaxError) Error() string { return e.Message }

// Statements describes the statements in the order of the document.
func (p *Policy) Statements() []Statement { return nil }

// ContextKeys are the condition keys and variables that the document names, as
// written, each once, in order of appearance.
func (p *Policy) ContextKeys() []string { return nil }

// Principals are the values of the Principal and NotPrincipal elements in the
// order of the document.
func (p *Policy) Principals() []PrincipalElement { return nil }

// Actions are the values of Action elements of Allow statements, as written.
func (p *Policy) Actions() []string { return nil }

// Services are the service prefixes for which Grants is true, sorted, unless it
// is true for all of them: then the only element is "*".
func (p *Policy) Services() []string { return nil }

// Grants says whether some Allow statement could allow an action of the service
// prefix ("s3").
func (p *Policy) Grants(service string) bool { return false }
