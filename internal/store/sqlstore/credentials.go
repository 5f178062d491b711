package sqlstore

import (
	"strings"
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/sqldb"
)

var (
	errNoPassword  = fault.New(fault.NotFound, "no-password", "There is no password.")
	errNoResetLink = fault.New(fault.NotFound, "no-reset-link", "The link was used already or does not exist.")

	putPassword  = upsert("passwords", "owner_kind, owner_id", passwordColumns)
	putResetLink = upsert("reset_links", "hash", resetLinkColumns+", forget_at")
	putAttempts  = upsert("attempts", "attempt_key", attemptsColumns+", forget_at")
)

const (
	passwordColumns  = "owner_kind, owner_id, hash, must_change, history, set_at"
	resetLinkColumns = "hash, owner_kind, owner_id, expires_at"
	attemptsColumns  = "attempt_key, failures, last_failure"

	// resetLinkKept is how long an expired link is known, so that its owner can
	// be told why it does not work.
	resetLinkKept = 24 * time.Hour
)

func (t *tx) Password(o credential.Owner) (credential.Password, error) {
	p, err := one(t, func(r sqldb.Row) (p credential.Password, err error) {
		return p, r.Scan(&p.Owner.Kind, &p.Owner.ID, &p.Hash, &p.MustChange, asList(&p.History), sqldb.AsTime(&p.SetAt))
	}, "SELECT "+passwordColumns+" FROM passwords WHERE owner_kind = ? AND owner_id = ?", string(o.Kind), o.ID)
	return orNone(p, err, errNoPassword)
}

func (t *tx) PutPassword(p credential.Password) error {
	_, err := t.exec(putPassword, string(p.Owner.Kind), p.Owner.ID, p.Hash, p.MustChange, list(p.History), sqldb.Micros(p.SetAt))
	return err
}

func (t *tx) DeletePassword(o credential.Owner) error {
	n, err := t.exec("DELETE FROM passwords WHERE owner_kind = ? AND owner_id = ?", string(o.Kind), o.ID)
	return mustChange(n, err, errNoPassword)
}

func scanResetLink(r sqldb.Row) (l credential.ResetLink, err error) {
	return l, r.Scan(&l.Hash, &l.Owner.Kind, &l.Owner.ID, sqldb.AsTime(&l.ExpiresAt))
}

func (t *tx) PutResetLink(l credential.ResetLink) error {
	_, err := t.exec(putResetLink, l.Hash, string(l.Owner.Kind), l.Owner.ID, sqldb.Micros(l.ExpiresAt),
		sqldb.Micros(l.ExpiresAt.Add(resetLinkKept)))
	return err
}

func (t *tx) ResetLink(hash string) (credential.ResetLink, error) {
	l, err := one(t, scanResetLink, "SELECT "+resetLinkColumns+" FROM reset_links WHERE hash = ?", hash)
	return orNone(l, err, errNoResetLink)
}

func (t *tx) TakeResetLink(hash string) (credential.ResetLink, error) {
	l, err := one(t, scanResetLink, "DELETE FROM reset_links WHERE hash = ? RETURNING "+resetLinkColumns, hash)
	return orNone(l, err, errNoResetLink)
}

func (t *tx) DropResetLinks(o credential.Owner) error {
	_, err := t.exec("DELETE FROM reset_links WHERE owner_kind = ? AND owner_id = ?", string(o.Kind), o.ID)
	return err
}

func (t *tx) Attempts(key string) (credential.Attempts, error) {
	a, err := one(t, func(r sqldb.Row) (a credential.Attempts, err error) {
		return a, r.Scan(&a.Key, &a.Failures, sqldb.AsTime(&a.LastFailure))
	}, "SELECT "+attemptsColumns+" FROM attempts WHERE attempt_key = ?", key)
	if fault.Is(err, fault.NotFound) {
		return credential.Attempts{Key: key}, nil
	}
	return a, err
}

func (t *tx) PutAttempts(a credential.Attempts) error {
	kept := credential.QuietPeriod
	if strings.HasPrefix(a.Key, "total-") { // a sum without a success, see credential.TotalMemory
		kept = credential.TotalMemory
	}
	_, err := t.exec(putAttempts, a.Key, a.Failures, sqldb.Micros(a.LastFailure), sqldb.Micros(a.LastFailure.Add(kept)))
	return err
}

func (t *tx) ClearAttempts(key string) error {
	_, err := t.exec("DELETE FROM attempts WHERE attempt_key = ?", key)
	return err
}
