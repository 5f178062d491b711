package web

import (
	"net/url"
	"strings"

	"golang.org/x/text/language"
)

// Locale is a language in which every page exists.
type Locale string

// The languages. English is the fallback.
const (
	English  Locale = "en"
	Japanese Locale = "ja"
)

// Locales returns every language, in the order of the language links.
func Locales() []Locale { return []Locale{English, Japanese} }

// Each language calls itself by its own name, whatever the page speaks.
var localeNames = map[Locale]string{English: "English", Japanese: "日本語"}

// maxAcceptLanguage bounds, in bytes, how much of an Accept-Language header is
// looked at. Browsers send a few dozen.
const maxAcceptLanguage = 512

var languages = language.NewMatcher([]language.Tag{language.English, language.Japanese})

// ParseLocale reads a chosen language, as in the query parameter
// [ParamLanguage]; ok is false for anything but "en" and "ja".
func ParseLocale(s string) (loc Locale, ok bool) {
	switch loc = Locale(s); loc {
	case English, Japanese:
		return loc, true
	}
	return English, false
}

// Negotiate returns the language to speak: the one chosen before (the value of
// the cookie [CookieLanguage], or empty), else the best match for an
// Accept-Language header (RFC 9110, section 12.5.4), else English.
func Negotiate(chosen, acceptLanguage string) Locale {
	if loc, ok := ParseLocale(chosen); ok {
		return loc
	}
	if len(acceptLanguage) > maxAcceptLanguage {
		// Cut at a comma, so that no tag is misread.
		acceptLanguage = acceptLanguage[:maxAcceptLanguage]
		acceptLanguage = acceptLanguage[:strings.LastIndexByte(acceptLanguage, ',')+1]
	}
	// An unreadable header is no reason to fail a page: no tags match English.
	tags, _, _ := language.ParseAcceptLanguage(strings.TrimSuffix(acceptLanguage, ","))
	_, i, _ := languages.Match(tags...)
	return Locales()[i]
}

// withLanguage returns path with its language parameter set to loc, or "/"
// with it when path does not name a place on this host.
func withLanguage(path string, loc Locale) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" || !strings.HasPrefix(u.EscapedPath(), "/") ||
		strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, `\`) {
		u = &url.URL{Path: "/"}
	}
	q := u.Query()
	q.Set(ParamLanguage, string(loc))
	u.RawQuery, u.Fragment = q.Encode(), ""
	return u.String()
}
