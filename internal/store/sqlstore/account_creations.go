package sqlstore

import (
	"encoding/json"
	"strings"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoCreation     = fault.New(fault.NotFound, "CreateAccountStatusNotFound", "You specified a create account request that doesn't exist.")
	errNoClosure      = fault.New(fault.NotFound, "no-closure", "The account is not being closed.")
	errNoVerification = fault.New(fault.NotFound, "no-verification", "No verification was begun.")

	putCreation     = upsert("account_creations", "id", creationColumns+", forget_at")
	putClosure      = upsert("account_closures", "account", closureColumns+", forget_at")
	putVerification = upsert("account_verifications", "account", verificationColumns)
)

const (
	creationColumns     = "id, organization, name, email, role_name, tags, state, failure, account, failures, requested_at, completed_at"
	selectCreation      = "SELECT " + creationColumns + " FROM account_creations WHERE "
	closureColumns      = "account, organization, requested_at, completed_at"
	selectClosure       = "SELECT " + closureColumns + " FROM account_closures WHERE "
	verificationColumns = "account, email, hash, sent_at, expires_at, verified_at, sent, sent_since"
	selectVerification  = "SELECT " + verificationColumns + " FROM account_verifications WHERE "

	// underWay is far enough ahead that what is not done yet is not forgotten.
	underWay = 100 * 365 * 24 * time.Hour
)

func scanCreation(r sqldb.Row) (c org.Creation, err error) {
	var tags string
	err = r.Scan(&c.ID, &c.Organization, &c.Name, &c.Email, &c.RoleName, &tags, &c.State, &c.Failure, &c.Account, &c.Failures,
		sqldb.AsTime(&c.RequestedAt), sqldb.AsTime(&c.CompletedAt))
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal([]byte(tags), &c.Tags)
}

func (t *tx) Creation(id string) (org.Creation, error) {
	c, err := one(t, scanCreation, selectCreation+"id = ?", id)
	return orNone(c, err, errNoCreation)
}

func (t *tx) Creations(organization string, states []org.CreationState, p page.Request) (page.Page[org.Creation], error) {
	query, args := selectCreation+"organization = ?", []any{organization}
	if len(states) > 0 {
		query += " AND state IN (?" + strings.Repeat(", ?", len(states)-1) + ")"
		for _, s := range states {
			args = append(args, string(s))
		}
	}
	limit := limitOf(p)
	items, err := all(t, scanCreation, query+" AND id > ? ORDER BY id LIMIT ?", append(args, p.After, limit+1)...)
	return page.Cut(items, limit, func(c org.Creation) string { return c.ID }), err
}

func (t *tx) PendingCreations(organization string, limit int) ([]org.Creation, error) {
	if organization == "" {
		return all(t, scanCreation, selectCreation+"state = ? ORDER BY requested_at LIMIT ?", string(org.CreationInProgress), limit)
	}
	return all(t, scanCreation, selectCreation+"organization = ? AND state = ? ORDER BY requested_at LIMIT ?", organization, string(org.CreationInProgress), limit)
}

func (t *tx) PutCreation(c org.Creation) error {
	tags, err := json.Marshal(c.Tags)
	if err != nil {
		return err
	}
	_, err = t.exec(putCreation, c.ID, c.Organization, c.Name, c.Email, c.RoleName, string(tags), string(c.State), string(c.Failure), c.Account, c.Failures,
		sqldb.Micros(c.RequestedAt), sqldb.Micros(c.CompletedAt), sqldb.Micros(forgetAfter(c.RequestedAt, c.CompletedAt, org.CreationKept)))
	t.note(store.KeyAccountCreation(c.ID))
	return err
}

// forgetAfter is when what was asked for is forgotten: kept after its end.
func forgetAfter(requested, completed time.Time, kept time.Duration) time.Time {
	if completed.IsZero() {
		return requested.Add(underWay)
	}
	return completed.Add(kept)
}

func scanClosure(r sqldb.Row) (c org.Closure, err error) {
	return c, r.Scan(&c.Account, &c.Organization, sqldb.AsTime(&c.RequestedAt), sqldb.AsTime(&c.CompletedAt))
}

func (t *tx) Closure(account string) (org.Closure, error) {
	c, err := one(t, scanClosure, selectClosure+"account = ? AND completed_at = 0", account)
	return orNone(c, err, errNoClosure)
}

func (t *tx) PendingClosures(organization string, limit int) ([]org.Closure, error) {
	if organization == "" {
		return all(t, scanClosure, selectClosure+"completed_at = 0 ORDER BY requested_at LIMIT ?", limit)
	}
	return all(t, scanClosure, selectClosure+"completed_at = 0 AND organization = ? ORDER BY requested_at LIMIT ?", organization, limit)
}

func (t *tx) ClosuresSince(organization string, since time.Time) (int, error) {
	return one(t, sqldb.Value[int], "SELECT count(*) FROM account_closures WHERE organization = ? AND requested_at > ?", organization, sqldb.Micros(since))
}

func (t *tx) PutClosure(c org.Closure) error {
	_, err := t.exec(putClosure, c.Account, c.Organization, sqldb.Micros(c.RequestedAt), sqldb.Micros(c.CompletedAt),
		sqldb.Micros(forgetAfter(c.RequestedAt, c.CompletedAt, org.ClosurePeriod)))
	t.note(store.KeyAccount(c.Account))
	if unreferenced(err) {
		return errNoAccount.Wrap(err)
	}
	return err
}

func scanVerification(r sqldb.Row) (v org.Verification, err error) {
	return v, r.Scan(&v.Account, &v.Email, &v.Hash, sqldb.AsTime(&v.SentAt), sqldb.AsTime(&v.ExpiresAt), sqldb.AsTime(&v.VerifiedAt),
		&v.Sent, sqldb.AsTime(&v.SentSince))
}

func (t *tx) Verification(account string) (org.Verification, error) {
	v, err := one(t, scanVerification, selectVerification+"account = ?", account)
	return orNone(v, err, errNoVerification)
}

func (t *tx) VerificationByHash(hash string) (org.Verification, error) {
	v, err := one(t, scanVerification, selectVerification+"hash = ?", hash)
	return orNone(v, err, errNoVerification)
}

func (t *tx) PutVerification(v org.Verification) error {
	_, err := t.exec(putVerification, v.Account, v.Email, v.Hash, sqldb.Micros(v.SentAt), sqldb.Micros(v.ExpiresAt), sqldb.Micros(v.VerifiedAt),
		v.Sent, sqldb.Micros(v.SentSince))
	t.note(store.KeyAccount(v.Account))
	if unreferenced(err) {
		return errNoAccount.Wrap(err)
	}
	return err
}
