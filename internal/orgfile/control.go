package orgfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sekisho/internal/arn"
	"sekisho/internal/org"
	"sekisho/internal/policy"
)

// controlled are the kinds of organization policy that a file can have.
var controlled = []struct {
	kind     org.PolicyType
	document policy.Kind
	name     string
	most     int // bytes that a document may have (behaviours.md 1.5)
	in       func(*Organization) *[]ControlPolicy
}{
	{org.ServiceControl, policy.ServiceControlPolicy, "service control policy", 5120, func(o *Organization) *[]ControlPolicy { return &o.ServiceControlPolicies }},
	{org.ResourceControl, policy.ResourceControlPolicy, "resource control policy", 5120, func(o *Organization) *[]ControlPolicy { return &o.ResourceControlPolicies }},
}

// controlPolicies makes the organization's policies be the file's.
func (r *run) controlPolicies() error {
	units := r.file.units()
	for _, c := range controlled {
		existing, err := r.tx.OrgPolicies(c.kind)
		if err != nil {
			return err
		}
		byName := make(map[string]org.Policy, len(existing))
		for _, p := range existing {
			byName[p.Name] = p
		}
		named := make(map[string]bool)
		for _, fp := range *c.in(r.file.Organization) {
			named[fp.Name] = true
			have, found := byName[fp.Name]
			want := have
			if !found {
				want = org.Policy{ID: arn.NewID("p-", 8), Type: c.kind, Name: fp.Name}
			}
			want.Document, want.FromFile = fp.Document.JSON, true
			if want.Targets, err = r.targets(fp.Targets, units); err != nil {
				return fmt.Errorf("%s %q: %w", c.name, fp.Name, err)
			}
			if err := put(r, found, have, want, c.name, fp.Name, r.tx.PutOrgPolicy); err != nil {
				return err
			}
		}
		for _, p := range existing {
			if p.FromFile && !named[p.Name] {
				r.note("delete", c.name, p.Name)
				if err := r.tx.DeleteOrgPolicy(p.ID); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// root is what a file calls the organization's root.
const root = "Root"

// targets are the file's targets as they are kept, in order; units are those of the file.
func (r *run) targets(names []string, units map[string]bool) ([]string, error) {
	var out []string
	for _, name := range names {
		switch {
		case name == root:
			out = append(out, org.Root)
		case units[name]: // before an account of that name, which has an id as well
			out = append(out, name)
		case r.accounts[name] != "":
			out = append(out, r.accounts[name])
		default:
			return nil, errors.New(noTarget(name))
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func noTarget(name string) string {
	return fmt.Sprintf("the target %q is neither Root nor an organisational unit nor an account of the file", name)
}

// units are the organisational units that accounts of the file are in, each
// with those above it.
func (f *File) units() map[string]bool {
	units := make(map[string]bool)
	for _, a := range f.accounts() {
		for path := a.OU; path != ""; {
			units[path] = true
			i := strings.LastIndexByte(path, '/')
			if i < 0 {
				break
			}
			path = path[:i]
		}
	}
	return units
}

// exportControl writes them; names are the accounts' names by id.
func (f *File) exportControl(tx org.Store, names map[string]string) error {
	units := f.units()
	for _, c := range controlled {
		policies, err := tx.OrgPolicies(c.kind)
		if err != nil {
			return err
		}
		for _, p := range policies {
			fp := ControlPolicy{Name: p.Name, Document: &Document{JSON: p.Document}}
			for _, t := range p.Targets {
				switch {
				case t == org.Root:
					t = root
				case names[t] != "" && !units[names[t]]:
					t = names[t]
				}
				fp.Targets = append(fp.Targets, t)
			}
			list := c.in(f.Organization)
			*list = append(*list, fp)
		}
	}
	return nil
}
