// Package org is the organization: one management account and the member
// accounts under it.
//
// It owns the organization's own facts; the accounts are account's.
package org

import (
	"time"

	"sekisho/internal/fault"
)

// Organization is the one organization that this server holds.
type Organization struct {
	ID                string // o- and 10 lower-case letters and digits
	ManagementAccount string
	CreatedAt         time.Time
}

// Store keeps the organization.
type Store interface {
	// Organization returns it, or a NotFound fault before there is one.
	Organization() (Organization, error)
	// PutOrganization creates or replaces it.
	PutOrganization(o Organization) error
}

// ErrNone says that there is no organization yet.
var ErrNone = fault.New(fault.NotFound, "no-organization", "There is no organization.")
