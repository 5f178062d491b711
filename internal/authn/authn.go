// Package authn finds out who is asking: by Signature Version 4 with a
// long-term key or with a sealed session token, or by a portal access token.
//
// It owns the order of the checks and what each failure may tell the caller
// (behaviours.md 2.3). Browser cookies are the surfaces' own; what a principal
// may do is authz's.
package authn

import (
	"context"
	"errors"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/clock"
	"sekisho/internal/live"
	"sekisho/internal/secret"
	"sekisho/internal/sigv4"
	"sekisho/internal/token"
)

// Why is the class of a refusal; the gateway has a code for each in each protocol.
type Why uint8

// The classes of refusal.
const (
	MissingToken Why = iota + 1
	Incomplete
	UnknownKey
	ExpiredToken
	BadSignature
	Malformed
)

// Refusal is the error for a caller who is not who it would have to be.
// Message may be told; Reason is for the audit trail.
type Refusal struct {
	Why     Why
	Message string
	Reason  string
}

// Error is the text for logs.
func (r *Refusal) Error() string { return r.Reason + ": " + r.Message }

const (
	invalidToken = "The security token included in the request is invalid."
	expiredToken = "The security token included in the request is expired"

	temporaryKey = arn.PrefixTemporaryKeyID
)

func unknown(reason string) error { return &Refusal{UnknownKey, invalidToken, reason} }

// Authenticator authenticates calls. Its fields are set once, before use.
type Authenticator struct {
	Live     *live.Cache
	Sessions token.Sessions
	Clock    clock.Clock
	// SigningKeys caches derived keys.
	SigningKeys *sigv4.KeyCache

	opened openedSessions
}

// Signed is what a valid signature proves.
type Signed struct {
	Principal call.Principal
	Region    string // of the credential scope
}

// Signature authenticates a signed request for the service of that signing
// name. window is how far the clocks may differ. Failures are *Refusal, or any
// other error when the store could not be asked.
func (a *Authenticator) Signature(ctx context.Context, r *sigv4.Request, body []byte, signingName string, window time.Duration) (Signed, error) {
	sig, err := sigv4.Parse(r)
	if err != nil {
		return Signed{}, refusal(err)
	}
	if err := sig.CheckScope(signingName); err != nil {
		return Signed{}, refusal(err)
	}
	now := a.Clock.Now()
	var (
		principal call.Principal
		key       secret.String
		longTerm  bool
	)
	if len(sig.AccessKeyID) >= 4 && sig.AccessKeyID[:4] == temporaryKey {
		principal, key, err = a.temporary(ctx, sig, now)
	} else {
		longTerm = true
		principal, key, err = a.accessKey(ctx, sig.AccessKeyID)
	}
	if err != nil {
		return Signed{Principal: principal}, err
	}
	if err := sig.CheckTime(now, window); err != nil {
		return Signed{Principal: principal}, refusal(err)
	}
	signingKey := a.SigningKeys.Derive([]byte(key.Reveal()), sig.Date, sig.Region, sig.Service)
	payload := sigv4.HashPayload(body)
	payload.AllowUnsigned = true // the caller says so under its own signature
	if err := sig.Verify(signingKey, payload); err != nil {
		return Signed{Principal: principal}, refusal(err)
	}
	if signingName == "iam" && mayNotIAM(principal.Temporary) {
		return Signed{Principal: principal}, unknown("a session of this kind may not call IAM")
	}
	if longTerm && sig.SecurityToken != "" {
		return Signed{Principal: principal}, unknown("long-term key with a session token")
	}
	return Signed{principal, sig.Region}, nil
}

func (a *Authenticator) accessKey(ctx context.Context, id string) (p call.Principal, key secret.String, err error) {
	k, err := a.Live.AccessKey(ctx, id)
	if live.Gone(err) {
		return p, key, unknown("no such access key")
	}
	if err != nil {
		return p, key, err
	}
	if k.User == "" {
		p = root(k.Account)
	} else if p, err = a.user(ctx, k.User); err != nil {
		return p, key, err
	}
	p.AccessKeyID = k.ID
	if !k.Active {
		return p, key, unknown("the access key is inactive")
	}
	return p, k.Secret, nil
}

func root(account string) call.Principal {
	return call.Principal{Kind: call.Root, Account: account, ARN: arn.Root(account), EntityARN: arn.Root(account), UserID: account, UserName: "root"}
}

// user is an IAM user as principal.
func (a *Authenticator) user(ctx context.Context, id string) (call.Principal, error) {
	u, err := a.Live.IAMUser(ctx, id)
	if live.Gone(err) {
		return call.Principal{}, unknown("the user is gone")
	}
	if err != nil {
		return call.Principal{}, err
	}
	return call.Principal{
		Kind: call.IAMUser, Account: u.Account, ARN: u.ARN(), UserID: u.ID, UserName: u.Name, Entity: u.ID, EntityARN: u.ARN(),
	}, nil
}

// invalidBearer is what the portal says to every token that is not good.
func invalidBearer(reason string) error {
	return &Refusal{UnknownKey, "Session token not found or invalid", reason}
}

const maxBearer = 1024

// Bearer authenticates a portal access token.
func (a *Authenticator) Bearer(ctx context.Context, accessToken secret.String) (call.Principal, error) {
	var p call.Principal
	if accessToken.Empty() || len(accessToken.Reveal()) > maxBearer {
		return p, invalidBearer("no access token")
	}
	b, err := a.Live.Bearer(ctx, accessToken.Hash())
	if live.Gone(err) {
		return p, invalidBearer("no such access token")
	}
	if err != nil {
		return p, err
	}
	p = call.Principal{Kind: call.PortalUser, ARN: b.Grant.User, UserID: b.Grant.User, DirectoryUser: b.Grant.User, Session: b.Grant.Session}
	now := a.Clock.Now()
	if !now.Before(b.Token.ExpiresAt) {
		return p, invalidBearer("the access token has expired")
	}
	if !b.Grant.EndedAt.IsZero() {
		return p, invalidBearer("the grant was ended: " + b.Grant.EndReason)
	}
	return a.PortalUser(ctx, p)
}

// PortalUser completes the principal behind a portal session, for p.Session and
// p.DirectoryUser, if both are still good.
func (a *Authenticator) PortalUser(ctx context.Context, p call.Principal) (call.Principal, error) {
	s, err := a.Live.Session(ctx, p.Session)
	if live.Gone(err) || err == nil && !s.Live(a.Clock.Now()) {
		return p, invalidBearer("the portal session has ended")
	}
	if err != nil {
		return p, err
	}
	user, err := a.Live.User(ctx, p.DirectoryUser)
	if live.Gone(err) || err == nil && user.Disabled {
		return p, invalidBearer("the user is disabled or deleted")
	}
	if err != nil {
		return p, err
	}
	p.UserName, p.SessionExpires = user.UserName, s.ExpiresAt
	return p, nil
}

func refusal(err error) error {
	e, ok := errors.AsType[*sigv4.Error](err)
	if !ok {
		return err
	}
	why := BadSignature
	switch e.Code {
	case sigv4.MissingAuthenticationToken:
		why = MissingToken
	case sigv4.IncompleteSignature:
		why = Incomplete
	case sigv4.MalformedInput:
		why = Malformed
	}
	return &Refusal{why, e.Message, "signature"}
}
