package authn

import (
	"context"
	"sync"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/call"
	"sekisho/internal/live"
	"sekisho/internal/secret"
	"sekisho/internal/sigv4"
	"sekisho/internal/token"
)

// temporary opens the session token and checks that all it leans on stands.
func (a *Authenticator) temporary(ctx context.Context, sig *sigv4.Signature, now time.Time) (p call.Principal, key secret.String, err error) {
	if sig.SecurityToken == "" {
		return p, key, unknown("temporary key without its session token")
	}
	s, err := a.opened.open(a.Sessions, sig.SecurityToken)
	if err != nil {
		return p, key, unknown("session token is not ours")
	}
	if !secret.NewString(s.AccessKeyID).Equal(secret.NewString(sig.AccessKeyID)) {
		return p, key, unknown("session token belongs to another key")
	}
	p = principalOf(s)
	if s.Expired(now) {
		return p, key, &Refusal{ExpiredToken, expiredToken, "role session is past its time"}
	}
	if err := a.stands(ctx, s, &p); err != nil {
		return p, key, err
	}
	return p, secret.NewString(s.SecretKey), nil
}

// principalOf is what the token alone says.
func principalOf(s *token.Session) call.Principal {
	p := root(s.Account)
	switch s.Kind {
	case token.PortalRole, token.Assumed, token.AssumedSAML, token.AssumedWeb:
		p = call.Principal{
			Kind: call.AssumedRole, Account: s.Account, ARN: arn.AssumedRole(s.Account, s.RoleName, s.Name),
			UserID: s.Entity + ":" + s.Name, UserName: s.Name, DirectoryUser: s.User, Session: s.PortalSession, Entity: s.Entity,
		}
	case token.FederatedUser:
		p = call.Principal{
			Kind: call.FederatedUser, Account: s.Account, ARN: arn.FederatedUser(s.Account, s.Name),
			UserID: s.Account + ":" + s.Name, UserName: s.Name, Entity: s.Entity,
		}
	case token.Delegated:
		if s.RoleName != "" {
			p = call.Principal{
				Kind: call.AssumedRole, Account: s.Account, ARN: arn.AssumedRole(s.Account, s.RoleName, s.Name),
				UserID: s.Entity + ":" + s.Name, UserName: s.Name, DirectoryUser: s.User, Entity: s.Entity,
			}
		}
	case token.UserSession, token.AssumedRoot:
	}
	p.AccessKeyID, p.Temporary = s.AccessKeyID, s
	return p
}

// stands asks whether what the session leans on is still there, and completes
// the principal by what it is now.
func (a *Authenticator) stands(ctx context.Context, s *token.Session, p *call.Principal) error {
	switch p.Kind {
	case call.AssumedRole:
		// Bound by the role's id: a role made anew under the old name does not revive
		// sessions of the old one.
		role, err := a.Live.RoleByID(ctx, s.Entity)
		if live.Gone(err) {
			return unknown("the role is gone")
		}
		if err != nil {
			return err
		}
		p.EntityARN = role.ARN()
		if s.Kind == token.PortalRole {
			return a.portalStands(ctx, s)
		}
		if s.Kind == token.Delegated && s.User != "" {
			return a.holderStands(ctx, s)
		}
		return nil
	case call.FederatedUser:
		p.EntityARN = arn.Root(s.Account)
		if s.Entity == "" {
			return a.accountStands(ctx, s.Account)
		}
		u, err := a.user(ctx, s.Entity)
		p.EntityARN = u.ARN
		return err
	default: // GetSessionToken, AssumeRoot and GetDelegatedAccessToken: the user or root user itself
		if s.Entity == "" {
			return a.accountStands(ctx, s.Account)
		}
		u, err := a.user(ctx, s.Entity)
		if err == nil {
			u.AccessKeyID, u.Temporary = p.AccessKeyID, p.Temporary
			*p = u
		}
		return err
	}
}

// accountStands asks for the account of a root user's session.
func (a *Authenticator) accountStands(ctx context.Context, account string) error {
	_, err := a.Live.Membership(ctx, account)
	if live.Gone(err) {
		return unknown("the account is gone")
	}
	return err
}

// mayNotIAM reports whether IAM refuses the session whatever policies say
// (behaviours.md 4.1): a federated user's always, a user's own unless a second
// factor was given.
func mayNotIAM(s *token.Session) bool {
	return s != nil && (s.Kind == token.FederatedUser || s.Kind == token.UserSession && s.MFAAt == 0)
}

// portalStands checks the person, the assignment and the sign-in behind a role
// session that came from the access portal.
func (a *Authenticator) portalStands(ctx context.Context, s *token.Session) error {
	if err := a.holderStands(ctx, s); err != nil {
		return err
	}
	portal, err := a.Live.Session(ctx, s.PortalSession)
	if live.Gone(err) || err == nil && !portal.EndedAt.IsZero() {
		return &Refusal{ExpiredToken, expiredToken, "the portal session was ended"}
	}
	return err
}

// holderStands checks the person and the assignment only: what the person
// delegated does not end with a sign-out.
func (a *Authenticator) holderStands(ctx context.Context, s *token.Session) error {
	user, err := a.Live.User(ctx, s.User)
	if live.Gone(err) || err == nil && user.Disabled {
		return unknown("the user is disabled or deleted")
	}
	if err != nil {
		return err
	}
	holds, err := a.Live.Holds(ctx, s.User, s.Account, s.PermissionSet)
	if err != nil {
		return err
	}
	if !holds {
		return unknown("the permission set is no longer assigned")
	}
	return nil
}

// openedSessions remembers session tokens that were opened: a client sends the
// same one with each call. A token that opens once opens always, so nothing
// here needs to be taken back.
type openedSessions struct {
	mu sync.RWMutex
	m  map[string]*token.Session
}

const maxOpened = 4096

func (o *openedSessions) open(ss token.Sessions, sessionToken string) (*token.Session, error) {
	o.mu.RLock()
	s, ok := o.m[sessionToken]
	o.mu.RUnlock()
	if ok {
		return s, nil
	}
	s, err := ss.Open(sessionToken)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.m == nil || len(o.m) >= maxOpened {
		o.m = make(map[string]*token.Session, 64)
	}
	o.m[sessionToken] = s
	return s, nil
}
