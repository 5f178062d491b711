// Package call is the operation context: who asks for what, from where and
// when. The front doors make one for each request and pass it explicitly;
// nothing of it ever travels in a context.Context.
package call

import (
	"time"

	"sekisho/internal/audit"
)

// PrincipalKind says what kind of identity a principal is.
type PrincipalKind uint8

// The kinds of principal that can be behind a call.
const (
	Anonymous   PrincipalKind = iota // nobody proved anything (unsigned operations)
	Root                             // an account's root user
	IAMUser                          // an IAM user of an account
	AssumedRole                      // a role session
	PortalUser                       // an Identity Center user with a portal session
)

// Principal is an authenticated identity.
type Principal struct {
	Kind    PrincipalKind
	Account string // 12 digits; "" for portal users
	ARN     string // as GetCallerIdentity shows it; for portal users the identity store user id
	UserID  string // as GetCallerIdentity shows it: account, AIDA…, AROA…:session
	// AccessKeyID is the key that signed the call, if one did.
	AccessKeyID string
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

// Call is one operation under way.
type Call struct {
	RequestID string
	Service   string // id as in the operation table: "sts", "sso"…
	Operation string
	Region    string // of the signature's scope, or of the host asked, or the home region
	Now       time.Time
	Principal Principal
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
