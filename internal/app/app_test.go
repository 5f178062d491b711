package app

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"sekisho/internal/access"
	"sekisho/internal/captcha"
	"sekisho/internal/clock"
	"sekisho/internal/config"
	"sekisho/internal/keys"
	"sekisho/internal/notify"
	"sekisho/internal/secret"
	"sekisho/internal/session"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

const organisation = `
organization: {management_account: {name: Example Corp, email: root@example.com}}
identity_center:
  users: [{username: jane, given_name: Jane, family_name: Doe, email: jane@example.com}]
`

// serverConfig is a server on a free port, with its data in data.
func serverConfig(t *testing.T, data string, change ...func(*config.Server)) config.Server {
	t.Helper()
	c := config.Server{Database: config.Database{Data: data}, Listen: "127.0.0.1:0", Domain: "localhost", MailFrom: notify.FromIdentityCenter}
	for _, f := range change {
		f(&c)
	}
	return c
}

func withOrg(t *testing.T, text string) func(*config.Server) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "org.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return func(c *config.Server) { c.Org = file }
}

func inDevelopment(c *config.Server) { c.Dev = true }

func newServer(t *testing.T, c config.Server) *Server {
	t.Helper()
	s, err := New(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// request sends a request past the socket.
func request(s *Server, method, address, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.http.ServeHTTP(w, r)
	return w
}

// run serves until the test ends.
func run(t *testing.T, s *Server) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- s.Run(ctx, func(net.Addr) { close(ready) }) }()
	select {
	case <-ready:
	case err := <-ended:
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("stopping: %v", err)
		}
	})
}

func instance(t *testing.T, s *Server) (i access.Instance, user string) {
	t.Helper()
	err := s.Store.View(t.Context(), func(tx store.Tx) (err error) {
		if i, err = access.Home(tx); err != nil {
			return err
		}
		u, err := storetest.User(tx, "jane")
		user = u.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return i, user
}

// A server starts on nothing, says that it is ready, and starts again on what
// it left with the ids that it made.
func TestStartsAgain(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "not", "there", "yet")
	empty := newServer(t, serverConfig(t, data))
	for _, p := range []string{"/_sekisho/health/live", "/_sekisho/health/ready"} {
		if w := request(empty, "GET", empty.Map.Base()+p, ""); w.Code != 200 || w.Body.String() != "ok\n" {
			t.Errorf("%s: %d %q", p, w.Code, w.Body)
		}
	}
	if err := empty.Close(); err != nil {
		t.Fatal(err)
	}
	if w := request(empty, "GET", empty.Map.Base()+"/_sekisho/health/ready", ""); w.Code != 503 {
		t.Errorf("without a database it is ready: %d", w.Code)
	}
	if w := request(empty, "GET", empty.Map.Base()+"/_sekisho/health/live", ""); w.Code != 200 {
		t.Errorf("alive: %d", w.Code)
	}
	c := serverConfig(t, data, withOrg(t, organisation))
	first := newServer(t, c)
	if len(first.Changes) == 0 {
		t.Error("the organisation file changed nothing")
	}
	i, user := instance(t, first)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := newServer(t, c)
	if j, again := instance(t, second); !reflect.DeepEqual(j, i) || again != user || len(second.Changes) != 0 {
		t.Errorf("the second start: %+v, %v", j, second.Changes)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(data, "master.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("master key: %v, %v", info.Mode(), err)
	}
}

// What cannot be right leaves no trace.
func TestRefusesToStart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*config.Server)
		want   string
	}{
		"plain HTTP for all":    {func(c *config.Server) { c.Listen = "0.0.0.0:0" }, "refusing plain HTTP"},
		"no such file":          {func(c *config.Server) { c.Org = "/nonexistent/org.yaml" }, "/nonexistent/org.yaml"},
		"a mistake in the file": {withOrg(t, "organisation: {}"), "unknown key"},
		"another database":      {func(c *config.Server) { c.Database.Database = "mysql://x" }, "postgres://"},
	} {
		data := filepath.Join(t.TempDir(), "data")
		s, err := New(t.Context(), serverConfig(t, data, c.change), slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if s != nil {
			t.Errorf("%s: there is a server", name)
		}
		if _, err := os.Stat(data); !os.IsNotExist(err) {
			t.Errorf("%s: %s was made", name, data)
		}
	}
}

func TestMasterKey(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	base, err := Open(t.Context(), config.Database{Data: data}, clock.System{}, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := base.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(data, "master.key")
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, content string
		mode          os.FileMode
		want          string
	}{
		{"readable by the group", string(good), 0o640, "can be read by others: chmod 600"},
		{"readable by all", string(good), 0o604, "can be read by others"},
		{"writable by all", string(good), 0o602, "can be read by others"},
		{"empty", "", 0o600, "does not hold 32 bytes"},
		{"short", "AAAA", 0o600, "does not hold 32 bytes"},
		{"no base64", "!", 0o600, "does not hold 32 bytes"},
		{"another", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 0o600, "another master key"},
		{"as it was", string(good), 0o600, ""},
		{"for its owner to read", strings.TrimSpace(string(good)), 0o400, ""},
	} {
		_ = os.Remove(file)
		if err := os.WriteFile(file, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, c.mode); err != nil {
			t.Fatal(err)
		}
		base, err := Open(t.Context(), config.Database{Data: data}, clock.System{}, false)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil && strings.Contains(err.Error(), strings.TrimSpace(string(good))) {
			t.Errorf("%s: the key is told", c.name)
		}
		if base != nil {
			_ = base.Close()
		}
	}
	if _, err := Open(t.Context(), config.Database{Data: t.TempDir()}, clock.System{}, false); err == nil || !strings.Contains(err.Error(), "there is no database") {
		t.Errorf("a directory without a database: %v", err)
	}
}

// Of processes that start together on nothing one makes the key.
func TestMasterKeyRaced(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "data", "master.key")
	var mu sync.Mutex
	made := make(map[string]bool)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			key, err := newMasterKey(file)
			if err != nil {
				t.Errorf("%v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			made[string(key)] = true
		})
	}
	all.Wait()
	left, _ := os.ReadDir(filepath.Dir(file))
	if len(made) != 1 || len(left) != 1 {
		t.Errorf("%d keys, %d files", len(made), len(left))
	}
}

// Without --dev nothing of the developer's surface is there.
func TestNoDeveloperSurface(t *testing.T) {
	t.Parallel()
	s := newServer(t, serverConfig(t, t.TempDir(), withOrg(t, organisation)))
	id := captcha.New(s.Ring, s.clock).NewPicture()
	for _, c := range [][2]string{
		{"GET", "messages"}, {"DELETE", "messages"}, {"GET", "mailbox"}, {"GET", "captcha/" + id}, {"GET", "clock"}, {"POST", "clock"}, {"POST", "reset"}, {"GET", ""},
	} {
		for _, host := range []string{s.Map.Base(), s.Map.SignIn(), s.Map.Portal("example"), s.Map.Device(), strings.Replace(s.Map.Base(), "//", "//api.", 1)} {
			if w := request(s, c[0], host+"/_sekisho/dev/"+c[1], `{"advance":"1h"}`); w.Code < 400 {
				t.Errorf("%s %s on %s: %d", c[0], c[1], host, w.Code)
			}
		}
	}
	if time.Until(s.clock.Now()).Abs() > 10*time.Second {
		t.Error("the clock was turned")
	}
	w := request(s, "GET", s.Map.Base()+"/", "", "Accept", "text/html")
	i, _ := instance(t, s)
	if w.Code != 200 || strings.Contains(w.Body.String(), i.DirectoryID) {
		t.Errorf("the landing page names the portal (M-29): %d", w.Code)
	}
	dev := newServer(t, serverConfig(t, t.TempDir(), withOrg(t, organisation), inDevelopment))
	i, _ = instance(t, dev)
	if w := request(dev, "GET", dev.Map.Base()+"/", "", "Accept", "text/html"); w.Code != 200 || !strings.Contains(w.Body.String(), i.DirectoryID) {
		t.Errorf("in development the landing page does not: %d", w.Code)
	}
	if w := request(dev, "GET", dev.Map.SignIn()+"/_sekisho/dev/messages", ""); w.Code < 400 {
		t.Errorf("the developer's surface is on the sign-in host: %d", w.Code)
	}
}

// Reset brings the organisation file back, signs everybody out, and sets the
// clock right.
func TestReset(t *testing.T) {
	t.Parallel()
	s := newServer(t, serverConfig(t, t.TempDir(), withOrg(t, strings.Replace(organisation, "identity_center:", "identity_center:\n  directory_id: d-1234567890", 1)), inDevelopment))
	run(t, s)
	_, jane := instance(t, s)
	var cookie secret.String
	err := s.Store.Update(t.Context(), nil, func(tx store.Tx) error {
		sess, err := session.Begin(tx, uuid.NewString(), jane, s.clock.Now(), time.Hour, "", "")
		if err != nil {
			return err
		}
		if cookie, err = session.GiveCookie(tx, sess, session.Portal, "x"); err != nil {
			return err
		}
		u, err := tx.User(jane)
		u.Disabled = true
		if err != nil {
			return err
		}
		return tx.PutUser(u)
	})
	if err != nil {
		t.Fatal(err)
	}
	s.clock.Advance(time.Hour)
	sealed := s.Ring.Seal(keys.RoleSession, []byte("x"))
	if w := request(s, "POST", s.Map.Base()+"/_sekisho/dev/reset", ""); w.Code != 204 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	err = s.Store.View(t.Context(), func(tx store.Tx) error {
		if _, err := tx.Cookie(cookie.Hash()); err == nil {
			t.Error("a cookie is left")
		}
		if _, err := tx.User(jane); err == nil {
			t.Error("the person is the old one")
		}
		u, err := storetest.User(tx, "jane")
		if err == nil && u.Disabled {
			t.Error("jane is still disabled")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if i, _ := instance(t, s); i.DirectoryID != "d-1234567890" || time.Until(s.clock.Now()).Abs() > 10*time.Second {
		t.Errorf("%+v, %v", i, s.clock.Now())
	}
	if _, err := s.Ring.Open(keys.RoleSession, sealed); err != nil {
		t.Errorf("the data keys went: %v", err)
	}
}

// Keys that another process adds are in use here within a second or two
// (promise 22).
func TestFollowsKeysOfOthers(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := newServer(t, serverConfig(t, data))
	run(t, s)
	other, err := Open(t.Context(), config.Database{Data: data}, clock.System{}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	old := s.Ring.Seal(keys.RoleSession, []byte("old"))
	err = other.Store.Update(t.Context(), nil, func(tx store.Tx) error { return other.Ring.Rotate(tx, time.Now()) })
	if err != nil {
		t.Fatal(err)
	}
	fresh := other.Ring.Seal(keys.RoleSession, []byte("new"))
	waitFor(t, "the new key", func() bool { _, err := s.Ring.Open(keys.RoleSession, fresh); return err == nil })
	if _, err := s.Ring.Open(keys.RoleSession, old); err != nil {
		t.Errorf("the old key: %v", err)
	}
}

// waitFor waits for what another goroutine or process does.
func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	late := time.After(20 * time.Second)
	for !done() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("%s does not come", what)
		}
	}
}

// Metrics name surfaces and classes of status, and nobody.
func TestMetrics(t *testing.T) {
	t.Parallel()
	s := newServer(t, serverConfig(t, t.TempDir(), withOrg(t, organisation)))
	request(s, "GET", s.Map.Portal("d-1234567890")+"/start?person=jane", "")
	request(s, "GET", "http://jane.evil.example/", "")
	request(s, "POST", s.Map.Base()+"/", "Action=GetCallerIdentity&Version=2011-06-15&x=jane", "Content-Type", "application/x-www-form-urlencoded", "Authorization", "jane")
	w := request(s, "GET", s.Map.Base()+"/_sekisho/metrics", "")
	if w.Code != 200 || !strings.Contains(w.Body.String(), `sekisho_http_requests_total{status="4xx",surface="unknown"} 1`) {
		t.Errorf("%d\n%s", w.Code, w.Body)
	}
	for _, word := range []string{"jane", "evil", "example", "d-1234567890", "192.0.2"} {
		if strings.Contains(w.Body.String(), word) {
			t.Errorf("the metrics have %q", word)
		}
	}
	labels := regexp.MustCompile(`sekisho_\w+\{([^}]*)\}`)
	for _, m := range labels.FindAllStringSubmatch(w.Body.String(), -1) {
		for _, l := range strings.Split(m[1], ",") {
			if name, _, _ := strings.Cut(l, "="); name != "surface" && name != "status" && name != "le" {
				t.Errorf("label %s", l)
			}
		}
	}
}

// The server removes what can never matter again, by its clock.
func TestExpire(t *testing.T) {
	t.Parallel()
	s := newServer(t, serverConfig(t, t.TempDir()))
	const many = 2*expireBatch + 10
	err := s.Store.Update(t.Context(), nil, func(tx store.Tx) error {
		for i := range many {
			if err := tx.SpendOnce(fmt.Sprint(i), s.clock.Now().Add(time.Hour)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	left := func() (n int) {
		_ = s.Store.Update(t.Context(), nil, func(tx store.Tx) error {
			for _, i := range []int{0, expireBatch, many - 1} {
				if tx.SpendOnce(fmt.Sprint(i), s.clock.Now()) != nil {
					n++
				}
			}
			return context.Canceled // look only
		})
		return n
	}
	if err := s.expireNow(t.Context()); err != nil || left() != 3 {
		t.Errorf("too soon: %d left, %v", left(), err)
	}
	s.clock.Advance(time.Hour + time.Second)
	if err := s.expireNow(t.Context()); err != nil || left() != 0 {
		t.Errorf("%d left, %v", left(), err)
	}
}

// Of two servers on one database one gets a message.
func TestOutboxClaim(t *testing.T) {
	t.Parallel()
	s := newServer(t, serverConfig(t, t.TempDir()))
	now := s.clock.Now()
	o := outbox{s.Store}
	if due, err := o.Due(t.Context(), now, 20); err != nil || due != nil {
		t.Errorf("of nothing: %v, %v", due, err)
	}
	err := s.Store.Update(t.Context(), nil, func(tx store.Tx) error {
		for range 30 {
			m, err := notify.Senders(nil).NewEmail(notify.PasswordReset, "jane@example.com", notify.Content{Subject: "s", Text: "t"}, now)
			if err != nil {
				return err
			}
			if err := tx.PutMessage(m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	got := make(map[string]int)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			due, err := o.Due(t.Context(), now, 10)
			if err != nil {
				t.Errorf("%v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, m := range due {
				got[m.ID]++
			}
		})
	}
	all.Wait()
	for id, n := range got {
		if n != 1 {
			t.Errorf("%s was given %d times", id, n)
		}
	}
	if len(got) != 30 {
		t.Errorf("%d of 30 were given", len(got))
	}
	if due, err := o.Due(t.Context(), now.Add(notify.Lease+time.Second), 100); err != nil || len(due) != 30 {
		t.Errorf("after the lease: %d, %v", len(due), err)
	}
}
