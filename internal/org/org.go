// Package org is the organization: one management account, the member accounts
// under it in a tree of organisational units, and the policies that come down on
// them (F-01 to F-13, behaviours.md 9.6).
//
// It owns the organization's own facts, who belongs to it and where, and what is
// attached to what. The accounts themselves are account's; what a policy means is
// policy's.
package org

import (
	"strings"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/page"
)

// FeatureSet is what an organization is for.
type FeatureSet string

// The feature sets.
const (
	AllFeatures         FeatureSet = "ALL"
	ConsolidatedBilling FeatureSet = "CONSOLIDATED_BILLING"
)

// Organization is a management account with its members.
type Organization struct {
	ID                string // o- and 10 lower-case letters and digits
	ManagementAccount string
	Root              string // r- and 4 lower-case letters and digits
	Features          FeatureSet
	PolicyTypes       []PolicyType // that are enabled on the root, in order
	AccountLimit      int          // how many accounts it can have; 0 is DefaultAccounts
	CreatedAt         time.Time
}

// Path is the place of what is directly under the root: the organization's and
// the root's id, each with a slash.
func (o Organization) Path() string { return o.ID + "/" + o.Root + "/" }

// Enabled reports whether policies of the type count.
func (o Organization) Enabled(t PolicyType) bool {
	for _, have := range o.PolicyTypes {
		if have == t {
			return true
		}
	}
	return false
}

// Unit is an organisational unit.
type Unit struct {
	ID           string // ou-, the root's 4 characters, - and 8 more
	Organization string
	Parent       string // the root's or a unit's id
	Name         string // 1 to 128 characters, unique under its parent
	// Path is of ids, from the organization down to the unit itself, each with a slash.
	Path      string
	CreatedAt time.Time
	FromFile  bool
}

// MaxDepth is how deep units nest below the root (behaviours.md 1.6).
const MaxDepth = 5

// Levels are the ids to which policies are attached that come down on an account:
// the root, the units on the way, and the account itself. It is nil for one in no
// organization.
func Levels(a account.Account) []string {
	if a.Standalone() {
		return nil
	}
	return append(Above(a.OrgPath), a.ID)
}

// Above are the root and the units of a path of ids, from the root down.
func Above(path string) []string {
	ids := strings.Split(strings.TrimSuffix(path, "/"), "/")
	return ids[1:]
}

// Store keeps organizations.
type Store interface {
	ClosureStore
	CreationStore
	DelegateStore
	HandshakeStore
	VerificationStore
	ResourcePolicyStore
	TagStore
	TransferStore
	TrustStore

	// Organization returns it, or NotFound.
	Organization(id string) (Organization, error)
	// OrganizationManagedBy returns the one that the account manages, or NotFound.
	OrganizationManagedBy(account string) (Organization, error)
	// PutOrganization creates or replaces it.
	PutOrganization(o Organization) error
	// DeleteOrganization removes it with its units, policies, attachments and
	// transfers. Its accounts are the caller's to see to.
	DeleteOrganization(id string) error

	// Unit returns the unit, or NotFound.
	Unit(id string) (Unit, error)
	// UnitByName returns the unit of that name under a root or unit, or NotFound.
	UnitByName(parent, name string) (Unit, error)
	// UnitsUnder pages through the units directly under a root or unit, in order of id.
	UnitsUnder(parent string, p page.Request) (page.Page[Unit], error)
	// UnitCount is how many units the organization has.
	UnitCount(organization string) (int, error)
	// PutUnit creates or replaces it. A name that is taken under the parent is AlreadyExists.
	PutUnit(u Unit) error
	DeleteUnit(id string) error

	// OrgPolicy returns a policy that somebody made, or NotFound; [Find] knows AWS's as well.
	OrgPolicy(id string) (Policy, error)
	// OrgPolicies pages through the organization's own policies of the type, in order of name.
	OrgPolicies(organization string, t PolicyType, p page.Request) (page.Page[Policy], error)
	// PutOrgPolicy creates or replaces it. A taken name is AlreadyExists.
	PutOrgPolicy(p Policy) error
	// DeleteOrgPolicy removes it with its attachments.
	DeleteOrgPolicy(id string) error

	// OrgPolicyCount is how many policies of the type the organization has made.
	OrgPolicyCount(organization string, t PolicyType) (int, error)

	// AttachedOrgPolicies are the ids of the policies of the type that are attached
	// to the target, in the order in which they were attached.
	AttachedOrgPolicies(target string, t PolicyType) ([]string, error)
	// OrgPolicyTargets pages through the ids of what the policy is attached to, in order.
	OrgPolicyTargets(organization, policy string, p page.Request) (page.Page[string], error)
	// AttachOrgPolicy attaches it; twice is no error.
	AttachOrgPolicy(organization, target string, p Policy) error
	// AttachOrgPolicyEverywhere attaches it to the root, all units and all accounts.
	AttachOrgPolicyEverywhere(o Organization, p Policy) error
	// DetachOrgPolicy is NotFound if it is not attached.
	DetachOrgPolicy(target, policy string) error
	// DetachOrgPolicies detaches all policies of the type from everything in the
	// organization, or, with target, all of every type from that.
	DetachOrgPolicies(organization string, t PolicyType, target string) error
}

// Tx is what most rules of organizations need.
type Tx interface {
	account.Store
	Store
}

// ErrNone says that there is no organization.
var ErrNone = fault.New(fault.NotFound, "no-organization", "Your account is not a member of an organization.")

// Of returns the organization that the account belongs to, or NotFound.
func Of(tx Tx, accountID string) (Organization, error) {
	a, err := tx.Account(accountID)
	if err != nil {
		return Organization{}, err
	}
	if a.Standalone() {
		return Organization{}, ErrNone
	}
	return tx.Organization(a.Organization)
}
