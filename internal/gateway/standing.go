package gateway

import (
	"context"
	"net/http"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/live"
)

// notSubscribed is AWS's answer to an account that cannot use a service.
var notSubscribed = &call.Error{
	Code: "OptInRequired", Message: "The AWS Access Key Id needs a subscription for the service", Status: http.StatusForbidden,
}

// standing refuses calls by principals of accounts that are not in use: not yet
// activated, suspended or closed. It is asked anew for every
// call, whatever credentials the account's identities still hold.
func (g *Gateway) standing(ctx context.Context, op *operation, c *call.Call) error {
	if c.Principal.Account == "" {
		return nil // nobody yet, or a person of the directory
	}
	m, err := g.Authn.Live.Membership(ctx, c.Principal.Account)
	if live.Gone(err) {
		return nil // what is left of it, authorization refuses
	}
	if err != nil || m.Status == account.Active || withoutService(op) && mayWithout(m.Status, c.Principal.Kind) {
		return err
	}
	c.Event.ErrorReason = "the account is " + string(m.Status)
	return notSubscribed
}

// withoutService reports whether an operation helps an account that cannot use
// any service to find out why and to put it right.
func withoutService(op *operation) bool {
	switch op.api.ID {
	case "support", "account":
		return true
	case "sts":
		return op.wire.Name == "GetCallerIdentity" || op.wire.Name == "GetSessionToken"
	}
	return false
}

// mayWithout reports who may call those operations: of a suspended account only the
// root user, who can put it right, and of a closed one the same, who can
// reopen it (behaviours.md 9.6). Its other identities may be in a thief's hands.
func mayWithout(s account.Status, kind call.PrincipalKind) bool {
	switch s {
	case account.PendingActivation:
		return true
	case account.Suspended, account.Closed:
		return kind == call.Root
	}
	return false
}
