package sqlstore

import (
	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoContact = fault.New(fault.NotFound, "no-contact", "No contact information found for the account.")

	putContact          = upsert("account_contacts", "account", "account, "+contactColumns)
	putAlternateContact = upsert("account_alternate_contacts", "account, type", "account, "+alternateContactColumns)
)

const (
	contactColumns = "full_name, company_name, address_line1, address_line2, address_line3, city, district_or_county, state_or_region," +
		" postal_code, country_code, phone, website"
	alternateContactColumns = "type, name, title, email, phone"
)

func (t *tx) Contact(accountID string) (account.Contact, error) {
	c, err := one(t, func(r sqldb.Row) (c account.Contact, err error) {
		return c, r.Scan(&c.FullName, &c.CompanyName, &c.AddressLine1, &c.AddressLine2, &c.AddressLine3, &c.City, &c.DistrictOrCounty,
			&c.StateOrRegion, &c.PostalCode, &c.CountryCode, &c.Phone, &c.Website)
	}, "SELECT "+contactColumns+" FROM account_contacts WHERE account = ?", accountID)
	return orNone(c, err, errNoContact)
}

func (t *tx) PutContact(accountID string, c account.Contact) error {
	_, err := t.exec(putContact, accountID, c.FullName, c.CompanyName, c.AddressLine1, c.AddressLine2, c.AddressLine3, c.City, c.DistrictOrCounty,
		c.StateOrRegion, c.PostalCode, c.CountryCode, c.Phone, c.Website)
	t.note(store.KeyAccount(accountID))
	return noAccount(err)
}

func (t *tx) AlternateContact(accountID string, ct account.ContactType) (account.AlternateContact, error) {
	c, err := one(t, func(r sqldb.Row) (c account.AlternateContact, err error) {
		return c, r.Scan(&c.Type, &c.Name, &c.Title, &c.Email, &c.Phone)
	}, "SELECT "+alternateContactColumns+" FROM account_alternate_contacts WHERE account = ? AND type = ?", accountID, string(ct))
	return orNone(c, err, account.ErrNoAlternateContact)
}

func (t *tx) PutAlternateContact(accountID string, c account.AlternateContact) error {
	_, err := t.exec(putAlternateContact, accountID, string(c.Type), c.Name, c.Title, c.Email, c.Phone)
	t.note(store.KeyAccount(accountID))
	return noAccount(err)
}

func (t *tx) DeleteAlternateContact(accountID string, ct account.ContactType) error {
	n, err := t.exec("DELETE FROM account_alternate_contacts WHERE account = ? AND type = ?", accountID, string(ct))
	t.note(store.KeyAccount(accountID))
	return mustChange(n, err, account.ErrNoAlternateContact)
}
