package telephony_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sekisho/internal/clock"
	"sekisho/internal/notify"
	"sekisho/internal/secret"
	"sekisho/internal/telephony"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

const key = "0123456789abcdef"

func gateway(t *testing.T, url string) *telephony.Gateway {
	t.Helper()
	g, err := telephony.New(telephony.Config{URL: url, Key: secret.NewString(key), Clock: clock.NewFixed(noon)})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func text(t *testing.T, ch notify.Channel) notify.Message {
	t.Helper()
	m, err := notify.Senders(nil).NewText(notify.FactorRecovery, ch, "+15555550100", "Your PIN is 123456.", []string{"123456"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// What the gateway gets says where to send what, and is signed.
func TestSend(t *testing.T) {
	t.Parallel()
	for _, ch := range []notify.Channel{notify.SMS, notify.Voice} {
		var body []byte
		var header http.Header
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			body, _ = io.ReadAll(r.Body)
			header = r.Header
		}))
		defer server.Close()
		m := text(t, ch)
		if err := gateway(t, server.URL).Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		var got map[string]string
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatal(err)
		}
		if got["channel"] != string(ch) || got["to"] != "+15555550100" || got["text"] != m.Text || got["id"] != m.ID || header.Get("Idempotency-Key") != m.ID {
			t.Errorf("sent %v", got)
		}
		mac := hmac.New(sha256.New, []byte(key))
		_, _ = fmt.Fprintf(mac, "%d.%s", noon.Unix(), body)
		if want := fmt.Sprintf("t=%d,v1=%s", noon.Unix(), hex.EncodeToString(mac.Sum(nil))); header.Get(telephony.HeaderSignature) != want {
			t.Errorf("signature %q, want %q", header.Get(telephony.HeaderSignature), want)
		}
	}
}

// Errors say what happened, and nothing of the message or the address; only what is
// about the message is final. A redirect is not followed.
func TestFailures(t *testing.T) {
	t.Parallel()
	for status, final := range map[int]bool{400: true, 404: true, 410: true, 422: true, 401: false, 403: false, 429: false, 500: false, 307: false} {
		asked := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked++
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
		}))
		err := gateway(t, server.URL+"/?token=canary").Send(t.Context(), text(t, notify.SMS))
		server.Close()
		if err == nil || errors.Is(err, notify.ErrRefused) != final || asked != 1 {
			t.Errorf("%d: %v after %d requests, want final = %v", status, err, asked, final)
		}
		if err == nil || strings.Contains(err.Error(), "123456") || strings.Contains(err.Error(), "canary") {
			t.Errorf("%d: the error tells too much: %v", status, err)
		}
		if err := gateway(t, server.URL+"/?token=canary").Send(t.Context(), text(t, notify.SMS)); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("closed: %v", err)
		}
	}
	if err := gateway(t, "https://sms.example.com").Send(t.Context(), notify.Message{Channel: notify.Email}); !errors.Is(err, notify.ErrRefused) {
		t.Errorf("an e-mail: %v", err)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		url, key string
		ok       bool
	}{
		{"https://sms.example.com/send?tenant=1", key, true},
		{"http://127.0.0.1:9000/", key, true},
		{"http://localhost:9000/", key, true},
		{"http://sms.example.com/", key, false},
		{"https://user:canary@sms.example.com/", key, false},
		{"ftp://sms.example.com/", key, false},
		{"https:///send", key, false},
		{"%canary", key, false},
		{"https://sms.example.com/", "canary", false},
		{"https://sms.example.com/", "", false},
	} {
		_, err := telephony.New(telephony.Config{URL: tt.url, Key: secret.NewString(tt.key), Clock: clock.NewFixed(noon)})
		if (err == nil) != tt.ok || err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", tt.url, err)
		}
	}
}
