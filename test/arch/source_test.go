package arch

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mostLines is how long a file may be that is no table.
const mostLines = 600

// TestPackageDocs asks every package to say what it owns in a sentence that says
// more than its name.
func TestPackageDocs(t *testing.T) {
	for _, p := range mustList(t) {
		if len(p.GoFiles) == 0 {
			continue // tests only
		}
		begin := "Package " + p.Name + " "
		if p.Name == "main" {
			begin = "Command " + filepath.Base(p.path()) + " "
		}
		if !strings.HasPrefix(p.Doc, begin) || len(strings.Fields(p.Doc)) < 6 {
			t.Errorf("%s: its doc comment must begin with %q and say what it owns; it is %q", p.path(), begin, p.Doc)
		}
	}
}

// TestPackageNames refuses the names under which anything can be put.
func TestPackageNames(t *testing.T) {
	nouns := regexp.MustCompile(`^(utils?|commons?|helpers?|core|base|misc|shared|lib|types|models|errors|log|http)$`)
	for _, p := range mustList(t) {
		if nouns.MatchString(p.Name) || strings.Contains(p.Name, "_") {
			t.Errorf("%s: package %s has no noun that a user of the product would know", p.path(), p.Name)
		}
	}
}

// sources calls do with each file that people write by hand.
func sources(t *testing.T, do func(path string, content []byte)) {
	t.Helper()
	skip := []string{".git", "node_modules", "dist", "bin", "sekisho-data", "results", "testdata"}
	kinds := []string{".go", ".ts", ".tsx", ".mjs", ".js", ".css", ".html", ".tmpl", ".gohtml", ".sql", ".yaml", ".yml", ".sh"}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(skip, d.Name()):
			return fs.SkipDir
		case d.IsDir() || !slices.Contains(kinds, filepath.Ext(path)):
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		do(filepath.ToSlash(relative), content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestFilesAreShort wants files that one can read at a sitting.
func TestFilesAreShort(t *testing.T) {
	long := mustRules(t).longFiles
	lines := make(map[string]int)
	sources(t, func(path string, content []byte) {
		lines[path] = bytes.Count(content, []byte("\n"))
		listed := slices.ContainsFunc(long, func(l longFile) bool { return l.path == path })
		if lines[path] > mostLines && !listed {
			t.Errorf("%s has %d lines; divide it by what its parts own", path, lines[path])
		}
	})
	for _, l := range long {
		if lines[l.path] <= mostLines {
			t.Errorf("%s is listed as long, but has %d lines", l.path, lines[l.path])
		}
	}
}

// TestLeftovers wants an issue's number with whatever is left to do.
func TestLeftovers(t *testing.T) {
	leftover := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b(\(#\d+\))?`)
	sources(t, func(path string, content []byte) {
		for i, line := range bytes.Split(content, []byte("\n")) {
			if m := leftover.FindSubmatch(line); m != nil && len(m[2]) == 0 {
				t.Errorf("%s:%d: %s without an issue's number", path, i+1, m[1])
			}
		}
	})
}

// TestTestsDoNotSleep: a test that sleeps is slow on a good day and fails on a
// bad one. Clocks are given; real events are waited for. In the bubble of
// testing/synctest time is no real time.
func TestTestsDoNotSleep(t *testing.T) {
	sources(t, func(path string, content []byte) {
		forTests := strings.HasSuffix(filepath.ToSlash(filepath.Dir(path)), "test")
		if bytes.Contains(content, []byte(`"testing/synctest"`)) {
			return
		}
		if filepath.Ext(path) != ".go" || !forTests && !strings.HasSuffix(path, "_test.go") {
			return
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, content, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok || s.Sel.Name != "Sleep" {
				return true
			}
			if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" {
				t.Errorf("%s: time.Sleep in a test", set.Position(s.Pos()))
			}
			return true
		})
	})
}
