package orgfile

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/org"
)

var policyID = regexp.MustCompile(`^p-[0-9a-zA-Z_]{8,128}$`)

// typedPolicies are the file's policies of one type.
type typedPolicies struct {
	kind     org.PolicyType
	name     string // what one is called
	policies []ControlPolicy
}

// policiesByType are the file's policies: of the two types that have keys of their
// own, and of the others in the order of their first ones.
func (o *Organization) policiesByType() []typedPolicies {
	all := []typedPolicies{
		{org.ServiceControl, "service control policy", o.ServiceControlPolicies},
		{org.ResourceControl, "resource control policy", o.ResourceControlPolicies},
	}
	for _, p := range o.Policies {
		kind := org.PolicyType(p.Type)
		at := slices.IndexFunc(all, func(t typedPolicies) bool { return t.kind == kind })
		if at < 0 {
			all, at = append(all, typedPolicies{kind: kind, name: kindName(kind)}), len(all)
		}
		all[at].policies = append(slices.Clip(all[at].policies), p.policy())
	}
	return all
}

// kindName is how a type is called in reports: "tag policy".
func kindName(t org.PolicyType) string {
	return strings.ReplaceAll(strings.ToLower(string(t)), "_", " ")
}

// policyTypes enables the file's types, in its order, and disables others if the
// file has a list. Without one, types are enabled of which it has policies.
func (r *run) policyTypes() error {
	fo := r.file.Organization
	want := make([]org.PolicyType, 0, len(fo.PolicyTypes))
	for _, t := range fo.PolicyTypes {
		want = append(want, org.PolicyType(t))
	}
	if fo.PolicyTypes == nil {
		for _, t := range fo.policiesByType() {
			if len(t.policies) > 0 {
				want = append(want, t.kind)
			}
		}
	}
	for _, t := range want {
		if r.org.Enabled(t) {
			continue
		}
		var err error
		if r.org, err = org.EnablePolicyType(r.tx, r.org, r.org.Root, t); err != nil {
			return fmt.Errorf("policy type %s: %w", t, err)
		}
		r.note("enable", "policy type", string(t))
	}
	if fo.PolicyTypes == nil {
		return nil
	}
	for _, t := range slices.Clone(r.org.PolicyTypes) {
		if slices.Contains(want, t) {
			continue
		}
		var err error
		if r.org, err = org.DisablePolicyType(r.tx, r.org, r.org.Root, t); err != nil {
			return fmt.Errorf("policy type %s: %w", t, err)
		}
		r.note("disable", "policy type", string(t))
	}
	return nil
}

// controlPolicies makes the organization's policies be the file's.
func (r *run) controlPolicies() error {
	if err := r.policyTypes(); err != nil {
		return err
	}
	r.uncontrolled = make(map[string]bool)
	if err := r.fullAccess(); err != nil {
		return err
	}
	declared := r.file.Organization.policiesByType()
	if err := r.removePolicies(declared); err != nil { // before others take their places
		return err
	}
	for _, t := range declared {
		if err := r.policiesOf(t); err != nil {
			return err
		}
	}
	return r.stayControlled()
}

// removePolicies takes away what earlier files declared and this one does not.
func (r *run) removePolicies(declared []typedPolicies) error {
	for _, t := range org.PolicyTypes() {
		existing, err := policiesOf(r.tx, r.org, t)
		if err != nil {
			return err
		}
		var named []ControlPolicy
		for _, d := range declared {
			if d.kind == t {
				named = d.policies
			}
		}
		for _, p := range existing {
			if !p.FromFile || slices.ContainsFunc(named, func(fp ControlPolicy) bool { return fp.ID == p.ID || fp.Name == p.Name }) {
				continue
			}
			if err := r.removePolicy(p); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) policiesOf(t typedPolicies) error {
	existing, err := policiesOf(r.tx, r.org, t.kind)
	if err != nil {
		return err
	}
	byID, byName := make(map[string]org.Policy, len(existing)), make(map[string]org.Policy, len(existing))
	for _, p := range existing {
		byID[p.ID], byName[p.Name] = p, p
	}
	for _, fp := range t.policies {
		have, found := byID[fp.ID]
		if !found {
			if have, found = byName[fp.Name]; found && fp.ID != "" {
				return fmt.Errorf("%s %q: %w", t.name, fp.Name, errKept(have.ID, fp.ID))
			}
		}
		if err := r.controlPolicy(t, found, have, fp); err != nil {
			return fmt.Errorf("%s %q: %w", t.name, fp.Name, err)
		}
	}
	return nil
}

// controlPolicy makes one policy and where it is attached be the file's.
func (r *run) controlPolicy(t typedPolicies, found bool, have org.Policy, fp ControlPolicy) error {
	want := have
	if !found {
		if fp.ID != "" {
			if _, err := org.Find(r.tx, "", fp.ID); !fault.Is(err, fault.NotFound) {
				return cmp.Or(err, errTaken(fp.ID))
			}
			if _, err := r.tx.OrgPolicy(fp.ID); !fault.Is(err, fault.NotFound) {
				return cmp.Or(err, errTaken(fp.ID))
			}
		}
		want = org.Policy{ID: cmp.Or(fp.ID, arn.NewID("p-", 8)), Organization: r.org.ID, Type: t.kind, UpdatedAt: r.now}
	}
	want.Name, want.Description, want.FromFile = fp.Name, cmp.Or(fp.Description, have.Description), true
	if !sameDocument(have.Document, fp.Document.JSON) {
		want.Document, want.UpdatedAt = fp.Document.JSON, r.now
	}
	targets, err := r.targets(fp.Targets)
	if err != nil {
		return err
	}
	attached, err := targetsOf(r.tx, r.org, want.ID)
	if err != nil {
		return err
	}
	attached = slices.DeleteFunc(attached, func(id string) bool { return r.closed[id] })
	slices.Sort(attached)
	switch same := have; {
	case !found:
		r.note("create", t.name, fp.Name)
	default:
		if same.FromFile = true; same != want || !slices.Equal(attached, targets) {
			r.note("update", t.name, fp.Name)
		}
	}
	if !found || have != want {
		if err := r.tx.PutOrgPolicy(want); err != nil {
			return err
		}
	}
	if err := r.attach(want, attached, targets); err != nil {
		return err
	}
	return r.orgTags(want.ID, t.name+" "+fp.Name, fp.Tags)
}

func (r *run) attach(p org.Policy, attached, targets []string) error {
	for _, target := range attached {
		if slices.Contains(targets, target) {
			continue
		}
		if err := r.detach(p, target); err != nil {
			return err
		}
	}
	for _, target := range targets {
		if slices.Contains(attached, target) {
			continue
		}
		if err := org.Attach(r.tx, r.org, p.ID, target); err != nil {
			return fmt.Errorf("target %s: %w", target, err)
		}
	}
	return nil
}

// detach takes a policy off. Whether a target is left without one is looked at in the
// end: others may be coming.
func (r *run) detach(p org.Policy, target string) error {
	if p.Type == org.ServiceControl {
		r.uncontrolled[target] = true
	}
	return r.tx.DetachOrgPolicy(target, p.ID)
}

func (r *run) removePolicy(p org.Policy) error {
	r.note("delete", kindNameOf(p.Type), p.Name)
	attached, err := targetsOf(r.tx, r.org, p.ID)
	if err != nil {
		return err
	}
	for _, target := range attached {
		if err := r.detach(p, target); err != nil {
			return err
		}
	}
	return r.tx.DeleteOrgPolicy(p.ID)
}

// kindNameOf is kindName with the names that the two older keys have.
func kindNameOf(t org.PolicyType) string {
	for _, known := range (&Organization{}).policiesByType() {
		if known.kind == t {
			return known.name
		}
	}
	return kindName(t)
}

// fullAccess makes AWS's own service control policy be attached everywhere but where
// the file says that it is not. Without that key it stays as it is.
func (r *run) fullAccess() error {
	without := r.file.Organization.WithoutFullAccess
	if without == nil || !r.org.Enabled(org.ServiceControl) {
		return nil
	}
	off, err := r.targets(without)
	if err != nil {
		return fmt.Errorf("without_full_access: %w", err)
	}
	have, err := targetsOf(r.tx, r.org, org.FullAWSAccess.ID)
	if err != nil {
		return err
	}
	attached := make(map[string]bool, len(have))
	for _, target := range have {
		attached[target] = true
	}
	all, err := everywhere(r.tx, r.org)
	if err != nil {
		return err
	}
	for _, target := range all {
		_, isOff := slices.BinarySearch(off, target)
		switch {
		case isOff && attached[target]:
			r.note("delete", "full access", target)
			err = r.detach(org.FullAWSAccess, target)
		case !isOff && !attached[target] && !r.closed[target]:
			r.note("create", "full access", target)
			err = r.tx.AttachOrgPolicy(r.org.ID, target, org.FullAWSAccess)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// stayControlled refuses to leave anything without a service control policy
// (behaviours.md 9.6): nobody in it could do anything.
func (r *run) stayControlled() error {
	for target := range r.uncontrolled {
		left, err := r.tx.AttachedOrgPolicies(target, org.ServiceControl)
		if err != nil {
			return err
		}
		if len(left) == 0 && r.org.Enabled(org.ServiceControl) {
			return fmt.Errorf("%s would be left without any service control policy, so that nothing could be done there: attach one, or take it out of without_full_access", target)
		}
	}
	return nil
}

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
