package credential

import (
	"context"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

// Recent returns the hashes whose passwords cannot be chosen next in the Identity
// Center directory: the last three.
func (p Password) Recent() []string { return p.Last(Remembered) }

// Last returns the hashes of the last n passwords, of which the present one is
// the first, for n of at least 1. A one-time password is nobody's choice and
// takes none of the places.
func (p Password) Last(n int) []string {
	if p.Hash == "" {
		return nil
	}
	places := n - 1
	if p.MustChange {
		places = n
	}
	return append([]string{p.Hash}, p.History[:min(places, len(p.History))]...)
}

// NewPassword checks a password that a person chose to follow current, and
// hashes it. It returns the hash, or the rules that p breaks, Reused among them.
// It costs up to five hashes, so callers have authenticated the person before.
func (h *Hasher) NewPassword(ctx context.Context, current Password, p secret.String, about Subject) (string, []Violation, error) {
	if broken := Check(p, about); len(broken) > 0 {
		return "", broken, nil
	}
	reused, err := h.MatchesAny(ctx, current.Recent(), p)
	if err != nil {
		return "", nil, err
	}
	if reused {
		return "", []Violation{Reused}, nil
	}
	hash, err := h.Hash(ctx, p)
	return hash, nil, err
}

// SetPassword makes hash the owner's password, remembers the one before, and
// drops the owner's reset links. mustChange is for one-time passwords (H-08). It
// does not end sessions: the caller does, in the same transaction.
func SetPassword(tx Store, o Owner, hash string, mustChange bool, now time.Time) error {
	old, err := tx.Password(o)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	history := old.History
	if old.Hash != "" && !old.MustChange {
		history = append([]string{old.Hash}, history...)
	}
	history = history[:min(o.Kind.remembered(), len(history))]
	if err := tx.PutPassword(Password{Owner: o, Hash: hash, MustChange: mustChange, History: history, SetAt: now}); err != nil {
		return err
	}
	return tx.DropResetLinks(o)
}

// remembered is how many earlier passwords are kept of an owner of the kind: as
// many as any rule can ask for.
func (k OwnerKind) remembered() int {
	if k == IAMUser {
		return MaxRemembered
	}
	return Remembered
}

// Rehash replaces the owner's hash by one of the same password at the present
// cost (Hasher.NeedsRehash), unless the password was changed meanwhile.
func Rehash(tx Store, o Owner, old, hash string) error {
	p, err := tx.Password(o)
	if err != nil || p.Hash != old {
		return err
	}
	p.Hash = hash
	return tx.PutPassword(p)
}

// NewOneTimePassword returns a password to be handed over by an administrator
// and changed at the first sign-in (H-08, N-15): 20 characters that are not
// mistaken for each other, over 110 random bits, within the rules of Check.
func NewOneTimePassword() secret.String {
	const (
		all    = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
		length = 20
		group  = 5 // hyphens between groups, which also are its symbol
	)
	for {
		s := secret.Pick(all, length)
		var text string
		for i := 0; i < length; i += group {
			if i > 0 {
				text += "-"
			}
			text += s[i : i+group]
		}
		// One in a few draws lacks a class or, hardly ever, has a common word.
		if p := secret.NewString(text); len(Check(p, Subject{})) == 0 {
			return p
		}
	}
}

// ResetLinkLife is how long a mailed link to set a new password works.
const ResetLinkLife = time.Hour

var (
	errLinkGone    = fault.New(fault.NotFound, "reset-link", "This link to reset the password does not work. It may have been used already, or another one was sent after it.")
	errLinkExpired = fault.New(fault.Expired, "reset-link-expired", "This link to reset the password has expired.")
)

// NewResetLink returns the secret of a new link for owner, 256 random bits as
// base64url, good for ResetLinkLife. Links sent before stop working.
func NewResetLink(tx Store, o Owner, now time.Time) (secret.String, error) {
	token := secret.Token("", 32)
	if err := tx.DropResetLinks(o); err != nil {
		return secret.String{}, err
	}
	err := tx.PutResetLink(ResetLink{Hash: token.Hash(), Owner: o, ExpiresAt: now.Add(ResetLinkLife)})
	return token, err
}

// OpenResetLink returns whose password the link sets, and leaves the link as it
// is: mail scanners follow links too. It fails with NotFound, or Expired and whose it was.
func OpenResetLink(tx Store, token secret.String, now time.Time) (Owner, error) {
	return linkOwner(tx.ResetLink, token, now)
}

// TakeResetLink is OpenResetLink and removes the link, in the transaction that
// sets the password: it works once (promise 6).
func TakeResetLink(tx Store, token secret.String, now time.Time) (Owner, error) {
	return linkOwner(tx.TakeResetLink, token, now)
}

func linkOwner(get func(hash string) (ResetLink, error), token secret.String, now time.Time) (Owner, error) {
	l, err := get(token.Hash())
	switch {
	case fault.Is(err, fault.NotFound):
		return Owner{}, errLinkGone.Wrap(err)
	case err != nil:
		return Owner{}, err
	case !now.Before(l.ExpiresAt):
		return l.Owner, errLinkExpired
	}
	return l.Owner, nil
}
