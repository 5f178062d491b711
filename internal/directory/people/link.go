package people

import (
	"time"

	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

// Purpose is what a mailed proof is good for.
type Purpose string

// The purposes.
const (
	Invitation   Purpose = "INVITATION"   // sets the first password
	Verification Purpose = "VERIFICATION" // verifies the address
	Code         Purpose = "CODE"         // stands for the password that a person never had
)

// Link is something mailed to a person that proves the address to be read by that
// person, known by its hash.
type Link struct {
	Hash      string
	Purpose   Purpose
	User      string
	Email     string // where it went
	SentAt    time.Time
	ExpiresAt time.Time
}

// Security is what is known of a person's dealings with the directory.
type Security struct {
	User string
	// VerifiedEmail is the address that the person proved; another one is not
	// verified.
	VerifiedEmail      string
	VerificationSentAt time.Time
	LastSignInAt       time.Time
}

// Store keeps what people prove and have proved.
type Store interface {
	// Link returns the link with that hash, or NotFound.
	Link(hash string) (Link, error)
	// LinkOf returns the person's link for a purpose, or NotFound.
	LinkOf(user string, p Purpose) (Link, error)
	// PutLink stores it in place of others of the person for the same purpose.
	PutLink(l Link) error
	// DropLinks removes the person's links for a purpose, or with "" all of them.
	DropLinks(user string, p Purpose) error

	// Security returns what is known, zero if nothing is.
	Security(user string) (Security, error)
	PutSecurity(s Security) error
}

var (
	errGone    = fault.New(fault.NotFound, "link-gone", "The link was used already, or replaced by a newer one.")
	errNoEmail = fault.New(fault.Conflict, "no-email", "The user has no e-mail address.")
	errExpired = fault.New(fault.Expired, "link-expired", "The link has expired.")
)

// newLink makes a link to an enabled person's address in place of older ones.
func newLink(tx Tx, u directory.User, p Purpose, life time.Duration, now time.Time) (secret.String, error) {
	if err := u.Enabled(); err != nil {
		return secret.String{}, err
	}
	if u.Email == "" {
		return secret.String{}, errNoEmail
	}
	token := secret.Token("", 32)
	return token, tx.PutLink(Link{Hash: token.Hash(), Purpose: p, User: u.ID, Email: u.Email, SentAt: now, ExpiresAt: now.Add(life)})
}

// open returns whose link it is, and leaves it as it is: mail scanners follow
// links too. It is NotFound or Expired, with the person all the same if the link
// still tells.
func open(tx Tx, token secret.String, p Purpose, now time.Time) (directory.User, error) {
	l, err := tx.Link(token.Hash())
	var u directory.User
	if err == nil {
		u, err = tx.User(l.User)
	}
	switch {
	case fault.Is(err, fault.NotFound), err == nil && l.Purpose != p:
		return u, errGone.Wrap(err)
	case err != nil:
		return u, err
	case !now.Before(l.ExpiresAt):
		return u, errExpired
	case u.Disabled || directory.FoldName(u.Email) != directory.FoldName(l.Email):
		return u, errGone
	}
	return u, nil
}
