package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"sekisho/internal/secret"
)

// SMTPConfig says how to reach the mail server.
type SMTPConfig struct {
	// URL is smtp://[user@]host[:port] or smtps://[user@]host[:port]. smtp (port
	// 587) turns to TLS by STARTTLS and refuses servers that cannot, unless the
	// host is this machine or the URL ends in ?starttls=off; smtps (port 465) is
	// TLS from the start. A password in it is an error.
	URL string
	// Password is user's.
	Password secret.String
	// Timeout bounds connecting and each step after; 15 seconds if zero.
	Timeout time.Duration
	// Hello is the name to greet with; the machine's if empty.
	Hello string
	// RootCAs are the authorities to trust; the system's if nil.
	RootCAs *x509.CertPool
}

// SMTP sends e-mail by a mail server. It is safe for concurrent use: each
// message has a connection of its own.
type SMTP struct {
	host    string
	tls     *tls.Config // for smtps, where dialling includes TLS; else nil
	options []gomail.Option
	dial    func(ctx context.Context, network, addr string) (net.Conn, error)
}

// NewSMTP makes a sender. It does not connect.
func NewSMTP(cfg SMTPConfig) (*SMTP, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil {
		return nil, errors.New("the mail server's address is not a URL") // without err, which quotes it: it may hold a password
	}
	if _, has := u.User.Password(); has {
		return nil, errors.New("the mail server's URL must not hold the password: give it separately")
	}
	host := u.Hostname()
	if host == "" || u.Opaque != "" || strings.Trim(u.Path, "/") != "" || u.Fragment != "" {
		return nil, errors.New("the mail server's URL must be smtp://[user@]host[:port] or smtps://[user@]host[:port]")
	}
	query := u.Query()
	starttls := query.Get("starttls")
	query.Del("starttls")
	if len(query) > 0 || starttls != "" && starttls != "off" || starttls != "" && u.Scheme != "smtp" {
		return nil, errors.New("the mail server's URL can have one option only: ?starttls=off, with smtp://")
	}

	s := &SMTP{host: host, dial: new(net.Dialer).DialContext}
	add := func(o ...gomail.Option) { s.options = append(s.options, o...) }
	if cfg.Timeout <= 0 {
		cfg.Timeout = 15 * time.Second
	}
	trust := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12, RootCAs: cfg.RootCAs}
	add(gomail.WithTimeout(cfg.Timeout), gomail.WithTLSConfig(trust))
	port, encrypted := 587, true
	switch {
	case u.Scheme == "smtps":
		port = 465
		s.tls = trust
		add(gomail.WithSSL())
	case u.Scheme != "smtp":
		return nil, errors.New("the mail server's URL must begin with smtp:// or smtps://")
	case starttls == "off":
		encrypted = false
		add(gomail.WithTLSPolicy(gomail.NoTLS))
	case loopback(host):
		encrypted = false
		add(gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		add(gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil || port < 1 || port > 65535 {
			return nil, errors.New("the mail server's port must be from 1 to 65535")
		}
	}
	add(gomail.WithPort(port))
	if user := u.User.Username(); user != "" {
		how := []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin}
		if !encrypted {
			how = []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc}
		}
		add(gomail.WithOpportunisticSMTPAuth(how...), gomail.WithUsername(user), gomail.WithPassword(cfg.Password.Reveal()))
	} else if !cfg.Password.Empty() {
		return nil, errors.New("there is a password for the mail server, but no user in its URL")
	}
	if cfg.Hello != "" {
		add(gomail.WithHELO(cfg.Hello))
	}
	_, err = gomail.NewClient(s.host, s.options...)
	return s, err
}

// loopback reports whether host is this machine by address or by the name that
// always means it (RFC 6761, 6.3).
func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// Send delivers m to the mail server.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	msg, err := compose(m)
	if err != nil {
		return err
	}
	// The library leaves connections open when greeting, TLS or authentication
	// fails, and does not look at ctx after dialling: both are seen to here.
	var conn net.Conn
	defer func() {
		if conn != nil {
			_ = conn.Close()
		}
	}()
	dial := func(dialing context.Context, network, addr string) (net.Conn, error) {
		c, err := s.dial(dialing, network, addr)
		if err != nil {
			return nil, err
		}
		if s.tls != nil {
			c = tls.Client(c, s.tls)
		}
		conn = c
		context.AfterFunc(ctx, func() { _ = c.Close() })
		return c, nil
	}
	ctx, done := context.WithCancel(ctx)
	defer done()
	client, err := gomail.NewClient(s.host, append(s.options[:len(s.options):len(s.options)], gomail.WithDialContextFunc(dial))...)
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() {
		return nil // what failed after the server took the message is no failure of it
	}
	return explain(err)
}

// compose writes the message in MIME: text and HTML as alternatives.
func compose(m Message) (*gomail.Msg, error) {
	if m.Channel != Email {
		return nil, fmt.Errorf("channel %s cannot go by SMTP: %w", m.Channel, ErrRefused)
	}
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	msg := gomail.NewMsg()
	if err := msg.From(m.From); err != nil {
		return nil, fmt.Errorf("the sender's address is not valid: %w", ErrRefused)
	}
	if err := msg.To(m.To); err != nil {
		return nil, fmt.Errorf("the recipient's address is not valid: %w", ErrRefused)
	}
	_, domain, _ := strings.Cut(msg.GetFrom()[0].Address, "@")
	msg.SetMessageIDWithValue(m.ID + "@" + domain) // the same at every try, so that copies can be known
	msg.SetDateWithValue(m.CreatedAt)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office answers
	msg.Subject(m.Subject)
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

// explain is the failure without what servers and library quote of the message:
// where it happened and the server's codes.
func explain(err error) error {
	var send *gomail.SendError
	var network net.Error
	switch {
	case errors.As(err, &send) && send.ErrorCode() != 0:
		text := fmt.Sprintf("%s: %d %s", send.Reason, send.ErrorCode(), send.EnhancedStatusCode())
		if send.ErrorCode() >= 500 && ofMessage(send.Reason) {
			return fmt.Errorf("%s: %w", strings.TrimSpace(text), ErrRefused)
		}
		return errors.New(strings.TrimSpace(text))
	case errors.As(err, &send):
		return errors.New(send.Reason.String())
	case errors.As(err, &network):
		return network
	}
	return err // of dialling, greeting, TLS or authentication: nothing of the message
}

// ofMessage reports whether a failure at that step is about this message and
// not about the server or our account there.
func ofMessage(r gomail.SendErrReason) bool {
	return r == gomail.ErrSMTPRcptTo || r == gomail.ErrSMTPData || r == gomail.ErrSMTPDataClose
}
