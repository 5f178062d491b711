// Package iam is the identities inside an account: so far roles, the SAML
// provider that Identity Center's roles trust, and access keys of root users.
package iam

import (
	"time"

	"sekisho/internal/secret"
)

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
	CreatedAt     time.Time
}

// SAMLProvider is an identity provider object that a trust policy names.
type SAMLProvider struct {
	Account   string
	Name      string
	CreatedAt time.Time
	ExpiresAt time.Time
}

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

// Store keeps roles, SAML providers and access keys.
type Store interface {
	// RoleOfPermissionSet returns the role provisioned for the set in the account, or NotFound.
	RoleOfPermissionSet(account, permissionSet string) (Role, error)
	// RolesOfPermissionSet returns the set's roles in all accounts.
	RolesOfPermissionSet(permissionSet string) ([]Role, error)
	PutRole(r Role) error
	DeleteRole(id string) error

	// SAMLProviders returns the account's providers in order of name.
	SAMLProviders(account string) ([]SAMLProvider, error)
	PutSAMLProvider(p SAMLProvider) error
	DeleteSAMLProvider(account, name string) error

	// AccessKey returns the key, or NotFound. Secrets are stored encrypted.
	AccessKey(id string) (AccessKey, error)
	// AccessKeysOf returns the keys of the user, or of the root user for "".
	AccessKeysOf(account, user string) ([]AccessKey, error)
	PutAccessKey(k AccessKey) error
	DeleteAccessKey(id string) error
}
