// Package account is AWS Account Management's API: the name, the contacts, the
// e-mail address and the regions of the caller's account, or of a member of the
// organization that the caller's account manages (behaviours.md 9.5).
//
// What may be said of an account is package account's of the domain; this package
// owns the operations' table, what each acts on (targets.go), the service's errors
// and the words of its mail.
package account

import (
	"context"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/notify"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

// Table guards the operations.
var Table = call.Table{
	"GetAccountInformation":         {Action: "account:GetAccountInformation", Resource: "account", ReadOnly: true},
	"PutAccountName":                {Action: "account:PutAccountName", Resource: "account"},
	"GetGovCloudAccountInformation": {Action: "account:GetGovCloudAccountInformation", Resource: "account", ReadOnly: true},

	"GetContactInformation":  {Action: "account:GetContactInformation", Resource: "account", ReadOnly: true},
	"PutContactInformation":  {Action: "account:PutContactInformation", Resource: "account"},
	"GetAlternateContact":    {Action: "account:GetAlternateContact", Resource: "account", ReadOnly: true},
	"PutAlternateContact":    {Action: "account:PutAlternateContact", Resource: "account"},
	"DeleteAlternateContact": {Action: "account:DeleteAlternateContact", Resource: "account"},

	"GetPrimaryEmail":             {Action: "account:GetPrimaryEmail", Resource: "account", ReadOnly: true},
	"StartPrimaryEmailUpdate":     {Action: "account:StartPrimaryEmailUpdate", Resource: "account"},
	"AcceptPrimaryEmailUpdate":    {Action: "account:AcceptPrimaryEmailUpdate", Resource: "account"},
	"GetPrimaryEmailUpdateStatus": {Action: "account:GetPrimaryEmailUpdateStatus", Resource: "account", ReadOnly: true},

	"ListRegions":        {Action: "account:ListRegions", Resource: "account", ReadOnly: true},
	"GetRegionOptStatus": {Action: "account:GetRegionOptStatus", Resource: "account", ReadOnly: true},
	"EnableRegion":       {Action: "account:EnableRegion", Resource: "account"},
	"DisableRegion":      {Action: "account:DisableRegion", Resource: "account"},
}

// Service implements the operations of Table.
type Service struct {
	Store store.DB
	// Senders are whom mail to accounts is from.
	Senders notify.Senders
}

// view reads about the account that the caller means by id (nil is its own); its
// error is one of the wire.
func (s *Service) view(ctx context.Context, c *call.Call, id *string, fn func(store.Tx, account.Account) error) error {
	return wireError(c, s.Store.View(ctx, func(tx store.Tx) error {
		a, err := reach(tx, c, id)
		if err != nil {
			return err
		}
		return fn(tx, a)
	}))
}

// update changes the account that the caller means by id, together with the audit
// event of c, of which a member account learns; its error is one of the wire. fn
// may run more than once.
func (s *Service) update(ctx context.Context, c *call.Call, id *string, fn func(store.Tx, account.Account) error) error {
	return wireError(c, s.Store.Update(ctx, c.Event, func(tx store.Tx) error {
		a, err := reach(tx, c, id)
		if err != nil {
			return err
		}
		if a.ID != c.Principal.Account {
			c.Event.Shared = a.ID
		}
		return fn(tx, a)
	}))
}

func reach(tx store.Tx, c *call.Call, id *string) (account.Account, error) {
	if id == nil {
		return org.Reach(tx, c.Principal.Account, "")
	}
	return org.Reach(tx, c.Principal.Account, *id)
}
