package arch

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const root = "../.."

// pkg is what go list tells of a package of ours.
type pkg struct {
	ImportPath   string
	Name         string
	Doc          string
	Dir          string
	Imports      []string
	TestImports  []string
	XTestImports []string
	GoFiles      []string
}

func (p pkg) path() string { return strings.TrimPrefix(p.ImportPath, module) }

// forTests reports whether the package exists for tests only.
func (p pkg) forTests() bool {
	return strings.HasSuffix(p.Name, "test") || strings.HasPrefix(p.path(), "test/")
}

var list = sync.OnceValues(func() ([]pkg, error) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Name,Doc,Dir,Imports,TestImports,XTestImports,GoFiles", "./...")
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, errors.New(stderr.String())
	}
	var all []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
})

func mustList(t *testing.T) []pkg {
	t.Helper()
	all, err := list()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func mustRules(t *testing.T) *rules {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, "docs/ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := parse(string(page))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestLayers holds every import between our packages to the table "Layers", and
// the table to the imports: a permission that nothing uses is one that somebody
// will use by mistake.
func TestLayers(t *testing.T) {
	r, all := mustRules(t), mustList(t)
	used := make(map[[2]string]bool)
	present := make(map[string]bool)
	for _, p := range all {
		from, ok := r.layerOf(p.path())
		if !ok {
			t.Errorf("%s is in no layer of docs/ARCHITECTURE.md", p.path())
			continue
		}
		present[from] = true
		for _, imported := range p.Imports {
			imported, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			to, _ := r.layerOf(imported)
			used[[2]string{from, to}] = true
			if !r.mayImport(from, to) && !r.excepted(p.path(), imported) {
				t.Errorf("%s (%s) imports %s (%s)", p.path(), from, imported, to)
			}
		}
	}
	for _, l := range r.layers {
		for _, pattern := range l.packages {
			if !slices.ContainsFunc(all, func(p pkg) bool { return covers(pattern, p.path()) }) {
				t.Errorf("layer %s: there is no package %s", l.name, pattern)
			}
		}
		for _, to := range l.imports {
			if to != everything && !used[[2]string{l.name, to}] {
				t.Errorf("layer %s may import layer %s, but nothing does", l.name, to)
			}
		}
	}
}

// TestExceptions fails for a row that is no longer needed.
func TestExceptions(t *testing.T) {
	r, all := mustRules(t), mustList(t)
	for _, e := range r.exceptions {
		i := slices.IndexFunc(all, func(p pkg) bool { return p.path() == e.pkg })
		if i < 0 {
			t.Errorf("exception for %s, which does not exist", e.pkg)
			continue
		}
		p := all[i]
		if !slices.Contains(p.Imports, e.imports) && !slices.Contains(p.Imports, module+e.imports) {
			t.Errorf("exception: %s does not import %s any more", e.pkg, e.imports)
		}
		from, _ := r.layerOf(p.path())
		if to, ours := r.layerOf(e.imports); ours && r.mayImport(from, to) {
			t.Errorf("exception: %s may import %s without it", e.pkg, e.imports)
		}
	}
}

// TestOutside holds what our packages import of others to the table "Outside the house".
func TestOutside(t *testing.T) {
	r, all := mustRules(t), mustList(t)
	for _, b := range r.bans {
		used := make(map[string]bool)
		for _, p := range all {
			from, _ := r.layerOf(p.path())
			for _, imported := range p.Imports {
				if !b.matches(imported) {
					continue
				}
				used[from] = true
				if slices.Contains(b.allowed, from) != b.only && !r.excepted(p.path(), imported) {
					t.Errorf("%s (%s) imports %s", p.path(), from, imported)
				}
			}
		}
		for _, name := range b.allowed {
			if !slices.ContainsFunc(r.layers, func(l layer) bool { return l.name == name }) {
				t.Errorf("%v: there is no layer %q", b.imports, name)
			}
			if b.only && !used[name] {
				t.Errorf("layer %s may import %v, but nothing does", name, b.imports)
			}
		}
	}
}

// TestTestPackagesStayInTests keeps code for tests, and the flags that package
// testing registers, out of the binary.
func TestTestPackagesStayInTests(t *testing.T) {
	forTests := make(map[string]bool)
	for _, p := range mustList(t) {
		forTests[p.ImportPath] = p.forTests()
	}
	for _, p := range mustList(t) {
		if p.forTests() {
			continue
		}
		for _, imported := range p.Imports {
			if forTests[imported] || imported == "testing" || strings.HasPrefix(imported, "testing/") && imported != "testing/fstest" {
				t.Errorf("%s imports %s outside of its tests", p.path(), imported)
			}
		}
	}
}

const everything = "everything"

func (r *rules) mayImport(from, to string) bool {
	i := slices.IndexFunc(r.layers, func(l layer) bool { return l.name == from })
	return i >= 0 && (slices.Contains(r.layers[i].imports, to) || slices.Contains(r.layers[i].imports, everything))
}

func (b ban) matches(imported string) bool {
	return slices.ContainsFunc(b.imports, func(pattern string) bool {
		if pattern == "third-party" {
			first, _, _ := strings.Cut(imported, "/")
			return strings.Contains(first, ".")
		}
		if below, ok := strings.CutSuffix(pattern, "/..."); ok {
			return imported == below || strings.HasPrefix(imported, below+"/")
		}
		return imported == pattern
	})
}
