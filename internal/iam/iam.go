// Package iam is the identities inside an account and what they may do: users,
// groups, roles and their policies, the credentials that they hold, and the
// identity providers that the account trusts (R-20, C-01 to C-25).
//
// Each noun has a file with its type, its rules and limits, and the part of
// Store that it needs. Who may call what is authz's; how passwords and codes are
// checked is credential's.
package iam

import (
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/page"
	"sekisho/internal/secret"
)

// Kind is the kind of an identity that policies can hang on.
type Kind string

// The kinds of identity.
const (
	UserKind  Kind = "user"
	GroupKind Kind = "group"
	RoleKind  Kind = "role"
)

// Tag is a key and value on a noun, in the order in which they were given.
type Tag struct{ Key, Value string }

// User is an IAM user.
type User struct {
	ID       string // AIDA…
	Account  string
	Path     string // begins and ends with "/"
	Name     string // unique in the account ignoring case
	Boundary string // ARN of the policy that is the permissions boundary; "" for none
	Tags     []Tag
	// CreatedAt is kept to the microsecond; the wire shows seconds.
	CreatedAt time.Time
	// FromFile says that the organisation file declares it.
	FromFile bool
}

// ARN is the user's name everywhere.
func (u User) ARN() string { return arn.User(u.Account, u.Path, u.Name) }

// Group is a group of IAM users. It is no principal; it only gives its policies
// to its members.
type Group struct {
	ID        string // AGPA…
	Account   string
	Path      string
	Name      string // unique in the account ignoring case
	CreatedAt time.Time
	FromFile  bool
}

// ARN is the group's name everywhere.
func (g Group) ARN() string { return arn.Group(g.Account, g.Path, g.Name) }

// Role is an IAM role.
type Role struct {
	ID          string // AROA…
	Account     string
	Path        string // begins and ends with "/"
	Name        string // unique in the account ignoring case
	Description string
	TrustPolicy string // JSON
	// MaxSessionSeconds bounds role sessions; 3600 to 43200.
	MaxSessionSeconds int
	// PermissionSet is the id of the permission set the role was provisioned
	// from. Such a role can be changed by Identity Center only (G-46 to G-50).
	PermissionSet string
	Boundary      string // ARN; "" for none
	Tags          []Tag
	CreatedAt     time.Time
	FromFile      bool
}

// ARN is the role's name everywhere but in sessions.
func (r Role) ARN() string { return arn.Role(r.Account, r.Path, r.Name) }

// Policy is a customer managed policy, or one of AWS's that was imported
// (Account "aws").
type Policy struct {
	ID          string // ANPA…
	Account     string
	Path        string
	Name        string // unique in the account ignoring case and path
	Description string
	// DefaultVersion is the number of the version in force; LastVersion the
	// highest that was ever given, because numbers are not used again.
	DefaultVersion, LastVersion int
	Tags                        []Tag
	CreatedAt, UpdatedAt        time.Time
	FromFile                    bool
}

// ARN is the policy's name everywhere.
func (p Policy) ARN() string { return arn.Policy(p.Account, p.Path, p.Name) }

// PolicyVersion is one of at most five documents that a policy keeps.
type PolicyVersion struct {
	Policy    string // id
	Number    int    // 1 is "v1"
	Document  string // JSON as it was given
	CreatedAt time.Time
}

// InlinePolicy is a policy that is part of its owner.
type InlinePolicy struct {
	Owner    string // id of the user, group or role
	Name     string // unique for the owner
	Document string
}

// Attachment gives a managed policy to an identity.
type Attachment struct {
	Owner      string // id of the user, group or role
	OwnerKind  Kind
	Account    string // of the owner
	PolicyARN  string
	AttachedAt time.Time
}

// InstanceProfile is the container by which a machine gets a role.
type InstanceProfile struct {
	ID        string // AIPA…
	Account   string
	Path      string
	Name      string
	Role      string // id; "" for none
	Tags      []Tag
	CreatedAt time.Time
}

// ARN is the instance profile's name everywhere.
func (p InstanceProfile) ARN() string { return arn.InstanceProfile(p.Account, p.Path, p.Name) }

// AccessKey is a long-term credential.
type AccessKey struct {
	ID      string // AKIA…
	Account string
	// User is the IAM user id; "" is the root user.
	User   string
	Secret secret.String
	// Active keys sign; inactive ones are refused before the signature is looked at.
	Active    bool
	CreatedAt time.Time
}

// Noun names what is counted for an account's quotas.
type Noun string

// The nouns that are counted. The count costs the same however many there are.
const (
	Users              Noun = "users"
	Groups             Noun = "groups"
	Roles              Noun = "roles"
	Policies           Noun = "policies"
	PolicyVersions     Noun = "policy-versions"
	InstanceProfiles   Noun = "instance-profiles"
	ServerCertificates Noun = "server-certificates"
	SAMLProviders      Noun = "saml-providers"
	OIDCProviders      Noun = "oidc-providers"
	MFADevices         Noun = "mfa-devices"
	MFADevicesInUse    Noun = "mfa-devices-in-use"
)

// Store keeps all of it. Lists with a page are in order of path, then name
// ignoring case; their keys are opaque.
type Store interface {
	UserStore
	GroupStore
	RoleStore
	DeletionTaskStore
	PolicyStore
	InlinePolicyStore
	AttachmentStore
	InstanceProfileStore
	AccessKeyStore
	UseStore
	CredentialStore
	ProviderStore
	CertificateStore
	ReportStore
	WebIdentityKeyStore
	DelegationStore
	OrgReportStore
	DeclaredStore
	QuotaStore

	// IAMCount is how many of the noun the account has. Every Put and Delete of a
	// counted noun keeps it.
	IAMCount(account string, n Noun) (int, error)
}

// UserStore keeps users.
type UserStore interface {
	// IAMUser returns the user by id, IAMUserByName ignoring case; or NotFound.
	IAMUser(id string) (User, error)
	IAMUserByName(account, name string) (User, error)
	// IAMUsers pages through the users whose path begins with pathPrefix.
	IAMUsers(account, pathPrefix string, p page.Request) (page.Page[User], error)
	// PutIAMUser creates or replaces by id. A taken name is AlreadyExists.
	PutIAMUser(u User) error
	// DeleteIAMUser removes the user; what hangs on it must be gone.
	DeleteIAMUser(id string) error
	// ConsoleLogins is when each of the entities, named as Use names them, last
	// signed in to the console. Who never did is left out.
	ConsoleLogins(entities []string) (map[string]time.Time, error)
}

// GroupStore keeps groups and who is in them.
type GroupStore interface {
	IAMGroup(id string) (Group, error)
	IAMGroupByName(account, name string) (Group, error)
	IAMGroups(account, pathPrefix string, p page.Request) (page.Page[Group], error)
	PutIAMGroup(g Group) error
	DeleteIAMGroup(id string) error

	// IAMMembers pages through the group's users, in order of name.
	IAMMembers(group string, p page.Request) (page.Page[User], error)
	// IAMGroupsOf returns the user's groups in order of name; quotas keep them few.
	IAMGroupsOf(user string) ([]Group, error)
	// AddIAMMember does nothing if the user is in the group already.
	AddIAMMember(group, user string, now time.Time) error
	// RemoveIAMMember is NotFound if the user is not in the group.
	RemoveIAMMember(group, user string) error
}

// RoleStore keeps roles.
type RoleStore interface {
	Role(id string) (Role, error)
	RoleByName(account, name string) (Role, error)
	Roles(account, pathPrefix string, p page.Request) (page.Page[Role], error)
	// RoleOfPermissionSet returns the role provisioned for the set in the account, or NotFound.
	RoleOfPermissionSet(account, permissionSet string) (Role, error)
	PutRole(r Role) error
	DeleteRole(id string) error
}

// PolicyStore keeps managed policies and their versions.
type PolicyStore interface {
	// PolicyByName finds in account, or in "aws" for imported ones; or NotFound.
	PolicyByName(account, name string) (Policy, error)
	Policies(account, pathPrefix string, p page.Request) (page.Page[Policy], error)
	PutPolicy(p Policy) error
	DeletePolicy(id string) error

	PolicyVersion(policy string, number int) (PolicyVersion, error)
	// PolicyVersions returns them newest first.
	PolicyVersions(policy string) ([]PolicyVersion, error)
	PutPolicyVersion(v PolicyVersion) error
	DeletePolicyVersion(policy string, number int) error
}

// InlinePolicyStore keeps inline policies.
type InlinePolicyStore interface {
	InlinePolicy(owner, name string) (InlinePolicy, error)
	// InlinePolicies returns the owner's, in order of name.
	InlinePolicies(owner string) ([]InlinePolicy, error)
	PutInlinePolicy(p InlinePolicy) error
	DeleteInlinePolicy(owner, name string) error
}

// AttachmentStore keeps which identity has which managed policy, and which is
// bounded by which.
type AttachmentStore interface {
	// Attachments returns the owner's in order of ARN.
	Attachments(owner string) ([]Attachment, error)
	// Attach does nothing if it is attached already; Detach is NotFound if it is not.
	Attach(a Attachment) error
	// AttachAll creates many that are not there yet.
	AttachAll(some []Attachment) error
	Detach(owner, policyARN string) error
	// AttachmentsOf pages through where the account has the policy attached, in
	// order of owner; AttachmentCount counts them.
	AttachmentsOf(account, policyARN string, p page.Request) (page.Page[Attachment], error)
	AttachmentCount(account, policyARN string) (int, error)
	// BoundedBy returns the ids of users and roles that the policy bounds, in order.
	BoundedBy(account, policyARN string) ([]string, error)
}

// InstanceProfileStore keeps instance profiles.
type InstanceProfileStore interface {
	InstanceProfileByName(account, name string) (InstanceProfile, error)
	InstanceProfiles(account, pathPrefix string, p page.Request) (page.Page[InstanceProfile], error)
	// InstanceProfilesOf returns those that hold the role.
	InstanceProfilesOf(role string) ([]InstanceProfile, error)
	PutInstanceProfile(p InstanceProfile) error
	DeleteInstanceProfile(id string) error
}

// AccessKeyStore keeps long-term keys.
type AccessKeyStore interface {
	// AccessKey returns the key, or NotFound. Secrets are stored encrypted.
	AccessKey(id string) (AccessKey, error)
	// AccessKeysOf returns the keys of the user, or of the root user for "".
	AccessKeysOf(account, user string) ([]AccessKey, error)
	PutAccessKey(k AccessKey) error
	DeleteAccessKey(id string) error
}
