// Package access is what Identity Center gives people: the instance with its
// settings, permission sets, who is assigned what in which account, and the
// roles provisioned for that (behaviours.md 6.1 to 6.5).
//
// It owns the rules of assignment and provisioning. People are directory's,
// the role objects are iam's, sessions are session's.
package access

import (
	"regexp"
	"time"
	"unicode/utf8"

	"sekisho/internal/account"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/page"
)

// Limits of sessions (H-19, H-20, behaviours.md 6.5).
const (
	DefaultPortalSession = 8 * time.Hour
	MinPortalSession     = 15 * time.Minute
	MaxPortalSession     = 90 * 24 * time.Hour
	DefaultRoleSession   = time.Hour
	MinRoleSession       = time.Hour
	MaxRoleSession       = 12 * time.Hour
)

// Instance is the organisation's Identity Center.
type Instance struct {
	ID              string // ssoins- and 16 lower-case letters and digits
	DirectoryID     string // d- and 10 hex digits: the identity store, and the portal's first name
	Region          string
	Subdomain       string // the portal's chosen name; "" for none. Set once, never changed (D-04)
	SessionDuration time.Duration
	Owner           string // the management account
	CreatedAt       time.Time
}

// PermissionSet is a named collection of permissions that becomes a role in
// every account where it is assigned.
type PermissionSet struct {
	ID              string // ps- and 16 characters
	Name            string // 1 to 32 of [\w+=,.@-], unique
	Description     string // at most 700 characters
	SessionDuration time.Duration
	RelayState      string
	ManagedPolicies []string // ARNs of AWS managed policies
	// CustomerPolicies are references by path and name, as "/path/name".
	CustomerPolicies []string
	InlinePolicy     string // JSON, at most 32,768 characters
	Boundary         string // policy ARN, or "/path/name" of a customer managed policy
	CreatedAt        time.Time
	FromFile         bool
}

// PrincipalType says whether an assignment is to a user or to a group.
type PrincipalType string

// The principal types of the wire.
const (
	ToUser  PrincipalType = "USER"
	ToGroup PrincipalType = "GROUP"
)

// Assignment gives a user or group a permission set in an account.
type Assignment struct {
	Account       string
	PermissionSet string // id
	PrincipalType PrincipalType
	PrincipalID   string
	CreatedAt     time.Time
	FromFile      bool
}

// Store keeps the instance, permission sets and assignments.
type Store interface {
	account.Store
	directory.Store
	iam.Store

	// Instance returns the instance, or NotFound before there is one.
	Instance() (Instance, error)
	PutInstance(i Instance) error

	PermissionSet(id string) (PermissionSet, error)
	PermissionSetByName(name string) (PermissionSet, error)
	PermissionSets() ([]PermissionSet, error)
	PutPermissionSet(p PermissionSet) error
	DeletePermissionSet(id string) error

	// Assignments returns all assignments in a stable order.
	Assignments() ([]Assignment, error)
	// AssignmentsIn counts the assignments of the set in the account.
	AssignmentsIn(account, permissionSet string) (int, error)
	PutAssignment(a Assignment) error
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

var (
	permissionSetName = regexp.MustCompile(`^[\w+=,.@-]{1,32}$`)
	subdomain         = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	instanceID        = regexp.MustCompile(`^ssoins-[0-9a-z]{16}$`) // a host name's label, too
	directoryID       = regexp.MustCompile(`^d-[0-9a-f]{10}$`)
	regionName        = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d$`)
)

// Named reports whether name, in lower case, is one of the names under which the
// instance's portal is known: directory id, instance id or subdomain.
func (i Instance) Named(name string) bool {
	return name != "" && (name == i.DirectoryID || name == i.ID || name == i.Subdomain)
}

// PortalName is the name in the portal's address: the subdomain if there is one.
func (i Instance) PortalName() string {
	if i.Subdomain != "" {
		return i.Subdomain
	}
	return i.DirectoryID
}

// Validate checks the instance's settings.
func (i Instance) Validate() error {
	switch {
	case !instanceID.MatchString(i.ID):
		return fault.New(fault.Invalid, "instance-id", "instance_id %q must be ssoins- and 16 lower-case letters and digits", i.ID)
	case !directoryID.MatchString(i.DirectoryID):
		return fault.New(fault.Invalid, "directory-id", "directory_id %q must be d- and 10 lower-case hex digits", i.DirectoryID)
	case !regionName.MatchString(i.Region):
		return fault.New(fault.Invalid, "region", "region %q is not a region name such as us-east-1", i.Region)
	case i.Subdomain != "" && (!subdomain.MatchString(i.Subdomain) || directoryID.MatchString(i.Subdomain) || i.Subdomain == "view"):
		return fault.New(fault.Invalid, "subdomain", "subdomain %q must be 1 to 63 lower-case letters, digits and hyphens, and not a directory id or \"view\"", i.Subdomain)
	case i.SessionDuration < MinPortalSession || i.SessionDuration > MaxPortalSession || i.SessionDuration%time.Second != 0:
		return fault.New(fault.Invalid, "session-duration", "the portal's session_duration must be between 15 minutes and 90 days, in whole seconds")
	}
	return nil
}

// Validate checks the set against AWS's limits (behaviours.md 1.4, 1.7).
func (p PermissionSet) Validate() error {
	switch {
	case !permissionSetName.MatchString(p.Name):
		return fault.New(fault.Invalid, "permission-set-name", "permission set name %q must be 1 to 32 of letters, digits and +=,.@_-", p.Name)
	case utf8.RuneCountInString(p.Description) > 700:
		return fault.New(fault.Invalid, "description", "the description of permission set %q must be at most 700 characters", p.Name)
	case p.SessionDuration < MinRoleSession || p.SessionDuration > MaxRoleSession || p.SessionDuration%time.Second != 0:
		return fault.New(fault.Invalid, "session-duration", "session_duration of permission set %q must be between 1 and 12 hours, in whole seconds", p.Name)
	case len(p.RelayState) > 240:
		return fault.New(fault.Invalid, "relay-state", "relay_state of permission set %q must be at most 240 characters", p.Name)
	case len(p.InlinePolicy) > 32768:
		return fault.New(fault.Invalid, "inline-policy", "inline_policy of permission set %q must be at most 32768 characters", p.Name)
	case len(p.ManagedPolicies)+len(p.CustomerPolicies) > 25:
		return fault.New(fault.Limit, "policies", "permission set %q has more than 25 managed policies", p.Name)
	}
	return nil
}
