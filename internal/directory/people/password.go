package people

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/directory"
	"sekisho/internal/fault"
	"sekisho/internal/secret"
	"sekisho/internal/session"
)

// How long what brings a person to a password is good for.
const (
	InvitationLife      = 7 * 24 * time.Hour // behaviours.md 6.6
	OneTimePasswordLife = InvitationLife     // it is the other way to the same (G-26)
	VerificationLife    = 7 * 24 * time.Hour
	CodeLife            = 10 * time.Minute
)

// PasswordState is how far a person has come to a password.
type PasswordState string

// The states.
const (
	NoPassword      PasswordState = "NONE"
	Invited         PasswordState = "INVITED"
	OneTimePassword PasswordState = "ONE_TIME" // has to be changed at the first sign-in
	PasswordSet     PasswordState = "SET"
)

// State is what an administrator sees of a person's way in.
type State struct {
	Password PasswordState
	// InvitationExpiresAt is zero unless an invitation waits, which may have expired.
	InvitationExpiresAt time.Time
	// OneTimePasswordExpiresAt is zero unless the password is one, which may have expired.
	OneTimePasswordExpiresAt time.Time
	EmailVerified            bool
	VerificationSentAt       time.Time
	LastSignInAt             time.Time
}

// OneTimePasswordEnds is from when on p, a one-time password, is good no more.
func OneTimePasswordEnds(p credential.Password) time.Time { return p.SetAt.Add(OneTimePasswordLife) }

// StateOf tells how far a person has come.
func StateOf(tx Tx, u directory.User) (s State, err error) {
	known, err := tx.Security(u.ID)
	if err != nil {
		return s, err
	}
	s.EmailVerified = u.Email != "" && directory.FoldName(known.VerifiedEmail) == directory.FoldName(u.Email)
	s.VerificationSentAt, s.LastSignInAt = known.VerificationSentAt, known.LastSignInAt
	switch p, err := tx.Password(OwnerOf(u)); {
	case err == nil && p.MustChange:
		s.Password, s.OneTimePasswordExpiresAt = OneTimePassword, OneTimePasswordEnds(p)
		return s, nil
	case err == nil:
		s.Password = PasswordSet
		return s, nil
	case !fault.Is(err, fault.NotFound):
		return s, err
	}
	s.Password = NoPassword
	l, err := tx.LinkOf(u.ID, Invitation)
	if err == nil {
		s.Password, s.InvitationExpiresAt = Invited, l.ExpiresAt
	}
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return s, err
}

// hasPassword is Conflict for a person who has chosen one.
func hasPassword(tx Tx, u directory.User) error {
	p, err := tx.Password(OwnerOf(u))
	if err == nil && !p.MustChange {
		return fault.New(fault.Conflict, "password-set", "The user has a password already.")
	}
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// Invite makes the link by which a person sets a first password (G-28, N-14). It
// replaces an older one, and is Conflict for who is disabled, has no address or
// has chosen a password.
func Invite(tx Tx, u directory.User, now time.Time) (secret.String, error) {
	if err := hasPassword(tx, u); err != nil {
		return secret.String{}, err
	}
	return newLink(tx, u, Invitation, InvitationLife, now)
}

// OpenInvitation returns who is invited and leaves the link as it is. The person of a
// link that is no good comes with the error, if the link still tells.
func OpenInvitation(tx Tx, token secret.String, now time.Time) (directory.User, error) {
	u, err := open(tx, token, Invitation, now)
	if err != nil {
		return u, err
	}
	if err := hasPassword(tx, u); err != nil {
		return u, errGone.Wrap(err)
	}
	return u, nil
}

// Accept spends the invitation and sets the password. Whoever reads mail at an
// address has verified it.
func Accept(tx Tx, token secret.String, hash string, now time.Time) error {
	u, err := OpenInvitation(tx, token, now)
	if err != nil {
		return err
	}
	return ChoosePassword(tx, u, hash, true, now)
}

// ChoosePassword sets the password that a person chose, by its hash, and signs the
// person out everywhere. With readsMail, what proved the person was mailed, so that
// the address is verified.
func ChoosePassword(tx Tx, u directory.User, hash string, readsMail bool, now time.Time) error {
	if readsMail {
		if err := verified(tx, u); err != nil {
			return err
		}
	}
	return setPassword(tx, u, hash, false, now)
}

// SetOneTimePassword gives an enabled person a password by its hash that has to be
// changed at the first sign-in, within OneTimePasswordLife (G-27, H-08), and signs the
// person out.
func SetOneTimePassword(tx Tx, u directory.User, hash string, now time.Time) error {
	if err := u.Enabled(); err != nil {
		return err
	}
	return setPassword(tx, u, hash, true, now)
}

// setPassword sets it, and ends what any other proof would have let in.
func setPassword(tx Tx, u directory.User, hash string, mustChange bool, now time.Time) error {
	for _, p := range []Purpose{Invitation, Code} {
		if err := tx.DropLinks(u.ID, p); err != nil {
			return err
		}
	}
	if err := tx.DropResetLinks(OwnerOf(u)); err != nil {
		return err
	}
	if err := credential.SetPassword(tx, OwnerOf(u), hash, mustChange, now); err != nil {
		return err
	}
	return tx.EndSessionsOf(u.ID, now, session.PasswordChanged)
}

// ResetPassword makes the link by which an enabled person sets a new password, as
// an administrator asks for it (H-26, N-19). The old one is good until then.
func ResetPassword(tx Tx, u directory.User, now time.Time) (secret.String, error) {
	if err := u.Enabled(); err != nil {
		return secret.String{}, err
	}
	if u.Email == "" {
		return secret.String{}, errNoEmail
	}
	return credential.NewResetLink(tx, OwnerOf(u), now)
}

// NewCode makes the code that stands for the password of an enabled person who
// never had one (behaviours.md 6.6, H-09). It replaces an older one.
func NewCode(tx Tx, u directory.User, now time.Time) (secret.String, error) {
	if err := u.Enabled(); err != nil {
		return secret.String{}, err
	}
	if u.Email == "" {
		return secret.String{}, errNoEmail
	}
	if _, err := tx.Password(OwnerOf(u)); !fault.Is(err, fault.NotFound) {
		if err == nil {
			err = fault.New(fault.Conflict, "password-set", "The user has a password already.")
		}
		return secret.String{}, err
	}
	code := secret.Pick("0123456789", 6)
	return secret.NewString(code), tx.PutLink(Link{Hash: codeHash(u, code), Purpose: Code, User: u.ID, Email: u.Email, SentAt: now, ExpiresAt: now.Add(CodeLife)})
}

// CheckCode returns the hash of the code that a person typed, which proves who it
// is until it expires ([ProvedByCode]), or NotFound for every other code. How often
// one may try is the caller's to bound.
func CheckCode(tx Tx, u directory.User, code secret.String, now time.Time) (hash string, err error) {
	hash = codeHash(u, code.Reveal())
	_, err = ProvedByCode(tx, u.ID, hash, now)
	return hash, err
}

// ProvedByCode returns the person whose code has that hash, while it is good and
// the person has no password.
func ProvedByCode(tx Tx, user, hash string, now time.Time) (directory.User, error) {
	l, err := tx.LinkOf(user, Code)
	if err != nil {
		return directory.User{}, err
	}
	if l.Hash != hash || !now.Before(l.ExpiresAt) {
		return directory.User{}, errGone
	}
	u, err := tx.User(user)
	if err == nil && (u.Disabled || directory.FoldName(u.Email) != directory.FoldName(l.Email)) {
		err = errGone
	}
	if err != nil {
		return u, err
	}
	return u, hasPassword(tx, u)
}

// AcceptCode spends the code and sets the password.
func AcceptCode(tx Tx, user, hash, password string, now time.Time) error {
	u, err := ProvedByCode(tx, user, hash, now)
	if err != nil {
		return err
	}
	return ChoosePassword(tx, u, password, true, now)
}

// codeHash keeps equal codes of two people apart.
func codeHash(u directory.User, code string) string {
	sum := sha256.Sum256([]byte(u.ID + "\x00" + code))
	return hex.EncodeToString(sum[:])
}

// StartVerification makes the link by which a person verifies the address.
func StartVerification(tx Tx, u directory.User, now time.Time) (secret.String, error) {
	token, err := newLink(tx, u, Verification, VerificationLife, now)
	if err != nil {
		return token, err
	}
	s, err := tx.Security(u.ID)
	if err != nil {
		return token, err
	}
	s.VerificationSentAt = now
	return token, tx.PutSecurity(s)
}

// OpenVerification returns whose address is to be verified and leaves the link. It
// fails as OpenInvitation does.
func OpenVerification(tx Tx, token secret.String, now time.Time) (directory.User, error) {
	return open(tx, token, Verification, now)
}

// Verify spends the link: the address is the person's.
func Verify(tx Tx, token secret.String, now time.Time) (directory.User, error) {
	u, err := OpenVerification(tx, token, now)
	if err != nil {
		return u, err
	}
	if err := tx.DropLinks(u.ID, Verification); err != nil {
		return u, err
	}
	return u, verified(tx, u)
}

// verified notes that a person proved to read mail at the present address.
func verified(tx Tx, u directory.User) error {
	s, err := tx.Security(u.ID)
	if err != nil {
		return err
	}
	s.VerifiedEmail = u.Email
	return tx.PutSecurity(s)
}

// SignedIn notes when a person last signed in.
func SignedIn(tx Store, user string, now time.Time) error {
	s, err := tx.Security(user)
	if err != nil {
		return err
	}
	s.LastSignInAt = now
	return tx.PutSecurity(s)
}
