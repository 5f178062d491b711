package storetest

import (
	"fmt"
	"testing"
	"time"

	"sekisho/internal/fault"
	"sekisho/internal/payment"
	"sekisho/internal/registration"
	"sekisho/internal/store"
	"sekisho/internal/support"
)

// testRegistrations: what people gave at sign-up comes back, and what is due is
// found, the earliest first, and nothing else.
func testRegistrations(t *testing.T, db store.DB) {
	putContactAccounts(t, db)
	r := registration.Registration{
		Account: contactsOf, Type: registration.Professional, Agreement: registration.Agreement{Seller: registration.AISPL, At: now},
		Phone: registration.Phone{Number: "+819012345678", VerifiedAt: now.Add(time.Second), Failures: 2}, Plan: support.Developer, Language: "ja",
		StartedAt: now, SubmittedAt: now.Add(time.Minute), Hold: registration.Hold{Asked: "住民票", At: now.Add(time.Hour)},
		ActivatedAt: now.Add(2 * time.Hour), ByHand: true, DueAt: now.Add(3 * time.Hour),
	}
	first := registration.Registration{Account: contactsToo, Type: registration.Personal, StartedAt: now, DueAt: now.Add(time.Hour)}
	update(t, db, func(tx store.Tx) error { return do(tx.PutRegistration(r), tx.PutRegistration(first)) })
	equal(t, "registration", get(t, db, func(tx store.Tx) (registration.Registration, error) { return tx.Registration(contactsOf) }), r)
	due := func(at time.Time, limit int) (accounts string) {
		view(t, db, func(tx store.Tx) error {
			found, err := tx.DueRegistrations(at, limit)
			for _, f := range found {
				accounts += f.Account + " "
			}
			return err
		})
		return accounts
	}
	for _, c := range []struct {
		at    time.Time
		limit int
		want  string
	}{
		{first.DueAt.Add(-time.Microsecond), 10, ""}, {first.DueAt, 10, contactsToo + " "},
		{r.DueAt, 10, contactsToo + " " + contactsOf + " "}, {r.DueAt, 1, contactsToo + " "},
	} {
		equal(t, fmt.Sprint("due at ", c.at), due(c.at, c.limit), c.want)
	}
	first.DueAt = time.Time{}
	update(t, db, func(tx store.Tx) error { return tx.PutRegistration(first) })
	equal(t, "due without the one that waits for nothing", due(r.DueAt, 10), contactsOf+" ")

	for what, write := range map[string]func(store.Tx) error{
		"looking for none": func(tx store.Tx) error { _, err := tx.Registration(contactsNot); return err },
		"one of no account": func(tx store.Tx) error {
			return tx.PutRegistration(registration.Registration{Account: contactsNot})
		},
	} {
		refused(t, what, db.Update(t.Context(), nil, write), fault.NotFound, "")
	}
}

// testPaymentMethods: methods come back as they were put, an account's default
// first, and those that wait for an institution are found by how long they do.
func testPaymentMethods(t *testing.T, db store.DB) {
	putContactAccounts(t, db)
	method := func(n int, account string, s payment.Status) payment.Method {
		return payment.Method{
			ID: fmt.Sprintf("pm-%d", n), Account: account, Brand: payment.JCB, LastFour: "0505", ExpiryMonth: 12, ExpiryYear: 2030, Holder: "JANE DOE",
			Address: payment.Address{FullName: "Jane Doe", Line1: "1-1", City: "東京", PostalCode: "100-0001", CountryCode: "JP"},
			Default: n == 3, Status: s, Error: payment.NotHonored, Reference: "r", Tries: 1,
			CreatedAt: now.Add(time.Duration(n) * time.Second), CheckedAt: now.Add(time.Duration(10-n) * time.Minute),
		}
	}
	one, two, three := method(1, contactsOf, payment.Pending), method(2, contactsOf, payment.Declined), method(3, contactsOf, payment.Valid)
	others := method(4, contactsToo, payment.Pending)
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutPaymentMethod(one), tx.PutPaymentMethod(two), tx.PutPaymentMethod(three), tx.PutPaymentMethod(others))
	})
	of := func(account string) []payment.Method {
		return get(t, db, func(tx store.Tx) ([]payment.Method, error) { return tx.PaymentMethods(account) })
	}
	equal(t, "an account's methods", of(contactsOf), []payment.Method{three, one, two})
	equal(t, "one", get(t, db, func(tx store.Tx) (payment.Method, error) { return tx.PaymentMethod(two.ID) }), two)
	pending := func(before time.Time, limit int) []payment.Method {
		return get(t, db, func(tx store.Tx) ([]payment.Method, error) { return tx.PendingPaymentMethods(before, limit) })
	}
	equal(t, "pending", pending(now.Add(time.Hour), 10), []payment.Method{others, one})
	equal(t, "the one that waits longest", pending(now.Add(time.Hour), 1), []payment.Method{others})
	equal(t, "looked after before", pending(one.CheckedAt, 10), []payment.Method{others})

	one.Status, one.Default = payment.Valid, true
	update(t, db, func(tx store.Tx) error { return do(tx.PutPaymentMethod(one), tx.DeletePaymentMethod(two.ID)) })
	equal(t, "what is left", of(contactsOf), []payment.Method{one, three})
	equal(t, "pending then", pending(now.Add(time.Hour), 10), []payment.Method{others})
	for what, write := range map[string]func(store.Tx) error{
		"looking for none": func(tx store.Tx) error { _, err := tx.PaymentMethod(two.ID); return err },
		"removing none":    func(tx store.Tx) error { return tx.DeletePaymentMethod(two.ID) },
		"one of no account": func(tx store.Tx) error {
			return tx.PutPaymentMethod(method(9, contactsNot, payment.Valid))
		},
	} {
		refused(t, what, db.Update(t.Context(), nil, write), fault.NotFound, "")
	}
}
