package app

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"sekisho/internal/store"
)

// Stopping ends everything that was started, in order: counted events are
// stored, nothing fails on a database that is closed, no goroutine is left.
func TestStops(t *testing.T) { // not parallel: it counts goroutines
	var log bytes.Buffer
	before := runtime.NumGoroutine()
	data := t.TempDir()
	c := serverConfig(t, data, withOrg(t, organisation), inDevelopment)
	s, err := New(t.Context(), c, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	ready := make(chan net.Addr)
	go func() { ended <- s.Run(ctx, func(a net.Addr) { ready <- a }) }()
	address := <-ready
	client := &http.Client{Transport: &http.Transport{}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address.String()+"/", strings.NewReader("Action=GetCallerIdentity&Version=2011-06-15"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("an unsigned call: %d", resp.StatusCode)
	}
	client.CloseIdleConnections()
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("%v", err)
	}
	// The refusal was counted a moment ago, and is stored.
	err = s.Store.View(t.Context(), func(tx store.Tx) error {
		events, err := tx.Events(store.EventFilter{Name: "GetCallerIdentity", Limit: 10})
		if len(events) != 1 || events[0].ErrorCode == "" {
			t.Errorf("the trail has %+v", events)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := net.DialTimeout("tcp", address.String(), time.Second); err == nil {
		t.Error("somebody still listens")
	}
	waitFor(t, "the end of all goroutines", func() bool { return runtime.NumGoroutine() <= before })
	if strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("%s", log.String())
	}
}
