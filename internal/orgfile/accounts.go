package orgfile

import (
	"cmp"
	"fmt"
	"regexp"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/org"
)

var (
	organizationID = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)
	rootID         = regexp.MustCompile(`^r-[0-9a-z]{4,32}$`)
)

// organization makes the organization with its management account and trusted
// services be there, then the units, then the accounts in them.
func (r *run) organization() error {
	existing, err := r.tx.Accounts()
	if err != nil {
		return err
	}
	have, files := indexAccounts(existing), r.file.accounts()
	management, err := r.account(files[0], have)
	if err == nil {
		err = r.manage(management)
	}
	if err != nil {
		return fmt.Errorf("account %q: %w", files[0].Name, err)
	}
	for _, step := range []func() error{r.findInstance, r.trustServices, r.putUnits} {
		if err := step(); err != nil {
			return err
		}
	}
	have.only(r.org.ID)
	if err := r.members(files, management, have); err != nil {
		return err
	}
	r.closed = make(map[string]bool)
	for _, a := range existing {
		switch {
		case a.Organization != r.org.ID || r.accounts[a.ID] != "":
		case a.Status == account.Closed:
			r.closed[a.ID] = true
		case a.FromFile:
			r.note("keep", "account", a.ID+" ("+a.Name+"): not in the file any more; accounts are closed, not removed")
		}
	}
	return r.orgTags(r.org.Root, "root", r.file.Organization.RootTags)
}

// members makes the file's accounts be members, each in its unit and with its tags.
func (r *run) members(files []Account, management string, have accountIndex) error {
	r.accounts = make(map[string]string, 2*len(files))
	taken := make(map[string]bool, len(files))
	for i, fa := range files {
		id := management
		var err error
		if i > 0 {
			id, err = r.account(fa, have)
		} else {
			err = r.place(id, fa)
		}
		if err == nil {
			err = r.orgTags(id, "account "+fa.Name, fa.Tags)
		}
		if err != nil {
			return fmt.Errorf("account %q: %w", fa.Name, err)
		}
		if r.accounts[id] = id; once(taken, fa.Name) {
			r.accounts[fa.Name] = id
		} else {
			delete(r.accounts, fa.Name) // two have the name: it means neither
		}
	}
	return nil
}

// place puts the management account where it belongs: it was there before the units.
func (r *run) place(id string, fa Account) error {
	have, err := r.tx.Account(id)
	if err != nil {
		return err
	}
	want := have
	want.OrgPath = r.pathOf(fa.OU)
	return put(r, true, have, want, "account", id+" ("+fa.Name+")", r.tx.PutAccount)
}

// pathOf is the path of ids of what a file calls a unit; "" is the root.
func (r *run) pathOf(ref string) string {
	if ref == "" {
		return r.org.Path()
	}
	return r.units[ref].Path
}

// manage makes the organization that the account manages, unless there is one.
func (r *run) manage(id string) error {
	fo := r.file.Organization
	features := org.FeatureSet(cmp.Or(fo.FeatureSet, string(org.AllFeatures)))
	have, err := r.tx.OrganizationManagedBy(id)
	if fault.Is(err, fault.NotFound) {
		if fo.ID != "" {
			if _, err := r.tx.Organization(fo.ID); !fault.Is(err, fault.NotFound) {
				return cmp.Or(err, errTaken(fo.ID))
			}
		}
		want := org.Organization{ID: fo.ID, Root: fo.RootID, ManagementAccount: id, Features: features, AccountLimit: fo.AccountLimit}
		if r.org, err = org.Found(r.tx, want, r.now); err != nil {
			return err
		}
		r.isNew = true
		r.note("create", "organization", r.org.ID)
		if fo.PolicyTypes == nil && features == org.AllFeatures {
			// A file's organization is one to work with: its control policies count.
			r.org, err = org.SetPolicyType(r.tx, r.org, org.ServiceControl, true)
		}
		return err
	}
	switch r.org = have; {
	case err != nil:
		return err
	case fo.ID != "" && fo.ID != have.ID:
		return fmt.Errorf("organization.id: %w", errKept(have.ID, fo.ID))
	case fo.RootID != "" && fo.RootID != have.Root:
		return fmt.Errorf("organization.root_id: %w", errKept(have.Root, fo.RootID))
	case fo.FeatureSet != "" && features != have.Features:
		return fmt.Errorf("organization.feature_set is %s: it takes the consent of the accounts to change it", have.Features)
	}
	r.org.AccountLimit = cmp.Or(fo.AccountLimit, have.AccountLimit)
	return put(r, true, have, r.org, "organization", r.org.ID, r.tx.PutOrganization)
}

// findInstance finds the instance that accounts which come are to be linked to.
func (r *run) findInstance() error {
	inst, err := r.tx.InstanceOf(r.org.ID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	r.inst = inst
	return err
}

// accountIndex finds accounts by what a file may know them by; a file and a
// database have ten thousand of them.
type accountIndex struct {
	byID, byEmail map[string]account.Account
	byName        map[string]account.Account // of those that a file declared
}

// indexAccounts takes accounts in order of id; of equal names the first counts.
func indexAccounts(accounts []account.Account) accountIndex {
	x := accountIndex{make(map[string]account.Account), make(map[string]account.Account), make(map[string]account.Account)}
	for _, a := range accounts {
		x.byID[a.ID], x.byEmail[a.Email] = a, a
		if _, taken := x.byName[a.Name]; a.FromFile && !taken {
			x.byName[a.Name] = a
		}
	}
	return x
}

// only forgets the names of other organizations' accounts.
func (x accountIndex) only(organization string) {
	for name, a := range x.byName {
		if a.Organization != organization {
			delete(x.byName, name)
		}
	}
}

// find returns the account that fa means: by id if it has one, else by e-mail
// address or name, whichever account's id comes first.
func (x accountIndex) find(fa Account) (account.Account, bool) {
	if fa.ID != "" {
		a, ok := x.byID[fa.ID]
		return a, ok
	}
	mail, byMail := x.byEmail[fa.Email]
	name, byName := x.byName[fa.Name]
	if byMail && (!byName || mail.ID <= name.ID) {
		return mail, true
	}
	return name, byName
}

// errStandalone keeps a file from taking in an account that somebody signed up for.
func errStandalone(a account.Account) error {
	return fmt.Errorf("%s (%s) is an account that somebody signed up for and that is in no organization: a file cannot declare it", a.ID, a.Email)
}

// account makes the account be there. The first is the management account, when
// there is no organization to join yet.
func (r *run) account(fa Account, existing accountIndex) (string, error) {
	have, found := existing.find(fa)
	switch {
	case found && have.Standalone():
		return "", errStandalone(have)
	case found && r.org.ID != "" && have.Organization != r.org.ID:
		return "", r.errElsewhere(have)
	}
	want := have
	if !found {
		want = account.Account{ID: cmp.Or(fa.ID, arn.NewAccountID()), Status: account.Active, CreatedAt: r.now}
	}
	want.Name, want.Email, want.FromFile = fa.Name, fa.Email, true
	want.Alias = cmp.Or(fa.Alias, want.Alias) // one that was given by the API stays
	if err := want.Validate(); err != nil {
		return "", err
	}
	write := r.tx.PutAccount
	if r.org.ID != "" {
		path := r.pathOf(fa.OU)
		if want.OrgPath = path; !found {
			write = func(a account.Account) error { return r.join(a, path) }
		}
	}
	if err := put(r, found, have, want, "account", want.ID+" ("+want.Name+")", write); err != nil {
		return "", err
	}
	owner := credential.Owner{Kind: credential.RootUser, ID: want.ID}
	if found && have.Email != want.Email {
		// Links that were mailed to the address before must not work any more.
		if err := r.tx.DropResetLinks(owner); err != nil {
			return "", err
		}
	}
	if err := r.firstPassword(person{credential.RootUser, fa.Email}, owner, false); err != nil {
		return "", err
	}
	return want.ID, r.rootKey(want.ID, fa.AccessKey)
}

func (r *run) errElsewhere(a account.Account) error {
	o, err := r.tx.Organization(a.Organization)
	if err != nil {
		return err
	}
	return fmt.Errorf("%s is a member of another organization, %s; its management account is %s and cannot be changed", a.ID, o.ID, o.ManagementAccount)
}

// join makes a new account a member, with what an instance that was there before
// gives to every account.
func (r *run) join(a account.Account, path string) error {
	if err := org.Join(r.tx, r.org, a, path, account.Created, r.now); err != nil || r.inst.ID == "" {
		return err
	}
	return access.Joined(r.tx, r.now, a.ID)
}

// rootKey makes the root user's keys be the file's one, if the file has one.
func (r *run) rootKey(accountID string, fk *AccessKey) error {
	if fk == nil {
		return nil
	}
	have, err := r.tx.AccessKeysOf(accountID, "")
	if err != nil {
		return err
	}
	s, err := r.file.password(fk.Secret, fk.SecretFile)
	if err != nil {
		return err
	}
	want := iam.AccessKey{ID: fk.ID, Account: accountID, Secret: s, Active: true, CreatedAt: r.now}
	same := false
	for _, k := range have {
		if k.ID == want.ID && k.Secret.Equal(want.Secret) {
			same = true
			continue
		}
		r.note("delete", "root access key", k.ID)
		if err := r.tx.DeleteAccessKey(k.ID); err != nil {
			return err
		}
	}
	if same {
		return nil
	}
	r.note("create", "root access key", want.ID)
	return r.tx.PutAccessKey(want)
}
