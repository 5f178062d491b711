package policy

import (
	"errors"
	"strings"
)

// The texts with wildcards that an element may hold.
type dialect struct {
	wildcards bool // `*` and `?` are wildcards
	variables bool // ${…} is a variable or an escape
}

var errVariable = errors.New(`a variable is written ${key} or ${key, 'default'}`)

// parsePattern compiles a text. In it ${*}, ${?} and ${$} stand for the characters themselves.
func parsePattern(text string, d dialect) (pattern, error) {
	pieces, err := tokenize(text, d)
	if err != nil {
		return pattern{}, err
	}
	return compile(text, pieces), nil
}

// tokenize takes a text apart. A star is the zero piece.
func tokenize(text string, d dialect) ([]piece, error) {
	var pieces []piece
	for text != "" {
		n := special(text, d)
		if n > 0 {
			pieces = append(pieces, piece{literal: text[:n]})
			text = text[n:]
			continue
		}
		switch text[0] {
		case '*':
			pieces = append(pieces, piece{})
			text = text[1:]
		case '?':
			pieces = append(pieces, piece{one: true})
			text = text[1:]
		default:
			end := closing(text)
			if end < 0 {
				return nil, errVariable
			}
			x, err := parseVariable(text[2:end])
			if err != nil {
				return nil, err
			}
			pieces = append(pieces, x)
			text = text[end+1:]
		}
	}
	return pieces, nil
}

// special is the index of the first character that is more than itself, or the
// length of the text.
func special(text string, d dialect) int {
	for i := range len(text) {
		switch c := text[i]; {
		case d.wildcards && (c == '*' || c == '?'),
			d.variables && c == '$' && strings.HasPrefix(text[i+1:], "{"):
			return i
		}
	}
	return len(text)
}

// closing is the index of the brace that ends the variable with which text
// begins. A brace between the quotes of a default is part of it.
func closing(text string) int {
	quoted := false
	for i := 2; i < len(text); i++ {
		switch text[i] {
		case '\'':
			quoted = !quoted
		case '}':
			if !quoted {
				return i
			}
		}
	}
	return -1
}

func parseVariable(inside string) (piece, error) {
	switch inside {
	case "*", "?", "$":
		return piece{literal: inside}, nil
	}
	key, rest, has := strings.Cut(inside, ",")
	v := &variable{key: lower(key), written: key, has: has}
	if has {
		rest = strings.TrimLeft(rest, " ")
		if len(rest) < 2 || rest[0] != '\'' || rest[len(rest)-1] != '\'' {
			return piece{}, errVariable
		}
		v.fallback = rest[1 : len(rest)-1]
	}
	if key == "" || strings.ContainsAny(key, "${}'*?") || strings.Contains(v.fallback, "'") {
		return piece{}, errVariable
	}
	return piece{variable: v}, nil
}

// splitARN takes a text apart at the first five colons outside of variables.
// Its length is less than six if there are fewer.
func splitARN(text string, d dialect) []string {
	var parts []string
	from := 0
	for i := 0; i < len(text) && len(parts) < 5; i++ {
		switch {
		case d.variables && strings.HasPrefix(text[i:], "${"):
			if end := closing(text[i:]); end > 0 {
				i += end
			}
		case text[i] == ':':
			parts = append(parts, text[from:i])
			from = i + 1
		}
	}
	return append(parts, text[from:])
}
