package telephone_test

import (
	"regexp"
	"testing"

	"sekisho/internal/telephone"
)

// What people write, in one country after the other.
func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		typed, country, want, shown string // want "" for no number
	}{
		{"03-1234-5678", "JP", "+81312345678", "+81 312345678"},
		{"+81 3 1234 5678", "JP", "+81312345678", "+81 312345678"},
		{"+81 (0)3 1234 5678", "JP", "+81312345678", "+81 312345678"},
		{"０９０−１２３４", "JP", "", ""},
		{"０９０ １２３４ ５６７８", "JP", "+819012345678", "+81 9012345678"},
		{"(206) 555-0100", "US", "+12065550100", "+1 2065550100"},
		{"1 206 555 0100", "US", "+12065550100", "+1 2065550100"},
		{"+1.206.555.0100", "CA", "+12065550100", "+1 2065550100"},
		{"06 1234 5678", "IT", "+390612345678", "+39 0612345678"}, // Italy dials its zero from abroad too
		{"030 123456", "DE", "+4930123456", "+49 30123456"},
		{"8 495 123-45-67", "RU", "+74951234567", "+7 4951234567"},
		{"098765 43210", "IN", "+919876543210", "+91 9876543210"},
		{"+44 20 7946 0958", "JP", "", ""}, // another country's
		{"123", "US", "", ""},
		{"", "JP", "", ""},
		{"+", "JP", "", ""},
		{"++81312345678", "JP", "", ""},
		{"03-1234-5678;ext=1", "JP", "", ""},
		{"03 1234 5678\x00", "JP", "", ""},
		{"0312345678", "XX", "", ""},
		{"0312345678                                                          ", "JP", "", ""},
	} {
		got, ok := telephone.Parse(tt.typed, tt.country)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("%q in %s: %q, %v; want %q", tt.typed, tt.country, got, ok, tt.want)
		}
		if ok && telephone.Show(got) != tt.shown {
			t.Errorf("%s is shown as %q, want %q", got, telephone.Show(got), tt.shown)
		}
	}
}

func TestCountries(t *testing.T) {
	t.Parallel()
	all := telephone.Countries()
	if len(all) < 240 {
		t.Errorf("%d countries", len(all))
	}
	for _, code := range all {
		if c := telephone.CallingCode(code); c < 1 || c > 999 {
			t.Errorf("%s: %d", code, c)
		}
	}
	if telephone.CallingCode("XX") != 0 {
		t.Error("there is no country XX")
	}
}

// Whatever is typed, a number is one that can be dialled, and reading it again
// gives the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"03-1234-5678", "+1 206 555 0100", "", "+", "０９", "(((", "+81(0)3 1234 5678"} {
		f.Add(s, "JP")
		f.Add(s, "US")
	}
	dialled := regexp.MustCompile(`^\+[1-9]\d{2,14}$`)
	f.Fuzz(func(t *testing.T, typed, country string) {
		got, ok := telephone.Parse(typed, country)
		if !ok {
			return
		}
		if !dialled.MatchString(got) {
			t.Errorf("%q in %s is %q", typed, country, got)
		}
		if again, ok := telephone.Parse(got, country); !ok || again != got {
			t.Errorf("%q is read again as %q, %v", got, again, ok)
		}
	})
}
