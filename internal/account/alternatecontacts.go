package account

import (
	"strings"

	"sekisho/internal/fault"
)

// ContactType is what somebody other than the primary contact is asked about.
type ContactType string

// The types. An account has at most one contact of each.
const (
	Billing    ContactType = "BILLING"
	Operations ContactType = "OPERATIONS"
	Security   ContactType = "SECURITY"
)

// AlternateContact is whom to ask in matters of its type. All fields are required.
type AlternateContact struct {
	Type  ContactType
	Name  string // 1 to 64 characters
	Title string // 1 to 50 characters
	Email string // at most 254 bytes
	Phone string // 5 to 15 digits, with + , spaces, hyphens and parentheses between them
}

// SetAlternateContact creates or replaces the account's contact of c's type. What
// is wrong with it is Invalid; the fault's reason is the field.
func SetAlternateContact(tx ContactStore, account string, c AlternateContact) error {
	for _, f := range []field{
		{&c.Name, "name", "The name", true},
		{&c.Title, "title", "The title", true},
		{&c.Email, "email-address", "The e-mail address", true},
		{&c.Phone, "phone-number", "The phone number", true},
	} {
		*f.value = strings.TrimSpace(*f.value)
		if err := f.check(); err != nil {
			return err
		}
	}
	if err := checkDigits(c.Phone, "The phone number"); err != nil {
		return err
	}
	return tx.PutAlternateContact(account, c)
}

// ErrNoAlternateContact is AWS's answer when there is no contact of the type.
var ErrNoAlternateContact = fault.New(fault.NotFound, "no-alternate-contact", "No contact of the inputted alternate contact type found.")
