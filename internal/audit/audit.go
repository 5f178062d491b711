// Package audit is the trail of who did what: one event for every change and
// every refusal, in the transaction of the change itself, and counted events
// for reads.
//
// It owns the event and the counting of reads. Where events are kept is the
// store's business; which calls make events is the front doors'.
package audit

import (
	"maps"
	"strings"
	"time"
)

// Event is one entry of the trail. Names and shapes follow CloudTrail's record,
// so that LookupEvents can show it.
type Event struct {
	ID          string // unique, ordered by time
	At          time.Time
	Account     string // the account in whose history it stands; "" for the directory's own
	Source      string // "sts.amazonaws.com", "signin.amazonaws.com"
	Name        string // operation or event name
	Region      string
	PrincipalID string // ARN, identity store user id, or "" when unknown
	UserName    string
	AccessKeyID string
	SourceIP    string
	UserAgent   string
	RequestID   string
	ReadOnly    bool
	// Identity is more about who it was; what makes an event without knowing leaves it.
	Identity Identity
	// ErrorCode is "" on success. ErrorMessage is what the caller was told, ErrorReason
	// the precise reason, which the caller was not told.
	ErrorCode    string
	ErrorMessage string
	ErrorReason  string
	// ReasonKind is the reason of a refusal by policy without what it was about: by it
	// refusals are counted when there are many. It is not kept.
	ReasonKind string
	// Resource is the ARN or id acted on; Detail are further facts, such as what was
	// asked. Secrets never go here.
	Resource string
	Detail   map[string]string
	// Shared is another account whose history tells of the call too, as one of its
	// roles was asked for; "" for none. It is not kept: see [Event.ForShared].
	Shared string
	// SharedID is the same in the events of all accounts that tell of the call
	// (CloudTrail's sharedEventID); "" where only one does. The store gives it.
	SharedID string
	// DecisionID is what the caller of a refused call was given to ask by; Decision
	// is the explanation that belongs to it, as JSON.
	DecisionID string
	Decision   string
	// Count is how many equal events this one stands for; at least 1.
	Count int

	recorded bool
}

// maxDetail is how many bytes of a detail's value are kept.
const maxDetail = 1024

// IssuedKey is the detail that has the id of the access key which a call issued,
// or the ids, with spaces, of those that equal calls within the second did:
// CloudTrail's responseElements.credentials.accessKeyId. By it, what is done with
// the key leads back to who was given it.
const IssuedKey = "issuedAccessKeyId"

// Store keeps events.
type Store interface {
	// AppendEvent adds e to the trail in the caller's transaction, and with it what
	// the account learns with which it is shared, if there is such an account.
	AppendEvent(e *Event) error
}

// ForShared is what the account learns with which e is shared; nil for none. The
// request id is the same in both histories (CloudTrail's sharedEventID). It learns
// who called from where, but not by which of their keys; of a call that was refused,
// only that it was: the reasons are about the caller's policies as well.
func (e *Event) ForShared() *Event {
	if e.Shared == "" || e.Shared == e.Account {
		return nil
	}
	o := *e
	o.ID, o.recorded = "", false
	o.Account, o.Shared = e.Shared, ""
	o.AccessKeyID, o.UserName, o.Identity = "", "", e.Identity.toOthers()
	o.ErrorMessage, o.ErrorReason, o.ReasonKind, o.DecisionID, o.Decision = "", "", "", "", ""
	if o.Detail = nil; e.ErrorCode == "" {
		o.Detail = maps.Clone(e.Detail)
	}
	return &o
}

// MarkRecorded notes that e is committed; Recorded reports it, so that a front
// door knows whether it still has to record the call.
func (e *Event) MarkRecorded()  { e.recorded = true }
func (e *Event) Recorded() bool { return e != nil && e.recorded }

// ShareWith lets the history of another account tell of the call, too.
func (e *Event) ShareWith(account string) {
	if e != nil {
		e.Shared = account
	}
}

// Set adds a detail. Values are cut at 1,024 bytes.
func (e *Event) Set(key, value string) {
	if e == nil {
		return
	}
	if e.Detail == nil {
		e.Detail = make(map[string]string, 4)
	}
	if len(value) > maxDetail {
		value = strings.ToValidUTF8(value[:maxDetail], "")
	}
	e.Detail[key] = value
}
