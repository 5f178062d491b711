package orgfile

import (
	"cmp"
	"fmt"
	"strings"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/directory"
	"sekisho/internal/iam"
	"sekisho/internal/policy"
	"sekisho/internal/secret"
)

// check finds everything in the file that Apply would refuse without a look at
// the database: names that are twice there, references to what is not, and what
// no account, user, role or policy can be. What a single thing may be, its domain
// knows.
func (f *File) check() error {
	p := newProblems()
	top := scope{to: p}
	if f.Organization == nil {
		if f.IdentityCenter != nil {
			top.say("identity_center needs an organization with its management_account")
		}
		if len(f.IAM) > 0 {
			top.say("iam needs an organization with its management_account")
		}
		return p.err()
	}
	c := &checker{file: f, keys: make(map[string]bool)}
	c.checkAccounts(top)
	c.checkOrganization(top, f.Organization)
	c.checkControl(top)
	c.checkIAM(top)
	if f.IdentityCenter != nil {
		c.checkIdentityCenter(top, f.IdentityCenter)
	}
	return p.err()
}

// checker knows what things of one part of the file need to know of another.
type checker struct {
	file     *File
	accounts map[string]string // name or id → id, "" if the file does not say
	twice    map[string]bool   // names that several accounts have, and that mean none
	keys     map[string]bool   // access keys
}

// checkKeyFiles reads the files of access keys' secrets.
func (f *File) checkKeyFiles() error {
	p := newProblems()
	check := func(s scope, k *AccessKey) {
		if k == nil || k.SecretFile == "" {
			return
		}
		hidden, err := f.password(k.Secret, k.SecretFile)
		if err == nil {
			err = iam.CheckAccessKey(iam.AccessKey{ID: k.ID, Secret: hidden})
		}
		s.check(err)
	}
	if f.Organization != nil {
		for _, a := range f.accounts() {
			check(scope{to: p}.in("account %q", a.Name), a.AccessKey)
		}
	}
	for _, section := range f.IAM {
		for _, u := range section.Users {
			check(scope{to: p}.in("iam of %s: user %q", section.Account, u.Name), u.AccessKey)
		}
	}
	return p.err()
}

// fileSecret stands for a secret in a file while nobody has read it.
var fileSecret = secret.NewString(strings.Repeat("x", 40))

func (c *checker) checkAccounts(top scope) {
	c.accounts, c.twice = make(map[string]string), make(map[string]bool)
	emails, aliases := make(map[string]bool), make(map[string]bool)
	for _, a := range c.file.accounts() {
		s := top.in("account %q", cmp.Or(a.Name, a.ID))
		if a.Name == "" || a.Email == "" {
			s.say("name and email are required")
			continue
		}
		c.name(top, a)
		if !once(emails, strings.ToLower(a.Email)) {
			s.say("another account has the e-mail address %s", a.Email)
		}
		if a.Alias != "" && !once(aliases, a.Alias) {
			s.say("another account has the alias %s", a.Alias)
		}
		want := account.Account{ID: a.ID, Name: a.Name, Email: a.Email, Alias: a.Alias}
		switch {
		case a.ID == "":
			want.ID = arn.NewAccountID()
			fallthrough
		case arn.ValidAccount(a.ID):
			s.check(want.Validate())
		default:
			s.say("id %q is not 12 digits (quote it, so that leading zeros stay)", a.ID)
		}
		s.tags(a.Tags)
		s.secretOf("password", a.Password, a.PasswordFile)
		s.key(a.AccessKey, c.keys)
	}
	delete(c.accounts, "")
}

// name remembers what the account is called. Two may have one name if both have ids,
// by which they are called then.
func (c *checker) name(top scope, a Account) {
	if _, taken := c.accounts[a.ID]; a.ID != "" && taken {
		top.say("account %q is there twice", a.ID)
	}
	c.accounts[a.ID] = a.ID
	have, taken := c.accounts[a.Name]
	switch {
	case taken && (have == "" || a.ID == ""):
		top.say("account %q is there twice", a.Name)
	case taken:
		c.twice[a.Name] = true
	default:
		c.accounts[a.Name] = a.ID
	}
}

// knows tells an account that is not one of the file's, or could be several.
func (c *checker) knows(s scope, ref, what string) bool {
	_, known := c.accounts[ref]
	switch {
	case !known:
		s.say("%s the account %q, which is not in the organization", what, ref)
	case c.twice[ref]:
		s.say("%s the account %q, and several are called so: use the id", what, ref)
	default:
		return true
	}
	return false
}

// Warnings are what is right in the file and probably not meant.
func (f *File) Warnings() (out []string) {
	if f.Organization == nil {
		return nil
	}
	for _, kind := range f.Organization.policiesByType() {
		for _, p := range kind.policies {
			if len(p.Targets) == 0 && !kind.kind.Management() && p.ID == "" {
				out = append(out, fmt.Sprintf("%s %q has no targets: it restricts nobody", kind.name, p.Name))
			}
		}
	}
	return out
}

func (c *checker) checkIdentityCenter(top scope, ic *IdentityCenter) {
	c.checkSettings(top.in("identity_center"), ic)
	folded, emails := make(map[string]bool), make(map[string]bool) // user names and addresses
	users, groups, sets, ids := make(map[string]bool), make(map[string]bool), make(map[string]bool), make(map[string]bool)
	for i := range ic.Users {
		u := &ic.Users[i]
		s := top.in("user %q", u.UserName)
		if !once(folded, directory.FoldName(u.UserName)) {
			top.say("user %q is there twice (case does not matter)", u.UserName)
		}
		if !once(emails, strings.ToLower(u.Email)) && u.Email != "" {
			s.say("another user has the e-mail address %s", u.Email)
		}
		users[u.UserName] = true
		var want directory.User
		u.into(&want)
		s.check(checkUser(u, want))
		s.id(u.ID, principalID, ids)
		s.secretOf("password", u.Password, u.PasswordFile)
	}
	for _, g := range ic.Groups {
		top.in("group %q", g.Name).id(g.ID, principalID, ids)
		if !once(groups, g.Name) {
			top.say("group %q is there twice", g.Name)
		}
		top.in("group %q", g.Name).check(directory.Group{DisplayName: g.Name, Description: g.Description}.Validate())
		for _, m := range g.Members {
			if !users[m] {
				top.say("group %q has the member %q, who is not in users", g.Name, m)
			}
		}
	}
	for i := range ic.PermissionSets {
		p := &ic.PermissionSets[i]
		if !once(sets, p.Name) {
			top.say("permission set %q is there twice", p.Name)
		}
		s := top.in("permission set %q", p.Name)
		s.id(p.ID, permissionSetID, ids)
		checkPermissionSet(s, p)
	}
	for _, a := range ic.Assignments {
		c.knows(top, a.Account, "an assignment names")
		if !sets[a.PermissionSet] {
			top.say("an assignment names the permission set %q, which is not in permission_sets", a.PermissionSet)
		}
		if len(a.Groups)+len(a.Users) == 0 {
			top.say("the assignment of %q in %q names neither groups nor users", a.PermissionSet, a.Account)
		}
		for _, g := range a.Groups {
			if !groups[g] {
				top.say("an assignment names the group %q, which is not in groups", g)
			}
		}
		for _, u := range a.Users {
			if !users[u] {
				top.say("an assignment names the user %q, who is not in users", u)
			}
		}
	}
	c.checkTokenIssuers(top, ic, ids)
	c.checkApplications(top, ic, users, groups, ids)
}

// maxSetPolicy is how many characters that are not white space the inline policy
// of a permission set may have (behaviours.md 1.5).
const maxSetPolicy = 10240

func checkPermissionSet(s scope, p *PermissionSet) {
	if d := p.SessionDuration.Duration; d != 0 && (d < access.MinRoleSession || d > access.MaxRoleSession) {
		s.say("session_duration must be between PT1H and PT12H")
	} else {
		want := access.PermissionSet{Name: p.Name}
		p.into(&want)
		s.check(want.Validate())
	}
	s.tags(p.Tags)
	for _, m := range p.ManagedPolicies {
		s.check(iam.CheckPolicyARN("", m))
	}
	for _, c := range p.CustomerManagedPolicies {
		if iam.CheckName(iam.Policies, c.Name) != nil || iam.CheckPath(iam.Policies, pathOr(c.Path)) != nil {
			s.say("a customer managed policy needs a name, and a path that begins and ends with /")
		}
	}
	if b := p.PermissionsBoundary; strings.HasPrefix(b, "/") {
		at := strings.LastIndexByte(b, '/') + 1
		s.in("permissions_boundary").check(iam.CheckPath(iam.Policies, b[:at]))
		s.in("permissions_boundary").check(iam.CheckName(iam.Policies, b[at:]))
	} else if b != "" {
		s.in("permissions_boundary").check(iam.CheckPolicyARN("", b))
	}
	if d := p.InlinePolicy; d != nil && s.in("inline_policy").document(policy.IdentityPolicy, d) && iam.DocumentSize(d.JSON) > maxSetPolicy {
		s.say("inline_policy must have at most %d characters that are not white space", maxSetPolicy)
	}
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
