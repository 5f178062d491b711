package storetest

import (
	"testing"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/secret"
	"sekisho/internal/store"
)

// The accounts of these tests; there is no third.
const (
	contactsOf  = "111122223333"
	contactsToo = "444455556666"
	contactsNot = "999999999999"
)

func putContactAccounts(t *testing.T, db store.DB) {
	t.Helper()
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutAccount(testAccount(contactsOf)), tx.PutAccount(testAccount(contactsToo)))
	})
}

// testAccountContacts: each account has a contact of its own, and one of each type.
func testAccountContacts(t *testing.T, db store.DB) {
	putContactAccounts(t, db)
	full := account.Contact{
		FullName: "Jane Doe", CompanyName: "Example Corp", AddressLine1: "1", AddressLine2: "2", AddressLine3: "3", City: "東京",
		DistrictOrCounty: "d", StateOrRegion: "s", PostalCode: "100-0001", CountryCode: "JP", Phone: "+81 3 0000 0000", Website: "https://example.com",
	}
	read := func(id string) (c account.Contact, err error) {
		err = db.View(t.Context(), func(tx store.Tx) error { c, err = tx.Contact(id); return err })
		return c, err
	}
	for _, want := range []account.Contact{full, {FullName: "x"}} { // the second replaces the first
		update(t, db, func(tx store.Tx) error { return tx.PutContact(contactsOf, want) })
		got, err := read(contactsOf)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "contact", got, want)
	}
	_, err := read(contactsToo)
	refused(t, "the other account's contact", err, fault.NotFound, "no-contact")

	alternate := func(kind account.ContactType, name string) account.AlternateContact {
		return account.AlternateContact{Type: kind, Name: name, Title: "t", Email: "e@example.com", Phone: "12345"}
	}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutAlternateContact(contactsOf, alternate(account.Billing, "first")), tx.PutAlternateContact(contactsOf, alternate(account.Billing, "second")),
			tx.PutAlternateContact(contactsOf, alternate(account.Security, "third")), tx.PutAlternateContact(contactsToo, alternate(account.Billing, "other")))
	})
	update(t, db, func(tx store.Tx) error { return tx.DeleteAlternateContact(contactsOf, account.Security) })
	view(t, db, func(tx store.Tx) error {
		b, err := tx.AlternateContact(contactsOf, account.Billing)
		equal(t, "billing", b, alternate(account.Billing, "second"))
		_, gone := tx.AlternateContact(contactsOf, account.Security)
		refused(t, "what was deleted", gone, fault.NotFound, "no-alternate-contact")
		return err
	})
	for what, write := range map[string]func(store.Tx) error{
		"a contact of no account":            func(tx store.Tx) error { return tx.PutContact(contactsNot, full) },
		"an alternate contact of no account": func(tx store.Tx) error { return tx.PutAlternateContact(contactsNot, alternate(account.Billing, "x")) },
		"deleting what is not there":         func(tx store.Tx) error { return tx.DeleteAlternateContact(contactsToo, account.Security) },
	} {
		refused(t, what, db.Update(t.Context(), nil, write), fault.NotFound, "")
	}
}

// testAccountEmails: an account is found by its alias and by its address in any
// case, and keeps the last change of that, whose code is sealed.
func testAccountEmails(t *testing.T, db store.DB) {
	putContactAccounts(t, db)
	aliased := testAccount("999988887777")
	aliased.Alias = "example-corp"
	update(t, db, func(tx store.Tx) error { return tx.PutAccount(aliased) })
	view(t, db, func(tx store.Tx) error {
		found, err := tx.AccountByAlias("example-corp")
		equal(t, "account by alias", found, aliased)
		for _, alias := range []string{"", "example", "999988887777"} {
			_, none := tx.AccountByAlias(alias)
			refused(t, "an alias of nobody", none, fault.NotFound, "no-account")
		}
		if err != nil {
			return err
		}
		a, err := tx.AccountByEmail("ROOT+111122223333@Example.com")
		equal(t, "account", a, testAccount(contactsOf))
		_, none := tx.AccountByEmail("nobody@example.com")
		refused(t, "an address of nobody", none, fault.NotFound, "no-account")
		_, none = tx.EmailUpdate(contactsOf)
		refused(t, "no change", none, fault.NotFound, "no-email-update")
		return err
	})
	for _, want := range []account.EmailUpdate{
		{Account: contactsOf, Email: "New@example.com", Code: secret.NewString("a1B2c3"), Tries: 2, StartedAt: now, UpdatedAt: now.Add(time.Second),
			ExpiresAt: now.Add(time.Hour), Begun: 3, BegunSince: now.Add(-time.Minute)},
		{Account: contactsOf, Email: "New@example.com", Completed: true},
	} {
		update(t, db, func(tx store.Tx) error { return tx.PutEmailUpdate(want) })
		got := get(t, db, func(tx store.Tx) (account.EmailUpdate, error) { return tx.EmailUpdate(contactsOf) })
		equal(t, "code", got.Code.Reveal(), want.Code.Reveal())
		got.Code, want.Code = secret.String{}, secret.String{}
		equal(t, "change", got, want)
	}
	err := db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.PutEmailUpdate(account.EmailUpdate{Account: contactsNot}) })
	refused(t, "of no account", err, fault.NotFound, "")
}

// testAccountRegions: choices are each account's own, one for a region, in order.
func testAccountRegions(t *testing.T, db store.DB) {
	putContactAccounts(t, db)
	west := account.RegionChoice{Region: "ca-west-1", Enable: true, At: now}
	south := account.RegionChoice{Region: "af-south-1", Enable: true, At: now}
	update(t, db, func(tx store.Tx) error {
		return do(tx.PutRegionChoice(contactsOf, west), tx.PutRegionChoice(contactsOf, south), tx.PutRegionChoice(contactsToo, west))
	})
	south.Enable, south.At = false, now.Add(time.Hour)
	update(t, db, func(tx store.Tx) error { return tx.PutRegionChoice(contactsOf, south) })
	equal(t, "choices", get(t, db, func(tx store.Tx) ([]account.RegionChoice, error) { return tx.RegionChoices(contactsOf) }),
		[]account.RegionChoice{south, west})
	err := db.Update(t.Context(), nil, func(tx store.Tx) error { return tx.PutRegionChoice(contactsNot, west) })
	refused(t, "of no account", err, fault.NotFound, "")
	update(t, db, store.Tx.Clear)
	equal(t, "choices after all was cleared", len(get(t, db, func(tx store.Tx) ([]account.RegionChoice, error) { return tx.RegionChoices(contactsOf) })), 0)
}
