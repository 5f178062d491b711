package policy

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/netip"
	"strconv"
	"strings"
)

// family is what an operator compares; it decides how its values are compiled.
type family uint8

const (
	stringEquals family = iota + 1
	stringIgnoreCase
	stringLike
	numeric
	date
	boolean
	binary
	address
	arnLike
	null
)

// relation is how the request's number or date has to stand to the policy's.
type relation uint8

const (
	equal relation = iota
	less
	lessEqual
	greater
	greaterEqual
)

func (r relation) holds(cmp int) bool {
	switch r {
	case less:
		return cmp < 0
	case lessEqual:
		return cmp <= 0
	case greater:
		return cmp > 0
	case greaterEqual:
		return cmp >= 0
	}
	return cmp == 0
}

// operator is a condition operator (behaviours.md 3.2) without its prefix and suffix.
type operator struct {
	family  family
	rel     relation
	negated bool
}

var operators = map[string]operator{
	"StringEquals":              {family: stringEquals},
	"StringNotEquals":           {family: stringEquals, negated: true},
	"StringEqualsIgnoreCase":    {family: stringIgnoreCase},
	"StringNotEqualsIgnoreCase": {family: stringIgnoreCase, negated: true},
	"StringLike":                {family: stringLike},
	"StringNotLike":             {family: stringLike, negated: true},
	"NumericEquals":             {family: numeric},
	"NumericNotEquals":          {family: numeric, negated: true},
	"NumericLessThan":           {family: numeric, rel: less},
	"NumericLessThanEquals":     {family: numeric, rel: lessEqual},
	"NumericGreaterThan":        {family: numeric, rel: greater},
	"NumericGreaterThanEquals":  {family: numeric, rel: greaterEqual},
	"DateEquals":                {family: date},
	"DateNotEquals":             {family: date, negated: true},
	"DateLessThan":              {family: date, rel: less},
	"DateLessThanEquals":        {family: date, rel: lessEqual},
	"DateGreaterThan":           {family: date, rel: greater},
	"DateGreaterThanEquals":     {family: date, rel: greaterEqual},
	"Bool":                      {family: boolean},
	"BinaryEquals":              {family: binary},
	"IpAddress":                 {family: address},
	"NotIpAddress":              {family: address, negated: true},
	"ArnEquals":                 {family: arnLike},
	"ArnLike":                   {family: arnLike},
	"ArnNotEquals":              {family: arnLike, negated: true},
	"ArnNotLike":                {family: arnLike, negated: true},
	"Null":                      {family: null},
}

// quantifier is the prefix of an operator.
type quantifier uint8

const (
	noSet quantifier = iota
	forAll
	forAny
)

// parseOperator reads an operator's name. Null takes neither prefix nor suffix:
// it asks whether there is a value at all.
func parseOperator(name string) (op operator, q quantifier, ifExists, ok bool) {
	bare := name
	if rest, found := strings.CutPrefix(bare, "ForAllValues:"); found {
		bare, q = rest, forAll
	} else if rest, found := strings.CutPrefix(bare, "ForAnyValue:"); found {
		bare, q = rest, forAny
	}
	bare, ifExists = strings.CutSuffix(bare, "IfExists")
	op, ok = operators[bare]
	if op.family == null && bare != name {
		ok = false
	}
	return op, q, ifExists, ok
}

// operand is one value of a condition, compiled for its family.
type operand struct {
	text    pattern // strings
	parts   []pattern
	number  float64
	instant instant
	prefix  netip.Prefix
	bytes   []byte
	truth   bool
}

// newOperand compiles a value. An error means that the value can match nothing
// because it is not of the operator's type; such a document is refused.
func newOperand(f family, value string, variables bool) (operand, error) {
	var o operand
	var err error
	switch f {
	case stringEquals:
		o.text, err = parsePattern(value, dialect{variables: variables})
	case stringIgnoreCase:
		o.text, err = parsePattern(value, dialect{variables: variables})
	case stringLike:
		o.text, err = parsePattern(value, dialect{wildcards: true, variables: variables})
	case numeric:
		var ok bool
		if o.number, ok = parseNumber(value); !ok {
			err = errors.New("not a number")
		}
	case date:
		var ok bool
		if o.instant, ok = parseDate(value); !ok {
			err = errors.New("not a date of ISO 8601 and not seconds since 1970")
		}
	case boolean, null:
		switch lower(value) {
		case "true":
			o.truth = true
		case "false":
		default:
			err = errors.New("neither true nor false")
		}
	case binary:
		o.bytes, err = base64.StdEncoding.DecodeString(value)
	case address:
		o.prefix, err = parsePrefix(value)
	case arnLike:
		d := dialect{wildcards: true, variables: variables}
		if o.text, err = parsePattern(value, d); err != nil {
			return o, err
		}
		parts := splitARN(value, d)
		o.parts = make([]pattern, len(parts))
		for i := range parts {
			if o.parts[i], err = parsePattern(parts[i], d); err != nil {
				return o, err
			}
		}
	}
	return o, err
}

// matches compares the request's value with the policy's. A value that is not of
// the operator's type matches nothing.
func (op operator) matches(o *operand, value string, ctx Context) bool {
	switch op.family {
	case stringEquals, stringLike:
		return o.text.match(value, ctx)
	case stringIgnoreCase:
		return o.text.equalFold(value, ctx)
	case numeric:
		n, ok := parseNumber(value)
		return ok && op.rel.holds(compareFloat(n, o.number))
	case date:
		d, ok := parseDate(value)
		return ok && op.rel.holds(d.compare(o.instant))
	case boolean:
		return o.truth && equalFold(value, "true") || !o.truth && equalFold(value, "false")
	case binary:
		b, err := base64.StdEncoding.DecodeString(value)
		return err == nil && bytes.Equal(b, o.bytes)
	case address:
		a, err := netip.ParseAddr(value)
		return err == nil && o.prefix.Contains(a.Unmap().WithZone(""))
	case arnLike:
		return o.matchARN(value, ctx)
	}
	return false
}

// matchARN compares component by component, so that a star never reaches over one
// of the first five colons. A lone star is any ARN.
func (o *operand) matchARN(value string, ctx Context) bool {
	anything := len(o.parts) == 1 && o.parts[0].shape == anyShape
	if len(o.parts) != 6 && !anything || !strings.HasPrefix(value, "arn:") {
		return false
	}
	for i := range 5 {
		part, rest, found := strings.Cut(value, ":")
		if !found || !anything && !o.parts[i].match(part, ctx) {
			return false
		}
		value = rest
	}
	return anything || o.parts[5].match(value, ctx)
}

// equalFold compares a text that has variables, but no wildcards, with a value
// without regard to case.
func (p *pattern) equalFold(s string, ctx Context) bool {
	if !p.dynamic {
		return strings.EqualFold(p.prefix(), s)
	}
	if !p.resolves(ctx) {
		return false
	}
	var b strings.Builder
	for _, x := range p.segments[0].pieces {
		b.WriteString(x.literal)
		if x.variable != nil {
			v, _ := x.variable.value(ctx)
			b.WriteString(v)
		}
	}
	return strings.EqualFold(b.String(), s)
}

// equalFold tells whether s is word, which is in lower case.
func equalFold(s, word string) bool { return len(s) == len(word) && hasPrefixFold(s, word) }

// parseNumber reads a decimal number. strconv alone also takes words,
// hexadecimal digits and underscores.
func parseNumber(s string) (float64, bool) {
	t := strings.TrimPrefix(s, "+")
	if len(t) > 64 || !isJSONNumber(trimZeros(t)) {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}

// trimZeros drops leading zeros of the whole part, which JSON does not allow.
func trimZeros(s string) string {
	minus := strings.HasPrefix(s, "-")
	t := strings.TrimPrefix(s, "-")
	for len(t) > 1 && t[0] == '0' && t[1] >= '0' && t[1] <= '9' {
		t = t[1:]
	}
	if minus {
		return s[:1] + t
	}
	return t
}

func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// parsePrefix reads a block of addresses, or one address. Bits below the mask
// count nothing, and a mapped IPv4 address is the IPv4 address.
func parsePrefix(s string) (netip.Prefix, error) {
	if !strings.Contains(s, "/") {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return netip.Prefix{}, errors.New("not an address or a block of addresses")
		}
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, errors.New("not an address or a block of addresses")
	}
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), nil
}
