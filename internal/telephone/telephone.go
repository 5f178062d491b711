// Package telephone is telephone numbers as people write them and as they are
// dialled from anywhere: + and up to 15 digits (ITU-T E.164).
//
// It knows of each country the calling code, the prefix that is dialled at home
// only, and how long numbers can be; not which numbers are given out, which only
// a call or a message finds out.
package telephone

import (
	"slices"
	"strconv"
	"strings"
)

// country is what has to be known to read a number of it.
type country struct {
	calling int    // +81 is 81
	trunk   string // dialled before the number at home: "0", "8", "" for nothing
	lengths uint32 // bit n is set where national numbers can have n digits
}

// MaxTyped bounds what is read, in bytes.
const MaxTyped = 40

// Countries are the ISO 3166 codes of all countries with numbers, in order.
func Countries() []string {
	codes := make([]string, 0, len(countries))
	for code := range countries {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

// CallingCode is the country's, such as 81; 0 for a country that there is not.
func CallingCode(code string) int { return countries[code].calling }

// Parse reads a number that somebody in the country wrote, with or without its
// calling code, and returns it as it is dialled from anywhere. Spaces, hyphens,
// dots and parentheses are only to be read.
func Parse(typed, code string) (string, bool) {
	c, ok := countries[code]
	if !ok || len(typed) > MaxTyped {
		return "", false
	}
	digits, international, ok := clean(typed)
	if !ok {
		return "", false
	}
	calling := strconv.Itoa(c.calling)
	if international {
		digits, ok = strings.CutPrefix(digits, calling)
		if !ok {
			return "", false
		}
	}
	// Some write the trunk prefix where nobody dials it: +81 (0)3…
	if rest, ok := strings.CutPrefix(digits, c.trunk); ok && c.trunk != "" && c.possible(rest) {
		digits = rest
	}
	if !c.possible(digits) {
		return "", false
	}
	return "+" + calling + digits, true
}

func (c country) possible(national string) bool {
	n := len(national)
	return n < 32 && c.lengths&(1<<n) != 0 && len(strconv.Itoa(c.calling))+n <= 15
}

// clean returns the digits, and whether a + stood before them.
func clean(typed string) (digits string, international, ok bool) {
	rest, international := strings.CutPrefix(strings.TrimSpace(typed), "+")
	var b strings.Builder
	for _, r := range rest {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case strings.ContainsRune(" -.()\u3000\u2010\u2011", r):
		case r >= '０' && r <= '９': // as Japanese keyboards write them
			b.WriteRune(r - '０' + '0')
		default:
			return "", false, false
		}
	}
	return b.String(), international, b.Len() > 0
}

// Show writes a number of Parse with its calling code apart.
func Show(number string) string {
	for n := 3; n > 0; n-- {
		if len(number) > n+1 && calling[number[1:n+1]] {
			return number[:n+1] + " " + number[n+1:]
		}
	}
	return number
}

var calling = func() map[string]bool {
	codes := make(map[string]bool, len(countries))
	for _, c := range countries {
		codes[strconv.Itoa(c.calling)] = true
	}
	return codes
}()
