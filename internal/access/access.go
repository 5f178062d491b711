// Package access is what Identity Center gives people: the instance with its
// settings, permission sets, who is assigned what in which account, and the
// roles provisioned for that (behaviours.md 6.1 to 6.5).
//
// It owns the rules of assignment and provisioning, and how long work on them is
// done: as requests, a step at a time (request.go, step.go). Who carries the steps
// out is app's. People are directory's, the role objects are iam's, sessions are
// session's, applications are application's.
package access

import (
	"regexp"
	"time"
	"unicode/utf8"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
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

// Instance is an IAM Identity Center: an organization's, or one account's own.
type Instance struct {
	ID              string // ssoins- and 16 lower-case letters and digits
	DirectoryID     string // d- and 10 hex digits: the identity store, and the portal's first name
	Region          string
	Subdomain       string // the portal's chosen name; "" for none. Set once, never changed (D-04)
	Name            string // at most 255 characters; "" for none
	Organization    string // "" for an account's own instance
	Owner           string // the management account, or whose own it is
	Status          InstanceStatus
	SessionDuration time.Duration
	MFA             MFA
	// EmailOTP mails a code to people without a password who first sign in
	// (behaviours.md 6.6).
	EmailOTP  bool
	Tags      []iam.Tag
	CreatedAt time.Time
}

// InstanceStatus is where an instance is in its life (behaviours.md 6.1).
type InstanceStatus string

// The states that we have: making one takes no time.
const (
	InstanceActive   InstanceStatus = "ACTIVE"
	InstanceDeleting InstanceStatus = "DELETE_IN_PROGRESS"
)

// MFA is what an instance asks of people beside their password (G-52,
// behaviours.md 6.7).
type MFA struct {
	Prompt   Prompt
	Types    []MFAType // that people may register, in order
	NoDevice NoDevice  // what becomes of people without a device when one is asked for
	// SelfService lets people add and manage their own devices.
	SelfService bool
}

// Prompt is when a second factor is asked for.
type Prompt string

// MFAType is a kind of MFA device.
type MFAType string

// NoDevice is what happens to people who have no device.
type NoDevice string

// The settings' values.
const (
	ContextAware Prompt = "CONTEXT_AWARE" // only when the sign-in context changes
	AlwaysOn     Prompt = "ALWAYS_ON"
	Never        Prompt = "DISABLED"

	WebAuthn MFAType = "WEBAUTHN" // security keys and built-in authenticators
	TOTP     MFAType = "TOTP"     // authenticator apps

	RequireRegistration NoDevice = "REQUIRE_REGISTRATION"
	RequireEmailOTP     NoDevice = "EMAIL_OTP"
	BlockSignIn         NoDevice = "BLOCK"
	AllowSignIn         NoDevice = "ALLOW"
)

// DefaultMFA is what a new instance asks: a device from those who have one.
func DefaultMFA() MFA {
	return MFA{Prompt: ContextAware, Types: []MFAType{WebAuthn, TOTP}, NoDevice: AllowSignIn, SelfService: true}
}

// NewInstance is an instance that is not kept yet; an organization's if it is given.
func NewInstance(owner, organization, region string, now time.Time) Instance {
	return Instance{
		ID: arn.NewHexID("ssoins-", 16), DirectoryID: arn.NewHexID("d-", 10), Region: region, Organization: organization, Owner: owner,
		Status: InstanceActive, SessionDuration: DefaultPortalSession, MFA: DefaultMFA(), CreatedAt: now,
	}
}

// PermissionSet is a named collection of permissions that becomes a role in
// every account where it is assigned.
type PermissionSet struct {
	ID              string // ps- and 16 characters
	Instance        string
	Name            string // 1 to 32 of [\w+=,.@-], unique
	Description     string // at most 700 characters
	SessionDuration time.Duration
	RelayState      string
	ManagedPolicies []string // ARNs of AWS managed policies
	// CustomerPolicies are references by path and name, as "/path/name".
	CustomerPolicies []string
	InlinePolicy     string // JSON, at most 32,768 characters
	Boundary         string // policy ARN, or "/path/name" of a customer managed policy
	Tags             []iam.Tag
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
	case !instanceName.MatchString(i.Name):
		return fault.New(fault.Invalid, "instance-name", "The name of an instance must be at most 255 letters, digits and +=,.@_-")
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
