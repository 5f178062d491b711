package iam

import (
	"slices"
	"strings"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/keys"
	"sekisho/internal/notify"
	"sekisho/internal/page"
	"sekisho/internal/token"
)

// DelegationState is how far a delegation request has come.
type DelegationState string

// The states. A request goes from UNASSIGNED to ASSIGNED, perhaps to
// PENDING_APPROVAL, to ACCEPTED and to FINALIZED; until then it can be REJECTED.
// Whatever state it is in, it ends as EXPIRED.
const (
	DelegationUnassigned DelegationState = "UNASSIGNED"
	DelegationAssigned   DelegationState = "ASSIGNED"
	DelegationPending    DelegationState = "PENDING_APPROVAL"
	DelegationAccepted   DelegationState = "ACCEPTED"
	DelegationFinalized  DelegationState = "FINALIZED"
	DelegationRejected   DelegationState = "REJECTED"
	DelegationExpired    DelegationState = "EXPIRED"
)

// How long a request waits for somebody to do something about it, how long one
// is kept after that, and how many of a requestor may wait at a time. AWS tells
// the first two.
const (
	delegationUnassigned = 24 * time.Hour
	delegationWaits      = 7 * 24 * time.Hour
	DelegationKept       = 30 * 24 * time.Hour
	maxOpenDelegations   = 1000

	// maxRootDelegation is how long the access may last that a root user gives.
	maxRootDelegation = 4 * time.Hour
	maxRequestorName  = 30
)

// DelegationRequest is an account's request for temporary access to another: the
// requestor's to that of the owner.
type DelegationRequest struct {
	ID            string // a UUID; who has it can claim a request without an owner account
	Requestor     string // account
	RequestorName string
	// WorkflowID is the requestor's own name for the request, which no other
	// request of that account has.
	WorkflowID  string
	Description string
	Message     string // "" for none, as below
	Template    string // ARN of the policy that Policy was made of
	Parameters  []DelegationParameter
	// Policy is the permissions that are asked for, a JSON document. It is made when
	// the request is, so that nothing can change what was approved.
	Policy      string
	RedirectURL string
	Channel     string // ARN of an SNS topic
	// Seconds is how long the access lasts from when the token is sent.
	Seconds         int
	OnlySendByOwner bool

	// OwnerAccount is whom the request is for; "" is whoever claims it.
	OwnerAccount string
	// Owner is the ARN of the identity that claimed it, OwnerEntity the id of that
	// user or role, or the account for its root user; "" until then.
	Owner, OwnerEntity string
	// Approval is by whom it was accepted.
	Approval        *DelegationApproval
	Notes           string
	RejectionReason string
	State           DelegationState // never DelegationExpired: see StateAt
	CreatedAt       time.Time
	UpdatedAt       time.Time
	ExpiresAt       time.Time
	SentAt          time.Time // of the token; zero before
	TradedAt        time.Time // of the token; zero before
}

// DelegationParameter is what a placeholder of the template stands for.
type DelegationParameter struct {
	Name   string
	Values []string
	List   bool
}

// DelegationApproval is who accepted a request, and the session that its token is
// traded for: the approver's own identity, as it was then.
type DelegationApproval struct {
	ARN       string // as GetCallerIdentity shows it
	EntityARN string // of the user or role, or the root user
	Session   token.Session
}

// ARN is the request's name, which is in the owner's account, or in seer's as
// long as nobody is the owner.
func (r DelegationRequest) ARN(seer string) string {
	owner := r.OwnerAccount
	if owner == "" {
		owner = seer
	}
	return DelegationRequestARN(owner, r.ID)
}

// DelegationRequestARN names a request in an account.
func DelegationRequestARN(account, id string) string {
	return "arn:aws:iam::" + account + ":delegation-request/" + id
}

// StateAt is the state at now.
func (r DelegationRequest) StateAt(now time.Time) DelegationState {
	if !now.Before(r.ExpiresAt) {
		return DelegationExpired
	}
	return r.State
}

// OwnedBy reports whether the identity is the one that claimed the request.
func (r DelegationRequest) OwnedBy(c DelegationCaller) bool {
	return r.Owner != "" && r.Owner == c.ARN && r.OwnerEntity == c.entity() && r.OwnerAccount == c.Account
}

// DelegationCaller is who does something about a request.
type DelegationCaller struct {
	Account   string
	ARN       string // as GetCallerIdentity shows it
	Entity    string // id of the user or role; "" for the root user
	EntityARN string
	Session   *token.Session // nil for long-term keys
}

func (c DelegationCaller) root() bool { return c.Entity == "" }

func (c DelegationCaller) entity() string {
	if c.Entity == "" {
		return c.Account
	}
	return c.Entity
}

// DelegationStore keeps delegation requests.
type DelegationStore interface {
	// DelegationRequest returns the request, or NotFound.
	DelegationRequest(id string) (DelegationRequest, error)
	// DelegationRequestsOf pages through those that identities of the account own,
	// or only the owner with that ARN, oldest first.
	DelegationRequestsOf(account, owner string, p page.Request) (page.Page[DelegationRequest], error)
	// OpenDelegationRequests counts the requestor's that end after now.
	OpenDelegationRequests(requestor string, now time.Time) (int, error)
	// PutDelegationRequest creates or replaces it by id, and keeps it until
	// DelegationKept after it expires. A workflow id that the requestor has used is
	// AlreadyExists.
	PutDelegationRequest(r DelegationRequest) error
}

// DelegationTx is what it takes to delegate.
type DelegationTx interface {
	Store
	account.Store
	notify.Store
}

// CreateDelegationRequest files a request of the caller's account. r has what is
// asked for; the permissions are made of the template, which is a customer
// managed policy of that account.
func CreateDelegationRequest(tx DelegationTx, now time.Time, c DelegationCaller, r DelegationRequest) (DelegationRequest, error) {
	if err := c.mayDelegate(); err != nil {
		return r, err
	}
	if err := checkTopic(r.Channel); err != nil {
		return r, err
	}
	requestor, err := tx.Account(c.Account)
	if err != nil {
		return r, err
	}
	if r.Policy, err = delegatedPolicy(tx, c.Account, r.Template, r.Parameters); err != nil {
		return r, err
	}
	open, err := tx.OpenDelegationRequests(c.Account, now)
	if err != nil {
		return r, err
	}
	if open >= maxOpenDelegations {
		return r, exceeds("DelegationRequestsPerAccount", maxOpenDelegations)
	}
	r.ID, r.Requestor, r.RequestorName = newUUID(), c.Account, requestor.Name
	if len(r.RequestorName) > maxRequestorName { // names are ASCII
		r.RequestorName = r.RequestorName[:maxRequestorName]
	}
	r.State, r.CreatedAt, r.UpdatedAt, r.ExpiresAt = DelegationUnassigned, now, now, now.Add(delegationUnassigned)
	return r, tx.PutDelegationRequest(r)
}

// checkTopic refuses channels that are no SNS topic, as AWS does.
func checkTopic(channel string) error {
	a, err := arn.Parse(channel)
	if err != nil || a.Partition != "aws" || a.Service != "sns" || a.Region == "" || !arn.ValidAccount(a.Account) ||
		a.Resource == "" || strings.ContainsAny(a.Resource, ":/") {
		return fault.New(fault.Invalid, "notification-channel", "The notification channel must be the ARN of an Amazon SNS topic.")
	}
	return nil
}

// mayDelegate refuses callers who act by delegation themselves. Their policies
// deny it already.
func (c DelegationCaller) mayDelegate() error {
	if c.Session != nil && c.Session.Kind == token.Delegated {
		return fault.New(fault.Denied, "delegated", "Delegated credentials cannot be used for delegation requests.")
	}
	return nil
}

func errNoDelegation(id string) *fault.Error {
	return fault.New(fault.NotFound, "no-delegation-request", "The delegation request with id %s cannot be found.", id)
}

// SeeDelegationRequest is the request, if it is for the caller's account or for
// whoever claims it. To others, the requestor too, there is none.
func SeeDelegationRequest(tx DelegationStore, account, id string) (DelegationRequest, error) {
	r, err := tx.DelegationRequest(id)
	if fault.Is(err, fault.NotFound) || err == nil && r.OwnerAccount != "" && r.OwnerAccount != account {
		return DelegationRequest{}, errNoDelegation(id)
	}
	return r, err
}

// step is a change of a request's state.
type step struct {
	from  []DelegationState
	to    DelegationState
	said  string // what it is to be, for who comes at the wrong time
	wrong string // reason of that fault
}

var (
	associating = step{[]DelegationState{DelegationUnassigned}, DelegationAssigned, "associated", "delegation-state"}
	accepting   = step{[]DelegationState{DelegationAssigned, DelegationPending}, DelegationAccepted, "accepted", "concurrent-modification"}
	rejecting   = step{[]DelegationState{DelegationAssigned, DelegationPending, DelegationAccepted}, DelegationRejected, "rejected", "delegation-state"}
	updating    = step{[]DelegationState{DelegationAssigned, DelegationPending}, DelegationPending, "updated", "delegation-state"}
	sending     = step{[]DelegationState{DelegationAccepted}, DelegationFinalized, "sent", "delegation-state"}
)

// take makes the step. change has the rest of what it is about; what it returns
// is a token for the requestor, or "".
func (s step) take(tx DelegationTx, now time.Time, c DelegationCaller, id string, change func(*DelegationRequest) (string, error)) (DelegationRequest, error) {
	if err := c.mayDelegate(); err != nil {
		return DelegationRequest{}, err
	}
	r, err := SeeDelegationRequest(tx, c.Account, id)
	if err != nil {
		return r, err
	}
	if state := r.StateAt(now); !slices.Contains(s.from, state) {
		return r, fault.New(fault.Invalid, s.wrong, "The delegation request %s is in state %s and cannot be %s.", id, state, s.said)
	}
	secret, err := change(&r)
	if err != nil {
		return r, err
	}
	changed := r.State != s.to
	r.State, r.UpdatedAt, r.ExpiresAt = s.to, now, now.Add(delegationWaits)
	if err := tx.PutDelegationRequest(r); err != nil || !changed {
		return r, err
	}
	return r, tellRequestor(tx, now, r, secret)
}

// AssociateDelegationRequest makes the caller the owner of a request that has none.
func AssociateDelegationRequest(tx DelegationTx, now time.Time, c DelegationCaller, id string) (DelegationRequest, error) {
	return associating.take(tx, now, c, id, func(r *DelegationRequest) (string, error) {
		r.OwnerAccount, r.Owner, r.OwnerEntity = c.Account, c.ARN, c.entity()
		return "", nil
	})
}

// UpdateDelegationRequest adds notes and puts the request before those who may
// approve it.
func UpdateDelegationRequest(tx DelegationTx, now time.Time, c DelegationCaller, id, notes string) (DelegationRequest, error) {
	return updating.take(tx, now, c, id, func(r *DelegationRequest) (string, error) {
		r.Notes = notes
		return "", nil
	})
}

// RejectDelegationRequest refuses the access, until the token was sent.
func RejectDelegationRequest(tx DelegationTx, now time.Time, c DelegationCaller, id, reason string) (DelegationRequest, error) {
	return rejecting.take(tx, now, c, id, func(r *DelegationRequest) (string, error) {
		r.RejectionReason, r.Approval = reason, nil
		return "", nil
	})
}

// AcceptDelegationRequest lets the requestor act as the caller, within the
// request's permissions, as soon as the token is sent. Callers whose own session
// is held to policies of its own are Denied: the access would not be.
func AcceptDelegationRequest(tx DelegationTx, now time.Time, c DelegationCaller, id string) (DelegationRequest, error) {
	return accepting.take(tx, now, c, id, func(r *DelegationRequest) (string, error) {
		if c.root() && time.Duration(r.Seconds)*time.Second > maxRootDelegation {
			return "", fault.New(fault.Denied, "root-delegation", "The root user can only accept delegation requests with a session duration of 4 hours or less.")
		}
		s, err := c.delegate(id)
		if err != nil {
			return "", err
		}
		r.Approval = &DelegationApproval{ARN: c.ARN, EntityARN: c.EntityARN, Session: s}
		return "", nil
	})
}

// delegate is the session that stands for the caller: what of the caller's own
// decides calls goes along, so that no Deny is lost, but not the second factor.
// Its name is the request's id, so that a policy which names a session of the
// approver does not mean this one, and the trail tells them apart.
func (c DelegationCaller) delegate(id string) (token.Session, error) {
	s := token.Session{Kind: token.Delegated, Account: c.Account, Entity: c.Entity}
	if _, kind, _, name, _ := arn.SplitIAM(c.EntityARN); kind == string(RoleKind) {
		s.RoleName, s.Name = name, id
	}
	own := c.Session
	if own == nil {
		return s, nil
	}
	if len(own.Policies)+len(own.PolicyARNs) > 0 || own.Kind == token.FederatedUser || own.Kind == token.AssumedRoot {
		return s, fault.New(fault.Denied, "restricted-approver", "Credentials with session policies cannot be used to accept delegation requests.")
	}
	s.User, s.PermissionSet, s.PortalSession = own.User, own.PermissionSet, ""
	s.Tags, s.TransitiveTags, s.SourceIdentity = own.Tags, own.TransitiveTags, own.SourceIdentity
	s.Provider, s.Keys = own.Provider, own.Keys
	return s, nil
}

// SendDelegationToken gives the requestor the token to trade in. From now on the
// access lasts as long as was asked for.
func SendDelegationToken(tx DelegationTx, ring *keys.Ring, now time.Time, c DelegationCaller, id string) (DelegationRequest, error) {
	return sending.take(tx, now, c, id, func(r *DelegationRequest) (string, error) {
		if r.OnlySendByOwner && !r.OwnedBy(c) {
			return "", fault.New(fault.Denied, "only-send-by-owner", "The token of delegation request %s can only be sent by its owner.", id)
		}
		r.SentAt = now
		return sealTradeIn(ring, *r)
	})
}
