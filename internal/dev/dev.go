// Package dev is the developer's surface: the mailbox that all mail goes to, the
// answers of CAPTCHAs, the clock, and the way back to the organisation file. It
// exists with --dev only; without, nothing of it is reachable (design,
// "Developer's surface").
//
// It guards itself against pages of other sites in a developer's browser, and
// against nobody else: whoever reaches it is in charge of the server.
package dev

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"sekisho/internal/captcha"
	"sekisho/internal/clock"
	"sekisho/internal/fault"
	"sekisho/internal/notify"
	"sekisho/internal/pagehttp"
	"sekisho/internal/store"
	"sekisho/web"
)

// Prefix begins all its paths.
const Prefix = "/_sekisho/dev/"

// Handler answers under Prefix at the base domain.
type Handler struct {
	Site    *pagehttp.Site
	DB      store.DB
	Clock   *clock.Adjustable
	Captcha *captcha.Service
	// Reset brings the database back to the organisation file.
	Reset func(context.Context) error

	mux *http.ServeMux
}

const (
	maxMessages = 1000
	pageSize    = 100
	maxBody     = 64 << 10
)

// Mount prepares the handler; call it once, before use.
func (h *Handler) Mount() *Handler {
	h.mux = http.NewServeMux()
	h.mux.HandleFunc("GET "+Prefix+"messages", h.messages)
	h.mux.HandleFunc("DELETE "+Prefix+"messages", h.empty)
	h.mux.Handle("GET "+Prefix+"mailbox", h.Site.Handler(h.mailbox))
	h.mux.HandleFunc("GET "+Prefix+"captcha/{id}", h.captcha)
	h.mux.HandleFunc("GET "+Prefix+"clock", h.clock)
	h.mux.HandleFunc("POST "+Prefix+"clock", h.setClock)
	h.mux.HandleFunc("POST "+Prefix+"reset", h.reset)
	return h
}

// ServeHTTP answers a request, unless another site's page sent it.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	foreign := r.Header.Get("Sec-Fetch-Site") == "cross-site"
	if origin := r.Header.Get("Origin"); origin != "" {
		u, err := url.Parse(origin)
		foreign = foreign || err != nil || u.Host != r.Host
	}
	if foreign && !(r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate") {
		fail(w, http.StatusForbidden, "The developer's surface does not answer pages of other sites.")
		return
	}
	h.mux.ServeHTTP(w, r)
}

type message struct {
	ID        string         `json:"id"`
	Channel   notify.Channel `json:"channel"`
	From      string         `json:"from"`
	To        string         `json:"to"`
	Subject   string         `json:"subject"`
	Text      string         `json:"text"`
	HTML      string         `json:"html"`
	Links     []string       `json:"links"`
	Codes     []string       `json:"codes"`
	CreatedAt time.Time      `json:"created_at"`
}

// messages lists what was sent, newest first, narrowed by to, channel and since
// (RFC 3339).
func (h *Handler) messages(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	var since time.Time
	if s := q.Get("since"); s != "" {
		var err error
		if since, err = time.Parse(time.RFC3339, s); err != nil {
			fail(w, http.StatusBadRequest, "since must be a time such as 2026-01-02T03:04:05Z.")
			return
		}
	}
	all, err := h.list(r.Context())
	if err != nil {
		fail(w, http.StatusInternalServerError, err.Error())
		return
	}
	out := make([]message, 0, len(all))
	for _, m := range all {
		if to := q.Get("to"); to != "" && to != m.To {
			continue
		}
		if c := q.Get("channel"); c != "" && c != string(m.Channel) {
			continue
		}
		if m.CreatedAt.Before(since) {
			continue
		}
		out = append(out, message{
			ID: m.ID, Channel: m.Channel, From: m.From, To: m.To, Subject: m.Subject, Text: m.Text, HTML: m.HTML,
			Links: notNil(m.Links), Codes: notNil(m.Codes), CreatedAt: m.CreatedAt,
		})
	}
	reply(w, out)
}

func (h *Handler) list(ctx context.Context) (all []notify.Message, err error) {
	err = h.DB.View(ctx, func(tx store.Tx) error {
		all, err = tx.Messages(maxMessages)
		return err
	})
	return all, err
}

func (h *Handler) empty(w http.ResponseWriter, r *http.Request) {
	if err := h.DB.Update(r.Context(), nil, func(tx store.Tx) error { return tx.DeleteMessages() }); err != nil {
		fail(w, http.StatusInternalServerError, err.Error())
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (h *Handler) mailbox(w http.ResponseWriter, r *http.Request) error {
	all, err := h.list(r.Context())
	if err != nil {
		return err
	}
	view := web.Mailbox{Frame: h.Site.Frame(r), Older: max(0, len(all)-pageSize)}
	for _, m := range all[:min(len(all), pageSize)] {
		view.Messages = append(view.Messages, web.MailboxMessage{
			ID: m.ID, Channel: string(m.Channel), From: m.From, To: m.To, Subject: m.Subject, Text: m.Text,
			Links: m.Links, Codes: m.Codes, CreatedAt: m.CreatedAt,
		})
	}
	return h.Site.Show(w, r, http.StatusOK, view)
}

var fileSuffix = regexp.MustCompile(`\.(png|wav)$`)

// captcha tells the answer of a challenge, whose id stands in the page, in the
// picture's and in the sound's address.
func (h *Handler) captcha(w http.ResponseWriter, r *http.Request) {
	answer, err := h.Captcha.Answer(fileSuffix.ReplaceAllString(r.PathValue("id"), ""))
	if err != nil {
		fail(w, http.StatusNotFound, "There is no such CAPTCHA, or it has expired.")
		return
	}
	reply(w, map[string]string{"answer": answer})
}

type clockState struct {
	Now    time.Time `json:"now"`
	Offset string    `json:"offset"` // from the machine's clock
}

func (h *Handler) clock(w http.ResponseWriter, _ *http.Request) {
	now := h.Clock.Now()
	reply(w, clockState{now, time.Until(now).Round(time.Second).String()})
}

// farthest is how far from the machine's time the clock can be turned; much
// farther and durations overflow.
const (
	farthest = 100 * 365 * 24 * time.Hour
	tooFar   = "The clock can be turned by at most 100 years."
)

// setClock takes {"advance":"25h"} or {"set":"2026-01-02T03:04:05Z"}.
func (h *Handler) setClock(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Advance string `json:"advance"`
		Set     string `json:"set"`
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil && !errors.Is(err, io.EOF) || d.More() {
		fail(w, http.StatusBadRequest, `The body must be {"advance":"25h"} or {"set":"2026-01-02T03:04:05Z"}.`)
		return
	}
	advance, err := parseAdvance(in.Advance)
	switch {
	case (in.Advance == "") == (in.Set == ""):
		fail(w, http.StatusBadRequest, `Give either "advance" or "set".`)
		return
	case in.Advance != "" && err != nil:
		fail(w, http.StatusBadRequest, `advance must be a duration such as "25h", "-10m" or "90s".`)
		return
	case in.Advance != "" && time.Until(h.Clock.Now().Add(advance)).Abs() > farthest:
		fail(w, http.StatusBadRequest, tooFar)
		return
	case in.Advance != "":
		h.Clock.Advance(advance)
	default:
		t, err := time.Parse(time.RFC3339, in.Set)
		if err != nil {
			fail(w, http.StatusBadRequest, `set must be a time such as "2026-01-02T03:04:05Z".`)
			return
		}
		if time.Until(t).Abs() > farthest {
			fail(w, http.StatusBadRequest, tooFar)
			return
		}
		h.Clock.Set(t)
	}
	h.clock(w, r)
}

// parseAdvance takes Go durations and plain days, "3d".
func parseAdvance(s string) (time.Duration, error) {
	if n := len(s); n > 1 && s[n-1] == 'd' {
		days, err := strconv.ParseInt(s[:n-1], 10, 16) // 90 years
		return time.Duration(days) * 24 * time.Hour, err
	}
	return time.ParseDuration(s)
}

// reset empties the database, applies the organisation file again and sets the
// clock right.
func (h *Handler) reset(w http.ResponseWriter, r *http.Request) {
	h.Clock.Set(time.Now())
	if err := h.Reset(r.Context()); err != nil {
		message := err.Error()
		if f, ok := fault.As(err); ok && f.Public != "" {
			message = f.Public
		}
		fail(w, http.StatusInternalServerError, message)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func notNil(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(v)
}

func fail(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": message})
}
