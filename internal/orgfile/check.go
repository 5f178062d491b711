package orgfile

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"sekisho/internal/access"
	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/directory"
	"sekisho/internal/iam"
	"sekisho/internal/org"
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
	c.accounts = make(map[string]string)
	emails, aliases := make(map[string]bool), make(map[string]bool)
	for _, a := range c.file.accounts() {
		s := top.in("account %q", cmp.Or(a.Name, a.ID))
		if a.Name == "" || a.Email == "" {
			s.say("name and email are required")
			continue
		}
		for _, key := range []string{a.Name, a.ID} {
			if _, taken := c.accounts[key]; key != "" && taken {
				top.say("account %q is there twice", key)
			}
			c.accounts[key] = a.ID
		}
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
		s.check(checkUnit(a.OU))
		s.secretOf("password", a.Password, a.PasswordFile)
		s.key(a.AccessKey, c.keys)
	}
	delete(c.accounts, "")
}

// Bounds of organisational units (behaviours.md 1.5): how deep they are below the
// root, and the characters of each one's name.
const (
	maxUnitDepth = 5
	maxUnitName  = 128
)

// checkUnit checks the path of an organisational unit, "" for none.
func checkUnit(path string) error {
	if path == "" {
		return nil
	}
	names := strings.Split(path, "/")
	if len(names) > maxUnitDepth || names[0] == root {
		return fmt.Errorf("ou %q must be the names of at most %d organisational units below %s, from the top, with / between them", path, maxUnitDepth, root)
	}
	for _, name := range names {
		if n := utf8.RuneCountInString(name); n < 1 || n > maxUnitName || name == "." || name == ".." || strings.TrimSpace(name) != name {
			return fmt.Errorf("ou %q: the name of an organisational unit has 1 to %d characters, without white space around them", path, maxUnitName)
		}
	}
	return nil
}

// Warnings are what is right in the file and probably not meant.
func (f *File) Warnings() (out []string) {
	if f.Organization == nil {
		return nil
	}
	for _, kind := range controlled {
		for _, p := range *kind.in(f.Organization) {
			if len(p.Targets) == 0 {
				out = append(out, fmt.Sprintf("%s %q has no targets: it restricts nobody", kind.name, p.Name))
			}
		}
	}
	return out
}

// maxControlName is how many characters the name of a policy of the organization
// may have.
const maxControlName = 128

// checkControl checks the organization's policies.
func (c *checker) checkControl(top scope) {
	units := c.file.units()
	for _, kind := range controlled {
		names := make(map[string]bool)
		for _, p := range *kind.in(c.file.Organization) {
			s := top.in("%s %q", kind.name, p.Name)
			switch {
			case p.Name == "" || p.Document == nil:
				s.say("a name and a document are needed")
				continue
			case !once(names, p.Name):
				s.say("is there twice")
			case utf8.RuneCountInString(p.Name) > maxControlName:
				s.say("the name must be at most %d characters", maxControlName)
			}
			if s.document(kind.document, p.Document) && len(p.Document.JSON) > kind.most {
				s.say("the document must be at most %d bytes", kind.most)
			}
			for _, t := range p.Targets {
				_, known := c.accounts[t]
				// An account's id may be one that the database gave.
				if t != root && !known && !units[t] && !arn.ValidAccount(t) {
					s.say("%s", noTarget(t))
				}
			}
		}
	}
}

func (c *checker) checkIdentityCenter(top scope, ic *IdentityCenter) {
	top.in("identity_center").check(ic.instance(org.Organization{}, time.Time{}).Validate())
	folded, emails := make(map[string]bool), make(map[string]bool) // user names and addresses
	users, groups, sets := make(map[string]bool), make(map[string]bool), make(map[string]bool)
	for _, u := range ic.Users {
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
		s.check(want.Validate())
		s.secretOf("password", u.Password, u.PasswordFile)
	}
	for _, g := range ic.Groups {
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
		checkPermissionSet(top.in("permission set %q", p.Name), p)
	}
	for _, a := range ic.Assignments {
		if _, ok := c.accounts[a.Account]; !ok {
			top.say("an assignment names the account %q, which is not in the organization", a.Account)
		}
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
