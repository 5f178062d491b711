package main

import (
	"bytes"
	"testing"
)

// The attack: a customer writes what the staff's terminal obeys, or reads backwards.
func TestHarmlessOnTerminal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"図 and text\n\tindented\n":         "図 and text\n\tindented\n",
		"hidden \x1b[8m text":              "hidden \ufffd[8m text",
		"\x1b]52;c;cm0gLXJm\a":             "\ufffd]52;c;cm0gLXJm\ufffd",
		"paid\rnot ":                       "paid\ufffdnot ",
		"\u009b31m one character, of C1":   "\ufffd31m one character, of C1",
		"invoice\u202efdp.exe\u2066\u200f": "invoice\ufffdfdp.exe\ufffd\ufffd",
		"a\u2028b\u2029c\x7f":              "a\ufffdb\ufffdc\ufffd",
		"no text: \xff\xfe":                "no text: \ufffd\ufffd",
	} {
		var whole, pieces bytes.Buffer
		_, _ = harmless(&whole).Write([]byte(text))
		w := harmless(&pieces)
		for i := range len(text) {
			_, _ = w.Write([]byte(text[i : i+1]))
		}
		if whole.String() != want || pieces.String() != want {
			t.Errorf("%q is printed as %q, and in pieces as %q; want %q", text, whole.String(), pieces.String(), want)
		}
	}
}
