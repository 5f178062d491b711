package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"

	"sekisho/internal/nearest"
)

// EnvPrefix begins the name of every variable that is read.
const EnvPrefix = "SEKISHO_"

// CheckEnvironment refuses variables that look like ours and are not: a setting
// that is silently ignored is one that somebody believes in.
func CheckEnvironment(environ []string, app *kong.Application) error {
	var known []string
	_ = kong.Visit(app, func(n kong.Visitable, next kong.Next) error {
		if f, ok := n.(*kong.Flag); ok {
			known = append(known, f.Envs...)
		}
		return next(nil)
	})
	is := make(map[string]bool, len(known))
	for _, k := range known {
		is[k] = true
	}
	for _, e := range environ {
		name, _, _ := strings.Cut(e, "=")
		if strings.HasPrefix(name, EnvPrefix) && !is[name] {
			return fmt.Errorf("unknown environment variable %s%s", name, nearest.Hint(name, known))
		}
	}
	return nil
}

// File is a YAML file of flag values, one key for each flag.
type File struct {
	path   string
	values map[string]any
	lines  map[string]int
}

// LoadFile reads path.
func LoadFile(path string) (*File, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("configuration file %s does not exist", path)
		}
		return nil, err
	}
	f := &File{path: path, values: make(map[string]any), lines: make(map[string]int)}
	var doc, more yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return f, nil
	} else if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := d.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: a second document begins; everything must be in one", path)
	}
	if doc.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s: line 1: must be a mapping of settings", path)
	}
	nodes := doc.Content[0].Content
	for i := 0; i+1 < len(nodes); i += 2 {
		key, value := nodes[i], nodes[i+1]
		name := strings.ReplaceAll(key.Value, "_", "-")
		if value.Kind != yaml.ScalarNode || value.ShortTag() == "!!null" {
			return nil, fmt.Errorf("%s: line %d: %s must be a single value", path, value.Line, key.Value)
		}
		if _, twice := f.values[name]; twice {
			return nil, fmt.Errorf("%s: line %d: %s is there twice", path, key.Line, key.Value)
		}
		f.values[name], f.lines[name] = value.Value, key.Line
	}
	return f, nil
}

// Validate refuses keys that no flag has.
func (f *File) Validate(app *kong.Application) error {
	var known []string
	is := make(map[string]bool)
	_ = kong.Visit(app, func(n kong.Visitable, next kong.Next) error {
		if flag, ok := n.(*kong.Flag); ok && flag.Name != "help" && flag.Name != "config" && !is[flag.Name] {
			is[flag.Name] = true
			known = append(known, flag.Name)
		}
		return next(nil)
	})
	for _, name := range slices.SortedFunc(maps.Keys(f.lines), func(a, b string) int { return f.lines[a] - f.lines[b] }) {
		if !is[name] {
			return fmt.Errorf("%s: line %d: unknown key %q%s", f.path, f.lines[name], name, nearest.Hint(name, known))
		}
	}
	return nil
}

// Resolve gives kong the file's value of a flag that neither the command line
// nor the environment sets.
func (f *File) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, set := os.LookupEnv(env); set {
			return nil, nil
		}
	}
	return f.values[flag.Name], nil
}
