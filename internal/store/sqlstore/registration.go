package sqlstore

import (
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/registration"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoRegistration = fault.New(fault.NotFound, "no-registration", "Nobody signed up for the account.")

	putRegistration = upsert("registrations", "account", registrationColumns)
)

const registrationColumns = "account, type, seller, agreed_at, phone, phone_verified_at, phone_failures, support_plan, language, started_at," +
	" submitted_at, asked, asked_at, activated_at, by_hand, due_at"

const dueRegistrations = "SELECT " + registrationColumns + " FROM registrations WHERE due_at <= ? ORDER BY due_at, account LIMIT ?"

func (t *tx) Registration(accountID string) (registration.Registration, error) {
	r, err := one(t, scanRegistration, "SELECT "+registrationColumns+" FROM registrations WHERE account = ?", accountID)
	return orNone(r, err, errNoRegistration)
}

func scanRegistration(row sqldb.Row) (r registration.Registration, err error) {
	var due *int64
	err = row.Scan(&r.Account, &r.Type, &r.Agreement.Seller, sqldb.AsTime(&r.Agreement.At), &r.Phone.Number, sqldb.AsTime(&r.Phone.VerifiedAt),
		&r.Phone.Failures, &r.Plan, &r.Language, sqldb.AsTime(&r.StartedAt), sqldb.AsTime(&r.SubmittedAt), &r.Hold.Asked,
		sqldb.AsTime(&r.Hold.At), sqldb.AsTime(&r.ActivatedAt), &r.ByHand, &due)
	if due != nil {
		r.DueAt = time.UnixMicro(*due).UTC()
	}
	return r, err
}

func (t *tx) PutRegistration(r registration.Registration) error {
	_, err := t.exec(putRegistration, r.Account, string(r.Type), string(r.Agreement.Seller), sqldb.Micros(r.Agreement.At), r.Phone.Number,
		sqldb.Micros(r.Phone.VerifiedAt), r.Phone.Failures, string(r.Plan), r.Language, sqldb.Micros(r.StartedAt), sqldb.Micros(r.SubmittedAt),
		r.Hold.Asked, sqldb.Micros(r.Hold.At), sqldb.Micros(r.ActivatedAt), r.ByHand, timeOrNull(r.DueAt))
	t.note(store.KeyAccount(r.Account))
	return noAccount(err)
}

func (t *tx) DueRegistrations(now time.Time, limit int) ([]registration.Registration, error) {
	return all(t, scanRegistration, dueRegistrations, sqldb.Micros(now), limit)
}

// timeOrNull keeps rows that wait for nothing out of what an index on times finds.
func timeOrNull(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return sqldb.Micros(at)
}
