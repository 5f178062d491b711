// Package organizations is AWS Organizations' API: the organization, its tree of
// units and accounts, its policies, and who may run it (behaviours.md 9.6).
//
// The rules are package org's of the domain; this package owns the operations'
// tables, the service's errors and how things look on the wire.
package organizations

import (
	"context"
	"maps"

	"sekisho/internal/call"
	"sekisho/internal/store"
)

// Table guards the operations. Each noun's file has its own.
var Table = whole(
	policyTable, policyTypeTable, effectiveTable, serviceAccessTable, delegatedTable, resourcePolicyTable, tagTable,
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
	// Authz decides about what an operation does beside its own action.
	Authz call.Authorizer
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
