package access

import (
	"time"

	"sekisho/internal/account"
	"sekisho/internal/directory"
	"sekisho/internal/iam"
	"sekisho/internal/page"
)

// Store keeps instances, permission sets and assignments, and the work on them.
type Store interface {
	account.Store
	directory.Store
	iam.Store
	InstanceStore
	PermissionSetStore
	AssignmentStore
	RequestStore
}

// InstanceStore keeps instances with their regions and attributes.
type InstanceStore interface {
	// Instance returns the instance, or NotFound.
	Instance(id string) (Instance, error)
	// InstanceByName returns the one whose portal is known under the name in lower
	// case ([Instance.Named]), or NotFound. One that is being deleted has no portal.
	InstanceByName(name string) (Instance, error)
	// InstanceOf returns the organization's instance, or NotFound.
	InstanceOf(organization string) (Instance, error)
	// InstanceOwnedBy returns the instance that the account owns, or NotFound.
	InstanceOwnedBy(account string) (Instance, error)
	// Instances pages through all instances of this server, in order of id.
	Instances(p page.Request) (page.Page[Instance], error)
	// PutInstance creates or replaces it. A taken subdomain is AlreadyExists, and so
	// is a second instance of an organization or an owner.
	PutInstance(i Instance) error
	// DeleteInstance removes it with its regions, attributes, applications and
	// requests. Its people and permission sets must be gone.
	DeleteInstance(id string) error

	// Regions are those that were added to the instance, in order of name; its own
	// is not among them.
	Regions(instance string) ([]Region, error)
	PutRegion(instance string, r Region) error
	// DeleteRegion is NotFound if it was not added.
	DeleteRegion(instance, name string) error

	// Attributes returns those for access control, or NotFound while they are not enabled.
	Attributes(instance string) ([]Attribute, error)
	PutAttributes(instance string, a []Attribute) error
	// DeleteAttributes is NotFound if they are not enabled.
	DeleteAttributes(instance string) error
}

// PermissionSetStore keeps permission sets, and what of them is in accounts.
type PermissionSetStore interface {
	PermissionSet(id string) (PermissionSet, error)
	PermissionSetByName(instance, name string) (PermissionSet, error)
	// PermissionSets pages through an instance's sets, in order of name.
	PermissionSets(instance string, p page.Request) (page.Page[PermissionSet], error)
	PermissionSetCount(instance string) (int, error)
	PutPermissionSet(p PermissionSet) error
	DeletePermissionSet(id string) error

	// ProvisionedRoles pages through the set's roles, in order of account.
	ProvisionedRoles(permissionSet string, p page.Request) (page.Page[iam.Role], error)
	// SetsProvisioned are the ids of all sets, of whatever instance, that have a role in
	// the account; there are hundreds at most.
	SetsProvisioned(account string) ([]string, error)
	// AddProvisionedRoles creates roles of sets that are not there yet, all in one account.
	AddProvisionedRoles(account string, some []ProvisionedRole) error
	// MarkProvisioned remembers the state of its set that a role was last brought to.
	MarkProvisioned(role, digest string) error
	// ProvisionedAccounts pages through the accounts that have the set's role; those
	// whose role is in the state of the digest, or those whose role is not, or with
	// "" all. What it costs is what it returns.
	ProvisionedAccounts(permissionSet, digest string, same bool, p page.Request) (page.Page[string], error)
	// ProvisionedSets pages through the instance's sets that have a role in the
	// account, with the state each was last brought to, in order of name.
	ProvisionedSets(instance, account string, p page.Request) (page.Page[Provisioned], error)
}

// ProvisionedRole is a set's role with the state of the set that it was brought to.
type ProvisionedRole struct {
	iam.Role
	Digest string
}

// Provisioned is a set as an account has it.
type Provisioned struct {
	PermissionSet
	Digest string // of the set, when its role was last brought up to date; "" for unknown
}

// AssignmentStore keeps who is assigned what.
type AssignmentStore interface {
	// Assignments pages through all assignments of all instances.
	Assignments(p page.Request) (page.Page[Assignment], error)
	// AssignmentsInAccount returns all assignments in the account.
	AssignmentsInAccount(account string) ([]Assignment, error)
	// GroupsAssigned counts the assignments of the set in the account that are to groups.
	GroupsAssigned(account, permissionSet string) (int, error)
	// Assigned returns the one with the same account, set and principal, or NotFound.
	Assigned(a Assignment) (Assignment, error)
	// AssignmentsOf pages through the assignments of the set in the account, in order
	// of principal.
	AssignmentsOf(account, permissionSet string, p page.Request) (page.Page[Assignment], error)
	// AssignmentsTo pages through what is assigned to a user or group itself, in order
	// of account and set; in one account only, unless account is "".
	AssignmentsTo(kind PrincipalType, principal, account string, p page.Request) (page.Page[Assignment], error)
	PutAssignment(a Assignment) error
	// AddAssignments creates many that are not there yet. That their principals exist
	// is the caller's to see to.
	AddAssignments(some []Assignment) error
	// DeleteAssignment removes the one with the same account, set and principal; NotFound if there is none.
	DeleteAssignment(a Assignment) error

	// AccountsOf pages through the accounts in which the user holds at least one
	// permission set, directly or by group, in order of account id. The cost
	// depends on the page, not on how many accounts there are.
	AccountsOf(user string, p page.Request) (page.Page[account.Account], error)
	// PermissionSetsOf pages through the sets the user holds in the account, in order of name.
	PermissionSetsOf(user, account string, p page.Request) (page.Page[PermissionSet], error)
	// Holds reports whether the user holds the set in the account, directly or by group.
	Holds(user, account, permissionSet string) (bool, error)
}

// IdleRole is a set's role in an account that perhaps nobody is assigned to.
type IdleRole struct{ PermissionSet, Account string }

// RequestStore keeps requests and other work that waits.
type RequestStore interface {
	// AccessRequest returns the request, or NotFound.
	AccessRequest(id string) (Request, error)
	// AccessRequests pages through an instance's requests of a kind, newest first;
	// with a status, those only.
	AccessRequests(instance string, kind RequestKind, status RequestStatus, p page.Request) (page.Page[Request], error)
	// AccessRequestsUnderWay are at most limit of an instance's that are not done.
	AccessRequestsUnderWay(instance string, limit int) ([]Request, error)
	// DueAccessRequests are those that are not done and that nobody but holder is at
	// work on, the longest waiting first.
	DueAccessRequests(now time.Time, holder string, limit int) ([]Request, error)
	// PutAccessRequest creates or replaces it.
	PutAccessRequest(r Request) error

	// IdleRoles are accounts and sets whose assignments went with a user or group, so
	// that the set's role may be one for nobody.
	IdleRoles(limit int) ([]IdleRole, error)
	ForgetIdleRole(r IdleRole) error
}
