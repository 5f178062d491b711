package orgfile

import (
	"fmt"
	"strings"

	"sekisho/internal/access"
	"sekisho/internal/arn"
	"sekisho/internal/directory"
)

// check finds what is wrong in the file as a whole: names that are twice there,
// references to what is not. What a single thing may be, its domain checks.
func (f *File) check() error {
	if f.Organization == nil {
		if f.IdentityCenter != nil {
			return fmt.Errorf("identity_center needs an organization with its management_account")
		}
		if len(f.IAM) > 0 {
			return fmt.Errorf("iam needs an organization with its management_account")
		}
		return nil
	}
	accounts := make(map[string]bool)
	for _, a := range f.accounts() {
		if a.Name == "" || a.Email == "" {
			return fmt.Errorf("account %q: name and email are required", a.Name+a.ID)
		}
		if a.ID != "" && !arn.ValidAccount(a.ID) {
			return fmt.Errorf("account %q: id %q is not 12 digits (quote it, so that leading zeros stay)", a.Name, a.ID)
		}
		for _, key := range []string{a.Name, a.ID} {
			if key != "" && accounts[key] {
				return fmt.Errorf("account %q is there twice", key)
			}
			accounts[key] = true
		}
		if k := a.AccessKey; k != nil && (len(k.ID) < 16 || len(k.ID) > 128 || k.Secret.Empty() && k.SecretFile == "") {
			return fmt.Errorf("account %q: access_key needs an id of 16 to 128 characters and a secret or secret_file", a.Name)
		}
	}
	if err := f.Organization.checkControl(); err != nil {
		return err
	}
	if err := f.checkIAM(accounts); err != nil {
		return err
	}
	ic := f.IdentityCenter
	if ic == nil {
		return nil
	}
	folded := make(map[string]bool) // user names
	users, groups, sets := make(map[string]bool), make(map[string]bool), make(map[string]bool)
	for _, u := range ic.Users {
		if !once(folded, directory.FoldName(u.UserName)) {
			return fmt.Errorf("user %q is there twice (case does not matter)", u.UserName)
		}
		users[u.UserName] = true
	}
	for _, g := range ic.Groups {
		if !once(groups, g.Name) {
			return fmt.Errorf("group %q is there twice", g.Name)
		}
		for _, m := range g.Members {
			if !users[m] {
				return fmt.Errorf("group %q has the member %q, who is not in users", g.Name, m)
			}
		}
	}
	for _, p := range ic.PermissionSets {
		if !once(sets, p.Name) {
			return fmt.Errorf("permission set %q is there twice", p.Name)
		}
		if d := p.SessionDuration.Duration; d != 0 && (d < access.MinRoleSession || d > access.MaxRoleSession) {
			return fmt.Errorf("permission set %q: session_duration must be between PT1H and PT12H", p.Name)
		}
		for _, c := range p.CustomerManagedPolicies {
			if c.Name == "" || strings.Contains(c.Name, "/") || c.Path != "" && (c.Path[0] != '/' || c.Path[len(c.Path)-1] != '/') {
				return fmt.Errorf("permission set %q: a customer managed policy needs a name, and a path that begins and ends with /", p.Name)
			}
		}
	}
	for _, a := range ic.Assignments {
		switch {
		case !accounts[a.Account]:
			return fmt.Errorf("an assignment names the account %q, which is not in the organization", a.Account)
		case !sets[a.PermissionSet]:
			return fmt.Errorf("an assignment names the permission set %q, which is not in permission_sets", a.PermissionSet)
		case len(a.Groups)+len(a.Users) == 0:
			return fmt.Errorf("the assignment of %q in %q names neither groups nor users", a.PermissionSet, a.Account)
		}
		for _, g := range a.Groups {
			if !groups[g] {
				return fmt.Errorf("an assignment names the group %q, which is not in groups", g)
			}
		}
		for _, u := range a.Users {
			if !users[u] {
				return fmt.Errorf("an assignment names the user %q, who is not in users", u)
			}
		}
	}
	return nil
}

// accounts lists the management account and the others.
func (f *File) accounts() []Account {
	return append([]Account{f.Organization.ManagementAccount}, f.Organization.Accounts...)
}

func once(seen map[string]bool, name string) bool {
	if seen[name] {
		return false
	}
	seen[name] = true
	return true
}
