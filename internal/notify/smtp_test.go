package notify

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"sekisho/internal/secret"
)

// received is a message as the fake server got it.
type received struct {
	from, to  string
	data      string
	encrypted bool
	user      string
}

// mailServer is an SMTP server on the loopback interface: EHLO, STARTTLS, AUTH
// PLAIN, MAIL, RCPT, DATA, RSET, NOOP, QUIT.
type mailServer struct {
	t        *testing.T
	listener net.Listener
	tls      *tls.Config // nil: no STARTTLS
	implicit bool        // TLS from the start
	auth     bool
	// answer, if set, may replace the reply to a command.
	answer func(command string) string

	mu   sync.Mutex
	mail []received
	all  sync.WaitGroup
}

func (s *mailServer) start() {
	s.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	s.listener = l
	s.all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.all.Go(func() { s.serve(conn) })
		}
	})
	s.t.Cleanup(func() { _ = l.Close(); s.all.Wait() })
}

func (s *mailServer) port() string {
	_, port, _ := net.SplitHostPort(s.listener.Addr().String())
	return port
}

func (s *mailServer) received() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.mail...)
}

func (s *mailServer) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	var m received
	if s.implicit {
		conn, m.encrypted = tls.Server(conn, s.tls), true
	}
	in := bufio.NewReader(conn)
	say := func(line string) { _, _ = io.WriteString(conn, line+"\r\n") }
	say("220 test ESMTP")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		command, rest, _ := strings.Cut(line, " ")
		command = strings.ToUpper(command)
		if s.answer != nil {
			if reply := s.answer(command); reply != "" {
				say(reply)
				continue
			}
		}
		switch command {
		case "EHLO":
			say("250-test")
			if s.tls != nil && !m.encrypted {
				say("250-STARTTLS")
			}
			if s.auth {
				say("250-AUTH PLAIN")
			}
			say("250 ENHANCEDSTATUSCODES")
		case "STARTTLS":
			say("220 go ahead")
			conn, m.encrypted = tls.Server(conn, s.tls), true
			in = bufio.NewReader(conn)
		case "AUTH":
			_, b64, _ := strings.Cut(rest, " ")
			b, _ := base64.StdEncoding.DecodeString(b64)
			m.user = strings.ReplaceAll(string(b), "\x00", "/")
			say("235 2.7.0 ok")
		case "MAIL":
			m.from = rest
			say("250 2.1.0 ok")
		case "RCPT":
			m.to += rest
			say("250 2.1.5 ok")
		case "DATA":
			say("354 go ahead")
			var data strings.Builder
			for {
				l, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if l == ".\r\n" {
					break
				}
				data.WriteString(strings.TrimPrefix(l, "."))
			}
			m.data = data.String()
			s.mu.Lock()
			s.mail = append(s.mail, m)
			s.mu.Unlock()
			say("250 2.0.0 queued")
		case "QUIT":
			say("221 bye")
			return
		default: // RSET, NOOP
			say("250 2.0.0 ok")
		}
	}
}

// certificate returns a server's configuration for names, and who trusts it.
func certificate(t *testing.T, names ...string) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	for _, n := range names {
		if ip := net.ParseIP(n); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, n)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	leaf, _ := x509.ParseCertificate(der)
	pool.AddCert(leaf)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func reset(t *testing.T) Message {
	t.Helper()
	m, err := Senders(nil).NewEmail(PasswordReset, "jane@example.com", Content{
		Subject: "パスワードのリセット", Text: "Hello,\n.\nhttps://signin.example/reset?token=canary\n", HTML: "<p>こんにちは</p>",
		Links: []string{"https://signin.example/reset?token=canary"},
	}, noon)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func send(t *testing.T, cfg SMTPConfig, m Message) error {
	t.Helper()
	cfg.Timeout = 10 * time.Second
	s, err := NewSMTP(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s.Send(t.Context(), m)
}

// N-01, N-19: from AWS's sender, to the registered address, as text and HTML.
func TestSend(t *testing.T) {
	t.Parallel()
	cert, pool := certificate(t, "127.0.0.1")
	for name, c := range map[string]struct {
		url                 string
		tls, implicit, auth bool // the server's
		encrypted           bool
		user                string
	}{
		"plain on loopback":    {url: "smtp://127.0.0.1:%s"},
		"STARTTLS on loopback": {url: "smtp://127.0.0.1:%s", tls: true, encrypted: true},
		"STARTTLS turned off":  {url: "smtp://127.0.0.1:%s?starttls=off", tls: true},
		"smtps":                {url: "smtps://127.0.0.1:%s", tls: true, implicit: true, encrypted: true},
		"password on loopback": {url: "smtp://me@127.0.0.1:%s", auth: true, user: "/me/hunter2"},
		"password over TLS":    {url: "smtps://me@127.0.0.1:%s", tls: true, implicit: true, auth: true, encrypted: true, user: "/me/hunter2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &mailServer{t: t, implicit: c.implicit, auth: c.auth}
			if c.tls {
				s.tls = cert
			}
			s.start()
			cfg := SMTPConfig{URL: fmt.Sprintf(c.url, s.port()), RootCAs: pool}
			if c.user != "" {
				cfg.Password = secret.NewString("hunter2")
			}
			m := reset(t)
			if err := send(t, cfg, m); err != nil {
				t.Fatal(err)
			}
			got := s.received()
			if len(got) != 1 {
				t.Fatalf("%d messages", len(got))
			}
			g := got[0]
			if g.encrypted != c.encrypted || g.user != c.user {
				t.Errorf("encrypted %v, user %q", g.encrypted, g.user)
			}
			if !strings.HasPrefix(g.from, "FROM:<"+FromIdentityCenter+">") || !strings.HasPrefix(g.to, "TO:<jane@example.com>") {
				t.Errorf("envelope %q %q", g.from, g.to)
			}
			checkMIME(t, g.data, m)
		})
	}
}

func checkMIME(t *testing.T, data string, want Message) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	subject, _ := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	date, _ := m.Header.Date()
	from, _ := mail.ParseAddress(m.Header.Get("From"))
	if subject != want.Subject || !date.Equal(want.CreatedAt) || from == nil || from.Address != want.From ||
		m.Header.Get("Message-Id") != "<"+want.ID+"@login.awsapps.com>" || m.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("header %v", m.Header)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatal(kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, w := range []struct{ kind, text string }{{"text/plain", want.Text}, {"text/html", want.HTML}} {
		p, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		got := strings.TrimRight(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n")
		if err != nil || !strings.HasPrefix(p.Header.Get("Content-Type"), w.kind) || got != strings.TrimRight(w.text, "\n") {
			t.Errorf("part %v: %q, %v", p.Header, got, err)
		}
	}
}

// Beyond this machine, mail does not go unencrypted, nor to somebody else.
func TestEncryptionIsRequired(t *testing.T) {
	t.Parallel()
	good, pool := certificate(t, "127.0.0.1", "mail.test")
	wrong, wrongPool := certificate(t, "other.test")
	for name, c := range map[string]struct {
		tls      *tls.Config
		pool     *x509.CertPool
		passes   bool
		stripper bool
	}{
		"STARTTLS":          {tls: good, pool: pool, passes: true},
		"no STARTTLS":       {pool: pool},
		"STARTTLS refused":  {tls: good, pool: pool, stripper: true},
		"unknown authority": {tls: good, pool: x509.NewCertPool()},
		"another's name":    {tls: wrong, pool: wrongPool},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &mailServer{t: t, tls: c.tls, auth: true}
			if c.stripper {
				s.answer = func(command string) string {
					return map[bool]string{true: "454 4.7.0 TLS not available"}[command == "STARTTLS"]
				}
			}
			s.start()
			sender, err := NewSMTP(SMTPConfig{URL: "smtp://me@mail.test:" + s.port(), Password: secret.NewString("hunter2"), RootCAs: c.pool, Timeout: 10 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			sender.dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, "127.0.0.1:"+s.port())
			}
			err = sender.Send(t.Context(), reset(t))
			if (err == nil) != c.passes || len(s.received()) > 0 != c.passes {
				t.Errorf("%v, %d received", err, len(s.received()))
			}
			if errors.Is(err, ErrRefused) {
				t.Errorf("%v is not tried again", err)
			}
		})
	}
}

// What the server says decides whether it is tried again, and what is logged
// holds neither content nor address.
func TestServerRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		command, reply string
		refused        bool
	}{
		{"RCPT", "550 5.1.1 no jane@example.com here", true},
		{"RCPT", "450 4.2.1 jane@example.com is busy", false},
		{"MAIL", "550 5.7.1 sender not allowed", false}, // our set-up, which somebody will mend
		{"MAIL", "421 4.3.2 closing", false},
		{"DATA", "554 5.6.0 spam", true},
		{"DATA", "451 4.3.0 later", false},
		{"EHLO", "554 5.7.1 go away", false},
	} {
		s := &mailServer{t: t, answer: func(command string) string {
			if command == c.command || c.command == "EHLO" && command == "HELO" {
				return c.reply
			}
			return ""
		}}
		s.start()
		err := send(t, SMTPConfig{URL: "smtp://127.0.0.1:" + s.port()}, reset(t))
		if err == nil || errors.Is(err, ErrRefused) != c.refused {
			t.Errorf("%s %s: %v", c.command, c.reply, err)
		}
		if err != nil && (strings.Contains(err.Error(), "jane") || strings.Contains(err.Error(), "canary")) {
			t.Errorf("%s: the error tells too much: %v", c.command, err)
		}
	}
	if err := send(t, SMTPConfig{URL: "smtp://127.0.0.1:1"}, reset(t)); err == nil || errors.Is(err, ErrRefused) {
		t.Errorf("nobody there: %v", err)
	}
}

// A server that fails after it took the message does not make us send it twice.
func TestFailureAfterDelivery(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"RSET", "QUIT"} {
		s := &mailServer{t: t, answer: func(c string) string {
			return map[bool]string{true: "421 4.3.2 closing"}[c == command]
		}}
		s.start()
		if err := send(t, SMTPConfig{URL: "smtp://127.0.0.1:" + s.port()}, reset(t)); err != nil || len(s.received()) != 1 {
			t.Errorf("%s: %v, %d received", command, err, len(s.received()))
		}
	}
}

func TestSMTPConfig(t *testing.T) {
	t.Parallel()
	pw := secret.NewString("hunter2")
	for _, good := range []SMTPConfig{
		{URL: "smtp://mail.example.com"}, {URL: "smtps://mail.example.com"}, {URL: "smtp://[::1]:25"}, {URL: "smtp://localhost:2525/"},
		{URL: "smtp://me@mail.example.com:587", Password: pw}, {URL: "smtp://relay.internal:25?starttls=off", Hello: "sekisho.example.com"},
	} {
		if _, err := NewSMTP(good); err != nil {
			t.Errorf("%s: %v", good.URL, err)
		}
	}
	for _, bad := range []SMTPConfig{
		{}, {URL: "mail.example.com"}, {URL: "mail.example.com:25"}, {URL: "http://mail.example.com"}, {URL: "smtp://"}, {URL: "smtp:mail"},
		{URL: "smtp://me:hunter2@mail.example.com"}, {URL: "smtp://me:hunter2@mail.example.com:x"}, {URL: "smtp://mail.example.com", Password: pw},
		{URL: "smtp://mail.example.com?starttls=no"}, {URL: "smtps://mail.example.com?starttls=off"}, {URL: "smtp://mail.example.com?tls=off"},
		{URL: "smtp://mail.example.com/path"}, {URL: "smtp://mail.example.com:0"}, {URL: "smtp://mail.example.com:70000"}, {URL: "smtp://mail.example.com#x"},
	} {
		if _, err := NewSMTP(bad); err == nil {
			t.Errorf("%s is accepted", bad.URL)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error has the password: %v", err)
		}
	}
}

// Nothing that people choose can add a header, a recipient or a command.
func FuzzCompose(f *testing.F) {
	f.Add("jane@example.com", "Hello", "text", FromIdentityCenter)
	f.Add("jane@example.com\r\nBcc: eve@example.com", "Hello\r\nBcc: eve@example.com", "\r\n.\r\nMAIL FROM:<eve@example.com>\r\n", "a@b\r\nBcc: c@d")
	f.Add("Jane <jane@example.com>, eve@example.com", "\u2028Bcc: eve@example.com", "x", "A \"b\" <a@b>")
	f.Add("\"jane\\\r\n\"@example.com", "=?utf-8?q?=0d=0aBcc:_eve=40example.com?=", "", "")
	f.Fuzz(func(t *testing.T, to, subject, text, from string) {
		m, err := Senders{PasswordReset: from}.NewEmail(PasswordReset, to, Content{Subject: subject, Text: text, HTML: text}, noon)
		if err != nil {
			return
		}
		msg, err := compose(m)
		if err != nil {
			return
		}
		var out strings.Builder
		if _, err := msg.WriteTo(&out); err != nil {
			return
		}
		got, err := mail.ReadMessage(strings.NewReader(out.String()))
		if err != nil {
			t.Fatalf("%q cannot be read: %v", out.String(), err)
		}
		for name, values := range got.Header {
			if len(values) != 1 {
				t.Errorf("%d headers %s", len(values), name)
			}
			switch name {
			case "From", "To", "Subject", "Date", "Message-Id", "Auto-Submitted", "Content-Type", "Mime-Version", "User-Agent", "X-Mailer":
			default:
				t.Errorf("header %s: %q", name, values)
			}
		}
		if rcpt, err := msg.GetRecipients(); err != nil || len(rcpt) != 1 || rcpt[0] != "<"+to+">" {
			t.Errorf("%q goes to %q, %v", to, rcpt, err)
		}
	})
}
