package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

const root = "../.."

// TestPageIsFresh wants the committed page to be what is made now.
func TestPageIsFresh(t *testing.T) {
	t.Parallel()
	want, err := generate(root)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, "docs/coverage.md"))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/coverage.md is stale: run `make coverage`")
	}
}

// TestTablesAreWhatIsServed compares the tables that the page is made from with
// those that the program registers.
func TestTablesAreWhatIsServed(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile(filepath.Join(root, "internal/app/server.go"))
	if err != nil {
		t.Fatal(err)
	}
	registered := regexp.MustCompile(`gate\.Register\("([a-z-]+)"`).FindAllStringSubmatch(string(source), -1)
	if len(registered) != len(tables) {
		t.Errorf("%d services are registered, %d are known here", len(registered), len(tables))
	}
	for _, m := range registered {
		if tables[m[1]] == nil {
			t.Errorf("service %s is registered and not known here", m[1])
		}
	}
}

func TestRequirementsAreStrict(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content string
		ok      bool
	}{
		"ids and ranges": {"# comment\n\nH-01  one address\nlater  A-01..A-03 L-06..L-06\n", true},
		"too many words": {"H-01  one two three four five six seven eight nine\n", false},
		"no words":       {"H-01\n", false},
		"no id":          {"H1  one address\n", false},
		"an id twice":    {"H-01  one\nH-01  two\n", false},
		"an id of both":  {"H-01  one\nlater  H-01..H-02\n", false},
		"a false range":  {"later  A-03..A-01\n", false},
		"a mixed range":  {"later  A-01..B-01\n", false},
	} {
		path := filepath.Join(t.TempDir(), "requirements.txt")
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readRequirements(path); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCitations(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for path, content := range map[string]string{
		"a/a_test.go":                    "// TestX holds H-01 and I-02, I-05 to I-07.",
		"b/portal.spec.ts":               "test('H-01', …)",
		"c/code.go":                      "// H-03 is not a test's",
		"d/storetest/rows.go":            "// H-04",
		"console/node_modules/x_test.go": "// H-05",
	} {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cited, err := citations(dir)
	if err != nil {
		t.Fatal(err)
	}
	for id, n := range map[string]int{"H-01": 2, "I-02": 1, "I-05": 1, "I-06": 1, "I-07": 1, "H-03": 0, "H-04": 1, "H-05": 0} {
		if len(cited[id]) != n {
			t.Errorf("%s is cited by %q, want %d", id, cited[id], n)
		}
	}
}
