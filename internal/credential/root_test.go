package credential

import (
	"slices"
	"testing"
	"time"

	"sekisho/internal/secret"
)

// The rules of root users' passwords (B-31; behaviours.md 9.1).
func TestCheckRoot(t *testing.T) {
	t.Parallel()
	for p, want := range map[string][]Violation{
		"Harbour Light 42":  nil,
		"harbour-light-42":  nil, // three of the four classes
		"Ab1!":              {TooShort},
		"harbourlight":      {TooFewClasses},
		"HARBOURLIGHT42":    {TooFewClasses},
		"Root+1@example.co": {IsAccountName},
		"Example Corp 1":    {IsAccountName},
		"P@ssw0rd":          {Common},
	} {
		if got := CheckRoot(secret.NewString(p), "Example Corp 1", "root+1@example.co"); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", p, got, want)
		}
	}
}

// Failures tells the largest count and adds nothing to it.
func TestFailures(t *testing.T) {
	t.Parallel()
	m, now := newMemory(), time.Unix(1_800_000_000, 0)
	name, elsewhere := NameKey("d", "a"), address(1)
	count := func(at time.Time, keys ...Key) (n int) {
		if err := m.update(func(tx Store) (err error) { n, err = Failures(tx, keys, at); return err }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for range 3 {
		if err := m.reserve(now, name); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.reserve(now, elsewhere); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := count(now, elsewhere, name); got != 3 {
			t.Fatalf("%d failures, want 3", got)
		}
	}
	if got := count(now, elsewhere); got != 1 {
		t.Errorf("%d failures of the address, want 1", got)
	}
	if got := count(now.Add(AddressRefill), elsewhere); got != 0 {
		t.Errorf("%d failures of the address a minute later, want none", got)
	}
	if got := count(now.Add(QuietPeriod), name); got != 0 {
		t.Errorf("%d failures after a quiet day, want none", got)
	}
}
