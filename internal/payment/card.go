package payment

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"sekisho/internal/secret"
)

// Brand is who issued the scheme that a card belongs to.
type Brand string

// The brands that are taken.
const (
	Visa       Brand = "Visa"
	Mastercard Brand = "Mastercard"
	Amex       Brand = "American Express"
	Discover   Brand = "Discover"
	JCB        Brand = "JCB"
	Diners     Brand = "Diners Club"
	UnionPay   Brand = "UnionPay"
)

// brands are the ranges of the first digits that are a brand's (ISO/IEC 7812), and
// the lengths that its numbers have. The first that fits counts.
var brands = []struct {
	brand    Brand
	from, to string // compared as the first digits of the number
	lengths  []int
}{
	{Amex, "34", "34", []int{15}},
	{Amex, "37", "37", []int{15}},
	{JCB, "3528", "3589", []int{16, 17, 18, 19}},
	{Diners, "300", "305", []int{14}},
	{Diners, "36", "36", []int{14}},
	{Diners, "38", "39", []int{14}},
	{Visa, "4", "4", []int{13, 16, 19}},
	{Mastercard, "51", "55", []int{16}},
	{Mastercard, "2221", "2720", []int{16}},
	{Discover, "6011", "6011", []int{16, 17, 18, 19}},
	{Discover, "644", "649", []int{16, 17, 18, 19}},
	{Discover, "65", "65", []int{16, 17, 18, 19}},
	{UnionPay, "62", "62", []int{16, 17, 18, 19}},
}

// Card is a card as somebody typed it. It is on its way from a form to a gateway,
// and its number and code are kept nowhere.
type Card struct {
	Number      secret.String // digits, with spaces and hyphens between them, in any width
	Holder      string
	ExpiryMonth int // 1 to 12
	ExpiryYear  int // four digits
	CVV         secret.String
}

// Address is where a card's bills go.
type Address struct {
	FullName      string `json:"fullName"`
	Line1         string `json:"line1"`
	Line2         string `json:"line2,omitempty"`
	City          string `json:"city"`
	StateOrRegion string `json:"stateOrRegion,omitempty"`
	PostalCode    string `json:"postalCode"`
	CountryCode   string `json:"countryCode"` // ISO 3166, two capital letters
}

// Field is a part of a card or an address that can be wrong.
type Field string

// The fields.
const (
	FieldNumber  Field = "number"  // no card has it: too short, mistyped, or no brand that is taken
	FieldHolder  Field = "holder"  // 1 to 64 characters
	FieldExpiry  Field = "expiry"  // no month, or past, or more than 20 years ahead
	FieldCVV     Field = "cvv"     // three digits, American Express four; may be left out where nobody asks for it
	FieldAddress Field = "address" // a line, the city, the postal code or the country is missing or too long
)

// CardError says which fields of a card are wrong. It has nothing of the card in it.
type CardError struct{ Fields []Field }

// Error names the fields.
func (e *CardError) Error() string {
	names := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		names[i] = string(f)
	}
	return "payment: not a card: " + strings.Join(names, ", ")
}

const (
	maxTyped  = 64 // bytes of a number and of a code as typed
	maxHolder = 64 // characters
	maxAhead  = 20 // years
	maxLine   = 100
)

// India is the country where the seller is AISPL and the security code is
// mandatory.
const India = "IN"

// check returns the card with its number as digits, and its brand, or a *CardError
// with every field that is wrong.
func (c Card) check(a Address, now time.Time) (Card, Brand, error) {
	var wrong []Field
	note := func(ok bool, f Field) {
		if !ok {
			wrong = append(wrong, f)
		}
	}
	number, ok := digits(c.Number)
	brand := brandOf(number)
	note(ok && brand != "" && luhn(number), FieldNumber)
	c.Holder = strings.Join(strings.Fields(c.Holder), " ")
	note(isLine(c.Holder, maxHolder) && !hasNumber(c.Holder), FieldHolder)
	note(c.ExpiryMonth >= 1 && c.ExpiryMonth <= 12 && c.ExpiryYear <= now.Year()+maxAhead && now.Before(endOf(c.ExpiryMonth, c.ExpiryYear)), FieldExpiry)
	code, ok := digits(c.CVV)
	wanted := 3
	if brand == Amex {
		wanted = 4
	}
	// Without a brand the length is not known, and the number is the thing to correct.
	right := ok && (len(code) == wanted || brand == "" && (len(code) == 3 || len(code) == 4))
	note(right || c.CVV.Empty() && a.CountryCode != India, FieldCVV)
	note(a.valid(), FieldAddress)
	c.Number, c.CVV = secret.NewString(number), secret.NewString(code)
	if len(wrong) > 0 {
		return c, brand, &CardError{wrong}
	}
	return c, brand, nil
}

// valid reports whether a bill could be addressed so.
func (a Address) valid() bool {
	r, err := language.ParseRegion(a.CountryCode)
	return isLine(a.FullName, maxLine) && isLine(a.Line1, maxLine) && isLine(a.City, maxLine) && isLine(a.PostalCode, maxLine) &&
		(a.Line2 == "" || isLine(a.Line2, maxLine)) && (a.StateOrRegion == "" || isLine(a.StateOrRegion, maxLine)) &&
		err == nil && r.IsCountry() && r.Canonicalize().String() == a.CountryCode
}

func isLine(s string, most int) bool {
	return strings.TrimSpace(s) != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= most && !strings.ContainsFunc(s, unicode.IsControl)
}

// hasNumber reports whether somebody typed a card's number where it would be kept.
func hasNumber(s string) bool {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n >= 12
}

// digits is what was typed without what people write between digits, and in
// ASCII: Japanese input methods write full-width ones. It is false for anything
// else, and for nothing.
func digits(typed secret.String) (string, bool) {
	if len(typed.Reveal()) > maxTyped {
		return "", false
	}
	var b strings.Builder
	for _, r := range norm.NFKC.String(typed.Reveal()) {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == ' ' || r == '-' || r == '‐' || r == '−' || r == 'ー':
		default:
			return "", false
		}
	}
	return b.String(), b.Len() > 0
}

// brandOf is the brand of a number of its length, or "".
func brandOf(number string) Brand {
	for _, b := range brands {
		if len(number) < len(b.from) {
			continue
		}
		if first := number[:len(b.from)]; first < b.from || first > b.to {
			continue
		}
		for _, n := range b.lengths {
			if len(number) == n {
				return b.brand
			}
		}
	}
	return ""
}

// luhn reports whether the last digit is the check digit of the others (ISO/IEC
// 7812-1, annex B): it finds a mistyped digit, and most that are swapped.
func luhn(number string) bool {
	sum := 0
	for i := range len(number) {
		d := int(number[len(number)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// endOf is when the card's last month ends, by UTC.
func endOf(month, year int) time.Time {
	return time.Date(year, time.Month(month)+1, 1, 0, 0, 0, 0, time.UTC)
}
