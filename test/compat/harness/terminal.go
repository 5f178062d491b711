package harness

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// Terminal is a program on a pseudo-terminal, and the person in front of it.
type Terminal struct {
	t      testing.TB
	file   *os.File
	done   chan struct{}
	cmd    *exec.Cmd
	cancel context.CancelFunc

	mu     sync.Mutex
	screen bytes.Buffer // everything that was printed, control sequences removed
	read   int          // how far Expect has come
	more   chan struct{}
}

// Terminal starts a client on a terminal of 120 by 50 characters.
func (h *Home) Terminal(name string, args ...string) *Terminal {
	h.t.Helper()
	// Without an answer to its question where the cursor is, prompt_toolkit waits.
	cmd, cancel := h.With("TERM=xterm", "PROMPT_TOOLKIT_NO_CPR=1").Command(name, args...)
	cmd.SysProcAttr = nil // a terminal needs a session of its own
	file, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 50, Cols: 120})
	if err != nil {
		cancel()
		h.t.Fatal(err)
	}
	term := &Terminal{t: h.t, file: file, cmd: cmd, cancel: cancel, done: make(chan struct{}), more: make(chan struct{}, 1)}
	go term.follow()
	h.t.Cleanup(func() {
		cancel()
		_ = file.Close()
		<-term.done
	})
	return term
}

var controls = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x1b\][^\a]*\a|\r`)

func (term *Terminal) follow() {
	defer close(term.done)
	buf := make([]byte, 4096)
	for {
		n, err := term.file.Read(buf)
		term.mu.Lock()
		term.screen.Write(controls.ReplaceAll(buf[:n], nil))
		term.mu.Unlock()
		select {
		case term.more <- struct{}{}:
		default:
		}
		if err != nil { // EIO: the program is gone
			return
		}
	}
}

// expectDeadline is how long a person waits for the next thing to be printed.
const expectDeadline = 30 * time.Second

// Expect waits until what is printed after the last match has a match of the
// pattern, and returns it with its groups.
func (term *Terminal) Expect(pattern string) []string {
	term.t.Helper()
	re := regexp.MustCompile(pattern)
	timeout := time.After(expectDeadline)
	ended := false
	for {
		term.mu.Lock()
		rest := term.screen.Bytes()[term.read:]
		if m := re.FindSubmatchIndex(rest); m != nil {
			groups := make([]string, 0, len(m)/2)
			for i := 0; i < len(m); i += 2 {
				groups = append(groups, string(rest[m[i]:m[i+1]]))
			}
			term.read += m[1]
			term.mu.Unlock()
			return groups
		}
		shown := string(rest)
		term.mu.Unlock()
		if ended {
			term.t.Fatalf("the program ended before it printed %q; it printed %q", pattern, shown)
		}
		select {
		case <-term.more:
		case <-term.done:
			ended = true
		case <-timeout:
			term.t.Fatalf("no %q within %v; it printed %q", pattern, expectDeadline, shown)
		}
	}
}

// Type types a line and presses Enter.
func (term *Terminal) Type(line string) {
	term.t.Helper()
	if _, err := term.file.WriteString(line + "\r"); err != nil {
		term.t.Fatal(err)
	}
}

// Wait waits for the program to end and returns its exit status and all that it
// printed.
func (term *Terminal) Wait() (code int, screen string) {
	term.t.Helper()
	<-term.done
	err := term.cmd.Wait()
	if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		term.t.Fatal(err)
	}
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.cmd.ProcessState.ExitCode(), term.screen.String()
}
