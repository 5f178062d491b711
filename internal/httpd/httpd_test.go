package httpd

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sekisho/internal/surface"
)

type observed struct {
	kind   surface.Kind
	status int
}

type fixture struct {
	*Server
	log  bytes.Buffer
	seen []observed
}

func newServerAt(t *testing.T, public string, base Handler) *fixture {
	t.Helper()
	u, err := url.Parse(public)
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{}
	f.Server = &Server{
		Map: surface.New(u, "us-east-1"), Surfaces: map[surface.Kind]Handler{surface.Base: base},
		Log:     slog.New(slog.NewTextHandler(&f.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Observe: func(k surface.Kind, status int, _ time.Duration) { f.seen = append(f.seen, observed{k, status}) },
	}
	return f
}

func (f *fixture) get(target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
	return w
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func TestServeHTTP(t *testing.T) {
	t.Parallel()
	f := newServerAt(t, "http://localhost:8420", func(w http.ResponseWriter, r *http.Request, p surface.Place) {
		switch r.URL.Path {
		case "/panic":
			panic("secret-in-a-panic")
		case "/late":
			w.WriteHeader(http.StatusTeapot)
			panic("late")
		case "/quiet":
		default:
			_, _ = io.WriteString(w, RequestID(w)+" "+p.Host)
		}
	})
	for _, c := range []struct {
		target string
		status int
		kind   surface.Kind
		body   string
	}{
		{"http://localhost:8420/x?code=secret-in-a-query", 200, surface.Base, "localhost:8420"},
		{"http://localhost:8420/quiet", 200, surface.Base, ""},
		{"http://localhost:8420/panic", 500, surface.Base, "Internal error. Request id: "},
		{"http://localhost:8420/late", 418, surface.Base, ""},
		{"http://evil.example/", 421, surface.Unknown, "does not answer for this host name"},
		{"http://signin.localhost:8420/", 421, surface.SignIn, "does not answer"}, // known, but not mounted here
	} {
		w := f.get(c.target)
		id := w.Header().Get(RequestIDHeader)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) || !uuidForm.MatchString(id) {
			t.Errorf("%s: %d %q, id %q", c.target, w.Code, w.Body, id)
		}
		if strings.Contains(w.Body.String(), "secret-in") || w.Header().Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: %v %q", c.target, w.Header(), w.Body)
		}
		if got := f.seen[len(f.seen)-1]; got != (observed{c.kind, c.status}) {
			t.Errorf("%s: observed %+v", c.target, got)
		}
		if !strings.Contains(f.log.String(), id) {
			t.Errorf("%s: the id is not in the log", c.target)
		}
	}
	if strings.Contains(f.log.String(), "secret-in-a-query") {
		t.Error("the access record has a query")
	}
	if a, b := f.get("http://localhost:8420/").Header().Get(RequestIDHeader), f.get("http://localhost:8420/").Header().Get(RequestIDHeader); a == b {
		t.Error("two requests have one id")
	}
}

// A forged id does not become the request's.
func TestRequestIDIsOurs(t *testing.T) {
	t.Parallel()
	f := newServerAt(t, "http://localhost", func(http.ResponseWriter, *http.Request, surface.Place) {})
	r := httptest.NewRequest(http.MethodGet, "http://localhost/", nil)
	r.Header.Set(RequestIDHeader, "forged")
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	if got := w.Header()[RequestIDHeader]; len(got) != 1 || !uuidForm.MatchString(got[0]) {
		t.Errorf("%q", got)
	}
}

func TestAbortPassesThrough(t *testing.T) {
	t.Parallel()
	f := newServerAt(t, "http://localhost", func(http.ResponseWriter, *http.Request, surface.Place) { panic(http.ErrAbortHandler) })
	defer func() {
		if p := recover(); p != http.ErrAbortHandler { //nolint:errorlint // net/http knows the value itself only
			t.Errorf("%v", p)
		}
	}()
	f.get("http://localhost/")
}

// Browsers are told to stay with https where they came by it, and only there.
func TestHSTS(t *testing.T) {
	t.Parallel()
	none := func(http.ResponseWriter, *http.Request, surface.Place) {}
	for public, want := range map[string]string{
		"https://sso.example.com": "max-age=31536000; includeSubDomains", "http://localhost": "",
	} {
		f := newServerAt(t, public, none)
		if got := f.get(public + "/").Header().Get("Strict-Transport-Security"); got != want {
			t.Errorf("%s: %q", public, got)
		}
	}
}

func TestClientIP(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		remote    string
		forwarded []string
		direct    string
		proxied   string
	}{
		{"192.0.2.1:5000", nil, "192.0.2.1", "192.0.2.1"},
		{"[2001:db8::1]:5000", nil, "2001:db8::1", "2001:db8::1"},
		{"[::ffff:192.0.2.1]:5000", nil, "192.0.2.1", "192.0.2.1"},
		{"10.0.0.1:5000", []string{"198.51.100.7"}, "10.0.0.1", "198.51.100.7"},
		{"10.0.0.1:5000", []string{"127.0.0.1, 198.51.100.7"}, "10.0.0.1", "198.51.100.7"},
		{"10.0.0.1:5000", []string{"127.0.0.1", "198.51.100.7"}, "10.0.0.1", "198.51.100.7"},
		{"10.0.0.1:5000", []string{"198.51.100.7, 127.0.0.1", " 203.0.113.9 "}, "10.0.0.1", "203.0.113.9"},
		{"10.0.0.1:5000", []string{"2001:db8::7"}, "10.0.0.1", "2001:db8::7"},
		{"10.0.0.1:5000", []string{"::ffff:198.51.100.7"}, "10.0.0.1", "198.51.100.7"},
		{"10.0.0.1:5000", []string{""}, "10.0.0.1", "10.0.0.1"},
		{"10.0.0.1:5000", []string{"unknown"}, "10.0.0.1", "10.0.0.1"},
		{"10.0.0.1:5000", []string{"198.51.100.7,"}, "10.0.0.1", "10.0.0.1"},
		{"10.0.0.1:5000", []string{"<script>"}, "10.0.0.1", "10.0.0.1"},
		{"@", nil, "", ""},
		{"", []string{"198.51.100.7"}, "", "198.51.100.7"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.remote
		r.Header["X-Forwarded-For"] = c.forwarded
		if got := (&Server{}).ClientIP(r); got != c.direct {
			t.Errorf("%s %q: %q, want %q", c.remote, c.forwarded, got, c.direct)
		}
		if got := (&Server{BehindProxy: true}).ClientIP(r); got != c.proxied {
			t.Errorf("behind a proxy, %s %q: %q, want %q", c.remote, c.forwarded, got, c.proxied)
		}
	}
}

// Who sends slowly, or without end, is cut off.
func TestServerIsBounded(t *testing.T) {
	t.Parallel()
	s := newServer(http.NotFoundHandler(), nil, slog.New(slog.DiscardHandler))
	if s.ReadHeaderTimeout <= 0 || s.ReadHeaderTimeout > 15*time.Second || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.IdleTimeout <= 0 || s.MaxHeaderBytes > 1<<20 || s.MaxHeaderBytes <= 0 {
		t.Errorf("%+v", s)
	}
	// The header's timeout, made short, in action.
	s.ReadHeaderTimeout = 50 * time.Millisecond
	l := listen(t)
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "); err != nil {
		t.Fatal(err)
	}
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.ReadAll(c); err != nil {
		t.Errorf("the connection stays open: %v", err)
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Stopping lets running requests finish, and takes no new ones.
func TestServeFinishesRequests(t *testing.T) {
	t.Parallel()
	started, finish := make(chan struct{}), make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(started)
		<-finish
		_, _ = io.WriteString(w, "finished")
	})
	l := listen(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, l, h, nil, 20*time.Second, slog.New(slog.DiscardHandler)) }()
	answer := make(chan string, 1)
	go func() {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		resp, err := client.Get("http://" + l.Addr().String())
		if err != nil {
			answer <- err.Error()
			return
		}
		defer func() { _ = resp.Body.Close() }()
		b, _ := io.ReadAll(resp.Body)
		answer <- string(b)
	}()
	<-started
	stop()
	for { // until the listener is closed
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			break
		}
		_ = c.Close()
	}
	select {
	case err := <-ended:
		t.Fatalf("stopped before the request was finished: %v", err)
	default:
	}
	close(finish)
	if got := <-answer; got != "finished" {
		t.Errorf("%q", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("%v", err)
	}
}

func TestServeGivesUp(t *testing.T) {
	t.Parallel()
	started, finish := make(chan struct{}), make(chan struct{})
	l := listen(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(ctx, l, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(started); <-finish }), nil, time.Millisecond, slog.New(slog.DiscardHandler))
	}()
	go func() {
		if resp, err := http.Get("http://" + l.Addr().String()); err == nil {
			_ = resp.Body.Close()
		}
	}()
	<-started
	stop()
	if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	close(finish)
}

func TestServeReportsABrokenListener(t *testing.T) {
	t.Parallel()
	l := listen(t)
	_ = l.Close()
	if err := Serve(t.Context(), l, http.NotFoundHandler(), nil, time.Second, slog.New(slog.DiscardHandler)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("%v", err)
	}
}
