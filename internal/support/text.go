package support

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sekisho/internal/fault"
	"sekisho/internal/secret"
)

// normal is a text as it is kept: with plain line ends and nothing around it.
func normal(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
}

// notText says why [text] refuses what of is called that.
func notText(of string) error {
	return invalid("body", "%s must have 1 to %d characters, and no control characters but line ends and tabs.", of, MaxBody)
}

// text reports whether s, which is normal, can be the body of a communication.
// Whatever direction it is written in: who prints it to a terminal sees to that.
func text(s string) bool {
	n := utf8.RuneCountInString(s)
	return utf8.ValidString(s) && n >= 1 && n <= MaxBody &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' })
}

// line reports whether s is one line of shortest to longest characters. What
// turns the direction of writing is refused: it could make a line read as another.
func line(s string, shortest, longest int) bool {
	n := utf8.RuneCountInString(s)
	return utf8.ValidString(s) && n >= shortest && n <= longest && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
	})
}

// newDisplayID is 16 digits that sort by time and no case has.
func newDisplayID(tx Store, now time.Time) (string, error) {
	for {
		id := fmt.Sprintf("%013d%s", now.UnixMilli(), secret.Pick("0123456789", 3))
		_, err := tx.SupportCaseByDisplayID(id)
		if fault.Is(err, fault.NotFound) {
			return id, nil
		}
		if err != nil {
			return "", err
		}
	}
}

// newCommunicationID sorts by time, to the nanosecond.
func newCommunicationID(now time.Time) string {
	return fmt.Sprintf("%016x%s", now.UnixNano(), hex.EncodeToString(secret.Random(8)))
}
