package pagehttp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/web"
)

// Problem is an error that says which page tells of it.
type Problem struct {
	Status     int
	Kind       web.ProblemKind
	RetryAfter time.Duration // 429 and 503
	NextURL    string        // where the page's link leads; "" for none
	Detail     string        // may be shown to anybody
	Cause      error         // for the log
}

// Error is the text for logs.
func (p *Problem) Error() string {
	if p.Cause != nil {
		return fmt.Sprintf("%s: %v", p.Kind, p.Cause)
	}
	return string(p.Kind)
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// busyRetry is what a browser is told to wait when the password queue is full.
const busyRetry = 5 * time.Second

// problemOf says which page tells of err. Everything unexpected is internal.
func (s *Site) problemOf(err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	if t, ok := errors.AsType[*credential.ThrottledError](err); ok {
		return &Problem{Status: http.StatusTooManyRequests, Kind: web.TooManyAttempts, RetryAfter: RetryAfter(t, s.Clock.Now()), Cause: err}
	}
	switch fault.KindOf(err) {
	case fault.Throttled:
		return &Problem{Status: http.StatusTooManyRequests, Kind: web.Busy, RetryAfter: busyRetry, Cause: err}
	case fault.Unavailable:
		return &Problem{Status: http.StatusServiceUnavailable, Kind: web.Busy, RetryAfter: busyRetry, Cause: err}
	}
	return &Problem{Status: http.StatusInternalServerError, Kind: web.Internal, Cause: err}
}

// RetryAfter is how long a refused person has to wait. Where waiting does not
// help it is the longest wait there is: the page shows the other ways out.
func RetryAfter(t *credential.ThrottledError, now time.Time) time.Duration {
	if t.Until.IsZero() {
		return credential.LongestWait
	}
	return max(time.Second, t.Until.Sub(now))
}

func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // nobody is there to be answered
	}
	p := s.problemOf(err)
	if p.Status >= http.StatusInternalServerError {
		s.Log.ErrorContext(r.Context(), "page failed", "request_id", s.RequestID(r), "method", r.Method, "path", r.URL.Path, "error", err)
	}
	if p.RetryAfter > 0 {
		SetRetryAfter(w, p.RetryAfter)
	}
	if p.NextURL == "" && leadsHome[p.Kind] {
		p.NextURL = "/"
	}
	page := web.Problem{Frame: s.Frame(r), Kind: p.Kind, RetryAfter: p.RetryAfter, NextURL: p.NextURL, Detail: p.Detail}
	if err := s.Show(w, r, p.Status, page); err != nil {
		s.Log.ErrorContext(r.Context(), "problem page failed", "request_id", s.RequestID(r), "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

// leadsHome are the kinds of problem after which the start of the same surface is
// a way on, if there is no better one.
var leadsHome = map[web.ProblemKind]bool{web.NotFound: true, web.StaleForm: true, web.MethodNotAllowed: true}

// SetRetryAfter sets the Retry-After header, in seconds rounded up.
func SetRetryAfter(w http.ResponseWriter, d time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(d.Seconds()))))
}

func tooLarge(err error) bool {
	_, ok := errors.AsType[*http.MaxBytesError](err)
	return ok
}
