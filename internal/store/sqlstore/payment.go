package sqlstore

import (
	"encoding/json"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/payment"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoPaymentMethod = fault.New(fault.NotFound, "no-payment-method", "There is no such payment method.")

	putPaymentMethod = upsert("payment_methods", "id", paymentMethodColumns+", look_after_at")
)

const (
	paymentMethodColumns = "id, account, brand, last_four, expiry_month, expiry_year, holder, address, is_default, status, error, reference," +
		" tries, created_at, checked_at"
	selectPaymentMethod = "SELECT " + paymentMethodColumns + " FROM payment_methods WHERE "

	paymentMethodsOf      = selectPaymentMethod + "account = ? ORDER BY is_default DESC, created_at, id"
	pendingPaymentMethods = selectPaymentMethod + "look_after_at < ? ORDER BY look_after_at, id LIMIT ?"
)

func (t *tx) PaymentMethod(id string) (payment.Method, error) {
	m, err := one(t, scanPaymentMethod, selectPaymentMethod+"id = ?", id)
	return orNone(m, err, errNoPaymentMethod)
}

func scanPaymentMethod(r sqldb.Row) (m payment.Method, err error) {
	var address string
	if err := r.Scan(&m.ID, &m.Account, &m.Brand, &m.LastFour, &m.ExpiryMonth, &m.ExpiryYear, &m.Holder, &address, &m.Default, &m.Status,
		&m.Error, &m.Reference, &m.Tries, sqldb.AsTime(&m.CreatedAt), sqldb.AsTime(&m.CheckedAt)); err != nil {
		return m, err
	}
	return m, json.Unmarshal([]byte(address), &m.Address)
}

func (t *tx) PaymentMethods(accountID string) ([]payment.Method, error) {
	return all(t, scanPaymentMethod, paymentMethodsOf, accountID)
}

func (t *tx) PendingPaymentMethods(before time.Time, limit int) ([]payment.Method, error) {
	return all(t, scanPaymentMethod, pendingPaymentMethods, sqldb.Micros(before), limit)
}

func (t *tx) PutPaymentMethod(m payment.Method) error {
	address, err := json.Marshal(m.Address)
	if err != nil {
		return err
	}
	var lookAfter any
	if m.Status == payment.Pending {
		lookAfter = sqldb.Micros(m.CheckedAt)
	}
	_, err = t.exec(putPaymentMethod, m.ID, m.Account, string(m.Brand), m.LastFour, m.ExpiryMonth, m.ExpiryYear, m.Holder, string(address),
		m.Default, string(m.Status), string(m.Error), m.Reference, m.Tries, sqldb.Micros(m.CreatedAt), sqldb.Micros(m.CheckedAt), lookAfter)
	t.note(store.KeyAccount(m.Account))
	return noAccount(err)
}

func (t *tx) DeletePaymentMethod(id string) error {
	n, err := t.exec("DELETE FROM payment_methods WHERE id = ?", id)
	return mustChange(n, err, errNoPaymentMethod)
}
