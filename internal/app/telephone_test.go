package app

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sekisho/internal/config"
	"sekisho/internal/notify"
	"sekisho/internal/store"
	"sekisho/internal/telephony"
)

// What goes to telephones goes by the operator's gateway, at once and signed, also
// where there is no mail server; mail waits meanwhile.
func TestTelephoneGateway(t *testing.T) {
	t.Parallel()
	type request struct{ Channel, To, Text string }
	got := make(chan request, 10)
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body request
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || !strings.HasPrefix(r.Header.Get(telephony.HeaderSignature), "t=") {
			w.WriteHeader(http.StatusBadRequest)
		}
		got <- body
	}))
	t.Cleanup(gateway.Close)
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte("0123456789abcdef\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newServer(t, serverConfig(t, t.TempDir(), func(c *config.Server) { c.TelephonyURL, c.TelephonyKeyFile = gateway.URL, key }))
	run(t, s)
	if err := s.Store.Update(t.Context(), nil, func(tx store.Tx) error {
		text, err := s.senders.NewText(notify.FactorRecovery, notify.Voice, "+15555550142", "1, 2, 3", nil, s.clock.Now())
		if err != nil {
			return err
		}
		mail, err := s.senders.NewEmail(notify.AccountNotice, "root@example.com", notify.Content{Subject: "s", Text: "t"}, s.clock.Now())
		if err != nil {
			return err
		}
		if err := tx.PutMessage(mail); err != nil {
			return err
		}
		return tx.PutMessage(text)
	}); err != nil {
		t.Fatal(err)
	}
	select {
	case r := <-got:
		if r != (request{"voice", "+15555550142", "1, 2, 3"}) {
			t.Errorf("the gateway got %+v", r)
		}
	case <-time.After(10 * time.Second): // the courier looks by itself every 15
		t.Fatal("no call comes at once")
	}
	waitFor(t, "the records", func() bool {
		var all []notify.Message
		err := s.Store.View(t.Context(), func(tx store.Tx) (err error) { all, err = tx.Messages(10); return err })
		delivered := map[notify.Channel]bool{}
		for _, m := range all {
			delivered[m.Channel] = !m.DeliveredAt.IsZero()
		}
		return err == nil && len(all) == 2 && delivered[notify.Voice] && !delivered[notify.Email]
	})
}

// A gateway without a good key stops the start, with the reason.
func TestTelephoneGatewayNeedsAKey(t *testing.T) {
	t.Parallel()
	_, err := New(t.Context(), serverConfig(t, t.TempDir(), func(c *config.Server) { c.TelephonyURL = "https://sms.example.com/" }), slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "key must have at least") {
		t.Errorf("%v", err)
	}
}
