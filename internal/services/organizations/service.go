// Package organizations is AWS Organizations' API: the organization, its tree of
// units and accounts, its policies, and who may run it (behaviours.md 9.6).
//
// The rules are package org's of the domain, and membership's; this package owns
// the operations' tables, what each acts on (targets.go), the service's errors, its
// events (events.go) and how things look on the wire.
package organizations

import (
	"context"
	"maps"

	"sekisho/internal/call"
	"sekisho/internal/membership"
	"sekisho/internal/store"
)

// Table guards the operations. Each noun's file has its own.
var Table = whole(
	organizationTable, accountTable, unitTable, handshakeTable,
	policyTable, policyTypeTable, effectiveTable, tagTable, delegatedTable, serviceAccessTable, resourcePolicyTable, transferTable,
)

func whole(tables ...call.Table) call.Table {
	all := make(call.Table)
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}

// Service implements the operations of Table.
type Service struct {
	Store store.DB
	// Authz decides about what an operation acts on beside what its table names.
	Authz call.Authorizer
	// Mail writes to the owners of accounts.
	Mail membership.Mail
}

// view reads; its error is one of the wire.
func (s *Service) view(ctx context.Context, fn func(store.Tx) error) error {
	return wireError(s.Store.View(ctx, fn))
}

// update changes something together with the audit event of c; its error is one
// of the wire. fn may run more than once.
func (s *Service) update(ctx context.Context, c *call.Call, fn func(store.Tx) error) error {
	return wireError(s.Store.Update(ctx, c.Event, fn))
}
