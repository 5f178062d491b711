package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Server is one running program.
type Server struct {
	// Base is the base address, where every API answers: http://localhost:PORT.
	Base string
	// Address is where it listens, 127.0.0.1:PORT.
	Address string
	// Data is its data directory.
	Data string

	t       testing.TB
	binary  string
	org     string
	env     []string
	log     *logFile
	cmd     *exec.Cmd
	exited  chan error
	mu      sync.Mutex
	secrets map[string]string // value → what it is
}

const (
	startDeadline = 20 * time.Second
	stopDeadline  = 10 * time.Second
	startTries    = 3 // somebody else may take the free port first
)

// Start runs the program with the organisation file at org, and with the
// developer's surface for its clock; env, NAME=value, is added to its
// environment. When the test ends it must stop by itself
// when told to, must have logged no error and no secret, and must have written
// no secret into its database as it is.
func Start(t testing.TB, org string, env ...string) *Server {
	t.Helper()
	s := &Server{
		t: t, binary: Binary(t), org: org, env: env, Data: filepath.Join(t.TempDir(), "data"),
		log: &logFile{}, secrets: map[string]string{},
	}
	var err error
	for range startTries {
		if err = s.choosePort(); err == nil {
			err = s.start()
		}
		if err == nil {
			t.Cleanup(func() {
				s.stop()
				s.checkTraces()
				if t.Failed() {
					t.Logf("log of the program:\n%s", s.log)
				}
			})
			return s
		}
	}
	t.Fatal(err)
	return nil
}

// Restart stops the program and starts it again on the same data and address.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.stop()
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
}

// Crash kills the program, as a machine does that loses its power, and starts it
// again on the same data and address, without the organisation file: what the file
// says would be applied once more.
func (s *Server) Crash(t testing.TB) {
	t.Helper()
	http.DefaultClient.CloseIdleConnections()
	_ = s.cmd.Process.Kill()
	<-s.exited
	s.org = ""
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
}

func (s *Server) choosePort() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.Address = l.Addr().String()
	_, port, _ := net.SplitHostPort(s.Address)
	s.Base = "http://localhost:" + port
	return l.Close()
}

func (s *Server) start() error {
	cmd := exec.Command(s.binary, "serve", "--data", s.Data, "--listen", s.Address, "--dev")
	if s.org != "" {
		cmd.Args = append(cmd.Args, "--org", s.org)
	}
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.Data}, s.env...)
	cmd.Stdout, cmd.Stderr = s.log, s.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return err
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	if err := s.awaitReady(exited); err != nil {
		_ = cmd.Process.Kill()
		return fmt.Errorf("%w\n%s", err, s.log)
	}
	s.cmd, s.exited = cmd, exited
	return nil
}

func (s *Server) awaitReady(exited <-chan error) error {
	ctx, cancel := context.WithTimeout(context.Background(), startDeadline)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if res, err := http.Get(s.Base + "/_sekisho/health/ready"); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-exited:
			return fmt.Errorf("the program ended before it was ready: %v", err)
		case <-ctx.Done():
			return fmt.Errorf("the program was not ready within %v", startDeadline)
		case <-tick.C:
		}
	}
}

func (s *Server) stop() {
	http.DefaultClient.CloseIdleConnections()
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-s.exited:
		if err != nil {
			s.t.Errorf("the program ended with %v", err)
		}
	case <-time.After(stopDeadline):
		_ = s.cmd.Process.Kill()
		s.t.Errorf("the program did not stop within %v of SIGTERM", stopDeadline)
	}
}

var trouble = regexp.MustCompile(`(?m)^.*(level=ERROR|panic|goroutine \d+ \[).*$`)

// checkTraces reads what the program leaves behind.
func (s *Server) checkTraces() {
	log := s.log.Bytes()
	for _, line := range trouble.FindAll(log, -1) {
		s.t.Errorf("the program logged: %s", line)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for value, what := range s.secrets {
		if bytes.Contains(log, []byte(value)) {
			s.t.Errorf("the log holds %s", what)
		}
	}
	files, _ := filepath.Glob(filepath.Join(s.Data, "sekisho.db*"))
	elsewhere := slices.ContainsFunc(s.env, func(v string) bool { return strings.HasPrefix(v, "SEKISHO_DATABASE=") })
	if len(files) == 0 && !elsewhere {
		s.t.Error("the data directory has no database: what is this test looking at?")
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			s.t.Error(err)
			continue
		}
		for value, what := range s.secrets {
			if bytes.Contains(raw, []byte(value)) {
				s.t.Errorf("%s holds %s as it is", filepath.Base(name), what)
			}
		}
	}
}

// Secret tells the server's watcher about a value that must turn up neither in
// the log nor in the database. It returns the value.
func (s *Server) Secret(what, value string) string {
	s.t.Helper()
	if len(value) < 8 {
		s.t.Fatalf("%s: %d characters are too few to look for", what, len(value))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secrets[value] = what
	return value
}

// Log is what the program has printed and logged so far.
func (s *Server) Log() string { return s.log.String() }

// Portal is the address of the portal of that name, without a path.
func (s *Server) Portal(name string) string { return s.host(name + ".awsapps") }

// SignIn is the sign-in host's address.
func (s *Server) SignIn() string { return s.host("signin") }

func (s *Server) host(label string) string {
	return strings.Replace(s.Base, "://", "://"+label+".", 1)
}

// Advance turns the program's clock.
func (s *Server) Advance(t testing.TB, d time.Duration) {
	t.Helper()
	s.dev(t, "clock", map[string]string{"advance": d.String()})
}

// Now is the program's own time.
func (s *Server) Now(t testing.TB) time.Time {
	t.Helper()
	res, err := http.Get(s.Base + "/_sekisho/dev/clock")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var state struct{ Now time.Time }
	if err := json.NewDecoder(res.Body).Decode(&state); err != nil {
		t.Fatal(err)
	}
	return state.Now
}

func (s *Server) dev(t testing.TB, path string, in any) {
	t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(s.Base+"/_sekisho/dev/"+path, "application/json", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if body, _ := io.ReadAll(res.Body); res.StatusCode >= 300 {
		t.Fatalf("%s: %s\n%s", path, res.Status, body)
	}
}

// Command runs a sub-command of the program on the server's data, beside the
// server, as an operator would. It must succeed; its output is returned.
func (s *Server) Command(t testing.TB, stdin string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.binary, append(args, "--data", s.Data)...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.Data}, s.env...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("sekisho %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// logFile collects output; safe for concurrent use.
type logFile struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logFile) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logFile) Bytes() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Clone(l.b.Bytes())
}

func (l *logFile) String() string { return string(l.Bytes()) }
