package policy

import (
	"slices"
	"strings"
)

// principals is a compiled Principal or NotPrincipal element.
type principals struct {
	not       bool
	everyone  bool     // "*" or "AWS": "*"
	accounts  []string // "AWS": an account, by its root's ARN or its id
	entities  []string // "AWS": ARNs of users, roles and sessions, and unique ids
	federated []string
	services  []string
}

// naming is how a Principal element names a caller. What a resource policy's
// Allow gives depends on it (behaviours.md 3.6, step 5); the greater, the more it gives.
type naming uint8

const (
	unnamed naming = iota
	namedAccount
	namedEveryone
	namedEntity
	namedSession
)

// named tells how the element's values, NotPrincipal or not, name p.
func (ps *principals) named(p *Principal) naming {
	switch p.Kind {
	case SAMLFederated, WebIdentity:
		if p.Federated != "" && slices.Contains(ps.federated, p.Federated) {
			return namedEntity
		}
	case Service:
		if p.Service != "" && slices.Contains(ps.services, p.Service) {
			return namedEntity
		}
	case User:
		if ps.entity(p.EntityARN) || ps.entity(p.EntityID) {
			return namedEntity
		}
	case RoleSession, FederatedUser:
		if ps.entity(p.ARN) {
			return namedSession
		}
		if ps.entity(p.EntityARN) || ps.entity(p.EntityID) {
			return namedEntity
		}
	}
	switch {
	case ps.everyone:
		return namedEveryone
	case p.ofAccount() && slices.Contains(ps.accounts, p.Account):
		return namedAccount
	}
	return unnamed
}

func (ps *principals) entity(name string) bool {
	return name != "" && slices.Contains(ps.entities, name)
}

// ofAccount tells whether p acts for an account, so that policies of that
// account apply to it.
func (p *Principal) ofAccount() bool {
	switch p.Kind {
	case RootUser, User, RoleSession, FederatedUser:
		return p.Account != ""
	}
	return false
}

// unlimited tells whether p starts from full access instead of identity
// policies: the root user, and who got a federation token from it.
func (p *Principal) unlimited() bool {
	return p.Kind == RootUser || p.Kind == FederatedUser && p.byRoot()
}

func (p *Principal) byRoot() bool { return strings.HasSuffix(p.EntityARN, ":root") }

// exempt tells whether a NotPrincipal element of a Deny spares p: it has to
// list every name that p goes by, the account and, for a session, its role
// or user and the session itself. That is why AWS asks for all of them.
func (ps *principals) exempt(p *Principal) bool {
	if ps.everyone {
		return true
	}
	if !p.ofAccount() {
		return ps.named(p) != unnamed
	}
	account := slices.Contains(ps.accounts, p.Account)
	entity := ps.entity(p.EntityARN) || ps.entity(p.EntityID)
	switch p.Kind {
	case RootUser:
		return account
	case User:
		return account && entity
	case FederatedUser: // the root user's session has no other entity than the account
		return account && ps.entity(p.ARN) && (entity || p.byRoot())
	}
	return account && entity && ps.entity(p.ARN)
}

// covers tells whether a statement is about p, and how it names p.
func (st *statement) covers(e *evaluation) (naming, bool) {
	ps := st.principals
	if ps == nil {
		return unnamed, true
	}
	p := &e.r.Principal
	if !ps.not {
		how := ps.named(p)
		// Who says "*" in a trust policy means AWS's principals. A sign-in by SAML or a
		// token, and a service, have to be named, lest every token opens the role.
		if how == namedEveryone && st.trust && !st.deny && !p.ofAccount() {
			return unnamed, false
		}
		return how, how != unnamed
	}
	if st.deny {
		// AWS denies whoever has a permissions boundary, named or not.
		return namedEveryone, e.set.hasBoundary() || !ps.exempt(p)
	}
	return namedEveryone, ps.named(p) == unnamed
}

// The types of principals, as written.
const (
	typeAWS       = "AWS"
	typeFederated = "Federated"
	typeService   = "Service"
	typeCanonical = "CanonicalUser"
)

// webIdentityHosts are the providers of tokens that need no OIDC provider in IAM.
var webIdentityHosts = []string{"accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"}

// add compiles one value. It is false if a value of the type cannot look so;
// whether what it names exists is for IAM to find out.
func (ps *principals) add(kind Kind, typ, value string) bool {
	switch typ {
	case typeAWS:
		return ps.addAWS(value)
	case typeFederated:
		ps.federated = append(ps.federated, value)
		parts := strings.SplitN(value, ":", 6)
		provider := len(parts) == 6 && parts[0] == "arn" && parts[2] == "iam" && parts[3] == "" && isAccount(parts[4]) &&
			(strings.HasPrefix(parts[5], "saml-provider/") || strings.HasPrefix(parts[5], "oidc-provider/"))
		return provider || slices.Contains(webIdentityHosts, value)
	case typeService:
		ps.services = append(ps.services, value)
		return isServicePrincipal(value)
	case typeCanonical:
		// The id of an account's owner in S3, which no caller of ours has: it names nobody.
		return kind == ResourcePolicy && value != ""
	}
	return false
}

func (ps *principals) addAWS(value string) bool {
	switch {
	case value == "*":
		ps.everyone = true
		return true
	case isAccount(value):
		ps.accounts = append(ps.accounts, value)
		return true
	case isUniqueID(value):
		ps.entities = append(ps.entities, value)
		return true
	}
	parts := strings.SplitN(value, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || !strings.HasPrefix(parts[1], "aws") || parts[3] != "" || !isAccount(parts[4]) || strings.ContainsAny(value, "*?") {
		return false
	}
	typ, name, _ := strings.Cut(parts[5], "/")
	switch {
	case parts[2] == "iam" && parts[5] == "root":
		ps.accounts = append(ps.accounts, parts[4])
		return true
	case parts[2] == "iam" && (typ == "user" || typ == "role"),
		parts[2] == "sts" && typ == "assumed-role" && strings.Contains(name, "/"),
		parts[2] == "sts" && typ == "federated-user":
		ps.entities = append(ps.entities, value)
		return name != "" && !strings.HasSuffix(name, "/")
	}
	return false
}

func isAccount(s string) bool { return len(s) == 12 && digits(s) == 12 }

// isUniqueID tells whether s looks like the id of a user or role, which stands in a
// trust policy after the entity was deleted.
func isUniqueID(s string) bool {
	if len(s) < 16 || len(s) > 128 || !strings.HasPrefix(s, "AIDA") && !strings.HasPrefix(s, "AROA") {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// isServicePrincipal tells whether s looks like ec2.amazonaws.com.
func isServicePrincipal(s string) bool {
	name, ok := strings.CutSuffix(s, ".amazonaws.com")
	if !ok {
		if name, ok = strings.CutSuffix(s, ".amazonaws.com.cn"); !ok {
			name, ok = strings.CutSuffix(s, ".amazon.com")
		}
	}
	if !ok || name == "" {
		return false
	}
	for i := range len(name) {
		if c := name[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' && c != '_' {
			return false
		}
	}
	return true
}
