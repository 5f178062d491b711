package awsproto

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Form is the set of Query parameters of one request. Their order carries no meaning; of a parameter that comes twice the
// first counts (behaviours.md 2.3).
type Form struct {
	params []param // sorted by name, each once
}

type param struct{ name, value string }

// Get returns the value of a parameter, "" when there is none.
func (f *Form) Get(name string) string {
	if p, ok := exactly(f.params, 0, name); ok {
		return p.value
	}
	return ""
}

// parseForm reads parameters from sources in the form encoding, the body first and then the query string.
func parseForm(body []byte, rawQuery string) (*Form, error) {
	form := &Form{}
	for _, source := range []string{string(body), rawQuery} {
		for source != "" {
			var pair string
			pair, source, _ = strings.Cut(source, "&")
			if pair == "" {
				continue
			}
			if len(form.params) == MaxParameters {
				return nil, fmt.Errorf("the request has more than %d parameters", MaxParameters)
			}
			name, value, _ := strings.Cut(pair, "=")
			p, err := unescape(name, value)
			if err != nil {
				return nil, err
			}
			form.params = append(form.params, p)
		}
	}
	slices.SortStableFunc(form.params, func(a, b param) int { return cmp.Compare(a.name, b.name) })
	form.params = slices.CompactFunc(form.params, func(a, b param) bool { return a.name == b.name })
	return form, nil
}

func unescape(name, value string) (p param, err error) {
	if p.name, err = url.QueryUnescape(name); err != nil {
		return p, errors.New("a parameter is not properly percent-encoded")
	}
	if p.value, err = url.QueryUnescape(value); err != nil {
		return p, errors.New("a parameter is not properly percent-encoded")
	}
	if !utf8.ValidString(p.name) || !utf8.ValidString(p.value) {
		return p, errors.New("a parameter is not UTF-8")
	}
	return p, nil
}

// exactly finds the parameter whose name, less the first skip bytes that all of params share, is name.
func exactly(params []param, skip int, name string) (param, bool) {
	i, ok := slices.BinarySearchFunc(params, name, func(p param, name string) int {
		return cmp.Compare(p.name[skip:], name)
	})
	if !ok {
		return param{}, false
	}
	return params[i], true
}

// under finds the parameters below name: those whose names, less the shared first skip bytes, begin with name and a dot.
func under(params []param, skip int, name string) []param {
	from, _ := slices.BinarySearchFunc(params, name, func(p param, name string) int {
		return compareDotted(p.name[skip:], name)
	})
	to, _ := slices.BinarySearchFunc(params[from:], name, func(p param, name string) int {
		if compareDotted(p.name[skip:], name) <= 0 {
			return -1
		}
		return 1
	})
	return params[from : from+to]
}

// compareDotted compares s to the group of names that begin with name and a dot: 0 is inside. The bare name sorts before.
func compareDotted(s, name string) int {
	if len(s) <= len(name) {
		if s == name {
			return -1
		}
		return cmp.Compare(s, name)
	}
	if c := cmp.Compare(s[:len(name)], name); c != 0 {
		return c
	}
	return cmp.Compare(s[len(name)], '.')
}
