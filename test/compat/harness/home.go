package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Home is the home directory of one user of clients. Nothing of the machine's
// own AWS settings reaches the clients that run in it.
type Home struct {
	Dir string

	t      testing.TB
	server *Server
	clock  time.Duration
	extra  []string
}

// Home makes an empty home directory for clients of this server.
func (s *Server) Home(t testing.TB) *Home {
	t.Helper()
	h := &Home{Dir: t.TempDir(), t: t, server: s}
	h.mkdir(".aws")
	return h
}

// overlaid are the services, with their API versions, whose endpoints an overlay
// moves.
var overlaid = map[string]string{
	"sso-oidc": "2019-06-10", "sso": "2019-06-10", "sts": "2011-06-15", "iam": "2010-05-08",
	"organizations": "2016-11-28", "sso-admin": "2020-07-20", "identitystore": "2020-06-15",
}

// Overlay points clients that know of no endpoint setting, such as AWS CLI
// 2.9.19, to the server: by endpoint rules in the customer data directory
// (api-surface.md section 8).
func (h *Home) Overlay() *Home {
	h.t.Helper()
	parameter := func(kind, builtIn string) map[string]any {
		return map[string]any{"type": kind, "builtIn": builtIn, "required": false, "documentation": builtIn}
	}
	rules, err := json.Marshal(map[string]any{
		"version": "1.0",
		"parameters": map[string]any{
			"Region":       parameter("String", "AWS::Region"),
			"UseDualStack": parameter("Boolean", "AWS::UseDualStack"),
			"UseFIPS":      parameter("Boolean", "AWS::UseFIPS"),
			"Endpoint":     parameter("String", "SDK::Endpoint"),
		},
		"rules": []any{map[string]any{
			"type": "endpoint", "conditions": []any{},
			"endpoint": map[string]any{"url": h.server.Base, "properties": map[string]any{}, "headers": map[string]any{}},
		}},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	for service, version := range overlaid {
		h.Write(filepath.Join(".aws/models", service, version, "endpoint-rule-set-1.json"), string(rules))
	}
	return h
}

// Services is a services section of a config file, called name, that points
// current clients to the server.
func (h *Home) Services(name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "[services %s]\n", name)
	for _, service := range []string{"iam", "sts", "sso", "sso_oidc"} {
		fmt.Fprintf(&b, "%s =\n  endpoint_url = %s\n", service, h.server.Base)
	}
	return b.String()
}

// Write makes a file below the home directory, readable by its owner alone.
func (h *Home) Write(path, content string) {
	h.t.Helper()
	h.mkdir(filepath.Dir(path))
	if err := os.WriteFile(h.Path(path), []byte(content), 0o600); err != nil {
		h.t.Fatal(err)
	}
}

// Read returns a file's content; "" if there is none.
func (h *Home) Read(path string) string {
	h.t.Helper()
	raw, err := os.ReadFile(h.Path(path))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		h.t.Fatal(err)
	}
	return string(raw)
}

// Path is where a path below the home directory is.
func (h *Home) Path(path string) string { return filepath.Join(h.Dir, path) }

func (h *Home) mkdir(path string) {
	h.t.Helper()
	if err := os.MkdirAll(h.Path(path), 0o700); err != nil {
		h.t.Fatal(err)
	}
}

// At returns the same home on a machine whose clock is ahead by d (libfaketime):
// what a client does when time has passed is not to be had otherwise.
func (h *Home) At(d time.Duration) *Home {
	at := *h
	at.clock = d
	return &at
}

// With returns the same home with further environment variables, NAME=value.
func (h *Home) With(env ...string) *Home {
	w := *h
	w.extra = append(append([]string{}, h.extra...), env...)
	return &w
}

// Env is the whole environment of a client. It names no terminal and no
// browser, no proxy and no instance metadata; programs are Debian's first.
func (h *Home) Env() []string {
	return append([]string{
		"HOME=" + h.Dir, "PATH=/usr/bin:/bin:" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC", "TERM=dumb", "BROWSER=/bin/true",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=", "PYTHONDONTWRITEBYTECODE=1",
	}, h.extra...)
}

// clientDeadline is for a client's whole run: Python alone takes a second, a plan of
// Terraform many.
const clientDeadline = 3 * time.Minute

// Command is a client ready to be started. It dies with the test.
func (h *Home) Command(name string, args ...string) (*exec.Cmd, context.CancelFunc) {
	if h.clock != 0 {
		args = append([]string{"-f", fmt.Sprintf("%+d", int(h.clock.Seconds())), name}, args...)
		name = "faketime"
	}
	ctx, cancel := context.WithTimeout(context.Background(), clientDeadline)
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = h.Dir, h.Env()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd, cancel
}

// Result is what a client did.
type Result struct {
	Code           int
	Stdout, Stderr string
}

// Run runs a client to its end.
func (h *Home) Run(name string, args ...string) Result {
	h.t.Helper()
	cmd, cancel := h.Command(name, args...)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		h.t.Fatal(err)
	}
	return Result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// Must is Run for a client that has to succeed. It returns its output.
func (h *Home) Must(name string, args ...string) string {
	h.t.Helper()
	r := h.Run(name, args...)
	if r.Code != 0 {
		h.t.Fatalf("%s %s: exit %d\n%s%s", filepath.Base(name), strings.Join(args, " "), r.Code, r.Stdout, r.Stderr)
	}
	return r.Stdout
}
