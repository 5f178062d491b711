package iam

import (
	"testing"
	"time"
)

// A password expires at the age that the policy says, or never (behaviours.md
// 5.3).
func TestPasswordExpiry(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]time.Time{0: {}, 1: noon.AddDate(0, 0, 1), 1095: noon.Add(1095 * 24 * time.Hour)} {
		if got := (PasswordPolicy{MaxAgeDays: days}).ExpiresAt(noon); !got.Equal(want) {
			t.Errorf("%d days: %v", days, got)
		}
	}
}
