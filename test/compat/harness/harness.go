// Package harness runs the real program for tests that drive real clients
// against it: it builds the binary once per test run, starts it on a free port
// with a data directory of its own, gives clients a home directory of their own,
// and has a small browser that signs people in.
//
// It knows nothing of the program but its command line and what it shows to the
// outside: a test that uses it cannot pass on a promise that only holds inside.
package harness

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// workspace is the directory of one test run; [Main] makes and removes it.
var workspace string

// Main runs the tests of a package that uses the harness; call it from TestMain
// and exit with what it returns.
func Main(m *testing.M) int {
	var err error
	if workspace, err = os.MkdirTemp("", "sekisho-compat-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(workspace) }()
	return m.Run()
}

// BinaryVariable names a program that was built already, to be tested as it is:
// the one to be released, say.
const BinaryVariable = "COMPAT_BINARY"

// build compiles the program, with what the build cache has from the tests.
var build = sync.OnceValues(func() (string, error) {
	if ready := os.Getenv(BinaryVariable); ready != "" {
		return filepath.Abs(ready)
	}
	binary := filepath.Join(workspace, "sekisho")
	cmd := exec.Command("go", "build", "-o", binary, "sekisho/cmd/sekisho")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return binary, nil
})

// Binary is the path of the program.
func Binary(t testing.TB) string {
	t.Helper()
	if workspace == "" {
		t.Fatal("TestMain does not call harness.Main")
	}
	binary, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}
