package access

import (
	"time"

	"github.com/google/uuid"

	"sekisho/internal/fault"
)

// RequestKind is what a request asks for.
type RequestKind string

// The kinds. People ask for the first three (behaviours.md 6.4).
const (
	AssignRequest    RequestKind = "ASSIGN"
	UnassignRequest  RequestKind = "UNASSIGN"
	ProvisionRequest RequestKind = "PROVISION"
	// LinkRequest gives all accounts of an organization what its new instance needs there.
	LinkRequest RequestKind = "LINK"
	// DeleteRequest takes an instance apart.
	DeleteRequest RequestKind = "DELETE"
)

// RequestStatus is how far a request is.
type RequestStatus string

// The states, as the wire has them.
const (
	InProgress RequestStatus = "IN_PROGRESS"
	Succeeded  RequestStatus = "SUCCEEDED"
	Failed     RequestStatus = "FAILED"
)

// Request is work that is done a step at a time, each in a transaction of its own,
// so that it goes on where it was after a crash, and on any node.
type Request struct {
	ID            string // UUID
	Kind          RequestKind
	Instance      string
	PermissionSet string
	Account       string // "" for every account in which the set is provisioned
	PrincipalType PrincipalType
	PrincipalID   string
	Status        RequestStatus
	FailureReason string // words for who asked; of several, the first
	Failures      int    // accounts in which it failed
	// After is the account, user or group that was seen to last.
	After     string
	CreatedAt time.Time
	ForgetAt  time.Time
	// Holder is the node at work on it, until HeldUntil at the latest: one that died
	// loses it then. Before that time nobody takes it up.
	Holder    string
	HeldUntil time.Time
	Attempts  int // that ended with an error nobody expected, one after the other
}

const (
	// requestKept is how long people can see what became of a request.
	requestKept = 90 * 24 * time.Hour
	// MaxAssignmentRequests bounds how many assignments of an instance may be in the
	// making or unmaking at once (behaviours.md 1.7).
	MaxAssignmentRequests = 15
	// MaxProvisionAll bounds how many sets may be on their way to all accounts at once.
	MaxProvisionAll = 3
	// underWay is more than the limits together let be under way.
	underWay = 1000

	maxGroupsAssigned = 100 // to one set in one account
	maxProvisioned    = 500 // sets in one account
)

func newRequest(kind RequestKind, instance string, now time.Time) Request {
	return Request{ID: uuid.NewString(), Kind: kind, Instance: instance, Status: InProgress, CreatedAt: now, ForgetAt: now.Add(requestKept)}
}

func (r Request) assignment() Assignment {
	return Assignment{Account: r.Account, PermissionSet: r.PermissionSet, PrincipalType: r.PrincipalType, PrincipalID: r.PrincipalID}
}

// RequestAssignment asks to assign a set to a user or group in an account; what is
// assigned already may be asked for again (behaviours.md 6.4). It is NotFound unless
// set, account and principal are the instance's, a Limit for more groups than one
// set may have in an account, and Throttled while too much is under way.
func RequestAssignment(tx Store, inst Instance, a Assignment, now time.Time) (Request, error) {
	if err := assignable(tx, inst, a); err != nil {
		return Request{}, err
	}
	if _, err := tx.Assigned(a); a.PrincipalType == ToGroup && fault.Is(err, fault.NotFound) {
		n, err := tx.GroupsAssigned(a.Account, a.PermissionSet)
		if err != nil {
			return Request{}, err
		}
		if n >= maxGroupsAssigned {
			return Request{}, quota("groups assigned to permission set "+a.PermissionSet+" in an account", maxGroupsAssigned)
		}
	}
	return requestAssignment(tx, AssignRequest, inst, a, now)
}

// RequestUnassignment takes an assignment away, at once, and asks to remove the role
// if that was the last one. It is NotFound if there is no such assignment, and a
// Conflict while it is being made.
func RequestUnassignment(tx Store, inst Instance, a Assignment, now time.Time) (Request, error) {
	if _, err := SetOf(tx, inst, a.PermissionSet); err != nil {
		return Request{}, err
	}
	if err := tx.DeleteAssignment(a); err != nil {
		if fault.Is(err, fault.NotFound) {
			err = unassigned(tx, inst, a)
		}
		return Request{}, err
	}
	return requestAssignment(tx, UnassignRequest, inst, a, now)
}

// unassigned is the fault for an assignment that is not there.
func unassigned(tx Store, inst Instance, a Assignment) error {
	waiting, err := tx.AccessRequestsUnderWay(inst.ID, underWay)
	if err != nil {
		return err
	}
	for _, r := range waiting {
		if r.Kind == AssignRequest && r.assignment() == a {
			return fault.New(fault.Conflict, "assignment-in-progress", "The account assignment is still being created. Request id: %s", r.ID)
		}
	}
	return fault.New(fault.NotFound, "no-assignment", "Could not find an account assignment of permission set %s to %s %s in account %s",
		a.PermissionSet, a.PrincipalType, a.PrincipalID, a.Account)
}

func requestAssignment(tx Store, kind RequestKind, inst Instance, a Assignment, now time.Time) (Request, error) {
	waiting, err := tx.AccessRequestsUnderWay(inst.ID, underWay)
	if err != nil {
		return Request{}, err
	}
	n := 0
	for _, r := range waiting {
		if r.Kind == AssignRequest || r.Kind == UnassignRequest {
			n++
		}
	}
	if n >= MaxAssignmentRequests {
		return Request{}, fault.New(fault.Throttled, "requests-under-way", "At most %d account assignments may be created or deleted at a time. Try again later.", MaxAssignmentRequests)
	}
	r := newRequest(kind, inst.ID, now)
	r.Account, r.PermissionSet, r.PrincipalType, r.PrincipalID = a.Account, a.PermissionSet, a.PrincipalType, a.PrincipalID
	return r, tx.PutAccessRequest(r)
}

// RequestProvisioning asks to bring the set's role in the account up to date, with
// "" the roles in all accounts that have one. It is NotFound for an account that has
// none, and Throttled while too much is under way.
func RequestProvisioning(tx Store, inst Instance, set PermissionSet, accountID string, now time.Time) (Request, error) {
	if accountID != "" {
		if _, err := tx.RoleOfPermissionSet(accountID, set.ID); fault.Is(err, fault.NotFound) {
			return Request{}, fault.New(fault.NotFound, "not-provisioned", "Permission set with id %s is not provisioned in account %s", set.ID, accountID)
		} else if err != nil {
			return Request{}, err
		}
	} else if err := roomForAll(tx, inst); err != nil {
		return Request{}, err
	}
	r := newRequest(ProvisionRequest, inst.ID, now)
	r.Account, r.PermissionSet = accountID, set.ID
	return r, tx.PutAccessRequest(r)
}

func roomForAll(tx Store, inst Instance) error {
	waiting, err := tx.AccessRequestsUnderWay(inst.ID, underWay)
	if err != nil {
		return err
	}
	n := 0
	for _, r := range waiting {
		if r.Kind == ProvisionRequest && r.Account == "" {
			n++
		}
	}
	if n >= MaxProvisionAll {
		return fault.New(fault.Throttled, "requests-under-way", "At most %d permission sets may be provisioned to all accounts at a time. Try again later.", MaxProvisionAll)
	}
	return nil
}

// assignable is NotFound unless what an assignment names is the instance's.
func assignable(tx Store, inst Instance, a Assignment) error {
	if _, err := SetOf(tx, inst, a.PermissionSet); err != nil {
		return err
	}
	if err := reaches(tx, inst, a.Account); err != nil {
		return err
	}
	return knows(tx, inst, a.PrincipalType, a.PrincipalID)
}

// SetOf returns the instance's permission set, or NotFound.
func SetOf(tx Store, inst Instance, id string) (PermissionSet, error) {
	set, err := tx.PermissionSet(id)
	if fault.Is(err, fault.NotFound) || err == nil && set.Instance != inst.ID {
		return PermissionSet{}, fault.New(fault.NotFound, "no-permission-set", "Could not find PermissionSet with id %s", id)
	}
	return set, err
}

// reaches is NotFound unless the account is of the instance's organization.
func reaches(tx Store, inst Instance, accountID string) error {
	a, err := tx.Account(accountID)
	if fault.Is(err, fault.NotFound) || err == nil && (a.Standalone() || a.Organization != inst.Organization) {
		return fault.New(fault.NotFound, "not-a-member", "The account %s is not a member of the organization.", accountID)
	}
	return err
}

func quota(of string, most int) error {
	return fault.New(fault.Limit, "quota", "You have exceeded AWS SSO limits. Cannot have more than %d %s. "+
		"Please refer to https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html", most, of)
}
