package account_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsaccount "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"
)

func contact() *types.ContactInformation {
	return &types.ContactInformation{
		FullName: aws.String("Jane Doe"), AddressLine1: aws.String("410 Terry Ave N"), City: aws.String("Seattle"), StateOrRegion: aws.String("WA"),
		PostalCode: aws.String("98109"), CountryCode: aws.String("US"), PhoneNumber: aws.String("+1 (206) 555-0100"),
	}
}

// The primary contact, with its phone number, can be viewed and updated.
func TestContactInformation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	get := func(caller, id string) (*types.ContactInformation, error) {
		out, err := w.service.GetContactInformation(w.Context(), w.by(caller, "GetContactInformation"), &awsaccount.GetContactInformationInput{AccountId: of(id)})
		return out.ContactInformation, err
	}
	put := func(caller, id string, c *types.ContactInformation) error {
		_, err := w.service.PutContactInformation(w.Context(), w.by(caller, "PutContactInformation"),
			&awsaccount.PutContactInformationInput{AccountId: of(id), ContactInformation: c})
		return err
	}
	_, err := get(member, "")
	w.expect("before", err, "ResourceNotFoundException", "No contact information found for the account.")

	full := contact()
	full.AddressLine2, full.AddressLine3, full.DistrictOrCounty = aws.String("2"), aws.String("3"), aws.String("King")
	full.CompanyName, full.WebsiteUrl = aws.String("Example Corp"), aws.String("https://example.com")
	for _, want := range []*types.ContactInformation{full, contact()} { // the second has fewer fields
		w.expect("putting", put(management, member, want), "", "")
		got, err := get(member, "")
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, %v", got, err)
		}
	}
	_, err = get(management, "")
	w.expect("of the management account", err, "ResourceNotFoundException", "No contact information found for the account.")
	w.expect("of a sibling", put(member, sibling, contact()), "AccessDeniedException",
		"User: arn:aws:iam::"+member+":root is not authorized to perform: account:PutContactInformation")

	for _, c := range []struct {
		what    string
		change  func(*types.ContactInformation)
		field   string
		message string
	}{
		{"blank name", func(c *types.ContactInformation) { c.FullName = aws.String(" \t") }, "fullName", "The full name must not be blank."},
		{"line break", func(c *types.ContactInformation) { c.AddressLine2 = aws.String("a\nb") }, "addressLine2", "The second line of the address must not have control characters."},
		{"no country", func(c *types.ContactInformation) { c.CountryCode = aws.String("XX") }, "countryCode", "The country code must be one of ISO 3166 with two capital letters."},
		{"small letters", func(c *types.ContactInformation) { c.CountryCode = aws.String("us") }, "countryCode", "The country code must be one of ISO 3166 with two capital letters."},
		{"another name of GB", func(c *types.ContactInformation) { c.CountryCode = aws.String("UK") }, "countryCode", "The country code must be one of ISO 3166 with two capital letters."},
		{"no state in Japan", func(c *types.ContactInformation) { c.CountryCode, c.StateOrRegion = aws.String("JP"), nil }, "stateOrRegion", "Addresses in JP must have a state or region."},
		{"no digits", func(c *types.ContactInformation) { c.PhoneNumber = aws.String("+ () -") }, "phoneNumber", "The phone number must have 5 to 15 digits."},
		{"many digits", func(c *types.ContactInformation) { c.PhoneNumber = aws.String("+1234567890123456") }, "phoneNumber", "The phone number must have 5 to 15 digits."},
	} {
		wrong := contact()
		c.change(wrong)
		err := put(member, "", wrong)
		w.expect(c.what, err, "ValidationException", c.message)
		v, ok := errors.AsType[*types.ValidationException](err)
		if !ok || v.Reason != types.ValidationExceptionReasonFieldValidationFailed || len(v.FieldList) != 1 || *v.FieldList[0].Name != c.field {
			t.Errorf("%s: %+v", c.what, v)
		}
	}
	if got, err := get(member, ""); err != nil || !reflect.DeepEqual(got, contact()) {
		t.Errorf("after what was refused: %+v, %v", got, err)
	}
	there := contact()
	there.CountryCode, there.StateOrRegion = aws.String("FR"), nil
	w.expect("a country without states", put(member, "", there), "", "")
}

// Alternate contacts are one for each type (behaviours.md 9.5).
func TestAlternateContacts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const none = "No contact of the inputted alternate contact type found."
	put := func(caller, id string, kind types.AlternateContactType, name, phone string) error {
		_, err := w.service.PutAlternateContact(w.Context(), w.by(caller, "PutAlternateContact"), &awsaccount.PutAlternateContactInput{
			AccountId: of(id), AlternateContactType: kind, Name: &name, Title: aws.String("CFO"),
			EmailAddress: aws.String(" cfo@example.com "), PhoneNumber: &phone,
		})
		return err
	}
	get := func(caller, id string, kind types.AlternateContactType) (*types.AlternateContact, error) {
		out, err := w.service.GetAlternateContact(w.Context(), w.by(caller, "GetAlternateContact"),
			&awsaccount.GetAlternateContactInput{AccountId: of(id), AlternateContactType: kind})
		return out.AlternateContact, err
	}
	remove := func(caller, id string, kind types.AlternateContactType) error {
		_, err := w.service.DeleteAlternateContact(w.Context(), w.by(caller, "DeleteAlternateContact"),
			&awsaccount.DeleteAlternateContactInput{AccountId: of(id), AlternateContactType: kind})
		return err
	}
	for _, kind := range types.AlternateContactType("").Values() {
		_, err := get(member, "", kind)
		w.expect("before", err, "ResourceNotFoundException", none)
		for _, name := range []string{"First", "Second " + string(kind)} {
			w.expect("putting", put(management, member, kind, name, "+1 206 555 0100"), "", "")
		}
	}
	for _, kind := range types.AlternateContactType("").Values() {
		got, err := get(member, "", kind)
		want := &types.AlternateContact{AlternateContactType: kind, Name: aws.String("Second " + string(kind)), Title: aws.String("CFO"),
			EmailAddress: aws.String("cfo@example.com"), PhoneNumber: aws.String("+1 206 555 0100")}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, %v", got, err)
		}
	}
	w.expect("deleting", remove(management, member, types.AlternateContactTypeBilling), "", "")
	w.expect("deleting again", remove(member, "", types.AlternateContactTypeBilling), "ResourceNotFoundException", none)
	_, err := get(management, member, types.AlternateContactTypeSecurity)
	w.expect("another type", err, "", "")
	w.expect("blank", put(member, "", types.AlternateContactTypeBilling, "  ", "12345"), "ValidationException", "The name must not be blank.")
	w.expect("a bell", put(member, "", types.AlternateContactTypeBilling, "a\ab", "12345"), "ValidationException", "The name must not have control characters.")
	w.expect("no number", put(member, "", types.AlternateContactTypeBilling, "Jane", "1234"), "ValidationException", "The phone number must have 5 to 15 digits.")
	for what, err := range map[string]error{
		"PutAlternateContact":    put(member, sibling, types.AlternateContactTypeBilling, "Jane", "12345"),
		"DeleteAlternateContact": remove(member, sibling, types.AlternateContactTypeBilling),
	} {
		w.expect(what, err, "AccessDeniedException", "User: arn:aws:iam::"+member+":root is not authorized to perform: account:"+what)
	}
	if got := strings.Join(w.events(member), " "); strings.Count(got, "PutAlternateContact") != 6 || strings.Count(got, "DeleteAlternateContact") != 1 {
		t.Errorf("the member's history: %s", got)
	}
}
