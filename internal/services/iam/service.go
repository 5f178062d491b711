// Package iam is AWS Identity and Access Management's API: SDK input to domain,
// domain to SDK output, one file for each noun.
//
// What a user, a role or a policy may be is package iam's of the domain; this
// package owns the operations' table, how faults become the service's errors,
// and what each operation acts on (targets.go).
package iam

import (
	"context"

	"sekisho/internal/call"
	"sekisho/internal/credential"
	"sekisho/internal/keys"
	"sekisho/internal/live"
	"sekisho/internal/notify"
	"sekisho/internal/store"
)

// Service implements the operations of Table. Fields are set before use.
type Service struct {
	Store store.DB
	Live  *live.Cache
	// Authz decides about what an operation does beside its own action.
	Authz call.Authorizer
	// Thumbprint fetches that of an OpenID Connect provider's certificate authority
	// from its server; url has a scheme. With nil, callers must give one.
	Thumbprint func(ctx context.Context, url string) (string, error)
	// Issuer is the URL under which an account issues web identity tokens, given the
	// account's identifier as their issuer.
	Issuer func(account, id string) string
	// Ring seals the tokens of delegation requests.
	Ring *keys.Ring
	// Hasher hashes passwords.
	Hasher *credential.Hasher
	// Senders are whom mail to owners of accounts is from.
	Senders notify.Senders

	simulations simulations
}

// Table guards the operations.
var Table = merged(userTable, groupTable, aliasTable, instanceProfileTable, roleTable, policyTable, inlineTable,
	attachmentTable, credentialTable, providerTable, certificateTable, reportTable, organizationTable)

func merged(tables ...call.Table) call.Table {
	all := make(call.Table)
	for _, t := range tables {
		for name, rule := range t {
			if _, twice := all[name]; twice {
				panic("iam: " + name + " is in two tables")
			}
			all[name] = rule
		}
	}
	return all
}

// view reads in one snapshot; its error is one of the wire.
func (s *Service) view(ctx context.Context, fn func(store.Tx) error) error {
	return wireError(s.Store.View(ctx, fn))
}

// update changes, together with the audit event of c; its error is one of the
// wire. fn may run more than once.
func (s *Service) update(ctx context.Context, c *call.Call, fn func(store.Tx) error) error {
	return wireError(s.Store.Update(ctx, c.Event, fn))
}
