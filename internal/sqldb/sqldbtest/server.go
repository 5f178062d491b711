package sqldbtest

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Environment variables.
const (
	// envServer names a running server whose user may create databases.
	envServer = "SEKISHO_TEST_POSTGRES"
	// envFsync, if "on", has the private server flush to disk, as benchmarks
	// of durable writes want it. The tests kill clients, never the server.
	envFsync = "SEKISHO_TEST_POSTGRES_FSYNC"
	// envRounds says how many kills KillRounds answers.
	envRounds = "SEKISHO_TEST_KILL_ROUNDS"
)

// serverURL is the address of the test server, which the first call starts.
var serverURL = sync.OnceValues(func() (string, error) {
	if u := os.Getenv(envServer); u != "" {
		return u, nil
	}
	s, err := start()
	if err != nil {
		return "", fmt.Errorf("no PostgreSQL for tests (install Debian's package postgresql, or set %s): %w", envServer, err)
	}
	running = s
	return s.url(), nil
})

// running is the private server, if there is one.
var running *server

// Main runs the tests of a package and then stops the private server and
// removes its files. It is for TestMain; without it the server stops with the
// test binary all the same, and the next one removes what it left.
func Main(m *testing.M) int {
	defer func() {
		if running != nil {
			running.stop()
		}
	}()
	return m.Run()
}

// server is a private PostgreSQL that listens on a Unix socket only.
type server struct {
	dir     string
	process *os.Process
	log     *syncBuffer
	exited  chan struct{}
}

// dirPrefix begins the names of the servers' directories; the rest is the
// process id of the test binary.
const dirPrefix = "sekisho-postgres-"

func start() (*server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	sweep()
	s := &server{
		dir: filepath.Join(os.TempDir(), dirPrefix+strconv.Itoa(os.Getpid())),
		log: &syncBuffer{}, exited: make(chan struct{}),
	}
	if err := os.Mkdir(s.dir, 0o700); err != nil {
		return nil, err
	}
	who, err := unprivileged()
	if err == nil && who != nil {
		err = os.Chown(s.dir, int(who.Uid), int(who.Gid))
	}
	if err == nil {
		err = s.initialize(bin, who)
	}
	if err == nil {
		err = s.launch(bin, who)
	}
	if err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// binaries finds the directory of the newest server.
func binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	slices.SortFunc(found, func(a, b string) int { return len(a) - len(b) + strings.Compare(a, b) })
	if n := len(found); n > 0 {
		return filepath.Dir(found[n-1]), nil
	}
	path, err := exec.LookPath("postgres")
	if err != nil {
		return "", err
	}
	return filepath.Dir(path), nil
}

// unprivileged is whom the server runs as if we are root, which it refuses.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}

func (s *server) initialize(bin string, who *syscall.Credential) error {
	// A language's order of words is what operators' servers often have, and
	// what must not show through; a server built without ICU has no such order.
	var out []byte
	var err error
	for _, locale := range [][]string{{"--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8"}, {"--locale=C.UTF-8"}} {
		args := append([]string{"-D", s.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N", "--no-instructions"}, locale...)
		cmd := exec.Command(filepath.Join(bin, "initdb"), args...)
		cmd.Dir = s.dir
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who}
		if out, err = cmd.CombinedOutput(); err == nil {
			return nil
		}
		os.RemoveAll(s.data())
	}
	return fmt.Errorf("initdb: %w\n%s", err, out)
}

func (s *server) launch(bin string, who *syscall.Credential) error {
	fsync := "off"
	if os.Getenv(envFsync) == "on" {
		fsync = "on"
	}
	cmd := exec.Command(filepath.Join(bin, "postgres"), "-D", s.data(), "-k", s.dir,
		"-c", "listen_addresses=", "-c", "fsync="+fsync, "-c", "max_connections=200", "-c", "shared_buffers=32MB",
		"-c", "log_min_messages=fatal", "-c", "log_min_error_statement=panic")
	cmd.Dir = s.dir
	cmd.Stdout, cmd.Stderr = s.log, s.log
	// If this process dies, however it does, the kernel has the server shut
	// down at once.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who, Pdeathsig: syscall.SIGQUIT}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // Pdeathsig is about the thread that forked; it stays until the server exits
		err := cmd.Start()
		started <- err
		if err == nil {
			cmd.Wait()
			close(s.exited)
		}
	}()
	if err := <-started; err != nil {
		return err
	}
	s.process = cmd.Process
	var err error
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		if err = administer(s.url(), "SELECT 1"); err == nil {
			return nil
		}
		select {
		case <-s.exited:
			return fmt.Errorf("the server stopped: %s", s.log)
		case <-time.After(20 * time.Millisecond):
		}
	}
	return fmt.Errorf("the server does not answer: %w\n%s", err, s.log)
}

func (s *server) data() string { return filepath.Join(s.dir, "data") }

func (s *server) url() string {
	return "postgres://postgres@/postgres?host=" + url.QueryEscape(s.dir)
}

// stop ends the server at once, as nobody needs what it holds.
func (s *server) stop() {
	if s.process != nil {
		s.process.Signal(syscall.SIGQUIT)
		<-s.exited
	}
	os.RemoveAll(s.dir)
}

// sweep removes the directories of test binaries that are gone.
func sweep() {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), dirPrefix+"*"))
	for _, dir := range dirs {
		pid, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(dir), dirPrefix))
		if err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			os.RemoveAll(dir)
		}
	}
}

// syncBuffer is a bytes.Buffer for two goroutines.
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
