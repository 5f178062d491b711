package notify

import (
	"errors"
	"strings"
	"testing"

	"sekisho/internal/fault"
)

func TestNewText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		ch   Channel
		to   string
		text string
		ok   bool
	}{
		{"SMS", SMS, "+15555550100", "123456", true},
		{"voice", Voice, "+813123456789", "1 2 3", true},
		{"mail", Email, "+15555550100", "123456", false},
		{"no channel", "", "+15555550100", "123456", false},
		{"spaces", SMS, "+1 555 555 0100", "123456", false},
		{"no country", SMS, "5555550100", "123456", false},
		{"country 0", SMS, "+0555550100", "123456", false},
		{"too short", SMS, "+1555", "123456", false},
		{"too long", SMS, "+1234567890123456", "123456", false},
		{"full-width digits", SMS, "+１５５５５５５０１００", "123456", false},
		{"two numbers", SMS, "+15555550100,+15555550101", "123456", false},
		{"no text", SMS, "+15555550100", "", false},
		{"long text", SMS, "+15555550100", strings.Repeat("x", maxText+1), false},
		{"not UTF-8", SMS, "+15555550100", "\xff", false},
	} {
		m, err := Senders(nil).NewText(PhoneVerification, tt.ch, tt.to, tt.text, []string{"123456"}, noon)
		if (err == nil) != tt.ok || err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if tt.ok && (m.Channel != tt.ch || m.To != tt.to || m.Text != tt.text || m.From == "" || len(m.Codes) != 1 || !m.NextAttempt.Equal(noon)) {
			t.Errorf("%s: %+v", tt.name, m)
		}
	}
}

func TestTelephone(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"+1 (555) 555-0100": "+15555550100",
		"+81.3.1234.5678":   "+81312345678",
		"+15555550100":      "+15555550100",
		"555-0100":          "",
		"+1 555 0100 x12":   "",
		"":                  "",
	} {
		if got, err := Telephone(in); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

// A message whose channel nobody serves is tried again, not refused: somebody may
// configure it yet.
func TestByChannel(t *testing.T) {
	t.Parallel()
	b := ByChannel{SMS: Mailbox{}}
	if err := b.Send(t.Context(), Message{Channel: SMS}); err != nil {
		t.Error(err)
	}
	if err := b.Send(t.Context(), Message{Channel: Voice}); err == nil || errors.Is(err, ErrRefused) {
		t.Errorf("voice: %v", err)
	}
}
