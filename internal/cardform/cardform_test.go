package cardform_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"sekisho/internal/account"
	"sekisho/internal/cardform"
	"sekisho/internal/payment"
	"sekisho/web"
)

var home = account.Contact{FullName: "Jane Doe", AddressLine1: "1 Main Street", City: "Seattle", StateOrRegion: "WA", PostalCode: "98101", CountryCode: "US"}

func form(bills string, change ...string) url.Values {
	v := url.Values{
		web.FieldCardNumber: {"4242 4242 4242 4242"}, web.FieldCardCVV: {"737"}, web.FieldCardHolder: {"  Jane \t Doe "},
		web.FieldCardExpiry: {"04"}, web.FieldCardYear: {"2029"}, web.FieldBillingAddress: {bills},
		web.FieldFullName: {"Doe  KK"}, web.FieldAddressLine1: {"2 Side Street"}, web.FieldCity: {"Paris"}, web.FieldPostalCode: {"75001"}, web.FieldCountry: {"FR"},
	}
	for i := 0; i < len(change); i += 2 {
		v.Set(change[i], change[i+1])
	}
	return v
}

// bills go to the account's contact or to another address.
func TestBilled(t *testing.T) {
	t.Parallel()
	for bills, want := range map[string]payment.Address{
		"same": {FullName: "Jane Doe", Line1: "1 Main Street", City: "Seattle", StateOrRegion: "WA", PostalCode: "98101", CountryCode: "US"},
		"new":  {FullName: "Doe KK", Line1: "2 Side Street", City: "Paris", PostalCode: "75001", CountryCode: "FR"},
	} {
		f := cardform.Read(form(bills))
		if got := f.Billed(home); got != want || !f.Chosen() {
			t.Errorf("%s: %+v", bills, got)
		}
	}
	for _, bills := range []string{"", "NEW", "elsewhere"} {
		if cardform.Read(form(bills)).Chosen() {
			t.Errorf("%q is a choice", bills)
		}
	}
	if c := cardform.Read(form("same")).Card(); c.Holder != "Jane Doe" || c.ExpiryMonth != 4 || c.ExpiryYear != 2029 || c.Number.Empty() || c.CVV.Empty() {
		t.Errorf("the card is %+v", c)
	}
}

// What comes back to a page has neither number nor code in it, wherever it was
// looked for, and printing the form prints neither.
func TestNumberNeverComesBack(t *testing.T) {
	t.Parallel()
	f := cardform.Read(form("new"))
	var p web.SignUpPayment
	f.Again(&p)
	if p.Holder != "Jane Doe" || p.Month != "04" || p.ChosenYear != "2029" || !p.NewAddress || p.Address.City != "Paris" {
		t.Errorf("lost: %+v", p)
	}
	for _, shown := range []string{fmt.Sprintf("%+v", p), fmt.Sprintf("%+v %#v", f, f)} {
		if strings.Contains(shown, "4242") || strings.Contains(shown, "737") {
			t.Errorf("the card is in %s", shown)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	all := &payment.CardError{Fields: []payment.Field{payment.FieldNumber, payment.FieldHolder, payment.FieldExpiry, payment.FieldCVV}}
	address := &payment.CardError{Fields: []payment.Field{payment.FieldAddress}}
	for name, c := range map[string]struct {
		form url.Values
		err  *payment.CardError
		want []web.SignUpError
	}{
		"card": {form("same"), all, []web.SignUpError{web.FaultCardNumberInvalid, web.FaultCardHolderInvalid, web.FaultCardMonthInvalid, web.FaultCardCvvInvalid}},
		"empty": {form("new", web.FieldFullName, "", web.FieldAddressLine1, "\t", web.FieldCity, "", web.FieldPostalCode, "", web.FieldCountry, ""), address,
			[]web.SignUpError{web.FaultFullNameRequired, web.FaultAddressLine1Required, web.FaultCityRequired, web.FaultPostalCodeRequired, web.FaultCountryInvalid}},
		"long":                             {form("new", web.FieldCity, strings.Repeat("市", 61)), address, []web.SignUpError{web.FaultCityInvalid}},
		"control":                          {form("new", web.FieldFullName, "Jane\x00Doe"), address, []web.SignUpError{web.FaultFullNameInvalid}},
		"cut in a rune":                    {form("new", web.FieldCity, strings.Repeat("市", 1000)), address, []web.SignUpError{web.FaultCityInvalid}},
		"no country":                       {form("new", web.FieldCountry, "ZZ"), address, []web.SignUpError{web.FaultCountryInvalid}},
		"the contact":                      {form("same"), address, []web.SignUpError{web.FaultBillingAddressRequired}},
		"good, as far as can be told here": {form("new"), address, []web.SignUpError{web.FaultBillingAddressRequired}},
	} {
		if got := cardform.Read(c.form).Faults(c.err); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestKnown(t *testing.T) {
	t.Parallel()
	if got := cardform.Known(home); got != "Jane Doe, 1 Main Street, Seattle, WA 98101, US" {
		t.Error(got)
	}
	if got := cardform.Known(account.Contact{}); got != "" {
		t.Errorf("nobody's is %q", got)
	}
}

// each reason of an institution has its words.
func TestDeclined(t *testing.T) {
	t.Parallel()
	for _, r := range []payment.Reason{payment.NotHonored, payment.InsufficientFunds, payment.ExpiredCard, payment.WrongCVV, payment.WrongPassword} {
		if cardform.Declined(r) == "" {
			t.Errorf("no words for %s", r)
		}
	}
	if cardform.Declined("") != "" {
		t.Error("no reason has words")
	}
}

// FuzzRead: whatever is typed, nothing that is bounded gets past its bound, and the
// number never comes back.
func FuzzRead(f *testing.F) {
	f.Add("4242424242424242", "Jane Doe", "new", "市")
	f.Add("", "\xff\x00", "same", strings.Repeat("ｱ", 600))
	f.Fuzz(func(t *testing.T, number, holder, bills, city string) {
		read := cardform.Read(form(bills, web.FieldCardNumber, number, web.FieldCardHolder, holder, web.FieldCity, city))
		var p web.SignUpPayment
		read.Again(&p)
		if len(p.Holder) > 3*512 || len(p.Address.City) > 3*512 || strings.ContainsAny(p.Holder+p.Address.City, "\r\n\t") {
			t.Errorf("%q, %q", p.Holder, p.Address.City)
		}
		read.Faults(&payment.CardError{Fields: []payment.Field{payment.FieldAddress}})
	})
}
