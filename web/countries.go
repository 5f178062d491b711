package web

import (
	"slices"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"sekisho/internal/telephone"
)

// Country is one that an address or a telephone number can be in.
type Country struct {
	Code string // ISO 3166, two capital letters
	Name string // in the language of the list
	Dial int    // the country calling code
}

// Countries are the countries with their names in a language, in its order. It
// must not be changed.
func Countries(loc Locale) []Country {
	if loc == Japanese {
		return japaneseCountries()
	}
	return englishCountries()
}

// IsCountry reports whether the lists have the country of that code.
func IsCountry(code string) bool {
	return slices.ContainsFunc(englishCountries(), func(c Country) bool { return c.Code == code })
}

var (
	englishCountries  = sync.OnceValue(func() []Country { return countriesIn(language.English) })
	japaneseCountries = sync.OnceValue(func() []Country { return countriesIn(language.Japanese) })
)

// countriesIn are those that have telephone numbers of their own, which leaves out
// what ISO 3166 has for groups and reserves.
func countriesIn(tag language.Tag) []Country {
	names := display.Regions(tag)
	var all []Country
	for _, code := range telephone.Countries() {
		r, err := language.ParseRegion(code)
		if err != nil || !r.IsCountry() || r.Canonicalize().String() != code {
			continue
		}
		all = append(all, Country{Code: code, Name: names.Name(r), Dial: telephone.CallingCode(code)})
	}
	order := collate.New(tag)
	slices.SortFunc(all, func(a, b Country) int { return order.CompareString(a.Name, b.Name) })
	return all
}

// Countries are those of the page's language.
func (r *rendering) Countries() []Country { return Countries(r.F.Locale) }
