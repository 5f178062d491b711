// Package cardform reads the form of a card and of the address where its bills go,
// which sign-up and the root user's own pages both have.
//
// It owns what is read, how it is tidied, what comes back to a page that is shown
// again, and in which words a page tells what is wrong. What a card is and what a
// gateway says of it is package payment's; who may add one, how often, and what
// follows is the pages' own business.
package cardform

import (
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"sekisho/internal/account"
	"sekisho/internal/payment"
	"sekisho/internal/secret"
	"sekisho/web"
)

// Bounds of what was typed.
const (
	maxTyped = 512 // bytes of a field that are looked at
	maxLine  = 60  // characters of a line of an address
)

// Form is the form as somebody filled it in.
type Form struct {
	card        payment.Card
	month, year string
	bills       string // "same", "new", or what nobody can choose
	address     web.SignUpAddress
}

// Read reads the form. Whether it has a card in it is found by payment.New.
func Read(form url.Values) Form {
	f := Form{
		month: form.Get(web.FieldCardExpiry), year: form.Get(web.FieldCardYear),
		bills: form.Get(web.FieldBillingAddress), address: Address(form),
	}
	month, _ := strconv.Atoi(f.month) // what is no number is no month
	year, _ := strconv.Atoi(f.year)
	f.card = payment.Card{
		Number: secret.NewString(form.Get(web.FieldCardNumber)), CVV: secret.NewString(form.Get(web.FieldCardCVV)),
		Holder: line(form, web.FieldCardHolder), ExpiryMonth: month, ExpiryYear: year,
	}
	return f
}

// Address is the part of a form that is an address, tidied: each field in one line,
// in Unicode's form C, without space around it.
func Address(form url.Values) web.SignUpAddress {
	return web.SignUpAddress{
		FullName: line(form, web.FieldFullName), Country: line(form, web.FieldCountry),
		Line1: line(form, web.FieldAddressLine1), Line2: line(form, web.FieldAddressLine2), City: line(form, web.FieldCity),
		State: line(form, web.FieldStateOrRegion), PostalCode: line(form, web.FieldPostalCode),
	}
}

func line(form url.Values, name string) string {
	value := form.Get(name)
	return strings.Join(strings.Fields(norm.NFC.String(value[:min(len(value), maxTyped)])), " ")
}

// Card is the card, on its way to a gateway.
func (f Form) Card() payment.Card { return f.card }

// Chosen reports whether the form says where the bills go.
func (f Form) Chosen() bool { return f.bills == "same" || f.bills == "new" }

// Billed is the address where the card's bills go: the account's contact, unless
// another was given.
func (f Form) Billed(known account.Contact) payment.Address {
	if f.bills == "new" {
		a := f.address
		return payment.Address{
			FullName: a.FullName, Line1: a.Line1, Line2: a.Line2, City: a.City, StateOrRegion: a.State, PostalCode: a.PostalCode, CountryCode: a.Country,
		}
	}
	return payment.Address{
		FullName: known.FullName, Line1: known.AddressLine1, Line2: known.AddressLine2, City: known.City,
		StateOrRegion: known.StateOrRegion, PostalCode: known.PostalCode, CountryCode: known.CountryCode,
	}
}

// Again puts what was typed back into a page: all but the number and the code.
func (f Form) Again(p *web.SignUpPayment) {
	p.Holder, p.Month, p.ChosenYear, p.NewAddress, p.Address = f.card.Holder, f.month, f.year, f.bills == "new", f.address
}

// Known is the account's contact as pages show it beside the choice: on one line,
// "" if nobody gave one.
func Known(c account.Contact) string {
	var given []string
	for _, part := range []string{
		c.FullName, c.AddressLine1, c.AddressLine2, c.City, strings.TrimSpace(c.StateOrRegion + " " + c.PostalCode), c.CountryCode,
	} {
		if part != "" {
			given = append(given, part)
		}
	}
	return strings.Join(given, ", ")
}

// Faults is what the page says of a card that is none, field by field.
func (f Form) Faults(e *payment.CardError) []web.SignUpError {
	var wrong []web.SignUpError
	for _, field := range e.Fields {
		switch field {
		case payment.FieldNumber:
			wrong = append(wrong, web.FaultCardNumberInvalid)
		case payment.FieldExpiry:
			wrong = append(wrong, web.FaultCardMonthInvalid)
		case payment.FieldCVV:
			wrong = append(wrong, web.FaultCardCvvInvalid)
		case payment.FieldHolder:
			wrong = append(wrong, web.FaultCardHolderInvalid)
		case payment.FieldAddress:
			wrong = append(wrong, f.addressFaults()...)
		}
	}
	return wrong
}

// addressFaults is what is wrong with the address that was typed. Where that is
// good, or none was, the contact is what no bill can be sent to.
func (f Form) addressFaults() []web.SignUpError {
	if f.bills != "new" {
		return []web.SignUpError{web.FaultBillingAddressRequired}
	}
	a := f.address
	var wrong []web.SignUpError
	for _, field := range []struct {
		value             string
		required, invalid web.SignUpError
	}{
		{a.FullName, web.FaultFullNameRequired, web.FaultFullNameInvalid},
		{a.Line1, web.FaultAddressLine1Required, web.FaultAddressLine1Invalid},
		{a.City, web.FaultCityRequired, web.FaultCityInvalid},
		{a.PostalCode, web.FaultPostalCodeRequired, web.FaultPostalCodeInvalid},
	} {
		switch {
		case field.value == "":
			wrong = append(wrong, field.required)
		case !Fits(field.value, maxLine):
			wrong = append(wrong, field.invalid)
		}
	}
	if !web.IsCountry(a.Country) {
		wrong = append(wrong, web.FaultCountryInvalid)
	}
	if len(wrong) == 0 {
		wrong = append(wrong, web.FaultBillingAddressRequired)
	}
	return wrong
}

// Fits reports whether a line has at most so many characters, all of which can be
// printed on an envelope.
func Fits(s string, most int) bool {
	return strings.ToValidUTF8(s, "") == s && len([]rune(s)) <= most &&
		!strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 })
}

// declines are an institution's reasons in the words of the page.
var declines = map[payment.Reason]web.SignUpDecline{
	payment.NotHonored: web.DeclineNotHonored, payment.InsufficientFunds: web.DeclineInsufficientFunds, payment.ExpiredCard: web.DeclineExpiredCard,
	payment.WrongCVV: web.DeclineWrongCvv, payment.WrongPassword: web.DeclineWrongOneTimePassword,
}

// Declined is why an institution declined, as the page says it. "" stays "".
func Declined(r payment.Reason) web.SignUpDecline { return declines[r] }
