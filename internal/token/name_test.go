package token

import (
	"strings"
	"testing"
)

// Names that would mislead who is asked for consent are refused: empty to the
// eye, reordering or hiding text, or closing the page's own isolation.
func TestClientNames(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"botocore-client-demo", "AWS CLI (work)", "開発用ツール", "Werkzeug für Jürgen", "x", strings.Repeat("a", 256)} {
		if !validClientName(good) {
			t.Errorf("%q is refused", good)
		}
	}
	for _, bad := range []string{"", " ", "\u200b\u200b", "AWS CLI\u202e", "\u2066\u2069\u2069x", "x\x00", "x\ny", "x\u2028y", "\U000e0041x", "---", "\xff", strings.Repeat("a", 257)} {
		if validClientName(bad) {
			t.Errorf("%q is accepted", bad)
		}
	}
}
