// Package arch holds the code to docs/ARCHITECTURE.md: who may import whom, that
// every package says what it owns, and the small rules that keep files readable.
//
// It owns the reading of the rules and the tests of them. The rules themselves
// are the tables of that page, where people read them too.
package arch

import (
	"fmt"
	"regexp"
	"strings"
)

// module is the prefix of our packages' import paths.
const module = "sekisho/"

// rules is what the tables of docs/ARCHITECTURE.md say.
type rules struct {
	layers     []layer
	bans       []ban
	exceptions []exception
	longFiles  []longFile
}

// layer is a row of the table "Layers".
type layer struct {
	name     string
	packages []string // relative to the module; a final /* stands for every package below
	imports  []string // names of layers; "everything" is all of them
}

// ban is a row of the table "Outside the house".
type ban struct {
	imports []string // import paths; a final /... stands for everything below; "third-party" for every other module
	allowed []string // layers that may import it
	only    bool     // allowed is a list of the only ones; otherwise the list is of those that must not
}

// exception is a row of the table "Exceptions".
type exception struct{ pkg, imports, reason string }

// longFile is a row of the table "Long files".
type longFile struct{ path, reason string }

// parse reads the page.
func parse(page string) (*rules, error) {
	var r rules
	for heading, row := range map[string]func(cells []string) error{
		"Layers": func(c []string) error {
			r.layers = append(r.layers, layer{c[0], codes(c[1]), names(c[2])})
			return nil
		},
		"Outside the house": func(c []string) error {
			b := ban{imports: codes(c[0])}
			var list string
			if list, b.only = strings.CutPrefix(c[1], "only "); !b.only {
				var ok bool
				if list, ok = strings.CutPrefix(c[1], "never "); !ok {
					return fmt.Errorf("%q begins with neither only nor never", c[1])
				}
			}
			b.allowed = names(list)
			r.bans = append(r.bans, b)
			return nil
		},
		"Exceptions": func(c []string) error {
			r.exceptions = append(r.exceptions, exception{code(c[0]), code(c[1]), c[2]})
			return nil
		},
		"Long files": func(c []string) error {
			r.longFiles = append(r.longFiles, longFile{code(c[0]), c[1]})
			return nil
		},
	} {
		cells, err := table(page, heading)
		if err != nil {
			return nil, err
		}
		for _, c := range cells {
			for i := range c {
				if c[i] == "" {
					return nil, fmt.Errorf("table %q: row %q has an empty cell", heading, c)
				}
			}
			if err := row(c); err != nil {
				return nil, fmt.Errorf("table %q: row %q: %w", heading, c, err)
			}
		}
	}
	return &r, nil
}

// table returns the rows of the first table after a heading, without its head.
func table(page, heading string) ([][]string, error) {
	_, rest, ok := strings.Cut(page, "\n### "+heading+"\n")
	if !ok {
		return nil, fmt.Errorf("there is no heading %q", heading)
	}
	var rows [][]string
	for line := range strings.Lines(rest) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "|"):
			cells := strings.Split(strings.Trim(line, "|"), "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			rows = append(rows, cells)
		case len(rows) > 0 || strings.HasPrefix(line, "#"):
			if len(rows) < 2 {
				return nil, fmt.Errorf("there is no table under %q", heading)
			}
			return rows[2:], nil
		}
	}
	if len(rows) < 2 {
		return nil, fmt.Errorf("there is no table under %q", heading)
	}
	return rows[2:], nil
}

var quoted = regexp.MustCompile("`([^`]+)`")

// codes returns what stands in backquotes.
func codes(cell string) []string {
	var all []string
	for _, m := range quoted.FindAllStringSubmatch(cell, -1) {
		all = append(all, m[1])
	}
	return all
}

func code(cell string) string { return strings.Trim(cell, "`") }

// names returns the items of a list with commas; "nothing" is an empty one.
func names(cell string) []string {
	if cell == "nothing" {
		return nil
	}
	all := strings.Split(cell, ",")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}

// covers reports whether the pattern of a row stands for the path.
func covers(pattern, path string) bool {
	if below, ok := strings.CutSuffix(pattern, "/*"); ok {
		return strings.HasPrefix(path, below+"/")
	}
	return pattern == path
}

// layerOf returns the layer of one of our packages. A literal row wins over one
// with a pattern.
func (r *rules) layerOf(pkg string) (string, bool) {
	found := ""
	for _, l := range r.layers {
		for _, p := range l.packages {
			switch {
			case p == pkg:
				return l.name, true
			case covers(p, pkg):
				found = l.name
			}
		}
	}
	return found, found != ""
}

func (r *rules) excepted(pkg, imports string) bool {
	for _, e := range r.exceptions {
		if e.pkg == pkg && e.imports == imports {
			return true
		}
	}
	return false
}
