package orgfile

import (
	"slices"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

// exporter writes one organization into a file.
type exporter struct {
	tx       store.Tx
	file     *File
	org      org.Organization
	accounts map[string]string // id → what the file calls it
	units    map[string]string
}

// organization writes everything of the organization but what is in its accounts.
// Closed accounts are left out: they come to an end by themselves.
func (e *exporter) organization(accounts []account.Account) error {
	e.file.Organization = &Organization{ID: e.org.ID, RootID: e.org.Root, FeatureSet: string(e.org.Features), AccountLimit: e.org.AccountLimit}
	for _, step := range []func() error{e.exportUnits, func() error { return e.exportAccounts(accounts) }, e.services, e.policies, e.fullAccess, e.delegates, e.resourcePolicy} {
		if err := step(); err != nil {
			return err
		}
	}
	tags, err := e.tags(e.org.Root)
	e.file.Organization.RootTags = tags
	return err
}

func (e *exporter) tags(resource string) (Tags, error) {
	tags, err := org.Tags(e.tx, resource)
	if len(tags) == 0 {
		return nil, err
	}
	t := make(Tags, len(tags))
	for _, tag := range tags {
		t[tag.Key] = tag.Value
	}
	return t, err
}

// exportUnits writes the units, each after its parent, and remembers what the file
// calls them: by paths, but for names that cannot be in one.
func (e *exporter) exportUnits() error {
	all, err := unitsOf(e.tx, e.org)
	if err != nil {
		return err
	}
	e.units = make(map[string]string, len(all))
	paths := map[string]string{e.org.Root: ""} // of those that have one
	for _, u := range all {
		fu := Unit{ID: u.ID, Name: u.Name, Parent: e.units[u.Parent]}
		if fu.Tags, err = e.tags(u.ID); err != nil {
			return err
		}
		e.units[u.ID] = u.ID
		if above, ok := paths[u.Parent]; ok && plain(u.Name) {
			paths[u.ID] = above + u.Name + "/"
			e.units[u.ID] = above + u.Name
		}
		e.file.Organization.OrganizationalUnits = append(e.file.Organization.OrganizationalUnits, fu)
	}
	return nil
}

// exportAccounts writes the accounts, and remembers what the file calls them: by name,
// unless another has it, or something else could be meant.
func (e *exporter) exportAccounts(accounts []account.Account) error {
	named := make(map[string]int)
	for _, a := range accounts {
		named[a.Name]++
	}
	e.accounts = make(map[string]string, len(accounts))
	for _, a := range accounts {
		if e.accounts[a.ID] = a.Name; named[a.Name] > 1 || arn.ValidAccount(a.Name) {
			e.accounts[a.ID] = a.ID
		}
		fa := Account{ID: a.ID, Name: a.Name, Email: a.Email, Alias: a.Alias, OU: e.units[a.Parent()]}
		var err error
		if fa.Tags, err = e.tags(a.ID); err != nil {
			return err
		}
		if a.ID == e.org.ManagementAccount {
			e.file.Organization.ManagementAccount = fa
		} else {
			e.file.Organization.Accounts = append(e.file.Organization.Accounts, fa)
		}
	}
	return nil
}

// services writes what is trusted and which features of root access are on. An empty
// list is written, too: without one a new organization trusts two services.
func (e *exporter) services() error {
	if e.org.Features != org.AllFeatures {
		return nil
	}
	fo := e.file.Organization
	trusted, err := trustedBy(e.tx, e.org)
	if err != nil {
		return err
	}
	fo.TrustedServices = append(Exactly[string]{}, trusted...)
	features, err := rootFeaturesOf(e.tx, e.org)
	if len(features) > 0 {
		fo.RootFeatures = features
	}
	return err
}

func (e *exporter) policies() error {
	fo := e.file.Organization
	if e.org.Features == org.AllFeatures {
		fo.PolicyTypes = Exactly[string]{}
	}
	for _, t := range e.org.PolicyTypes {
		fo.PolicyTypes = append(fo.PolicyTypes, string(t))
	}
	for _, t := range org.PolicyTypes() {
		policies, err := policiesOf(e.tx, e.org, t)
		if err != nil {
			return err
		}
		for _, p := range policies {
			fp, err := e.policy(p)
			if err != nil {
				return err
			}
			switch t {
			case org.ServiceControl:
				fo.ServiceControlPolicies = append(fo.ServiceControlPolicies, fp)
			case org.ResourceControl:
				fo.ResourceControlPolicies = append(fo.ResourceControlPolicies, fp)
			default:
				fo.Policies = append(fo.Policies, TypedPolicy{string(t), fp.ID, fp.Name, fp.Description, fp.Targets, fp.Document, fp.Tags})
			}
		}
	}
	return nil
}

func (e *exporter) policy(p org.Policy) (ControlPolicy, error) {
	fp := ControlPolicy{ID: p.ID, Name: p.Name, Description: p.Description, Document: documentOf(p.Document)}
	targets, err := targetsOf(e.tx, e.org, p.ID)
	if err != nil {
		return fp, err
	}
	fp.Targets = e.targets(targets)
	fp.Tags, err = e.tags(p.ID)
	return fp, err
}

// targets are what the file calls them, in order. Closed accounts are not in it.
func (e *exporter) targets(ids []string) []string {
	var out []string
	for _, id := range ids {
		switch {
		case id == e.org.Root:
			out = append(out, root)
		case e.units[id] != "":
			out = append(out, e.units[id])
		case e.accounts[id] != "" && e.isUnit(e.accounts[id]):
			out = append(out, id)
		case e.accounts[id] != "":
			out = append(out, e.accounts[id])
		}
	}
	slices.Sort(out)
	return out
}

// isUnit reports whether a target of that name would be a unit or the root.
func (e *exporter) isUnit(name string) bool {
	if name == root {
		return true
	}
	for _, u := range e.units {
		if u == name {
			return true
		}
	}
	return false
}

// fullAccess writes from what AWS's own service control policy is detached.
func (e *exporter) fullAccess() error {
	if !e.org.Enabled(org.ServiceControl) {
		return nil
	}
	attached, err := targetsOf(e.tx, e.org, org.FullAWSAccess.ID)
	if err != nil {
		return err
	}
	is := make(map[string]bool, len(attached))
	for _, id := range attached {
		is[id] = true
	}
	all, err := everywhere(e.tx, e.org)
	off := slices.DeleteFunc(all, func(id string) bool { return is[id] })
	if list := e.targets(off); len(list) > 0 {
		e.file.Organization.WithoutFullAccess = list
	}
	return err
}

func (e *exporter) delegates() error {
	all, err := delegatesOf(e.tx, e.org)
	var out Exactly[Delegate]
	for _, d := range all {
		ref := e.accounts[d.Account]
		if ref == "" {
			continue
		}
		if n := len(out); n == 0 || out[n-1].Account != ref {
			out = append(out, Delegate{Account: ref})
		}
		last := &out[len(out)-1]
		last.Services = append(last.Services, d.Service)
	}
	e.file.Organization.DelegatedAdministrators = out
	return err
}

func (e *exporter) resourcePolicy() error {
	p, err := e.tx.OrgResourcePolicy(e.org.ID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	tags, err := e.tags(p.ID)
	e.file.Organization.ResourcePolicy = &ResourcePolicy{ID: p.ID, Document: documentOf(p.Document), Tags: tags}
	return err
}
