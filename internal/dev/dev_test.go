package dev_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"sekisho/internal/captcha"
	"sekisho/internal/clock"
	"sekisho/internal/dev"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
	"sekisho/internal/surface"
	"sekisho/web"
)

type desk struct {
	*testing.T
	*dev.Handler
	resets int
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	db, ring := storetest.OpenWithRing(t)
	pages, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	clk := &clock.Adjustable{}
	d := &desk{T: t}
	d.Handler = (&dev.Handler{
		Site: &pagehttp.Site{
			Pages: pages, Map: surface.New(&url.URL{Scheme: "http", Host: "localhost:8420"}, "us-east-1"), Clock: clk, Log: slog.New(slog.DiscardHandler),
			ClientIP: func(*http.Request) string { return "192.0.2.1" }, RequestID: func(*http.Request) string { return "id" },
		},
		DB: db, Clock: clk, Captcha: captcha.New(ring, clk),
		Reset: func(context.Context) error { d.resets++; return nil },
	}).Mount()
	return d
}

func (d *desk) call(method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://localhost:8420"+dev.Prefix+path, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

func (d *desk) put(to string, channel notify.Channel, at time.Time, subject string) {
	d.Helper()
	m, err := notify.Senders(nil).NewEmail(notify.PasswordReset, to, notify.Content{Subject: subject, Text: "text", HTML: "<p>", Links: []string{"http://l"}, Codes: []string{"123456"}}, at)
	if err != nil {
		d.Fatal(err)
	}
	m.Channel = channel
	if err := d.DB.Update(d.Context(), nil, func(tx store.Tx) error { return tx.PutMessage(m) }); err != nil {
		d.Fatal(err)
	}
}

// The mailbox lists what was sent, newest first, narrowed as asked (design,
// "Developer's surface").
func TestMessages(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	if got := d.call("GET", "messages", "").Body.String(); strings.TrimSpace(got) != "[]" {
		t.Errorf("empty: %s", got)
	}
	d.put("jane@example.com", notify.Email, at, "first")
	d.put("taro@example.com", notify.Email, at.Add(time.Minute), "second")
	d.put("jane@example.com", notify.SMS, at.Add(2*time.Minute), "third")
	for query, want := range map[string]string{
		"": "third second first", "?to=jane@example.com": "third first", "?channel=email": "second first", "?to=jane@example.com&channel=email": "first",
		"?since=2026-11-22T09:01:00Z": "third second", "?since=2026-11-22T18:02:00%2B09:00": "third", "?since=2027-01-01T00:00:00Z": "", "?to=nobody@example.com": "",
	} {
		w := d.call("GET", "messages"+query, "")
		var list []map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || w.Code != 200 {
			t.Fatalf("%s: %d %s", query, w.Code, w.Body)
		}
		var subjects []string
		for _, m := range list {
			subjects = append(subjects, m["subject"].(string))
			for _, key := range []string{"id", "channel", "from", "to", "subject", "text", "html", "links", "codes", "created_at"} {
				if m[key] == nil {
					t.Errorf("%s: a message has no %s", query, key)
				}
			}
		}
		if got := strings.Join(subjects, " "); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	if w := d.call("GET", "messages?since=yesterday", ""); w.Code != 400 {
		t.Errorf("a time that is none: %d", w.Code)
	}
	if w := d.call("GET", "mailbox", ""); w.Code != 200 || !strings.Contains(w.Body.String(), "second") || !strings.Contains(w.Header().Get("Content-Type"), "text/html") {
		t.Errorf("the page: %d", w.Code)
	}
	if w := d.call("DELETE", "messages", ""); w.Code != 204 {
		t.Errorf("emptying: %d", w.Code)
	}
	if got := d.call("GET", "messages", "").Body.String(); strings.TrimSpace(got) != "[]" {
		t.Errorf("emptied: %s", got)
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		body   string
		status int
		want   time.Duration // from the machine's time; unless set
		set    string
	}{
		{`{"advance":"25h"}`, 200, 25 * time.Hour, ""},
		{`{"advance":"-10m"}`, 200, -10 * time.Minute, ""},
		{`{"advance":"3d"}`, 200, 72 * time.Hour, ""},
		{`{"set":"2031-02-03T04:05:06Z"}`, 200, 0, "2031-02-03T04:05:06Z"},
		{`{"set":"2031-02-03T04:05:06+09:00"}`, 200, 0, "2031-02-02T19:05:06Z"},
		{``, 400, 0, ""},
		{`{}`, 400, 0, ""},
		{`null`, 400, 0, ""},
		{`[]`, 400, 0, ""},
		{`{"advance":"1h","set":"2031-02-03T04:05:06Z"}`, 400, 0, ""},
		{`{"advance":"soon"}`, 400, 0, ""},
		{`{"advance":"xd"}`, 400, 0, ""},
		{`{"advance":1}`, 400, 0, ""},
		{`{"set":"tomorrow"}`, 400, 0, ""},
		{`{"jump":"1h"}`, 400, 0, ""},
		{`{"advance":"1h"} {"advance":"1h"}`, 400, 0, ""},
		{`{"advance":"99999999999d"}`, 400, 0, ""},
		{`{"advance":"2000000h"}`, 400, 0, ""},
		{`{"set":"9999-12-31T00:00:00Z"}`, 400, 0, ""},
		{`{"set":"0001-01-01T00:00:00Z"}`, 400, 0, ""},
		{`{"advance":"` + strings.Repeat(" ", 1<<17) + `"}`, 400, 0, ""},
	} {
		d := newDesk(t)
		w := d.call("POST", "clock", c.body)
		want := time.Now().Add(c.want)
		if c.set != "" {
			want, _ = time.Parse(time.RFC3339, c.set)
		}
		if w.Code != c.status || d.Clock.Now().Sub(want).Abs() > 10*time.Second {
			t.Errorf("%.60s: %d, %v, want %v", c.body, w.Code, d.Clock.Now(), want)
		}
		if c.status != 200 {
			continue
		}
		var got struct {
			Now    time.Time
			Offset string
		}
		if err := json.Unmarshal(d.call("GET", "clock", "").Body.Bytes(), &got); err != nil || got.Now.Sub(want).Abs() > 10*time.Second || got.Offset == "" {
			t.Errorf("%s: shown as %+v, %v", c.body, got, err)
		}
	}
}

func TestCaptcha(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.Captcha.NewPicture()
	want, err := d.Captcha.Answer(id)
	if err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", ".png", ".wav"} {
		if w := d.call("GET", "captcha/"+id+suffix, ""); w.Code != 200 || strings.TrimSpace(w.Body.String()) != `{"answer":"`+want+`"}` || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%q: %d %s", suffix, w.Code, w.Body)
		}
	}
	for _, bad := range []string{"x", id + "x", strings.Repeat("A", 5000)} {
		if w := d.call("GET", "captcha/"+bad, ""); w.Code != 404 {
			t.Errorf("%.30s: %d", bad, w.Code)
		}
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.Clock.Advance(25 * time.Hour)
	if w := d.call("POST", "reset", ""); w.Code != 204 || d.resets != 1 || time.Until(d.Clock.Now()).Abs() > 10*time.Second {
		t.Errorf("%d, %d resets, %v", w.Code, d.resets, d.Clock.Now())
	}
	d.Reset = func(context.Context) error { return errors.New("the file is gone") }
	if w := d.call("POST", "reset", ""); w.Code != 500 || !strings.Contains(w.Body.String(), "the file is gone") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// Pages of other sites, in a developer's browser, reach nothing.
func TestOtherSites(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, c := range []struct {
		name, method, path string
		header             []string
		refused            bool
	}{
		{"script or test", "POST", "reset", nil, false},
		{"own page", "POST", "reset", []string{"Origin", "http://localhost:8420", "Sec-Fetch-Site", "same-origin"}, false},
		{"typed address", "GET", "mailbox", []string{"Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"}, false},
		{"link from another site", "GET", "mailbox", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, false},
		{"fetch from another site", "GET", "messages", []string{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "cors"}, true},
		{"image on another site", "GET", "messages", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"}, true},
		{"form on another site", "POST", "reset", []string{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, true},
		{"form in an old browser", "POST", "reset", []string{"Origin", "https://evil.example"}, true},
		{"sandboxed frame", "POST", "reset", []string{"Origin", "null"}, true},
		{"another port", "POST", "clock", []string{"Origin", "http://localhost:9999"}, true},
		{"emptying", "DELETE", "messages", []string{"Origin", "https://evil.example"}, true},
	} {
		w := d.call(c.method, c.path, "", c.header...)
		if (w.Code == 403) != c.refused {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
	}
	if d.resets != 2 {
		t.Errorf("%d resets", d.resets)
	}
}

func TestOtherMethods(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, c := range [][2]string{{"GET", "reset"}, {"PUT", "clock"}, {"POST", "messages"}, {"GET", "nothing"}, {"GET", ""}} {
		if w := d.call(c[0], c[1], ""); w.Code != 404 && w.Code != 405 {
			b, _ := io.ReadAll(w.Body)
			t.Errorf("%v: %d %s", c, w.Code, b)
		}
	}
}
