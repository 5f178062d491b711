// Package credential is how people prove who they are: passwords, with their
// rules and their hashing in a bounded pool; the codes of authenticators; and the
// throttle on guessing either.
//
// The owner of a credential is named by kind and id, so that root users, IAM
// users, Identity Center users and Builder IDs share one implementation.
package credential

import (
	"time"
)

// OwnerKind is the kind of identity a credential belongs to.
type OwnerKind string

// The kinds of owner.
const (
	DirectoryUser OwnerKind = "directory-user"
	RootUser      OwnerKind = "root-user"
	IAMUser       OwnerKind = "iam-user"
)

// Owner names whose credential it is.
type Owner struct {
	Kind OwnerKind
	ID   string // identity store user id, account id, AIDA…
}

// Password is a stored password.
type Password struct {
	Owner Owner
	// Hash is an argon2id hash in PHC string format. "" says that the owner may
	// have a password and has yet to set one: no password is its.
	Hash string
	// MustChange is set for one-time passwords: the person has to choose another
	// at the first sign-in (H-08).
	MustChange bool
	// History holds the hashes of earlier passwords, newest first, so that they
	// cannot be used again.
	History []string
	SetAt   time.Time
}

// ResetLink is a mailed link to set a new password, known by its hash.
type ResetLink struct {
	Hash      string
	Owner     Owner
	ExpiresAt time.Time
}

// Attempts counts failed tries under a key, which stands for a user name on
// unknown devices, or one known device, or a network address.
type Attempts struct {
	Key         string
	Failures    int
	LastFailure time.Time
}

// Store keeps credentials.
type Store interface {
	// Password returns the owner's password, or NotFound.
	Password(o Owner) (Password, error)
	PutPassword(p Password) error
	// DeletePassword removes it with its history, or is NotFound.
	DeletePassword(o Owner) error

	// PutResetLink stores a link; TakeResetLink removes and returns it (once),
	// ResetLink only looks; DropResetLinks removes all of an owner's.
	PutResetLink(l ResetLink) error
	ResetLink(hash string) (ResetLink, error)
	TakeResetLink(hash string) (ResetLink, error)
	DropResetLinks(o Owner) error

	// Attempts returns the count under key, zero if there is none.
	Attempts(key string) (Attempts, error)
	PutAttempts(a Attempts) error
	ClearAttempts(key string) error
}
