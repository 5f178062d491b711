package policy

import (
	"encoding/json"
	"slices"
	"strings"
)

// Kind says what a document is for, and so which elements it may have.
type Kind uint8

// The kinds of policies.
const (
	IdentityPolicy Kind = iota + 1 // managed, inline, boundary and session policies
	ResourcePolicy                 // Principal required
	TrustPolicy                    // of a role: Principal required, Resource forbidden, actions of STS only
	ServiceControlPolicy
	ResourceControlPolicy
	// AWSManagedPolicy is an IdentityPolicy that AWS wrote. AWS does not hold its own
	// to the rules for resources that it holds others to.
	AWSManagedPolicy
)

// Policy is a parsed document. It never changes and may be used by many
// goroutines at once.
type Policy struct {
	kind       Kind
	statements []statement
	denies     []int32 // indexes of the statements that say Deny
	allows     []int32
	keys       []string
	principals []PrincipalElement
	variables  bool // its version has them
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
	from, to     int  // bytes of the document, quotes included
}

// Kind is what the document was parsed as.
func (p *Policy) Kind() Kind {
	if p == nil {
		return 0
	}
	return p.kind
}

// Len is the number of statements.
func (p *Policy) Len() int {
	if p == nil {
		return 0
	}
	return len(p.statements)
}

// Statements describes the statements in the order of the document.
func (p *Policy) Statements() []Statement {
	if p == nil {
		return nil
	}
	out := make([]Statement, len(p.statements))
	for i := range p.statements {
		st := &p.statements[i]
		out[i] = Statement{Sid: st.sid, Effect: st.effect(), Start: st.start, End: st.end}
	}
	return out
}

// ContextKeys are the condition keys and variables that the document names, as
// written, each once, in order of appearance.
func (p *Policy) ContextKeys() []string {
	if p == nil {
		return nil
	}
	return slices.Clone(p.keys)
}

// Principals are the values of the Principal and NotPrincipal elements in the
// order of the document.
func (p *Policy) Principals() []PrincipalElement {
	if p == nil {
		return nil
	}
	return slices.Clone(p.principals)
}

// RewritePrincipals is the document with other values of type AWS in its
// Principal and NotPrincipal elements; all else stays as it was written. IAM
// keeps unique ids for users and roles, and shows ARNs. The document must be the
// one that p was parsed from, to the byte.
func (p *Policy) RewritePrincipals(document string, replace func(value string) string) string {
	var b strings.Builder
	done := 0
	for _, e := range p.principals {
		if e.Type != typeAWS {
			continue
		}
		if value := replace(e.Value); value != e.Value {
			b.WriteString(document[done:e.from])
			quoted, _ := json.Marshal(value) // a string always has a form
			b.Write(quoted)
			done = e.to
		}
	}
	b.WriteString(document[done:])
	return b.String()
}

// Actions are the values of the Action elements of Allow statements, as
// written, each once, in order of appearance.
func (p *Policy) Actions() []string {
	var out []string
	for st := range p.grants {
		if st.notAction {
			continue
		}
		for i := range st.actions {
			if a := st.actions[i].written; !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	return out
}

// Services are the service prefixes that Allow statements name, in lower case and
// sorted. If they name no definite ones (`*`, NotAction), the only element is "*".
func (p *Policy) Services() []string {
	var out []string
	for st := range p.grants {
		if st.notAction {
			return []string{"*"}
		}
		for i := range st.actions {
			s := st.actions[i].service()
			if strings.ContainsAny(s, "*?") {
				return []string{"*"}
			}
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Grants says whether some Allow statement could allow an action of the service
// prefix ("s3"). Conditions, resources and Deny statements are not looked at.
func (p *Policy) Grants(service string) bool {
	service = lower(service)
	for st := range p.grants {
		could := st.notAction
		for i := range st.actions {
			a := &st.actions[i]
			matches := matchFold(a.service(), service)
			if st.notAction && matches && (a.shape == anyShape || a.shape == prefixShape && strings.HasSuffix(a.text, ":")) {
				could = false
				break
			}
			could = could || matches
		}
		if could {
			return true
		}
	}
	return false
}

// grants ranges over the Allow statements.
func (p *Policy) grants(yield func(*statement) bool) {
	if p == nil {
		return
	}
	for _, i := range p.allows {
		if !yield(&p.statements[i]) {
			return
		}
	}
}
