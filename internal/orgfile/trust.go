package orgfile

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/org"
)

// trustServices lets the file's services work in the organization. Those that are
// to go, go last: what works by them goes before.
func (r *run) trustServices() error {
	want := r.file.Organization.TrustedServices
	if want == nil && r.isNew && r.org.Features == org.AllFeatures {
		// A file says what is in the organization, and these work in it.
		for _, service := range []string{org.AccountManagement, org.IdentityCenter, org.IAM} {
			if err := org.EnableTrust(r.tx, r.org, service, r.now); err != nil {
				return err
			}
		}
	}
	for _, service := range want {
		trusted, err := org.Trusts(r.tx, r.org, service)
		if err != nil {
			return err
		}
		if trusted {
			continue
		}
		r.note("create", "trusted service", service)
		if err := org.EnableTrust(r.tx, r.org, service, r.now); err != nil {
			return fmt.Errorf("trusted service %s: %w", service, err)
		}
	}
	return nil
}

func (r *run) distrust() error {
	want := r.file.Organization.TrustedServices
	if want == nil {
		return nil
	}
	have, err := trustedBy(r.tx, r.org)
	if err != nil {
		return err
	}
	for _, service := range have {
		if slices.Contains(want, service) {
			continue
		}
		r.note("delete", "trusted service", service)
		if err := org.DisableTrust(r.tx, r.org, service); err != nil {
			return fmt.Errorf("trusted service %s: %w", service, err)
		}
	}
	return nil
}

// delegate makes the administrators of services be the file's.
func (r *run) delegate() error {
	declared := r.file.Organization.DelegatedAdministrators
	if declared == nil {
		return nil
	}
	type pair struct{ account, service string }
	want := make(map[pair]bool)
	for _, d := range declared {
		for _, service := range d.Services {
			want[pair{r.accounts[d.Account], service}] = true
		}
	}
	have, err := delegatesOf(r.tx, r.org)
	if err != nil {
		return err
	}
	for _, d := range have {
		if p := (pair{d.Account, d.Service}); want[p] {
			delete(want, p)
			continue
		}
		r.note("delete", "delegated administrator", d.Account+" of "+d.Service)
		if err := org.Deregister(r.tx, r.org, d.Account, d.Service); err != nil {
			return fmt.Errorf("delegated administrator %s of %s: %w", d.Account, d.Service, err)
		}
	}
	for _, d := range declared {
		for _, service := range d.Services {
			p := pair{r.accounts[d.Account], service}
			if !want[p] {
				continue
			}
			delete(want, p)
			r.note("create", "delegated administrator", d.Account+" of "+service)
			if err := org.Register(r.tx, r.org, p.account, service, r.now); err != nil {
				return fmt.Errorf("delegated administrator %s of %s: %w", d.Account, service, err)
			}
		}
	}
	return nil
}

// resourcePolicy makes the organization's resource policy be the file's.
func (r *run) resourcePolicy() error {
	fp := r.file.Organization.ResourcePolicy
	if fp == nil {
		return nil
	}
	have, err := r.tx.OrgResourcePolicy(r.org.ID)
	found := err == nil
	switch {
	case err != nil && !fault.Is(err, fault.NotFound):
		return err
	case fp.Document == nil && !found:
		return nil
	case fp.Document == nil:
		r.note("delete", "resource policy", have.ID)
		return r.tx.DeleteOrgResourcePolicy(r.org.ID)
	case found && fp.ID != "" && fp.ID != have.ID:
		return fmt.Errorf("resource_policy: %w", errKept(have.ID, fp.ID))
	}
	if !found || !sameDocument(have.Document, fp.Document.JSON) {
		made, err := org.SetResourcePolicy(r.tx, r.org, fp.Document.JSON, nil)
		if err != nil {
			return fmt.Errorf("resource_policy: %w", err)
		}
		action := "update"
		if have = made; !found {
			action, have.ID = "create", cmp.Or(fp.ID, made.ID)
			if err := r.tx.PutOrgResourcePolicy(have); err != nil {
				return err
			}
		}
		r.note(action, "resource policy", have.ID)
	}
	return r.orgTags(have.ID, "resource policy", fp.Tags)
}

// rootFeatures are all features of centralised root access.
var rootFeatures = []iam.OrgFeature{iam.RootCredentialsManagement, iam.RootSessions}

// rootFeatures makes the features of centralised root access be the file's.
func (r *run) rootFeatures() error {
	want := r.file.Organization.RootFeatures
	if want == nil {
		return nil
	}
	have, err := rootFeaturesOf(r.tx, r.org)
	if err != nil {
		return err
	}
	for _, f := range rootFeatures {
		wanted := slices.Contains(want, string(f))
		if wanted == slices.Contains(have, string(f)) {
			continue
		}
		action := "delete"
		if wanted {
			action = "create"
		}
		r.note(action, "root feature", string(f))
		if _, err := iam.SetOrgFeature(r.tx, r.org.ManagementAccount, f, wanted); err != nil {
			return fmt.Errorf("root feature %s: %w", f, err)
		}
	}
	return nil
}

// orgTags makes the tags of something in the organization be the file's, if the
// file has any of it.
func (r *run) orgTags(resource, name string, tags Tags) error {
	if tags == nil {
		return nil
	}
	have, err := org.Tags(r.tx, resource)
	if err != nil {
		return err
	}
	gone := make(map[string]string, len(have))
	for _, t := range have {
		gone[t.Key] = t.Value
	}
	var add []org.Tag
	for _, t := range tags.list() {
		if v, ok := gone[t.Key]; !ok || v != t.Value {
			add = append(add, org.Tag{Key: t.Key, Value: t.Value})
		}
		delete(gone, t.Key)
	}
	if len(add)+len(gone) == 0 {
		return nil
	}
	r.note("update", "tags", name)
	for _, key := range slices.Sorted(maps.Keys(gone)) {
		if err := r.tx.DeleteOrgTag(resource, key); err != nil {
			return err
		}
	}
	return org.SetTags(r.tx, r.org.ID, resource, add)
}
