package orgfile

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"sekisho/internal/org"
)

// root is what a file calls the organization's root.
const root = "Root"

// maxUnitName is how many characters a unit's name has (behaviours.md 1.5).
const maxUnitName = 128

// unitID is the form of ids, which are names for units beside their paths.
var unitID = regexp.MustCompile(`^ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$`)

// unitNode is an organisational unit that a file lists or puts an account into.
type unitNode struct {
	id     string // "" if the file does not say
	name   string
	parent *unitNode // nil for the root
	path   string    // of names, with slashes; "" if one of them cannot be in a path
	depth  int       // 1 right below the root
	tags   Tags
}

// ref is what files call the unit: its path if it has one, else its id.
func (n *unitNode) ref() string { return cmp.Or(n.path, n.id) }

// unitTree is all units of a file, each after its parent.
type unitTree struct {
	all   []*unitNode
	byRef map[string]*unitNode // by path, and by id
}

// plain reports whether the name of a unit can be in a path. Organizations lets
// names have slashes; units with such names have to be listed and named by id.
func plain(name string) bool {
	return checkUnitName(name) == nil && !strings.Contains(name, "/") && name != root && !unitID.MatchString(name)
}

// units are the file's organisational units: those that it lists, in any order, and
// those that accounts are in, each with those above it.
func (f *File) units(s scope) *unitTree {
	t := &unitTree{byRef: make(map[string]*unitNode)}
	pending := f.Organization.OrganizationalUnits
	for len(pending) > 0 {
		var later []Unit
		for _, u := range pending {
			parent, ok := t.byRef[u.Parent]
			if !ok && u.Parent != "" && u.Parent != root {
				later = append(later, u)
				continue
			}
			t.list(s.in("organizational unit %q", u.Name), u, parent)
		}
		if len(later) == len(pending) { // the parent of the first is not listed at all
			u := later[0]
			if _, err := t.at(u.Parent); err != nil {
				s.in("organizational unit %q", u.Name).say("parent %s", err)
				later = later[1:]
			}
		}
		pending = later
	}
	for _, a := range f.accounts() {
		if _, err := t.at(a.OU); err != nil {
			s.in("account %q", cmp.Or(a.Name, a.ID)).say("ou %s", err)
		}
	}
	return t
}

// list adds a unit that the file lists.
func (t *unitTree) list(s scope, u Unit, parent *unitNode) {
	n := &unitNode{id: u.ID, name: u.Name, parent: parent, depth: 1, tags: u.Tags}
	above := ""
	if parent != nil {
		n.depth, above = parent.depth+1, parent.path+"/"
	}
	if plain(u.Name) && (parent == nil || parent.path != "") {
		n.path = above + u.Name
	}
	switch {
	case strings.TrimSpace(u.Name) == "" || utf8.RuneCountInString(u.Name) > maxUnitName || strings.ContainsAny(u.Name, "<>"):
		s.say("the name of an organisational unit has 1 to %d characters, without < and >", maxUnitName)
		return
	case u.ID != "" && !unitID.MatchString(u.ID):
		s.say("id %q must be ou-, the root's 4 characters, - and 8 more", u.ID)
	case n.ref() == "":
		s.say("a unit with such a name, or in one, needs an id, by which it is called instead of a path")
		return
	case n.depth > org.MaxDepth:
		s.say("organisational units nest at most %d deep", org.MaxDepth)
	case t.byRef[n.path] != nil || t.byRef[n.id] != nil:
		s.say("is there twice")
		return
	}
	s.tags(u.Tags)
	t.add(n)
}

func (t *unitTree) add(n *unitNode) {
	t.all = append(t.all, n)
	for _, ref := range []string{n.path, n.id} {
		if ref != "" {
			t.byRef[ref] = n
		}
	}
}

// at is the unit of a path or id; nil for "". What is missing of a path is added.
func (t *unitTree) at(ref string) (*unitNode, error) {
	if n := t.byRef[ref]; n != nil || ref == "" {
		return n, nil
	}
	if unitID.MatchString(ref) {
		return nil, fmt.Errorf("%q is not the id of one of the organizational_units", ref)
	}
	if err := checkUnit(ref); err != nil {
		return nil, err
	}
	above, name := "", ref
	if i := strings.LastIndexByte(ref, '/'); i >= 0 {
		above, name = ref[:i], ref[i+1:]
	}
	parent, err := t.at(above)
	if err != nil {
		return nil, err
	}
	n := &unitNode{name: name, parent: parent, path: ref, depth: strings.Count(ref, "/") + 1}
	t.add(n)
	return n, nil
}

// checkUnit checks the path of an organisational unit.
func checkUnit(path string) error {
	names := strings.Split(path, "/")
	if len(names) > org.MaxDepth || names[0] == root {
		return fmt.Errorf("%q must be the names of at most %d organisational units below %s, from the top, with / between them", path, org.MaxDepth, root)
	}
	for _, name := range names {
		if err := checkUnitName(name); err != nil {
			return fmt.Errorf("%q: %w", path, err)
		}
	}
	return nil
}

func checkUnitName(name string) error {
	if n := utf8.RuneCountInString(name); n < 1 || n > maxUnitName || name == "." || name == ".." || strings.TrimSpace(name) != name {
		return fmt.Errorf("the name of an organisational unit has 1 to %d characters, without white space around them", maxUnitName)
	}
	return nil
}
