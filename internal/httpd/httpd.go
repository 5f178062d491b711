// Package httpd is where HTTP comes in: listeners, the request id, the access
// record, recovery from panics, and which surface a host is.
//
// It owns what is common to every request. What a surface answers is its own.
package httpd

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/uuid"

	"sekisho/internal/clock"
	"sekisho/internal/surface"
)

// Handler answers a request that came to place.
type Handler func(w http.ResponseWriter, r *http.Request, place surface.Place)

// Server routes requests to the surfaces by host.
type Server struct {
	Map      surface.Map
	Surfaces map[surface.Kind]Handler
	Log      *slog.Logger
	// Clock gives the Date of answers, from which clients correct theirs; nil is
	// the machine's.
	Clock clock.Clock
	// BehindProxy trusts X-Forwarded-For.
	BehindProxy bool
	// Observe is told of every answered request; may be nil.
	Observe func(kind surface.Kind, status int, took time.Duration)
}

// RequestIDHeader carries the request's id in every answer; AWS's clients read it.
const RequestIDHeader = "X-Amzn-Requestid"

// RequestID is the id that ServeHTTP gave to the request that w answers.
func RequestID(w http.ResponseWriter) string { return w.Header().Get(RequestIDHeader) }

// ServeHTTP gives the request an id, finds its surface and records the answer.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	w.Header()[RequestIDHeader] = []string{uuid.NewString()}
	if s.Clock != nil {
		w.Header().Set("Date", s.Clock.Now().Format(http.TimeFormat))
	}
	place := s.Map.Find(r.Host)
	rec := &recorder{ResponseWriter: w}
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler { //nolint:errorlint // net/http knows the value itself only
				panic(p)
			}
			s.Log.Error("panic", "request_id", RequestID(w), "panic", p, "stack", string(debug.Stack()))
			if rec.status == 0 {
				http.Error(rec, "Internal error. Request id: "+RequestID(w), http.StatusInternalServerError)
			}
		}
		s.record(rec, r, place, time.Since(started))
	}()
	if s.Map.Secure() {
		w.Header().Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
	h := s.Surfaces[place.Kind]
	if h == nil {
		http.Error(rec, "This server does not answer for this host name. It serves "+s.Map.Base()+
			" and the names under it (see --domain and --public-url).", http.StatusMisdirectedRequest)
		return
	}
	h(rec, r, place)
}

func (s *Server) record(rec *recorder, r *http.Request, place surface.Place, took time.Duration) {
	if rec.status == 0 {
		rec.status = http.StatusOK // what net/http answers when nothing was written
	}
	if s.Observe != nil {
		s.Observe(place.Kind, rec.status, took)
	}
	if !s.Log.Enabled(r.Context(), slog.LevelDebug) {
		return
	}
	// Queries and headers carry codes and tokens: the path is all that is told.
	s.Log.Debug("request", "request_id", RequestID(rec), "client", s.ClientIP(r), "method", r.Method,
		"host", r.Host, "path", r.URL.Path, "status", rec.status, "bytes", rec.bytes, "took", took)
}

// ClientIP is the address that the request came from. Behind a proxy it is the
// last one in X-Forwarded-For, which is the only one that the proxy vouches for.
func (s *Server) ClientIP(r *http.Request) string {
	if s.BehindProxy {
		if all := r.Header.Values("X-Forwarded-For"); len(all) > 0 {
			last := all[len(all)-1]
			last = strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
			if a, err := netip.ParseAddr(last); err == nil {
				return a.Unmap().String()
			}
		}
	}
	a, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	return a.Addr().Unmap().String()
}

// recorder notes what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController and MaxBytesReader reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// newServer bounds how long and how large a request may be, so that clients who
// send slowly hold nothing up.
func newServer(h http.Handler, cert *tls.Config, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		TLSConfig:         cert,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// Serve answers on l until ctx ends, then lets running requests finish for as
// long as grace.
func Serve(ctx context.Context, l net.Listener, h http.Handler, cert *tls.Config, grace time.Duration, log *slog.Logger) error {
	srv := newServer(h, cert, log)
	done := make(chan error, 1)
	go func() {
		if cert != nil {
			done <- srv.ServeTLS(l, "", "")
		} else {
			done <- srv.Serve(l)
		}
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := srv.Shutdown(stop); err != nil {
		return errors.Join(err, srv.Close())
	}
	return nil
}
