package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestSecurityNamesRealTests wants each test that docs/security.md names to exist
// in the package that it names: a promise held by a test that went away is not held.
func TestSecurityNamesRealTests(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(root, "docs/security.md"))
	if err != nil {
		t.Fatal(err)
	}
	dir, named := "", 0
	for _, c := range codes(string(raw)) {
		switch {
		case strings.HasPrefix(c, "internal/") || strings.HasPrefix(c, "test/"):
			dir = c
		case strings.HasPrefix(c, "Test") && c != "Test" || strings.HasPrefix(c, "Fuzz"):
			named++
			if !defines(t, dir, c) {
				t.Errorf("docs/security.md: %s has no %s", dir, c)
			}
		}
	}
	if named == 0 {
		t.Error("docs/security.md names no test")
	}
}

func defines(t *testing.T, dir, test string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), "\nfunc "+test+"(") {
			return true
		}
	}
	return false
}

// TestDependenciesHaveReasons wants a line of reason for each module that our
// code imports, and for no other (docs/decisions/dependencies.md).
func TestDependenciesHaveReasons(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(root, "docs/decisions/dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| .{10,} \\|$").FindAllStringSubmatch(string(raw), -1) {
		listed = append(listed, m[1])
	}
	of := func(imported string) string {
		found := ""
		for _, l := range listed {
			if (imported == l || strings.HasPrefix(imported, l+"/")) && len(l) > len(found) {
				found = l
			}
		}
		return found
	}
	used := make(map[string]bool)
	for _, p := range mustList(t) {
		for _, imported := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			first, _, _ := strings.Cut(imported, "/")
			if !strings.Contains(first, ".") {
				continue
			}
			l := of(imported)
			if l == "" {
				t.Errorf("%s imports %s, which docs/decisions/dependencies.md gives no reason for", p.path(), imported)
			}
			used[l] = true
		}
	}
	for _, l := range listed {
		if strings.Contains(strings.SplitN(l, "/", 2)[0], ".") && !used[l] {
			t.Errorf("docs/decisions/dependencies.md lists %s, which nothing imports", l)
		}
	}
}
