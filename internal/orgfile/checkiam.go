package orgfile

import (
	"maps"
	"slices"
	"strings"
	"time"

	"sekisho/internal/iam"
	"sekisho/internal/policy"
)

// groupsPerUser is how many groups a user may be in (behaviours.md 1.5).
const groupsPerUser = 10

// checkIAM checks what the file says of each account's IAM.
func (c *checker) checkIAM(top scope) {
	names := make(map[string]string) // of accounts, by name and id
	for _, a := range c.file.accounts() {
		names[a.ID], names[a.Name] = a.Name+" "+a.ID, a.Name+" "+a.ID
	}
	sections := make(map[string]bool)
	for i := range c.file.IAM {
		s := &c.file.IAM[i]
		id, ok := c.accounts[s.Account]
		if !ok || c.twice[s.Account] {
			top.say("iam: the account %q is not in the organization, or several are called so", s.Account)
			continue
		}
		if !once(sections, names[s.Account]) {
			top.say("iam: the account %q is there twice", s.Account)
		}
		k := sectionChecker{scope: top.in("iam of %s", s.Account), account: id, keys: c.keys, names: make(map[string]bool)}
		k.section(s)
	}
}

// sectionChecker checks the section of one account.
type sectionChecker struct {
	scope
	account string // id; "" if the file does not say
	keys    map[string]bool
	names   map[string]bool // "user/taro": in lower case, as they are compared
}

func (k *sectionChecker) section(s *IAM) {
	for _, n := range slices.Sorted(maps.Keys(s.Quotas)) {
		k.in("quotas").check(iam.CheckQuota(iam.Noun(n), s.Quotas[n]))
	}
	for i := range s.Groups {
		k.group(&s.Groups[i])
	}
	for i := range s.Users {
		k.user(&s.Users[i])
	}
	for i := range s.Roles {
		k.role(&s.Roles[i])
	}
	for i := range s.Policies {
		k.managed(&s.Policies[i])
	}
}

// named is the scope of something with a name, which nothing else of its kind
// may have.
func (k *sectionChecker) named(kind, name string) scope {
	if !once(k.names, kind+"/"+strings.ToLower(name)) {
		k.say("%s %q is there twice (case does not matter)", kind, name)
	}
	return k.in("%s %q", kind, name)
}

func (k *sectionChecker) group(g *IAMGroup) {
	s := k.named("group", g.Name)
	s.check(iam.Group{Account: k.account, Path: pathOr(g.Path), Name: g.Name}.Validate())
	k.held(s, iam.GroupKind, g.Name, g.Policies)
}

func (k *sectionChecker) user(u *IAMUser) {
	s := k.named("user", u.Name)
	s.check(iam.User{Account: k.account, Path: pathOr(u.Path), Name: u.Name, Tags: u.Tags.list()}.Validate())
	s.secretOf("password", u.Password, u.PasswordFile)
	s.key(u.AccessKey, k.keys)
	in := make(map[string]bool)
	for _, g := range u.Groups {
		in[strings.ToLower(g)] = true
		if !k.names["group/"+strings.ToLower(g)] {
			k.say("user %q is in the group %q, which is not in groups", u.Name, g)
		}
	}
	if len(in) > groupsPerUser {
		s.say("is in more than %d groups", groupsPerUser)
	}
	k.held(s, iam.UserKind, u.Name, u.Policies)
	k.boundary(s, u.PermissionsBoundary)
}

func (k *sectionChecker) role(r *IAMRole) {
	s := k.named("role", r.Name)
	want := iam.Role{Account: k.account, Path: pathOr(r.Path), Name: r.Name, Description: r.Description, Tags: r.Tags.list()}
	s.check(want.Validate())
	if seconds := int(r.MaxSessionDuration.Duration / time.Second); seconds != 0 && (seconds < iam.MinRoleSession || seconds > iam.MaxRoleSession) {
		s.say("max_session_duration must be between PT1H and PT12H")
	}
	if r.TrustPolicy == nil {
		s.say("there is no trust_policy")
	} else if s.in("trust_policy").document(policy.TrustPolicy, r.TrustPolicy) {
		s.in("trust_policy").check(iam.CheckDocument(policy.TrustPolicy, r.TrustPolicy.JSON)) // its size
	}
	k.held(s, iam.RoleKind, r.Name, r.Policies)
	k.boundary(s, r.PermissionsBoundary)
}

func (k *sectionChecker) managed(p *ManagedPolicy) {
	s := k.named("policy", p.Name)
	s.check(iam.NewPolicy{Path: pathOr(p.Path), Name: p.Name, Description: p.Description, Tags: p.Tags.list()}.Validate())
	if p.Document == nil {
		s.say("there is no document")
	} else if s.document(policy.IdentityPolicy, p.Document) {
		s.check(iam.CheckManagedSize(p.Document.JSON))
	}
}

// held checks the policies of an identity. Whether one that is named exists, the
// database knows.
func (k *sectionChecker) held(s scope, kind iam.Kind, name string, refs []PolicyRef) {
	inline := make(map[string]bool)
	size := 0
	for i := range refs {
		ref := &refs[i]
		if ref.Managed != "" {
			k.reference(s.in("policies"), ref.Managed)
			continue
		}
		if ref.Inline.Document == nil {
			s.say("one of its policies is empty")
			continue
		}
		own := s.in("policy %q", ref.Inline.Name)
		own.check(iam.CheckName(iam.Policies, ref.Inline.Name))
		if !once(inline, strings.ToLower(ref.Inline.Name)) {
			own.say("is there twice (case does not matter)")
		}
		own.document(policy.IdentityPolicy, ref.Inline.Document)
		size += iam.DocumentSize(ref.Inline.Document.JSON)
	}
	s.check(iam.CheckInlineSize(kind, name, size))
}

func (k *sectionChecker) boundary(s scope, ref string) {
	if ref != "" {
		k.reference(s.in("permissions_boundary"), ref)
	}
}

// reference checks the ARN or the name of a managed policy.
func (k *sectionChecker) reference(s scope, ref string) {
	if strings.HasPrefix(ref, "arn:") {
		s.check(iam.CheckPolicyARN(k.account, ref))
		return
	}
	s.check(iam.CheckName(iam.Policies, ref))
}
