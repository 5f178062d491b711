package orgfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sekisho/internal/arn"
	"sekisho/internal/org"
	"sekisho/internal/policy"
	"sekisho/internal/store"
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
	for _, c := range controlled {
		declared := *c.in(r.file.Organization)
		if len(declared) > 0 && !r.org.Enabled(c.kind) {
			var err error
			if r.org, err = org.SetPolicyType(r.tx, r.org, c.kind, true); err != nil {
				return err
			}
			r.note("enable", "policy type", string(c.kind))
		}
		existing, err := policiesOf(r.tx, r.org, c.kind)
		if err != nil {
			return err
		}
		byName := make(map[string]org.Policy, len(existing))
		for _, p := range existing {
			byName[p.Name] = p
		}
		named := make(map[string]bool)
		for _, fp := range declared {
			named[fp.Name] = true
			have, found := byName[fp.Name]
			want := have
			if !found {
				want = org.Policy{ID: arn.NewID("p-", 8), Organization: r.org.ID, Type: c.kind, Name: fp.Name}
			}
			want.Document, want.FromFile = fp.Document.JSON, true
			if err := r.controlPolicy(found, have, want, fp, c.name); err != nil {
				return fmt.Errorf("%s %q: %w", c.name, fp.Name, err)
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

// controlPolicy makes one policy and where it is attached be the file's.
func (r *run) controlPolicy(found bool, have, want org.Policy, fp ControlPolicy, kind string) error {
	targets, err := r.targets(fp.Targets)
	if err != nil {
		return err
	}
	attached, err := targetsOf(r.tx, r.org, want.ID)
	if err != nil {
		return err
	}
	slices.Sort(attached)
	switch {
	case !found:
		r.note("create", kind, fp.Name)
	case have != want || !slices.Equal(attached, targets):
		r.note("update", kind, fp.Name)
	default:
		return nil
	}
	if err := r.tx.PutOrgPolicy(want); err != nil {
		return err
	}
	for _, t := range attached {
		if !slices.Contains(targets, t) {
			if err := r.tx.DetachOrgPolicy(t, want.ID); err != nil {
				return err
			}
		}
	}
	for _, t := range targets {
		if err := r.tx.AttachOrgPolicy(r.org.ID, t, want); err != nil {
			return err
		}
	}
	return nil
}

// root is what a file calls the organization's root.
const root = "Root"

// targets are the ids of the file's targets, in order.
func (r *run) targets(names []string) ([]string, error) {
	var out []string
	for _, name := range names {
		u, isUnit := r.units[name]
		switch {
		case name == root:
			out = append(out, r.org.Root)
		case isUnit: // before an account of that name, which has an id as well
			out = append(out, u.ID)
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

// exportControl writes them; names are the accounts' names by id, units those of
// the units.
func (f *File) exportControl(tx store.Tx, o org.Organization, names, units map[string]string) error {
	isUnit := make(map[string]bool, len(units))
	for _, name := range units {
		isUnit[name] = true
	}
	for _, c := range controlled {
		policies, err := policiesOf(tx, o, c.kind)
		if err != nil {
			return err
		}
		for _, p := range policies {
			fp := ControlPolicy{Name: p.Name, Document: &Document{JSON: p.Document}}
			targets, err := targetsOf(tx, o, p.ID)
			if err != nil {
				return err
			}
			for _, t := range targets {
				switch {
				case t == o.Root:
					t = root
				case units[t] != "":
					t = units[t]
				case names[t] != "" && !isUnit[names[t]]:
					t = names[t]
				}
				fp.Targets = append(fp.Targets, t)
			}
			slices.Sort(fp.Targets)
			list := c.in(f.Organization)
			*list = append(*list, fp)
		}
	}
	return nil
}
