// Package org is the organization: one management account and the member
// accounts under it.
//
// It owns the organization's own facts; the accounts are account's.
package org

import (
	"strings"
	"time"

	"sekisho/internal/fault"
)

// Organization is the one organization that this server holds.
type Organization struct {
	ID                string // o- and 10 lower-case letters and digits
	ManagementAccount string
	CreatedAt         time.Time
}

// RootID is the id of the root of its tree: r- and 4 characters, made of its own id.
func (o Organization) RootID() string {
	id := strings.TrimPrefix(o.ID, "o-")
	return "r-" + (id + "0000")[:4]
}

// PolicyType is what a policy of the organization controls.
type PolicyType string

// The types that decide about calls.
const (
	ServiceControl  PolicyType = "SERVICE_CONTROL_POLICY"
	ResourceControl PolicyType = "RESOURCE_CONTROL_POLICY"
)

// Policy is a policy of the organization.
type Policy struct {
	ID       string // p- and 8 lower-case letters and digits
	Type     PolicyType
	Name     string // unique for its type
	Document string // JSON
	// Targets are where it is attached: Root, OU paths and account ids, in order.
	Targets  []string
	FromFile bool
}

// Root is the target that stands for the whole organization. OU paths have no
// leading slash and account ids are digits, so it is neither.
const Root = "/"

// Levels are the targets from the organization's root down to the account,
// whose OU path is given.
func Levels(account, ouPath string) []string {
	levels := []string{Root}
	for i := range len(ouPath) {
		if ouPath[i] == '/' {
			levels = append(levels, ouPath[:i])
		}
	}
	if ouPath != "" {
		levels = append(levels, ouPath)
	}
	return append(levels, account)
}

// Store keeps the organization.
type Store interface {
	// Organization returns it, or a NotFound fault before there is one.
	Organization() (Organization, error)
	// PutOrganization creates or replaces it.
	PutOrganization(o Organization) error

	// OrgPolicies returns all policies of the type with their targets, in order of name.
	OrgPolicies(t PolicyType) ([]Policy, error)
	// OrgPoliciesOn returns those that are attached to the target, in order of name.
	OrgPoliciesOn(target string, t PolicyType) ([]Policy, error)
	// PutOrgPolicy creates or replaces the policy and its targets. A taken name is AlreadyExists.
	PutOrgPolicy(p Policy) error
	DeleteOrgPolicy(id string) error
}

// ErrNone says that there is no organization yet.
var ErrNone = fault.New(fault.NotFound, "no-organization", "There is no organization.")
