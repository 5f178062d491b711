// Package call is the operation context: who asks for what, from where and
// when. The front doors make one for each request and pass it explicitly;
// nothing of it ever travels in a context.Context.
package call

import (
	"context"
	"time"

	"sekisho/internal/audit"
	"sekisho/internal/policy"
	"sekisho/internal/token"
)

// PrincipalKind says what kind of identity a principal is.
type PrincipalKind uint8

// The kinds of principal that can be behind a call.
const (
	Anonymous     PrincipalKind = iota // nobody proved anything (unsigned operations)
	Root                               // an account's root user
	IAMUser                            // an IAM user of an account
	AssumedRole                        // a role session
	PortalUser                         // an Identity Center user with a portal session
	FederatedUser                      // a session of GetFederationToken
	SAMLFederated                      // whom a SAML assertion speaks of
	WebIdentity                        // whom an OpenID Connect token speaks of
	Service                            // an AWS service acting for itself
)

// Principal is an authenticated identity.
type Principal struct {
	Kind    PrincipalKind
	Account string // 12 digits; "" for portal users
	ARN     string // as GetCallerIdentity shows it; for portal users the identity store user id
	UserID  string // as GetCallerIdentity shows it: account, AIDA…, AROA…:session
	// Entity is the id of the IAM user or role whose policies apply: AIDA… or
	// AROA…; "" for everybody else. EntityARN is its ARN, with its path.
	Entity    string
	EntityARN string
	// Federated is the provider that vouches for a SAMLFederated or WebIdentity
	// principal: its ARN, or a host such as accounts.google.com.
	Federated string
	// AccessKeyID is the key that signed the call, if one did.
	AccessKeyID string
	// Temporary is what the session token carried; nil for long-term keys.
	Temporary *token.Session
	// DirectoryUser is the identity store user id behind a portal user or behind
	// a role session that came from the portal.
	DirectoryUser string
	// UserName is the name a person knows the principal by.
	UserName string
	// Session is the id of the portal session behind the call, if any.
	Session string
	// SessionExpires is when that portal session ends.
	SessionExpires time.Time
}

// identityTypes are CloudTrail's names of the kinds of principal.
var identityTypes = [...]string{
	Root: audit.TypeRoot, IAMUser: audit.TypeIAMUser, AssumedRole: audit.TypeAssumedRole, PortalUser: audit.TypeIdentityCenter,
	FederatedUser: audit.TypeFederatedUser, SAMLFederated: audit.TypeSAMLUser, WebIdentity: audit.TypeWebIdentity, Service: audit.TypeService,
}

// Identity is what the trail tells of the principal beside ARN, name and key.
func (p *Principal) Identity() audit.Identity {
	i := audit.Identity{Type: identityTypes[p.Kind], ID: p.UserID}
	if p.Kind == AssumedRole || p.Kind == FederatedUser {
		i.Issuer, i.IssuerID, i.OnBehalfOf = p.EntityARN, p.Entity, p.DirectoryUser
	}
	if t := p.Temporary; t != nil {
		i.CreatedAt, i.MFA, i.SourceIdentity = t.IssuedAt, t.MFAAt != 0, t.SourceIdentity
	}
	return i
}

// Call is one operation under way.
type Call struct {
	RequestID string
	Service   string // id as in the operation table: "sts", "sso"…
	Operation string
	Region    string // of the signature's scope, or of the host asked, or the home region
	Now       time.Time
	Principal Principal
	// Secure says that the call came over TLS.
	Secure bool
	// SourceIP is the client's address without port; UserAgent is at most 512 bytes.
	SourceIP  string
	UserAgent string
	// Event is the audit event begun for this call. A mutation passes it to
	// store.Update, which commits it together with the change.
	Event *audit.Event
}

// Access says how an operation is guarded. The zero value guards the most.
type Access uint8

// The ways an operation can be guarded.
const (
	// Signed operations need a valid signature and a policy that allows the action.
	Signed Access = iota
	// SignedOnly operations need a valid signature and nothing else, because AWS
	// lets every principal call them whatever its policies say (GetCallerIdentity).
	SignedOnly
	// Bearer operations need a portal access token; the handler's domain decides
	// by assignments what the person may see.
	Bearer
	// Open operations carry their own proof in the body or need none.
	Open
)

// Rule is an operation's row in its service's table.
type Rule struct {
	// Action as policies name it, such as "sts:GetCallerIdentity".
	Action string
	Access Access
	// ReadOnly operations change nothing; their successes are audited in
	// aggregate, everything else event by event.
	ReadOnly bool
	// TagAction is asked for as well when the input has tags, so that who may not
	// tag cannot do it while creating (the guard of attribute-based policies).
	TagAction string
	// Resource is the kind of thing that the operation acts on, in the words of
	// its service's Targets; "" acts on no particular one ("*").
	Resource string
	// MaxBody is how many bytes the request's body may have, where that is more
	// than for other operations (gateway.MaxBody).
	MaxBody int64
}

// Target is what a call acts on, as policies see it.
type Target struct {
	// ARN is what the Resource of a statement is compared with; "" means "*".
	ARN string
	// Said is how a denial names the resource, if not by ARN.
	Said string
	// Account owns the resource; "" is the caller's.
	Account string
	// Tags are the resource's, for aws:ResourceTag and the service's own key.
	Tags map[string]string
	// Keys are further condition keys, in lower case, such as "iam:policyarn".
	Keys map[string][]string
	// Policy is the resource's own policy, such as a role's trust policy; nil for
	// none. With MustAllow, nothing else can allow in its place.
	Policy    *policy.Policy
	MustAllow bool
	// Lent is what AWS itself lets others than Account do to the resource, beside what
	// Policy allows; nil for nothing. A deny in Policy denies that as well.
	Lent *policy.Policy
	// Terse leaves the reason out of a denial's message; Refusal replaces all of it.
	Terse   bool
	Refusal string
	// Granted says that AWS lets the caller do this without any policy (a user's
	// own password where the account's rules say so). A deny still denies.
	Granted bool
}

// TagKeys is the condition key that has the keys of a request's tags.
const TagKeys = "aws:tagkeys"

// Targets finds what a call acts on. A service whose table names resources has one.
type Targets interface {
	// Target is asked after the input was validated and before the call is
	// allowed; it tells what is named even if that does not exist.
	Target(ctx context.Context, c *Call, rule Rule, in any) (Target, error)
}

// Authorizer decides about what a call does beside its own action, such as
// iam:PassRole.
type Authorizer interface {
	// Allow returns the error to answer with unless the principal of c may do
	// action to t.
	Allow(ctx context.Context, c *Call, action string, t Target) error
}

// Table is a service's operations: exactly its method set.
type Table map[string]Rule

// Error is an answer that no model has but that AWS is seen to give.
type Error struct {
	Code    string // wire code
	Message string
	Status  int // HTTP
}

// Error is the text for logs.
func (e *Error) Error() string { return e.Code + ": " + e.Message }
