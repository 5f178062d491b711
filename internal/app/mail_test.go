package app

import (
	"bufio"
	"context"
	"encoding/json"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"sekisho/internal/captcha"
	"sekisho/internal/config"
	"sekisho/internal/notify"
	"sekisho/internal/store"
)

// mailServer is a small SMTP server that keeps what it is given.
type mailServer struct {
	net.Listener
	mail chan string
}

func newMailServer(t *testing.T) *mailServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mailServer{l, make(chan string, 10)}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { m.serve(c) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	return m
}

func (m *mailServer) serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	in := bufio.NewReader(c)
	say := func(s string) { _, _ = io.WriteString(c, s+"\r\n") }
	var mail strings.Builder
	say("220 test ESMTP")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(strings.Fields(line + " x")[0]); verb {
		case "EHLO", "HELO":
			say("250 test")
		case "DATA":
			say("354 go on")
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				mail.WriteString(line)
			}
			m.mail <- mail.String()
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			mail.WriteString(line)
			say("250 ok")
		}
	}
}

// shownPage is what a browser shows.
type shownPage struct {
	at   *url.URL
	body string
}

// visitor visits the server over the network; every name under localhost is it.
type visitor struct {
	*testing.T
	http.Client
}

func newVisitor(t *testing.T, s *Server) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, s.listener.Addr().String())
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return &visitor{t, http.Client{Jar: jar, Transport: transport, Timeout: 30 * time.Second}}
}

func (b *visitor) do(r *http.Request) shownPage {
	b.Helper()
	resp, err := b.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.Fatalf("%s: %d, %v\n%s", resp.Request.URL, resp.StatusCode, err, body)
	}
	return shownPage{resp.Request.URL, string(body)}
}

func (b *visitor) get(address string) shownPage {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, address, nil)
	if err != nil {
		b.Fatal(err)
	}
	return b.do(r)
}

var (
	formAction = regexp.MustCompile(`<form[^>]* action="([^"]*)"`)
	input      = regexp.MustCompile(`<input[^>]*>`)
	attribute  = regexp.MustCompile(`(name|value)="([^"]*)"`)
)

// submit posts the page's first form with its fields, and fill instead of some.
func (b *visitor) submit(p shownPage, fill url.Values) shownPage {
	b.Helper()
	action := formAction.FindStringSubmatch(p.body)
	if action == nil {
		b.Fatalf("%s has no form:\n%s", p.at, p.body)
	}
	form := url.Values{}
	for _, i := range input.FindAllString(p.body, -1) {
		a := make(map[string]string)
		for _, m := range attribute.FindAllStringSubmatch(i, -1) {
			a[m[1]] = html.UnescapeString(m[2])
		}
		if a["name"] != "" {
			form.Set(a["name"], a["value"])
		}
	}
	for k, v := range fill {
		form[k] = v
	}
	to, err := p.at.Parse(html.UnescapeString(action[1]))
	if err != nil {
		b.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, to.String(), strings.NewReader(form.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", p.at.Scheme+"://"+p.at.Host)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

func (b *visitor) link(p shownPage, pattern string) string {
	b.Helper()
	m := regexp.MustCompile(`(?:href|src)="([^"]*` + pattern + `[^"]*)"`).FindStringSubmatch(p.body)
	if m == nil {
		b.Fatalf("%s has no link to %s:\n%s", p.at, pattern, p.body)
	}
	to, err := p.at.Parse(html.UnescapeString(m[1]))
	if err != nil {
		b.Fatal(err)
	}
	return to.String()
}

// A person who forgot the password gets a mail, at once and from the operator's
// address, whose link leads to where a new one is chosen (H-22 to H-26, N-19).
func TestPasswordResetMail(t *testing.T) {
	t.Parallel()
	mails := newMailServer(t)
	s := newServer(t, serverConfig(t, t.TempDir(), withOrg(t, organisation), func(c *config.Server) {
		c.SMTP, c.MailFrom = "smtp://"+mails.Addr().String(), "sso@mail.example.com"
	}))
	run(t, s)
	i, _ := instance(t, s)
	b := newVisitor(t, s)
	name := b.get(s.Map.StartURL(i.PortalName()))
	forgot := b.get(b.link(b.submit(name, url.Values{"username": {"jane"}}), "/platform/forgot"))
	id := strings.TrimSuffix(path.Base(b.link(forgot, `/captcha/[^"]*\.png`)), ".png")
	answer, err := captcha.New(s.Ring, s.clock).Answer(id)
	if err != nil {
		t.Fatal(err)
	}
	b.submit(forgot, url.Values{"captcha": {answer}})
	var mail string
	select {
	case mail = <-mails.mail:
	case <-time.After(10 * time.Second): // the courier looks by itself every 15
		t.Fatal("no mail comes at once")
	}
	mail = strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(mail) // quoted-printable
	link := regexp.MustCompile(`http://signin\.localhost:\d+/\S+`).FindString(mail)
	if !strings.Contains(mail, "jane@example.com") || !strings.Contains(mail, "sso@mail.example.com") || link == "" {
		t.Fatalf("the mail:\n%s", mail)
	}
	if p := newVisitor(t, s).get(strings.TrimRight(link, ">\").")); !strings.Contains(p.body, `type="password"`) {
		t.Errorf("the link leads to %s:\n%s", p.at, p.body)
	}
	// What lets people in does not stay behind.
	waitFor(t, "the delivery's record", func() bool {
		var all []notify.Message
		err := s.Store.View(t.Context(), func(tx store.Tx) (err error) { all, err = tx.Messages(10); return err })
		return err == nil && len(all) == 1 && !all[0].DeliveredAt.IsZero() && all[0].Text == "" && len(all[0].Links) == 0
	})
}

// In development mail stays in the mailbox, and the clock is everybody's.
func TestMailbox(t *testing.T) {
	t.Parallel()
	s := newServer(t, serverConfig(t, t.TempDir(), withOrg(t, organisation), inDevelopment))
	run(t, s)
	if w := request(s, "POST", s.Map.Base()+"/_sekisho/dev/clock", `{"advance":"25h"}`); w.Code != 200 {
		t.Fatalf("%d", w.Code)
	}
	i, _ := instance(t, s)
	b := newVisitor(t, s)
	forgot := b.get(b.link(b.submit(b.get(s.Map.StartURL(i.PortalName())), url.Values{"username": {"jane"}}), "/platform/forgot"))
	var answer struct{ Answer string }
	id := path.Base(b.link(forgot, `/captcha/[^"]*\.png`))
	if err := json.Unmarshal(request(s, "GET", s.Map.Base()+"/_sekisho/dev/captcha/"+id, "").Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	b.submit(forgot, url.Values{"captcha": {answer.Answer}})
	var list []struct {
		To        string
		Links     []string
		CreatedAt time.Time `json:"created_at"`
	}
	waitFor(t, "the mail", func() bool {
		w := request(s, "GET", s.Map.Base()+"/_sekisho/dev/messages?to=jane@example.com", "")
		return json.Unmarshal(w.Body.Bytes(), &list) == nil && len(list) == 1
	})
	if len(list[0].Links) != 1 || time.Until(list[0].CreatedAt) < 24*time.Hour {
		t.Errorf("%+v", list)
	}
}
