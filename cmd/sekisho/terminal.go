package main

import (
	"io"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
)

// harmless is w for texts that strangers may have written, such as support cases,
// names and errors that quote them. A terminal obeys control characters: they could
// hide lines, rewrite what was printed, or type into the shell; and what turns the
// direction of writing makes a text read as another. Each is replaced by U+FFFD.
func harmless(w io.Writer) io.Writer {
	return transform.NewWriter(w, runes.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), r == '\u2028', r == '\u2029', unicode.Is(unicode.Bidi_Control, r):
			return unicode.ReplacementChar
		}
		return r
	}))
}
