package gateway_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"sekisho/internal/call"
	"sekisho/internal/gateway"
)

// stalled is a body that never comes.
type stalled struct {
	asked chan<- struct{}
	until <-chan struct{}
}

func (s stalled) Read([]byte) (int, error) {
	s.asked <- struct{}{}
	<-s.until
	return 0, io.ErrUnexpectedEOF
}

// Clients that promise large bodies and never send them take a bounded share of
// memory (denial of service without proof): more of them are told to come later,
// small requests go on, and what was taken is given back.
func TestStalledBodiesAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const budget = 64 // bodies of the largest size
	asked, until := make(chan struct{}), make(chan struct{})
	large := func(body io.Reader) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "http://localhost:8420/client/register", body)
		r.Header.Set("Content-Type", "application/json")
		r.ContentLength = gateway.MaxBody
		return r
	}
	var waiting sync.WaitGroup
	for range budget {
		waiting.Go(func() {
			r := large(stalled{asked, until})
			w.gate.ServeHTTP(httptest.NewRecorder(), r, w.addr.Find(r.Host))
		})
	}
	for range budget {
		<-asked
	}
	answer := func(r *http.Request) int {
		rec := httptest.NewRecorder()
		w.gate.ServeHTTP(rec, r, w.addr.Find(r.Host))
		return rec.Code
	}
	if got := answer(large(strings.NewReader("{}"))); got != http.StatusServiceUnavailable {
		t.Errorf("one more large body is answered %d", got)
	}
	small := httptest.NewRequest(http.MethodPost, "http://localhost:8420/client/register", strings.NewReader(`{"clientName":"x","clientType":"public"}`))
	small.Header.Set("Content-Type", "application/json")
	if got := answer(small); got != http.StatusOK {
		t.Errorf("a small one is answered %d", got)
	}
	close(until)
	waiting.Wait()
	if got := answer(large(strings.NewReader(`{"clientName":"x","clientType":"public"}`))); got != http.StatusOK {
		t.Errorf("afterwards a large one is answered %d", got)
	}
}

// An operation whose row says so takes a longer body, and no other does by
// claiming to be it.
func TestLongerBodies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register("organizations", call.Table{
		"ListRoots":            {Action: "organizations:ListRoots", MaxBody: 3 * gateway.MaxBody},
		"DescribeOrganization": {Action: "organizations:DescribeOrganization"},
	}, &syntheticOrg{nothing})
	for name, c := range map[string]struct {
		target string
		size   int64
		want   int
	}{
		"within its bound":  {"AWSOrganizationsV20161128.ListRoots", 2 * gateway.MaxBody, http.StatusBadRequest},
		"beyond its bound":  {"AWSOrganizationsV20161128.ListRoots", 3*gateway.MaxBody + 1, http.StatusRequestEntityTooLarge},
		"without a name":    {"", 2 * gateway.MaxBody, http.StatusRequestEntityTooLarge},
		"another operation": {"AWSOrganizationsV20161128.DescribeOrganization", 2 * gateway.MaxBody, http.StatusRequestEntityTooLarge},
	} {
		r := httptest.NewRequest(http.MethodPost, "http://localhost:8420/", strings.NewReader(strings.Repeat(" ", int(c.size))))
		r.Header.Set("Content-Type", "application/x-amz-json-1.1")
		if c.target != "" {
			r.Header.Set("X-Amz-Target", c.target)
		}
		rec := httptest.NewRecorder()
		w.gate.ServeHTTP(rec, r, w.addr.Find(r.Host))
		if rec.Code != c.want {
			t.Errorf("%s: %d %s, want %d", name, rec.Code, rec.Body, c.want)
		}
	}
}
