// Package script runs what people type: the README's tour, and the scripts of
// this directory (by cmd/sekisho, which they are about).
package script

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"sekisho/test/compat/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }

const (
	root     = "../.."
	address  = "http://localhost:8420" // as the README has it
	deadline = time.Minute             // for the whole tour
)

// TestTour types the commands of the README's "Five minutes" into a shell, as
// somebody with Debian's AWS CLI does, and follows the browser (I-04, I-10).
func TestTour(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, tour, _ := strings.Cut(string(readme), "\n## Five minutes\n")
	tour, _, _ = strings.Cut(tour, "\n## ")
	commands := blocks(tour)
	if len(commands) != 9 {
		t.Fatalf("the tour has %d commands; this test knows 9", len(commands))
	}
	password := regexp.MustCompile("`jane` with the password\n`([^`]+)`").FindStringSubmatch(tour)
	if password == nil {
		t.Fatal("the tour does not say how to sign in")
	}
	jane := harness.Person{UserName: "jane", Password: password[1]}

	demo, err := filepath.Abs(filepath.Join(root, "examples/demo.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	server := harness.Start(t, demo)
	portal := regexp.MustCompile(`<(http://\S+/start)>`).FindStringSubmatch(tour)[1]
	page := server.Browser(t).Walk(strings.ReplaceAll(portal, "8420", port(server)), jane, "allow")
	if !strings.Contains(page.Body, "sekisho-session") {
		t.Errorf("signing in at %s leads to %s, which is not the portal", portal, page.URL)
	}

	var device string
	results := typeAll(t, server, commands, func(line string) {
		switch {
		case strings.HasPrefix(line, "http://device.sso."):
			device = line
		case regexp.MustCompile(`^[A-Z]{4}-[A-Z]{4}$`).MatchString(line):
			server.Browser(t).Walk(device+"?user_code="+line, jane, "allow")
		}
	})
	for i, want := range []string{
		"", "8 services lead to", "Successfully logged into", `assumed-role/AWSReservedSSO_AdministratorAccess_[0-9a-f]{16}/jane`,
		`user/hanako[^$]*no identity-based policy allows the iam:CreateUser action`, `statement \d+ [^\n]*: does not match`,
		"username: jane", "expired|ExpiredToken", `"now"|2\d{3}-\d\d-\d\d`,
	} {
		got := results[i]
		if refused := i == 4 || i == 7; (got.status != 0) != refused {
			t.Errorf("$ %s\nexit status %d\n%s", commands[i], got.status, got.output)
		}
		if !regexp.MustCompile(want).MatchString(got.output) {
			t.Errorf("$ %s\n%s\nwant %s", commands[i], got.output, want)
		}
	}
}

func port(s *harness.Server) string { return s.Base[strings.LastIndex(s.Base, ":")+1:] }

// blocks returns the commands of a text in Markdown.
func blocks(markdown string) []string {
	var all []string
	for _, m := range regexp.MustCompile("(?s)\n```sh\n(.*?)\n```\n").FindAllStringSubmatch(markdown, -1) {
		all = append(all, m[1])
	}
	return all
}

// result is what became of one command.
type result struct {
	output string
	status int
}

// typeAll gives the commands to one shell, in a directory that looks like the
// repository after `make run`. seen is called with each line of their output.
func typeAll(t *testing.T, s *harness.Server, commands []string, seen func(line string)) []result {
	t.Helper()
	here := t.TempDir()
	for name, to := range map[string]string{
		"bin/sekisho": harness.Binary(t), "scripts": filepath.Join(root, "scripts"), "sekisho-data": s.Data,
	} {
		to, err := filepath.Abs(to)
		if err == nil {
			err = errors.Join(os.MkdirAll(filepath.Dir(filepath.Join(here, name)), 0o700), os.Symlink(to, filepath.Join(here, name)))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var script strings.Builder
	for i, c := range commands {
		fmt.Fprintf(&script, "%s\necho \"== %d $?\"\n", strings.ReplaceAll(c, address, s.Base), i)
	}
	// Debian's programs, whatever else the machine has.
	// In a terminal Python would not hold its lines back.
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-u", "-c", script.String())
	shell.Dir, shell.Env = here, s.Home(t).With("PATH=/usr/bin:/bin", "PYTHONUNBUFFERED=1").Env()
	// The shell's children hold its output open: all of them have to go.
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	shell.Cancel = func() error { return syscall.Kill(-shell.Process.Pid, syscall.SIGKILL) }
	out, err := shell.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	shell.Stderr = shell.Stdout
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	var results []result
	var output strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		line := lines.Text()
		var i, status int
		if n, _ := fmt.Sscanf(line, "== %d %d", &i, &status); n == 2 {
			results = append(results, result{output.String(), status})
			output.Reset()
			continue
		}
		seen(line)
		output.WriteString(line + "\n")
	}
	if err := shell.Wait(); err != nil || len(results) != len(commands) {
		t.Fatalf("%d of %d commands ended: %v\n%s", len(results), len(commands), err, output.String())
	}
	return results
}

// TestRunDemoNamesEverybody compares what `make run` says about whom one can be
// with the organisation file.
func TestRunDemoNamesEverybody(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(root, "examples/demo.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var demo struct {
		IdentityCenter struct {
			Users []struct {
				Username, Email, Password string
				Reset                     bool `yaml:"password_reset_required"`
			}
		} `yaml:"identity_center"`
	}
	if err := yaml.Unmarshal(raw, &demo); err != nil {
		t.Fatal(err)
	}
	here := t.TempDir()
	for path, content := range map[string]string{"bin/sekisho": "#!/bin/sh\necho \"$@\"\n", "examples/demo.yaml": string(raw)} {
		path = filepath.Join(here, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o700)); err != nil {
			t.Fatal(err)
		}
	}
	scripts, err := filepath.Abs(filepath.Join(root, "scripts"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(scripts, filepath.Join(here, "scripts")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("bash", "scripts/run-demo", "--listen", "127.0.0.1:1")
	cmd.Dir = here
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(demo.IdentityCenter.Users) == 0 {
		t.Fatal("the demo organisation has no people")
	}
	for _, u := range demo.IdentityCenter.Users {
		line := fmt.Sprintf(`(?m)^ +%s +%s +password %s( +\(to be changed.*\))?$`, u.Username, regexp.QuoteMeta(u.Email), u.Password)
		m := regexp.MustCompile(line).FindSubmatch(out)
		if m == nil {
			t.Errorf("%s is not named:\n%s", u.Username, out)
		} else if (len(m[1]) > 0) != u.Reset {
			t.Errorf("%s: what is said of the first sign-in is wrong:\n%s", u.Username, out)
		}
	}
	if !strings.HasSuffix(string(out), "serve --data ./sekisho-data --org examples/demo.yaml --dev --listen 127.0.0.1:1\n") {
		t.Errorf("the server is started otherwise:\n%s", out)
	}
}
