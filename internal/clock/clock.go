// Package clock is where the program reads the time. Everything that decides by
// time takes a Clock, so that tests and the developer's surface can turn it.
package clock

import (
	"sync/atomic"
	"time"
)

// Clock tells the time in UTC.
type Clock interface{ Now() time.Time }

// System is the machine's clock.
type System struct{}

// Now returns the machine's time.
func (System) Now() time.Time { return time.Now().UTC() }

// Adjustable is the machine's clock plus an offset that can be changed while it
// runs. The zero value shows the machine's time.
type Adjustable struct{ offset atomic.Int64 }

// Now returns the machine's time plus the offset.
func (a *Adjustable) Now() time.Time {
	return time.Now().Add(time.Duration(a.offset.Load())).UTC()
}

// Advance adds d, which may be negative.
func (a *Adjustable) Advance(d time.Duration) { a.offset.Add(int64(d)) }

// Set makes the clock show t now.
func (a *Adjustable) Set(t time.Time) { a.offset.Store(int64(time.Until(t))) }

// Fixed stands still until it is moved; for tests.
type Fixed struct{ at atomic.Pointer[time.Time] }

// NewFixed returns a clock that shows t.
func NewFixed(t time.Time) *Fixed {
	f := &Fixed{}
	f.Set(t)
	return f
}

// Now returns the time last set.
func (f *Fixed) Now() time.Time { return *f.at.Load() }

// Set moves the clock to t.
func (f *Fixed) Set(t time.Time) { u := t.UTC(); f.at.Store(&u) }

// Advance moves the clock by d.
func (f *Fixed) Advance(d time.Duration) { f.Set(f.Now().Add(d)) }
