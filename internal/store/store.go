// Package store is the union of what the domains need kept, and the two ways to
// reach it: View to read a consistent snapshot, Update to change it.
//
// It is the contract; sqlstore is the implementation and storetest the proof.
package store

import (
	"context"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/application"
	"sekisho/internal/audit"
	"sekisho/internal/credential"
	"sekisho/internal/directory/people"
	"sekisho/internal/favourite"
	"sekisho/internal/keys"
	"sekisho/internal/mfa"
	"sekisho/internal/notify"
	"sekisho/internal/org"
	"sekisho/internal/payment"
	"sekisho/internal/registration"
	"sekisho/internal/session"
	"sekisho/internal/support"
	"sekisho/internal/token"
)

// Tx is one transaction. Reads inside Update see its own writes. Every write
// notes its change for the feed by itself.
type Tx interface {
	access.Store // with account.Store, directory.Store and iam.Store
	application.Store
	audit.Store
	credential.Store
	favourite.Store
	keys.Store
	mfa.Store
	notify.Store
	org.Store
	payment.Store
	people.Store
	registration.Store
	session.Store
	support.Store
	token.Store

	// Events returns audit events, newest first.
	Events(filter EventFilter) ([]audit.Event, error)
	// EventHistory returns events of an account by their time, newest first, as its
	// owner looks them up. What it costs is what it returns.
	EventHistory(filter HistoryFilter) ([]audit.Event, error)
	// Decision returns the event of the refusal with that decision id, or NotFound.
	Decision(id string) (audit.Event, error)
	// Expire removes rows that can never matter again: expired codes, tokens,
	// cookies, links, one-time values and old sessions, and after 90 days events of
	// what changed nothing. At most limit rows of each kind; it returns how many went.
	Expire(now time.Time, limit int) (int, error)
	// Clear removes everything but the data keys; for the developer's reset.
	Clear() error
}

// EventFilter narrows Events. Zero fields do not narrow. Limit is at most 1,000.
type EventFilter struct {
	Name    string
	Account string
	Before  string // event id
	Refused bool   // by policy: those that Decision finds
	Limit   int
}

// HistoryAttribute is what events of a history can be looked up by.
type HistoryAttribute string

// The attributes of LookupEvents. The value of ByReadOnly is "true" or "false";
// ByResource is [audit.Event.Resource], the next two are what
// [audit.Event.ResourceOf] makes of it.
const (
	ByEventID      HistoryAttribute = "EventId"
	ByEventName    HistoryAttribute = "EventName"
	ByReadOnly     HistoryAttribute = "ReadOnly"
	ByUserName     HistoryAttribute = "Username"
	ByEventSource  HistoryAttribute = "EventSource"
	ByAccessKeyID  HistoryAttribute = "AccessKeyId"
	ByResource     HistoryAttribute = "Resource"
	ByResourceName HistoryAttribute = "ResourceName"
	ByResourceType HistoryAttribute = "ResourceType"
)

// HistoryFilter says which events of an account EventHistory returns.
type HistoryFilter struct {
	Account string
	// By is "" for all events, or an attribute that has to have Value. Nothing has
	// the value "".
	By    HistoryAttribute
	Value string
	// From and To are both included. To is now, or earlier.
	From, To time.Time
	// Before is the last event of the page before: what is not older is left out.
	BeforeAt time.Time
	BeforeID string
	Limit    int // at most 1,000
}

// Change says that something changed. Key is its kind and id with a slash, such
// as "user/<id>"; the Key… functions make them.
type Change struct{ Key string }

// DB is the database.
type DB interface {
	// View runs fn on a snapshot.
	View(ctx context.Context, fn func(Tx) error) error
	// Update runs fn in a serializable transaction and commits what it did
	// together with ev, if ev is not nil, and the changes for the feed. fn may run
	// more than once: it must not change anything outside the transaction that
	// running again would spoil. When Update returns nil, all of it is durable.
	Update(ctx context.Context, ev *audit.Event, fn func(Tx) error) error
	// Watch calls fn with every committed change, of this process at once (before
	// Update returns) and of others within a second, until ctx ends. With lost
	// set, changes may have been missed: everything must be taken as changed.
	Watch(ctx context.Context, fn func(changes []Change, lost bool))
	// Close releases the database after running transactions have ended.
	Close() error
}

// Keys of changes. A write of the noun notes the key.
func KeyUser(id string) string             { return "user/" + id }
func KeyMemberships(user string) string    { return "memberships/" + user }
func KeySession(id string) string          { return "session/" + id }
func KeyGrant(id string) string            { return "grant/" + id }
func KeyCookie(hash string) string         { return "cookie/" + hash }
func KeyAccount(id string) string          { return "account/" + id }
func KeyAssignments(account string) string { return "assignments/" + account }
func KeyAssigned(principal string) string  { return "assigned/" + principal }
func KeyRoles(account string) string       { return "roles/" + account }
func KeyAccessKey(id string) string        { return "access-key/" + id }
func KeyRole(id string) string             { return "role/" + id }
func KeyIAMUser(id string) string          { return "iam-user/" + id }
func KeyIAMMemberships(user string) string { return "iam-memberships/" + user }

// KeyPolicies is noted for the user, group or role whose inline policies or
// attachments change; KeyPolicy for the managed policy whose default version does.
func KeyPolicies(owner string) string { return "policies/" + owner }
func KeyPolicy(arn string) string     { return "policy/" + arn }

// KeyIAMSettings is the account's password policy and other settings of its own.
func KeyIAMSettings(account string) string { return "iam-settings/" + account }

// KeyOrgPolicies is the organization itself and its policies.
func KeyOrgPolicies() string { return "org-policies" }

// KeyOrganization is what services it trusts and its resource policy; KeyOrgTags
// the tags of a root, unit, account or policy.
func KeyOrganization(id string) string  { return "organization/" + id }
func KeyOrgTags(resource string) string { return "org-tags/" + resource }

// KeyHandshake is a handshake, KeyTransfer a transfer of responsibility;
// KeyAccountCreation is a request to create an account.
func KeyHandshake(id string) string       { return "handshake/" + id }
func KeyTransfer(id string) string        { return "transfer/" + id }
func KeyAccountCreation(id string) string { return "account-creation/" + id }

// KeyApplication is an application with its configuration and assignments;
// KeyTokenIssuer a trusted token issuer.
func KeyApplication(id string) string { return "application/" + id }
func KeyTokenIssuer(id string) string { return "token-issuer/" + id }

// KeySupportCase is a case of AWS Support and its messages.
func KeySupportCase(id string) string { return "support-case/" + id }

// KeyAccessRequests is that there is work on assignments and roles.
func KeyAccessRequests() string { return "access-requests" }

func KeyPermissionSets() string { return "permission-sets" }
func KeyInstance() string       { return "instance" }
func KeyDataKeys() string       { return "data-keys" }
func KeyOutbox() string         { return "outbox" }
