package clock_test

import (
	"testing"
	"time"

	"sekisho/internal/clock"
)

func TestAdjustable(t *testing.T) {
	t.Parallel()
	var a clock.Adjustable
	near := func(what string, want time.Time) {
		t.Helper()
		if d := a.Now().Sub(want).Abs(); d > 5*time.Second {
			t.Errorf("%s: %v off", what, d)
		}
		if a.Now().Location() != time.UTC {
			t.Errorf("%s: not UTC", what)
		}
	}
	near("zero value", time.Now())
	a.Advance(25 * time.Hour)
	near("advanced", time.Now().Add(25*time.Hour))
	a.Advance(-26 * time.Hour)
	near("turned back", time.Now().Add(-time.Hour))
	past := time.Date(2001, 2, 3, 4, 5, 6, 0, time.FixedZone("", 9*3600))
	a.Set(past)
	near("set", past)
	before := a.Now()
	for !a.Now().After(before) { // it goes on by itself
	}
}

func TestFixed(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", -5*3600))
	f := clock.NewFixed(at)
	if !f.Now().Equal(at) || f.Now().Location() != time.UTC {
		t.Errorf("%v", f.Now())
	}
	f.Advance(time.Minute)
	if !f.Now().Equal(at.Add(time.Minute)) {
		t.Errorf("%v", f.Now())
	}
}

func TestSystem(t *testing.T) {
	t.Parallel()
	now := clock.System{}.Now()
	if time.Since(now).Abs() > 5*time.Second || now.Location() != time.UTC {
		t.Errorf("%v", now)
	}
}
