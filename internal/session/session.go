// Package session is a person's sign-in: the portal session of an Identity
// Center user, the console session of a root user, an IAM user or a role, the
// cookies of the browser surfaces that share it, and the one-time handoff codes
// by which a surface gets its cookie.
//
// Everything that a sign-in led to (cookies, OAuth grants, role sessions) hangs
// on the session, so that ending it ends all of that at once. Cookies and codes
// are known by the SHA-256 of a random value; the value itself is never stored.
package session

import (
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

// Lifetimes that are not settings.
const (
	// HandoffLife is how long a surface has to redeem its code.
	HandoffLife = time.Minute
	// Afterlife is how long an ended or expired session is remembered: the
	// longest role session it can have led to.
	Afterlife = 12 * time.Hour
)

// Reasons why a session ended, for the audit trail and the sessions page.
const (
	SignedOut       = "signed-out"
	UserDisabled    = "user-disabled"
	UserDeleted     = "user-deleted"
	PasswordChanged = "password-changed"
	EndedByAdmin    = "ended-by-administrator"
	AccountClosed   = "account-closed"
)

// Kind says whose sign-in a session is.
type Kind string

// The kinds.
const (
	Person   Kind = ""          // an Identity Center user
	RootUser Kind = "root-user" // an account's root user
	IAMUser  Kind = "iam-user"
	Role     Kind = "role" // in the console, of somebody who signed in elsewhere
)

// ConsoleLife is how long a root user's or IAM user's session lasts
// (behaviours.md 8.4).
const ConsoleLife = 12 * time.Hour

// Session is one sign-in of one person.
type Session struct {
	ID   string // UUID
	Kind Kind
	// User is whose it is: the identity store user id, the account id of a root
	// user, the AIDA… of an IAM user, or, of a role, what its token says.
	User      string
	Account   string // 12 digits; "" for a Person
	CreatedAt time.Time
	// ExpiresAt is when the person must sign in again (H-19). Role sessions may
	// outlive it (H-20), but not an ending.
	ExpiresAt time.Time
	// EndedAt is zero while nobody ended it. Ending takes away role sessions too.
	EndedAt   time.Time
	EndReason string
	SourceIP  string
	UserAgent string
	// MFAAt is when a second factor was given; zero if none was.
	MFAAt time.Time
	// Token is the sealed session token of a Role.
	Token secret.String
	// Switched is the role that a console session acts as for now; its zero value
	// is none.
	Switched Switched
}

// Switched is a role that a console session switched to (behaviours.md 8.4).
type Switched struct {
	Token       secret.String // sealed session token
	Account     string
	Role        string // its name, with its path
	DisplayName string // at most 64 characters, chosen by the person
	Color       string // six hexadecimal digits or ""
}

// None reports whether there is no such role.
func (s Switched) None() bool { return s.Token.Empty() }

// Live reports whether the person is signed in at now.
func (s Session) Live(now time.Time) bool { return s.EndedAt.IsZero() && now.Before(s.ExpiresAt) }

// Surface names a browser surface that holds a cookie of its own.
type Surface string

// The surfaces.
const (
	SignIn Surface = "signin"
	Portal Surface = "portal"
	// AccountSignIn is the sign-in host for root users and IAM users, who may be
	// signed in there beside somebody of the directory.
	AccountSignIn Surface = "account-signin"
	Console       Surface = "console"
)

// Cookie ties a browser on one surface to a session.
type Cookie struct {
	Hash    string
	Session string
	Surface Surface
	// Host is the surface's host when it was set; the cookie is worthless on another.
	Host      string
	ExpiresAt time.Time
}

// Handoff is a one-time code that carries a session from the sign-in host to
// another surface.
type Handoff struct {
	Hash    string
	Session string
	Surface Surface
	Host    string
	// State is the hash of a value that the surface put into this browser before
	// it sent it away; it stops login CSRF and stolen codes.
	State     string
	ExpiresAt time.Time
}

// Store keeps sessions, cookies and handoffs.
type Store interface {
	Session(id string) (Session, error)
	SessionsOf(user string) ([]Session, error)
	PutSession(s Session) error
	// EndSession marks it ended; an ended session stays as it was first ended.
	EndSession(id string, at time.Time, reason string) error
	// EndSessionsOf ends all of a person's sessions, and the trust in browsers that
	// came of them (package mfa).
	EndSessionsOf(user string, at time.Time, reason string) error

	// Cookie returns the cookie with that hash, or NotFound.
	Cookie(hash string) (Cookie, error)
	PutCookie(c Cookie) error
	DeleteCookie(hash string) error

	PutHandoff(h Handoff) error
	// TakeHandoff removes and returns it: of any number of takers one gets it,
	// the others NotFound.
	TakeHandoff(hash string) (Handoff, error)
}

// ErrEnded says that the session is over.
var ErrEnded = fault.New(fault.Unauthenticated, "session-ended", "Your session has ended. Sign in again.")

// Begin makes a new session of user for life from now.
func Begin(tx Store, id, user string, now time.Time, life time.Duration, sourceIP, userAgent string) (Session, error) {
	s := Session{ID: id, User: user, CreatedAt: now, ExpiresAt: now.Add(life), SourceIP: sourceIP, UserAgent: userAgent}
	return s, tx.PutSession(s)
}

// GiveCookie makes a new cookie of the session for a surface and returns the
// value for the browser, 256 random bits.
func GiveCookie(tx Store, s Session, surface Surface, host string) (secret.String, error) {
	v := secret.Token("", 32)
	return v, tx.PutCookie(Cookie{Hash: v.Hash(), Session: s.ID, Surface: surface, Host: host, ExpiresAt: s.ExpiresAt})
}

// GiveHandoff makes a one-time code for a surface on host. state is the hash
// that the surface will compare with its browser's.
func GiveHandoff(tx Store, s Session, surface Surface, host, state string, now time.Time) (secret.String, error) {
	v := secret.Token("", 32)
	return v, tx.PutHandoff(Handoff{Hash: v.Hash(), Session: s.ID, Surface: surface, Host: host, State: state, ExpiresAt: now.Add(HandoffLife)})
}

// BeginConsole keeps a session of a root user, an IAM user or a role in account,
// of which Kind, User, Account, MFAAt and Token are set, for at most life.
func BeginConsole(tx Store, s Session, now time.Time, life time.Duration) (Session, error) {
	s.CreatedAt, s.ExpiresAt = now, now.Add(min(life, ConsoleLife))
	return s, tx.PutSession(s)
}

// Redeem takes a handoff code on a surface and gives the surface's cookie. Any
// mismatch spends the code all the same: a code is tried once. Refusals are
// Unauthenticated faults, and for that the transaction must be committed.
func Redeem(tx Store, code secret.String, surface Surface, host, state string, now time.Time) (Session, secret.String, error) {
	refused := fault.New(fault.Unauthenticated, "handoff-refused", "This sign-in link was used already or is not for this page. Sign in again.")
	h, err := tx.TakeHandoff(code.Hash())
	if fault.Is(err, fault.NotFound) {
		return Session{}, secret.String{}, refused
	}
	if err != nil {
		return Session{}, secret.String{}, err
	}
	sameState := secret.NewString(h.State).Equal(secret.NewString(state))
	if h.Surface != surface || h.Host != host || !sameState || !now.Before(h.ExpiresAt) {
		return Session{}, secret.String{}, refused
	}
	s, err := tx.Session(h.Session)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Session{}, secret.String{}, err
	}
	if err != nil || !s.Live(now) {
		return Session{}, secret.String{}, ErrEnded // a deleted person's sessions are gone
	}
	cookie, err := GiveCookie(tx, s, surface, host)
	return s, cookie, err
}
