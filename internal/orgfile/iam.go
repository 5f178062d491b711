package orgfile

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"sekisho/internal/arn"
	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/iam"
)

// declared remembers what the file has, so that what it no longer has can go.
type declared map[string]bool // ids

// iam makes every account's identities and policies be what the file says.
// Everybody comes before the trust policies that name them, and every managed
// policy before what it is attached to.
func (r *run) iam() error {
	r.declared = make(declared)
	steps := []func(account string, s *IAM) error{r.quotas, r.iamGroups, r.iamUsers, r.managedPolicies}
	for _, step := range steps {
		if err := r.eachIAM(step); err != nil {
			return err
		}
	}
	if err := r.roles(); err != nil {
		return err
	}
	return r.eachIAM(r.permissions)
}

func (r *run) eachIAM(step func(account string, s *IAM) error) error {
	for i := range r.file.IAM {
		s := &r.file.IAM[i]
		if err := step(r.accounts[s.Account], s); err != nil {
			return fmt.Errorf("iam of %s: %w", s.Account, err)
		}
	}
	return nil
}

func (r *run) quotas(account string, s *IAM) error {
	for name, quota := range s.Quotas {
		have, err := iam.Quota(r.tx, account, iam.Noun(name))
		if err != nil {
			return fmt.Errorf("quotas: %w", err)
		}
		if have == quota {
			continue
		}
		r.note("update", "quota", s.Account+"/"+name)
		if err := r.tx.PutIAMQuota(account, iam.Noun(name), quota); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) iamGroups(account string, s *IAM) error {
	for _, fg := range s.Groups {
		have, err := r.tx.IAMGroupByName(account, fg.Name)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		want, found := have, err == nil
		if !found {
			if want, err = iam.CreateGroup(r.tx, r.now, iam.Group{Account: account, Path: pathOr(fg.Path), Name: fg.Name}); err != nil {
				return fmt.Errorf("group %q: %w", fg.Name, err)
			}
		}
		want.Path, want.Name, want.FromFile = pathOr(fg.Path), fg.Name, true
		r.declared[want.ID] = true
		if err := put(r, found, have, want, "iam group", s.Account+"/"+want.Name, r.tx.PutIAMGroup); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) iamUsers(account string, s *IAM) error {
	for _, fu := range s.Users {
		if err := r.iamUser(account, s.Account, fu); err != nil {
			return fmt.Errorf("user %q: %w", fu.Name, err)
		}
	}
	return nil
}

func (r *run) iamUser(account, accountName string, fu IAMUser) error {
	name := accountName + "/" + fu.Name
	have, err := r.tx.IAMUserByName(account, fu.Name)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	want, found := have, err == nil
	if !found {
		u := iam.User{Account: account, Path: pathOr(fu.Path), Name: fu.Name, Tags: fu.Tags.list()}
		if want, err = iam.CreateUser(r.tx, r.now, u); err != nil {
			return err
		}
	}
	want.Path, want.Name, want.FromFile = pathOr(fu.Path), fu.Name, true
	if !sameTags(want.Tags, fu.Tags.list()) {
		if want.Tags, err = iam.SetTags(nil, fu.Tags.list(), true); err != nil {
			return err
		}
	}
	r.declared[want.ID] = true
	if err := put(r, found, have, want, "iam user", name, r.tx.PutIAMUser); err != nil {
		return err
	}
	if err := r.memberships(want, accountName, fu.Groups); err != nil {
		return err
	}
	if err := r.firstPassword(person{credential.IAMUser, name}, iam.PasswordOf(want.ID), fu.PasswordResetRequired); err != nil {
		return err
	}
	return r.userKey(want, name, fu.AccessKey)
}

// memberships puts the user into exactly the groups that the file names.
func (r *run) memberships(u iam.User, accountName string, groups []string) error {
	want := make(map[string]bool, len(groups)) // by id
	named := make([]iam.Group, 0, len(groups))
	for _, name := range groups {
		g, err := iam.FindGroup(r.tx, u.Account, name)
		if err != nil {
			return err
		}
		want[g.ID], named = true, append(named, g)
	}
	have, err := r.tx.IAMGroupsOf(u.ID)
	if err != nil {
		return err
	}
	for _, g := range have {
		if want[g.ID] {
			delete(want, g.ID)
			continue
		}
		r.note("delete", "iam member", accountName+"/"+g.Name+"/"+u.Name)
		if err := iam.RemoveFromGroup(r.tx, g, u); err != nil {
			return err
		}
	}
	for _, g := range named {
		if !want[g.ID] {
			continue
		}
		delete(want, g.ID)
		r.note("create", "iam member", accountName+"/"+g.Name+"/"+u.Name)
		if err := iam.AddToGroup(r.tx, r.now, g, u); err != nil {
			return err
		}
	}
	return nil
}

// userKey sees to it that the user has the file's key; others stay.
func (r *run) userKey(u iam.User, name string, fk *AccessKey) error {
	if fk == nil {
		return nil
	}
	s, err := r.file.password(fk.Secret, fk.SecretFile)
	if err != nil {
		return err
	}
	have, err := r.tx.AccessKey(fk.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err == nil && have.User != u.ID {
		return fmt.Errorf("the access key %s belongs to somebody else", fk.ID)
	}
	if err == nil && have.Secret.Equal(s) {
		return nil
	}
	if err != nil {
		keys, err := r.tx.AccessKeysOf(u.Account, u.ID)
		if err != nil {
			return err
		}
		if len(keys) >= 2 {
			return errors.New("there are two access keys already: delete one of them first")
		}
		have = iam.AccessKey{ID: fk.ID, Account: u.Account, User: u.ID, Active: true, CreatedAt: r.now}
	}
	have.Secret = s
	r.note("create", "access key", name+"/"+fk.ID)
	return r.tx.PutAccessKey(have)
}

func (r *run) managedPolicies(account string, s *IAM) error {
	for _, fp := range s.Policies {
		if err := r.managedPolicy(account, s.Account+"/"+fp.Name, fp); err != nil {
			return fmt.Errorf("policy %q: %w", fp.Name, err)
		}
	}
	return nil
}

func (r *run) managedPolicy(account, name string, fp ManagedPolicy) error {
	have, err := r.tx.PolicyByName(account, fp.Name)
	if fault.Is(err, fault.NotFound) {
		r.note("create", "policy", name)
		made, err := iam.CreatePolicy(r.tx, r.now, account, iam.NewPolicy{
			Path: pathOr(fp.Path), Name: fp.Name, Description: fp.Description, Document: fp.Document.JSON, Tags: fp.Tags.list(),
		})
		if err != nil {
			return err
		}
		made.FromFile = true
		r.declared[made.ID] = true
		return r.tx.PutPolicy(made.Policy)
	}
	if err != nil {
		return err
	}
	r.declared[have.ID] = true
	if have.Path != pathOr(fp.Path) {
		return fmt.Errorf("its path is %s; a policy cannot be moved", have.Path)
	}
	want := have
	want.Description, want.FromFile = fp.Description, true
	if !sameTags(want.Tags, fp.Tags.list()) {
		if want.Tags, err = iam.SetTags(nil, fp.Tags.list(), false); err != nil {
			return err
		}
	}
	if err := put(r, true, have, want, "policy", name, r.tx.PutPolicy); err != nil {
		return err
	}
	document, err := iam.DefaultDocument(r.tx, have.ARN())
	if err != nil || sameDocument(document, fp.Document.JSON) {
		return err
	}
	r.note("update", "policy document", name)
	if err := r.roomForVersion(have); err != nil {
		return err
	}
	_, err = iam.CreatePolicyVersion(r.tx, r.now, account, have.ARN(), fp.Document.JSON, true)
	return err
}

// roomForVersion lets the oldest version go that is not in force, as whoever
// wants a sixth has to.
func (r *run) roomForVersion(p iam.Policy) error {
	versions, err := r.tx.PolicyVersions(p.ID)
	if err != nil || len(versions) < 5 {
		return err
	}
	for i := len(versions) - 1; i >= 0; i-- {
		if versions[i].Number != p.DefaultVersion {
			return r.tx.DeletePolicyVersion(p.ID, versions[i].Number)
		}
	}
	return nil
}

type pendingRole struct {
	account, name string
	role          IAMRole
}

// roles makes roles in rounds, because one may trust another that comes after it.
func (r *run) roles() error {
	var pending []pendingRole
	for _, s := range r.file.IAM {
		for _, fr := range s.Roles {
			pending = append(pending, pendingRole{r.accounts[s.Account], s.Account + "/" + fr.Name, fr})
		}
	}
	for len(pending) > 0 {
		var later []pendingRole
		var why error
		for _, p := range pending {
			err := r.role(p)
			if fault.ReasonOf(err) == "malformed-policy-document" {
				later, why = append(later, p), fmt.Errorf("role %q: %w", p.name, err)
				continue
			}
			if err != nil {
				return fmt.Errorf("role %q: %w", p.name, err)
			}
		}
		if len(later) == len(pending) {
			return why
		}
		pending = later
	}
	return nil
}

func (r *run) role(p pendingRole) error {
	trust, err := iam.CheckTrustPolicy(r.tx, p.role.TrustPolicy.JSON)
	if err != nil {
		return err
	}
	have, err := r.tx.RoleByName(p.account, p.role.Name)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	found := err == nil
	if found {
		if err := iam.Protected(have); err != nil {
			return err
		}
	}
	seconds := int(p.role.MaxSessionDuration.Duration / time.Second)
	if seconds == 0 {
		seconds = iam.DefaultRoleSession
	}
	want := have
	if !found {
		made := iam.Role{Account: p.account, Path: pathOr(p.role.Path), Name: p.role.Name, TrustPolicy: p.role.TrustPolicy.JSON, Tags: p.role.Tags.list()}
		if want, err = iam.CreateRole(r.tx, r.now, made); err != nil {
			return err
		}
	}
	want.Path, want.Name, want.Description, want.MaxSessionSeconds, want.FromFile = pathOr(p.role.Path), p.role.Name, p.role.Description, seconds, true
	if !sameDocument(want.TrustPolicy, trust) {
		want.TrustPolicy = trust
	}
	if !sameTags(want.Tags, p.role.Tags.list()) {
		if want.Tags, err = iam.SetTags(nil, p.role.Tags.list(), true); err != nil {
			return err
		}
	}
	r.declared[want.ID] = true
	return put(r, found, have, want, "role", p.name, r.tx.PutRole)
}

// permissions makes what hangs on the file's identities be what the file says.
func (r *run) permissions(account string, s *IAM) error {
	for _, u := range s.Users {
		if err := r.held(account, s.Account, iam.UserKind, u.Name, u.Policies); err != nil {
			return err
		}
		if err := r.userBoundary(account, s.Account, u); err != nil {
			return fmt.Errorf("user %q: %w", u.Name, err)
		}
	}
	for _, g := range s.Groups {
		if err := r.held(account, s.Account, iam.GroupKind, g.Name, g.Policies); err != nil {
			return err
		}
	}
	for _, role := range s.Roles {
		if err := r.held(account, s.Account, iam.RoleKind, role.Name, role.Policies); err != nil {
			return err
		}
		if err := r.roleBoundary(account, s.Account, role); err != nil {
			return fmt.Errorf("role %q: %w", role.Name, err)
		}
	}
	return nil
}

func (r *run) held(account, accountName string, kind iam.Kind, name string, refs []PolicyRef) error {
	if err := r.holds(account, accountName, kind, name, refs); err != nil {
		return fmt.Errorf("%s %q: %w", kind, name, err)
	}
	return nil
}

func (r *run) holds(account, accountName string, kind iam.Kind, name string, refs []PolicyRef) error {
	i, err := iam.FindIdentity(r.tx, account, kind, name)
	if err != nil {
		return err
	}
	managed, inline := make(map[string]bool), make(map[string]string)
	for _, ref := range refs {
		if ref.Managed == "" {
			inline[ref.Inline.Name] = ref.Inline.Document.JSON
			continue
		}
		policyARN, err := r.policyARN(account, ref.Managed)
		if err != nil {
			return err
		}
		managed[policyARN] = true
	}
	label := accountName + "/" + name + "/"
	attached, err := r.tx.Attachments(i.ID)
	if err != nil {
		return err
	}
	for _, a := range attached {
		if managed[a.PolicyARN] {
			delete(managed, a.PolicyARN)
			continue
		}
		r.note("delete", "attachment", label+a.PolicyARN)
		if err := r.tx.Detach(i.ID, a.PolicyARN); err != nil {
			return err
		}
	}
	have, err := r.tx.InlinePolicies(i.ID)
	if err != nil {
		return err
	}
	for _, p := range have {
		if document, ok := inline[p.Name]; ok && sameDocument(p.Document, document) {
			delete(inline, p.Name)
		} else if !ok {
			r.note("delete", "inline policy", label+p.Name)
			if err := r.tx.DeleteInlinePolicy(i.ID, p.Name); err != nil {
				return err
			}
		}
	}
	return r.give(account, label, kind, name, refs, managed, inline)
}

// give attaches and puts, in the file's order, what is not there yet.
func (r *run) give(account, label string, kind iam.Kind, name string, refs []PolicyRef, managed map[string]bool, inline map[string]string) error {
	for _, ref := range refs {
		if ref.Managed == "" {
			document, ok := inline[ref.Inline.Name]
			if !ok {
				continue
			}
			delete(inline, ref.Inline.Name)
			r.note("create", "inline policy", label+ref.Inline.Name)
			if err := iam.PutInlinePolicy(r.tx, account, kind, name, ref.Inline.Name, document); err != nil {
				return err
			}
			continue
		}
		policyARN, err := r.policyARN(account, ref.Managed)
		if err != nil {
			return err
		}
		if !managed[policyARN] {
			continue
		}
		delete(managed, policyARN)
		r.note("create", "attachment", label+policyARN)
		if err := iam.Attach(r.tx, r.now, account, kind, name, policyARN); err != nil {
			return err
		}
	}
	return nil
}

// policyARN is the ARN of a policy that the file names by ARN or by name.
func (r *run) policyARN(account, ref string) (string, error) {
	if strings.HasPrefix(ref, "arn:") {
		return ref, nil
	}
	p, err := r.tx.PolicyByName(account, ref)
	if fault.Is(err, fault.NotFound) {
		return "", fmt.Errorf("there is no policy %q in the account; AWS's own are named by ARN, such as %s", ref, arn.Policy(iam.AWSAccount, "/", "ReadOnlyAccess"))
	}
	return p.ARN(), err
}

func (r *run) userBoundary(account, accountName string, fu IAMUser) error {
	have, err := iam.FindUser(r.tx, account, fu.Name)
	if err != nil {
		return err
	}
	want := have
	if want.Boundary, err = r.boundary(account, fu.PermissionsBoundary); err != nil {
		return err
	}
	return put(r, true, have, want, "permissions boundary", accountName+"/"+fu.Name, r.tx.PutIAMUser)
}

func (r *run) roleBoundary(account, accountName string, fr IAMRole) error {
	have, err := iam.FindRole(r.tx, account, fr.Name)
	if err != nil {
		return err
	}
	want := have
	if want.Boundary, err = r.boundary(account, fr.PermissionsBoundary); err != nil {
		return err
	}
	return put(r, true, have, want, "permissions boundary", accountName+"/"+fr.Name, r.tx.PutRole)
}

func (r *run) boundary(account, ref string) (string, error) {
	if ref == "" {
		return "", nil
	}
	policyARN, err := r.policyARN(account, ref)
	if err != nil {
		return "", err
	}
	return policyARN, iam.CheckBoundary(r.tx, account, policyARN)
}
