package ssoadmin

import (
	"testing"
	"time"
)

// Lengths of sessions are read as ISO 8601 has them, and nothing comes of them but
// an error or 1 to 12 hours.
func FuzzSessionDuration(f *testing.F) {
	for _, s := range []string{"PT1H", "PT12H", "PT1H30M", "P0.5D", "PT3600S", "-PT1H", "P", "PT1e9H", "PT99999999999999999999H", "1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := sessionDuration(&s); err == nil && (d < time.Hour || d > 12*time.Hour) {
			t.Errorf("%q became %v", s, d)
		}
	})
}
