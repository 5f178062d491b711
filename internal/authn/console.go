package authn

import (
	"context"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/call"
	"sekisho/internal/live"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/token"
)

// endedConsole is what the console says when its session is over.
func endedConsole(reason string) error { return &Refusal{ExpiredToken, expiredToken, reason} }

// Console is who acts in the console by the session of that id: the root user,
// IAM user or role that signed in, or the role that they switched to. Nothing of
// it is taken from the caller: each time it is asked whether the session and all
// that it leans on still stand. A session that does not is a *Refusal.
func (a *Authenticator) Console(ctx context.Context, id string) (call.Principal, error) {
	s, p, err := a.consoleOwner(ctx, id)
	if err != nil || s.Switched.None() {
		return p, err
	}
	return a.sealedRole(ctx, s, s.Switched.Token)
}

// ConsoleOwner is Console for whoever signed in, whatever role they switched to:
// each switch starts from there (behaviours.md 8.4).
func (a *Authenticator) ConsoleOwner(ctx context.Context, id string) (call.Principal, error) {
	_, p, err := a.consoleOwner(ctx, id)
	return p, err
}

func (a *Authenticator) consoleOwner(ctx context.Context, id string) (s session.Session, p call.Principal, err error) {
	s, err = a.Live.Session(ctx, id)
	if live.Gone(err) || err == nil && !s.Live(a.Clock.Now()) {
		return s, p, endedConsole("the console session has ended")
	}
	if err != nil {
		return s, p, err
	}
	switch s.Kind {
	case session.RootUser:
		p = root(s.Account)
		err = a.accountStands(ctx, s.Account)
	case session.IAMUser:
		p, err = a.user(ctx, s.User)
	case session.Role:
		p, err = a.sealedRole(ctx, s, s.Token)
	default:
		err = endedConsole("the session is not one of the console")
	}
	if err == nil && s.Kind != session.RootUser {
		err = a.accountOpen(ctx, p.Account)
	}
	if err != nil {
		return s, p, err
	}
	p.Session, p.SessionExpires = s.ID, s.ExpiresAt
	if p.Temporary == nil {
		// Policies see the console's calls as those of temporary credentials.
		p.Temporary = &token.Session{Kind: token.UserSession, Account: s.Account, Entity: p.Entity,
			IssuedAt: s.CreatedAt.Unix(), ExpiresAt: s.ExpiresAt.Unix(), MFAAt: unix(s.MFAAt)}
	}
	return s, p, nil
}

// accountOpen ends the sessions of everybody but the root user in an account that
// was suspended or closed: only the root user can do anything about it.
func (a *Authenticator) accountOpen(ctx context.Context, id string) error {
	m, err := a.Live.Membership(ctx, id)
	if live.Gone(err) || err == nil && (m.Status == account.Suspended || m.Status == account.Closed) {
		return endedConsole("the account is not in use")
	}
	return err
}

// sealedRole is the role session in a sealed token that a console session keeps.
func (a *Authenticator) sealedRole(ctx context.Context, s session.Session, sealed secret.String) (call.Principal, error) {
	t, err := a.opened.open(a.Sessions, sealed.Reveal())
	if err != nil {
		return call.Principal{}, endedConsole("the role's token cannot be read")
	}
	p := principalOf(t)
	if t.Expired(a.Clock.Now()) {
		return p, endedConsole("the role session is past its time")
	}
	if err := a.stands(ctx, t, &p); err != nil {
		return p, err
	}
	p.Session, p.SessionExpires = s.ID, s.ExpiresAt
	return p, nil
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}
