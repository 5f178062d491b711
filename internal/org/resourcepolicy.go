package org

// ResourcePolicy is the policy of the organization itself: it lets member accounts
// do what is the management account's otherwise.
type ResourcePolicy struct {
	ID           string // rp- and 10 lower-case letters and digits
	Organization string
	Document     string // JSON, as it was given
}

// ResourcePolicyStore keeps them, one for an organization.
type ResourcePolicyStore interface {
	// OrgResourcePolicy returns the organization's, or NotFound.
	OrgResourcePolicy(organization string) (ResourcePolicy, error)
	// PutOrgResourcePolicy creates or replaces it.
	PutOrgResourcePolicy(p ResourcePolicy) error
	// DeleteOrgResourcePolicy is NotFound if there is none.
	DeleteOrgResourcePolicy(organization string) error
}
