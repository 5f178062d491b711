package orgfile

import (
	"fmt"
	"slices"
	"strings"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/page"
)

// putUnits makes the file's organisational units be there.
func (r *run) putUnits() error {
	tree := r.file.units(scope{to: newProblems()}) // checked before
	r.units = make(map[string]org.Unit, 2*len(tree.all))
	for _, n := range tree.all {
		u, err := r.unit(n)
		if err == nil {
			err = r.orgTags(u.ID, "organizational unit "+n.ref(), n.tags)
		}
		if err != nil {
			return fmt.Errorf("organizational unit %q: %w", n.ref(), err)
		}
		for _, ref := range []string{n.path, n.id} {
			if ref != "" {
				r.units[ref] = u
			}
		}
	}
	return nil
}

func (r *run) unit(n *unitNode) (org.Unit, error) {
	parent := r.org.Root
	if n.parent != nil {
		parent = r.units[n.parent.ref()].ID
	}
	have, found, err := r.findUnit(n, parent)
	if err != nil {
		return have, err
	}
	if !found {
		r.note("create", "organizational unit", n.ref())
		made, err := org.AddUnit(r.tx, r.org, org.Unit{ID: n.id, Parent: parent, Name: n.name, FromFile: true}, r.now)
		return made, err
	}
	want := have
	want.Name, want.FromFile = n.name, true
	return want, put(r, true, have, want, "organizational unit", n.ref(), r.tx.PutUnit)
}

// findUnit finds the unit by its id, if the file has one, else by its name.
func (r *run) findUnit(n *unitNode, parent string) (org.Unit, bool, error) {
	if n.id != "" {
		u, err := r.tx.Unit(n.id)
		switch {
		case err == nil && u.Organization != r.org.ID:
			return u, false, errTaken(n.id)
		case err == nil && u.Parent != parent:
			return u, false, fmt.Errorf("%s is in another unit: units cannot be moved", n.id)
		case err == nil:
			return u, true, nil
		case !fault.Is(err, fault.NotFound):
			return u, false, err
		case !strings.HasPrefix(n.id, "ou-"+strings.TrimPrefix(r.org.Root, "r-")+"-"):
			return u, false, fmt.Errorf("the id %s is not one of the root %s", n.id, r.org.Root)
		}
	}
	u, err := r.tx.UnitByName(parent, n.name)
	if fault.Is(err, fault.NotFound) {
		return u, false, nil
	}
	if err == nil && n.id != "" {
		err = errKept(u.ID, n.id)
	}
	return u, err == nil, err
}

// errTaken refuses an id of something that belongs to somebody else.
func errTaken(id string) error {
	return fmt.Errorf("the id %s belongs to something else on this server", id)
}

// errKept refuses to give something that is there another id.
func errKept(have, want string) error {
	return fmt.Errorf("it has the id %s, which cannot become %s", have, want)
}

// removeUnits takes away the units that earlier files had and this one has not. Those
// stay in which there are accounts that were left out of the file, which stay, too.
func (r *run) removeUnits() error {
	existing, err := unitsOf(r.tx, r.org)
	if err != nil {
		return err
	}
	named := make(map[string]bool, len(r.units))
	for _, u := range r.units {
		named[u.ID] = true
	}
	kept := make(map[string]bool)                 // units that stay although the file does not have them
	for _, u := range slices.Backward(existing) { // what is in a unit comes after it
		if !u.FromFile || named[u.ID] {
			continue
		}
		stays, err := r.leaveUnit(u, kept)
		if err != nil {
			return err
		}
		if stays {
			kept[u.ID] = true
			r.note("keep", "organizational unit", u.names+": accounts that are not in the file any more are in it")
			continue
		}
		r.note("delete", "organizational unit", u.names)
		if err := org.RemoveUnit(r.tx, r.org, u.ID); err != nil {
			return fmt.Errorf("organizational unit %q: %w", u.names, err)
		}
	}
	return nil
}

// leaveUnit reports whether a unit has to stay for accounts that an earlier file had
// put there. It is an error if there is anything else in it.
func (r *run) leaveUnit(u placedUnit, kept map[string]bool) (stays bool, err error) {
	accounts, err := page.All(func(p page.Request) (page.Page[account.Account], error) { return r.tx.AccountsUnder(u.Path, p) })
	if err != nil {
		return false, err
	}
	other := ""
	for _, a := range accounts {
		if stays = true; !a.FromFile {
			other = "the account " + a.ID
		}
	}
	units, err := page.All(func(p page.Request) (page.Page[org.Unit], error) { return r.tx.UnitsUnder(u.ID, p) })
	if err != nil {
		return false, err
	}
	for _, below := range units {
		if stays = true; !kept[below.ID] {
			other = "the unit " + below.Name
		}
	}
	if other != "" {
		return false, fmt.Errorf("organizational unit %q is not in the file any more, but %s is in it: move that to another place, or list the unit in organizational_units", u.names, other)
	}
	return stays, nil
}
