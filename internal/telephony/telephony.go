// Package telephony delivers text messages and calls by an operator's gateway: a
// web address that is told what to send to which number.
//
// It owns the request and its signature. What the messages say is the pages'
// business; when they are tried again is notify's.
package telephony

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"sekisho/internal/clock"
	"sekisho/internal/notify"
	"sekisho/internal/secret"
)

// HeaderSignature has "t=<Unix seconds>,v1=<hex>": the HMAC-SHA256, under the shared
// key, of the time's digits, a full stop and the body. A gateway that refuses times
// which are more than a few minutes off cannot be fed old requests again.
const HeaderSignature = "X-Sekisho-Signature"

// MinKey is the shortest shared key, in bytes.
const MinKey = 16

// Config says how to reach the gateway.
type Config struct {
	// URL is https://…, or http://… on this machine.
	URL string
	// Key signs the requests: at least MinKey bytes.
	Key secret.String
	// Clock dates the signatures.
	Clock clock.Clock
	// Timeout bounds a request; 15 seconds if zero.
	Timeout time.Duration
	// Transport is http.DefaultTransport if nil.
	Transport http.RoundTripper
}

// Gateway sends messages of the channels sms and voice. It is a [notify.Sender] that
// is safe for concurrent use.
type Gateway struct {
	url    string
	key    secret.String
	clock  clock.Clock
	client *http.Client
}

// New makes a sender. It does not connect.
func New(c Config) (*Gateway, error) {
	u, err := url.Parse(c.URL)
	if err != nil {
		return nil, errors.New("the telephone gateway's address is not a URL") // without err, which quotes it: it may hold a token
	}
	if u.Hostname() == "" || u.User != nil || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, errors.New("the telephone gateway's URL must begin with https://, or with http:// on this machine, and hold no password")
	}
	if len(c.Key.Reveal()) < MinKey {
		return nil, fmt.Errorf("the telephone gateway's key must have at least %d bytes", MinKey)
	}
	if c.Timeout <= 0 {
		c.Timeout = 15 * time.Second
	}
	return &Gateway{url: u.String(), key: c.Key, clock: c.Clock, client: &http.Client{
		Timeout: c.Timeout, Transport: c.Transport,
		// A signed request is for one address.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// request is the body. ID is the same at every try, so that a gateway can know what
// it has sent.
type request struct {
	ID      string         `json:"id"`
	Channel notify.Channel `json:"channel"` // sms, voice
	From    string         `json:"from"`
	To      string         `json:"to"` // E.164
	Text    string         `json:"text"`
}

// Send hands m to the gateway. A message that the gateway answers with 400, 404, 410
// or 422 is refused for good; any other answer but 2xx is worth another try.
func (g *Gateway) Send(ctx context.Context, m notify.Message) error {
	if m.Channel != notify.SMS && m.Channel != notify.Voice {
		return fmt.Errorf("channel %s cannot go by telephone: %w", m.Channel, notify.ErrRefused)
	}
	if err := m.Validate(); err != nil {
		return fmt.Errorf("%w: %w", notify.ErrRefused, err)
	}
	body, err := json.Marshal(request{m.ID, m.Channel, m.From, m.To, m.Text})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, bytes.NewReader(body))
	if err != nil {
		return errors.New("the telephone gateway's request cannot be made")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", m.ID)
	req.Header.Set(HeaderSignature, g.sign(body))
	resp, err := g.client.Do(req)
	if err != nil {
		// Of a *url.Error only the cause: the address may hold a token.
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		return fmt.Errorf("the telephone gateway cannot be reached: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer) // so that the connection can serve again
	switch resp.StatusCode {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusGone, http.StatusUnprocessableEntity:
		return fmt.Errorf("the telephone gateway answered %d: %w", resp.StatusCode, notify.ErrRefused)
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("the telephone gateway answered %d", resp.StatusCode)
	}
	return nil
}

const maxAnswer = 64 << 10 // bytes that are read of an answer, and not looked at

func (g *Gateway) sign(body []byte) string {
	at := strconv.FormatInt(g.clock.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(g.key.Reveal()))
	_, _ = io.WriteString(mac, at+".")
	_, _ = mac.Write(body)
	return "t=" + at + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

// loopback reports whether host is this machine by address or by the name that
// always means it (RFC 6761, 6.3).
func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}
