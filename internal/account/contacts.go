package account

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/language"

	"sekisho/internal/fault"
)

// Contact is an account's primary contact: who owns it and how to reach them
// . Fields that are optional are "" when nobody gave them.
type Contact struct {
	FullName         string
	CompanyName      string // optional
	AddressLine1     string
	AddressLine2     string // optional
	AddressLine3     string // optional
	City             string
	DistrictOrCounty string // optional
	StateOrRegion    string // required in some countries
	PostalCode       string
	CountryCode      string // ISO 3166, two capital letters
	Phone            string // + and 5 to 15 digits, with spaces, hyphens and parentheses between them
	Website          string // optional
}

// ContactStore keeps contacts. An account that does not exist is NotFound on writing.
type ContactStore interface {
	// Contact returns the account's primary contact, or NotFound as long as nobody gave one.
	Contact(account string) (Contact, error)
	PutContact(account string, c Contact) error
	// AlternateContact returns the account's contact of that type, or NotFound.
	AlternateContact(account string, t ContactType) (AlternateContact, error)
	// PutAlternateContact creates or replaces the account's contact of c's type.
	PutAlternateContact(account string, c AlternateContact) error
	// DeleteAlternateContact is NotFound when there is none.
	DeleteAlternateContact(account string, t ContactType) error
}

// needState are the countries whose addresses have a state or region.
var needState = []string{"US", "CA", "GB", "DE", "JP", "IN", "BR"}

// SetContact replaces the account's primary contact. What is wrong with it is
// Invalid; the fault's reason is the field.
func SetContact(tx ContactStore, account string, c Contact) error {
	for _, f := range c.fields() {
		*f.value = strings.TrimSpace(*f.value)
		if err := f.check(); err != nil {
			return err
		}
	}
	if !isCountry(c.CountryCode) {
		return invalid("country-code", "The country code must be one of ISO 3166 with two capital letters.")
	}
	if c.StateOrRegion == "" && slices.Contains(needState, c.CountryCode) {
		return invalid("state-or-region", "Addresses in %s must have a state or region.", c.CountryCode)
	}
	if err := checkDigits(c.Phone, "The phone number"); err != nil {
		return err
	}
	return tx.PutContact(account, c)
}

// field is one text of a contact.
type field struct {
	value    *string
	reason   string // of the fault
	what     string
	required bool
}

func (c *Contact) fields() []field {
	return []field{
		{&c.FullName, "full-name", "The full name", true},
		{&c.CompanyName, "company-name", "The company name", false},
		{&c.AddressLine1, "address-line1", "The first line of the address", true},
		{&c.AddressLine2, "address-line2", "The second line of the address", false},
		{&c.AddressLine3, "address-line3", "The third line of the address", false},
		{&c.City, "city", "The city", true},
		{&c.DistrictOrCounty, "district-or-county", "The district or county", false},
		{&c.StateOrRegion, "state-or-region", "The state or region", false},
		{&c.PostalCode, "postal-code", "The postal code", true},
		{&c.CountryCode, "country-code", "The country code", true},
		{&c.Phone, "phone-number", "The phone number", true},
		{&c.Website, "website-url", "The URL of the website", false},
	}
}

// check refuses what no letter could be addressed to. Lengths are the model's.
func (f field) check() error {
	if f.required && *f.value == "" {
		return invalid(f.reason, "%s must not be blank.", f.what)
	}
	if strings.ContainsFunc(*f.value, unicode.IsControl) {
		return invalid(f.reason, "%s must not have control characters.", f.what)
	}
	return nil
}

func isCountry(code string) bool {
	r, err := language.ParseRegion(code)
	return err == nil && r.IsCountry() && r.Canonicalize().String() == code // of UK and GB, only one is
}

// checkDigits counts what of a phone number is dialled: no number of the world
// has more digits than 15 (ITU-T E.164).
func checkDigits(phone, what string) error {
	digits := 0
	for _, r := range phone {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	if digits < 5 || digits > 15 {
		return invalid("phone-number", "%s must have 5 to 15 digits.", what)
	}
	return nil
}

func invalid(reason, format string, args ...any) error {
	return fault.New(fault.Invalid, reason, format, args...)
}
