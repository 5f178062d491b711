package operations

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sekisho/internal/app"
	"sekisho/internal/arn"
	"sekisho/internal/config"
	"sekisho/internal/token"
)

// The accounts that every world has. Rows get an account each beside these.
const (
	management = "111122223333"
	production = "444455556666"
	controlled = "777788889999" // under a service control policy that denies iam:*
)

// world is the whole program in this process, with an organisation of its own,
// serving on a loopback address.
type world struct {
	testing.TB
	server *app.Server
	data   string // its directory
	host   string // as clients have to ask for it
	client *http.Client
	log    syncBuffer
	stop   func() // ends serving; what was counted is in the trail then

	mu      sync.Mutex
	roots   map[string]key    // of each account
	secrets map[string]string // what must be neither in the trail nor in the log, and what it is
}

// key is what a caller signs with.
type key struct{ id, secret, token string }

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// newWorld starts the program with the three accounts and more.
func newWorld(tb testing.TB, more ...string) *world {
	tb.Helper()
	w := &world{TB: tb, data: tb.TempDir(), roots: make(map[string]key), secrets: make(map[string]string)}
	org := filepath.Join(tb.TempDir(), "org.yaml")
	if err := os.WriteFile(org, []byte(w.organisation(more)), 0o600); err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	c := config.Server{Database: config.Database{Data: w.data}, Listen: "127.0.0.1:0", Domain: "localhost", Org: org, MailFrom: "no-reply@example.com"}
	var err error
	if w.server, err = app.New(ctx, c, slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))); err != nil {
		cancel()
		tb.Fatal(err)
	}
	ready, done := make(chan net.Addr, 1), make(chan error, 1)
	go func() { done <- w.server.Run(ctx, func(a net.Addr) { ready <- a }) }()
	w.stop = sync.OnceFunc(func() {
		w.client.CloseIdleConnections()
		cancel()
		if err := <-done; err != nil {
			tb.Errorf("the program ended: %v", err)
		}
	})
	addr := (<-ready).String()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		tb.Fatal(err)
	}
	w.host = "localhost:" + port
	w.client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{
		MaxIdleConnsPerHost: 64,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, addr)
		},
	}}
	tb.Cleanup(func() {
		w.stop()
		if err := w.server.Close(); err != nil {
			tb.Error(err)
		}
	})
	return w
}

// organisation is the file: accounts whose root users have keys, and a person
// with a permission set.
func (w *world) organisation(more []string) string {
	account := func(id, ou string) string {
		k := key{id: arn.NewUniqueID("AKIA", id), secret: token.NewSecretKey().Reveal()}
		w.roots[id] = k
		w.secret("root user's secret key", k.secret)
		return fmt.Sprintf("{id: %q, name: A%s, email: %s@example.com, access_key: {id: %s, secret: %q}%s}", id, id, id, k.id, k.secret, ou)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "organization:\n  management_account: %s\n  accounts:\n    - %s\n    - %s\n", account(management, ""),
		account(production, ""), account(controlled, ", ou: Controlled"))
	for _, id := range more {
		fmt.Fprintf(&b, "    - %s\n", account(id, ""))
	}
	b.WriteString(`  service_control_policies:
    - name: NoIAM
      targets: [Controlled]
      document: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: "iam:*", Resource: "*"}]}
identity_center:
  region: us-east-1
  subdomain: example
  directory_id: d-1234567890
  users: [{username: jane, given_name: Jane, family_name: Doe, email: jane@example.com}]
  permission_sets: [{name: ReadOnly, managed_policies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}]
  assignments: [{account: "` + production + `", permission_set: ReadOnly, users: [jane]}]
`)
	return b.String()
}

func (w *world) root(account string) key { return w.roots[account] }

// secret notes what must never be written down. Of a text of many lines, one
// from its middle stands for all of it.
func (w *world) secret(what, s string) {
	if lines := strings.Split(strings.TrimSpace(s), "\n"); len(lines) > 2 {
		s = lines[len(lines)/2]
	}
	if len(s) < 8 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.secrets[s] = what
}

// secretNames are the parameters and the elements of answers that are secret.
var secretNames = map[string]bool{
	"SecretAccessKey": true, "SessionToken": true, "Password": true, "OldPassword": true, "NewPassword": true, "PrivateKey": true,
	"AddPrivateKey": true, "Base32StringSeed": true, "QRCodePNG": true, "ServicePassword": true, "ServiceCredentialSecret": true,
	"SAMLAssertion": true, "WebIdentityToken": true,
}

// request is a call before it is signed.
type request struct {
	service, operation string
	input              url.Values
}

func (r request) body() string {
	v := url.Values{"Action": {r.operation}, "Version": {versions[r.service]}}
	for name, values := range r.input {
		v[name] = values
	}
	return v.Encode()
}

var versions = map[string]string{"iam": "2010-05-08", "sts": "2011-06-15"}

// unsigned makes the HTTP request.
func (w *world) unsigned(r request) *http.Request {
	w.Helper()
	for name, values := range r.input {
		if secretNames[name] {
			w.secret("sent "+name, values[0])
		}
	}
	h, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+w.host+"/", strings.NewReader(r.body()))
	if err != nil {
		w.Fatal(err)
	}
	h.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return h
}

func (w *world) signed(r request, k key) *http.Request {
	w.Helper()
	h := w.unsigned(r)
	w.sign(h, r.service, r.body(), k)
	return h
}

// answer is a response.
type answer struct {
	status        int
	code, message string // of an error
	decision      string // its id, by which the refusal can be asked about
	// texts are the leaves of the document by the element's name; the last of a name counts.
	texts map[string]string
	body  []byte // in JSON; see said
}

func (a answer) String() string { return fmt.Sprintf("%d %s %q", a.status, a.code, a.message) }

// send sends the request and reads the answer. It may be called from any
// goroutine, so what goes wrong is an error of the test and an empty answer.
func (w *world) send(h *http.Request) answer {
	w.Helper()
	res, err := w.client.Do(h)
	if err != nil {
		w.Error(err)
		return answer{}
	}
	defer func() { _ = res.Body.Close() }()
	a := answer{status: res.StatusCode, decision: res.Header.Get("X-Sekisho-Decision-Id")}
	if a.texts, err = leaves(res.Body); err != nil {
		w.Errorf("%s: %v", h.URL, err)
	}
	if a.status != http.StatusOK {
		a.code, a.message = a.texts["Code"], a.texts["Message"]
	}
	for name, text := range a.texts {
		if secretNames[name] {
			w.secret("returned "+name, text)
		}
	}
	return a
}

// leaves are the texts of elements without children.
func leaves(r io.Reader) (map[string]string, error) {
	found := make(map[string]string)
	d := xml.NewDecoder(io.LimitReader(r, 16<<20))
	var text strings.Builder
	leaf := false
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return found, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			text.Reset()
			leaf = true
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			if leaf {
				found[t.Name.Local] = text.String()
			}
			leaf = false
		}
	}
}

// call makes a signed call.
func (w *world) call(r request, k key) answer {
	w.Helper()
	return w.send(w.signed(r, k))
}

// must makes a call that has to succeed.
func (w *world) must(r request, k key) answer {
	w.Helper()
	a := w.call(r, k)
	if a.status != http.StatusOK {
		w.Errorf("%s: %s: %v", r.service, r.operation, a)
	}
	return a
}

// credentials are those of an answer.
func (a answer) credentials() key {
	return key{a.texts["AccessKeyId"], a.texts["SecretAccessKey"], a.texts["SessionToken"]}
}

// seed is that of a virtual MFA device in an answer: base32 in a blob.
func seed(texts map[string]string) string {
	raw, _ := base64.StdEncoding.DecodeString(texts["Base32StringSeed"])
	return string(raw)
}
