package sqlstore

import (
	"time"

	"sekisho/internal/directory/people"
	"sekisho/internal/fault"
	"sekisho/internal/sqldb"
)

var (
	errNoLink = fault.New(fault.NotFound, "no-link", "The link was used already or does not exist.")

	putLink     = upsert("directory_links", "hash", linkColumns+", forget_at")
	putSecurity = upsert("directory_security", "user_id", securityColumns)
)

const (
	linkColumns     = "hash, purpose, user_id, email, sent_at, expires_at"
	securityColumns = "user_id, verified_email, verification_sent_at, last_sign_in_at"

	// linkKept is how long an expired link is known, so that the person can be told
	// why it does not work.
	linkKept = 30 * 24 * time.Hour
)

func scanLink(r sqldb.Row) (l people.Link, err error) {
	return l, r.Scan(&l.Hash, &l.Purpose, &l.User, &l.Email, sqldb.AsTime(&l.SentAt), sqldb.AsTime(&l.ExpiresAt))
}

func (t *tx) Link(hash string) (people.Link, error) {
	l, err := one(t, scanLink, "SELECT "+linkColumns+" FROM directory_links WHERE hash = ?", hash)
	return orNone(l, err, errNoLink)
}

func (t *tx) LinkOf(user string, p people.Purpose) (people.Link, error) {
	l, err := one(t, scanLink, "SELECT "+linkColumns+" FROM directory_links WHERE user_id = ? AND purpose = ?", user, string(p))
	return orNone(l, err, errNoLink)
}

func (t *tx) PutLink(l people.Link) error {
	if err := t.DropLinks(l.User, l.Purpose); err != nil {
		return err
	}
	_, err := t.exec(putLink, l.Hash, string(l.Purpose), l.User, l.Email, sqldb.Micros(l.SentAt), sqldb.Micros(l.ExpiresAt),
		sqldb.Micros(l.ExpiresAt.Add(linkKept)))
	return err
}

func (t *tx) DropLinks(user string, p people.Purpose) error {
	if p == "" {
		_, err := t.exec("DELETE FROM directory_links WHERE user_id = ?", user)
		return err
	}
	_, err := t.exec("DELETE FROM directory_links WHERE user_id = ? AND purpose = ?", user, string(p))
	return err
}

func (t *tx) Security(user string) (people.Security, error) {
	s, err := one(t, func(r sqldb.Row) (s people.Security, err error) {
		return s, r.Scan(&s.User, &s.VerifiedEmail, sqldb.AsTime(&s.VerificationSentAt), sqldb.AsTime(&s.LastSignInAt))
	}, "SELECT "+securityColumns+" FROM directory_security WHERE user_id = ?", user)
	if fault.Is(err, fault.NotFound) {
		return people.Security{User: user}, nil
	}
	return s, err
}

func (t *tx) PutSecurity(s people.Security) error {
	_, err := t.exec(putSecurity, s.User, s.VerifiedEmail, sqldb.Micros(s.VerificationSentAt), sqldb.Micros(s.LastSignInAt))
	return err
}
