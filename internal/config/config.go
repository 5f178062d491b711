// Package config is what an operator can set: one strict struct, filled from
// flags, SEKISHO_ variables and a YAML file, and checked as a whole. Secrets are
// named by file, never given in line.
package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"sekisho/internal/secret"
	"sekisho/internal/sqldb"
)

// Database says where everything is kept.
type Database struct {
	Data string `help:"Directory of the SQLite file, the master key and other state." default:"./sekisho-data" env:"SEKISHO_DATA" placeholder:"DIR"`
	// Database may hold a password, so it can be given by a file instead.
	Database      string `help:"PostgreSQL URL, postgres://user@host/name; default is SQLite in --data." env:"SEKISHO_DATABASE" placeholder:"URL"`
	DatabaseFile  string `help:"File that holds the --database URL." env:"SEKISHO_DATABASE_FILE" placeholder:"FILE"`
	MasterKeyFile string `help:"File of the master key; made at the first start (default: master.key in --data)." env:"SEKISHO_MASTER_KEY_FILE" placeholder:"FILE"`
}

// Server is the configuration of sekisho serve.
type Server struct {
	Database

	Listen      string `help:"Address to listen on." default:"127.0.0.1:8420" env:"SEKISHO_LISTEN" placeholder:"ADDR"`
	Domain      string `help:"Base domain of every surface." default:"localhost" env:"SEKISHO_DOMAIN" placeholder:"NAME"`
	PublicURL   string `help:"Scheme, host and port as browsers see them (default: from --domain, --listen, --tls-cert and --behind-proxy)." env:"SEKISHO_PUBLIC_URL" placeholder:"URL"`
	TLSCert     string `help:"Certificate file, PEM." env:"SEKISHO_TLS_CERT" placeholder:"FILE"`
	TLSKey      string `help:"Key file of --tls-cert, PEM." env:"SEKISHO_TLS_KEY" placeholder:"FILE"`
	BehindProxy bool   `help:"A proxy terminates TLS and sets X-Forwarded-For; its address is trusted." env:"SEKISHO_BEHIND_PROXY"`
	Org         string `help:"Organisation file, applied at start." env:"SEKISHO_ORG" placeholder:"FILE"`
	Dev         bool   `help:"The developer's surface: mailbox, CAPTCHA answers, clock, reset. Never in production." env:"SEKISHO_DEV"`

	SMTP             string `help:"Mail server, smtp://user@host:587 or smtps://user@host:465." env:"SEKISHO_SMTP" placeholder:"URL"`
	SMTPPasswordFile string `help:"File that holds the mail server's password." env:"SEKISHO_SMTP_PASSWORD_FILE" placeholder:"FILE"`
	MailFrom         string `help:"Sender of Identity Center mail." default:"no-reply@login.awsapps.com" env:"SEKISHO_MAIL_FROM" placeholder:"ADDRESS"`

	TelephonyURL     string `help:"Gateway that sends text messages and makes calls, https://host/path." env:"SEKISHO_TELEPHONY_URL" placeholder:"URL"`
	TelephonyKeyFile string `help:"File that holds the key which signs requests to the gateway, of at least 16 bytes." env:"SEKISHO_TELEPHONY_KEY_FILE" placeholder:"FILE"`

	SignUp string `name:"signup" help:"Who may open accounts at the sign-up pages: every visitor (open) or nobody (closed)." enum:"open,closed" default:"open" env:"SEKISHO_SIGNUP" placeholder:"WHO"`

	LogFormat string `help:"Form of the log: text or json." enum:"text,json" default:"text" env:"SEKISHO_LOG_FORMAT" placeholder:"FORM"`
}

// SQL returns where the database is, after the password file has been read.
func (d Database) SQL() (sqldb.Config, error) {
	c := sqldb.Config{Path: filepath.Join(d.Data, "sekisho.db"), URL: d.Database}
	if d.DatabaseFile != "" {
		if d.Database != "" {
			return c, fmt.Errorf("--database and --database-file exclude each other")
		}
		raw, err := os.ReadFile(d.DatabaseFile)
		if err != nil {
			return c, err
		}
		c.URL = strings.TrimSpace(string(raw))
	}
	if c.URL != "" && !strings.HasPrefix(c.URL, "postgres://") && !strings.HasPrefix(c.URL, "postgresql://") {
		return c, fmt.Errorf("--database must be a postgres:// URL")
	}
	return c, nil
}

// KeyFile is where the master key is.
func (d Database) KeyFile() string {
	if d.MasterKeyFile != "" {
		return d.MasterKeyFile
	}
	return filepath.Join(d.Data, "master.key")
}

var baseDomain = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$`)

// Public checks the addresses and returns the base URL as browsers see it.
func (s Server) Public() (*url.URL, error) {
	host, port, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return nil, fmt.Errorf("--listen %q must be host:port", s.Listen)
	}
	if (s.TLSCert == "") != (s.TLSKey == "") {
		return nil, fmt.Errorf("--tls-cert and --tls-key go together")
	}
	if s.TLSCert == "" && !s.BehindProxy && !loopback(host) {
		return nil, fmt.Errorf("refusing plain HTTP on %s, which is not loopback: give --tls-cert and --tls-key, or --behind-proxy if a proxy in front terminates TLS", s.Listen)
	}
	if s.PublicURL == "" {
		if !baseDomain.MatchString(s.Domain) {
			return nil, fmt.Errorf("--domain %q must be a host name, perhaps with a port", s.Domain)
		}
		u := &url.URL{Scheme: "http", Host: s.Domain}
		if s.TLSCert != "" {
			u.Scheme = "https"
		}
		if s.BehindProxy && s.TLSCert == "" {
			u.Scheme = "https" // the proxy's, on its usual port
			return u, nil
		}
		if !strings.Contains(s.Domain, ":") && port != defaultPort(u.Scheme) {
			u.Host = net.JoinHostPort(s.Domain, port)
		}
		return u, nil
	}
	u, err := url.Parse(s.PublicURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("--public-url %q must be http://host or https://host, perhaps with a port", s.PublicURL)
	}
	u.Path = ""
	return u, nil
}

// SignUpClosed reports whether visitors can open no accounts.
func (s Server) SignUpClosed() bool { return s.SignUp == "closed" }

// SMTPPassword reads the password file, if there is one.
func (s Server) SMTPPassword() (secret.String, error) { return secretIn(s.SMTPPasswordFile) }

// TelephonyKey reads the key file of the telephone gateway, if there is one.
func (s Server) TelephonyKey() (secret.String, error) { return secretIn(s.TelephonyKeyFile) }

// secretIn is what a file has, without the end of its last line; "" for no file.
func secretIn(file string) (secret.String, error) {
	if file == "" {
		return secret.String{}, nil
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return secret.String{}, err
	}
	return secret.NewString(strings.TrimRight(string(raw), "\r\n")), nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

func defaultPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}
