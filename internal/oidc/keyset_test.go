package oidc

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

func TestMaxAge(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{
		"":                                       time.Hour,
		"public":                                 time.Hour,
		"public, max-age=19845, must-revalidate": 19845 * time.Second,
		"Max-Age=600":                            10 * time.Minute,
		"max-age=1":                              5 * time.Minute,
		"max-age=-1":                             5 * time.Minute,
		"max-age=86401":                          24 * time.Hour,
		"max-age=99999999999":                    5 * time.Minute, // not a number we read
		"no-store":                               5 * time.Minute,
	} {
		if got := maxAge(http.Header{"Cache-Control": {header}}); got != want {
			t.Errorf("%q: %v, want %v", header, got, want)
		}
	}
}

// However many providers accounts register, what is kept is bounded, and what
// was fetched last stays.
func TestKeySetsAreBounded(t *testing.T) {
	t.Parallel()
	var v Verifier
	begin := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	for i := range maxProviders + 10 {
		v.keep(fmt.Sprint(i), &keySet{fetched: begin.Add(time.Duration(i) * time.Second), expires: begin.Add(time.Hour)})
	}
	yes := func(*keySet) bool { return true }
	if len(v.sets) != maxProviders || v.cached("9", yes) != nil || v.cached("10", yes) == nil || v.cached(fmt.Sprint(maxProviders+9), yes) == nil {
		t.Errorf("%d kept", len(v.sets))
	}
}
