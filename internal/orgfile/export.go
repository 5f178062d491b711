package orgfile

import (
	"cmp"
	"context"
	"strings"

	"go.yaml.in/yaml/v3"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

// Export reads the database into a file that, applied, changes nothing.
// Secrets are left out.
func Export(ctx context.Context, db store.DB) (*File, error) {
	f := &File{}
	err := db.View(ctx, func(tx store.Tx) error {
		*f = File{} // the closure may run again
		o, err := exported(tx)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		accounts, err := accountsOf(tx, o)
		if err != nil {
			return err
		}
		units, err := unitNames(tx, o)
		if err != nil {
			return err
		}
		names := f.exportAccounts(accounts, o.ManagementAccount, units)
		if err := f.exportControl(tx, o, names, units); err != nil {
			return err
		}
		if err := f.exportIAM(tx, accounts); err != nil {
			return err
		}
		inst, err := tx.InstanceOf(o.ID)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return f.exportIdentityCenter(tx, inst, names)
	})
	return f, err
}

// exported is the organization that a file declared; else the first that there is.
func exported(tx store.Tx) (org.Organization, error) {
	all, err := tx.Accounts()
	if err != nil {
		return org.Organization{}, err
	}
	first, ofFile := "", ""
	for _, a := range all {
		if first == "" && !a.Standalone() {
			first = a.Organization
		}
		if ofFile == "" && !a.Standalone() && a.FromFile {
			ofFile = a.Organization
		}
	}
	return tx.Organization(cmp.Or(ofFile, first))
}

// Marshal writes the file as YAML.
func (f *File) Marshal() ([]byte, error) {
	var b strings.Builder
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(f); err != nil {
		return nil, err
	}
	return []byte(b.String()), e.Close()
}

// exportAccounts returns the accounts' names by id.
func (f *File) exportAccounts(accounts []account.Account, management string, units map[string]string) map[string]string {
	f.Organization = &Organization{}
	names := make(map[string]string, len(accounts))
	for _, a := range accounts {
		names[a.ID] = a.Name
		fa := exportAccount(a, units[a.Parent()])
		if a.ID == management {
			f.Organization.ManagementAccount = fa
		} else {
			f.Organization.Accounts = append(f.Organization.Accounts, fa)
		}
	}
	return names
}

func exportAccount(a account.Account, ou string) Account {
	return Account{ID: a.ID, Name: a.Name, Email: a.Email, Alias: a.Alias, OU: ou}
}

func (f *File) exportIdentityCenter(tx store.Tx, inst access.Instance, accounts map[string]string) error {
	ic := &IdentityCenter{
		Region: inst.Region, Subdomain: inst.Subdomain, DirectoryID: inst.DirectoryID, InstanceID: inst.ID,
		SessionDuration: Duration{inst.SessionDuration},
	}
	f.IdentityCenter = ic
	users, err := usersOf(tx, inst)
	if err != nil {
		return err
	}
	userNames := make(map[string]string, len(users))
	for _, u := range users {
		userNames[u.ID] = u.UserName
		fu := User{UserName: u.UserName, GivenName: u.GivenName, FamilyName: u.FamilyName, DisplayName: u.DisplayName, Email: u.Email, Locale: u.Locale}
		if u.Disabled {
			fu.Enabled = new(bool)
		}
		ic.Users = append(ic.Users, fu)
	}
	groups, err := groupsOf(tx, inst)
	if err != nil {
		return err
	}
	groupNames := make(map[string]string, len(groups))
	for _, g := range groups {
		groupNames[g.ID] = g.DisplayName
		members, err := tx.Members(g.ID)
		if err != nil {
			return err
		}
		fg := Group{Name: g.DisplayName, Description: g.Description}
		for _, m := range members {
			fg.Members = append(fg.Members, userNames[m])
		}
		ic.Groups = append(ic.Groups, fg)
	}
	sets, err := setsOf(tx, inst)
	if err != nil {
		return err
	}
	setNames := make(map[string]string, len(sets))
	for _, p := range sets {
		setNames[p.ID] = p.Name
		ic.PermissionSets = append(ic.PermissionSets, exportPermissionSet(p))
	}
	assignments, err := ofInstance(tx, inst)
	if err != nil {
		return err
	}
	type at struct{ account, set string }
	byPlace := make(map[at]int)
	for _, a := range assignments {
		k := at{a.Account, a.PermissionSet}
		i, ok := byPlace[k]
		if !ok {
			i = len(ic.Assignments)
			byPlace[k] = i
			ic.Assignments = append(ic.Assignments, Assignment{Account: accounts[a.Account], PermissionSet: setNames[a.PermissionSet]})
		}
		if a.PrincipalType == access.ToGroup {
			ic.Assignments[i].Groups = append(ic.Assignments[i].Groups, groupNames[a.PrincipalID])
		} else {
			ic.Assignments[i].Users = append(ic.Assignments[i].Users, userNames[a.PrincipalID])
		}
	}
	return nil
}

func exportPermissionSet(p access.PermissionSet) PermissionSet {
	fp := PermissionSet{
		Name: p.Name, Description: p.Description, SessionDuration: Duration{p.SessionDuration}, RelayState: p.RelayState,
		ManagedPolicies: p.ManagedPolicies, PermissionsBoundary: p.Boundary,
	}
	for _, c := range p.CustomerPolicies {
		i := strings.LastIndexByte(c, '/')
		fp.CustomerManagedPolicies = append(fp.CustomerManagedPolicies, CustomerPolicy{Name: c[i+1:], Path: c[:i+1]})
	}
	if p.InlinePolicy != "" {
		fp.InlinePolicy = &Document{JSON: p.InlinePolicy}
	}
	return fp
}
