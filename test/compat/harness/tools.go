package harness

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// Python is an interpreter that has what dir/requirements.txt pins, in a virtual
// environment beside that file. It is made when it is missing or out of date.
func Python(t testing.TB, dir string) string {
	t.Helper()
	abs := absolute(t, dir)
	return filepath.Join(installed(t, filepath.Join(abs, "requirements.txt"), filepath.Join(abs, ".venv"), [][]string{
		{"/usr/bin/python3", "-m", "venv", "--clear", ".venv"},
		{".venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement", "requirements.txt"},
	}), "bin/python")
}

// Node makes sure that dir has the packages that its package-lock.json names,
// and returns dir's absolute path.
func Node(t testing.TB, dir string) string {
	t.Helper()
	abs := absolute(t, dir)
	installed(t, filepath.Join(abs, "package-lock.json"), filepath.Join(abs, "node_modules"), [][]string{
		{"npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"},
	})
	return abs
}

func absolute(t testing.TB, dir string) string {
	t.Helper()
	abs, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

var installing sync.Mutex

// installed runs the commands unless target was made by them from the same lock
// file, of which it keeps a copy as proof. It returns target.
func installed(t testing.TB, lock, target string, commands [][]string) string {
	t.Helper()
	installing.Lock()
	defer installing.Unlock()
	proof := filepath.Join(target, ".made-from")
	want, err := os.ReadFile(lock)
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile(proof)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if bytes.Equal(have, want) {
		return target
	}
	for _, c := range commands {
		cmd := exec.Command(c[0], c[1:]...)
		cmd.Dir = filepath.Dir(lock)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatal(fmt.Errorf("%q: %w\n%s", c, err, out))
		}
	}
	if err := os.WriteFile(proof, want, 0o644); err != nil {
		t.Fatal(err)
	}
	return target
}
