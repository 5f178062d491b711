package orgfile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"sekisho/internal/access"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/org"
)

var (
	mfaTypes  = []access.MFAType{access.WebAuthn, access.TOTP}
	prompts   = []access.Prompt{access.ContextAware, access.AlwaysOn, access.Never}
	noDevices = []access.NoDevice{access.RequireRegistration, access.RequireEmailOTP, access.BlockSignIn, access.AllowSignIn}
)

// instance makes the organization's instance be there with the file's settings.
func (r *run) instance() error {
	ic := r.file.IdentityCenter
	have, found := r.inst, r.inst.ID != ""
	want := have
	if !found {
		want = ic.instance(r.org, r.now)
		if err := r.mayMake(want); err != nil {
			return err
		}
	}
	switch {
	case have.Status == access.InstanceDeleting:
		return fmt.Errorf("identity_center: the instance %s is being deleted: wait for the end of it, or leave identity_center out", have.ID)
	case ic.DirectoryID != "" && ic.DirectoryID != want.DirectoryID:
		return fmt.Errorf("identity_center.directory_id is %s and cannot be changed", want.DirectoryID)
	case ic.InstanceID != "" && ic.InstanceID != want.ID:
		return fmt.Errorf("identity_center.instance_id is %s and cannot be changed", want.ID)
	case ic.Region != "" && ic.Region != want.Region:
		return fmt.Errorf("identity_center.region is %s and cannot be changed", want.Region)
	case want.Subdomain != "" && ic.Subdomain != "" && ic.Subdomain != want.Subdomain:
		return fmt.Errorf("identity_center.subdomain is %s and cannot be changed", want.Subdomain)
	}
	ic.into(&want)
	if err := want.Validate(); err != nil {
		return err
	}
	r.inst, r.newInstance = want, !found
	if err := put(r, found, have, want, "identity center", want.ID+" ("+want.DirectoryID+")", r.tx.PutInstance); err != nil {
		return err
	}
	if r.newInstance {
		if err := r.link(); err != nil {
			return err
		}
	}
	if err := r.regions(); err != nil {
		return err
	}
	return r.accessControl()
}

// link gives all accounts what a new instance needs there. An API leaves that to a
// worker; a file has done what it says when it was applied.
func (r *run) link() error {
	all, err := accountsOf(r.tx, r.org)
	if err != nil {
		return err
	}
	for _, a := range all {
		if err := access.Joined(r.tx, r.now, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// mayMake refuses a new instance that cannot be, or with ids of another.
func (r *run) mayMake(i access.Instance) error {
	if r.org.Features != org.AllFeatures { // F-03
		return errors.New("identity_center: the organization must have all features enabled")
	}
	if _, err := r.tx.Instance(i.ID); !fault.Is(err, fault.NotFound) {
		return cmp.Or(err, errTaken(i.ID))
	}
	if _, err := r.tx.InstanceByName(i.DirectoryID); !fault.Is(err, fault.NotFound) {
		return cmp.Or(err, errTaken(i.DirectoryID))
	}
	return nil
}

// instance is the one that the file describes, when there is none yet.
func (ic *IdentityCenter) instance(o org.Organization, now time.Time) access.Instance {
	i := access.NewInstance(o.ManagementAccount, o.ID, cmp.Or(ic.Region, "us-east-1"), now)
	i.ID, i.DirectoryID = cmp.Or(ic.InstanceID, i.ID), cmp.Or(ic.DirectoryID, i.DirectoryID)
	ic.into(&i)
	return i
}

// into gives the instance the file's settings.
func (ic *IdentityCenter) into(i *access.Instance) {
	i.Subdomain, i.Name = cmp.Or(ic.Subdomain, i.Subdomain), cmp.Or(ic.Name, i.Name)
	i.SessionDuration = cmp.Or(ic.SessionDuration.Duration, i.SessionDuration)
	if ic.EmailOTP != nil {
		i.EmailOTP = *ic.EmailOTP
	}
	setTags(&i.Tags, ic.Tags)
	m := ic.MFA
	if m == nil {
		return
	}
	i.MFA.Prompt, i.MFA.NoDevice = cmp.Or(access.Prompt(m.Prompt), i.MFA.Prompt), cmp.Or(access.NoDevice(m.NoDevice), i.MFA.NoDevice)
	if m.SelfService != nil {
		i.MFA.SelfService = *m.SelfService
	}
	if m.Types != nil {
		i.MFA.Types = nil
		for _, t := range mfaTypes { // in this order, each once
			if slices.Contains(m.Types, string(t)) {
				i.MFA.Types = append(i.MFA.Types, t)
			}
		}
	}
}

// setTags makes tags be the file's, if the file has any. Those that are the same in
// another order stay as they are.
func setTags(have *[]iam.Tag, tags Tags) {
	if tags != nil && !sameTags(*have, tags.list()) {
		*have = tags.list()
	}
}

// regions makes the regions in which the instance is beside its own be the file's.
func (r *run) regions() error {
	want := r.file.IdentityCenter.Regions
	if want == nil {
		return nil
	}
	have, err := r.tx.Regions(r.inst.ID)
	if err != nil {
		return err
	}
	there := make(map[string]bool)
	for _, region := range have {
		if there[region.Name] = true; slices.Contains(want, region.Name) {
			continue
		}
		r.note("delete", "identity center region", region.Name)
		if err := access.RemoveRegion(r.tx, r.inst, region.Name); err != nil {
			return err
		}
	}
	for _, name := range want {
		if !once(there, name) {
			continue
		}
		r.note("create", "identity center region", name)
		if err := access.AddRegion(r.tx, r.inst, name, r.now); err != nil {
			return fmt.Errorf("identity_center.regions: %w", err)
		}
	}
	return nil
}

// accessControl makes the attributes for access control be the file's.
func (r *run) accessControl() error {
	fa := r.file.IdentityCenter.AccessControl
	if fa == nil {
		return nil
	}
	have, err := r.tx.Attributes(r.inst.ID)
	enabled := err == nil
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	want := each(fa.Attributes, func(a Attribute) access.Attribute { return access.Attribute(a) })
	switch {
	case !fa.Enabled && !enabled, fa.Enabled && enabled && slices.Equal(have, want):
		return nil
	case !fa.Enabled:
		r.note("delete", "attributes for access control", r.inst.ID)
		return r.tx.DeleteAttributes(r.inst.ID)
	}
	action := "create"
	if enabled {
		action = "update"
	}
	r.note(action, "attributes for access control", r.inst.ID)
	return access.SetAttributes(r.tx, r.inst, want)
}
