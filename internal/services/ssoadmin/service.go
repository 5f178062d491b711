// Package ssoadmin is the API by which IAM Identity Center is administered: instances,
// permission sets, assignments, applications and trusted token issuers (behaviours.md 6).
//
// The rules are those of packages access and application; this package owns the operations'
// tables, the service's errors and how things look on the wire.
package ssoadmin

import (
	"context"
	"maps"

	"sekisho/internal/call"
	"sekisho/internal/store"
)

// Table guards the operations. Each noun's file has its own.
var Table = whole(applicationTable, applicationAssignmentTable, applicationOAuthTable, tokenIssuerTable)

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
	// Authz decides about what an operation does beside acting on its first resource.
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
