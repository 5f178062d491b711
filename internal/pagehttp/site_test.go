package pagehttp_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sekisho/internal/clock"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/pagehttp"
	"sekisho/internal/surface"
	"sekisho/web"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func newSite(t *testing.T, log *strings.Builder) *pagehttp.Site {
	t.Helper()
	pages, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	return &pagehttp.Site{
		Pages: pages, Map: surface.New(&url.URL{Scheme: "http", Host: "localhost:8420"}, "us-east-1"), Clock: clock.NewFixed(now),
		Log:      slog.New(slog.NewTextHandler(log, nil)),
		ClientIP: func(*http.Request) string { return "198.51.100.7" }, RequestID: func(*http.Request) string { return "the-request-id" },
	}
}

// Errors become pages in one place: what is expected tells what to do, what is
// not tells nothing but the id under which it is logged.
func TestErrorsBecomePages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err    error
		status int
		retry  string
		logged bool
	}{
		"problem":         {&pagehttp.Problem{Status: http.StatusGone, Kind: web.LinkUsed}, http.StatusGone, "", false},
		"wrapped problem": {fmt.Errorf("in a transaction: %w", &pagehttp.Problem{Status: http.StatusGone, Kind: web.LinkUsed}), http.StatusGone, "", false},
		"throttled":       {&credential.ThrottledError{Until: now.Add(90 * time.Second)}, http.StatusTooManyRequests, "90", false},
		"locked":          {&credential.ThrottledError{}, http.StatusTooManyRequests, "900", false},
		"busy":            {fault.New(fault.Throttled, "password-queue-full", "x"), http.StatusTooManyRequests, "5", false},
		"unavailable":     {fault.New(fault.Unavailable, "x", "x"), http.StatusServiceUnavailable, "5", true},
		"unexpected":      {errors.New("canary-cause"), http.StatusInternalServerError, "", true},
		"stray fault":     {fault.New(fault.Denied, "canary-reason", "canary-public"), http.StatusInternalServerError, "", true},
	} {
		var log strings.Builder
		rec := httptest.NewRecorder()
		newSite(t, &log).Handler(func(http.ResponseWriter, *http.Request) error { return c.err }).ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/path?secret=canary-query", nil))
		if rec.Code != c.status || rec.Header().Get("Retry-After") != c.retry {
			t.Errorf("%s: answered %d, Retry-After %q", name, rec.Code, rec.Header().Get("Retry-After"))
		}
		body := rec.Body.String()
		if !strings.Contains(body, "the-request-id") || strings.Contains(body, "canary-cause") || strings.Contains(body, "canary-reason") || strings.Contains(body, "canary-public") {
			t.Errorf("%s: the page is\n%s", name, body)
		}
		if logged := strings.Contains(log.String(), "the-request-id"); logged != c.logged || strings.Contains(log.String(), "canary-query") {
			t.Errorf("%s: the log has %q", name, log.String())
		}
	}
}

// What the browser says of where a request comes from is believed when it
// speaks against the request.
func TestWhereFormsComeFrom(t *testing.T) {
	t.Parallel()
	const own = "http://signin.localhost:8420"
	for _, c := range []struct {
		site, origin string
		form, script bool
	}{
		{"", "", true, true},
		{"same-origin", own, true, true},
		{"same-origin", "", true, true},
		{"same-origin", "null", true, false},
		{"none", "", true, false},
		{"none", own, true, false},
		{"", own, true, true},
		{"", "null", false, false},
		{"none", "null", false, false},
		{"cross-site", own, false, false},
		{"cross-site", "", false, false},
		{"same-site", own, false, false},
		{"same-origin", "http://signin.localhost", false, false},
		{"same-origin", "https://signin.localhost:8420", false, false},
		{"same-origin", own + ".evil.example", false, false},
		{"something-new", own, false, false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader("a=b"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
		r.Header.Set("X-Sekisho-Csrf", "1")
		for name, value := range map[string]string{"Sec-Fetch-Site": c.site, "Origin": c.origin} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		var log strings.Builder
		if form, err := newSite(t, &log).Form(r, own); (err == nil) != c.form || err == nil && form.Get("a") != "b" {
			t.Errorf("form %+v: %v, %v", c, form, err)
		}
		if got := pagehttp.FromScript(r, own); got != c.script {
			t.Errorf("script %+v: %v", c, got)
		}
	}
}

// Tries are counted by network, whichever way its address is written: an attacker
// has a whole /64 of IPv6 and only one address of IPv4.
func TestNetwork(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	s := newSite(t, &log)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	from := func(address string) []credential.Key {
		s.ClientIP = func(*http.Request) string { return address }
		return s.Network(r)
	}
	for _, same := range [][2]string{{"198.51.100.7", "::ffff:198.51.100.7"}, {"2001:db8::1", "2001:db8::ffff:1"}, {"fe80::1%eth0", "fe80::1"}} {
		if a, b := from(same[0]), from(same[1]); len(a) != 1 || !slices.Equal(a, b) {
			t.Errorf("%s and %s: %v, %v", same[0], same[1], a, b)
		}
	}
	if a, b := from("2001:db8::1"), from("2001:db8:0:1::1"); slices.Equal(a, b) {
		t.Errorf("two networks are one: %v", a)
	}
	for _, unknown := range []string{"", "@", "198.51.100.7:443"} {
		if keys := from(unknown); keys != nil {
			t.Errorf("%q: %v", unknown, keys)
		}
	}
}
